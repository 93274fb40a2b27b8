"""Waiting for the first call: what came over HTTP since a moment, and whether it is believed."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import httpx
import pytest

from smstui.rcs import stored
from smstui.rcs.base import Step
from smstui.rcs.document import Document
from smstui.rcs.first_call import first_calls
from smstui.webhooks.base import Call, WebhookType
from smstui.webhooks.settings import ReceiverSettings
from smstui.webhooks.stored import load
from smstui.webhooks.vendors.registry import webhook_vendor
from tests.rcs.world import World


def call_of(world: World, document: Document, index: int) -> Call:
    """Return a genuine call to a webhook of a set-up, as its provider would make it."""
    record = stored.webhooks_of(world.store, document)[index]
    url = ReceiverSettings.load(world.store).url_of(record.path)
    webhook = load(world.store, record)
    wanted = WebhookType.FEEDBACK if record.type == "Feedback" else WebhookType.INBOUND
    return webhook_vendor(record.vendor).sample(webhook, url, wanted, world.clock())


def post(call: Call) -> int:
    """Make a call, and return the status of its answer."""
    return httpx.post(call.url, headers=list(call.headers), content=call.body).status_code


@pytest.mark.parametrize("route", ["Twilio", "Infobip", "Sinch", "Other"])
def test_the_first_call_is_told_before_there_is_a_credential(world: World, route: str) -> None:
    document = world.begin(route)
    if route == "Sinch":
        document = document.typed(Step.REGISTER, {"sender_id": "sender-1"})
    document = stored.keep_step(world.store, world.through_register(document))
    world.listen()
    began = world.clock()
    assert {call.said for call in first_calls(world.store, document, began)} == {
        "Nothing came yet."
    }
    genuine = call_of(world, document, 0)
    bare = [h for h in genuine.headers if h[0].lower() == "content-type"]
    assert post(dataclasses.replace(genuine, headers=tuple(bare))) == 401
    refused, *others = first_calls(world.store, document, began)
    assert refused.event is not None
    assert not refused.is_genuine
    reason = refused.event.event.reason
    assert reason
    assert refused.said == f"A call came and was refused. {reason}"
    world.clock.advance(1)
    assert post(call_of(world, document, 0)) < 300
    assert post(dataclasses.replace(genuine, headers=tuple(bare))) == 401
    first, *others = first_calls(world.store, document, began)
    assert first.is_genuine
    assert first.said == "A genuine call came: opt-out."
    assert [other.event for other in others] == [None] * len(others)
    later = world.clock() + timedelta(seconds=1)
    assert not first_calls(world.store, document, later)[0].event
