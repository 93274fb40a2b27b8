"""An account of a running simulator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from smstui.simulator.core import AccountInfo
from smstui.simulator.server import Simulator


@pytest.fixture(scope="module")
def live() -> Iterator[AccountInfo]:
    """An account to which nothing is wrong."""
    with Simulator() as simulator:
        yield next(info for info in simulator.accounts if info.label == "live, number only")
