"""The form for one credential, by keyboard, with Twilio's model and a real store."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr
from textual.pilot import Pilot

from screens.credential_list import CredentialListPage
from smstui.providers.registry import providers
from smstui.store.errors import DiskFull
from smstui.store.records import NewCredential
from tests.conftest import PASSPHRASE
from tests.screens.all_kinds import KindsProvider
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.credential_kit import (
    KEY_SID,
    NUMBER,
    OTHER_SID,
    OTHER_TOKEN,
    SERVICE,
    SID,
    TOKEN,
    fill,
    page,
    remark,
    stored,
    twilio,
)
from tests.screens.kit import focused, go_to, shell, start, text
from tests.screens.sizes import pictures


async def test_a_new_credential_is_saved_and_the_list_points_at_it(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app([twilio("aaa"), twilio("zzz")])
    async with app.run_test(notifications=True) as pilot:
        await start(pilot, settle)
        await pilot.press("n")
        await start(pilot, settle)
        assert "New credential" in text(app)
        await fill(
            pilot, app, name="new", account_sid=OTHER_SID, auth_token=TOKEN, inbound_number=NUMBER
        )
        assert remark(app) == "not saved yet"
        await pilot.press("ctrl+s")
        await settle(pilot)
        await settle(pilot)
        assert isinstance(shell(app).page, CredentialListPage)
        assert "new is saved." in text(app)
        assert "▌new" in text(app)
        assert remark(app) == ""
    record = stored(app, "new")
    assert record.fields["account_sid"] == OTHER_SID
    assert record.fields["inbound_number"] == NUMBER
    assert dict(record.secrets) == {"auth_token": SecretStr(TOKEN)}


async def test_escape_after_saving_does_not_come_back_to_the_form(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app([twilio()])
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await pilot.press("e")
        await start(pilot, settle)
        await pilot.press("x", "ctrl+s")
        await settle(pilot)
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(shell(app).page, CredentialListPage)
        assert "▌twilio-mainx" in text(app)


async def test_a_form_opened_directly_leads_to_the_list_too(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app([twilio("aaa"), twilio("zzz")], address="credentials/zzz")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await pilot.press("f9")
        await settle(pilot)
        await settle(pilot)
        assert "▌zzz" in text(app)


async def test_editing_leaves_the_stored_secret_alone_and_never_shows_it(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app([twilio()], address="credentials/twilio-main")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        assert "set, ends in 4f2a" in text(app)
        assert not page(app).is_dirty
        await pilot.press("x", "ctrl+s")
        await settle(pilot)
    record = stored(app, "twilio-mainx")
    assert dict(record.secrets) == {"auth_token": SecretStr(TOKEN)}


async def test_a_new_secret_takes_the_place_of_the_stored_one(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app([twilio()], address="credentials/twilio-main")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await fill(pilot, app, auth_token=OTHER_TOKEN)
        assert OTHER_TOKEN not in text(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
    assert dict(stored(app, "twilio-main").secrets) == {"auth_token": SecretStr(OTHER_TOKEN)}


async def test_a_token_gives_way_to_an_api_key(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app([twilio()], address="credentials/twilio-main")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await go_to(pilot, "auth_token")
        await pilot.press("ctrl+d", "tab")
        assert "Auth Token is missing." in text(app)
        await go_to(pilot, "use_custom_dataset_for_inbound")
        await pilot.press("tab", "enter")
        await fill(pilot, app, api_key_sid=KEY_SID, api_key_secret=OTHER_TOKEN)
        await pilot.press("ctrl+s")
        await settle(pilot)
    record = stored(app, "twilio-main")
    assert dict(record.secrets) == {"api_key_secret": SecretStr(OTHER_TOKEN)}
    assert record.fields["api_key_sid"] == KEY_SID


async def test_an_api_key_in_the_account_sid_is_moved_where_it_belongs(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address="credentials/+new")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await fill(pilot, app, account_sid=KEY_SID)
        assert "Ctrl+G  Put it into API key SID" in text(app)
        assert KEY_SID not in text(app)
        await fill(pilot, app, account_sid=KEY_SID)
        assert KEY_SID in text(app), "pasted again, it goes in as it stands"
        await pilot.press("tab")
        assert "Ctrl+G  Move it to API key SID" in text(app)
        await pilot.press("ctrl+g")
        await pilot.pause()
        assert focused(app) == "api_key_sid"
        assert KEY_SID in text(app)
        assert "Move it" not in text(app)


async def test_an_error_keeps_the_form_and_takes_the_focus(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address="credentials/+new")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await fill(pilot, app, name="x", account_sid="AC12")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert focused(app) == "account_sid"
        assert "✗ It has 34 characters; this has 4." in text(app)
        assert "! Nothing to send from" in text(app)


async def test_warnings_are_saved_with_and_said(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(address="credentials/+new")
    async with app.run_test(notifications=True) as pilot:
        await start(pilot, settle)
        await fill(pilot, app, name="x", account_sid=SID, auth_token=TOKEN)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "x is saved, with 1 warning." in text(app)
    assert stored(app, "x").name == "x"


async def test_a_taken_name_is_told_at_the_name_until_it_changes(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app([twilio()], address="credentials/+new")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await fill(
            pilot, app, name="Twilio-Main", account_sid=SID, auth_token=TOKEN, message_sid=SERVICE
        )
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert focused(app) == "name"
        assert "✗" in text(app)
        await pilot.press("2")
        assert "✗" not in text(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
    assert stored(app, "Twilio-Main2").fields["message_sid"] == SERVICE


async def test_a_full_disk_is_a_sentence_and_loses_nothing(
    console_app: ConsoleApp, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = console_app([twilio()], address="credentials/twilio-main")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await pilot.press("x")

        def full(*_given: object, **_named: object) -> None:
            raise DiskFull("There is no room left on the disk. Free some and submit again.")

        with monkeypatch.context() as patch:
            patch.setattr("screens.credential_form.update", full)
            await pilot.press("ctrl+s")
            await settle(pilot)
        assert "✗ There is no room left on the disk." in text(app)
        assert page(app).is_dirty
        await pilot.press("y")
        assert "no room left" not in text(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
    assert stored(app, "twilio-mainxy").revision == 2


async def test_a_closed_store_is_a_sentence_and_loses_nothing(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app([twilio()], address="credentials/twilio-main")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await pilot.press("x")
        await app.context.session.close()
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "✗ Open it with its passphrase first." in text(app)
        assert "twilio-mainx" in text(app)


async def test_anything_unforeseen_is_told_without_its_text(
    console_app: ConsoleApp, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object, **_named: object) -> None:
        raise RuntimeError("s3cr3t")

    app = console_app([twilio()], address="credentials/twilio-main")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        monkeypatch.setattr("screens.credential_form.update", broken)
        await pilot.press("x", "ctrl+s")
        await settle(pilot)
        assert "✗ Saving failed (RuntimeError). What you typed is still here." in text(app)
        assert "s3cr3t" not in text(app)


async def test_escape_asks_before_typed_text_is_lost(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app([twilio()])
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await pilot.press("e")
        await start(pilot, settle)
        await pilot.press("x", "escape")
        await pilot.pause()
        assert "Leave without saving?" in text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "twilio-mainx" in text(app)
        assert focused(app) == "name"
        await pilot.press("backspace", "escape")
        await settle(pilot)
        assert isinstance(shell(app).page, CredentialListPage)


async def test_a_copy_has_a_free_name_and_the_same_secrets(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app([twilio()])
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await pilot.press("c")
        await start(pilot, settle)
        assert "Copy of twilio-main" in text(app)
        assert "set, ends in 4f2a" in text(app)
        assert remark(app) == "not saved yet"
        await pilot.press("ctrl+s")
        await settle(pilot)
    assert dict(stored(app, "twilio-main copy").secrets) == {"auth_token": SecretStr(TOKEN)}
    copied, original = stored(app, "twilio-main copy").fields, stored(app, "twilio-main").fields
    assert {key: copied[key] for key in original} == dict(original)


async def test_another_vendor_keeps_what_has_the_same_name_and_gives_back_the_rest(
    console_app: ConsoleApp, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = {"Twilio": providers()["Twilio"], KindsProvider.vendor: KindsProvider()}
    monkeypatch.setattr("smstui.providers.registry.providers", lambda: both)
    monkeypatch.setattr("screens.credential_form.providers", lambda: both)
    app = console_app(address="credentials/+new")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await fill(pilot, app, name="main", account_sid=SID, auth_token=TOKEN)
        await go_to(pilot, "vendor")
        await pilot.press("enter", "down", "enter")
        await settle(pilot)
        assert "Provider Payload" in text(app)
        assert "Account SID" not in text(app)
        assert "main" in text(app)
        assert focused(app) == "vendor"
        await pilot.press("enter", "up", "enter")
        await settle(pilot)
        assert SID in text(app)
        await fill(pilot, app, message_sid=SERVICE)
        await pilot.press("ctrl+s")
        await settle(pilot)
    assert dict(stored(app, "main").secrets) == {"auth_token": SecretStr(TOKEN)}


async def test_the_submit_key_stays_in_view_on_a_small_screen(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app([twilio()], address="credentials/twilio-main")
    async with app.run_test(size=(80, 24)) as pilot:
        await start(pilot, settle)
        await pilot.press("x")
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        keys = text(app).splitlines()[-1]
        assert "Ctrl+S Submit" in keys
        assert "not saved" in keys


async def test_a_credential_that_is_not_there_is_told(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address="credentials/nobody")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        assert "✗" in text(app)
        await pilot.press("ctrl+s", "ctrl+g", "escape")
        await settle(pilot)
        assert isinstance(shell(app).page, CredentialListPage)


async def test_two_presses_save_once(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app([twilio()], address="credentials/twilio-main")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await pilot.press("x", "ctrl+s", "ctrl+s", "ctrl+s")
        await settle(pilot)
    assert stored(app, "twilio-mainx").revision == 2


async def test_save_and_verify_opens_the_verification_over_the_saved_form(
    console_app: ConsoleApp, settle: Settle
) -> None:
    from screens.verify import VerifyScreen

    app = console_app([twilio()], address="credentials/twilio-main")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await fill(pilot, app, auth_token=OTHER_TOKEN)
        await pilot.press("ctrl+t")
        await settle(pilot)
        assert isinstance(app.screen, VerifyScreen)
        await pilot.press("escape")
        await settle(pilot)
        assert "set, ends in e9c1" in text(app)
        assert not page(app).is_dirty
        await pilot.press("x", "ctrl+t")
        await settle(pilot)
        await settle(pilot)
        assert isinstance(app.screen, VerifyScreen)
        await pilot.press("escape")
        await settle(pilot)
        assert page(app).address == "credentials/twilio-mainx"


async def test_ctrl_r_reveals_what_is_typed_and_says_where_it_works(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address="credentials/+new")
    async with app.run_test(notifications=True) as pilot:
        await start(pilot, settle)
        await fill(pilot, app, name="x")
        before = text(app).splitlines()[-1]
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert "Ctrl+R shows what" in text(app)
        await fill(pilot, app, auth_token=TOKEN)
        assert text(app).splitlines()[-1].split("F1")[0].rstrip() in before, "the keys stay"
        assert "Ctrl+R shows it" in text(app)
        await pilot.press("ctrl+r")
        assert TOKEN in text(app)
        assert "Ctrl+R hides it" in text(app)
        await pilot.press("ctrl+r")
        assert TOKEN not in text(app)


async def test_what_is_typed_survives_locking(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app([twilio()], address="credentials/twilio-main")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await pilot.press("x", "ctrl+l")
        await settle(pilot)
        assert "twilio-mainx" not in text(app)
        await pilot.press(*PASSPHRASE.get_secret_value(), "enter")
        await settle(pilot)
        assert "twilio-mainx" in text(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
    assert stored(app, "twilio-mainx").revision == 2


# Pictures, each looked at before it was kept.

STATES = {
    "new": ("credentials/+new", ()),
    "filled": (
        "credentials/+new",
        (
            "name:twilio-main",
            f"account_sid:{SID}",
            f"auth_token:{TOKEN}",
            f"inbound_number:{NUMBER}",
        ),
    ),
    "invalid": ("credentials/+new", ("account_sid:XX1", "message_sid:SM" + "4b" * 16, "ctrl+s")),
    "offer": ("credentials/+new", ("name:main", *[f"account_sid:{KEY_SID}"] * 2, "tab")),
    "edit": ("credentials/twilio-main", ("auth_token:",)),
    "advanced": ("credentials/twilio-key", ("api_key_sid:",)),
}


@pictures("state", STATES, wide=("filled", "invalid"), narrow=("invalid",))
def test_the_form_looks_as_it_should(
    state: str, size: tuple[int, int], console_app: ConsoleApp, settle: Settle, snap_compare: Any
) -> None:
    address, steps = STATES[state]
    key = NewCredential(
        "Twilio",
        "twilio-key",
        {"account_sid": SID, "message_sid": SERVICE, "api_key_sid": KEY_SID},
        {"api_key_secret": SecretStr(TOKEN)},
    )
    app = console_app([twilio(), key], address=address)

    async def before(pilot: Pilot[Any]) -> None:
        await start(pilot, settle)
        for step in steps:
            field, colon, value = step.partition(":")
            if colon:
                await fill(pilot, app, **{field: value})
            else:
                await pilot.press(step)
        await settle(pilot)

    assert snap_compare(app, run_before=before, terminal_size=size)
