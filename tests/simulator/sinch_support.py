"""Talking to the simulated Sinch as one of its accounts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from smstui.simulator.server import Simulator
from smstui.simulator.sinch import SinchVendor
from tests.simulator.conftest import Answer, HandClock, exchange

TO = "12065550123"
ULID = r"[0-9A-HJKMNP-TV-Z]{26}"
BATCHES = "/xms/v1/{service_id}/batches?page_size=1"
APP = "/v1/projects/{project_id}/apps/{app_id}"


class Peer:
    """Talks to the simulator as one of its accounts."""

    def __init__(self, url: str, fields: Mapping[str, str]) -> None:
        self.url = url
        self.fields = dict(fields)
        is_plan = "service_id" in fields
        self.login = f"{'Bearer' if is_plan else 'Basic'} {fields['api_token']}"

    def call(self, method: str, path: str, document: Any = None, **headers: str) -> Answer:
        """Send one request; the names of fields in the path are filled in."""
        for name, value in self.fields.items():
            path = path.replace(f"{{{name}}}", value)
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        sent = {"Authorization": self.login}
        if document is not None:
            sent["Content-Type"] = "application/json"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return exchange(self.url, method, path, body if document is not None else None, sent)

    def send(self, to: Any = TO, **changes: Any) -> Answer:
        """Send an SMS to one recipient or a list; a change to None leaves a member out."""
        many = [to] if isinstance(to, str) else to
        body = {"from": "12025550142", "to": many, "body": "x", "delivery_report": "per_recipient"}
        body |= changes
        body = {name: value for name, value in body.items() if value is not None}
        return self.call("POST", "/xms/v1/{service_id}/batches", body)

    def report(self, batch: str, to: str = TO) -> Any:
        """Return the report on one recipient."""
        path = f"/xms/v1/{{service_id}}/batches/{batch}/delivery_report/{to}"
        return self.call("GET", path).json

    def message(self, *channels: str, to: str = TO, **changes: Any) -> Answer:
        """Send a message of the Conversation API by these channels, in that order."""
        identities = [{"channel": channel, "identity": f"+{to}"} for channel in channels]
        body: dict[str, Any] = {
            "app_id": self.fields["app_id"],
            "recipient": {"identified_by": {"channel_identities": identities}},
            "message": {"text_message": {"text": "x"}},
            "channel_priority_order": list(channels),
            "channel_properties": {"MMS_SENDER": "+12025550143"},
            "processing_strategy": "DISPATCH_ONLY",
        }
        body |= changes
        body = {name: value for name, value in body.items() if value is not None}
        return self.call("POST", "/v1/projects/{project_id}/messages:send", body)


class Sinch:
    """A running simulator of Sinch alone."""

    def __init__(self, simulator: Simulator, clock: HandClock) -> None:
        self.simulator = simulator
        self.clock = clock
        self.fields = {(i.vendor, i.label): i.fields for i in simulator.accounts}

    def peer(self, label: str = "live", vendor: str = "Sinch") -> Peer:
        """Return somebody who knows a login."""
        return Peer(self.simulator.url, self.fields[vendor, label])


@contextmanager
def running() -> Iterator[Sinch]:
    """Run a simulator of Sinch alone whose clock is moved by hand."""
    clock = HandClock()
    with Simulator(clock=clock, seed="tests", makers=[SinchVendor]) as simulator:
        yield Sinch(simulator, clock)
