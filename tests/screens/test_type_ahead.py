"""Keys that come in a burst, each seen by the place that the one before it led to."""

from __future__ import annotations

import asyncio

import pytest

from screens import type_ahead
from screens.unlock import UnlockScreen
from screens.widgets.list_filter import FilterEntry
from screens.widgets.secret_input import SecretInput
from tests.conftest import PASSPHRASE
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.events.kit import fill


async def test_the_key_after_the_unlock_screen_waits_for_no_deadline(
    console_app: ConsoleApp, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type_ahead, "PATIENCE", 3600.0)
    app = console_app(fill=fill)
    async with app.run_test() as pilot, asyncio.timeout(30):
        await settle(pilot)
        await pilot.press("ctrl+l")
        await settle(pilot)
        assert isinstance(app.screen, UnlockScreen)
        app.screen.query_one(SecretInput).value = PASSPHRASE.get_secret_value()
        await pilot.press("enter")
        while isinstance(app.screen, UnlockScreen):
            await pilot.pause()
        await pilot.press("slash")
        while not isinstance(app.focused, FilterEntry):
            await pilot.pause()
