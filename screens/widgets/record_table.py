"""The one list: any number of records, drawn line by line from blocks fetched when needed."""

from __future__ import annotations

import textwrap
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual.actions import SkipAction
from textual.binding import Binding
from textual.events import Resize
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from screens.widgets.cells import TONE_CLASSES, fit, joined, tone_style
from screens.widgets.columns import GAP, Column, layout_columns
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.text import clean

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

BLOCK = 64
"""Records fetched at once."""
KEPT_BLOCKS = 32
MARKER = "▌"
NOT_YET = "…"
GONE = "–"


class RecordSource(Protocol[R_co]):
    """Where the records of a list come from, in the order of the list."""

    @property
    def ids(self) -> Sequence[int]:
        """The ids of all records; its length is the length of the list."""

    async def fetch(self, start: int, count: int) -> Sequence[R_co | None]:
        """Return records from position ``start``; None for one that was deleted meanwhile.

        Raises:
            SmstuiError: they cannot be read.
        """


class RecordTable(Widget, Generic[R], can_focus=True):
    """A list with a cursor row, immediate at any length: it draws only the lines that changed.

    Records arrive in blocks through a `RecordSource`; a row that is not there yet shows "…".
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES = TONE_CLASSES | {
        "record-table--header",
        "record-table--cursor",
        "record-table--marker",
        "record-table--bar",
    }
    # What only moves the cursor has no id: the palette and the help need not list it.
    BINDINGS = [
        Binding(
            "enter",
            "select",
            N_("Open"),
            show=False,
            id="table.select",
            tooltip=N_("Open the record the cursor stands on"),
        ),
        Binding("up,k", "move(-1)", N_("Up"), show=False),
        Binding("down,j", "move(1)", N_("Down"), show=False),
        Binding("pageup", "page(-1)", N_("Page up"), show=False),
        Binding("pagedown", "page(1)", N_("Page down"), show=False),
        Binding("home,g", "first", N_("First row"), show=False),
        Binding("end,G", "last", N_("Last row"), show=False),
    ]

    @dataclass
    class RowHighlighted(Message):
        """The cursor stands on another record; None when the list is empty."""

        table: RecordTable[Any]
        record_id: int | None

        @property
        def control(self) -> RecordTable[Any]:
            """The table."""
            return self.table

    @dataclass
    class RowSelected(Message):
        """Enter was pressed on a record."""

        table: RecordTable[Any]
        record_id: int

        @property
        def control(self) -> RecordTable[Any]:
            """The table."""
            return self.table

    @dataclass
    class LoadFailed(Message):
        """Rows that are in sight could not be read; moving the cursor tries again."""

        table: RecordTable[Any]
        error: SmstuiError

        @property
        def control(self) -> RecordTable[Any]:
            """The table."""
            return self.table

    def __init__(self, columns: Sequence[Column[R]], *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._source: RecordSource[R] | None = None
        self._blocks: OrderedDict[int, Sequence[R | None]] = OrderedDict()
        self._loading = False
        self._cursor = 0
        self._top = 0
        self._sort = ("", False)
        self._placeholder = NOT_YET

    @property
    def total(self) -> int:
        """How many rows there are."""
        return len(self._source.ids) if self._source is not None else 0

    @property
    def cursor(self) -> int:
        """The position of the row one stands on."""
        return self._cursor

    @property
    def current_id(self) -> int | None:
        """The id of the record one stands on, or None when the list is empty."""
        return self._source.ids[self._cursor] if self._source is not None and self.total else None

    @property
    def page_rows(self) -> int:
        """How many rows are in sight."""
        return max(self.size.height - 1, 1)

    async def show(
        self,
        source: RecordSource[R],
        *,
        placeholder: str = "",
        sort: tuple[str, bool] = ("", False),
        keep: int | None = None,
        otherwise: int | None = None,
    ) -> None:
        """Show a source; the cursor stays on its record, at its height on the screen if it can.

        What is shown stays until the rows in sight of the new source have arrived.

        Args:
            source: the records.
            placeholder: what stands in the list when there are none.
            sort: key of the column sorted by and whether descending, for the mark.
            keep: id of the record for the cursor; without it the record it stands on.
            otherwise: position for the cursor when that record is not in the source; without it
                the position where it stands.

        Raises:
            SmstuiError: the source cannot be read; the table is as it was.
        """
        blocks: OrderedDict[int, Sequence[R | None]] = OrderedDict()
        total = len(source.ids)
        _cursor, top = self._place_in(source, keep, otherwise)
        if total:
            for block in range(top // BLOCK, min(top + self.page_rows, total - 1) // BLOCK + 1):
                blocks[block] = await source.fetch(block * BLOCK, BLOCK)
        # The cursor may have moved while the rows were on their way.
        old_id = self.current_id
        cursor, top = self._place_in(source, keep, otherwise)
        before = self._lines()
        self._source, self._blocks = source, blocks
        self._placeholder, self._sort = placeholder, sort
        self._cursor, self._top = cursor, top
        self._repaint_changed(before)
        if self.current_id != old_id or not total:
            self.post_message(self.RowHighlighted(self, self.current_id))
        self._want_rows()

    def _place_in(
        self, source: RecordSource[R], keep: int | None, otherwise: int | None
    ) -> tuple[int, int]:
        """Return where cursor and first row in sight come to be in a source."""
        record_id = self.current_id if keep is None else keep
        place = self._cursor if otherwise is None else otherwise
        if record_id is not None:
            with suppress(ValueError):
                place = source.ids.index(record_id)
        cursor = max(min(place, len(source.ids) - 1), 0)
        return cursor, self._top_for(cursor, cursor - self._cursor + self._top, len(source.ids))

    def _top_for(self, cursor: int, top: int, total: int) -> int:
        """Return the first row in sight, nearest to ``top``, so that the cursor is in sight."""
        top = max(min(top, cursor), cursor - self.page_rows + 1)
        return max(min(top, total - self.page_rows), 0)

    def say(self, placeholder: str) -> None:
        """Say something else in the list while it is empty."""
        self._placeholder = placeholder
        if not self.total:
            self.refresh()

    def next_sortable(self, key: str) -> str:
        """Return the key of the sortable column after the one with that key, in turn."""
        keys = [column.key for column in self._columns if column.sortable]
        return keys[(keys.index(key) + 1) % len(keys)] if key in keys else keys[0]

    def action_select(self) -> None:
        """Choose the row one stands on; an empty list leaves the key to the page."""
        record_id = self.current_id
        if record_id is None:
            raise SkipAction
        self.post_message(self.RowSelected(self, record_id))

    def action_move(self, rows: int) -> None:
        """Move the cursor by rows."""
        self._go(self._cursor + rows, self._top)

    def action_page(self, pages: int) -> None:
        """Move the cursor and what is in sight by pages; one row stays in sight."""
        rows = pages * max(self.page_rows - 1, 1)
        self._go(self._cursor + rows, self._top + rows)

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        self._go(0, 0)

    def action_last(self) -> None:
        """Move the cursor to the last row."""
        self._go(self.total - 1, self.total)

    def _go(self, cursor: int, top: int) -> None:
        cursor = max(min(cursor, self.total - 1), 0)
        top = self._top_for(cursor, top, self.total)
        if cursor == self._cursor and top == self._top:
            return
        before, self._cursor = self._cursor, cursor
        if top == self._top:
            self._repaint_rows({before, cursor})
        else:
            self._top = top
            self.refresh()
        if cursor != before:
            self.post_message(self.RowHighlighted(self, self.current_id))
        self._want_rows()

    def on_resize(self, event: Resize) -> None:
        """Keep the cursor in sight; the new size was painted already."""
        top = self._top_for(self._cursor, self._top, self.total)
        if top != self._top:
            self._top = top
            self.refresh()
        self._want_rows()

    def _want_rows(self) -> None:
        """Fetch what is missing in sight and around it; one worker runs at most."""
        if not self._loading and self._missing_block() is not None:
            self._loading = True
            self.run_worker(self._load(), group="record-table")

    def _missing_block(self) -> int | None:
        if not self.total:
            return None
        first = self._top // BLOCK
        last = min(self._top + self.page_rows, self.total - 1) // BLOCK
        most = (self.total - 1) // BLOCK
        # What is in sight comes first, then where the next page key may lead.
        wanted = [*range(first, last + 1), min(last + 1, most), max(first - 1, 0)]
        return next((block for block in wanted if block not in self._blocks), None)

    async def _load(self) -> None:
        try:
            while (block := self._missing_block()) is not None and self._source is not None:
                source = self._source
                rows = await source.fetch(block * BLOCK, BLOCK)
                if source is not self._source:
                    continue
                self._blocks[block] = rows
                while len(self._blocks) > KEPT_BLOCKS:
                    self._blocks.popitem(last=False)
                start = block * BLOCK
                self._repaint_rows(set(range(start, start + len(rows))))
        except SmstuiError as error:
            self.post_message(self.LoadFailed(self, error))
        finally:
            self._loading = False

    def _repaint_rows(self, rows: set[int]) -> None:
        lines = sorted(row - self._top + 1 for row in rows)
        width, height = self.size
        regions = [Region(0, y, width, 1) for y in lines if 1 <= y < height]
        if regions:
            self.refresh(*regions)

    def _lines(self) -> list[Strip]:
        return [self.render_line(y) for y in range(self.size.height)] if self.is_attached else []

    def _repaint_changed(self, before: list[Strip]) -> None:
        after = self._lines()
        changed = [y for y, (old, new) in enumerate(zip(before, after, strict=False)) if old != new]
        if changed:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))

    def render_line(self, y: int) -> Strip:
        """Draw one line: the heading, a row, or the placeholder of an empty list."""
        width = self.size.width
        if width < 2:
            return Strip.blank(width, self.rich_style)
        if y == 0:
            return self._header(width)
        row = self._top + y - 1
        if row < self.total:
            return self._row(row, y, width)
        if not self.total and y >= 2:
            return self._message(y - 2, width)
        return Strip.blank(width, self.rich_style)

    def _header(self, width: int) -> Strip:
        style = self.get_component_rich_style("record-table--header")
        key, descending = self._sort
        words = []
        for column, column_width in self._layout(width):
            label = _(column.label)
            if column.key == key:
                label = (
                    f"{fit(label, min(len(label), column_width - 2))} {'▾' if descending else '▴'}"
                )
            words.append(fit(label, column_width, column.align))
        return Strip([Segment(f" {(' ' * GAP).join(words)} ", style)], width)

    def _message(self, line: int, width: int) -> Strip:
        lines = textwrap.wrap(clean(self._placeholder), max(width - 2, 1))
        text = lines[line] if line < len(lines) else ""
        style = tone_style(self, self.rich_style, "muted")
        return Strip([Segment(fit(f" {text}", width), style)], width)

    def _row(self, row: int, y: int, width: int) -> Strip:
        is_cursor = row == self._cursor
        base = self.rich_style
        marker = base
        if is_cursor:
            base = self.get_component_rich_style("record-table--cursor")
            marker = base + self.get_component_rich_style("record-table--marker", partial=True)
        # On the cursor's ground the tones would be hard to read.
        toned = not (is_cursor and self.has_focus)
        segments = [Segment(MARKER if is_cursor else " ", marker)]
        record = self._record(row)
        if record is None:
            known = row // BLOCK in self._blocks
            text = fit(GONE if known else NOT_YET, width - 2)
            segments.append(Segment(text, tone_style(self, base, "muted" if toned else "")))
        else:
            for i, (column, column_width) in enumerate(self._layout(width)):
                cell = column.cell(record)
                style = tone_style(self, base, cell.tone if toned else "")
                gap = " " * GAP if i else ""
                segments.append(Segment(gap, base))
                segments.append(Segment(fit(cell.text, column_width, column.align), style))
        segments.append(self._bar(y, base))
        return Strip(joined(segments), width)

    def _bar(self, y: int, base: Style) -> Segment:
        """Return the last cell of a row: where in the list one is, when it is longer than this."""
        rows, total = self.page_rows, self.total
        if total <= rows:
            return Segment(" ", base)
        length = max(rows * rows // total, 1)
        start = round(self._top * (rows - length) / (total - rows))
        if start <= y - 1 < start + length:
            return Segment("┃", self.get_component_rich_style("record-table--bar"))
        return Segment(" ", self.rich_style)

    def _layout(self, width: int) -> list[tuple[Column[R], int]]:
        # One cell at the left for the cursor's mark, one at the right for the position.
        return layout_columns(self._columns, width - 2, self._sort[0])

    def _record(self, row: int) -> R | None:
        block, place = divmod(row, BLOCK)
        rows = self._blocks.get(block)
        if rows is None or place >= len(rows):
            return None
        self._blocks.move_to_end(block)
        return rows[place]
