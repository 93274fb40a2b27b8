"""Carries out what a route wants to ask or do at the provider, and takes in what it came to.

Whatever goes wrong on the way is an outcome in words. Nothing secret is in what comes back but
in ``Progress.secrets``.
"""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import SecretStr

from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.providers.base import Outcome, Request
from smstui.providers.fields import Draft, Value
from smstui.rcs.base import Action, Errand, Progress, StatusLine, Step
from smstui.rcs.checklist import merged
from smstui.rcs.document import Document, LastStatus
from smstui.redact import Redactor
from smstui.verify import Exchange, new_client, troubles
from smstui.verify.conversation import cleaned, talk
from smstui.verify.transport import Answer, Link, quiet

if TYPE_CHECKING:
    import httpx

Seen = Callable[[Exchange], object]

STAGE = N_("register")
"""What the exchanges of an errand belong to, as those of a verification do to a stage."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What an errand came to.

    Attributes:
        progress: what is known now; see `take_in`.
        exchanges: the requests and answers as they may be seen, in their order.
    """

    progress: Progress
    exchanges: tuple[Exchange, ...] = ()


def actions_of(document: Document) -> list[Action]:
    """Return what the provider lets one do by API with what is typed so far."""
    return list(document.route.actions(document.setup))


def can_ask(document: Document) -> bool:
    """Whether the provider can be asked how it stands, with what is typed so far."""
    return document.route.ask_status(document.setup) is not None


async def act(
    document: Document,
    key: str,
    asked: Draft,
    *,
    client: httpx.AsyncClient | None = None,
    seen: Seen | None = None,
) -> Carried:
    """Carry out an action at the provider.

    Args:
        document: the set-up.
        key: of one of `actions_of`.
        asked: the fields that the action asks for.
        client: what to send with, instead of one of our own; it is left open.
        seen: told of each exchange as soon as it is there.

    Raises:
        SmstuiError: the action is not offered with what is typed so far.
        InvalidFields: something that it asks for is wrong.
    """
    errand = document.route.perform(document.setup, key, asked)
    return await carry_out(errand, _secrets(document, asked), client=client, seen=seen)


async def ask(
    document: Document, *, client: httpx.AsyncClient | None = None, seen: Seen | None = None
) -> Carried:
    """Ask the provider how it stands; see `act` for the arguments.

    Raises:
        SmstuiError: what is typed is not enough to ask, or the provider has nothing to ask.
    """
    errand = document.route.ask_status(document.setup)
    if errand is None:
        raise SmstuiError(
            _("Nobody can be asked yet: fill in the login and the sender's id first."),
            title=_("No status"),
        )
    return await carry_out(errand, _secrets(document, {}), client=client, seen=seen)


def take_in(document: Document, progress: Progress, now: datetime) -> Document:
    """Return the document with what an errand came to: fields, secrets, tasks, status.

    A status that was not asked for stays as it was.

    Args:
        document: the set-up.
        progress: what the errand returned.
        now: the date of what changed.
    """
    learned: dict[str, Value] = dict(progress.learned)
    learned |= {name: SecretStr(value) for name, value in progress.secrets.items()}
    status = document.status
    if progress.status is not None:
        status = LastStatus(now, progress.outcome, progress.status)
    return dataclasses.replace(
        document.typed(Step.REGISTER, learned) if learned else document,
        notes=merged(document.notes, progress.tasks, now=now),
        status=status,
    )


async def carry_out(
    errand: Errand,
    secrets: Draft,
    *,
    client: httpx.AsyncClient | None = None,
    seen: Seen | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> Carried:
    """Carry out a conversation about a registration; it never fails by an exception.

    Args:
        errand: the conversation.
        secrets: a draft whose secrets are hidden from everything that comes back.
        client: what to send with, instead of one of our own; it is left open.
        seen: told of each exchange as soon as it is there.
        monotonic: the clock for durations.
    """
    quiet()
    try:
        http = client if client is not None else await asyncio.to_thread(new_client)
    except SmstuiError as error:
        errand.close()
        return Carried(Progress(troubles.bad_settings(error.message)))
    run = _Run(Redactor.of_draft(secrets), seen)
    try:
        ended = await talk(errand, http, run.redactor, monotonic=monotonic, seen=run.note)
    finally:
        errand.close()
        if client is None:
            await http.aclose()
    return run.carried(ended)


class _Run:
    """What a conversation shows of itself, free of secrets."""

    def __init__(self, redactor: Redactor, seen: Seen | None) -> None:
        self.redactor = redactor
        self._seen = seen
        self._exchanges: list[Exchange] = []
        self._may_have_changed = False
        """Whether the last request changes something and may have reached the provider."""

    def note(self, request: Request, answer: Answer, link: Link) -> None:
        """Keep a request and what became of it."""
        self._may_have_changed = request.method != "GET" and link.written
        exchange = Exchange(
            STAGE,
            self.redactor.request(answer.sent),
            self.redactor.response(answer.response) if answer.response else None,
            answer.seconds,
            self.redactor.text(answer.trouble.cause) if answer.trouble else "",
            self.redactor.curl(request),
        )
        self._exchanges.append(exchange)
        if self._seen is not None:
            self._seen(exchange)

    def carried(self, ended: Progress | Outcome) -> Carried:
        """Return what the conversation came to."""
        if isinstance(ended, Outcome):
            ended = Progress(_maybe_done(ended) if self._may_have_changed else ended)
        self.redactor.learn(SecretStr(value) for value in ended.secrets.values())
        status = ended.status
        shown = dataclasses.replace(
            ended,
            outcome=cleaned(ended.outcome, self.redactor),
            status=None if status is None else tuple(map(self._clean, status)),
        )
        return Carried(shown, tuple(self._exchanges))

    def _clean(self, line: StatusLine) -> StatusLine:
        text = self.redactor.text
        return dataclasses.replace(
            line, name=text(line.name), word=text(line.word), remark=text(line.remark)
        )


def _maybe_done(trouble: Outcome) -> Outcome:
    """Return trouble on the way of a request that changes something."""
    return dataclasses.replace(
        trouble,
        word=_("maybe done"),
        cause=_("{cause} The provider may have done it all the same.").format(cause=trouble.cause),
        next_step=_("Ask for the status before you try again."),
    )


def _secrets(document: Document, asked: Draft) -> Draft:
    found: Iterable[tuple[str, Value]] = (*document.register.items(), *asked.items())
    return {name: value for name, value in found if isinstance(value, SecretStr)}
