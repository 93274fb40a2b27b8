from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlite_utils import Database

from smstui.store import Store
from smstui.store.migrations import MIGRATIONS
from smstui.store.records import Actor, NewCredential

New = Callable[..., NewCredential]
Reopen = Callable[..., Store]

TWO_MORE_STEPS = """
    import os, pathlib, signal, sys
    from pydantic import SecretStr
    from smstui.store.store import Store
    from smstui.store.migrations import MIGRATIONS
    from smstui.store.records import Actor

    @MIGRATIONS(name="0002_first")
    def first(db):
        db.execute("CREATE TABLE first (x)")

    @MIGRATIONS(name="0003_second")
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
        MIGRATIONS(name="0002_test")(function)

    yield add
    MIGRATIONS._migrations[:] = released


def test_an_older_store_is_brought_up_to_date_with_its_records(
    path: Path, reopen: Reopen, new: New,
    step: Callable[[Callable[[Database], None]], None],
) -> None:  # fmt: skip
    store = reopen(path)
    kept = store.credentials.add(new("one"))
    store.close()

    def webhooks(db: Database) -> None:
        db.execute("CREATE TABLE webhooks (id INTEGER PRIMARY KEY)")

    step(webhooks)
    migrated = reopen(path)

    assert migrated.info().schema_version == 2
    assert migrated.credentials.get(kept.id) == kept


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
    assert store.info().schema_version == 1


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
    assert store.info().schema_version == 1
    with store._vault.reading() as db:
        assert not {"first", "second"} & set(db.table_names())
