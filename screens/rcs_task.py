"""How one task of a checklist stands: its state, since when, a note."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from screens.form_dialog import FormDialog
from screens.widgets.form import RecordForm
from screens.widgets.key_bar import KeyBar
from smstui.i18n import N_, _
from smstui.providers.fields import (
    Choice,
    FieldSpec,
    Kind,
    Severity,
    check_fields,
    text_of,
)
from smstui.rcs.base import Task, TaskNote, TaskState
from smstui.rcs.checklist import MOST_NOTE, STATE_WORDS, noted

Notes = Mapping[str, TaskNote]


class TaskDialog(FormDialog[Notes]):
    """Edits one task; answers the notes of all, or None when nothing is to change."""

    CSS_PATH = ["../styles/dialog.tcss", "../styles/form.tcss", "../styles/rcs_dialogs.tcss"]
    BINDINGS = [
        Binding("ctrl+s,f9", "submit", N_("Keep"), id="rcs-task.keep", key_display="Ctrl+S"),
        Binding("escape", "close", N_("Cancel"), id="rcs-task.close"),
    ]
    help_title = N_("Task")
    help_text = N_(
        "Say how the task stands. While it is under way, the list of set-ups tells for whom one "
        "waits, since that date. What the provider tells by API is filled in when it is asked."
    )

    def __init__(self, task: Task, notes: Notes, now: datetime) -> None:
        """Make the dialog.

        Args:
            task: which one.
            notes: how all tasks stand.
            now: the present moment.
        """
        super().__init__()
        self._about = task
        self._notes = notes
        self._now = now
        note = notes.get(task.key, TaskNote())
        self._shown_day = note.at.date().isoformat() if note.at is not None else ""
        draft = {"state": note.state.value, "at": self._shown_day, "note": note.note}
        specs = self._specs()
        self._form = RecordForm(specs, draft, check=partial(check_fields, specs))

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Text(_(self._about.label)), classes="dialog-title")
            yield Static(Text(_(self._about.help)), classes="dialog-text")
            yield self._form
        yield KeyBar()

    def _specs(self) -> dict[str, FieldSpec]:
        def check_date(value: str) -> Iterator[tuple[Severity, str]]:
            day = _day(value)
            if day is None:
                yield (
                    Severity.ERROR,
                    _("Write a date like {example}.").format(example=self._now.date().isoformat()),
                )
            elif day > self._now:
                yield Severity.ERROR, _("This day is still to come.")

        return {
            "state": FieldSpec(
                label=N_("State"),
                kind=Kind.CHOICE,
                required=True,
                help=N_("Under way: asked for, and somebody else has to act."),
                choices=tuple(Choice(state.value, STATE_WORDS[state]) for state in TaskState),
            ),
            "at": FieldSpec(
                label=N_("Since"),
                help=N_("The day it came to stand so; empty for today."),
                placeholder="2026-11-09",
                check=check_date,
            ),
            "note": FieldSpec(
                label=N_("Note"),
                help=N_("Whatever helps later: a ticket, a name, what was answered."),
                max_length=MOST_NOTE,
            ),
        }

    async def action_submit(self) -> None:
        """Answer with what was typed; with an error in a field, go there instead."""
        if not await self._form.submit():
            return
        draft = self._form.draft()
        state, typed = TaskState(text_of(draft["state"])), text_of(draft["at"])
        day = _day(typed)
        if typed == self._shown_day:
            day = None  # The notes know better: another state is of today.
        elif not typed:
            day = self._now
        changed = noted(
            self._notes,
            self._about.key,
            now=self._now,
            state=state,
            at=day,
            note=text_of(draft["note"]),
        )
        self.dismiss(changed)


def _day(text: str) -> datetime | None:
    """Return the beginning of a day that was typed; None for anything else."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
