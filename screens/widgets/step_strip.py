"""The steps of a wizard: which are done, where one is, which are to come, and how to turn."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.widget import Widget

from smstui.i18n import _, ngettext

DONE, HERE, TO_COME = "✓", "●", "○"
_GAPS = (" ─ ", "  ", " ")
"""What stands between the steps, as long as there is room for it."""


class StepStrip(Widget):
    """Sign and word for each step; where there is no room, words for where one is alone."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES = {"step-strip--done", "step-strip--here", "step-strip--other"}

    def __init__(self, words: Mapping[str, str]) -> None:
        """Make the strip; one is at the first step, and nothing is done.

        Args:
            words: the names of the steps in their order, marked with `N_`, by what `show` is given.
        """
        super().__init__()
        self._words = words
        self._here = next(iter(words))
        self._done: frozenset[str] = frozenset()

    def show(self, here: str, done: Collection[str]) -> None:
        """Tell where one is.

        Args:
            here: the step one is at.
            done: the steps of which nothing is open; the one where one is may be among them.
        """
        if (here, frozenset(done)) != (self._here, self._done):
            self._here, self._done = here, frozenset(done)
            self.refresh()

    def render(self) -> Text:
        for gap in _GAPS:
            line = self._steps(gap)
            if line.cell_len <= self.size.width:
                return line
        return self._folded()

    def _steps(self, gap: str) -> Text:
        line = Text(no_wrap=True, end="", overflow="ellipsis")
        for number, (step, word) in enumerate(self._words.items()):
            if number:
                line.append(gap, self._style("other"))
            line.append_text(self._step(step, word))
        return line

    def _step(self, step: str, word: str) -> Text:
        if step == self._here:
            return Text(f"{HERE} {_(word)}", self._style("here"))
        is_done = step in self._done
        sign = DONE if is_done else TO_COME
        return Text(f"{sign} {_(word)}", self._style("done" if is_done else "other"))

    def _folded(self) -> Text:
        """Return where one is, in words; of the others only how many are done and to come."""
        steps = list(self._words)
        number = steps.index(self._here) + 1
        others = [step for step in steps if step != self._here]
        done = sum(step in self._done for step in others)
        to_come = len(others) - done
        line = Text(no_wrap=True, end="", overflow="ellipsis")
        line.append(f"{HERE} {_(self._words[self._here])}", self._style("here"))
        where = _("step {number} of {total}").format(number=number, total=len(steps))
        told = (
            where,
            f"{DONE} " + ngettext("{n} done", "{n} done", done).format(n=done),
            f"{TO_COME} " + ngettext("{n} open", "{n} open", to_come).format(n=to_come),
        )
        for text in told:
            if line.cell_len + cell_len(text) + 3 <= self.size.width:
                line.append(f" · {text}", self._style("other"))
        return line

    def _style(self, part: str) -> Style:
        return self.get_visual_style(f"step-strip--{part}").rich_style


class StepLine(Widget):
    """Below the steps: the views of this one, whether it is kept, and the keys back and on."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES = {
        "step-line--chosen",
        "step-line--other",
        "step-line--key",
        "step-line--kept",
    }

    def __init__(self) -> None:
        super().__init__()
        self._views: tuple[tuple[str, bool], ...] = ()
        self._view_key = ""
        self._keys: tuple[tuple[str, str], ...] = ()
        self._kept = ""

    def show(
        self,
        views: Mapping[str, str],
        chosen: str,
        view_key: str,
        keys: Sequence[tuple[str, str]],
    ) -> None:
        """Tell what there is at this step.

        Args:
            views: the names of its views, translated; empty when there is but one.
            chosen: the view that is shown.
            view_key: the key that turns to the next one.
            keys: keys and what they do, translated.
        """
        shown = tuple((word, view == chosen) for view, word in views.items())
        if (shown, view_key, tuple(keys)) != (self._views, self._view_key, self._keys):
            self._views, self._view_key, self._keys = shown, view_key, tuple(keys)
            self.refresh()

    def tell_kept(self, kept: str) -> None:
        """Say whether what was typed is kept; empty while it is not."""
        if kept != self._kept:
            self._kept = kept
            self.refresh()

    def render(self) -> Text:
        left, right = Text(no_wrap=True, end=""), Text(no_wrap=True, end="")
        several = len(self._views) > 1
        for word, is_chosen in self._views if several else ():
            part = "chosen" if is_chosen else "other"
            left.append(f"▌{word}▐" if is_chosen else f" {word} ", self._style(part))
        if several:
            left.append(f"  {self._view_key}", self._style("key"))
        right.append(self._kept, self._style("kept"))
        for key, does in self._keys:
            right.append(f"   {key} ", self._style("key"))
            right.append(does, self._style("other"))
        left.pad_right(max(self.size.width - left.cell_len - right.cell_len, 1))
        return left + right

    def _style(self, part: str) -> Style:
        return self.get_visual_style(f"step-line--{part}").rich_style
