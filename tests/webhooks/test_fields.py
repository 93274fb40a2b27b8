"""The form of a webhook: which fields it has, what is wrong with them, and what is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.providers.base import InvalidFields
from smstui.providers.fields import Draft, FieldSpec, Issue, Kind, Severity
from smstui.webhooks.base import Call, HandOver, Reading, Webhook, WebhookType, WebhookVendor
from smstui.webhooks.fields import build, check, specs_for, tidy_reply, tidy_words


class OneUrl(WebhookVendor):
    """A vendor whose one webhook takes everything."""

    vendor = "One"
    credential_vendors = ("One",)

    def own_fields(self) -> Mapping[str, FieldSpec]:
        return {
            "secret": FieldSpec(label="Secret", kind=Kind.SECRET),
            "minutes": FieldSpec(label="Minutes", kind=Kind.NUMBER, minimum=1, default=5),
            "payload": FieldSpec(label="Payload", kind=Kind.JSON),
        }

    def rules(self, draft: Draft) -> Iterable[Issue]:
        if draft.get("payload") == "[]":
            yield Issue("payload", "An object.")

    def authenticate(self, webhook: Webhook, call: Call) -> None: ...

    def read(self, webhook: Webhook, call: Call) -> list[Reading]:
        return []

    def sample(self, webhook: Webhook, url: str, type: WebhookType, now: datetime) -> Call:  # noqa: A002
        return Call("POST", url, (), b"", now)

    def hand_over(self, webhook: Webhook, url: str) -> HandOver:
        return HandOver((), ())


class TwoUrls(OneUrl):
    """A vendor that needs a webhook each for replies and for reports."""

    vendor = "Two"
    types = (WebhookType.INBOUND, WebhookType.FEEDBACK)


ONE, TWO = OneUrl(), TwoUrls()
NAMES = ["main", "other"]
GOOD: Draft = {
    "name": "in",
    "credential": "main",
    "sender_phone_number": "+15005550006",
    "opt_out_reply": "Bye.",
    "help_reply": "Acme.",
}


def errors(vendor: WebhookVendor, draft: Draft, names: list[str] = NAMES) -> dict[str, str]:
    issues = check(vendor, draft, names)
    return {issue.field: issue.message for issue in issues if issue.severity is Severity.ERROR}


def shown(vendor: WebhookVendor, draft: Draft) -> list[str]:
    return [name for name, spec in specs_for(vendor, NAMES).items() if spec.applies_to(draft)]


def test_the_form_has_the_shared_fields_around_the_vendors_own() -> None:
    assert list(specs_for(TWO, NAMES)) == [
        *("name", "type", "credential", "sender_phone_number", "serves"),
        *("secret", "minutes", "payload"),
        *("opt_in_keywords", "opt_in_reply", "opt_out_keywords", "opt_out_reply"),
        *("fuzzy_logic", "fuzzy_auto_response"),
        *("double_opt_in_keywords", "double_opt_in_reply", "help_keywords", "help_reply"),
        *("custom_keyword", "custom_reply", "default_reply_message"),
    ]
    assert "type" not in specs_for(ONE, NAMES)
    assert [c.value for c in specs_for(TWO, NAMES)["type"].choices] == ["Inbound", "Feedback"]
    assert [c.value for c in specs_for(TWO, NAMES)["credential"].choices] == NAMES


def test_feedback_hides_all_that_is_for_replies() -> None:
    assert shown(TWO, {"type": "Feedback"}) == [
        *("name", "type", "credential", "secret", "minutes", "payload"),
    ]
    everything = [name for name in specs_for(ONE, NAMES) if name != "fuzzy_auto_response"]
    assert shown(ONE, {}) == everything
    assert "fuzzy_auto_response" in shown(TWO, {"type": "Inbound", "fuzzy_logic": True})


@pytest.mark.parametrize("name", ["opt_out_keywords", "opt_out_reply"])
def test_words_and_replies_stay_the_same_field_from_vendor_to_vendor(name: str) -> None:
    assert specs_for(ONE, [])[name] == specs_for(TWO, NAMES)[name]


def test_a_good_draft_has_no_errors() -> None:
    assert check(ONE, GOOD, NAMES) == []
    assert errors(TWO, {"name": "fb", "type": "Feedback"}) == {}


@pytest.mark.parametrize(
    ("vendor", "change", "field", "words"),
    [
        (ONE, {"name": " "}, "name", "Name is missing."),
        (ONE, {"credential": ""}, "credential", "API credentials is missing."),
        (ONE, {"credential": "gone"}, "credential", "one of: main, other"),
        (TWO, {"credential": None, "type": "Inbound"}, "credential", "is missing"),
        (ONE, {"sender_phone_number": ""}, "sender_phone_number", "is missing"),
        (ONE, {"sender_phone_number": "0612345678"}, "sender_phone_number", "country code"),
        (TWO, {"type": "Both ways"}, "type", "Type is one of: Inbound, Feedback."),
        (ONE, {"opt_out_keywords": "QUIT"}, "opt_out_keywords", "STOP is missing"),
        (ONE, {"help_keywords": "H" * 41}, "help_keywords", "“HHHHHHHHHHHH…” has 41"),
        (ONE, {"custom_keyword": "A, B"}, "custom_keyword", "There is one custom keyword"),
        (ONE, {"help_reply": "x" * 1501}, "help_reply", "At most 1500 characters"),
        (ONE, {"minutes": "0"}, "minutes", "The least is 1."),
        (ONE, {"payload": "[]"}, "payload", "An object."),
    ],
)
def test_an_error_is_told_at_its_field(
    vendor: WebhookVendor, change: Draft, field: str, words: str
) -> None:
    draft = {**GOOD, **change}
    found = errors(vendor, draft)
    assert list(found) == [field]
    assert words in found[field]
    with pytest.raises(InvalidFields, match=re.escape(found[field])):
        build(vendor, draft, NAMES)


def test_without_credentials_the_form_says_what_to_do_first() -> None:
    assert "Create some first: One." in errors(ONE, {**GOOD, "credential": ""}, [])["credential"]
    assert "Create some first: One." in errors(ONE, GOOD, [])["credential"]
    assert errors(TWO, {"name": "fb", "type": "Feedback"}, []) == {}


@pytest.mark.parametrize(
    ("sender", "warned"),
    [
        ("+1 (500) 555-0006", False),
        ("12345", False),
        ("rcs:brand_agent", False),
        ("ACME", True),
        ("A name of twelve", True),
    ],
)
def test_a_sender_that_receives_nothing_is_doubtful(sender: str, warned: bool) -> None:
    issues = check(ONE, {**GOOD, "sender_phone_number": sender}, NAMES)
    mine = [i.severity for i in issues if i.field == "sender_phone_number"]
    assert mine == [Severity.WARNING] * warned


def test_issues_come_in_the_order_of_the_form() -> None:
    draft = {"opt_out_keywords": "", "payload": "[]", "serves": "Both", "minutes": "x"}
    found = [issue.field for issue in check(TWO, draft, NAMES)]
    order = list(specs_for(TWO, NAMES))
    assert len(found) > 6
    assert found == sorted(found, key=order.index)


def test_what_is_kept_is_tidy_and_without_hidden_and_empty_fields() -> None:
    draft: Draft = {
        **GOOD,
        "name": " in ",
        "secret": SecretStr(" hunter2 "),
        "minutes": "7",
        "payload": '{\n"a": 1}',
        "opt_in_keywords": "",
        "opt_out_keywords": " stop ,STOP,,  Stop  all",
        "opt_in_reply": " Welcome\nback. ",
        "fuzzy_auto_response": "hidden",
        "custom_reply": "",
        "type": "Inbound and feedback",
    }
    kept = build(ONE, draft, NAMES)
    secret = kept.pop("secret")
    assert isinstance(secret, SecretStr)
    assert secret.get_secret_value() == "hunter2"
    assert kept == {
        "name": "in",
        "credential": "main",
        "sender_phone_number": "+15005550006",
        "minutes": 7,
        "payload": '{\n"a": 1}',
        "opt_in_keywords": "",  # Emptied: the default words must not come back.
        "opt_in_reply": "Welcome back.",
        "opt_out_keywords": "stop, Stop all",
        "opt_out_reply": "Bye.",
        "fuzzy_logic": False,
        "help_keywords": "HELP, INFO, INFORMATION",
        "help_reply": "Acme.",
    }
    assert build(ONE, {**kept, "secret": secret}, NAMES) == {**kept, "secret": secret}


def test_a_webhook_for_feedback_keeps_nothing_of_replies() -> None:
    kept = build(TWO, {**GOOD, "type": "Feedback", "opt_out_keywords": ""}, NAMES)
    assert kept == {"name": "in", "type": "Feedback", "credential": "main", "minutes": 5}


def test_a_field_that_the_vendor_has_not_is_an_error() -> None:
    for strange in ({"color": "red"}, {"type": "Inbound"}):
        with pytest.raises(InvalidFields, match="One has no field"):
            build(ONE, {**GOOD, **strange}, NAMES)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("STOP,QUIT", "STOP, QUIT"),
        ("STOP, stop., QUIT, Stop", "STOP, QUIT"),
        (" STOP \u00a0 ALL\n", "STOP ALL"),
        (" , ,", ""),
    ],
)
def test_words_are_kept_once_and_as_they_were_typed(typed: str, kept: str) -> None:
    assert tidy_words(typed).value == kept


@given(st.text())
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    for tidy in (tidy_words, tidy_reply):
        once = tidy(text).value
        assert tidy(once).value == once
        assert once.isprintable()


def test_the_note_beside_a_reply_says_its_parts() -> None:
    note = specs_for(ONE, [])["opt_out_reply"].note
    assert note is not None
    assert [note(text) for text in ("", "Bye.", "Ciao ☕", "x" * 161)] == [
        *("", "1 part, GSM-7", "1 part, UCS-2", "2 parts, GSM-7"),
    ]
