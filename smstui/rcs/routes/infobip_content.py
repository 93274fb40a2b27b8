"""A message as Infobip's ``POST /rcs/2/messages`` takes it.

Wire format: Infobip's OpenAPI file of RCS, outbound messages. What a reply posts back is its label,
as in Journey Optimizer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from smstui.i18n import _
from smstui.providers.fields import Issue
from smstui.rcs.actions import (
    ActionProblem,
    CalendarEvent,
    Dial,
    OpenUrl,
    Reply,
    ShareLocation,
    ViewLocation,
    parse_action,
)
from smstui.rcs.base import SentPart
from smstui.rcs.content import Card, Content, ContentKind, Suggestion
from smstui.rcs.routes.common import without_empty

_FALLBACK_MINUTES = 5
"""How long RCS may try before the SMS goes out; Infobip's own default is far longer."""
_MOST_NAME = 100
"""Characters of a place's name, and of an event's title."""


def as_sent(content: Content) -> SentPart:
    """Return the request that sends a message."""
    message: dict[str, Any] = {
        "sender": "{{fromNumber}}",
        "destinations": [{"to": "{{toNumber}}"}],
        "content": _content(content),
    }
    if content.fallback:
        message["options"] = with_failover("<SMS sender>", content.fallback)
    return SentPart("POST /rcs/2/messages", {"messages": [message]})


def with_failover(sender: str, text: str) -> dict[str, Any]:
    """Return the options of a message that goes out as SMS where RCS cannot.

    Args:
        sender: of the SMS; empty for Infobip's choice.
        text: of the SMS.
    """
    return {
        "validityPeriod": {"amount": _FALLBACK_MINUTES, "timeUnit": "MINUTES"},
        "smsFailover": without_empty({"sender": sender.removeprefix("+"), "text": text}),
    }


def rules(content: Content) -> Iterator[Issue]:
    """Yield what Infobip does not take of a message."""
    for number, card in enumerate(content.shown_cards, start=1):
        if card.description and not (card.title or card.media):
            said = _("Infobip wants a title or media on a card.")
            yield Issue(f"cards.{number}.title", said)
        yield from _names(f"cards.{number}.suggestions", card.suggestions)
    yield from _names("suggestions", content.suggestions)


def _names(field: str, suggestions: Iterable[Suggestion]) -> Iterator[Issue]:
    for one in suggestions:
        match parse_action(one.action):
            case ViewLocation(name=name) | CalendarEvent(title=name) if len(name) > _MOST_NAME:
                said = _("{name}: {most} characters fit after place or times, this has {count}.")
                shown = one.label[:20]
                yield Issue(field, said.format(name=shown, most=_MOST_NAME, count=len(name)))


def _content(content: Content) -> dict[str, Any]:
    own: dict[str, Any]
    match content.kind:
        case ContentKind.TEXT:
            own = {"type": "TEXT", "text": content.text}
        case ContentKind.CARD:
            own = {
                "type": "CARD",
                "orientation": content.card.orientation.upper(),
                "alignment": "LEFT",
                "content": _card(content.card),
            }
        case ContentKind.CAROUSEL:
            own = {
                "type": "CAROUSEL",
                "cardWidth": content.width.upper(),
                "contents": [_card(card) for card in content.cards],
            }
    return own | without_empty({"suggestions": _suggestions(content.suggestions)})


def _card(card: Card) -> dict[str, Any]:
    media = {"file": {"url": card.media}, "height": card.height.upper()} if card.media else {}
    return without_empty(
        {
            "title": card.title,
            "description": card.description,
            "media": media,
            "suggestions": _suggestions(card.suggestions),
        }
    )


def _suggestions(suggestions: Iterable[Suggestion]) -> list[dict[str, Any]]:
    """Return those whose action is clear."""
    found = []
    for one in suggestions:
        own = _action(one)
        if own:
            found.append({"type": own.pop("type"), "text": one.label, "postbackData": one.label})
            found[-1] |= own
    return found


def _action(one: Suggestion) -> dict[str, Any]:
    match parse_action(one.action):
        case Reply():
            return {"type": "REPLY"}
        case OpenUrl(url):
            return {"type": "OPEN_URL", "url": url, "application": "BROWSER"}
        case Dial(number):
            return {"type": "DIAL_PHONE", "phoneNumber": number}
        case ViewLocation(latitude, longitude, name):
            place = {"type": "SHOW_LOCATION", "latitude": latitude, "longitude": longitude}
            return place | without_empty({"label": name})
        case ShareLocation():
            return {"type": "REQUEST_LOCATION"}
        case CalendarEvent(starts, ends, title):
            times = {"startTime": _time(starts), "endTime": _time(ends)}
            return {"type": "CREATE_CALENDAR_EVENT", **times, "title": title}
        case ActionProblem():
            return {}


def _time(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds")
