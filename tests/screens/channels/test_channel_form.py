"""The form of a channel configuration by keyboard."""

from __future__ import annotations

from typing import Any

from screens.channel_checks import ChannelChecksPage
from screens.channel_form import ChannelFormPage
from screens.channel_list import ChannelListPage
from smstui.channels.stored import create, stored_draft
from smstui.simulator.core import AccountInfo
from smstui.store import Store
from smstui.store.channel_records import State, UpdateState
from tests.screens.channels.kit import (
    NUMBER,
    PASSED,
    account_credentials,
    checked,
    credentials,
    draft,
)
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.kit import focused, go_to, shell, start, text, told


async def test_a_configuration_is_typed_kept_and_submitted(
    console_app: ConsoleApp, settle: Settle, live: AccountInfo
) -> None:
    app = console_app(fill=account_credentials(live), address="channels/+new")
    async with app.run_test(size=(80, 24)) as pilot:
        await start(pilot, settle)
        await pilot.press("f4")
        await settle(pilot)
        assert "Name is missing." in text(app)
        await pilot.press(*"Acme 1")
        await pilot.press("f4")
        await settle(pilot)
        assert "no blanks" in text(app)
        await pilot.press("backspace", "backspace", "1", "ctrl+s")
        await settle(pilot)
        assert focused(app) == "sms_type"
        assert "SMS Type is missing." in text(app)
        await pilot.press("f4")
        await settle(pilot)
        assert isinstance(shell(app).page, ChannelListPage)
        assert "○ Draft" in text(app)
        await pilot.press("enter")
        await settle(pilot)
        # What is missing in a draft is no news.
        assert "is missing" not in text(app)
        await choose(pilot, app, "sms_type")
        await choose(pilot, app, "mobile_configuration")
        await go_to(pilot, "sender_number")
        await pilot.press(*"(202) 555-0142", "ctrl+s")
        await settle(pilot)
        assert focused(app) == "sender_number"
        await pilot.press("home", *"+1", "ctrl+s")
        await settle(pilot)
        assert isinstance(shell(app).page, ChannelChecksPage)
        assert "✓ Active" in text(app)
        record = await app.context.session.call(lambda s: s.channels.by_name("Acme1"))
        assert (record.state, record.sender) == (State.ACTIVE, NUMBER)


async def choose(pilot: Any, app: Any, key: str) -> None:
    """Choose the value of a field that comes after the present one."""
    await go_to(pilot, key)
    await pilot.press("enter")
    await pilot.pause()
    await pilot.press("down", "enter")
    await pilot.pause()


async def test_a_change_to_an_active_one_is_checked_first(
    console_app: ConsoleApp, settle: Settle, live: AccountInfo
) -> None:
    def filled(store: Store) -> None:
        account_credentials(live)(store)
        checked(store, create(store, draft("Acme_SMS")), PASSED)

    app = console_app(fill=filled, address="channels/Acme_SMS")
    session = app.context.session
    async with app.run_test(size=(80, 24)) as pilot:
        await start(pilot, settle)
        assert "Active: a change is checked before it holds." in text(app)
        assert "F4" not in text(app).splitlines()[-1]
        assert focused(app) == "description"  # The name is fixed.
        await pilot.press(*"told at once", "ctrl+s")
        await settle(pilot)
        assert isinstance(shell(app).page, ChannelListPage)
        record = await session.call(lambda s: s.channels.by_name("Acme_SMS"))
        assert (record.fields["description"], record.update) == ("told at once", None)
        await pilot.press("enter")
        await settle(pilot)
        await go_to(pilot, "sender_number")
        await pilot.press("end", "backspace", "3", "ctrl+s")  # A number without SMS.
        await settle(pilot)
        assert "✗ owner           +12025550143 cannot send SMS" in text(app)
        assert "Recent update: ✗ Failed, asked for by ada" in text(app)
        record = await session.call(lambda s: s.channels.by_name("Acme_SMS"))
        assert (record.state, record.sender) == (State.ACTIVE, NUMBER)
        await pilot.press("e")
        await settle(pilot)
        # What was asked for is still there to be put right.
        assert "you see the change that did" in text(app)
        await go_to(pilot, "sender_number")
        await pilot.press("end", "backspace", "2")
        await choose(pilot, app, "sms_type")
        await go_to(pilot, "tags")
        await pilot.press(*"retail,", "ctrl+s")
        await settle(pilot)
        record = await session.call(lambda s: s.channels.by_name("Acme_SMS"))
        assert (record.sender, record.fields["sms_type"]) == (NUMBER, "Transactional")
        assert record.fields["tags"] == "retail"
        assert record.update is not None
        assert record.update.state is UpdateState.SUCCESS


async def test_another_channel_brings_its_credentials_and_keeps_what_was_typed(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=credentials, address="channels/+new")
    async with app.run_test(size=(80, 24)) as pilot:
        await start(pilot, settle)
        page = shell(app).page
        assert isinstance(page, ChannelFormPage)
        await pilot.press(*"Acme_RCS")
        form = page._form
        assert form is not None
        form.put("vendor", "RCS")
        await page.choose_vendor("RCS")
        await settle(pilot)
        assert [choice.value for choice in page.specs("RCS")["mobile_configuration"].choices] == [
            "rcs-brand"
        ]
        assert "Acme_RCS" in text(app)
        assert "brand_x1y2_agent" in text(app)
        await pilot.press("escape")
        await pilot.pause()
        await pilot.press("escape")  # Stay: what was typed is not lost.
        await settle(pilot)
        await pilot.press("f4")
        await settle(pilot)
        record = await app.context.session.call(lambda s: s.channels.by_name("Acme_RCS"))
        assert stored_draft(record) == {"name": "Acme_RCS", "channel": "RCS"}


async def test_a_change_elsewhere_is_laid_beside_ones_own(
    console_app: ConsoleApp, settle: Settle
) -> None:
    def filled(store: Store) -> None:
        credentials(store)
        create(store, draft("Acme_SMS"))

    def elsewhere(store: Store) -> None:
        from smstui.channels.stored import update

        record = store.channels.by_name("Acme_SMS")
        update(store, record, draft("Acme_SMS", sms_type="Transactional"))

    app = console_app(fill=filled, address="channels/Acme_SMS")
    async with app.run_test(size=(80, 24)) as pilot:
        await start(pilot, settle)
        await go_to(pilot, "description")
        await pilot.press(*"mine")
        await app.context.session.call(elsewhere)
        await pilot.press("f4")
        await pilot.pause(0.3)
        assert "was changed elsewhere" in text(app)
        assert "Transactional" in text(app)
        await pilot.press("tab", "tab", "enter")  # Save mine
        await settle(pilot)
        record = await app.context.session.call(lambda s: s.channels.by_name("Acme_SMS"))
        assert (record.fields["description"], record.fields["sms_type"]) == ("mine", "Marketing")
        assert told(app) == ["Acme_SMS is saved."]
