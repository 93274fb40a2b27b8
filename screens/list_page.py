"""Pages around one list, with what is told about the row that one stands on.

`ListPage` reads the list and the detail; `FilteredListPage` adds title, filter, count and the
places of strip and column. A page of named records of the store is a `RecordListPage`.
"""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.getters import query_one
from textual.widgets import Static

from screens.base import context_of
from screens.page import Page
from screens.widgets.cells import Cell
from screens.widgets.columns import Column
from screens.widgets.detail_lines import DetailLines, Line
from screens.widgets.list_filter import ListFilter
from screens.widgets.record_table import RecordSource, RecordTable
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.store.errors import NotFound
from smstui.text import clean, shorten_middle

if TYPE_CHECKING:
    from screens.shell import ShellScreen

DEBOUNCE = 0.12
"""Seconds without a typed character until the filter is applied."""

MakeLines = Callable[[int], Sequence[Line]]
"""Makes the lines that tell about a record, for a width in cells."""


class Found(NamedTuple):
    """What a list holds at the moment when it is read.

    Attributes:
        source: the records, in the order of the list.
        total: how many there are without the filter.
        sort: key of the column sorted by and whether descending, for the mark in the heading.
    """

    source: RecordSource[Any]
    total: int
    sort: tuple[str, bool] = ("", False)


class ListPage(Page):
    """Base of pages with a `RecordTable` and `DetailLines`; it is kept when one leaves.

    A page reads its list in `read_list` and what is told about a record in `read_detail`.
    """

    keep = True

    table = query_one(RecordTable)

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.now = datetime.min.replace(tzinfo=UTC)
        """When the list was read last: what "2 h ago" is counted from."""
        self._failure = ""
        self._detail_wanted = False
        self._reading_detail = False

    async def read_list(self, otherwise: int | None) -> None:
        """Read the list and show it in the table.

        Args:
            otherwise: position for the cursor when its record is no longer in the list.

        Raises:
            SmstuiError: it cannot be read; the table says so, and how to try again.
        """
        raise NotImplementedError

    async def read_detail(self, record_id: int) -> MakeLines:
        """Read what is told about a record.

        Raises:
            SmstuiError: it cannot be read; the sentence is told instead.
        """
        raise NotImplementedError

    def focus_first(self) -> None:
        """Put the focus on the list."""
        self.table.focus()

    def shown(self) -> None:
        """Read the list again: records may have changed while it was away."""
        self.reload()

    def on_resize(self) -> None:
        """Read as much about the record as there is room for now."""
        self.tell_about_current()

    def action_refresh(self) -> None:
        """Read the list again."""
        self.reload()

    @work(exclusive=True, group="list")
    async def reload(self, *, otherwise: int | None = None, delay: float = 0.0) -> None:
        """Read the list and show it; the cursor keeps its record.

        Args:
            otherwise: position for the cursor when its record is no longer in the list.
            delay: seconds to wait first; another call meanwhile takes this one's place.
        """
        if delay:
            await asyncio.sleep(delay)
        self.now = context_of(self).clock()
        try:
            await self.read_list(otherwise)
        except SmstuiError as error:
            self.table.say(_("{trouble} F5 reads the list again.").format(trouble=error.message))
            self.say(error.message)
            return
        self._failure = ""
        self.tell_about_current()

    @on(RecordTable.RowHighlighted)
    def tell_about_current(self) -> None:
        """Tell about the record one stands on; however fast one moves, one read is under way."""
        self._detail_wanted = True
        if not self._reading_detail:
            self._reading_detail = True
            self._keep_telling()

    @work(group="detail")
    async def _keep_telling(self) -> None:
        try:
            while self._detail_wanted:
                self._detail_wanted = False
                self.query_one(DetailLines).show(await self._detail())
        finally:
            self._reading_detail = False

    async def _detail(self) -> MakeLines:
        record_id = self.table.current_id
        if record_id is None:
            return lambda width: ()
        try:
            return await self.read_detail(record_id)
        except NotFound:
            sentence = _("It was deleted elsewhere; F5 reads the list again.")
        except SmstuiError as error:
            sentence = error.message
        return lambda width: [[Cell(p, "muted")] for p in textwrap.wrap(sentence, max(width, 1))]

    @on(RecordTable.LoadFailed)
    def _tell_failure(self, event: RecordTable.LoadFailed) -> None:
        if event.error.message != self._failure:
            self._failure = event.error.message
            self.say(self._failure)

    def say(self, sentence: str) -> None:
        """Tell something in passing."""
        self.notify(clean(sentence), markup=False)


class FilteredListPage(ListPage):
    """Base of lists with a title, a filter and a count; detail below, beside when it is wide.

    A page says what it holds in `find`. Its keys are those of `list_keys` beside its own.

    Attributes:
        title: what stands above the list, marked with `N_`.
        columns: of the table.
    """

    title: ClassVar[str]
    columns: ClassVar[Sequence[Column[Any]]]

    filter = query_one(ListFilter)

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.words = ""
        """What the filter looks for; empty when there is none."""
        self._total = 0
        self._point_at: int | None = None

    async def find(self) -> Found:
        """Read what the list holds, narrowed to `words`.

        Raises:
            SmstuiError: it cannot be read.
        """
        raise NotImplementedError

    def none_yet(self) -> str:
        """Return why a list without a filter is empty, and which key helps."""
        raise NotImplementedError

    def counted(self, total: int) -> str:
        """Return how many records there are without a filter: "12 credentials"."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        with Horizontal(classes="list-title"):
            yield Static(Text(_(self.title)), classes="list-name")
            yield ListFilter()
            yield Static(classes="list-count")
        with Container(classes="list-body"):
            yield self.make_table()
            # The frame is the container's: lines that change are sent without it.
            with Container(classes="list-detail"):
                yield DetailLines()

    def make_table(self) -> RecordTable[Any]:
        """Return the table of the list."""
        return RecordTable(self.columns)

    @property
    def is_wide(self) -> bool:
        """Whether what is told about a record stands in a column beside the list."""
        return self.screen.has_class("-wide")

    def point_at(self, record_id: int) -> None:
        """Put the cursor on a record when the list is read next, whatever the filter hides."""
        self._point_at = record_id

    async def read_list(self, otherwise: int | None) -> None:
        found = await self.find()
        ids = found.source.ids
        if self.words and self._point_at is not None and self._point_at not in ids:
            self.filter.reset()
            self.words = ""
            await self.read_list(otherwise)
            return
        await self.table.show(
            found.source,
            placeholder=self.nothing_here(),
            sort=found.sort,
            keep=self._point_at,
            otherwise=otherwise,
        )
        self._point_at = None
        self._total = found.total
        self.tell_count(len(ids))
        self.set_class(found.total == 0, "-empty")

    def tell_count(self, found: int) -> None:
        """Write how many records are listed, and of how many while a filter holds."""
        self.query_one(".list-count", Static).update(Text(self.count_line(found)))

    def count_line(self, found: int) -> str:
        """Return how many records are listed, and of how many while a filter holds."""
        if not self.words:
            return self.counted(self._total)
        return _("{found} of {total}").format(found=grouped(found), total=grouped(self._total))

    def nothing_here(self) -> str:
        """Return why the list is empty, and which key helps."""
        if not self.words:
            return self.none_yet()
        return _('Nothing matches "{text}". Esc clears the filter.').format(
            text=shorten_middle(self.words, 16)
        )

    def action_filter(self) -> None:
        """Show the filter and put the focus into it."""
        if not self._total:
            self.say(self.none_yet())
            return
        self.filter.open()

    @on(ListFilter.Narrowed)
    def _narrow(self, event: ListFilter.Narrowed) -> None:
        if event.text != self.words:
            self.words = event.text
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


async def to_list(shell: ShellScreen, place: str, record_id: int) -> None:
    """Go to a list, and put its cursor on a record."""
    await shell.navigate(place, remember=False).wait()
    page = shell.page
    if isinstance(page, FilteredListPage):
        page.point_at(record_id)
        page.reload()


def filter_key(area: str, tooltip: str) -> Binding:
    """Return the key for the filter of a list.

    Args:
        area: the first part of its id.
        tooltip: what the filter looks at, marked with `N_`.
    """
    return Binding(
        "slash", "filter", N_("Filter"), id=f"{area}.filter", key_display="/", tooltip=tooltip
    )


def list_keys(area: str) -> list[BindingType]:
    """Return the keys of every filtered list that its last row has no room for.

    Args:
        area: the first part of their ids.
    """
    return [
        Binding(
            "f5",
            "refresh",
            N_("Refresh"),
            show=False,
            id=f"{area}.refresh",
            tooltip=N_("Read the list again"),
        ),
        Binding(
            "escape",
            "back",
            N_("Back"),
            show=False,
            id=f"{area}.back",
            tooltip=N_("Clear the filter, then one level back"),
        ),
    ]


def grouped(number: int) -> str:
    """Return a count with its thousands apart: ``100 000``."""
    return f"{number:,}".replace(",", " ")
