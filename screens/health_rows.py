"""The rows and words of the health board: columns, where they come from, how things stand."""

from __future__ import annotations

import textwrap
from collections.abc import Container, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from screens.credential_rows import counted
from screens.health_run import Board, HealthRun, Seen
from screens.list_page import grouped
from screens.verify_history import stages_of
from screens.verify_words import decisive_stage
from screens.widgets.cells import RESULT_TONES, Cell
from screens.widgets.columns import Column
from screens.widgets.detail_lines import Line
from screens.widgets.record_table import RecordTable
from screens.widgets.stage_list import STAGE_WORDS
from smstui.i18n import N_, _
from smstui.results import GLYPHS, result_mark
from smstui.store.records import CredentialRow, VerificationRecord
from smstui.store.session import StoreSession
from smstui.text import clean
from smstui.times import ago

HINT_LINES = 2
"""Lines that there are for what a result means."""


class Standing(NamedTuple):
    """A row of the board: what the store said when it was read, and what the board knows."""

    row: CredentialRow
    now: datetime
    board: Board

    @property
    def is_under_way(self) -> bool:
        """Whether it is being asked now."""
        return self.row.id in self.board.under_way

    @property
    def seen(self) -> Seen | None:
        """How it did on the board; None when it did not, or was verified elsewhere since."""
        seen = self.board.seen.get(self.row.id)
        verified_at = self.row.verified_at
        is_latest = seen is not None and (verified_at is None or verified_at <= seen.at)
        return seen if is_latest else None


class HealthSource:
    """All credentials in an order, as the table fetches them."""

    def __init__(
        self, session: StoreSession, ids: Sequence[int], now: datetime, board: Board
    ) -> None:
        self._session = session
        self._now = now
        self._board = board
        self.ids = ids

    async def fetch(self, start: int, count: int) -> list[Standing | None]:
        """Return the rows from a position on; None for one that was deleted meanwhile."""
        wanted = self.ids[start : start + count]
        rows = await self._session.call(lambda store: store.credentials.rows(wanted))
        by_id = {row.id: Standing(row, self._now, self._board) for row in rows}
        return [by_id.get(record_id) for record_id in wanted]


def _result(at: Standing) -> Cell:
    if at.is_under_way:
        asking = _("asking")
        return Cell(f"{GLYPHS['pending']} {asking}", "strong")
    known = at.seen
    if known is not None:
        return Cell(result_mark(known.result, known.word), RESULT_TONES[known.result])
    row = at.row
    return Cell(
        result_mark(row.verified_result, row.verified_word), RESULT_TONES[row.verified_result]
    )


def _when(at: Standing) -> Cell:
    if at.is_under_way:
        return Cell("")
    if at.seen is not None:
        return Cell(f"{at.seen.seconds:.2f} s")
    verified_at = at.row.verified_at
    return Cell(ago(verified_at, at.now) if verified_at is not None else "", "muted")


COLUMNS = (
    Column[Standing]("name", N_("Name"), lambda at: Cell(at.row.name), 12, True),
    Column[Standing]("vendor", N_("Vendor"), lambda at: Cell(at.row.vendor), 9, priority=2),
    Column[Standing]("trouble", N_("Result"), _result, 17, True),
    Column[Standing]("when", "", _when, 10, align="right", priority=1),
)


class HealthTable(RecordTable[Standing]):
    """All credentials and how they stand."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, id="health-table")

    def redraw(self, credential_ids: Container[int]) -> None:
        """Draw the rows of these credentials again, as far as in sight: something is new."""
        ids = self._source.ids if self._source is not None else ()
        in_sight = range(self._top, min(self._top + self.page_rows, len(ids)))
        self._repaint_rows({row for row in in_sight if ids[row] in credential_ids})


def nobody_here() -> str:
    """Return why the board is empty, and which key helps."""
    return _("No credentials yet. Esc goes back to their list, where n creates one.")


def standing_line(results: Mapping[str, int]) -> str:
    """Return how all stand by their last results: ``12 credentials · 3 failed · 2 warned``.

    Args:
        results: how many have which result, as `Credentials.results` counts them.
    """
    total = sum(results.values())
    told = (
        ("failed", _("{n} failed")),
        ("warned", _("{n} warned")),
        ("pending", _("{n} open")),
        ("", _("{n} never verified")),
    )
    parts = [text.format(n=grouped(results[key])) for key, text in told if results.get(key)]
    if total and not parts:
        parts = [_("all passed")]
    return " · ".join([counted(total), *parts])


def progress_line(run: HealthRun, now: datetime) -> str:
    """Return how a run stands: ``probing 7 of 12 · 2 failed · since 3 s``."""
    is_check = run.depth == "check"
    if run.ended is not None:
        length = _length(run.ended - run.began)
        if run.done < run.total:
            text = _("stopped: {done} of {total} · {n} failed · in {length}")
        elif is_check:
            text = _("checked {done} of {total} · {n} failed · in {length}")
        else:
            text = _("probed {done} of {total} · {n} failed · in {length}")
    else:
        length = _length(now - run.began)
        if run.is_stopping:
            text = _("stopping: {done} of {total} · Esc again ends what is under way")
        elif is_check:
            text = _("checking {done} of {total} · {n} failed · since {length}")
        else:
            text = _("probing {done} of {total} · {n} failed · since {length}")
    return text.format(
        done=grouped(run.done), total=grouped(run.total), n=grouped(run.failed), length=length
    )


def _length(time: timedelta) -> str:
    seconds = int(time.total_seconds())
    return _("{n} s").format(n=seconds) if seconds < 120 else _("{n} min").format(n=seconds // 60)


def last_run_lines(
    name: str, run: VerificationRecord | None, now: datetime, width: int
) -> list[Line]:
    """Return what is told about a credential: its last run, what came of it, what to do.

    Args:
        name: of the credential.
        run: None when it was never verified.
        now: the present moment.
        width: cells there are.
    """
    if run is None:
        return [
            [Cell(name, "strong")],
            [Cell(_("Never verified. p probes all, v verifies this one."), "muted")],
        ]
    lines: list[Line] = [
        [Cell(name, "strong"), Cell(f"   {_(run.depth)}, {ago(run.at, now)}", "muted")]
    ]
    stage = decisive_stage(stages_of(run.record))
    if stage is None:
        return [*lines, [Cell(result_mark(run.result, run.word), RESULT_TONES[run.result])]]
    told = f"{GLYPHS[stage.result.value]} {_(STAGE_WORDS[stage.name])}: {stage.summary}"
    lines.append([Cell(told, RESULT_TONES[stage.result.value])])
    hint = textwrap.wrap(clean(stage.hint), max(width, 10), max_lines=HINT_LINES, placeholder=" …")
    return lines + [[Cell(line)] for line in hint]
