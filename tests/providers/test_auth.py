from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.providers.auth import (
    JWT_ALGORITHMS,
    CannotSign,
    TokenCache,
    cache_key,
    expires_at_once,
    mac_header,
    make_jwt,
    signed,
)
from smstui.providers.base import Outcome, Request, Result
from smstui.providers.custom import CustomProvider
from smstui.providers.fields import Value
from smstui.providers.token_answers import FieldsAtFault, Grant, read_grant, secrets_of
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
    login,
    oauth,
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


def test_an_oauth_token_is_asked_for_kept_and_asked_for_again_when_it_expires() -> None:
    of, clock = provider()
    (asked, sent), outcome = send_one(oauth(), token("one"), SENT, of=of)
    assert (asked.method, asked.url) == ("POST", "https://auth.example.com/token")
    assert header(asked, "Content-Type") == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(asked.body.decode())) == {
        "grant_type": "client_credentials",
        "client_id": "me",
        "client_secret": SECRET,
    }
    assert header(sent, "Authorization") == "Bearer one"
    assert outcome.message_id == ""
    assert outcome.result is Result.PASSED

    clock.forward(3580)
    (again,), _outcome = send_one(oauth(), SENT, of=of)
    assert header(again, "Authorization") == "Bearer one"

    clock.forward(20)
    (_asked, renewed), _outcome = send_one(oauth(), token("two"), SENT, of=of)
    assert header(renewed, "Authorization") == "Bearer two"


def test_an_oauth_body_can_go_out_as_json() -> None:
    (asked, _sent), _outcome = send_one(oauth(oauth_encoding="json"), token("one"), SENT)
    assert header(asked, "Content-Type") == "application/json"
    assert json.loads(asked.body)["client_secret"] == SECRET


def test_a_refused_token_is_renewed_once_and_the_message_sent_again() -> None:
    of, _clock = provider()
    replies = (token("old"), answer({}, 401), token("new"), SENT)
    (_asked, first, _again, second), outcome = send_one(oauth(), *replies, of=of)
    assert (header(first, "Authorization"), header(second, "Authorization")) == (
        "Bearer old",
        "Bearer new",
    )
    assert first.body == second.body
    assert outcome.result is Result.PASSED


def test_a_second_refusal_ends_it() -> None:
    of, _clock = provider()
    replies = (token("old"), answer({}, 401), token("new"), answer({}, 401))
    requests, outcome = send_one(oauth(), *replies, of=of)
    assert len(requests) == 4
    assert (outcome.result, outcome.word) == (Result.FAILED, "token refused")
    (asked, _sent), _outcome = send_one(oauth(), token("third"), SENT, of=of)
    assert asked.url == "https://auth.example.com/token"


def test_other_types_are_not_sent_again_on_401() -> None:
    requests, outcome = send_one(draft(), answer({}, 401))
    assert len(requests) == 1
    assert (outcome.word, outcome.field) == ("login refused", "api_token")


@pytest.mark.parametrize("lifetime", [0, -5, 3, "0"])
def test_a_token_that_expires_at_once_is_used_once_and_told(lifetime: Any) -> None:
    of, _clock = provider()
    short = token("short", expires_in=lifetime)
    credential = build(oauth())
    _requests, probed = talk(of.probe(credential), [short])
    assert (probed.result, probed.word) == (Result.WARNED, "short-lived")
    (asked, sent), _outcome = send_one(oauth(), short, SENT, of=of)
    assert asked.url == "https://auth.example.com/token"
    assert header(sent, "Authorization") == "Bearer short"


def test_a_login_comes_first_and_its_token_after() -> None:
    given = answer({"data": {"token": "T-1", "user": "ada"}, "expires_in": "600"})
    (asked, sent), outcome = send_one(login(), given, SENT)
    assert (asked.method, asked.url, asked.body) == ("POST", "https://api.example.com/login", b"")
    expected = base64.b64encode(f"ada:{SECRET}".encode()).decode()
    assert header(asked, "Authorization") == f"Basic {expected}"
    assert header(sent, "Authorization") == "Bearer T-1"
    assert outcome.result is Result.PASSED


def test_a_login_may_carry_a_form() -> None:
    values = login(login_body='{"grant_type": "client_credentials"}', token_path="access_token")
    (asked, _sent), _outcome = send_one(values, token("one"), SENT)
    assert asked.body == b"grant_type=client_credentials"
    assert header(asked, "Content-Type") == "application/x-www-form-urlencoded"


def test_a_login_by_get_has_no_body() -> None:
    (asked, _sent), _outcome = send_one(
        login(login_method="GET"), answer({"data": {"token": "T"}}), SENT
    )
    assert (asked.method, asked.body) == ("GET", b"")


def test_the_probe_asks_for_a_token_and_the_message_uses_it() -> None:
    of, _clock = provider()
    credential = build(login())
    given = answer({"data": {"token": "T-1"}, "expires_in": 60})
    (asked,), probed = talk(of.probe(credential), [given])
    assert asked.url == "https://api.example.com/login"
    assert (probed.result, probed.summary) == (
        Result.PASSED,
        "token from api.example.com, for 60 s",
    )
    (sent,), _outcome = send_one(login(), SENT, of=of)
    assert header(sent, "Authorization") == "Bearer T-1"


def test_the_probe_asks_anew_each_time() -> None:
    of, _clock = provider()
    credential = build(oauth())
    for _n in range(2):
        requests, _outcome = talk(of.probe(credential), [token("one")])
        assert len(requests) == 1


def test_what_is_kept_can_be_forgotten() -> None:
    of, _clock = provider()
    send_one(oauth(), token("one"), SENT, of=of)
    of.forget()
    requests, _outcome = send_one(oauth(), token("two"), SENT, of=of)
    assert len(requests) == 2


def test_another_secret_is_another_token() -> None:
    one, two = build(login()), build(login(password=SecretStr("other")))
    assert cache_key(one) != cache_key(two)
    assert cache_key(one) == cache_key(build(login(name="renamed")))


def test_a_token_of_unknown_lifetime_is_kept_for_a_while() -> None:
    clock = MovableClock()
    tokens = TokenCache(clock)
    tokens.keep("k", Grant(SecretStr("t")))
    clock.forward(280)
    assert tokens.get("k") is not None
    clock.forward(20)
    assert tokens.get("k") is None


@given(st.floats(min_value=0, allow_nan=False, allow_infinity=False), st.floats(0, 1e9))
def test_no_token_is_handed_out_after_its_end(lifetime: float, waited: float) -> None:
    clock = MovableClock()
    tokens = TokenCache(clock)
    grant = Grant(SecretStr("t"), lifetime=lifetime)
    tokens.keep("k", grant)
    assert (tokens.get("k") is None) >= expires_at_once(grant)
    clock.forward(waited)
    if tokens.get("k") is not None:
        assert waited < lifetime


@pytest.mark.parametrize(
    ("reply", "word", "field", "words"),
    [
        (answer({"error": "invalid_client"}, 401), "login refused", "oauth_body", "secret"),
        (answer({"error": "invalid_client"}, 200), "login refused", "oauth_body", "secret"),
        (answer({"error": "invalid_scope"}, 400), "scope refused", "oauth_body", "scope"),
        (answer({"error": "unsupported_grant_type"}, 400), "grant unknown", "oauth_body", "grant"),
        (answer(b"", 404), "not found", "oauth_url", ""),
        (answer(b"", 503), "provider down", "", "gateway"),
        (answer(b"slow down", 429), "throttled", "", ""),
        (answer(b"<html>Welcome</html>"), "broken answer", "oauth_url", "web page"),
        (answer(b""), "broken answer", "oauth_url", "empty"),
        (answer({"jwt": "abc"}), "no token", "token_path", "access_token"),
        (answer({"access_token": None}), "no token", "token_path", ""),
        (answer({"access_token": {"value": "x"}}), "no token", "token_path", ""),
        (answer([]), "no token", "token_path", ""),
        (answer({"access_token": "a\r\nX-Evil: 1"}), "broken token", "token_path", "line break"),
        (answer({"access_token": "tökèn"}), "broken token", "token_path", "ASCII"),
    ],
)
def test_why_there_is_no_token(reply: Any, word: str, field: str, words: str) -> None:
    outcome = read_grant(reply, path="access_token", host="auth.example.com", fields=FIELDS)
    assert isinstance(outcome, Outcome)
    assert (outcome.result, outcome.word, outcome.field) == (Result.FAILED, word, field)
    assert words in outcome.cause
    assert outcome.next_step
    assert "auth.example.com" in outcome.summary or outcome.word == "broken answer"


def test_an_answer_without_a_token_sends_nothing() -> None:
    requests, outcome = send_one(oauth(), answer({"jwt": "looks-like-a-token"}))
    assert len(requests) == 1
    assert outcome.word == "no token"
    assert "looks-like-a-token" not in repr(outcome)
    assert "jwt" in outcome.raw


@pytest.mark.parametrize(
    ("told", "scheme"),
    [
        ("bearer", "Bearer"),
        ("BEARER", "Bearer"),
        ("DPoP", "DPoP"),
        ("a\nb", "Bearer"),
        (3, "Bearer"),
    ],
)
def test_the_word_before_the_token(told: Any, scheme: str) -> None:
    reply = answer({"access_token": "t", "token_type": told})
    grant = read_grant(reply, path="access_token", host="h", fields=FIELDS)
    assert isinstance(grant, Grant)
    assert grant.scheme == scheme


@pytest.mark.parametrize(
    ("told", "lifetime"),
    [(3600, 3600), ("3600", 3600), (1.5, 1.5), (-1, 0), ("soon", None), (None, None), (True, None)],
)
def test_the_lifetime_of_a_token(told: Any, lifetime: float | None) -> None:
    reply = answer({"access_token": "t", "expires_in": told})
    grant = read_grant(reply, path="access_token", host="h", fields=FIELDS)
    assert isinstance(grant, Grant)
    assert grant.lifetime == lifetime


def test_the_secrets_of_an_answer_are_named_for_the_redactor() -> None:
    (asked, _sent), _outcome = send_one(login(), answer({"data": {"token": "T"}}), SENT)
    assert asked.secrets_in is not None
    reply = answer({"data": {"token": "T-1"}, "refresh_token": "R-1", "user": "ada"})
    assert {s.get_secret_value() for s in asked.secrets_in(reply)} == {"T-1", "R-1"}


def test_without_a_token_at_its_place_every_long_word_may_be_it() -> None:
    reply = answer({"session": "abcdefghijklmnopqrst", "hint": "a longer text with blanks"})
    assert [s.get_secret_value() for s in secrets_of(reply, "token")] == ["abcdefghijklmnopqrst"]


def test_no_repr_shows_a_secret() -> None:
    of, _clock = provider()
    for values in (draft(), oauth(), login()):
        credential = build(values)
        assert SECRET not in repr(credential)
        assert SECRET not in repr(signed(credential, Request("POST", URL), MovableClock()))
    requests, outcome = send_one(oauth(), token("T-1234567"), SENT, of=of)
    assert "T-1234567" not in repr((requests, outcome, vars(of), Grant(SecretStr("T-1234567"))))


def test_secrets_inside_the_oauth_body_are_secrets_of_the_credential() -> None:
    assert SECRET in {secret.get_secret_value() for secret in build(oauth()).secrets()}
