"""Twilio's calls: texts, states, media, buttons, by POST and by GET."""

from __future__ import annotations

from typing import Any

import pytest

from smstui.webhooks.vendors.registry import webhook_vendor
from tests.webhooks.vendors.cases import (
    FAILED,
    INBOUND,
    PASSED,
    PENDING,
    form,
    read,
    refused,
    told,
    webhook,
)

SID = "SM00112233445566778899aabbccddeeff"


@pytest.mark.parametrize(
    ("state", "more", "expected"),
    [
        ("sent", "From=%2B15005550006", (PENDING, "sent", "", "SMS")),
        ("queued", "", (PENDING, "accepted", "", "SMS")),
        ("delivered", "From=rcs:demo_agent", (PASSED, "delivered", "", "RCS")),
        ("read", "From=rcs:demo_agent&EventType=READ", (PASSED, "read", "", "RCS")),
        ("undelivered", "ErrorCode=30003", (FAILED, "unreachable", "30003", "SMS")),
        ("failed", "ErrorCode=99999", (FAILED, "failed", "99999", "SMS")),
        ("canceled", "", (FAILED, "canceled", "", "SMS")),
        ("new-state", "", (PENDING, "accepted", "", "SMS")),
    ],
)
def test_twilio_tells_the_state_of_a_message(
    state: str, more: str, expected: tuple[Any, ...]
) -> None:
    body = f"MessageSid={SID}&MessageStatus={state}&SmsStatus={state}&To=rcs:%2B15555550123&{more}"
    (reading,) = read("Twilio", form(body))
    assert told(reading) == expected
    assert reading.key == f"{SID}:{state}"
    assert reading.recipient == "+15555550123"
    assert reading.mapped["feedbackStatus"] == state
    assert reading.mapped["failureCode"] == expected[2]
    assert webhook_vendor("Twilio").answer(webhook("Twilio"), [reading]).status == 204


def test_twilio_brings_texts_media_buttons_and_places() -> None:
    body = (
        f"MessageSid={SID}&SmsStatus=received&From=rcs:%2B15555550123&To=rcs:demo_agent"
        "&Body=&ButtonText=Yes&ButtonPayload=CONFIRM&Latitude=45.1&Longitude=9.2&NumSegments=1"
        "&MediaUrl0=https://a.test/1&MediaContentType0=image/png&FromCity=&OptOutType=STOP"
    )
    (reading,) = read("Twilio", form(body))
    assert (reading.kind, reading.key, reading.text) == (INBOUND, SID, "Yes")
    assert (reading.sender, reading.recipient) == ("+15555550123", "demo_agent")
    assert reading.mapped == {
        "InboundMessage": "Yes",
        "ProfileNumber": "+15555550123",
        "RequestID": SID,
        "OriginTimestamp": "2026-11-23T10:00:00.000Z",
        "InboundNumber": "demo_agent",
        "channel": "RCS",
        "media": [{"url": "https://a.test/1", "contentType": "image/png"}],
        "buttonText": "Yes",
        "buttonPayload": "CONFIRM",
        "latitude": "45.1",
        "longitude": "9.2",
        "parts": "1",
        "optOutType": "STOP",
    }
    answer = webhook_vendor("Twilio").answer(webhook("Twilio"), [reading])
    assert (answer.status, answer.media_type) == (200, "text/xml")
    assert answer.body.endswith(b"<Response/>")


def test_twilio_may_call_by_get_and_in_any_script() -> None:
    query = f"MessageSid={SID}&From=12345&To=ACME&Body=Gr%C3%BC%C3%9Fe%0A%F0%9F%91%8B%1B[2J"
    call = form("Body=unsigned", url=f"https://a.test/x?{query}#rc=2", method="GET")
    (reading,) = read("Twilio", call)
    assert reading.text == "Grüße 👋\N{REPLACEMENT CHARACTER}[2J"
    assert (reading.sender, reading.recipient) == ("12345", "ACME")
    assert reading.mapped["channel"] == "SMS"


def test_twilio_needs_an_id() -> None:
    assert "MessageSid" in refused("Twilio", form("Body=STOP"))
    assert "too many" in refused("Twilio", form("&".join(f"a{n}=1" for n in range(1001))))
