"""Webhooks and calls for the tests of the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from smstui.store import Store
from smstui.store.webhook_records import NewCall, NewEvent, NewWebhook
from tests.conftest import NOW


def webhook(
    name: str,
    *,
    credential_id: int | None = None,
    path: str = "",
    fields: Mapping[str, Any] | None = None,
) -> NewWebhook:
    """Return a webhook that is not in the store yet; its path is made from its name."""
    return NewWebhook(
        vendor="Sinch",
        type="Inbound and feedback",
        name=name,
        credential_id=credential_id,
        path=path or f"path-{name}",
        fields={"sender_phone_number": "+15005550006"} if fields is None else fields,
        secrets={"hmac_secret": SecretStr("planted-hmac-secret")},
    )


def keep(
    store: Store, webhook_id: int, *events: NewEvent, at: datetime = NOW, body: bytes = b"{}"
) -> list[int]:
    """Keep one call with its events, and return their ids."""
    name = store.webhooks.get(webhook_id).name
    call = NewCall(webhook_id, at, "POST", "https://hooks.example.net/w/p", (("A", "b"),), body)
    with store.changing():
        call_id = store.events.add_call(call)
        return [store.events.add(call_id, name, call, event) for event in events]
