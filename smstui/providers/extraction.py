"""Finding one value in a JSON answer: the message id, or a token.

The two ways are Adobe's (help text of the custom provider): *field match* takes the first hit of a
key anywhere, *dot path* walks ``messages.0.id``; numbers index arrays, there is no leading ``$``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from smstui.i18n import _
from smstui.providers.base import TriedOut
from smstui.providers.payload import InvalidJson, parse_json
from smstui.text import clean


class Extraction(StrEnum):
    """How a value is found in an answer."""

    NONE = "none"
    FIELD_MATCH = "field_match"
    DOT_PATH = "dot_path"


def extract(document: Any, mode: Extraction, path: str) -> str:
    """Return the value that a key or path leads to; empty when it leads to nothing.

    Texts and numbers count; objects, lists, null, true and false are no values of this kind.

    Args:
        document: parsed JSON.
        mode: field match searches depth-first, in the order of the document.
        path: the key, or the dot path.
    """
    if mode is Extraction.DOT_PATH:
        return _scalar(_walk(document, path))
    if mode is Extraction.FIELD_MATCH:
        found = (_scalar(value) for key, value in members(document) if key == path)
        return next(filter(None, found), "")
    return ""


def members(document: Any) -> Iterator[tuple[str, Any]]:
    """Yield every key and value of a JSON document, at any depth, in its order."""
    waiting: list[tuple[str | None, Any]] = [(None, document)]
    while waiting:
        key, value = waiting.pop()
        if key is not None:
            yield key, value
        if isinstance(value, dict):
            waiting += reversed(value.items())
        elif isinstance(value, list):
            waiting += [(None, entry) for entry in reversed(value)]


def check_path(mode: Extraction, path: str) -> str:
    """Return what is wrong with a key or dot path, as a sentence; empty when nothing is."""
    if mode is Extraction.DOT_PATH:
        if path.startswith("$"):
            return _("Write the path without the leading $, like messages.0.id.")
        if re.search(r"\[\d*\]", path):
            return _("Write places in a list with dots: messages.0.id, not messages[0].id.")
        if not all(path.split(".")):
            return _("Between the dots of a path stands a name or a number.")
    return ""


def try_out(answer: str, mode: Extraction, path: str) -> TriedOut:
    """Return what an extraction finds in an answer that a person pasted."""
    try:
        document = parse_json(answer)
    except InvalidJson as error:
        return TriedOut(
            "", _("The pasted answer is not JSON. {problem}").format(problem=error.message)
        )
    wrong = check_path(mode, path)
    if wrong:
        return TriedOut("", wrong)
    value = extract(document, mode, path)
    if value:
        return TriedOut(value, _("Found: {value}").format(value=value))
    return TriedOut("", _("There is nothing at {path} in this answer.").format(path=clean(path)))


def _walk(document: Any, path: str) -> Any:
    for part in path.split("."):
        if isinstance(document, dict):
            document = document.get(part)
        elif isinstance(document, list) and re.fullmatch(r"[0-9]{1,9}", part, re.ASCII):
            document = document[int(part)] if int(part) < len(document) else None
        else:
            return None
    return document


def _scalar(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return clean(str(value)).strip()
