"""Two open stores: one with a record of every kind, one with nothing."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from smstui.bundles import sealing
from smstui.store import Store, key
from smstui.store.records import Actor
from tests.bundles.kit import fill
from tests.conftest import NOW, PASSPHRASE, MakeStore


@pytest.fixture(scope="session", autouse=True)
def remembered_bundle_keys() -> Iterator[None]:
    """Derive each key once: Argon2id is made to take long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "derive_key", functools.cache(key.derive_key))
        yield


@pytest.fixture(scope="session")
def filled_store(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a record of every kind, made once."""
    folder = tmp_path_factory.mktemp("filled-store")
    folder.chmod(0o700)
    path = Path(shutil.copy(empty_store, folder / "smstui.db"))
    with Store.open(path, PASSPHRASE, actor=Actor("ada"), clock=lambda: NOW) as store:
        fill(store)
    return path


@pytest.fixture
def full(filled_store: Path, tmp_path: Path) -> Iterator[Store]:
    """A store with a record of every kind."""
    folder = tmp_path / "full"
    folder.mkdir(mode=0o700)
    path = Path(shutil.copy(filled_store, folder / "smstui.db"))
    with Store.open(path, PASSPHRASE, actor=Actor("ada"), clock=lambda: NOW) as store:
        yield store


@pytest.fixture
def empty(make_store: MakeStore, tmp_path: Path) -> Iterator[Store]:
    """A store with one environment and nothing in it."""
    path = make_store(path=tmp_path / "empty" / "smstui.db")
    with Store.open(path, PASSPHRASE, actor=Actor("bob"), clock=lambda: NOW) as store:
        yield store
