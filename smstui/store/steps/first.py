"""Steps 0001 to 0003: records, before there were environments."""

from __future__ import annotations

from sqlite_utils import Database


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
