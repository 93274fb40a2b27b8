"""Runs the simulator: in a background thread for tests, or in the foreground for a command."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Mapping
from concurrent.futures import Future
from email.utils import format_datetime
from types import FrameType, TracebackType
from typing import Self, TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from smstui.i18n import _
from smstui.simulator.core import (
    AccountInfo,
    Hook,
    Incoming,
    MakeVendor,
    SimulatorFailed,
    Vendor,
    WithTls,
    World,
)
from smstui.times import Clock, utc_now

HOST = "127.0.0.1"
START_SECONDS = 10.0
STOP_SECONDS = 10.0
SETTLE_SECONDS = 30.0

T = TypeVar("T")


def vendors() -> tuple[MakeVendor, ...]:
    """Return the makers of the simulated vendors, in the order in which accounts are listed."""
    from smstui.simulator.custom import CustomVendor
    from smstui.simulator.infobip import InfobipVendor
    from smstui.simulator.sinch import SinchVendor
    from smstui.simulator.twilio import TwilioVendor

    return (TwilioVendor, SinchVendor, InfobipVendor, CustomVendor)


class Simulator:
    """The providers' HTTP APIs on a port of 127.0.0.1, served by a background thread.

    Use it as a context manager, or call `start` and `stop`. It forgets everything when it stops.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        clock: Clock = utc_now,
        seed: str = "demo",
        makers: Iterable[MakeVendor] | None = None,
    ) -> None:
        """Prepare a simulator.

        Args:
            port: the TCP port; 0 takes a free one.
            clock: what time it is; message states follow it.
            seed: accounts, tokens and ids are derived from it.
            makers: of the vendors wanted; all of `vendors` by default.
        """
        self._port = port
        self._clock = clock
        self._world = World(clock, seed)
        self._vendors = [
            make(self._world) for make in (makers if makers is not None else vendors())
        ]
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.url = ""
        """Scheme, host and port, ``http://127.0.0.1:4010``; empty until it has started."""

    @property
    def accounts(self) -> list[AccountInfo]:
        """The logins that it knows; their ``api_host`` is right once it has started."""
        return [info for vendor in self._vendors for info in vendor.accounts(self.url)]

    def set_webhook(
        self,
        account: AccountInfo,
        *,
        inbound: str = "",
        feedback: str = "",
        secret: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Set where an account's owner is called, as one does in the provider's console.

        Callable from any thread.

        Args:
            account: one of `accounts`.
            inbound: the URL for what subscribers text; empty for nowhere.
            feedback: the URL for delivery reports of messages that name none; empty for nowhere.
            secret: signs the calls where the signature has a secret of its own; Twilio's is the
                account's Auth Token.
            headers: sent with each call, where the provider can: a fixed key, a login.

        Raises:
            SimulatorFailed: it is not running, or the provider has no such setting.
        """
        hook = Hook(inbound, feedback, secret, dict(headers or {}))

        async def job() -> None:
            self._vendor_of(account).set_webhook(account, hook)

        self._run(job())

    def subscriber_texts(self, account: AccountInfo, *, number: str, to: str, text: str) -> None:
        """Let a subscriber text one of an account's senders; the provider calls at once.

        Callable from any thread; `settle` tells when the call was made.

        Args:
            account: one of `accounts`.
            number: the subscriber's, with ``+`` and country code.
            to: the sender that is texted: a number, or the name of an RCS sender.
            text: what is written.

        Raises:
            SimulatorFailed: it is not running, or the account has no such sender.
        """

        async def job() -> None:
            incoming = Incoming(number, to, text, self._clock())
            self._world.schedule(self._vendor_of(account).incoming(account, incoming))

        self._run(job())

    def settle(self) -> None:
        """Return when every call that is due by the clock was made; callable from any thread.

        Raises:
            SimulatorFailed: it is not running, or nobody answers for too long.
        """
        self._run(self._world.settle(), SETTLE_SECONDS)

    def _vendor_of(self, account: AccountInfo) -> Vendor:
        for vendor in self._vendors:
            if any(_is_same(account, known) for known in vendor.accounts(self.url)):
                return vendor
        raise SimulatorFailed(_("It does not know this account."))

    def _run(self, job: Coroutine[object, object, T], seconds: float = STOP_SECONDS) -> T:
        """Return what a coroutine comes to that the server's thread carries out."""
        future = self._server.submit(job) if self._server is not None else None
        if future is None:
            job.close()
            raise SimulatorFailed(_("It is not running."))
        try:
            return future.result(seconds)
        except TimeoutError:
            future.cancel()
            said = _("It did not answer within {n} seconds.")
            raise SimulatorFailed(said.format(n=f"{seconds:g}")) from None

    def start(self) -> None:
        """Listen, and return as soon as requests are answered.

        Raises:
            SimulatorFailed: the port is taken or not allowed.
        """
        listener = _listen(self._port)
        self.url = f"http://{HOST}:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            _WithDate(self._app(), self._clock),
            http="h11",
            loop="asyncio",
            ws="none",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = server = _Server(config, list(self._secured()))
        self._thread = threading.Thread(
            target=server.run, args=([listener],), name="smstui-simulator", daemon=True
        )
        self._thread.start()
        if not server.ready.wait(START_SECONDS):
            self.stop()
            raise SimulatorFailed(_("It did not answer within {n} seconds.").format(n=10))

    def _secured(self) -> Iterator[tuple[socket.socket, ssl.SSLContext]]:
        """Yield a listener and its side of TLS for each vendor that wants one."""
        for vendor in self._vendors:
            if isinstance(vendor, WithTls):
                listener = _listen(0)
                vendor.tls_url = f"https://{HOST}:{listener.getsockname()[1]}"
                yield listener, vendor.tls_context()

    def stop(self) -> None:
        """Close the port and end the thread; a second call does nothing."""
        if self._server is not None and self._thread is not None:
            self._server.end()
            self._thread.join(STOP_SECONDS)
        self._server = self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _app(self) -> Starlette:
        @contextlib.asynccontextmanager
        async def lifespan(app: Starlette) -> AsyncIterator[None]:
            yield
            await self._world.close()

        return Starlette(
            routes=[route for vendor in self._vendors for route in vendor.routes()],
            exception_handlers={404: _not_found},
            lifespan=lifespan,
        )


def serve(port: int, *, announce: Callable[[Simulator], None]) -> None:
    """Run the simulator in the foreground until SIGTERM, SIGINT or SIGHUP; main thread only.

    Args:
        port: the TCP port; 0 takes a free one.
        announce: called once, as soon as requests are answered.

    Raises:
        SimulatorFailed: the port is taken or not allowed.
    """
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    before = {
        number: signal.signal(number, end)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    }
    try:
        with Simulator(port=port) as simulator:
            announce(simulator)
            ended.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_same(account: AccountInfo, known: AccountInfo) -> bool:
    return (account.vendor, account.label) == (known.vendor, known.label)


def _listen(port: int) -> socket.socket:
    # With the protocol named, asyncio sets TCP_NODELAY; else each answer waits 40 ms for an ACK.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        raise SimulatorFailed(_why(port, error)) from error
    return listener


def _why(port: int, error: OSError | OverflowError) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EADDRINUSE:
        text = _("Port {port} is in use by another program. Choose another, or 0 for a free one.")
    elif number == errno.EACCES:
        text = _("Port {port} is reserved for administrators. Choose one above 1023.")
    else:
        text = _("Port {port} cannot be used. Choose one between 1024 and 65535.")
    return text.format(port=port)


class _Server(uvicorn.Server):
    """Tells when it has started, and sleeps until it is told to end instead of looking."""

    def __init__(
        self, config: uvicorn.Config, secured: list[tuple[socket.socket, ssl.SSLContext]]
    ) -> None:
        super().__init__(config)
        self._secured = secured
        self.ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        await super().startup(sockets=sockets)
        for listener, context in self._secured:
            self.servers.append(
                await self._loop.create_server(self._protocol, sock=listener, ssl=context)
            )
        self.ready.set()

    def _protocol(self) -> asyncio.Protocol:
        return _Secured(config=self.config, server_state=self.server_state, app_state={})

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


class _Secured(H11Protocol):
    """Tells the app whether the client has proved itself: ``request.state.is_proven``."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as its base
        super().connection_made(transport)
        self.app_state["is_proven"] = bool(transport.get_extra_info("peercert"))


class _WithDate:
    """Adds the Date header by the simulator's clock (RFC 9110, 6.6.1)."""

    def __init__(self, app: ASGIApp, clock: Clock) -> None:
        self._app = app
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = format_datetime(self._clock(), usegmt=True).encode("ascii")
                message["headers"] = [*message.get("headers", []), (b"date", date)]
            await send(message)

        await self._app(scope, receive, send_dated)


async def _not_found(request: Request, error: Exception) -> Response:
    return JSONResponse({"message": "No simulated API has this path."}, status_code=404)
