"""RCS set-ups in a bundle: what was typed, how the tasks stand, and what the set-up has made.

What the provider said last stays behind; it is asked again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from smstui.bundles.document import Entry
from smstui.bundles.sections.base import (
    CREDENTIALS,
    WEBHOOKS,
    Described,
    Names,
    Reference,
    Repository,
    Resolve,
    Section,
)
from smstui.bundles.sections.values import written
from smstui.i18n import N_, _
from smstui.providers.fields import FieldSpec, Issue, Value
from smstui.rcs import stored
from smstui.rcs.base import Step, TaskNote, TaskState
from smstui.rcs.checklist import MOST_NOTE
from smstui.rcs.codec import document_from, record_of
from smstui.rcs.document import Document, Hook
from smstui.rcs.routes.registry import route as route_of
from smstui.rcs.versions import flat_draft, flat_specs
from smstui.store.rcs_setups import RcsSetups
from smstui.times import from_iso, iso_or_none

if TYPE_CHECKING:
    from datetime import datetime

    from smstui.bundles.reading import Reader
    from smstui.store import Store

NOT_THEIRS = 0
"""A revision that no record has: the set-up looks at its webhook or credential anew."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Body:
    """A set-up without ids: who its credential and webhooks are is said by name.

    Attributes:
        document: the set-up.
        credential: the name of its credential; empty for none.
        webhooks: the names of its webhooks, in their order; empty where there is none yet.
    """

    document: Document
    credential: str
    webhooks: tuple[str, ...]


class RcsSection(Section):
    """How RCS set-ups are written, checked and taken over."""

    key = "rcs_setups"
    records = RcsSetups
    label = N_("RCS set-up")
    plural = N_("RCS set-ups")

    def repository(self, store: Store) -> Repository:
        return store.rcs_setups

    def entry(self, store: Store, record: Any) -> Entry:
        document = stored.load(store, record.id)
        credential = stored.credential_of(store, document)
        known = document.specs(Step.REGISTER)
        register = {name: value for name, value in document.register.items() if name in known}
        return {
            "route": document.route_name,
            "step": document.step.value,
            "register": written(register),
            "webhooks": [
                {"name": _webhook_name(store, hook.id), "edits": written(hook.edits)}
                for hook in document.hooks
            ],
            "credential": {
                "name": None if credential is None else credential.name,
                "edits": written(document.credential),
            },
            "with_fallback": document.with_fallback,
            "test": written(document.test),
            "tasks": {key: _note(note) for key, note in document.notes.items()},
        }

    def read(self, reader: Reader, environment: str, name: str) -> Described | None:
        route = reader.known("route", route_of)
        if route is None:
            return None
        document = Document(name, route.name)
        document = dataclasses.replace(
            document,
            step=reader.choice("step", Step.PROVIDER),
            register=reader.below("register").draft(document.specs(Step.REGISTER)),
            with_fallback=reader.switch("with_fallback"),
            notes=_notes(reader.below("tasks"), {task.key for task in route.tasks}),
        )
        document = dataclasses.replace(
            document, test=reader.below("test").draft(document.specs(Step.TEST))
        )
        hooks = reader.each("webhooks")
        if len(hooks) > len(document.proposed_webhooks):
            reader.refuse("webhooks", _("this provider has fewer webhooks than stand here."))
            return None
        webhooks = []
        for place, hook in enumerate(hooks):
            webhooks.append(hook.text("name", required=False))
            edits = hook.below("edits").draft(document.hook_specs(place))
            document = document.with_hook(place, Hook(edits))
            hook.finish()
        made = reader.below("credential")
        credential = made.text("name", required=False)
        edits = made.below("edits").draft(document.specs(Step.CREDENTIAL))
        made.finish()
        document = dataclasses.replace(document, credential=edits)
        return _described(environment, _Body(document, credential, tuple(webhooks)))

    def check(self, described: Described, names: Names) -> list[Issue]:
        body: _Body = described.body
        return body.document.check(Step.PROVIDER)

    def keep(
        self, store: Store, described: Described, name: str, existing: Any, resolve: Resolve
    ) -> Sequence[str]:
        body: _Body = described.body
        document = dataclasses.replace(body.document, name=name)
        if existing is not None:
            document = dataclasses.replace(document, status=document_from(existing).status)
        if body.credential:
            found = resolve(CREDENTIALS, body.credential)
            credential = store.credentials.by_name(found.name)
            document = dataclasses.replace(
                document,
                credential_id=credential.id,
                credential_revision=credential.revision if found.is_theirs else NOT_THEIRS,
            )
        for place, named in enumerate(body.webhooks):
            if named:
                found = resolve(WEBHOOKS, named)
                webhook = store.webhooks.by_name(found.name)
                hook = dataclasses.replace(
                    document.hooks[place],
                    id=webhook.id,
                    revision=webhook.revision if found.is_theirs else NOT_THEIRS,
                )
                document = document.with_hook(place, hook)
        store.rcs_setups.add_many([record_of(document)], replace=existing is not None)
        return ()


def _described(environment: str, body: _Body) -> Described:
    document = body.document
    references = [
        Reference(WEBHOOKS, name, f"webhooks[{place}].name")
        for place, name in enumerate(body.webhooks)
        if name
    ]
    if body.credential:
        references.append(Reference(CREDENTIALS, body.credential, "credential.name"))
    # In one flat form a condition would look for its neighbours under other names.
    specs = {
        name: dataclasses.replace(spec, shown_when=None)
        for name, spec in flat_specs(document).items()
    }
    specs["uses.webhooks"] = FieldSpec(label=N_("SMS webhooks"))
    specs["uses.credential"] = FieldSpec(label=N_("API credentials"))
    draft: dict[str, Value] = {
        **flat_draft(document),
        "uses.webhooks": ", ".join(filter(None, body.webhooks)),
        "uses.credential": body.credential,
    }
    return Described(environment, document.name, "", specs, draft, tuple(references), body)


def _webhook_name(store: Store, webhook_id: int | None) -> str | None:
    return None if webhook_id is None else store.webhooks.get(webhook_id).name


def _note(note: TaskNote) -> dict[str, Any]:
    return {
        "state": note.state.value,
        "since": iso_or_none(note.at),
        "note": note.note,
    }


def _notes(reader: Reader, tasks: set[str]) -> Mapping[str, TaskNote]:
    notes = {}
    for key in reader.value:
        if key not in tasks:
            reader.refuse(key, _("there is no such task."))
            continue
        note = reader.below(key)
        notes[key] = TaskNote(
            note.choice("state", TaskState.OPEN),
            _since(note),
            note.text("note", required=False),
        )
        if len(notes[key].note) > MOST_NOTE:
            note.refuse("note", _("at most {most} characters.").format(most=MOST_NOTE))
        note.finish()
    return notes


def _since(reader: Reader) -> datetime | None:
    text = reader.text("since", required=False)
    try:
        return from_iso(text) if text else None
    except (ValueError, OverflowError):
        reader.refuse("since", _("this is no date and time such as 2026-11-23T10:00:00Z."))
        return None
