"""Webhooks for the tests of their screens, and what these read from the screen."""

from __future__ import annotations

from datetime import timedelta

from pydantic import SecretStr

from smstui.providers.fields import Value
from smstui.store import Store
from smstui.store.records import NewCredential
from smstui.store.webhook_records import NewCall, NewEvent, WebhookRecord
from smstui.webhooks.settings import ReceiverSettings
from smstui.webhooks.stored import create
from smstui.webhooks.vendors.caller_fields import Way
from smstui.webhooks.vendors.registry import webhook_vendor
from tests.conftest import NOW

SECRET = "0123456789abcdef0123456789ab4f2a"
PATH = "x7Qm2vK9tR4wLpZ8sN1cY6bH3dF5gJ0a"
PUBLIC = "https://hooks.acme.example"
URL = f"{PUBLIC}/w/{PATH}"

REPLIES: dict[str, Value] = {
    "sender_phone_number": "+15005550006",
    "opt_in_reply": "Acme: you are in again. Reply STOP to opt out.",
    "opt_out_reply": "Acme: you get no more messages. Reply START to come back.",
    "help_reply": "Acme alerts. Help: acme.example/help. Reply STOP to opt out.",
    "fuzzy_logic": True,
    "fuzzy_auto_response": "Nothing has changed yet. Reply STOP to opt out.",
}


def credentials(store: Store) -> None:
    """Put a credential of each vendor into a store that webhooks may name."""
    sid = "AC" + "0f" * 16
    store.credentials.add_many(
        [
            NewCredential(
                "Twilio",
                "twilio-main",
                {"account_sid": sid, "inbound_number": "+15005550006"},
                {"auth_token": SecretStr(SECRET)},
            ),
            NewCredential("Sinch", "sinch-eu", {}, {}),
            NewCredential("Sinch RCS", "sinch-rcs", {}, {}),
            NewCredential("Infobip", "infobip-main", {}, {}),
            NewCredential("Custom", "relay", {}, {}),
        ]
    )


def webhook(
    store: Store, name: str, vendor: str, credential: str, path: str = PATH, **fields: Value
) -> WebhookRecord:
    """Save a webhook that is in order."""
    own = webhook_vendor(vendor).own_fields()
    proof: dict[str, Value] = {}
    if "caller_user" in own:
        proof = {
            "authentication": Way.BASIC.value,
            "caller_user": "acme",
            "caller_password": SecretStr(SECRET),
        }
    elif "hmac_secret" in own:
        proof = {"hmac_secret": SecretStr(SECRET)}
    draft = {**REPLIES, **proof, "name": name, "credential": credential, **fields}
    return create(store, vendor, draft, path=path)


def event(
    store: Store, record: WebhookRecord, ago: timedelta, result: str, word: str, text: str = ""
) -> None:
    """Keep something that came in."""
    at = NOW - ago
    call = NewCall(record.id, at, "POST", URL, (), b"")
    kind = "inbound" if text else "feedback"
    told = NewEvent(kind, result, word, sender="+393331234567", text=text)
    store.events.add(store.events.add_call(call), record.name, call, told)
    store.webhooks.told(record.id, at, result, word)


def fill(store: Store) -> None:
    """Fill a store with webhooks of all vendors, some of which were called."""
    credentials(store)
    ReceiverSettings(public_url=PUBLIC).save(store)
    main = webhook(store, "twilio-replies", "Twilio", "twilio-main")
    event(store, main, timedelta(days=2), "", "opt-in", "start")
    event(store, main, timedelta(hours=3), "passed", "delivered")
    event(store, main, timedelta(hours=2), "", "opt-out", "STOP")
    sinch = webhook(store, "sinch-eu", "Sinch", "sinch-eu", path="a" * 32)
    event(store, sinch, timedelta(minutes=5), "failed", "bad login")
    webhook(
        store, "infobip-reports", "Infobip", "", path="b" * 32, type="Feedback", opt_in_reply=""
    )
    reports = webhook(store, "relay-replies", "Custom", "relay", path="c" * 32, type="Inbound")
    event(store, reports, timedelta(days=3), "warned", "near opt-out", "STPO")
    webhook(store, "rcs-brand", "Sinch Conversational", "sinch-rcs", path="d" * 32)
