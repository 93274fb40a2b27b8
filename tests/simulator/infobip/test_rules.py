"""What is checked in a body before any message is looked at."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smstui.simulator.infobip.errors import Refusal
from smstui.simulator.infobip.rules import read_orders
from tests.simulator.infobip.conftest import MMS, RCS, SMS, TEXT, TO, Infobip

WRONG: list[tuple[Any, str, str]] = [
    ({}, SMS, "messages"),
    ({"messages": []}, SMS, "messages"),
    ({"messages": ["x"]}, SMS, "messages"),
    ({"messages": [{"content": {"text": "x"}}]}, SMS, "messages[0].destinations"),
    (
        {"messages": [{"destinations": [{}], "content": {"text": "x"}}]},
        SMS,
        "messages[0].destinations[0].to",
    ),
    (
        {"messages": [{"destinations": [{"to": "1" * 65}], "content": {"text": "x"}}]},
        SMS,
        "messages[0].destinations[0].to",
    ),
    ({"messages": [{"destinations": [{"to": TO}]}]}, SMS, "messages[0].content.text"),
]
OPTIONS: list[tuple[Any, str]] = [
    ({"validityPeriod": {"amount": "2"}}, "validityPeriod.amount"),
    ({"validityPeriod": {"amount": 0}}, "validityPeriod.amount"),
    ({"validityPeriod": {"amount": 1, "timeUnit": "DAYS"}}, "validityPeriod.timeUnit"),
    (
        {"regional": {"indiaDlt": {"contentTemplateId": "1"}}},
        "regional.indiaDlt.principalEntityId",
    ),
    ({"campaignReferenceId": "x" * 256}, "campaignReferenceId"),
    ({"regional": "x"}, "regional"),
]


@pytest.mark.parametrize(("document", "path", "violation"), WRONG)
def test_a_body_that_does_not_fit_is_refused_whole(
    later: Infobip, document: Any, path: str, violation: str
) -> None:
    answer = later.peer().call("POST", path, document)
    assert (answer.status, answer.json["errorCode"]) == (400, "E400")
    assert [entry["property"] for entry in answer.json["violations"]] == [violation]


@pytest.mark.parametrize(("options", "violation"), OPTIONS)
def test_options_are_checked(later: Infobip, options: Any, violation: str) -> None:
    answer = later.peer().send(options=options)
    assert answer.status == 400
    (entry,) = answer.json["violations"]
    assert entry["property"] == f"messages[0].options.{violation}"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 5000])
def test_a_body_that_is_no_json_object_is_refused(later: Infobip, body: bytes) -> None:
    assert later.peer().call("POST", SMS, body).status == 400


def test_rcs_content_is_checked(later: Infobip) -> None:
    peer = later.peer()
    suggestion = {"type": "REPLY", "text": "Yes", "postbackData": "YES"}
    good = {**TEXT, "suggestions": [suggestion] * 11}
    assert peer.send(path=RCS, content=good).status == 200
    for content, violation in (
        ({"text": "x"}, "type"),
        ({"type": "POEM"}, "type"),
        ({"type": "TEXT"}, "text"),
        ({"type": "TEXT", "text": "x" * 3073}, "text"),
        ({**TEXT, "suggestions": [suggestion] * 12}, "suggestions"),
        ({**TEXT, "suggestions": [{**suggestion, "text": "x" * 26}]}, "suggestions[0].text"),
        ({**TEXT, "suggestions": [{**suggestion, "type": "X"}]}, "suggestions[0].type"),
    ):
        answer = peer.send(path=RCS, content=content)
        assert answer.status == 400
        assert answer.json["violations"][0]["property"] == f"messages[0].content.{violation}"


def test_mms_has_segments(later: Infobip) -> None:
    peer = later.peer()
    link = {"type": "LINK", "contentUrl": "https://cdn.example.net/a.png"}
    good = {"title": "Hi", "messageSegments": [link, {"type": "TEXT", "text": "x"}]}
    answer = peer.send(path=MMS, content=good)
    assert "details" not in answer.json["messages"][0]
    later.clock.advance(10)
    log = peer.log(answer, "/mms/2/logs")
    assert (log["status"]["name"], log["content"]) == ("DELIVERED_TO_HANDSET", good)
    long = {"messageSegments": [{"type": "TEXT", "text": "x" * 1601}]}
    assert peer.state(path=MMS, content=long) == "REJECTED_MESSAGE_TEXT_TOO_LONG"
    for segments in ([], [{"type": "LINK"}], [{"type": "POEM"}]):
        assert peer.send(path=MMS, content={"messageSegments": segments}).status == 400


NAMES = """
messages destinations to messageId sender content text type suggestions options validityPeriod
amount timeUnit regional indiaDlt smsFailover mmsFailover webhooks delivery url seen callbackData
messageSegments
"""
DOCUMENTS = st.recursive(
    st.sampled_from([None, True, 0, 1, "", "x", TO, "TEXT", "HOURS", "RCS"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(NAMES.split()), inner, max_size=5)
    ),
    max_leaves=20,
)


@settings(deadline=None)
@given(DOCUMENTS, st.sampled_from(["SMS", "MMS", "RCS"]))
def test_any_body_is_read_or_refused(document: Any, channel: str) -> None:
    try:
        orders = read_orders(document, channel)
    except Refusal as refusal:
        is_right = refusal.status == 400
    else:
        is_right = bool(orders) and all(len(order.to) <= 64 for order in orders)
    assert is_right
