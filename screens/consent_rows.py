"""The rows and words of the consent ledger."""

from __future__ import annotations

from screens.list_page import grouped
from screens.record_list import Listed
from screens.widgets.cells import Cell, Tone
from screens.widgets.columns import Column
from smstui.i18n import N_, _, ngettext
from smstui.store.webhook_records import ConsentChange, ConsentRow
from smstui.times import ago
from smstui.webhooks.consent import STATE_WORDS, ConsentState

Row = Listed[ConsentRow]

_SIGNS: dict[str, tuple[str, Tone]] = {
    ConsentState.OPTED_IN.value: ("✓", "success"),
    ConsentState.OPTED_OUT.value: ("✗", "error"),
    ConsentState.ASKED.value: ("…", "warning"),
}


def state_cell(state: str) -> Cell:
    """Return how consent stands, as a sign and words."""
    if state not in _SIGNS:
        return Cell(f"– {_('unknown')}", "muted")
    sign, tone = _SIGNS[state]
    return Cell(f"{sign} {_(STATE_WORDS[ConsentState(state)])}", tone)


COLUMNS = (
    Column[Row]("number", N_("Number"), lambda at: Cell(at.row.number), 13, True, sortable=True),
    Column[Row](
        "sender", N_("Sender"), lambda at: Cell(at.row.sender), 13, priority=1, sortable=True
    ),
    Column[Row]("state", N_("Consent"), lambda at: state_cell(at.row.state), 18, sortable=True),
    Column[Row](
        "at",
        N_("Since"),
        lambda at: Cell(ago(at.row.at, at.now), "muted"),
        10,
        priority=2,
        sortable=True,
    ),
    Column[Row]("keyword", N_("Keyword"), lambda at: Cell(at.row.keyword), 12, priority=4),
    Column[Row]("webhook", N_("Webhook"), lambda at: Cell(at.row.webhook, "muted"), 14, priority=5),
    Column[Row](
        "changes",
        N_("Changes"),
        lambda at: Cell(str(at.row.changes), "muted"),
        7,
        align="right",
        priority=6,
    ),
)
NEWEST_FIRST = ("at",)
"""Columns that start with the newest when one sorts by them."""


def counted(total: int) -> str:
    """Return how many entries there are."""
    said = ngettext("{total} entry", "{total} entries", total)
    return said.format(total=grouped(total))


CHANGE_COLUMNS = (
    Column[ConsentChange](
        "at", N_("When (UTC)"), lambda change: Cell(f"{change.at:%Y-%m-%d %H:%M}", "muted"), 16
    ),
    Column[ConsentChange]("after", N_("Consent"), lambda change: state_cell(change.after), 18),
    Column[ConsentChange](
        "keyword", N_("Keyword"), lambda change: Cell(change.keyword), 12, True, priority=1
    ),
    Column[ConsentChange](
        "webhook", N_("Webhook"), lambda change: Cell(change.webhook, "muted"), 14, priority=2
    ),
    Column[ConsentChange](
        "event",
        N_("Event"),
        lambda change: (
            Cell(_("– pruned"), "muted") if change.event_id is None else Cell(_("✓ kept"))
        ),
        8,
        priority=3,
    ),
)
