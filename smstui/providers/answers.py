"""What an answer means when the provider's own format does not tell: by HTTP status and shape."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from smstui.i18n import N_, _
from smstui.providers.base import Outcome, Response, Result
from smstui.text import clean

RAW_LIMIT = 500
"""Characters of an answer that are quoted; the inspector shows it whole."""

_ORDER = (Result.PASSED, Result.SKIPPED, Result.PENDING, Result.WARNED, Result.FAILED)


@dataclass(frozen=True, slots=True)
class Hint:
    """What is known of a code: two or three words, the likeliest cause, what to do. Marked `N_`.

    ``field`` names the field at fault, when the code alone tells.
    """

    word: str
    cause: str
    next_step: str
    field: str = ""


_STATUS = {
    401: Hint(
        N_("login refused"),
        N_("The provider does not accept these credentials."),
        N_("Copy them again from the provider's console."),
    ),
    403: Hint(
        N_("not permitted"),
        N_("The credentials are known, but not allowed to do this."),
        N_("Check the permissions of the account or key, and allow-lists of addresses."),
    ),
    404: Hint(
        N_("not found"),
        N_("There is nothing at this address: the host or an id in the path is wrong."),
        N_("Check the API host and the ids."),
    ),
    407: Hint(
        N_("proxy login"),
        N_("A proxy between here and the provider asks for a login."),
        N_("Check HTTPS_PROXY in the environment."),
    ),
    408: Hint(
        N_("timed out"),
        N_("The provider waited too long for the request."),
        N_("Try again; check the line if it happens again."),
    ),
    429: Hint(
        N_("throttled"),
        N_("Too many requests at a time."),
        N_("Wait a little, then try again."),
    ),
}
_GATEWAY = Hint(
    N_("provider down"),
    N_("A gateway in front of the provider answers that it cannot reach it."),
    N_("Try again later; look at the provider's status page."),
)
_SERVER = Hint(
    N_("provider fault"),
    N_("The provider has a fault of its own."),
    N_("Try again later; look at the provider's status page."),
)
_CLIENT = Hint(
    N_("refused"),
    N_("The provider refused the request."),
    N_("Read its own text below."),
)


def status_hint(status: int) -> Hint:
    """Return what an HTTP error status means by itself."""
    if status in _STATUS:
        return _STATUS[status]
    if status in (502, 503, 504):
        return _GATEWAY
    return _SERVER if status >= 500 else _CLIENT


def failed_by_status(response: Response, *, raw: str = "", request_id: str = "") -> Outcome:
    """Return a failed outcome from the HTTP status alone."""
    hint = status_hint(response.status)
    return Outcome(
        result=Result.FAILED,
        word=_(hint.word),
        summary=(
            _("fault (HTTP {status})") if response.status >= 500 else _("refused (HTTP {status})")
        ).format(status=response.status),
        cause=_(hint.cause),
        next_step=_(hint.next_step),
        raw=raw or quoted(response),
        request_id=request_id,
        retry_after=retry_after(response),
    )


def failed_by_hint(
    hint: Hint,
    response: Response,
    *,
    code: str,
    raw: str = "",
    link: str = "",
    request_id: str = "",
) -> Outcome:
    """Return a failed outcome for a code that something is known of."""
    return Outcome(
        result=Result.FAILED,
        word=_(hint.word),
        summary=(_("fault ({code})") if response.status >= 500 else _("refused ({code})")).format(
            code=code
        ),
        cause=_(hint.cause),
        next_step=_(hint.next_step),
        field=hint.field,
        code=code,
        raw=raw,
        link=link,
        request_id=request_id,
        retry_after=retry_after(response),
    )


def together(*outcomes: Outcome) -> Outcome:
    """Return the worst of several outcomes, the first among equals, with the summaries of all."""
    worst = max(outcomes, key=lambda outcome: _ORDER.index(outcome.result))
    return dataclasses.replace(worst, summary="; ".join(outcome.summary for outcome in outcomes))


def in_doubt(outcome: Outcome, response: Response, *, look_up: str) -> Outcome:
    """Return the outcome of a send that failed, with a warning when it may have gone out.

    Args:
        outcome: what the answer means.
        response: a refusal (4xx) leaves no doubt; a fault or a broken success does.
        look_up: where to look, as a sentence.
    """
    if 300 <= response.status < 500:
        return outcome
    doubt = _("It may have been sent. Look it up before sending again.")
    return dataclasses.replace(outcome, next_step=f"{doubt} {look_up}")


def unreadable(response: Response, *, request_id: str = "") -> Outcome:
    """Return a failed outcome for an answer that should have been JSON and is not.

    An error status still speaks for itself; otherwise it is told what came instead.
    """
    if response.status >= 400:
        return failed_by_status(response, request_id=request_id)
    body = response.body.lstrip()
    if not body:
        cause = _("The answer is empty.")
    elif body[:1] == b"<":
        cause = _("The answer is a web page or XML, not the provider's API.")
    elif response.truncated:
        cause = _("The answer is longer than 1 MiB and was not read to its end.")
    elif response.document() is not None:
        cause = _("The answer is JSON, but not what this call answers.")
    else:
        cause = _("The answer is not JSON, or its end is missing.")
    return Outcome(
        result=Result.FAILED,
        word=_("broken answer"),
        summary=_("answer not understood (HTTP {status})").format(status=response.status),
        cause=cause,
        next_step=_("Check the API host, and whether a proxy or a portal answers in its place."),
        raw=quoted(response),
        request_id=request_id,
    )


def text_in(value: Any) -> str:
    """Return a value of an answer as plain text; empty when it is no text."""
    return clean(value) if isinstance(value, str) else ""


def quoted(response: Response) -> str:
    """Return the beginning of an answer as one line of plain text, tags removed."""
    text = response.body[: 8 * RAW_LIMIT].decode("utf-8", "replace")
    if text.lstrip().startswith("<"):
        text = re.sub(r"(?is)<(script|style)\b.*?(</\1>|\Z)|<[^>]*(>|\Z)", " ", text)
    text = clean(" ".join(text.split()))
    return text if len(text) <= RAW_LIMIT else text[: RAW_LIMIT - 1] + "…"


def retry_after(response: Response) -> float | None:
    """Return the seconds of a Retry-After header, given as seconds or as a date (RFC 9110)."""
    value = response.header("Retry-After").strip()
    if re.fullmatch(r"[0-9]{1,6}", value, re.ASCII):
        return float(value)
    until, now = _date(value), _date(response.header("Date"))
    if until is None or now is None:
        return None
    return max(0.0, (until - now).total_seconds())


def _date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC)
