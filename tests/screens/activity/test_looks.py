"""What the activity looks like; each picture was looked at."""

from __future__ import annotations

from typing import Any

import pytest

from tests.screens.activity.test_activity import fill
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.events.test_looks import presses
from tests.screens.sizes import SIZES


@SIZES
def test_the_list(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    app = console_app(fill=fill, address="activity")
    before = presses(settle, "down", "down", "down", "w")
    assert snap_compare(app, run_before=before, terminal_size=size)


@pytest.mark.parametrize(
    "keys", [("down", "down", "down", "enter"), ("x",)], ids=["entry", "export"]
)
def test_its_dialogs(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, keys: tuple[str, ...]
) -> None:
    app = console_app(fill=fill, address="activity")
    assert snap_compare(app, run_before=presses(settle, *keys), terminal_size=(80, 24))
