"""Sinch's calls, of the SMS API and of the Conversation API."""

from __future__ import annotations

from typing import Any

import pytest

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

REPORT = {
    "type": "recipient_delivery_report_sms",
    "batch_id": "01JD0",
    "recipient": "12065550123",
    "code": 0,
    "status": "Delivered",
    "at": "2026-11-23T10:00:05.120Z",
    "client_reference": "verify-7f3a",
    "number_of_message_parts": 1,
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (PASSED, "delivered", "", "SMS")),
        ({"status": "DELIVERED", "code": "0"}, (PASSED, "delivered", "", "SMS")),
        ({"type": "recipient_delivery_report_mms"}, (PASSED, "delivered", "", "MMS")),
        ({"status": "Queued", "code": 400}, (PENDING, "accepted", "", "SMS")),
        ({"status": "Dispatched", "code": 401}, (PENDING, "sent", "", "SMS")),
        ({"status": "aborted", "code": 402}, (FAILED, "no route", "402", "SMS")),
        ({"status": "Expired", "code": 406}, (FAILED, "expired", "406", "SMS")),
        ({"status": "Unknown", "code": 0}, (WARNED, "no receipt", "", "SMS")),
    ],
)
def test_sinch_tells_the_state_of_a_message(
    changes: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    record: dict[str, Any] = REPORT | changes
    (reading,) = read("Sinch", post(record))
    assert told(reading) == expected
    assert reading.message_id == "01JD0/12065550123"
    assert reading.key == f"01JD0/12065550123:{record['status'].lower()}"
    assert (reading.recipient, reading.reference) == ("+12065550123", "verify-7f3a")
    assert reading.mapped["client_reference"] == "verify-7f3a"


def test_sinch_tells_the_states_of_a_whole_batch() -> None:
    statuses = [
        {"code": 0, "status": "Delivered", "count": 2, "recipients": ["12065550123", "+44770"]},
        {"code": 402, "status": "Aborted", "count": 9},
    ]
    body = {"type": "delivery_report_sms", "batch_id": "01JD0", "statuses": statuses}
    first, second, third = read("Sinch", post(body))
    assert [r.message_id for r in (first, second, third)] == [
        "01JD0/12065550123",
        "01JD0/44770",
        "01JD0",
    ]
    assert [told(r)[0] for r in (first, second, third)] == [PASSED, PASSED, FAILED]
    assert third.mapped["count"] == "9"
    assert len({r.key for r in (first, second, third)}) == 3
    assert read("Sinch", post({**body, "statuses": []})) == []


def test_sinch_brings_texts_binaries_and_media() -> None:
    text = {
        "type": "mo_text",
        "id": "01MO",
        "from": "12065550123",
        "to": "12345",
        "body": "STOP",
        "received_at": "2026-11-23T11:01:00+01:00",
        "operator_id": "310260",
    }
    (reading,) = read("Sinch", post(text))
    assert (reading.kind, reading.key, reading.text) == (INBOUND, "01MO", "STOP")
    assert reading.mapped == {
        "InboundMessage": "STOP",
        "ProfileNumber": "+12065550123",
        "RequestID": "01MO",
        "OriginTimestamp": "2026-11-23T10:01:00.000Z",
        "InboundNumber": "12345",
        "channel": "SMS",
        "operator": "310260",
    }
    (binary,) = read("Sinch", post(text | {"type": "mo_binary", "body": "AQI=", "udh": "0605"}))
    assert (binary.text, binary.mapped["binary"], binary.mapped["udh"]) == ("", "AQI=", "0605")
    picture = {"url": "https://a.test/1", "content_type": "image/png", "status": "Uploaded"}
    content = {"subject": "s", "message": "hello", "media": [picture, {"content_type": "x"}]}
    (media,) = read("Sinch", post(text | {"type": "mo_media", "body": content}))
    assert (media.text, media.mapped["channel"]) == ("hello", "MMS")
    assert media.mapped["media"][0] == {"url": "https://a.test/1", "contentType": "image/png"}
    (unknown,) = read("Sinch", post({"type": "number_provisioned", "id": "x"}))
    assert (unknown.kind, unknown.word) == (OTHER, "number provisioned")


IDENTITY = {"channel": "RCS", "identity": "12065550123", "app_id": ""}


@pytest.mark.parametrize(
    ("status", "reason", "expected"),
    [
        ("QUEUED_ON_CHANNEL", "", (PENDING, "queued", "", "RCS")),
        ("DELIVERED", "", (PASSED, "delivered", "", "RCS")),
        ("READ", "", (PASSED, "read", "", "RCS")),
        (
            "SWITCHING_CHANNEL",
            "RECIPIENT_NOT_REACHABLE",
            (PENDING, "switching", "RECIPIENT_NOT_REACHABLE", "RCS"),
        ),
        ("FAILED", "CHANNEL_REJECT", (FAILED, "rejected", "CHANNEL_REJECT", "RCS")),
        ("FAILED", "SOMETHING_NEW", (FAILED, "failed", "SOMETHING_NEW", "RCS")),
        ("SOMETHING_NEW", "", (PENDING, "accepted", "", "RCS")),
    ],
)
def test_the_conversation_api_tells_the_state_of_a_message(
    status: str, reason: str, expected: tuple[Any, ...]
) -> None:
    report = {
        "message_id": "01MSG",
        "status": status,
        "channel_identity": IDENTITY,
        "metadata": "verify-7f3a",
        "reason": {"code": reason, "description": "why"} if reason else None,
    }
    (reading,) = read("Sinch Conversational", post({"message_delivery_report": report}))
    assert told(reading) == expected
    assert reading.key == f"01MSG:{status}:RCS"
    assert (reading.recipient, reading.reference) == ("+12065550123", "verify-7f3a")
    assert reading.mapped["failureCode"] == reason


@pytest.mark.parametrize(
    ("content", "text", "mapped"),
    [
        ({"text_message": {"text": "STOP"}}, "STOP", {"content": "text message"}),
        (
            {"choice_response_message": {"message_id": "01MSG", "postback_data": "01MSG_Yes"}},
            "Yes",
            {"buttonPayload": "01MSG_Yes", "inReplyTo": "01MSG"},
        ),
        (
            {"choice_response_message": {"message_id": "01MSG", "postback_data": "CONFIRM"}},
            "CONFIRM",
            {"buttonPayload": "CONFIRM"},
        ),
        (
            {"media_message": {"url": "https://a.test/1"}},
            "",
            {"media": [{"url": "https://a.test/1"}]},
        ),
        (
            {"media_card_message": {"url": "https://a.test/1", "caption": "look"}},
            "look",
            {"media": [{"url": "https://a.test/1"}]},
        ),
        (
            {"location_message": {"title": "Home", "coordinates": {"latitude": 1.5}}},
            "Home",
            {"latitude": "1.5"},
        ),
        ({"something_message": {}}, "", {"content": "something message"}),
    ],
)
def test_the_conversation_api_brings_texts_taps_media_and_places(
    content: dict[str, Any], text: str, mapped: dict[str, Any]
) -> None:
    message = {
        "id": "01IN",
        "contact_message": content,
        "channel_identity": IDENTITY,
        "sender_id": "12345",
        "accept_time": "2026-11-23T10:01:00Z",
    }
    (reading,) = read("Sinch Conversational", post({"app_id": "x", "message": message}))
    assert (reading.kind, reading.key, reading.text) == (INBOUND, "01IN", text)
    assert (reading.sender, reading.recipient) == ("+12065550123", "12345")
    assert reading.mapped["channel"] == "RCS"
    assert mapped.items() <= reading.mapped.items()


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (
            {
                "event": {
                    "id": "01E",
                    "contact_event": {"composing_event": {}},
                    "channel_identity": IDENTITY,
                }
            },
            "typing",
        ),
        ({"event": {"id": "01E", "contact_event": {"conversation_joined_event": 1}}}, None),
        ({"capability_notification": {"capability_status": "CAPABILITY_FULL"}}, "capability"),
        ({"message_submit_notification": {"message_id": "01MSG"}}, "message submit"),
        ({"opt_in_notification": {"identity": "12065550123", "channel": "RCS"}}, "opt in"),
        ({"opt_out_notification": {"status": "OPT_OUT_SUCCEEDED"}}, "opt out"),
        ({"unsupported_callback": "x", "app_id": "y"}, "unsupported callback"),
    ],
)
def test_the_conversation_api_tells_other_things(body: dict[str, Any], word: str | None) -> None:
    (reading,) = read("Sinch Conversational", post(body))
    assert reading.kind is OTHER
    assert reading.word == (word or "conversation joined")
