"""Points in time: always UTC inside, told to people as distance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from smstui.i18n import _

Clock = Callable[[], datetime]
"""Answers the present moment, timezone-aware, in UTC."""


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """Return moment as the store keeps it: ISO 8601, UTC, milliseconds, sortable as text."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_iso(text: str) -> datetime:
    """Return the moment that `iso` wrote.

    Raises:
        ValueError: text is not an ISO 8601 date and time.
    """
    return datetime.fromisoformat(text).astimezone(UTC)


def iso_or_none(moment: datetime | None) -> str | None:
    """Return moment as `iso` does; None for what has not been."""
    return None if moment is None else iso(moment)


def from_iso_or_none(text: str | None) -> datetime | None:
    """Return the moment that `iso_or_none` wrote.

    Raises:
        ValueError: text is not an ISO 8601 date and time.
    """
    return None if text is None else from_iso(text)


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago moment was, in at most ten characters: ``2 h ago``, ``yesterday``."""
    seconds = (now - moment).total_seconds()
    if seconds < 60:
        return _("just now")
    if seconds < 3600:
        return _("{n} min ago").format(n=int(seconds // 60))
    if seconds < 86_400:
        return _("{n} h ago").format(n=int(seconds // 3600))
    if seconds < 2 * 86_400:
        return _("yesterday")
    if seconds < 60 * 86_400:
        return _("{n} d ago").format(n=int(seconds // 86_400))
    return moment.strftime("%Y-%m-%d")
