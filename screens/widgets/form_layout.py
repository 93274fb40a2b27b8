"""How a form is laid out: its columns, the order of its fields, its wrapped notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

from rich.console import Console
from rich.text import Text

from smstui.i18n import _
from smstui.providers.fields import FieldSpec, Issue, Kind, Offer, Severity

MARKER = "▌"
"""Stands before the label of the field that has the focus."""
GAP = 2
EDITOR_WIDTH = 60
LEAST_EDITOR, LEAST_REMARK, MOST_REMARK = 38, 19, 26
"""Editors of 38 cells hold a SID and a long example; what is more than that goes to the remarks."""
LONGEST_LABEL, LONGEST_LABEL_NARROW = 22, 16
NARROW = 70
"""Below this many columns there is no room for remarks beside the editors."""


@dataclass(frozen=True, slots=True)
class Columns:
    """How many cells the labels have, and the remarks (0 for none); editors have the rest."""

    label: int
    remark: int


class Note(NamedTuple):
    """A sentence below a field: its sign, its words, and the kind that its style is named for."""

    sign: str
    sentence: str
    kind: str


def columns_for(specs: Iterable[FieldSpec], width: int) -> Columns:
    """Return the columns of a form.

    Args:
        specs: its fields; the longest label decides, a switch has its label behind it.
        width: how many cells the form has.
    """
    labels = (len(_(spec.label)) for spec in specs if spec.kind is not Kind.SWITCH)
    longest = max(labels, default=0)
    if width < NARROW:
        return Columns(min(longest, LONGEST_LABEL_NARROW) + len(MARKER) + GAP, 0)
    label = min(longest, LONGEST_LABEL) + len(MARKER) + GAP
    spare = width - 2 - label - LEAST_EDITOR
    return Columns(label, max(LEAST_REMARK, min(spare, MOST_REMARK)))


def hanging(sign: str, text: Text, room: int, console: Console) -> Iterator[Text]:
    """Yield text in lines of at most ``room`` cells, with a sign before the first one."""
    for number, line in enumerate(text.wrap(console, room - len(sign) - 1)):
        lead = sign if number == 0 else " " * len(sign)
        yield Text(f"{lead} ", text.style) + line


def notes(offer: Offer | None, said: str, issues: Sequence[Issue]) -> Iterator[Note]:
    """Yield what is to be said below a field.

    Args:
        offer: what a paste would fill in; while there is one, issues offer nothing.
        said: what was done to the value.
        issues: what is wrong with it.
    """
    if offer is not None:
        yield Note(" ", f"Ctrl+G  {offer.label}", "offer")
        leave = _("Esc leaves it; pasted again, it goes in as it stands.")
        yield Note("·", " ".join(filter(None, (offer.remark, leave))), "said")
    if said:
        yield Note("·", said, "said")
    for issue in issues:
        is_error = issue.severity is Severity.ERROR
        yield Note("✗" if is_error else "!", issue.message, issue.severity.value)
        if issue.offer is not None and offer is None:
            yield Note(" ", f"Ctrl+G  {issue.offer.label}", "offer")


def grouped(specs: Mapping[str, FieldSpec]) -> list[str]:
    """Return the field names in order, members of a group behind its first one."""
    order: dict[str, list[str]] = {}
    for key, spec in specs.items():
        order.setdefault(f"group {spec.group}" if spec.group else f"field {key}", []).append(key)
    return [key for keys in order.values() for key in keys]


def same_start(before: Mapping[str, FieldSpec], after: Mapping[str, FieldSpec]) -> list[str]:
    """Return the names of the fields that both have first; they need not be made again."""
    pairs = zip(before.items(), after.items(), strict=False)
    return [key for (key, _spec), _other in takewhile(lambda both: both[0] == both[1], pairs)]


def shortened(remark: str, room: int) -> str:
    """Return a remark without its last, least important parts, if it is too long otherwise."""
    while len(remark) > room and ", " in remark:
        remark = remark.rpartition(", ")[0]
    return remark
