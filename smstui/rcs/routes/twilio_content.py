"""A message as Twilio takes it: a text goes out as it is, all else as a content template.

Wire format: Twilio's reference of the Content API, types ``twilio/card``, ``twilio/carousel`` and
``twilio/text``. Orientation and height of a card are not in its OpenAPI file; they are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from smstui.i18n import _
from smstui.providers.fields import Issue, Severity
from smstui.rcs.actions import ActionProblem, Dial, OpenUrl, Reply, parse_action
from smstui.rcs.base import SentPart
from smstui.rcs.content import Card, Content, ContentKind, Suggestion
from smstui.rcs.routes.common import without_empty

_CONTENT = "POST https://content.twilio.com/v1/Content"
_MESSAGES = "POST /2010-04-01/Accounts/<Account SID>/Messages.json"

MOST_CAROUSEL_TEXT = 160
"""Characters of title and description together, on a card of a carousel."""
MOST_CAROUSEL_BUTTONS = 2


def as_sent(content: Content) -> list[SentPart]:
    """Return the requests that send a message: the template first, where it needs one."""
    sent = {"To": "{{toNumber}}", "MessagingServiceSid": "{{fromNumber}}"}
    form = _("This one is sent as a form.")
    if content.kind is ContentKind.TEXT and not content.suggestions:
        return [SentPart(_MESSAGES, {**sent, "Body": content.text}, form)]
    types = _types(content)
    if content.fallback:
        types["twilio/text"] = {"body": content.fallback}
    template = {"friendly_name": "<Name>", "language": "en", "types": types}
    made = _("Made once; its answer has the SID (HX…) for all messages.")
    return [
        SentPart(_CONTENT, template, made),
        SentPart(_MESSAGES, {**sent, "ContentSid": "<Content SID>"}, form),
    ]


def rules(content: Content) -> Iterator[Issue]:
    """Yield what Twilio does not take of a message."""
    if content.kind is ContentKind.TEXT:
        if content.fallback and not content.suggestions and content.fallback != content.text:
            said = _("Twilio sends a plain text itself as SMS, not this.")
            yield Issue("fallback", said, Severity.WARNING)
    elif content.kind is ContentKind.CARD:
        yield from _card_rules(content.card)
        yield from _actions("cards.1.suggestions", content.card.suggestions)
    else:
        yield from _carousel_rules(content)
    yield from _actions("suggestions", content.suggestions)


def _card_rules(card: Card) -> Iterator[Issue]:
    texts = bool(card.title) + bool(card.description)
    others = bool(card.media) + bool(card.suggestions)
    if not texts or texts + others < 2:
        said = _("Twilio wants a title or a description, and one thing more.")
        yield Issue("cards.1.title", said)
    if card.suggestions and not card.media:
        said = _("Without media Twilio shows no card: text, and these as suggestions below it.")
        yield Issue("cards.1.suggestions", said, Severity.WARNING)


def _carousel_rules(content: Content) -> Iterator[Issue]:
    kinds = [[type(parse_action(one.action)) for one in c.suggestions] for c in content.cards]
    for number, (card, own) in enumerate(zip(content.cards, kinds, strict=True), start=1):
        place = f"cards.{number}"
        count = len(card.title) + len(card.description)
        if count > MOST_CAROUSEL_TEXT:
            said = _("Title and description have {count} characters together; {most} fit.")
            yield Issue(f"{place}.title", said.format(count=count, most=MOST_CAROUSEL_TEXT))
        if not card.media:
            yield Issue(f"{place}.media", _("Twilio wants media on each card of a carousel."))
        if not 1 <= len(own) <= MOST_CAROUSEL_BUTTONS:
            yield Issue(f"{place}.suggestions", _("Twilio wants 1 or 2 buttons on each card."))
        elif own != kinds[0]:
            said = _("Twilio wants the same kinds of buttons on all cards, in one order.")
            yield Issue(f"{place}.suggestions", said)
        yield from _actions(f"{place}.suggestions", card.suggestions)


def _actions(field: str, suggestions: Iterable[Suggestion]) -> Iterator[Issue]:
    for one in suggestions:
        if not isinstance(parse_action(one.action), Reply | OpenUrl | Dial | ActionProblem):
            said = _("{name}: Twilio has replies, web pages and calls alone.")
            yield Issue(field, said.format(name=one.label[:20]))


def _types(content: Content) -> dict[str, Any]:
    match content.kind:
        case ContentKind.TEXT:
            # Without media the card is a text with suggestions below it.
            card = {"body": content.text, "actions": _buttons(content.suggestions)}
            return {"twilio/card": without_empty(card)}
        case ContentKind.CARD:
            one = content.card
            own = {
                "title": one.title,
                "body": one.description,
                "media": [one.media] if one.media else [],
                "actions": _buttons((*one.suggestions, *content.suggestions)),
            }
            return {"twilio/card": without_empty(own)}
        case ContentKind.CAROUSEL:
            # RCS drops the body; the field is required all the same.
            body = content.text or content.fallback or content.card.title
            return {"twilio/carousel": {"body": body, "cards": [_card(c) for c in content.cards]}}


def _card(card: Card) -> dict[str, Any]:
    return without_empty(
        {
            "title": card.title,
            "body": card.description,
            "media": card.media,
            "actions": _buttons(card.suggestions),
        }
    )


def _buttons(suggestions: Iterable[Suggestion]) -> list[dict[str, str]]:
    """Return those that Twilio has, whose action is clear."""
    found = []
    for one in suggestions:
        match parse_action(one.action):
            case Reply():
                found.append({"type": "QUICK_REPLY", "title": one.label, "id": one.label})
            case OpenUrl(url):
                found.append({"type": "URL", "title": one.label, "url": url})
            case Dial(number):
                found.append({"type": "PHONE_NUMBER", "title": one.label, "phone": number})
    return found
