"""The one boundary for foreign text: HTTP answers, imports, paste and the store."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_UNPRINTABLE = re.compile("[\x7f-\U0010ffff]")
_HALF = re.compile("[\ud800-\udfff]")


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


def printable_json(document: Any, *, indent: int | None = None) -> str:
    """Return JSON that may reach a terminal: what cannot be printed is written as an escape.

    JSON itself asks for that below U+0020 only; terminals also heed U+0080 to U+009F.

    Args:
        document: JSON values.
        indent: blanks by which what is within something is moved in.
    """
    text = json.dumps(document, ensure_ascii=False, indent=indent)
    return _UNPRINTABLE.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    if character.isprintable():
        return character
    return "\\u007f" if character == "\x7f" else json.dumps(character)[1:-1]


def fold(text: str) -> str:
    """Return text without case, for comparing: the same for "Ä" and "ä", "STRASSE" and "Straße".

    Half characters, which stand for bytes of the command line that are no UTF-8, can neither be
    kept nor looked for; they become U+FFFD.
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    return folded if folded.isascii() else _HALF.sub(REPLACEMENT, folded)


def shorten_middle(text: str, width: int) -> str:
    """Return text in at most width characters, with its middle as an ellipsis (``AC0011…eeff``)."""
    if len(text) <= width:
        return text
    tail = (width - 1) // 3
    return f"{text[: width - 1 - tail]}…{text[len(text) - tail :]}"
