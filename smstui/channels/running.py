"""A run of checks: what a configuration needs is looked at, and asked at the provider."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from smstui.channels import checks as judging
from smstui.channels import runs
from smstui.channels.base import CHECK_WORDS, Check
from smstui.channels.checks import Subject, gather
from smstui.credentials import keep_verification
from smstui.i18n import _
from smstui.providers.base import Credential, Provider, Result
from smstui.store.channel_records import ChannelRecord
from smstui.store.errors import NotFound, StoreError
from smstui.verify import Depth, Verification, verify
from smstui.verify.conversation import converse

if TYPE_CHECKING:
    import httpx

    from smstui.store import Store
    from smstui.webhooks.arrivals import CallStore

Checks = tuple[Check, ...]


async def carry_out(
    call: CallStore,
    record: ChannelRecord,
    *,
    client: httpx.AsyncClient | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> AsyncGenerator[Checks, None]:
    """Carry out a run that has begun, and yield how its checks stand whenever one goes on.

    How it ends is kept in the store. One that is closed or cancelled is told as interrupted.

    Args:
        call: how to reach the store.
        record: the configuration, as `runs.begin` or `runs.begin_update` returned it.
        client: what to ask providers with, instead of one of its own; it is left open.
        monotonic: the clock for durations.

    Raises:
        StoreError: the store cannot be read or written; the run is interrupted.
    """
    run = _Run(call, record, client, monotonic)
    is_through = False
    try:
        async with aclosing(run.steps()) as steps:
            async for checks in steps:
                yield checks
        yield await run.end()
        is_through = True
    finally:
        if not is_through:
            runs.abandon(record)
            await _interrupted(call, record)


class _Run:
    def __init__(
        self,
        call: CallStore,
        record: ChannelRecord,
        client: httpx.AsyncClient | None,
        monotonic: Callable[[], float],
    ) -> None:
        assert record.run is not None  # noqa: S101 - it has begun
        self._call = call
        self._record = record
        self._token = record.run.token
        self._client = client
        self._monotonic = monotonic
        self._done: list[Check] = []
        self._webhook_ids: tuple[int, ...] = ()
        self._since = 0.0

    async def steps(self) -> AsyncGenerator[Checks, None]:
        subject = await self._call(lambda store: gather(store, self._record))
        yield await self._took(judging.judge_fields(subject))
        check, whose = judging.judge_credential(subject)
        yield await self._took(check)
        async with aclosing(self._connect(subject, whose)) as steps:
            async for checks in steps:
                yield checks
        yield await self._took(judging.judge_kind(subject))
        async with aclosing(self._ask_owner(subject, whose)) as steps:
            async for checks in steps:
                yield checks
        check, self._webhook_ids = judging.judge_webhook(subject)
        yield await self._took(check)
        yield await self._took(judging.judge_keywords(subject))
        yield await self._took(judging.judge_purpose(subject))

    async def end(self) -> Checks:
        """Keep how it ended; what it counted on and is gone by now is a failed check."""
        done, webhook_ids = tuple(self._done), self._webhook_ids
        try:
            await self._call(
                lambda store: runs.end(store, self._record.id, self._token, done, webhook_ids)
            )
        except NotFound as error:
            gone = Check(
                "webhook",
                Result.FAILED,
                _("deleted meanwhile"),
                cause=error.message,
                next_step=_("Submit it again."),
                word=_("no webhook"),
            )
            done = tuple(gone if check.name == "webhook" else check for check in done)
            await self._call(lambda store: runs.end(store, self._record.id, self._token, done, ()))
        return done

    async def _connect(
        self, subject: Subject, whose: tuple[Provider[Any], Credential] | None
    ) -> AsyncGenerator[Checks, None]:
        if whose is None or subject.credential is None:
            yield await self._took(Check("connection", Result.SKIPPED, _("not tried")))
            return
        provider, credential = whose
        yield await self._awaits("connection", _("asking {vendor}").format(vendor=provider.vendor))
        verification = Verification(provider, credential, depth=Depth.PROBE)
        events = verify(
            provider,
            credential,
            depth=Depth.PROBE,
            client=self._client,
            monotonic=self._monotonic,
        )
        async with aclosing(events):
            async for event in events:
                verification.add(event)
        credential_id = subject.credential.id
        await self._call(lambda store: keep_verification(store, credential_id, verification))
        yield await self._took(_of_probe(verification, self._elapsed()))

    async def _ask_owner(
        self, subject: Subject, whose: tuple[Provider[Any], Credential] | None
    ) -> AsyncGenerator[Checks, None]:
        connected = next(check for check in self._done if check.name == "connection")
        if whose is None or connected.result is Result.FAILED or not subject.sender:
            yield await self._took(Check("owner", Result.SKIPPED, _("not tried")))
            return
        provider, credential = whose
        dialogue = provider.sender(credential, subject.sender, subject.channel)
        if dialogue is None:
            said = _("{vendor} cannot be asked about such a sender")
            check = Check("owner", Result.SKIPPED, said.format(vendor=provider.vendor))
            yield await self._took(check)
            return
        said = _("asking {vendor} whose {sender} is")
        yield await self._awaits(
            "owner", said.format(vendor=provider.vendor, sender=subject.sender)
        )
        outcome = await converse(
            credential, dialogue, client=self._client, monotonic=self._monotonic
        )
        yield await self._took(Check.of("owner", outcome, self._elapsed()))

    def _elapsed(self) -> float:
        return self._monotonic() - self._since

    async def _awaits(self, name: str, summary: str) -> Checks:
        self._since = self._monotonic()
        return await self._kept(Check(name, Result.PENDING, summary))

    async def _took(self, check: Check) -> Checks:
        self._done.append(check)
        return await self._kept()

    async def _kept(self, *pending: Check) -> Checks:
        """Keep how far it has come: another program shows it, and knows that it is alive."""
        checks = (*self._done, *pending)
        written = [check.record() for check in checks]
        counts = await self._call(
            lambda store: store.channels.progressed(self._record.id, self._token, written)
        )
        if not counts:
            raise StoreError(_("These checks count no longer: they were taken for interrupted."))
        return checks


def whole(checks: Checks) -> Checks:
    """Return all checks of a run in their order; those that are still to come are not tried."""
    known = {check.name: check for check in checks}
    return tuple(
        known.get(name) or Check(name, Result.SKIPPED, _("not tried yet")) for name in CHECK_WORDS
    )


def _of_probe(verification: Verification, seconds: float) -> Check:
    """Return what a probe came to: the failed stage, else what the login was answered."""
    stages = {stage.name: stage for stage in verification.stages}
    decisive = next(
        (stage for stage in stages.values() if stage.result is Result.FAILED),
        stages["authenticate"],
    )
    if decisive.outcome is None:
        return Check("connection", decisive.result, decisive.summary, seconds=seconds)
    return replace(Check.of("connection", decisive.outcome, seconds), summary=decisive.summary)


async def _interrupted(call: CallStore, record: ChannelRecord) -> None:
    """Tell a run as interrupted, also while the task that carried it out is being cancelled."""

    def interrupt(store: Store) -> None:
        current = store.channels.get(record.id)
        if _is_same(current, record):
            runs.interrupt(store, current)

    # The store may be closed by now: `runs.settle` does it once it is open again.
    with suppress(StoreError, RuntimeError):
        await asyncio.shield(_called(call, interrupt))


def _is_same(one: ChannelRecord, other: ChannelRecord) -> bool:
    return one.run is not None and other.run is not None and one.run.token == other.run.token


async def _called(call: CallStore, function: Callable[[Store], None]) -> None:
    await call(function)
