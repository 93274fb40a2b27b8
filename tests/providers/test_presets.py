from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from smstui.providers.custom import CustomProvider, preview
from smstui.providers.fields import Preset, Severity, Value, is_empty
from smstui.providers.payload import blank_in
from smstui.providers.presets import PRESETS
from tests.providers.custom_support import TO, MovableClock

PROVIDER = CustomProvider(MovableClock())
IDS = [preset.name for preset in PRESETS]
SPECS = PROVIDER.model.specs()


def filled(preset: Preset) -> dict[str, Value]:
    """Return what a person makes of a preset: blanks replaced, empty fields filled."""
    values = {
        name: re.sub(r"<[^<>]*>", "value-1", value) if isinstance(value, str) else value
        for name, value in preset.draft().items()
    }
    typed: dict[str, Value] = {
        name: SecretStr("secret-1") if SPECS[name].is_secret else "typed-1" for name in preset.asks
    }
    return {"name": "x", "provider_appid": "app-1", **values, **typed}


def test_those_that_were_asked_for_are_there() -> None:
    wanted = ("Twilio RCS", "Infobip RCS", "Sinch Conversation", "Vonage", "MessageBird", "Bird")
    for name in (*wanted, "Telnyx", "Plain JSON"):
        assert any(preset.name.startswith(name) for preset in PRESETS), name


@pytest.mark.parametrize("preset", PRESETS, ids=IDS)
def test_a_filled_preset_has_no_errors(preset: Preset) -> None:
    issues = PROVIDER.check(filled(preset))
    assert [i for i in issues if i.severity is Severity.ERROR] == []
    assert {i.field for i in issues} <= {"provider_payload"}


@pytest.mark.parametrize("preset", PRESETS, ids=IDS)
def test_each_blank_and_each_empty_field_is_asked_for(preset: Preset) -> None:
    whole = filled(preset)
    for name, value in preset.draft().items():
        if isinstance(value, str) and blank_in(value):
            issues = PROVIDER.check({**whole, name: value})
            assert any(i.field == name and blank_in(value) in i.message for i in issues), name
    for name in preset.asks:
        assert is_empty(preset.draft().get(name))
        issues = PROVIDER.check({**whole, name: None if SPECS[name].is_secret else ""})
        assert any(issue.field == name for issue in issues), name


@pytest.mark.parametrize("preset", PRESETS, ids=IDS)
def test_a_preset_names_known_fields_and_its_source(preset: Preset) -> None:
    assert set(preset.fills) | set(preset.asks) <= set(SPECS)
    assert preset.remark
    assert preset.source.startswith("https://") or preset.name == "Plain JSON"


@pytest.mark.parametrize("preset", PRESETS, ids=IDS)
def test_the_body_holds_recipient_and_text(preset: Preset) -> None:
    values = filled(preset)
    body = preview(values, TO, 'say "hi" & bye')
    texts = json.dumps(parse_qs(body) if preset.name == "Twilio RCS" else json.loads(body))
    assert json.dumps('say "hi" & bye') in texts
    assert TO.removeprefix("+") in texts
    assert ("+" not in texts) == (values.get("number_format") == "digits")


def test_twilio_gets_a_form() -> None:
    preset = next(preset for preset in PRESETS if preset.name == "Twilio RCS")
    body = parse_qs(preview(filled(preset), TO, "hi"))
    assert body == {"To": [f"rcs:{TO}"], "MessagingServiceSid": ["typed-1"], "Body": ["hi"]}
    url = str(filled(preset)["provider_url"])
    assert urlsplit(url).path == "/2010-04-01/Accounts/value-1/Messages.json"
