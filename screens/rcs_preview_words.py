"""What the preview of an RCS message shows at its right, styled."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from textual.content import Content

from screens.widgets.cells import Cell
from smstui.i18n import _
from smstui.providers.fields import Issue, Severity
from smstui.rcs.base import SentPart
from smstui.rcs.cells import Line, Role
from smstui.rcs.content import Content as Message
from smstui.rcs.content import ContentKind
from smstui.rcs.content_checks import Measure
from smstui.text import clean

STYLES: dict[Role, str] = {
    "": "",
    "frame": "$foreground-muted",
    "brand": "bold $block-cursor-foreground on $block-cursor-background",
    "name": "bold",
    "muted": "$foreground-muted",
    "title": "bold",
    "media": "$foreground-muted",
    "button": "$primary",
    "chip": "$primary",
    "caption": "$foreground-muted",
}


def title_of(agent: str, route_name: str, content: Message, card: int) -> str:
    """Return whose message it is, and which card of a carousel one is at.

    Args:
        agent: the sender's display name.
        route_name: the way to RCS.
        content: the message.
        card: the card, counted from 0.
    """
    named = clean(agent) or _("no name yet")
    title = _("Message · {agent} · {route}").format(agent=named, route=route_name)
    if content.kind is not ContentKind.CAROUSEL:
        return title
    place = _("card {number} of {count}")
    return f"{title} · {place.format(number=card + 1, count=max(len(content.cards), 1))}"


def trouble_of(elsewhere: Iterable[Issue]) -> str:
    """Return the first error of a card that one is not at; empty when there is none."""
    first = next((issue for issue in elsewhere if issue.severity is Severity.ERROR), None)
    if first is None:
        return ""
    number = first.field.split(".")[1]
    return _("Card {number}: {what}").format(number=number, what=clean(first.message))


def picture_content(lines: Sequence[Line], color: str) -> Content:
    """Return a picture with its styles.

    Args:
        lines: as `smstui.rcs.picture` draws them.
        color: of the brand, ``#1A5FB4``; empty for none.
    """
    styles = {**STYLES, "brand": f"bold #ffffff on {color}"} if color else STYLES
    drawn = (Content.assemble(*((s.text, styles[s.role]) for s in line)) for line in lines)
    return Content("\n").join(drawn)


def sent_content(parts: Sequence[SentPart]) -> Content:
    """Return the requests that a message becomes, or that their format is not known."""
    return Content("\n").join(_sent(parts))


def _sent(parts: Sequence[SentPart]) -> Iterator[Content]:
    if not parts:
        said = _("How this provider takes more than a text is not known here.")
        yield Content.styled(said, STYLES["muted"])
        return
    for part in parts:
        yield Content.styled(part.request, "bold")
        if part.remark:
            yield Content.styled(part.remark, STYLES["muted"])
        yield Content(clean(_body(part), keep="\n"))
        yield Content()
    said = _("In angle brackets stands what is yours to fill in.")
    yield Content.styled(said, STYLES["muted"])


def bodies(parts: Sequence[SentPart]) -> str:
    """Return the bodies of requests, one below the other."""
    return "\n".join(_body(part) for part in parts)


def _body(part: SentPart) -> str:
    return json.dumps(part.document, indent=2, ensure_ascii=False)


def measure_lines(found: Sequence[Measure], source: str, width: int) -> list[list[Cell]]:
    """Return how much of the limits is used, side by side, and below whose limits they are.

    Args:
        found: the limits.
        source: the page they were taken from.
        width: of the lines, in cells.
    """
    lines: list[list[Cell]] = [[]]
    used = 0
    for one in found:
        cell = _measured(one)
        room = len(cell.text) + (2 if used else 0)
        if used and used + room > width:
            lines.append([])
            used, room = 0, len(cell.text)
        lines[-1] += [Cell("  "), cell] if used else [cell]
        used += room
    return [*lines, [Cell(source.removeprefix("https://"), "muted")]]


def _measured(one: Measure) -> Cell:
    """Return one limit and how much of it is used: ``Text 57/3072``."""
    most = "" if one.most is None else f"/{one.most}"
    said = f"{_(one.label)} {one.count}{most}"
    return Cell(f"✗ {said}", "error") if one.over else Cell(said, "muted")
