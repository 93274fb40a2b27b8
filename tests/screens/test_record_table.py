"""The list widget, with a source that is simply a list in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.pilot import Pilot
from textual.strip import Strip

from screens.theme import DARK
from screens.widgets.cells import Cell, fit
from screens.widgets.columns import GAP, Column, layout_columns
from screens.widgets.record_table import BLOCK, KEPT_BLOCKS, RecordTable
from smstui.errors import SmstuiError


class Item(NamedTuple):
    id: int
    name: str


COLUMNS = (
    Column[Item]("name", "Name", lambda item: Cell(item.name), 8, True, sortable=True),
    Column[Item]("id", "Id", lambda item: Cell(str(item.id)), 6, align="right", sortable=True),
    Column[Item]("parity", "Parity", lambda item: Cell("odd" if item.id % 2 else "even"), 6, False),
)


class MemorySource:
    """Items kept in memory; says which blocks were asked for, and can be held back or fail."""

    def __init__(self, items: Sequence[Item], *, gone: Sequence[int] = ()) -> None:
        self._items = items
        self._gone = gone
        self.ids = [item.id for item in items]
        self.asked: list[int] = []
        self.open = asyncio.Event()
        self.open.set()
        self.failure: SmstuiError | None = None

    async def fetch(self, start: int, count: int) -> list[Item | None]:
        self.asked.append(start)
        await self.open.wait()
        if self.failure is not None:
            raise self.failure
        return [
            None if item.id in self._gone else item for item in self._items[start : start + count]
        ]


def items(count: int, first: int = 1) -> list[Item]:
    return [Item(number, f"item-{number}") for number in range(first, first + count)]


class TableApp(App[None]):
    """A table alone on the screen."""

    CSS_PATH = "../../styles/record_table.tcss"
    BINDINGS = [Binding("enter", "note_empty", show=False)]

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.theme = DARK.name
        self.highlighted: list[int | None] = []
        self.selected: list[int] = []
        self.failures: list[str] = []
        self.enters_on_empty = 0

    def compose(self) -> ComposeResult:
        yield RecordTable(COLUMNS, id="table")

    @property
    def table(self) -> RecordTable[Item]:
        return self.query_one("#table", RecordTable)

    @on(RecordTable.RowHighlighted, "#table")
    def note_highlight(self, event: RecordTable.RowHighlighted) -> None:
        self.highlighted.append(event.record_id)

    @on(RecordTable.RowSelected, "#table")
    def note_selection(self, event: RecordTable.RowSelected) -> None:
        self.selected.append(event.record_id)

    @on(RecordTable.LoadFailed, "#table")
    def note_failure(self, event: RecordTable.LoadFailed) -> None:
        self.failures.append(event.error.message)

    def action_note_empty(self) -> None:
        self.enters_on_empty += 1


def lines(table: RecordTable[Item]) -> list[str]:
    return [table.render_line(y).text.rstrip() for y in range(table.size.height)]


async def settle(pilot: Pilot[None]) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


@given(
    widths=st.lists(
        st.tuples(st.integers(1, 30), st.booleans(), st.integers(0, 5)), min_size=1, max_size=8
    ),
    room=st.integers(0, 250),
    keep=st.integers(0, 8),
)
def test_columns_fill_the_room_exactly(
    widths: list[tuple[int, bool, int]], room: int, keep: int
) -> None:
    columns = [
        Column[Item](str(i), "", lambda item: Cell(""), width, flexible, priority=priority)
        for i, (width, flexible, priority) in enumerate(widths)
    ]

    laid_out = layout_columns(columns, room, str(keep))

    assert sum(width for _column, width in laid_out) + GAP * (len(laid_out) - 1) == room
    assert all(width >= 0 for _column, width in laid_out)
    assert laid_out[0][0] is columns[0]
    order = [columns.index(column) for column, _width in laid_out]
    assert order == sorted(order)
    if len(laid_out) > 1:
        assert all(width >= column.width for column, width in laid_out)


def test_the_least_important_column_goes_first_and_the_sorted_one_last() -> None:
    columns = [
        Column[Item]("a", "", lambda item: Cell(""), 10, True),
        Column[Item]("b", "", lambda item: Cell(""), 10, priority=1),
        Column[Item]("c", "", lambda item: Cell(""), 10, priority=2),
    ]

    def keys(room: int, keep: str = "") -> list[str]:
        return [column.key for column, _width in layout_columns(columns, room, keep)]

    assert keys(34) == ["a", "b", "c"]
    assert keys(33) == ["a", "b"]
    assert keys(33, "c") == ["a", "c"]
    assert keys(21) == ["a"]


@given(text=st.text(max_size=40), width=st.integers(0, 30))
def test_fitted_text_has_exactly_the_width_and_nothing_unprintable(text: str, width: int) -> None:
    for fitted in (fit(text, width), fit(text, width, "right")):
        assert cell_len(fitted) == width
        assert fitted.isprintable()


async def test_rows_headings_and_cursor_are_drawn() -> None:
    app = TableApp()
    async with app.run_test(size=(40, 6)) as pilot:
        await app.table.show(MemorySource(items(3)), sort=("name", False))
        await settle(pilot)

        assert lines(app.table) == [
            " Name ▴                      Id  Parity",
            "▌item-1                       1  odd",
            " item-2                       2  even",
            " item-3                       3  odd",
            "",
            "",
        ]
        assert app.highlighted == [1]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["down"], 1),
        (["j", "j"], 2),
        (["j", "j", "k"], 1),
        (["down", "up", "up"], 0),
        (["end"], 199),
        (["G"], 199),
        (["end", "home"], 0),
        (["G", "g"], 0),
        (["pagedown"], 8),
        (["pagedown", "pagedown", "pageup"], 8),
        (["end", "down"], 199),
        (["pageup"], 0),
    ],
)
async def test_keys_move_the_cursor_and_keep_it_in_sight(keys: list[str], expected: int) -> None:
    app = TableApp()
    async with app.run_test(size=(40, 10)) as pilot:
        await app.table.show(MemorySource(items(200)))
        app.table.focus()
        await pilot.press(*keys)
        await settle(pilot)

        assert app.table.cursor == expected
        assert app.table.current_id == expected + 1
        assert [line for line in lines(app.table) if line.startswith(f"▌item-{expected + 1} ")]
        assert app.highlighted[-1] == expected + 1


async def test_enter_selects_and_an_empty_list_leaves_the_key_to_others() -> None:
    app = TableApp()
    async with app.run_test(size=(40, 10)) as pilot:
        await app.table.show(MemorySource(items(3)))
        app.table.focus()
        await pilot.press("down", "enter")
        assert app.selected == [2]

        await app.table.show(
            MemorySource([]), placeholder="There is really nothing at all here. Press n."
        )
        await pilot.press("enter", "down", "end", "pageup")
        assert app.selected == [2]
        assert app.enters_on_empty == 1
        assert app.highlighted[-1] is None
        assert [line.strip() for line in lines(app.table)[2:4]] == [
            "There is really nothing at all here.",
            "Press n.",
        ]


async def test_the_cursor_keeps_its_record_through_another_order_and_a_filter() -> None:
    app = TableApp()
    async with app.run_test(size=(40, 10)) as pilot:
        table = app.table
        await table.show(MemorySource(items(100)))
        table.focus()
        await pilot.press("down", "down", "down")
        assert table.current_id == 4

        await table.show(MemorySource(items(100)[::-1]))
        await settle(pilot)
        assert (table.current_id, table.cursor) == (4, 96)
        assert any(line.startswith("▌item-4 ") for line in lines(table))

        await table.show(MemorySource([Item(4, "item-4"), Item(8, "item-8")]))
        assert (table.current_id, table.cursor) == (4, 0)

        await table.show(MemorySource(items(100)))
        assert (table.current_id, table.cursor) == (4, 3)
        assert app.highlighted == [1, 2, 3, 4]


async def test_a_vanished_record_leaves_the_cursor_in_place_or_where_it_is_told() -> None:
    app = TableApp()
    async with app.run_test(size=(40, 10)) as pilot:
        table = app.table
        await table.show(MemorySource(items(5)))
        table.focus()
        await pilot.press("end")

        await table.show(MemorySource(items(4)))
        assert table.current_id == 4
        await table.show(MemorySource(items(3)), otherwise=0)
        assert table.current_id == 1
        await table.show(MemorySource(items(9)), keep=7)
        assert table.current_id == 7


async def test_rows_that_are_on_their_way_never_block() -> None:
    app = TableApp()
    async with app.run_test(size=(40, 10)) as pilot:
        source = MemorySource(items(10_000))
        await app.table.show(source)
        await settle(pilot)
        app.table.focus()
        source.open.clear()
        await pilot.press("end", "up")

        assert app.table.cursor == 9_998
        assert [line.split()[0] for line in lines(app.table)[-2:]] == ["▌…", "…"]

        source.open.set()
        await settle(pilot)
        assert [line.split()[0] for line in lines(app.table)[-2:]] == ["▌item-9999", "item-10000"]


async def test_only_blocks_in_sight_and_beside_are_fetched_and_few_are_kept() -> None:
    app = TableApp()
    async with app.run_test(size=(40, 10)) as pilot:
        source = MemorySource(items(100_000))
        await app.table.show(source)
        await settle(pilot)
        assert source.asked == [0, BLOCK]

        app.table.focus()
        for _ in range(40):
            app.table.action_page(10)
            await settle(pilot)
        assert len(app.table._blocks) <= KEPT_BLOCKS
        assert len(source.asked) < 200


async def test_a_failing_source_is_told_and_tried_again_on_the_next_move() -> None:
    app = TableApp()
    async with app.run_test(size=(40, 10)) as pilot:
        source = MemorySource(items(1_000))
        await app.table.show(source)
        await settle(pilot)
        app.table.focus()
        source.failure = SmstuiError("The store is locked by another process.")
        await pilot.press("end")
        await settle(pilot)
        assert app.failures == ["The store is locked by another process."]
        assert lines(app.table)[-1].split()[0] == "▌…"

        source.failure = None
        await pilot.press("up")
        await settle(pilot)
        assert lines(app.table)[-1].startswith(" item-1000")


async def test_a_source_that_cannot_be_read_leaves_the_table_as_it_was() -> None:
    app = TableApp()
    async with app.run_test(size=(40, 10)):
        await app.table.show(MemorySource(items(3)))
        before = lines(app.table)
        broken = MemorySource(items(5))
        broken.failure = SmstuiError("no")
        with pytest.raises(SmstuiError):
            await app.table.show(broken)
        assert lines(app.table) == before


async def test_a_record_deleted_meanwhile_is_a_dash() -> None:
    app = TableApp()
    async with app.run_test(size=(40, 6)):
        await app.table.show(MemorySource(items(3), gone=[2]))
        assert lines(app.table)[2] == " –"


async def test_a_move_repaints_two_lines_and_a_refresh_only_what_changed() -> None:
    app = TableApp()
    async with app.run_test(size=(40, 10)) as pilot:
        table = app.table
        await table.show(MemorySource(items(50)))
        table.focus()
        await settle(pilot)
        drawn: list[int] = []
        draw = table.render_line

        def count(y: int) -> Strip:
            drawn.append(y)
            return draw(y)

        table.render_line = count  # type: ignore[method-assign]  # counts what is drawn

        await pilot.press("down")
        assert sorted(drawn) == [1, 2]

        changed = [*items(3), Item(4, "renamed"), *items(46, 5)]
        drawn.clear()
        await table.show(MemorySource(changed))
        await settle(pilot)
        # Twice to compare, once to paint the one line.
        assert sorted(drawn) == sorted([*range(10), *range(10), 4])


async def test_resizing_lays_the_columns_out_anew_and_keeps_the_cursor_in_sight() -> None:
    app = TableApp()
    async with app.run_test(size=(40, 20)) as pilot:
        await app.table.show(MemorySource(items(100)))
        app.table.focus()
        await pilot.press(*["down"] * 15)
        await pilot.resize_terminal(18, 8)
        await settle(pilot)
        drawn = lines(app.table)
        assert any(line.startswith("▌item-16") for line in drawn)
        assert drawn[0] == " Name          Id"
        for size in ((1, 1), (2, 1), (3, 2), (60, 30)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
            assert all(cell_len(line) <= size[0] for line in lines(app.table))


async def test_the_cursor_is_told_by_its_mark_also_without_focus() -> None:
    app = TableApp()
    async with app.run_test(size=(40, 6)) as pilot:
        await app.table.show(MemorySource(items(3)))
        focused = app.table.render_line(1)
        app.set_focus(None)
        await settle(pilot)
        app.table.focus()
        await settle(pilot)
        with_focus = app.table.render_line(1)
        assert focused.text == with_focus.text
        assert with_focus.text.startswith("▌")
        assert app.table.render_line(2).text.startswith(" ")


async def test_foreign_text_stays_text() -> None:
    app = TableApp()
    odd = [
        "[/x] [bold]",
        "\x1b[2Jwiped",
        "日本語の名前がとても長いもの",
        "👩‍👩‍👧 family",
        "a\u202eb",
    ]
    async with app.run_test(size=(40, 10)) as pilot:
        await app.table.show(MemorySource([Item(i, name) for i, name in enumerate(odd)]))
        await settle(pilot)
        drawn = [app.table.render_line(y) for y in range(1, 6)]
        assert "[/x] [bold]" in drawn[0].text
        assert all(strip.text.isprintable() for strip in drawn)
        assert all(cell_len(strip.text) == 40 for strip in drawn)
