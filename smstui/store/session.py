"""The store for the console: one worker thread owns it, coroutines ask it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from smstui.i18n import N_, _
from smstui.store.errors import StoreError
from smstui.times import Clock, utc_now

if TYPE_CHECKING:
    from pydantic import SecretStr

    from smstui.store.environments import EnvironmentRecord
    from smstui.store.records import Actor
    from smstui.store.store import Store

T = TypeVar("T")


class StoreSession:
    """Opens, uses and closes a store in a thread of its own, one call after the other.

    A call whose waiting is cancelled is still carried out; what it changes is whole.
    """

    def __init__(self, environment: str = "") -> None:
        """Make a session whose store is closed.

        Args:
            environment: name of the one to begin in; else the one that the actor was in last.
        """
        self.environment: EnvironmentRecord | None = None
        """Where the session is, as it was read last; it stays while the store is closed."""
        self._wanted = environment
        self._worker: ThreadPoolExecutor | None = None
        self._store: Store | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is a store to call."""
        return self._store is not None

    async def open(
        self, path: Path, passphrase: SecretStr, *, actor: Actor, clock: Clock = utc_now
    ) -> None:
        """Open a store in the worker thread. See `Store.open` for what it raises."""

        def job() -> Store:
            from smstui.store.store import Store

            return Store.open(path, passphrase, actor=actor, clock=clock)

        await self._start(job)

    async def create(
        self, path: Path, passphrase: SecretStr, *, actor: Actor, clock: Clock = utc_now
    ) -> None:
        """Make a store in the worker thread. See `Store.create` for what it raises."""

        def job() -> Store:
            from smstui.store.store import Store

            return Store.create(path, passphrase, actor=actor, clock=clock)

        await self._start(job)

    async def call(self, function: Callable[[Store], T]) -> T:
        """Return what the function answers; it runs in the worker thread, with the store.

        Raises:
            StoreError: the store is closed, or what the function raises.
        """
        if self._worker is None or self._store is None:
            raise StoreError(
                _("Open it with its passphrase first."), title=N_("The store is closed")
            )
        return await asyncio.get_running_loop().run_in_executor(
            self._worker, partial(function, self._store)
        )

    async def switch(self, environment_id: int) -> None:
        """Go to another environment, and let it be the actor's next time.

        Raises:
            NotFound: it was deleted meanwhile; the session stays where it is.
            StoreError: the store is closed, or cannot be written.
        """
        came_from = self._store

        def job(store: Store) -> tuple[Store, EnvironmentRecord]:
            store = store.acting_in(environment_id)
            store.keep_environment()
            return store, store.environment

        store, environment = await self.call(job)
        if self._store is came_from:
            self._store = store
        self.environment = environment

    async def look_at_environment(self) -> None:
        """Read anew what the environment is called, and whether it is production.

        Raises:
            NotFound: it was deleted meanwhile.
            StoreError: the store is closed, or cannot be read.
        """
        self.environment = await self.call(lambda store: store.environment)

    async def close(self) -> None:
        """Close the store after the calls that are under way. Closing twice does no harm."""
        worker, store = self._worker, self._store
        self._worker = self._store = None
        if worker is None:
            return
        try:
            if store is not None:
                await asyncio.get_running_loop().run_in_executor(worker, store.close)
        finally:
            worker.shutdown(wait=False)

    async def _start(self, job: Callable[[], Store]) -> None:
        await self.close()
        worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="smstui-store")
        future = worker.submit(self._entered, job)
        try:
            store, environment = await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            # Whoever waited has gone; the thread closes what it still opens.
            worker.submit(_close_result, future)
            worker.shutdown(wait=False)
            raise
        except BaseException:
            worker.shutdown(wait=False)
            raise
        self._worker, self._store, self.environment = worker, store, environment

    def _entered(self, job: Callable[[], Store]) -> tuple[Store, EnvironmentRecord]:
        """Return the store in the environment of this session: where it was, once it was open.

        Raises:
            NotFound: there is no environment of the name that was wanted first.
        """
        store = job()
        try:
            if self.environment is not None:
                store = store.acting_in(store.environments.or_oldest(self.environment.id))
            elif self._wanted:
                store = store.acting_in(store.environments.by_name(self._wanted).id)
            return store, store.environment
        except BaseException:
            store.close()
            raise


def _close_result(future: Future[tuple[Store, EnvironmentRecord]]) -> None:
    if not future.cancelled() and future.exception() is None:
        future.result()[0].close()
