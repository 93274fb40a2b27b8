"""The input for secrets: masked, revealed on purpose and for a while, never copied."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pydantic import SecretStr
from textual import events, on
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input

from screens.widgets import secret_input
from screens.widgets.secret_input import SecretInput

CANARY = "canary-51c0"


class Sheet(App[None]):
    """A secret and something else to go to."""

    def __init__(self, value: SecretStr | None = None) -> None:
        super().__init__()
        self._value = value
        self.dropped: list[int] = []

    def compose(self) -> ComposeResult:
        yield SecretInput(self._value, id="secret")
        yield Input(id="other")

    @on(SecretInput.Pasted)
    def _note(self, event: SecretInput.Pasted) -> None:
        assert event.control.id == "secret"
        self.dropped.append(event.dropped)


def shown(pilot: Pilot[Any]) -> str:
    """Return what is on the screen."""
    return "\n".join(s.text for s in pilot.app.screen._compositor.render_strips())


def field_of(pilot: Pilot[Any]) -> SecretInput:
    """Return the input under test."""
    return pilot.app.query_one(SecretInput)


async def test_masked_until_revealed_and_again_when_left() -> None:
    async with Sheet(SecretStr(CANARY)).run_test() as pilot:
        assert CANARY not in shown(pilot)
        assert field_of(pilot).secret.get_secret_value() == CANARY
        await pilot.press("ctrl+r")
        assert CANARY in shown(pilot)
        assert field_of(pilot).is_revealed
        await pilot.press("tab")
        await pilot.pause()
        assert CANARY not in shown(pilot)
        await pilot.press("shift+tab")
        assert CANARY not in shown(pilot)


async def test_hidden_again_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_input, "REVEAL_SECONDS", 0.01)
    async with Sheet(SecretStr(CANARY)).run_test() as pilot:
        await pilot.press("ctrl+r")
        async with asyncio.timeout(10):
            while field_of(pilot).is_revealed:
                await pilot.pause()
        assert CANARY not in shown(pilot)


@pytest.mark.parametrize("revealed", [False, True])
@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+x", "super+c"])
async def test_never_copied_nor_cut(key: str, revealed: bool) -> None:
    async with Sheet(SecretStr(CANARY)).run_test() as pilot:
        if revealed:
            await pilot.press("ctrl+r")
        await pilot.press("home", "shift+end", key)
        assert field_of(pilot).value == CANARY
        assert pilot.app.clipboard == ""


@pytest.mark.parametrize(
    ("pasted", "kept", "dropped"),
    [
        (CANARY, CANARY, 0),
        (f"{CANARY}\n", CANARY, 0),
        (f"\n\n{CANARY}\nsecond\nthird\n", CANARY, 2),
        ("", "", 0),
        ("\n", "", 0),
    ],
)
async def test_pasting_keeps_the_first_line_and_tells_of_the_rest(
    pasted: str, kept: str, dropped: int
) -> None:
    app = Sheet()
    async with app.run_test() as pilot:
        field_of(pilot).post_message(events.Paste(pasted))
        await pilot.pause()
        assert field_of(pilot).value == kept
        assert app.dropped == [dropped]


async def test_control_characters_do_not_reach_the_terminal_when_revealed() -> None:
    async with Sheet(SecretStr("a\x1b]0;title\x07b")).run_test() as pilot:
        await pilot.press("ctrl+r")
        assert "\x1b" not in shown(pilot)
        assert "a\N{REPLACEMENT CHARACTER}]0;title" in shown(pilot)


async def test_neither_repr_nor_messages_of_ours_hold_the_secret() -> None:
    async with Sheet(SecretStr(CANARY)).run_test() as pilot:
        field = field_of(pilot)
        assert CANARY not in repr(field)
        assert CANARY not in repr(SecretInput.Pasted(field, 0))
        assert CANARY not in repr(SecretInput.RevealChanged(field, revealed=True))


async def test_entering_selects_nothing() -> None:
    async with Sheet(SecretStr(CANARY)).run_test() as pilot:
        await pilot.press("tab", "shift+tab")
        assert field_of(pilot).selection.is_empty
