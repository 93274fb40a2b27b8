"""The message of a set-up: typed at the left, seen at the right, kept as one types."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input, Select, Static

from screens.confirm import ConfirmDialog
from screens.rcs_preview import RcsPreviewScreen
from screens.widgets.detail_lines import DetailLines
from screens.widgets.form_field import FormField
from screens.widgets.text_pane import TextPane
from smstui.errors import SmstuiError
from smstui.rcs.content import Content, ContentKind, InvalidContent, from_json, to_json
from tests.rcs.messages import CARD, CAROUSEL, COATS, TEXT
from tests.screens.conftest import ConsoleApp, Settle


class Kept:
    """What the screen handed over: every change, and its answer."""

    def __init__(self) -> None:
        self.saved: list[str] = []
        self.answers: list[str | None] = []

    @property
    def content(self) -> Content:
        """The message as it was kept last."""
        return from_json(self.saved[-1])


def opened(
    kept: Kept, content: Content | None, name: str = "Infobip"
) -> Callable[[App[Any]], None]:
    """Return what opens the screen with a message."""

    def push(app: App[Any]) -> None:
        text = "" if content is None else to_json(content)
        screen = RcsPreviewScreen(
            name, "Acme", text, on_save=kept.saved.append, color="#1A5FB4", sms_sender="Acme"
        )
        app.push_screen(screen, kept.answers.append)

    return push


def pane(app: App[Any]) -> str:
    """Return what stands at the right."""
    return app.screen.query_one("#pane", TextPane).text.plain


def measured(app: App[Any]) -> str:
    """Return the lines below the picture."""
    lines = app.screen.query_one("#measures", DetailLines)
    return "\n".join(lines.render_line(y).text.rstrip() for y in range(lines.size.height))


def issues(app: App[Any], key: str) -> list[str]:
    """Return what stands below a field."""
    return [one.message for one in app.screen.query_one(f"#field-{key}", FormField).issues]


def trouble(app: App[Any]) -> str:
    """Return what is told of the whole form."""
    return str(app.screen.query_one(".form-trouble", Static).content)


async def type_text(pilot: Pilot[Any], text: str) -> None:
    """Type a text, key by key."""
    for character in text:
        await pilot.press({" ": "space"}.get(character, character))


async def test_the_picture_follows_what_is_typed(console_app: ConsoleApp, settle: Settle) -> None:
    kept, app = Kept(), console_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        opened(kept, None)(app)
        await settle(pilot)
        assert "nothing typed yet" in pane(app)
        await pilot.press("tab")
        await type_text(pilot, "Off now")
        await settle(pilot)
        assert "│ Off now │" in pane(app)
        assert "Text 7/3072" in measured(app)
        await pilot.press("tab")
        await type_text(pilot, "Shop")
        await pilot.press("tab")
        await type_text(pilot, "shop")
        await settle(pilot)
        assert "(? Shop)" in pane(app)
        await pilot.press("tab", "tab", "tab")
        await settle(pilot)
        assert "begin with https://" in " ".join(issues(app, "suggestions"))
        await type_text(pilot, "Call 1234")
        await pilot.press("f8")
        await settle(pilot)
        assert "│ Call 1234 │" in pane(app)
        assert "1 part, charged once" in pane(app)
        # Without leaving the screen all of it is kept, wrong action and all.
        assert kept.content.text == "Off now"
        assert kept.content.suggestions[0].action == "shop"
        assert kept.content.fallback == "Call 1234"
        await pilot.press("escape")
        await settle(pilot)
        assert kept.answers == kept.saved[-1:]


async def test_cards_of_a_carousel(console_app: ConsoleApp, settle: Settle) -> None:
    kept, app = Kept(), console_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        opened(kept, CAROUSEL)(app)
        await settle(pilot)
        assert "card 1 of 3 ›" in pane(app)
        await pilot.press("ctrl+t")
        await settle(pilot)
        assert "‹ card 2 of 3 ›" in pane(app)
        assert app.screen.query_one("#field-title", FormField).value == "Boots"
        await pilot.press("tab")
        app.screen.query_one("#field-title Input", Input).value = "x" * 205
        await settle(pilot)
        assert "✗ Title 205/200" in measured(app)
        await pilot.press("ctrl+t")
        await settle(pilot)
        # The card that is left tells what is wrong with it.
        assert "Card 2: 5 characters too many: 200 fit, this has 205." in trouble(app)
        await pilot.press("ctrl+n")
        await settle(pilot)
        assert "‹ card 4 of 4" in pane(app)
        await type_text(pilot, "Hats")
        await settle(pilot)
        assert [card.title for card in kept.content.cards][2:] == [COATS.title, "Hats"]
        assert len(kept.content.cards[1].title) == 205
        # One with something on it goes after a question alone.
        # The worker that asks waits for the answer: only the screen is waited for.
        await pilot.press("ctrl+d")
        await pilot.pause()
        assert isinstance(app.screen, ConfirmDialog)
        await pilot.press("n")
        await settle(pilot)
        assert len(kept.content.cards) == 4
        await pilot.press("ctrl+d")
        await pilot.pause()
        await pilot.press("y")
        await settle(pilot)
        assert len(kept.content.cards) == 3
        assert app.screen.query_one("#field-title", FormField).value == COATS.title
        # As a single card the first one counts; the others stay.
        app.screen.query_one("#field-kind Select", Select).value = "card"
        await settle(pilot)
        assert app.screen.query_one("#field-title", FormField).value == COATS.title
        assert "card 3" not in pane(app)
        assert kept.content.kind is ContentKind.CARD
        assert len(kept.content.cards) == 3


async def test_what_is_sent_and_copied(
    console_app: ConsoleApp, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, app = Kept(), console_app()
    copied: list[str] = []
    monkeypatch.setattr(app, "copy_to_clipboard", copied.append)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        opened(kept, CARD)(app)
        await settle(pilot)
        await pilot.press("f6", "y", "right", "right", "y")
        await settle(pilot)
        assert '"type": "CARD"' in pane(app)
        assert from_json(copied[0]) == CARD
        assert json.loads(copied[1])["messages"][0]["content"]["type"] == "CARD"
        # Nothing was typed: nothing was saved, and the answer is what came in.
        await pilot.press("f6", "escape")
        await settle(pilot)
        assert kept.saved == []
        assert [from_json(answer or "") for answer in kept.answers] == [CARD]
        opened(kept, CARD, "Other")(app)
        await settle(pilot)
        await pilot.press("f7")
        assert "is not known here" in pane(app)


async def test_a_narrow_terminal_shows_one_half(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app()
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        opened(Kept(), TEXT)(app)
        await settle(pilot)
        assert app.screen.query_one("#shown").display is False
        assert "Acme" in str(app.screen.query_one("#title", Static).content)
        await pilot.press("f6")
        await settle(pilot)
        assert app.screen.query_one("RecordForm").display is False
        assert "│ Your order 4711" in pane(app)
        await pilot.press("f6")
        await settle(pilot)
        assert app.screen.query_one("RecordForm").display is True


def test_what_is_no_message_is_refused() -> None:
    kept = Kept()
    with pytest.raises(InvalidContent):
        RcsPreviewScreen("Infobip", "Acme", "{", on_save=kept.saved.append)
    with pytest.raises(SmstuiError):
        RcsPreviewScreen("Nobody", "Acme", on_save=kept.saved.append)


LOOKS: dict[str, tuple[Content, tuple[str, ...], tuple[int, int]]] = {
    "text": (TEXT, ("tab", "tab"), (80, 24)),
    "card": (CARD, (), (80, 24)),
    "carousel": (CAROUSEL, ("ctrl+t",), (80, 24)),
    "fallback": (
        Content(text="A", fallback="Your order 4711 is on its way. " * 6),
        ("f8",),
        (80, 24),
    ),
    "carousel-wide": (CAROUSEL, (), (120, 40)),
}


@pytest.mark.parametrize("look", LOOKS)
def test_what_it_looks_like(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, look: str
) -> None:
    content, keys, size = LOOKS[look]

    async def before(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        opened(Kept(), content)(pilot.app)
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)

    assert snap_compare(console_app(), run_before=before, terminal_size=size)
