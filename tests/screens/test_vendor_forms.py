"""The form of each vendor, as it is opened and as it is after everything was left empty."""

from __future__ import annotations

from typing import Any

from smstui.providers.registry import providers
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.sizes import pictures

VENDORS = list(providers())
STATES = [f"{vendor}-{state}" for vendor in VENDORS for state in ("empty", "invalid")]


@pictures("state", STATES, wide=(f"{VENDORS[0]}-empty", f"{VENDORS[-1]}-invalid"))
def test_the_form_of_a_vendor(
    state: str,
    size: tuple[int, int],
    console_app: ConsoleApp,
    settle: Settle,
    snap_compare: Any,
) -> None:
    vendor, _, filled = state.rpartition("-")
    app = console_app(address="credentials/+new")

    async def before(pilot: Any) -> None:
        await settle(pilot)
        if vendor != VENDORS[0]:
            await pilot.press("enter", "home", *["down"] * VENDORS.index(vendor), "enter")
            await settle(pilot)
        if filled == "invalid":
            await pilot.press("ctrl+s")
            await settle(pilot)

    assert snap_compare(app, run_before=before, terminal_size=size)
