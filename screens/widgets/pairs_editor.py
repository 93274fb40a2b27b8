"""The editor for pairs: rows of name and value, the first of which may be locked."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Grid
from textual.widgets import Input

from screens.widgets.editors import Done, Edited, first_line, is_taken
from smstui.i18n import _
from smstui.providers.fields import FieldSpec, Pairs, Value
from smstui.text import clean


class PairCell(Input):
    """One name or one value; a locked one cannot be changed and takes no focus."""

    def __init__(self, text: str, placeholder: str, *, locked: bool = False) -> None:
        super().__init__(
            clean(text),
            placeholder=placeholder,
            validate_on=(),
            select_on_focus=False,
            compact=True,
            disabled=locked,
        )
        self.cursor_blink = False

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if not is_taken(self, event.text):
            self.replace(clean(first_line(event.text).value.strip()), *self.selection)


class PairsEditor(Grid):
    """Locked rows first, then the person's own; an empty one at the end while there is room.

    A row emptied goes on leaving.
    """

    def __init__(self, spec: FieldSpec, value: Value) -> None:
        """Make the editor.

        Args:
            spec: says which rows are locked, and how many may stand beside those.
            value: the pairs, locked ones first (see `with_locked_rows`).
        """
        super().__init__()
        self._locked = spec.locked_rows
        self._words = spec.pair_words
        self._most = None if spec.max_rows is None else spec.max_rows + len(self._locked)
        self._pairs: Pairs = value if isinstance(value, tuple) else ()

    def compose(self) -> ComposeResult:
        for number, pair in enumerate(self._pairs):
            yield from self._row(number, pair)
        if self._has_room(len(self._pairs)):
            yield from self._row(len(self._pairs))

    def read(self) -> Value:
        """Return the rows that hold something, and the locked ones; blanks around are removed."""
        cells = [clean(cell.value.strip()) for cell in self._cells]
        pairs = list(zip(cells[::2], cells[1::2], strict=True))
        own = [pair for pair in pairs[len(self._locked) :] if any(pair)]
        return (*pairs[: len(self._locked)], *own)

    def load(self, value: Value) -> None:
        """Replace all rows; those that are too many become empty."""
        pairs: Pairs = value if isinstance(value, tuple) else ()
        for number in range(len(self._cells) // 2, len(pairs)):
            self.mount(*self._row(number))
        texts = [text for pair in pairs for text in pair]
        for cell, text in zip_longest(self._cells, texts, fillvalue=""):
            if isinstance(cell, PairCell):
                cell.value = clean(text) if isinstance(text, str) else ""
        self._keep_an_empty_row()

    @property
    def _cells(self) -> list[PairCell]:
        return [cell for cell in self.children if isinstance(cell, PairCell)]

    def _has_room(self, rows: int) -> bool:
        return self._most is None or rows < self._most

    def _row(self, number: int, pair: tuple[str, str] = ("", "")) -> Iterator[PairCell]:
        is_locked = number < len(self._locked)
        is_fixed = is_locked and bool(self._locked[number][1])
        name, value = self._words
        yield PairCell(pair[0], _(name), locked=is_locked)
        yield PairCell(pair[1], _(value), locked=is_fixed)

    def _keep_an_empty_row(self) -> None:
        cells = self._cells
        rows = len(cells) // 2
        is_full = rows <= len(self._locked) or any(cell.value for cell in cells[-2:])
        if is_full and self._has_room(rows):
            self.mount(*self._row(rows))

    @on(Input.Changed)
    def _edited(self, event: Input.Changed) -> None:
        event.stop()
        self._keep_an_empty_row()
        self.post_message(Edited())

    @on(Input.Submitted)
    def _next_cell(self, event: Input.Submitted) -> None:
        event.stop()
        cells = self._cells
        position = cells.index(next(cell for cell in cells if cell is event.input))
        row = cells[position - position % 2 :][:2]
        following = [cell for cell in cells[position + 1 :] if not cell.disabled]
        if following and any(cell.value for cell in row):
            following[0].focus()
        else:
            self.post_message(Done())

    async def drop_empty_rows(self) -> None:
        """Remove rows in which nothing is left, apart from the last one."""
        cells = self._cells[2 * len(self._locked) :]
        for name, text in zip(cells[:-2:2], cells[1:-2:2], strict=True):
            if not name.value and not text.value:
                await name.remove()
                await text.remove()
        self._keep_an_empty_row()


def with_locked_rows(spec: FieldSpec, pairs: Pairs) -> Pairs:
    """Return pairs with the locked rows first, in their order; missing ones have their default."""
    defaults = dict(spec.default) if isinstance(spec.default, tuple) else {}
    others = list(pairs)
    locked = []
    for name, fixed in spec.locked_rows:
        mine = next((pair for pair in others if pair[0].lower() == name.lower()), None)
        if mine is not None:
            others.remove(mine)
        locked.append((name, fixed or (mine[1] if mine is not None else defaults.get(name, ""))))
    return (*locked, *others)
