"""What every test stands on: its own home, a fixed language, a clock, a real store."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from pydantic import SecretStr

from smstui.i18n import set_language
from smstui.times import Clock

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.store.records import NewCredential

PASSPHRASE = SecretStr("correct horse battery staple")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
CHANGING = ("TEXTUAL", "SMSTUI_", "XDG_", "LC_", "SSH_", "NO_COLOR", "LANGUAGE", "COLORTERM")
"""Beginnings of the variables that would change what the program does or draws."""


@pytest.fixture(autouse=True)
def fixed_environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test its own home and an environment that changes nothing it draws."""
    for variable in list(os.environ):
        is_ours = variable == "TEXTUAL_SNAPSHOT_TEMPDIR"  # of the snapshot plugin
        if not is_ours and variable.startswith(CHANGING):
            monkeypatch.delenv(variable)
    home.mkdir(mode=0o700)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("LANG", "C.UTF-8")
    set_language("en")


@pytest.fixture(scope="session", autouse=True)
def remembered_keys() -> Iterator[None]:
    """Derive each key once: the stores of most tests are copies with one salt, and Argon2id is
    made to take long.
    """
    from smstui.store import key, vault

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vault, "derive_key", functools.cache(key.derive_key))
        yield


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The test's own home folder."""
    return tmp_path / "home"


@pytest.fixture
def fixed_clock() -> Clock:
    """A clock that stands still at 2026-11-23T10:00:00Z."""
    return lambda: NOW


@pytest.fixture
def passphrase() -> SecretStr:
    """The passphrase of every store that `make_store` makes."""
    return PASSPHRASE


class MakeStore(Protocol):
    """Makes a real store and returns its path."""

    def __call__(
        self,
        records: Iterable[NewCredential] = (),
        *,
        fill: Callable[[Store], None] | None = None,
        path: Path | None = None,
    ) -> Path:
        """Make a store with these credentials, and with what ``fill`` puts into it.

        Args:
            records: credentials to add.
            fill: called with the open store after that.
            path: where to; else where the program looks by itself, in the test's own home.
        """


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store, made once: copying it is quicker than deriving a key each time."""
    from smstui.store import Store
    from smstui.store.records import Actor

    folder = tmp_path_factory.mktemp("empty-store")
    folder.chmod(0o700)
    path = folder / "smstui.db"
    Store.create(path, PASSPHRASE, actor=Actor("ada", ""), clock=lambda: NOW).close()
    return path


@pytest.fixture
def make_store(empty_store: Path, home: Path, fixed_clock: Clock) -> MakeStore:
    """Make real stores; they belong to user ada, their clock is `fixed_clock`."""
    from smstui.store import Store
    from smstui.store.records import Actor

    def make(
        records: Iterable[NewCredential] = (),
        *,
        fill: Callable[[Store], None] | None = None,
        path: Path | None = None,
    ) -> Path:
        path = path or home / ".local/share/smstui/smstui.db"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copy(empty_store, path)
        path.chmod(0o600)
        records = list(records)
        if records or fill:
            with Store.open(path, PASSPHRASE, actor=Actor("ada", ""), clock=fixed_clock) as store:
                store.credentials.add_many(records)
                if fill is not None:
                    fill(store)
        return path

    return make
