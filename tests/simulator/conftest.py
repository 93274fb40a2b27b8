"""A running simulator whose clock is moved by hand, and a way to talk to it."""

from __future__ import annotations

import base64
import http.client
import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import pytest

from smstui.simulator.server import Simulator
from smstui.simulator.twilio import TwilioVendor
from tests.receiver import Receiver

if TYPE_CHECKING:
    from tests.simulator.sinch_support import Sinch


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self.moment += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def exchange(
    url: str,
    method: str,
    path: str,
    body: bytes | None,
    headers: Mapping[str, str],
    *,
    timeout: float = 5,
) -> Answer:
    """Send one request to a simulator on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(url).port, timeout=timeout)
    try:
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        got = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, got, response.read())
    finally:
        connection.close()


class Peer:
    """Talks HTTP to a simulator as one of its accounts."""

    def __init__(self, simulator: Simulator, fields: Mapping[str, str]) -> None:
        self.url = simulator.url
        self.fields = dict(fields)
        self.sid = self.fields["account_sid"]
        self.login = (
            self.fields.get("api_key_sid", self.sid),
            self.fields.get("api_key_secret") or self.fields["auth_token"],
        )

    def call(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        login: tuple[str, str] | None = None,
        timeout: float = 5,
    ) -> Answer:
        """Send one request on a connection of its own; ``{sid}`` in the path is the account."""
        user, password = login or self.login
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        sent = {"Authorization": f"Basic {token}"} | dict(headers or {})
        path = path.replace("{sid}", self.sid)
        return exchange(self.url, method, path, body or None, sent, timeout=timeout)

    def begin(self, method: str, path: str, parameters: Any = ()) -> socket.socket:
        """Send one request and return the connection, without waiting for the answer."""
        token = base64.b64encode(":".join(self.login).encode()).decode()
        body = urlencode(parameters).encode()
        head = (
            f"{method} {path.replace('{sid}', self.sid)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Basic {token}\r\nContent-Length: {len(body)}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        )
        port = urlsplit(self.url).port
        assert port is not None
        connection = socket.create_connection(("127.0.0.1", port), timeout=5)
        connection.sendall(head.encode() + body)
        return connection

    def get(self, path: str) -> Answer:
        """Send a GET request."""
        return self.call("GET", path)

    def post(self, path: str, parameters: Any) -> Answer:
        """Send a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.call("POST", path, urlencode(parameters, doseq=True).encode(), kind)

    def send(self, to: str | None = "+12025550100", **parameters: Any) -> Answer:
        """Send a message from the account's number, unless the parameters say otherwise.

        A parameter that is None is left out; ``From`` is left out when a service is named.
        """
        form: dict[str, Any] = {"To": to, "Body": "smstui test 7"}
        if "MessagingServiceSid" not in parameters:
            form["From"] = self.fields.get("inbound_number")
        form |= parameters
        return self.post(
            "/2010-04-01/Accounts/{sid}/Messages.json",
            {name: value for name, value in form.items() if value is not None},
        )

    def message(self, sid: str) -> Any:
        """Return a message as it stands now."""
        return self.get(f"/2010-04-01/Accounts/{{sid}}/Messages/{sid}.json").json


class Stage:
    """A running simulator, its clock, and its accounts by label."""

    def __init__(self, simulator: Simulator, clock: HandClock) -> None:
        self.simulator = simulator
        self.clock = clock
        self.fields = {info.label: info.fields for info in simulator.accounts}

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Stage]:
        """Run a simulator and return what a test needs of it."""
        clock = HandClock()
        with Simulator(clock=clock, seed="tests", makers=[TwilioVendor]) as simulator:
            yield cls(simulator, clock)

    def peer(self, label: str = "live") -> Peer:
        """Return somebody who knows the login with this label."""
        return Peer(self.simulator, self.fields[label])


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A simulator of the test's own."""
    with Stage.running() as stage:
        yield stage


@pytest.fixture(scope="module")
def shared() -> Iterator[Stage]:
    """A simulator for the tests of one file that mind neither the hour nor older messages."""
    with Stage.running() as stage:
        yield stage


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A web server that keeps the callbacks it gets."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def sinch() -> Iterator[Sinch]:
    """A simulator of Sinch alone, of the test's own."""
    from tests.simulator.sinch_support import running

    with running() as sinch:
        yield sinch


@pytest.fixture(scope="module")
def shared_sinch() -> Iterator[Sinch]:
    """A simulator of Sinch alone for tests that mind neither the hour nor older messages."""
    from tests.simulator.sinch_support import running

    with running() as sinch:
        yield sinch
