"""The command line as a script calls it: arguments in, exit status and two streams out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from smstui.cli import main
from smstui.simulator.core import AccountInfo
from smstui.simulator.server import Simulator
from tests.conftest import PASSPHRASE, MakeStore


@dataclass(frozen=True)
class Done:
    """How a call ended."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


class Smstui(Protocol):
    """Calls the command line in this process."""

    def __call__(self, *arguments: str) -> Done:
        """Call ``smstui ARGUMENTS``."""


@pytest.fixture
def smstui(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Smstui:
    """The command line, with the passphrase of `make_store` in the environment."""

    def call(*arguments: str) -> Done:
        monkeypatch.setenv("SMSTUI_PASSPHRASE", PASSPHRASE.get_secret_value())
        monkeypatch.setattr("sys.argv", ["smstui", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        streams = capsys.readouterr()
        status = ended.value.code
        return Done(status if isinstance(status, int) else 0, streams.out, streams.err)

    return call


@pytest.fixture
def store(make_store: MakeStore) -> Path:
    """An empty store where the program looks by itself."""
    return make_store()


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    """A running simulator."""
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def live(simulator: Simulator) -> AccountInfo:
    """An account of the simulator to which nothing is wrong."""
    return account(simulator, "live, number only")


def account(simulator: Simulator, label: str) -> AccountInfo:
    """Return an account of the simulator by its label."""
    return next(info for info in simulator.accounts if info.label == label)
