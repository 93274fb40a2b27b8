"""The profile and the checklist of a set-up, to paste into a provider's console. No secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.providers.fields import FieldSpec, Kind, text_of
from smstui.rcs.base import Route, Setup, Step, Task, TaskNote, TaskState, Where
from smstui.rcs.checklist import STATE_WORDS
from smstui.store.files import owner_only
from smstui.text import clean
from smstui.times import iso

Notes = Mapping[str, TaskNote]
"""How the tasks stand, by key; a task without a note is open."""

PLACE_WORDS = {
    Where.HERE: N_("by API"),
    Where.CONSOLE: N_("in the provider's console"),
    Where.ELSEWHERE: N_("others do it"),
}
"""Where a task is done, in a few words."""

_MARKUP = str.maketrans({c: f"\\{c}" for c in "\\`*_[]<>#|"})


def json_document(route: Route, setup: Setup, notes: Notes | None = None) -> dict[str, Any]:
    """Return profile and checklist as JSON values.

    Args:
        route: the set-up's way to RCS.
        setup: what was typed.
        notes: how the tasks stand.
    """
    return {
        "name": setup.name,
        "provider": route.name,
        "account": dict(_values(route.account_fields(), setup)),
        "profile": dict(_values(route.profile_fields(), setup)),
        "document": route.profile_document(setup),
        "checklist": [_task_record(task, (notes or {}).get(task.key)) for task in route.tasks],
    }


def markdown(route: Route, setup: Setup, notes: Notes | None = None) -> str:
    """Return profile and checklist as Markdown, in the language in use.

    Args:
        route: the set-up's way to RCS.
        setup: what was typed.
        notes: how the tasks stand.
    """
    lines = [f"# {_plain(setup.name)} · {route.name}", ""]
    sections = (
        (_("Ids at the provider"), route.account_fields()),
        (_("Business profile"), route.profile_fields()),
    )
    for title, specs in sections:
        rows = [
            f"| {_plain(_(specs[name].label))} | {_plain(value)} |"
            for name, value in _values(specs, setup)
        ]
        if rows:
            head = "| {} | {} |".format(_("Field"), _("Value"))
            lines += [f"## {title}", "", head, "| --- | --- |", *rows, ""]
    lines += ["## " + _("Checklist"), ""]
    lines += [_task_line(task, (notes or {}).get(task.key)) for task in route.tasks]
    return "\n".join(lines) + "\n"


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet, of mode 0600; what is there is never overwritten.

    Raises:
        SmstuiError: something is there, or it cannot be written.
    """
    try:
        with open(path, "x", encoding="utf-8", opener=owner_only) as file:
            file.write(text)
    except FileExistsError as error:
        said = _("{path} exists already. Choose another name.")
        raise SmstuiError(said.format(path=path), title=N_("Not written")) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        said = _("{path} cannot be written: {reason}.")
        raise SmstuiError(
            said.format(path=path, reason=reason or _("a bad path")), title=N_("Not written")
        ) from error


def _values(specs: Mapping[str, FieldSpec], setup: Setup) -> Iterator[tuple[str, str]]:
    """Yield the fields that hold something and are no secret, with their values."""
    draft = setup.drafts.get(Step.REGISTER, {})
    for name, spec in specs.items():
        text = "" if spec.kind is Kind.SECRET else text_of(draft.get(name, spec.default))
        if text:
            yield name, clean(text)


def _task_record(task: Task, note: TaskNote | None) -> dict[str, Any]:
    note = note or TaskNote()
    record = {
        "task": task.key,
        "label": _(task.label),
        "where": task.where.value,
        "state": note.state.value,
        "optional": task.optional,
    }
    if note.at is not None:
        record["at"] = iso(note.at)
    if note.note:
        record["note"] = clean(note.note)
    return record


def _task_line(task: Task, note: TaskNote | None) -> str:
    note = note or TaskNote()
    mark = "x" if note.state in (TaskState.DONE, TaskState.NOT_NEEDED) else " "
    about = [_(PLACE_WORDS[task.where]), _(STATE_WORDS[note.state])]
    if note.at is not None:
        about.append(note.at.date().isoformat())
    if task.waits_for and note.state is TaskState.DOING:
        about.append(_("waiting for {whom}").format(whom=_(task.waits_for)))
    line = f"- [{mark}] **{_plain(_(task.label))}** ({', '.join(about)}): {_plain(_(task.help))}"
    return f"{line} {_plain(note.note)}" if note.note else line


def _plain(text: str) -> str:
    """Return a text so that Markdown shows it as it is, on one line."""
    return " ".join(clean(text).split()).translate(_MARKUP)
