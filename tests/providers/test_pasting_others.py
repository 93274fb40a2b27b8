"""What a paste would fill in at Sinch and at Infobip."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

import pytest
from pydantic import SecretStr

from smstui.providers.fields import Offer, Value
from smstui.providers.infobip import InfobipProvider
from smstui.providers.infobip_paste import recognise
from smstui.providers.sinch import SinchMmsProvider, SinchProvider, SinchRcsProvider
from smstui.providers.sinch_paste import recognise_app, recognise_plan

KEY = "0123456789abcdef0123456789abcdef-01234567-89ab-cdef-0123-456789abcdef"
TOKEN = "0123456789abcdef0123456789abcdef"
PROJECT = "11111111-2222-4333-8444-555555555555"
APP = "01E9DQJFPWGZ2T05XTVZAD0BYB"
INFOBIP = InfobipProvider.model.specs()
SINCH = SinchProvider.model.specs()
MMS = SinchMmsProvider.model.specs()
RCS = SinchRcsProvider.model.specs()


def filled(offer: Offer | None) -> Mapping[str, Value]:
    """Return what an offer would fill in; there has to be one."""
    assert offer is not None
    assert TOKEN not in offer.label + offer.remark
    return dict(offer.changes)


@pytest.mark.parametrize("pasted", [KEY, f"App {KEY}", f"Authorization: App {KEY}\n", KEY.upper()])
def test_a_bare_key_is_infobips(pasted: str) -> None:
    key = filled(recognise(pasted, INFOBIP))["api_key"]
    assert isinstance(key, SecretStr)
    assert key.get_secret_value().lower() == KEY


def test_infobips_own_example_fills_host_key_and_sender() -> None:
    body = (
        '{"messages": [{"destinations": [{"to": "41793026727"}], "from": "InfoSMS", "text": "Hi", '
        '"options": {"regional": {"indiaDlt": {"principalEntityId": "110", '
        '"contentTemplateId": "<template>"}}}}]}'
    )
    command = (
        "curl -X POST https://xyz123.api.infobip.com/sms/3/messages "
        f"-H 'Authorization: App {KEY}' -H 'Content-Type: application/json' -d {shlex.quote(body)}"
    )
    assert filled(recognise(command, INFOBIP)) == {
        "api_base_url": "xyz123.api.infobip.com",
        "api_key": SecretStr(KEY),
        "sender_number": "InfoSMS",
        "principal_entity_id": "110",
    }
    digits = command.replace("InfoSMS", "447491163443")
    assert filled(recognise(digits, INFOBIP))["inbound_number"] == "+447491163443"


@pytest.mark.parametrize(
    "pasted",
    [
        "hello",
        TOKEN,
        "curl https://api.example.com/sms/3/messages",
        f"curl https://infobip.com.evil.example/x -H 'Authorization: App {KEY}'",
    ],
)
def test_other_pastes_are_nothing_to_infobip(pasted: str) -> None:
    assert recognise(pasted, INFOBIP) is None


def test_placeholders_of_infobips_documents_are_left_out() -> None:
    offer = recognise(
        "curl https://{baseUrl}.api.infobip.com/sms/3/logs -H 'Authorization: App {apiKey}'",
        INFOBIP,
    )
    assert offer is None
    offer = recognise(f"curl https://$HOST/sms/3/logs -H 'Authorization: App {KEY}'", INFOBIP)
    assert filled(offer) == {"api_key": SecretStr(KEY)}


def test_a_command_to_sinchs_sms_api_fills_the_plan() -> None:
    command = (
        f"curl -X POST -H 'Authorization: Bearer {TOKEN}' -H 'Content-Type: application/json' "
        """-d '{"from": "12065550100", "to": ["+39333"], "body": "Hi"}' """
        "https://eu.sms.api.sinch.com/xms/v1/my-plan/batches"
    )
    assert filled(recognise_plan(command, SINCH)) == {
        "service_id": "my-plan",
        "api_token": SecretStr(TOKEN),
        "inbound_number": "+12065550100",
        "region": "eu",
    }
    assert recognise_app(command, RCS, "RCS") is None
    local = f"curl http://127.0.0.1:4010/xms/v1/$PLAN/batches -H 'Authorization: Bearer {TOKEN}'"
    assert filled(recognise_plan(local, SINCH)) == {
        "api_token": SecretStr(TOKEN),
        "api_host": "http://127.0.0.1:4010",
    }


def test_a_command_to_sinchs_conversation_api_fills_the_app() -> None:
    body = (
        f'{{"app_id": "{APP}", "recipient": {{"identified_by": {{"channel_identities": '
        '[{"channel": "RCS", "identity": "39333"}]}}, "channel_properties": '
        '{"SMS_SENDER": "ACME"}}'
    )
    command = (
        f"curl -u key-1:{TOKEN} https://br.conversation.api.sinch.com/v1/projects/{PROJECT}"
        f"/messages:send --json {shlex.quote(body)}"
    )
    assert filled(recognise_app(command, RCS, "RCS")) == {
        "project_id": PROJECT,
        "app_id": APP,
        "key_id": "key-1",
        "key_secret": SecretStr(TOKEN),
        "sender_number": "ACME",
        "region": "br",
    }
    assert recognise_app(command, MMS, "MMS") is None, "it names RCS alone"
    reading = (
        f"curl -u $KEY:$SECRET https://us.conversation.api.sinch.com/v1/projects/{PROJECT}"
        f"/apps/{APP}"
    )
    found = {"project_id": PROJECT, "app_id": APP, "region": "us"}
    assert filled(recognise_app(reading, MMS, "MMS")) == found


@pytest.mark.parametrize("pasted", ["", "hello", TOKEN, "curl https://api.example.com/v1/x"])
def test_other_pastes_are_nothing_to_sinch(pasted: str) -> None:
    assert recognise_plan(pasted, SINCH) is None
    assert recognise_app(pasted, MMS, "MMS") is None
