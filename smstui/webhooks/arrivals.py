"""What webhooks told of a message: for a verification that waits, or that has ended."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from smstui.errors import SmstuiError
from smstui.providers.base import Outcome, Result
from smstui.store.records import ListQuery
from smstui.store.webhook_records import EventQuery, EventRecord
from smstui.webhooks.base import WebhookType
from smstui.webhooks.stored import outcome_from
from smstui.webhooks.vendors.registry import webhook_vendor

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.store.records import CredentialRecord, VerificationRecord

T = TypeVar("T")

POLL_SECONDS = 0.25
"""How often the store is looked into: another process may have received the call."""


class CallStore(Protocol):
    """Carries out a function with the store, wherever that lives: `StoreSession.call`."""

    def __call__(self, function: Callable[[Store], T], /) -> Awaitable[T]: ...


class StoreArrivals:
    """The events of the store that tell of one message; an `smstui.verify.Arrivals`."""

    def __init__(self, call: CallStore, credential_id: int, *, after: int) -> None:
        """Begin to listen.

        Args:
            call: how to reach the store.
            credential_id: the credential the message is sent with.
            after: the id of the newest event before the message was sent.
        """
        self._call = call
        self._credential_id = credential_id
        self._told = after
        """The newest event that told of the message, or that was there before it."""
        self._seen = after
        """The newest event there was at the last look."""

    @classmethod
    async def begin(cls, call: CallStore, credential: CredentialRecord) -> Self | None:
        """Listen for a message that is about to be sent; None when no webhook could tell of it.

        Raises:
            StoreError: the store cannot be read.
        """

        def newest(store: Store) -> int | None:
            if not _may_hear(store, credential):
                return None
            ids = store.events.ids(EventQuery(limit=1))
            return ids[0] if ids else 0

        after = await call(newest)
        return None if after is None else cls(call, credential.id, after=after)

    async def wait(self, message_id: str, seconds: float) -> Outcome | None:
        """Return the newest outcome that webhooks told and that was not returned before.

        A final one comes before any other. See `smstui.verify.Arrivals`.

        Raises:
            StoreError: the store cannot be read.
        """
        until = time.monotonic() + seconds
        while True:
            outcome = await self._call(lambda store: self._news(store, message_id))
            left = until - time.monotonic()
            if outcome is not None or left <= 0:
                return outcome
            await asyncio.sleep(min(POLL_SECONDS, left))

    def _news(self, store: Store, message_id: str) -> Outcome | None:
        ids = store.events.ids(EventQuery(after=self._seen, limit=1))
        if not ids:
            return None
        self._seen = ids[0]
        news = store.events.news(message_id, self._credential_id, after=self._told)
        if not news:
            return None
        self._told = news[-1].id
        return _newest(news)


def settle_verification(store: Store, message_id: str, outcome: Outcome) -> None:
    """Let the run that sent a message say how it ended, unless it knows already.

    Args:
        store: where the run is kept, in the environment of the webhook that told: what comes to
            one environment settles nothing in another.
        message_id: the provider's id of the message.
        outcome: what a webhook told; one that is not final changes nothing.

    Raises:
        StoreError: the store cannot be read or written.
    """
    if outcome.result is Result.PENDING or not message_id:
        return
    run = store.verifications.by_message_id(message_id, store.environment_id)
    if run is not None and run.result == Result.PENDING.value:
        store.verifications.update(
            run.id,
            result=outcome.result.value,
            word=outcome.word,
            seconds=run.seconds,
            message_id=run.message_id,
            record=_with_delivery(run, outcome),
        )


def _may_hear(store: Store, credential: CredentialRecord) -> bool:
    """Whether a webhook is there that takes delivery reports of this credential's messages."""
    webhooks = store.webhooks
    return any(
        row.type != WebhookType.INBOUND.value
        and row.credential in ("", credential.name)
        and credential.vendor in _credential_vendors(row.vendor)
        for row in webhooks.rows(webhooks.ids(ListQuery()))
    )


def _credential_vendors(vendor: str) -> tuple[str, ...]:
    try:
        return webhook_vendor(vendor).credential_vendors
    except SmstuiError:
        return ()


def _newest(news: list[EventRecord]) -> Outcome | None:
    outcomes = [outcome for event in news if (outcome := outcome_from(event.event.outcome))]
    final = [outcome for outcome in outcomes if outcome.result is not Result.PENDING]
    return next(reversed(final or outcomes), None)


def _with_delivery(run: VerificationRecord, outcome: Outcome) -> dict[str, Any]:
    """Return the record of a run whose deliver stage ended so."""
    from smstui.verify import Stage

    stages = []
    for stage in run.record["stages"]:
        if stage["name"] == "deliver":
            ended = Stage(
                "deliver", outcome.result, stage["seconds"], outcome.summary, outcome
            ).record()
            stages.append(ended)
        else:
            stages.append(stage)
    ok = all(stage["result"] in (Result.PASSED, Result.WARNED) for stage in stages)
    return {**run.record, "stages": stages, "ok": ok}
