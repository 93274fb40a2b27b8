"""The names of some views on one line, one of them chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rich.text import Text
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from smstui.i18n import N_, _


class TabStrip(Widget, can_focus=True):
    """The names of the views on one line; the chosen one stands between bars.

    It has the focus in place of the pane below: one line repaints then, instead of all.
    """

    COMPONENT_CLASSES = {"tab-strip--chosen", "tab-strip--other"}
    BINDINGS = [
        Binding("left", "turn(-1)", N_("Previous view"), show=False, id="tabs.left"),
        Binding("right", "turn(1)", N_("Next view"), show=False, id="tabs.right"),
        Binding("up,k", "scroll(-1)", N_("Up"), show=False, id="tabs.up"),
        Binding("down,j", "scroll(1)", N_("Down"), show=False, id="tabs.down"),
        Binding("home,g", "scroll(-100000)", N_("Top"), show=False, id="tabs.top"),
        Binding("end,G", "scroll(100000)", N_("End"), show=False, id="tabs.end"),
    ]

    chosen: reactive[str] = reactive("")

    @dataclass
    class Turned(Message):
        """The view at the left (-1) or at the right (1) is wanted."""

        step: int

    @dataclass
    class Scrolled(Message):
        """So many lines further down, or up when negative."""

        lines: int

    def __init__(self, words: Mapping[str, str]) -> None:
        """Make the strip; the first view is chosen.

        Args:
            words: the names of the views, marked with `N_`, by what `chosen` calls them.
        """
        super().__init__()
        self._words = words
        self.set_reactive(TabStrip.chosen, next(iter(words)))

    def render(self) -> Text:
        chosen_style = self.get_visual_style("tab-strip--chosen").rich_style
        other_style = self.get_visual_style("tab-strip--other").rich_style
        line = Text(no_wrap=True, end="")
        for view, word in self._words.items():
            if view == self.chosen:
                line.append(f"▌{_(word)}▐", chosen_style)
            else:
                line.append(f" {_(word)} ", other_style)
            line.append(" ")
        keys = "← → ↑ ↓" if self.has_focus else "F7 F8"
        room = self.size.width - line.cell_len - len(keys)
        return line + Text(" " * room + keys, other_style) if room > 1 else line

    def action_turn(self, step: int) -> None:
        """Ask for the next or the previous view."""
        self.post_message(self.Turned(step))

    def action_scroll(self, lines: int) -> None:
        """Ask for other lines."""
        self.post_message(self.Scrolled(lines))
