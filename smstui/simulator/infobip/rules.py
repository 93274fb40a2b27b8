"""What Infobip checks in the body of a send, before it looks at any message by itself.

Shapes and limits: Infobip's OpenAPI files of SMS v3, MMS v2 and RCS v2. What is wrong here is
answered with 400 and all violations; what is wrong with one message gets it rejected inside a 200.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from smstui.simulator.infobip.errors import Refusal, Violation
from smstui.simulator.infobip.messages import LONGEST_VALIDITY, Webhooks

MAX_TO, MAX_ID, MAX_BULK_ID, MAX_CALLBACK_DATA, MAX_REFERENCE = 64, 200, 100, 4000, 255
MAX_RCS_TEXT, MAX_MMS_TEXT = 3072, 4096
MAX_SUGGESTIONS, MAX_SUGGESTION_TEXT, MAX_POSTBACK = 11, 25, 2024

_UNITS = {"SECONDS": "seconds", "MINUTES": "minutes", "HOURS": "hours"}
_SUGGESTIONS = {
    "REPLY",
    "OPEN_URL",
    "DIAL_PHONE",
    "SHOW_LOCATION",
    "REQUEST_LOCATION",
    "CREATE_CALENDAR_EVENT",
}
_RCS_TYPES = {"TEXT", "FILE", "CARD", "CAROUSEL", "PROVIDER_TEMPLATE"}
_SEGMENTS = {"TEXT": "text", "LINK": "contentUrl", "SMIL": "smil", "UPLOADED_REFERENCE": "uploaded"}


@dataclass(frozen=True, slots=True)
class Failover:
    """Another channel for a message that RCS or MMS cannot deliver."""

    channel: str
    sender: str
    text: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Order:
    """One message for one recipient, as a request has it; an empty id has still to be made."""

    sender: str
    to: str
    message_id: str
    text: str
    content: dict[str, Any]
    validity: timedelta
    webhooks: Webhooks
    extra: dict[str, Any] = field(default_factory=dict)
    failover: Failover | None = None


class Reader:
    """Reads values out of a body, and notes what is wrong with them."""

    def __init__(self) -> None:
        self.violations: list[Violation] = []

    def wrong(self, path: str, said: str) -> None:
        """Note what is wrong at a path; one of the body itself begins with a dot."""
        self.violations.append((path.lstrip("."), said))

    def finish(self) -> None:
        """Refuse what was read when something was wrong with it.

        Raises:
            Refusal: 400 with everything that is wrong.
        """
        if self.violations:
            raise Refusal(400, *self.violations)

    def record(self, parent: dict[str, Any], name: str, path: str) -> dict[str, Any]:
        """Return an object; empty when it is missing or none."""
        value = parent.get(name)
        if value is not None and not isinstance(value, dict):
            self.wrong(f"{path}.{name}", "must be an object")
        return value if isinstance(value, dict) else {}

    def text(
        self,
        parent: dict[str, Any],
        name: str,
        path: str,
        *,
        most: int = 2048,
        required: bool = False,
    ) -> str:
        """Return a text; empty when it is missing or none."""
        value = parent.get(name)
        if value is None:
            if required:
                self.wrong(f"{path}.{name}", "must not be null")
            return ""
        if not isinstance(value, str):
            self.wrong(f"{path}.{name}", "must be a string")
            return ""
        if len(value) > most:
            self.wrong(f"{path}.{name}", f"size must be between 0 and {most}")
        return value

    def records(self, parent: dict[str, Any], name: str, path: str) -> list[dict[str, Any]]:
        """Return a list of objects, which may not be empty."""
        value = parent.get(name)
        if not isinstance(value, list) or not value:
            self.wrong(f"{path}.{name}", "must not be empty")
            return []
        if not all(isinstance(entry, dict) for entry in value):
            self.wrong(f"{path}.{name}", "must hold objects only")
        return [entry for entry in value if isinstance(entry, dict)]


def read_orders(document: Any, channel: str) -> list[Order]:
    """Return the messages that a body asks for, one for each recipient.

    Raises:
        Refusal: 400 with everything that is wrong.
    """
    reader = Reader()
    if not isinstance(document, dict):
        raise Refusal(400)
    orders: list[Order] = []
    for number, message in enumerate(reader.records(document, "messages", "")):
        orders += _orders(reader, message, f"messages[{number}]", channel)
    reader.finish()
    return orders


def _orders(reader: Reader, message: dict[str, Any], path: str, channel: str) -> list[Order]:
    sender = reader.text(message, "sender", path, required=channel != "SMS")
    content = reader.record(message, "content", path)
    text = {"SMS": _sms_text, "MMS": _mms_text, "RCS": _rcs_text}[channel](
        reader, content, f"{path}.content"
    )
    options = reader.record(message, "options", path)
    validity = _validity(reader, options, f"{path}.options")
    _check_regional(reader, options, f"{path}.options")
    failover = _failover(reader, options, f"{path}.options", channel)
    webhooks = _webhooks(reader, message, path)
    extra = {
        name: options[name] for name in ("platform", "campaignReferenceId") if options.get(name)
    }
    reader.text(options, "campaignReferenceId", f"{path}.options", most=MAX_REFERENCE)
    orders: list[Order] = []
    for number, destination in enumerate(reader.records(message, "destinations", path)):
        place = f"{path}.destinations[{number}]"
        to = reader.text(destination, "to", place, most=MAX_TO, required=True)
        message_id = reader.text(destination, "messageId", place, most=MAX_ID)
        orders.append(
            Order(sender, to, message_id, text, content, validity, webhooks, extra, failover)
        )
    return orders


def _sms_text(reader: Reader, content: dict[str, Any], path: str) -> str:
    return reader.text(content, "text", path, most=1 << 16, required=True)


def _mms_text(reader: Reader, content: dict[str, Any], path: str) -> str:
    texts: list[str] = []
    for number, segment in enumerate(reader.records(content, "messageSegments", path)):
        place = f"{path}.messageSegments[{number}]"
        kind = reader.text(segment, "type", place, required=True)
        if kind not in _SEGMENTS:
            reader.wrong(f"{place}.type", "unknown type")
        elif kind in ("TEXT", "LINK"):
            said = reader.text(segment, _SEGMENTS[kind], place, most=MAX_MMS_TEXT, required=True)
            texts += [said] if kind == "TEXT" else []
    return "\n".join(texts)


def _rcs_text(reader: Reader, content: dict[str, Any], path: str) -> str:
    kind = reader.text(content, "type", path, required=True)
    if kind and kind not in _RCS_TYPES:
        reader.wrong(f"{path}.type", "unknown type")
    if kind == "CARD":
        for name in ("orientation", "alignment"):
            reader.text(content, name, path, required=True)
    if kind == "CAROUSEL" and not 2 <= len(reader.records(content, "contents", path)) <= 10:
        reader.wrong(f"{path}.contents", "size must be between 2 and 10")
    if content.get("suggestions"):
        _check_suggestions(reader, content, path)
    is_text = kind == "TEXT"
    return reader.text(content, "text", path, most=MAX_RCS_TEXT, required=is_text)


def _check_suggestions(reader: Reader, content: dict[str, Any], path: str) -> None:
    suggestions = reader.records(content, "suggestions", path)
    if len(suggestions) > MAX_SUGGESTIONS:
        reader.wrong(f"{path}.suggestions", f"size must be between 0 and {MAX_SUGGESTIONS}")
    for number, suggestion in enumerate(suggestions):
        place = f"{path}.suggestions[{number}]"
        if suggestion.get("type") not in _SUGGESTIONS:
            reader.wrong(f"{place}.type", "unknown type")
        reader.text(suggestion, "text", place, most=MAX_SUGGESTION_TEXT, required=True)
        reader.text(suggestion, "postbackData", place, most=MAX_POSTBACK, required=True)


def _validity(reader: Reader, options: dict[str, Any], path: str) -> timedelta:
    period = reader.record(options, "validityPeriod", path)
    if not period:
        return LONGEST_VALIDITY
    amount, unit = period.get("amount"), period.get("timeUnit", "MINUTES")
    if isinstance(amount, bool) or not isinstance(amount, int) or not 0 < amount < 1 << 31:
        reader.wrong(f"{path}.validityPeriod.amount", "must be a positive integer")
    elif unit not in _UNITS:
        reader.wrong(f"{path}.validityPeriod.timeUnit", "must be SECONDS, MINUTES or HOURS")
    else:
        return min(timedelta(**{_UNITS[unit]: amount}), LONGEST_VALIDITY)
    return LONGEST_VALIDITY


def _check_regional(reader: Reader, options: dict[str, Any], path: str) -> None:
    regional = reader.record(options, "regional", path)
    if "indiaDlt" in regional:
        dlt = reader.record(regional, "indiaDlt", f"{path}.regional")
        reader.text(dlt, "principalEntityId", f"{path}.regional.indiaDlt", required=True)
        reader.text(dlt, "contentTemplateId", f"{path}.regional.indiaDlt")


def _failover(reader: Reader, options: dict[str, Any], path: str, channel: str) -> Failover | None:
    if channel == "SMS":
        return None
    if options.get("smsFailover") and options.get("mmsFailover"):
        reader.wrong(f"{path}.mmsFailover", "only one failover is allowed")
        return None
    if options.get("smsFailover"):
        wanted = reader.record(options, "smsFailover", path)
        text = reader.text(wanted, "text", f"{path}.smsFailover", most=1 << 16, required=True)
        sender = reader.text(wanted, "sender", f"{path}.smsFailover")
        _validity(reader, wanted, f"{path}.smsFailover")
        return Failover("SMS", sender, text, {"text": text})
    if options.get("mmsFailover") and channel == "RCS":
        wanted = reader.record(options, "mmsFailover", path)
        content = reader.record(wanted, "content", f"{path}.mmsFailover")
        sender = reader.text(wanted, "sender", f"{path}.mmsFailover")
        text = _mms_text(reader, content, f"{path}.mmsFailover.content")
        return Failover("MMS", sender, text, content)
    return None


def _webhooks(reader: Reader, message: dict[str, Any], path: str) -> Webhooks:
    webhooks = reader.record(message, "webhooks", path)
    path = f"{path}.webhooks"
    delivery = reader.record(webhooks, "delivery", path)
    seen = reader.record(webhooks, "seen", path)
    return Webhooks(
        reader.text(delivery, "url", f"{path}.delivery"),
        reader.text(seen, "url", f"{path}.seen"),
        intermediate=delivery.get("intermediateReport") is True,
        both_legs=delivery.get("receiveTriggeredFailoverReports") is True,
        callback_data=reader.text(webhooks, "callbackData", path, most=MAX_CALLBACK_DATA),
    )
