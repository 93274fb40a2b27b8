"""Which kind of sender fits which channel, SMS Type and country.

Sources: Twilio's page on senders (forms; names are one-way and not for the United States and
Canada; a short code works in its own country), Sinch's on MMS (countries) and RCS (sender ids).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from enum import StrEnum

from smstui.channels.base import Channel, SmsType
from smstui.i18n import _
from smstui.messaging.countries import country_name
from smstui.messaging.numbers import (
    NumberProblem,
    alphanumeric_problem,
    is_short_code,
    parse_number,
)
from smstui.providers.fields import Severity
from smstui.providers.phone import check_sender

RCS_PREFIX = "rcs:"
NO_NAMES = ("US", "CA")
"""Countries that take no names as senders, and want numbers of their own."""
MMS_COUNTRIES = ("US", "CA", "AU")
_AGENT = re.compile(r"(rcs:)?(?=.*[A-Za-z])[A-Za-z0-9_.-]{3,100}", re.ASCII)

Said = tuple[Severity, str]


class SenderKind(StrEnum):
    """What a sender is."""

    NUMBER = "number"
    SHORT_CODE = "short code"
    NAME = "name"
    AGENT = "RCS sender"


def kind_of(sender: str, channel: str) -> SenderKind:
    """Return what a sender is, as far as its form tells."""
    if sender.startswith(RCS_PREFIX):
        return SenderKind.AGENT
    if any(character.isalpha() for character in sender):
        return SenderKind.AGENT if channel == Channel.RCS else SenderKind.NAME
    return SenderKind.SHORT_CODE if is_short_code(sender) else SenderKind.NUMBER


def judge(
    sender: str, channel: str, sms_type: str, countries: Collection[str] = ()
) -> Iterator[Said]:
    """Yield what is wrong or doubtful with a sender.

    Args:
        sender: what is in *Sender number*, not empty.
        channel: a value of `Channel`.
        sms_type: a value of `SmsType`, empty when it is not known yet.
        countries: where the recipients are, as two letters each; none when nobody said.
    """
    kind = kind_of(sender, channel)
    if kind is SenderKind.AGENT:
        yield from _judge_agent(sender, channel)
    elif kind is SenderKind.NAME:
        yield from _judge_name(sender, channel, sms_type, countries)
    elif kind is SenderKind.SHORT_CODE:
        if len(countries) > 1:
            said = _("A short code works in one country alone; recipients are in {n}.")
            yield Severity.WARNING, said.format(n=len(countries))
    else:
        yield from check_sender(sender)
        yield from _judge_country(sender, channel, countries)
    if channel == Channel.MMS and kind in (SenderKind.NUMBER, SenderKind.SHORT_CODE):
        yield from _judge_mms(countries)


def _judge_agent(sender: str, channel: str) -> Iterator[Said]:
    if channel != Channel.RCS:
        yield Severity.ERROR, _("This is an RCS sender. Choose RCS, or a number.")
    elif not _AGENT.fullmatch(sender):
        yield (
            Severity.ERROR,
            _("An RCS sender is an id of letters, digits, - _ and full stops: brand_x1y2_agent."),
        )


def _judge_name(
    sender: str, channel: str, sms_type: str, countries: Collection[str]
) -> Iterator[Said]:
    problem = alphanumeric_problem(sender)
    if problem:
        yield Severity.ERROR, problem
        return
    if channel == Channel.MMS:
        yield Severity.ERROR, _("A name cannot send MMS. Use a number or a short code.")
        return
    refusing = [country for country in countries if country in NO_NAMES]
    if refusing:
        said = _("{countries}: no names as senders there. Use a number.")
        yield Severity.ERROR, said.format(countries=_named(refusing))
    if sms_type == SmsType.MARKETING:
        yield Severity.WARNING, _("A name receives nothing, so nobody can answer it with STOP.")


def _judge_country(sender: str, channel: str, countries: Collection[str]) -> Iterator[Said]:
    if isinstance(parse_number(sender), NumberProblem) or channel == Channel.RCS:
        return
    wanting = [country for country in countries if country in NO_NAMES]
    if wanting and not sender.startswith("+1"):
        said = _("{countries}: carriers there want a number of their own country.")
        yield Severity.WARNING, said.format(countries=_named(wanting))


def _judge_mms(countries: Collection[str]) -> Iterator[Said]:
    beyond = [country for country in countries if country not in MMS_COUNTRIES]
    if beyond:
        said = _("{countries}: MMS is offered for the United States, Canada and Australia.")
        yield Severity.WARNING, said.format(countries=_named(beyond))


def _named(countries: Collection[str]) -> str:
    return ", ".join(country_name(country) for country in countries)
