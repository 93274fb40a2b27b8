"""Runs the simulator: in a background thread for tests, or in the foreground for a command."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Mapping
from email.utils import format_datetime
from types import TracebackType
from typing import Self, TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from smstui.i18n import _
from smstui.serving import CannotListen, Server, listen, quiet_config, told_to_end
from smstui.simulator.core import (
    AccountInfo,
    Callback,
    Hook,
    Incoming,
    MakeVendor,
    SimulatorFailed,
    Vendor,
    WithConsole,
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
        sender: str = "",
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
            sender: an RCS sender with a setting of its own (Twilio's).

        Raises:
            SimulatorFailed: it is not running, or the provider has no such setting.
        """
        hook = Hook(inbound, feedback, secret, dict(headers or {}), sender)

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

    def add_rcs_sender(self, account: AccountInfo, name: str) -> str:
        """Make an RCS sender as one does in the provider's console, and return its id in the API.

        Callable from any thread.

        Args:
            account: one of `accounts`.
            name: its display name.

        Raises:
            SimulatorFailed: it is not running, or the provider does this by API.
        """

        async def job() -> str:
            return self._console_of(account).add_rcs_sender(account, name)

        return self._run(job())

    def invite_tester(self, account: AccountInfo, *, sender: str, number: str) -> None:
        """Invite a test device as one does in the provider's console; it accepts in a moment.

        Callable from any thread.

        Args:
            account: one of `accounts`.
            sender: the RCS sender, as it is written in a message.
            number: the device's, with ``+`` and country code.

        Raises:
            SimulatorFailed: it is not running, or the device cannot be invited, or not there.
        """

        async def job() -> None:
            self._console_of(account).invite_tester(account, sender, number)

        self._run(job())

    def settle(self) -> None:
        """Return when every call that is due by the clock was made; callable from any thread.

        Raises:
            SimulatorFailed: it is not running, or nobody answers for too long.
        """
        self._run(self._world.settle(), SETTLE_SECONDS)

    @contextlib.contextmanager
    def collecting(self) -> Iterator[list[Callback]]:
        """Collect the calls that fall due in place of making them, for as long as the block."""
        calls: list[Callback] = []

        def collect(callback: Callback) -> bool:
            calls.append(callback)
            return True

        before, self._world.post = self._world.post, collect
        try:
            yield calls
        finally:
            self._world.post = before

    def _console_of(self, account: AccountInfo) -> WithConsole:
        vendor = self._vendor_of(account)
        if not isinstance(vendor, WithConsole):
            raise SimulatorFailed(_("This provider does it by API."))
        return vendor

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
        app = _WithDate(self._app(), self._clock)
        self._server = server = _Server(quiet_config(app), list(self._secured()))
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
    with told_to_end() as ended, Simulator(port=port) as simulator:
        announce(simulator)
        ended.wait()


def _is_same(account: AccountInfo, known: AccountInfo) -> bool:
    return (account.vendor, account.label) == (known.vendor, known.label)


def _listen(port: int) -> socket.socket:
    try:
        return listen(HOST, port)
    except CannotListen as error:
        raise SimulatorFailed(error.message) from error


class _Server(Server):
    """Listens with TLS, too, where a vendor wants it."""

    def __init__(
        self, config: uvicorn.Config, secured: list[tuple[socket.socket, ssl.SSLContext]]
    ) -> None:
        super().__init__(config)
        self._secured = secured

    async def open_more(self, loop: asyncio.AbstractEventLoop) -> None:
        for listener, context in self._secured:
            self.servers.append(
                await loop.create_server(self._protocol, sock=listener, ssl=context)
            )

    def _protocol(self) -> asyncio.Protocol:
        return _Secured(config=self.config, server_state=self.server_state, app_state={})


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
