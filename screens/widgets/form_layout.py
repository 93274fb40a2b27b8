"""Where the columns of a form are: labels, editors, remarks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from smstui.i18n import _
from smstui.providers.fields import FieldSpec, Kind

MARKER = "▌"
"""Stands before the label of the field that has the focus."""
GAP = 2
EDITOR_WIDTH = 60
LEAST_EDITOR, LEAST_REMARK, MOST_REMARK = 36, 19, 26
"""Editors of 36 cells hold a SID and the cursor; what is more than that goes to the remarks."""
LONGEST_LABEL, LONGEST_LABEL_NARROW = 22, 16
NARROW = 70
"""Below this many columns there is no room for remarks beside the editors."""


@dataclass(frozen=True, slots=True)
class Columns:
    """How many cells the labels have, and the remarks (0 for none); editors have the rest."""

    label: int
    remark: int


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


def shortened(remark: str, room: int) -> str:
    """Return a remark without its last, least important parts, if it is too long otherwise."""
    while len(remark) > room and ", " in remark:
        remark = remark.rpartition(", ")[0]
    return remark
