"""An open store in a folder of its own, and small helpers for the store's tests."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from pydantic import SecretStr

from smstui.store import Store
from smstui.store.records import Actor, NewCredential
from smstui.times import Clock

if TYPE_CHECKING:
    from tests.conftest import MakeStore

ROOT = Path(__file__).parents[2]


@pytest.fixture
def ada() -> Actor:
    """Who works with the store."""
    return Actor("ada", "192.0.2.7")


@pytest.fixture
def path(make_store: MakeStore, tmp_path: Path) -> Path:
    """An empty store in a folder of its own; its passphrase is the fixture `passphrase`."""
    return make_store(path=tmp_path / "vault" / "smstui.db")


class Reopen(Protocol):
    """Opens a store, and closes it when the test is over."""

    def __call__(
        self, path: Path, passphrase: SecretStr | None = None, user: str = "ada"
    ) -> Store: ...


@pytest.fixture
def reopen(passphrase: SecretStr, fixed_clock: Clock) -> Iterator[Reopen]:
    """Open stores that are closed when the test is over."""
    usual = passphrase
    opened: list[Store] = []

    def open_(path: Path, passphrase: SecretStr | None = None, user: str = "ada") -> Store:
        actor = Actor(user, "192.0.2.7")
        opened.append(Store.open(path, passphrase or usual, actor=actor, clock=fixed_clock))
        return opened[-1]

    yield open_
    for store in opened:
        store.close()


@pytest.fixture
def store(path: Path, reopen: Reopen) -> Store:
    """An open, empty store."""
    return reopen(path)


class NewNamed(Protocol):
    """Makes a plausible credential."""

    def __call__(
        self, name: str, vendor: str = "Twilio", token: str = "0123456789abcdef"
    ) -> NewCredential: ...


@pytest.fixture
def new() -> NewNamed:
    """Make credentials that are not in a store yet."""

    def make(name: str, vendor: str = "Twilio", token: str = "0123456789abcdef") -> NewCredential:
        return NewCredential(
            vendor=vendor,
            name=name,
            fields={"account_sid": "AC" + "0" * 32, "headers": [["a", "b"]]},
            secrets={"auth_token": SecretStr(token)},
        )

    return make


class RunChild(Protocol):
    """Runs Python code in a process of its own and returns what it printed."""

    def __call__(self, code: str, *arguments: object) -> str: ...


@pytest.fixture
def run_child() -> RunChild:
    """Run code in another process; it must end well."""

    def run(code: str, *arguments: object) -> str:
        ended = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.strip()

    return run
