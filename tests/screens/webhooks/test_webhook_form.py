"""The form for one webhook, by keyboard, with a real store."""

from __future__ import annotations

from typing import cast

from pydantic import SecretStr
from textual.screen import ModalScreen

from screens.conflict import ConflictDialog
from screens.hand_over import HandOverDialog
from screens.try_reply import TryReplyDialog
from screens.webhook_form import WebhookFormPage
from screens.webhook_list import WebhookListPage
from screens.webhook_url import WebhookUrlDialog
from smstui.app import SmstuiApp
from smstui.store import Store
from smstui.store.records import Actor
from smstui.store.webhook_records import WebhookRecord
from smstui.webhooks.stored import update
from tests.conftest import NOW, PASSPHRASE
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.kit import focused, go_to, shell, start, text, told
from tests.screens.webhooks.kit import SECRET, URL, credentials, fill, webhook


def page(app: SmstuiApp) -> WebhookFormPage:
    """Return the form's page."""
    return cast("WebhookFormPage", shell(app).page)


def elsewhere(app: SmstuiApp) -> Store:
    """Open the same store as another person."""
    return Store.open(
        app.context.store_path, PASSPHRASE, actor=Actor("grace", ""), clock=lambda: NOW
    )


def stored(app: SmstuiApp, name: str) -> WebhookRecord:
    """Return a record as another program sees it."""
    with elsewhere(app) as store:
        return store.webhooks.by_name(name)


async def test_a_new_webhook_is_saved_and_its_url_is_there_to_copy(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=credentials, address="webhooks/+new")
    async with app.run_test(notifications=True) as pilot:
        await start(pilot, settle)
        await go_to(pilot, "name")
        await pilot.press(*"eu")
        await go_to(pilot, "credential")
        await pilot.press("enter", "down", "enter")
        await go_to(pilot, "sender_phone_number")
        await pilot.press(*"+15005550006", "ctrl+s")
        await settle(pilot)
        await settle(pilot)
        record = stored(app, "eu")
        assert record.credential == "sinch-eu"
        assert record.fields["opt_out_keywords"] == "STOP, QUIT, CANCEL, END, UNSUBSCRIBE, NO"
        assert isinstance(app.screen, WebhookUrlDialog)
        url = f"http://127.0.0.1:4020/w/{record.path}"
        assert url in text(app)
        assert "Only this machine reaches it so far." in text(app)
        await pilot.press("y")
        assert app.clipboard == url
        await pilot.press("o")
        await settle(pilot)
        assert isinstance(app.screen, HandOverDialog)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(shell(app).page, WebhookListPage)
        assert "▌eu" in text(app)


async def test_editing_keeps_url_and_secret_and_asks_nothing(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="webhooks/sinch-eu")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        before = stored(app, "sinch-eu")
        assert not page(app).is_dirty
        assert focused(app) == "name"
        assert "https://hooks.acme.example/w/aaaa" in text(app)
        await go_to(pilot, "caller_password")
        assert "set, ends in 4f2a" in text(app)
        await pilot.press("shift+tab", "x", "ctrl+s")
        await settle(pilot)
        await settle(pilot)
        assert not isinstance(app.screen, ModalScreen)
        after = stored(app, "sinch-eu")
        assert after.path == before.path
        assert after.fields["caller_user"] == "acmex"
        assert dict(after.secrets) == {"caller_password": SecretStr(SECRET)}


async def test_another_vendor_keeps_what_fits_and_has_its_remark(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=credentials, address="webhooks/+new")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        assert "Adobe takes no webhooks for Twilio." not in text(app)
        await go_to(pilot, "opt_out_keywords")
        await pilot.press(*"BASTA", "enter")
        await go_to(pilot, "vendor")
        await pilot.press("enter", "end", "enter")
        await settle(pilot)
        assert "Adobe takes no webhooks for Twilio." in text(app)
        assert "Auth Token for" in text(app)
        assert "BASTA" in text(app)
        await go_to(pilot, "credential")
        await pilot.press("enter")
        await pilot.pause()
        assert "twilio-main" in text(app)
        assert "sinch-eu" not in text(app)


async def test_feedback_alone_has_no_keywords_and_nothing_to_try(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="webhooks/infobip-reports")
    async with app.run_test(notifications=True) as pilot:
        await start(pilot, settle)
        assert "keywords" not in text(app)
        await pilot.press("ctrl+t")
        await pilot.pause()
        assert told(app) == ["It receives feedback alone, no texts."]


async def test_a_draft_is_tried_as_it_stands(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(fill=fill, address="webhooks/twilio-replies")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await go_to(pilot, "opt_out_keywords")
        await pilot.press(*"basta", "ctrl+t")
        await pilot.pause()
        assert isinstance(app.screen, TryReplyDialog)
        await pilot.press(*"Basta!")
        assert "✓ Opt-Out   basta" in text(app)
        await pilot.press("escape", "ctrl+y")
        await pilot.pause()
        assert app.clipboard == URL
        assert page(app).is_dirty


async def test_a_change_elsewhere_shows_both_versions(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="webhooks/twilio-replies")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await go_to(pilot, "help_keywords")
        await pilot.press("backspace")
        with elsewhere(app) as store:
            record = store.webhooks.by_name("twilio-replies")
            update(
                store,
                record,
                {
                    **record.fields,
                    "name": record.name,
                    "credential": record.credential,
                    "default_reply_message": "We do not read this.",
                },
            )
        await pilot.press("ctrl+s")
        for _turn in range(100):
            if isinstance(app.screen, ConflictDialog):
                break
            await pilot.pause()
        shown = text(app)
        assert "twilio-replies was changed elsewhere" in shown
        assert "Help keywords" in shown
        assert "We do not read" in shown
        assert "Opt-In" not in shown
        assert "Webhook URL" not in shown
        await pilot.press("right", "right", "enter")
        await settle(pilot)
        await settle(pilot)
        after = stored(app, "twilio-replies")
        assert after.fields["help_keywords"] == "HELP, INFO"
        assert after.revision == 3


async def test_what_was_deleted_elsewhere_can_be_saved_with_a_new_url(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="webhooks/twilio-replies")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await pilot.press("x")
        with elsewhere(app) as store:
            store.webhooks.delete(store.webhooks.by_name("twilio-replies").id)
        await pilot.press("ctrl+s")
        for _turn in range(100):
            if isinstance(app.screen, ModalScreen):
                break
            await pilot.pause()
        await pilot.press("y")
        await settle(pilot)
        await settle(pilot)
        record = stored(app, "twilio-repliesx")
        assert isinstance(app.screen, WebhookUrlDialog)
        assert record.path in text(app)
        assert not URL.endswith(record.path)


async def test_a_copy_has_no_url_yet_and_leaving_it_asks(
    console_app: ConsoleApp, settle: Settle
) -> None:
    def two(store: Store) -> None:
        credentials(store)
        webhook(store, "main", "Twilio", "twilio-main")

    app = console_app(fill=two, address="webhooks/+copy/main")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        assert "main copy" in text(app)
        assert "Webhook URL" not in text(app)
        await pilot.press("x", "escape")
        await pilot.pause()
        assert "Leave without saving?" in text(app)
