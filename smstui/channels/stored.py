"""Channel configurations in the store: where stored records meet their fields.

The store knows rows and states, `smstui.channels.fields` knows fields; screens, runs of checks and
the command line come here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from smstui.channels.base import Channel
from smstui.channels.fields import (
    CHANNEL,
    CREDENTIAL,
    SENDER,
    build,
    channel_of,
    is_immediate,
    specs_for,
    vendors_for,
)
from smstui.credentials import shown_summary, shown_value
from smstui.i18n import _, ngettext
from smstui.importing import Imported, describe, draft_from_json, import_entries
from smstui.providers.fields import Draft, Kind, Value, is_empty, text_of, words_of
from smstui.store.channel_records import ChannelRecord, NewChannel, State
from smstui.store.errors import NotFound

if TYPE_CHECKING:
    from smstui.store import Store

_APART = ("name", CHANNEL, CREDENTIAL, SENDER)
"""Fields that the store keeps in columns of their own."""


def credential_names(store: Store, channel: str) -> list[str]:
    """Return the names of the credentials that a configuration of that channel may name."""
    return store.credentials.names_of(vendors_for(channel))


def stored_draft(record: ChannelRecord) -> dict[str, Value]:
    """Return a stored configuration as a draft."""
    draft: dict[str, Value] = {"name": record.name, CHANNEL: record.channel}
    if record.credential:
        draft[CREDENTIAL] = record.credential
    if record.sender:
        draft[SENDER] = record.sender
    return {**draft, **_known(record.channel, record.fields)}


def asked_draft(record: ChannelRecord) -> dict[str, Value]:
    """Return what the checks of a configuration are about: a change that is asked for, or itself.

    A change that failed is asked for until another one is.
    """
    update = record.update
    if update is None or record.state is not State.ACTIVE or not update.is_open:
        return stored_draft(record)
    return _known(record.channel, update.draft)


def create(store: Store, draft: Draft) -> ChannelRecord:
    """Keep a new configuration as a draft; what is missing may be missing.

    Raises:
        InvalidFields: its name or credential is wrong.
        NameTaken: another configuration has that name.
    """
    with store.changing():
        return store.channels.add(new_channel(store, draft, as_draft=True))


def update(store: Store, record: ChannelRecord, draft: Draft) -> ChannelRecord:
    """Keep a changed draft; of an active one only what is changed at once.

    Raises:
        InvalidFields: the draft has errors.
        WrongState: it is active and the change has to be checked, or nothing may be changed.
        NameTaken: another configuration has that name.
        StaleRevision: it was changed elsewhere since ``record`` was read.
        NotFound: it was deleted meanwhile.
    """
    with store.changing():
        new = new_channel(store, draft, as_draft=record.state is not State.ACTIVE)
        return store.channels.replace(record.id, new, revision=record.revision)


def needs_checks(record: ChannelRecord, draft: Draft) -> bool:
    """Whether a draft differs from a stored configuration in something that has to be checked."""
    return not is_immediate(stored_draft(record), draft)


def new_channel(store: Store, draft: Draft, *, as_draft: bool = False) -> NewChannel:
    """Return a draft as what the store keeps.

    Raises:
        InvalidFields: the draft has errors.
    """
    values = build(draft, credential_names(store, channel_of(draft)), as_draft=as_draft)
    name = text_of(values.get(CREDENTIAL))
    return NewChannel(
        channel=text_of(values[CHANNEL]),
        name=text_of(values["name"]),
        credential_id=store.credentials.by_name(name).id if name else None,
        sender=text_of(values.get(SENDER)),
        fields={key: value for key, value in values.items() if key not in _APART},
    )


def duplicate_draft(store: Store, record: ChannelRecord) -> dict[str, Value]:
    """Return a draft for a copy of a configuration, under a free name."""
    return {**stored_draft(record), "name": store.channels.duplicate_name(record.name)}


def rcs_draft(store: Store, *, name: str, credential_id: int, sender: str) -> ChannelRecord:
    """Keep a draft of an RCS configuration, as the RCS set-up makes one; it is submitted later.

    Args:
        store: where to.
        name: a name by Adobe's rule; a free one like it is taken when it is in use.
        credential_id: the credential that carries RCS.
        sender: the RCS sender's id.

    Raises:
        NotFound: the credential was deleted meanwhile, or is another environment's.
        InvalidFields: the name breaks Adobe's rule, or the credential cannot carry RCS.
    """
    with store.changing():
        credential = store.credentials.get(credential_id)
        if credential.environment_id != store.environment_id:
            raise NotFound(_("The credential belongs to another environment."))
        draft: dict[str, Value] = {
            "name": name,
            CHANNEL: Channel.RCS.value,
            CREDENTIAL: credential.name,
            SENDER: sender,
        }
        try:
            store.channels.by_name(name)
        except NotFound:
            return create(store, draft)
        return create(store, {**draft, "name": store.channels.duplicate_name(name)})


def summary_of(record: ChannelRecord) -> list[tuple[str, str]]:
    """Return label and text of the fields that tell about a configuration in one line."""
    return shown_summary(specs_for(record.channel, [record.credential]), stored_draft(record))


def changes_between(before: Draft, after: Draft) -> list[tuple[str, str, str]]:
    """Return label, text before and text after of the fields in which two drafts differ."""
    changes = []
    for name, spec in specs_for(channel_of(after), ()).items():
        one, other = (
            "" if is_empty(value) or value is False else shown_value(spec, value)
            for value in (before.get(name), after.get(name))
        )
        if one != other:
            changes.append((_(spec.label), one, other))
    return changes


def export_document(records: Sequence[ChannelRecord]) -> dict[str, Any]:
    """Return configurations as the document that import reads; statuses are left out."""
    return {"channels": [_export(record) for record in records]}


def import_document(store: Store, document: Any, *, replace: bool = False) -> Imported:
    """Keep all configurations of a document as drafts, or none.

    Args:
        store: where to.
        document: ``{"channels": [{"name": …, "channel": "SMS", "mobile_configuration": …}]}``.
        replace: take over entries whose names exist; otherwise those are at fault.

    Raises:
        InvalidImport: at least one entry is at fault; nothing was saved.
        WrongState: one that is active or deactivated would be changed; nothing was saved.
    """

    def read(entry: dict[str, Any], existing: ChannelRecord | None) -> NewChannel:
        channel = str(entry.get(CHANNEL) or Channel.SMS.value)
        specs = specs_for(channel, credential_names(store, channel))
        return new_channel(store, draft_from_json(specs, _("This"), entry), as_draft=True)

    with store.changing():
        return import_entries(
            store.channels,
            document,
            "channels",
            read=read,
            taken=_("a channel configuration of that name exists already."),
            replace=replace,
        )


def describe_import(imported: Imported) -> str:
    """Return one sentence on what an import did."""
    said = ngettext(
        "{n} channel configuration was created.",
        "{n} channel configurations were created.",
        imported.created,
    )
    return describe(said.format(n=imported.created), imported)


def _known(channel: str, fields: Mapping[str, Any]) -> dict[str, Value]:
    specs = specs_for(channel, ())
    return {name: value for name, value in fields.items() if name in specs}


def _export(record: ChannelRecord) -> dict[str, Any]:
    specs = specs_for(record.channel, ())
    return {
        name: list(words_of(value)) if specs[name].kind is Kind.WORDS else value
        for name, value in stored_draft(record).items()
    }
