from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlite_utils import Database

from smstui.store import Store
from smstui.store.migrations import MIGRATIONS
from smstui.store.records import Actor, NewCredential
from smstui.store.vault import Vault

New = Callable[..., NewCredential]
Reopen = Callable[..., Store]

RELEASED = len(MIGRATIONS._migrations)

TWO_MORE_STEPS = """
    import os, pathlib, signal, sys
    from pydantic import SecretStr
    from smstui.store.store import Store
    from smstui.store.migrations import MIGRATIONS
    from smstui.store.records import Actor

    @MIGRATIONS(name="9001_first")
    def first(db):
        db.execute("CREATE TABLE first (x)")

    @MIGRATIONS(name="9002_second")
    def second(db):
        db.table("second").create({"x": int})
        db.execute("DELETE FROM credentials")
        if sys.argv[3] == "killed":
            os.kill(os.getpid(), signal.SIGKILL)

    Store.open(pathlib.Path(sys.argv[1]), SecretStr(sys.argv[2]), actor=Actor("x")).close()
"""


@pytest.fixture
def step() -> Iterator[Callable[[Callable[[Database], None]], None]]:
    """Add steps to the schema for one test."""
    released = list(MIGRATIONS._migrations)

    def add(function: Callable[[Database], None]) -> None:
        MIGRATIONS(name="9001_test")(function)

    yield add
    MIGRATIONS._migrations[:] = released


def test_an_older_store_is_brought_up_to_date_with_its_records(
    path: Path, reopen: Reopen, new: New,
    step: Callable[[Callable[[Database], None]], None],
) -> None:  # fmt: skip
    store = reopen(path)
    kept = store.credentials.add(new("one"))
    store.close()

    def more(db: Database) -> None:
        db.execute("CREATE TABLE more (id INTEGER PRIMARY KEY)")

    step(more)
    migrated = reopen(path)

    assert migrated.info().schema_version == RELEASED + 1
    assert migrated.credentials.get(kept.id) == kept


def test_a_store_of_the_first_release_gains_webhooks_and_keeps_its_records(
    tmp_path: Path, reopen: Reopen, passphrase: SecretStr
) -> None:
    path = tmp_path / "old" / "smstui.db"
    released = list(MIGRATIONS._migrations)
    MIGRATIONS._migrations[:] = released[:1]
    try:
        vault = Vault.create(path, passphrase, os.urandom(16))
        with vault.writing() as db:
            db.execute(
                "INSERT INTO audit (at, user, origin, action, kind, name, fields) VALUES"
                " ('2026-01-01T00:00:00.000Z', 'ada', '', 'store created', 'store', '', '[]')"
            )
            db.execute(
                "INSERT INTO credentials (name, folded, listing, vendor, created_by, created_at,"
                " modified_by, modified_at, fields, secrets) VALUES ('One', 'one', 'one', 'Twilio',"
                " 'ada', :at, 'ada', :at, '{}', '{\"auth_token\": \"t\"}')",
                {"at": "2026-01-01T00:00:00.000Z"},
            )
        vault.close()
    finally:
        MIGRATIONS._migrations[:] = released

    store = reopen(path)

    assert store.info().schema_version == RELEASED
    kept = store.credentials.by_name("ONE")
    assert (kept.id, kept.revision, kept.secrets) == (1, 1, {"auth_token": SecretStr("t")})
    assert store.webhooks.count() == store.events.count() == store.consents.count() == 0


def test_a_step_that_fails_leaves_the_schema_as_it_was(
    path: Path, reopen: Reopen, passphrase: SecretStr,
    step: Callable[[Callable[[Database], None]], None],
) -> None:  # fmt: skip
    def fails(db: Database) -> None:
        db.execute("CREATE TABLE half (x)")
        db.execute("DROP TABLE audit")
        raise RuntimeError("midway")

    step(fails)
    with pytest.raises(RuntimeError, match="midway"):
        Store.open(path, passphrase, actor=Actor("ada"))
    MIGRATIONS._migrations.pop()

    store = reopen(path)
    with store._vault.reading() as db:
        assert "half" not in db.table_names()
    assert store.info().schema_version == RELEASED


def test_killed_midway_no_step_is_applied(
    path: Path, reopen: Reopen, passphrase: SecretStr, new: New, run_child: Callable[..., str]
) -> None:
    store = reopen(path)
    kept = store.credentials.add(new("one"))
    store.close()

    with pytest.raises(AssertionError):
        run_child(TWO_MORE_STEPS, path, passphrase.get_secret_value(), "killed")

    store = reopen(path)
    assert store.credentials.get(kept.id) == kept
    assert store.info().schema_version == RELEASED
    with store._vault.reading() as db:
        assert not {"first", "second"} & set(db.table_names())
