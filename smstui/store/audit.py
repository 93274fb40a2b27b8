"""The audit trail: who did what to which object, and when. Names of fields, never values."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Sequence
from typing import Any

from smstui.i18n import _
from smstui.store.errors import NotFound
from smstui.store.listing import listed_rows
from smstui.store.records import Action, Actor, AuditEntry, AuditQuery
from smstui.store.vault import Vault
from smstui.text import fold
from smstui.times import Clock, from_iso, iso

_COLUMNS = "id, at, user, origin, action, kind, object_id, name, environment, fields"
_SEARCHED = (
    "folded(user || char(10) || origin || char(10) || name || char(10) || environment"
    " || char(10) || fields)"
)
_OBJECT = (
    "(folded(name) = :object OR (kind, object_id) IN"
    " (SELECT kind, object_id FROM audit WHERE folded(name) = :object AND object_id NOT NULL))"
)


class AuditTrail:
    """Reads and writes the trail. Entries are added, never changed or removed."""

    def __init__(self, vault: Vault, actor: Actor, clock: Clock) -> None:
        self._vault = vault
        self._actor = actor
        self._clock = clock

    def record(
        self,
        action: Action,
        *,
        kind: str,
        object_id: int | None = None,
        name: str = "",
        table: str = "",
        fields: Iterable[str] = (),
    ) -> None:
        """Add an entry; inside a `Vault.writing` block it is part of that change.

        Args:
            action: what was done.
            kind: of which kind the object is: "credential", "store" …
            object_id: its id, which stays even when the object goes.
            name: its name at that moment.
            table: where it still is, of which its environment is told; empty for an object that
                belongs to none.
            fields: names of the fields that changed.
        """
        environment = ""
        with self._vault.writing() as db:
            if table:
                (environment,) = db.execute(
                    "SELECT environments.name FROM environments"  # noqa: S608 - our own tables
                    f" JOIN {table} AS objects ON environment_id = environments.id"
                    " WHERE objects.id = ?",
                    (object_id,),
                ).fetchone()
            db.execute(
                "INSERT INTO audit (at, user, origin, action, kind, object_id, name, environment,"
                " fields) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    iso(self._clock()),
                    self._actor.user,
                    self._actor.origin,
                    action.value,
                    kind,
                    object_id,
                    name,
                    environment,
                    json.dumps(list(fields)),
                ),
            )

    def entries(
        self, limit: int = 100, *, kind: str | None = None, object_id: int | None = None
    ) -> list[AuditEntry]:
        """Return the newest entries, newest first; of one kind or one object when given."""
        conditions: dict[str, str | int] = {}
        if kind is not None:
            conditions["kind"] = kind
        if object_id is not None:
            conditions["object_id"] = object_id
        where = " AND ".join(f"{column} = :{column}" for column in conditions) or "1"
        with self._vault.reading() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM audit WHERE {where}"  # noqa: S608 - columns named here
                " ORDER BY id DESC LIMIT :limit",
                {**conditions, "limit": limit},
            ).fetchall()
        return [_entry(row) for row in rows]

    def ids(self, query: AuditQuery) -> array[int]:
        """Return the ids of the entries that fit, newest first."""
        conditions: list[str] = []
        values: dict[str, str] = {}
        for number, word in enumerate(query.words):
            values[f"word{number}"] = fold(word.text)
            values[f"actions{number}"] = json.dumps(word.actions)
            values[f"kinds{number}"] = json.dumps(word.kinds)
            conditions.append(
                f"(instr({_SEARCHED}, :word{number})"  # noqa: S608 - our own words; values are bound
                f" OR action IN (SELECT value FROM json_each(:actions{number}))"
                f" OR kind IN (SELECT value FROM json_each(:kinds{number})))"
            )
        if query.object:
            values["object"] = fold(query.object)
            conditions.append(_OBJECT)
        if query.user:
            values["user"] = fold(query.user)
            conditions.append("folded(user) = :user")
        if query.since is not None:
            values["since"] = iso(query.since)
            conditions.append("at >= :since")
        if query.until is not None:
            values["until"] = iso(query.until)
            conditions.append("at < :until")
        where = " AND ".join(conditions) or "1"
        with self._vault.reading() as db:
            db.conn.create_function("folded", 1, fold, deterministic=True)
            cursor = db.execute(
                f"SELECT id FROM audit WHERE {where} ORDER BY id DESC",  # noqa: S608 - our own words; values are bound
                values,
            )
            return array("q", [id_ for (id_,) in cursor])

    def rows(self, ids: Sequence[int]) -> list[AuditEntry]:
        """Return some entries, in the order asked."""
        with self._vault.reading() as db:
            return [_entry(row) for row in listed_rows(db, "audit", _COLUMNS, ids)]

    def get(self, id: int) -> AuditEntry:  # noqa: A002 - what it is called everywhere
        """Return an entry.

        Raises:
            NotFound: there is none.
        """
        found = self.rows([id])
        if not found:
            raise NotFound(_("There is no such entry."))
        return found[0]

    def count(self) -> int:
        """Return how many entries there are."""
        with self._vault.reading() as db:
            return int(db.execute("SELECT count(*) FROM audit").fetchone()[0])


def _entry(row: tuple[Any, ...]) -> AuditEntry:
    id_, at, *middle, fields = row
    user, origin, action, kind, object_id, name, environment = middle
    return AuditEntry(
        id=id_,
        at=from_iso(at),
        user=user,
        origin=origin,
        action=action,
        kind=kind,
        object_id=object_id,
        name=name,
        environment=environment,
        fields=tuple(json.loads(fields)),
    )
