"""Help: made from the bindings that work at this moment."""

from __future__ import annotations

from typing import Any

import pytest

from screens.app_commands import change_passphrase
from screens.help import HelpDialog, key_lines
from screens.shell import ShellScreen
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.stub_places import stub_places
from tests.screens.test_shell import screen_text

__all__ = ["stub_places"]
pytestmark = pytest.mark.usefixtures("stub_places")


@pytest.mark.parametrize("key", ["f1", "question_mark"])
@pytest.mark.parametrize("close", ["escape", "f1", "q"])
async def test_help_opens_over_a_place_and_closes(
    console_app: ConsoleApp, settle: Settle, key: str, close: str
) -> None:
    app = console_app()
    async with app.run_test() as pilot:
        await settle(pilot)
        focused = app.focused
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(app.screen, HelpDialog)
        text = screen_text(pilot)
        assert "API Credentials" in text
        assert "Everything that can be had here." in text
        assert "Make a new one" in text
        await pilot.press(close)
        await pilot.pause()
        assert isinstance(app.screen, ShellScreen)
        assert app.focused is focused


async def test_a_question_mark_is_a_letter_in_an_input(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address="credentials/+new")
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("question_mark")
        assert isinstance(app.screen, ShellScreen)


async def test_every_key_with_an_id_is_listed_and_keys_of_one_action_share_a_line(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app()
    async with app.run_test() as pilot:
        await settle(pilot)
        lines = key_lines(app, app.screen)
        by_keys = {line.keys: line for line in lines}
        assert len(by_keys) == len(lines)
        assert by_keys["n"].remark == "Make a new one"
        assert by_keys["/"].does == "Filter"
        assert by_keys["F10 Ctrl+Q"].everywhere
        assert by_keys["F1 ?"].everywhere
        assert not by_keys["F6"].everywhere
        ids = {b.binding.id for b in app.screen.active_bindings.values() if b.binding.id}
        assert len(lines) == len(ids)


async def test_help_in_a_dialog_tells_the_dialog(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app()
    async with app.run_test() as pilot:
        await settle(pilot)
        change_passphrase(app)
        await settle(pilot)
        await pilot.press("f1")
        await pilot.pause()
        text = screen_text(pilot)
        assert "Change the passphrase" in text
        assert "Ctrl+S" in text
        assert "Make a new one" not in text


async def test_notes_are_told_after_the_keys_and_can_be_scrolled_to(
    console_app: ConsoleApp, settle: Settle
) -> None:
    notes = "\n".join(f"account {number} [/x]" for number in range(40))
    app = console_app(notes=notes)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("f1")
        await pilot.pause()
        assert "account 39" not in screen_text(pilot)
        await pilot.press("end")
        await pilot.pause()
        assert "account 39 [/x]" in screen_text(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)], ids=lambda s: f"{s[0]}x{s[1]}")
def test_help(console_app: ConsoleApp, snap_compare: Any, size: tuple[int, int]) -> None:
    assert snap_compare(console_app(), press=["f1"], terminal_size=size)
