"""HTTP servers of our own in a background thread: the simulator's, and the receiver of webhooks."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from types import FrameType
from typing import Any, TypeVar

import uvicorn

from smstui.errors import SmstuiError
from smstui.i18n import N_, _

T = TypeVar("T")


class CannotListen(SmstuiError):
    """A port or an address cannot be had; the message names it."""

    title = N_("Cannot listen there")


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Args:
        host: an address of this machine, or ``localhost``.
        port: the TCP port; 0 takes a free one.

    Raises:
        CannotListen: the port is taken or not allowed, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sets TCP_NODELAY; else each answer waits 40 ms for an ACK.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(1024)
    except (OSError, OverflowError) as error:
        listener.close()
        raise CannotListen(_why(host, port, error)) from error
    return listener


def _why(host: str, port: int, error: OSError | OverflowError) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EADDRINUSE:
        text = _("Port {port} is in use by another program. Choose another.")
    elif number == errno.EACCES:
        text = _("Port {port} is reserved for administrators. Choose one above 1023.")
    elif number == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        text = _("{host} is no address of this machine.")
    else:
        text = _("Port {port} cannot be used. Choose one between 1024 and 65535.")
    return text.format(host=host, port=port)


def quiet_config(app: Any, **more: Any) -> uvicorn.Config:
    """Return the settings that our servers share: plain HTTP/1.1, and not a word in any log."""
    settings = {
        "http": "h11",
        "loop": "asyncio",
        "ws": "none",
        "log_config": None,
        "log_level": "critical",
        "access_log": False,
        "server_header": False,
        "date_header": False,
        "timeout_graceful_shutdown": 1,
    }
    return uvicorn.Config(app, **{**settings, **more})


@contextlib.contextmanager
def told_to_end() -> Iterator[threading.Event]:
    """Give an event that SIGTERM, SIGINT and SIGHUP set meanwhile; main thread only."""
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    before = {
        number: signal.signal(number, end)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    }
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Server(uvicorn.Server):
    """Tells when it has started, and sleeps until it is told to end instead of looking."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        await super().startup(sockets=sockets)
        await self.open_more(self._loop)
        self.ready.set()

    async def open_more(self, loop: asyncio.AbstractEventLoop) -> None:
        """Add further listeners to `servers`, before it is told that it has started."""

    async def main_loop(self) -> None:
        if self._loop is None or self._ended is None:
            return
        await self._ended.wait()
        # asyncio loses a connection that it accepts in the turn in which its server closes: the
        # peer would wait for ever. So accept no more, and let what has come in settle.
        for listener in self.servers:
            for listening in listener.sockets:
                self._loop.remove_reader(listening.fileno())
        for _turn in range(3):
            await asyncio.sleep(0)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets=sockets)
        # Requests that were cut short leave their connections open.
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        await asyncio.sleep(0)

    def submit(self, job: Coroutine[object, object, T]) -> Future[T] | None:
        """Have the server's loop carry out a coroutine; None when the loop has gone."""
        if self._loop is None or self._loop.is_closed() or not self.ready.is_set():
            return None
        return asyncio.run_coroutine_threadsafe(job, self._loop)

    def end(self) -> None:
        """Ask the server to end; callable from any thread."""
        self.should_exit = True
        if self._loop is not None and self._ended is not None:
            with contextlib.suppress(RuntimeError):  # The loop has closed by itself.
                self._loop.call_soon_threadsafe(self._ended.set)
