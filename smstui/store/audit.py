"""The audit trail: who did what to which object, and when. Names of fields, never values."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from smstui.store.records import Action, Actor, AuditEntry
from smstui.store.vault import Vault
from smstui.times import Clock, from_iso, iso

_COLUMNS = "id, at, user, origin, action, kind, object_id, name, fields"


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
        fields: Iterable[str] = (),
    ) -> None:
        """Add an entry; inside a `Vault.writing` block it is part of that change.

        Args:
            action: what was done.
            kind: of which kind the object is: "credential", "store" …
            object_id: its id, which stays even when the object goes.
            name: its name at that moment.
            fields: names of the fields that changed.
        """
        with self._vault.writing() as db:
            db.execute(
                "INSERT INTO audit (at, user, origin, action, kind, object_id, name, fields)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    iso(self._clock()),
                    self._actor.user,
                    self._actor.origin,
                    action.value,
                    kind,
                    object_id,
                    name,
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


def _entry(row: tuple[Any, ...]) -> AuditEntry:
    id_, at, *middle, fields = row
    user, origin, action, kind, object_id, name = middle
    return AuditEntry(
        id_, from_iso(at), user, origin, action, kind, object_id, name, tuple(json.loads(fields))
    )
