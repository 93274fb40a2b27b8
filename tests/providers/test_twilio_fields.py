from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.providers.base import InvalidFields
from smstui.providers.fields import Draft, Issue, Severity, Value
from smstui.providers.registry import provider_for
from smstui.providers.twilio import TwilioCredential, TwilioProvider
from smstui.providers.twilio_hosts import product_url, region_of

HEX = "00112233445566778899aabbccddeeff"
TOKEN = "0123456789abcdef0123456789abcdef"
AC, SK, MG, SM, MM, PN = (prefix + HEX for prefix in ("AC", "SK", "MG", "SM", "MM", "PN"))
NUMBER = "+15005550006"

PROVIDER = TwilioProvider()


def draft(**changes: Value) -> dict[str, Value]:
    base: dict[str, Value] = {
        "name": "twilio-main",
        "account_sid": AC,
        "auth_token": SecretStr(TOKEN),
        "message_sid": MG,
        "inbound_number": NUMBER,
    }
    return {**base, **changes}


def issues(values: Draft, field: str) -> list[Issue]:
    return [issue for issue in PROVIDER.check(values) if issue.field == field]


def only(values: Draft) -> Issue:
    (issue,) = PROVIDER.check(values)
    return issue


def test_the_form_is_adobes_in_adobes_order() -> None:
    specs = TwilioCredential.specs()
    assert [(name, spec.label, spec.group) for name, spec in specs.items()] == [
        ("name", "Name", ""),
        ("account_sid", "Account SID", ""),
        ("auth_token", "Auth Token", ""),
        ("message_sid", "Message SID", ""),
        ("inbound_number", "Inbound Number", ""),
        ("use_custom_dataset_for_inbound", "Use custom dataset for inbound", ""),
        ("dataset", "Dataset", ""),
        ("api_key_sid", "API key SID", "Advanced"),
        ("api_key_secret", "API key secret", "Advanced"),
        ("api_host", "API host", "Advanced"),
    ]
    assert [name for name, spec in specs.items() if spec.is_secret] == [
        "auth_token",
        "api_key_secret",
    ]
    assert specs["account_sid"].length == 34
    assert provider_for("twilio").vendor == "Twilio"


def test_a_good_credential_has_no_issue_and_hides_its_secrets() -> None:
    assert PROVIDER.check(draft()) == []
    credential = PROVIDER.build(draft(api_key_sid=SK, api_key_secret=SecretStr(TOKEN[::-1])))
    assert TOKEN not in repr(credential)
    assert [s.get_secret_value() for s in credential.secrets()] == [TOKEN, TOKEN[::-1]]


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"account_sid": ""}, "account_sid", "is missing"),
        ({"account_sid": AC[:-1]}, "account_sid", "has 34 characters; this has 33"),
        ({"account_sid": "AC" + "g" * 32}, "account_sid", "a to f"),
        ({"account_sid": "XX" + HEX}, "account_sid", "starts with AC"),
        ({"account_sid": SK}, "account_sid", "API key SID"),
        ({"message_sid": PN}, "message_sid", "Messaging Service"),
        ({"message_sid": "MG123"}, "message_sid", "this has 5"),
        ({"message_sid": "SM123"}, "message_sid", "Messaging Service"),
        ({"inbound_number": "3331234567"}, "inbound_number", "country code"),
        ({"inbound_number": "Acme"}, "inbound_number", "digits only"),
        ({"inbound_number": "12"}, "inbound_number", "country code"),
        ({"auth_token": None}, "auth_token", "API key"),
        ({"api_key_sid": SK}, "api_key_secret", "missing"),
        ({"api_key_secret": SecretStr(TOKEN)}, "api_key_sid", "missing"),
        ({"api_key_sid": "SK1", "api_key_secret": SecretStr(TOKEN)}, "api_key_sid", "has 3"),
        ({"use_custom_dataset_for_inbound": True}, "dataset", "missing"),
        ({"api_host": "http://api.twilio.com"}, "api_host", "Plain http"),
        ({"api_host": "no host"}, "api_host", "not a host"),
    ],
)
def test_errors_name_their_field(changes: Draft, field: str, says: str) -> None:
    values = draft(**changes)
    issue = only(values)
    assert (issue.field, issue.severity) == (field, Severity.ERROR)
    assert says in issue.message
    assert TOKEN not in issue.message
    with pytest.raises(InvalidFields):
        PROVIDER.build(values)


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"auth_token": SecretStr(TOKEN + "x")}, "auth_token", "32 characters; this has 33"),
        ({"auth_token": SecretStr(SK)}, "auth_token", "looks like a SID"),
        ({"message_sid": SM}, "message_sid", "id of one message. A sender here starts with MG"),
        ({"message_sid": MM}, "message_sid", "go out from the inbound number"),
        ({"message_sid": "", "inbound_number": ""}, "inbound_number", "Nothing to send from"),
        ({"inbound_number": "+15551234567"}, "inbound_number", "not a valid number"),
        ({"api_host": "api.ie1.twilio.com"}, "api_host", "api.dublin.ie1.twilio.com"),
        ({"api_host": "messaging.twilio.com"}, "api_host", "begins with api"),
        ({"api_host": "api.rome.it1.twilio.com"}, "api_host", "no known region"),
        ({"api_host": "api.example.com"}, "api_host", "not a host of Twilio's"),
        ({"api_host": "api.twilio.com.evil.test"}, "api_host", "not a host of Twilio's"),
        (
            {
                "api_host": "api.dublin.ie1.twilio.com",
                "api_key_sid": SK,
                "api_key_secret": SecretStr(TOKEN),
            },
            "api_key_sid",
            "use a key of ie1",
        ),
    ],
)
def test_warnings_name_their_field_and_do_not_block(changes: Draft, field: str, says: str) -> None:
    values = draft(**changes)
    issue = only(values)
    assert (issue.field, issue.severity) == (field, Severity.WARNING)
    assert says in issue.message
    PROVIDER.build(values)


@pytest.mark.parametrize(
    "changes",
    [
        {"auth_token": None, "api_key_sid": SK, "api_key_secret": SecretStr(TOKEN)},
        {"message_sid": ""},
        {"inbound_number": ""},
        {"inbound_number": "72345"},
        {"use_custom_dataset_for_inbound": True, "dataset": "Replies"},
        {"dataset": ""},
        {"api_host": "api.twilio.com"},
        {"api_host": "api.us1.twilio.com"},
        {"api_host": "api.dublin.ie1.twilio.com"},
        {"api_host": "http://127.0.0.1:4010"},
        {"api_host": "localhost:4010"},
    ],
)
def test_what_is_fine_is_left_alone(changes: Draft) -> None:
    assert PROVIDER.check(draft(**changes)) == []


def test_a_key_in_the_account_field_can_be_moved() -> None:
    issue = only(draft(account_sid=SK))
    assert issue.offer is not None
    mended = {**draft(account_sid=SK), **issue.offer.changes}
    assert (mended["account_sid"], mended["api_key_sid"]) == ("", SK)


def test_two_sids_in_each_others_place_can_be_swapped() -> None:
    swapped = draft(account_sid=SK, api_key_sid=AC, api_key_secret=SecretStr(TOKEN))
    both = PROVIDER.check(swapped)
    assert [issue.field for issue in both] == ["account_sid", "api_key_sid"]
    for issue in both:
        assert issue.offer is not None
        assert PROVIDER.check({**swapped, **issue.offer.changes}) == []


def test_nothing_is_offered_that_would_overwrite_a_good_value() -> None:
    key = SecretStr(TOKEN)
    issue = only(draft(api_key_sid="AC" + HEX[::-1], api_key_secret=key))
    assert issue.offer is None


def test_a_hidden_dataset_is_neither_checked_nor_kept() -> None:
    assert PROVIDER.build(draft(dataset="x" * 300)).dataset == ""


def test_typed_values_are_tidied_and_remarked() -> None:
    specs = TwilioCredential.specs()
    assert specs["account_sid"].tidy(f" {AC}\\n").value == AC
    assert specs["inbound_number"].tidy("+1 (500) 555-0006").value == NUMBER
    assert specs["inbound_number"].tidy("+1 (500) 555-0006").said == f"Written as {NUMBER}."
    assert specs["api_host"].tidy("https://API.twilio.com/2010-04-01/").value == "api.twilio.com"
    note = specs["inbound_number"].note
    assert note is not None
    assert note("+393331234567") == "Italy, mobile"
    assert note("72345") == "short code"
    assert note("") == note("nonsense") == ""


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(list(TwilioCredential.specs())), st.text(max_size=45)))
def test_any_text_in_any_field_is_judged(values: dict[str, str]) -> None:
    found = PROVIDER.check(dict(values))
    assert all(issue.message.isprintable() for issue in found)
    if not any(issue.severity is Severity.ERROR for issue in found):
        values.pop("use_custom_dataset_for_inbound", None)
        PROVIDER.build(dict(values))


@pytest.mark.parametrize(
    ("host", "messaging", "region"),
    [
        ("", "https://messaging.twilio.com", "us1"),
        ("api.us1.twilio.com", "https://messaging.us1.twilio.com", "us1"),
        ("api.dublin.ie1.twilio.com", "https://messaging.dublin.ie1.twilio.com", "ie1"),
        ("http://127.0.0.1:4010", "http://127.0.0.1:4010", ""),
        ("proxy.example.com:8443", "https://proxy.example.com:8443", ""),
    ],
)
def test_products_live_beside_the_api_host(host: str, messaging: str, region: str) -> None:
    assert product_url(host, "messaging") == messaging
    assert region_of(host) == region


@pytest.mark.parametrize(
    ("changes", "to", "text", "field", "says"),
    [
        ({}, "", "x", "to", "missing"),
        ({}, "333 123", "x", "to", "country code"),
        ({}, "72345", "x", "to", "Short codes"),
        ({}, "+393331234567", "", "text", "missing"),
        ({}, "+393331234567", "x" * 1601, "text", "At most 1600"),
        ({}, "+393331234567", "\ud800", "text", "half a character"),
        ({"message_sid": SM, "inbound_number": ""}, "+393331234567", "x", "inbound_number", "send"),
        ({"message_sid": ""}, "+1 500 555 0006", "x", "to", "sender itself"),
    ],
)
def test_messages_that_cannot_go(changes: Draft, to: str, text: str, field: str, says: str) -> None:
    credential = PROVIDER.build(draft(**changes))
    (issue,) = PROVIDER.check_message(credential, to, text)
    assert (issue.field, issue.severity) == (field, Severity.ERROR)
    assert says in issue.message


def test_messages_that_can_go() -> None:
    credential = PROVIDER.build(draft())
    assert PROVIDER.check_message(credential, "+39 333 123 4567", "x" * 1600) == []
    assert PROVIDER.check_message(credential, NUMBER, "x") == []
    (doubt,) = PROVIDER.check_message(credential, "+15551234567", "x")
    assert doubt.severity is Severity.WARNING
