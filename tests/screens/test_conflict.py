"""A credential that two people change at once: both versions are shown, and neither is lost."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr
from textual.pilot import Pilot

from screens.conflict import ConflictDialog, differences
from screens.credential_list import CredentialListPage
from smstui.app import SmstuiApp
from smstui.credentials import stored_draft
from smstui.providers.fields import Draft
from smstui.providers.registry import provider_for
from smstui.store.records import CredentialRecord
from tests.conftest import NOW
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.credential_kit import (
    NUMBER,
    OTHER_TOKEN,
    SERVICE,
    SID,
    TOKEN,
    elsewhere,
    fill,
    page,
    remark,
    stored,
    twilio,
    until_dialog,
)
from tests.screens.kit import shell, start, text
from tests.screens.sizes import NARROW, USUAL


async def change_elsewhere(app: SmstuiApp) -> None:
    with elsewhere(app) as store:
        record = store.credentials.by_name("twilio-main")
        store.credentials.update(
            record.id,
            revision=record.revision,
            name=record.name,
            fields={**record.fields, "message_sid": SERVICE},
            secrets={"auth_token": SecretStr(OTHER_TOKEN)},
        )


async def test_a_conflict_shows_both_versions_and_cancel_loses_neither(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app([twilio()], address="credentials/twilio-main")
    async with app.run_test(size=(120, 30)) as pilot:
        await start(pilot, settle)
        await fill(pilot, app, inbound_number="8")
        await change_elsewhere(app)
        await pilot.press("ctrl+s")
        await until_dialog(pilot, app)
        shown = text(app)
        assert "twilio-main was changed elsewhere" in shown
        assert "grace saved it just now." in shown
        assert NUMBER + "8" in shown
        assert SERVICE in shown
        assert "set, ends in e9c1" in shown
        assert TOKEN not in shown
        assert OTHER_TOKEN not in shown
        await pilot.press("enter")
        await settle(pilot)
        assert NUMBER + "8" in text(app)
        assert page(app).is_dirty
    assert stored(app, "twilio-main").fields["message_sid"] == SERVICE


async def test_mine_is_saved_over_theirs_but_for_secrets_not_touched(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app([twilio()], address="credentials/twilio-main")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await pilot.press("x")
        await change_elsewhere(app)
        await pilot.press("ctrl+s")
        await until_dialog(pilot, app)
        await pilot.press("right", "right", "enter")
        await settle(pilot)
        assert isinstance(shell(app).page, CredentialListPage)
    record = stored(app, "twilio-mainx")
    assert "message_sid" not in record.fields
    assert dict(record.secrets) == {"auth_token": SecretStr(OTHER_TOKEN)}


async def test_theirs_is_taken_into_the_form(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app([twilio()], address="credentials/twilio-main")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await pilot.press("x")
        await change_elsewhere(app)
        await pilot.press("ctrl+s")
        await until_dialog(pilot, app)
        await pilot.press("right", "enter")
        await settle(pilot)
        assert SERVICE in text(app)
        assert "twilio-mainx" not in text(app)
        assert not page(app).is_dirty
        assert remark(app) == ""
        await pilot.press("y", "ctrl+s")
        await settle(pilot)
    assert stored(app, "twilio-mainy").fields["message_sid"] == SERVICE


async def test_a_credential_deleted_meanwhile_is_offered_to_be_saved_as_new(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app([twilio()], address="credentials/twilio-main")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await pilot.press("x")
        with elsewhere(app) as store:
            store.credentials.delete(store.credentials.by_name("twilio-main").id)
        await pilot.press("ctrl+s")
        await until_dialog(pilot, app)
        assert "twilio-main was deleted meanwhile." in text(app)
        await pilot.press("y")
        await settle(pilot)
    assert dict(stored(app, "twilio-mainx").secrets) == {"auth_token": SecretStr(TOKEN)}


def record(number: str, token: str, revision: int) -> CredentialRecord:
    return CredentialRecord(
        id=1,
        environment_id=1,
        vendor="Twilio",
        name="main",
        fields={"account_sid": SID, "inbound_number": number},
        secrets={"auth_token": SecretStr(token)},
        revision=revision,
        created_by="ada",
        created_at=NOW,
        modified_by="grace",
        modified_at=NOW,
    )


def test_differences_mark_who_changed_what_and_hold_no_secret() -> None:
    opened, current = record(NUMBER, TOKEN, 1), record("+15005550006", OTHER_TOKEN, 2)
    mine: Draft = {"name": "mine", "account_sid": SID, "inbound_number": NUMBER, "message_sid": ""}
    specs = provider_for("Twilio").model.specs()
    before, theirs = stored_draft(opened), stored_draft(current)
    found = {entry.label: entry[1:] for entry in differences(specs, before, mine, theirs)}
    assert found == {
        "Name": ("*", "mine", "", "main"),
        "Auth Token": ("", "not touched", "*", "set, ends in e9c1"),
        "Inbound Number": ("", NUMBER, "*", "+15005550006"),
    }
    mine_too: Draft = {**mine, "auth_token": SecretStr(OTHER_TOKEN)}
    again = differences(specs, before, mine_too, theirs)
    assert "Auth Token" not in {entry.label for entry in again}


@pytest.mark.parametrize("size", [USUAL, NARROW], ids="{0[0]}x{0[1]}".format)
def test_the_conflict_looks_as_it_should(
    size: tuple[int, int], console_app: ConsoleApp, settle: Settle, snap_compare: Any
) -> None:
    app = console_app([twilio()], address="credentials/twilio-main")

    async def before(pilot: Pilot[Any]) -> None:
        await start(pilot, settle)
        await fill(pilot, app, name="x")
        await change_elsewhere(app)
        await pilot.press("ctrl+s")
        await until_dialog(pilot, app)
        assert isinstance(app.screen, ConflictDialog)

    assert snap_compare(app, run_before=before, terminal_size=size)
