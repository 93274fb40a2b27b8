"""Webhooks and their first call, the credential as proposed, the test, the list of set-ups."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from textual.widgets import Input

from screens import rcs_calls
from screens.preview import PreviewDialog
from screens.rcs_list import RcsListPage
from screens.rcs_preview import RcsPreviewScreen
from screens.rcs_test import TestPane
from screens.shell import ShellScreen
from screens.verify_run import Pace
from smstui.providers.fields import text_of
from smstui.rcs.base import Step
from smstui.simulator.server import Simulator
from smstui.store.records import ListQuery
from smstui.store.webhook_records import NewCall, NewEvent
from tests.conftest import NOW, MakeStore
from tests.rcs.set_ups import TOKEN
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.kit import start
from tests.screens.rcs.wizard_kit import (
    ADDRESS,
    at_step,
    fill,
    focused,
    kept,
    page,
    pane,
    shown,
    text,
    turn,
    type_into,
    until,
    until_kept,
)
from tests.screens.verify.kit import Time
from tests.webhooks.stage import opened


async def test_two_webhooks_are_saved_and_called(
    console_app: ConsoleApp,
    settle: Settle,
    make_store: MakeStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rcs_calls, "LOOK_SECONDS", 0.05)
    path = make_store(fill=at_step(Step.WEBHOOK, "Infobip"))
    app = console_app(path=path, address=ADDRESS)
    async with app.run_test(size=(100, 40), notifications=True) as pilot:
        await start(pilot, settle)
        await shown(pilot, "▌Replies▐ Reports")
        # What is wrong in the other view is gone to.
        await pilot.press("f4")
        await type_into(pilot, "name", "")
        page(pilot).query_one("#field-name Input", Input).value = ""
        await pilot.press("f4", "ctrl+s")
        await shown(pilot, "Replies ▌Reports▐")
        await shown(pilot, "Name is missing")
        await pilot.press(*"reports", "ctrl+s")
        await shown(pilot, "The webhooks are saved.")
        document = await kept(pilot)
        assert document.has_webhooks
        assert pane(pilot).count("… Waiting for the first call") == 1
        with opened(path) as store:
            wanted = document.hooks[0].id or 0
            call = NewCall(wanted, NOW, "POST", "http://127.0.0.1/", (), b"{}")
            told = NewEvent("refused", "failed", "bad login", reason="The password is wrong.")
            with store.changing():
                store.events.add(store.events.add_call(call), "replies", call, told)
                store.webhooks.told(wanted, NOW, "failed", "bad login")
        await shown(pilot, "✗ A call came and was refused. The password is wrong.")
        with opened(path) as store, store.changing():
            event = NewEvent("inbound", sender="+393331234567", text="hello")
            store.events.add(store.events.add_call(call), "replies", call, event)
            store.webhooks.told(wanted, NOW, "", "hello")
        await shown(pilot, "✓ A genuine call came: hello.")
        await pilot.press("down")
        await until(pilot, lambda: "… Waiting for the first call" in pane(pilot))
        await pilot.press("o")
        await shown(pilot, "Hand over · reports")


async def test_the_credential_follows_what_is_registered_until_it_is_edited(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=at_step(Step.CREDENTIAL), address=ADDRESS)
    async with app.run_test(size=(100, 50), notifications=True) as pilot:
        await start(pilot, settle)
        assert focused(app) == "fallback"
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen, PreviewDialog))
        assert "To = rcs:+12025550123" in text(pilot)
        assert TOKEN not in text(pilot)
        await pilot.press("escape", "enter", "down", "enter")
        await until_kept(pilot, lambda d: d.with_fallback)
        await until(pilot, lambda: focused(app) == "fallback")
        await pilot.press("f3")
        await shown(pilot, "To = +12025550123")
        await pilot.press("escape")
        await type_into(pilot, "provider_name", "!")
        await until_kept(pilot, lambda d: d.edited == ("provider_name",))
        await turn(pilot, "f7", Step.WEBHOOK)
        await turn(pilot, "f8", Step.CREDENTIAL)
        await shown(pilot, "Typed by hand, so it no longer follows: Provider Name.")
        await pilot.press("ctrl+o")
        await shown(pilot, "Take the proposal?")
        await pilot.press("y")
        await until_kept(pilot, lambda d: d.edited == ())
        # A message is made up here, and kept with the set-up.
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(app.screen, RcsPreviewScreen))
        await settle(pilot)
        await pilot.press("tab", *"Hi", "escape")
        await until_kept(pilot, lambda d: "Hi" in text_of(d.test.get("content")))


async def test_a_test_that_nothing_tells_of_is_ended_and_kept(
    console_app: ConsoleApp,
    settle: Settle,
    simulator: Simulator,
    http_client: Callable[[], httpx.AsyncClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    passing = Time()
    monkeypatch.setattr(
        "screens.rcs_test.Pace", lambda: Pace(120.0, passing.monotonic, passing.sleep)
    )
    account = next(a for a in simulator.accounts if (a.vendor, a.label) == ("Infobip", "live, RCS"))
    app = console_app(
        fill=at_step(Step.CREDENTIAL, "Infobip"), address=ADDRESS, http_client=http_client
    )
    async with app.run_test(size=(100, 40), notifications=True) as pilot:
        await start(pilot, settle)
        login = {"api_base_url": account.fields["api_base_url"], "sender_name": "DemoSender"}
        key = {"api_token": account.fields["api_key"]}
        document = page(pilot).document.typed(Step.REGISTER, login)
        page(pilot).change(document.typed(Step.CREDENTIAL, key), learned=True)
        await turn(pilot, "f8", Step.TEST)
        await pilot.press("tab", "enter")
        await shown(pilot, "F9 sends the message.")
        passing.may_pass.clear()
        await pilot.press("f9")
        await shown(pilot, "… Accepted; waiting for the delivery since 10:00:00. Esc ends it.")
        assert "The provider has accepted the message. Nothing tells yet" in pane(pilot)
        await pilot.press("escape")
        await shown(pilot, "The run was stopped here.")
        await until(pilot, lambda: not page(pilot).query_one(TestPane).can_stop)
        await settle(pilot)
        runs = await app.context.session.call(lambda store: store.verifications.history(1))
        assert [(run.depth, bool(run.message_id)) for run in runs] == [("send", True)]
        # What is wrong with the number is told before anything is sent.
        await type_into(pilot, "to", "9999999")
        await pilot.press("f9")
        await shown(pilot, "  ✗ ")
        assert len(await app.context.session.call(lambda s: s.verifications.history(1))) == 1


async def test_the_list_opens_narrows_and_deletes(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(fill=fill, address="rcs")
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await start(pilot, settle)
        assert "Acme brand" in text(pilot)
        assert "… Google's review" in text(pilot)
        await pilot.press("slash", *"infobip", "enter")
        await shown(pilot, "1 of 3")
        await pilot.press("enter")
        await shown(pilot, "● Webhook")
        await pilot.press("escape")
        await shown(pilot, "1 of 3")
        before = await app.context.session.call(lambda s: s.webhooks.count())
        await pilot.press("escape", "end", "d")
        await shown(pilot, "Its webhooks and its credential stay")
        await pilot.press("y")
        await shown(pilot, "Acme shop is deleted.")
        names = await app.context.session.call(
            lambda s: [row.name for row in s.rcs_setups.rows(s.rcs_setups.ids(ListQuery()))]
        )
        assert names == ["Acme brand", "Acme news"]
        assert await app.context.session.call(lambda s: s.webhooks.count()) == before
        await pilot.press("n")
        await shown(pilot, "New set-up")
        await pilot.press("escape")
        await until(
            pilot,
            lambda: (
                isinstance(app.screen, ShellScreen) and isinstance(app.screen.page, RcsListPage)
            ),
        )
