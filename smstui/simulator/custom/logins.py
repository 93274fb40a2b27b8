"""How the simulated custom provider checks who sends: one way for each Auth Type.

Written apart from `smstui.providers.auth` on purpose: two readings of the same rule keep each other
honest. MAC is draft-ietf-oauth-v2-http-mac-01, JWT is RFC 7519 with HS256.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from starlette.requests import Request

from smstui.simulator.core import World
from smstui.simulator.custom.errors import Refusal
from smstui.simulator.wire import basic_credentials, same
from smstui.times import utc_now

USER = "acme"
CLIENT_ID = "acme-sms"
MAC_ID = "acme-mac"
JWT_CLAIMS = {"iss": "acme", "aud": "custom-sms"}

TOKEN_LIFE = timedelta(minutes=5)
SHORT_TOKEN_LIFE = timedelta(seconds=5)

_MAC_FIELD = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


class Login(StrEnum):
    """The ways in; each is a part of the path that messages are posted to."""

    NONE = "none"
    API_KEY_HEADER = "api-key-header"
    API_KEY_QUERY = "api-key-query"
    BASIC = "basic"
    BEARER = "bearer"
    MAC = "mac"
    OAUTH = "oauth"
    OAUTH_JSON = "oauth-json"
    OAUTH_SHORT = "oauth-short"
    JWT = "jwt"
    SESSION = "session"
    FORM = "form"
    ERRORS = "errors"
    MTLS = "mtls"


WITH_TOKENS = (Login.OAUTH, Login.OAUTH_JSON, Login.OAUTH_SHORT, Login.SESSION)
"""The ways for which a token is given out first."""


class Doors:
    """Knows all secrets, and the tokens that it has given out."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tokens: dict[str, tuple[Login, datetime]] = {}
        self._nonces: set[str] = set()
        names = ("api key", "password", "bearer", "mac key", "client secret", "jwt key")
        secrets = [world.ids.fixed(f"custom {name}", 40) for name in names]
        self.api_key, self.password, self.bearer, *rest = secrets
        self.mac_key, self.client_secret, self.jwt_key = rest

    def give_token(self, login: Login) -> tuple[str, int]:
        """Return a fresh token and its lifetime in seconds."""
        life = SHORT_TOKEN_LIFE if login is Login.OAUTH_SHORT else TOKEN_LIFE
        token = self._world.ids.next("custom token", 40)
        self._tokens[token] = (login, self._world.clock() + life)
        return token, int(life.total_seconds())

    def revoke(self, request: Request) -> None:
        """Make the token of a request worthless before its time."""
        self._tokens.pop(_bearer(request), None)

    def check_basic(self, request: Request) -> None:
        """Check user and password.

        Raises:
            Refusal: 401.
        """
        scheme, _blank, value = request.headers.get("Authorization", "").partition(" ")
        pair = basic_credentials(value) if scheme.lower() == "basic" else None
        if pair is None or pair[0] != USER or not same(self.password, pair[1]):
            raise Refusal(401, "invalid_login", "User or password is wrong")

    def let_in(self, login: Login, request: Request) -> None:
        """Check a message's login.

        Raises:
            Refusal: 401, or 400 without a client certificate.
        """
        match login:
            case Login.NONE:
                return
            case Login.API_KEY_HEADER:
                _compare(self.api_key, request.headers.get("X-API-Key", ""), "API key")
            case Login.API_KEY_QUERY:
                _compare(self.api_key, request.query_params.get("key", ""), "API key")
            case Login.BASIC | Login.FORM:
                self.check_basic(request)
            case Login.BEARER | Login.ERRORS:
                _compare(self.bearer, _bearer(request), "token")
            case Login.MAC:
                self._check_mac(request)
            case Login.JWT:
                self._check_jwt(_bearer(request))
            case Login.MTLS:
                if not getattr(request.state, "is_proven", False):
                    # So says nginx, which also lets the handshake pass.
                    raise Refusal(400, "no_certificate", "No required SSL certificate was sent")
            case _:
                self._check_token(login, _bearer(request))

    def _check_token(self, login: Login, token: str) -> None:
        given_to, until = self._tokens.get(token, (None, self._world.clock()))
        if given_to is not login or until <= self._world.clock():
            raise Refusal(401, "invalid_token", "The token is unknown or has expired")

    def _check_mac(self, request: Request) -> None:
        scheme, _blank, value = request.headers.get("Authorization", "").partition(" ")
        fields = dict(_MAC_FIELD.findall(value)) if scheme.lower() == "mac" else {}
        if fields.get("id") != MAC_ID or not {"ts", "nonce", "mac"} <= set(fields):
            raise Refusal(401, "invalid_mac", "The MAC or its id is missing or unknown")
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        host, _colon, port = request.headers.get("Host", "").rpartition(":")
        lines = [fields["ts"], fields["nonce"], request.method, target, host, port, ""]
        text = "\n".join([*lines, ""])
        digest = hmac.new(self.mac_key.encode(), text.encode(), hashlib.sha256).digest()
        if not same(base64.b64encode(digest).decode("ascii"), fields["mac"]):
            raise Refusal(401, "invalid_mac", "The MAC does not fit the request")
        if fields["nonce"] in self._nonces:
            raise Refusal(401, "replayed", "The nonce was used before")
        self._nonces.add(fields["nonce"])

    def _check_jwt(self, token: str) -> None:
        claims = self._claims(token)
        if any(claims.get(name) != value for name, value in JWT_CLAIMS.items()):
            raise Refusal(401, "invalid_token", "Issuer or audience is wrong")
        # A demo has a day of its own; a token has expired when both clocks say so.
        now = min(self._world.clock(), utc_now()).timestamp()
        expiry = claims.get("exp")
        if isinstance(expiry, bool) or not isinstance(expiry, int | float) or expiry <= now:
            raise Refusal(401, "invalid_token", "The token has no expiry or has expired")

    def _claims(self, token: str) -> dict[str, Any]:
        signed, _dot, signature = token.rpartition(".")
        digest = hmac.new(self.jwt_key.encode(), signed.encode(), hashlib.sha256).digest()
        expected = base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
        if not same(expected, signature):
            raise Refusal(401, "invalid_token", "The signature does not fit")
        header, claims = (_decoded(part) for part in (signed + ".").split(".")[:2])
        if header.get("alg") != "HS256":
            raise Refusal(401, "invalid_token", "The algorithm is not HS256")
        return claims


def _compare(expected: str, given: str, what: str) -> None:
    if not same(expected, given):
        raise Refusal(401, "unauthorized", f"The {what} is missing or wrong")


def _bearer(request: Request) -> str:
    scheme, _blank, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""


def _decoded(part: str) -> dict[str, Any]:
    try:
        document = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError):
        return {}
    return document if isinstance(document, dict) else {}
