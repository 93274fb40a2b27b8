"""What is told about the configuration one stands on: a strip of lines, or a column when wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from screens.channel_rows import TYPE_WORDS, state_cell, update_cell
from screens.widgets.cells import RESULT_TONES, Cell
from screens.widgets.detail_lines import Line
from smstui.channels.base import CHECK_WORDS, Check, decisive
from smstui.channels.stored import summary_of
from smstui.i18n import _
from smstui.providers.base import Result
from smstui.results import GLYPHS
from smstui.store.channel_records import ChannelRecord, State
from smstui.text import clean, shorten_middle
from smstui.times import ago

if TYPE_CHECKING:
    from smstui.store import Store

LONGEST_VALUE = 18
"""Cells that a field takes in the strip; the middle of a longer one becomes an ellipsis."""


@dataclass(frozen=True, slots=True)
class ChannelDetail:
    """A configuration as the list tells about it.

    Attributes:
        record: as it is stored.
        summary: label and text of the fields that tell about it.
        checks: what the last run found, or has found so far.
    """

    record: ChannelRecord
    summary: tuple[tuple[str, str], ...]
    checks: tuple[Check, ...]


def read_detail(store: Store, channel_id: int) -> ChannelDetail:
    """Read what is told about a configuration; done where the store lives.

    Raises:
        NotFound: it was deleted meanwhile.
    """
    record = store.channels.get(channel_id)
    checks = tuple(Check.from_record(check) for check in record.checks)
    return ChannelDetail(record, tuple(summary_of(record)), checks)


def strip_lines(detail: ChannelDetail, now: datetime, width: int) -> list[Line]:
    """Return the three lines under the list."""
    record = detail.record
    values = "   ".join(shorten_middle(text, LONGEST_VALUE) for _label, text in detail.summary)
    head: Line = [Cell(record.name, "strong"), Cell(f"   {values}" if values else "")]
    status = [state_cell(record.state)]
    if record.checked_at is not None:
        said = _(", checked {when}").format(when=ago(record.checked_at, now))
        status.append(Cell(said, "muted"))
    if record.update is not None:
        status += [Cell("   " + _("Recent update") + ": ", "muted")]
        status += [update_cell(record.update.state)]
    return [head, status, [told_line(detail)]]


def told_line(detail: ChannelDetail) -> Cell:
    """Return what matters most: what is awaited, what is wrong, or what comes next."""
    record = detail.record
    pending = next((each for each in detail.checks if each.result is Result.PENDING), None)
    if record.is_busy:
        said = pending.summary if pending is not None else _("The checks are running.")
        return Cell(f"… {said}", "warning")
    worst = decisive(detail.checks)
    if worst is not None and worst.result in (Result.FAILED, Result.WARNED):
        said = f"{_(CHECK_WORDS[worst.name])}: {worst.summary}"
        return Cell(f"{GLYPHS[worst.result.value]} {said}", RESULT_TONES[worst.result.value])
    if record.state is State.DRAFT:
        return Cell(_("Not submitted yet; Ctrl+S has it checked."), "muted")
    if record.state is State.DEACTIVATED:
        return Cell(_("Out of use; a reactivates it."), "muted")
    return Cell(_("v tells what was checked."), "muted")


def column_lines(detail: ChannelDetail, now: datetime, width: int) -> list[Line]:
    """Return the lines beside the list, with its checks and its most recent change."""
    record = detail.record
    room = max(width, 4)
    kind = _(TYPE_WORDS.get(str(record.fields.get("sms_type", "")), ""))
    lines: list[Line] = [
        *([Cell(part, "strong")] for part in textwrap.wrap(clean(record.name), room)),
        [Cell(", ".join(filter(None, (record.channel, kind))), "muted")],
    ]
    description = str(record.fields.get("description", ""))
    said = textwrap.wrap(clean(description), room, max_lines=3, placeholder="…")
    lines += [[Cell(part)] for part in said]
    lines.append([])
    for label, text in detail.summary:
        lines += [[Cell(label, "muted")], [Cell(shorten_middle(text, room))]]
    lines += [[], [Cell(_("Status"), "strong")], [state_cell(record.state)]]
    if record.update is not None:
        lines += [[], [Cell(_("Recent update"), "strong")], [update_cell(record.update.state)]]
        for label, before, after in record.update.changes:
            lines.append([Cell(label, "muted")])
            lines.append([Cell(shorten_middle(f"{before or '–'} → {after or '–'}", room))])
    lines += [[], [Cell(_("Checks"), "strong")], *_check_lines(detail)]
    if record.checked_at is not None:
        lines.append([Cell(ago(record.checked_at, now), "muted")])
    return lines


def _check_lines(detail: ChannelDetail) -> Iterator[Line]:
    if not detail.checks:
        yield [Cell(_("none yet; Ctrl+S submits it"), "muted")]
    for check in detail.checks:
        result = check.result.value
        yield [
            Cell(f"{GLYPHS[result]} ", RESULT_TONES[result]),
            Cell(_(CHECK_WORDS[check.name]), "" if result != "skipped" else "muted"),
        ]
