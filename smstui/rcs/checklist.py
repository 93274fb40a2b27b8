"""The checklist of a set-up: how its tasks stand, and for whom one waits since when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from smstui.i18n import N_, _
from smstui.providers.base import InvalidFields
from smstui.providers.fields import Issue
from smstui.rcs.base import Route, Task, TaskNote, TaskState
from smstui.text import clean

MOST_NOTE = 200
"""Characters of a note."""
STATE_WORDS = {
    TaskState.OPEN: N_("open"),
    TaskState.DOING: N_("under way"),
    TaskState.DONE: N_("done"),
    TaskState.REFUSED: N_("refused"),
    TaskState.NOT_NEEDED: N_("not needed"),
}
_BETWEEN = "; "
"""Stands between those one waits for, where they are stored."""


def noted(
    notes: Mapping[str, TaskNote],
    key: str,
    *,
    now: datetime,
    state: TaskState | None = None,
    at: datetime | None = None,
    note: str | None = None,
) -> dict[str, TaskNote]:
    """Return the notes with one of them changed; what is not given stays.

    Args:
        notes: as they stand.
        key: of the task.
        now: the date of a new state that comes without one.
        state: its new state.
        at: since when.
        note: a remark, at most 200 characters.

    Raises:
        InvalidFields: the note is too long.
    """
    old = notes.get(key, TaskNote())
    if note is not None:
        note = clean(" ".join(note.split()))
        if len(note) > MOST_NOTE:
            said = _("At most {most} characters; this has {count}.")
            raise InvalidFields([Issue("note", said.format(most=MOST_NOTE, count=len(note)))])
    since = old.at
    if state is not None and state is not old.state:
        since = None if state is TaskState.OPEN else now
    changed = TaskNote(state or old.state, at or since, old.note if note is None else note)
    return {**notes, key: changed}


def merged(
    notes: Mapping[str, TaskNote], shown: Mapping[str, TaskState], *, now: datetime
) -> dict[str, TaskNote]:
    """Return the notes with what a provider showed; dates stay where the state does.

    A task that a person called not needed stays so until the provider says how it ended.
    """
    found = dict(notes)
    for key, state in shown.items():
        old = notes.get(key, TaskNote())
        is_end = state in (TaskState.DONE, TaskState.REFUSED)
        if is_end or old.state is not TaskState.NOT_NEEDED:
            found = noted(found, key, now=now, state=state)
    return found


def waiting(route: Route, notes: Mapping[str, TaskNote]) -> tuple[str, datetime | None]:
    """Return for whom a set-up waits, as it is stored, and since when; empty for nobody.

    All tasks that are under way count; the date is that of the longest wait.
    """
    under_way = [
        (task, notes[task.key])
        for task in route.tasks
        if task.waits_for and task.key in notes and notes[task.key].state is TaskState.DOING
    ]
    whom = dict.fromkeys(task.waits_for for task, _note in under_way)
    dates = [note.at for _task, note in under_way if note.at is not None]
    return _BETWEEN.join(whom), min(dates, default=None)


def whom_of(waiting_for: str) -> str:
    """Return for whom a stored set-up waits, in the language in use; empty for nobody."""
    return ", ".join(_(whom) for whom in waiting_for.split(_BETWEEN) if whom)


def waiting_sentence(waiting_for: str, since: datetime | None) -> str:
    """Return the same as a sentence: "waiting for Google's review since 2026-11-03"; or empty."""
    whom = whom_of(waiting_for)
    if not whom:
        return ""
    if since is None:
        return _("waiting for {whom}").format(whom=whom)
    return _("waiting for {whom} since {date}").format(whom=whom, date=since.date().isoformat())


def task_of(route: Route, key: str) -> Task | None:
    """Return a task of a route; None when it has no such task."""
    return next((task for task in route.tasks if task.key == key), None)


def is_settled(note: TaskNote) -> bool:
    """Whether nothing is left to do for a task."""
    return note.state in (TaskState.DONE, TaskState.NOT_NEEDED)


def left_of(route: Route, notes: Mapping[str, TaskNote]) -> int:
    """Return how many tasks are not settled yet, optional ones left out."""
    return sum(
        not task.optional and not is_settled(notes.get(task.key, TaskNote()))
        for task in route.tasks
    )
