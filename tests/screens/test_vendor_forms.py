"""The form of each vendor, as it is opened and as it is after everything was left empty."""

from __future__ import annotations

from typing import Any

import pytest

from smstui.providers.registry import providers
from tests.screens.conftest import ConsoleApp, Settle

VENDORS = list(providers())


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("state", ["empty", "invalid"])
@pytest.mark.parametrize("vendor", VENDORS, ids=[name.replace(" ", "-") for name in VENDORS])
def test_the_form_of_a_vendor(
    vendor: str,
    state: str,
    size: tuple[int, int],
    console_app: ConsoleApp,
    settle: Settle,
    snap_compare: Any,
) -> None:
    app = console_app(address="credentials/+new")

    async def before(pilot: Any) -> None:
        await settle(pilot)
        if vendor != VENDORS[0]:
            await pilot.press("enter", "home", *["down"] * VENDORS.index(vendor), "enter")
            await settle(pilot)
        if state == "invalid":
            await pilot.press("ctrl+s")
            await settle(pilot)

    assert snap_compare(app, run_before=before, terminal_size=size)
