"""Step 5: one message by RCS alone to a test device, followed until it is delivered or read.

The engine of `smstui.verify` sends it; what webhooks tell ends the wait. "Accepted" is never told
as delivered, and a message that went out as an SMS is not told as RCS.
"""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from smstui import credentials
from smstui.i18n import _
from smstui.providers.base import Credential, Outcome, Provider, Result
from smstui.providers.fields import Draft, text_of
from smstui.rcs.document import Document
from smstui.verify import Arrivals, Depth, Event, Stage, Verification, default_message, verify
from smstui.webhooks.stored import outcome_from

if TYPE_CHECKING:
    import httpx

    from smstui.store import Store
    from smstui.store.records import CredentialRecord

RCS = "RCS"
READ_SECONDS = 120.0
"""How long one waits for the handset's owner to read a message that was delivered."""


class Carrier(StrEnum):
    """What really carried a message."""

    RCS = "RCS"
    OTHER = "other"
    """Another channel: the fallback, as a rule SMS."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends the test message, and with what.

    Attributes:
        provider: the vendor, or what sends by RCS alone in its place.
        credential: the stored credential; in memory, its fallback is taken out.
        is_rcs_only: False when an edited payload, or a provider that nothing is known of, may
            fall back to SMS.
    """

    provider: Provider[Any]
    credential: Credential
    is_rcs_only: bool


@dataclass(frozen=True, slots=True)
class LastTest:
    """What the newest test message of a set-up came to, by all that is known today.

    Attributes:
        at: when it was sent.
        to: the recipient.
        result: how it stands.
        word: the same in two or three words: "read".
        channel: what carried it, as far as a report has told.
    """

    at: datetime
    to: str
    result: Result
    word: str
    channel: str = ""


def last_test(store: Store, document: Document) -> LastTest | None:
    """Return the newest message that was sent with a set-up's credential; None before the first.

    What webhooks told after the run had ended counts: a read receipt mostly comes late. As long as
    the provider took none, it is the newest one that was tried: a refusal is no silence.
    """
    if document.credential_id is None:
        return None
    runs = store.verifications.history(document.credential_id)
    tried = [run for run in runs if run.depth == Depth.SEND]
    if not tried:
        return None
    run = next((run for run in tried if run.message_id), tried[0])
    last = LastTest(run.at, run.to, Result(run.result), run.word)
    if not run.message_id:
        return last
    for event in store.events.news(run.message_id, run.credential_id):
        outcome = outcome_from(event.event.outcome)
        if outcome is not None and (
            outcome.result is not Result.PENDING or last.result is Result.PENDING
        ):
            last = LastTest(run.at, run.to, outcome.result, outcome.word, outcome.channel)
    return last


def sender_of(document: Document, record: CredentialRecord) -> Sender:
    """Return who sends the test message of a set-up by its stored credential.

    Args:
        document: the set-up.
        record: the credential that step 4 made.

    Raises:
        InvalidFields: the credential no longer fits its vendor.
    """
    provider = document.route.test_provider
    stored = credentials.stored_draft(record)
    if not document.route.has_fallback_choice:
        return Sender(provider, provider.build(stored), is_rcs_only=True)
    draft, is_rcs_only = _without_fallback(document, stored)
    is_sure = is_rcs_only and document.route.is_rcs_alone_sure
    return Sender(provider, provider.build(draft), is_rcs_only=is_sure)


def begun(sender: Sender, *, to: str, text: str = "") -> Verification:
    """Return the run of a test message with no stage tried; text as `smstui.verify` proposes."""
    return Verification(
        sender.provider,
        sender.credential,
        depth=Depth.SEND,
        to=to,
        text=text or default_message(1),
    )


async def send(
    document: Document,
    sender: Sender,
    run: Verification,
    *,
    arrivals: Arrivals | None,
    wait: float = 120.0,
    read_wait: float = READ_SECONDS,
    client: httpx.AsyncClient | None = None,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
) -> AsyncGenerator[Event, None]:
    """Send the message and yield what happens as it happens; each event was added to the run.

    The stages are those of a verification, with what the route knows of the codes. After
    "delivered", the *deliver* stage comes once more when a read receipt arrives in time.

    Args:
        document: the set-up.
        sender: what `sender_of` returned.
        run: what `begun` returned; it holds recipient and text.
        arrivals: what webhooks tell, `smstui.webhooks.arrivals.StoreArrivals.begin`; None when no
            webhook could tell of the message.
        wait: seconds to wait for the delivery.
        read_wait: seconds to wait for the read receipt after that.
        client, monotonic, sleep: as for `smstui.verify.verify`.
    """
    events = verify(
        sender.provider,
        sender.credential,
        depth=Depth.SEND,
        to=run.to,
        text=run.text,
        wait=wait,
        client=client,
        monotonic=monotonic,
        sleep=sleep,
        arrivals=arrivals,
    )
    delivered: Stage | None = None
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Stage):
                event = explained(document, event)
                is_end = event.name == "deliver" and event.result is Result.PASSED
                delivered = event if is_end else delivered
            run.add(event)
            yield event
    if delivered is None or arrivals is None or is_read(delivered.outcome):
        return
    if carrier_of(sender, delivered.outcome) is Carrier.OTHER:
        return  # An SMS has no read receipt.
    started = monotonic()
    while (left := read_wait - (monotonic() - started)) > 0:
        outcome = await arrivals.wait(run.message_id, left)
        if outcome is None:
            return
        if is_read(outcome):
            channel = outcome.channel or (delivered.outcome.channel if delivered.outcome else "")
            outcome = dataclasses.replace(outcome, channel=channel)
            seconds = delivered.seconds + monotonic() - started
            stage = Stage("deliver", Result.PASSED, seconds, outcome.summary, outcome)
            run.add(stage)
            yield stage
            return


def explained(document: Document, stage: Stage) -> Stage:
    """Return a stage whose code is told as what it means for a set-up, where the route knows it."""
    hint = document.route.code_hint(stage.code)
    if not hint or stage.outcome is None:
        return stage
    outcome = dataclasses.replace(stage.outcome, cause=hint, next_step="")
    return dataclasses.replace(stage, outcome=outcome)


def is_read(outcome: Outcome | None) -> bool:
    """Whether an outcome is a read receipt."""
    return outcome is not None and outcome.result is Result.PASSED and outcome.word == _("read")


def carrier_of(sender: Sender, outcome: Outcome | None) -> Carrier:
    """Return what carried a message that arrived.

    Args:
        sender: who sent it.
        outcome: of the *deliver* stage; one that is not passed tells nothing.
    """
    if outcome is None or outcome.result is not Result.PASSED:
        return Carrier.UNKNOWN
    if outcome.channel:
        return Carrier.RCS if outcome.channel.upper() == RCS else Carrier.OTHER
    return Carrier.RCS if sender.is_rcs_only else Carrier.UNKNOWN


def verdict(sender: Sender, run: Verification) -> str:
    """Return what a test came to, as sentences: how far the message came, and by what."""
    deliver = next(stage for stage in run.stages if stage.name == "deliver")
    failed = next((stage for stage in run.stages if stage.result is Result.FAILED), None)
    if failed is not None:
        return " ".join(filter(None, (_("RCS does not work yet."), failed.hint)))
    if not run.message_id:
        return _("Nothing was sent yet.")
    if deliver.result is not Result.PASSED:
        return _("The provider has accepted the message. Nothing tells yet that it arrived.")
    carrier = carrier_of(sender, deliver.outcome)
    if carrier is Carrier.OTHER and deliver.outcome is not None:
        said = _("It arrived by {channel}, not by RCS: the fallback carried it.")
        return said.format(channel=deliver.outcome.channel)
    if carrier is Carrier.UNKNOWN:
        return _("It arrived. Whether by RCS or by its fallback, nothing tells: see the handset.")
    if is_read(deliver.outcome):
        return _("It arrived by RCS and was read: the set-up works.")
    return _("It arrived by RCS: the set-up works. A read receipt may follow.")


def _without_fallback(document: Document, stored: Draft) -> tuple[Draft, bool]:
    """Return a credential that sends by RCS alone, and whether that is certain."""
    setup, route = document.setup, document.route
    alone = route.credential(setup, with_fallback=False)
    falling = route.credential(setup, with_fallback=True)
    draft, is_certain = dict(stored), True
    for name in {**alone, **falling}:
        now = text_of(stored.get(name))
        if text_of(alone.get(name)) == text_of(falling.get(name)):
            continue
        if now == text_of(falling.get(name)):
            draft[name] = alone.get(name)
        elif now != text_of(alone.get(name)):
            is_certain = False
    return draft, is_certain
