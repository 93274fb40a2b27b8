"""Webhooks for every vendor, type and way in, and calls to them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from smstui.providers.base import Result
from smstui.providers.fields import Value
from smstui.webhooks.base import Call, EventKind, Reading, Refused, Webhook, WebhookType
from smstui.webhooks.vendors.custom_template import TEMPLATES
from smstui.webhooks.vendors.registry import webhook_vendor

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
URL = "https://hooks.example.test/in/abc"
INBOUND, FEEDBACK, OTHER = EventKind.INBOUND, EventKind.FEEDBACK, EventKind.OTHER
PASSED, FAILED, PENDING, WARNED = Result.PASSED, Result.FAILED, Result.PENDING, Result.WARNED
TOKEN = "0123456789abcdef0123456789abcdef"
SETTINGS: dict[str, Value] = {
    "caller_user": "ajo",
    "caller_password": SecretStr("pässword-1234567890"),
    "header_name": "X-Webhook-Key",
    "header_value": SecretStr("header-value-1234567890"),
    "bearer_token": SecretStr("bearer-token-1234567890"),
    "hmac_secret": SecretStr("smstui-demo-secret"),
    "hmac_header": "X-Signature",
    "hmac_algorithm": "sha256",
    "hmac_encoding": "hex",
    "signing_token": SecretStr(TOKEN),
}


def webhook(vendor: str, type_: WebhookType = WebhookType.BOTH, **fields: Value) -> Webhook:
    """Return a webhook with every secret set; without a choice, its vendor's default way in."""
    if vendor == "Custom":
        fields = {"payload": TEMPLATES[type_], **fields}
    own = webhook_vendor(vendor).own_fields()
    draft = {name: value for name, value in (SETTINGS | fields).items() if name in own}
    return Webhook("test", type_, draft | {"type": type_.value})


def post(body: bytes | str | dict[str, Any] | list[Any], *headers: tuple[str, str]) -> Call:
    """Return a POST of JSON to a webhook."""
    if isinstance(body, dict | list):
        body = json.dumps(body)
    raw = body if isinstance(body, bytes) else body.encode()
    return Call("POST", URL, (("Content-Type", "application/json"), *headers), raw, NOW)


def form(body: str, *headers: tuple[str, str], url: str = URL, method: str = "POST") -> Call:
    """Return a form post."""
    kind = ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
    return Call(method, url, (kind, *headers), body.encode(), NOW)


def read(vendor: str, call: Call, type_: WebhookType = WebhookType.BOTH) -> list[Reading]:
    """Return what a call says."""
    return webhook_vendor(vendor).read(webhook(vendor, type_), call)


def told(reading: Reading) -> tuple[Any, ...]:
    """Return result, word, code and channel of what became of a message."""
    assert reading.kind is FEEDBACK
    assert reading.outcome is not None
    outcome = reading.outcome
    assert outcome.word
    assert outcome.summary
    assert outcome.message_id == reading.message_id
    return outcome.result, outcome.word, outcome.code, outcome.channel


def refused(vendor: str, call: Call, type_: WebhookType = WebhookType.BOTH) -> str:
    """Return why a call is not understood."""
    with pytest.raises(Refused) as caught:
        read(vendor, call, type_)
    assert caught.value.status == 400
    assert caught.value.message.endswith(".")
    return caught.value.message


def all_webhooks(vendor: str) -> Iterator[Webhook]:
    """Yield a webhook for each type and way in of a vendor, and for two writings of an HMAC."""
    room = webhook_vendor(vendor)
    choice = room.own_fields().get("authentication")
    ways = [choice.value for choice in choice.choices] if choice else [""]
    for type_, way in itertools.product(room.types, ways):
        yield webhook(vendor, type_, authentication=way)
        if way == "hmac":
            other: dict[str, Value] = {"hmac_algorithm": "sha1", "hmac_encoding": "base64"}
            yield webhook(vendor, type_, authentication=way, **other)


def label(of: Webhook) -> str:
    """Return a name for a test's parameter."""
    return "-".join((of.type.value, of.text("authentication"), of.text("hmac_encoding")))
