"""What is wrong with a message, and how much of its limits it takes.

Issues name their field: ``kind``, ``text``, ``suggestions``, ``fallback``, and of a card
``cards.1.title``, ``.description``, ``.media``, ``.height``, ``.suggestions``, counted from 1.

Sources: the limits of a route are those of its page (`Limits.source`); that TALL media fit no small
card of a carousel, and what a card holds at least, is Google's reference of RCS for Business.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from smstui.i18n import N_, _, ngettext
from smstui.messaging.parts import count_parts
from smstui.providers.fields import Issue, Severity
from smstui.rcs.actions import ActionProblem, Reply, parse_action
from smstui.rcs.base import Limits, Route
from smstui.rcs.checks import MOST_URL, check_web
from smstui.rcs.content import Card, Content, ContentKind, Height, Suggestion, Width
from smstui.text import clean

MOST_FALLBACK = 1500
"""Characters of an SMS that Adobe's editor takes."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How much of a limit is used.

    Attributes:
        label: what is counted, marked with `N_`.
        count: how many there are.
        most: how many are taken; None where nothing is published.
    """

    label: str
    count: int
    most: int | None

    @property
    def over(self) -> int:
        """How many are too many."""
        return 0 if self.most is None else max(self.count - self.most, 0)


def check_content(content: Content, route: Route) -> list[Issue]:
    """Return all that is wrong with a message that a route is to send."""
    return [*check(content, route.limits), *route.content_rules(content)]


def check(content: Content, limits: Limits) -> list[Issue]:
    """Return what is wrong with a message by itself, within these limits."""
    return [
        *_body(content, limits),
        *_suggestions("suggestions", content.suggestions, limits, _most_chips(content, limits)),
        *_fallback(content.fallback),
    ]


def measures(content: Content, limits: Limits, card: int = 0) -> list[Measure]:
    """Return how much of the limits a message takes.

    Args:
        content: the message.
        limits: of its route.
        card: which card of a carousel is looked at, counted from 0.
    """
    found = []
    if content.kind is ContentKind.TEXT:
        found.append(Measure(N_("Text"), len(content.text), limits.text))
    else:
        shown = content.cards[card] if card < len(content.cards) else Card()
        found += [
            Measure(N_("Title"), len(shown.title), limits.title),
            Measure(N_("Description"), len(shown.description), limits.description),
            Measure(N_("Card buttons"), len(shown.suggestions), limits.card_suggestions),
        ]
    if content.kind is ContentKind.CAROUSEL:
        found.append(Measure(N_("Cards"), len(content.cards), limits.cards[1]))
    chips = Measure(N_("Suggestions"), len(content.suggestions), _most_chips(content, limits))
    return [*found, chips]


def _most_chips(content: Content, limits: Limits) -> int | None:
    if content.kind is ContentKind.CAROUSEL and limits.carousel_suggestions is not None:
        return limits.carousel_suggestions
    return limits.suggestions


def _body(content: Content, limits: Limits) -> Iterator[Issue]:
    match content.kind:
        case ContentKind.TEXT:
            if not content.text.strip():
                yield Issue("text", _("A text message says something."))
            yield from _length("text", content.text, limits.text)
        case ContentKind.CAROUSEL:
            least, most = limits.cards
            if not least <= len(content.cards) <= most:
                said = _("A carousel has {least} to {most} cards; this has {count}.")
                count = len(content.cards)
                yield Issue("kind", said.format(least=least, most=most, count=count))
            for number, card in enumerate(content.cards, start=1):
                if card.media and card.height is Height.TALL and content.width is Width.SMALL:
                    said = _("Small cards of a carousel have no tall media.")
                    yield Issue(f"cards.{number}.height", said)
    for number, card in enumerate(content.shown_cards, start=1):
        yield from _card(f"cards.{number}", card, limits)


def _card(place: str, card: Card, limits: Limits) -> Iterator[Issue]:
    if not (card.title or card.description or card.media):
        yield Issue(f"{place}.title", _("A card has a title, a description or media."))
    yield from _length(f"{place}.title", card.title, limits.title)
    yield from _length(f"{place}.description", card.description, limits.description)
    if card.media:
        yield from (Issue(f"{place}.media", m, s) for s, m in check_web(card.media))
        yield from _length(f"{place}.media", card.media, MOST_URL)
    own = card.suggestions
    yield from _suggestions(f"{place}.suggestions", own, limits, limits.card_suggestions)


def _length(field: str, text: str, most: int | None) -> Iterator[Issue]:
    if most is not None and len(text) > most:
        yield Issue(field, _too_long(text, most))


def _too_long(text: str, most: int) -> str:
    over = len(text) - most
    said = ngettext(
        "{over} character too many: {most} fit, this has {count}.",
        "{over} characters too many: {most} fit, this has {count}.",
        over,
    )
    return said.format(over=over, most=most, count=len(text))


def _suggestions(
    field: str, suggestions: tuple[Suggestion, ...], limits: Limits, most: int | None
) -> Iterator[Issue]:
    if most is not None and len(suggestions) > most:
        over = len(suggestions) - most
        said = ngettext(
            "{over} too many: {most} fit, these are {count}.",
            "{over} too many: {most} fit, these are {count}.",
            over,
        )
        yield Issue(field, said.format(over=over, most=most, count=len(suggestions)))
    for number, one in enumerate(suggestions, start=1):
        name = clean(one.label)[:20] or str(number)
        action = parse_action(one.action)
        if not one.label.strip():
            yield Issue(field, _("{name}: the label is missing.").format(name=name))
        is_reply = isinstance(action, Reply)
        fits = limits.suggestion if is_reply else limits.action_label or limits.suggestion
        if fits is not None and len(one.label) > fits:
            yield Issue(field, f"{name}: {_too_long(one.label, fits)}")
        if isinstance(action, ActionProblem):
            yield Issue(field, f"{name}: {action.message}")
    twice = [
        label for label, count in Counter(one.label for one in suggestions).items() if count > 1
    ]
    if twice:
        said = _("{name} stands there twice; a reply tells its label alone.")
        yield Issue(field, said.format(name=clean(twice[0])[:20]), Severity.WARNING)


def _fallback(text: str) -> Iterator[Issue]:
    if not text.strip():
        said = _("Who has no RCS gets nothing. Adobe starts no campaign without a fallback text.")
        yield Issue("fallback", said, Severity.WARNING)
        return
    if len(text) > MOST_FALLBACK:
        yield Issue("fallback", _too_long(text, MOST_FALLBACK))
    parts = count_parts(text).parts
    if parts > 1:
        said = _("This SMS goes out in {n} parts, and each is charged.")
        yield Issue("fallback", said.format(n=parts), Severity.WARNING)
