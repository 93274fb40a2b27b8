"""What came in by webhooks, newest first, as it comes."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rich.text import Text
from textual import on, work
from textual.binding import Binding
from textual.widgets import Static

from screens.base import context_of
from screens.event_rows import COLUMNS, EventTable, counted, pace_words
from screens.event_words import strip_lines
from screens.list_page import FilteredListPage, Found, MakeLines, filter_key, list_keys
from screens.receiver import receiver_key
from screens.record_list import RowSource
from screens.widgets.record_table import RecordTable
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.store import Store
from smstui.store.events import Events
from smstui.store.webhook_records import EventQuery
from smstui.text import clean

LOOK_SECONDS = 0.5
"""How often the page looks whether something came in."""


class EventListPage(FilteredListPage):
    """The events of one webhook, or of all; it goes on by itself while it is looked at."""

    BINDINGS = [
        Binding(
            "p,space",
            "pause",
            N_("Pause"),
            id="events.pause",
            tooltip=N_("Take nothing new in, so that the list stands still"),
        ),
        Binding(
            "p,space",
            "go_on",
            N_("Go on"),
            id="events.go-on",
            tooltip=N_("Take in what has come meanwhile, and go on"),
        ),
        receiver_key("events", show=True),
        filter_key(
            "events", N_("Show only events with these words in numbers, text, verdict or webhook")
        ),
        # Reached only when the list is empty: the table takes the key otherwise.
        Binding("enter", "open", N_("Open"), show=False, id="events.open"),
        *list_keys("events"),
    ]
    help_text = N_(
        "What came in by webhooks, newest first: texts of subscribers, what became of messages, "
        "and what was refused, with the reason. It goes on by itself. On the first row the cursor "
        "follows the newest event, elsewhere it stays on its own. ×3 tells of repeated deliveries, "
        "which count once."
    )
    title = N_("Events")
    columns = COLUMNS
    needs_width = True

    def __init__(self, address: str, webhook: str = "") -> None:
        """Make the page.

        Args:
            address: its address in the shell.
            webhook: the name of the webhook whose events are shown; empty for all.
        """
        super().__init__(address)
        self._webhook = webhook
        self._webhook_id: int | None = None
        self._ids: Sequence[int] = array("q")
        self._newest = 0
        self._version: int | None = None
        self._is_paused = False
        self._unseen = 0
        self._told = ""

    @property
    def crumb(self) -> str:
        """The webhook's name."""
        return clean(self._webhook)

    def make_table(self) -> RecordTable[Any]:
        """Return the table; the webhook's name goes without saying where there is but one."""
        columns = COLUMNS[:-1] if self._webhook else COLUMNS
        return EventTable(columns)

    def on_mount(self) -> None:
        """Look again every now and then."""
        self.set_interval(LOOK_SECONDS, self.look)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Give the key for standing still its present meaning."""
        if action in ("pause", "go_on"):
            return (action == "go_on") is self._is_paused
        return super().check_action(action, parameters)

    # Reading

    async def find(self) -> Found:
        """Read the events, narrowed to the webhook and the filter."""
        session, name, words = context_of(self).session, self._webhook, self.words

        def read(store: Store) -> tuple[int | None, int, Sequence[int], int]:
            version = store.version()
            webhook_id = store.webhooks.by_name(name).id if name else None
            ids = store.events.ids(EventQuery(words, webhook_id))
            return webhook_id, version, ids, store.events.count(webhook_id) if words else len(ids)

        self._webhook_id, self._version, ids, total = await session.call(read)
        self._ids, self._unseen = ids, 0
        self._newest = max(self._newest, ids[0] if ids else 0)
        return Found(self._source_of(ids), total)

    def _source_of(self, ids: Sequence[int]) -> RowSource[Any]:
        def events(store: Store) -> Events:
            return store.events

        return RowSource(context_of(self).session, events, ids, self.now)

    # Going on

    def look(self) -> None:
        """See whether something came in, unless nobody would see it, or reading goes on."""
        is_seen = self.display and self.screen is self.app.screen
        if not context_of(self).session.is_open:
            self._version = None  # Another connection counts anew.
        elif is_seen and not self._is_paused and not self._is_reading:
            self._look()

    @property
    def _is_reading(self) -> bool:
        return any(
            worker.group == "list" and worker.node is self and not worker.is_finished
            for worker in self.workers
        )

    @work(exclusive=True, group="list")
    async def _look(self) -> None:
        """Take in what is new; where nothing is, nothing is drawn."""
        known = self._version
        since = EventQuery(webhook_id=self._webhook_id, after=self._newest)
        query = replace(since, text=self.words)

        def read(store: Store) -> tuple[int, Sequence[int], Sequence[int]] | None:
            version = store.version()
            if version == known:
                return None
            everything = store.events.ids(since)
            return version, everything, store.events.ids(query) if query.text else everything

        try:
            found = await context_of(self).session.call(read)
            if found is not None:
                await self._go_on(*found)
        except SmstuiError as error:
            self._tell_trouble(error)

    async def _go_on(self, version: int, came: Sequence[int], new: Sequence[int]) -> None:
        """Take in what came; repeats of what is there already show in the rows."""
        is_first = self.table.cursor == 0
        ids = array("q", new) + array("q", self._ids) if new else self._ids
        self.now = context_of(self).clock()
        await self.table.show(self._source_of(ids), placeholder=self.nothing_here())
        self._version, self._ids = version, ids
        self._newest = came[0] if came else self._newest
        self._unseen = 0 if is_first else self._unseen + len(new)
        self._total += len(came)
        self.tell_count(len(ids))
        self.set_class(self._total == 0, "-empty")
        self.tell_about_current()

    def _tell_trouble(self, error: SmstuiError) -> None:
        if error.message != self._failure:
            self._failure = error.message
            self.say(error.message)

    # Telling

    def none_yet(self) -> str:
        """Return how events come in."""
        if self._webhook:
            said = _("Nothing came in by {name} yet. ").format(name=clean(self._webhook))
        else:
            said = _("Nothing came in yet. ")
        return said + _("Press l to switch the receiver on, or run smstui listen.")

    def counted(self, total: int) -> str:
        """Return how many events there are."""
        return counted(total)

    def tell_count(self, found: int) -> None:
        """Write how many events there are, and how the list goes on."""
        pace = pace_words(
            is_paused=self._is_paused, is_first=self.table.cursor == 0, unseen=self._unseen
        )
        said = f"{self.count_line(found)}, {pace}" if self._total else self.count_line(found)
        if said != self._told:
            self._told = said
            self.query_one(".list-count", Static).update(Text(said), layout=False)

    @on(RecordTable.RowHighlighted)
    def _tell_pace(self) -> None:
        if self.table.cursor == 0:
            self._unseen = 0
        self.tell_count(len(self._ids))

    async def read_detail(self, record_id: int) -> MakeLines:
        """Read what is told about an event."""
        record = await context_of(self).session.call(lambda store: store.events.get(record_id))
        now = self.now
        return lambda width: strip_lines(record, now, width)

    # Keys

    def action_pause(self) -> None:
        """Take nothing new in."""
        self._is_paused = True
        self.tell_count(len(self._ids))
        self.refresh_bindings()

    def action_go_on(self) -> None:
        """Take in what has come meanwhile."""
        self._is_paused = False
        self.tell_count(len(self._ids))
        self.refresh_bindings()
        self.look()

    @on(RecordTable.RowSelected)
    def action_open(self) -> None:
        """Show the event one stands on."""
        from screens.event import EventScreen

        event_id = self.table.current_id
        if event_id is None:
            self.say(self.nothing_here())
        else:
            self.app.push_screen(EventScreen(event_id, self._ids), self._come_back)

    def _come_back(self, left_at: int | None) -> None:
        """Put the cursor on the event that was looked at last."""
        if left_at is not None and left_at != self.table.current_id:
            self.point_at(left_at)
            self.reload()
