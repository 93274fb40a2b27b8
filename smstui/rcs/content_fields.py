"""The fields in which a message is typed, and how a message becomes a draft and comes back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from smstui.i18n import N_, _
from smstui.providers.fields import (
    Choice,
    Draft,
    FieldSpec,
    Issue,
    Kind,
    Pairs,
    Value,
    text_of,
)
from smstui.rcs.base import Limits
from smstui.rcs.content import (
    Card,
    Content,
    ContentKind,
    Height,
    Orientation,
    Suggestion,
    Width,
)
from smstui.webhooks.replies import parts_note

CARD_FIELDS = ("title", "description", "media", "height", "orientation", "buttons")
"""Those of the card that one is at."""

_KINDS = {
    ContentKind.TEXT: N_("Text"),
    ContentKind.CARD: N_("Card"),
    ContentKind.CAROUSEL: N_("Carousel"),
}
_HEIGHTS = {
    Height.SHORT: N_("short"),
    Height.MEDIUM: N_("medium"),
    Height.TALL: N_("tall"),
}
_ORIENTATIONS = {
    Orientation.VERTICAL: N_("media above the text"),
    Orientation.HORIZONTAL: N_("media beside the text"),
}
_WIDTHS = {Width.SMALL: N_("small"), Width.MEDIUM: N_("medium")}
_ACTIONS = N_("Action: nothing, https://, tel:, geo:45.4,9.1, location, times.")
_WORDS = (N_("label"), N_("action"))


def content_specs(limits: Limits) -> dict[str, FieldSpec]:
    """Return the fields by name, with remarks on how much of the limits is used.

    What is wrong is told by `smstui.rcs.content_checks`.
    """
    return {
        "kind": FieldSpec(
            label=N_("Kind"),
            kind=Kind.CHOICE,
            help=N_("What is typed for another kind stays."),
            required=True,
            choices=tuple(Choice(value, word) for value, word in _KINDS.items()),
            default=ContentKind.TEXT.value,
        ),
        "text": FieldSpec(
            label=N_("Text"),
            help=N_("What the message says."),
            multiline=True,
            shown_when=_is(ContentKind.TEXT),
            note=_count(limits.text),
        ),
        **_card_specs(limits),
        "width": FieldSpec(
            label=N_("Card width"),
            kind=Kind.CHOICE,
            help=N_("Of all cards; beside small ones more is seen of the next."),
            required=True,
            choices=tuple(Choice(value, word) for value, word in _WIDTHS.items()),
            default=Width.MEDIUM.value,
            shown_when=_is(ContentKind.CAROUSEL),
        ),
        "suggestions": FieldSpec(
            label=N_("Suggestions"), kind=Kind.PAIRS, help=_ACTIONS, pair_words=_WORDS
        ),
        "fallback": FieldSpec(
            label=N_("SMS fallback"),
            help=N_("The SMS to who has no RCS."),
            multiline=True,
            note=parts_note,
        ),
    }


def _card_specs(limits: Limits) -> dict[str, FieldSpec]:
    has_card = _is(ContentKind.CARD, ContentKind.CAROUSEL)
    return {
        "title": FieldSpec(
            label=N_("Title"),
            help=N_("In bold letters."),
            shown_when=has_card,
            note=_count(limits.title),
        ),
        "description": FieldSpec(
            label=N_("Description"),
            help=N_("Below the title."),
            multiline=True,
            shown_when=has_card,
            note=_count(limits.description),
        ),
        "media": FieldSpec(
            label=N_("Media URL"),
            help=N_("Public https address of a picture or film."),
            placeholder="https://…",
            shown_when=has_card,
        ),
        "height": FieldSpec(
            label=N_("Media height"),
            kind=Kind.CHOICE,
            help=N_("How much of the card the media take."),
            required=True,
            choices=tuple(Choice(value, word) for value, word in _HEIGHTS.items()),
            default=Height.MEDIUM.value,
            shown_when=lambda draft: has_card(draft) and bool(text_of(draft.get("media"))),
        ),
        "orientation": FieldSpec(
            label=N_("Orientation"),
            kind=Kind.CHOICE,
            help=N_("Where the media stand."),
            required=True,
            choices=tuple(Choice(value, word) for value, word in _ORIENTATIONS.items()),
            default=Orientation.VERTICAL.value,
            shown_when=_is(ContentKind.CARD),
        ),
        "buttons": FieldSpec(
            label=N_("Card buttons"),
            kind=Kind.PAIRS,
            help=_ACTIONS,
            pair_words=_WORDS,
            shown_when=has_card,
        ),
    }


def _is(*kinds: ContentKind) -> Callable[[Draft], bool]:
    return lambda draft: text_of(draft.get("kind")) in kinds


def _count(most: int | None) -> Callable[[str], str]:
    def note(text: str) -> str:
        if most is None:
            return str(len(text))
        return _("{count} of {length}").format(count=len(text), length=most)

    return note


def content_draft(content: Content, card: int) -> dict[str, Value]:
    """Return a message as a draft of its fields.

    Args:
        content: the message.
        card: the card that one is at, counted from 0.
    """
    return {
        "kind": content.kind.value,
        "text": content.text,
        **card_draft(content, card),
        "width": content.width.value,
        "suggestions": _pairs(content.suggestions),
        "fallback": content.fallback,
    }


def card_draft(content: Content, card: int) -> dict[str, Value]:
    """Return one card of a message as a draft of `CARD_FIELDS`."""
    one = content.cards[card] if card < len(content.cards) else Card()
    return {
        "title": one.title,
        "description": one.description,
        "media": one.media,
        "height": one.height.value,
        "orientation": one.orientation.value,
        "buttons": _pairs(one.suggestions),
    }


def typed(content: Content, draft: Draft, card: int) -> Content:
    """Return a message with what a draft holds.

    Args:
        content: the message as it was.
        draft: its fields, those of the card among them.
        card: the card that these belong to, counted from 0.
    """
    own = Card(
        title=text_of(draft.get("title")),
        description=text_of(draft.get("description")),
        media=text_of(draft.get("media")).strip(),
        height=Height(text_of(draft.get("height")) or Height.MEDIUM),
        orientation=Orientation(text_of(draft.get("orientation")) or Orientation.VERTICAL),
        suggestions=_suggestions(draft.get("buttons")),
    )
    cards = list(content.cards)
    if card < len(cards):
        cards[card] = own
    elif own != Card():
        cards.append(own)
    return dataclasses.replace(
        content,
        kind=ContentKind(text_of(draft.get("kind")) or ContentKind.TEXT),
        text=text_of(draft.get("text")),
        cards=tuple(cards),
        width=Width(text_of(draft.get("width")) or Width.MEDIUM),
        suggestions=_suggestions(draft.get("suggestions")),
        fallback=text_of(draft.get("fallback")),
    )


def issues_by_field(issues: list[Issue], card: int) -> tuple[list[Issue], list[Issue]]:
    """Return issues at the fields of a draft, and those of other cards, whose fields are not there.

    Args:
        issues: as `smstui.rcs.content_checks` tells them.
        card: the card that one is at, counted from 0.
    """
    here, elsewhere = [], []
    own = f"cards.{card + 1}."
    for issue in issues:
        if issue.field.startswith(own):
            name = issue.field.removeprefix(own)
            name = "buttons" if name == "suggestions" else name
            here.append(dataclasses.replace(issue, field=name))
        elif issue.field.startswith("cards."):
            elsewhere.append(issue)
        else:
            here.append(issue)
    return here, elsewhere


def _pairs(suggestions: tuple[Suggestion, ...]) -> Pairs:
    return tuple((one.label, one.action) for one in suggestions)


def _suggestions(value: Value) -> tuple[Suggestion, ...]:
    pairs = value if isinstance(value, tuple) else ()
    return tuple(Suggestion(label, action) for label, action in pairs)
