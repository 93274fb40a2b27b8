"""Credentials in the store: where records meet the models of their vendors.

The store knows rows, the providers know fields; screens and command line come here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from smstui.errors import SmstuiError
from smstui.i18n import _, ngettext
from smstui.importing import Imported, describe, draft_from_json, import_entries, vendor_of
from smstui.providers.base import Credential, Provider, mask
from smstui.providers.fields import (
    Draft,
    FieldSpec,
    Value,
    is_empty,
    moved_addresses,
    text_of,
)
from smstui.providers.registry import provider_for
from smstui.secret_forms import is_secret_name
from smstui.store.records import CredentialRecord, NewCredential

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.verify import Verification
    from smstui.verify.board import Item


def stored_draft(record: CredentialRecord) -> dict[str, Value]:
    """Return a stored credential as a draft; secrets stay wrapped."""
    specs = provider_for(record.vendor).model.specs()
    draft: dict[str, Value] = {"name": record.name}
    for name, value in record.fields.items():
        if name in specs:
            draft[name] = tuple((k, v) for k, v in value) if isinstance(value, list) else value
    draft.update({name: value for name, value in record.secrets.items() if name in specs})
    return draft


def to_credential(record: CredentialRecord) -> Credential:
    """Return a stored credential as its vendor's model.

    Raises:
        InvalidFields: the stored fields no longer fit the model.
    """
    credential: Credential = provider_for(record.vendor).build(stored_draft(record))
    return credential


def new_credential(vendor: str, draft: Draft) -> NewCredential:
    """Return a draft as what the store keeps.

    Raises:
        InvalidFields: the draft has errors.
    """
    provider = provider_for(vendor)
    fields, secrets = _split(provider, draft)
    return NewCredential(
        vendor=provider.vendor, name=text_of(draft["name"]), fields=fields, secrets=secrets
    )


def create(store: Store, vendor: str, draft: Draft) -> CredentialRecord:
    """Save a new credential.

    Raises:
        InvalidFields: the draft has errors.
        NameTaken: another credential has that name.
    """
    return store.credentials.add(new_credential(vendor, draft))


def update(store: Store, record: CredentialRecord, draft: Draft) -> CredentialRecord:
    """Save changes to a credential; secrets that the draft leaves out stay as they are stored.

    Raises:
        InvalidFields: the draft has errors.
        NameTaken: another credential has that name.
        StaleRevision: the credential was changed elsewhere since ``record`` was read.
        NotFound: it was deleted meanwhile.
    """
    provider = provider_for(record.vendor)
    fields, secrets = _split(provider, with_stored_secrets(record, draft))
    return store.credentials.update(
        record.id,
        revision=record.revision,
        name=text_of(draft["name"]),
        fields=fields,
        secrets=secrets,
    )


def with_stored_secrets(record: CredentialRecord, draft: Draft) -> dict[str, Value]:
    """Return the draft with the stored secrets of the fields that it does not mention."""
    return {**record.secrets, **draft}


def duplicate_draft(store: Store, record: CredentialRecord) -> dict[str, Value]:
    """Return a draft for a copy of a credential, under a free name."""
    return {**stored_draft(record), "name": store.credentials.duplicate_name(record.name)}


def summary_of(record: CredentialRecord) -> list[tuple[str, str]]:
    """Return label and text of the fields that tell about a credential in one line."""
    specs = provider_for(record.vendor).model.specs()
    return shown_summary(specs, stored_draft(record))


def shown_fields(specs: Mapping[str, FieldSpec], draft: Draft) -> list[tuple[str, str]]:
    """Return label and text of the fields that are filled, as a person may see them."""
    return [
        (_(spec.label), shown_value(spec, draft[name]))
        for name, spec in specs.items()
        if not is_empty(draft.get(name))
    ]


def shown_summary(specs: Mapping[str, FieldSpec], draft: Draft) -> list[tuple[str, str]]:
    """Return label and text of those filled fields that tell about a record in one line."""
    return shown_fields({name: spec for name, spec in specs.items() if spec.summary}, draft)


def shown_value(spec: FieldSpec, value: Value) -> str:
    """Return a value as a person may see it, secrets as "set, ends in 4f2a"."""
    if isinstance(value, SecretStr):
        return mask(value)
    if spec.is_secret and not is_empty(value):
        return _("set")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, tuple):
        return ", ".join(f"{key}: {_shown_pair(key, text)}" for key, text in value)
    text = text_of(value)
    return next((_(choice.label) for choice in spec.choices if choice.value == text), text)


def board_item(record: CredentialRecord) -> Item:
    """Return a stored credential for the health board, which finds out whether it still fits."""
    from smstui.verify.board import Item

    return Item(
        record.id,
        record.name,
        record.vendor,
        lambda: (provider_for(record.vendor), to_credential(record)),
    )


def _shown_pair(name: str, text: str) -> str:
    return mask(SecretStr(text)) if text and is_secret_name(name) else text


def keep_verification(
    store: Store, credential_id: int, verification: Verification, *, row: int | None = None
) -> int:
    """Keep a run of a verification, and return its id in the store.

    Args:
        store: where to.
        credential_id: whose run it is.
        verification: the run, as far as it came.
        row: the id that an earlier call returned for the same run, which came further since.
    """
    if row is not None:
        store.verifications.update(
            row,
            result=verification.result.value,
            word=verification.word,
            seconds=verification.seconds,
            message_id=verification.message_id,
            record=verification.record(),
        )
        return row
    return store.verifications.add(
        credential_id,
        depth=verification.depth.value,
        result=verification.result.value,
        word=verification.word,
        seconds=verification.seconds,
        to=verification.to,
        message_id=verification.message_id,
        record=verification.record(),
    ).id


def export_document(records: Sequence[CredentialRecord]) -> dict[str, Any]:
    """Return credentials as the document that import reads, secrets blanked."""
    return {"credentials": [_export(record) for record in records]}


def import_document(store: Store, document: Any, *, replace: bool = False) -> Imported:
    """Save all credentials of a document, or none.

    An entry whose secrets are blank, and whose name is replaced, keeps the stored secrets.

    Args:
        store: where to.
        document: ``{"credentials": [{"vendor": "Twilio", "name": …, "account_sid": …}]}``.
        replace: take over entries whose names exist; otherwise those are at fault.

    Raises:
        InvalidImport: at least one entry is at fault; nothing was saved.
    """
    return import_entries(
        store.credentials,
        document,
        "credentials",
        read=_import_entry,
        taken=_("a credential of that name exists already."),
        replace=replace,
    )


def describe_import(imported: Imported) -> str:
    """Return one sentence on what an import did."""
    said = ngettext(
        "{n} credential was created.", "{n} credentials were created.", imported.created
    )
    return describe(said.format(n=imported.created), imported)


def _split(provider: Provider[Any], draft: Draft) -> tuple[dict[str, Any], dict[str, SecretStr]]:
    """Return the checked fields and secrets of a draft, without the name and what is not set."""
    credential: Credential = provider.build(draft)
    fields: dict[str, Any] = {}
    secrets: dict[str, SecretStr] = {}
    for name, spec in credential.specs().items():
        value = getattr(credential, name)
        if name == "name" or is_empty(value):
            continue
        if spec.is_secret:
            secrets[name] = value
        else:
            fields[name] = [list(pair) for pair in value] if isinstance(value, tuple) else value
    return fields, secrets


def _export(record: CredentialRecord) -> dict[str, Any]:
    blanked = dict.fromkeys(record.secrets, "")
    fields = {name: _without_secret_pairs(value) for name, value in record.fields.items()}
    return {"vendor": record.vendor, "name": record.name, **fields, **blanked}


def _without_secret_pairs(value: Any) -> Any:
    """Return a stored value with the secrets among its pairs blanked."""
    if not isinstance(value, list):
        return value
    return [[name, "" if is_secret_name(name) else text] for name, text in value]


def address_differs(spec: FieldSpec) -> str:
    """Return why stored secrets do not go along to another address.

    Args:
        spec: of the field that differs.
    """
    return _(
        "{label} differs from what is stored, so the secrets that go there are needed anew: write "
        "them into the file, or leave the address as it is."
    ).format(label=_(spec.label))


def _with_stored_pairs(record: CredentialRecord, draft: Draft) -> dict[str, Value]:
    """Return a draft whose pairs that an export blanked are as they are stored."""
    stored, whole = stored_draft(record), dict(draft)
    for name, value in draft.items():
        pairs = stored.get(name)
        if isinstance(value, tuple) and isinstance(pairs, tuple):
            kept = {key: text for key, text in pairs if is_secret_name(key)}
            whole[name] = tuple((key, text or kept.get(key, "")) for key, text in value)
    return whole


def _import_entry(entry: dict[str, Any], existing: CredentialRecord | None) -> NewCredential:
    provider = provider_for(vendor_of(entry))
    values = {name: value for name, value in entry.items() if name != "vendor"}
    draft = draft_from_json(provider.model.specs(), provider.vendor, values)
    if existing is not None and existing.vendor == provider.vendor:
        whole = with_stored_secrets(existing, _with_stored_pairs(existing, draft))
        moved = moved_addresses(provider.model.specs(), stored_draft(existing), draft)
        if whole != draft and moved:
            raise SmstuiError(address_differs(provider.model.specs()[moved[0]]))
        draft = whole
    return new_credential(provider.vendor, draft)
