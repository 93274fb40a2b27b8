"""A short list of lines, one of them chosen; its keys are those of the dialog around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget


class Line(Protocol):
    """What a line shows."""

    @property
    def title(self) -> str:
        """What stands at the left."""

    @property
    def key(self) -> str:
        """What stands at the right."""


L = TypeVar("L", bound=Line)


class ChoiceList(Widget, Generic[L]):
    """The lines, one of them chosen; told by a sign, not by colour alone."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES = {"choice-list--key", "choice-list--chosen"}

    def __init__(self, lines: Sequence[L] = (), *, id: str | None = None) -> None:  # noqa: A002 - the toolkit's name for it
        super().__init__(id=id)
        self.lines = list(lines)
        self.index = 0
        self._top = 0

    @property
    def chosen(self) -> L | None:
        """The chosen line; None when there is none."""
        return self.lines[self.index] if self.lines else None

    def show(self, lines: list[L]) -> None:
        """Draw these lines; the first one is chosen."""
        longer = len(lines) != len(self.lines)
        self.lines = lines
        self.index = self._top = 0
        self.refresh(layout=longer)

    def move(self, lines: int) -> None:
        """Choose another line, and scroll to it."""
        if not self.lines:
            return
        before, top = self.index, self._top
        self.index = max(0, min(self.index + lines, len(self.lines) - 1))
        self._top = max(self.index - self.size.height + 1, min(self._top, self.index))
        if self._top != top:
            self.refresh()
        else:
            for index in {before, self.index}:
                self.refresh(Region(0, index - top, self.size.width, 1))

    def on_resize(self) -> None:
        """Scroll back where there is room for lines that were above."""
        room = self.size.height
        self._top = max(self.index - room + 1, min(self._top, max(len(self.lines) - room, 0)))

    def title_of(self, line: L, style: Style) -> Text:
        """Return what stands at the left of a line; lists with colours of their own override it."""
        return Text(line.title, style)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Be as high as there are lines."""
        return len(self.lines)

    def render_line(self, y: int) -> Strip:
        """Draw one line: its title at the left, its key at the right."""
        width = self.size.width
        index = self._top + y
        if index >= len(self.lines):
            return Strip.blank(width, self.rich_style)
        line = self.lines[index]
        is_chosen = index == self.index
        style = (
            self.get_component_rich_style("choice-list--chosen") if is_chosen else self.rich_style
        )
        key_style = style + self.get_component_rich_style("choice-list--key", partial=True)
        title = self.title_of(line, style)
        title.truncate(width - cell_len(line.key) - 5, overflow="ellipsis", pad=True)
        drawn = Text.assemble(
            ("▌ " if is_chosen else "  ", style), title, (f"  {line.key} ", key_style)
        )
        strip = Strip(drawn.render(self.app.console), drawn.cell_len)
        return strip.adjust_cell_length(width, style)
