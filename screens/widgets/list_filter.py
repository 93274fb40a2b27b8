"""The filter of a list: seen while it holds, and nothing moves when it comes or goes."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Input, Static

from smstui.i18n import N_


class FilterEntry(Input):
    """The line one types into; the keys of the toolkit's own come first, so they are here."""

    BINDINGS = [
        Binding(
            "enter,down",
            "submit",
            N_("To the list"),
            id="filter.leave",
            key_display="Enter",
            tooltip=N_("Go to the list; the filter stays"),
        ),
    ]


class ListFilter(Horizontal):
    """The words that a list is narrowed to; unseen when there are none and one is elsewhere."""

    BINDINGS = [
        Binding(
            "escape", "clear", N_("Clear"), id="filter.clear", tooltip=N_("Show all records again")
        ),
    ]

    @dataclass
    class Narrowed(Message):
        """The words changed."""

        list_filter: ListFilter
        text: str

        @property
        def control(self) -> ListFilter:
            """The filter."""
            return self.list_filter

    @dataclass
    class Left(Message):
        """One goes on to the list."""

        list_filter: ListFilter

        @property
        def control(self) -> ListFilter:
            """The filter."""
            return self.list_filter

    input = query_one(FilterEntry)

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        """The words, without blanks around them."""

    def compose(self) -> ComposeResult:
        yield Static("/", classes="filter-sign")
        entry = FilterEntry(compact=True, select_on_focus=False, max_length=100)
        entry.cursor_blink = False
        yield entry

    @property
    def is_open(self) -> bool:
        """Whether it is seen."""
        return self.has_class("-open")

    def open(self) -> None:
        """Show it and put the focus into it."""
        self.add_class("-open")
        self.input.focus()

    def put(self, text: str) -> None:
        """Show it with other words; the focus stays where it is."""
        self.add_class("-open")
        self.input.value = text

    def reset(self) -> None:
        """Forget the words and hide; posts `Narrowed` when there were any."""
        with self.input.prevent(Input.Changed):
            self.input.value = ""
        self._narrow("")
        self.remove_class("-open")

    @on(Input.Submitted)
    def _leave(self, event: Input.Submitted) -> None:
        event.stop()
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
