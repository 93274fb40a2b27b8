"""How RCS senders come to the phones: stages by the clock, and the countries of numbers.

It is the same for all vendors: nothing is kept but the moment at which something began; how far it
has come is computed from the time that has passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

Stages = Sequence[tuple[float, str]]
"""Seconds after the beginning, rising from 0, to the word that holds from then on."""

INVITES_A_DAY, INVITES_IN_ALL = 20, 200
"""Test devices that an agent may invite (Google, RBM guide "Test your agent")."""

MIN_CONTRAST = 4.5
"""Of the colour of a sender to white."""


def stage_at(stages: Stages, begun: datetime, now: datetime) -> tuple[str, datetime]:
    """Return the stage that holds at a moment, and since when."""
    found = stages[0]
    for stage in stages:
        if begun + timedelta(seconds=stage[0]) <= now:
            found = stage
    return found[1], begun + timedelta(seconds=found[0])


def country_of(number: str) -> str:
    """Return the country of a number, ``IT``; empty when it has none.

    Countries that share a calling code count as the largest of them.
    """
    import phonenumbers

    try:
        parsed = phonenumbers.parse("+" + number.rpartition(":")[2].lstrip("+"))
    except phonenumbers.NumberParseException:
        return ""
    return str(phonenumbers.region_code_for_country_code(parsed.country_code or 0))


def contrast_to_white(colour: str) -> float:
    """Return the contrast of a colour to white, 1 to 21 (WCAG 2.1, 1.4.3)."""
    channels = [int(colour.lstrip("#")[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
