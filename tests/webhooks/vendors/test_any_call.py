"""Calls of any vendor: what is refused, how values are written, and that none does harm."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smstui.webhooks.base import Call, EventKind, Reading, Refused, Webhook
from smstui.webhooks.vendors.reading import MOST, number, utc
from smstui.webhooks.vendors.registry import webhook_vendor
from tests.webhooks.vendors.cases import (
    NOW,
    all_webhooks,
    form,
    post,
    read,
    refused,
    told,
)


@pytest.mark.parametrize(
    ("vendor", "body", "said"),
    [
        ("Sinch", "[]", "not an object"),
        ("Sinch", "{}", "type is missing"),
        ("Sinch", '{"type": {}}', "type is not a text"),
        ("Sinch", '{"type": "mo_text", "id": "1"}', "from is missing"),
        ("Sinch", '{"type": "mo_text", "id": "1", "from": ["1"]}', "from is not a text"),
        (
            "Sinch",
            '{"type": "delivery_report_sms", "batch_id": "1", "statuses": [1]}',
            "statuses[0] is not an object",
        ),
        (
            "Sinch",
            '{"type": "delivery_report_sms", "statuses": [{"status": "x", "recipients": [{}]}]}',
            "statuses[0].recipients[0] is not a text",
        ),
        ("Sinch Conversational", '{"app_id": "x"}', "tells no event"),
        ("Sinch Conversational", '{"message": 1}', "message is not an object"),
        (
            "Sinch Conversational",
            '{"message": {"contact_message": {"text_message": {"text": []}}}}',
            "message.contact_message.text_message.text is not a text",
        ),
        ("Infobip", "{}", "results is missing"),
        ("Infobip", '{"results": {}}', "results is not a list"),
        ("Infobip", '{"results": [{}]}', "results[0] is neither"),
        ("Infobip", '{"results": [{"messageId": "1", "status": {}}]}', "results[0].status.name"),
        ("Infobip", '{"results": [{"status": "x"}]}', "results[0].status is not an object"),
        ("Infobip", json.dumps({"results": [{}] * (MOST + 1)}), "at most 1000"),
        ("Infobip", '{"results": [], "results": []}', "occurs twice"),
        ("Infobip", '{"results": NaN}', "NaN is not JSON"),
        ("Infobip", "[" * 100_000, "nested more than"),
        ("Infobip", '{"results": "\\ud800"}', "half a character"),
        ("Infobip", "a=1", "The body is not JSON"),
        ("Infobip", "", "The body is not JSON"),
    ],
)
def test_what_cannot_be_understood_is_told_by_its_place(vendor: str, body: str, said: str) -> None:
    assert said in refused(vendor, post(body))


def test_other_encodings_and_forms_are_told() -> None:
    assert "not UTF-8" in refused("Infobip", post(b'{"x": "\xff"}'))
    assert "is a form" in refused("Infobip", form("a=1"))
    assert read("Infobip", post(b'\xef\xbb\xbf{"results": []}')) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("12065550123", "+12065550123"),
        ("+12065550123", "+12065550123"),
        ("0012065550123", "+12065550123"),
        ("rcs:+12065550123", "+12065550123"),
        ("whatsapp:12065550123", "+12065550123"),
        ("tel:+1-206-555-0123", "+12065550123"),
        ("12345", "12345"),
        ("ACME", "ACME"),
        ("rcs:agent_1", "agent_1"),
        ("", ""),
    ],
)
def test_numbers_are_written_alike(given: str, expected: str) -> None:
    assert number(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2026-11-23T10:00:00.000+0000", "2026-11-23T10:00:00.000Z"),
        ("2026-11-23T11:00:00+0100", "2026-11-23T10:00:00.000Z"),
        ("2026-11-23T10:00:00.120Z", "2026-11-23T10:00:00.120Z"),
        ("2026-11-23 10:00:00", "2026-11-23T10:00:00.000Z"),
        ("1767225600", "2026-01-01T00:00:00.000Z"),
        ("1767225600500", "2026-01-01T00:00:00.500Z"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
        ("yesterday", "yesterday"),
        ("", ""),
    ],
)
def test_times_are_told_in_utc(given: str, expected: str) -> None:
    assert utc(given) == expected


HOOKS = [
    (vendor, next(iter(hooks)))
    for vendor in ("Sinch", "Sinch Conversational", "Infobip", "Custom", "Twilio")
    for hooks in ([*all_webhooks(vendor)], [*all_webhooks(vendor)][::-1])
]
NAMES = """
type id from to body status statuses code recipients recipient batch_id media message event
message_delivery_report message_id contact_message text_message text channel_identity identity
contact_event capability_notification choice_response_message results messageId sender error groupId
name seenAt url capabilityCheckResult clientReference receivedAt
"""
WORDS = st.sampled_from(["mo_text", "mo_media", "delivery_report_sms", "READ", "x", "\x1b[2J"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=5)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES.split()) | st.text(max_size=3), inner, max_size=6)
    ),
    max_leaves=20,
)
BODIES = (
    st.binary(max_size=40)
    | DOCUMENTS.map(lambda document: json.dumps(document).encode())
    | st.dictionaries(st.sampled_from(NAMES.split()), DOCUMENTS, max_size=8).map(
        lambda document: json.dumps({"results": [document], **document}).encode()
    )
)
TYPES = st.sampled_from(["application/json", "application/x-www-form-urlencoded", ""])


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(HOOKS), BODIES, TYPES, st.sampled_from(["POST", "GET"]))
def test_no_call_does_harm(case: tuple[str, Webhook], body: bytes, kind: str, method: str) -> None:
    vendor, hook = case
    call = Call(method, "https://a.test/?MessageSid=1&a=%ff", (("Content-Type", kind),), body, NOW)
    for found in readings_or_refusal(vendor, hook, call):
        if isinstance(found, Refused):
            assert found.status == 400
            assert found.message.isprintable()
            assert len(found.message) < 600
            continue
        assert found.kind is not EventKind.REFUSED
        shown = (found.text, found.sender, found.recipient, found.key, found.word)
        assert all(text.isprintable() for text in shown)
        assert json.loads(json.dumps(dict(found.mapped))) == found.mapped
        assert all(v.isprintable() for v in found.mapped.values() if isinstance(v, str))
        if found.outcome is not None:
            assert told(found)
            assert all(str(value).isprintable() for value in asdict(found.outcome).values())


def readings_or_refusal(vendor: str, hook: Webhook, call: Call) -> Sequence[Reading | Refused]:
    """Return what a call says, or why it is not understood."""
    try:
        return webhook_vendor(vendor).read(hook, call)
    except Refused as refusal:
        return [refusal]
