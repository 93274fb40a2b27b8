"""A run of the health board: carried out over the store, each verification kept as it ends."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from screens.verify_run import Pace
from smstui.credentials import board_item, keep_verification
from smstui.store.errors import NotFound
from smstui.times import Clock

if TYPE_CHECKING:
    import httpx

    from smstui.store.session import StoreSession
    from smstui.verify import Verification
    from smstui.verify.board import Item


class Seen(NamedTuple):
    """How a credential did on the board; ``at`` is when that was kept."""

    result: str
    word: str
    seconds: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """What is known beyond the store: nothing of a credential that no run of the board came to.

    Attributes:
        seen: how credentials did, by id.
        under_way: ids of those that are being asked now.
    """

    seen: dict[int, Seen] = field(default_factory=dict)
    under_way: set[int] = field(default_factory=set)


class HealthRun:
    """One pass over all credentials.

    Attributes:
        depth: check or probe.
        total: how many credentials there are to verify; those deleted meanwhile do not count.
        done: how many are through.
        failed: how many of those failed.
        began: when it began.
        ended: when it was over; None while it goes on.
    """

    def __init__(
        self, depth: str, ids: Sequence[int], board: Board, clock: Clock, pace: Pace
    ) -> None:
        """Prepare a run.

        Args:
            depth: check or probe.
            ids: the credentials, in the order in which they are verified.
            board: takes what becomes of them.
            clock: the present moment.
            pace: how time passes for verifications.
        """
        self.depth = depth
        self.total = len(ids)
        self.done = 0
        self.failed = 0
        self.began = clock()
        self.ended: datetime | None = None
        self._ids = ids
        self._board = board
        self._clock = clock
        self._pace = pace
        self._stop = asyncio.Event()

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Let nothing more begin; what is under way goes on."""
        self._stop.set()

    async def carry_out(
        self,
        session: StoreSession,
        client: httpx.AsyncClient | None,
        changed: Callable[[int], object],
    ) -> None:
        """Verify all, and call ``changed`` with the id of each whenever something is new of it.

        Raises:
            StoreError: the store cannot be read or written, or was closed; the run is over.
        """
        from smstui.verify import Depth
        from smstui.verify.board import verify_all

        def begun(item: Item) -> None:
            if self.depth != "check":  # Too short to be read.
                self._board.under_way.add(item.id)
                changed(item.id)

        runs = verify_all(
            self._items(session),
            depth=Depth(self.depth),
            client=client,
            begun=begun,
            stop=self._stop,
            monotonic=self._pace.monotonic,
            sleep=self._pace.sleep,
        )
        try:
            async with aclosing(runs):
                async for item, verification in runs:
                    await self._keep(session, item, verification)
                    changed(item.id)
        finally:
            self.ended = self._clock()
            left = list(self._board.under_way)
            self._board.under_way.clear()
            for credential_id in left:
                changed(credential_id)

    async def _items(self, session: StoreSession) -> AsyncIterator[Item]:
        for credential_id in self._ids:
            try:
                record = await session.call(
                    lambda store, key=credential_id: store.credentials.get(key)  # type: ignore[misc]  # a lambda with a default
                )
            except NotFound:
                self.total -= 1
                continue
            yield board_item(record)

    async def _keep(self, session: StoreSession, item: Item, verification: Verification) -> None:
        try:
            await session.call(lambda store: keep_verification(store, item.id, verification))
        except NotFound:
            self.total -= 1
            return
        finally:
            self._board.under_way.discard(item.id)
        self.done += 1
        self.failed += not verification.ok
        # Words are few and credentials many: each word is held once.
        result, word = verification.result.value, sys.intern(verification.word)
        self._board.seen[item.id] = Seen(result, word, verification.seconds, self._clock())
