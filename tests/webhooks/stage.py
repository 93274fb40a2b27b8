"""A store with webhooks of every vendor, and genuine calls to them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from pydantic import SecretStr

from smstui.providers.fields import Value
from smstui.store import Store
from smstui.store.records import Actor, ListQuery, NewCredential
from smstui.store.webhook_records import EventQuery, EventRecord
from smstui.times import Clock
from smstui.webhooks.base import Call, Webhook, WebhookType
from smstui.webhooks.intake import Incoming, Intake, Taken
from smstui.webhooks.settings import ReceiverSettings
from smstui.webhooks.signatures import twilio_signature
from smstui.webhooks.stored import create, load
from smstui.webhooks.vendors.registry import webhook_vendor
from tests.conftest import NOW, PASSPHRASE
from tests.webhooks.vendors.cases import TOKEN, webhook

NUMBER, SENDER = "+15555550123", "+15005550006"
SETTINGS = ReceiverSettings(port=0, public_url="https://hooks.example.test")

WEBHOOKS: dict[str, tuple[str, dict[str, Value]]] = {
    "twilio": ("Twilio", {}),
    "sinch": ("Sinch", {"authentication": "sinch"}),
    "sinch-basic": ("Sinch", {"authentication": "basic"}),
    "conversation": ("Sinch Conversational", {"authentication": "sinch"}),
    "infobip": ("Infobip", {"authentication": "hmac"}),
    "infobip-open": ("Infobip", {"authentication": "none"}),
    "header": ("Custom", {"authentication": "header"}),
}
"""The path of a webhook to its vendor and to what is particular to it."""


def fill(store: Store) -> None:
    """Put credentials and a webhook for each of `WEBHOOKS` into a store."""
    for vendor in ("Twilio", "Sinch", "Sinch MMS", "Sinch RCS", "Infobip", "Custom"):
        store.credentials.add(NewCredential(vendor, f"{vendor} main", {}, {}))
    for path, (vendor, fields) in WEBHOOKS.items():
        room = webhook_vendor(vendor)
        type_ = WebhookType.BOTH if WebhookType.BOTH in room.types else room.types[0]
        draft: dict[str, Value] = {
            **webhook(vendor, type_, **fields).draft,
            "name": path,
            "credential": f"{room.credential_vendors[0]} main",
            "sender_phone_number": SENDER,
            "opt_out_reply": "You are out.",
            "fuzzy_logic": True,
        }
        if len(room.types) == 1:
            del draft["type"]
        create(store, vendor, _without_hidden(vendor, draft), path=path)


def _without_hidden(vendor: str, draft: dict[str, Value]) -> dict[str, Value]:
    own = webhook_vendor(vendor).own_fields()
    return {
        name: value
        for name, value in draft.items()
        if name not in own or own[name].applies_to(draft)
    }


_handles: list[SecretStr] = []
"""Key and salt of every store that `make_store` copies: to derive them each time takes long."""


@contextmanager
def opened(path: Path, clock: Clock = lambda: NOW) -> Iterator[Store]:
    """Open the store of a test."""
    with Store.reopen(path, handle_of(path), actor=Actor("ada", ""), clock=clock) as store:
        yield store


def handle_of(path: Path) -> SecretStr:
    """Return what `Store.reopen` opens the store of a test with."""
    if not _handles:
        with Store.open(path, PASSPHRASE, actor=Actor("ada", "")) as store:
            _handles.append(store.handle)
    return _handles[0]


def filled(path: Path) -> Path:
    """Put webhooks of every vendor into an empty store, and return its path."""
    with opened(path) as store:
        fill(store)
    return path


def known(store: Store, path: str) -> Webhook:
    """Return a webhook as its vendor sees it."""
    return load(store, store.webhooks.by_path(path))


def sample(
    store: Store,
    path: str,
    now: datetime = NOW,
    *,
    feedback: bool = False,
    url: str = "",
) -> Incoming:
    """Return a genuine call as the provider would make it."""
    hook = known(store, path)
    type_ = WebhookType.FEEDBACK if feedback else WebhookType.INBOUND
    room = webhook_vendor(store.webhooks.by_path(path).vendor)
    return Incoming(path, room.sample(hook, url or SETTINGS.url_of(path), type_, now))


def text(
    body: str, sid: str = "SM1", *, number: str = NUMBER, url: str = "", now: datetime = NOW
) -> Incoming:
    """Return a text that Twilio posts, signed."""
    url = url or SETTINGS.url_of("twilio")
    values = {"MessageSid": sid, "From": number, "To": SENDER, "Body": body}
    headers = (
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("X-Twilio-Signature", twilio_signature(TOKEN, url, values.items())),
    )
    return Incoming("twilio", Call("POST", url, headers, urlencode(values).encode(), now))


def forged(incoming: Incoming, body: bytes = b"") -> Incoming:
    """Return a call whose body was changed on the way."""
    call = incoming.call
    return dataclasses.replace(
        incoming, call=dataclasses.replace(call, body=body or call.body + b"&Extra=1")
    )


def take(store: Store, *calls: Incoming) -> list[Taken]:
    """Take calls in, all at once."""
    return Intake(store).take(calls)


def events(store: Store) -> list[EventRecord]:
    """Return all events, oldest first."""
    return [store.events.get(id_) for id_ in reversed(store.events.ids(EventQuery()))]


def consents(store: Store) -> dict[str, str]:
    """Return how consent of each number stands."""
    rows = store.consents.rows(store.consents.ids(ListQuery(sort="number")))
    return {row.number: row.state for row in rows}


def copy_newest_event(store: Store, count: int) -> None:
    """Put copies of the newest event into a store, as quickly as SQLite can."""
    with store.changing(), store._vault.writing() as db:
        db.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
            " INSERT INTO events (call_id, webhook_id, at, kind, result, word, sender,"
            " recipient, message_id, reference, key, listing, text, detail)"
            " SELECT call_id, webhook_id, at, kind, result, word, sender, recipient, message_id,"
            " reference, 'copy-' || n.i, listing, text, detail FROM n,"
            " (SELECT * FROM events ORDER BY id DESC LIMIT 1)",
            (count,),
        )
