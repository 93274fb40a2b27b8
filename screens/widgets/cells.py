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
    "pending": "warning",
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
    # The whole style, not the partial one: a colour such as $text-muted depends on its ground.
    style = widget.get_component_rich_style(f"tone--{tone}")
    return Style(color=style.color, bgcolor=base.bgcolor, bold=style.bold or base.bold)


def joined(segments: Iterable[Segment]) -> list[Segment]:
    """Return segments with neighbours made one where it cannot be seen, to send fewer escapes."""
    merged: list[Segment] = []
    for text, style, _control in segments:
        if not text:
            continue
        last = merged[-1] if merged else None
        if last is not None and (last.style == style or _is_ground(text, style, last.style)):
            merged[-1] = Segment(last.text + text, last.style)
        else:
            merged.append(Segment(text, style))
    return merged


def _is_ground(text: str, style: Style | None, other: Style | None) -> bool:
    """Whether text shows nothing but a background that the other style has too."""
    same = style is not None and other is not None and style.bgcolor == other.bgcolor
    return same and text.isspace()
