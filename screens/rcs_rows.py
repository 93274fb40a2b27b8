"""The rows of the list of RCS set-ups: its columns."""

from __future__ import annotations

from screens.list_page import grouped
from screens.record_list import Listed, ago_cell, name_column
from screens.widgets.cells import Cell
from screens.widgets.columns import Column
from smstui.i18n import N_, _, ngettext
from smstui.rcs.checklist import whom_of
from smstui.rcs.words import step_word
from smstui.store.rcs_setups import SetupRow

Row = Listed[SetupRow]


def _step(listed: Row) -> Cell:
    return Cell(f"● {step_word(listed.row.step)}")


def _waiting_for(listed: Row) -> Cell:
    if not listed.row.waiting_for:
        return Cell(_("– nobody"), "muted")
    return Cell(f"… {whom_of(listed.row.waiting_for)}", "warning")


def _since(listed: Row) -> Cell:
    return ago_cell(listed.row.waiting_since, listed.now)


COLUMNS = (
    name_column(13),
    Column[Row](
        "route", N_("Provider"), lambda at: Cell(at.row.route), 8, priority=4, sortable=True
    ),
    Column[Row]("step", N_("Step"), _step, 12, priority=1, sortable=True),
    Column[Row]("waiting_for", N_("Waiting for"), _waiting_for, 14, True, priority=2),
    Column[Row]("waiting_since", N_("Since"), _since, 10, priority=3, sortable=True),
)


def counted(total: int) -> str:
    """Return how many set-ups there are."""
    said = ngettext("{total} set-up", "{total} set-ups", total)
    return said.format(total=grouped(total))
