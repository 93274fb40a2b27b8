"""A message as subscribers get it: text, card or carousel, suggestions, and the SMS in its stead.

A content is what was typed, right or wrong: what is wrong is told by `smstui.rcs.content_checks`.
It keeps the text while it is a card, and the cards while it is a text, so that trying another kind
loses nothing; drawing and sending heed the kind.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.providers.payload import InvalidJson, parse_json
from smstui.text import clean

Chosen = TypeVar("Chosen", bound=StrEnum)

MOST_CHARACTERS = 200_000
"""Of the JSON of a message that is read."""


class ContentKind(StrEnum):
    """What a message is. The values are kept in the store."""

    TEXT = "text"
    CARD = "card"
    CAROUSEL = "carousel"


class Height(StrEnum):
    """How high the media of a card is: 112, 168 or 264 of Google's DP."""

    SHORT = "short"
    MEDIUM = "medium"
    TALL = "tall"


class Orientation(StrEnum):
    """Whether a card's media stands above its text, or beside it."""

    VERTICAL = "vertical"
    HORIZONTAL = "horizontal"


class Width(StrEnum):
    """How wide the cards of a carousel are: 180 or 296 of Google's DP."""

    SMALL = "small"
    MEDIUM = "medium"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to tap.

    Attributes:
        label: what it says; a reply sends that back.
        action: what it does, in the notation of `smstui.rcs.actions`; empty for a reply.
    """

    label: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A card, alone or in a carousel.

    Attributes:
        title, description: its texts.
        media: the address of a picture or film; empty for none.
        height: of the media.
        orientation: of a card that stands alone; in a carousel all are vertical.
        suggestions: its buttons.
    """

    title: str = ""
    description: str = ""
    media: str = ""
    height: Height = Height.MEDIUM
    orientation: Orientation = Orientation.VERTICAL
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """A message.

    Attributes:
        kind: which of the following counts.
        text: of a text.
        cards: the first one is a card that stands alone.
        width: of the cards of a carousel.
        suggestions: chips below the message, whatever its kind.
        fallback: what goes out as SMS to who has no RCS.
    """

    kind: ContentKind = ContentKind.TEXT
    text: str = ""
    cards: tuple[Card, ...] = ()
    width: Width = Width.MEDIUM
    suggestions: tuple[Suggestion, ...] = ()
    fallback: str = ""

    @property
    def card(self) -> Card:
        """The card that stands alone; an empty one where none was typed."""
        return self.cards[0] if self.cards else Card()

    @property
    def shown_cards(self) -> tuple[Card, ...]:
        """The cards that its kind shows; none for a text."""
        match self.kind:
            case ContentKind.TEXT:
                return ()
            case ContentKind.CARD:
                return (self.card,)
            case ContentKind.CAROUSEL:
                return self.cards


class InvalidContent(SmstuiError):
    """A text is not the JSON of a message; the sentence says where and why."""

    title = N_("The message cannot be read")


def to_json(content: Content) -> str:
    """Return a content as JSON, indented; what is empty or as usual is left out."""
    document: dict[str, Any] = {"kind": content.kind.value}
    if content.text:
        document["text"] = content.text
    if content.cards:
        document["cards"] = [_card_document(card) for card in content.cards]
    if content.width is not Width.MEDIUM:
        document["width"] = content.width.value
    if content.suggestions:
        document["suggestions"] = _suggestion_documents(content.suggestions)
    if content.fallback:
        document["fallback"] = content.fallback
    return json.dumps(document, indent=2, ensure_ascii=False)


def _card_document(card: Card) -> dict[str, Any]:
    document: dict[str, Any] = {
        name: text
        for name, text in (
            ("title", card.title),
            ("description", card.description),
            ("media", card.media),
        )
        if text
    }
    if card.height is not Height.MEDIUM:
        document["height"] = card.height.value
    if card.orientation is not Orientation.VERTICAL:
        document["orientation"] = card.orientation.value
    if card.suggestions:
        document["suggestions"] = _suggestion_documents(card.suggestions)
    return document


def _suggestion_documents(suggestions: tuple[Suggestion, ...]) -> list[dict[str, str]]:
    return [
        {"label": one.label, "action": one.action} if one.action else {"label": one.label}
        for one in suggestions
    ]


def from_json(text: str) -> Content:
    """Return the content of a JSON text; unprintable characters in it are replaced.

    Raises:
        InvalidContent: it is no such JSON; the sentence says where and why.
    """
    if len(text) > MOST_CHARACTERS:
        said = _("This has {count} characters; a message has at most {most}.")
        raise InvalidContent(said.format(count=len(text), most=MOST_CHARACTERS))
    try:
        document = parse_json(text)
    except InvalidJson as error:
        raise InvalidContent(error.message) from None
    record = _record(document, "", ("kind", "text", "cards", "width", "suggestions", "fallback"))
    return Content(
        kind=_choice(record, "kind", "", ContentKind.TEXT),
        text=_text(record, "text", ""),
        cards=tuple(
            _card(one, f"cards.{number}.")
            for number, one in enumerate(_list(record, "cards", ""), start=1)
        ),
        width=_choice(record, "width", "", Width.MEDIUM),
        suggestions=_suggestions(record, ""),
        fallback=_text(record, "fallback", ""),
    )


def _card(document: Any, place: str) -> Card:
    names = ("title", "description", "media", "height", "orientation", "suggestions")
    record = _record(document, place, names)
    return Card(
        title=_text(record, "title", place),
        description=_text(record, "description", place),
        media=_text(record, "media", place),
        height=_choice(record, "height", place, Height.MEDIUM),
        orientation=_choice(record, "orientation", place, Orientation.VERTICAL),
        suggestions=_suggestions(record, place),
    )


def _suggestions(record: Mapping[str, Any], place: str) -> tuple[Suggestion, ...]:
    found = []
    for number, document in enumerate(_list(record, "suggestions", place), start=1):
        inner = f"{place}suggestions.{number}."
        one = _record(document, inner, ("label", "action"))
        found.append(Suggestion(_text(one, "label", inner), _text(one, "action", inner)))
    return tuple(found)


def _record(document: Any, place: str, names: tuple[str, ...]) -> Mapping[str, Any]:
    """Return an object that holds nothing but these names: what is not read would get lost."""
    if not isinstance(document, dict):
        where = place.rstrip(".") or _("The message")
        raise InvalidContent(_("{place} is an object, in curly brackets.").format(place=where))
    strange = next((name for name in document if name not in names), None)
    if strange is not None:
        said = _("{place} is not known here. Known: {known}.")
        where = f"{place}{clean(strange)[:60]}"
        raise InvalidContent(said.format(place=where, known=", ".join(names)))
    return document


def _text(record: Mapping[str, Any], name: str, place: str) -> str:
    value = record.get(name, "")
    if not isinstance(value, str):
        said = _("{place} is a text, in double quotes.")
        raise InvalidContent(said.format(place=f"{place}{name}"))
    return clean(value.replace("\r\n", "\n").replace("\r", "\n"), keep="\n\t")


def _list(record: Mapping[str, Any], name: str, place: str) -> list[Any]:
    value = record.get(name, [])
    if not isinstance(value, list):
        said = _("{place} is a list, in square brackets.")
        raise InvalidContent(said.format(place=f"{place}{name}"))
    return value


def _choice(record: Mapping[str, Any], name: str, place: str, default: Chosen) -> Chosen:
    kind = type(default)
    value = record.get(name, default.value)
    try:
        return kind(value)
    except ValueError:
        said = _("{place} is one of: {known}.")
        known = ", ".join(one.value for one in kind)
        raise InvalidContent(said.format(place=f"{place}{name}", known=known)) from None
