"""A running simulator of Infobip alone, and a way to talk to it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from smstui.simulator.infobip import InfobipVendor
from smstui.simulator.server import Simulator
from tests.simulator.conftest import Answer, HandClock, exchange

TO = "385990000100"
SMS, RCS, MMS = "/sms/3/messages", "/rcs/2/messages", "/mms/2/messages"
TEXT = {"type": "TEXT", "text": "x"}
FAILOVER = {"smsFailover": {"sender": "DemoBrand", "text": "instead"}}


class Peer:
    """Talks to the simulator with one of its keys."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self.login = f"App {key}"

    def call(self, method: str, path: str, document: Any = None, login: str = "") -> Answer:
        """Send one request on a connection of its own."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        headers = {"Authorization": login or self.login, "Content-Type": "application/json"}
        return exchange(self.url, method, path, body if document is not None else None, headers)

    def get(self, path: str) -> Any:
        """Return the JSON of a GET."""
        return self.call("GET", path).json

    def send(self, to: Any = TO, path: str = SMS, **changes: Any) -> Answer:
        """Send one message; a change to None leaves a member out."""
        message = {
            "sender": "DemoSender" if path == RCS else "DemoBrand",
            "destinations": [{"to": one} for one in ([to] if isinstance(to, str) else to)],
            "content": TEXT if path == RCS else {"text": "x"},
        }
        message |= changes
        kept = {name: value for name, value in message.items() if value is not None}
        return self.call("POST", path, {"messages": [kept]})

    def state(self, to: Any = TO, path: str = SMS, **changes: Any) -> str:
        """Send one message and return the name of the state that it is answered with."""
        name: str = self.send(to, path, **changes).json["messages"][0]["status"]["name"]
        return name

    def log(self, answer: Answer, path: str = "/sms/3/logs") -> Any:
        """Return the log of a message that was sent."""
        message_id = answer.json["messages"][0]["messageId"]
        (log,) = self.get(f"{path}?messageId={message_id}")["results"]
        return log


class Infobip:
    """A running simulator of Infobip alone."""

    def __init__(self, simulator: Simulator, clock: HandClock) -> None:
        self.simulator = simulator
        self.clock = clock
        self.fields: Mapping[str, Mapping[str, str]] = {
            info.label: info.fields for info in simulator.accounts
        }

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Infobip]:
        """Run a simulator and return what a test needs of it."""
        clock = HandClock()
        with Simulator(clock=clock, seed="tests", makers=[InfobipVendor]) as simulator:
            yield cls(simulator, clock)

    def peer(self, label: str = "live") -> Peer:
        """Return somebody who knows a key."""
        return Peer(self.simulator.url, self.fields[label]["api_key"])


@pytest.fixture
def infobip() -> Iterator[Infobip]:
    """A simulator of the test's own."""
    with Infobip.running() as infobip:
        yield infobip


@pytest.fixture(scope="module")
def common() -> Iterator[Infobip]:
    """A simulator for the tests of one file that mind neither the hour nor older messages."""
    with Infobip.running() as infobip:
        yield infobip


@pytest.fixture
def later(common: Infobip) -> Infobip:
    """The same, two hours later: no limit looks back that far."""
    common.clock.advance(7200)
    return common
