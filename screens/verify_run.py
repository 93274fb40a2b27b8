"""One run of a verification: carried out, stopped, and kept as one row of the store."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from screens.base import context_of
from smstui.credentials import keep_verification, to_credential
from smstui.errors import SmstuiError
from smstui.i18n import _
from smstui.providers.registry import provider_for
from smstui.text import clean

if TYPE_CHECKING:
    import httpx

    from smstui.providers.base import Credential, Provider
    from smstui.store.records import CredentialRecord
    from smstui.store.session import StoreSession
    from smstui.verify import Arrivals, Stage


@dataclass(frozen=True, slots=True)
class Pace:
    """How time passes for a run.

    Attributes:
        wait: seconds to ask for the delivery.
        monotonic: the clock that stages are timed by.
        sleep: how to wait between questions for the delivery.
    """

    wait: float = 120.0
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep


class Run:
    """A run and its row: written when the message was accepted, and again when it ended.

    Attributes:
        verification: stages and exchanges so far.
        ended: nothing more will come.
        stopped: a person ended it before it was through.
        kept: the store holds how it ended.
        is_being_kept: it is being written, or was; false again when that failed.
    """

    def __init__(
        self,
        credential_id: int,
        provider: Provider[Any],
        credential: Credential,
        *,
        depth: str,
        to: str,
        text: str,
    ) -> None:
        from smstui.verify import Depth, Verification

        self.verification = Verification(provider, credential, depth=Depth(depth), to=to, text=text)
        self.ended = False
        self.stopped = False
        self.kept = False
        self.is_being_kept = False
        self._credential_id = credential_id
        self._provider = provider
        self._credential = credential
        self._row: int | None = None
        self._writing = asyncio.Lock()

    async def carry_out(
        self,
        client: httpx.AsyncClient | None,
        pace: Pace,
        progressed: Callable[[], object],
        arrivals: Arrivals | None = None,
    ) -> None:
        """Verify, and call ``progressed`` for each thing that is new.

        Args:
            client: what to send with; None for one of its own.
            pace: how time passes.
            progressed: called each time.
            arrivals: what webhooks tell of the message, see `listen`.
        """
        from smstui.verify import verify

        seen = self.verification
        events = verify(
            self._provider,
            self._credential,
            depth=seen.depth,
            to=seen.to,
            text=seen.text,
            wait=pace.wait,
            client=client,
            monotonic=pace.monotonic,
            sleep=pace.sleep,
            arrivals=arrivals,
        )
        async with aclosing(events):
            async for event in events:
                seen.add(event)
                progressed()

    @property
    def is_accepted(self) -> bool:
        """Whether the provider took the message."""
        return bool(self.verification.message_id)

    @property
    def is_in_flight(self) -> bool:
        """Whether the message is on its way and the provider's answer is not here yet."""
        return not self.ended and self._accept.result.value == "pending"

    @property
    def is_worth_keeping(self) -> bool:
        """Whether the run says something of the credential.

        One that was stopped before anything was sent does not, and would hide what is known.
        """
        if not self.verification.word:
            return False
        if self.stopped:
            return self.is_accepted or self._accept.result.value != "skipped"
        return self.is_accepted or self.ended

    @property
    def _accept(self) -> Stage:
        return next(stage for stage in self.verification.stages if stage.name == "accept")

    def stop(self) -> None:
        """End the run as a person wants it; a message on its way is told as maybe sent."""
        if self.is_in_flight:
            self.verification.add(_maybe_sent(self._accept.seconds))
        self.stopped = self.ended = True
        self.kept = False

    async def keep(self, session: StoreSession) -> None:
        """Write what is known now; the same row each time.

        What says nothing of the credential is passed over.

        Raises:
            StoreError: it cannot be written; the run itself goes on.
        """
        if not self.is_worth_keeping:
            return
        async with self._writing:
            verification, row = self.verification, self._row
            self._row = await session.call(
                lambda store: keep_verification(store, self._credential_id, verification, row=row)
            )
            self.kept = self.ended


async def keep_or_tell(widget: Widget, run: Run) -> bool:
    """Write what is known of a run, and return whether it is kept; says so when it is not.

    Args:
        widget: whose console it is; it may be closed meanwhile.
        run: the run.
    """
    run.is_being_kept = True
    try:
        await run.keep(context_of(widget).session)
    except SmstuiError as error:
        run.is_being_kept = False
        said = _("This run is not kept yet. {why}").format(why=error.message)
        widget.app.notify(clean(said), severity="warning", markup=False)
        return False
    return True


async def listen(
    session: StoreSession, record: CredentialRecord | None, depth: str
) -> Arrivals | None:
    """Begin to listen for what webhooks tell of a message that is about to be sent.

    Returns:
        None when none is sent, or when no webhook could tell of it.

    Raises:
        StoreError: the store cannot be read.
    """
    if record is None or depth != "send":
        return None
    from smstui.webhooks.arrivals import StoreArrivals

    return await StoreArrivals.begin(session.call, record)


def judge_of(record: CredentialRecord | None) -> tuple[Provider[Any], Credential]:
    """Return who judges and verifies a stored credential, and the credential itself.

    Raises:
        InvalidFields: the stored fields no longer fit the vendor's model.
        SmstuiError: there is no such vendor, or the credential was not read yet.
    """
    if record is None:
        raise SmstuiError(_("The credential is still being read. Try again in a moment."))
    return provider_for(record.vendor), to_credential(record)


def _maybe_sent(seconds: float) -> Stage:
    """Return how a send stands whose answer was not waited for."""
    from smstui.providers.base import Outcome, Result
    from smstui.verify import Stage

    outcome = Outcome(
        result=Result.PENDING,
        word=_("maybe sent"),
        summary=_("closed before the answer came"),
        cause=_("The message was on its way when this was closed; it may have been sent."),
        next_step=_("Look it up at the provider before sending again."),
    )
    return Stage("accept", Result.PENDING, seconds, outcome.summary, outcome)
