"""Trying a reply, and the hand-over sheet."""

from __future__ import annotations

import shlex

import pytest

from screens.hand_over import HandOverDialog, open_hand_over
from smstui.store import Store
from smstui.webhooks.base import Call
from smstui.webhooks.settings import ReceiverSettings
from smstui.webhooks.stored import load
from smstui.webhooks.vendors.registry import webhook_vendor
from tests.conftest import NOW
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.kit import start, text, told
from tests.screens.webhooks.kit import PATH, SECRET, URL, credentials, fill, webhook


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (" Stop! ", ("✓ Opt-Out   STOP", "Acme: you get no more messages.", "opted out")),
        ("stpo", ("! near to STOP", "Nothing has changed yet.", "– stays unknown")),
        ("help", ("✓ Help   HELP", "Acme alerts.", "– stays unknown")),
        ("good morning", ("– no keyword", "– none", "No keyword matches")),
        ("[/x]", ("– no keyword",)),
    ],
)
async def test_a_text_is_understood_while_one_types(
    console_app: ConsoleApp, settle: Settle, typed: str, shown: tuple[str, ...]
) -> None:
    app = console_app(fill=fill, address="webhooks")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await pilot.press("end", "t")
        await settle(pilot)
        app.screen.query_one("#text").value = typed  # type: ignore[attr-defined]
        await pilot.pause()
        for part in shown:
            assert part in text(app)


async def test_a_subscriber_texts_again_from_where_consent_stands(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="webhooks")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await pilot.press("end", "t")
        await settle(pilot)
        assert "Consent so far unknown" in text(app)
        await pilot.press("down")
        assert "Consent so far opted in" in text(app)
        await pilot.press("up", "up")
        assert "Consent so far asked to confirm" in text(app)
        await pilot.press(*"stop")
        assert "asked to confirm → opted out" in text(app)
        await pilot.press("enter", *"start")
        assert "Consent so far opted out" in text(app)
        assert "opted out → opted in" in text(app)


async def test_a_long_reply_is_cut_and_its_parts_are_told(
    console_app: ConsoleApp, settle: Settle
) -> None:
    def long(store: Store) -> None:
        credentials(store)
        webhook(store, "main", "Twilio", "twilio-main", default_reply_message="word " * 200)

    app = console_app(fill=long, address="webhooks")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await pilot.press("t")
        await settle(pilot)
        await pilot.press("x")
        assert "7 parts, GSM-7" in text(app)
        assert "…\n" in text(app)
        assert "! This reply takes 7 parts" in text(app)


async def test_the_sheet_tells_what_to_do_and_copies_it(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="webhooks")
    async with app.run_test(notifications=True) as pilot:
        await start(pilot, settle)
        await pilot.press("end", "o")
        await settle(pilot)
        assert "1. In the Twilio Console" in text(app)
        await pilot.press("1")
        assert app.clipboard == URL
        await pilot.press("9")
        assert len(told(app)) == 1, "there are not that many settings"
        await pilot.press("f8", "y")
        assert "Body=STOP" in app.clipboard
        await pilot.press("i", "y")
        assert "MessageStatus=delivered" in app.clipboard
        await pilot.press("right", "y")
        assert app.clipboard.startswith(f"curl -X POST http://127.0.0.1:4020/w/{PATH} ")
        await pilot.press("l", "y")
        assert app.clipboard.startswith(f"curl -X POST {URL} ")
        await pilot.press("f8")
        assert "What to do" in text(app)


@pytest.mark.parametrize(
    "name", ["twilio-replies", "sinch-eu", "infobip-reports", "relay-replies", "rcs-brand"]
)
async def test_the_command_is_a_call_that_the_webhook_believes(
    console_app: ConsoleApp, settle: Settle, name: str
) -> None:
    app = console_app(fill=fill, address="webhooks")
    async with app.run_test(size=(120, 40)) as pilot:
        await start(pilot, settle)

        def read(store: Store) -> tuple[object, ...]:
            record = store.webhooks.by_name(name)
            return record, load(store, record), ReceiverSettings.load(store).url_of(record.path)

        record, hook, url = await app.context.session.call(read)
        await open_hand_over(app.screen, record)  # type: ignore[arg-type]
        await pilot.press("f8", "f8", "y")
        assert isinstance(app.screen, HandOverDialog)
        command = app.clipboard
        assert SECRET not in command
        assert SECRET not in text(app)
        filled = command.replace('"$CALLER_PASSWORD"', SECRET)
        words = shlex.split(filled.replace("\\\n", " "))
        call = _call(words, url)  # type: ignore[arg-type]
        vendor = webhook_vendor(record.vendor)  # type: ignore[attr-defined]
        vendor.authenticate(hook, call)  # type: ignore[arg-type]
        assert vendor.read(hook, call)  # type: ignore[arg-type]


def _call(words: list[str], url: str) -> Call:
    """Return the call that a command makes, as the webhook sees it under its own URL."""
    from base64 import b64encode
    from urllib.parse import urlencode

    headers: list[tuple[str, str]] = []
    form: list[tuple[str, str]] = []
    body = b""
    for option, value in zip(words[4::2], words[5::2], strict=True):
        match option:
            case "-H":
                header, _, text_ = value.partition(": ")
                headers.append((header, text_))
            case "-u":
                headers.append(("Authorization", f"Basic {b64encode(value.encode()).decode()}"))
            case "--data-urlencode":
                header, _, text_ = value.partition("=")
                form.append((header, text_))
            case "--data-raw":
                body = value.encode()
    return Call("POST", url, tuple(headers), body or urlencode(form).encode(), NOW)
