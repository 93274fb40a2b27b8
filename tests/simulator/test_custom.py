"""The simulated provider for vendor Custom, on the wire: logins, tokens, bodies, the TLS port.

How the Auth Types of smstui do at it is in tests/verify/test_custom_over_http.py.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from smstui.simulator.custom import CustomVendor
from smstui.simulator.custom.sending import AUTHORITY_PATH, RECEIVED_PATH
from smstui.simulator.server import Simulator
from tests.simulator.conftest import Answer, HandClock, exchange

MESSAGE = {"sender": "ACME", "recipient": "+12065550123", "text": "x"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Custom:
    """A running simulator of the custom provider alone."""

    def __init__(self, simulator: Simulator, clock: HandClock) -> None:
        self.simulator = simulator
        self.clock = clock
        self.fields: Mapping[str, Mapping[str, str]] = {
            info.label: info.fields for info in simulator.accounts
        }

    def post(self, path: str, body: bytes, **headers: str) -> Answer:
        """Post a body; JSON unless the headers say otherwise."""
        sent = {"Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return exchange(self.simulator.url, "POST", path, body, sent)

    def send(self, way: str, authorization: str = "", **changes: Any) -> Answer:
        """Send a message by one of the ways in; a change to None leaves a field out."""
        message = {name: text for name, text in (MESSAGE | changes).items() if text is not None}
        headers = {"Authorization": authorization} if authorization else {}
        return self.post(f"/custom/{way}/messages", json.dumps(message).encode(), **headers)

    def token(self, label: str = "OAuth") -> Any:
        """Return what the token endpoint of an account answers to its body."""
        fields = self.fields[label]
        body = urlencode(json.loads(fields["oauth_body"])).encode()
        return self.post(urlsplit(fields["oauth_url"]).path, body, **FORM).json


@pytest.fixture
def custom() -> Iterator[Custom]:
    """A simulator of the test's own."""
    clock = HandClock()
    with Simulator(clock=clock, seed="tests", makers=[CustomVendor]) as simulator:
        yield Custom(simulator, clock)


def jwt(key: str, header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    """Return a token, signed by hand with HMAC-SHA-256."""
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in (header, claims)
    ]
    digest = hmac.new(key.encode(), b".".join(parts), hashlib.sha256).digest()
    return b".".join([*parts, base64.urlsafe_b64encode(digest).rstrip(b"=")]).decode()


def test_every_login_is_explained_and_hides_its_secrets(custom: Custom) -> None:
    infos = custom.simulator.accounts
    assert len({info.label for info in infos}) == len(infos) == 14
    for info in infos:
        assert info.vendor == "Custom"
        assert info.note.endswith(".")
        for name in ("api_token", "password", "oauth_body", "client_key", "jwt_key"):
            if name in info.fields:
                assert info.fields[name] not in repr(info)


def test_the_same_seed_gives_the_same_secrets_and_ids(custom: Custom) -> None:
    with Simulator(clock=HandClock(), seed="tests", makers=[CustomVendor]) as simulator:
        other = Custom(simulator, HandClock())
        assert other.fields["Bearer"]["api_token"] == custom.fields["Bearer"]["api_token"]
        assert other.send("none").json == custom.send("none").json


def test_a_token_holds_for_five_minutes_at_its_own_door(custom: Custom) -> None:
    given = custom.token()
    assert (given["token_type"], given["expires_in"]) == ("bearer", 300)
    bearer = f"Bearer {given['access_token']}"
    assert custom.send("oauth", bearer).status == 201
    assert custom.send("session", bearer).status == 401
    assert custom.send("oauth", bearer.replace("Bearer", "App")).status == 401
    custom.clock.advance(299)
    assert custom.send("oauth", bearer).status == 201
    custom.clock.advance(1)
    refused = custom.send("oauth", bearer)
    assert (refused.status, refused.json["error"]["code"]) == (401, "invalid_token")


def test_a_short_token_holds_for_five_seconds(custom: Custom) -> None:
    bearer = f"Bearer {custom.token('OAuth, short-lived')['access_token']}"
    custom.clock.advance(4)
    assert custom.send("oauth-short", bearer).status == 201
    custom.clock.advance(1)
    assert custom.send("oauth-short", bearer).status == 401


def test_a_revoked_token_stays_revoked(custom: Custom) -> None:
    bearer = f"Bearer {custom.token()['access_token']}"
    assert custom.send("oauth", bearer, recipient="+12065550401").status == 401
    assert custom.send("oauth", bearer).status == 401


def test_a_mac_is_good_for_one_request_once(custom: Custom) -> None:
    fields = custom.fields["MAC"]
    port = urlsplit(custom.simulator.url).port
    lines = ["7", "n1", "POST", "/custom/mac/messages", "127.0.0.1", str(port), "", ""]
    key = fields["api_secret_key"].encode()
    digest = hmac.new(key, "\n".join(lines).encode(), hashlib.sha256).digest()
    mac = base64.b64encode(digest).decode()
    header = f'MAC id="{fields["api_token"]}", ts="7", nonce="n1", mac="{mac}"'
    assert custom.send("mac", header.replace("n1", "n2")).status == 401
    assert custom.send("mac", header.replace('"7"', '"8"')).status == 401
    assert custom.send("mac", header).status == 201
    replayed = custom.send("mac", header)
    assert (replayed.status, replayed.json["error"]["code"]) == (401, "replayed")


@pytest.mark.parametrize(
    ("header", "claims", "status"),
    [
        ({"alg": "HS256"}, {}, 201),
        ({"alg": "none"}, {}, 401),
        ({}, {}, 401),
        ({"alg": "HS256"}, {"exp": 1}, 401),
        ({"alg": "HS256"}, {"exp": True}, 401),
        ({"alg": "HS256"}, {"exp": "tomorrow"}, 401),
        ({"alg": "HS256"}, {"iss": "other"}, 401),
        ({"alg": "HS256"}, {"aud": "other"}, 401),
    ],
)
def test_the_claims_of_a_jwt_are_checked(
    custom: Custom, header: dict[str, Any], claims: dict[str, Any], status: int
) -> None:
    right = {"iss": "acme", "aud": "custom-sms", "exp": custom.clock().timestamp() + 60}
    token = jwt(custom.fields["JWT"]["jwt_key"], header, right | claims)
    assert custom.send("jwt", f"Bearer {token}").status == status


@pytest.mark.parametrize("token", ["", "x", "a.b", "a.b.c", "....", "ä.ö.ü"])
def test_what_is_no_jwt_is_refused(custom: Custom, token: str) -> None:
    assert custom.send("jwt", f"Bearer {token}".encode().decode("latin-1")).status == 401


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"[]", {}, 400),
        (b"{}", {}, 400),
        (b"[" * 5000, {}, 400),
        (json.dumps(MESSAGE | {"recipient": "12065550123"}).encode(), {}, 422),
        (json.dumps(MESSAGE).encode(), FORM, 415),
        (json.dumps(MESSAGE | {"text": "x" * (1 << 20)}).encode(), {}, 413),
    ],
)
def test_bodies_are_checked(
    custom: Custom, body: bytes, headers: dict[str, str], status: int
) -> None:
    assert custom.post("/custom/none/messages", body, **headers).status == status
    assert exchange(custom.simulator.url, "GET", RECEIVED_PATH, None, {}).json == []


@pytest.mark.parametrize("name", ["sender", "recipient", "text"])
def test_a_missing_field_is_named(custom: Custom, name: str) -> None:
    without: dict[str, Any] = {name: None}
    answer = custom.send("none", **without)
    assert (answer.status, answer.json["error"]["message"]) == (400, f"{name} is missing")


def test_the_form_takes_forms_alone(custom: Custom) -> None:
    password = custom.fields["form"]["password"]
    login = "Basic " + base64.b64encode(f"acme:{password}".encode()).decode()
    assert custom.send("form", login).status == 415
    body = urlencode(MESSAGE | {"text": "però & €"}).encode()
    answer = custom.post("/custom/form/messages", body, Authorization=login, **FORM)
    assert (answer.status, answer.json["status"]) == (201, "queued")
    (message,) = exchange(custom.simulator.url, "GET", RECEIVED_PATH, None, {}).json
    assert message["text"] == "però & €"


def test_a_login_may_be_a_get_too(custom: Custom) -> None:
    password = custom.fields["login, then bearer"]["password"]
    login = base64.b64encode(f"acme:{password}".encode()).decode()
    url = custom.simulator.url
    for method in ("GET", "POST"):
        headers = {"Authorization": f"Basic {login}"}
        answer = exchange(url, method, "/custom/session/login", None, headers)
        token = answer.json["data"]["token"]
        assert custom.send("session", f"Bearer {token}").status == 201
    assert exchange(url, "POST", "/custom/session/login", None, {}).status == 401


def test_the_tls_port_closes_with_the_simulator(custom: Custom) -> None:
    tls = urlsplit(custom.fields["mTLS"]["provider_url"])
    assert (tls.scheme, tls.hostname) == ("https", "127.0.0.1")
    pem = exchange(custom.simulator.url, "GET", AUTHORITY_PATH, None, {}).body
    assert pem.startswith(b"-----BEGIN CERTIFICATE-----")
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", tls.port or 0)) == 0
    custom.simulator.stop()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", tls.port or 0)) != 0


def test_each_run_has_an_authority_of_its_own(custom: Custom) -> None:
    with Simulator(makers=[CustomVendor]) as simulator:
        other = Custom(simulator, HandClock()).fields["mTLS"]
    assert other["client_key"] != custom.fields["mTLS"]["client_key"]
