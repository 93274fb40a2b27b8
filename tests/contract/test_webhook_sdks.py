"""The vendors' SDKs judge and read what the simulator posts to a webhook, texts and reports."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from infobip_api_client import models
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped] # It has no type hints.

from smstui.simulator.core import AccountInfo
from smstui.simulator.server import Simulator
from tests.receiver import Received, Receiver

with warnings.catch_warnings():
    # One of its texts has an invalid escape, which Python mentions when it compiles the file.
    warnings.simplefilter("ignore", DeprecationWarning)
    from sinch.domains.conversation.sinch_events.v1 import (  # type: ignore[import-untyped] # It has no type hints.
        ConversationSinchEvent,
    )
    from sinch.domains.sms.sinch_events.v1 import SmsSinchEvent  # type: ignore[import-untyped] # The same.

SUBSCRIBER = "+393331234567"
SECRET = "a secret of the webhook"
TEXT = "Sì, STOP €"

infobip: Any = models
"""The SDK's models; it does not export them in a way that a type checker sees."""


class World:
    """A simulator of all vendors, and what it posts."""

    def __init__(self, simulator: Simulator, receiver: Receiver) -> None:
        self.simulator = simulator
        self.receiver = receiver

    def texted(self, vendor: str, to: str, *, secret: str = SECRET) -> tuple[AccountInfo, Received]:
        """Return an account and the call that tells of a text to it."""
        account = next(
            info
            for info in self.simulator.accounts
            if (info.vendor, info.label) == (vendor, "live")
        )
        url = f"{self.receiver.url}/hook?a=1"
        self.simulator.set_webhook(account, inbound=url, secret=secret)
        self.simulator.subscriber_texts(account, number=SUBSCRIBER, to=to, text=TEXT)
        return account, self.receiver.next()


@pytest.fixture
def world(receiver: Receiver) -> Iterator[World]:
    with Simulator(clock=lambda: datetime(2026, 11, 23, 10, 0, tzinfo=UTC)) as simulator:
        yield World(simulator, receiver)


def test_twilio_accepts_the_signature_of_a_text(world: World) -> None:
    account, got = world.texted("Twilio", "+12025550142", secret="")
    validator = RequestValidator(account.fields["auth_token"])
    url, signature = f"{world.receiver.url}/hook?a=1", got.headers["X-Twilio-Signature"]
    assert validator.validate(url, got.parameters, signature)
    assert not validator.validate(url, got.parameters | {"Body": "STOP"}, signature)


def test_sinch_reads_a_text_to_a_plan(world: World) -> None:
    _account, got = world.texted("Sinch", "+12025550142")
    sdk = SmsSinchEvent(SECRET)
    assert sdk.validate_authentication_header(dict(got.headers), got.body)
    event = sdk.parse_event(got.body)
    assert (event.type, event.from_, event.to) == ("mo_text", SUBSCRIBER[1:], "12025550142")
    assert (event.body, event.operator_id) == (TEXT, "22201")


@pytest.mark.parametrize(("vendor", "channel"), [("Sinch RCS", "RCS"), ("Sinch MMS", "MMS")])
def test_sinch_reads_a_text_to_an_app(world: World, vendor: str, channel: str) -> None:
    account, got = world.texted(vendor, "")
    sdk = ConversationSinchEvent(SECRET)
    assert sdk.validate_authentication_header(dict(got.headers), got.body)
    assert not sdk.validate_authentication_header(dict(got.headers), got.body + b" ")
    event = sdk.parse_event(got.body)
    assert (event.app_id, event.message.direction) == (account.fields["app_id"], "TO_APP")
    assert event.message.contact_message.text_message.text == TEXT
    identity = event.message.channel_identity
    assert (identity.channel, identity.identity) == (channel, SUBSCRIBER[1:])


def test_infobip_reads_a_text(world: World) -> None:
    _account, got = world.texted("Infobip", "+385990000099", secret="")
    whole = infobip.SmsInboundMessageResult.from_json(got.body.decode())
    (message,) = whole.results
    assert (message.var_from, message.to, message.text) == (SUBSCRIBER[1:], "385990000099", TEXT)
    assert (whole.message_count, whole.pending_message_count) == (1, 0)
    assert message.received_at == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert set(json.loads(got.body)) == {"results", "messageCount", "pendingMessageCount"}
