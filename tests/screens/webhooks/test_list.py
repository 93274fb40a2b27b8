"""The list of webhooks by keyboard."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual.pilot import Pilot

from screens.confirm import ConfirmDialog
from screens.hand_over import HandOverDialog
from screens.shell import ShellScreen
from screens.try_reply import TryReplyDialog
from screens.webhook_list import WebhookListPage
from screens.widgets.detail_lines import DetailLines
from smstui.app import SmstuiApp
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.kit import shell, start, text, told
from tests.screens.webhooks.kit import URL, fill


def page(app: SmstuiApp) -> WebhookListPage:
    """Return the list, also while a dialog is on top of it."""
    return shell(app).query_one(WebhookListPage)


def detail(app: SmstuiApp) -> str:
    """Return what is told about the webhook one stands on."""
    lines = page(app).query_one(DetailLines)
    return "\n".join(lines.render_line(y).text.rstrip() for y in range(lines.size.height))


async def until_dialog(pilot: Pilot[Any]) -> None:
    async with asyncio.timeout(5):
        while not isinstance(pilot.app.screen, ConfirmDialog):
            await pilot.pause()


async def test_an_empty_list_says_how_to_begin(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(address="webhooks")
    async with app.run_test(notifications=True) as pilot:
        await start(pilot, settle)
        begin = "No webhooks yet. Press n to create the first one."
        assert begin in text(app)
        for key in ("e", "t", "o", "v", "y", "d", "slash"):
            await pilot.press(key)
            await settle(pilot)
            assert told(app)[-1] == begin


async def test_what_came_last_is_told_with_the_url(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(fill=fill, address="webhooks")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        assert "5 webhooks" in text(app)
        assert "Nothing came in yet; o tells what to set up." in detail(app)
        await pilot.press("end")
        await settle(pilot)
        assert "twilio-main   +15005550006" in detail(app)
        assert "https://hooks.acme.example/w/" in detail(app)
        assert "last event: · opt-out, 2 h ago" in detail(app)
        await pilot.resize_terminal(120, 40)
        await settle(pilot)
        assert URL in detail(app).replace("\n", "")
        assert "Opt-Out  STOP, QUIT, CANCEL" in detail(app)
        assert "✓ delivered" in detail(app)


@pytest.mark.parametrize(
    ("key", "address"),
    [
        ("v", "events/twilio-replies"),
        ("e", "webhooks/twilio-replies"),
        ("c", "webhooks/+copy/twilio-replies"),
        ("n", "webhooks/+new"),
    ],
)
async def test_keys_lead_to_forms_and_events(
    console_app: ConsoleApp,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    address: str,
) -> None:
    app = console_app(fill=fill, address="webhooks")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await pilot.press("end")
        gone_to: list[str] = []
        monkeypatch.setattr(ShellScreen, "navigate", lambda _self, to: gone_to.append(to))
        await pilot.press(key)
        await settle(pilot)
        assert gone_to == [address]


async def test_the_url_is_copied_and_that_is_said(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(fill=fill, address="webhooks")
    async with app.run_test(notifications=True) as pilot:
        await start(pilot, settle)
        await pilot.press("end", "y")
        await settle(pilot)
        assert app.clipboard == URL
        assert told(app)[-1].startswith("The URL is copied.")


async def test_replies_are_tried_where_texts_come_in(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="webhooks")
    async with app.run_test(notifications=True) as pilot:
        await start(pilot, settle)
        await pilot.press("t")
        await settle(pilot)
        assert told(app)[-1] == "infobip-reports receives feedback alone, no texts."
        await pilot.press("down", "t")
        await settle(pilot)
        assert isinstance(app.screen, TryReplyDialog)
        await pilot.press("escape", "o")
        await settle(pilot)
        assert isinstance(app.screen, HandOverDialog)


async def test_delete_says_what_goes_and_does_it(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(fill=fill, address="webhooks")
    async with app.run_test(notifications=True) as pilot:
        await start(pilot, settle)
        await pilot.press("d")
        await until_dialog(pilot)
        assert "Its URL stops working" in text(app)
        await pilot.press("y")
        await settle(pilot)
        assert told(app) == ["infobip-reports is deleted."]
        assert "4 webhooks" in text(app)


async def test_the_filter_finds_by_type(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(fill=fill, address="webhooks")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await pilot.press("slash", *"custom")
        await settle(pilot)
        assert "1 of 5" in text(app)
        await pilot.press("escape", *"ssss")
        await settle(pilot)
        assert "Last event ▾" in text(app)
        assert "sinch-eu" in page(app).table.render_line(1).text


async def test_the_palette_opens_a_webhook_by_its_name(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill)
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await pilot.press("f2", *"rcs-b")
        await settle(pilot)
        assert "open webhook: rcs-brand" in text(app)
        await pilot.press("enter")
        await settle(pilot)
        await settle(pilot)
        assert shell(app).address == "webhooks/rcs-brand"
