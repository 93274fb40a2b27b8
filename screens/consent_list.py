"""The consent ledger: who agreed to texts of which sender, and how it came to that."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import datetime

from textual import on
from textual.binding import Binding

from screens.base import context_of
from screens.consent_rows import COLUMNS, NEWEST_FIRST, counted, state_cell
from screens.list_page import MakeLines, filter_key, list_keys
from screens.record_list import SortedListPage, sort_keys
from screens.widgets.cells import Cell
from screens.widgets.detail_lines import Line
from screens.widgets.record_table import RecordTable
from smstui.i18n import N_, _
from smstui.store import Store
from smstui.store.consents import Consents
from smstui.store.webhook_records import ConsentChange, ConsentRow
from smstui.text import clean
from smstui.times import ago
from smstui.webhooks.consent import ConsentState, describe
from smstui.webhooks.stored import opt_out_warning


@dataclass(frozen=True, slots=True)
class ConsentDetail:
    """An entry with its latest changes, newest first.

    Attributes:
        row: the entry.
        changes: how it came to stand so.
        warning: what an opt-out blocks beside marketing, one sentence; empty for nothing.
    """

    row: ConsentRow
    changes: tuple[ConsentChange, ...]
    warning: str


class ConsentListPage(SortedListPage):
    """Consent per number and sender."""

    BINDINGS = [
        filter_key("consent", N_("Show only entries with these words in number, sender, keyword")),
        *sort_keys("consent", N_("Sort"), show=True),
        # Reached only when the list is empty: the table takes the key otherwise.
        Binding("enter", "history", N_("Open"), show=False, id="consent.open"),
        *list_keys("consent"),
    ]
    help_text = N_(
        "How consent of each number to each sender stands, as keywords of texts brought it about. "
        "A near miss never changes it, and events that are removed by their age leave it as it is. "
        "It is told here only: smstui sends no messages by it and blocks none."
    )
    title = N_("Consent")
    columns = COLUMNS
    needs_width = True
    newest_first = NEWEST_FIRST
    first_sort = "at"

    def records(self, store: Store) -> Consents:
        return store.consents

    def none_yet(self) -> str:
        """Return how entries come about."""
        return _(
            "No consent is known yet. It comes from keywords that subscribers text: STOP, START. "
            "SMS Webhooks tell which words count."
        )

    def counted(self, total: int) -> str:
        """Return how many entries there are."""
        return counted(total)

    async def read_detail(self, record_id: int) -> MakeLines:
        """Read what is told about an entry."""
        detail = await context_of(self).session.call(
            lambda store: read_consent(store, record_id, most=1)
        )
        now = self.now
        return lambda width: strip_lines(detail, now, width)

    @on(RecordTable.RowSelected)
    def action_history(self) -> None:
        """Show how the entry one stands on came to stand so."""
        from screens.consent_history import ConsentHistoryScreen

        record_id = self.table.current_id
        if record_id is None:
            self.say(self.nothing_here())
        else:
            self.app.push_screen(ConsentHistoryScreen(record_id))


def read_consent(store: Store, record_id: int, most: int) -> ConsentDetail:
    """Read an entry with its latest changes; done where the store lives.

    Raises:
        NotFound: there is none.
        StoreError: the store cannot be read.
    """
    row = store.consents.get(record_id)
    warning = opt_out_warning(store, row.webhook, row.state)
    return ConsentDetail(row, tuple(store.consents.history(record_id, limit=most)), warning)


def sentence(detail: ConsentDetail) -> str:
    """Return how an entry stands, and by what."""
    row = detail.row
    state = ConsentState(row.state)
    before = detail.changes[0].before if detail.changes else ""
    said = describe(
        ConsentState(before) if before else None, state, subscriber=row.number, sender=row.sender
    )
    by = _("By {keyword}, through {webhook}.").format(keyword=row.keyword, webhook=row.webhook)
    return f"{said} {by}"


def strip_lines(detail: ConsentDetail, now: datetime, width: int) -> list[Line]:
    """Return the three lines under the list."""
    row = detail.row
    state = state_cell(row.state)
    head: Line = [
        Cell(f"{row.number} → {row.sender}", "strong"),
        Cell("   "),
        state,
        Cell(f", {ago(row.at, now)}", "muted"),
    ]
    by = _("by {keyword}, through {webhook}").format(keyword=row.keyword, webhook=row.webhook)
    lines: list[Line] = [head]
    if detail.warning:
        parts = textwrap.wrap(f"! {detail.warning}", max(width, 10), max_lines=2, placeholder=" …")
        return [*lines, *([Cell(part, "warning")] for part in parts)]
    return [*lines, [Cell(clean(by), "muted")]]
