"""Stores with a record of every kind, and bundles of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from pydantic import SecretStr

from smstui import credentials, environments
from smstui.bundles.applying import apply
from smstui.bundles.document import Bundle
from smstui.bundles.exporting import collect
from smstui.bundles.files import pack, unpack
from smstui.bundles.plan import Choice, Item, Plan, make_plan
from smstui.channels import stored as channels
from smstui.providers.custom_fields import DEFAULT_HEADERS
from smstui.providers.fields import Value
from smstui.rcs import stored as rcs
from smstui.rcs.base import Step
from smstui.store import Store
from smstui.webhooks import stored as webhooks
from tests.channels.kit import NUMBER, draft
from tests.conftest import NOW
from tests.providers.custom_support import draft as custom_draft
from tests.rcs.set_ups import setup_of

SECRETS = {
    "token": "canary token 0123456789abcdef",
    "header": "canary header 0123456789abcdef",
    "password": "canary password of sixteen or more",
    "rcs": "canary rcs token 0123456789abcdef",
}
SEALING = SecretStr("a lantern for the harbour wall")

Edit = Callable[[dict[str, Any]], None]


def fill(store: Store) -> None:
    """Save two environments and a record of every kind, with secrets of every kind."""
    environments.create(store, {"name": "production", "colour": "red", "is_production": True})
    twilio: dict[str, Value] = {
        "name": "twilio-main",
        "account_sid": "AC00112233445566778899aabbccddeeff",
        "auth_token": SecretStr(SECRETS["token"]),
        "inbound_number": NUMBER,
    }
    credentials.create(store, "Twilio", twilio)
    credentials.create(store.acting_in(2), "Twilio", {**twilio, "inbound_number": "+12025550143"})
    relay = custom_draft(
        name="relay",
        headers=(*DEFAULT_HEADERS, ("X-Api-Token", SECRETS["header"]), ("X-Region", "eu")),
    )
    credentials.create(store, "Custom", relay)
    webhooks.create(
        store,
        "Custom",
        {
            "name": "replies",
            "credential": "relay",
            "sender_phone_number": NUMBER,
            "opt_out_reply": "You are out.",
            "help_keywords": "",
            "authentication": "basic",
            "caller_user": "ada",
            "caller_password": SecretStr(SECRETS["password"]),
        },
        path="a-path-of-sixteen-or-more",
    )
    channels.create(store, draft(mobile_configuration="twilio-main"))
    begin_rcs(store)


def begin_rcs(store: Store, name: str = "Acme brand") -> None:
    """Save a set-up that has made its webhooks and its credential."""
    document = rcs.create(store, name, "Other")
    document = document.typed(Step.REGISTER, setup_of("Other").drafts[Step.REGISTER])
    document = rcs.advance(store, rcs.remember(store, document))
    document = rcs.advance(store, document)
    typed = document.typed(Step.CREDENTIAL, {"api_token": SecretStr(SECRETS["rcs"])})
    rcs.advance(store, rcs.remember(store, typed))


def bundle_of(store: Store, *, plain: bool = False, edit: Edit | None = None) -> Bundle:
    """Return what an export of a store holds, as it is read again.

    Args:
        store: what is exported.
        plain: as JSON with its secrets blank.
        edit: changes the document before it is read.
    """
    bundle = collect(store, with_secrets=not plain, clock=lambda: NOW)
    data = pack(bundle, None if plain else SEALING)
    if edit is None:
        return unpack(data, SEALING)
    from smstui.bundles.document import from_json, to_json
    from smstui.bundles.sections.registry import sections

    document = json.loads(to_json(bundle))
    edit(document)
    return from_json(json.dumps(document).encode(), tuple(sections()))


def take(store: Store, bundle: Bundle, **choices: str) -> Plan:
    """Take a bundle over; choices are by name with _ for what is no letter, "all" for others."""
    plan = make_plan(store, bundle)
    chosen = {}
    for item in plan.items:
        name = "".join(c if c.isalnum() else "_" for c in item.theirs.name)
        wanted = choices.get(name, choices.get("all", ""))
        if wanted and item.choices and (name in choices or item.is_asked):
            chosen[item.number] = Choice(wanted)
    apply(store, plan, chosen, source="b.smstui")
    return plan


def item_of(plan: Plan, name: str, section: str = "") -> Item:
    """Return the item of that name."""
    return next(
        item
        for item in plan.items
        if item.theirs.name == name and section in ("", item.section.key)
    )


def entry_of(document: Any, section: str, name: str) -> Any:
    """Return the first entry of that name in a document."""
    return next(entry for entry in document[section] if entry["name"] == name)


def contents(store: Store) -> Any:
    """Return everything that a bundle holds of a store, secrets and all, to be compared."""
    from smstui.bundles.document import to_json

    bundle = collect(store, with_secrets=True, clock=lambda: NOW)
    return json.loads(to_json(bundle)), store.info().audit_entries
