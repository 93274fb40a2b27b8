"""The receiver as the console knows it: how it stands, since when, and who wants to know."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from smstui.times import Clock
from smstui.webhooks.receiver_state import State

if TYPE_CHECKING:
    from smstui.store.session import StoreSession
    from smstui.webhooks.settings import ReceiverSettings
    from smstui.webhooks.switch import ReceiverSwitch


class Receiving:
    """The console's receiver: a process of its own, off until somebody switches it on.

    It goes on while the console is locked, ends with the console, and never starts by itself
    but in a demo.
    """

    def __init__(self, clock: Clock) -> None:
        """Prepare a receiver that is off.

        Args:
            clock: the present moment; the receiver's clock goes like it.
        """
        self.state = State()
        self.since: datetime | None = None
        """When it came to stand as it does; None as long as it was never switched on."""
        self._clock = clock
        self._switch: ReceiverSwitch | None = None
        self._starting: asyncio.Task[State] | None = None
        self._listeners: list[Callable[[], None]] = []

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call a function, in the event loop, whenever the state has changed."""
        self._listeners.append(listener)

    def unsubscribe(self, listener: Callable[[], None]) -> None:
        """Call a function no longer."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def hear(self, state: State) -> None:
        """Take on a state, and tell whoever wants to know."""
        self.state = state
        self.since = self._clock()
        for listener in tuple(self._listeners):
            listener()

    async def start(self, path: Path, session: StoreSession, settings: ReceiverSettings) -> State:
        """Start the receiver, anew when it runs, and return the state it came to.

        Args:
            path: of the store.
            session: the same store, open.
            settings: where to listen.

        Raises:
            StoreError: the store is closed.
        """
        from smstui.store.records import Actor
        from smstui.webhooks.switch import ReceiverSwitch

        handle = await session.call(lambda store: store.handle)
        if self._switch is None:
            self._switch = ReceiverSwitch(self.hear)
        # A dialog that closes meanwhile does not leave a receiver half started.
        self._starting = asyncio.create_task(
            self._switch.start(path, handle, settings, actor=Actor.current(), clock=self._clock)
        )
        return await asyncio.shield(self._starting)

    async def start_as_kept(self, path: Path, session: StoreSession) -> State:
        """Start the receiver by the settings in the store; else as `start`."""
        from smstui.webhooks.settings import ReceiverSettings

        return await self.start(path, session, await session.call(ReceiverSettings.load))

    async def stop(self) -> None:
        """Let the receiver keep what has come, and end it; one that is off stays off."""
        if self._switch is not None:
            await self._switch.stop()
