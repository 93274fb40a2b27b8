"""Infobip's calls: reports, replies and events of SMS, MMS and RCS."""

from __future__ import annotations

from typing import Any

import pytest

from smstui.webhooks.base import WebhookType
from tests.webhooks.vendors.cases import (
    FAILED,
    INBOUND,
    OTHER,
    PASSED,
    PENDING,
    WARNED,
    post,
    read,
    told,
)


def delivered(**changes: Any) -> dict[str, Any]:
    """Return a delivery report of v3, changed."""
    return {
        "bulkId": "1",
        "messageId": "verify-7f3a",
        "to": "385990000001",
        "sender": "DemoBrand",
        "doneAt": "2026-11-23T11:00:03.000+0100",
        "messageCount": 1,
        "status": {
            "groupId": 3,
            "groupName": "DELIVERED",
            "id": 5,
            "name": "DELIVERED_TO_HANDSET",
        },
        "error": {"groupId": 0, "id": 0, "name": "NO_ERROR", "permanent": False},
        "callbackData": "sandbox=dev",
    } | changes


@pytest.mark.parametrize(
    ("changes", "expected", "code"),
    [
        ({}, (PASSED, "delivered", "", ""), ""),
        ({"channel": "RCS"}, (PASSED, "delivered", "", "RCS"), ""),
        ({"conversation": {}, "smsCount": 2}, (PASSED, "delivered", "", "RCS"), ""),
        ({"status": {"groupId": 1, "id": 26}}, (PENDING, "accepted", "", ""), ""),
        (
            {
                "channel": "RCS",
                "status": {"groupId": 1, "id": 7, "name": "PENDING_ENROUTE"},
                "error": {"id": 7002, "name": "EC_UNKNOWN_USER"},
            },
            (PENDING, "accepted", "", "RCS"),
            "EC_UNKNOWN_USER",
        ),
        (
            {"status": {"groupId": 5, "id": 11, "name": "REJECTED_SOURCE"}},
            (FAILED, "sender refused", "REJECTED_SOURCE", ""),
            "REJECTED_SOURCE",
        ),
        (
            {"status": {"groupName": "EXPIRED", "id": 29, "name": "EXPIRED_DLR_UNKNOWN"}},
            (WARNED, "no receipt", "EXPIRED_DLR_UNKNOWN", ""),
            "EXPIRED_DLR_UNKNOWN",
        ),
    ],
)
def test_infobip_tells_the_state_of_a_message(
    changes: dict[str, Any], expected: tuple[Any, ...], code: str
) -> None:
    (reading,) = read("Infobip", post({"results": [delivered(**changes)]}), WebhookType.FEEDBACK)
    assert told(reading) == expected
    assert reading.key.startswith("verify-7f3a:")
    assert (reading.recipient, reading.reference) == ("+385990000001", "sandbox=dev")
    assert reading.mapped["failureCode"] == code
    assert reading.mapped["at"] == "2026-11-23T10:00:03.000Z"


def test_infobip_tells_of_many_messages_and_of_those_that_were_read() -> None:
    seen = {
        "messageId": "m",
        "from": "DemoSender",
        "to": "385990000001",
        "seenAt": "2026-11-23T10:00:04Z",
    }
    readings = read("Infobip", post({"results": [delivered(), seen]}), WebhookType.FEEDBACK)
    assert [told(reading)[:2] for reading in readings] == [(PASSED, "delivered"), (PASSED, "read")]
    assert readings[1].key == "m:SEEN"
    assert read("Infobip", post({"results": []})) == []


@pytest.mark.parametrize(
    ("entry", "text", "mapped"),
    [
        (
            {"from": "385990000001", "text": "STOP now", "cleanText": "now", "keyword": "STOP"},
            "STOP now",
            {"channel": "SMS", "keyword": "STOP"},
        ),
        (
            {"sender": "385990000001", "message": {"type": "TEXT", "text": "STOP"}},
            "STOP",
            {"channel": "RCS", "content": "TEXT"},
        ),
        (
            {
                "sender": "385990000001",
                "message": {"type": "SUGGESTION", "text": "Yes", "postbackData": "CONFIRM"},
                "pairedMessageId": "verify-7f3a",
            },
            "Yes",
            {"buttonPayload": "CONFIRM", "inReplyTo": "verify-7f3a"},
        ),
        (
            {"sender": "385990000001", "message": {"type": "LOCATION", "latitude": 1.5}},
            "",
            {"latitude": "1.5"},
        ),
        (
            {"sender": "385990000001", "message": {"type": "FILE", "url": "https://a.test/1"}},
            "",
            {"media": [{"url": "https://a.test/1", "contentType": ""}]},
        ),
        (
            {
                "from": "385990000001",
                "message": [
                    {"contentType": "text/plain", "value": "hello"},
                    {"contentType": "image/png", "url": "https://a.test/1"},
                ],
            },
            "hello",
            {
                "channel": "MMS",
                "media": [{"url": "https://a.test/1", "contentType": "image/png"}],
            },
        ),
    ],
)
def test_infobip_brings_texts_of_all_its_channels(
    entry: dict[str, Any], text: str, mapped: dict[str, Any]
) -> None:
    common = {"messageId": "81", "to": "385990000099", "receivedAt": "2026-11-23T10:00:00+0000"}
    call = post({"results": [common | entry], "messageCount": 1})
    (reading,) = read("Infobip", call, WebhookType.INBOUND)
    assert (reading.kind, reading.key, reading.text) == (INBOUND, "81", text)
    assert (reading.sender, reading.recipient) == ("+385990000001", "+385990000099")
    assert reading.mapped["OriginTimestamp"] == "2026-11-23T10:00:00.000Z"
    assert mapped.items() <= reading.mapped.items()


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        ({"sender": "385990000001", "event": {"type": "TYPING_INDICATOR"}}, "typing"),
        ({"event": {"type": "CONVERSATION_STARTED"}}, "conversation started"),
        ({"event": "RCS_SENDER_STATUS_UPDATE", "senderStatus": "LAUNCHED"}, "sender status"),
        ({"event": "RCS_SENDER_LAUNCH_STATUS_UPDATE", "coverage": []}, "sender launch"),
        ({"event": "RCS_TEST_NUMBER_STATUS_UPDATE", "testNumberStatus": "X"}, "test number"),
        ({"capabilityCheckResult": {"phoneNumber": "1", "code": "ENABLED"}}, "capability"),
        ({"event": "SOMETHING_NEW"}, "something new"),
    ],
)
def test_infobip_tells_other_things(entry: dict[str, Any], word: str) -> None:
    (reading,) = read("Infobip", post({"results": [entry]}))
    assert (reading.kind, reading.word) == (OTHER, word)
    if "event" in entry:
        assert read("Infobip", post(entry))[0].word == word
