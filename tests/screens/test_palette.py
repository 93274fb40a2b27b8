"""The palette: every action, place and credential by name."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from screens.palette import Command, PaletteDialog, matching
from screens.passphrase import PassphraseDialog
from screens.shell import ShellScreen
from screens.widgets.choice_list import ChoiceList
from smstui.store.records import NewCredential
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.stub_places import stub_places
from tests.screens.test_shell import screen_text, shell_of

__all__ = ["stub_places"]
pytestmark = pytest.mark.usefixtures("stub_places")


def credential(name: str) -> NewCredential:
    """Return a credential to find by name."""
    return NewCredential(vendor="Twilio", name=name, fields={}, secrets={})


def titles(pilot: Pilot[Any]) -> list[str]:
    """Return the lines of the palette."""
    return [command.title for command in pilot.app.screen.query_one(ChoiceList).lines]


@pytest.mark.parametrize("key", ["f2", "ctrl+p"])
async def test_it_offers_what_can_be_done_here_and_what_always_can(
    console_app: ConsoleApp, settle: Settle, key: str
) -> None:
    async with console_app().run_test() as pilot:
        await settle(pilot)
        await pilot.press(key)
        await settle(pilot)
        offered = titles(pilot)
        assert offered[0] == "thing: new"
        assert {
            "thing: edit",
            "thing: verify",
            "console: rail",
            "console: lock now",
            "console: quit",
            "console: help",
            "go to: SMS Webhooks",
            "store: change the passphrase…",
            "store: back up…",
            "theme: light",
            "theme: contrast",
        } <= set(offered)
        # What cannot act now is not offered, nor is a picture of revealed secrets.
        assert "thing: delete" not in offered
        assert not [title for title in offered if "creenshot" in title]
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ShellScreen)


async def test_a_command_acts_on_the_place_below(console_app: ConsoleApp, settle: Settle) -> None:
    async with console_app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("f2", *"thing new")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert shell_of(pilot).address == "credentials/+new"


async def test_places_are_gone_to(console_app: ConsoleApp, settle: Settle) -> None:
    async with console_app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("f2", *"webh", "enter")
        await settle(pilot)
        assert shell_of(pilot).address == "webhooks"


async def test_credentials_are_opened_by_name(console_app: ConsoleApp, settle: Settle) -> None:
    records = [credential(name) for name in ("twilio-main", "twilio-eu", "odd [/x] name", "x/y")]
    async with console_app(records).run_test() as pilot:
        await settle(pilot)
        await pilot.press("f2", *"twil")
        await settle(pilot)
        assert set(titles(pilot)) == {"open: twilio-main", "open: twilio-eu"}
        await pilot.press(*"io-m")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert shell_of(pilot).address == "credentials/twilio-main"
        await pilot.press("f2", *"odd")
        await settle(pilot)
        assert "odd [/x] name" in screen_text(pilot)


async def test_nothing_found_is_said(console_app: ConsoleApp, settle: Settle) -> None:
    async with console_app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("f2", *"qqq")
        await settle(pilot)
        assert "Nothing is called that." in screen_text(pilot)
        await pilot.press("enter", "down")
        assert isinstance(pilot.app.screen, PaletteDialog)


async def test_arrows_choose_and_stop_at_the_ends(console_app: ConsoleApp, settle: Settle) -> None:
    async with console_app().run_test(size=(80, 14)) as pilot:
        await settle(pilot)
        await pilot.press("f2")
        await settle(pilot)
        listing = pilot.app.screen.query_one(ChoiceList)
        await pilot.press("up")
        assert listing.index == 0
        await pilot.press("down", "down")
        assert listing.index == 2
        await pilot.press(*["pagedown"] * 4)
        assert listing.index == len(listing.lines) - 1
        await pilot.pause()
        assert "▌ theme: contrast" in screen_text(pilot)
        assert "thing: new" not in screen_text(pilot)


async def test_themes_change(console_app: ConsoleApp, settle: Settle) -> None:
    async with console_app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("f2", *"theme light", "enter")
        await settle(pilot)
        assert pilot.app.theme == "smstui-light"
        await pilot.press("f2", *"theme")
        await settle(pilot)
        assert titles(pilot) == ["theme: dark", "theme: contrast"]


async def test_it_works_over_a_dialog_with_the_keys_of_the_dialog(
    console_app: ConsoleApp, settle: Settle
) -> None:
    async with console_app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("f2", *"passphrase", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PassphraseDialog)
        await pilot.press("f2")
        await settle(pilot)
        assert "passphrase: change" in titles(pilot)
        assert "thing: new" not in titles(pilot)
        assert not [title for title in titles(pilot) if title.startswith("go to")]


def commands(*labels: str) -> list[Command]:
    """Return commands with these labels."""
    return [Command("area", label, lambda: None) for label in labels]


def test_beginnings_of_words_come_first() -> None:
    found = matching(commands("unlock", "lock now", "clock"), "lock")
    assert [command.label for command in found] == ["lock now", "unlock", "clock"]


@given(st.lists(st.text(max_size=8), max_size=8), st.text(max_size=12))
def test_matching_keeps_exactly_what_holds_every_word(labels: list[str], typed: str) -> None:
    offered = commands(*labels)
    words = typed.casefold().split()
    expected = [c for c in offered if all(word in c.title.casefold() for word in words)]
    found = matching(offered, typed)
    assert sorted(map(id, found)) == sorted(map(id, expected))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)], ids=lambda s: f"{s[0]}x{s[1]}")
def test_palette(console_app: ConsoleApp, snap_compare: Any, size: tuple[int, int]) -> None:
    assert snap_compare(console_app(), press=["f2", "down"], terminal_size=size)
