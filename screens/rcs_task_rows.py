"""The checklist of a set-up as a table, and what stands below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from textual.content import Content

from screens.rcs_words import STATE_SIGNS, STATE_TONES, day, waiting_words
from screens.verify_words import facts
from screens.widgets.cells import Cell
from screens.widgets.columns import Column
from screens.widgets.inspector import MUTED
from smstui.i18n import N_, _
from smstui.providers.base import Outcome
from smstui.rcs.base import StatusLine, Task, TaskNote, TaskState, Where
from smstui.rcs.checklist import STATE_WORDS, waiting
from smstui.rcs.document import Document, LastStatus
from smstui.rcs.export import PLACE_WORDS
from smstui.results import GLYPHS
from smstui.text import clean

_TONE_STYLES = {
    "success": "$text-success",
    "warning": "$text-warning",
    "error": "$text-error",
    "muted": MUTED,
    "": "",
}
_RESULT_STYLES = {
    "passed": "bold $text-success",
    "warned": "bold $text-warning",
    "failed": "bold $text-error",
}


PLACES = {
    Where.HERE: N_("by API"),
    Where.CONSOLE: N_("in its console"),
    Where.ELSEWHERE: N_("others do it"),
}
"""Short forms of `smstui.rcs.export.PLACE_WORDS`."""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as the table shows it.

    Attributes:
        task: what is to be done.
        note: how it stands.
        now: the present moment.
    """

    task: Task
    note: TaskNote
    now: datetime


class TaskSource:
    """The tasks of a set-up, as the table fetches them; their places are their ids."""

    def __init__(self, document: Document, now: datetime) -> None:
        self._rows = [
            TaskRow(task, document.notes.get(task.key, TaskNote()), now)
            for task in document.route.tasks
        ]
        self.ids: Sequence[int] = range(len(self._rows))

    async def fetch(self, start: int, count: int) -> list[TaskRow | None]:
        """Return the rows from a position on."""
        return [*self._rows[start : start + count]]


def _state(row: TaskRow) -> Cell:
    state = row.note.state
    return Cell(f"{STATE_SIGNS[state]} {_(STATE_WORDS[state])}", STATE_TONES[state])


def _label(row: TaskRow) -> Cell:
    is_over = row.note.state is TaskState.NOT_NEEDED
    said = _("{label} (optional)") if row.task.optional else "{label}"
    return Cell(said.format(label=_(row.task.label)), "muted" if is_over else "")


def _remark(row: TaskRow) -> Cell:
    """Return the note, else for whom one waits, else where it is done while it is open."""
    state, task = row.note.state, row.task
    if row.note.note:
        return Cell(row.note.note)
    if state is TaskState.DOING and task.waits_for:
        return Cell(_("waits for {whom}").format(whom=_(task.waits_for)), "muted")
    return Cell(_(PLACES[task.where]) if state is TaskState.OPEN else "", "muted")


def _date(row: TaskRow) -> Cell:
    return Cell(day(row.note.at, row.now) if row.note.at is not None else "", "muted")


COLUMNS = (
    Column[TaskRow]("state", N_("State"), _state, 12),
    Column[TaskRow]("label", N_("Task"), _label, 27, True),
    Column[TaskRow]("remark", N_("Note"), _remark, 18, True, priority=2),
    Column[TaskRow]("date", N_("Since"), _date, 10, align="right", priority=1),
)


def waiting_line(document: Document, now: datetime) -> str:
    """Return for whom one waits, since when, and how long that takes mostly; empty for nobody."""
    under_way = [
        task
        for task in document.route.tasks
        if task.waits_for and document.notes.get(task.key, TaskNote()).state is TaskState.DOING
    ]
    usual = _(under_way[0].usual) if len(under_way) == 1 else ""
    return waiting_words(*waiting(document.route, document.notes), now, usual)


def about_task(row: TaskRow) -> Content:
    """Return what a task is about: how, where, and what was noted."""
    where = _(PLACE_WORDS[row.task.where])
    lines = [Content.assemble((f"{_(row.task.label)}, {where}. ", "bold"), _(row.task.help))]
    if row.note.note:
        lines.append(Content.assemble((_("Note: "), MUTED), clean(row.note.note)))
    return Content("\n").join(lines)


def outcome_lines(head: str, outcome: Outcome) -> Content:
    """Return what an errand came to: cause, next step, the provider's own words.

    Args:
        head: what was done.
        outcome: what it came to.
    """
    result = outcome.result.value
    title = f"{GLYPHS[result]} {head}: {clean(outcome.word)}"
    lines = [Content.styled(title, _RESULT_STYLES.get(result, "bold"))]
    said = [clean(text) for text in (outcome.cause, outcome.next_step) if text]
    if outcome.summary not in ("", outcome.word, *said):
        said.insert(0, clean(outcome.summary))
    lines += [Content(text) for text in said]
    known = facts(outcome, "")
    return Content("\n").join([*lines, known] if known is not None else lines)


def status_lines(status: LastStatus, now: datetime) -> Content:
    """Return what the provider said last: of the sender, its countries, carriers and devices."""
    when = f"{day(status.at, now)} {status.at:%H:%M} UTC"
    head = Content.styled(_("Status of {when}").format(when=when), "bold")
    return Content("\n").join([head, *(_status_line(line) for line in status.lines)])


def _status_line(line: StatusLine) -> Content:
    lead = "  " * line.level
    sign, tone = STATE_SIGNS[line.state], STATE_TONES[line.state]
    told = Content.assemble(
        f"{lead}",
        (f"{sign} {clean(line.word)}", _TONE_STYLES[tone]),
        f"  {clean(line.name)}",
    )
    return told + Content.styled(f"  {clean(line.remark)}", MUTED) if line.remark else told


def blocks(*parts: Content | None) -> Content:
    """Return texts with an empty line between them; those that are not there left out."""
    return Content("\n\n").join(_present(parts))


def _present(parts: Sequence[Content | None]) -> Iterator[Content]:
    return (part for part in parts if part is not None)
