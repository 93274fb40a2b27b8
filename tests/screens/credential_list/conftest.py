"""Stores for the tests of the list, and a place where its ways lead."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from screens.shell import ShellScreen
from tests.screens.credential_list.records import fill


@pytest.fixture(scope="session")
def dozen(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a dozen credentials, made once and copied by `filled`."""
    folder = tmp_path_factory.mktemp("dozen")
    folder.chmod(0o700)
    path = folder / "smstui.db"
    shutil.copy(empty_store, path)
    path.chmod(0o600)
    fill(path)
    return path


@pytest.fixture
def filled(dozen: Path, tmp_path: Path) -> Path:
    """A store with a dozen credentials."""
    folder = tmp_path / "filled"
    folder.mkdir(mode=0o700)
    path = folder / "smstui.db"
    shutil.copy(dozen, path)
    path.chmod(0o600)
    return path


@pytest.fixture
def fake_form(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the addresses that are gone to, instead of going there."""
    gone_to: list[str] = []
    go = ShellScreen.navigate

    def navigate(self: ShellScreen, address: str, remember: bool = True) -> object:
        if address == "credentials":
            return go(self, address, remember)
        gone_to.append(address)
        return None

    monkeypatch.setattr(ShellScreen, "navigate", navigate)
    return gone_to
