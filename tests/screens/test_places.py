"""Addresses and the places they lead to."""

from __future__ import annotations

import pytest

from screens.places import PLACES, place_at, split_address
from screens.shell import ShellScreen
from smstui.channels.stored import create as create_channel
from smstui.rcs.base import Step
from smstui.store import Store
from tests.screens.channels import kit as channels
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.events import kit as events
from tests.screens.rcs.wizard_kit import at


@pytest.mark.parametrize("path", ["credentials", "webhooks"])
def test_no_name_is_taken_for_a_command(path: str) -> None:
    place = place_at(path)
    assert place is not None
    for name in ("+new", "+health", "+copy/x", "a/b", "50%", "ü ö", "[/x]", "?"):
        from screens.places import COPY, record_address

        page = place.build(split_address(record_address(path, name))[1])
        assert page.address == record_address(path, name)
        copy = place.build(split_address(record_address(f"{path}/{COPY}", name))[1])
        assert copy.address == record_address(f"{path}/{COPY}", name)


def fill(store: Store) -> None:
    """Put something into every place, with texts that are longer than a column is wide."""
    events.fill(store)
    channels.fill(store)
    long = "Offers to whoever agreed, in Italy and elsewhere, " * 6
    create_channel(store, channels.draft("A_long_one", description=long[:250]))
    at(store, Step.WEBHOOK)


@pytest.mark.parametrize("path", [place.path for place in PLACES])
async def test_every_place_can_be_shown_at_every_width(
    console_app: ConsoleApp, settle: Settle, path: str
) -> None:
    app = console_app(fill=fill, address=path)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        for width in (90, 60, 30, 130):
            await pilot.resize_terminal(width, 24)
            await settle(pilot)
        assert isinstance(app.screen, ShellScreen)
        assert app.screen.address == path
