"""The health board: many credentials verified at a time, without pressing any host.

Hosts limit requests and connections of one customer, and answer 429 beyond that. So a host is asked
by few runs at once, with a pause before each request, and is left alone for as long as it says.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from smstui.errors import SmstuiError
from smstui.i18n import _
from smstui.providers.answers import retry_after
from smstui.providers.base import Credential, Outcome, Provider, Response, Result
from smstui.redact import ShownResponse
from smstui.verify.engine import Clock, Sleep, verify
from smstui.verify.events import Depth, Event, Exchange, Stage, Verification
from smstui.verify.transport import new_client

if TYPE_CHECKING:
    import httpx

JOBS = 4
"""Verifications at once, unless told otherwise."""
PER_HOST = 2
"""Verifications at once that ask the same host."""
PAUSE = 0.1
"""Seconds between two requests to the same host."""
REST = 2.0
"""Seconds a host is left alone after a 429 that does not say how long; twice that the next time."""
LONGEST_REST = 60.0
"""Seconds a host is left alone at the most. One that wants more is not asked again for this."""
TRIES = 3
"""Times that a credential is tried in all when its host answers 429; a probe may be repeated."""
AHEAD = 32
"""Credentials held in memory that wait for their host while others go on."""


@dataclass(frozen=True, slots=True)
class Item:
    """One credential of the board.

    Attributes:
        id: what the caller knows it by.
        name: its name.
        vendor: its vendor, known or not.
        judge: returns who verifies it, and the credential itself; raises `SmstuiError` when what is
            stored no longer fits the vendor's model.
    """

    id: int
    name: str
    vendor: str
    judge: Callable[[], tuple[Provider[Any], Credential]] = field(repr=False)


async def verify_all(
    items: AsyncIterable[Item],
    *,
    depth: Depth,
    jobs: int = JOBS,
    client: httpx.AsyncClient | None = None,
    begun: Callable[[Item], object] = lambda item: None,
    stop: asyncio.Event | None = None,
    monotonic: Clock = time.monotonic,
    sleep: Sleep = asyncio.sleep,
) -> AsyncGenerator[tuple[Item, Verification], None]:
    """Verify credentials, and yield each with how it went as soon as it is through.

    An item that no longer fits its model, or whose verification breaks off, is yielded as failed;
    nothing about one credential ends the others. Closing the generator ends what is under way.

    Args:
        items: the credentials; read as they are needed, so there may be any number.
        depth: check or probe. A board never sends.
        jobs: verifications at once, at least 1.
        client: what to send with, instead of one of its own for all; it is left open.
        begun: called with each item as its verification begins.
        stop: once set, nothing more begins; what is under way is still yielded.
        monotonic: the clock for durations; waiting for a host does not count.
        sleep: waits for hosts.

    Raises:
        ValueError: the depth is send.
    """
    if depth is Depth.SEND:
        raise ValueError("a board never sends")
    own = await _own_client() if client is None and depth is Depth.PROBE else None
    board = _Board(depth, jobs, client, own, stop or asyncio.Event(), monotonic, sleep)
    try:
        async with aclosing(board.results(items, begun)) as results:
            async for result in results:
                yield result
    finally:
        if own is not None:
            await own.aclose()


async def _own_client() -> httpx.AsyncClient | None:
    """Return a client for all; None when there can be none, which each verification tells then."""
    try:
        return await asyncio.to_thread(new_client)
    except SmstuiError:
        return None


class _Host:
    """What is known of a host while the board runs."""

    def __init__(self) -> None:
        self.running = 0
        self.free_at = 0.0
        """When it may be asked again."""


@dataclass(slots=True)
class _Attempt:
    """An item that waits for its host, or is under way."""

    item: Item
    provider: Provider[Any]
    credential: Credential
    host: _Host
    tries: int = 0
    again: bool = False
    """The host asked to wait, and a further try is due."""


class _Board:
    """The state of one pass over the credentials."""

    def __init__(
        self,
        depth: Depth,
        jobs: int,
        client: httpx.AsyncClient | None,
        own: httpx.AsyncClient | None,
        stop: asyncio.Event,
        monotonic: Clock,
        sleep: Sleep,
    ) -> None:
        self._depth = depth
        self._jobs = jobs
        self._client = client
        self._own = own
        self._stop = stop
        self._monotonic = monotonic
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}
        self._waiting: deque[_Attempt] = deque()
        self._running: dict[asyncio.Task[Verification], _Attempt] = {}

    async def results(
        self, items: AsyncIterable[Item], begun: Callable[[Item], object]
    ) -> AsyncGenerator[tuple[Item, Verification], None]:
        source = aiter(items)
        is_read = False
        try:
            while True:
                while len(self._running) < self._jobs and not self._stop.is_set():
                    attempt = self._next_ready()
                    if attempt is not None:
                        if attempt.tries == 0:
                            begun(attempt.item)
                        self._begin(attempt)
                        continue
                    if is_read or len(self._waiting) >= AHEAD:
                        break
                    item = await anext(source, None)
                    if item is None:
                        is_read = True
                        continue
                    try:
                        self._waiting.append(self._attempt(item))
                    except Exception as error:  # noqa: BLE001 - one credential must not end the others
                        yield item, _unfit(item, self._depth, error)
                if not self._running and (self._stop.is_set() or not self._waiting):
                    return
                for attempt, verification in await self._finished():
                    if attempt.again and not self._stop.is_set():
                        self._waiting.appendleft(attempt)
                    else:
                        yield attempt.item, verification
        finally:
            await _ended(self._running)

    def _attempt(self, item: Item) -> _Attempt:
        provider, credential = item.judge()
        host = _Host()
        if self._depth is Depth.PROBE:  # A check asks nobody, so it waits for no host.
            host = self._hosts.setdefault(provider.host(credential), host)
        return _Attempt(item, provider, credential, host)

    def _next_ready(self) -> _Attempt | None:
        """Take out the first of those waiting whose host may be asked."""
        now = self._monotonic()
        for attempt in self._waiting:
            if attempt.host.running < PER_HOST and attempt.host.free_at <= now:
                self._waiting.remove(attempt)
                return attempt
        return None

    def _begin(self, attempt: _Attempt) -> None:
        attempt.tries += 1
        attempt.again = False
        attempt.host.running += 1
        self._running[asyncio.create_task(self._verify(attempt))] = attempt

    async def _finished(self) -> list[tuple[_Attempt, Verification]]:
        """Return what has ended, after waiting until something did, or else a host is free."""
        others: list[asyncio.Future[Any]] = []
        if not self._stop.is_set():
            others.append(asyncio.create_task(self._stop.wait()))
            rests = [a.host.free_at for a in self._waiting if a.host.running < PER_HOST]
            if rests and len(self._running) < self._jobs:
                pause = max(min(rests) - self._monotonic(), 0.0)
                others.append(asyncio.ensure_future(self._sleep(pause)))
        try:
            await asyncio.wait({*self._running, *others}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _ended(others)
        ended = [task for task in self._running if task.done()]
        return [(self._running.pop(task), task.result()) for task in ended]

    async def _verify(self, attempt: _Attempt) -> Verification:
        verification = Verification(attempt.provider, attempt.credential, depth=self._depth)
        waited = 0.0

        def monotonic() -> float:
            return self._monotonic() - waited

        try:
            events = verify(
                attempt.provider,
                attempt.credential,
                depth=self._depth,
                client=self._client_for(attempt),
                monotonic=monotonic,
                sleep=self._sleep,
            )
            async with aclosing(events):
                async for event in events:
                    verification.add(event)
                    answer = event.response if isinstance(event, Exchange) else None
                    if answer is not None and answer.status == 429:
                        attempt.again = self._rest(answer, attempt)
                        if attempt.again:
                            break
                    elif _comes_before_request(event):
                        waited += await self._turn(attempt.host)
        except Exception as error:  # noqa: BLE001 - one credential must not end the others
            verification.add(_broken_off(verification, error))
        finally:
            attempt.host.running -= 1
        return verification

    def _client_for(self, attempt: _Attempt) -> httpx.AsyncClient | None:
        """Return what to send with; None for one of its own, which shows its certificate."""
        if self._client is not None:
            return self._client
        has_certificate = attempt.provider.client_certificate(attempt.credential) is not None
        return None if has_certificate else self._own

    def _rest(self, answer: ShownResponse, attempt: _Attempt) -> bool:
        """Leave a host alone that was asked too often, and return whether to try again then."""
        told = retry_after(Response(answer.status, answer.headers))
        rest = REST * 2 ** (attempt.tries - 1) if told is None else told
        until = self._monotonic() + min(rest, LONGEST_REST)
        attempt.host.free_at = max(attempt.host.free_at, until)
        return attempt.tries < TRIES and rest <= LONGEST_REST

    async def _turn(self, host: _Host) -> float:
        """Wait until a host may be asked, and return how long that took."""
        came = self._monotonic()
        at = max(host.free_at, came)
        host.free_at = at + PAUSE
        if at > came:
            await self._sleep(at - came)
        return self._monotonic() - came


def _comes_before_request(event: Event) -> bool:
    """Whether a request may follow an event of a probe."""
    if isinstance(event, Exchange):
        return True
    return event.name == "connect" and event.result is Result.PENDING


def _unfit(item: Item, depth: Depth, error: Exception) -> Verification:
    """Return the verification of an item that cannot become a credential."""
    # There is neither a provider nor a model that would take it.
    subject: Any = SimpleNamespace(vendor=item.vendor, name=item.name)
    verification = Verification(subject, subject, depth=depth)
    if not isinstance(error, SmstuiError):
        verification.add(_broken_off(verification, error))
        return verification
    outcome = Outcome(
        result=Result.FAILED,
        word=_("to be mended"),
        summary=_(error.title),
        cause=error.message,
        next_step=_("Edit the credential, then verify again."),
    )
    verification.add(Stage("shape", Result.FAILED, 0.0, outcome.summary, outcome))
    return verification


def _broken_off(verification: Verification, error: Exception) -> Stage:
    """Return the stage that tells of an error nobody expected; its text is not shown."""
    outcome = Outcome(
        result=Result.FAILED,
        word=_("broke off"),
        summary=_("broke off ({kind})").format(kind=type(error).__name__),
        cause=_("The verification broke off ({kind}).").format(kind=type(error).__name__),
        next_step=_("Verify it by itself to see how far it comes."),
    )
    undone = (Result.PENDING, Result.SKIPPED)
    asked = [stage for stage in verification.stages if stage.name in verification.depth.stages]
    name = next((stage.name for stage in asked if stage.result in undone), asked[-1].name)
    return Stage(name, Result.FAILED, 0.0, outcome.summary, outcome)


async def _ended(tasks: Iterable[asyncio.Future[Any]]) -> None:
    """End tasks that may still run, and wait until they have cleaned up."""
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)
