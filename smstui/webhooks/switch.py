"""The console's switch for the receiver, which runs as a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from smstui.i18n import _, language
from smstui.times import Clock, iso
from smstui.webhooks.receiver_state import Standing, State
from smstui.webhooks.settings import ReceiverSettings

if TYPE_CHECKING:
    from pydantic import SecretStr

    from smstui.store.records import Actor

START_SECONDS = 20.0
STOP_SECONDS = 5.0
"""How long the receiver may take to keep what has come, before it is killed."""


class ReceiverSwitch:
    """Starts and stops the receiver; it ends with the console, however that ends."""

    def __init__(self, on_change: Callable[[State], None] = lambda state: None) -> None:
        """Prepare a switch that is off.

        Args:
            on_change: told of each new state, in the event loop.
        """
        self.state = State()
        self._on_change = on_change
        self._process: asyncio.subprocess.Process | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._decided = asyncio.Event()
        self._lock = asyncio.Lock()

    async def start(
        self,
        path: Path,
        handle: SecretStr,
        settings: ReceiverSettings,
        *,
        actor: Actor,
        clock: Clock,
    ) -> State:
        """Start the receiver, anew when it runs, and return the state it came to.

        Args:
            path: of the store.
            handle: `Store.handle`; it goes through a pipe, never by argument or environment.
            settings: where to listen.
            actor: who the receiver works for.
            clock: the console's; the receiver's goes like it.
        """
        async with self._lock:
            await self._stop()
            self._set(State(Standing.STARTING))
            self._decided.clear()
            try:
                process = await _spawn()
            except OSError as error:
                said = _("The receiver cannot be started: {why}.")
                self._set(State(Standing.FAILED, message=said.format(why=error.strerror)))
                return self.state
            self._process = process
            self._watcher = asyncio.create_task(self._watch(process))
            order = {
                "path": str(path),
                "handle": handle.get_secret_value(),
                "now": iso(clock()),
                "host": settings.host,
                "port": settings.port,
                "public_url": settings.public_url,
                "keep_days": settings.keep_days,
                "user": actor.user,
                "origin": actor.origin,
            }
            await _send(process, json.dumps(order))
            try:
                await asyncio.wait_for(self._decided.wait(), START_SECONDS)
            except TimeoutError:
                await self._stop()
                said = _("The receiver did not start within {n} seconds.")
                self._set(State(Standing.FAILED, message=said.format(n=f"{START_SECONDS:g}")))
            return self.state

    async def stop(self) -> None:
        """Let the receiver keep what has come, and end it; a second call does nothing."""
        async with self._lock:
            await self._stop()
            self._set(State())

    async def _stop(self) -> None:
        process, watcher = self._process, self._watcher
        self._process = self._watcher = None
        if process is None or watcher is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(asyncio.shield(watcher), STOP_SECONDS)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await watcher

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        """Follow what the receiver says until it has ended."""
        if process.stdout is not None:
            async for line in process.stdout:
                with suppress(ValueError):
                    self._heard(process, State.from_line(line))
        await process.wait()
        if self._process is process and self.state.standing is not Standing.FAILED:
            said = _("The receiver ended by itself. Start it again.")
            self._heard(process, State(Standing.FAILED, message=said))

    def _heard(self, process: asyncio.subprocess.Process, state: State) -> None:
        if self._process is not process:
            return  # It is being stopped.
        self._set(state)
        if state.is_on or state.standing is Standing.FAILED:
            self._decided.set()

    def _set(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self._on_change(state)


async def _spawn() -> asyncio.subprocess.Process:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SMSTUI_", "TEXTUAL"))
    }
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-P", "-m", "smstui", "--lang", language(), "listen", "--child"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,  # Ctrl+C and a hang-up are the console's to answer.
        env=kept,
    )


async def _send(process: asyncio.subprocess.Process, line: str) -> None:
    if process.stdin is None:
        return
    with suppress(ConnectionError):  # It has ended already; the watcher tells.
        process.stdin.write(line.encode() + b"\n")
        await process.stdin.drain()
