"""A message drawn as text, as a phone shows it: header, bubble or cards, suggestions.

A function of its arguments: the same message makes the same lines, each exactly as wide as asked.
Phones differ; this one shows the order, what is cut, and what is to be tapped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote, urlsplit

from rich.cells import cell_len

from smstui.i18n import _, ngettext
from smstui.messaging.parts import cut_into_parts
from smstui.rcs.actions import SIGNS, parse_action
from smstui.rcs.cells import Line, Role, Span, clusters, fit, padded, width_of, wrap
from smstui.rcs.content import (
    Card,
    Content,
    ContentKind,
    Height,
    Orientation,
    Suggestion,
    Width,
)
from smstui.text import clean

LEAST_WIDTH = 20
"""Cells below which no phone is drawn; a narrower one is drawn that wide."""
LEAST_CARD = 14
"""Cells of a card of a carousel; where there is no room for two, they stand below each other."""

ROOMY = 18
"""Cells of media that have room for more than their name."""

_ROWS = {Height.SHORT: 2, Height.MEDIUM: 3, Height.TALL: 5}
_SHADE = "░"
_FILMS = ("mp4", "m4v", "mpeg", "mpeg4", "webm", "h263")
"""Endings of films that RCS takes, by Google's guide to rich cards."""


def picture(
    content: Content, agent: str, width: int, *, height: int = 0, card: int = 0
) -> list[Line]:
    """Return a message as a phone shows it.

    Args:
        content: the message.
        agent: the sender's display name.
        width: cells of each line, `LEAST_WIDTH` at least.
        height: lines that the phone has at least.
        card: the card of a carousel that stands at the left, counted from 0.
    """
    width = max(width, LEAST_WIDTH)
    inner = width - 4
    if content.kind is ContentKind.TEXT:
        body = list(_bubble(content.text, inner - 2))
    elif content.kind is ContentKind.CARD:
        body = _card(content.card, inner, is_alone=True)
    else:
        body = list(_carousel(content, inner, card))
    on_cards = (one for each in content.shown_cards for one in each.suggestions)
    shown = (*on_cards, *content.suggestions)
    body += _chips(content.suggestions, inner)
    return _phone(
        _head(agent or _("Agent"), _("RCS business message")),
        body,
        width,
        height,
        _legend(shown, inner),
    )


def sms_picture(text: str, sender: str, width: int, *, height: int = 0) -> list[Line]:
    """Return a fallback as a phone shows it, cut into the parts that are charged.

    Args:
        text: of the SMS.
        sender: whom it comes from; empty when that is not known.
        width: cells of each line, `LEAST_WIDTH` at least.
        height: lines that the phone has at least.
    """
    width = max(width, LEAST_WIDTH)
    inner = width - 4
    parts = cut_into_parts(text)
    body: list[Line] = []
    if len(parts) < 2:
        body += _bubble(text, inner - 2)
    for number, part in enumerate(parts if len(parts) > 1 else (), start=1):
        said = _("part {number} of {count}").format(number=number, count=len(parts))
        body.append((Span(f"── {said} ", "caption"),))
        body += _bubble(part, inner - 2)
    count = ngettext("{n} part, charged once", "{n} parts, each charged", len(parts))
    legend: list[Line] = [(Span(count.format(n=len(parts)), "muted"),)] if parts else []
    return _phone(_head(sender or _("SMS sender"), _("SMS, no RCS")), body, width, height, legend)


# The phone


def _head(name: str, about: str) -> list[Line]:
    """Return the head of a conversation: a mark in the brand's colour, the name, what it is."""
    first = next(clusters(clean(name).strip()), "?")
    mark = f" {first.upper() if len(first) == 1 else first} "
    if cell_len(mark) > 4:  # "ß" has two capitals
        mark = f" {first} "
    blank = " " * cell_len(mark)
    return [
        (Span(mark, "brand"), Span(" "), Span(clean(name), "name")),
        (Span(blank, "brand"), Span(" "), Span(about, "muted")),
    ]


def _phone(
    head: Sequence[Line], body: Iterable[Line], width: int, height: int, foot: Sequence[Line]
) -> list[Line]:
    inner = width - 4
    rows = list(body)
    missing = height - len(head) - len(rows) - len(foot) - 3
    rows += [()] * max(missing, 1 if foot else 0)
    return [
        (Span(f"╭{'─' * (width - 2)}╮", "frame"),),
        *(_framed(line, inner) for line in head),
        (Span(f"├{'─' * (width - 2)}┤", "frame"),),
        *(_framed(line, inner) for line in (*rows, *foot)),
        (Span(f"╰{'─' * (width - 2)}╯", "frame"),),
    ]


def _framed(line: Line, inner: int) -> Line:
    """Return a line between the sides of the phone, or of a bubble, with a blank at each."""
    return (Span("│ ", "frame"), *padded(line, inner), Span(" │", "frame"))


def _legend(suggestions: Iterable[Suggestion], width: int) -> list[Line]:
    """Return what the signs of the suggestions say, each once."""
    kinds = dict.fromkeys(type(parse_action(one.action)) for one in suggestions)
    signs = (SIGNS[kind] for kind in kinds)
    said = (Span(fit(f"{sign} {_(word)}", width).rstrip(), "muted") for sign, word in signs)
    return _flow(said, width, gap=2)


# What is in it


def _bubble(text: str, width: int) -> Iterator[Line]:
    """Yield a bubble around a text, as wide as the text needs and ``width`` cells at most."""
    role: Role = ""
    if not text.strip():
        text, role = _("nothing typed yet"), "muted"
    lines = wrap(text, width - 4)
    inner = max(cell_len(line) for line in lines)
    yield (Span(f"╭{'─' * (inner + 2)}╮", "frame"),)
    for line in lines:
        yield _framed((Span(line, role),), inner)
    yield (Span(f"╰{'─' * (inner + 2)}╯", "frame"),)


def _chips(suggestions: Iterable[Suggestion], width: int) -> list[Line]:
    """Return suggestions side by side, as many lines as they need."""
    chips = (Span(f"({_signed(one, width - 2).rstrip()})", "chip") for one in suggestions)
    return _flow(chips, width)


def _flow(spans: Iterable[Span], width: int, *, gap: int = 1) -> list[Line]:
    """Return pieces side by side in lines of at most ``width`` cells."""
    lines: list[Line] = []
    current: Line = ()
    for span in spans:
        if current and width_of(current) + gap + cell_len(span.text) > width:
            lines.append(current)
            current = ()
        current = (*current, Span(" " * gap), span) if current else (span,)
    return [*lines, current] if current else lines


def _signed(one: Suggestion, width: int) -> str:
    """Return a suggestion's sign and label, in exactly ``width`` cells."""
    sign, _word = SIGNS[type(parse_action(one.action))]
    return fit(f"{sign} {one.label.strip() or '…'}", width)


def _card(card: Card, width: int, *, is_alone: bool = False, height: int = 0) -> list[Line]:
    """Return a card of exactly ``width`` cells.

    Args:
        card: the card.
        width: cells of each line.
        is_alone: heed its orientation.
        height: lines that it has at least.
    """
    inner = width - 4
    has_media_beside = is_alone and card.orientation is Orientation.HORIZONTAL and card.media
    if has_media_beside:
        body = list(_beside(card, inner))
    else:
        body = [*_media(card, inner), *_texts(card, inner)]
    if not body:
        body = [(Span(line, "muted"),) for line in wrap(_("an empty card"), inner)]
    buttons: list[Line] = [(Span(_signed(one, inner), "button"),) for one in card.suggestions]
    rule: list[Line] = [(Span(f"├{'─' * (width - 2)}┤", "frame"),)] if buttons else []
    body += [()] * (height - len(body) - len(rule) - len(buttons) - 2)
    return [
        (Span(f"╭{'─' * (width - 2)}╮", "frame"),),
        *(_framed(line, inner) for line in body),
        *rule,
        *(_framed(line, inner) for line in buttons),
        (Span(f"╰{'─' * (width - 2)}╯", "frame"),),
    ]


def _texts(card: Card, width: int) -> list[Line]:
    lines: list[Line] = []
    if card.title:
        lines += [(Span(line, "title"),) for line in wrap(card.title, width)]
    if card.description:
        lines += [(Span(line),) for line in wrap(card.description, width)]
    return lines


def _media(card: Card, width: int, least: int = 0) -> list[Line]:
    """Return a stand-in for the media of a card: its kind and name on shaded ground."""
    if not card.media:
        return []
    rows = max(_ROWS[card.height], least)
    lines: list[Line] = [(Span(_SHADE * width, "media"),)] * rows
    said = f" {fit(_media_word(card.media, is_short=width < ROOMY), width - 2).rstrip()} "
    left = (width - cell_len(said)) // 2
    right = width - cell_len(said) - left
    lines[(rows - 1) // 2] = (
        Span(_SHADE * left, "media"),
        Span(said, "caption"),
        Span(_SHADE * right, "media"),
    )
    return lines


def _media_word(url: str, *, is_short: bool) -> str:
    """Return the kind of a card's media and its file's name; the name alone where it is short."""
    try:
        parts = urlsplit(url)
        name = unquote(parts.path.rpartition("/")[2]) or parts.netloc or url
    except ValueError:
        name = url
    if is_short:
        return name
    is_film = name.rpartition(".")[2].lower() in _FILMS
    said = _("film: {name}") if is_film else _("picture: {name}")
    return said.format(name=name)


def _beside(card: Card, width: int) -> Iterator[Line]:
    """Yield a card's media with its texts at the right."""
    left = width // 3
    texts = _texts(card, width - left - 1)
    media = _media(card, left, len(texts))
    texts += [()] * (len(media) - len(texts))
    for at_left, at_right in zip(media, texts, strict=True):
        yield (*at_left, Span(" "), *at_right)


def _carousel(content: Content, width: int, first: int) -> Iterator[Line]:
    """Yield the cards from one on, the last one cut where the screen ends."""
    cards = content.cards or (Card(),)
    first = min(max(first, 0), len(cards) - 1)
    share = (3, 5) if content.width is Width.SMALL else (4, 5)
    size = width * share[0] // share[1]
    if size < LEAST_CARD:
        for number, card in enumerate(cards):
            yield (Span(_place(number, len(cards)), "caption"),)
            yield from _card(card, width)
        return
    shown = cards[first : first + width // (size + 1) + 1]
    # Phones make all cards equally high; what is missing stands above the buttons.
    highest = max(len(_card(card, size)) for card in shown)
    drawn = [_card(card, size, height=highest) for card in shown]
    for row in zip(*drawn, strict=True):
        yield padded((span for line in row for span in (*line, Span(" "))), width)
    place = _place(first, len(cards))
    left, right = "‹ " if first else "", " ›" if first < len(cards) - 1 else ""
    yield (Span(f"{left}{place}{right}", "caption"),)


def _place(number: int, count: int) -> str:
    return _("card {number} of {count}").format(number=number + 1, count=count)
