"""How many parts a text message is cut into, and what decides it (3GPP TS 23.038 and 23.040)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Encoding = Literal["GSM-7", "UCS-2"]

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The GSM-7 alphabet: one unit each (TS 23.038, 6.2.1)."""

GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
"""Characters that GSM-7 writes with an escape: two units each (TS 23.038, 6.2.1.1)."""

_SINGLE = {"GSM-7": 160, "UCS-2": 70}
_SPLIT = {"GSM-7": 153, "UCS-2": 67}


@dataclass(frozen=True, slots=True)
class Parts:
    """How a text travels.

    Attributes:
        encoding: GSM-7, or UCS-2 as soon as one character is outside GSM-7.
        units: what is counted: septets in GSM-7, 16-bit units in UCS-2.
        parts: messages the carrier bills; 0 for the empty text.
        per_part: units that fit into each part, 160 or 153, 70 or 67.
        limit: units that fit before one more part begins: "13 of 160".
        offender: the first character outside GSM-7, as it came; it may be unprintable.
        offender_name: its Unicode name, or its code point when it has none.
    """

    encoding: Encoding
    units: int
    parts: int
    per_part: int
    limit: int
    offender: str | None = None
    offender_name: str = ""


def count_parts(text: str) -> Parts:
    """Return how a text is encoded and how many parts it takes."""
    offender = next((c for c in text if c not in GSM_BASIC and c not in GSM_EXTENSION), None)
    encoding: Encoding = "GSM-7" if offender is None else "UCS-2"
    costs = _costs(text, encoding)
    units = sum(costs)
    if units <= _SINGLE[encoding]:
        parts, per_part = min(units, 1), _SINGLE[encoding]
    else:
        per_part = _SPLIT[encoding]
        parts = len(_starts(costs, per_part))
    return Parts(
        encoding=encoding,
        units=units,
        parts=parts,
        per_part=per_part,
        limit=max(parts, 1) * per_part,
        offender=offender,
        offender_name=_name(offender) if offender is not None else "",
    )


def cut_into_parts(text: str) -> tuple[str, ...]:
    """Return the text of each part in turn; none for the empty text."""
    counted = count_parts(text)
    if counted.parts < 2:
        return (text,) if text else ()
    starts = _starts(_costs(text, counted.encoding), counted.per_part)
    return tuple(text[start:end] for start, end in pairwise([*starts, len(text)]))


def _costs(text: str, encoding: Encoding) -> list[int]:
    """Return the units of each character."""
    if encoding == "GSM-7":
        return [2 if c in GSM_EXTENSION else 1 for c in text]
    return [2 if ord(c) > 0xFFFF else 1 for c in text]


def _starts(costs: Iterable[int], room: int) -> list[int]:
    """Return where parts begin when no escape and no surrogate pair is cut in two."""
    starts, used = [0], 0
    for place, cost in enumerate(costs):
        if used + cost > room:
            starts.append(place)
            used = 0
        used += cost
    return starts


def _name(character: str) -> str:
    return unicodedata.name(character, f"U+{ord(character):04X}")
