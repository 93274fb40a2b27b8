"""Filling a credential's form by paste and preset, and looking at a message before it is sent."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import SecretStr
from textual import events
from textual.pilot import Pilot
from textual.widget import Widget

from screens.confirm import ConfirmDialog
from screens.credential_list import CredentialListPage
from screens.presets import PresetDialog
from screens.preview import PreviewDialog
from screens.widgets.form_field import FormField
from screens.widgets.pairs_editor import PairCell
from smstui.app import SmstuiApp
from tests.conftest import NOW
from tests.providers.custom_support import PAYLOAD
from tests.providers.test_certificates import certificate_pem
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.credential_kit import (
    NUMBER,
    SERVICE,
    SID,
    TOKEN,
    fill,
    page,
    stored,
    twilio,
)
from tests.screens.kit import focused, go_to, shell, start, text
from tests.screens.sizes import pictures

COMMAND = (
    f'curl -X POST "https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages.json" \\\n'
    f'--data-urlencode "From=+15017122661" \\\n-u {SID}:{TOKEN}'
)
KEY = "003026bbc133714df1834b8638bb496e"
BODY = {"sender": "InfoSMS", "to": "41793026727", "text": "This is a sample message"}
OTHER_COMMAND = (
    f"curl https://api.example.com/v1/send -H 'Authorization: App {KEY}' "
    f"--json {shlex.quote(json.dumps(BODY))}"
)
NEW = "credentials/+new"


async def paste(pilot: Pilot[Any], pasted: str) -> None:
    """Paste into what has the focus, as a terminal does."""
    assert isinstance(pilot.app.screen.focused, Widget)
    pilot.app.screen.focused.post_message(events.Paste(pasted))
    await pilot.pause()
    await pilot.pause()


async def custom_form(pilot: Pilot[Any], settle: Settle) -> None:
    """Go on with the fields of the last vendor, which takes any provider."""
    await start(pilot, settle)
    await pilot.press("enter", "end", "enter")
    await settle(pilot)


def value(app: SmstuiApp, key: str) -> object:
    """Return what a field holds."""
    return shell(app).query_one(f"#field-{key}", FormField).value


# Pasting


@pytest.mark.parametrize("field", ["name", "account_sid", "auth_token"])
async def test_a_command_is_offered_and_not_inserted(
    field: str, console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address=NEW)
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await go_to(pilot, field)
        await paste(pilot, COMMAND)
        assert "Ctrl+G  Fill Account SID, Auth Token, Inbound Number" in text(app)
        assert not page(app).is_dirty
        assert TOKEN not in text(app)
        assert "curl" not in text(app)
        await pilot.press("ctrl+g")
        await settle(pilot)
        assert value(app, "account_sid") == SID
        assert value(app, "auth_token") == SecretStr(TOKEN)
        assert value(app, "inbound_number") == "+15017122661"
        assert "Ctrl+G" not in text(app)
        assert TOKEN not in text(app)
        assert focused(app) == "name", "what is still missing comes next"
        await fill(pilot, app, name="main")
        await pilot.press("ctrl+s")
        await settle(pilot)
    assert dict(stored(app, "main").secrets) == {"auth_token": SecretStr(TOKEN)}


async def test_escape_leaves_an_offer_and_the_same_paste_goes_in(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address=NEW)
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await go_to(pilot, "name")
        await paste(pilot, COMMAND)
        await pilot.press("escape")
        await settle(pilot)
        assert "Ctrl+G" not in text(app)
        assert page(app).address == NEW, "one step back is the offer"
        await pilot.press("ctrl+g")
        assert value(app, "account_sid") == ""
        await paste(pilot, COMMAND)
        assert str(value(app, "name")).startswith("curl -X POST")
        assert "Ctrl+G" not in text(app)
        await pilot.press("ctrl+u", "escape")
        await settle(pilot)
        assert isinstance(shell(app).page, CredentialListPage)


async def test_typing_leaves_an_offer(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(address=NEW)
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await go_to(pilot, "name")
        await paste(pilot, COMMAND)
        await pilot.press("x")
        await settle(pilot)
        assert "Ctrl+G" not in text(app)
        assert value(app, "name") == "x"
        await pilot.press("ctrl+g")
        assert value(app, "account_sid") == ""


async def test_another_paste_takes_the_place_of_an_offer(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address=NEW)
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await go_to(pilot, "name")
        await paste(pilot, COMMAND)
        await paste(pilot, SERVICE)
        assert "Ctrl+G  Put it into Message SID" in text(app)
        await paste(pilot, "plain")
        assert "Ctrl+G" not in text(app)
        assert value(app, "name") == "plain"


async def test_an_id_goes_into_its_own_field_at_once(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address=NEW)
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await go_to(pilot, "account_sid")
        await paste(pilot, f" {SID}\n")
        assert value(app, "account_sid") == SID
        assert "Ctrl+G" not in text(app)
        await go_to(pilot, "inbound_number")
        await paste(pilot, SERVICE)
        assert value(app, "inbound_number") == ""
        await pilot.press("ctrl+g")
        await settle(pilot)
        assert value(app, "message_sid") == SERVICE
        assert focused(app) == "message_sid"


async def test_what_an_offer_replaces_is_told(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app([twilio()], address="credentials/twilio-main")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await paste(pilot, COMMAND.replace(TOKEN, TOKEN[::-1]))
        shown = " ".join(text(app).split())
        assert "This replaces what is in Auth Token, Inbound Number." in shown
        await pilot.press("ctrl+g", "ctrl+s")
        await settle(pilot)
    record = stored(app, "twilio-main")
    assert dict(record.secrets) == {"auth_token": SecretStr(TOKEN[::-1])}
    assert record.fields["inbound_number"] == "+15017122661"


async def test_a_command_for_another_vendor_switches_when_it_is_taken(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address=NEW)
    async with app.run_test(size=(80, 50)) as pilot:
        await start(pilot, settle)
        await fill(pilot, app, name="main")
        await paste(pilot, OTHER_COMMAND)
        assert "Ctrl+G  Switch to Custom. Fill Provider URL, Auth Type," in text(app)
        assert value(app, "vendor") == "Twilio"
        assert KEY not in text(app)
        await pilot.press("ctrl+g")
        await settle(pilot)
        assert value(app, "vendor") == "Custom"
        assert value(app, "name") == "main"
        assert value(app, "provider_url") == "https://api.example.com/v1/send"
        assert value(app, "api_token") == SecretStr(KEY)
        assert json.loads(str(value(app, "provider_payload"))) == {
            "sender": "{{fromNumber}}",
            "to": "{{toNumber}}",
            "text": "{{message}}",
        }
        assert focused(app) == "provider_appid"
        assert KEY not in text(app)
        await fill(pilot, app, provider_appid="app", provider_name="Example")
        await pilot.press("ctrl+s")
        await settle(pilot)
    record = stored(app, "main")
    assert record.vendor == "Custom"
    assert dict(record.secrets) == {"api_token": SecretStr(KEY)}


async def test_a_stored_credential_does_not_change_its_vendor(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app([twilio()], address="credentials/twilio-main")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await paste(pilot, OTHER_COMMAND)
        shown = " ".join(text(app).split())
        assert "This command is one for Custom, and the credential is for Twilio." in shown
        assert not page(app).is_dirty
        await pilot.press("ctrl+g")
        await settle(pilot)
        assert not page(app).is_dirty


async def test_a_bare_id_in_another_vendors_full_form_is_meant_as_it_stands(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address=NEW)
    async with app.run_test(size=(80, 50)) as pilot:
        await custom_form(pilot, settle)
        await fill(pilot, app, name="main")
        await paste(pilot, SID)
        assert "Ctrl+G  Switch to Twilio. Put it into Account SID" in text(app)
        await pilot.press("escape")
        await fill(pilot, app, provider_appid="x", sender_number=SERVICE)
        assert value(app, "sender_number") == SERVICE
        assert "Ctrl+G" not in text(app)


async def test_blocks_and_header_rows_see_a_paste_too(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address=NEW)
    async with app.run_test(size=(80, 60)) as pilot:
        await custom_form(pilot, settle)
        for field in ("headers", "provider_payload"):
            await go_to(pilot, field)
            before = value(app, field)
            await paste(pilot, OTHER_COMMAND)
            assert "Ctrl+G  Fill Provider URL" in text(app)
            assert value(app, field) == before
            await pilot.press("escape")
            await settle(pilot)


# Presets


async def test_a_preset_fills_the_form_and_marks_what_is_blank(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address=NEW)
    async with app.run_test(size=(100, 60)) as pilot:
        await custom_form(pilot, settle)
        await pilot.press("ctrl+o")
        await pilot.pause()
        assert isinstance(app.screen, PresetDialog)
        assert "RCS only, so that a broken RCS sender shows" in text(app)
        await pilot.press("down", "down", "enter")
        await settle(pilot)
        assert value(app, "provider_name") == "Sinch"
        assert value(app, "auth_type") == "login_bearer"
        for blank in ("<Project ID>", "<App ID>"):
            assert f"✗ Put your own value in the place of {blank}." in text(app)
        assert "✗ User name is missing." in text(app)
        assert "✗ Password is missing." in text(app)
        assert focused(app) == "name"


async def test_a_preset_over_typed_text_says_what_it_replaces(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address=NEW)
    async with app.run_test(size=(80, 50)) as pilot:
        await custom_form(pilot, settle)
        await fill(pilot, app, name="main", provider_appid="app", provider_name="Mine")
        await pilot.press("ctrl+o", "end", "up", "enter")
        await pilot.pause()
        assert isinstance(app.screen, ConfirmDialog)
        assert "Telnyx RCS replaces what is in Provider Name." in text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert value(app, "provider_name") == "Mine"
        await pilot.press("ctrl+o", "end", "up", "enter", "y")
        await settle(pilot)
        assert value(app, "provider_name") == "Telnyx"
        assert (value(app, "name"), value(app, "provider_appid")) == ("main", "app")


async def test_a_second_preset_leaves_nothing_of_the_first(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address=NEW)
    async with app.run_test(size=(80, 50)) as pilot:
        await custom_form(pilot, settle)
        await pilot.press("ctrl+o", "down", "enter")
        await settle(pilot)
        assert value(app, "number_format") == "digits"
        assert value(app, "api_key_prefix") == "App"
        await pilot.press("ctrl+o", "end", "enter", "y")
        await settle(pilot)
        assert value(app, "number_format") == "plus"
        assert value(app, "auth_type") == "bearer"
        assert value(app, "api_key_prefix") == ""


async def test_escape_in_the_presets_fills_nothing(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(address=NEW)
    async with app.run_test() as pilot:
        await custom_form(pilot, settle)
        await pilot.press("ctrl+o", "escape")
        await settle(pilot)
        assert value(app, "provider_name") == ""


async def test_a_vendor_without_presets_has_no_key_for_them(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address=NEW)
    async with app.run_test(size=(120, 40)) as pilot:
        await start(pilot, settle)
        assert "Ctrl+O" not in text(app)
        await pilot.press("ctrl+o")
        await settle(pilot)
        assert not isinstance(app.screen, PresetDialog)
        await pilot.press("enter", "end", "enter")
        await settle(pilot)
        assert "Ctrl+O Presets" in text(app).splitlines()[-1]
        assert "Ctrl+O: presets" in text(app)


# Preview and try-out


async def test_the_preview_shows_the_body_as_one_types(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address=NEW)
    async with app.run_test() as pilot:
        await custom_form(pilot, settle)
        await fill(pilot, app, provider_url="https://api.example.com/send")
        await fill(pilot, app, provider_payload=PAYLOAD, sender_number="ACME")
        await pilot.press("f3")
        await pilot.pause()
        assert isinstance(app.screen, PreviewDialog)
        shown = text(app)
        assert "POST https://api.example.com/send" in shown
        assert '"from": "ACME"' in shown
        assert '"to": "+12025550123"' in shown
        await pilot.press("ctrl+u", *'say "hi"')
        assert '"text": "say \\"hi\\""' in text(app)
        assert "8 of 160 · 1 part, GSM-7" in text(app)
        await paste(pilot, "ж" * 80)
        assert "2 parts, UCS-2" in text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert focused(app) == "sender_number"


async def test_the_preview_of_any_vendor_hides_its_secrets(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app([twilio()], address="credentials/twilio-main")
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await pilot.press("f3")
        await pilot.pause()
        assert f"From = {NUMBER}" in text(app)
        assert "Paste an answer" not in text(app)
        await pilot.press("ctrl+u")
        await paste(pilot, f"the token is {TOKEN}")
        assert TOKEN not in text(app).partition("Body =")[2]
        assert "Body = the token is •••" in text(app)


async def test_the_preview_says_what_is_missing(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(address=NEW)
    async with app.run_test() as pilot:
        await start(pilot, settle)
        await pilot.press("f3")
        await pilot.pause()
        assert "✗ Account SID is missing." in text(app)
        assert "Name is missing" not in text(app), "a message does not depend on it"


async def test_an_extraction_is_tried_out_live(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(address=NEW)
    async with app.run_test() as pilot:
        await custom_form(pilot, settle)
        await fill(pilot, app, provider_payload=PAYLOAD)
        await pilot.press("f3", "tab")
        assert "Message ID extraction is none: choose how the id is found." in text(app)
        await pilot.press("f3")
        await go_to(pilot, "message_id_extraction")
        await pilot.press("enter", "end", "enter")
        await fill(pilot, app, message_id_path="messages.0.id")
        await pilot.press("f3", "tab")
        assert "✗" not in text(app)
        await paste(pilot, '{"messages": [{"id": "m-\n')
        assert "✗ The pasted answer is not JSON." in text(app)
        await pilot.press(*'1"}]}')
        assert "✓ Found: m-1" in text(app)
        await pilot.press("backspace")
        assert "✗ The pasted answer is not JSON." in text(app)


async def test_a_foreign_answer_is_drawn_as_text(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(address=NEW)
    async with app.run_test() as pilot:
        await custom_form(pilot, settle)
        await pilot.press("ctrl+o", "enter")
        await settle(pilot)
        await pilot.press("f3", "tab")
        await paste(pilot, '{"sid": "[/x]\\u001b[31m"}')
        assert "✓ Found: [/x]�[31m" in text(app)


# Fields


async def test_a_malformed_payload_says_where(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(address=NEW)
    async with app.run_test(size=(80, 50)) as pilot:
        await custom_form(pilot, settle)
        await fill(pilot, app, provider_payload='{\n  "to": {{toNumber}}\n}')
        await pilot.press("tab")
        shown = " ".join(text(app).split())
        assert "✗ Line 2, column 10: a variable stands between double quotes" in shown


async def test_locked_header_rows_stay_and_one_value_can_be_changed(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address=NEW)
    async with app.run_test(size=(80, 60)) as pilot:
        await custom_form(pilot, settle)
        await go_to(pilot, "headers")
        assert isinstance(app.screen.focused, PairCell)
        assert app.screen.focused.value == "application/json"
        await pilot.press("ctrl+u", *"text/x", "enter")
        assert app.screen.focused.value == "", "the locked row between is passed over"
        await pilot.press("X", "enter", "1", "enter")
        assert value(app, "headers") == (
            ("Content-Type", "text/x"),
            ("Charset", "utf-8"),
            ("X", "1"),
        )
        for row in range(2, 11):
            assert focused(app) == "headers"
            await pilot.press(*f"H{row}", "enter", "1", "enter")
        assert focused(app) == "provider_payload", "there is no room for more than ten"
        rows = value(app, "headers")
        assert isinstance(rows, tuple)
        assert rows[-1] == ("H10", "1")
        page(app).focus_first()
        await go_to(pilot, "headers")
        await pilot.press("tab", "ctrl+u", "tab", "ctrl+u", "shift+tab", "shift+tab", "ctrl+u")
        page(app).focus_first()
        await pilot.pause()
        rows = value(app, "headers")
        assert isinstance(rows, tuple)
        assert rows[:3] == (("Content-Type", ""), ("Charset", "utf-8"), ("H2", "1"))
        cells = shell(app).query(PairCell)
        assert len(cells) == 2 * 12, "what was emptied went, and there is room again"


async def test_a_certificate_says_until_when_it_counts(
    console_app: ConsoleApp, settle: Settle
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    app = console_app(address=NEW)
    async with app.run_test(size=(80, 60)) as pilot:
        await custom_form(pilot, settle)
        await go_to(pilot, "mtls_support")
        await pilot.press("space")
        await fill(pilot, app, client_certificate=certificate_pem(key, begin=NOW, days=100))
        assert "until 2027-03-03" in text(app)


# Pictures, each looked at before it was kept.

CUSTOM = ("enter", "end", "enter")
PICTURES: dict[str, tuple[str, ...]] = {
    "offer": ("field:name", f"paste:{COMMAND} -d @body.json"),
    "switch": ("field:name", f"paste:{OTHER_COMMAND}"),
    "custom": CUSTOM,
    "preset": (*CUSTOM, "ctrl+o", "down", "enter"),
    "payload": (*CUSTOM, "field:provider_payload", 'paste:{\n  "to": {{toNumber}}\n}', "tab"),
    "presets": (*CUSTOM, "ctrl+o", "down", "down"),
    "replace": (*CUSTOM, "field:provider_name", "paste:Mine", "ctrl+o", "enter"),
    "preview": (*CUSTOM, "ctrl+o", "down", "enter", "f3", "tab", 'paste:{"messages": []}'),
    "preview-missing": ("f3",),
}


@pictures("state", PICTURES, wide=("preset", "preview"), narrow=("offer", "presets"))
def test_filling_looks_as_it_should(
    state: str, size: tuple[int, int], console_app: ConsoleApp, settle: Settle, snap_compare: Any
) -> None:
    app = console_app(address=NEW)

    async def before(pilot: Pilot[Any]) -> None:
        await start(pilot, settle)
        for step in PICTURES[state]:
            kind, _colon, rest = step.partition(":")
            if kind == "field":
                await go_to(pilot, rest)
            elif kind == "paste":
                await paste(pilot, rest)
            else:
                await pilot.press(step)
                await pilot.pause()
        await pilot.pause()

    assert snap_compare(app, run_before=before, terminal_size=size)
