"""The credentials in the store: lists over ids, single records, changes with revisions."""

from __future__ import annotations

import json
import re
import unicodedata
from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import SecretStr
from sqlite_utils import Database

from smstui.i18n import _
from smstui.store.audit import AuditTrail
from smstui.store.errors import NameTaken, NotFound, StaleRevision
from smstui.store.records import (
    MAX_NAME,
    Action,
    Actor,
    CredentialRecord,
    CredentialRow,
    ListQuery,
    NewCredential,
)
from smstui.store.vault import Vault
from smstui.times import Clock, from_iso, iso

KIND = "credential"
_RECORD = (
    "id, vendor, name, fields, secrets, revision, created_by, created_at, modified_by, modified_at"
)
_ROW = "id, name, vendor, created_by, modified_at, verified_at, verified_result, verified_word"
# ``listing`` starts with the folded name, so it puts names in order among equals.
_ORDER = {
    "name": ("listing",),
    "vendor": ("vendor", "listing"),
    "created_by": ("created_by", "listing"),
    "modified_at": ("modified_at", "listing"),
    "verified_at": ("verified_at", "listing"),
}
_BY_TROUBLE = (
    "CASE verified_result WHEN 'failed' THEN 0 WHEN 'warned' THEN 1 WHEN 'pending' THEN 2"
    " WHEN 'passed' THEN 4 ELSE 3 END, listing"
)


def fold(text: str) -> str:
    """Return text without case, for comparing: the same for "Ä" and "ä", "STRASSE" and "Straße"."""
    return unicodedata.normalize("NFC", text).casefold()


def listing(name: str, vendor: str, created_by: str, verified_word: str) -> str:
    """Return what a list is searched by and put in order by; it starts with the folded name."""
    return "\n".join(fold(part) for part in (name, vendor, created_by, verified_word))


class Credentials:
    """The repository of credentials."""

    def __init__(self, vault: Vault, actor: Actor, clock: Clock, audit: AuditTrail) -> None:
        self._vault = vault
        self._actor = actor
        self._clock = clock
        self._audit = audit

    def ids(self, query: ListQuery) -> array[int]:
        """Return the ids of a list, in its order: one scan of one index, rows left alone."""
        words = fold(query.text).split()
        where = " AND ".join("instr(listing, ?)" for _word in words) or "1"
        direction = "DESC" if query.descending else "ASC"
        order = ", ".join(f"{column} {direction}" for column in _ORDER[query.sort])
        with self._vault.reading() as db:
            cursor = db.execute(
                f"SELECT id FROM credentials WHERE {where} ORDER BY {order}",  # noqa: S608 - our own words; values are bound
                words,
            )
            return array("q", [id_ for (id_,) in cursor])

    def ids_by_trouble(self) -> array[int]:
        """Return all ids: failed, warned, pending, never verified, passed; by name among equals.

        Reads every row, unlike `ids`.
        """
        with self._vault.reading() as db:
            cursor = db.execute(f"SELECT id FROM credentials ORDER BY {_BY_TROUBLE}")  # noqa: S608 - a constant
            return array("q", [id_ for (id_,) in cursor])

    def rows(self, ids: Sequence[int]) -> list[CredentialRow]:
        """Return what a list shows of some credentials, in the order asked.

        One that was deleted meanwhile is left out.
        """
        with self._vault.reading() as db:
            found = db.execute(
                f"SELECT {_ROW} FROM credentials WHERE id IN (SELECT value FROM json_each(?))",  # noqa: S608 - a constant
                (json.dumps(list(ids)),),
            ).fetchall()
        by_id = {row[0]: _row(row) for row in found}
        return [by_id[id_] for id_ in ids if id_ in by_id]

    def get(self, id: int) -> CredentialRecord:  # noqa: A002 - what it is called everywhere
        """Return a credential.

        Raises:
            NotFound: there is none, or no longer.
        """
        with self._vault.reading() as db:
            return self._get(db, id)

    def by_name(self, name: str) -> CredentialRecord:
        """Return the credential of that name; case does not matter.

        Raises:
            NotFound: there is none.
        """
        with self._vault.reading() as db:
            found = _id_of(db, name)
            if found is None:
                raise NotFound(
                    _("There is no credential {name}. Look for it in the list.").format(name=name)
                )
            return self._get(db, found)

    def names(self, like: str = "", limit: int = 20) -> list[str]:
        """Return names that hold the text, those that start with it first."""
        with self._vault.reading() as db:
            rows = db.execute(
                "SELECT name FROM credentials JOIN (SELECT id FROM credentials"
                " WHERE instr(folded, :like) ORDER BY instr(folded, :like) > 1, folded"
                " LIMIT :limit) USING (id) ORDER BY instr(folded, :like) > 1, folded",
                {"like": fold(like), "limit": limit},
            ).fetchall()
        return [name for (name,) in rows]

    def count(self) -> int:
        """Return how many credentials there are."""
        with self._vault.reading() as db:
            return int(db.execute("SELECT count(*) FROM credentials").fetchone()[0])

    def results(self) -> dict[str, int]:
        """Return how many credentials have which last result; the empty one means never."""
        with self._vault.reading() as db:
            return dict(
                db.execute(
                    "SELECT verified_result, count(*) FROM credentials GROUP BY 1"
                ).fetchall()
            )

    def add(self, new: NewCredential) -> CredentialRecord:
        """Save a new credential.

        Raises:
            NameTaken: another has that name; case does not matter.
        """
        with self._vault.writing() as db:
            _refuse_taken(db, new.name)
            id_ = self._insert(db, new)
            self._tell(Action.CREATED, id_, new.name, [*new.fields, *new.secrets])
            return self._get(db, id_)

    def add_many(self, news: Iterable[NewCredential], *, replace: bool = False) -> int:
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
                existing = _id_of(db, new.name)
                if existing is None:
                    id_ = self._insert(db, new)
                    self._tell(Action.IMPORTED, id_, new.name, [*new.fields, *new.secrets])
                elif replace:
                    self._change(db, self._get(db, existing), new, Action.IMPORTED)
                else:
                    _refuse_taken(db, new.name)
        return len(news)

    def update(
        self,
        id: int,  # noqa: A002 - what it is called everywhere
        *,
        revision: int,
        name: str,
        fields: Mapping[str, Any],
        secrets: Mapping[str, SecretStr],
    ) -> CredentialRecord:
        """Save a credential as it is after editing, and return it; the revision grows by one.

        Nothing is written when nothing differs.

        Args:
            id: which one.
            revision: of the record that was edited.
            name: the name, old or new.
            fields: all fields.
            secrets: all secrets; one that is left out is removed.

        Raises:
            StaleRevision: it was changed elsewhere since; the error holds the record as it is now.
            NotFound: it was deleted meanwhile.
            NameTaken: another has that name.
        """
        with self._vault.writing() as db:
            current = self._current(db, id, revision)
            _refuse_taken(db, name, but=id)
            new = NewCredential(current.vendor, name, fields, secrets)
            self._change(db, current, new, Action.UPDATED)
            return self._get(db, id)

    def duplicate_name(self, name: str) -> str:
        """Return a free name for a copy: "twilio-main copy", "twilio-main copy 2" …"""
        copy = _("copy")
        stem = re.sub(rf" {re.escape(copy)}( \d+)?$", "", name)
        number = 1
        with self._vault.reading() as db:
            while True:
                tail = f" {copy}" if number == 1 else f" {copy} {number}"
                candidate = stem[: MAX_NAME - len(tail)].rstrip() + tail
                if _id_of(db, candidate) is None:
                    return candidate
                number += 1

    def delete(self, id: int, *, revision: int | None = None) -> None:  # noqa: A002 - as above
        """Delete a credential with its verifications; the audit trail stays.

        Raises:
            StaleRevision: a revision is given, and the credential was changed elsewhere since.
            NotFound: it was deleted meanwhile.
        """
        with self._vault.writing() as db:
            current = self._current(db, id, revision)
            db.execute("DELETE FROM credentials WHERE id = ?", (id,))
            self._tell(Action.DELETED, id, current.name, [])

    def _get(self, db: Database, id_: int) -> CredentialRecord:
        row = db.execute(
            f"SELECT {_RECORD} FROM credentials WHERE id = ?",  # noqa: S608 - a constant
            (id_,),
        ).fetchone()
        if row is None:
            raise self._gone(id_)
        return _record(row)

    def _current(self, db: Database, id_: int, revision: int | None) -> CredentialRecord:
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
        deleted = self._audit.entries(1, kind=KIND, object_id=id_)
        if deleted and deleted[0].action == Action.DELETED:
            return NotFound(
                _("{name} was deleted by {user}. To keep it, save it as a new credential.").format(
                    name=deleted[0].name, user=deleted[0].user
                )
            )
        return NotFound(_("There is no such credential. Look for it in the list."))

    def _insert(self, db: Database, new: NewCredential) -> int:
        now = iso(self._clock())
        user = self._actor.user
        cursor = db.execute(
            "INSERT INTO credentials (name, folded, listing, vendor, created_by, created_at,"
            " modified_by, modified_at, fields, secrets) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                new.name,
                fold(new.name),
                listing(new.name, new.vendor, user, ""),
                new.vendor,
                user,
                now,
                user,
                now,
                json.dumps(dict(new.fields)),
                _secrets_json(new.secrets),
            ),
        )
        return int(cursor.lastrowid or 0)

    def _change(
        self, db: Database, current: CredentialRecord, new: NewCredential, action: Action
    ) -> None:
        changed = _changed(current, new)
        if not changed:
            return
        (word,) = db.execute(
            "SELECT verified_word FROM credentials WHERE id = ?", (current.id,)
        ).fetchone()
        db.execute(
            "UPDATE credentials SET name = ?, folded = ?, listing = ?, vendor = ?, fields = ?,"
            " secrets = ?, revision = revision + 1, modified_by = ?, modified_at = ? WHERE id = ?",
            (
                new.name,
                fold(new.name),
                listing(new.name, new.vendor, current.created_by, word),
                new.vendor,
                json.dumps(dict(new.fields)),
                _secrets_json(new.secrets),
                self._actor.user,
                iso(self._clock()),
                current.id,
            ),
        )
        self._tell(action, current.id, new.name, changed)

    def _tell(self, action: Action, id_: int, name: str, fields: Iterable[str]) -> None:
        self._audit.record(action, kind=KIND, object_id=id_, name=name, fields=fields)


def _id_of(db: Database, name: str) -> int | None:
    row = db.execute("SELECT id FROM credentials WHERE folded = ?", (fold(name),)).fetchone()
    return None if row is None else int(row[0])


def _refuse_taken(db: Database, name: str, but: int | None = None) -> None:
    taken = _id_of(db, name)
    if taken is not None and taken != but:
        raise NameTaken(
            _("There is a credential {name} already. Choose another name.").format(name=name)
        )


def _changed(current: CredentialRecord, new: NewCredential) -> list[str]:
    """Return the names of what differs: name, vendor, fields, secrets."""
    changed = [part for part in ("name", "vendor") if getattr(current, part) != getattr(new, part)]
    for old, now in ((current.fields, new.fields), (current.secrets, new.secrets)):
        changed += [key for key in {**old, **now} if old.get(key) != now.get(key)]
    return changed


def _secrets_json(secrets: Mapping[str, SecretStr]) -> str:
    return json.dumps({name: secret.get_secret_value() for name, secret in secrets.items()})


def _record(row: tuple[Any, ...]) -> CredentialRecord:
    id_, vendor, name, fields, secrets, revision, created_by, created_at, *modified = row
    modified_by, modified_at = modified
    return CredentialRecord(
        id=id_,
        vendor=vendor,
        name=name,
        fields=json.loads(fields),
        secrets={key: SecretStr(value) for key, value in json.loads(secrets).items()},
        revision=revision,
        created_by=created_by,
        created_at=from_iso(created_at),
        modified_by=modified_by,
        modified_at=from_iso(modified_at),
    )


def _row(row: tuple[Any, ...]) -> CredentialRow:
    id_, name, vendor, created_by, modified_at, verified_at, result, word = row
    return CredentialRow(
        id=id_,
        name=name,
        vendor=vendor,
        created_by=created_by,
        modified_at=from_iso(modified_at),
        verified_at=None if verified_at is None else from_iso(verified_at),
        verified_result=result,
        verified_word=word,
    )
