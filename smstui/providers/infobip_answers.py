"""How Infobip's answers are read: both families of errors, states of messages, logs, balance.

HTTP 200 does not mean accepted: each message has a state of its own, and REJECTED may be in a 200.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from smstui.i18n import N_, _
from smstui.providers.answers import Hint, in_doubt, unreadable
from smstui.providers.base import Outcome, Response, Result
from smstui.providers.infobip_errors import CODES_PAGE, ERROR_HINTS, GROUP_HINTS, STATUS_HINTS
from smstui.providers.infobip_json import code_in, entries, joined, number_in, part, text_in
from smstui.providers.infobip_refusals import read_error
from smstui.text import clean

READ_LOGS = "sms:logs:read"
"""The scope that logs need, for the probe and for following a message."""

SEND_SCOPES = "message:send, sms:message:send, sms:manage"
"""The scopes of which one is needed to send."""

_ACCEPTED, _PENDING, _UNDELIVERABLE, _DELIVERED, _EXPIRED, _REJECTED = range(6)
_GROUPS = {
    "ACCEPTED": _ACCEPTED,
    "OK": _ACCEPTED,
    "PENDING": _PENDING,
    "UNDELIVERABLE": _UNDELIVERABLE,
    "DELIVERED": _DELIVERED,
    "EXPIRED": _EXPIRED,
    "REJECTED": _REJECTED,
}
_TO_OPERATOR = 2
_WAITING_DELIVERY = 3
_DLR_UNKNOWN = 29
_TELLS_LITTLE = (4, 9, 15, 31)
"""States whose reason is in ``error``."""

_ENDED = {
    _UNDELIVERABLE: N_("undelivered"),
    _EXPIRED: N_("expired"),
    _REJECTED: N_("rejected"),
}
"""Bad groups, in a word."""

_STATES = {
    26: N_("waiting to be processed"),
    7: N_("on its way to the operator"),
    3: N_("handed to the operator"),
}
"""States that are not final, by id."""


def read_logs(response: Response) -> Outcome:
    """Return what reading one log tells of the key; lacking that one scope is no failure."""
    if response.status == 200:
        if _results(response) is None:
            return unreadable(response)
        said = _("API key accepted")
        return Outcome(result=Result.PASSED, word=_("key accepted"), summary=said)
    error = read_error(response, scope=READ_LOGS)
    if response.status != 403 or not error.code:
        return error
    return dataclasses.replace(
        error,
        result=Result.WARNED,
        word=_("key limited"),
        summary=_("API key genuine; scope {scope} is missing").format(scope=READ_LOGS),
        cause=_("The key is genuine, but may not read logs, so no delivery can be followed."),
        next_step=_(
            "Add the scope {scope} in the Infobip portal. Whether the key may send, only a real "
            "message proves."
        ).format(scope=READ_LOGS),
    )


def read_balance(response: Response) -> Outcome | None:
    """Return what the account's balance tells; None when this key is not told."""
    record = response.record()
    balance, currency = record.get("balance"), record.get("currency")
    if response.status != 200 or isinstance(balance, bool) or not isinstance(balance, int | float):
        return None
    if not abs(balance) < 1e15:
        return None  # No sum of money; this holds for NaN, too.
    told = clean(f"{balance:.2f} {currency if isinstance(currency, str) else ''}"[:40]).strip()
    said = _("balance {balance}").format(balance=told)
    if balance > 0:
        return Outcome(result=Result.PASSED, word="", summary=said)
    return Outcome(
        result=Result.WARNED,
        word=_("no credit"),
        summary=said,
        cause=_("With no balance left, a prepaid account has its messages rejected."),
        next_step=_("Top it up in the Infobip portal, unless the account is billed afterwards."),
    )


def read_created(response: Response, message_id: str, *, look_up: str) -> Outcome:
    """Return whether a message was accepted.

    Args:
        response: what came.
        message_id: the id that the request gave to the message.
        look_up: where to look when in doubt, as a sentence.
    """
    if response.status >= 300:
        outcome = read_error(response, scope=SEND_SCOPES)
        return in_doubt(outcome, response, look_up=look_up)
    message = _first(response.record().get("messages"))
    if message is None:
        return in_doubt(unreadable(response), response, look_up=look_up)
    own_id = message.get("messageId")
    accepted = Outcome(
        result=Result.PASSED,
        word=_("accepted"),
        summary=_accepted_summary(message),
        request_id=text_in(response.record().get("bulkId")),
        message_id=own_id if isinstance(own_id, str) and own_id else message_id,
        channel="SMS",
    )
    group = _group(message)
    if group in GROUP_HINTS:
        return dataclasses.replace(_refused(accepted, message, group), message_id="")
    if group < 0:
        return dataclasses.replace(
            accepted,
            result=Result.WARNED,
            cause=_("The answer does not say whether the message was accepted."),
            next_step=look_up,
        )
    return accepted


def read_state(response: Response, message_id: str) -> Outcome:
    """Return how far a message is: pending until its state is final."""
    if response.status != 200:
        return read_error(response, scope=READ_LOGS)
    results = _results(response)
    pending = Outcome(
        result=Result.PENDING,
        word=_("accepted"),
        summary=_("not in the logs yet"),
        message_id=message_id,
        channel="SMS",
    )
    if results is None:
        return dataclasses.replace(
            unreadable(response), result=Result.PENDING, word=_("accepted"), message_id=message_id
        )
    log = next((entry for entry in results if entry.get("messageId") == message_id), None)
    return pending if log is None else state_outcome(pending, log)


def state_outcome(pending: Outcome, log: dict[str, Any]) -> Outcome:
    """Return what a message's state in a log or delivery report means.

    Args:
        pending: the outcome while nothing is final; it names the message and its channel.
        log: the log or report.
    """
    group, number = _group(log), number_in(part(log, "status").get("id"))
    if number == _DLR_UNKNOWN:
        return dataclasses.replace(
            pending,
            result=Result.WARNED,
            word=_("no receipt"),
            summary=_("sent, no final report"),
            cause=_("The validity period ended without a report: it may have arrived or not."),
            next_step=_("Look at the handset."),
            code=_name(log, "status"),
            raw=_words(log),
            link=CODES_PAGE,
        )
    if group in GROUP_HINTS:
        return _refused(pending, log, group)
    if group == _DELIVERED and number == _TO_OPERATOR:
        return dataclasses.replace(
            pending,
            result=Result.WARNED,
            word=_("with operator"),
            summary=_("delivered to the operator"),
            cause=_("The operator took the message; the handset itself gave no receipt."),
            next_step=_("Look at the handset."),
        )
    if group == _DELIVERED:
        return dataclasses.replace(
            pending,
            result=Result.PASSED,
            word=_("delivered"),
            summary=_("delivered by {channel}").format(channel=pending.channel),
        )
    known = _(_STATES.get(number, "")) or _name(log, "status") or _("accepted")
    pending = dataclasses.replace(pending, summary=known)
    if number == _WAITING_DELIVERY:
        return dataclasses.replace(
            pending,
            word=_("sent"),
            cause=_("The operator has the message. Delivered is not yet confirmed."),
            next_step=_("Look at the handset."),
        )
    return pending


def _refused(outcome: Outcome, message: dict[str, Any], group: int) -> Outcome:
    """Return the outcome for a message in a bad final state, in an answer or in the logs."""
    hint, told_by = _hint(message, group)
    code, word = _name(message, told_by), _(_ENDED[group])
    next_step = _(hint.next_step)
    if group == _UNDELIVERABLE and part(message, "error").get("permanent") is True:
        useless = _("Sending it again as it is will not help.")
        next_step = f"{next_step} {useless}"
    return dataclasses.replace(
        outcome,
        result=Result.FAILED,
        word=_(hint.word),
        summary=f"{word} ({code})" if code else word,
        cause=_(hint.cause),
        next_step=next_step,
        field=hint.field,
        code=code,
        raw=_words(message),
        link=CODES_PAGE,
    )


def _hint(message: dict[str, Any], group: int) -> tuple[Hint, str]:
    """Return what is known of a bad state, and which part of the record told it."""
    state, error = (number_in(part(message, name).get("id")) for name in ("status", "error"))
    if error in ERROR_HINTS and (state in _TELLS_LITTLE or state not in STATUS_HINTS):
        return ERROR_HINTS[error], "error"
    if state in STATUS_HINTS:
        return STATUS_HINTS[state], "status"
    return GROUP_HINTS[group], "status"


def _accepted_summary(message: dict[str, Any]) -> str:
    number = number_in(part(message, "status").get("id"))
    state = _(_STATES.get(number, "")) or _name(message, "status")
    parts = number_in(part(message, "details").get("messageCount"))
    told = [_("accepted"), state, _("parts: {n}").format(n=parts) if parts > 0 else ""]
    return ", ".join(text for text in told if text)


def _results(response: Response) -> list[dict[str, Any]] | None:
    results = response.record().get("results")
    return entries(results) if isinstance(results, list) else None


def _first(value: Any) -> dict[str, Any] | None:
    return next(iter(entries(value)), None)


def _group(message: dict[str, Any]) -> int:
    """Return the group of a message's state, by number or by name; -1 for an unknown one."""
    status = part(message, "status")
    group = number_in(status.get("groupId"))
    if group in _GROUPS.values():
        return group
    return _GROUPS.get(text_in(status.get("groupName")), -1)


def _name(message: dict[str, Any], of: str) -> str:
    return code_in(part(message, of).get("name"))


def _words(message: dict[str, Any]) -> str:
    """Return Infobip's own words on a message's state, with its hint how to recover."""
    status, error = part(message, "status"), part(message, "error")
    words = [text_in(status.get("description")), text_in(status.get("action"))]
    if number_in(error.get("id")) > 0:
        words.append(text_in(error.get("description")))
    return joined(words)
