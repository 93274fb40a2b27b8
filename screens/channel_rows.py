"""The rows of the list of channel configurations: its columns, and the signs of statuses."""

from __future__ import annotations

from screens.list_page import grouped
from screens.record_list import Listed, ago_cell, created_by_column, modified_at_column, name_column
from screens.widgets.cells import RESULT_TONES, Cell, Tone
from screens.widgets.columns import Column
from smstui.channels.base import STATE_WORDS, UPDATE_WORDS, SmsType
from smstui.i18n import N_, _, ngettext
from smstui.results import result_mark
from smstui.store.channel_records import ChannelRow, State, UpdateState

Row = Listed[ChannelRow]

_STATE_SIGNS: dict[str, tuple[str, Tone]] = {
    State.DRAFT: ("○", "muted"),
    State.PROCESSING: ("…", "warning"),
    State.ACTIVE: ("✓", "success"),
    State.FAILED: ("✗", "error"),
    State.DEACTIVATED: ("–", "muted"),
}
_UPDATE_SIGNS: dict[str, tuple[str, Tone]] = {
    UpdateState.PROCESSING: ("…", "warning"),
    UpdateState.SUCCESS: ("✓", "success"),
    UpdateState.FAILED: ("✗", "error"),
}
TYPE_WORDS = {
    SmsType.MARKETING.value: N_("Marketing"),
    SmsType.TRANSACTIONAL.value: N_("Transactional"),
}


def state_cell(state: str) -> Cell:
    """Return a status as a sign and a word."""
    sign, tone = _STATE_SIGNS[state]
    return Cell(f"{sign} {_(STATE_WORDS[state])}", tone)


def update_cell(state: str) -> Cell:
    """Return the status of a change as a sign and a word; a dash where there was none."""
    if not state:
        return Cell("–", "muted")
    sign, tone = _UPDATE_SIGNS[state]
    return Cell(f"{sign} {_(UPDATE_WORDS[state])}", tone)


def checks_cell(result: str, word: str) -> Cell:
    """Return what the last checks came to."""
    if not result:
        return Cell(_("– never"), "muted")
    return Cell(result_mark(result, word), RESULT_TONES[result])


def _checked_ago(listed: Row) -> Cell:
    return ago_cell(listed.row.checked_at, listed.now)


COLUMNS = (
    name_column(12),
    Column[Row](
        "channel", N_("Channel"), lambda at: Cell(at.row.channel), 7, priority=3, sortable=True
    ),
    Column[Row](
        "sms_type",
        N_("SMS Type"),
        lambda at: Cell(_(TYPE_WORDS.get(at.row.sms_type, at.row.sms_type))),
        13,
        priority=6,
    ),
    Column[Row]("state", N_("Status"), lambda at: state_cell(at.row.state), 13, sortable=True),
    Column[Row](
        "update",
        N_("Recent update"),
        lambda at: update_cell(at.row.update_state),
        13,
        priority=2,
    ),
    Column[Row](
        "checks",
        N_("Checks"),
        lambda at: checks_cell(at.row.result, at.row.word),
        16,
        priority=1,
    ),
    Column[Row]("checked_ago", "", _checked_ago, 10, align="right", priority=4),
    created_by_column(priority=7),
    modified_at_column(priority=8),
)
NEWEST_FIRST = ("modified_at",)
"""Columns that start with the newest when one sorts by them."""


def counted(total: int) -> str:
    """Return how many configurations there are."""
    said = ngettext("{total} configuration", "{total} configurations", total)
    return said.format(total=grouped(total))
