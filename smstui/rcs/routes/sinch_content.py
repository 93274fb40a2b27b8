"""A message as Sinch's ``messages:send`` takes it.

Wire format: Sinch's reference of the Conversation API, message types; channel properties of RCS.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from smstui.rcs.content import Card, Content, ContentKind, Orientation, Suggestion
from smstui.rcs.routes.common import without_empty


def as_sent(content: Content) -> SentPart:
    """Return the request that sends a message."""
    channels = ["RCS", "SMS"] if content.fallback else ["RCS"]
    message = _message(content)
    properties = {}
    if content.kind is ContentKind.CARD and content.card.orientation is Orientation.HORIZONTAL:
        properties["RCS_CARD_ORIENTATION"] = "HORIZONTAL"
    if content.fallback:
        sms = {"text_message": {"text": content.fallback}}
        message["explicit_channel_omni_message"] = {"SMS": sms}
        properties["SMS_SENDER"] = "{{fromNumber}}"
    identities = [{"channel": channel, "identity": "{{toNumber}}"} for channel in channels]
    document = {
        "app_id": "<App ID>",
        "recipient": {"identified_by": {"channel_identities": identities}},
        "message": message,
        "channel_priority_order": channels,
    }
    return SentPart(
        "POST /v1/projects/<Project ID>/messages:send",
        document | without_empty({"channel_properties": properties}),
    )


def rules(content: Content) -> Iterator[Issue]:
    """Yield what Sinch does not take of a message."""
    if content.kind is ContentKind.CARD and content.suggestions:
        said = _("Sinch has no suggestions below a single card: put them on the card.")
        yield Issue("suggestions", said)
    yield from _addresses("suggestions", content.suggestions)
    for number, card in enumerate(content.shown_cards, start=1):
        yield from _addresses(f"cards.{number}.suggestions", card.suggestions)


def _addresses(field: str, suggestions: Iterable[Suggestion]) -> Iterator[Issue]:
    for one in suggestions:
        match parse_action(one.action):
            case ShareLocation(url="") | CalendarEvent(url=""):
                said = _("{name}: Sinch wants an address at the end, for phones that cannot do it.")
                yield Issue(field, said.format(name=one.label[:20]))


def _message(content: Content) -> dict[str, Any]:
    choices = {"choices": _choices(content.suggestions)}
    match content.kind:
        case ContentKind.TEXT:
            text = {"text_message": {"text": content.text}}
            return {"choice_message": {**text, **choices}} if choices["choices"] else text
        case ContentKind.CARD:
            return {"card_message": _card(content.card)}
        case ContentKind.CAROUSEL:
            cards = [_card(card) for card in content.cards]
            return {"carousel_message": {"cards": cards} | without_empty(choices)}


def _card(card: Card) -> dict[str, Any]:
    return without_empty(
        {
            "title": card.title,
            "description": card.description,
            "media_message": without_empty({"url": card.media}),
            "height": card.height.upper() if card.media else "",
            "choices": _choices(card.suggestions),
        }
    )


def _choices(suggestions: Iterable[Suggestion]) -> list[dict[str, Any]]:
    """Return those whose action is clear."""
    return [choice for one in suggestions if (choice := _choice(one))]


def _choice(one: Suggestion) -> dict[str, Any]:
    title = {"title": one.label}
    match parse_action(one.action):
        case Reply():
            return {"text_message": {"text": one.label}}
        case OpenUrl(url):
            return {"url_message": {**title, "url": url}}
        case Dial(number):
            return {"call_message": {**title, "phone_number": number}}
        case ViewLocation(latitude, longitude, name):
            place = {"coordinates": {"latitude": latitude, "longitude": longitude}}
            return {"location_message": {**title, **without_empty({"label": name}), **place}}
        case ShareLocation(url):
            return {"share_location_message": {**title, "fallback_url": url}}
        case CalendarEvent(starts, ends, name, url):
            event = {
                "event_start": starts.isoformat(),
                "event_end": ends.isoformat(),
                "event_title": name,
            }
            return {"calendar_message": {**title, **event, "fallback_url": url}}
        case ActionProblem():
            return {}
