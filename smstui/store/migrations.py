"""The schema, step by step. A step that was released is never changed; add one at the end."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database, Migrations

from smstui.i18n import _
from smstui.store.errors import NewerSchema, NotAStore
from smstui.store.steps import environments, first

MIGRATIONS = Migrations("smstui")
MIGRATIONS(name="0001_credentials")(first.credentials)
MIGRATIONS(name="0002_webhooks")(first.webhooks)
MIGRATIONS(name="0003_rcs_setups")(first.rcs_setups)
MIGRATIONS(name="0004_environments")(environments.environments)
MIGRATIONS(name="0005_channels")(environments.channels)
MIGRATIONS(name="0006_rotation")(environments.rotation)
MIGRATIONS(name="0007_audit_environment")(environments.audit_environment)


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
