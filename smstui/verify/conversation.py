"""One conversation with a provider outside a verification: what it comes to, and no more."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, TypeVar

from smstui.errors import SmstuiError
from smstui.providers.answers import RAW_LIMIT
from smstui.providers.base import Credential, Dialogue, Outcome, Request, Response, Result
from smstui.redact import Redactor
from smstui.verify import troubles
from smstui.verify.transport import Answer, Link, new_client, perform, quiet

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")


async def converse(
    credential: Credential,
    dialogue: Dialogue,
    *,
    client: httpx.AsyncClient | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> Outcome:
    """Carry a conversation out, and return what it came to, clean of secrets.

    Trouble on the way is an outcome, too; an optional request that finds nobody is answered with
    status 0. This side proves itself with no certificate.

    Args:
        credential: on whose behalf; its secrets are hidden.
        dialogue: the conversation, not begun.
        client: what to send with, instead of one of its own; it is left open.
        monotonic: the clock for durations.
    """
    quiet()
    redactor = Redactor.of(credential)
    try:
        http = client if client is not None else await asyncio.to_thread(new_client)
    except SmstuiError as error:
        dialogue.close()
        return troubles.bad_settings(error.message)
    try:
        return cleaned(await talk(dialogue, http, redactor, monotonic=monotonic), redactor)
    finally:
        dialogue.close()
        if client is None:
            await http.aclose()


async def talk(
    dialogue: Generator[Request, Response, T],
    client: httpx.AsyncClient,
    redactor: Redactor,
    *,
    monotonic: Callable[[], float] = time.monotonic,
    seen: Callable[[Request, Answer, Link], object] = lambda request, answer, link: None,
) -> T | Outcome:
    """Return what a conversation came to, or the trouble that ended it; neither is cleaned.

    Args:
        dialogue: the conversation, not begun.
        client: what to send with.
        redactor: learns the secrets that answers bring.
        monotonic: the clock for durations.
        seen: told of each request and what became of it, as soon as that is known.
    """
    try:
        request = next(dialogue)
        while True:
            link = Link()
            answer = await perform(client, request, link, monotonic=monotonic)
            response = answer.response
            if response is not None and request.secrets_in:
                redactor.learn(request.secrets_in(response))
            seen(request, answer, link)
            if not request.optional and (answer.trouble is not None or response is None):
                return answer.trouble or troubles.bad_request()
            # A redirect is trouble, and an answer: who fetches a picture follows it.
            request = dialogue.send(response or Response(0))
    except StopIteration as stop:
        ended: T = stop.value
        return ended


def cleaned(outcome: Outcome, redactor: Redactor) -> Outcome:
    """Return an outcome without secrets and unprintable characters."""
    texts: dict[str, Any] = {
        entry.name: redactor.text(value)
        for entry in dataclasses.fields(outcome)
        if isinstance(value := getattr(outcome, entry.name), str) and not isinstance(value, Result)
    }
    texts["raw"] = texts["raw"][:RAW_LIMIT]
    return dataclasses.replace(outcome, **texts)
