"""The rows of the credential list: its columns, and where they are fetched from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from screens.widgets.cells import RESULT_TONES, Cell
from screens.widgets.columns import Column
from smstui.i18n import N_, _, ngettext
from smstui.results import result_mark
from smstui.store.records import CredentialRow
from smstui.store.session import StoreSession
from smstui.text import shorten_middle
from smstui.times import ago


class Listed(NamedTuple):
    """A row of the list at the moment when the list was read."""

    row: CredentialRow
    now: datetime


class CredentialSource:
    """The credentials that a query found, as the table fetches them."""

    def __init__(self, session: StoreSession, ids: Sequence[int], now: datetime) -> None:
        self._session = session
        self._now = now
        self.ids = ids

    async def fetch(self, start: int, count: int) -> list[Listed | None]:
        """Return the rows from a position on; None for one that was deleted meanwhile."""
        wanted = self.ids[start : start + count]
        rows = await self._session.call(lambda store: store.credentials.rows(wanted))
        by_id = {row.id: Listed(row, self._now) for row in rows}
        return [by_id.get(record_id) for record_id in wanted]


def _verified_ago(listed: Listed) -> Cell:
    at = listed.row.verified_at
    return Cell(ago(at, listed.now) if at is not None else "", "muted")


COLUMNS = (
    Column[Listed]("name", N_("Name"), lambda at: Cell(at.row.name), 12, True, sortable=True),
    Column[Listed](
        "vendor", N_("Vendor"), lambda at: Cell(at.row.vendor), 9, priority=2, sortable=True
    ),
    Column[Listed](
        "created_by",
        N_("Created by"),
        lambda at: Cell(at.row.created_by, "muted"),
        12,
        priority=5,
        sortable=True,
    ),
    Column[Listed](
        "modified_at",
        N_("Modified"),
        lambda at: Cell(ago(at.row.modified_at, at.now), "muted"),
        10,
        priority=4,
        sortable=True,
    ),
    Column[Listed](
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
    Column[Listed]("verified_ago", "", _verified_ago, 10, align="right", priority=3),
)
NEWEST_FIRST = ("modified_at", "verified_at")
"""Columns that start with the newest when one sorts by them."""


def nothing_here(filter_text: str) -> str:
    """Return why the list is empty, and which key helps."""
    if not filter_text:
        return _("No credentials yet. Press n to create the first one.")
    return _('Nothing matches "{text}". Esc clears the filter.').format(
        text=shorten_middle(filter_text, 16)
    )


def counted(found: int, total: int, filter_text: str = "") -> str:
    """Return how many records are listed, and of how many while a filter holds."""
    if filter_text:
        text = _("{found} of {total}")
    else:
        text = ngettext("{total} credential", "{total} credentials", total)
    return text.format(found=grouped(found), total=grouped(total))


def grouped(number: int) -> str:
    """Return a count with its thousands apart: ``100 000``."""
    return f"{number:,}".replace(",", " ")
