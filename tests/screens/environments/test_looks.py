"""What environments look like; each picture was looked at."""

from __future__ import annotations

from typing import Any

import pytest

from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.environments.kit import begin_live, fill
from tests.screens.events.test_looks import presses


@pytest.mark.parametrize(
    ("keys", "size"),
    [
        (("f12",), (80, 24)),
        (("f12",), (60, 20)),
        (("f12", "n"), (80, 24)),
        (("greater_than_sign",), (80, 24)),
        (("d",), (80, 24)),
    ],
    ids=["list", "list-60x20", "form", "promote", "production"],
)
def test_environments(
    snap_compare: Any,
    console_app: ConsoleApp,
    settle: Settle,
    keys: tuple[str, ...],
    size: tuple[int, int],
) -> None:
    app = console_app(fill=begin_live if keys == ("d",) else fill)
    assert snap_compare(app, run_before=presses(settle, *keys), terminal_size=size)
