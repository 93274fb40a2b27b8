"""The schema, step by step. A step that was released is never changed; add one at the end."""

from __future__ import annotations

import re
from pathlib import Path

from sqlite_utils import Database, Migrations

from smstui.i18n import _
from smstui.store import marks
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


@MIGRATIONS(name="0002_webhooks")
def webhooks(db: Database) -> None:
    """Webhooks, the calls and events that came in by them, consent, and preferences.

    A call may bring several events; its raw bytes are kept once. ``key`` is what repeated
    deliveries of one thing have in common.
    """
    db.execute(
        """
        CREATE TABLE webhooks (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            folded TEXT NOT NULL UNIQUE,
            listing TEXT NOT NULL,
            vendor TEXT NOT NULL,
            type TEXT NOT NULL,
            credential_id INTEGER REFERENCES credentials(id) ON DELETE RESTRICT,
            path TEXT NOT NULL UNIQUE,
            revision INTEGER NOT NULL DEFAULT 1,
            created_by TEXT NOT NULL,
            created_at TEXT NOT NULL,
            modified_by TEXT NOT NULL,
            modified_at TEXT NOT NULL,
            event_at TEXT,
            event_result TEXT NOT NULL DEFAULT '',
            event_word TEXT NOT NULL DEFAULT '',
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
        ["event_at", "listing"],
        ["credential_id"],
    ):
        db.table("webhooks").create_index(columns)
    db.execute(
        """
        CREATE TABLE calls (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            webhook_id INTEGER NOT NULL REFERENCES webhooks(id) ON DELETE CASCADE,
            at TEXT NOT NULL,
            method TEXT NOT NULL,
            url TEXT NOT NULL,
            headers TEXT NOT NULL CHECK (json_valid(headers)),
            body BLOB NOT NULL
        )
        """
    )
    db.table("calls").create_index(["webhook_id"])
    db.table("calls").create_index(["at"])
    db.execute(
        """
        CREATE TABLE events (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            call_id INTEGER NOT NULL REFERENCES calls(id) ON DELETE CASCADE,
            webhook_id INTEGER NOT NULL REFERENCES webhooks(id) ON DELETE CASCADE,
            at TEXT NOT NULL,
            kind TEXT NOT NULL,
            result TEXT NOT NULL,
            word TEXT NOT NULL,
            sender TEXT NOT NULL,
            recipient TEXT NOT NULL,
            message_id TEXT NOT NULL,
            reference TEXT NOT NULL,
            key TEXT NOT NULL,
            listing TEXT NOT NULL,
            repeats INTEGER NOT NULL DEFAULT 0,
            repeated_at TEXT,
            text TEXT NOT NULL,
            detail TEXT NOT NULL CHECK (json_valid(detail))
        )
        """
    )
    db.table("events").create_index(["call_id"])
    db.table("events").create_index(["listing"])
    db.execute("CREATE INDEX idx_events_webhook ON events (webhook_id, id)")
    db.execute("CREATE INDEX idx_events_message ON events (message_id) WHERE message_id != ''")
    db.execute("CREATE INDEX idx_events_reference ON events (reference) WHERE reference != ''")
    db.execute("CREATE UNIQUE INDEX idx_events_key ON events (webhook_id, key) WHERE key != ''")
    db.execute("CREATE INDEX idx_verifications_message ON verifications (message_id)")
    db.execute(
        """
        CREATE TABLE nonces (
            webhook_id INTEGER NOT NULL REFERENCES webhooks(id) ON DELETE CASCADE,
            nonce TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (webhook_id, nonce)
        ) WITHOUT ROWID
        """
    )
    db.table("nonces").create_index(["at"])
    db.execute(
        """
        CREATE TABLE consents (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            number TEXT NOT NULL,
            sender TEXT NOT NULL,
            state TEXT NOT NULL,
            at TEXT NOT NULL,
            keyword TEXT NOT NULL,
            webhook TEXT NOT NULL,
            changes INTEGER NOT NULL,
            listing TEXT NOT NULL,
            UNIQUE (number, sender)
        )
        """
    )
    for columns in (["listing"], ["state", "listing"], ["sender", "listing"], ["at", "listing"]):
        db.table("consents").create_index(columns)
    db.execute(
        """
        CREATE TABLE consent_changes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            consent_id INTEGER NOT NULL REFERENCES consents(id) ON DELETE CASCADE,
            at TEXT NOT NULL,
            before TEXT NOT NULL,
            after TEXT NOT NULL,
            category TEXT NOT NULL,
            keyword TEXT NOT NULL,
            webhook TEXT NOT NULL,
            event_id INTEGER REFERENCES events(id) ON DELETE SET NULL
        )
        """
    )
    db.table("consent_changes").create_index(["consent_id", "id"])
    db.table("consent_changes").create_index(["event_id"])
    db.execute(
        "CREATE TABLE preferences (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
    )


@MIGRATIONS(name="0003_rcs_setups")
def rcs_setups(db: Database) -> None:
    """RCS set-ups. What a set-up made may be deleted without it: ids are only remembered."""
    db.execute(
        """
        CREATE TABLE rcs_setups (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            folded TEXT NOT NULL UNIQUE,
            listing TEXT NOT NULL,
            route TEXT NOT NULL,
            step TEXT NOT NULL,
            waiting_for TEXT NOT NULL DEFAULT '',
            waiting_since TEXT,
            credential_id INTEGER REFERENCES credentials(id) ON DELETE SET NULL,
            webhook_ids TEXT NOT NULL CHECK (json_valid(webhook_ids)),
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
    for columns in (
        ["listing"],
        ["route", "listing"],
        ["step", "listing"],
        ["waiting_since", "listing"],
        ["modified_at", "listing"],
        ["credential_id"],
    ):
        db.table("rcs_setups").create_index(columns)


@MIGRATIONS(name="0004_environments")
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


@MIGRATIONS(name="0005_channels")
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


@MIGRATIONS(name="0006_rotation")
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


@MIGRATIONS(name="0007_audit_environment")
def audit_environment(db: Database) -> None:
    """The environment of what the trail tells of; older entries keep silent on it."""
    db.execute("ALTER TABLE audit ADD COLUMN environment TEXT NOT NULL DEFAULT ''")


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
