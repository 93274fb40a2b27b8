"""The credentials in the store."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import SecretStr
from sqlite_utils import Database

from smstui.i18n import N_
from smstui.store import marks
from smstui.store.listing import listing_of
from smstui.store.marks import Twin
from smstui.store.named import NamedRecords, Sentences
from smstui.store.records import Action, CredentialRecord, CredentialRow, NewCredential
from smstui.store.rows import COMMON, read_common
from smstui.times import from_iso, from_iso_or_none

KIND = "credential"
_BY_TROUBLE = (
    "CASE verified_result WHEN 'failed' THEN 0 WHEN 'warned' THEN 1 WHEN 'pending' THEN 2"
    " WHEN 'passed' THEN 4 ELSE 3 END, listing"
)


def listing(name: str, vendor: str, created_by: str, verified_word: str) -> str:
    """Return what a credential is searched by and put in order by."""
    return listing_of(name, vendor, created_by, verified_word)


class Credentials(NamedRecords[CredentialRecord, NewCredential, CredentialRow]):
    """The repository of credentials."""

    kind = KIND
    plural = N_("credentials")
    table = "credentials"
    columns = f"{COMMON}, environment_id, vendor"
    row_columns = (
        "id, name, vendor, created_by, modified_at, verified_at, verified_result, verified_word"
    )
    # ``listing`` starts with the folded name, so it puts names in order among equals.
    order: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "name": ("listing",),
        "vendor": ("vendor", "listing"),
        "created_by": ("created_by", "listing"),
        "modified_at": ("modified_at", "listing"),
        "verified_at": ("verified_at", "listing"),
    }
    parts = ("name", "vendor")
    sentences = Sentences(
        unknown=N_("There is no credential {name}. Look for it in the list."),
        taken=N_("There is a credential {name} already. Choose another name."),
        deleted=N_("{name} was deleted by {user}. To keep it, save it as a new credential."),
        gone=N_("There is no such credential. Look for it in the list."),
    )

    def ids_by_trouble(self) -> array[int]:
        """Return all ids: failed, warned, pending, never verified, passed; by name among equals.

        Reads every row, unlike `ids`.
        """
        with self._vault.reading() as db:
            cursor = db.execute(
                f"SELECT id FROM credentials WHERE {self._here} ORDER BY {_BY_TROUBLE}",  # noqa: S608 - constants
                {"environment_id": self._environment_id},
            )
            return array("q", [id_ for (id_,) in cursor])

    def results(self) -> dict[str, int]:
        """Return how many credentials have which last result; the empty one means never."""
        with self._vault.reading() as db:
            return dict(
                db.execute(
                    "SELECT verified_result, count(*) FROM credentials"  # noqa: S608 - constants
                    f" WHERE {self._here} GROUP BY 1",
                    {"environment_id": self._environment_id},
                ).fetchall()
            )

    def names_of(self, vendors: tuple[str, ...]) -> list[str]:
        """Return the names of all credentials of some vendors, in the order of the list."""
        with self._vault.reading() as db:
            rows = db.execute(
                f"SELECT name FROM credentials WHERE {self._here}"  # noqa: S608 - constants
                " AND vendor IN (SELECT value FROM json_each(:vendors)) ORDER BY listing",
                {"vendors": json.dumps(vendors), "environment_id": self._environment_id},
            ).fetchall()
        return [name for (name,) in rows]

    def of_vendor(self, vendor: str) -> list[CredentialRecord]:
        """Return all credentials of a vendor, in all environments."""
        with self._vault.reading() as db:
            rows = db.execute(
                f"SELECT {self.columns} FROM credentials WHERE vendor = ? ORDER BY listing",  # noqa: S608 - a constant
                (vendor,),
            ).fetchall()
        return [self._record(row) for row in rows]

    def twins(self, id: int) -> list[Twin]:  # noqa: A002 - what it is called everywhere
        """Return where else the secrets of a credential are stored, in any environment."""
        with self._vault.reading() as db:
            return marks.twins(db, id)

    def update(
        self,
        id: int,  # noqa: A002 - what it is called everywhere
        *,
        revision: int,
        name: str,
        fields: Mapping[str, Any],
        secrets: Mapping[str, SecretStr],
    ) -> CredentialRecord:
        """Save a credential as it is after editing; its vendor stays. See `replace`.

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
        with self._vault.writing():
            vendor = self.get(id).vendor
            new = NewCredential(vendor, name, fields, secrets)
            return self.replace(id, new, revision=revision)

    def put(
        self,
        current: CredentialRecord,
        fields: Mapping[str, Any],
        secrets: Mapping[str, SecretStr],
        action: Action,
    ) -> CredentialRecord:
        """Put other values into a credential as it is now, and tell of it by its own word."""
        with self._vault.writing() as db:
            new = NewCredential(current.vendor, current.name, fields, secrets)
            self._change(db, current, new, action)
            return self._get(db, current.id)

    def _insert(self, db: Database, new: NewCredential) -> int:
        id_ = super()._insert(db, new)
        marks.write(db, id_, new.secrets)
        return id_

    def _change(
        self, db: Database, current: CredentialRecord, new: NewCredential, action: Action | None
    ) -> None:
        super()._change(db, current, new, action)
        marks.write(db, current.id, new.secrets)

    def _own_values(self, new: NewCredential) -> dict[str, Any]:
        return {"vendor": new.vendor}

    def _listing(self, db: Database, new: NewCredential, created_by: str, id_: int | None) -> str:
        word = ""
        if id_ is not None:
            (word,) = db.execute(
                "SELECT verified_word FROM credentials WHERE id = ?", (id_,)
            ).fetchone()
        return listing(new.name, new.vendor, created_by, word)

    def _record(self, row: tuple[Any, ...]) -> CredentialRecord:
        common, (environment_id, vendor) = read_common(row)
        return CredentialRecord(
            **common,
            environment_id=environment_id,
            vendor=vendor,
        )

    def _row(self, row: tuple[Any, ...]) -> CredentialRow:
        id_, name, vendor, created_by, modified_at, verified_at, result, word = row
        return CredentialRow(
            id=id_,
            name=name,
            vendor=vendor,
            created_by=created_by,
            modified_at=from_iso(modified_at),
            verified_at=from_iso_or_none(verified_at),
            verified_result=result,
            verified_word=word,
        )
