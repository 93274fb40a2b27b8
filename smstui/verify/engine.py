"""Runs a provider's conversations, stage by stage."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from smstui.errors import SmstuiError
from smstui.i18n import _
from smstui.providers.base import Credential, Dialogue, Outcome, Provider, Request, Response, Result
from smstui.providers.hosts import base_url
from smstui.redact import Redactor
from smstui.verify import troubles
from smstui.verify.arrivals import Arrivals
from smstui.verify.conversation import cleaned
from smstui.verify.events import Depth, Event, Exchange, Stage
from smstui.verify.shape import shape_of
from smstui.verify.transport import Link, new_client, perform, quiet

if TYPE_CHECKING:
    import httpx

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[Any]]

_RETRY_STATUS = {404, 408, 425, 429}
"""Refusals of a question for a message's state that may pass: a new message is not always found at
once. So do all 5xx."""


def default_message(n: int) -> str:
    """Return the text of a test message; the number tells one from the next on the handset."""
    return _("smstui test {n}").format(n=n)


async def verify(
    provider: Provider[Any],
    credential: Credential,
    *,
    depth: Depth,
    to: str = "",
    text: str = "",
    wait: float = 120.0,
    client: httpx.AsyncClient | None = None,
    monotonic: Clock = time.monotonic,
    sleep: Sleep = asyncio.sleep,
    arrivals: Arrivals | None = None,
) -> AsyncGenerator[Event, None]:
    """Verify a credential, and yield what happens as it happens.

    A stage comes several times as it goes on. A failed stage is the last one. The message id comes
    with the accept stage, before delivery is waited for. A send is never repeated by itself.

    Args:
        provider: the credential's vendor.
        credential: what to verify.
        depth: how far to go.
        to: the recipient, at depth send.
        text: the message, at depth send.
        wait: seconds to wait for the delivery; 0 does not ask for it.
        client: what to send with, instead of `new_client`; it is left open.
        monotonic: the clock for durations.
        sleep: waits between questions for the message's state.
        arrivals: what webhooks tell meanwhile, when there is one that may tell of the message; it
            waits in place of ``sleep``.
    """
    shape = shape_of(provider, credential, depth, to, text)
    yield shape
    if shape.result is Result.FAILED or depth is Depth.CHECK:
        return
    quiet()
    certificate = provider.client_certificate(credential) if client is None else None
    try:
        http = client if client is not None else await asyncio.to_thread(new_client)
        proven = await asyncio.to_thread(new_client, certificate) if certificate else http
    except SmstuiError as error:
        outcome = troubles.bad_settings(error.message)
        yield Stage("connect", Result.FAILED, 0.0, outcome.summary, outcome)
        return
    run = _Run(provider, credential, http, proven, monotonic, sleep, arrivals)
    try:
        async with aclosing(run.events(depth, to, text, wait)) as events:
            async for event in events:
                yield event
    finally:
        if client is None:
            await http.aclose()
            await proven.aclose()


class _Run:
    """The state of one verification on the network."""

    def __init__(
        self,
        provider: Provider[Any],
        credential: Credential,
        client: httpx.AsyncClient,
        proven: httpx.AsyncClient,
        monotonic: Clock,
        sleep: Sleep,
        arrivals: Arrivals | None,
    ) -> None:
        self.provider = provider
        self.credential = credential
        self.client = client
        self.proven = proven
        """Proves itself with the credential's certificate; for the provider's own host alone."""
        self.monotonic = monotonic
        self.sleep = sleep
        self.arrivals = arrivals
        self.redactor = Redactor.of(credential)
        self.link = Link()
        self.is_connecting = False
        self.has_asked = False
        self.is_preparing = False
        """Whether the last request only prepared the message."""
        self.since = 0.0
        """When the present stage began."""
        self.outcome: Outcome | None = None
        """What the last conversation came to; trouble on the way is an outcome, too."""
        self.response: Response | None = None
        """The last answer."""

    async def events(
        self, depth: Depth, to: str, text: str, wait: float
    ) -> AsyncGenerator[Event, None]:
        async with aclosing(self._authenticate(to, text)) as events:
            async for event in events:
                yield event
        if depth is not Depth.SEND or self.outcome is None or _is_failed(self.outcome):
            return
        async with aclosing(self._accept(to, text)) as events:
            async for event in events:
                yield event
        if _is_failed(self.outcome):
            return
        async with aclosing(self._deliver(self.outcome, wait)) as events:
            async for event in events:
                yield event

    async def _authenticate(self, to: str, text: str) -> AsyncGenerator[Event, None]:
        host = self.provider.host(self.credential)
        self.is_connecting = True
        self.since = self.monotonic()
        yield self._pending("connect", _("connecting to {host}").format(host=_bare(host)))
        probe = self.provider.probe(self.credential, to, text)
        async with aclosing(self._talk(probe, "authenticate")) as events:
            async for event in events:
                yield event
        outcome = self.outcome
        if not self.has_asked:
            async with aclosing(self._reach(host)) as events:
                async for event in events:
                    yield event
        if self.is_connecting:
            yield self._ended("connect")
            return
        self.outcome = outcome
        yield self._ended("authenticate")

    async def _reach(self, host: str) -> AsyncGenerator[Event, None]:
        """Connect for a provider whose probe has nothing to ask: any answer at all will do."""
        request = Request("HEAD", base_url(host) + "/")
        async with aclosing(self._exchange(request, "connect")) as events:
            async for event in events:
                yield event

    async def _accept(self, to: str, text: str) -> AsyncGenerator[Event, None]:
        self.since = self.monotonic()
        yield self._pending("accept", _("sending to {number}").format(number=to))
        message = self.provider.message(self.credential, to, text)
        async with aclosing(self._talk(message, "accept")) as events:
            async for event in events:
                yield event
        if self.response is None and self.outcome is not None and not self.is_preparing:
            self.outcome = self._clean(
                troubles.of_sending(
                    self.outcome, written=self.link.written, look_up=_(self.provider.look_up)
                )
            )
        yield self._ended("accept")

    async def _deliver(self, accepted: Outcome, wait: float) -> AsyncGenerator[Event, None]:
        self.since = self.monotonic()
        if wait <= 0:
            yield Stage("deliver", Result.SKIPPED, 0.0, _("not asked"))
            return
        can_ask = self.provider.status(self.credential, accepted.message_id) is not None
        if not can_ask and self.arrivals is None:
            said = _("{vendor} cannot be asked").format(vendor=self.provider.vendor)
            yield Stage("deliver", Result.SKIPPED, 0.0, said)
            return
        last, waited, state = accepted, 0.0, _("accepted")
        for planned in _pauses():
            left = wait - max(waited, self.monotonic() - self.since)
            if left <= 0:
                break
            pause = min(max(planned, last.retry_after or 0.0), left) if can_ask else left
            yield self._pending("deliver", _awaited(state, pause if can_ask else None), last)
            asked, heard = None, await self._heard(accepted.message_id, pause)
            if heard is None:
                waited += pause
                question = self.provider.status(self.credential, accepted.message_id)
                if question is None or not can_ask:
                    break
                async with aclosing(self._talk(question, "deliver")) as events:
                    async for event in events:
                        yield event
                asked, heard = self.outcome, await self._heard(accepted.message_id, 0.0)
            last = heard or asked or last
            state = last.summary
            if heard is not None and heard.result is not Result.PENDING:
                self.outcome = heard
                yield self._ended("deliver")
                return
            if asked is None or asked.result is Result.PENDING or self._asks_again(asked):
                continue
            if self._is_last_word(asked):
                yield self._ended("deliver")
                return
            if self.arrivals is None:
                break
            can_ask = False
        if can_ask or not (last is accepted or last.result is Result.SKIPPED):
            yield self._undecided(last, state)
        else:
            untold = troubles.untold(self.provider.vendor)
            yield self._pending("deliver", untold.summary, untold)

    async def _heard(self, message_id: str, seconds: float) -> Outcome | None:
        """Wait, and return what a webhook told of the message meanwhile."""
        if self.arrivals is None:
            if seconds:
                await self.sleep(seconds)
            return None
        outcome = await self.arrivals.wait(message_id, seconds)
        return self._clean(outcome) if outcome else None

    def _undecided(self, last: Outcome, state: str) -> Stage:
        """Return how the delivery stands when nothing final is known in time."""
        word = last.word if last.result is Result.PENDING else _("accepted")
        return self._pending(
            "deliver",
            _("accepted, not yet delivered: {state}").format(state=state),
            dataclasses.replace(last, result=Result.PENDING, word=word),
        )

    def _asks_again(self, outcome: Outcome) -> bool:
        """Whether a failed question, as opposed to a failed message, is worth another try."""
        if not _is_failed(outcome):
            return False
        if self.response is None:
            return True
        return self.response.status in _RETRY_STATUS or self.response.status >= 500

    def _is_last_word(self, outcome: Outcome) -> bool:
        """Whether an answer decides on the message.

        A refused question says nothing of it; where nobody can be asked, webhooks may still tell.
        """
        if outcome.result is Result.SKIPPED:
            return self.arrivals is None
        refused = self.response is not None and self.response.status >= 300
        return not (_is_failed(outcome) and refused)

    async def _talk(self, dialogue: Dialogue, stage: str) -> AsyncGenerator[Event, None]:
        """Carry out a conversation; afterwards ``outcome`` holds what it came to."""
        self.outcome = self.response = None
        try:
            request = next(dialogue)
            while True:
                async with aclosing(self._exchange(request, stage)) as events:
                    async for event in events:
                        yield event
                if self.outcome is not None and request.optional:
                    self.outcome, self.response = None, Response(0)
                if self.outcome is not None or self.response is None:
                    return
                request = dialogue.send(self.response)
        except StopIteration as stop:
            self.outcome = self._clean(stop.value)
        finally:
            dialogue.close()

    async def _exchange(self, request: Request, stage: str) -> AsyncGenerator[Event, None]:
        """Carry out one request; afterwards ``response`` is there, or trouble in ``outcome``."""
        self.response = None
        self.has_asked = True
        self.is_preparing = request.prepares
        sending = asyncio.create_task(
            perform(self._client_for(request), request, self.link, monotonic=self.monotonic)
        )
        try:
            if self.is_connecting:
                connected = asyncio.create_task(self.link.connected.wait())
                try:
                    await asyncio.wait({sending, connected}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    await _cancelled(connected)
                if self.link.connected.is_set():
                    yield self._connected(request)
                    yield self._pending(
                        "authenticate", _("asking {vendor}").format(vendor=self.provider.vendor)
                    )
            answer = await sending
        finally:
            await _cancelled(sending)
        self.response = answer.response
        if answer.response and request.secrets_in:
            self.redactor.learn(request.secrets_in(answer.response))
        trouble = self._clean(answer.trouble) if answer.trouble else None
        self.outcome = trouble
        yield Exchange(
            stage,
            self.redactor.request(answer.sent),
            self.redactor.response(answer.response) if answer.response else None,
            answer.seconds,
            trouble.cause if trouble else "",
            self.redactor.curl(request),
        )

    def _client_for(self, request: Request) -> httpx.AsyncClient:
        own = base_url(self.provider.host(self.credential))
        is_own = request.url == own or request.url.startswith((f"{own}/", f"{own}?"))
        return self.proven if is_own else self.client

    def _connected(self, request: Request) -> Stage:
        self.is_connecting = False
        self.since += self.link.seconds
        host = urlsplit(request.url).netloc
        how = self.link.tls
        if request.url.startswith("http:"):
            how = _("plain http on this machine")
        summary = self.redactor.text(f"{host}, {how}" if how else host)
        return Stage("connect", Result.PASSED, self.link.seconds, summary)

    def _pending(self, name: str, summary: str, outcome: Outcome | None = None) -> Stage:
        seconds = self.monotonic() - self.since
        return Stage(name, Result.PENDING, seconds, self.redactor.text(summary), outcome)

    def _ended(self, name: str) -> Stage:
        """Return a stage as the last conversation ended it."""
        assert self.outcome is not None  # noqa: S101 - only called after one
        seconds = self.monotonic() - self.since
        return Stage(name, self.outcome.result, seconds, self.outcome.summary, self.outcome)

    def _clean(self, outcome: Outcome) -> Outcome:
        return cleaned(outcome, self.redactor)


def _awaited(state: str, pause: float | None) -> str:
    """Return what is awaited of a message in a state: an answer in so many seconds, or a call."""
    if pause is None:
        return _("{state}; waiting for a webhook").format(state=state)
    return _("{state}; asking again in {n} s").format(state=state, n=f"{pause:.0f}")


def _bare(host: str) -> str:
    return host.partition("://")[2] or host


async def _cancelled(task: asyncio.Task[Any]) -> None:
    """End a task that may still run, and wait until it has cleaned up."""
    task.cancel()
    await asyncio.wait({task})


def _pauses() -> Iterator[float]:
    """Yield the seconds between questions for a message's state."""
    return chain((1.0, 2.0, 2.0, 3.0), repeat(5.0))


def _is_failed(outcome: Outcome) -> bool:
    return outcome.result is Result.FAILED
