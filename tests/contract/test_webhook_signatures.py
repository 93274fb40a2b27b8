"""The vendors' own SDKs and our webhooks judge each other's signatures, and read our samples."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from pydantic import SecretStr
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped] # It has no type hints.

from smstui.providers.fields import Value
from smstui.webhooks.base import Call, Refused, Webhook, WebhookType
from smstui.webhooks.signatures import TWILIO_HEADER
from smstui.webhooks.vendors.registry import webhook_vendor

with warnings.catch_warnings():
    # One of its texts has an invalid escape, which Python mentions when it compiles the file.
    warnings.simplefilter("ignore", DeprecationWarning)
    from sinch.domains.conversation.sinch_events.v1 import (  # type: ignore[import-untyped] # It has no type hints.
        conversation_sinch_event,
    )
    from sinch.domains.sms.sinch_events.v1 import (  # type: ignore[import-untyped] # The same.
        sms_sinch_event,
    )

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TOKEN = "0123456789abcdef0123456789abcdef"
SECRET = "smstui-demo-secret"
FORM = "application/x-www-form-urlencoded"
URLS = (
    "https://hooks.example.test/in/abc",
    "https://hooks.example.test/in/abc?conn=7&x=%20y",
    "https://hooks.example.test:8443/in/abc",
    "https://hooks.example.test:443/in/abc",
    "http://hooks.example.test/in/abc",
)
TYPES = (WebhookType.INBOUND, WebhookType.FEEDBACK)

TWILIO = Webhook("x", WebhookType.BOTH, {"signing_token": SecretStr(TOKEN)})


def is_believed(vendor: str, webhook: Webhook, call: Call) -> bool:
    """Whether our side believes a call."""
    try:
        webhook_vendor(vendor).authenticate(webhook, call)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("type_", TYPES)
def test_twilios_validator_accepts_our_samples(url: str, type_: WebhookType) -> None:
    call = webhook_vendor("Twilio").sample(TWILIO, url, type_, NOW)
    signature, values = call.header(TWILIO_HEADER), dict(call.form())
    assert RequestValidator(TOKEN).validate(url, values, signature)
    assert not RequestValidator(TOKEN).validate(url, {**values, "To": "x"}, signature)


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("algorithm", ["HMAC_SHA1", "HMAC_SHA256"])
def test_we_accept_what_twilio_signs(url: str, algorithm: str) -> None:
    values = {"MessageSid": "SM1", "Body": "Grüße & 100% ☕", "FromCity": "", "a": "1", "B": "2"}
    signature = RequestValidator(TOKEN).compute_signature(url, values, algorithm)
    headers = [("Content-Type", FORM), (TWILIO_HEADER, signature)]
    if algorithm == "HMAC_SHA256":
        headers.append(("X-Twilio-Webhooks-Signature-Settings", f"key=k,algorithm={algorithm}"))
    call = Call("POST", url, tuple(headers), urlencode(values).encode(), NOW)
    assert is_believed("Twilio", TWILIO, call)
    assert not is_believed("Twilio", TWILIO, replace(call, body=call.body + b"&c=3"))
    assert not is_believed("Twilio", TWILIO, replace(call, url=url.replace("abc", "abd")))


def test_we_accept_what_twilio_signs_of_json_and_of_gets() -> None:
    validator = RequestValidator(TOKEN)
    body = '{"event": "Grüße"}'
    url = f"{URLS[0]}?bodySHA256={validator.compute_hash(body)}"
    signed = (TWILIO_HEADER, validator.compute_signature(url, {}))
    call = Call("POST", url, (("Content-Type", "application/json"), signed), body.encode(), NOW)
    assert validator.validate(url, body, signed[1])
    assert is_believed("Twilio", TWILIO, call)
    assert not is_believed("Twilio", TWILIO, replace(call, body=call.body + b" "))
    by_get = f"{URLS[0]}?MessageSid=SM1&Body=STOP"
    signature = validator.compute_signature(by_get, {})
    call = Call("GET", by_get, ((TWILIO_HEADER, signature),), b"", NOW)
    assert is_believed("Twilio", TWILIO, call)
    assert webhook_vendor("Twilio").read(TWILIO, call)[0].text == "STOP"


@pytest.mark.parametrize(
    ("vendor", "handler", "kinds"),
    [
        (
            "Sinch Conversational",
            conversation_sinch_event.ConversationSinchEvent,
            ("MessageInboundEvent", "MessageDeliveryReceiptEvent"),
        ),
        ("Sinch", sms_sinch_event.SmsSinchEvent, ("MOTextMessage", "RecipientDeliveryReport")),
    ],
)
def test_sinchs_sdk_accepts_and_reads_our_samples(
    vendor: str, handler: Any, kinds: tuple[str, str]
) -> None:
    draft: dict[str, Value] = {
        "authentication": "sinch",
        "hmac_secret": SecretStr(SECRET),
    }
    webhook = Webhook("x", WebhookType.BOTH, draft)
    for type_, kind in zip(TYPES, kinds, strict=True):
        call = webhook_vendor(vendor).sample(webhook, URLS[0], type_, NOW)
        sdk = handler(SECRET)
        assert sdk.validate_authentication_header(dict(call.headers), call.body)
        assert not sdk.validate_authentication_header(dict(call.headers), call.body + b" ")
        assert type(sdk.parse_event(call.body, dict(call.headers))).__name__ == kind
