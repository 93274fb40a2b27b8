"""The webhooks of a set-up and their URLs, and whether the provider has called them yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.worker import Worker

from screens.base import context_of
from screens.copying import copy
from screens.rcs_keeping import KeepingPage
from screens.rcs_task_rows import blocks
from screens.rcs_words import day
from screens.receiver import receiver_key, standing_line
from screens.webhook_rows import TYPE_WORDS, event_cell
from screens.widgets.cells import Cell
from screens.widgets.columns import Column
from screens.widgets.inspector import MUTED
from screens.widgets.record_table import RecordTable
from screens.widgets.text_pane import TextPane
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.rcs.first_call import FirstCall, first_calls
from smstui.rcs.stored import webhooks_of
from smstui.store import Store
from smstui.store.webhook_records import WebhookRecord, WebhookRow
from smstui.text import clean
from smstui.times import ago
from smstui.webhooks.receiver_state import Standing
from smstui.webhooks.settings import ReceiverSettings

LOOK_SECONDS = 0.5
"""How often one looks whether a call came in."""
RECENT = timedelta(minutes=10)
"""How long before the newest call one looks for why another was refused, or for a genuine one."""


@dataclass(frozen=True, slots=True)
class Called:
    """A webhook, and what was called by it.

    Attributes:
        record: the webhook.
        row: as the list of webhooks shows it.
        url: what its provider calls.
        call: what came in last; None when nothing did.
        now: the present moment.
    """

    record: WebhookRecord
    row: WebhookRow
    url: str
    call: FirstCall | None
    now: datetime


def _verdict(called: Called) -> Cell:
    row = called.row
    if row.event_at is None:
        return Cell(_("… waiting"), "warning")
    return event_cell(row.event_result, row.event_word)


def _when(called: Called) -> Cell:
    at = called.row.event_at
    return Cell(ago(at, called.now) if at is not None else "", "muted")


COLUMNS = (
    Column[Called]("name", N_("Webhook"), lambda at: Cell(at.record.name), 20, True),
    Column[Called](
        "type", N_("Type"), lambda at: Cell(_(TYPE_WORDS.get(at.record.type, ""))), 8, priority=3
    ),
    Column[Called]("call", N_("Calls"), _verdict, 18, priority=1),
    Column[Called]("when", "", _when, 10, align="right", priority=2),
)


class _Source:
    """The webhooks as the table fetches them."""

    def __init__(self, called: Sequence[Called]) -> None:
        self._called = called
        self.ids: Sequence[int] = [one.record.id for one in called]

    async def fetch(self, start: int, count: int) -> list[Called | None]:
        """Return the rows from a position on."""
        return [*self._called[start : start + count]]


class CallTable(RecordTable[Called]):
    """The webhooks; Enter shows what to do at the provider."""

    BINDINGS = [
        Binding(
            "enter,o",
            "select",
            N_("Hand over"),
            id="rcs-calls.hand-over",
            key_display="Enter",
            tooltip=N_("What to set up at the provider, with a sample call to copy"),
        ),
    ]

    def __init__(self) -> None:
        super().__init__(COLUMNS)


class FirstCalls(Vertical):
    """Looks for calls by itself while it is seen; nothing is drawn while nothing comes."""

    BINDINGS = [
        Binding(
            "y",
            "copy_url",
            N_("Copy"),
            id="rcs-calls.copy",
            tooltip=N_("Copy the URL that the provider calls"),
        ),
        receiver_key("rcs-calls", show=True),
        Binding("pagedown", "scroll(1)", N_("Page down"), show=False, id="rcs-calls.down"),
        Binding("pageup", "scroll(-1)", N_("Page up"), show=False, id="rcs-calls.up"),
    ]

    table = query_one(CallTable)

    def __init__(self) -> None:
        super().__init__()
        self._called: tuple[Called, ...] = ()
        self._settings = ReceiverSettings()
        self._known: tuple[object, ...] = ()
        self._looking: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        yield CallTable()
        yield TextPane(id="pane")

    def on_mount(self) -> None:
        context_of(self).receiver.subscribe(self._tell)
        self.set_interval(LOOK_SECONDS, self.look)

    def on_unmount(self) -> None:
        context_of(self).receiver.unsubscribe(self._tell)

    @property
    def page(self) -> KeepingPage:
        """The page around it."""
        return next(node for node in self.ancestors if isinstance(node, KeepingPage))

    # Looking

    def look(self) -> None:
        """See whether a call came in, unless nobody would see it."""
        is_seen = self.display and self.screen is self.app.screen
        if not context_of(self).session.is_open:
            self._known = ()  # Another connection counts anew.
        elif is_seen and (self._looking is None or self._looking.is_finished):
            self._looking = self._look()

    @work(group="calls", exit_on_error=False)
    async def _look(self) -> None:
        document, known = self.page.base, self._known

        def read(store: Store) -> tuple[tuple[object, ...], ReceiverSettings, list[Called]] | None:
            settings = ReceiverSettings.load(store)
            mark = (store.version(), settings, document.hooks)
            if mark == known:
                return None
            records = webhooks_of(store, document)
            rows = {row.id: row for row in store.webhooks.rows([one.id for one in records])}
            newest = [row.event_at for row in rows.values() if row.event_at is not None]
            since = min(newest) - RECENT if newest else None
            found = first_calls(store, document, since) if since is not None else []
            calls = {call.webhook_id: call for call in found}
            now = context_of(self).clock()
            called = [
                Called(one, rows[one.id], settings.url_of(one.path), calls.get(one.id), now)
                for one in records
                if one.id in rows
            ]
            return mark, settings, called

        try:
            found = await context_of(self).session.call(read)
        except SmstuiError as error:
            self.query_one("#pane", TextPane).show(Content(f"✗ {clean(error.message)}"))
            return
        if found is not None:
            self._known, self._settings, called = found
            self._called = tuple(called)
            self.table.styles.height = len(called) + 1
            await self.table.show(_Source(called))
            self._tell()

    @property
    def _current(self) -> Called | None:
        wanted = self.table.current_id
        return next((one for one in self._called if one.record.id == wanted), None)

    @on(RecordTable.RowHighlighted)
    def _tell(self) -> None:
        """Tell about the webhook one stands on: its URL, what is awaited, how the receiver is."""
        current = self._current
        if current is None:
            return
        receiver = context_of(self).receiver
        standing, _look = standing_line(receiver.state, receiver.since)
        self.query_one("#pane", TextPane).show(
            blocks(
                Content.assemble((_("Webhook URL"), MUTED), "\n", (clean(current.url), "bold")),
                self._warning(),
                self._came(current),
                Content.assemble((_("Receiver") + "  ", MUTED), standing, self._hint()),
            )
        )

    def _warning(self) -> Content | None:
        if self._settings.public_url:
            return None
        said = _("! Only this machine reaches it so far. Set a public URL: l opens the receiver.")
        return Content.styled(said, "$text-warning")

    def _came(self, called: Called) -> Content:
        """Return what came in, or what is waited for since when."""
        if called.call is not None and called.call.event is not None:
            sign, style = ("✓", "$text-success") if called.call.is_genuine else ("✗", "$text-error")
            return Content.styled(f"{sign} {clean(called.call.said)}", style)
        made = called.record.created_at
        since = f"{day(made, called.now)} {made:%H:%M} UTC"
        said = _("… Waiting for the first call of the provider since {when}.").format(when=since)
        return Content.styled(said, "$text-warning")

    def _hint(self) -> str:
        if context_of(self).receiver.state.standing is not Standing.OFF:
            return ""
        return ". " + _("l switches it on; smstui listen receives without the console.")

    # Keys

    def action_scroll(self, pages: int) -> None:
        """Scroll what stands below."""
        self.query_one("#pane", TextPane).scroll_pages(pages)

    @on(RecordTable.RowSelected)
    @work(exclusive=True, group="hand-over", exit_on_error=False)
    async def hand_over(self) -> None:
        """Show what to do at the provider for the webhook one stands on."""
        from screens.hand_over import open_hand_over

        if self._current is not None:
            await open_hand_over(self, self._current.record)

    def action_copy_url(self) -> None:
        """Copy the URL of the webhook one stands on."""
        if self._current is not None:
            copy(self, self._current.url, _("The URL is copied."))
