"""Lines about the record one stands on: drawn anew only where they changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from screens.widgets.cells import TONE_CLASSES, Cell, fit, joined, tone_style

Line = Sequence[Cell]


class DetailLines(Widget):
    """Some lines of cells; a change sends only the changed lines to the terminal."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES = TONE_CLASSES

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._make: Callable[[int], Sequence[Line]] = lambda width: ()
        self._lines: Sequence[Line] = ()
        self._width = 0

    def show(self, make: Callable[[int], Sequence[Line]]) -> None:
        """Show other lines.

        Args:
            make: makes the lines for a width in cells; called again when the width changes.
        """
        self._make = make
        width = self.size.width
        before, self._lines = self._lines, make(width)
        self._width = width
        regions = [
            Region(0, y, min(max(_length(old), _length(new)), width), 1)
            for y in range(max(len(before), len(self._lines)))
            if (old := _line(before, y)) != (new := _line(self._lines, y))
        ]
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """Draw one line, cut where the room ends."""
        base, width = self.rich_style, self.size.width
        if width != self._width:
            self._lines, self._width = self._make(width), width
        segments: list[Segment] = []
        room = width
        for cell in _line(self._lines, y):
            text = fit(cell.text, min(cell_len(cell.text), room))
            room -= cell_len(text)
            segments.append(Segment(text, tone_style(self, base, cell.tone)))
        segments.append(Segment(" " * room, base))
        return Strip(joined(segments), width)


def _line(lines: Sequence[Line], y: int) -> Line:
    return lines[y] if y < len(lines) else ()


def _length(line: Line) -> int:
    return sum(cell_len(cell.text) for cell in line)
