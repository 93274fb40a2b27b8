"""How long nobody was there: the clock for it, and what is said when that locks the console."""

from __future__ import annotations

import time

from smstui.i18n import _, ngettext


def seconds() -> float:
    """Return the seconds of a clock that also counts while the machine sleeps."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)


def idle_words(limit: float) -> str:
    """Return why the console is locked, as a sentence.

    Args:
        limit: the seconds without a key after which it locks.
    """
    if limit < 60:
        return _("Locked, since nobody pressed a key.")
    minutes = round(limit / 60)
    return ngettext(
        "Locked after {n} minute without a key.", "Locked after {n} minutes without a key.", minutes
    ).format(n=minutes)
