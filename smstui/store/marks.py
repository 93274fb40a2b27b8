"""Marks of secrets: equal for equal secrets, and of no use to find a secret out.

A mark is an HMAC of the secret under a key that this store made for itself and never gives away.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import SecretStr
from sqlite_utils import Database

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Twin:
    """A secret of another credential that is equal to one of this.

    Attributes:
        field: the name of the field here.
        credential_id: the other credential.
        name: its name.
        vendor: its vendor.
        environment_id: its environment.
        environment: the name of that.
        other_field: the name of the field there.
    """

    field: str
    credential_id: int
    name: str
    vendor: str
    environment_id: int
    environment: str
    other_field: str


def begin(db: Database) -> None:
    """Make the key of a store, and the marks of what is in it already."""
    db.execute("INSERT INTO secret_mark_key (key) VALUES (?)", (os.urandom(KEY_BYTES),))
    for id_, secrets in db.execute("SELECT id, secrets FROM credentials").fetchall():
        _write(db, id_, json.loads(secrets))


def write(db: Database, credential_id: int, secrets: Mapping[str, SecretStr]) -> None:
    """Keep the marks of a credential's secrets, in place of those before."""
    values = {name: secret.get_secret_value() for name, secret in secrets.items()}
    _write(db, credential_id, values)


def twins(db: Database, credential_id: int) -> list[Twin]:
    """Return where else the secrets of a credential are, by field, environment and name."""
    rows = db.execute(
        "SELECT ours.field, credentials.id, credentials.name, credentials.vendor,"
        " environments.id, environments.name, theirs.field FROM secret_marks AS ours"
        " JOIN secret_marks AS theirs ON theirs.mark = ours.mark"
        " AND theirs.credential_id != ours.credential_id"
        " JOIN credentials ON credentials.id = theirs.credential_id"
        " JOIN environments ON environments.id = credentials.environment_id"
        " WHERE ours.credential_id = ?"
        " ORDER BY ours.field, environments.listing, credentials.listing, theirs.field",
        (credential_id,),
    ).fetchall()
    return [Twin(*row) for row in rows]


def _write(db: Database, credential_id: int, secrets: Mapping[str, str]) -> None:
    (key,) = db.execute("SELECT key FROM secret_mark_key").fetchone()
    db.execute("DELETE FROM secret_marks WHERE credential_id = ?", (credential_id,))
    for field, value in secrets.items():
        if value:
            mark = hmac.digest(bytes(key), value.encode(), "sha256")
            db.execute(
                "INSERT INTO secret_marks (credential_id, field, mark) VALUES (?, ?, ?)",
                (credential_id, field, mark),
            )
