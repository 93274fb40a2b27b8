"""How a set-up is written in the store: JSON values by step, secrets apart."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from smstui.providers.fields import Draft, Value
from smstui.rcs.base import StatusLine, Step, TaskNote, TaskState
from smstui.rcs.checklist import waiting
from smstui.rcs.document import Document, Hook, LastStatus
from smstui.store.rcs_setups import NewSetup
from smstui.times import from_iso, from_iso_or_none, iso, iso_or_none
from smstui.webhooks.stored import outcome_from, outcome_record

if TYPE_CHECKING:
    from smstui.store.rcs_setups import SetupRecord


def record_of(document: Document) -> NewSetup:
    """Return a document as the store keeps it."""
    drafts = {
        "register": document.register,
        "credential": document.credential,
        "test": document.test,
        **{f"webhook {number}": hook.edits for number, hook in enumerate(document.hooks)},
    }
    fields: dict[str, Any] = {}
    secrets: dict[str, SecretStr] = {}
    for part, draft in drafts.items():
        plain = {name: value for name, value in draft.items() if not isinstance(value, SecretStr)}
        if plain:
            fields[part] = plain
        secrets |= {
            f"{part}.{name}": value for name, value in draft.items() if isinstance(value, SecretStr)
        }
    if document.with_fallback:
        fields["with_fallback"] = True
    if document.hooks:
        fields["webhooks"] = [[hook.id, hook.revision] for hook in document.hooks]
    if document.credential_revision is not None:
        fields["credential_revision"] = document.credential_revision
    if document.notes:
        fields["notes"] = {key: _note(note) for key, note in document.notes.items()}
    if document.status is not None:
        fields["status"] = _status(document.status)
    whom, since = waiting(document.route, document.notes)
    return NewSetup(
        name=document.name,
        route=document.route_name,
        step=document.step.value,
        waiting_for=whom,
        waiting_since=since,
        credential_id=document.credential_id,
        webhook_ids=tuple(hook.id for hook in document.hooks if hook.id is not None),
        fields=_json(fields),
        secrets=secrets,
    )


def document_from(record: SetupRecord) -> Document:
    """Return a stored set-up as a document."""
    fields = record.fields
    hooks = [
        Hook(_draft(record, f"webhook {number}"), id_, revision)
        for number, (id_, revision) in enumerate(fields.get("webhooks", ()))
    ]
    notes = fields.get("notes", {})
    status = fields.get("status")
    return Document(
        name=record.name,
        route_name=record.route,
        step=Step(record.step),
        register=_draft(record, "register"),
        hooks=tuple(hooks),
        credential=_draft(record, "credential"),
        with_fallback=bool(fields.get("with_fallback")),
        test=_draft(record, "test"),
        notes={key: _note_from(note) for key, note in notes.items()},
        status=None if status is None else _status_from(status),
        credential_id=record.credential_id,
        credential_revision=fields.get("credential_revision"),
        id=record.id,
        revision=record.revision,
    )


def _json(value: Any) -> Any:
    """Return a value as JSON gives it back, so that what did not change compares as equal."""
    if isinstance(value, Mapping):
        return {key: _json(entry) for key, entry in value.items()}
    return [_json(entry) for entry in value] if isinstance(value, list | tuple) else value


def _draft(record: SetupRecord, part: str) -> Draft:
    draft: dict[str, Value] = {
        name: tuple((key, text) for key, text in value) if isinstance(value, list) else value
        for name, value in record.fields.get(part, {}).items()
    }
    prefix = f"{part}."
    for name, secret in record.secrets.items():
        if name.startswith(prefix):
            draft[name.removeprefix(prefix)] = secret
    return draft


def _note(note: TaskNote) -> dict[str, Any]:
    return {
        "state": note.state.value,
        "at": iso_or_none(note.at),
        "note": note.note,
    }


def _note_from(note: Mapping[str, Any]) -> TaskNote:
    at: datetime | None = from_iso_or_none(note["at"])
    return TaskNote(TaskState(note["state"]), at, note["note"])


def _status(status: LastStatus) -> dict[str, Any]:
    lines = [dataclasses.astuple(line) for line in status.lines]
    return {"at": iso(status.at), "outcome": outcome_record(status.outcome), "lines": lines}


def _status_from(status: Mapping[str, Any]) -> LastStatus | None:
    outcome = outcome_from(status["outcome"])
    if outcome is None:
        return None
    lines = tuple(
        StatusLine(level, name, word, TaskState(state), remark)
        for level, name, word, state, remark in status["lines"]
    )
    return LastStatus(from_iso(status["at"]), outcome, lines)
