"""Opening and creating the store, and every trouble on the way told in words."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from textual.pilot import Pilot

from screens.paths import shown_path, with_short_home
from screens.shell import ShellScreen
from screens.unlock import UnlockScreen
from screens.widgets.secret_input import SecretInput
from smstui.app import SmstuiApp
from smstui.context import Context
from smstui.store import Store
from smstui.store.errors import WrongPassphrase
from smstui.store.records import Actor
from tests.conftest import PASSPHRASE, MakeStore
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.stub_places import stub_places
from tests.screens.test_shell import screen_text

__all__ = ["stub_places"]
pytestmark = pytest.mark.usefixtures("stub_places")

GOOD = "seven quiet lanterns under the pier"


async def fill(pilot: Pilot[Any], selector: str, text: str) -> None:
    """Put text into an input, as pasting does."""
    field = pilot.app.screen.query_one(selector, SecretInput)
    field.focus()
    field.value = text
    await pilot.pause()


def content(path: Path) -> bytes | None:
    """Return what is in a file, None when there is none."""
    return path.read_bytes() if path.exists() else None


def mode(path: Path) -> int:
    """Return the permissions of a file."""
    return path.stat().st_mode & 0o777


def mend(path: Path, whole: bytes | None) -> None:
    """Put the store back as it was."""
    path.write_bytes(whole or b"")
    path.chmod(0o600)


@pytest.fixture
def new_path(home: Path) -> Path:
    """Where no store is yet."""
    return home / ".local/share/smstui/smstui.db"


async def test_the_passphrase_opens_the_store(console_app: ConsoleApp, settle: Settle) -> None:
    async with console_app(locked=True).run_test() as pilot:
        await settle(pilot)
        assert isinstance(pilot.app.screen, UnlockScreen)
        await fill(pilot, "SecretInput", PASSPHRASE.get_secret_value())
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ShellScreen)
        assert pilot.app.context.session.is_open


async def test_what_is_typed_is_never_drawn(console_app: ConsoleApp, settle: Settle) -> None:
    async with console_app(locked=True).run_test() as pilot:
        await settle(pilot)
        await pilot.press(*"swordfish")
        assert "•" * 9 in screen_text(pilot)
        assert "swordfish" not in screen_text(pilot)
        await pilot.press("ctrl+r")
        assert "swordfish" in screen_text(pilot)
        await pilot.press("ctrl+r")
        assert "swordfish" not in screen_text(pilot)


async def test_a_wrong_passphrase_is_told_and_the_next_key_replaces_it(
    console_app: ConsoleApp, settle: Settle
) -> None:
    async with console_app(locked=True).run_test() as pilot:
        await settle(pilot)
        await fill(pilot, "SecretInput", "not the passphrase")
        await pilot.press("enter")
        await settle(pilot)
        assert "✗ This passphrase does not open" in screen_text(pilot)
        field = pilot.app.screen.query_one(SecretInput)
        assert field.has_focus
        await pilot.press("x")
        assert field.value == "x"


async def test_a_given_passphrase_opens_without_asking(
    make_store: MakeStore, settle: Settle
) -> None:
    app = SmstuiApp(Context(store_path=make_store()), passphrase=PASSPHRASE)
    async with app.run_test() as pilot:
        await settle(pilot)
        await settle(pilot)
        assert isinstance(app.screen, ShellScreen)
    await app.context.session.close()


async def test_a_given_passphrase_that_is_wrong_asks(make_store: MakeStore, settle: Settle) -> None:
    app = SmstuiApp(Context(store_path=make_store()), passphrase=SecretStr("something else"))
    async with app.run_test() as pilot:
        await settle(pilot)
        await settle(pilot)
        assert "The passphrase that was given does not open this store." in screen_text(pilot)
        await fill(pilot, "SecretInput", PASSPHRASE.get_secret_value())
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, ShellScreen)
    await app.context.session.close()


@pytest.mark.parametrize("key", ["escape", "f10", "ctrl+q"])
async def test_quitting_from_the_first_screen(
    console_app: ConsoleApp, settle: Settle, key: str
) -> None:
    app = console_app(locked=True)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("a", key)
        await settle(pilot)
    assert app.return_code == 0


async def test_a_store_is_created_where_there_is_none(
    console_app: ConsoleApp, settle: Settle, new_path: Path
) -> None:
    async with console_app(path=new_path, locked=True).run_test() as pilot:
        await settle(pilot)
        assert "A lost passphrase cannot be recovered" in screen_text(pilot)
        await fill(pilot, "#new", GOOD)
        await pilot.press("enter")
        assert pilot.app.focused is pilot.app.screen.query_one("#again")
        await fill(pilot, "#again", GOOD)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ShellScreen)
        await pilot.app.context.session.close()  # type: ignore[attr-defined]  # ours
    Store.open(new_path, SecretStr(GOOD), actor=Actor("ada")).close()
    assert mode(new_path) == 0o600
    with pytest.raises(WrongPassphrase):
        Store.open(new_path, SecretStr("something else"), actor=Actor("ada"))


@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        ("", "", "12 characters or more"),
        ("elevenchars", "elevenchars", "too short. A passphrase has 12 characters or more."),
        (GOOD, "seven quiet", None),
        (GOOD, GOOD[:-1] + "x", "✗ This differs from the one above."),
    ],
)
async def test_no_store_is_created_with_less(
    console_app: ConsoleApp,
    settle: Settle,
    new_path: Path,
    new: str,
    again: str,
    said: str | None,
) -> None:
    async with console_app(path=new_path, locked=True).run_test() as pilot:
        await settle(pilot)
        await fill(pilot, "#new", new)
        await fill(pilot, "#again", again)
        if said is None:
            # A beginning of the right one may still become right.
            assert "differs" not in screen_text(pilot)
        else:
            assert said in " ".join(screen_text(pilot).split())
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert isinstance(pilot.app.screen, UnlockScreen)
        assert content(new_path) is None


async def test_the_strength_is_told_as_one_types(
    console_app: ConsoleApp, settle: Settle, new_path: Path
) -> None:
    async with console_app(path=new_path, locked=True).run_test() as pilot:
        await settle(pilot)
        for typed, word in (("tiny", "too short"), ("passwordpassword", "weak"), (GOOD, "✓")):
            await fill(pilot, "#new", typed)
            assert word in screen_text(pilot)
            assert typed not in screen_text(pilot)


def text_file(path: Path) -> None:
    """Put something else where the store should be."""
    path.write_text("This is a shopping list.\n" * 300)
    path.chmod(0o600)


def plain_database(path: Path) -> None:
    """Put a database without encryption where the store should be."""
    path.unlink()
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE t (x)")
    database.close()
    path.chmod(0o600)


def cut_short(path: Path) -> None:
    """Take the second half of the store away."""
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2 - 100])


def loose(path: Path) -> None:
    """Let others read the store."""
    path.chmod(0o644)


@pytest.mark.parametrize(
    ("spoil", "title", "remedy"),
    [
        (text_file, "Not a store", ""),
        (plain_database, "Not a store", ""),
        (cut_short, "Damaged store", "backup"),
        (loose, "Open to others", "chmod 600"),
    ],
)
async def test_trouble_is_told_before_the_passphrase_and_can_be_mended(
    console_app: ConsoleApp,
    make_store: MakeStore,
    settle: Settle,
    spoil: Any,
    title: str,
    remedy: str,
) -> None:
    path = make_store()
    whole = content(path)
    spoil(path)
    async with console_app(path=path, locked=True).run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        assert f"✗ {title}" in screen_text(pilot)
        assert remedy in screen_text(pilot)
        mend(path, whole)
        await pilot.press("f5")
        await settle(pilot)
        assert title not in screen_text(pilot)
        await fill(pilot, "SecretInput", PASSPHRASE.get_secret_value())
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ShellScreen)


async def test_a_store_that_appears_meanwhile_is_not_overwritten(
    console_app: ConsoleApp, make_store: MakeStore, settle: Settle, new_path: Path
) -> None:
    async with console_app(path=new_path, locked=True).run_test() as pilot:
        await settle(pilot)
        await fill(pilot, "#new", GOOD)
        await fill(pilot, "#again", GOOD)
        make_store(path=new_path)
        there = content(new_path)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "There is a file already" in screen_text(pilot)
        assert content(new_path) == there
        await pilot.press("f5")
        await settle(pilot)
        await fill(pilot, "SecretInput", PASSPHRASE.get_secret_value())
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ShellScreen)


async def test_no_palette_and_no_lock_before_the_store_is_open(
    console_app: ConsoleApp, settle: Settle
) -> None:
    async with console_app(locked=True).run_test() as pilot:
        await settle(pilot)
        await pilot.press("f2", "ctrl+p", "ctrl+l")
        await settle(pilot)
        assert len(pilot.app.screen_stack) == 2
        assert isinstance(pilot.app.screen, UnlockScreen)


def test_paths_are_shown_as_people_write_them(home: Path) -> None:
    assert shown_path(home / "a" / "b.db") == "~/a/b.db"
    assert shown_path(Path("/srv/store.db")) == "/srv/store.db"
    assert with_short_home(f"Mend it with: chmod 600 {home}/a.db") == (
        "Mend it with: chmod 600 ~/a.db"
    )
    quoted = f"Mend it with: chmod 600 '{home}/a b.db'"
    assert with_short_home(quoted) == quoted


SIZES = pytest.mark.parametrize(
    "size", [(80, 24), (120, 40), (60, 20)], ids=lambda s: f"{s[0]}x{s[1]}"
)


@SIZES
def test_asks(console_app: ConsoleApp, snap_compare: Any, size: tuple[int, int]) -> None:
    assert snap_compare(console_app(locked=True), terminal_size=size)


@SIZES
def test_creates(
    console_app: ConsoleApp, snap_compare: Any, new_path: Path, size: tuple[int, int]
) -> None:
    assert snap_compare(console_app(path=new_path, locked=True), terminal_size=size)


@pytest.mark.parametrize(
    ("new", "again"),
    [("passwordpassword", ""), (GOOD, GOOD), (GOOD, "seven loud lanterns")],
    ids=["weak", "strong", "mismatch"],
)
def test_new_passphrase(
    console_app: ConsoleApp, snap_compare: Any, new_path: Path, new: str, again: str
) -> None:
    async def type_both(pilot: Pilot[Any]) -> None:
        await fill(pilot, "#new", new)
        if again:
            await fill(pilot, "#again", again)

    assert snap_compare(
        console_app(path=new_path, locked=True), run_before=type_both, terminal_size=(80, 24)
    )


def test_wrong_passphrase(console_app: ConsoleApp, snap_compare: Any, settle: Settle) -> None:
    async def type_it(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await fill(pilot, "SecretInput", "not the passphrase")
        await pilot.press("enter")
        await settle(pilot)

    assert snap_compare(console_app(locked=True), run_before=type_it, terminal_size=(80, 24))


def test_trouble(
    console_app: ConsoleApp, make_store: MakeStore, snap_compare: Any, settle: Settle
) -> None:
    path = make_store()
    path.chmod(0o644)
    app = console_app(path=path, locked=True)
    assert snap_compare(app, run_before=settle, terminal_size=(80, 24))


def test_busy(console_app: ConsoleApp, snap_compare: Any) -> None:
    app = console_app(locked=True)

    async def wait_for_ever(*_: object, **__: object) -> None:
        import asyncio

        await asyncio.Event().wait()

    async def begin(pilot: Pilot[Any]) -> None:
        app.context.session.open = wait_for_ever  # type: ignore[method-assign]  # holds the moment
        await fill(pilot, "SecretInput", "a passphrase")
        await pilot.press("enter")
        await pilot.pause()
        for _turn in range(20):
            if "Deriving" in screen_text(pilot):
                return
            await pilot.pause()

    assert snap_compare(app, run_before=begin, terminal_size=(80, 24))
