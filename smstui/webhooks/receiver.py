"""Receives webhooks: HTTP in one thread, the store in another, and a bounded queue between.

A call is answered once it is kept, so whatever was acknowledged is in the store.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

from starlette.types import Receive, Scope, Send

from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.serving import Server, listen, quiet_config
from smstui.times import Clock, utc_now
from smstui.webhooks.base import Answer, Call
from smstui.webhooks.guarded import GuardedProtocol
from smstui.webhooks.intake import Incoming, Kept
from smstui.webhooks.keeper import Job, Keeper
from smstui.webhooks.receiver_state import Standing, State
from smstui.webhooks.settings import PREFIX, ReceiverSettings

if TYPE_CHECKING:
    from smstui.store import Store

MOST_BODY = 1 << 20
"""Bytes of a body; more is refused before it is read."""

MOST_AT_ONCE = 64 << 20
"""Bytes of all bodies that are being read or kept at a time."""

BODY_SECONDS = 10.0
"""How long a body may take to come."""

RETRY_SECONDS = 10
"""When a caller is asked to come again; the providers take it as a hint."""

METHODS = ("POST", "GET", "PUT")
START_SECONDS = 15.0
STOP_SECONDS = 15.0

_CLOSE = {"Connection": "close"}
_UNAVAILABLE = Answer(503, "", b"")


class ReceiverFailed(SmstuiError):
    """The receiver cannot start."""

    title = N_("The receiver does not start")


class Receiver:
    """Receives webhooks on a port, in threads of its own.

    Use it as a context manager, or call `start` and `stop`.
    """

    def __init__(
        self,
        open_store: Callable[[], Store],
        settings: ReceiverSettings,
        *,
        clock: Clock = utc_now,
        on_state: Callable[[State], None] = lambda state: None,
        on_event: Callable[[Kept], None] = lambda kept: None,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        """Prepare a receiver.

        Args:
            open_store: opens the store; called in the thread that it then belongs to.
            settings: where to listen; port 0 takes a free one.
            clock: when calls come.
            on_state: told whenever the state changes, from any thread.
            on_event: told of each event that was kept, from the store's thread.
            body_seconds: how long a body may take to come.
        """
        self.settings = settings
        self.state = State()
        self._clock = clock
        self._on_state = on_state
        self._body_seconds = body_seconds
        self._keeper = Keeper(
            open_store,
            clock=clock,
            keep_days=settings.keep_days,
            on_event=on_event,
            on_trouble=self._tell_trouble,
        )
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self._reading = 0

    @property
    def url(self) -> str:
        """What URLs of webhooks begin with; right once it has started."""
        return self.settings.base_url

    def start(self) -> None:
        """Listen, and return as soon as calls are taken.

        Raises:
            CannotListen: the port or the address cannot be had.
            StoreError: the store cannot be opened.
            ReceiverFailed: it did not start in time.
        """
        self._set(State(Standing.STARTING))
        try:
            listener = listen(self.settings.host, self.settings.port)
            self.settings = replace(self.settings, port=listener.getsockname()[1])
            try:
                self._keeper.start(START_SECONDS)
            except BaseException:
                listener.close()
                raise
            self._server = Server(
                quiet_config(self._app, http=GuardedProtocol, interface="asgi3", lifespan="off")
            )
            self._thread = threading.Thread(
                target=self._server.run, args=([listener],), name="smstui-receiver", daemon=True
            )
            self._thread.start()
            if not self._server.ready.wait(START_SECONDS):
                self.stop()
                raise ReceiverFailed(
                    _("It did not answer within {n} seconds.").format(n=f"{START_SECONDS:g}")
                )
        except SmstuiError as error:
            self._set(State(Standing.FAILED, message=error.message))
            raise
        self._set(State(Standing.LISTENING, self.url))

    def stop(self) -> None:
        """Answer what has come, keep it, and end; a second call does nothing."""
        server, thread = self._server, self._thread
        self._server = self._thread = None
        if server is not None and thread is not None:
            server.end()
            thread.join(STOP_SECONDS)
        self._keeper.stop(STOP_SECONDS)
        if self.state.standing is not Standing.FAILED:
            self._set(State())

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

    def _set(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self._on_state(state)

    def _tell_trouble(self, message: str) -> None:
        """Take note of what keeps calls from being kept; empty when they are kept again."""
        standing = Standing.TROUBLE if message else Standing.LISTENING
        self._set(State(standing, self.url, message))

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (an ASGI application)."""
        path = scope["raw_path"].decode("latin-1")
        if path == "/health" and scope["method"] == "GET":
            is_well = self.state.standing is Standing.LISTENING
            await _answer(send, Answer(200, "text/plain", b"ok") if is_well else _UNAVAILABLE)
        elif not path.startswith(PREFIX):
            await _answer(send, Answer(404, "", b""))
        elif scope["method"] not in METHODS:
            await _answer(send, Answer(405, "", b""), {"Allow": ", ".join(METHODS)})
        else:
            await self._take(scope, path, receive, send)

    async def _take(self, scope: Scope, path: str, receive: Receive, send: Send) -> None:
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
        )
        body = bytearray()
        try:
            refusal = await self._read(headers, receive, body)
            if refusal is not None:
                await _answer(send, *refusal)
                return
            query = scope["query_string"].decode("latin-1")
            name = path.removeprefix(PREFIX)
            url = self.settings.url_of(name) + (f"?{query}" if query else "")
            call = Call(scope["method"], url, headers, bytes(body), self._clock())
            answer = await self._keep(Incoming(name, call))
        finally:
            self._reading -= len(body)
        if answer is None:
            await _answer(send, _UNAVAILABLE, {"Retry-After": str(RETRY_SECONDS)})
        else:
            await _answer(send, answer)

    async def _keep(self, incoming: Incoming) -> Answer | None:
        """Return the answer to a call once it is kept; None when it cannot be kept now."""
        job = Job(incoming, asyncio.get_running_loop())
        if not self._keeper.put(job):
            return None
        return await job.answered

    async def _read(
        self, headers: tuple[tuple[str, str], ...], receive: Receive, body: bytearray
    ) -> tuple[Answer, Mapping[str, str]] | None:
        """Read a body; return how it is refused, None when it was read to its end."""
        told = next((value for name, value in headers if name == "content-length"), "0")
        if int(told) > MOST_BODY:
            return Answer(413, "", b""), {}
        try:
            async with asyncio.timeout(self._body_seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return Answer(400, "", b""), _CLOSE
                    chunk = message.get("body", b"")
                    body += chunk
                    self._reading += len(chunk)
                    if len(body) > MOST_BODY:
                        return Answer(413, "", b""), _CLOSE
                    if self._reading > MOST_AT_ONCE:
                        return _UNAVAILABLE, _CLOSE | {"Retry-After": "1"}
                    if not message.get("more_body", False):
                        return None
        except TimeoutError:
            return Answer(408, "", b""), _CLOSE


async def _answer(send: Send, answer: Answer, headers: Mapping[str, str] | None = None) -> None:
    told = {"Content-Length": str(len(answer.body)), **(headers or {})}
    if answer.media_type:
        told["Content-Type"] = answer.media_type
    if answer.status == 204:
        del told["Content-Length"]
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [
                (name.lower().encode("latin-1"), value.encode("latin-1"))
                for name, value in told.items()
            ],
        }
    )
    await send({"type": "http.response.body", "body": answer.body})
