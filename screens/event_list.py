"""What came in by webhooks, newest first, as it comes."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import NamedTuple

from textual import work

from screens.base import context_of
from screens.list_page import FilteredListPage, Found, MakeLines, filter_key, grouped, list_keys
from screens.webhook_rows import event_cell
from screens.widgets.cells import Cell
from screens.widgets.columns import Column
from screens.widgets.detail_lines import Line
from smstui.errors import SmstuiError
from smstui.i18n import N_, _, ngettext
from smstui.store import Store
from smstui.store.session import StoreSession
from smstui.store.webhook_records import EventQuery, EventRecord, EventRow
from smstui.text import clean

LOOK_SECONDS = 1.0
"""How often the page looks whether something came in."""


class EventSource(NamedTuple):
    """The events of a list, as the table fetches them."""

    session: StoreSession
    ids: Sequence[int]

    async def fetch(self, start: int, count: int) -> list[EventRow | None]:
        """Return the rows from a position on; None for one that was pruned meanwhile."""
        wanted = self.ids[start : start + count]
        rows = await self.session.call(lambda store: store.events.rows(wanted))
        by_id = {row.id: row for row in rows}
        return [by_id.get(id_) for id_ in wanted]


def _verdict(row: EventRow) -> Cell:
    cell = event_cell(row.result, row.word)
    return Cell(f"{cell.text} ×{row.repeats + 1}", cell.tone) if row.repeats else cell


COLUMNS = (
    Column[EventRow](
        "at", N_("Time (UTC)"), lambda row: Cell(f"{row.at:%d %b %H:%M:%S}", "muted"), 15
    ),
    Column[EventRow]("verdict", N_("Verdict"), _verdict, 16),
    Column[EventRow]("sender", N_("From"), lambda row: Cell(row.sender), 13, priority=1),
    Column[EventRow]("recipient", N_("To"), lambda row: Cell(row.recipient), 13, priority=4),
    Column[EventRow]("text", N_("Text"), lambda row: Cell(row.text), 10, True, priority=2),
    Column[EventRow](
        "webhook", N_("Webhook"), lambda row: Cell(row.webhook, "muted"), 12, priority=5
    ),
)


class EventListPage(FilteredListPage):
    """The events of one webhook, or of all."""

    BINDINGS = [
        filter_key(
            "events", N_("Show only events with these words in numbers, text, verdict or webhook")
        ),
        *list_keys("events"),
    ]
    help_text = N_(
        "What came in by webhooks, newest first: texts of subscribers, what became of messages, "
        "and what was refused, with the reason. The list looks every second for what is new."
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
        self._newest = 0

    @property
    def crumb(self) -> str:
        """The webhook's name, and what is shown of it."""
        title = _(self.title)
        return f"{clean(self._webhook)} › {title}" if self._webhook else title

    def on_mount(self) -> None:
        """Look again every now and then."""
        self.set_interval(LOOK_SECONDS, self._look)

    async def find(self) -> Found:
        """Read the events, narrowed to the webhook and the filter."""
        session, name, words = context_of(self).session, self._webhook, self.words

        def read(store: Store) -> tuple[Sequence[int], int]:
            webhook_id = store.webhooks.by_name(name).id if name else None
            everything = store.events.ids(EventQuery(webhook_id=webhook_id))
            query = EventQuery(text=words, webhook_id=webhook_id)
            return (store.events.ids(query) if words else everything), len(everything)

        ids, total = await session.call(read)
        return Found(EventSource(session, ids), total)

    def none_yet(self) -> str:
        """Return how events come in."""
        return _("Nothing came in yet. “smstui listen” receives what providers call.")

    def counted(self, total: int) -> str:
        """Return how many events there are."""
        said = ngettext("{total} event", "{total} events", total)
        return said.format(total=grouped(total))

    async def read_detail(self, record_id: int) -> MakeLines:
        """Read what is told about an event."""
        record = await context_of(self).session.call(lambda store: store.events.get(record_id))
        return lambda width: _lines(record, width)

    @work(exclusive=True, group="look")
    async def _look(self) -> None:
        """Read the list again when something came in; draw nothing otherwise."""
        context = context_of(self)
        if self.shell.page is not self or not context.session.is_open:
            return
        try:
            new = await context.session.call(
                lambda store: store.events.ids(EventQuery(after=self._newest))
            )
        except SmstuiError:
            return  # F5 tells what is wrong; a look that nobody asked for does not.
        if new:
            is_first = not self._newest
            self._newest = new[0]
            if not is_first:
                self.reload()


def _lines(record: EventRecord, width: int) -> list[Line]:
    event = record.event
    outcome = event.outcome
    told = [
        event.reason or str(outcome.get("cause") or outcome.get("summary") or ""),
        str(outcome.get("next_step") or ""),
        _("Text: {text}").format(text=event.text) if event.text else "",
        _("Reply: {text}").format(text=event.reply) if event.reply else "",
    ]
    lines: list[Line] = [
        [Cell(clean(record.webhook), "strong"), Cell(f"   {event.kind}   {event.word}")]
    ]
    for sentence in filter(None, told):
        lines += [[Cell(part)] for part in textwrap.wrap(clean(sentence), max(width, 1))]
    if event.message_id:
        lines.append([Cell(clean(event.message_id), "muted")])
    return lines
