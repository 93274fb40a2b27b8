"""The schema, step by step. A step that was released is never changed; add one at the end."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database, Migrations

from smstui.i18n import _
from smstui.store.errors import NewerSchema, NotAStore

MIGRATIONS = Migrations("smstui")


@MIGRATIONS(name="0001_credentials")
def credentials(db: Database) -> None:
    """Credentials, their verifications, and the audit trail.

    ``folded`` is the name without case. ``listing`` holds what a list is searched by; it starts
    with the folded name, so one index answers both search and order without touching the rows.
    Long values come last in a row: what a list reads stays on its first page.
    """
    db.execute(
        """
        CREATE TABLE credentials (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            folded TEXT NOT NULL UNIQUE,
            listing TEXT NOT NULL,
            vendor TEXT NOT NULL,
            revision INTEGER NOT NULL DEFAULT 1,
            created_by TEXT NOT NULL,
            created_at TEXT NOT NULL,
            modified_by TEXT NOT NULL,
            modified_at TEXT NOT NULL,
            verified_at TEXT,
            verified_result TEXT NOT NULL DEFAULT '',
            verified_word TEXT NOT NULL DEFAULT '',
            fields TEXT NOT NULL CHECK (json_valid(fields)),
            secrets TEXT NOT NULL CHECK (json_valid(secrets))
        )
        """
    )
    for columns in (
        ["listing"],
        ["vendor", "listing"],
        ["created_by", "listing"],
        ["modified_at", "listing"],
        ["verified_at", "listing"],
    ):
        db.table("credentials").create_index(columns)
    db.execute(
        """
        CREATE TABLE verifications (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            credential_id INTEGER NOT NULL REFERENCES credentials(id) ON DELETE CASCADE,
            at TEXT NOT NULL,
            depth TEXT NOT NULL,
            result TEXT NOT NULL,
            word TEXT NOT NULL,
            seconds REAL NOT NULL,
            recipient TEXT NOT NULL,
            message_id TEXT NOT NULL,
            record TEXT NOT NULL CHECK (json_valid(record))
        )
        """
    )
    db.table("verifications").create_index(["credential_id", "id"])
    db.execute(
        """
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            user TEXT NOT NULL,
            origin TEXT NOT NULL,
            action TEXT NOT NULL,
            kind TEXT NOT NULL,
            object_id INTEGER,
            name TEXT NOT NULL,
            fields TEXT NOT NULL CHECK (json_valid(fields))
        )
        """
    )
    db.table("audit").create_index(["kind", "object_id", "id"])


def check_schema(db: Database, path: Path) -> None:
    """Refuse a file whose schema this program does not know. Writes nothing.

    Raises:
        NewerSchema: a later program added to it.
        NotAStore: it has tables, but not ours.
    """
    applied = {migration.name for migration in MIGRATIONS.applied(db)}
    if applied - _all_names():
        raise NewerSchema(
            _(
                "{path} was written by a newer version of smstui. "
                "Open it with that version; nothing was changed."
            ).format(path=path)
        )
    if not applied and db.table_names():
        raise NotAStore(
            _("{path} holds something else. Name another file with --store.").format(path=path)
        )


def _all_names() -> set[str]:
    """Return the names of all steps: what an empty database still waits for."""
    with Database(memory=True, execute_plugins=False) as empty:
        return {migration.name for migration in MIGRATIONS.pending(empty)}
