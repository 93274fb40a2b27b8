"""The filter of a list: a row that is there while it holds."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Input, Static

from smstui.i18n import N_


class FilterRow(Horizontal):
    """The words that a list is narrowed to; hidden when there are none and one is elsewhere."""

    BINDINGS = [
        Binding(
            "enter,down",
            "leave",
            N_("To the list"),
            id="filter.leave",
            key_display="Enter",
            tooltip=N_("Go to the list; the filter stays"),
        ),
        Binding(
            "escape", "clear", N_("Clear"), id="filter.clear", tooltip=N_("Show all records again")
        ),
    ]

    @dataclass
    class Narrowed(Message):
        """The words changed."""

        row: FilterRow
        text: str

        @property
        def control(self) -> FilterRow:
            """The filter row."""
            return self.row

    @dataclass
    class Left(Message):
        """One goes on to the list."""

        row: FilterRow

        @property
        def control(self) -> FilterRow:
            """The filter row."""
            return self.row

    input = query_one(Input)

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        """The words, without blanks around them."""

    def compose(self) -> ComposeResult:
        yield Static("/", classes="filter-sign")
        entry = Input(compact=True, select_on_focus=False, max_length=100)
        entry.cursor_blink = False
        yield entry
        yield Static(classes="filter-count")

    @property
    def is_open(self) -> bool:
        """Whether the row is there."""
        return self.has_class("-open")

    def open(self) -> None:
        """Show the row and put the focus into it."""
        self.add_class("-open")
        self.input.focus()

    def tell(self, count: str) -> None:
        """Say at the right end how many records are left."""
        self.query_one(".filter-count", Static).update(Text(count))

    def reset(self) -> None:
        """Forget the words and hide the row; posts `Narrowed` when there were any."""
        with self.input.prevent(Input.Changed):
            self.input.value = ""
        self._narrow("")
        self.remove_class("-open")

    def action_leave(self) -> None:
        """Go on to the list and keep the filter."""
        self.post_message(self.Left(self))

    def action_clear(self) -> None:
        """Forget the words and go on to the list."""
        self.reset()
        self.post_message(self.Left(self))

    @on(Input.Changed)
    def _take_words(self, event: Input.Changed) -> None:
        event.stop()
        self._narrow(event.value.strip())

    def _narrow(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.post_message(self.Narrowed(self, text))

    @on(Input.Blurred)
    def _hide_when_idle(self) -> None:
        if not self.text:
            self.remove_class("-open")
