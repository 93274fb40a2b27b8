"""The columns of a list: declared once, laid out for the room there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from screens.widgets.cells import Align, Cell

R = TypeVar("R")

GAP = 2
"""Cells between columns."""


@dataclass(frozen=True)
class Column(Generic[R]):
    """One column, declared once.

    Attributes:
        key: its name, also for sorting.
        label: the heading, marked for translation.
        cell: what it shows of a record.
        width: cells it takes; for a flexible column the least it takes.
        flexible: takes what the others leave.
        align: where short text stands.
        priority: when there is no room the highest goes first; the first column always stays.
        sortable: whether a list can be sorted by it.
    """

    key: str
    label: str
    cell: Callable[[R], Cell]
    width: int
    flexible: bool = False
    align: Align = "left"
    priority: int = 0
    sortable: bool = False


def layout_columns(
    columns: Sequence[Column[R]], room: int, keep: str = ""
) -> list[tuple[Column[R], int]]:
    """Return the columns that fit and their widths; with the gaps they fill the room exactly.

    Args:
        columns: all columns, in order.
        room: cells there are, at least 0.
        keep: key of a column that goes last of those that can go (the one sorted by).
    """
    shown = list(columns)
    while len(shown) > 1 and _least(shown) > room:
        ranks = [-1 if c.key == keep else c.priority for c in shown[1:]]
        last_of_highest = len(ranks) - 1 - ranks[::-1].index(max(ranks))
        del shown[last_of_highest + 1]
    widths = [column.width for column in shown]
    spare = room - _least(shown)
    takers = [i for i, column in enumerate(shown) if column.flexible] or [0]
    share, rest = divmod(spare, len(takers))
    for place, i in enumerate(takers):
        widths[i] += share + (1 if place < rest else 0)
    return list(zip(shown, widths, strict=True))


def _least(columns: Sequence[Column[Any]]) -> int:
    return sum(column.width for column in columns) + GAP * (len(columns) - 1)
