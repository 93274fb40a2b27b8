"""What the screens of webhooks look like; each picture was looked at before it was kept."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

from screens.webhook_form import WebhookFormPage
from smstui.webhooks.vendors.registry import webhook_vendors
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.kit import go_to, start
from tests.screens.sizes import SIZES, SMALL_SIZES, pictures
from tests.screens.webhooks.kit import credentials, fill


@SIZES
def test_filled_list(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await start(pilot, settle)
        await pilot.press("end")
        await settle(pilot)

    app = console_app(fill=fill, address="webhooks")
    assert snap_compare(app, run_before=before, terminal_size=size)


@SIZES
def test_empty_list(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    app = console_app(address="webhooks")
    assert snap_compare(app, run_before=settle, terminal_size=size)


@pictures("vendor", webhook_vendors(), wide=("Custom",))
def test_new_form(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, vendor: str, size: tuple[int, int]
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await start(pilot, settle)
        page = pilot.app.screen.query_one(WebhookFormPage)
        assert page._form is not None
        page._form.put("vendor", vendor)
        await page.choose_vendor(vendor)
        await settle(pilot)

    app = console_app(fill=credentials, address="webhooks/+new")
    assert snap_compare(app, run_before=before, terminal_size=size)


@SIZES
def test_form_with_issues(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await start(pilot, settle)
        await go_to(pilot, "opt_out_keywords")
        await pilot.press("left", *["left"] * 5, "delete", "S", "T", "P", "enter", "ctrl+s")
        await settle(pilot)
        await go_to(pilot, "opt_out_keywords")

    app = console_app(fill=credentials, address="webhooks/+new")
    assert snap_compare(app, run_before=before, terminal_size=size)


@SIZES
def test_stored_form(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await start(pilot, settle)

    app = console_app(fill=fill, address="webhooks/twilio-replies")
    assert snap_compare(app, run_before=before, terminal_size=size)


@SMALL_SIZES
def test_keywords(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await start(pilot, settle)
        await go_to(pilot, "opt_in_keywords")
        await pilot.press("left", "left", "left")

    app = console_app(fill=fill, address="webhooks/twilio-replies")
    assert snap_compare(app, run_before=before, terminal_size=size)


TEXTS = {"opt-out": "Stop!", "near": "stpo", "none": "hello there", "nothing": ""}


@pictures("state", TEXTS, wide=("opt-out",))
def test_try_a_reply(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, state: str, size: tuple[int, int]
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await start(pilot, settle)
        await pilot.press("end", "t")
        await settle(pilot)
        await pilot.press("down", *TEXTS[state])

    app = console_app(fill=fill, address="webhooks")
    assert snap_compare(app, run_before=before, terminal_size=size)


VIEWS = {"steps": "", "sample": "f8", "curl": "f8 f8", "report": "f8 i"}


@pictures("state", VIEWS, wide=("steps",))
def test_hand_over(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, state: str, size: tuple[int, int]
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await start(pilot, settle)
        await pilot.press("end", "o")
        await settle(pilot)
        await pilot.press(*VIEWS[state].split())

    app = console_app(fill=fill, address="webhooks")
    assert snap_compare(app, run_before=before, terminal_size=size)


@SMALL_SIZES
def test_url_dialog(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    from screens.webhook_url import show_url

    async def before(pilot: Pilot[Any]) -> None:
        await start(pilot, settle)
        record = await app.context.session.call(lambda s: s.webhooks.by_name("rcs-brand"))
        await show_url(pilot.app.screen, record)
        await pilot.pause()

    app = console_app(fill=fill, address="webhooks")
    assert snap_compare(app, run_before=before, terminal_size=size)
