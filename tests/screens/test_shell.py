"""The shell: going from place to place, never losing what was typed, at every width."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from screens.confirm import ConfirmDialog
from screens.shell import ShellScreen
from screens.widgets.key_bar import KeyBar
from screens.widgets.rail import Rail
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.stub_places import FormPage, ListPage, stub_places

__all__ = ["stub_places"]
pytestmark = pytest.mark.usefixtures("stub_places")


def shell_of(pilot: Pilot[Any]) -> ShellScreen:
    """Return the shell, whatever lies over it."""
    return next(s for s in pilot.app.screen_stack if isinstance(s, ShellScreen))


def screen_text(pilot: Pilot[Any]) -> str:
    """Return what is on the screen, as text."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


async def test_starts_at_the_address_it_was_given(console_app: ConsoleApp, settle: Settle) -> None:
    async with console_app(address="webhooks").run_test() as pilot:
        await settle(pilot)
        assert shell_of(pilot).address == "webhooks"
        assert "Administration › Channels › SMS settings › SMS Webhooks" in screen_text(pilot)


async def test_an_unknown_address_opens_the_start_and_says_so(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address="nowhere/at-all")
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        assert shell_of(pilot).address == "credentials"
        assert "There is no place called nowhere." in screen_text(pilot)


async def test_places_are_chosen_in_the_rail_by_keys(
    console_app: ConsoleApp, settle: Settle
) -> None:
    async with console_app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("f6")
        assert isinstance(pilot.app.focused, Rail)
        await pilot.press("j", "enter")
        await settle(pilot)
        assert shell_of(pilot).address == "webhooks"
        assert isinstance(pilot.app.focused, ListPage)


async def test_escape_gives_the_focus_back_from_the_rail(
    console_app: ConsoleApp, settle: Settle
) -> None:
    async with console_app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("f6", "k", "escape")
        await settle(pilot)
        assert isinstance(pilot.app.focused, ListPage)
        assert shell_of(pilot).address == "credentials"


async def test_lists_are_kept_and_forms_removed(console_app: ConsoleApp, settle: Settle) -> None:
    async with console_app().run_test() as pilot:
        await settle(pilot)
        page = shell_of(pilot).page
        assert isinstance(page, ListPage)
        await pilot.press("n")
        await settle(pilot)
        assert isinstance(shell_of(pilot).page, FormPage)
        await pilot.press("escape")
        await settle(pilot)
        assert shell_of(pilot).page is page
        assert page.times_shown == 2
        assert not pilot.app.screen.query(FormPage)


async def test_leaving_typed_text_asks_and_staying_keeps_it(
    console_app: ConsoleApp, settle: Settle
) -> None:
    async with console_app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("n")
        await settle(pilot)
        await pilot.press("a", "b", "escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ConfirmDialog)
        assert pilot.app.focused is not None
        assert pilot.app.focused.id == "cancel"
        await pilot.press("enter")
        await settle(pilot)
        assert pilot.app.screen.query_one("#plain", Input).value == "ab"
        await pilot.press("escape")
        await pilot.pause()
        await pilot.press("y")
        await settle(pilot)
        assert shell_of(pilot).address == "credentials"


async def test_back_still_knows_the_way_after_staying(
    console_app: ConsoleApp, settle: Settle
) -> None:
    async with console_app(address="webhooks").run_test() as pilot:
        await settle(pilot)
        shell_of(pilot).navigate("credentials/+new")
        await settle(pilot)
        for answer in ("n", "y"):
            await pilot.press("a", "escape")
            await pilot.pause()
            await pilot.press(answer)
            await settle(pilot)
        assert shell_of(pilot).address == "webhooks"


@pytest.mark.parametrize("key", ["f10", "ctrl+q"])
async def test_quitting_asks_first_when_something_is_not_saved(
    console_app: ConsoleApp, settle: Settle, key: str
) -> None:
    async with console_app(address="credentials/+new").run_test() as pilot:
        await settle(pilot)
        await pilot.press("a", key, key)
        await pilot.pause()
        asked = [s for s in pilot.app.screen_stack if isinstance(s, ConfirmDialog)]
        assert len(asked) == 1
        await pilot.press("escape")
        await settle(pilot)
        assert pilot.app.is_running
        assert pilot.app.screen.query_one("#plain", Input).value == "a"
        await pilot.press(key)
        await pilot.pause()
        await pilot.press("y")
        await settle(pilot)
        assert not pilot.app.is_running or pilot.app._exit
    assert pilot.app.return_code == 0


async def test_ctrl_c_says_how_to_quit(console_app: ConsoleApp, settle: Settle) -> None:
    async with console_app().run_test(notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert "F10 quits." in screen_text(pilot)
        assert pilot.app.is_running


async def test_the_key_bar_keeps_the_first_key_the_way_back_and_those_of_everywhere(
    console_app: ConsoleApp, settle: Settle
) -> None:
    async with console_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        whole = " n New  e Edit  v Verify  d Delete  / Filter  Esc Back  F1 Help  F2 Palette"
        everywhere = " F1 Help  F2 Palette  F10 Quit"
        bar = pilot.app.screen.query_one(KeyBar)
        assert bar.render().plain.startswith(" n New  e Edit  v Verify  d Delete  Esc Back")
        assert bar.render().plain.rstrip().endswith(everywhere)
        await pilot.resize_terminal(120, 24)
        await pilot.pause()
        assert bar.render().plain.startswith(whole)
        await pilot.resize_terminal(50, 24)
        await pilot.pause()
        assert bar.render().plain.rstrip() == f" n New  Esc Back {everywhere}"


async def test_the_remark_stays_at_the_right_end(console_app: ConsoleApp, settle: Settle) -> None:
    async with console_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        bar = pilot.app.screen.query_one(KeyBar)
        bar.remark = "not saved yet"
        line = bar.render().plain
        assert line.endswith(" not saved yet ")
        assert len(line) == 80


async def test_the_breadcrumb_is_shortened_from_the_left(
    console_app: ConsoleApp, settle: Settle
) -> None:
    async with console_app().run_test(size=(120, 30)) as pilot:
        await settle(pilot)
        for width, expected in (
            (120, " Administration › Channels › SMS settings › API Credentials"),
            (60, " … › SMS settings › API Credentials"),
            (40, " … › API Credentials"),
        ):
            await pilot.resize_terminal(width, 30)
            await pilot.pause()
            first = screen_text(pilot).splitlines()[0]
            assert first.startswith(expected + " ")
            assert first.endswith("● main · demo")


async def test_a_narrow_terminal_folds_the_rail_and_f6_unfolds_it_over_the_page(
    console_app: ConsoleApp, settle: Settle
) -> None:
    async with console_app().run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        rail, page = pilot.app.screen.query_one(Rail), shell_of(pilot).page
        assert page is not None
        assert not rail.display
        assert page.size.width == 60
        await pilot.press("f6")
        await pilot.pause()
        assert rail.display
        assert rail.has_focus
        assert page.size.width == 60
        await pilot.press("enter")
        await settle(pilot)
        assert not rail.display
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert rail.display
        assert page.size.width == 80 - rail.outer_size.width


async def test_a_page_that_needs_width_gets_it(console_app: ConsoleApp, settle: Settle) -> None:
    async with console_app(address="credentials/+new").run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        page = shell_of(pilot).page
        assert page is not None
        assert page.size.width == 80
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        assert pilot.app.screen.query_one(Rail).display


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)], ids=lambda s: f"{s[0]}x{s[1]}")
def test_list_place(console_app: ConsoleApp, snap_compare: Any, size: tuple[int, int]) -> None:
    assert snap_compare(console_app(), terminal_size=size)


@pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids=lambda s: f"{s[0]}x{s[1]}")
def test_rail_focused(console_app: ConsoleApp, snap_compare: Any, size: tuple[int, int]) -> None:
    assert snap_compare(console_app(), press=["f6"], terminal_size=size)


def test_leaving_asks(console_app: ConsoleApp, snap_compare: Any) -> None:
    app = console_app(address="credentials/+new")
    assert snap_compare(app, press=["a", "f10"], terminal_size=(80, 24))


async def test_an_error_nobody_foresaw_is_told_and_the_console_goes_on(
    console_app: ConsoleApp, settle: Settle, tmp_path: Path
) -> None:
    secret = "canary"

    async def fail() -> None:
        raise ValueError(secret)

    app = console_app()
    app._state_dir = tmp_path / "state"
    async with app.run_test() as pilot:
        await settle(pilot)
        app.run_worker(fail(), exit_on_error=False)
        while app.last_unexpected is None:
            await pilot.pause()
        await pilot.pause()
        (report,) = (tmp_path / "state").iterdir()
        (told,) = [notification.message for notification in app._notifications]
        assert told.startswith("That did not work: ")
        assert told.endswith(str(report))
        assert "ValueError" in report.read_text()
        assert "canary" not in report.read_text() + told
        await pilot.press("f1")
        await settle(pilot)
        assert app.is_running
    app.last_unexpected = None


async def test_a_question_tells_what_each_key_answers(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app()
    async with app.run_test() as pilot:
        await settle(pilot)
        for confirm, cancel in (("Leave", "Stay"), ("Delete", "Cancel")):
            app.push_screen(ConfirmDialog("Sure?", confirm=confirm, cancel=cancel))
            await settle(pilot)
            bar = screen_text(pilot).splitlines()[-1]
            assert f"y {confirm}  n {cancel}" in bar
            await pilot.press("n")
            await settle(pilot)
