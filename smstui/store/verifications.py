"""The history of verifications, newest kept beside the credential for its list."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from smstui.i18n import _
from smstui.store.audit import AuditTrail
from smstui.store.credentials import KIND, listing
from smstui.store.errors import NotFound
from smstui.store.records import Action, VerificationRecord
from smstui.store.vault import Vault
from smstui.times import Clock, from_iso, iso

PENDING = "pending"
"""The result of a run that has not ended, a value of `smstui.providers.base.Result`."""

_COLUMNS = "id, credential_id, at, depth, result, word, seconds, recipient, message_id, record"


class Verifications:
    """The repository of verification runs."""

    def __init__(self, vault: Vault, clock: Clock, audit: AuditTrail) -> None:
        self._vault = vault
        self._clock = clock
        self._audit = audit

    def add(
        self,
        credential_id: int,
        *,
        depth: str,
        result: str,
        word: str,
        seconds: float,
        to: str,
        message_id: str,
        record: Mapping[str, Any],
    ) -> VerificationRecord:
        """Keep a run; the credential's list row shows it, its revision stays.

        Args:
            credential_id: what was verified.
            depth: check, probe or send.
            result: a value of `Result`.
            word: the outcome's two or three words.
            seconds: how long it took.
            to: the recipient, empty when nothing was sent.
            message_id: the provider's id, empty when there is none.
            record: the whole run as JSON, redacted already.

        Raises:
            NotFound: the credential was deleted meanwhile.
        """
        with self._vault.writing() as db:
            name = _name_of(db, credential_id)
            cursor = db.execute(
                "INSERT INTO verifications (credential_id, at, depth, result, word, seconds,"
                " recipient, message_id, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    credential_id,
                    iso(self._clock()),
                    depth,
                    result,
                    word,
                    seconds,
                    to,
                    message_id,
                    json.dumps(dict(record)),
                ),
            )
            _show_newest(db, credential_id)
            self._audit.record(
                Action.VERIFIED,
                kind=KIND,
                object_id=credential_id,
                name=name,
                table="credentials",
                fields=(depth,),
            )
            return _get(db, int(cursor.lastrowid or 0))

    def update(
        self,
        id: int,  # noqa: A002 - what it is called everywhere
        *,
        result: str,
        word: str,
        seconds: float,
        message_id: str,
        record: Mapping[str, Any],
    ) -> VerificationRecord:
        """Keep how a run went on after it was added, such as a message that was delivered.

        A run that has ended stays as it is when all that is told is that it goes on: a webhook may
        have told its end before who waits for it did.

        Raises:
            NotFound: its credential was deleted meanwhile, and the run with it.
        """
        with self._vault.writing() as db:
            run = _get(db, id)
            if result == PENDING != run.result:
                return run
            db.execute(
                "UPDATE verifications SET result = ?, word = ?, seconds = ?, message_id = ?,"
                " record = ? WHERE id = ?",
                (result, word, seconds, message_id, json.dumps(dict(record)), id),
            )
            _show_newest(db, run.credential_id)
            return _get(db, id)

    def by_message_id(self, message_id: str, environment_id: int) -> VerificationRecord | None:
        """Return the newest run of an environment that sent the message with that id, or None."""
        with self._vault.reading() as db:
            row = db.execute(
                f"SELECT {_COLUMNS} FROM verifications WHERE message_id = ?"  # noqa: S608 - a constant
                " AND credential_id IN (SELECT id FROM credentials WHERE environment_id = ?)"
                " ORDER BY id DESC LIMIT 1",
                (message_id, environment_id),
            ).fetchone()
        return None if row is None else _record(row)

    def history(self, credential_id: int, limit: int = 50) -> list[VerificationRecord]:
        """Return the runs of a credential, newest first."""
        with self._vault.reading() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM verifications WHERE credential_id = ?"  # noqa: S608 - a constant
                " ORDER BY id DESC LIMIT ?",
                (credential_id, limit),
            ).fetchall()
        return [_record(row) for row in rows]


def _name_of(db: Database, credential_id: int) -> str:
    row = db.execute("SELECT name FROM credentials WHERE id = ?", (credential_id,)).fetchone()
    if row is None:
        raise NotFound(_("The credential was deleted meanwhile, so its verification is not kept."))
    return str(row[0])


def _show_newest(db: Database, credential_id: int) -> None:
    """Copy the newest run's result into the credential, where lists find it."""
    at, result, word = db.execute(
        "SELECT at, result, word FROM verifications WHERE credential_id = ?"
        " ORDER BY id DESC LIMIT 1",
        (credential_id,),
    ).fetchone()
    name, vendor, created_by = db.execute(
        "SELECT name, vendor, created_by FROM credentials WHERE id = ?", (credential_id,)
    ).fetchone()
    db.execute(
        "UPDATE credentials SET verified_at = ?, verified_result = ?, verified_word = ?,"
        " listing = ? WHERE id = ?",
        (at, result, word, listing(name, vendor, created_by, word), credential_id),
    )


def _get(db: Database, id_: int) -> VerificationRecord:
    row = db.execute(
        f"SELECT {_COLUMNS} FROM verifications WHERE id = ?",  # noqa: S608 - a constant
        (id_,),
    ).fetchone()
    if row is None:
        raise NotFound(_("The credential was deleted meanwhile, so its verification is not kept."))
    return _record(row)


def _record(row: tuple[Any, ...]) -> VerificationRecord:
    *columns, record = row
    id_, credential_id, at, depth, result, word, seconds, to, message_id = columns
    return VerificationRecord(
        id=id_,
        credential_id=credential_id,
        at=from_iso(at),
        depth=depth,
        result=result,
        word=word,
        seconds=seconds,
        to=to,
        message_id=message_id,
        record=json.loads(record),
    )
