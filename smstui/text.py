"""The one boundary for foreign text: HTTP answers, imports, paste and the store."""

from __future__ import annotations

import unicodedata

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def clean(text: str, *, keep: str = "") -> str:
    """Return text with every unprintable character replaced, so that it can reach a terminal.

    Control characters, bidirectional overrides and unassigned code points become U+FFFD.

    Args:
        text: anything that came from outside.
        keep: unprintable characters to let through, for example ``"\\n\\t"`` in a multi-line view.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep else REPLACEMENT for c in text)


def fold(text: str) -> str:
    """Return text without case, for comparing: the same for "Ä" and "ä", "STRASSE" and "Straße"."""
    return unicodedata.normalize("NFC", text).casefold()


def shorten_middle(text: str, width: int) -> str:
    """Return text in at most width characters, with its middle as an ellipsis (``AC0011…eeff``)."""
    if len(text) <= width:
        return text
    tail = (width - 1) // 3
    return f"{text[: width - 1 - tail]}…{text[len(text) - tail :]}"
