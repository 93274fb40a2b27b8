"""What is lost in production, from wherever one acts, is lost once its name was typed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import SecretStr
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, Static

from screens.confirm import TypedConfirmDialog
from screens.environment_form import EnvironmentFormDialog
from screens.environments import EnvironmentsDialog
from screens.promote import PromoteDialog
from screens.rotate import RotateScreen
from screens.widgets.form import RecordForm
from smstui.environments import create
from smstui.rotation import members_of, stage
from smstui.simulator.server import Simulator
from smstui.store import Store
from smstui.store.environments import PRODUCTION
from tests.screens.conftest import ConsoleApp, Settle
from tests.test_rotation import account, saved


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """A running simulator."""
    with Simulator(seed="rotation") as simulator:
        yield simulator


@pytest.fixture
def fill(simulator: Simulator) -> Callable[[Store], None]:
    """Fills a store with a credential here and in production, and a secret staged for both."""

    def fill(store: Store) -> None:
        create(store, {"name": "live", "is_production": True})
        there = store.acting_in(store.environments.by_name("live").id)
        info = account(simulator, "Twilio", "live, number only")
        here = saved(store, info, "main")
        saved(there, info, "main", {"inbound_number": "+12025550199"})
        stage(store, members_of(store, here), {"auth_token": SecretStr("f" * 32)})

    return fill


async def until(pilot: Pilot[Any], kind: type[Screen[Any]]) -> Screen[Any]:
    """Wait for a dialog of a kind, which a worker opens."""
    async with asyncio.timeout(5):
        while not isinstance(pilot.app.screen, kind):
            await pilot.pause()
    return pilot.app.screen


async def of_production(app: Any) -> Any:
    def read(store: Store) -> Any:
        there = store.acting_in(store.environments.by_name("live").id)
        record = there.credentials.by_name("main")
        return store.rotations.of(record.id), record.fields["inbound_number"]

    return await app.context.session.call(read)


async def test_a_secret_that_production_keeps_is_not_discarded_from_elsewhere(
    console_app: ConsoleApp, settle: Settle, fill: Callable[[Store], None]
) -> None:
    app = console_app(fill=fill)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert isinstance(app.screen, RotateScreen)
        await pilot.press("d")
        dialog = await until(pilot, TypedConfirmDialog)
        title = dialog.query_one(".dialog-title", Static)
        assert str(title.render()) == "Discard the staged secret of main, main?"
        await pilot.press("y", "enter")
        assert app.screen is dialog
        assert (await of_production(app))[0] is not None
        dialog.query_one(Input).value = "live"
        await pilot.press("enter")
        await settle(pilot)
        assert (await of_production(app))[0] is None


async def test_what_production_has_is_not_replaced_by_a_promotion_unasked(
    console_app: ConsoleApp, settle: Settle, fill: Callable[[Store], None]
) -> None:
    app = console_app(fill=fill)
    async with app.run_test() as pilot:
        await settle(pilot)
        _rotation, number = await of_production(app)
        for typed, is_done in (("main", False), ("live", True)):
            await pilot.press("greater_than_sign")
            await until(pilot, PromoteDialog)
            await pilot.press("ctrl+s")
            dialog = await until(pilot, TypedConfirmDialog)
            dialog.query_one(Input).value = typed
            await pilot.press("enter")
            if not is_done:
                await pilot.press("escape")
            await settle(pilot)
            assert ((await of_production(app))[1] != number) is is_done


async def test_the_mark_of_production_is_not_taken_away_unasked(
    console_app: ConsoleApp, settle: Settle, fill: Callable[[Store], None]
) -> None:
    """Who could do that could delete and send unasked."""

    async def is_marked() -> bool:
        return await app.context.session.call(
            lambda store: store.environments.by_name("live").is_production
        )

    app = console_app(fill=fill)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("f12")
        await until(pilot, EnvironmentsDialog)
        await pilot.pause()
        await pilot.press("home", "e")
        form = await until(pilot, EnvironmentFormDialog)
        form.query_one(RecordForm).focus_field(PRODUCTION)
        await pilot.press("space", "ctrl+s")
        await until(pilot, TypedConfirmDialog)
        await pilot.press("escape")
        await until(pilot, EnvironmentFormDialog)
        assert await is_marked()
        await pilot.press("ctrl+s")
        await until(pilot, TypedConfirmDialog)
        await pilot.press(*"live", "enter")
        await until(pilot, EnvironmentsDialog)
        assert not await is_marked()
