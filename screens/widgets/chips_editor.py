"""The editor for several words: each stands on a ground of its own, and one types behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.getters import query_one
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from screens.widgets.cells import fit
from screens.widgets.editors import Done, Edited, Pasted, is_taken
from smstui.i18n import N_, _
from smstui.providers.fields import FieldSpec, Value, joined_words, words_of
from smstui.text import clean

LEAST_ENTRY = 10
"""Cells for the next word; where a line has fewer left, one types on the next."""


class Place(NamedTuple):
    """Where a word is drawn: its line, its first cell, and how many cells it has."""

    line: int
    start: int
    width: int


class WordEntry(Input):
    """Where the next word is typed; at its beginning, keys reach the words before it."""

    BINDINGS = [
        Binding(
            "backspace",
            "delete_left",
            N_("Take back"),
            show=False,
            id="words.back",
            tooltip=N_("Where nothing is typed: remove the last word"),
        ),
        Binding(
            "delete",
            "delete_right",
            N_("Remove"),
            show=False,
            id="words.remove",
            tooltip=N_("Remove the word one walked to"),
        ),
        Binding(
            "left",
            "cursor_left",
            N_("Walk"),
            show=False,
            id="words.walk",
            tooltip=N_("Where nothing is typed: walk the words"),
        ),
    ]

    class Walked(Message):
        """The word at the left (-1) or at the right (1) is wanted."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Removed(Message):
        """The word one walked to is to go; ``or_last`` takes the last one if that is none."""

        def __init__(self, *, or_last: bool) -> None:
            super().__init__()
            self.or_last = or_last

    class Given(Message):
        """Several words were pasted."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def action_cursor_left(self, select: bool = False) -> None:
        """Move the cursor, or walk to the word before it."""
        if self.value:
            super().action_cursor_left(select)
        else:
            self.post_message(self.Walked(-1))

    def action_cursor_right(self, select: bool = False) -> None:
        """Move the cursor, or walk on."""
        if self.value:
            super().action_cursor_right(select)
        else:
            self.post_message(self.Walked(1))

    def action_delete_left(self) -> None:
        """Delete a character, or a whole word when none is typed."""
        if self.value:
            super().action_delete_left()
        else:
            self.post_message(self.Removed(or_last=True))

    def action_delete_right(self) -> None:
        """Delete a character, or the word one walked to."""
        if self.value:
            super().action_delete_right()
        else:
            self.post_message(self.Removed(or_last=False))

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if is_taken(self, event.text):
            return
        text = ",".join(event.text.splitlines())
        if len(words_of(text)) > 1:
            self.post_message(self.Given(text))
        else:
            self.replace(clean(text.strip(" ,")), *self.selection)


class ChipsEditor(Widget):
    """Words as chips that wrap, and the entry behind the last one.

    Enter or a comma takes a word in. What is still typed counts as one, so nothing is lost.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES = {"chips--word", "chips--chosen"}

    entry = query_one(WordEntry)

    def __init__(self, spec: FieldSpec, value: Value, placeholder: str) -> None:
        """Make the editor.

        Args:
            spec: its ``tidy`` brings the words into the form in which they are kept.
            value: the words.
            placeholder: what is shown where the next one goes.
        """
        super().__init__()
        self._tidy = spec.tidy
        self._placeholder = placeholder or _("Enter a Keyword")
        self._words = words_of(value)
        self._chosen: int | None = None

    def compose(self) -> ComposeResult:
        entry = WordEntry(select_on_focus=False, compact=True)
        entry.cursor_blink = False
        yield entry

    def on_mount(self) -> None:
        self._lay_out()

    def on_resize(self) -> None:
        self._lay_out()

    def read(self) -> Value:
        """Return the words, with what is still being typed."""
        typed = words_of(clean(self.entry.value)) if self.is_attached else ()
        return joined_words((*self._words, *typed))

    def load(self, value: Value) -> None:
        """Put other words into the editor."""
        with self.entry.prevent(Input.Changed):
            self.entry.value = ""
        self._show(words_of(value))

    # Taking in

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value:
            self._choose(None)
        if "," in event.value:
            *whole, rest = event.value.split(",")
            self._take(whole, rest.lstrip())
        self.post_message(Edited())

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self._take([event.value])
        else:
            self.post_message(Done())

    @on(WordEntry.Given)
    def _pasted(self, event: WordEntry.Given) -> None:
        event.stop()
        self._take([self.entry.value, *event.text.split(",")])

    @on(Input.Blurred)
    def _left(self, event: Input.Blurred) -> None:
        event.stop()
        self._choose(None)
        if self.entry.value.strip():
            self._take([self.entry.value])
        self._hint()

    def on_descendant_focus(self) -> None:
        self._hint()

    def _take(self, typed: Iterable[str], rest: str = "") -> None:
        """Take words in, each of them once, and say which are there already."""
        words, again = self._words, []
        for text in typed:
            word = clean(text.strip())
            more = words_of(self._tidy(joined_words((*words, word))).value) if word else words
            if word and len(more) <= len(words):
                again.append(word)
            else:
                words = more
        with self.entry.prevent(Input.Changed):
            self.entry.value = rest
            self.entry.cursor_position = len(rest)
        self._show(words)
        said = _("{words}: there already.").format(words=joined_words(again)) if again else ""
        self.post_message(Pasted(said) if said else Edited())

    # Walking and removing

    @on(WordEntry.Walked)
    def _walk(self, event: WordEntry.Walked) -> None:
        event.stop()
        if self._chosen is None:
            self._choose(len(self._words) - 1 if event.step < 0 and self._words else None)
        else:
            index = max(self._chosen + event.step, 0)
            self._choose(index if index < len(self._words) else None)

    @on(WordEntry.Removed)
    def _remove(self, event: WordEntry.Removed) -> None:
        event.stop()
        index = self._chosen
        if index is None and event.or_last and self._words:
            index = len(self._words) - 1
        if index is None:
            return
        words = self._words[:index] + self._words[index + 1 :]
        chosen = min(index, len(words) - 1) if self._chosen is not None and words else None
        self._chosen = chosen
        self._show(words)
        self.post_message(Edited())

    def _choose(self, index: int | None) -> None:
        if index != self._chosen:
            self._chosen = index
            self.refresh()

    # Drawing

    def _show(self, words: tuple[str, ...]) -> None:
        if words != self._words:
            self._words = words
            if self._chosen is not None and self._chosen >= len(words):
                self._chosen = None
            self._lay_out()
            self.refresh()

    def _lay_out(self) -> None:
        """Put the entry behind the last word, or on a line of its own."""
        line, start = 0, 0
        for place in self._places():
            line, start = place.line, place.start + place.width + 1
        if start and self._width - start < LEAST_ENTRY:
            line, start = line + 1, 0
        margin = (line, 0, 0, start)
        if self.entry.styles.margin != margin:
            self.entry.styles.margin = margin
        self._hint()

    def _hint(self) -> None:
        """Say in the empty entry what goes there, where one is and where there is room."""
        room = self._width - self.entry.styles.margin.left
        wanted = self.entry.has_focus or not self._words
        fits = cell_len(self._placeholder) < room
        self.entry.placeholder = self._placeholder if wanted and fits else ""

    @property
    def _width(self) -> int:
        return self.size.width or 60

    def _places(self) -> Iterator[Place]:
        line, start = 0, 0
        for word in self._words:
            width = min(cell_len(word) + 2, self._width)
            if start and start + width > self._width:
                line, start = line + 1, 0
            yield Place(line, start, width)
            start += width + 1

    def render_line(self, y: int) -> Strip:
        base, width = self.rich_style, self.size.width
        segments: list[Segment] = []
        drawn = 0
        for index, (word, place) in enumerate(zip(self._words, self._places(), strict=True)):
            if place.line != y:
                continue
            segments.append(Segment(" " * (place.start - drawn), base))
            segments.append(self._chip(word, place.width, is_chosen=index == self._chosen))
            drawn = place.start + place.width
        return Strip(segments).adjust_cell_length(width, base)

    def _chip(self, word: str, width: int, *, is_chosen: bool) -> Segment:
        text = fit(word, width - 2)
        style: Style = self.get_component_rich_style(
            "chips--chosen" if is_chosen else "chips--word"
        )
        # The chosen one is told by bars, too, never by colour alone.
        return Segment(f"▌{text}▐" if is_chosen else f" {text} ", style)
