"""Exporting and importing bundles by keyboard."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, Select

from screens.bundle_export import BundleExportDialog
from screens.bundle_import import BundleOpenDialog
from screens.bundle_plan import BundlePlanScreen, DifferencesDialog
from screens.confirm import ConfirmDialog, TypedConfirmDialog
from screens.shell import ShellScreen
from smstui.bundles.files import unpack
from smstui.store.records import Action, NewCredential
from tests.bundles.kit import SEALING, SECRETS
from tests.screens.bundles.conftest import Bundles
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.test_shell import screen_text
from tests.screens.verify.kit import until


async def open_by_palette(pilot: Pilot[Any], settle: Settle, words: str) -> None:
    """Run a command of the palette."""
    await settle(pilot)
    await pilot.press("f2", *words, "enter")
    await settle(pilot)


async def until_on_top(pilot: Pilot[Any], screen: type[Screen[Any]]) -> None:
    """Wait until a screen of that class lies on top: dialogs are waited for by workers."""
    await until(pilot, lambda: isinstance(pilot.app.screen, screen))


async def put(pilot: Pilot[Any], **texts: str) -> None:
    """Put texts into inputs by their ids."""
    for name, text in texts.items():
        pilot.app.screen.query_one(f"#{name}", Input).value = text
    await pilot.pause()


def said(pilot: Pilot[Any]) -> str:
    """Return the words on the screen, then what was told in passing."""
    told = (note.message for note in pilot.app._notifications)
    return " ".join([*screen_text(pilot).split(), *told])


async def test_a_bundle_is_exported_encrypted_and_plain(
    console_app: ConsoleApp, settle: Settle, bundles: Bundles
) -> None:
    app = console_app(fill=bundles.fill)
    folder = app.context.store_path.parent
    sealed, plain = (folder / f"bundle-2026-11-23.{ending}" for ending in ("smstui", "json"))
    async with app.run_test(notifications=True) as pilot:
        await open_by_palette(pilot, settle, "export a bundle")
        assert isinstance(app.screen, BundleExportDialog)
        await pilot.press("enter")
        await settle(pilot)
        assert app.focused is not None
        assert app.focused.id == "new"
        secret = SEALING.get_secret_value()
        await put(pilot, new=secret, again=secret)
        app.screen.query_one("#again").focus()
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, ShellScreen)
        assert "holds 2 environments, 4 credentials, 3 SMS webhooks" in said(pilot)
        assert sealed.stat().st_mode & 0o777 == 0o600
        assert len(unpack(sealed.read_bytes(), SEALING).entries["credentials"]) == 4

        await open_by_palette(pilot, settle, "export a bundle")
        app.screen.query_one("#form", Select).value = "json"
        cast("Select[str]", app.screen.query_one("#environment", Select)).value = "production"
        await pilot.pause()
        assert not app.screen.query_one("#new-passphrase").display
        plain.write_text("something")
        await pilot.press("ctrl+s")
        await until_on_top(pilot, ConfirmDialog)
        await pilot.press("n")
        await settle(pilot)
        assert plain.read_text() == "something"
        await pilot.press("ctrl+s")
        await until_on_top(pilot, ConfirmDialog)
        await pilot.press("y")
        await settle(pilot)
        assert isinstance(app.screen, ShellScreen)
        document = json.loads(plain.read_text())
        assert [e["environment"] for e in document["credentials"]] == ["production"]
        assert not [each for each in SECRETS.values() if each in plain.read_text()]
        entries = await app.context.session.call(lambda store: store.audit.entries(2))
        assert [(e.action, e.kind, e.fields) for e in entries] == [
            (Action.EXPORTED, "bundle", ()),
            (Action.EXPORTED, "bundle", ("secrets",)),
        ]


async def test_an_encrypted_bundle_asks_for_its_passphrase_and_tells_what_is_wrong(
    console_app: ConsoleApp, settle: Settle, bundles: Bundles, tmp_path: Path
) -> None:
    app = console_app(fill=bundles.fill)
    async with app.run_test() as pilot:
        await open_by_palette(pilot, settle, "import a bundle")
        assert isinstance(app.screen, BundleOpenDialog)
        cut = tmp_path / "cut.smstui"
        cut.write_bytes(bundles.sealed.read_bytes()[:-9])
        for path, words in (
            ("", "The name of the file is missing."),
            (str(tmp_path / "none"), "cannot be read"),
            (str(cut), "Damaged bundle. This bundle was cut short or edited"),
            (str(app.context.store_path), "Not a bundle."),
            (str(bundles.wrong), ".credentials[2].fields.account_sid (twilio-main):"),
            (str(bundles.sealed), "It is encrypted: type its passphrase."),
        ):
            await put(pilot, path=path)
            await pilot.press("ctrl+s")
            await settle(pilot)
            assert isinstance(app.screen, BundleOpenDialog)
            assert words in said(pilot)
        assert app.focused is not None
        assert app.focused.id == "passphrase"
        await put(pilot, passphrase="not the one at all")
        await pilot.press("enter")
        await settle(pilot)
        assert "Wrong passphrase." in said(pilot)
        await put(pilot, passphrase=SEALING.get_secret_value())
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, BundlePlanScreen)
        assert "11 same." in said(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, ShellScreen)


async def test_differences_are_chosen_record_by_record_and_imported_at_once(
    console_app: ConsoleApp, settle: Settle, bundles: Bundles
) -> None:
    app = console_app(fill=bundles.fill)
    async with app.run_test(notifications=True) as pilot:
        await open_by_palette(pilot, settle, "import a bundle")
        await put(pilot, path=str(bundles.edited))
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, BundlePlanScreen)
        text = said(pilot)
        assert "1 new, 8 same, 3 changed; 3 are still to be chosen." in text
        assert "Colour red amber" in text
        assert "canary" not in text
        # An environment is not kept twice; what is still open is gone to.
        await pilot.press("b")
        assert "An environment is not kept twice" in said(pilot)
        await pilot.press("o", "ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, BundlePlanScreen)
        assert "Choose for twilio-main first" in said(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, DifferencesDialog)
        assert "Auth Token set differs" in said(pilot)
        await pilot.press("t")
        await settle(pilot)
        assert isinstance(app.screen, BundlePlanScreen)
        assert "take theirs" in said(pilot)
        await pilot.press("down", "b", "down", "o")
        await settle(pilot)
        assert "leave out" in said(pilot)
        await pilot.press("t")
        # Leaving asks; what was chosen stays.
        await pilot.press("escape")
        await until_on_top(pilot, ConfirmDialog)
        await pilot.press("n")
        await until_on_top(pilot, BundlePlanScreen)
        await pilot.press("ctrl+s")
        await until_on_top(pilot, ConfirmDialog)
        assert "Replace 1 record of ours?" in said(pilot)
        await pilot.press("y")
        await settle(pilot)
        assert isinstance(app.screen, ShellScreen)
        assert "imported: 1 added, 1 replaced, 1 added under another name, 1 left" in said(pilot)
        assert "relay-north" in screen_text(pilot)  # The list below shows it at once.
        record = await app.context.session.call(
            lambda store: store.credentials.by_name("twilio-main")
        )
        assert record.fields["inbound_number"] == "+12025550199"


async def test_a_store_that_changed_meanwhile_is_compared_anew_and_production_asks_its_name(
    console_app: ConsoleApp, settle: Settle, bundles: Bundles
) -> None:
    app = console_app(fill=bundles.fill)
    session = app.context.session
    async with app.run_test(notifications=True) as pilot:
        await open_by_palette(pilot, settle, "import a bundle")
        await put(pilot, path=str(bundles.edited))
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("T", "ctrl+s")
        await until_on_top(pilot, TypedConfirmDialog)
        await session.call(
            lambda store: store.credentials.add(NewCredential("Twilio", "relay-north", {}, {}))
        )
        await put(pilot, typed="production")
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, BundlePlanScreen)
        text = said(pilot)
        assert "The store was changed meanwhile" in text
        assert "8 same, 3 changed, 1 conflict; 1 is still to be chosen." in text
        await pilot.press("home", "t")
        assert "a record stays with its vendor" in said(pilot)
        await pilot.press("o", "ctrl+s")
        await until_on_top(pilot, TypedConfirmDialog)
        await put(pilot, typed="production")
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, ShellScreen)
        production = await session.call(lambda store: store.environments.by_name("production"))
        assert production.colour == "amber"
