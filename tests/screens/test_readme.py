"""The README tells the keys that the program has; ``make snapshots`` writes them anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.help import KeyLine, key_lines
from screens.shell import ShellScreen
from smstui.rcs.base import Step
from smstui.store import Store
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.events.kit import fill
from tests.screens.rcs.wizard_kit import at

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- keys: made by `make snapshots` -->\n", "<!-- end of keys -->\n"
PLACES = (
    ("In the list of API credentials", "credentials", ()),
    ("In a form", "credentials/+new", ()),
    ("In Verify SMS connection", "credentials", ("v",)),
    ("On the health board", "credentials/+health", ()),
    ("In the list of SMS Webhooks", "webhooks", ()),
    ("In the list of events", "events", ()),
    ("In an event", "events", ("enter",)),
    ("In the consent ledger", "consent", ()),
    ("In the receiver", "events", ("l",)),
    ("In the RCS wizard: the checklist", "rcs/Acme brand", ()),
    ("In the list of channel configurations", "channels", ()),
    ("In the environments", "credentials", ("f12",)),
    ("In the rotation of a secret", "credentials", ("r",)),
    ("In the activity", "activity", ()),
)
"""Title, address, and the keys pressed there."""


def fill_all(store: Store) -> None:
    """Put one of everything that has keys of its own into a store."""
    fill(store)
    at(store, Step.REGISTER)


async def test_the_keys_in_the_readme_are_those_of_the_program(
    console_app: ConsoleApp, settle: Settle, request: pytest.FixtureRequest
) -> None:
    app = console_app(fill=fill_all)
    parts: list[str] = []
    told: set[KeyLine] = set()
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        for title, address, keys in PLACES:
            while not isinstance(app.screen, ShellScreen):
                await pilot.press("escape")
                await pilot.pause()
            await settle(pilot)
            app.screen.navigate(address)
            await settle(pilot)
            await pilot.press(*keys)
            while keys and isinstance(app.screen, ShellScreen):
                await pilot.pause()
            await pilot.pause()
            lines = key_lines(app, app.screen)
            if not parts:
                parts += table("Everywhere", [line for line in lines if line.everywhere])
            parts += table(title, [x for x in lines if not x.everywhere and x not in told])
            told.update(lines)
    made = "".join(parts)
    text = README.read_text()
    start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    if request.config.option.update_snapshots:
        README.write_text(text[:start] + made + text[end:])
    else:
        assert text[start:end] == made


def table(title: str, lines: list[KeyLine]) -> list[str]:
    """Return keys and what they do as a table in Markdown."""
    rows = [f"| {_code(line.keys)} | {line.remark or line.does} |\n" for line in lines]
    return [f"| {title} | |\n| --- | --- |\n", *rows, "\n"]


def _code(keys: str) -> str:
    return " ".join(f"`{key}`" for key in keys.split())
