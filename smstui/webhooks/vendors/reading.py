"""Values out of what a caller posted: JSON or a form, typed, cleaned, and named when wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from smstui.i18n import _
from smstui.messaging.numbers import tidy_number
from smstui.providers.base import Outcome
from smstui.providers.payload import FORM_TYPE, InvalidJson, parse_json
from smstui.text import clean, shorten_middle
from smstui.times import iso
from smstui.webhooks.base import Call, EventKind, Reading, Refused

MOST = 1000
"""Reports or replies in one call; more are refused. A batch of Sinch has 1000 at most."""

_CHANNELS = {"rcs": "RCS", "whatsapp": "WhatsApp"}
_LINE_BREAKS = re.compile(r"\r\n|[\r\n\t\u2028\u2029]")
_MSISDN = re.compile(r"[1-9][0-9]{6,14}", re.ASCII)
"""Digits that are a number with its country code; shorter ones are short codes."""


class Part:
    """An object in a body, and the path that leads to it; unknown members are left alone."""

    def __init__(self, value: Mapping[str, Any], path: str = "") -> None:
        self.value = value
        self._path = path

    def __contains__(self, name: str) -> bool:
        return self.value.get(name) is not None

    @property
    def place(self) -> str:
        """The path of this object, for a sentence."""
        return self._path or _("the body")

    def path(self, name: str) -> str:
        """Return the path of a member, for a sentence: ``results[0].status``."""
        return f"{self._path}.{name}" if self._path else name

    def text(self, name: str, *, needed: bool = False) -> str:
        """Return a text or number; empty when there is none.

        Raises:
            Refused: it is something else, or it is needed and missing.
        """
        value = self.value.get(name)
        if value is None or value == "":
            if needed:
                raise misread(_("{path} is missing.").format(path=_shown(self.path(name))))
            return ""
        return scalar(value, self.path(name))

    def part(self, name: str) -> Part:
        """Return an object; empty when there is none.

        Raises:
            Refused: it is something else.
        """
        value = self.value.get(name)
        if value is None:
            return Part({}, self.path(name))
        if not isinstance(value, dict):
            raise _wrong(self.path(name), _("an object"))
        return Part(value, self.path(name))

    def parts(self, name: str) -> list[Part]:
        """Return a list of objects; empty when there is none.

        Raises:
            Refused: it is something else, or longer than `MOST`.
        """
        entries = self._list(name)
        path = self.path(name)
        for number, entry in enumerate(entries):
            if not isinstance(entry, dict):
                raise _wrong(f"{path}[{number}]", _("an object"))
        return [Part(entry, f"{path}[{number}]") for number, entry in enumerate(entries)]

    def texts(self, name: str) -> list[str]:
        """Return a list of texts or numbers; empty when there is none.

        Raises:
            Refused: it is something else, or longer than `MOST`.
        """
        path = self.path(name)
        return [scalar(v, f"{path}[{number}]") for number, v in enumerate(self._list(name))]

    def _list(self, name: str) -> list[Any]:
        value = self.value.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise _wrong(self.path(name), _("a list"))
        check_length(len(value), self.path(name))
        return value


def misread(message: str, word: str = "") -> Refused:
    """Return the refusal of a body that cannot be understood."""
    return Refused(message, word=word or _("not understood"), status=400)


def check_length(length: int, path: str) -> None:
    """Refuse a list that is too long.

    Raises:
        Refused: it is longer than `MOST`.
    """
    if length > MOST:
        raise misread(
            _("{path} has {count} entries; at most {most} are read.").format(
                path=_shown(path), count=length, most=MOST
            ),
            _("too long"),
        )


def scalar(value: Any, path: str) -> str:
    """Return a text, number, true or false as one line of plain text.

    Raises:
        Refused: it is an object or a list.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float):
        raise _wrong(path, _("a text"))
    return one_line(str(value))


def one_line(text: str) -> str:
    """Return text on one line, cleaned; line breaks and tabs become blanks."""
    return clean(_LINE_BREAKS.sub(" ", text))


def parse_body(call: Call) -> Any:
    """Return a body as JSON.

    Raises:
        Refused: it is not JSON, or not UTF-8.
    """
    try:
        return parse_json(call.body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise misread(_("The body is not UTF-8."), _("not JSON")) from None
    except InvalidJson as error:
        if is_form(call):
            said = _("The body is a form, and JSON is expected.")
        else:
            said = _("The body is not JSON. {problem}").format(problem=error.message)
        raise misread(said, _("not JSON")) from None


def parse_object(call: Call) -> Part:
    """Return a body as a JSON object.

    Raises:
        Refused: it is anything else.
    """
    document = parse_body(call)
    if not isinstance(document, dict):
        raise misread(_("The body is JSON, but not an object."))
    return Part(document)


def is_form(call: Call) -> bool:
    """Whether a call says that its body is a form."""
    return call.media_type == FORM_TYPE


def form_pairs(call: Call) -> list[tuple[str, str]]:
    """Return the parameters of a form as they came, not cleaned: signatures cover them.

    Raises:
        Refused: there are more than `Call.form` reads.
    """
    try:
        return call.form()
    except ValueError:
        raise misread(_("The form has too many parameters."), _("too long")) from None


def number(text: str) -> str:
    """Return a phone number in E.164; short codes and names as they are, without a prefix."""
    _channel, bare = split_prefix(text)
    tidied = tidy_number(bare)
    return f"+{tidied}" if _MSISDN.fullmatch(tidied) else tidied


def split_prefix(address: str) -> tuple[str, str]:
    """Return the channel that an address begins with, and the rest: ``rcs:agent`` is RCS."""
    prefix, colon, rest = address.partition(":")
    channel = _CHANNELS.get(prefix.strip().lower(), "") if colon else ""
    return (channel, rest) if channel else ("", address)


def utc(text: str) -> str:
    """Return a point in time as `smstui.times.iso` writes it; what is none stays as it is.

    Offsets may be written ``Z``, ``+0000`` or ``+00:00``; without one it is UTC. Ten digits are
    seconds since 1970, thirteen are milliseconds.
    """
    try:
        if re.fullmatch(r"[0-9]{10}|[0-9]{13}", text, re.ASCII):
            seconds = int(text) / (1 if len(text) == 10 else 1000)
            return iso(datetime.fromtimestamp(seconds, UTC))
        moment = datetime.fromisoformat(text)
        return iso(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return text


def moment(text: str, received: datetime) -> str:
    """Return when a text was sent, else when the call came: Adobe's OriginTimestamp is needed."""
    return utc(text) if text else iso(received)


def inbound(
    *,
    text: str,
    sender: str,
    recipient: str,
    request_id: str,
    at: str,
    channel: str,
    reference: str = "",
    **more: Any,
) -> Reading:
    """Return the reading of a text that came in.

    Args:
        text: what was written, or what a tapped button says.
        sender: who sent it; may have the prefix of a channel.
        recipient: to whom.
        request_id: the provider's id of it.
        at: when, see `moment`.
        channel: what carried it, unless a prefix tells.
        reference: what came back with it.
        more: further values to show; empty ones are left out.
    """
    channel = split_prefix(sender)[0] or split_prefix(recipient)[0] or channel
    profile, own = number(sender), number(recipient)
    mapped = {
        "InboundMessage": text,
        "ProfileNumber": profile,
        "RequestID": request_id,
        "OriginTimestamp": at,
        "InboundNumber": own,
    }
    return Reading(
        EventKind.INBOUND,
        key=request_id,
        sender=profile,
        recipient=own,
        text=text,
        message_id=request_id,
        reference=reference,
        mapped=mapped | _told({"channel": channel} | more),
    )


def feedback(
    outcome: Outcome,
    *,
    state: str,
    key: str,
    sender: str = "",
    recipient: str = "",
    reference: str = "",
    code: str = "",
    **more: Any,
) -> Reading:
    """Return the reading of what became of a message.

    Args:
        outcome: with the message's id and channel.
        state: the provider's word for it.
        key: what repeated deliveries have in common.
        sender: of the message.
        recipient: of the message.
        reference: what came back with it.
        code: the provider's code, when the outcome has none.
        more: further values to show; empty ones are left out.
    """
    mapped = {
        "client_reference": reference,
        "failureCode": outcome.code or code,
        "feedbackStatus": state,
    }
    return Reading(
        EventKind.FEEDBACK,
        key=key,
        sender=number(sender),
        recipient=number(recipient),
        message_id=outcome.message_id,
        reference=reference,
        outcome=outcome,
        mapped=mapped | _told({"channel": outcome.channel} | more),
    )


def other(
    word: str, *, key: str = "", sender: str = "", recipient: str = "", **more: Any
) -> Reading:
    """Return the reading of what is neither a text nor a delivery report."""
    return Reading(
        EventKind.OTHER,
        key=key,
        sender=number(sender),
        recipient=number(recipient),
        word=word,
        mapped=_told(more),
    )


def in_words(name: str) -> str:
    """Return a provider's name of an event as a few words: ``SENDER_UPDATE``, ``sender update``."""
    words = re.sub(r"[_\s]+", " ", clean(name)).strip().lower()
    return words if len(words) <= 40 else words[:39] + "…"


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}


def _wrong(path: str, expected: str) -> Refused:
    return misread(_("{path} is not {expected}.").format(path=_shown(path), expected=expected))


def _shown(path: str) -> str:
    return shorten_middle(clean(path), 120)
