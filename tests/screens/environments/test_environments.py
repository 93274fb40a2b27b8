"""Environments in the console: switching, making, production's name, promoting."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from screens.confirm import ConfirmDialog, TypedConfirmDialog
from screens.environment_form import EnvironmentFormDialog
from screens.promote import PromoteDialog, WhichEnvironmentDialog
from screens.rcs_test import TestPane
from screens.shell import ShellScreen
from screens.unlock import UnlockScreen
from screens.verify import VerifyScreen
from screens.widgets.secret_input import SecretInput
from smstui.app import SmstuiApp
from smstui.environments import create as create_environment
from smstui.environments import update
from smstui.rcs.base import Step
from smstui.simulator.server import Simulator
from smstui.store import Store
from tests.conftest import PASSPHRASE
from tests.screens.conftest import ConsoleApp
from tests.screens.environments.kit import TOKEN, begin_live, fill
from tests.screens.events.kit import rows_of, strip_of
from tests.screens.kit import shell, text, told
from tests.screens.rcs.wizard_kit import ADDRESS, at, page, turn
from tests.screens.verify.kit import ToSimulator, credential, until

Go = Callable[..., Awaitable[None]]


def header(app: SmstuiApp) -> str:
    return text(app).splitlines()[0].rstrip()


def going(pilot: Pilot[Any]) -> Go:
    """Return what presses keys and waits for a screen, or for words on it or told in passing."""
    app: SmstuiApp = pilot.app  # type: ignore[assignment]  # no other application is tested

    def is_said(words: str) -> bool:
        return words in " ".join(text(app).split()) or words in told(app)

    async def go(*keys: str, to: type[Screen[Any]] | str) -> None:
        await pilot.press(*keys)
        if isinstance(to, str):
            await until(pilot, lambda: is_said(to))
        else:
            await until(pilot, lambda: type(app.screen) is to)
            # Until the dialog has read what it shows.
            await pilot.pause()
            await pilot.pause()

    return go


async def test_one_switches_from_anywhere_and_the_lists_follow(console_app: ConsoleApp) -> None:
    app = console_app(fill=fill)
    async with app.run_test() as pilot:
        go = going(pilot)
        await go(to="twilio-trial")
        assert header(app).endswith("● dev · demo")
        await go("n", to="Account SID")
        await go("tab", *"typed", "f12", to="2 credentials, 0 webhooks you are here")
        assert "▌ ● dev" in text(app)
        # What was typed is asked about; staying leaves everything as it is.
        await go("j", "enter", to=ConfirmDialog)
        await go("n", to=ShellScreen)
        assert header(app).endswith("● dev · demo")
        await go("f12", to="you are here")
        await go("j", "enter", to=ConfirmDialog)
        await go("y", to="You are in live now.")
        assert header(app).endswith("◆ live · demo")
        assert shell(app).address == "credentials"
        await until(pilot, lambda: [row.split()[0] for row in rows_of(app)] == ["▌twilio-main"])

        await go("ctrl+l", to=UnlockScreen)
        app.screen.query_one(SecretInput).value = PASSPHRASE.get_secret_value()
        await go("enter", to=ShellScreen)
        assert header(app).endswith("◆ live · demo")
        await go("f2", *"switch dev", to="switch to environment: dev")
        await go("enter", to="● dev · demo")
        await until(pilot, lambda: len(rows_of(app)) == 2)


async def test_environments_are_made_changed_and_deleted_when_empty(
    console_app: ConsoleApp,
) -> None:
    app = console_app(fill=fill)
    async with app.run_test() as pilot:
        go = going(pilot)
        await go(to="twilio-trial")
        await go("f12", to="you are here")
        await go("n", to=EnvironmentFormDialog)
        await go(*"DEV", "ctrl+s", to="There is an environment DEV already.")
        await go("escape", to=ConfirmDialog)
        await go("n", to=EnvironmentFormDialog)
        await go(*"-2", "ctrl+s", to="▌ ● DEV-2")
        # There is room for all of them, so that none is scrolled away.
        await go(to="you are here")

        await go("e", to=EnvironmentFormDialog)
        await go("end", *"x", "tab", "tab", "space", "f9", to="▌ ◆ DEV-2x")

        # Production, so its name is asked for; who is in it or has records in it keeps it.
        await go("d", to=TypedConfirmDialog)
        await go(*"dev-2X", "enter", to="DEV-2x is deleted.")
        await go("d", to="You are in dev. Switch to another one first.")
        await go("down", "d", to=TypedConfirmDialog)
        await go(*"live", "enter", to="live still holds credentials: twilio-main.")

        await go("up", "e", to=EnvironmentFormDialog)
        await go("end", *"elop", "ctrl+s", to="▌ ● develop")
        await go("escape", to=ShellScreen)
        assert header(app).endswith("● develop · demo")


async def test_production_asks_for_its_name_before_it_deletes(console_app: ConsoleApp) -> None:
    app = console_app(fill=begin_live)
    async with app.run_test() as pilot:
        go = going(pilot)
        await go(to="1 credential")
        await go("d", to=TypedConfirmDialog)
        await go("enter", *"dev", "enter", to="This is not its name.")
        await go("escape", to=ShellScreen)
        assert len(rows_of(app)) == 1
        await go("d", to=TypedConfirmDialog)
        await go(*"live", "enter", to="No credentials yet.")
        assert told(app)[-1] == "twilio-main is deleted."


class Counting(ToSimulator):
    """Counts what goes to the simulator."""

    count = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        Counting.count += 1
        return await super().handle_async_request(request)


async def test_production_asks_for_its_name_before_it_sends(
    console_app: ConsoleApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Counting, "count", 0)
    with Simulator() as simulator:

        def production(store: Store) -> None:
            begin_live(store)
            live = store.acting_in(store.environments.by_name("live").id)
            live.credentials.add(credential(simulator, "live", {"name": "a-sim"}))

        app = console_app(
            fill=production, http_client=lambda: httpx.AsyncClient(transport=Counting(simulator))
        )
        async with app.run_test() as pilot:
            go = going(pilot)
            await go(to="2 credentials")
            await go("v", to=VerifyScreen)
            await until(pilot, lambda: "smstui test" in text(app))
            app.screen.query_one("#number-input", Input).value = "+393331234567"
            await pilot.pause()
            await go("f9", to=TypedConfirmDialog)
            assert "Send a real message to +393331234567?" in text(app)
            await go("escape", to=VerifyScreen)
            assert Counting.count == 0
            await go("f9", to=TypedConfirmDialog)
            await go(*"LIVE", "enter", to="✓ accept")
            assert Counting.count > 0


async def test_a_credential_is_promoted_after_its_differences_were_seen(
    console_app: ConsoleApp,
) -> None:
    app = console_app(fill=fill)
    async with app.run_test() as pilot:
        go = going(pilot)
        await go(to="twilio-trial")
        # The same token is in live already, of which Adobe warns.
        await until(pilot, lambda: "! also used in live" in strip_of(app))
        await go("greater_than_sign", to=PromoteDialog)
        drawn = " ".join(text(app).split())
        assert "Promote twilio-main to ◆ live?" in drawn
        assert "Inbound Number +15005550001 +15005550006" in drawn
        assert "The same there already: Auth Token." in drawn
        await go("escape", to=ShellScreen)
        await go("greater_than_sign", to=PromoteDialog)
        await go("ctrl+s", to=TypedConfirmDialog)  # What production has now is lost.
        await go(*"live", "enter", to="twilio-main is in live now, as it is here.")
        await go("greater_than_sign", to="twilio-main is the same in live already.")

        await go("down", "greater_than_sign", to=PromoteDialog)
        assert "It is new there." in text(app)
        assert "9999" not in text(app)
        assert TOKEN not in text(app)
        await go("f9", to="twilio-trial is in live now, as it is here.")


async def test_where_to_is_asked_when_there_are_several(console_app: ConsoleApp) -> None:
    def three(store: Store) -> None:
        fill(store)
        create_environment(store, {"name": "stage", "colour": "amber"})

    app = console_app(fill=three)
    async with app.run_test() as pilot:
        go = going(pilot)
        await go(to="twilio-trial")
        await go("greater_than_sign", to=WhichEnvironmentDialog)
        await go("down", "enter", to="Promote twilio-main to ● stage?")
        await go("ctrl+s", to="twilio-main is in stage now, as it is here.")


async def test_the_form_warns_of_a_secret_that_two_environments_have(
    console_app: ConsoleApp,
) -> None:
    app = console_app(fill=fill, address="credentials/twilio-main")
    async with app.run_test() as pilot:
        await going(pilot)(to="! Also used in live (twilio-main).")


async def test_production_asks_for_its_name_before_it_tests_rcs(console_app: ConsoleApp) -> None:
    def production(store: Store) -> None:
        update(store, store.environment, {"name": "live", "is_production": True})
        at(store, Step.CREDENTIAL, "Infobip")

    app = console_app(fill=production, address=ADDRESS)
    async with app.run_test(size=(100, 40)) as pilot:
        go = going(pilot)
        await until(pilot, lambda: "API Token" in text(app))
        document = page(pilot).document
        key = {"api_token": SecretStr("k" * 40)}
        page(pilot).change(document.typed(Step.CREDENTIAL, key), learned=True)
        await turn(pilot, "f8", Step.TEST)
        await go("f9", to=TypedConfirmDialog)
        await go("escape", to=ShellScreen)
        await until(pilot, lambda: not page(pilot).query_one(TestPane).can_stop)
        assert "Sending" not in text(app)
        assert not await app.context.session.call(lambda store: store.verifications.history(1))
