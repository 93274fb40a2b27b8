"""Two versions of one set-up, field by field, for when it was changed elsewhere meanwhile."""

from __future__ import annotations

import dataclasses

from smstui.i18n import N_, _
from smstui.providers.fields import FieldSpec, Value
from smstui.rcs.base import Step, TaskNote
from smstui.rcs.checklist import STATE_WORDS
from smstui.rcs.document import Document, hook_field

_STEPS = (Step.PROVIDER, Step.REGISTER, Step.CREDENTIAL, Step.TEST)


def flat_specs(*versions: Document) -> dict[str, FieldSpec]:
    """Return the fields of all steps of all versions, and the tasks, by names of their own."""
    specs: dict[str, FieldSpec] = {}
    for document in versions:
        for step in _STEPS:
            specs |= {_name(step, name): spec for name, spec in document.specs(step).items()}
        for index in range(len(document.proposed_webhooks)):
            for name, spec in document.hook_specs(index).items():
                specs[_name(Step.WEBHOOK, hook_field(index, name))] = spec
        for task in document.route.tasks:
            specs[_name("task", task.key)] = FieldSpec(label=task.label)
    specs["step"] = FieldSpec(label=N_("Step"))
    # Whether a field is seen depends on its neighbours, which have other names here.
    return {name: dataclasses.replace(spec, shown_when=None) for name, spec in specs.items()}


def flat_draft(document: Document) -> dict[str, Value]:
    """Return what a version holds, by the names of `flat_specs`; secrets stay wrapped."""
    draft: dict[str, Value] = {"step": document.step.value}
    for step in _STEPS:
        draft |= {_name(step, name): value for name, value in document.draft(step).items()}
    for index in range(len(document.proposed_webhooks)):
        for name, value in document.hook_draft(index).items():
            draft[_name(Step.WEBHOOK, hook_field(index, name))] = value
    for key, note in document.notes.items():
        draft[_name("task", key)] = _told(note)
    return draft


def on_top_of(mine: Document, theirs: Document) -> Document:
    """Return what was typed here, to be saved over what was saved elsewhere.

    Webhooks and credential that the other version made are kept: they exist.
    """
    return dataclasses.replace(mine.adopting(theirs), step=mine.step)


def _name(part: str, name: str) -> str:
    return f"{part}.{name}"


def _told(note: TaskNote) -> str:
    when = "" if note.at is None else note.at.date().isoformat()
    return ", ".join(filter(None, (_(STATE_WORDS[note.state]), when, note.note)))
