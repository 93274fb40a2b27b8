"""The steps from 0004 on: everything belongs to an environment."""

from __future__ import annotations

import re

from sqlite_utils import Database

from smstui.store import marks


def environments(db: Database) -> None:
    """Environments. Everything that was stored belongs to the first one from here on.

    Names are unique within an environment, and every order of a list is one of an environment.
    """
    db.execute(
        """
        CREATE TABLE environments (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            folded TEXT NOT NULL UNIQUE,
            listing TEXT NOT NULL,
            revision INTEGER NOT NULL DEFAULT 1,
            created_by TEXT NOT NULL,
            created_at TEXT NOT NULL,
            modified_by TEXT NOT NULL,
            modified_at TEXT NOT NULL,
            fields TEXT NOT NULL CHECK (json_valid(fields)),
            secrets TEXT NOT NULL CHECK (json_valid(secrets))
        )
        """
    )
    for columns in (["listing"], ["modified_at", "listing"]):
        db.table("environments").create_index(columns)
    user, at = db.execute("SELECT user, at FROM audit ORDER BY id LIMIT 1").fetchone() or ("", "")
    db.execute(
        "INSERT INTO environments (id, name, folded, listing, created_by, created_at, modified_by,"
        " modified_at, fields, secrets) VALUES (1, 'main', 'main', 'main', :user,"
        " coalesce(nullif(:at, ''), strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), :user,"
        " coalesce(nullif(:at, ''), strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), '{}', '{}')",
        {"user": user, "at": at},
    )
    for table, unique, sorts in (
        ("credentials", "folded", ("vendor", "created_by", "modified_at", "verified_at")),
        ("webhooks", "folded", ("vendor", "created_by", "modified_at", "event_at")),
        ("rcs_setups", "folded", ("route", "step", "waiting_since", "modified_at")),
        ("consents", "number, sender", ("state", "sender", "at")),
    ):
        _move_into_environment(db, table)
        db.execute(f"CREATE UNIQUE INDEX idx_{table}_unique ON {table} (environment_id, {unique})")
        for columns in (["listing"], *([sort, "listing"] for sort in sorts)):
            db.table(table).create_index(["environment_id", *columns])
    for table in ("webhooks", "rcs_setups"):
        db.table(table).create_index(["credential_id"])


def _move_into_environment(db: Database, table: str) -> None:
    """Make a table anew with a column for the environment, rows and the counter of ids kept.

    SQLite cannot take a constraint away. References from other tables hold by the name of the
    table; they are not enforced while a schema is migrated, and checked at its end.
    """
    (sql,) = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    (last_id,) = db.execute(
        "SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)
    ).fetchone() or (0,)
    names = ", ".join(column.name for column in db.table(table).columns)
    sql = sql.replace(f"CREATE TABLE {table} (", "CREATE TABLE moving (")
    sql = sql.replace("folded TEXT NOT NULL UNIQUE,", "folded TEXT NOT NULL,")
    sql = re.sub(r",\s*UNIQUE \(number, sender\)", "", sql)
    sql = sql.replace(
        "listing TEXT NOT NULL",
        "environment_id INTEGER NOT NULL REFERENCES environments(id) ON DELETE RESTRICT,\n"
        "            listing TEXT NOT NULL",
    )
    db.execute(sql)
    db.execute(f"INSERT INTO moving (environment_id, {names}) SELECT 1, {names} FROM {table}")  # noqa: S608 - our own names
    db.execute(f"DROP TABLE {table}")
    db.execute(f"ALTER TABLE moving RENAME TO {table}")
    db.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
    db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last_id))


def channels(db: Database) -> None:
    """Channel configurations, and which webhooks the active ones count on.

    ``run_*`` is there while checks run, ``update_*`` tells of the most recent change to an active
    one; the credential of a change is a reference only while that is being checked.
    """
    db.execute(
        """
        CREATE TABLE channels (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            environment_id INTEGER NOT NULL REFERENCES environments(id) ON DELETE RESTRICT,
            name TEXT NOT NULL,
            folded TEXT NOT NULL,
            listing TEXT NOT NULL,
            channel TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'Draft',
            credential_id INTEGER REFERENCES credentials(id) ON DELETE RESTRICT,
            sender TEXT NOT NULL,
            revision INTEGER NOT NULL DEFAULT 1,
            created_by TEXT NOT NULL,
            created_at TEXT NOT NULL,
            modified_by TEXT NOT NULL,
            modified_at TEXT NOT NULL,
            checked_at TEXT,
            result TEXT NOT NULL DEFAULT '',
            word TEXT NOT NULL DEFAULT '',
            run_kind TEXT NOT NULL DEFAULT '',
            run_token TEXT NOT NULL DEFAULT '',
            run_owner TEXT NOT NULL DEFAULT '',
            run_at TEXT,
            update_state TEXT NOT NULL DEFAULT '',
            update_at TEXT,
            update_by TEXT NOT NULL DEFAULT '',
            update_credential_id INTEGER REFERENCES credentials(id) ON DELETE RESTRICT,
            fields TEXT NOT NULL CHECK (json_valid(fields)),
            secrets TEXT NOT NULL CHECK (json_valid(secrets)),
            checks TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(checks)),
            update_new TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(update_new)),
            UNIQUE (environment_id, folded)
        )
        """
    )
    for columns in (
        ["listing"],
        ["channel", "listing"],
        ["state", "listing"],
        ["created_by", "listing"],
        ["modified_at", "listing"],
        ["sender"],
    ):
        db.table("channels").create_index(["environment_id", *columns])
    for column in ("credential_id", "update_credential_id"):
        db.table("channels").create_index([column])
    db.execute("CREATE INDEX idx_channels_run ON channels (run_token) WHERE run_token != ''")
    db.execute(
        """
        CREATE TABLE channel_webhooks (
            channel_id INTEGER NOT NULL REFERENCES channels(id) ON DELETE CASCADE,
            webhook_id INTEGER NOT NULL REFERENCES webhooks(id) ON DELETE RESTRICT,
            PRIMARY KEY (channel_id, webhook_id)
        ) WITHOUT ROWID
        """
    )
    db.table("channel_webhooks").create_index(["webhook_id"])


def rotation(db: Database) -> None:
    """Second sets of secrets beside those in use, and marks by which equal secrets are noticed.

    A row of ``rotations`` holds the set that is not in use: the staged one, after its promotion the
    one before it. ``verified_revision`` is that of the credential the staged set was verified with.
    """
    db.execute(
        """
        CREATE TABLE rotations (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            credential_id INTEGER NOT NULL UNIQUE REFERENCES credentials(id) ON DELETE CASCADE,
            state TEXT NOT NULL,
            revision INTEGER NOT NULL DEFAULT 1,
            staged_by TEXT NOT NULL,
            staged_at TEXT NOT NULL,
            promoted_by TEXT NOT NULL DEFAULT '',
            promoted_at TEXT,
            verified_by TEXT NOT NULL DEFAULT '',
            verified_at TEXT,
            verified_revision INTEGER,
            result TEXT NOT NULL DEFAULT '',
            word TEXT NOT NULL DEFAULT '',
            summary TEXT NOT NULL DEFAULT '',
            fields TEXT NOT NULL CHECK (json_valid(fields)),
            secrets TEXT NOT NULL CHECK (json_valid(secrets))
        )
        """
    )
    db.execute("CREATE TABLE secret_mark_key (key BLOB NOT NULL)")
    db.execute(
        """
        CREATE TABLE secret_marks (
            credential_id INTEGER NOT NULL REFERENCES credentials(id) ON DELETE CASCADE,
            field TEXT NOT NULL,
            mark BLOB NOT NULL,
            PRIMARY KEY (credential_id, field)
        ) WITHOUT ROWID
        """
    )
    db.table("secret_marks").create_index(["mark"])
    marks.begin(db)


def audit_environment(db: Database) -> None:
    """The environment of what the trail tells of; older entries keep silent on it."""
    db.execute("ALTER TABLE audit ADD COLUMN environment TEXT NOT NULL DEFAULT ''")
