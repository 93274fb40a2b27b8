"""The README tells the keys that the program has; ``make snapshots`` writes them anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from screens.help import KeyLine, key_lines
from smstui.store.records import NewCredential
from tests.screens.conftest import ConsoleApp, Settle

RECORD = NewCredential(
    vendor="Twilio",
    name="twilio-main",
    fields={"account_sid": "AC" + "0" * 32, "inbound_number": "+15005550006"},
    secrets={"auth_token": SecretStr("0" * 32)},
)
README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- keys: made by `make snapshots` -->\n", "<!-- end of keys -->\n"
PLACES = (
    ("In the list of API credentials", ()),
    ("In a form", ("n",)),
    ("In Verify SMS connection", ("escape", "v")),
    ("On the health board", ("escape", "h")),
)


async def test_the_keys_in_the_readme_are_those_of_the_program(
    console_app: ConsoleApp, settle: Settle, request: pytest.FixtureRequest
) -> None:
    app = console_app([RECORD])
    parts: list[str] = []
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        for title, keys in PLACES:
            await pilot.press(*keys)
            await pilot.pause()
            lines = key_lines(app, app.screen)
            if not parts:
                parts += table("Everywhere", [line for line in lines if line.everywhere])
            parts += table(title, [line for line in lines if not line.everywhere])
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
