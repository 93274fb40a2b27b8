"""API Credentials: the list one lands on, with a filter and what is told about each record."""

from __future__ import annotations

import asyncio
import textwrap
from dataclasses import replace
from datetime import UTC, datetime

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Horizontal
from textual.getters import query_one
from textual.widgets import Static

from screens.base import context_of
from screens.confirm import ConfirmDialog
from screens.credential_detail import (
    COLUMN_RUNS,
    CredentialDetail,
    column_lines,
    read_detail,
    strip_lines,
)
from screens.credential_rows import COLUMNS, NEWEST_FIRST, CredentialSource, counted, nothing_here
from screens.page import Page
from screens.places import COPY, HEALTH, NEW, record_address
from screens.widgets.cells import Cell
from screens.widgets.detail_lines import DetailLines, Line
from screens.widgets.list_filter import ListFilter
from screens.widgets.record_table import RecordTable
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.store.errors import NotFound, StaleRevision
from smstui.store.records import CredentialRecord, ListQuery
from smstui.text import clean

ADDRESS = "credentials"
DEBOUNCE = 0.12
"""Seconds without a typed character until the filter is applied."""


class CredentialListPage(Page):
    """All credentials: find one, see how it does, act on it."""

    BINDINGS = [
        Binding("n", "new", N_("New"), id="credentials.new", tooltip=N_("Create a credential")),
        Binding(
            "e", "edit", N_("Edit"), id="credentials.edit", tooltip=N_("Change this credential")
        ),
        Binding(
            "v",
            "verify",
            N_("Verify"),
            id="credentials.verify",
            tooltip=N_("Check this credential, ask its vendor, or send a message with it"),
        ),
        Binding(
            "d",
            "delete",
            N_("Delete"),
            id="credentials.delete",
            tooltip=N_("Delete this credential; asks first"),
        ),
        Binding(
            "slash",
            "filter",
            N_("Filter"),
            id="credentials.filter",
            key_display="/",
            tooltip=N_("Show only credentials with these words in name, vendor, person or result"),
        ),
        Binding(
            "c",
            "duplicate",
            N_("Duplicate"),
            show=False,
            id="credentials.duplicate",
            tooltip=N_("Create a credential from a copy of this one"),
        ),
        Binding(
            "h",
            "health",
            N_("Health"),
            show=False,
            id="credentials.health",
            tooltip=N_("How all credentials stand; probe them all"),
        ),
        Binding(
            "s",
            "sort",
            N_("Sort by next column"),
            show=False,
            id="credentials.sort",
            tooltip=N_("Sort by the next column"),
        ),
        Binding(
            "S",
            "reverse",
            N_("Reverse order"),
            show=False,
            id="credentials.reverse",
            tooltip=N_("Turn the order round"),
        ),
        Binding(
            "f5",
            "refresh",
            N_("Refresh"),
            show=False,
            id="credentials.refresh",
            tooltip=N_("Read the list again"),
        ),
        # Reached only when the list is empty: the table takes the key otherwise.
        Binding("enter", "edit", N_("Open"), show=False, id="credentials.open"),
        Binding(
            "escape",
            "back",
            N_("Back"),
            show=False,
            id="credentials.back",
            tooltip=N_("Clear the filter, then one level back"),
        ),
    ]

    help_text = N_(
        "All API credentials. Keys act on the one the cursor stands on; what is known about it is "
        "told below the list, in a wide terminal beside it. The filter looks for words in name, "
        "vendor, creator and result of the last verification. Arrows, j and k move the cursor, "
        "g and G take it to the first and the last."
    )
    keep = True

    table = query_one("#credentials-table", RecordTable)
    filter = query_one(ListFilter)

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self._query = ListQuery()
        self._total = 0
        self._point_at: int | None = None
        self._failure = ""
        self._now = datetime.min.replace(tzinfo=UTC)
        self._detail_wanted = False
        self._reading_detail = False

    def compose(self) -> ComposeResult:
        with Horizontal(classes="list-title"):
            yield Static(Text(_("API Credentials")), classes="list-name")
            yield ListFilter()
            yield Static(id="credentials-count")
        with Container(id="list-body"):
            yield RecordTable(COLUMNS, id="credentials-table")
            # The frame is the container's: lines that change are sent without it.
            with Container(id="credentials-detail"):
                yield DetailLines()

    def on_resize(self) -> None:
        """Read as much about the record as there is room for now."""
        self._tell_about_current()

    def focus_first(self) -> None:
        """Put the focus on the list."""
        self.table.focus()

    def shown(self) -> None:
        """Read the list again: records may have changed while it was away."""
        self.reload()

    def point_at(self, record_id: int) -> None:
        """Put the cursor on a record when the list is read next, whatever the filter hides."""
        self._point_at = record_id

    @work(exclusive=True, group="list")
    async def reload(self, *, otherwise: int | None = None, delay: float = 0.0) -> None:
        """Read the list and show it; the cursor keeps its record.

        Args:
            otherwise: position for the cursor when its record is no longer in the list.
            delay: seconds to wait first; another call meanwhile takes this one's place.
        """
        if delay:
            await asyncio.sleep(delay)
        try:
            await self._read_list(otherwise)
        except SmstuiError as error:
            self.table.say(_("{trouble} F5 reads the list again.").format(trouble=error.message))
            self._say(error.message)

    async def _read_list(self, otherwise: int | None) -> None:
        session = context_of(self).session
        query = self._query
        ids, total = await session.call(
            lambda store: (store.credentials.ids(query), store.credentials.count())
        )
        if query.text and self._point_at is not None and self._point_at not in ids:
            self.filter.reset()
            self._query = replace(query, text="")
            await self._read_list(otherwise)
            return
        self._now = context_of(self).clock()
        await self.table.show(
            CredentialSource(session, ids, self._now),
            placeholder=nothing_here(query.text),
            sort=(query.sort, query.descending),
            keep=self._point_at,
            otherwise=otherwise,
        )
        self._point_at = None
        self._failure = ""
        self._total = total
        self._tell_counts(len(ids))
        self._tell_about_current()

    def _tell_counts(self, found: int) -> None:
        counts = counted(found, self._total, self._query.text)
        self.query_one("#credentials-count", Static).update(Text(counts))
        self.set_class(self._total == 0, "-empty")

    @on(RecordTable.RowHighlighted)
    def _tell_about_current(self) -> None:
        """Tell about the record one stands on; however fast one moves, one read is under way."""
        self._detail_wanted = True
        if not self._reading_detail:
            self._reading_detail = True
            self._read_detail()

    @work(group="detail")
    async def _read_detail(self) -> None:
        try:
            while self._detail_wanted:
                self._detail_wanted = False
                record_id = self.table.current_id
                self._show_detail(await self._detail_of(record_id))
        finally:
            self._reading_detail = False

    async def _detail_of(self, record_id: int | None) -> CredentialDetail | str:
        """Return what to tell about a record, or a sentence on why nothing can be told."""
        if record_id is None:
            return ""
        runs = COLUMN_RUNS if self.screen.has_class("-wide") else 1
        try:
            return await context_of(self).session.call(
                lambda store: read_detail(store, record_id, runs)
            )
        except NotFound:
            return _("It was deleted elsewhere; F5 reads the list again.")
        except SmstuiError as error:
            return error.message

    def _show_detail(self, detail: CredentialDetail | str) -> None:
        now = self._now

        def lines(width: int) -> list[Line]:
            if isinstance(detail, str):
                return [[Cell(part, "muted")] for part in textwrap.wrap(detail, max(width, 1))]
            make = column_lines if self.screen.has_class("-wide") else strip_lines
            return make(detail, now, width)

        self.query_one(DetailLines).show(lines)

    @on(RecordTable.LoadFailed)
    def _tell_failure(self, event: RecordTable.LoadFailed) -> None:
        if event.error.message != self._failure:
            self._failure = event.error.message
            self._say(self._failure)

    def _say(self, sentence: str) -> None:
        self.notify(clean(sentence), markup=False)

    def action_filter(self) -> None:
        """Show the filter and put the focus into it."""
        if not self._total:
            self._say(nothing_here(""))
            return
        self.filter.open()

    @on(ListFilter.Narrowed)
    def _narrow(self, event: ListFilter.Narrowed) -> None:
        if event.text != self._query.text:
            self._query = replace(self._query, text=event.text)
            # Cleared, the list comes back at once, with the cursor on the record it was on.
            self.reload(otherwise=0, delay=DEBOUNCE if event.text else 0)

    @on(ListFilter.Left)
    def _to_list(self) -> None:
        self.table.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Take the filter's key out of the row of keys while one types into the filter."""
        return not (action == "filter" and self.is_mounted and self.filter.input.has_focus)

    async def action_back(self) -> None:
        """Clear the filter first, then go one level back."""
        if self.filter.is_open:
            self.filter.reset()
            self.table.focus()
        else:
            await super().action_back()

    def action_sort(self) -> None:
        """Sort by the next column; dates start with the newest."""
        key = self.table.next_sortable(self._query.sort)
        self._query = replace(self._query, sort=key, descending=key in NEWEST_FIRST)
        self.reload()

    def action_reverse(self) -> None:
        """Turn the order round."""
        self._query = replace(self._query, descending=not self._query.descending)
        self.reload()

    def action_refresh(self) -> None:
        """Read the list again."""
        self.reload()

    def action_new(self) -> None:
        """Open the form for a new credential."""
        self.shell.navigate(f"{ADDRESS}/{NEW}")

    def action_health(self) -> None:
        """Open the health board."""
        self.shell.navigate(f"{ADDRESS}/{HEALTH}")

    @on(RecordTable.RowSelected)
    @work(exclusive=True, group="act")
    async def action_edit(self) -> None:
        """Open the form of the credential one stands on."""
        record = await self._current()
        if record is not None:
            self.shell.navigate(record_address(ADDRESS, record.name))

    @work(exclusive=True, group="act")
    async def action_duplicate(self) -> None:
        """Open the form for a copy of the credential one stands on."""
        record = await self._current()
        if record is not None:
            self.shell.navigate(record_address(f"{ADDRESS}/{COPY}", record.name))

    @work(exclusive=True, group="act")
    async def action_verify(self) -> None:
        """Open the verify dialog; afterwards the list shows what came of it."""
        from screens.verify import VerifyScreen

        record = await self._current()
        if record is not None:
            await self.app.push_screen_wait(VerifyScreen(record.id))
            self.reload()

    @work(exclusive=True, group="act")
    async def action_delete(self) -> None:
        """Delete the credential one stands on, once that was confirmed."""
        record = await self._current()
        if record is None:
            return
        name, record_id, revision = clean(record.name), record.id, record.revision
        sure = await self.app.push_screen_wait(
            ConfirmDialog(
                _("Delete {name}?").format(name=name),
                _("The credential and its verifications are removed from the store for good."),
                confirm=_("Delete"),
                dangerous=True,
            )
        )
        if sure is not True:
            return
        try:
            await context_of(self).session.call(
                lambda store: store.credentials.delete(record_id, revision=revision)
            )
        except NotFound:
            self._say(_("{name} was deleted elsewhere already.").format(name=name))
        except StaleRevision:
            said = _("{name} was changed elsewhere meanwhile and is still there. Look at it again.")
            self._say(said.format(name=name))
        except SmstuiError as error:
            self._say(error.message)
            return
        else:
            self._say(_("{name} is deleted.").format(name=name))
        self.reload()

    async def _current(self) -> CredentialRecord | None:
        """Return the record one stands on as the store has it; says so when there is none."""
        record_id = self.table.current_id
        if record_id is None:
            self._say(nothing_here(self._query.text))
            return None
        try:
            return await context_of(self).session.call(
                lambda store: store.credentials.get(record_id)
            )
        except NotFound:
            self._say(_("This credential was deleted elsewhere meanwhile."))
            self.reload()
        except SmstuiError as error:
            self._say(error.message)
        return None
