"""Changing the passphrase and backing up, from the console."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from textual.pilot import Pilot
from textual.widgets import Input

from screens.app_commands import back_up, change_passphrase
from screens.backup import BackupDialog
from screens.passphrase import PassphraseDialog
from screens.shell import ShellScreen
from screens.widgets.secret_input import SecretInput
from smstui.app import SmstuiApp
from smstui.store import Store
from smstui.store.errors import WrongPassphrase
from smstui.store.records import Actor
from tests.conftest import PASSPHRASE
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.stub_places import stub_places
from tests.screens.test_shell import screen_text

__all__ = ["stub_places"]
pytestmark = pytest.mark.usefixtures("stub_places")

NEW = "seven quiet lanterns under the pier"


async def fill(pilot: Pilot[Any], **texts: str) -> None:
    """Put texts into inputs by their ids."""
    for name, text in texts.items():
        pilot.app.screen.query_one(f"#{name}", Input).value = text
    await pilot.pause()


def opens(path: Path, passphrase: SecretStr) -> bool:
    """Whether a passphrase opens a store."""
    try:
        Store.open(path, passphrase, actor=Actor("ada")).close()
    except WrongPassphrase:
        return False
    return True


async def open_dialog(app: SmstuiApp, pilot: Pilot[Any], settle: Settle, words: str) -> None:
    """Open a dialog by the palette."""
    await settle(pilot)
    await pilot.press("f2", *words, "enter")
    await settle(pilot)


async def test_the_passphrase_is_changed(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app()
    async with app.run_test(notifications=True) as pilot:
        await open_dialog(app, pilot, settle, "change the pass")
        await fill(pilot, present=PASSPHRASE.get_secret_value(), new=NEW, again=NEW)
        app.screen.query_one("#again").focus()
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, ShellScreen)
        assert "The passphrase was changed. Backups keep the old one." in " ".join(
            screen_text(pilot).split()
        )
        assert await app.context.session.call(lambda store: store.credentials.count()) == 0
        await app.context.session.close()
    assert opens(app.context.store_path, SecretStr(NEW))
    assert not opens(app.context.store_path, PASSPHRASE)


@pytest.mark.parametrize(
    ("texts", "said", "focus"),
    [
        ({}, "The present passphrase is missing.", "present"),
        (
            {"present": "not it at all", "new": NEW, "again": NEW},
            "This is not the passphrase of the store.",
            "present",
        ),
        ({"present": "x", "new": "short", "again": "short"}, "too short", "new"),
        ({"present": "x", "new": NEW, "again": NEW + "x"}, "This differs", "again"),
    ],
)
async def test_the_passphrase_stays_when_something_is_wrong(
    console_app: ConsoleApp, settle: Settle, texts: dict[str, str], said: str, focus: str
) -> None:
    app = console_app()
    async with app.run_test() as pilot:
        await open_dialog(app, pilot, settle, "change the pass")
        await fill(pilot, **texts)
        await pilot.press("f9")
        await settle(pilot)
        assert isinstance(app.screen, PassphraseDialog)
        assert said in screen_text(pilot)
        assert app.focused is not None
        assert app.focused.id == focus
        await pilot.press("escape")
        await settle(pilot)
        await app.context.session.close()
    assert opens(app.context.store_path, PASSPHRASE)


async def test_nothing_typed_is_drawn(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app()
    async with app.run_test() as pilot:
        await open_dialog(app, pilot, settle, "change the pass")
        await fill(pilot, present="canary one", new="canary two", again="canary three")
        assert "canary" not in screen_text(pilot)
        assert len(app.screen.query(SecretInput)) == 3


async def test_the_store_is_backed_up_beside_itself(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app()
    async with app.run_test(notifications=True) as pilot:
        await open_dialog(app, pilot, settle, "back up")
        assert isinstance(app.screen, BackupDialog)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, ShellScreen)
        assert "The store was copied to" in screen_text(pilot)
    copy = app.context.store_path.with_name("smstui-2026-11-23.db")
    assert opens(copy, PASSPHRASE)
    assert copy.stat().st_mode & 0o777 == 0o600


async def test_a_backup_overwrites_nothing_and_tells_trouble(
    console_app: ConsoleApp, settle: Settle, tmp_path: Path
) -> None:
    app = console_app()
    there = tmp_path / "there.db"
    there.write_text("something")
    async with app.run_test() as pilot:
        await open_dialog(app, pilot, settle, "back up")
        for text in (str(there), "", str(tmp_path / "no" / "such" / "folder" / "x.db")):
            await fill(pilot, target=text)
            await pilot.press("ctrl+s")
            await settle(pilot)
            assert isinstance(app.screen, BackupDialog)
            assert "✗" in screen_text(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, ShellScreen)
    assert there.read_text() == "something"


@pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids=lambda s: f"{s[0]}x{s[1]}")
def test_change_passphrase(
    console_app: ConsoleApp, snap_compare: Any, size: tuple[int, int]
) -> None:
    app = console_app()

    async def type_into_it(pilot: Pilot[Any]) -> None:
        change_passphrase(app)
        await pilot.pause()
        await fill(pilot, present="the old one", new="passwordpassword", again="pass")

    assert snap_compare(app, run_before=type_into_it, terminal_size=size)


def test_back_up(console_app: ConsoleApp, snap_compare: Any) -> None:
    app = console_app()

    async def open_it(pilot: Pilot[Any]) -> None:
        back_up(app)
        await pilot.pause()

    assert snap_compare(app, run_before=open_it, terminal_size=(80, 24))
