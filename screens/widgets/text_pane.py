"""A pane of text that is scrolled by its neighbours and repaints nothing but itself.

The toolkit's scroll view lays the whole screen out anew whenever the height of its text changes:
three times the bytes on a thin line.
"""

from __future__ import annotations

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget


class TextPane(Widget):
    """Wrapped text; marks at the right edge tell that there is more above or below."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES = {"text-pane--more"}

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - the toolkit's name for it
        super().__init__(id=id)
        self._text = Content()
        self._strips: list[Strip] | None = None
        self._wrapped_at = 0
        self._top = 0

    @property
    def text(self) -> Content:
        """What the pane holds."""
        return self._text

    def show(self, text: Content) -> None:
        """Replace the text; one stays where one was, and only lines that differ are repainted."""
        if text.is_same(self._text):
            return
        before = [self.render_line(y) for y in range(self.size.height)]
        self._text = text
        self._strips = None
        for y, strip in enumerate(before):
            if self.render_line(y) != strip:
                self.refresh(Region(0, y, self.size.width, 1))

    def scroll_pages(self, pages: int) -> None:
        """Scroll by pages, keeping one line in sight."""
        self.scroll_lines(pages * max(self.size.height - 1, 1))

    def scroll_lines(self, lines: int) -> None:
        """Scroll by lines."""
        self._go(self._top + lines)

    def scroll_top(self) -> None:
        """Show the first line."""
        self._go(0)

    def scroll_bottom(self) -> None:
        """Show the last line."""
        self._go(len(self._lines()))

    def notify_style_update(self) -> None:
        """Take on other colours, when the theme changed."""
        super().notify_style_update()
        self._strips = None

    def render_line(self, y: int) -> Strip:
        lines, height = self._lines(), self.size.height
        top = min(self._top, self._lowest())
        blank = Strip.blank(self.size.width, self.rich_style)
        strip = lines[top + y] if top + y < len(lines) else blank
        mark = ""
        if y == 0 and top > 0:
            mark = "▲"
        elif y == height - 1 and top + height < len(lines):
            mark = "▼"
        if not mark or self.size.width < 3:
            return strip
        style = self.get_component_rich_style("text-pane--more")
        return Strip.join([strip.crop(0, self.size.width - 1), Strip([Segment(mark, style)], 1)])

    def _lines(self) -> list[Strip]:
        if self._strips is None or self._wrapped_at != self.size.width:
            self._wrapped_at = self.size.width
            # One column is left to the marks.
            width = max(self.size.width - 2, 1)
            strips = Visual.to_strips(self, self._text, width, None, self.visual_style, pad=True)
            full = self.size.width
            self._strips = [s.extend_cell_length(full, self.rich_style) for s in strips]
        return self._strips

    def _lowest(self) -> int:
        return max(len(self._lines()) - self.size.height, 0)

    def _go(self, top: int) -> None:
        top = min(max(top, 0), self._lowest())
        if top != self._top:
            self._top = top
            self.refresh()
