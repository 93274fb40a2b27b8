"""The Conversation API of the simulated Sinch: rules, fallback, signed callbacks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from typing import Any

import pytest

from smstui.simulator.sinch.signature import signed_headers
from tests.receiver import Receiver
from tests.simulator.sinch_support import APP, ULID, Sinch


def test_a_conversation_message_is_accepted_and_not_kept(sinch: Sinch) -> None:
    peer = sinch.peer("live", "Sinch RCS")
    accepted = peer.message("RCS", "SMS")
    assert accepted.status == 200
    assert re.fullmatch(ULID, accepted.json["message_id"])
    assert accepted.json["accepted_time"] == "2026-11-23T10:00:00.000Z"
    path = "/v1/projects/{project_id}/messages/" + accepted.json["message_id"]
    source = "?messages_source=DISPATCH_SOURCE"
    assert peer.call("GET", path + source).status == 404
    keeping = sinch.peer("keeps messages", "Sinch RCS")
    path = "/v1/projects/{project_id}/messages/"
    path += keeping.message("RCS", "SMS", to="12065500036").json["message_id"]
    assert keeping.call("GET", path).status == 404
    assert keeping.call("GET", path + source).json["channel_identity"]["channel"] == "RCS"
    sinch.clock.advance(60)
    record = keeping.call("GET", path + source).json
    assert record["channel_identity"] == {
        "channel": "SMS",
        "identity": "12065500036",
        "app_id": "",
    }
    assert "status" not in record


@pytest.mark.parametrize(
    ("label", "channels", "changes", "status"),
    [
        ("live", ("MMS",), {}, 200),
        ("live", ("MMS",), {"channel_properties": None}, 400),
        ("live", ("RCS",), {"channel_properties": None}, 200),
        ("live", ("VIBERBM",), {}, 400),
        ("live", (), {}, 400),
        ("live", ("RCS",), {"app_id": "app"}, 400),
        ("live", ("RCS",), {"app_id": "01JD0APPEXAMP1E0APPEXAMP10"}, 404),
        ("live", ("RCS",), {"recipient": {"contact_id": "x"}}, 400),
        ("live", ("RCS",), {"channel_priority_order": ["SMS"]}, 400),
        ("live", ("RCS",), {"message": {}}, 400),
        ("live", ("RCS",), {"message": {"text_message": {"text": ""}}}, 400),
        ("live", ("MMS",), {"message": {"media_message": {"url": "a.jpg"}}}, 400),
        ("live", ("MMS",), {"message": {"media_message": {"url": "https://a.example/b"}}}, 200),
        ("live", ("MMS",), {"message": {"card_message": {"title": "x"}}}, 200),
        ("live", ("RCS",), {"ttl": "2s"}, 400),
        ("live", ("RCS",), {"ttl": "soon"}, 400),
        ("live", ("RCS",), {"ttl": "86400s"}, 200),
        ("live", ("RCS",), {"message_metadata": "x" * 1025}, 400),
        ("live", ("RCS",), {"correlation_id": "x" * 129}, 400),
        ("live", ("RCS",), {"callback_url": "x"}, 400),
        ("no fallback", ("RCS", "SMS"), {}, 400),
        ("no fallback", ("RCS",), {}, 200),
        ("no channel", ("RCS", "SMS"), {}, 400),
        ("channel failing", ("RCS",), {}, 200),
    ],
)
def test_rules_of_a_message(
    shared_sinch: Sinch, label: str, channels: tuple[str, ...], changes: dict[str, Any], status: int
) -> None:
    answer = shared_sinch.peer(label, "Sinch RCS").message(*channels, **changes)
    assert answer.status == status
    if status == 400:
        assert answer.json["error"]["status"] == "INVALID_ARGUMENT"


@pytest.mark.parametrize(
    ("label", "channels", "ending", "statuses"),
    [
        ("live", ("RCS", "SMS"), "50123", ["QUEUED_ON_CHANNEL", "DELIVERED", "READ"]),
        ("live", ("MMS",), "50123", ["QUEUED_ON_CHANNEL", "DELIVERED"]),
        (
            "live",
            ("RCS", "SMS"),
            "00036",
            ["SWITCHING_CHANNEL RECIPIENT_NOT_REACHABLE", "QUEUED_ON_CHANNEL", "DELIVERED"],
        ),
        ("live", ("RCS",), "00036", ["FAILED RECIPIENT_NOT_REACHABLE"]),
        ("live", ("MMS",), "00417", ["FAILED MEDIA_NOT_REACHABLE"]),
        (
            "live",
            ("RCS", "SMS"),
            "00408",
            ["SWITCHING_CHANNEL CHANNEL_REJECT", "FAILED CHANNEL_REJECT"],
        ),
        ("live", ("RCS", "SMS"), "00401", ["QUEUED_ON_CHANNEL"]),
        ("channel failing", ("MMS",), "50123", ["FAILED CHANNEL_BAD_CONFIGURATION"]),
    ],
)
def test_delivery_is_told_to_the_callback_alone_signed(
    sinch: Sinch,
    receiver: Receiver,
    label: str,
    channels: tuple[str, ...],
    ending: str,
    statuses: list[str],
) -> None:
    peer = sinch.peer(label, "Sinch RCS")
    secret = peer.call("GET", APP).json["callback_settings"]["secret_for_overridden_callback_urls"]
    answer = peer.message(
        *channels, to=f"120655{ending}", callback_url=receiver.url, message_metadata="m"
    )
    sinch.clock.advance(60)
    nonces = set()
    for expected in statuses:
        got = receiver.next()
        headers = {name.lower(): value for name, value in got.headers.items()}
        nonce = headers["x-sinch-webhook-signature-nonce"]
        nonces.add(nonce)
        stamp = headers["x-sinch-webhook-signature-timestamp"]
        data = got.body + f".{nonce}.{stamp}".encode()
        digest = hmac.new(secret.encode(), data, hashlib.sha256).digest()
        assert headers["x-sinch-webhook-signature"] == base64.b64encode(digest).decode()
        report = json.loads(got.body)["message_delivery_report"]
        reason = report.get("reason", {}).get("code", "")
        assert f"{report['status']} {reason}".strip() == expected
        assert report["message_id"] == answer.json["message_id"]
        assert report["metadata"] == "m"
    assert len(nonces) == len(statuses)
    assert receiver.received.empty()


def test_the_signature_is_sinchs() -> None:
    body = b'{"app_id":"01HZZZZZZZZZZZZZZZZZZZZZZZ","message_delivery_report":{"status":"READ"}}'
    headers = signed_headers(
        "smstui-demo-secret", body, nonce="01HABCDEF0123456789ABCDEFG", timestamp="1767225600"
    )
    assert headers == {
        "x-sinch-webhook-signature": "ZEAAlfd8WHxCptlFjBA1PdhDr4PlzN0ENNiUcwNizHw=",
        "x-sinch-webhook-signature-nonce": "01HABCDEF0123456789ABCDEFG",
        "x-sinch-webhook-signature-timestamp": "1767225600",
        "x-sinch-webhook-signature-algorithm": "HmacSHA256",
    }
