"""Webhooks in the store: where stored records meet the fields of their vendors.

The store knows rows, the vendors know fields; screens, receiver and command line come here.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from smstui.credentials import shown_summary, to_credential
from smstui.errors import SmstuiError
from smstui.i18n import _, ngettext
from smstui.importing import Imported, describe, draft_from_json, import_entries, vendor_of
from smstui.providers.base import Outcome, Result
from smstui.providers.fields import Draft, FieldSpec, Kind, Value, text_of, words_of
from smstui.providers.registry import provider_for
from smstui.rotation import draft_with_kept
from smstui.store.errors import NotFound
from smstui.store.webhook_records import NewWebhook, WebhookRecord
from smstui.webhooks.base import Webhook, WebhookType, WebhookVendor
from smstui.webhooks.consent import ConsentState
from smstui.webhooks.fields import build, specs_for
from smstui.webhooks.linter import BOTH, stop_blocks_both
from smstui.webhooks.vendors.registry import webhook_vendor

if TYPE_CHECKING:
    from smstui.store import Store

PATH_BYTES = 24
"""Random bytes in a webhook's path: 192 bits, which nobody guesses."""
_APART = ("name", "type", "credential")
"""Fields that the store keeps in columns of their own."""


def new_path() -> str:
    """Return an unguessable path for a webhook's URL."""
    return secrets.token_urlsafe(PATH_BYTES)


def credential_names(store: Store, vendor: WebhookVendor) -> list[str]:
    """Return the names of the credentials that a webhook of that vendor may name."""
    return store.credentials.names_of(vendor.credential_vendors)


def stored_draft(record: WebhookRecord) -> dict[str, Value]:
    """Return a stored webhook as a draft; secrets stay wrapped."""
    specs = specs_for(webhook_vendor(record.vendor), [record.credential])
    draft: dict[str, Value] = {"name": record.name, "type": record.type}
    if record.credential:
        draft["credential"] = record.credential
    draft.update({name: value for name, value in record.fields.items() if name in specs})
    draft.update({name: value for name, value in record.secrets.items() if name in specs})
    return draft


def opt_out_warning(store: Store, webhook: str, state: str) -> str:
    """Return what an opt-out blocks beside marketing; empty for nothing, or a webhook that is gone.

    Args:
        store: the store.
        webhook: the name of the webhook that consent came by.
        state: what consent came to, a value of `ConsentState`.
    """
    if state != ConsentState.OPTED_OUT:
        return ""
    try:
        record = store.webhooks.by_name(webhook)
    except NotFound:
        return ""
    return stop_blocks_both() if text_of(record.fields.get("serves")) == BOTH else ""


def load(store: Store, record: WebhookRecord) -> Webhook:
    """Return a stored webhook as its vendor sees it, with its credential.

    A credential that no longer fits its model counts as none: the events still come in.
    """
    credential = None
    if record.credential_id is not None:
        try:
            credential = to_credential(store.credentials.get(record.credential_id))
        except SmstuiError:
            credential = None
    return Webhook(record.name, WebhookType(record.type), stored_draft(record), credential)


def load_other(store: Store, record: WebhookRecord) -> Webhook | None:
    """Return a webhook with the secrets that are kept beside those in use of its credential.

    While a secret is rotated, the provider may sign with either. None where none is kept.
    """
    if record.credential_id is None:
        return None
    rotation = store.rotations.of(record.credential_id)
    if rotation is None:
        return None
    credential = store.credentials.get(record.credential_id)
    try:
        draft = draft_with_kept(credential, rotation)
        other = provider_for(credential.vendor).build(draft)
    except SmstuiError:
        return None
    return Webhook(record.name, WebhookType(record.type), stored_draft(record), other)


def create(
    store: Store, vendor: str, draft: Draft, *, path: str = "", is_bound: bool = True
) -> WebhookRecord:
    """Save a new webhook.

    Args:
        store: where to.
        vendor: the value of *Select SMS vendor*.
        draft: its fields; ``credential`` is a name.
        path: of its URL; a random one by default.
        is_bound: False for one whose credential is made later, by the set-up that it belongs to.

    Raises:
        InvalidFields: the draft has errors.
        NameTaken: another webhook has that name.
    """
    with store.changing():
        new = new_webhook(store, vendor, draft, path or new_path(), is_bound=is_bound)
        return store.webhooks.add(new)


def update(
    store: Store, record: WebhookRecord, draft: Draft, *, is_bound: bool = True
) -> WebhookRecord:
    """Save changes to a webhook; secrets that the draft leaves out stay as they are stored.

    ``is_bound`` is as for `create`.

    Raises:
        InvalidFields: the draft has errors.
        NameTaken: another webhook has that name.
        StaleRevision: the webhook was changed elsewhere since ``record`` was read.
        NotFound: it was deleted meanwhile.
    """
    store = store.acting_in(record.environment_id)
    with store.changing():
        whole = {**record.secrets, **draft}
        new = new_webhook(store, record.vendor, whole, record.path, is_bound=is_bound)
        return store.webhooks.replace(record.id, new, revision=record.revision)


def new_webhook(
    store: Store, vendor: str, draft: Draft, path: str, *, is_bound: bool = True
) -> NewWebhook:
    """Return a draft as what the store keeps; see `create`.

    Raises:
        InvalidFields: the draft has errors.
    """
    adapter = webhook_vendor(vendor)
    values = build(adapter, draft, credential_names(store, adapter), is_bound=is_bound)
    specs = specs_for(adapter, ())
    name = text_of(values.get("credential"))
    return NewWebhook(
        vendor=adapter.vendor,
        type=text_of(values.get("type")) or adapter.types[0].value,
        name=text_of(values["name"]),
        credential_id=store.credentials.by_name(name).id if name else None,
        path=path,
        fields={
            key: value
            for key, value in values.items()
            if key not in _APART and not specs[key].is_secret
        },
        secrets={
            key: value
            for key, value in values.items()
            if isinstance(value, SecretStr) and specs[key].is_secret
        },
    )


def duplicate_draft(store: Store, record: WebhookRecord) -> dict[str, Value]:
    """Return a draft for a copy of a webhook, under a free name; it gets a URL of its own."""
    return {**stored_draft(record), "name": store.webhooks.duplicate_name(record.name)}


def summary_of(record: WebhookRecord) -> list[tuple[str, str]]:
    """Return label and text of the fields that tell about a webhook in one line."""
    specs = specs_for(webhook_vendor(record.vendor), [record.credential])
    return shown_summary(specs, stored_draft(record))


def export_document(records: Sequence[WebhookRecord]) -> dict[str, Any]:
    """Return webhooks as the document that import reads, secrets blanked, URLs left out."""
    return {"webhooks": [_export(record) for record in records]}


def import_document(store: Store, document: Any, *, replace: bool = False) -> Imported:
    """Save all webhooks of a document, or none.

    What an entry leaves out has its default, keywords above all; what it leaves blank is empty.
    One that replaces a webhook keeps its URL, and its secrets when those of the entry are blank.

    Args:
        store: where to.
        document: ``{"webhooks": [{"vendor": "Infobip", "type": "Inbound", "name": …}]}``.
        replace: take over entries whose names exist; otherwise those are at fault.

    Raises:
        InvalidImport: at least one entry is at fault; nothing was saved.
    """

    def read(entry: dict[str, Any], existing: WebhookRecord | None) -> NewWebhook:
        vendor = webhook_vendor(vendor_of(entry))
        specs = specs_for(vendor, credential_names(store, vendor))
        values = {name: value for name, value in entry.items() if name != "vendor"}
        draft = {**_emptied(specs, values), **draft_from_json(specs, vendor.vendor, values)}
        path = new_path()
        if existing is not None:
            path = existing.path
            if existing.vendor == vendor.vendor:
                draft = {**existing.secrets, **draft}
        return new_webhook(store, vendor.vendor, draft, path)

    with store.changing():
        return import_entries(
            store.webhooks,
            document,
            "webhooks",
            read=read,
            taken=_("a webhook of that name exists already."),
            replace=replace,
        )


def describe_import(imported: Imported) -> str:
    """Return one sentence on what an import did."""
    said = ngettext("{n} webhook was created.", "{n} webhooks were created.", imported.created)
    return describe(said.format(n=imported.created), imported)


def outcome_record(outcome: Outcome | None) -> dict[str, Any]:
    """Return an outcome as an event keeps it: JSON values, what is empty left out."""
    if outcome is None:
        return {}
    return {name: value for name, value in asdict(outcome).items() if value not in ("", None)}


def outcome_from(record: Mapping[str, Any]) -> Outcome | None:
    """Return the outcome that `outcome_record` wrote, None when there was none."""
    if not record:
        return None
    return Outcome(**{**record, "result": Result(record["result"])})


def _export(record: WebhookRecord) -> dict[str, Any]:
    specs = specs_for(webhook_vendor(record.vendor), [record.credential])
    entry: dict[str, Any] = {"vendor": record.vendor, "name": record.name, "type": record.type}
    if record.credential:
        entry["credential"] = record.credential
    for name, value in stored_draft(record).items():
        if name in _APART or specs[name].is_secret:
            continue
        if specs[name].kind is Kind.WORDS:
            entry[name] = list(words_of(value))
        elif value is not None:
            entry[name] = value
    return {**entry, **dict.fromkeys(record.secrets, "")}


def _emptied(specs: Mapping[str, FieldSpec], values: Mapping[str, Any]) -> dict[str, Value]:
    """Return what an entry leaves blank on purpose: there, a default must not come back."""
    return {
        name: ""
        for name, value in values.items()
        if name in specs and value in ("", []) and not specs[name].is_secret
    }
