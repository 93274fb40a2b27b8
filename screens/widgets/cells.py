"""Pieces of one-line text with a tone, cut to an exact width: what lists and strips are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.widget import Widget

from smstui.text import clean

Align = Literal["left", "right"]
Tone = Literal["", "strong", "muted", "success", "warning", "error"]

TONE_CLASSES = {"tone--strong", "tone--muted", "tone--success", "tone--warning", "tone--error"}
"""Component classes of the tones, for ``COMPONENT_CLASSES`` of a widget that draws cells."""

RESULT_TONES: dict[str, Tone] = {
    "passed": "success",
    "warned": "warning",
    "failed": "error",
    "pending": "muted",
    "skipped": "muted",
    "": "muted",
}
"""The tone that goes with the result of a verification; glyph and word say the same."""


class Cell(NamedTuple):
    """A piece of text with its tone. The text may be foreign: it is cleaned when it is drawn."""

    text: str
    tone: Tone = ""


def fit(text: str, width: int, align: Align = "left") -> str:
    """Return text cleaned and in exactly ``width`` terminal cells, cut with an ellipsis."""
    text = clean(text)
    length = cell_len(text)
    if length > width:
        text = set_cell_size(text, width - 1) + "…" if width > 0 else ""
        length = cell_len(text)
    pad = " " * (width - length)
    return pad + text if align == "right" else text + pad


def tone_style(widget: Widget, base: Style, tone: Tone) -> Style:
    """Return the style of a tone on a line whose style is ``base``."""
    if not tone:
        return base
    return base + widget.get_component_rich_style(f"tone--{tone}", partial=True)


def joined(segments: Iterable[Segment]) -> list[Segment]:
    """Return segments with neighbours of one style made one: fewer escapes on a thin line."""
    merged: list[Segment] = []
    for segment in segments:
        if merged and merged[-1].style == segment.style:
            merged[-1] = Segment(merged[-1].text + segment.text, segment.style)
        elif segment.text:
            merged.append(segment)
    return merged
