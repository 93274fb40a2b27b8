"""Settings that belong to a store: one JSON value per name."""

from __future__ import annotations

import json
from typing import Any

from smstui.store.audit import AuditTrail
from smstui.store.records import Action
from smstui.store.vault import Vault


class Preferences:
    """The repository of settings."""

    def __init__(self, vault: Vault, audit: AuditTrail) -> None:
        self._vault = vault
        self._audit = audit

    def get(self, name: str) -> Any:
        """Return a value, None when it was never set."""
        with self._vault.reading() as db:
            row = db.execute("SELECT value FROM preferences WHERE name = ?", (name,)).fetchone()
        return None if row is None else json.loads(row[0])

    def set(self, name: str, value: Any) -> None:
        """Keep a value; the trail tells of it when it differs."""
        with self._vault.writing() as db:
            if value == self.get(name):
                return
            db.execute(
                "INSERT INTO preferences (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, json.dumps(value)),
            )
            self._audit.record(Action.UPDATED, kind="preference", name=name)
