"""The stages of a verification: a fixed line each, so that nothing jumps while they come in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from smstui.i18n import N_, _
from smstui.results import GLYPHS
from smstui.text import clean

if TYPE_CHECKING:
    from smstui.verify import Stage

STAGE_WORDS = {
    "shape": N_("shape"),
    "connect": N_("connect"),
    "authenticate": N_("authenticate"),
    "accept": N_("accept"),
    "deliver": N_("deliver"),
}
"""What the stages are called on the screen, in the order in which they come."""


class StageLine(Widget):
    """One stage: sign, name, what is known of it, and how long it took."""

    COMPONENT_CLASSES = {
        "stage-line--passed",
        "stage-line--warned",
        "stage-line--failed",
        "stage-line--pending",
        "stage-line--skipped",
        "stage-line--seconds",
    }

    def __init__(self, stage_name: str) -> None:
        super().__init__()
        self._stage_name = stage_name
        self._shown = ("skipped", "", "")

    def show(self, result: str, summary: str, seconds: float) -> None:
        """Draw the stage anew when anything about it changed.

        Args:
            result: a value of `smstui.providers.base.Result`.
            summary: one line, foreign text allowed.
            seconds: not drawn for a stage that was skipped.
        """
        duration = "" if result == "skipped" else _("{n:.2f} s").format(n=seconds)
        shown = (result, clean(summary), duration)
        if shown != self._shown:
            self._shown = shown
            self.refresh()

    def render(self) -> Text:
        result, summary, duration = self._shown
        style = self.get_visual_style(f"stage-line--{result}").rich_style
        seconds_style = self.get_visual_style("stage-line--seconds").rich_style
        quiet = result in ("passed", "pending")
        name_width = max(len(_(word)) for word in STAGE_WORDS.values()) + 2
        line = Text(no_wrap=True, end="")
        line.append(GLYPHS[result], style)
        line.append(f" {_(STAGE_WORDS[self._stage_name]):<{name_width}}", "" if quiet else style)
        room = max(self.size.width - line.cell_len - len(duration) - 2, 1)
        told = Text(summary, "" if quiet else style, no_wrap=True, end="")
        told.truncate(room, overflow="ellipsis", pad=True)
        return line + told + Text(f"  {duration}", seconds_style)


class StageList(Vertical):
    """All stages of a run, in their order."""

    def compose(self) -> ComposeResult:
        for name in STAGE_WORDS:
            yield StageLine(name)

    def show(self, stages: Sequence[Stage]) -> None:
        """Draw the stages; those that are not among them say that they were not tried."""
        known = {stage.name: stage for stage in stages}
        for name, line in zip(STAGE_WORDS, self.query(StageLine), strict=True):
            stage = known.get(name)
            if stage is None:
                line.show("skipped", "", 0.0)
            else:
                line.show(stage.result.value, stage.summary, stage.seconds)
