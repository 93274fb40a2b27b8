"""Text in terminal cells: wrapped, cut and filled up to an exact width, with a role for its style.

Widths are those of the toolkit that draws it in the end (`rich.cells`): wide characters take two
cells, combining marks none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from rich.cells import cell_len

from smstui.text import clean

Role = Literal["", "frame", "brand", "name", "muted", "title", "media", "button", "chip", "caption"]
"""What a piece of a picture is; the screen gives each a style, none of which is needed to read."""


class Span(NamedTuple):
    """A piece of one line."""

    text: str
    role: Role = ""


Line = tuple[Span, ...]


def width_of(line: Line) -> int:
    """Return the cells of a line."""
    return sum(cell_len(span.text) for span in line)


def clusters(text: str) -> Iterator[str]:
    """Yield the characters of a text, each with the marks that combine with it.

    Marks without a character before them are dropped: they would join what stands left of the text.
    """
    current = ""
    for character in text:
        if cell_len(character):
            if current:
                yield current
            current = character
        elif current:
            current += character
    if current:
        yield current


def wrap(text: str, width: int) -> list[str]:
    """Return a text in lines of at most ``width`` cells, 2 or more; its own lines stay lines.

    What is unprintable is replaced.
    """
    lines = []
    for paragraph in clean(text, keep="\n").split("\n"):
        line, room = "", width
        for word in paragraph.split(" "):
            piece = "".join(clusters(word))
            if line and cell_len(piece) < room:
                line, room = f"{line} {piece}", room - 1 - cell_len(piece)
                continue
            if line:
                lines.append(line)
            *full, line = _chopped(piece, width)
            lines += full
            room = width - cell_len(line)
        lines.append(line)
    return lines


def _chopped(word: str, width: int) -> list[str]:
    """Return a word in pieces of at most ``width`` cells; one piece at least."""
    pieces, used = [""], 0
    for cluster in clusters(word):
        size = cell_len(cluster)
        if used + size > width:
            pieces.append("")
            used = 0
        pieces[-1] += cluster
        used += size
    return pieces


def fit(text: str, width: int) -> str:
    """Return a text on one line of exactly ``width`` cells, cut with an ellipsis."""
    text = "".join(clusters(clean(text)))
    if cell_len(text) > width:
        text = f"{_head(text, width - 1)}…" if width > 0 else ""
    return text + " " * (width - cell_len(text))


def _head(text: str, width: int) -> str:
    head = ""
    for cluster in clusters(text):
        if cell_len(head) + cell_len(cluster) > width:
            break
        head += cluster
    return head


def padded(line: Iterable[Span], width: int, role: Role = "") -> Line:
    """Return a line filled up to ``width`` cells, or cut there."""
    spans, room = [], width
    for span in line:
        text = span.text
        if cell_len(text) > room:
            text = _head(text, room)
        if text:
            spans.append(Span(text, span.role))
            room -= cell_len(text)
        if text != span.text:
            break
    return (*spans, Span(" " * room, role)) if room else tuple(spans)
