"""An open store, and a running simulator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smstui.simulator.server import Simulator
from smstui.store import Store
from smstui.store.records import Actor
from smstui.times import Clock
from tests.conftest import PASSPHRASE

if TYPE_CHECKING:
    from tests.conftest import MakeStore


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """A running simulator."""
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def path(make_store: MakeStore) -> Path:
    """An empty store."""
    return make_store()


@pytest.fixture
def store(path: Path, fixed_clock: Clock) -> Iterator[Store]:
    """An open, empty store."""
    with Store.open(path, PASSPHRASE, actor=Actor("ada"), clock=fixed_clock) as store:
        yield store
