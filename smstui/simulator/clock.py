"""A clock that begins at a moment of one's choice, stands still, and runs when it is told to."""

from __future__ import annotations

import time
from datetime import datetime, timedelta


class DemoClock:
    """Answers the time of the demo.

    It stands still at first, so that the records of the past come out the same in every run, and
    moves by `jump` and `sleep`; after `run` it moves by itself.
    """

    def __init__(self, start: datetime) -> None:
        self._moment = start
        self._running_since: float | None = None

    def __call__(self) -> datetime:
        """Return the present moment of the demo."""
        if self._running_since is None:
            return self._moment
        return self._moment + timedelta(seconds=time.monotonic() - self._running_since)

    def jump(self, moment: datetime) -> None:
        """Go to a moment and stand still there."""
        self._moment = moment
        self._running_since = None

    def run(self) -> None:
        """Move by itself from now on, as fast as real time."""
        self._running_since = time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Let time pass at once, in place of `asyncio.sleep`."""
        self._moment += timedelta(seconds=seconds)

    def monotonic(self) -> float:
        """Return seconds for measuring, in place of `time.monotonic`; each look takes 30 ms."""
        if self._running_since is None:
            self._moment += timedelta(milliseconds=30)
        return self().timestamp()
