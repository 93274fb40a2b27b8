"""Stores with what channel configurations name, and runs of their checks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

from smstui import credentials
from smstui.channels import runs
from smstui.channels.base import Check
from smstui.channels.running import carry_out
from smstui.channels.stored import create
from smstui.providers.fields import Value
from smstui.providers.registry import provider_for
from smstui.simulator.demo import value_of
from smstui.simulator.server import Simulator
from smstui.store import Store
from smstui.store.channel_records import ChannelRecord
from smstui.store.records import CredentialRecord, NewCredential
from smstui.store.webhook_records import WebhookRecord
from smstui.webhooks import stored as webhooks

T = TypeVar("T")

NUMBER = "+12025550142"


def draft(name: Value = "Acme_SMS", **fields: Value) -> dict[str, Value]:
    """Return a draft that is filled in rightly; fields are added or replaced."""
    return {
        "name": name,
        "channel": "SMS",
        "sms_type": "Marketing",
        "mobile_configuration": "main",
        "sender_number": NUMBER,
        **fields,
    }


def credential(
    store: Store,
    simulator: Simulator,
    vendor: str = "Twilio",
    label: str = "live, number only",
    changes: Mapping[str, Value] = MappingProxyType({}),
) -> CredentialRecord:
    """Save the credential "main", which logs in to an account of the simulator."""
    account = next(i for i in simulator.accounts if (i.vendor, i.label) == (vendor, label))
    specs = provider_for(vendor).model.specs()
    typed = {key: value_of(specs[key], text) for key, text in account.fields.items()}
    return credentials.create(store, vendor, {**typed, "name": "main", **changes})


def plain_credential(store: Store, name: str = "main", vendor: str = "Twilio") -> CredentialRecord:
    """Save a credential that no provider knows."""
    return store.credentials.add(NewCredential(vendor, name, {}, {}))


def webhook(
    store: Store, vendor: str, name: str, credential: str = "", **fields: Value
) -> WebhookRecord:
    """Save a webhook whose keywords are in order."""
    named: dict[str, Value] = {"credential": credential} if credential else {}
    if fields.get("type") != "Feedback":
        named |= {"sender_phone_number": NUMBER, "opt_out_reply": "You are out."}
    if vendor in ("Infobip", "Custom"):
        named["authentication"] = "none"
    return webhooks.create(store, vendor, {**named, "name": name, **fields})


def submit(store: Store, record: ChannelRecord) -> tuple[ChannelRecord, dict[str, Check]]:
    """Submit a configuration, and return it with what its checks found."""
    return run(store, runs.begin(store, record))


def activate(store: Store, **fields: Value) -> ChannelRecord:
    """Save a configuration, and let it pass without asking anybody."""
    record = create(store, draft(**fields))
    token = begun(store, record)
    return runs.end(store, record.id, token, [], [])


def begun(store: Store, record: ChannelRecord) -> str:
    """Let the checks of a configuration begin, and return the run's token."""
    started = runs.begin(store, record)
    assert started.run is not None
    return started.run.token


def run(store: Store, begun: ChannelRecord) -> tuple[ChannelRecord, dict[str, Check]]:
    """Carry out the checks that have begun."""

    async def call(function: Callable[[Store], T]) -> T:
        return function(store)

    async def through() -> tuple[Check, ...]:
        seen = [checks async for checks in carry_out(call, begun)]
        return seen[-1]

    found = asyncio.run(through())
    return store.channels.get(begun.id), {check.name: check for check in found}
