"""How Twilio's answers are read: errors in both of its forms, accounts, senders, message states."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

from smstui.i18n import N_, _
from smstui.providers.answers import (
    failed_by_hint,
    failed_by_status,
    in_doubt,
    status_hint,
    together,
    unreadable,
)
from smstui.providers.base import Outcome, Response, Result
from smstui.providers.twilio_errors import HINTS, link_to
from smstui.providers.twilio_hosts import US
from smstui.text import shorten_middle

if TYPE_CHECKING:
    from smstui.providers.twilio import TwilioCredential

TEST_CREDENTIALS = "20008"
_NO_PERMISSION = ("70051", "20403", "20006")
_UNKNOWN_SERVICE = ("20404", "21701", "21705")

_STATES = {
    "accepted": N_("the Messaging Service is choosing a sender"),
    "scheduled": N_("scheduled for later"),
    "queued": N_("waiting in Twilio's queue"),
    "sending": N_("on its way to the carrier"),
    "sent": N_("sent to the carrier"),
}
"""States that are not final, with what they mean. ``sent`` may be the last of some carriers."""


def read_error(response: Response, credential: TwilioCredential) -> Outcome:
    """Return the failed outcome of an error answer, in the classic form or that of RFC 9457."""
    record = response.record()
    code, raw = _code(record.get("code")), _message(record)
    request_id = response.header("Twilio-Request-Id")
    if not code:
        if not raw:
            return unreadable(response, request_id=request_id)
        return failed_by_status(response, raw=raw, request_id=request_id)
    hint = HINTS.get(code) or status_hint(response.status)
    outcome = failed_by_hint(
        hint, response, code=code, raw=raw, link=link_to(code), request_id=request_id
    )
    return _login_refused(outcome, credential) if code == "20003" else outcome


def read_account(response: Response, credential: TwilioCredential) -> Outcome:
    """Return what the account's own record says of it."""
    record = response.record()
    if response.status != 200:
        error = read_error(response, credential)
        return _warned(error) if error.code == TEST_CREDENTIALS else error
    status = record.get("status")
    if not isinstance(status, str) or record.get("sid") != credential.account_sid:
        return unreadable(response, request_id=response.header("Twilio-Request-Id"))
    kind = str(record.get("type") or "").lower()
    owner = record.get("owner_account_sid")
    traits = [status, kind]
    if isinstance(owner, str) and owner != credential.account_sid:
        traits.append(_("subaccount"))
    summary = _("account {name}: {traits}").format(
        name=shorten_middle(str(record.get("friendly_name") or "–"), 40),
        traits=", ".join(trait for trait in traits if trait),
    )
    if status != "active":
        return Outcome(
            result=Result.FAILED,
            word=_("suspended") if status == "suspended" else status,
            summary=summary,
            cause=_("The login is right, but the account is {status}.").format(status=status),
            next_step=_("Settle the billing in the Twilio Console, or ask Twilio's support."),
            field="account_sid",
        )
    if kind == "trial":
        return Outcome(
            result=Result.WARNED,
            word=_("trial account"),
            summary=summary,
            cause=_("A trial account reaches verified numbers only, and adds words of its own."),
            next_step=_("Verify the recipient in the Twilio Console, or upgrade the account."),
        )
    return Outcome(result=Result.PASSED, word=_("token accepted"), summary=summary)


def read_messages(response: Response, credential: TwilioCredential) -> Outcome:
    """Return whether an API key may read messages; lacking that one permission is no failure."""
    if response.status == 200 and isinstance(response.record().get("messages"), list):
        summary = _("API key accepted")
        return Outcome(result=Result.PASSED, word=_("key accepted"), summary=summary)
    if response.status == 200:
        return unreadable(response, request_id=response.header("Twilio-Request-Id"))
    error = read_error(response, credential)
    if error.code in _NO_PERMISSION:
        return dataclasses.replace(
            error,
            result=Result.WARNED,
            word=_("key limited"),
            summary=_("API key accepted; it may not read messages"),
            cause=_("The Restricted key may not read messages, so no delivery can be followed."),
            next_step=_("Add the permission to read messages in the Twilio Console."),
        )
    return error


def read_account_by_key(
    response: Response, credential: TwilioCredential, messages: Outcome
) -> Outcome:
    """Return the account's outcome for a Main key; other keys cannot read it and are still good."""
    if response.status == 200:
        account = read_account(response, credential)
        if account.result is Result.PASSED:
            account = dataclasses.replace(account, word=_("key accepted"))
        return together(account, messages) if messages.result is Result.WARNED else account
    if messages.result is Result.PASSED and response.status in (401, 403):
        return dataclasses.replace(messages, summary=_("Standard or Restricted API key accepted"))
    return messages


def read_number(response: Response, credential: TwilioCredential) -> Outcome:
    """Return whether the inbound number belongs to the account and can send SMS."""
    if response.status in (401, 403):
        return sender_unchecked(credential.inbound_number)
    numbers = response.record().get("incoming_phone_numbers")
    if response.status != 200:
        return read_error(response, credential)
    if not isinstance(numbers, list):
        return unreadable(response, request_id=response.header("Twilio-Request-Id"))
    own = next((n for n in numbers if _is_number(n, credential.inbound_number)), None)
    number = credential.inbound_number
    if own is None:
        return Outcome(
            result=Result.WARNED,
            word=_("number not found"),
            summary=_("{number} is not in this account").format(number=number),
            cause=_("The number belongs to another account or subaccount, or was released."),
            next_step=_("Compare it with Phone Numbers in the Twilio Console."),
            field="inbound_number",
        )
    capabilities = own.get("capabilities")
    if isinstance(capabilities, dict) and capabilities.get("sms") is False:
        return Outcome(
            result=Result.WARNED,
            word=_("cannot send SMS"),
            summary=_("{number} cannot send SMS").format(number=number),
            cause=_("The number lacks the SMS capability."),
            next_step=_("Use a number with the SMS capability."),
            field="inbound_number",
        )
    said = _("sender {number}").format(number=number)
    return Outcome(result=Result.PASSED, word="", summary=said)


def sender_unchecked(sender: str) -> Outcome:
    """Return the outcome for a sender that cannot be looked up, or for none at all."""
    if sender:
        said = _("sender {number} not checked").format(number=sender)
        return Outcome(result=Result.PASSED, word="", summary=said)
    return Outcome(
        result=Result.WARNED,
        word=_("no sender"),
        summary=_("nothing to send from"),
        cause=_("There is neither a Messaging Service nor an inbound number."),
        next_step=_("Fill in Message SID with a Messaging Service (MG…), or Inbound Number."),
        field="inbound_number",
    )


def read_service(response: Response, credential: TwilioCredential) -> Outcome:
    """Return whether the Messaging Service exists in this account."""
    if response.status == 200:
        name = response.record().get("friendly_name")
        if response.record().get("sid") != credential.service_sid:
            return unreadable(response, request_id=response.header("Twilio-Request-Id"))
        said = _("service {name}").format(name=shorten_middle(str(name or "–"), 40))
        return Outcome(result=Result.PASSED, word="", summary=said)
    error = read_error(response, credential)
    if response.status == 404 or error.code in _UNKNOWN_SERVICE:
        hint = HINTS["21701"]
        return dataclasses.replace(
            error,
            word=_(hint.word),
            summary=_("Messaging Service not found"),
            cause=_(hint.cause),
            next_step=_(hint.next_step),
            field=hint.field,
        )
    if response.status in (401, 403):
        return dataclasses.replace(
            error,
            result=Result.WARNED,
            word=_("service not seen"),
            summary=_("Messaging Service not readable with this login"),
            cause=_("The key lacks the permission, or the service is another account's."),
            next_step=_("A subaccount needs its own credentials here, not those of its parent."),
            field="message_sid",
        )
    return error


def pool_has_sender(response: Response) -> bool | None:
    """Return whether a list of a service's senders has one; None when it cannot be told."""
    lists = [value for value in response.record().values() if isinstance(value, list)]
    if response.status != 200 or not lists:
        return None
    return any(lists)


def pool_empty() -> Outcome:
    """Return the outcome for a service without any sender."""
    hint = HINTS["21704"]
    return Outcome(
        result=Result.WARNED,
        word=_(hint.word),
        summary=_("no sender in the Messaging Service"),
        cause=_("The Messaging Service shows no sender in its pool."),
        next_step=_(hint.next_step),
        field=hint.field,
    )


def read_created(response: Response, credential: TwilioCredential, *, look_up: str) -> Outcome:
    """Return whether a message was accepted; ``look_up`` says where to look when in doubt."""
    record = response.record()
    request_id = response.header("Twilio-Request-Id")
    sid = record.get("sid")
    if response.status < 300 and isinstance(sid, str) and re.match(r"(SM|MM)", sid):
        state = str(record.get("status") or "")
        outcome = Outcome(
            result=Result.PASSED,
            word=_("accepted"),
            summary=f"{sid[:6]}…{sid[-4:]}, {state or _('accepted')}",
            request_id=request_id,
            message_id=sid,
            channel=_channel(record),
        )
        return (
            _undelivered(outcome, record, state) if state in ("failed", "undelivered") else outcome
        )
    if response.status < 300:
        outcome = unreadable(response, request_id=request_id)
    else:
        outcome = read_error(response, credential)
    return in_doubt(outcome, response, look_up=look_up)


def read_state(response: Response, credential: TwilioCredential) -> Outcome:
    """Return how far a message is: pending until its state is final."""
    request_id = response.header("Twilio-Request-Id")
    if response.status != 200:
        error = read_error(response, credential)
        return _warned(error) if error.code == TEST_CREDENTIALS else error
    record = response.record()
    state, sid = record.get("status"), record.get("sid")
    if not isinstance(state, str) or not isinstance(sid, str):
        broken = unreadable(response, request_id=request_id)
        return dataclasses.replace(broken, result=Result.PENDING, word=_("accepted"))
    return dataclasses.replace(state_outcome(record, state, sid), request_id=request_id)


def state_outcome(record: dict[str, Any], state: str, sid: str) -> Outcome:
    """Return what a message's state means.

    Args:
        record: the message; what counts are from, num_media, error_code and error_message.
        state: its state.
        sid: its id.
    """
    outcome = Outcome(
        result=Result.PENDING,
        word=_("accepted"),
        summary=_(_STATES.get(state, state)),
        message_id=sid,
        channel=_channel(record),
    )
    if state in ("delivered", "read"):
        words = {"delivered": _("delivered"), "read": _("read")}
        summary = _("{state} by {channel}").format(state=words[state], channel=outcome.channel)
        return dataclasses.replace(
            outcome, result=Result.PASSED, word=words[state], summary=summary
        )
    if state in ("undelivered", "failed", "canceled"):
        return _undelivered(outcome, record, state)
    if state == "sent":
        return dataclasses.replace(
            outcome,
            word=_("sent"),
            cause=_(
                "Twilio has handed the message to the carrier. Delivered is not yet confirmed: "
                "some carriers take a minute, some never answer."
            ),
            next_step=_("Look at the handset."),
        )
    return outcome


def _undelivered(outcome: Outcome, record: dict[str, Any], state: str) -> Outcome:
    code = _code(record.get("error_code"))
    hint = HINTS.get(code)
    words = {
        "undelivered": _("undelivered"),
        "failed": _("failed"),
        "canceled": _("canceled"),
    }
    word = words[state]
    return dataclasses.replace(
        outcome,
        result=Result.FAILED,
        word=_(hint.word) if hint else word,
        summary=f"{word} ({code})" if code else word,
        cause=_(hint.cause) if hint else _("Twilio gives no reason."),
        next_step=_(hint.next_step) if hint else _("Look at the message in the Twilio Console."),
        field=hint.field if hint else "",
        code=code,
        raw=str(record.get("error_message") or ""),
        link=link_to(code),
    )


def _login_refused(outcome: Outcome, credential: TwilioCredential) -> Outcome:
    if credential.api_key_sid:
        outcome = dataclasses.replace(
            outcome,
            word=_("key refused"),
            cause=_(
                "API key SID and secret do not belong together, the key was deleted, or it is "
                "another account's."
            ),
            next_step=_("Make a new key in the Twilio Console, and copy SID and secret."),
            field="api_key_secret",
        )
    if credential.region not in ("", US):
        hint = _("Tokens and keys are per region: use those of {region}.").format(
            region=credential.region
        )
        outcome = dataclasses.replace(outcome, next_step=f"{outcome.next_step} {hint}")
    return outcome


def _warned(error: Outcome) -> Outcome:
    summary = _("test credentials: no phone is reached")
    return dataclasses.replace(error, result=Result.WARNED, summary=summary)


def _code(value: Any) -> str:
    """Return a code as text; empty for what is none."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return text if re.fullmatch(r"[1-9][0-9]{2,6}", text, re.ASCII) else ""


def _message(record: dict[str, Any]) -> str:
    """Return Twilio's own words, of both of its error forms."""
    words = [record.get(key) for key in ("title", "message", "detail")]
    errors = record.get("errors")
    for error in errors if isinstance(errors, list) else ():
        if isinstance(error, dict):
            words += [f"{error.get('pointer', '')} {error.get('detail', '')}".strip()]
    texts = [word for word in words if isinstance(word, str) and word]
    return " · ".join(dict.fromkeys(texts))


def _channel(record: dict[str, Any]) -> str:
    sender = str(record.get("from") or "")
    for prefix, channel in (("rcs:", "RCS"), ("whatsapp:", "WhatsApp")):
        if sender.startswith(prefix):
            return channel
    return "SMS" if record.get("num_media") in (None, "0", 0, "") else "MMS"


def _is_number(entry: Any, number: str) -> bool:
    return isinstance(entry, dict) and entry.get("phone_number") == number
