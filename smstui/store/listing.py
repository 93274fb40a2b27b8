"""What lists of the store have in common: ids in order, rows by ids, words to find them by."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from smstui.i18n import _
from smstui.store.records import ListQuery
from smstui.text import fold

NAMED = 3
"""How many of those that stand in the way of a deletion are named."""


def listing_of(*parts: str) -> str:
    """Return what a list is searched by and put in order by; it starts with the first, folded."""
    return "\n".join(fold(part) for part in parts)


def some_of(names: Sequence[str]) -> str:
    """Return some names as they stand in a sentence: "a, b, c and 4 more"."""
    named = ", ".join(names[:NAMED])
    if len(names) > NAMED:
        named += _(" and {n} more").format(n=len(names) - NAMED)
    return named


def listed_ids(
    db: Database,
    table: str,
    order: Mapping[str, tuple[str, ...]],
    query: ListQuery,
    environment_id: int | None,
    where: Mapping[str, str] | None = None,
) -> array[int]:
    """Return the ids of a list, in its order: one scan of one index, rows left alone.

    Args:
        db: the database.
        table: a table with a column ``listing``.
        order: what a list can be sorted by, and the columns that do it.
        query: which records, in which order.
        environment_id: of which environment; None for a table that all of them share.
        where: columns that must hold a value.
    """
    words: list[str | int] = [*fold(query.text).split()]
    conditions = ["instr(listing, ?)" for _word in words]
    if environment_id is not None:
        conditions.append("environment_id = ?")
        words.append(environment_id)
    for column, value in (where or {}).items():
        conditions.append(f"{column} = ?")
        words.append(value)
    direction = "DESC" if query.descending else "ASC"
    columns = ", ".join(f"{column} {direction}" for column in order[query.sort])
    cursor = db.execute(
        f"SELECT id FROM {table} WHERE {' AND '.join(conditions) or '1'} ORDER BY {columns}",  # noqa: S608 - our own words; values are bound
        words,
    )
    return array("q", [id_ for (id_,) in cursor])


def listed_rows(
    db: Database, table: str, columns: str, ids: Sequence[int]
) -> list[tuple[Any, ...]]:
    """Return columns of some records, the id first, in the order asked; those gone left out."""
    key = columns.partition(",")[0]
    found = db.execute(
        f"SELECT {columns} FROM {table} WHERE {key} IN (SELECT value FROM json_each(?))",  # noqa: S608 - constants
        (json.dumps(list(ids)),),
    ).fetchall()
    by_id = {row[0]: row for row in found}
    return [by_id[id_] for id_ in ids if id_ in by_id]
