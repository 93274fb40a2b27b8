"""What a form shows before anything is saved or sent."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from pydantic import SecretStr

from smstui.providers.base import InvalidFields
from smstui.providers.custom import CustomProvider
from smstui.providers.fields import Value
from smstui.providers.payload import InvalidJson, NotAForm
from smstui.providers.twilio import TwilioProvider
from tests.providers.custom_support import TO, URL, MovableClock, draft

CUSTOM = CustomProvider(MovableClock())
TWILIO: dict[str, Value] = {
    "name": "main",
    "account_sid": "AC" + "0f" * 16,
    "auth_token": SecretStr("0123456789abcdef0123456789ab4f2a"),
    "inbound_number": "+15005550006",
}


def test_any_vendor_shows_the_request_that_its_message_is() -> None:
    request = TwilioProvider().preview(TWILIO, TO, "hi")
    assert request.url.endswith("/Messages.json")
    pairs = [("To", TO), ("From", "+15005550006"), ("Body", "hi")]
    assert parse_qsl(request.body.decode()) == pairs


def test_a_form_that_is_not_far_enough_says_what_is_missing() -> None:
    with pytest.raises(InvalidFields, match="Account SID is missing"):
        TwilioProvider().preview({"name": "x"}, TO, "hi")


def test_custom_shows_the_body_as_soon_as_there_is_a_payload() -> None:
    payload = draft()["provider_payload"]
    request = CUSTOM.preview({"provider_payload": payload}, TO, 'say "hi"')
    assert request.body.decode() == '{"from":"","to":"+393331234567","text":"say \\"hi\\""}'
    assert CUSTOM.preview(draft(), TO, "hi").url == URL
    assert ("Content-Type", "application/json") in CUSTOM.preview(draft(), TO, "hi").headers


def test_custom_says_where_the_payload_is_wrong() -> None:
    with pytest.raises(InvalidJson, match="Line 2, column 3"):
        CUSTOM.preview({"provider_payload": "{\n  'a': 1}"}, TO, "hi")
    rows = (("Content-Type", "application/x-www-form-urlencoded"),)
    with pytest.raises(NotAForm):
        CUSTOM.preview({"provider_payload": '{"a": {"b": 1}}', "headers": rows}, TO, "hi")


@pytest.mark.parametrize(
    ("fields", "value", "said"),
    [
        ({}, "", "Message ID extraction is none: choose how the id is found."),
        ({"message_id_extraction": "dot_path"}, "", "Fill in Message ID key or path first."),
        (
            {"message_id_extraction": "dot_path", "message_id_path": "messages.0.id"},
            "m-1",
            "Found: m-1",
        ),
        (
            {"message_id_extraction": "field_match", "message_id_path": "sid"},
            "",
            "There is nothing at sid in this answer.",
        ),
    ],
)
def test_custom_tries_the_extraction_out(fields: dict[str, Value], value: str, said: str) -> None:
    found = CUSTOM.try_out(fields, '{"messages": [{"id": "m-1"}]}')
    assert (found.value, found.said) == (value, said)


def test_a_vendor_without_extraction_and_presets_has_none() -> None:
    assert TwilioProvider().try_out(TWILIO, "{}") is None
    assert TwilioProvider().presets() == ()
    assert [preset.name for preset in CUSTOM.presets()][:2] == ["Twilio RCS", "Infobip RCS"]
