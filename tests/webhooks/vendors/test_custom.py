"""Custom webhooks: the payload, how it is laid over a callback, and what a state's word means."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smstui.providers.fields import Issue
from smstui.webhooks.base import Refused, WebhookType
from smstui.webhooks.vendors.custom import CustomWebhooks, form_to_json, state_of
from smstui.webhooks.vendors.custom_template import NAMES, TEMPLATES, filled, read_with
from tests.webhooks.vendors.cases import (
    FAILED,
    FEEDBACK,
    INBOUND,
    PASSED,
    PENDING,
    WARNED,
    form,
    post,
    told,
    webhook,
)

OF_INBOUND, OF_FEEDBACK = WebhookType.INBOUND, WebhookType.FEEDBACK
ROOM = CustomWebhooks()


def issues(payload: Any, type_: WebhookType) -> list[Issue]:
    """Return what is wrong with a payload."""
    text = payload if isinstance(payload, str) else json.dumps(payload)
    return list(ROOM.rules({"type": type_.value, "payload": text}))


def replies(payload: Any, *bodies: Any) -> list[tuple[str, str]]:
    """Return sender and text of all that a payload finds in callbacks."""
    hook = webhook("Custom", OF_INBOUND, payload=json.dumps(payload))
    readings = [reading for body in bodies for reading in ROOM.read(hook, post(body))]
    return [(reading.sender, reading.text) for reading in readings]


@pytest.mark.parametrize("type_", [OF_INBOUND, OF_FEEDBACK])
def test_the_examples_are_right_for_their_own_type(type_: WebhookType) -> None:
    assert issues(TEMPLATES[type_], type_) == []
    other = OF_FEEDBACK if type_ is OF_INBOUND else OF_INBOUND
    found = issues(TEMPLATES[other], type_)
    assert f"{{{{{NAMES[type_][0]}}}}}" in found[0].message
    assert all(issue.field == "payload" for issue in found)
    assert {issue.offer.changes["payload"] for issue in found if issue.offer} == {TEMPLATES[type_]}


F = {"a": "{{client_reference}}", "b": "{{failureCode}}", "c": "{{feedbackStatus}}"}


@pytest.mark.parametrize(
    ("payload", "said", "severity"),
    [
        ({**F, "c": "x"}, "Missing: {{feedbackStatus}}", "error"),
        ({**F, "c": "{{FeedbackStatus}}"}, "Adobe writes {{feedbackStatus}}, not", "error"),
        ({**F, "c": "{{feedback_status}}"}, "Adobe writes {{feedbackStatus}}, not", "error"),
        ({**F, "{{failureCode}}": 1}, "{{failureCode}} stands in a name", "error"),
        ({**F, "d": "{{price}}"}, "{{price}} is not known here", "warning"),
        ({**F, "d": "{{InboundMessage}}"}, "{{InboundMessage}} is not known", "warning"),
        ({**F, "d": "{{x"}, "double curly brackets", "warning"),
        ([F, F], "has one element", "error"),
        ({**F, "a": "{{client_reference}}{{failureCode}}"}, "something that parts", "error"),
        ("7", "neither an object nor a list", "error"),
    ],
)
def test_what_is_wrong_with_a_payload_is_told(payload: Any, said: str, severity: str) -> None:
    (issue,) = issues(payload, OF_FEEDBACK)
    assert said in issue.message
    assert issue.severity == severity
    assert issue.offer is None


def test_a_broken_payload_is_told_once_by_its_field() -> None:
    assert issues("{", OF_FEEDBACK) == issues("", OF_FEEDBACK) == []
    check = ROOM.own_fields()["payload"].check
    assert check is not None
    assert [said for _severity, said in check("{")]
    assert list(check(TEMPLATES[OF_FEEDBACK])) == []


def test_a_reply_is_mapped() -> None:
    body = {
        "id": 7,
        "from": "tel:+1 206-555-0123",
        "to": "12345",
        "message": {"text": "STOP", "more": [1]},
        "receivedAt": "2026-11-23T11:00:00+0100",
        "unknown": None,
    }
    (reading,) = ROOM.read(webhook("Custom", OF_INBOUND), post(body))
    assert reading.kind is INBOUND
    assert (reading.key, reading.message_id) == ("7", "7")
    assert reading.mapped == {
        "InboundMessage": "STOP",
        "ProfileNumber": "+12065550123",
        "RequestID": "7",
        "OriginTimestamp": "2026-11-23T10:00:00.000Z",
        "InboundNumber": "12345",
    }


def test_what_a_reply_lacks_is_filled_in() -> None:
    hook = webhook("Custom", OF_INBOUND)
    hook = replace(hook, draft={**hook.draft, "sender_phone_number": "+15005550006"})
    (reading,) = ROOM.read(hook, post({"from": "12065550123", "message": {"text": "hi"}}))
    assert (reading.key, reading.recipient) == ("", "+15005550006")
    assert reading.mapped["OriginTimestamp"] == "2026-11-23T10:00:00.000Z"


def test_reports_are_mapped_one_by_one() -> None:
    statuses = [{"code": 0, "status": "Delivered"}, {"code": 12, "status": "UNDELIVERED"}]
    body = {"clientReference": "verify-7f3a", "statuses": statuses}
    first, second = ROOM.read(webhook("Custom", OF_FEEDBACK), post(body))
    assert told(first) == (PASSED, "delivered", "", "")
    assert told(second) == (FAILED, "undelivered", "12", "")
    assert second.kind is FEEDBACK
    assert second.reference == second.message_id == "verify-7f3a"
    assert first.key != second.key
    assert second.mapped == {
        "client_reference": "verify-7f3a",
        "failureCode": "12",
        "feedbackStatus": "UNDELIVERED",
    }


def test_a_form_is_read_as_the_json_that_adobe_would_want() -> None:
    payload = {"From": "{{ProfileNumber}}", "Body": "{{InboundMessage}}"}
    hook = webhook("Custom", OF_INBOUND, payload=json.dumps(payload))
    (reading,) = ROOM.read(hook, form("From=%2B12065550123&Body=Gr%C3%BC%C3%9Fe&Empty="))
    assert (reading.sender, reading.text) == ("+12065550123", "Grüße")
    assert reading.mapped["bodyFormat"] == "form"
    assert form_to_json(b"a=1&b=&a=2&c=%C3%BC") == {"a": ["1", "2"], "b": "", "c": "ü"}
    with pytest.raises(Refused, match="too many"):
        form_to_json(b"&".join(b"a=1" for _number in range(1001)))


@pytest.mark.parametrize(
    ("payload", "body", "expected"),
    [
        (
            {"f": "tel:{{ProfileNumber}}", "t": "{{InboundMessage}}"},
            {"f": "tel:+12065550123", "t": "a"},
            [("+12065550123", "a")],
        ),
        (
            {"x": "{{ProfileNumber}}|{{InboundMessage}};"},
            {"x": "+12065550123|a|b;"},
            [("+12065550123", "a|b")],
        ),
        (
            [{"f": "{{ProfileNumber}}", "t": "{{InboundMessage}}"}],
            [{"f": f"+1206555012{n}", "t": n} for n in range(3)],
            [("+12065550120", "0"), ("+12065550121", "1"), ("+12065550122", "2")],
        ),
        (
            {"f": "{{ProfileNumber}}", "ts": [{"t": "{{InboundMessage}}"}], "n": [1, 2]},
            {"f": "+12065550123", "ts": [{"t": "a"}, {"t": "b"}]},
            [("+12065550123", "a"), ("+12065550123", "b")],
        ),
        (
            {"f": "{{ProfileNumber}}", "ts": ["{{InboundMessage}}"], "ids": ["{{RequestID}}"]},
            {"f": "+12065550123", "ts": ["a"], "ids": []},
            [("+12065550123", "a")],
        ),
        (
            {"f": "{{ProfileNumber}}", "ts": [{"t": "{{InboundMessage}}"}]},
            {"f": "+12065550123", "ts": []},
            [],
        ),
        (
            {"f": "{{ProfileNumber}}", "t": "{{InboundMessage}}"},
            {"f": "12345", "t": True},
            [("12345", "true")],
        ),
    ],
)
def test_a_payload_is_laid_over_a_callback(
    payload: Any, body: Any, expected: list[tuple[str, str]]
) -> None:
    assert replies(payload, body) == expected


P = {"a": {"f": "tel:{{ProfileNumber}}"}, "ts": [{"t": "{{InboundMessage}}"}]}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ([], "the body is not an object"),
        ({"a": {"f": "tel:1"}}, "ts[].t, where {{InboundMessage}} stands"),
        ({"a": {"f": "tel:1"}, "ts": [{"t": ""}]}, "ts[].t, where {{InboundMessage}} stands"),
        ({"a": {"f": None}, "ts": [{"t": "x"}]}, "a.f, where {{ProfileNumber}} stands"),
        ({"a": {"f": "1"}, "ts": []}, "a.f is not “tel:{{ProfileNumber}}”"),
        ({"a": [], "ts": []}, "a is not an object"),
        ({"a": {"f": "tel:1"}, "ts": {}}, "ts is not a list"),
        ({"a": {"f": "tel:1"}, "ts": [{"t": "x"}, {"t": {}}]}, "ts[1].t is not a text"),
        ({"a": {"f": "tel:1"}, "ts": [{"t": "x"}] * 1001}, "ts holds more than 1000"),
    ],
)
def test_what_does_not_fit_is_told_by_its_place(body: Any, said: str) -> None:
    with pytest.raises(Refused) as refused:
        replies(P, body)
    assert refused.value.status == 400
    assert said in refused.value.message


def test_lists_beside_each_other_do_not_grow_beyond_measure() -> None:
    payload = {"a": ["{{InboundMessage}}"], "b": ["{{ProfileNumber}}"]}
    with pytest.raises(Refused, match="more than 1000"):
        replies(payload, {"a": ["x"] * 100, "b": ["1"] * 100})


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        ("DELIVERED", "0", (PASSED, "delivered", "", "")),
        ("Delivered to handset", "", (PASSED, "delivered", "", "")),
        ("DELIVRD", "000", (PASSED, "delivered", "", "")),
        ("read", "", (PASSED, "read", "", "")),
        ("Sent", "", (PENDING, "sent", "", "")),
        ("en-route", "", (PENDING, "sent", "", "")),
        ("FAILED", "E12", (FAILED, "failed", "E12", "")),
        ("UNDELIV", "", (FAILED, "undelivered", "", "")),
        ("not_delivered", "", (FAILED, "undelivered", "", "")),
        ("Rejected", "5", (FAILED, "rejected", "5", "")),
        ("EXPIRED", "", (FAILED, "expired", "", "")),
        ("Odd", "5", (WARNED, "status Odd", "5", "")),
    ],
)
def test_words_for_states_are_understood(status: str, code: str, expected: tuple[Any, ...]) -> None:
    outcome = state_of(status, code, "m")
    assert (outcome.result, outcome.word, outcome.code, outcome.channel) == expected
    assert outcome.message_id == "m"


VALUES = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FF, categories=("L", "N")), min_size=1
)
ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys(NAMES[OF_INBOUND], VALUES)), max_size=4)
PLACES = st.sampled_from(["{{%s}}", "tel:{{%s}}", "<{{ %s }}>"])


def shapes(draw: st.DrawFn) -> Any:
    """Return a template with a blank of each name, nested in some way."""
    spots: Any = {f"k{n}": draw(PLACES) % name for n, name in enumerate(NAMES[OF_INBOUND])}
    for depth in range(draw(st.integers(0, 3))):
        kept = {key: spots.pop(key) for key in draw(st.sets(st.sampled_from(sorted(spots))))}
        spots = {**spots, f"in{depth}": {**kept, "example": "x"}} if kept else {"only": spots}
    return spots


@settings(deadline=None)
@given(st.composite(shapes)(), ROWS)
def test_what_is_filled_into_a_payload_is_read_back(
    template: Any, rows: list[dict[str, str]]
) -> None:
    document = {"list": [filled(template, row) for row in rows], "other": [{}]}
    assert read_with({"list": [template]}, document, OF_INBOUND) == rows
    for row in rows:
        assert read_with(template, filled(template, row), OF_INBOUND) == [row]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=6)
    | PLACES.map(lambda p: p % "RequestID"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=12,
)


@settings(deadline=None)
@given(JSON, JSON)
def test_no_payload_and_no_callback_do_harm(template: Any, document: Any) -> None:
    for type_ in (OF_INBOUND, OF_FEEDBACK):
        assert all(issue.message for issue in issues(template, type_))
        try:
            read_with(template, document, type_)
        except Refused as refusal:
            assert refusal.status == 400  # noqa: PT017 - whether it raises is left open
