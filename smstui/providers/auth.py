"""The authentication types of the custom provider: what each adds to a request, and how it asks.

The types are Adobe's (custom provider page), apart from *login, then bearer*. Where Adobe says how
a type is sent, this does the same; where it does not (header of an API key, format of a MAC,
algorithm of a JWT, encoding of an OAuth body) the choice is smstui's own, and the form says so.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from pydantic import SecretStr

from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.providers import token_answers
from smstui.providers.base import Outcome, Request, Response, basic_auth
from smstui.providers.payload import FORM_TYPE, InvalidJson, encode_body, parse_json
from smstui.providers.token_answers import Grant
from smstui.times import Clock

if TYPE_CHECKING:
    from smstui.providers.custom_fields import CustomCredential


class AuthType(StrEnum):
    """The values of *Auth Type*."""

    NONE = "none"
    API_KEY = "api_key"
    MAC = "mac"
    OAUTH = "oauth"
    JWT = "jwt"
    BASIC = "basic"
    BEARER = "bearer"
    LOGIN = "login_bearer"


ASKING = (AuthType.OAUTH, AuthType.LOGIN)
"""The types that ask for a token first."""

MAC_HASHES = {"hmac-sha-1": "sha1", "hmac-sha-256": "sha256", "hmac-sha-512": "sha512"}
"""Names of draft-ietf-oauth-v2-http-mac (the last one is ours) to those of `hashlib`."""

JWT_ALGORITHMS = (
    *("HS256", "HS384", "HS512", "RS256", "RS384", "RS512"),
    *("PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"),
)
"""RFC 7518 §3.1 and RFC 8037, without ``none``."""

LIFETIME_LIMIT = 315_360_000
"""Ten years in seconds: a claim ``exp`` below it is a lifetime, above it a point in time."""

_MARGIN = timedelta(seconds=10)
_UNKNOWN_LIFETIME = timedelta(minutes=5)

Exchange = Generator[Request, Response, Response | Outcome]
"""A conversation that ends with the provider's answer, or with why it did not come to that."""


class CannotSign(SmstuiError):
    """A JWT cannot be made from these claims, this algorithm and this key.

    Attributes:
        in_claims: whether the claims are at fault, and not the key.
    """

    title = N_("The JWT cannot be signed")

    def __init__(self, message: str, *, in_claims: bool) -> None:
        self.in_claims = in_claims
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Kept:
    """A token in memory, and until when it is used."""

    grant: Grant
    until: datetime


class TokenCache:
    """Tokens by the credential that they were given for; in memory only. Its repr shows none."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[str, Kept] = {}

    def get(self, key: str) -> Grant | None:
        """Return the token for a key, when it holds for ten more seconds."""
        kept = self._kept.get(key)
        return kept.grant if kept is not None and self._clock() + _MARGIN < kept.until else None

    def keep(self, key: str, grant: Grant) -> None:
        """Keep a token until it expires; one without a lifetime for five minutes."""
        lifetime = _UNKNOWN_LIFETIME
        if grant.lifetime is not None:
            lifetime = timedelta(seconds=min(grant.lifetime, LIFETIME_LIMIT))
        self._kept[key] = Kept(grant, self._clock() + lifetime)

    def drop(self, key: str) -> None:
        """Forget the token for a key."""
        self._kept.pop(key, None)

    def clear(self) -> None:
        """Forget all tokens."""
        self._kept.clear()


def expires_at_once(grant: Grant) -> bool:
    """Whether a token ends before it could be used a second time."""
    return grant.lifetime is not None and grant.lifetime <= _MARGIN.total_seconds()


def send(
    credential: CustomCredential, request: Request, tokens: TokenCache, clock: Clock
) -> Exchange:
    """Send a request with the credential's authentication.

    A type that needs a token asks for one first, unless one is kept; when the provider answers 401,
    it asks once more and sends again: what was refused so was not carried out.

    Raises:
        CannotSign: a JWT cannot be made.
    """
    if credential.auth_type not in ASKING:
        return (yield signed(credential, request, clock))
    key = cache_key(credential)
    grant = tokens.get(key)
    for may_renew in (True, False):
        if grant is None:
            asked = yield from ask_for_token(credential)
            if isinstance(asked, Outcome):
                return asked
            grant = asked
            tokens.keep(key, grant)
        value = f"{grant.scheme} {grant.token.get_secret_value()}"
        response = yield _with_header(request, "Authorization", value)
        if response.status != 401:
            return response
        tokens.drop(key)
        if may_renew:
            grant = None
    return response


def signed(
    credential: CustomCredential,
    request: Request,
    clock: Clock,
    nonce: Callable[[], str] = lambda: secrets.token_hex(8),
) -> Request:
    """Return a request with the authentication that needs no asking.

    Raises:
        CannotSign: a JWT cannot be made.
    """
    match credential.auth_type:
        case AuthType.API_KEY:
            return _with_api_key(credential, request)
        case AuthType.BASIC:
            return _with_header(request, *_basic(credential))
        case AuthType.BEARER:
            return _with_header(request, "Authorization", f"Bearer {_plain(credential.api_token)}")
        case AuthType.MAC:
            timestamp = str(int(clock().timestamp()))
            return _with_header(
                request, "Authorization", mac_header(credential, request, timestamp, nonce())
            )
        case AuthType.JWT:
            token = make_jwt(
                credential.jwt_payload, credential.jwt_algorithm, credential.jwt_key, clock()
            )
            bearing = _with_header(request, "Authorization", f"Bearer {token.get_secret_value()}")
            return dataclasses.replace(bearing, secrets_in=lambda _answer: (token,))
    return request


def ask_for_token(credential: CustomCredential) -> Generator[Request, Response, Grant | Outcome]:
    """Ask the token endpoint; return what it granted, or why it did not."""
    path = credential.token_path if credential.auth_type == AuthType.LOGIN else "access_token"
    # Endpoints quote what they refuse, so the secrets inside the OAuth body are named here too.
    request = dataclasses.replace(
        token_request(credential),
        prepares=True,
        secrets_in=lambda answer: (*credential.secrets(), *token_answers.secrets_of(answer, path)),
    )
    response = yield request
    fields = token_answers.FieldsAtFault(
        *(
            ("login_url", "user_name", "token_path")
            if credential.auth_type == AuthType.LOGIN
            else ("oauth_url", "oauth_body", "oauth_url")
        )
    )
    host = urlsplit(request.url).netloc
    return token_answers.read_grant(response, path=path, host=host, fields=fields)


def token_request(credential: CustomCredential) -> Request:
    """Return the request for a token: of OAuth, or a Basic login.

    OAuth bodies go out as a form, as RFC 6749 §4.4.2 has it, or as JSON when that is chosen. What
    accompanies a login is a form too: so RFC 6749 §2.3.1 wants a client to log in.
    """
    accept = ("Accept", "application/json")
    if credential.auth_type == AuthType.LOGIN:
        login = (accept, _basic(credential))
        if credential.login_method == "GET" or not credential.login_body:
            return Request(credential.login_method, credential.login_url, login)
        body = encode_body(parse_json(credential.login_body), FORM_TYPE)
        return Request("POST", credential.login_url, (*login, ("Content-Type", FORM_TYPE)), body)
    document = parse_json(_plain(credential.oauth_body))
    kind = "application/json" if credential.oauth_encoding == "json" else FORM_TYPE
    return Request(
        "POST",
        credential.oauth_url,
        (accept, ("Content-Type", kind)),
        encode_body(document, kind),
    )


def cache_key(credential: CustomCredential) -> str:
    """Return what tells two credentials' tokens apart; made of a hash, so it holds no secret."""
    request = token_request(credential)
    parts = [request.method, request.url, *map(repr, request.headers), request.body.hex()]
    parts.append(credential.token_path)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def mac_header(credential: CustomCredential, request: Request, timestamp: str, nonce: str) -> str:
    """Return the Authorization header of HTTP MAC (draft-ietf-oauth-v2-http-mac-01, §3).

    Adobe does not publish the format of its *MAC authentication*; this published one is our choice.
    API Token is the key's id, API Secret Key the key. The body is not covered.
    """
    parts = urlsplit(request.url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = (timestamp, nonce, request.method, target, parts.hostname or "", str(port), "")
    digest = hmac.digest(
        _plain(credential.api_secret_key).encode(),
        "".join(f"{line}\n" for line in lines).encode(),
        MAC_HASHES[credential.mac_authorization_hash_format],
    )
    mac = base64.b64encode(digest).decode("ascii")
    token = re.sub(r'(["\\])', r"\\\1", _plain(credential.api_token))
    return f'MAC id="{token}", ts="{timestamp}", nonce="{nonce}", mac="{mac}"'


def make_jwt(claims: str, algorithm: str, key: SecretStr | None, now: datetime) -> SecretStr:
    """Return a signed JWT (RFC 7519).

    A claim ``exp`` or ``nbf`` below ten years is counted from now, since a fixed moment would be
    over soon; ``iat`` is set when ``exp`` is counted so and the claims have none.

    Raises:
        CannotSign: claims, algorithm and key do not go together; the message holds no secret.
    """
    import warnings

    import jwt

    document = _claims(claims)
    try:
        # PyJWT warns of short keys; `jwt_key_remark` tells the person so in the form.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dated = _dated(document, int(now.timestamp()))
            return SecretStr(jwt.encode(dated, _plain(key), algorithm=algorithm))
    except (jwt.PyJWTError, ValueError, TypeError):
        # The texts of these errors may quote the key, so they go no further.
        raise CannotSign(_wrong_key(algorithm), in_claims=False) from None


def _claims(text: str) -> dict[str, Any]:
    try:
        document = parse_json(text)
    except InvalidJson as error:
        raise CannotSign(error.message, in_claims=True) from None
    if not isinstance(document, dict):
        raise CannotSign(_("The claims of a JWT are a JSON object."), in_claims=True)
    for name in ("exp", "nbf", "iat"):
        if name in document and _number(document[name]) is None:
            said = _("The claim {name} is a number of seconds.").format(name=name)
            raise CannotSign(said, in_claims=True)
    if not isinstance(document.get("iss", ""), str):
        raise CannotSign(_("The claim {name} is a text.").format(name="iss"), in_claims=True)
    return document


def _wrong_key(algorithm: str) -> str:
    if algorithm.startswith("HS"):
        return _("{algorithm} takes a shared secret; this key looks like one of a pair.").format(
            algorithm=algorithm
        )
    kind = {"RS": "RSA", "PS": "RSA", "ES": "EC"}.get(algorithm[:2], "Ed25519")
    return _("{algorithm} takes a private {kind} key in PEM form; this is none.").format(
        algorithm=algorithm, kind=kind
    )


def jwt_key_remark(algorithm: str, key: SecretStr) -> str:
    """Return what makes a shared secret weak, as a sentence; empty when nothing does."""
    if not algorithm.startswith("HS"):
        return ""
    least = int(algorithm[2:]) // 8
    length = len(key.get_secret_value().encode())
    if length >= least:
        return ""
    return _("{algorithm} wants {least} bytes or more; this has {length}.").format(
        algorithm=algorithm, least=least, length=length
    )


def jwt_expired(claims: dict[str, Any], now: datetime) -> bool:
    """Whether the claims name a moment of expiry that has passed."""
    exp = _number(claims.get("exp"))
    return exp is not None and LIFETIME_LIMIT <= exp <= now.timestamp()


def _dated(claims: dict[str, Any], now: int) -> dict[str, Any]:
    dated = dict(claims)
    for name in ("exp", "nbf"):
        moment = _number(claims.get(name))
        if moment is not None and moment < LIFETIME_LIMIT:
            dated[name] = now + int(moment)
            if name == "exp":
                dated.setdefault("iat", now)
    return dated


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value


def _with_api_key(credential: CustomCredential, request: Request) -> Request:
    key = _plain(credential.api_token)
    name = credential.api_key_name
    if credential.api_key_place == "query":
        url, hash_sign, fragment = request.url.partition("#")
        joint = "&" if "?" in url else "?"
        url = f"{url}{joint}{quote(name, safe='')}={quote(key, safe='')}{hash_sign}{fragment}"
        return dataclasses.replace(request, url=url)
    return _with_header(request, name, f"{credential.api_key_prefix} {key}".strip())


def _with_header(request: Request, name: str, value: str) -> Request:
    return dataclasses.replace(request, headers=(*request.headers, (name, value)))


def _basic(credential: CustomCredential) -> tuple[str, str]:
    return basic_auth(credential.user_name, _plain(credential.password))


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""
