"""How far a verification goes: one row, one tab stop, chosen with the arrows or by letter."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from smstui.i18n import N_, _

DEPTH_WORDS = {"check": N_("check"), "probe": N_("probe"), "send": N_("send")}
"""The values of `smstui.verify.Depth` in their order, and what they are called on the screen."""


class DepthChoice(Widget, can_focus=True):
    """Check, probe or send; the chosen one stands between bars."""

    COMPONENT_CLASSES = {"depth-choice--chosen", "depth-choice--other", "depth-choice--arrow"}
    BINDINGS = [
        Binding(
            "left", "step(-1)", N_("Less"), show=False, id="depth.less", tooltip=N_("Go less far")
        ),
        Binding(
            "right", "step(1)", N_("More"), show=False, id="depth.more", tooltip=N_("Go further")
        ),
        Binding(
            "c",
            "choose('check')",
            N_("Check"),
            show=False,
            id="depth.check",
            tooltip=N_("No network"),
        ),
        Binding(
            "p",
            "choose('probe')",
            N_("Probe"),
            show=False,
            id="depth.probe",
            tooltip=N_("Reads only"),
        ),
        Binding(
            "s",
            "choose('send')",
            N_("Send"),
            show=False,
            id="depth.send",
            tooltip=N_("One real message"),
        ),
        Binding("enter", "settle", N_("Next"), show=False, id="depth.next", tooltip=N_("Go on")),
    ]

    depth: reactive[str] = reactive("send", init=False)

    @dataclass
    class Changed(Message):
        """Another depth was chosen."""

        choice: DepthChoice
        depth: str

        @property
        def control(self) -> DepthChoice:
            """The widget that it happened in."""
            return self.choice

    @dataclass
    class Settled(Message):
        """Enter was pressed: the depth is as it should be."""

        choice: DepthChoice

        @property
        def control(self) -> DepthChoice:
            """The widget that it happened in."""
            return self.choice

    def render(self) -> Text:
        chosen = self.get_visual_style("depth-choice--chosen").rich_style
        other = self.get_visual_style("depth-choice--other").rich_style
        arrow = self.get_visual_style("depth-choice--arrow").rich_style
        depths = list(DEPTH_WORDS)
        at = depths.index(self.depth)
        line = Text(no_wrap=True, end="")
        for index, word in enumerate(DEPTH_WORDS.values()):
            if index:
                # The arrows say where one can go, and that the keys arrive here.
                points_here = {at: "◂", at + 1: "▸"}.get(index, " ") if self.has_focus else " "
                line.append(f" {points_here}" if index == at else f"{points_here} ", arrow)
            if index == at:
                line.append(f"▌{_(word)}▐", chosen)
            else:
                line.append(f" {_(word)} ", other)
        return line

    def get_content_width(self, *_args: object) -> int:
        """Return the width of the row: each word with a cell around it, two between them."""
        return sum(len(_(word)) + 4 for word in DEPTH_WORDS.values()) - 2

    def watch_depth(self, depth: str) -> None:
        self.post_message(self.Changed(self, depth))

    def action_step(self, step: int) -> None:
        """Choose the neighbour, as far as there is one."""
        depths = list(DEPTH_WORDS)
        self.depth = depths[min(max(depths.index(self.depth) + step, 0), len(depths) - 1)]

    def action_choose(self, depth: str) -> None:
        """Choose a depth by its letter."""
        self.depth = depth

    def action_settle(self) -> None:
        """Tell that one may go on."""
        self.post_message(self.Settled(self))
