"""What Twilio checks before it accepts a message, in the order of the docs' Message page.

Rules: Twilio docs, "Message resource", "Test credentials"; the codes are those of `errors`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from smstui.simulator.twilio.accounts import Account, Cast, Service
from smstui.simulator.twilio.endings import (
    RCS_UNDELIVERED,
    Ending,
    rcs_ending,
    refusal_code,
    sms_ending,
)
from smstui.simulator.twilio.errors import Refusal
from smstui.simulator.twilio.rcs_senders import ChannelSender

E164 = re.compile(r"\+[1-9]\d{1,14}", re.ASCII)
_SHORT_CODE = re.compile(r"\d{3,6}", re.ASCII)
_ALPHANUMERIC = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 _&+-]{1,11}")
_SERVICE_SID = re.compile(r"MG[0-9a-fA-F]{32}")
_CONTENT_SID = re.compile(r"HX[0-9a-fA-F]{32}")
_CHANNELS = ("rcs", "whatsapp")

MAX_BODY = 1600
MAX_MEDIA = 10
MAX_VALIDITY = 36_000
TRIAL_PREFIX = "Sent from your Twilio trial account - "

Form = Mapping[str, Sequence[str]]
"""Form parameters by name; a name may repeat."""

MAGIC_FROM = {
    "+15005550001": 21212,
    "+15005550006": None,
    "+15005550007": 21606,
    "+15005550008": 21611,
}
"""Senders of the test credentials; any other is 21606."""

MAGIC_TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
"""Recipients of the test credentials; any other is checked as usual."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How an accepted message will travel."""

    to: str
    body: str
    num_media: int
    service_sid: str | None
    sender: str
    ending: Ending
    channel_sender_sid: str = ""
    callback: str = ""


def first(form: Form, name: str) -> str:
    """Return the first value of a parameter, without blanks around; empty when it is missing."""
    values = form.get(name, ())
    return values[0].strip() if values else ""


def plan(form: Form, account: Account, cast: Cast, now: datetime) -> Plan:
    """Return how a message that is sent now would travel.

    Raises:
        Refusal: it may not be sent.
    """
    to = first(form, "To")
    if not to:
        raise Refusal(21604)
    _check_content(form)
    _check_options(form)
    sender, service_sid = first(form, "From"), first(form, "MessagingServiceSid")
    if sender.startswith("MG") and not service_sid:
        sender, service_sid = "", sender
    if not sender and not service_sid:
        raise Refusal(21603)
    if account.test:
        _check_magic(to, sender)
    _check_recipient(to, sender, account)
    _check_fallback(form, sender, service_sid)
    service = _service(service_sid, account) if service_sid else None
    if service and first(form, "FallbackFrom") and not service.channel_senders:
        raise Refusal(21667)
    code = refusal_code(to)
    if code is not None and not account.test:
        raise Refusal(code, to=to, sender=sender or service_sid)
    route = _route(form, to, sender, service, account, cast, now)
    body = _body(form)
    return Plan(
        to=to,
        body=TRIAL_PREFIX + body if account.type == "Trial" else body,
        num_media=len(form.get("MediaUrl", ())),
        service_sid=service_sid or None,
        sender=route.sender,
        ending=route.ending,
        channel_sender_sid=route.channel_sender_sid,
        callback=first(form, "StatusCallback")
        or (service and service.status_callback)
        or route.callback,
    )


def _body(form: Form) -> str:
    values = form.get("Body", ())
    return values[0] if values else ""


@dataclass(frozen=True, slots=True)
class _Route:
    """Which sender carries a message, and how that ends."""

    sender: str
    ending: Ending
    channel_sender_sid: str = ""
    callback: str = ""


def _route(
    form: Form,
    to: str,
    sender: str,
    service: Service | None,
    account: Account,
    cast: Cast,
    now: datetime,
) -> _Route:
    channel_sender = _channel_sender(to, sender, service, account)
    if channel_sender is None:
        return _Route(_sms_sender(to, sender, service, account, cast), sms_ending(to))
    ending = rcs_ending(to, is_reached=channel_sender.reaches(to, now))
    fallback = _fallback(form, service)
    if not to.startswith("rcs:") and ending.code in RCS_UNDELIVERED and fallback:
        return _Route(fallback, sms_ending(to))
    callback = channel_sender.webhook["status_callback_url"] or ""
    return _Route(channel_sender.sender_id, ending, channel_sender.sid, callback)


def _check_content(form: Form) -> None:
    media, content = form.get("MediaUrl", ()), first(form, "ContentSid")
    if first(form, "ContentVariables"):
        if not content:
            raise Refusal(21654)
        try:
            variables = json.loads(first(form, "ContentVariables"))
        except ValueError:
            variables = None
        if not isinstance(variables, dict):
            raise Refusal(21656)
    if content and not _CONTENT_SID.fullmatch(content):
        raise Refusal(21655, value=content)
    if not _body(form).strip() and not media and not content:
        raise Refusal(21602)
    if len(_body(form)) > MAX_BODY:
        raise Refusal(21617)
    if len(media) > MAX_MEDIA:
        raise Refusal(21623)
    for url in media:
        if not is_web_address(url):
            raise Refusal(21620, url=url)


def _check_options(form: Form) -> None:
    validity = first(form, "ValidityPeriod")
    if validity and not (validity.isascii() and validity.isdigit()):
        raise Refusal(21624, value=validity)
    if validity and not 1 <= int(validity[:9]) <= MAX_VALIDITY:
        raise Refusal(21624, value=validity)
    callback = first(form, "StatusCallback")
    if callback and not is_web_address(callback):
        raise Refusal(21609, url=callback)


def is_web_address(url: str) -> bool:
    """Whether a URL is http or https and names a host without an underscore in it."""
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in {"http", "https"} and bool(parts.hostname) and "_" not in parts.netloc
        )
    except ValueError:
        return False


def _check_fallback(form: Form, sender: str, service_sid: str) -> None:
    fallback = first(form, "FallbackFrom")
    if not fallback:
        return
    if sender:
        raise Refusal(21664)
    if not service_sid:
        raise Refusal(21666)
    if not E164.fullmatch(fallback) and not _ALPHANUMERIC.fullmatch(fallback):
        raise Refusal(21665, sender=fallback)


def _check_magic(to: str, sender: str) -> None:
    code = MAGIC_FROM.get(sender, 21606) if sender else None
    if code is None:
        code = MAGIC_TO.get(to)
    if code is not None:
        raise Refusal(code, to=to, sender=sender)


def _check_recipient(to: str, sender: str, account: Account) -> None:
    channel, number = split_channel(to)
    if not channel and _SHORT_CODE.fullmatch(number):
        raise Refusal(21265, to=to)
    if not E164.fullmatch(number):
        raise Refusal(21211, to=to)
    if sender and sender == to:
        raise Refusal(21266, to=to)
    if sender and split_channel(sender)[0] != channel:
        raise Refusal(21910)
    if account.type == "Trial":
        if channel == "rcs":
            raise Refusal(10002)
        if number not in account.verified:
            raise Refusal(21608, masked=f"{number[:-4]}XXXX")


def split_channel(address: str) -> tuple[str, str]:
    """Return the channel prefix of an address, empty for none, and what follows it."""
    for channel in _CHANNELS:
        if address.startswith(f"{channel}:"):
            return channel, address.removeprefix(f"{channel}:")
    return "", address


def _service(sid: str, account: Account) -> Service:
    if not _SERVICE_SID.fullmatch(sid):
        raise Refusal(21705, service=sid)
    if sid not in account.services:
        raise Refusal(21701, service=sid)
    service = account.services[sid]
    if not (service.numbers or service.short_codes or service.alpha or service.channel_senders):
        raise Refusal(21704)
    return service


def _channel_sender(
    to: str, sender: str, service: Service | None, account: Account
) -> ChannelSender | None:
    """Return the RCS sender that carries the message, or None when it is an SMS."""
    channel = split_channel(to)[0]
    if sender:
        if not channel:
            return None
        for candidate in account.channel_senders.values():
            if candidate.sender_id == sender:
                return candidate
        raise Refusal(63007)
    pool = service.channel_senders if service else []
    if pool and channel != "whatsapp":
        return pool[0]
    if channel:
        raise Refusal(21703)
    return None


def _fallback(form: Form, service: Service | None) -> str:
    """Return the SMS sender that takes over from RCS, empty for none."""
    if first(form, "FallbackFrom"):
        return first(form, "FallbackFrom")
    return service.numbers[0] if service and service.numbers else ""


def _sms_sender(to: str, sender: str, service: Service | None, account: Account, cast: Cast) -> str:
    if service is None:
        if not account.test:
            _check_sender(to, sender, account, cast)
        return sender
    if sender:
        if sender not in (*service.numbers, *service.short_codes, *service.alpha):
            raise Refusal(21606, sender=sender)
        return sender
    for number in service.numbers:
        if number in account.numbers and account.numbers[number].sms:
            return number
    if service.short_codes and to.startswith("+1"):
        return service.short_codes[0]
    if service.alpha and not to.startswith("+1"):
        return service.alpha[0]
    raise Refusal(21703)


def _check_sender(to: str, sender: str, account: Account, cast: Cast) -> None:
    if E164.fullmatch(sender) or _SHORT_CODE.fullmatch(sender):
        owner = cast.owner_of_number(sender)
        if owner is None:
            raise Refusal(21659, sender=sender)
        if owner is not account:
            raise Refusal(21660, sender=sender, account=account.sid)
        if sender in account.short_codes:
            if not to.startswith("+1"):
                raise Refusal(21659, sender=sender)
            return
        number = account.numbers[sender]
        if not number.sms:
            raise Refusal(21661, sender=sender)
        if not number.usable:
            raise Refusal(21606, sender=sender)
        return
    if not _ALPHANUMERIC.fullmatch(sender):
        raise Refusal(21212, sender=sender)
    if account.type == "Trial":
        raise Refusal(21267)
    if to.startswith("+1"):
        raise Refusal(21612, to=to, sender=sender)
