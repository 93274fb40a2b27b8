from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.providers.base import InvalidFields
from smstui.providers.fields import Draft, Issue, Kind, Severity, Value
from smstui.providers.infobip import InfobipCredential, InfobipProvider
from smstui.providers.tokens import tidy_token
from tests.verify.infobip_replies import HOST, INFOBIP, KEY, TO

PROVIDER = InfobipProvider()
DLT: dict[str, Value] = {
    "principal_entity_id": "1100000000000000001",
    "content_template_id": "1100000000000000002",
}


def draft(**changes: Value) -> dict[str, Value]:
    """Return a draft without faults, changed."""
    return {**INFOBIP, **changes}


def only(values: Draft) -> Issue:
    """Return the only issue of a draft."""
    (issue,) = PROVIDER.check(values)
    return issue


def test_the_fields_are_adobes_with_their_labels_in_order() -> None:
    specs = InfobipCredential.specs()
    labels = [spec.label for spec in specs.values() if not spec.group]
    assert labels == [
        "Name",
        "API base URL",
        "API key",
        "Principal Entity ID",
        "Content Template ID",
        "Validity Period",
        "Callback Data",
        "Inbound Number",
        "Fuzzy Opt-out",
        "Fuzzy Auto Reply",
        "Use custom dataset for inbound",
        "Dataset",
    ]
    assert [name for name, spec in specs.items() if spec.is_secret] == ["api_key"]
    assert (specs["validity_period"].kind, specs["validity_period"].default) == (Kind.NUMBER, 48)
    assert specs["sender_number"].help.startswith("Not Adobe's")


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"api_base_url": ""}, "api_base_url", "missing"),
        ({"api_base_url": "no host"}, "api_base_url", "not a host"),
        ({"api_base_url": "http://abc123.api.infobip.com"}, "api_base_url", "Plain http"),
        ({"api_base_url": "ftp://abc123.api.infobip.com"}, "api_base_url", "host alone"),
        ({"api_key": None}, "api_key", "missing"),
        ({"api_key": SecretStr(f"{KEY} {KEY}")}, "api_key", "no blanks"),
        ({"api_key": SecretStr("schlüssel")}, "api_key", "ASCII"),
        ({"content_template_id": "11"}, "principal_entity_id", "Infobip wants both"),
        ({"validity_period": "two days"}, "validity_period", "whole number"),
        ({"validity_period": "0"}, "validity_period", "least is 1"),
        ({"callback_data": "x" * 4001}, "callback_data", "At most 4000"),
        ({"inbound_number": "Acme"}, "inbound_number", "digits only"),
        ({"use_custom_dataset_for_inbound": True}, "dataset", "missing"),
    ],
)
def test_errors_name_their_field(changes: Draft, field: str, says: str) -> None:
    values = draft(**changes)
    issue = only(values)
    assert (issue.field, issue.severity) == (field, Severity.ERROR)
    assert says in issue.message
    assert KEY not in issue.message
    with pytest.raises(InvalidFields):
        PROVIDER.build(values)


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"api_base_url": "api.infobip.com"}, "api_base_url", "account's own"),
        ({"api_base_url": "portal.infobip.com"}, "api_base_url", "no API host"),
        ({"api_base_url": "gateway.example.com"}, "api_base_url", "The key is sent there"),
        ({"api_base_url": f"{HOST}.evil.test"}, "api_base_url", "not a host of Infobip's"),
        ({"api_base_url": "evilapi.infobip.com"}, "api_base_url", "no API host"),
        ({"api_key": SecretStr(KEY.upper())}, "api_key", "32 digits or letters"),
        ({"api_key": SecretStr("short")}, "api_key", "and a UUID"),
        ({"principal_entity_id": "1100000000000000001"}, "content_template_id", "look for it"),
        ({**DLT, "principal_entity_id": "PE-1"}, "principal_entity_id", "digits only"),
        ({"validity_period": "49"}, "validity_period", "silently takes 48"),
        ({"validity_period": 2880}, "validity_period", "These are hours"),
        ({"validity_period": "9" * 40}, "validity_period", "silently takes 48"),
        ({"inbound_number": ""}, "inbound_number", "Nothing to send from"),
        ({"inbound_number": "+15551234567"}, "inbound_number", "not a valid number"),
        ({"sender_number": "A"}, "sender_number", "at least 3"),
        ({"sender_number": "TwelveLetter"}, "sender_number", "At most 11"),
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
        {},
        DLT,
        {"api_base_url": "api-ny2.infobip.com"},
        {"api_base_url": "abc123.api-ny2.infobip.com"},
        {"api_base_url": f"{HOST}:8443"},
        {"api_base_url": "http://127.0.0.1:4010"},
        {"validity_period": "48"},
        {"validity_period": None},
        {"inbound_number": "72345"},
        {"inbound_number": "", "sender_number": "DemoBrand"},
        {"fuzzy_opt_out": True, "fuzzy_auto_reply": "Did you mean STOP?"},
        {"use_custom_dataset_for_inbound": True, "dataset": "Replies"},
    ],
)
def test_what_is_fine_is_left_alone(changes: Draft) -> None:
    assert PROVIDER.check(draft(**changes)) == []


def test_the_fuzzy_reply_is_kept_only_with_its_switch() -> None:
    reply: dict[str, Value] = {"fuzzy_auto_reply": "Did you mean STOP?"}
    assert PROVIDER.build(draft(**reply)).fuzzy_auto_reply == ""
    on = PROVIDER.build(draft(fuzzy_opt_out=True, **reply))
    assert (on.fuzzy_opt_out, on.fuzzy_auto_reply) == (True, "Did you mean STOP?")
    assert InfobipCredential.specs()["fuzzy_auto_reply"].applies_to({}) is False


def test_an_import_without_validity_has_48_hours() -> None:
    assert PROVIDER.build(draft()).validity_period == 48
    assert PROVIDER.build(draft(validity_period="24")).validity_period == 24


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (f"https://{HOST}", HOST),
        (f"https://{HOST}/", HOST),
        (" https://ABC123.api.infobip.com/sms/3/messages?x=1 ", HOST),
        (f"{HOST}/\\n", HOST),
        ("http://127.0.0.1:4010/", "http://127.0.0.1:4010"),
    ],
)
def test_the_base_url_is_kept_as_its_host(typed: str, kept: str) -> None:
    tidied = InfobipCredential.specs()["api_base_url"].tidy(typed)
    assert tidied.value == kept
    assert tidied.said


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        (f"App {KEY}", "App"),
        (f"app  {KEY}", "App"),
        (f"App App {KEY}", "App"),
        (f"Authorization: App {KEY}\n", "App"),
        (f"Bearer {KEY}", "Bearer"),
        (f"Basic {KEY}", "Basic"),
    ],
)
def test_words_before_a_key_are_removed_and_said(typed: str, word: str) -> None:
    tidied = tidy_token(typed)
    assert (tidied.value, tidied.said) == (KEY, f"The word {word} before it was removed.")


@pytest.mark.parametrize("key", [KEY, "App", "Application-key", "Appended"])
def test_a_key_that_begins_like_a_word_is_left_alone(key: str) -> None:
    assert tidy_token(key).value == key
    assert tidy_token(key).said == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("385990000099", "+385990000099"),
        ("+385 99 000 0099", "+385990000099"),
        ("00385990000099", "+385990000099"),
        ("72345", "72345"),
        ("DemoBrand", "DemoBrand"),
        ("0991234567", "0991234567"),
    ],
)
def test_numbers_without_plus_are_infobips_way(typed: str, kept: str) -> None:
    specs = InfobipCredential.specs()
    for name in ("inbound_number", "sender_number"):
        tidied = specs[name].tidy(typed)
        assert tidied.value == kept
        assert bool(tidied.said) is (typed != kept)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(list(InfobipCredential.specs())), st.text(max_size=45)))
def test_any_text_in_any_field_is_judged(values: dict[str, str]) -> None:
    tidied: dict[str, Value] = {}
    for name, text in values.items():
        spec = InfobipCredential.specs()[name]
        value = spec.tidy(text).value
        assert spec.tidy(value).value == value
        tidied[name] = SecretStr(value) if spec.is_secret else value
    found = PROVIDER.check(tidied)
    assert all(issue.message.isprintable() for issue in found)
    if not any(issue.severity is Severity.ERROR for issue in found):
        for switch in ("use_custom_dataset_for_inbound", "fuzzy_opt_out"):
            tidied.pop(switch, None)
        PROVIDER.build(tidied)


@pytest.mark.parametrize(
    ("changes", "to", "text", "field", "says", "severity"),
    [
        ({}, "", "x", "to", "missing", Severity.ERROR),
        ({}, "0991234567", "x", "to", "country code", Severity.ERROR),
        ({}, "72345", "x", "to", "Short codes", Severity.ERROR),
        ({}, "+385 99 000 0099", "x", "to", "sender itself", Severity.ERROR),
        ({}, TO, "", "text", "missing", Severity.ERROR),
        ({}, TO, "\ud800", "text", "half a character", Severity.ERROR),
        ({}, TO, "x" * 3826, "text", "At most 25 parts; this has 26", Severity.ERROR),
        ({}, TO, "☕" * 1676, "text", "At most 25 parts; this has 26", Severity.ERROR),
        ({}, TO, "☕" * 1350, "text", "At most 4000 bytes; this has 4050", Severity.ERROR),
        ({"inbound_number": ""}, TO, "x", "inbound_number", "names no sender", Severity.WARNING),
        (DLT, TO, "x", "principal_entity_id", "for numbers in India", Severity.WARNING),
    ],
)
def test_messages_that_cannot_go_or_are_doubtful(
    changes: Draft, to: str, text: str, field: str, says: str, severity: Severity
) -> None:
    credential = PROVIDER.build(draft(**changes))
    (issue,) = PROVIDER.check_message(credential, to, text)
    assert (issue.field, issue.severity) == (field, severity)
    assert says in issue.message


def test_messages_that_can_go() -> None:
    credential = PROVIDER.build(draft())
    assert PROVIDER.check_message(credential, TO, "x" * 3825) == []
    indian = PROVIDER.build(draft(**DLT))
    assert PROVIDER.check_message(indian, "+919876543210", "x") == []


def test_the_key_is_in_no_repr() -> None:
    credential = PROVIDER.build(draft())
    request = next(PROVIDER.probe(credential))
    assert KEY not in repr(credential) + repr(request)
    assert credential.login() == ("Authorization", f"App {KEY}")
