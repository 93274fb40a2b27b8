"""The RCS wizard by keyboard: every step, on and back; nothing that is typed is lost."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from screens.confirm import ConfirmDialog
from screens.conflict import differences
from screens.rcs_list import RcsListPage
from screens.shell import ShellScreen
from screens.widgets.step_strip import StepStrip
from smstui.providers.fields import text_of
from smstui.rcs import stored
from smstui.rcs.base import Step
from smstui.rcs.versions import flat_draft, flat_specs
from smstui.store import Store
from smstui.store.records import ListQuery
from tests.conftest import MakeStore
from tests.rcs.set_ups import TOKEN
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.kit import focused, start
from tests.screens.rcs.wizard_kit import (
    ADDRESS,
    NAME,
    at_step,
    filled,
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
from tests.webhooks.stage import opened


async def test_each_step_on_and_back(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(address="rcs/+new")
    async with app.run_test(size=(100, 30)) as pilot:
        await start(pilot, settle)
        await pilot.press("f8")
        await shown(pilot, "Name is missing")
        assert page(pilot).base.step is Step.PROVIDER
        await pilot.press(*NAME, "f8")
        await until(pilot, lambda: page(pilot).base.step is Step.REGISTER)
        assert page(pilot).address == ADDRESS
        # A wrong field keeps one here, and has the focus; going back is possible all the same.
        await type_into(pilot, "color", "#ff0")
        await pilot.press("f4", "f8")
        await shown(pilot, "Too pale")
        assert focused(app) == "color"
        await turn(pilot, "f7", Step.PROVIDER)
        assert "color" in (await kept(pilot)).register
        await turn(pilot, "f8", Step.REGISTER)
        page(pilot).change(page(pilot).document.typed(Step.REGISTER, filled().register))
        await page(pilot).show_document()
        await turn(pilot, "f8", Step.WEBHOOK)
        # The first time, going on saves the webhook and shows what to do with its URL.
        await pilot.press("f8")
        await shown(pilot, "Waiting for the first call")
        assert (await kept(pilot)).has_webhooks
        await turn(pilot, "f8", Step.CREDENTIAL)
        await pilot.press("enter", "down", "enter")
        await until(pilot, lambda: '"{{toNumber}}"' in text(pilot))
        await turn(pilot, "f8", Step.TEST)
        document = await kept(pilot)
        record = await app.context.session.call(
            lambda store: (
                store.credentials.get(document.credential_id or 0),
                store.webhooks.rows(store.webhooks.ids(ListQuery()))[0].credential,
            )
        )
        assert record[0].name == record[1] == NAME
        await turn(pilot, "f8", Step.CHANNEL)
        await turn(pilot, "f8", Step.DONE)
        await until(pilot, lambda: "3 ✓ Webhook" in pane(pilot))
        assert "5 ○ Test" in pane(pilot)
        await turn(pilot, "2", Step.REGISTER)
        assert "✓ Credential" in page(pilot).query_one(StepStrip).render().plain


async def test_what_is_typed_is_kept_and_comes_back(
    console_app: ConsoleApp, settle: Settle, make_store: MakeStore
) -> None:
    path = make_store(fill=at_step(Step.REGISTER))
    app = console_app(path=path, address=ADDRESS)
    async with app.run_test(size=(100, 30)) as pilot:
        await start(pilot, settle)
        await pilot.press("f4")
        await type_into(pilot, "auth_token", "fresh")
        # A pause is enough; nobody has to leave the field, or to save.
        await until_kept(pilot, lambda d: text_of(d.register["auth_token"]) == "fresh")
        await shown(pilot, "✓ kept")
        await type_into(pilot, "sender_sid", "X")
        assert "✓ kept" not in text(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(shell_page(app), RcsListPage))
        assert not isinstance(app.screen, ConfirmDialog)
        await settle(pilot)
        await pilot.press("enter")
        await shown(pilot, "Checklist")
        await pilot.press("f4")
        assert (await kept(pilot)).register["sender_sid"] != filled().register["sender_sid"]
        assert TOKEN not in text(pilot)
        # The console ends in the middle of a word.
        await type_into(pilot, "description", "!")
    with opened(path) as store:
        document = stored.load(store, store.rcs_setups.by_name(NAME).id)
    assert "!" in text_of(document.register["description"])
    assert isinstance(document.register["auth_token"], SecretStr)


def shell_page(app: object) -> object:
    """Return the page that the shell shows."""
    screen = getattr(app, "screen", None)
    return screen.page if isinstance(screen, ShellScreen) else None


@pytest.mark.parametrize("choice", ["mine", "theirs"])
async def test_another_session_saves_meanwhile(
    console_app: ConsoleApp, settle: Settle, make_store: MakeStore, choice: str
) -> None:
    path = make_store(fill=at_step(Step.REGISTER))

    def change(store: Store) -> None:
        document = stored.load(store, store.rcs_setups.by_name(NAME).id)
        stored.remember(store, document.typed(Step.REGISTER, {"description": "theirs"}))

    app = console_app(path=path, address=ADDRESS)
    async with app.run_test(size=(100, 30)) as pilot:
        await start(pilot, settle)
        await pilot.press("f4")
        with opened(path) as store:
            change(store)
        await type_into(pilot, "email", "x")
        await shown(pilot, "was changed elsewhere")
        assert "theirs" in text(pilot)
        # Not now: what was typed stays, and is not kept; leaving asks again.
        await pilot.press("escape")
        await shown(pilot, "yours is not kept yet")
        await pilot.press("escape")
        await shown(pilot, "was changed elsewhere")
        await pilot.press("right", *(["right"] if choice == "mine" else []), "enter")
        await until(pilot, lambda: isinstance(shell_page(app), RcsListPage))
    with opened(path) as store:
        document = stored.load(store, store.rcs_setups.by_name(NAME).id)
    is_mine = choice == "mine"
    assert text_of(document.register["description"]).startswith("theirs") is not is_mine
    assert text_of(document.register["email"]).endswith("x") is is_mine


def test_fields_that_others_show_are_compared(make_store: MakeStore) -> None:
    path = make_store(fill=at_step(Step.WEBHOOK, "Infobip"))
    with opened(path) as store:
        mine = stored.load(store, store.rcs_setups.by_name(NAME).id)
    theirs = mine.typed_hook(0, {"caller_user": "grace"})
    drafts = [flat_draft(version) for version in (mine, mine, theirs)]
    found = differences(flat_specs(mine, theirs), *drafts)
    assert [(one.mine, one.theirs) for one in found] == [("acme", "grace")]


async def test_another_provider_drops_its_login_only_after_asking(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=at_step(Step.REGISTER), address=ADDRESS)
    async with app.run_test(size=(100, 30)) as pilot:
        await start(pilot, settle)
        await turn(pilot, "f7", Step.PROVIDER)
        for answer, route in (("n", "Twilio"), ("y", "Infobip")):
            await pilot.press("tab", "enter", "down", "enter")
            await shown(pilot, "Change to Infobip?")
            await pilot.press(answer)
            await until_kept(pilot, lambda d, route=route: d.route_name == route)  # type: ignore[misc]  # a lambda with a default
            await pilot.press("shift+tab")
        document = await kept(pilot)
        assert "account_sid" not in document.register
        assert document.register["color"] == filled().register["color"]


async def test_the_list_stands_on_the_set_up_that_one_comes_from(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=at_step(Step.REGISTER), address="rcs")
    async with app.run_test(size=(100, 30)) as pilot:
        await start(pilot, settle)
        await pilot.press("n")
        await shown(pilot, "New set-up")
        await type_into(pilot, "name", "Zebra")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(shell_page(app), RcsListPage))
        await settle(pilot)
        await pilot.press("enter")
        await shown(pilot, "Zebra · ")
