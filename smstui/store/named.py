"""What the store's named records have in common: lists over ids, names, revisions, the trail."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar, cast

from sqlite_utils import Database

from smstui.i18n import _
from smstui.store.audit import AuditTrail
from smstui.store.errors import NameTaken, NotFound, StaleRevision
from smstui.store.listing import listed_ids, listed_rows
from smstui.store.records import MAX_NAME, Action, Actor, InEnvironment, ListQuery, New, Stored
from smstui.store.references import forget, refuse_elsewhere, refuse_used
from smstui.store.vault import Vault
from smstui.text import fold
from smstui.times import Clock, iso

R = TypeVar("R", bound=Stored)
N = TypeVar("N", bound=New)
W = TypeVar("W")


@dataclass(frozen=True, slots=True)
class Sentences:
    """What is said of one kind of record; each holds ``{name}`` and is marked with `N_`.

    Attributes:
        unknown: there is none of that name.
        taken: another has that name.
        deleted: somebody deleted it meanwhile; holds ``{user}`` too.
        gone: there is none with that id, and nothing is known of it; holds nothing.
    """

    unknown: str
    taken: str
    deleted: str
    gone: str


class NamedRecords(ABC, Generic[R, N, W]):
    """The repository of one kind of record: what is stored, what is new, what a list shows.

    Lists, counts, names and what is added are one environment's; an id finds any record.

    Attributes:
        kind: the word of the audit trail.
        plural: what several are called.
        is_shared: whether all environments have these records in common.
        table: its table.
        columns: of a whole record, `COMMON` first, in the order that `_record` reads.
        row_columns: of a row of a list, in the order that `_row` reads.
        order: what a list can be sorted by, and the columns that do it.
        parts: attributes beside fields and secrets whose change is told of.
        sentences: what is said of it.
        blank: what stands between the words of a copy's name.
    """

    kind: ClassVar[str]
    plural: ClassVar[str]
    is_shared: ClassVar[bool] = False
    table: ClassVar[str]
    columns: ClassVar[str]
    row_columns: ClassVar[str]
    order: ClassVar[Mapping[str, tuple[str, ...]]]
    parts: ClassVar[tuple[str, ...]]
    sentences: ClassVar[Sentences]
    blank: ClassVar[str] = " "

    def __init__(
        self,
        vault: Vault,
        actor: Actor,
        clock: Clock,
        audit: AuditTrail,
        environment_id: int | None = None,
    ) -> None:
        """Make the repository.

        Args:
            vault: the open file.
            actor: who works with it.
            clock: the present moment.
            audit: the trail.
            environment_id: whose records these are; None where `is_shared`.
        """
        self._vault = vault
        self._actor = actor
        self._clock = clock
        self._audit = audit
        self._environment_id = None if self.is_shared else environment_id

    # What a kind of record adds

    @abstractmethod
    def _record(self, row: tuple[Any, ...]) -> R:
        """Return the record of a row with `columns`."""

    @abstractmethod
    def _row(self, row: tuple[Any, ...]) -> W:
        """Return what a list shows of a row with `row_columns`."""

    @abstractmethod
    def _own_values(self, new: N) -> dict[str, Any]:
        """Return the values of the columns that only this kind has."""

    @abstractmethod
    def _listing(self, db: Database, new: N, created_by: str, id_: int | None) -> str:
        """Return what the record is searched by; it starts with the folded name."""

    def _before_delete(self, db: Database, current: R) -> None:
        """Refuse a deletion by a rule of this kind's own.

        Raises:
            StoreError: it cannot be deleted as it is.
        """
        return

    # Reading

    def ids(self, query: ListQuery) -> array[int]:
        """Return the ids of a list, in its order: one scan of one index, rows left alone."""
        with self._vault.reading() as db:
            return listed_ids(db, self.table, self.order, query, self._environment_id)

    def rows(self, ids: Sequence[int]) -> list[W]:
        """Return what a list shows of some records, in the order asked.

        One that was deleted meanwhile is left out.
        """
        with self._vault.reading() as db:
            return [self._row(row) for row in listed_rows(db, self.table, self.row_columns, ids)]

    def get(self, id: int) -> R:  # noqa: A002 - what it is called everywhere
        """Return a record.

        Raises:
            NotFound: there is none, or no longer.
        """
        with self._vault.reading() as db:
            return self._get(db, id)

    def by_name(self, name: str) -> R:
        """Return the record of that name; case does not matter.

        Raises:
            NotFound: there is none.
        """
        with self._vault.reading() as db:
            found = self._id_of(db, name)
            if found is None:
                raise NotFound(_(self.sentences.unknown).format(name=name))
            return self._get(db, found)

    def names(self, like: str = "", limit: int = 20) -> list[str]:
        """Return names that hold the text, those that start with it first."""
        with self._vault.reading() as db:
            rows = db.execute(
                f"SELECT name FROM {self.table} JOIN (SELECT id FROM {self.table}"  # noqa: S608 - constants
                f" WHERE {self._here} AND instr(folded, :like)"
                " ORDER BY instr(folded, :like) > 1, folded"
                " LIMIT :limit) USING (id) ORDER BY instr(folded, :like) > 1, folded",
                {"like": fold(like), "limit": limit, "environment_id": self._environment_id},
            ).fetchall()
        return [name for (name,) in rows]

    def count(self) -> int:
        """Return how many records there are."""
        with self._vault.reading() as db:
            row = db.execute(
                f"SELECT count(*) FROM {self.table} WHERE {self._here}",  # noqa: S608 - constants
                {"environment_id": self._environment_id},
            ).fetchone()
        return int(row[0])

    def duplicate_name(self, name: str, but: Collection[str] = ()) -> str:
        """Return a free name for a copy: "twilio-main copy", "twilio-main copy 2" …

        Args:
            name: of the record that is copied.
            but: folded names that are about to be taken.
        """
        copy, blank = _("copy"), self.blank
        stem = re.sub(rf"{blank}{re.escape(copy)}({blank}\d+)?$", "", name)
        number = 1
        with self._vault.reading() as db:
            while True:
                tail = f"{blank}{copy}" if number == 1 else f"{blank}{copy}{blank}{number}"
                candidate = stem[: MAX_NAME - len(tail)].rstrip() + tail
                if fold(candidate) not in but and self._id_of(db, candidate) is None:
                    return candidate
                number += 1

    # Changing

    def add(self, new: N) -> R:
        """Save a new record.

        Raises:
            NameTaken: another has that name; case does not matter.
        """
        with self._vault.writing() as db:
            self._refuse_taken(db, new.name)
            id_ = self._insert(db, new)
            self._tell(Action.CREATED, id_, new.name, [*new.fields, *new.secrets])
            return self._get(db, id_)

    def add_many(self, news: Iterable[N], *, replace: bool = False) -> int:
        """Save all of them or none, and return how many.

        Args:
            news: what to save.
            replace: one whose name exists takes the place of what is there, under its id.

        Raises:
            NameTaken: a name exists and is not to be replaced, or occurs twice.
        """
        news = list(news)
        with self._vault.writing() as db:
            for new in news:
                existing = self._id_of(db, new.name)
                if existing is None:
                    id_ = self._insert(db, new)
                    self._tell(Action.IMPORTED, id_, new.name, [*new.fields, *new.secrets])
                elif replace:
                    self._change(db, self._get(db, existing), new, Action.IMPORTED)
                else:
                    self._refuse_taken(db, new.name)
        return len(news)

    def replace(self, id: int, new: N, *, revision: int) -> R:  # noqa: A002 - as above
        """Save a record as it is after editing, and return it; the revision grows by one.

        Nothing is written when nothing differs.

        Args:
            id: which one.
            new: all of it; a secret that is left out is removed.
            revision: of the record that was edited.

        Raises:
            StaleRevision: it was changed elsewhere since; the error holds the record as it is now.
            NotFound: it was deleted meanwhile.
            NameTaken: another has that name.
        """
        with self._vault.writing() as db:
            current = self._current(db, id, revision)
            self._refuse_taken(db, new.name, current)
            self._change(db, current, new, Action.UPDATED)
            return self._get(db, id)

    def delete(self, id: int, *, revision: int | None = None) -> None:  # noqa: A002 - as above
        """Delete a record with what belongs to it alone; the audit trail stays.

        Raises:
            StaleRevision: a revision is given, and the record was changed elsewhere since.
            NotFound: it was deleted meanwhile.
            InUse: something else refers to it.
        """
        with self._vault.writing() as db:
            current = self._current(db, id, revision)
            self._before_delete(db, current)
            refuse_used(db, self.kind, id, current.name)
            forget(db, self.kind, id)
            self._tell(Action.DELETED, id, current.name, [])
            db.execute(f"DELETE FROM {self.table} WHERE id = ?", (id,))  # noqa: S608 - a constant

    # Within

    @property
    def _here(self) -> str:
        """The condition that keeps to the environment; it takes ``:environment_id``."""
        return "1" if self._environment_id is None else "environment_id = :environment_id"

    def _get(self, db: Database, id_: int) -> R:
        row = db.execute(
            f"SELECT {self.columns} FROM {self.table} WHERE id = ?",  # noqa: S608 - constants
            (id_,),
        ).fetchone()
        if row is None:
            raise self._gone(id_)
        return self._record(row)

    def _current(self, db: Database, id_: int, revision: int | None) -> R:
        current = self._get(db, id_)
        if revision is not None and current.revision != revision:
            raise StaleRevision(
                _(
                    "{name} was changed by {user} meanwhile; nothing was saved. "
                    "Compare both versions, then save again."
                ).format(name=current.name, user=current.modified_by),
                current=current,
            )
        return current

    def _gone(self, id_: int) -> NotFound:
        deleted = self._audit.entries(1, kind=self.kind, object_id=id_)
        if deleted and deleted[0].action == Action.DELETED:
            return NotFound(
                _(self.sentences.deleted).format(name=deleted[0].name, user=deleted[0].user)
            )
        return NotFound(_(self.sentences.gone))

    def _id_of(self, db: Database, name: str, beside: R | None = None) -> int | None:
        """Return the id of that name, in the environment of another record when one is given."""
        environment_id = self._environment_id
        if beside is not None and environment_id is not None:
            environment_id = cast("InEnvironment", beside).environment_id
        row = db.execute(
            f"SELECT id FROM {self.table} WHERE {self._here} AND folded = :folded",  # noqa: S608 - constants
            {"folded": fold(name), "environment_id": environment_id},
        ).fetchone()
        return None if row is None else int(row[0])

    def _refuse_taken(self, db: Database, name: str, but: R | None = None) -> None:
        """Refuse a name that another record has in the environment of a new one, or of ``but``."""
        taken = self._id_of(db, name, but)
        if taken is not None and (but is None or taken != but.id):
            raise NameTaken(_(self.sentences.taken).format(name=name))

    def _insert(self, db: Database, new: N) -> int:
        now = iso(self._clock())
        user = self._actor.user
        values = {
            **self._values(new, self._listing(db, new, user, None)),
            "created_by": user,
            "created_at": now,
            "modified_by": user,
            "modified_at": now,
        }
        if self._environment_id is not None:
            self._refuse_nowhere(db)
            values["environment_id"] = self._environment_id
        names = ", ".join(values)
        blanks = ", ".join(f":{name}" for name in values)
        cursor = db.execute(f"INSERT INTO {self.table} ({names}) VALUES ({blanks})", values)  # noqa: S608 - columns named here
        id_ = int(cursor.lastrowid or 0)
        refuse_elsewhere(db, self.kind, id_)
        return id_

    def _refuse_nowhere(self, db: Database) -> None:
        """Refuse to add something to an environment that is no longer there."""
        query = "SELECT 1 FROM environments WHERE id = ?"
        if db.execute(query, (self._environment_id,)).fetchone() is None:
            raise NotFound(
                _("The environment was deleted meanwhile; nothing was saved. Switch to another.")
            )

    def _change(self, db: Database, current: R, new: N, action: Action | None) -> None:
        """Write what differs; without an action the trail does not tell of it."""
        changed = self._changed(current, new)
        if not changed:
            return
        values = {
            **self._values(new, self._listing(db, new, current.created_by, current.id)),
            "modified_by": self._actor.user,
            "modified_at": iso(self._clock()),
        }
        sets = ", ".join(f"{name} = :{name}" for name in values)
        db.execute(
            f"UPDATE {self.table} SET {sets}, revision = revision + 1 WHERE id = :id",  # noqa: S608 - columns named here
            {**values, "id": current.id},
        )
        refuse_elsewhere(db, self.kind, current.id)
        if action is not None:
            self._tell(action, current.id, new.name, changed)

    def _values(self, new: N, listing: str) -> dict[str, Any]:
        secrets = {name: secret.get_secret_value() for name, secret in new.secrets.items()}
        return {
            "name": new.name,
            "folded": fold(new.name),
            "listing": listing,
            **self._own_values(new),
            "fields": json.dumps(dict(new.fields)),
            "secrets": json.dumps(secrets),
        }

    def _changed(self, current: R, new: N) -> list[str]:
        """Return the names of what differs: the name, other parts, fields, secrets."""
        changed = [part for part in self.parts if getattr(current, part) != getattr(new, part)]
        for old, now in ((current.fields, new.fields), (current.secrets, new.secrets)):
            changed += [key for key in {**old, **now} if old.get(key) != now.get(key)]
        return changed

    def _tell(self, action: Action, id_: int, name: str, fields: Iterable[str]) -> None:
        table = "" if self.is_shared else self.table
        self._audit.record(
            action, kind=self.kind, object_id=id_, name=name, table=table, fields=fields
        )
