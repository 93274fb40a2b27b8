"""The wizard beside a running simulator, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from smstui.simulator.server import Simulator
from tests.screens.verify.kit import ToSimulator
from tests.simulator.conftest import HandClock


@pytest.fixture
def hand_clock() -> HandClock:
    return HandClock()


@pytest.fixture
def simulator(hand_clock: HandClock) -> Iterator[Simulator]:
    with Simulator(clock=hand_clock, seed="tests") as running:
        yield running


@pytest.fixture
def http_client(simulator: Simulator) -> Callable[[], httpx.AsyncClient]:
    """Make clients whose requests to the simulator arrive, whatever port the screen shows."""
    return lambda: httpx.AsyncClient(
        transport=ToSimulator(simulator),
        timeout=10.0,
        headers={"User-Agent": "smstui", "Accept-Encoding": "identity"},
    )
