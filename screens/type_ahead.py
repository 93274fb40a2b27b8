"""Keys wait for their turn: each is seen by the place that the one before it led to.

The toolkit hands a key to the widget that has the focus at that moment, while the key before it may
still be on its way to moving the focus. On a slow line keys arrive in bursts; what was typed into a
form would then land in the list behind it, where letters are commands.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.worker import WorkerState

PATIENCE = 2.0
"""Seconds that a key waits at the most for the one before it."""
LOOK_SECONDS = 0.02
"""How often it is looked whether the screen that is waited for is still there."""
QUIET_TURNS = 3
"""Turns of the event loop without anything to do after which a key counts as dealt with."""
NAVIGATION = "navigate"
"""The group of the workers that lead from one place to another."""


class TypeAhead(App[int]):
    """An application whose keys and pastes are dealt with one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self._typed: deque[events.Key | events.Paste] = deque()
        self._feeder: asyncio.Task[None] | None = None

    async def on_event(self, event: events.Event) -> None:
        """Let keys and pastes queue up; everything else goes on at once."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._typed.append(event)
            if self._feeder is None or self._feeder.done():
                self._feeder = asyncio.create_task(self._feed())
        else:
            await super().on_event(event)

    async def _feed(self) -> None:
        try:
            while self._typed:
                await super().on_event(self._typed.popleft())
                await self._settle()
        except Exception as error:  # noqa: BLE001 - as the toolkit's own message loop does
            self._handle_exception(error)

    async def _settle(self) -> None:
        """Wait until what the last key set off has come to rest."""
        deadline = time.monotonic() + PATIENCE
        quiet = turns = 0
        while quiet < QUIET_TURNS and time.monotonic() < deadline:
            # The first turns cost nothing; building a page takes longer than they do.
            await asyncio.sleep(0 if turns < 50 else 0.005)
            turns += 1
            quiet = 0 if self._is_busy() else quiet + 1
        # Where the focus goes next depends on the layout, which the next refresh brings up to date.
        while self.screen_stack and time.monotonic() < deadline:
            if await self._is_drawn(self.screen, deadline):
                return

    async def _is_drawn(self, screen: Screen[Any], deadline: float) -> bool:
        """Wait for the next refresh of a screen; False when another took its place before."""
        drawn = asyncio.Event()
        if not screen.call_after_refresh(drawn.set):
            return True
        while time.monotonic() < deadline:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(drawn.wait(), LOOK_SECONDS)
                return True
            if not self.screen_stack or self.screen is not screen:
                return False  # A screen that was dismissed calls nobody any more.
        return True

    def _is_busy(self) -> bool:
        # Inside a batch a page or a fold-out is still being put together.
        if self._batch_count or any(pump.message_queue_size for pump in self._pumps()):
            return True
        screen = self.screen
        return not screen.is_mounted or any(
            worker.group == NAVIGATION
            and worker.node is screen
            and worker.state in (WorkerState.PENDING, WorkerState.RUNNING)
            for worker in self.workers
        )

    def _pumps(self) -> Iterator[MessagePump]:
        yield self
        if self.screen_stack:
            yield from self.screen.walk_children(with_self=True)
