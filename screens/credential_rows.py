"""The rows of the credential list: its columns."""

from __future__ import annotations

from screens.list_page import grouped
from screens.record_list import Listed
from screens.widgets.cells import RESULT_TONES, Cell
from screens.widgets.columns import Column
from smstui.i18n import N_, ngettext
from smstui.results import result_mark
from smstui.store.records import CredentialRow
from smstui.times import ago

Row = Listed[CredentialRow]


def _verified_ago(listed: Row) -> Cell:
    at = listed.row.verified_at
    return Cell(ago(at, listed.now) if at is not None else "", "muted")


COLUMNS = (
    Column[Row]("name", N_("Name"), lambda at: Cell(at.row.name), 12, True, sortable=True),
    Column[Row](
        "vendor", N_("Vendor"), lambda at: Cell(at.row.vendor), 9, priority=2, sortable=True
    ),
    Column[Row](
        "created_by",
        N_("Created by"),
        lambda at: Cell(at.row.created_by, "muted"),
        12,
        priority=5,
        sortable=True,
    ),
    Column[Row](
        "modified_at",
        N_("Modified"),
        lambda at: Cell(ago(at.row.modified_at, at.now), "muted"),
        10,
        priority=4,
        sortable=True,
    ),
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
