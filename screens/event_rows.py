"""The rows of the event list: columns, their words, and a table that follows what is new."""

from __future__ import annotations

from datetime import datetime

from screens.list_page import grouped
from screens.record_list import Listed
from screens.webhook_rows import event_cell
from screens.widgets.cells import Cell
from screens.widgets.columns import Column
from screens.widgets.record_table import RecordSource, RecordTable
from smstui.i18n import N_, _, ngettext
from smstui.store.webhook_records import EventRow

Row = Listed[EventRow]

VERDICT_WIDTH = 16


def when(at: datetime, now: datetime) -> str:
    """Return the time of day of what came today, else the date; UTC."""
    return f"{at:%H:%M:%S}" if at.date() == now.date() else f"{at:%Y-%m-%d}"


def _verdict(listed: Row) -> Cell:
    row = listed.row
    cell = event_cell(row.result, row.word)
    if not row.repeats:
        return cell
    times = f" ×{row.repeats + 1}"
    room = VERDICT_WIDTH - len(times)
    text = cell.text if len(cell.text) <= room else f"{cell.text[: room - 1]}…"
    return Cell(text + times, cell.tone)


def _number(number: str) -> Cell:
    return Cell(number) if number else Cell("–", "muted")


COLUMNS = (
    Column[Row]("at", N_("UTC"), lambda at: Cell(when(at.row.at, at.now), "muted"), 10),
    Column[Row]("verdict", N_("What"), _verdict, VERDICT_WIDTH),
    Column[Row]("sender", N_("From"), lambda at: _number(at.row.sender), 13, priority=1),
    Column[Row]("recipient", N_("To"), lambda at: _number(at.row.recipient), 13, priority=3),
    Column[Row]("text", N_("Text"), lambda at: Cell(at.row.text), 12, True, priority=2),
    Column[Row]("webhook", N_("Webhook"), lambda at: Cell(at.row.webhook, "muted"), 14, priority=4),
)


class EventTable(RecordTable[Row]):
    """The events, newest first; a cursor on the first row stays there and follows the newest."""

    def _place_in(
        self, source: RecordSource[Row], keep: int | None, otherwise: int | None
    ) -> tuple[int, int]:
        if keep is None and self._cursor == 0:
            return 0, 0
        return super()._place_in(source, keep, otherwise)


def counted(total: int) -> str:
    """Return how many events there are."""
    said = ngettext("{total} event", "{total} events", total)
    return said.format(total=grouped(total))


def pace_words(*, is_paused: bool, is_first: bool, unseen: int) -> str:
    """Return how the list goes on: whether it follows the newest, and what is new above.

    Args:
        is_paused: it takes nothing new in.
        is_first: the cursor stands on the newest event.
        unseen: what came in since the cursor left the newest.
    """
    if is_paused:
        return _("paused")
    if is_first:
        return _("following")
    if unseen:
        return _("{n} new above").format(n=grouped(unseen))
    return _("live")
