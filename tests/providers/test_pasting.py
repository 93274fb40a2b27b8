"""What a paste would fill in, by vendor."""

from __future__ import annotations

import json
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.providers.base import basic_auth
from smstui.providers.custom import CustomProvider, message_request
from smstui.providers.fields import Offer, Severity, Value
from smstui.providers.registry import recognise
from smstui.providers.twilio import TwilioProvider
from tests.providers.custom_support import MovableClock, build

SID = "AC" + "0f" * 16
KEY = "SK" + "2d" * 16
SERVICE = "MG" + "3c" * 16
TOKEN = "0123456789abcdef0123456789ab4f2a"
MESSAGES = f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages.json"
SEND = "https://api.example.com/v1/send"
TWILIO = TwilioProvider()
CUSTOM = CustomProvider(MovableClock())


def offered(provider: TwilioProvider | CustomProvider, pasted: str) -> Offer:
    """Return the offer for a paste; there has to be one."""
    offer = provider.recognise(pasted)
    assert offer is not None
    return offer


def changes(provider: TwilioProvider | CustomProvider, pasted: str) -> dict[str, Value]:
    """Return what a paste would fill in."""
    return dict(offered(provider, pasted).changes)


@pytest.mark.parametrize(
    ("sid", "field", "label"),
    [
        (SID, "account_sid", "Put it into Account SID"),
        (SERVICE, "message_sid", "Put it into Message SID"),
        (KEY, "api_key_sid", "Put it into API key SID"),
    ],
)
def test_a_bare_sid_goes_where_it_belongs(sid: str, field: str, label: str) -> None:
    offer = offered(TWILIO, f"  {sid}\n")
    assert dict(offer.changes) == {field: sid}
    assert offer.label == label


@pytest.mark.parametrize(
    "text", ["", "SM" + "0f" * 16, SID + "0", "hello", TOKEN, "curl x.example"]
)
def test_other_pastes_are_nothing_to_twilio(text: str) -> None:
    assert TWILIO.recognise(text) is None


def test_twilios_own_example_fills_login_and_sender() -> None:
    offer = offered(
        TWILIO,
        f'curl -X POST "{MESSAGES}" \\\n--data-urlencode "Body=Hi there" \\\n'
        f'--data-urlencode "From=+15017122661" --data-urlencode "To=+15558675310" \\\n'
        f"-u {SID}:{TOKEN}",
    )
    assert offer.label == "Fill Account SID, Auth Token, Inbound Number from the pasted command"
    assert dict(offer.changes) == {
        "account_sid": SID,
        "auth_token": SecretStr(TOKEN),
        "inbound_number": "+15017122661",
    }
    assert offer.remark == ""
    assert TOKEN not in repr(offer) + offer.label


def test_an_api_key_a_service_and_a_region_are_told_apart() -> None:
    found = changes(
        TWILIO,
        f"curl https://api.dublin.ie1.twilio.com/2010-04-01/Accounts/{SID}/Messages.json "
        f"-u {KEY}:{TOKEN} -d MessagingServiceSid={SERVICE} -d From=rcs:brand",
    )
    assert found == {
        "account_sid": SID,
        "api_key_sid": KEY,
        "api_key_secret": SecretStr(TOKEN),
        "message_sid": SERVICE,
        "api_host": "api.dublin.ie1.twilio.com",
    }


@pytest.mark.parametrize(
    ("command", "found"),
    [
        (f"curl https://{SID}:{TOKEN}@api.twilio.com/2010-04-01/Accounts.json", {}),
        (f"curl {MESSAGES} -H '{': '.join(basic_auth(SID, TOKEN))}'", {}),
        (
            f"curl https://messaging.sydney.au1.twilio.com/v1/Services/{SERVICE} -u {SID}:{TOKEN}",
            {"message_sid": SERVICE, "api_host": "api.sydney.au1.twilio.com"},
        ),
        (
            f"curl http://127.0.0.1:4010/2010-04-01/Accounts/{SID}.json -u {SID}:{TOKEN}",
            {"api_host": "http://127.0.0.1:4010"},
        ),
    ],
)
def test_other_ways_to_log_in_at_twilio(command: str, found: dict[str, Value]) -> None:
    login: dict[str, Value] = {"account_sid": SID, "auth_token": SecretStr(TOKEN)}
    assert changes(TWILIO, command) == {**login, **found}


def test_variables_of_the_shell_are_left_out_and_told() -> None:
    offer = offered(
        TWILIO, f"curl {MESSAGES} -u $TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN -d @body.txt"
    )
    assert dict(offer.changes) == {"account_sid": SID}
    assert offer.remark == (
        "What stands as a variable in the command is left out. The file body.txt is not read."
    )


def test_a_command_to_somebody_else_is_not_twilios() -> None:
    assert TWILIO.recognise(f"curl {SEND} -u {SID}:{TOKEN}") is None
    assert TWILIO.recognise("curl https://twilio.com.evil.example/x -u a:b") is None
    assert (
        TWILIO.recognise("curl 'https://x.example/2010-04-01/Accounts/$SID/Messages.json'") is None
    )


def test_the_registry_asks_the_chosen_vendor_first() -> None:
    assert recognise(SID, "Twilio") == ("Twilio", TWILIO.recognise(SID))
    assert recognise("hello", "Twilio") is None


def test_a_json_command_fills_the_custom_form() -> None:
    body = {
        "messages": [
            {
                "sender": "InfoSMS",
                "destinations": [{"to": "41793026727"}],
                "content": {"type": "TEXT", "text": "This is a sample"},
                "priority": 1,
            }
        ]
    }
    offer = offered(
        CUSTOM,
        f"curl -L -X POST '{SEND}' -H 'Authorization: App {TOKEN}' -H 'Accept: application/json' "
        f"-H 'Content-Type: application/json' -d {shlex.quote(json.dumps(body))}",
    )
    filled = dict(offer.changes)
    assert json.loads(str(filled.pop("provider_payload"))) == {
        "messages": [
            {
                "sender": "{{fromNumber}}",
                "destinations": [{"to": "{{toNumber}}"}],
                "content": {"type": "TEXT", "text": "{{message}}"},
                "priority": 1,
            }
        ]
    }
    assert filled == {
        "provider_url": SEND,
        "auth_type": "api_key",
        "api_key_place": "header",
        "api_key_name": "Authorization",
        "api_key_prefix": "App",
        "api_token": SecretStr(TOKEN),
        "headers": (
            ("Content-Type", "application/json"),
            ("Charset", "utf-8"),
            ("Accept", "application/json"),
        ),
        "sender_number": "InfoSMS",
        "number_format": "digits",
    }
    assert TOKEN not in offer.label + offer.remark


def test_a_form_command_fills_the_custom_form() -> None:
    filled = changes(
        CUSTOM,
        f"curl {SEND} -u ada:s3cret -d To=rcs:+393331234567 -d From=+15005550006 -d Body=Hi "
        "-d Media=a -d Media=b",
    )
    assert json.loads(str(filled["provider_payload"])) == {
        "To": "rcs:{{toNumber}}",
        "From": "{{fromNumber}}",
        "Body": "{{message}}",
        "Media": ["a", "b"],
    }
    assert filled["auth_type"] == "basic"
    assert (filled["user_name"], filled["password"]) == ("ada", SecretStr("s3cret"))
    assert filled["sender_number"] == "+15005550006"
    assert "number_format" not in filled
    assert filled["headers"] == (
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Charset", "utf-8"),
    )


@pytest.mark.parametrize(
    ("option", "auth"),
    [
        ("-H 'Authorization: Bearer t0ken'", {"auth_type": "bearer", "api_token": "t0ken"}),
        ("--oauth2-bearer t0ken", {"auth_type": "bearer", "api_token": "t0ken"}),
        (
            "-H 'X-Api-Key: t0ken'",
            {
                "auth_type": "api_key",
                "api_key_place": "header",
                "api_key_name": "X-Api-Key",
                "api_token": "t0ken",
            },
        ),
    ],
)
def test_logins_become_auth_types(option: str, auth: dict[str, str]) -> None:
    filled = changes(CUSTOM, f'curl {SEND} {option} --json \'{{"to": "+393331234567"}}\'')
    token = auth.pop("api_token")
    assert filled["api_token"] == SecretStr(token)
    assert {name: filled[name] for name in auth} == auth
    assert token not in str(filled["headers"])


def test_a_key_in_the_address_leaves_it() -> None:
    filled = changes(CUSTOM, f"curl '{SEND}?v=2&api_key=t0ken' -d to=+393331234567")
    assert filled["provider_url"] == f"{SEND}?v=2"
    assert filled["api_key_place"] == "query"
    assert (filled["api_key_name"], filled["api_token"]) == ("api_key", SecretStr("t0ken"))


def test_nothing_secret_goes_where_it_would_be_seen() -> None:
    offer = offered(
        CUSTOM,
        f"curl '{SEND}?api_key=s3cret' -u ada:s3cret -H 'X-Auth-Token: s3cret' -b 'id=s3cret' "
        """-H 'Content-Type: application/json' -d '{"to": "+393331234567", "apiKey": "s3cret"}'""",
    )
    seen = {name: value for name, value in offer.changes.items() if name != "password"}
    assert "s3cret" not in f"{seen} {offer}"
    assert offer.changes["password"] == SecretStr("s3cret")
    for name in ("api_key", "X-Auth-Token", "apiKey"):
        assert f"{name} looks like a secret and is left out." in offer.remark
    payload = CUSTOM.check({"provider_payload": offer.changes["provider_payload"]})
    assert any("<ApiKey>" in issue.message for issue in payload)


def test_variables_in_an_address_become_blanks() -> None:
    filled = changes(CUSTOM, "curl https://$HOST/accounts/{AccountSid}/send -d to=$TO -u $A:$B")
    assert filled["provider_url"] == "https://<HOST>/accounts/<AccountSid>/send"
    issues = CUSTOM.check({"provider_url": filled["provider_url"]})
    assert any("<HOST>" in issue.message for issue in issues)
    assert "{{toNumber}}" in str(filled["provider_payload"])
    assert "password" not in filled


def test_what_is_not_followed_is_told() -> None:
    offer = offered(CUSTOM, f"curl -X PUT {SEND} -F to=+393331234567 -F file=@logo.png")
    assert offer.remark == (
        "Messages go out by POST, not by PUT. The form is sent URL-encoded, not as multipart. "
        "The file logo.png is not read."
    )


@pytest.mark.parametrize("text", ["", "curl", "curl ftp://x.example/y", SID, '{"to": "x"}'])
def test_other_pastes_are_nothing_to_custom(text: str) -> None:
    assert CUSTOM.recognise(text) is None


ROLES = {
    '{"to": {"type": "phone", "number": "14155550101"}, "from": {"number": "1415"}}': (
        '{"to": {"type": "phone", "number": "{{toNumber}}"}, "from": {"number": "{{fromNumber}}"}}'
    ),
    '{"recipients": ["+14155550101", "+14155550102"], "originator": "Shop", "body": "x"}': (
        '{"recipients": ["{{toNumber}}", "{{toNumber}}"], "originator": "{{fromNumber}}", '
        '"body": "{{message}}"}'
    ),
    '{"to": 14155550101, "text": {"text": "x", "preview": true}}': (
        '{"to": "{{toNumber}}", "text": {"text": "{{message}}", "preview": true}}'
    ),
    '{"to": "{{toNumber}}", "note": "{{message}}"}': (
        '{"to": "{{toNumber}}", "note": "{{message}}"}'
    ),
    '{"contacts": [{"identifierKey": "phonenumber", "to": "not a number"}]}': (
        '{"contacts": [{"identifierKey": "phonenumber", "to": "not a number"}]}'
    ),
}


@pytest.mark.parametrize("body", ROLES)
def test_recipient_sender_and_text_are_found_by_their_names(body: str) -> None:
    filled = changes(CUSTOM, f"curl {SEND} --json {shlex.quote(body)}")
    assert json.loads(str(filled["provider_payload"])) == json.loads(ROLES[body])


PLAIN = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=20)


@given(text=PLAIN, sender=st.from_regex(r"[A-Za-z]{3,11}", fullmatch=True))
def test_a_filled_form_sends_what_the_command_sent(text: str, sender: str) -> None:
    sent = {"from": f"S{sender}", "to": "+393331234567", "text": text}
    filled = changes(
        CUSTOM,
        f"curl {SEND} -H 'Authorization: Bearer t0ken' --json {shlex.quote(json.dumps(sent))}",
    )
    draft: dict[str, Value] = {"name": "x", "provider_appid": "a", "provider_name": "p", **filled}
    if "{{" in text:
        return
    assert [i for i in CUSTOM.check(draft) if i.severity is Severity.ERROR] == []
    request = message_request(build(draft), "+393331234567", text)
    assert json.loads(request.body) == sent
