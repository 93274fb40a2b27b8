"""What the tests of the list read from the screen, and do beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from screens.confirm import ConfirmDialog
from screens.credential_list import CredentialListPage
from screens.shell import ShellScreen
from screens.widgets.detail_lines import DetailLines
from smstui.app import SmstuiApp
from smstui.store import Store
from smstui.store.records import Actor
from tests.conftest import NOW, PASSPHRASE
from tests.screens.conftest import Settle


def page_of(app: SmstuiApp) -> CredentialListPage:
    """The list, wherever one is."""
    shell = next(screen for screen in app.screen_stack if isinstance(screen, ShellScreen))
    return shell.query_one(CredentialListPage)


def names_in(page: CredentialListPage) -> list[str]:
    """The names of all records in the list, from the lines that are drawn."""
    table = page.table
    drawn = [table.render_line(y).text[1:] for y in range(1, table.size.height)]
    return [line.split("  ")[0].strip() for line in drawn[: table.total]]


def current(page: CredentialListPage) -> str:
    """The name in the line of the cursor."""
    table = page.table
    lines = [table.render_line(y).text for y in range(1, table.size.height)]
    return next((line[1:].split("  ")[0].strip() for line in lines if line.startswith("▌")), "")


def strip_of(page: CredentialListPage) -> list[str]:
    """The lines about the record one stands on."""
    detail = page.query_one(DetailLines)
    return [detail.render_line(y).text.rstrip() for y in range(detail.size.height)]


def count_of(page: CredentialListPage) -> str:
    return str(page.query_one(".list-count").render())


def change(path: Path, work: Callable[[Store], Any]) -> None:
    """Do something to the store from another process's point of view."""
    with Store.open(path, PASSPHRASE, actor=Actor("grace", ""), clock=lambda: NOW) as store:
        work(store)


async def type_filter(pilot: Pilot[Any], settle: Settle, text: str) -> None:
    await pilot.press("slash", *text)
    await settle(pilot)


async def until_dialog(pilot: Pilot[Any]) -> ConfirmDialog:
    async with asyncio.timeout(5):
        while not isinstance(pilot.app.screen, ConfirmDialog):
            await pilot.pause()
    return pilot.app.screen
