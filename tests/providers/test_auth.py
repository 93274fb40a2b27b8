from __future__ import annotations

import base64
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from pydantic import SecretStr

from smstui.providers.auth import (
    JWT_ALGORITHMS,
    CannotSign,
    mac_header,
    make_jwt,
)
from smstui.providers.base import Outcome, Request, Result
from smstui.providers.custom import CustomProvider
from smstui.providers.fields import Value
from smstui.providers.token_answers import FieldsAtFault
from tests.providers.custom_support import (
    NOW,
    SECRET,
    TO,
    URL,
    MovableClock,
    answer,
    build,
    draft,
    header,
    talk,
)

FIELDS = FieldsAtFault("oauth_url", "oauth_body", "token_path")
SENT = answer({"id": "m-1"})


def provider() -> tuple[CustomProvider, MovableClock]:
    clock = MovableClock()
    return CustomProvider(clock), clock


def token(value: str, **more: Any) -> Any:
    return answer({"access_token": value, "token_type": "bearer", "expires_in": 3600, **more})


def send_one(
    values: dict[str, Value], *replies: Any, of: CustomProvider | None = None
) -> tuple[list[Request], Outcome]:
    chosen = of or CustomProvider(MovableClock())
    return talk(chosen.message(build(values), TO, "hi"), replies)


@pytest.mark.parametrize(
    ("changes", "name", "value"),
    [
        ({"auth_type": "none"}, "Authorization", ""),
        ({"auth_type": "bearer"}, "Authorization", f"Bearer {SECRET}"),
        (
            {"auth_type": "basic", "user_name": "zoë", "password": SecretStr("p:ä")},
            "Authorization",
            "Basic " + base64.b64encode("zoë:p:ä".encode()).decode(),
        ),
        ({"auth_type": "api_key"}, "X-API-Key", SECRET),
        (
            {"auth_type": "api_key", "api_key_name": "Authorization", "api_key_prefix": "App"},
            "Authorization",
            f"App {SECRET}",
        ),
    ],
)
def test_what_each_type_adds(changes: dict[str, Value], name: str, value: str) -> None:
    (request,), outcome = send_one(draft(**changes), SENT)
    assert header(request, name) == value
    assert request.url == URL
    assert outcome.result is Result.PASSED


@pytest.mark.parametrize("url", [URL, URL + "?a=1"])
def test_a_key_in_the_address_is_encoded(url: str) -> None:
    changes = {"auth_type": "api_key", "api_key_place": "query", "api_key_name": "key"}
    values = draft(provider_url=url, api_token=SecretStr("a&b=c d+%"), **changes)
    (request,), _outcome = send_one(values, SENT)
    query = parse_qs(urlsplit(request.url).query, strict_parsing=True)
    assert query["key"] == ["a&b=c d+%"]
    assert SECRET not in str(request.headers)


def test_mac_signs_as_an_independent_implementation_does() -> None:
    """The value is from the tests of rack-oauth2, which follows the same IETF draft."""
    values = draft(
        auth_type="mac",
        api_token=SecretStr("access_token"),
        api_secret_key=SecretStr("secret"),
        provider_url=URL,
    )
    request = Request("GET", "http://example.org/protected_resources")
    made = mac_header(build(values), request, "1305820234", "1000:51e74de734c05613f37520872e68db5f")
    assert 'mac="BgooS/voPOZWLwoVfx4+zbC3xAVKW3jtjhKYOfIGZOA="' in made


def test_mac_is_new_for_each_message() -> None:
    values = draft(auth_type="mac", api_secret_key=SecretStr("key"))
    first, second = (header(send_one(values, SENT)[0][0], "Authorization") for _n in range(2))
    assert first != second
    assert first.startswith(f'MAC id="{SECRET}", ts="{int(NOW.timestamp())}", nonce="')


def pem(key: PrivateKeyTypes) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


@pytest.fixture(scope="module")
def keys() -> dict[str, tuple[str, Any]]:
    """A key to sign and one to check with, by the beginning of the algorithm's name."""
    rsa_key = rsa.generate_private_key(65537, 2048)
    edwards = ed25519.Ed25519PrivateKey.generate()
    made: dict[str, tuple[str, Any]] = {
        "HS": ("x" * 64, "x" * 64),
        "RS": (pem(rsa_key), rsa_key.public_key()),
        "PS": (pem(rsa_key), rsa_key.public_key()),
        "Ed": (pem(edwards), edwards.public_key()),
    }
    curves = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
    for name, curve in curves.items():
        key = ec.generate_private_key(curve)
        made[name] = (pem(key), key.public_key())
    return made


@pytest.mark.parametrize("algorithm", JWT_ALGORITHMS)
def test_jwts_can_be_checked_by_whom_they_are_for(
    algorithm: str, keys: dict[str, tuple[str, Any]]
) -> None:
    private, public = keys.get(algorithm) or keys[algorithm[:2]]
    values = draft(
        auth_type="jwt",
        jwt_payload='{"iss": "me", "aud": "them", "exp": 300}',
        jwt_algorithm=algorithm,
        jwt_key=SecretStr(private),
    )
    (request,), _outcome = send_one(values, SENT)
    scheme, _blank, made = header(request, "Authorization").partition(" ")
    assert scheme == "Bearer"
    claims = jwt.decode(
        made,
        public,
        [algorithm],
        audience="them",
        options={"verify_exp": False, "verify_iat": False},
    )
    moment = int(NOW.timestamp())
    assert claims == {"iss": "me", "aud": "them", "exp": moment + 300, "iat": moment}


def test_a_fixed_moment_of_expiry_stays() -> None:
    made = make_jwt('{"exp": 1893456000, "iat": 5}', "HS256", SecretStr("x" * 32), NOW)
    claims = jwt.decode(made.get_secret_value(), options={"verify_signature": False})
    assert claims == {"exp": 1893456000, "iat": 5}


@pytest.mark.parametrize(
    ("claims", "algorithm", "key", "words", "in_claims"),
    [
        ("{", "HS256", "x" * 32, "Line 1", True),
        ("[]", "HS256", "x" * 32, "JSON object", True),
        ('{"exp": "soon"}', "HS256", "x" * 32, "exp is a number", True),
        ('{"iss": 1}', "HS256", "x" * 32, "iss is a text", True),
        ("{}", "RS256", SECRET, "private RSA key", False),
        ("{}", "ES256", SECRET, "private EC key", False),
        ("{}", "EdDSA", SECRET, "private Ed25519 key", False),
        ("{}", "HS256", "RSA", "shared secret", False),
        ("{}", "ES256", "RSA", "private EC key", False),
        ("{}", "HS256", "", "shared secret", False),
    ],
)
def test_what_cannot_be_signed_says_why_and_not_with_which_key(
    keys: dict[str, tuple[str, Any]],
    claims: str,
    algorithm: str,
    key: str,
    words: str,
    in_claims: bool,
) -> None:
    secret = SecretStr(keys["RS"][0] if key == "RSA" else key)
    with pytest.raises(CannotSign) as raised:
        make_jwt(claims, algorithm, secret, NOW)
    assert words in raised.value.message
    assert raised.value.in_claims is in_claims
    assert raised.value.__cause__ is None
    assert SECRET not in str(raised.value)
