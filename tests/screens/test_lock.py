"""Locking: the store closes, the screen blanks, and what was typed is there again afterwards."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from textual import work
from textual.pilot import Pilot
from textual.widgets import Input

import screens.shell
from screens.app_commands import change_passphrase
from screens.confirm import ConfirmDialog
from screens.help import HelpDialog
from screens.shell import ShellScreen
from screens.unlock import UnlockScreen
from screens.widgets.secret_input import SecretInput
from smstui.app import SmstuiApp
from smstui.store.errors import StoreError
from tests.conftest import PASSPHRASE
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.stub_places import stub_places
from tests.screens.test_shell import screen_text

__all__ = ["stub_places"]
pytestmark = pytest.mark.usefixtures("stub_places")

CANARY = "canary-8f31"


async def unlock(pilot: Pilot[Any], settle: Settle) -> None:
    """Type the passphrase into the lock."""
    await settle(pilot)
    pilot.app.screen.query_one(SecretInput).value = PASSPHRASE.get_secret_value()
    await pilot.press("enter")
    await settle(pilot)


async def test_locking_blanks_the_screen_and_closes_the_store(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address="credentials/+new")
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press(*CANARY, "tab", *CANARY, "ctrl+r")
        assert screen_text(pilot).count(CANARY) == 2
        await pilot.press("ctrl+l")
        await settle(pilot)
        assert isinstance(app.screen, UnlockScreen)
        assert CANARY not in screen_text(pilot)
        assert "Locked." in screen_text(pilot)
        assert not app.context.session.is_open
        with pytest.raises(StoreError):
            await app.context.session.call(lambda store: store.credentials.count())
        await unlock(pilot, settle)
        assert app.context.session.is_open
        assert isinstance(app.screen, ShellScreen)
        assert app.screen.query_one("#plain", Input).value == CANARY
        secret = app.screen.query_one("#secret", SecretInput)
        assert secret.value == CANARY
        assert secret.has_focus
        assert not secret.is_revealed


async def test_idling_locks_and_a_key_puts_it_off(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(idle_seconds=600.0)
    seconds = 0.0
    app.seconds = lambda: seconds
    async with app.run_test() as pilot:
        await settle(pilot)
        seconds = 599.0
        app.look_around()
        assert isinstance(app.screen, ShellScreen)
        await pilot.press("down")
        seconds = 1198.0
        app.look_around()
        assert isinstance(app.screen, ShellScreen)
        seconds = 1199.0
        app.look_around()
        await settle(pilot)
        assert isinstance(app.screen, UnlockScreen)
        assert "Locked after 10 minutes without a key." in screen_text(pilot)
        app.look_around()
        assert sum(isinstance(screen, UnlockScreen) for screen in app.screen_stack) == 1
        await unlock(pilot, settle)
        app.look_around()
        assert isinstance(app.screen, ShellScreen)


async def test_never_means_never(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(idle_seconds=0.0)
    app.seconds = iter(range(10**9, 10**12, 10**9)).__next__
    async with app.run_test() as pilot:
        await settle(pilot)
        app.look_around()
        assert isinstance(app.screen, ShellScreen)


async def test_an_open_dialog_and_the_worker_that_waits_for_it_survive(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address="credentials/+new")
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("a", "escape")
        await pilot.pause()
        assert isinstance(app.screen, ConfirmDialog)
        await pilot.press("ctrl+l")
        await pilot.pause()
        assert isinstance(app.screen, UnlockScreen)
        assert "Leave without saving" not in screen_text(pilot)
        app.screen.query_one(SecretInput).value = PASSPHRASE.get_secret_value()
        await pilot.press("enter")
        while not isinstance(app.screen, ConfirmDialog):
            await pilot.pause()
        await pilot.press("y")
        await settle(pilot)
        assert isinstance(app.screen, ShellScreen)
        assert app.screen.address == "credentials"


class LateDialog(SmstuiApp):
    """Shows a dialog when a piece of work ends, whatever lies on the screen by then."""

    CSS_PATH = str(Path(screens.shell.__file__).parent.parent / "styles/app.tcss")

    @work
    async def work_on(self, moment: asyncio.Event) -> None:
        await moment.wait()
        self.push_screen(ConfirmDialog(f"Delete {CANARY}?", confirm="Delete"))
        self.notify(f"{CANARY} is through")


async def test_what_comes_up_while_locked_waits_below_the_lock(
    console_app: ConsoleApp, settle: Settle
) -> None:
    made = console_app()
    app = LateDialog(made.context)
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        moment = asyncio.Event()
        late = app.work_on(moment)
        app.action_lock()
        moment.set()
        await late.wait()
        await settle(pilot)
        assert isinstance(app.screen, UnlockScreen)
        assert CANARY not in screen_text(pilot)
        await pilot.press("y")
        assert app.screen.query_one(SecretInput).value == "y"
        await unlock(pilot, settle)
        assert isinstance(app.screen, ConfirmDialog)
        assert f"Delete {CANARY}?" in screen_text(pilot)


async def test_a_dialog_that_ends_while_locked_does_not_take_the_lock_away(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app()
    async with app.run_test() as pilot:
        await settle(pilot)
        change_passphrase(app)
        await settle(pilot)
        dialog = app.screen
        await pilot.press("ctrl+l")
        await settle(pilot)
        dialog.dismiss(True)
        await settle(pilot)
        assert isinstance(app.screen, UnlockScreen)
        await unlock(pilot, settle)
        assert isinstance(app.screen, ShellScreen)
        assert dialog not in app.screen_stack


async def test_locking_while_being_asked_to_quit_leaves_a_way_out(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address="credentials/+new")
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("a", "f10", "ctrl+l")
        await pilot.pause()
        assert isinstance(app.screen, UnlockScreen)
        await pilot.press("f10", "f10")
        await pilot.pause()
        assert isinstance(app.screen, ConfirmDialog)
        await pilot.press("y")
        await pilot.pause()
    assert app.return_code == 0


async def test_neither_lock_nor_palette_over_the_help_of_the_first_screen(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(locked=True)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("f1", "f2", "ctrl+l")
        await settle(pilot)
        assert isinstance(app.screen, HelpDialog)


async def test_help_works_over_the_lock_and_the_palette_does_not(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app()
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("ctrl+l")
        await settle(pilot)
        await pilot.press("f2", "ctrl+p", "ctrl+l", "f6", "escape")
        await settle(pilot)
        assert isinstance(app.screen, UnlockScreen)
        await pilot.press("f1")
        await pilot.pause()
        assert isinstance(app.screen, HelpDialog)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, UnlockScreen)


async def test_quitting_from_the_lock_still_asks_for_what_is_typed_below(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address="credentials/+new")
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("a", "ctrl+l")
        await settle(pilot)
        await pilot.press("f10")
        await pilot.pause()
        assert isinstance(app.screen, ConfirmDialog)
        await pilot.press("n")
        await settle(pilot)
        assert isinstance(app.screen, UnlockScreen)
        await pilot.press("f10")
        await pilot.pause()
        await pilot.press("y")
        await settle(pilot)
    assert app.return_code == 0


def test_locked(console_app: ConsoleApp, snap_compare: Any, settle: Settle) -> None:
    app = console_app()

    async def lock(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        app.lock("Locked after 10 minutes without a key.")
        await settle(pilot)

    assert snap_compare(app, run_before=lock, terminal_size=(80, 24))
