"""The rows of the credential list: its columns."""

from __future__ import annotations

from screens.list_page import grouped
from screens.record_list import Listed, ago_cell, created_by_column, modified_at_column, name_column
from screens.widgets.cells import RESULT_TONES, Cell
from screens.widgets.columns import Column
from smstui.i18n import N_, ngettext
from smstui.results import result_mark
from smstui.store.records import CredentialRow

Row = Listed[CredentialRow]


def _verified_ago(listed: Row) -> Cell:
    return ago_cell(listed.row.verified_at, listed.now)


COLUMNS = (
    name_column(12),
    Column[Row](
        "vendor", N_("Vendor"), lambda at: Cell(at.row.vendor), 9, priority=2, sortable=True
    ),
    created_by_column(priority=5),
    modified_at_column(priority=4),
    Column[Row](
        "verified_at",
        N_("Last verified"),
        lambda at: Cell(
            result_mark(at.row.verified_result, at.row.verified_word),
            RESULT_TONES[at.row.verified_result],
        ),
        15,
        priority=1,
        sortable=True,
    ),
    Column[Row]("verified_ago", "", _verified_ago, 10, align="right", priority=3),
)
NEWEST_FIRST = ("modified_at", "verified_at")
"""Columns that start with the newest when one sorts by them."""


def counted(total: int) -> str:
    """Return how many credentials there are."""
    said = ngettext("{total} credential", "{total} credentials", total)
    return said.format(total=grouped(total))
