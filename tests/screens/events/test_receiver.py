"""The switch of the receiver: the dialog, the header, and a receiver that really runs."""

from __future__ import annotations

import socket
from typing import Any
from urllib.request import urlopen

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from screens.app_commands import change_passphrase
from screens.confirm import ConfirmDialog
from screens.passphrase import PassphraseDialog
from screens.receiver import ReceiverDialog
from screens.shell import ShellScreen
from screens.unlock import UnlockScreen
from screens.widgets.secret_input import SecretInput
from smstui.app import SmstuiApp
from smstui.webhooks.receiver_state import Standing, State
from smstui.webhooks.settings import ReceiverSettings
from tests.conftest import PASSPHRASE
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.kit import focused, text, told

NEW = "seven quiet lanterns under the pier"


@pytest.fixture
def port() -> int:
    """A TCP port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def header(app: SmstuiApp) -> str:
    shell = next(screen for screen in app.screen_stack if isinstance(screen, ShellScreen))
    return str(shell.query_one("#whereabouts", Static).render())


def standing(app: SmstuiApp) -> str:
    return str(app.screen.query_one("#standing", Static).render())


async def listen(pilot: Pilot[Any], settle: Settle, port: int) -> None:
    """Switch the receiver on by the dialog."""
    await settle(pilot)
    await pilot.press("l")
    await settle(pilot)
    assert isinstance(pilot.app.screen, ReceiverDialog)
    pilot.app.screen._form.query_one("#field-port Input", Input).value = str(port)
    await pilot.press("ctrl+s")
    await settle(pilot)


def answers(port: int) -> bool:
    """Whether a receiver answers at a port."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return bool(answer.read() == b"ok")
    except OSError:
        return False


async def test_it_is_switched_on_told_in_every_header_and_switched_off(
    console_app: ConsoleApp, settle: Settle, port: int
) -> None:
    app = console_app(address="events")
    async with app.run_test(size=(120, 30)) as pilot:
        await settle(pilot)
        assert header(app) == "● main · demo"
        await listen(pilot, settle, port)
        assert isinstance(app.screen, ShellScreen)
        assert header(app) == f"◉ listening 127.0.0.1:{port}  ● main · demo"
        assert answers(port)
        kept = await app.context.session.call(ReceiverSettings.load)
        assert kept.port == port

        await pilot.press("ctrl+l")
        await settle(pilot)
        assert isinstance(app.screen, UnlockScreen)
        assert answers(port), "it goes on while the console is locked"
        app.screen.query_one(SecretInput).value = PASSPHRASE.get_secret_value()
        await pilot.press("enter")
        await settle(pilot)

        await pilot.press("l")
        await settle(pilot)
        assert f"◉ listening at http://127.0.0.1:{port} since 10:00:00 UTC" in standing(app)
        await pilot.press("f4")
        await settle(pilot)
        assert standing(app) == "– off; nothing is received"
        assert not answers(port)
        await pilot.press("escape")
        await settle(pilot)
        assert header(app) == "● main · demo"
        await app.context.receiver.stop()


async def test_the_passphrase_is_changed_and_the_receiver_goes_on(
    console_app: ConsoleApp, settle: Settle, port: int
) -> None:
    app = console_app(address="events")
    async with app.run_test() as pilot:
        await listen(pilot, settle, port)
        change_passphrase(app)
        await pilot.pause()
        for name, value in {
            "present": PASSPHRASE.get_secret_value(),
            "new": NEW,
            "again": NEW,
        }.items():
            app.screen.query_one(f"#{name}", Input).value = value
        await pilot.press("f9")
        while not isinstance(app.screen, ConfirmDialog):
            await pilot.pause()
        assert "The receiver has the store open." in text(app)
        await pilot.press("y")
        await settle(pilot)
        assert not isinstance(app.screen, PassphraseDialog)
        assert told(app)[-1] == "The passphrase was changed. Backups keep the old one."
        assert app.context.receiver.state.standing is Standing.LISTENING
        assert answers(port)
        await app.context.receiver.stop()
        assert not answers(port)


async def test_a_port_that_is_taken_is_told_and_the_dialog_stays(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address="webhooks")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        async with app.run_test() as pilot:
            await listen(pilot, settle, int(taken.getsockname()[1]))
            assert isinstance(app.screen, ReceiverDialog)
            assert standing(app).startswith("✗ off since 10:00:00 UTC. ")
            assert header(app).startswith("✗ receiver: ")
            await app.context.receiver.stop()


async def test_wrong_settings_are_told_at_their_field(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address="events")
    async with app.run_test() as pilot:
        await listen(pilot, settle, 70_000)
        assert isinstance(app.screen, ReceiverDialog)
        assert focused(app) == "port"
        assert app.context.receiver.state.standing is Standing.OFF
        await pilot.press("escape")
        while not isinstance(app.screen, ConfirmDialog):
            await pilot.pause()
        await pilot.press("y")
        await settle(pilot)
        assert isinstance(app.screen, ShellScreen)


async def test_a_full_disk_is_told_in_header_and_dialog(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address="events")
    full = "There is no room left to write /x.db; nothing was changed."
    async with app.run_test() as pilot:
        await settle(pilot)
        app.context.receiver.hear(State(Standing.TROUBLE, "http://127.0.0.1:4020", full))
        await settle(pilot)
        assert header(app).startswith("✗ receiver: There is no room left")
        await pilot.press("f2", *"receiver…", "enter")
        await settle(pilot)
        assert standing(app).startswith("✗ listening, but nothing can be kept since 10:00:00 UTC. ")
        app.context.receiver.hear(State(Standing.LISTENING, "http://127.0.0.1:4020"))
        await settle(pilot)
        assert standing(app).startswith("◉ listening at")
        assert header(app) == "◉ listening  ● main · demo"
