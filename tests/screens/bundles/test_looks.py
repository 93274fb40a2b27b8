"""What the screens of bundles look like."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from screens.bundle_commands import import_bundle
from screens.bundle_export import BundleExportDialog
from screens.bundle_import import BundleOpenDialog
from tests.screens.bundles.conftest import Bundles
from tests.screens.conftest import ConsoleApp, Settle


def test_export(console_app: ConsoleApp, snap_compare: Any, settle: Settle) -> None:
    app = console_app()

    async def open_it(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        app.push_screen(BundleExportDialog())
        await settle(pilot)

    assert snap_compare(app, run_before=open_it, terminal_size=(80, 24))


def test_a_bundle_that_is_refused(
    console_app: ConsoleApp, snap_compare: Any, settle: Settle, bundles: Bundles
) -> None:
    app = console_app(fill=bundles.fill)

    async def open_it(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        app.push_screen(BundleOpenDialog())
        await settle(pilot)
        app.screen.query_one("#path", Input).value = f"~/{bundles.wrong.name}"
        await pilot.press("enter")
        await settle(pilot)

    assert snap_compare(app, run_before=open_it, terminal_size=(80, 24))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda s: f"{s[0]}x{s[1]}")
def test_the_differences(
    console_app: ConsoleApp,
    snap_compare: Any,
    settle: Settle,
    bundles: Bundles,
    size: tuple[int, int],
) -> None:
    app = console_app(fill=bundles.fill)

    async def open_it(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        import_bundle(app)
        await settle(pilot)
        app.screen.query_one("#path", Input).value = str(bundles.edited)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("t", "down")

    assert snap_compare(app, run_before=open_it, terminal_size=size)


def test_one_record(
    console_app: ConsoleApp, snap_compare: Any, settle: Settle, bundles: Bundles
) -> None:
    app = console_app(fill=bundles.fill)

    async def open_it(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        import_bundle(app)
        await settle(pilot)
        app.screen.query_one("#path", Input).value = str(bundles.edited)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("down", "enter")
        await settle(pilot)

    assert snap_compare(app, run_before=open_it, terminal_size=(80, 24))
