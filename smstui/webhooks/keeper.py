"""The thread of the receiver that owns the store: keeps calls in batches, removes what is old."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from smstui.errors import SmstuiError
from smstui.i18n import _
from smstui.store.errors import StoreError
from smstui.times import Clock
from smstui.webhooks.base import Answer
from smstui.webhooks.intake import Incoming, Intake, Kept

if TYPE_CHECKING:
    from smstui.store import Store

MOST_WAITING = 2000
"""Calls that may wait to be kept; further ones are asked to come again."""

MOST_TOGETHER = 256
"""Calls that are kept by one transaction."""

LINGER_SECONDS = 0.003
"""How long the first call of a batch waits for others: a transaction for each would cost more."""

PRUNE_SECONDS = 3600.0


class Job:
    """A call that waits to be kept; its answer is None when it cannot be kept now."""

    __slots__ = ("_loop", "answered", "incoming")

    def __init__(self, incoming: Incoming, loop: asyncio.AbstractEventLoop) -> None:
        self.incoming = incoming
        self.answered: asyncio.Future[Answer | None] = loop.create_future()
        self._loop = loop

    def settle(self, answer: Answer | None) -> None:
        """Answer the call; callable from any thread."""

        def done() -> None:
            if not self.answered.done():
                self.answered.set_result(answer)

        try:
            self._loop.call_soon_threadsafe(done)
        except RuntimeError:  # The loop has closed; nobody waits any more.
            return


class Keeper:
    """Owns the store in a thread of its own."""

    def __init__(
        self,
        open_store: Callable[[], Store],
        *,
        clock: Clock,
        keep_days: int,
        on_event: Callable[[Kept], None],
        on_trouble: Callable[[str], None],
    ) -> None:
        """Prepare to keep calls.

        Args:
            open_store: opens the store; called in the thread.
            clock: the present moment, for what is too old.
            keep_days: how long calls are kept; 0 for ever.
            on_event: told of each event that was kept, in the thread.
            on_trouble: told what keeps calls from being kept, and "" once they are again.
        """
        self._open_store = open_store
        self._clock = clock
        self._keep_days = keep_days
        self._on_event = on_event
        self._on_trouble = on_trouble
        self._is_troubled = False
        self._jobs: queue.Queue[Job | None] = queue.Queue()
        self._thread: threading.Thread | None = None

    def start(self, patience: float) -> None:
        """Open the store, and return when it is open.

        Raises:
            StoreError: it cannot be opened.
        """
        opened: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._run, args=(opened,), name="smstui-keeper", daemon=True
        )
        self._thread.start()
        try:
            opened.result(patience)
        except TimeoutError:
            raise StoreError(_("The store did not open in time.")) from None

    def put(self, job: Job) -> bool:
        """Have a call kept; False when too many wait already."""
        if self._jobs.qsize() >= MOST_WAITING:
            return False
        self._jobs.put(job)
        return True

    def stop(self, patience: float) -> None:
        """Keep what waits, close the store and end."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join(patience)
            self._thread = None

    def _run(self, opened: Future[None]) -> None:
        try:
            store = self._open_store()
        except BaseException as error:  # noqa: BLE001 - told to whoever waits
            opened.set_exception(error)
            return
        with store:
            opened.set_result(None)
            self._work(Intake(store))

    def _work(self, intake: Intake) -> None:
        prune_at = time.monotonic()
        while True:
            jobs, is_over = self._next(prune_at - time.monotonic())
            if jobs:
                self._keep(intake, jobs)
            if is_over:
                return
            if time.monotonic() >= prune_at:
                more = self._prune(intake)
                prune_at = time.monotonic() + (0.0 if more else PRUNE_SECONDS)

    def _next(self, patience: float) -> tuple[list[Job], bool]:
        """Return the calls that wait, and whether they are the last; none when patience ends."""
        jobs: list[Job] = []
        try:
            job = self._jobs.get(timeout=max(patience, 0.0) or None, block=patience > 0)
            if job is not None:
                time.sleep(LINGER_SECONDS)
            while job is not None:
                jobs.append(job)
                if len(jobs) == MOST_TOGETHER:
                    return jobs, False
                job = self._jobs.get_nowait()
        except queue.Empty:
            return jobs, False
        return jobs, True

    def _keep(self, intake: Intake, jobs: list[Job]) -> None:
        try:
            taken = intake.take([job.incoming for job in jobs])
        except Exception as error:  # noqa: BLE001 - told, and the callers asked to come again
            said = error.message if isinstance(error, SmstuiError) else ""
            self._tell(said or _("smstui stumbled; please report it."))
            for job in jobs:
                job.settle(None)
            return
        self._tell("")
        for job, one in zip(jobs, taken, strict=True):
            job.settle(one.answer)
        for one in taken:
            for kept in one.kept:
                self._on_event(kept)

    def _prune(self, intake: Intake) -> bool:
        try:
            return intake.prune(self._clock(), self._keep_days)
        except SmstuiError as error:
            self._tell(error.message)
            return False

    def _tell(self, message: str) -> None:
        if message or self._is_troubled:
            self._is_troubled = bool(message)
            self._on_trouble(message)
