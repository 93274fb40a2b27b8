"""Values out of Infobip's JSON, whatever really stands there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from smstui.text import clean


def part(record: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the object of that name; empty when there is none."""
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def entries(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list; empty when it is none."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def number_in(value: Any) -> int:
    """Return an id or a count; -1 for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def text_in(value: Any) -> str:
    """Return a text, cleaned; empty for what is none."""
    return clean(value) if isinstance(value, str) else ""


def code_in(value: Any) -> str:
    """Return a code such as ``REJECTED_SOURCE``; empty for what is none."""
    return value if isinstance(value, str) and re.fullmatch(r"\w{1,60}", value, re.ASCII) else ""


def joined(words: Iterable[str]) -> str:
    """Return several texts as one line, each once."""
    return " · ".join(dict.fromkeys(word for word in words if word))
