"""The list of channel configurations by keyboard: finding one, and what is done from there."""

from __future__ import annotations

from screens.channel_checks import ChannelChecksPage
from screens.channel_form import ChannelFormPage
from screens.channel_list import ChannelListPage
from smstui.channels import runs
from smstui.channels.stored import create
from smstui.simulator.core import AccountInfo
from smstui.store import Store
from smstui.store.channel_records import State
from tests.screens.channels.kit import account_credentials, credentials, draft, fill
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.kit import shell, start, text, told


async def test_the_list_is_narrowed_and_tells_about_each(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="channels")
    async with app.run_test(size=(80, 24)) as pilot:
        await start(pilot, settle)
        shown = text(app)
        assert "5 configurations" in shown
        assert "✓ Active" in shown
        assert "! shared sender" in shown
        assert "✗ token refused" in shown
        assert "– Deactivated" in shown
        await pilot.press("slash", *"status:act user:ada")
        await settle(pilot)
        assert "2 of 5" in text(app)
        await pilot.press("escape", "f", "f", "f", "f")  # Draft, Processing, Active, Failed
        await settle(pilot)
        assert "/status:failed" in text(app)
        assert "Acme_Service" in text(app)
        assert "1 of 5" in text(app)
        await pilot.press("f", "f")  # Deactivated, all
        await settle(pilot)
        assert "5 configurations" in text(app)
        await pilot.press("end")
        await settle(pilot)
        assert "Recent update: ✗ Failed" in text(app)
        assert "owner: the app sends RCS by acme_agent" in text(app)
        await pilot.press("v")
        await settle(pilot)
        assert isinstance(shell(app).page, ChannelChecksPage)
        assert "Sender number: acme_agent → other_agent" in text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(shell(app).page, ChannelListPage)
        await pilot.press("f2", *"configuration pict")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert shell(app).address == "channels/Pictures"


async def test_deactivating_asks_and_what_is_out_of_use_stays(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="channels")
    async with app.run_test(size=(80, 24)) as pilot:
        await start(pilot, settle)
        await pilot.press("a", "escape")
        await settle(pilot)
        assert "✓ Active" in text(app).splitlines()[3]
        await pilot.press("a", "y")
        await settle(pilot)
        assert "– Deactivated" in text(app).splitlines()[3]
        await pilot.press("d", "y")
        await settle(pilot)
        assert "cannot be deleted. Reactivate it first." in told(app)[-1]
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "a has it checked" in told(app)[-1]
        await pilot.press("enter")
        await settle(pilot)
        page = shell(app).page
        assert isinstance(page, ChannelFormPage)
        assert "Deactivated: reactivate it in the list (a)" in text(app)
        await pilot.press("x", "ctrl+s")
        await settle(pilot)
        assert not page.is_dirty
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("c")
        await settle(pilot)
        assert "Acme_Marketing_copy" in text(app)
        await pilot.press("f4")
        await settle(pilot)
        assert "6 configurations" in text(app)
        await pilot.press("home", "down", "d", "y")
        await settle(pilot)
        assert "5 configurations" in text(app)


async def test_a_draft_is_submitted_and_its_checks_are_shown(
    console_app: ConsoleApp, settle: Settle, live: AccountInfo
) -> None:
    def filled(store: Store) -> None:
        account_credentials(live)(store)
        create(store, draft("Acme_SMS"))
        create(store, {"name": "Half"})

    app = console_app(fill=filled, address="channels")
    async with app.run_test(size=(80, 24)) as pilot:
        await start(pilot, settle)
        await pilot.press("end", "ctrl+s")
        await settle(pilot)
        assert "Sender number is missing. Press e to edit it." in told(app)[-1]
        await pilot.press("home", "ctrl+s")
        await settle(pilot)
        assert isinstance(shell(app).page, ChannelChecksPage)
        assert "✓ Active · checked just now" in text(app)
        assert "✓ connection      account Acme Retail: active, full" in text(app)
        assert "✓ owner" in text(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "Edit it, and submit the change." in told(app)[-1]
        await pilot.press("escape")
        while "✓ passed" not in text(app):  # The list is read anew when one comes back.
            await pilot.pause()
        await pilot.press("a", "y")
        await settle(pilot)
        await pilot.press("a")
        await settle(pilot)
        assert "✓ Active · checked just now" in text(app)


async def test_a_run_that_broke_off_is_told_where_the_list_is_opened(
    console_app: ConsoleApp, settle: Settle
) -> None:
    def broken(store: Store) -> None:
        credentials(store)
        begun = runs.begin(store, create(store, draft("Acme_SMS")))
        assert begun.run is not None
        runs._here.discard(begun.run.token)

    app = console_app(fill=broken, address="channels")
    async with app.run_test(size=(80, 24)) as pilot:
        await start(pilot, settle)
        assert told(app) == ["The checks of Acme_SMS were interrupted. Submit it again."]
        assert "✗ Failed" in text(app)
        assert "✗ interrupted" in text(app)
        record = await app.context.session.call(lambda s: s.channels.by_name("Acme_SMS"))
        assert record.state is State.FAILED
        assert record.run is None
