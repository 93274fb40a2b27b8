"""Activity: the audit trail, newest first, narrowed to an object, a person or a time."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from textual import on, work
from textual.binding import Binding

from screens.activity_rows import COLUMNS, counted, strip_lines
from screens.base import context_of
from screens.list_page import FilteredListPage, Found, MakeLines, filter_key, list_keys
from screens.record_list import RowSource
from screens.widgets.record_table import RecordTable
from smstui.activity import FilterTrouble, filter_for, parse_filter
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.store import Store
from smstui.store.audit import AuditTrail
from smstui.store.records import AuditEntry, AuditQuery


class ActivityListPage(FilteredListPage):
    """Everything that was done here, and by whom."""

    BINDINGS = [
        filter_key(
            "activity",
            N_("Show only entries that fit: words, object:NAME, user:NAME, since:DAY, until:DAY"),
        ),
        Binding(
            "o",
            "only_object",
            N_("This object"),
            id="activity.object",
            tooltip=N_("Show only what was done to this object, also under earlier names"),
        ),
        Binding(
            "w",
            "only_user",
            N_("This person"),
            id="activity.user",
            tooltip=N_("Show only what this person did"),
        ),
        Binding(
            "x",
            "export",
            N_("Export"),
            id="activity.export",
            tooltip=N_("Write what the filter shows to a file, one line of JSON for each entry"),
        ),
        # Reached only when the list is empty: the table takes the key otherwise.
        Binding("enter", "open", N_("Open"), show=False, id="activity.open"),
        *list_keys("activity"),
    ]
    help_text = N_(
        "Who did what to which object, newest first. Values are never kept, only the names of "
        "fields. The filter takes words and, in any order, object:acme-main user:ada "
        "since:2026-11-01 until:2026-11-20; a name with blanks stands in quotes. Times are UTC: a "
        "day, 2026-11-01T10:00, or how long ago: 30m, 12h, 7d, 2w. An object is also found under "
        "the names it had before."
    )
    title = N_("Activity")
    columns = COLUMNS
    needs_width = True

    async def find(self) -> Found:
        """Read the entries, narrowed to the filter; one that is not clear finds nothing."""
        session = context_of(self).session
        try:
            query: AuditQuery | None = parse_filter(self.words, self.now)
        except FilterTrouble:
            query = None

        def read(store: Store) -> tuple[Sequence[int], int]:
            ids = array("q") if query is None else store.audit.ids(query)
            return ids, store.audit.count()

        def trail(store: Store) -> AuditTrail:
            return store.audit

        ids, total = await session.call(read)
        return Found(RowSource[Any](session, trail, ids, self.now), total)

    def none_yet(self) -> str:
        """Return that nothing was done yet; a store begins with its own making."""
        return _("Nothing was done here yet.")

    def nothing_here(self) -> str:
        """Return why the list is empty: nothing fits, or the filter is not clear."""
        try:
            parse_filter(self.words, self.now)
        except FilterTrouble as error:
            return error.message
        return super().nothing_here()

    def counted(self, total: int) -> str:
        """Return how many entries there are."""
        return counted(total)

    async def read_detail(self, record_id: int) -> MakeLines:
        """Read what is told about an entry."""
        entry = await context_of(self).session.call(lambda store: store.audit.get(record_id))
        now = self.now
        return lambda width: strip_lines(entry, now)

    async def _current(self) -> AuditEntry | None:
        record_id = self.table.current_id
        if record_id is None:
            self.say(self.nothing_here())
            return None
        try:
            return await context_of(self).session.call(lambda store: store.audit.get(record_id))
        except SmstuiError as error:
            self.say(error.message)
            return None

    # Keys

    @work(exclusive=True, group="act")
    async def action_only_object(self) -> None:
        """Narrow the list to the object one stands on."""
        entry = await self._current()
        if entry is not None:
            if entry.name:
                self.filter.put(filter_for("object", entry.name))
            else:
                self.say(_("This entry is about the store as a whole."))

    @work(exclusive=True, group="act")
    async def action_only_user(self) -> None:
        """Narrow the list to the person one stands on."""
        entry = await self._current()
        if entry is not None:
            self.filter.put(filter_for("user", entry.user))

    @on(RecordTable.RowSelected)
    @work(exclusive=True, group="act")
    async def action_open(self) -> None:
        """Show the entry one stands on whole; from there one goes to its object."""
        from screens.activity_entry import ActivityEntryDialog

        entry = await self._current()
        if entry is not None:
            self.app.push_screen(ActivityEntryDialog(entry), self._go_to)

    def _go_to(self, address: str | None) -> None:
        if address:
            self.shell.navigate(address)

    def action_export(self) -> None:
        """Write what the filter shows to a file."""
        from screens.activity_export import ActivityExportDialog

        try:
            query = parse_filter(self.words, context_of(self).clock())
        except FilterTrouble as error:
            self.say(error.message)
            return
        if not self.table.total:
            self.say(self.nothing_here())
            return
        self.app.push_screen(ActivityExportDialog(query, self.table.total), self._exported)

    def _exported(self, written: bool | None) -> None:
        if written:
            self.reload()  # The trail tells of it.
