"""What the screens of channel configurations look like; each picture was looked at."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from tests.screens.channels.kit import credentials, fill
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.kit import go_to, start
from tests.screens.sizes import SIZES


@SIZES
def test_filled_list(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await start(pilot, settle)
        await pilot.press("end")
        await settle(pilot)

    app = console_app(fill=fill, address="channels")
    assert snap_compare(app, run_before=before, terminal_size=size)


@SIZES
def test_new_form(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    app = console_app(fill=credentials, address="channels/+new")
    assert snap_compare(app, run_before=settle, terminal_size=size)


@SIZES
def test_form_with_issues(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await start(pilot, settle)
        await pilot.press(*"1st offer")
        await go_to(pilot, "sender_number")
        await pilot.press(*"Acme", "tab", *"us, italy,", "ctrl+s")
        await settle(pilot)

    app = console_app(fill=credentials, address="channels/+new")
    assert snap_compare(app, run_before=before, terminal_size=size)


@pytest.mark.parametrize("name", ["Acme_Marketing", "Acme_Service", "Retail_RCS"])
@SIZES
def test_checks(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, name: str, size: tuple[int, int]
) -> None:
    app = console_app(fill=fill, address=f"channels/+checks/{name}")
    assert snap_compare(app, run_before=settle, terminal_size=size)
