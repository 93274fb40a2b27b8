from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.providers.base import InvalidFields, Provider
from smstui.providers.fields import Draft, Issue, Severity, Value
from smstui.providers.sinch import SinchMmsProvider, SinchProvider, SinchRcsProvider
from smstui.providers.sinch_fields import encoded_pair, key_pair
from smstui.providers.sinch_models import SinchCredential, SinchMmsCredential, SinchRcsCredential
from smstui.providers.tokens import tidy_token
from tests.verify.sinch_replies import (
    APP,
    KEY_ID,
    KEY_SECRET,
    MMS,
    PLAN,
    PLAN_TOKEN,
    PROJECT,
    RCS,
    SMS,
    TOKEN,
)

SINCH, SINCH_MMS, SINCH_RCS = SinchProvider(), SinchMmsProvider(), SinchRcsProvider()


def encoded(text: str) -> SecretStr:
    return SecretStr(base64.b64encode(text.encode()).decode())


def only(provider: Provider, draft: Draft) -> Issue:  # type: ignore[type-arg] # Any of the three.
    (issue,) = provider.check(draft)
    return issue


DATASET = [
    ("use_custom_dataset_for_inbound", "Use custom dataset for inbound", ""),
    ("dataset", "Dataset", ""),
]
CONVERSATION = [
    ("name", "Name", ""),
    ("project_id", "Project ID", ""),
    ("app_id", "App ID", ""),
    ("api_token", "API Token", ""),
]
ADVANCED = [
    ("region", "Region", "Advanced"),
    ("key_id", "Key ID", "Advanced"),
    ("key_secret", "Key secret", "Advanced"),
    ("api_host", "API host", "Advanced"),
    ("sender_number", "Sender number", "Advanced"),
]


@pytest.mark.parametrize(
    ("model", "form"),
    [
        (
            SinchCredential,
            [
                ("name", "Name", ""),
                ("service_id", "Service ID", ""),
                ("api_token", "API Token", ""),
                ("inbound_number", "Inbound Number", ""),
                ("override_url", "Override URL", ""),
                *DATASET,
                ("region", "Region", "Advanced"),
                ("api_host", "API host", "Advanced"),
            ],
        ),
        (
            SinchMmsCredential,
            [*CONVERSATION, *ADVANCED, ("test_media", "Test media", "Advanced")],
        ),
        (
            SinchRcsCredential,
            [
                *CONVERSATION,
                ("service_plan_id", "Service Plan ID", ""),
                ("sms_api_token", "SMS API Token", ""),
                *DATASET,
                ("api_rate_limit", "API rate limit (requests per second)", ""),
                *ADVANCED,
            ],
        ),
    ],
)
def test_the_forms_are_adobes_in_adobes_order(
    model: type[SinchCredential], form: list[tuple[str, str, str]]
) -> None:
    specs = model.specs()
    assert [(name, spec.label, spec.group) for name, spec in specs.items()] == form
    assert {name for name, spec in specs.items() if spec.is_secret} <= {
        "api_token",
        "sms_api_token",
        "key_secret",
    }
    regions = {"us", "eu", "br"} | ({"au", "ca"} if model is SinchCredential else set())
    assert {choice.value for choice in specs["region"].choices} == regions


def test_the_vendors_are_named_as_adobe_does() -> None:
    vendors = [provider.vendor for provider in (SINCH, SINCH_MMS, SINCH_RCS)]
    assert vendors == ["Sinch", "Sinch MMS", "Sinch RCS"]


@pytest.mark.parametrize(("provider", "draft"), [(SINCH, SMS), (SINCH_MMS, MMS), (SINCH_RCS, RCS)])
def test_a_good_credential_has_no_issue_and_hides_its_secrets(
    provider: SinchProvider, draft: Draft
) -> None:
    assert provider.check(draft) == []
    credential = provider.build(draft)
    assert credential.region == "us"
    for secret in (PLAN_TOKEN, TOKEN, KEY_SECRET):
        assert secret not in repr(credential)


def test_the_key_secret_inside_the_token_is_a_secret_too() -> None:
    secrets = {s.get_secret_value() for s in SINCH_RCS.build(RCS).secrets()}
    assert secrets == {TOKEN, PLAN_TOKEN, KEY_SECRET}


def test_the_rate_limit_has_no_limit_by_default() -> None:
    assert SINCH_RCS.build(RCS).api_rate_limit == 0
    assert SINCH_RCS.build({**RCS, "api_rate_limit": "25"}).api_rate_limit == 25


@pytest.mark.parametrize(
    ("provider", "changes", "field", "says"),
    [
        (SINCH, {"service_id": ""}, "service_id", "is missing"),
        (SINCH, {"service_id": "a b"}, "service_id", "no blanks"),
        (SINCH, {"service_id": "a/b"}, "service_id", "no slash"),
        (SINCH, {"api_token": None}, "api_token", "is missing"),
        (SINCH, {"api_token": SecretStr("Bearer abc")}, "api_token", "Leave out the word"),
        (SINCH, {"api_token": SecretStr("abcè")}, "api_token", "printable ASCII"),
        (SINCH, {"inbound_number": "2065550100"}, "inbound_number", "country code"),
        (SINCH, {"inbound_number": "Acme"}, "inbound_number", "digits only"),
        (SINCH, {"override_url": "http://hooks.example.net/"}, "override_url", "Plain http"),
        (SINCH, {"override_url": "hooks.example.net"}, "override_url", "begins with https"),
        (SINCH, {"override_url": "https://a:b@c.example"}, "override_url", "no password"),
        (SINCH, {"override_url": "https://[x"}, "override_url", "not an address"),
        (SINCH, {"override_url": "https://a.example/" + "x" * 2031}, "override_url", "2048"),
        (SINCH, {"region": "mars"}, "region", "us, eu, au, br, ca"),
        (SINCH, {"api_host": "http://sms.example.com"}, "api_host", "Plain http"),
        (SINCH, {"use_custom_dataset_for_inbound": True}, "dataset", "missing"),
        (SINCH_MMS, {"project_id": ""}, "project_id", "missing"),
        (SINCH_MMS, {"project_id": PROJECT[:-1]}, "project_id", "It is written like"),
        (SINCH_MMS, {"project_id": PLAN}, "project_id", "It is written like"),
        (SINCH_MMS, {"app_id": APP[:-1]}, "app_id", "has 26 characters; this has 25"),
        (SINCH_MMS, {"app_id": APP[:-1] + "O"}, "app_id", "without I, L, O and U"),
        (SINCH_MMS, {"app_id": APP.lower()}, "app_id", "capitals"),
        (SINCH_MMS, {"api_token": None}, "api_token", "Key ID and Key secret"),
        (SINCH_MMS, {"api_token": SecretStr("no Base64")}, "api_token", "not the Base64"),
        (SINCH_MMS, {"api_token": SecretStr(PLAN_TOKEN)}, "api_token", "not the Base64"),
        (SINCH_MMS, {"api_token": encoded("no colon")}, "api_token", "not the Base64"),
        (SINCH_MMS, {"api_token": encoded(":secret")}, "api_token", "not the Base64"),
        (SINCH_MMS, {"api_token": encoded(f"{KEY_ID}:")}, "api_token", "not the Base64"),
        (SINCH_MMS, {"api_token": encoded(f"{KEY_ID}:a:b")}, "api_token", "not the Base64"),
        (SINCH_MMS, {"api_token": encoded(f"{KEY_ID}:a b")}, "api_token", "not the Base64"),
        (SINCH_MMS, {"api_token": encoded(f"{KEY_ID}:è")}, "api_token", "not the Base64"),
        (SINCH_MMS, {"key_id": KEY_ID}, "key_secret", "Key secret is missing"),
        (SINCH_MMS, {"key_secret": SecretStr("x")}, "key_id", "Key ID is missing"),
        (SINCH_MMS, {"region": "ca"}, "region", "us, eu, br"),
        (SINCH_MMS, {"sender_number": "Acme"}, "sender_number", "digits only"),
        (SINCH_MMS, {"test_media": "http://cdn.example.net/a.jpg"}, "test_media", "Plain http"),
        (SINCH_RCS, {"service_plan_id": ""}, "service_plan_id", "missing"),
        (SINCH_RCS, {"sms_api_token": None}, "sms_api_token", "missing"),
        (SINCH_RCS, {"api_rate_limit": "-1"}, "api_rate_limit", "least is 0"),
        (SINCH_RCS, {"api_rate_limit": "many"}, "api_rate_limit", "whole number"),
    ],
)
def test_errors_name_their_field(
    provider: SinchProvider, changes: Draft, field: str, says: str
) -> None:
    base = {"Sinch": SMS, "Sinch MMS": MMS, "Sinch RCS": RCS}[provider.vendor]
    values = {**base, **changes}
    issue = only(provider, values)
    assert (issue.field, issue.severity) == (field, Severity.ERROR)
    assert says in issue.message
    with pytest.raises(InvalidFields):
        provider.build(values)


@pytest.mark.parametrize(
    ("provider", "changes", "field", "says"),
    [
        (SINCH, {"service_id": "my.plan"}, "service_id", "up to 64"),
        (SINCH, {"service_id": "x" * 65}, "service_id", "up to 64"),
        (SINCH, {"api_token": SecretStr(TOKEN)}, "api_token", "the plan's own"),
        (SINCH, {"api_token": SecretStr(f"{KEY_ID}:x")}, "api_token", "the plan's own"),
        (SINCH, {"api_host": "sms.example.com"}, "api_host", "not a host of Sinch's"),
        (SINCH, {"api_host": "sinch.com.evil.test"}, "api_host", "not a host of Sinch's"),
        (SINCH_MMS, {"api_token": encoded("me:x")}, "api_token", "no UUID"),
        (
            SINCH_MMS,
            {"api_token": None, "key_id": "me", "key_secret": SecretStr("x")},
            "key_id",
            "this is none",
        ),
        (
            SINCH_MMS,
            {"key_id": KEY_ID, "key_secret": SecretStr("another")},
            "key_id",
            "another key's",
        ),
        (SINCH_RCS, {"sender_number": "Acme & Company"}, "sender_number", "At most 11"),
        (SINCH_RCS, {"sender_number": "2065550100"}, "sender_number", "country code"),
    ],
)
def test_warnings_name_their_field_and_do_not_block(
    provider: SinchProvider, changes: Draft, field: str, says: str
) -> None:
    base = {"Sinch": SMS, "Sinch MMS": MMS, "Sinch RCS": RCS}[provider.vendor]
    values = {**base, **changes}
    issue = only(provider, values)
    assert (issue.field, issue.severity) == (field, Severity.WARNING)
    assert says in issue.message
    provider.build(values)


@pytest.mark.parametrize(
    ("provider", "changes"),
    [
        (SINCH, {"inbound_number": ""}),
        (SINCH, {"inbound_number": "12345"}),
        (SINCH, {"api_host": "eu.sms.api.sinch.com"}),
        (SINCH, {"api_host": "http://127.0.0.1:4010"}),
        (SINCH, {"override_url": "http://127.0.0.1:4011/reports"}),
        (SINCH_MMS, {"api_token": None, "key_id": KEY_ID, "key_secret": SecretStr(KEY_SECRET)}),
        (SINCH_MMS, {"key_id": KEY_ID, "key_secret": SecretStr(KEY_SECRET)}),
        (SINCH_MMS, {"sender_number": "", "test_media": ""}),
        (SINCH_RCS, {"sender_number": "Acme"}),
        (SINCH_RCS, {"project_id": PROJECT.upper()}),
    ],
)
def test_what_is_right(provider: SinchProvider, changes: Draft) -> None:
    base = {"Sinch": SMS, "Sinch MMS": MMS, "Sinch RCS": RCS}[provider.vendor]
    assert provider.check({**base, **changes}) == []


def test_a_pair_as_it_stands_is_offered_in_base64() -> None:
    draft: dict[str, Value] = {**MMS, "api_token": SecretStr(f"{KEY_ID}:{KEY_SECRET}")}
    issue = only(SINCH_MMS, draft)
    assert issue.severity is Severity.ERROR
    assert KEY_SECRET not in repr(issue)
    assert issue.offer is not None
    mended = {**draft, **issue.offer.changes}
    assert SINCH_MMS.check(mended) == []
    assert SINCH_MMS.build(mended).login() == ("Authorization", f"Basic {TOKEN}")


@pytest.mark.parametrize(
    ("pasted", "kept", "said"),
    [
        ("abc", "abc", ""),
        ("Bearer abc", "abc", "The word Bearer before it was removed."),
        ("  bearer   abc\n", "abc", "The word Bearer before it was removed."),
        ("Authorization: Basic abc=", "abc=", "The word Basic before it was removed."),
        ("BASIC abc", "abc", "The word Basic before it was removed."),
        ("Bearer", "Bearer", ""),
        ("basically", "basically", ""),
        (" abc\\n", "abc", "Blanks and line ends around it were removed."),
    ],
)
def test_a_token_pasted_with_its_header_is_cut_free(pasted: str, kept: str, said: str) -> None:
    assert (tidy_token(pasted).value, tidy_token(pasted).said) == (kept, said)


SECRET_TEXTS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1)


@settings(deadline=None)
@given(st.uuids(), SECRET_TEXTS.filter(lambda text: ":" not in text))
def test_the_two_halves_and_the_token_are_the_same_thing(key_id: object, secret: str) -> None:
    token = encoded_pair(str(key_id), SecretStr(secret))
    assert key_pair(token.get_secret_value()) == (str(key_id), secret)
    assert SINCH_MMS.check({**MMS, "api_token": token}) == []


@settings(deadline=None)
@given(st.text() | st.binary().map(lambda raw: base64.b64encode(raw).decode()))
def test_any_token_is_judged_without_being_told(token: str) -> None:
    for provider, draft in ((SINCH, SMS), (SINCH_MMS, MMS), (SINCH_RCS, RCS)):
        for issue in provider.check({**draft, "api_token": SecretStr(token)}):
            assert issue.field == "api_token"
            assert issue.message.endswith(".")
            assert len(token) < 6 or token not in issue.message


def test_messages_are_checked_before_they_go() -> None:
    sms, mms, rcs = SINCH.build(SMS), SINCH_MMS.build(MMS), SINCH_RCS.build(RCS)
    assert SINCH.check_message(sms, "+1 206 555 0123", "x" * 1600) == []
    (issue,) = SINCH.check_message(sms, "+12065550123", "x" * 1601)
    assert issue.field == "text"
    (issue,) = SINCH.check_message(sms, "+1 206 555 0100", "x")
    assert "sender itself" in issue.message
    assert SINCH_MMS.check_message(mms, "+61412345678", "x") == []
    (issue,) = SINCH_MMS.check_message(mms, "+393331234567", "x")
    assert (issue.field, issue.severity) == ("to", Severity.WARNING)
    bare = SINCH_MMS.build({**MMS, "sender_number": "", "test_media": ""})
    fields = [i.field for i in SINCH_MMS.check_message(bare, "+12065550123", "x")]
    assert fields == ["sender_number", "test_media"]
    assert SINCH_RCS.check_message(rcs, "+12065550123", "x") == []
    named = SINCH_RCS.build({**RCS, "sender_number": "Acme"})
    assert SINCH_RCS.check_message(named, "+393331234567", "x") == []
    (issue,) = SINCH_RCS.check_message(named, "+12065550123", "x")
    assert (issue.field, issue.severity) == ("sender_number", Severity.WARNING)


def test_every_message_has_a_reference_of_its_own() -> None:
    credential = SINCH.build(SMS)
    bodies = {next(SINCH.message(credential, "+12065550123", "x")).body for _number in range(3)}
    assert len(bodies) == 3
