"""The life of a message: states, rejections inside a 200, limits, validity, failover."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.simulator.infobip.conftest import FAILOVER, RCS, TO, Infobip


def test_a_message_goes_through_its_states(later: Infobip) -> None:
    peer = later.peer()
    answer = peer.send(options={"campaignReferenceId": "verify"})
    (message,) = answer.json["messages"]
    assert message["status"]["name"] == "PENDING_ACCEPTED"
    assert (message["destination"], message["details"]) == (TO, {"messageCount": 1})
    assert answer.json["bulkId"].isdigit()
    seen = [peer.log(answer)["status"]["name"]]
    assert "doneAt" not in peer.log(answer)
    for _tick in range(40):
        later.clock.advance(0.1)
        name = peer.log(answer)["status"]["name"]
        seen += [name] if name != seen[-1] else []
    assert seen == [
        "PENDING_ACCEPTED",
        "PENDING_ENROUTE",
        "PENDING_WAITING_DELIVERY",
        "DELIVERED_TO_HANDSET",
    ]
    log = peer.log(answer)
    assert (log["error"]["name"], log["content"]) == ("NO_ERROR", {"text": "x"})
    assert log["campaignReferenceId"] == "verify"
    assert log["price"] == {"pricePerMessage": 0.01, "currency": "EUR"}
    assert re.fullmatch(r"2026-11-2\dT\d\d:\d\d:\d\d\.\d{3}\+0000", log["doneAt"])


@pytest.mark.parametrize(
    ("to", "status", "error"),
    [
        ("385990020001", "UNDELIVERABLE_NOT_DELIVERED", "EC_UNKNOWN_SUBSCRIBER"),
        ("385990020027", "UNDELIVERABLE_NOT_DELIVERED", "EC_ABSENT_SUBSCRIBER"),
        ("385990020368", "UNDELIVERABLE_REJECTED_OPERATOR", "EC_INVALID_SOURCE_ADDRESS"),
        ("385990020603", "UNDELIVERABLE_REJECTED_OPERATOR", "EC_CONTENT_BLOCKED"),
        ("385990020702", "DELIVERED_TO_HANDSET", "NO_ERROR"),
        ("385990040101", "EXPIRED_EXPIRED", "EC_VALIDITY_EXPIRED"),
        ("385990040098", "EXPIRED_EXPIRED", "EC_VP_EXPIRED"),
        ("385990030002", "DELIVERED_TO_OPERATOR", "NO_ERROR"),
        ("385990060019", "REJECTED_ROUTE_NOT_AVAILABLE", "NO_ERROR"),
        ("385990000999", "PENDING_WAITING_DELIVERY", "NO_ERROR"),
    ],
)
def test_the_last_digits_name_the_ending(later: Infobip, to: str, status: str, error: str) -> None:
    peer = later.peer()
    answer = peer.send(to)
    assert answer.json["messages"][0]["status"]["name"] == "PENDING_ACCEPTED"
    later.clock.advance(10)
    log = peer.log(answer)
    assert (log["status"]["name"], log["error"]["name"]) == (status, error)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"to": "385990050018"}, "REJECTED_DESTINATION_NOT_REGISTERED"),
        ({"to": "385990050100"}, "UNDELIVERABLE_REJECTED_PLATFORM"),
        ({"to": ""}, "MISSING_TO"),
        ({"to": "0991234567"}, "REJECTED_DESTINATION"),
        ({"to": "Acme"}, "REJECTED_DESTINATION"),
        ({"sender": "Stranger"}, "REJECTED_SOURCE"),
        ({"sender": None}, "REJECTED_SOURCE"),
        ({"content": {"text": "x" * 3826}}, "REJECTED_MESSAGE_TOO_LONG"),
        ({"content": {"text": "☕" * 1350}}, "REJECTED_MESSAGE_TOO_LONG"),
    ],
)
def test_one_message_is_rejected_inside_a_200(
    later: Infobip, changes: dict[str, Any], status: str
) -> None:
    answer = later.peer().send(**changes)
    assert answer.status == 200
    record = answer.json["messages"][0]["status"]
    assert (record["groupId"], record["name"]) == (5, status)
    assert later.peer().log(answer)["price"]["pricePerMessage"] == 0


def test_each_recipient_has_its_own_state(later: Infobip) -> None:
    answer = later.peer().send([TO, "385990050011", "+385990000101"])
    states = [message["status"]["groupId"] for message in answer.json["messages"]]
    assert states == [1, 5, 1]
    assert [message["destination"] for message in answer.json["messages"]][2] == "385990000101"
    ids = {message["messageId"] for message in answer.json["messages"]}
    assert len(ids) == 3


def test_an_id_is_good_once_for_each_account(later: Infobip) -> None:
    mine: dict[str, Any] = {"destinations": [{"to": TO, "messageId": "verify-1"}]}
    assert later.peer().state(**mine) == "PENDING_ACCEPTED"
    assert later.peer().state(**mine) == "REJECTED_DUPLICATE_MESSAGE_ID"
    assert later.peer("trial").state(**mine) == "REJECTED_DESTINATION_NOT_REGISTERED"
    later.clock.advance(10)
    (log,) = later.peer().get("/sms/3/logs?messageId=verify-1")["results"]
    assert log["status"]["name"] == "DELIVERED_TO_HANDSET"


def test_a_trial_reaches_its_verified_number_by_a_shared_sender(later: Infobip) -> None:
    peer = later.peer("trial")
    answer = peer.send("385990000199")
    assert peer.log(answer)["sender"] == "ServiceSMS"
    assert peer.state() == "REJECTED_DESTINATION_NOT_REGISTERED"


def test_without_credit_everything_is_rejected(later: Infobip) -> None:
    peer = later.peer("no credit")
    assert peer.get("/account/1/balance") == {"balance": 0.0, "currency": "EUR"}
    assert peer.state() == "REJECTED_NOT_ENOUGH_CREDITS"


def test_a_flood_of_the_same_text_and_of_any_is_stopped_for_an_hour(infobip: Infobip) -> None:
    peer = infobip.peer()
    same = [peer.state() for _n in range(7)]
    assert same == ["PENDING_ACCEPTED"] * 6 + ["REJECTED_FLOODING_FILTER"]
    varied = [peer.state(content={"text": f"test {n}"}) for n in range(15)]
    assert varied == ["PENDING_ACCEPTED"] * 14 + ["REJECTED_FLOODING_FILTER"]
    assert peer.state("385990000101") == "PENDING_ACCEPTED"
    infobip.clock.advance(3601)
    assert peer.state() == "PENDING_ACCEPTED"


@pytest.mark.parametrize(
    ("period", "seconds"),
    [
        ({"amount": 2, "timeUnit": "HOURS"}, 7200),
        ({"amount": 2, "timeUnit": "MINUTES"}, 120),
        ({"amount": 2}, 120),
        ({"amount": 90, "timeUnit": "SECONDS"}, 90),
        ({"amount": 72, "timeUnit": "HOURS"}, 48 * 3600),
        (None, 48 * 3600),
    ],
)
def test_the_validity_is_in_minutes_unless_told_and_48_hours_at_most(
    infobip: Infobip, period: Any, seconds: int
) -> None:
    peer = infobip.peer()
    answer = peer.send("385990000999", options={"validityPeriod": period} if period else None)
    infobip.clock.advance(seconds - 1)
    assert peer.log(answer)["status"]["name"] == "PENDING_WAITING_DELIVERY"
    report = "/sms/3/reports"
    assert peer.get(report)["results"] == []
    infobip.clock.advance(1)
    (done,) = peer.get(report)["results"]
    assert done["status"]["name"] == "EXPIRED_DLR_UNKNOWN"


def test_a_validity_shorter_than_the_way_expires(later: Infobip) -> None:
    peer = later.peer()
    answer = peer.send(options={"validityPeriod": {"amount": 2, "timeUnit": "SECONDS"}})
    later.clock.advance(2)
    assert peer.log(answer)["error"]["name"] == "EC_VALIDITY_EXPIRED"


def test_rcs_reaches_whom_it_can(later: Infobip) -> None:
    peer = later.peer()
    sent = {
        to: peer.send(to, RCS, sender=sender)
        for sender, to in (
            ("DemoSender", "385990000100"),
            ("DemoSender", "385990020702"),
            ("NewSender", "385990000210"),
            ("NewSender", "385990000001"),
        )
    }
    assert peer.state(path=RCS, sender="DemoBrand") == "REJECTED_SOURCE"
    later.clock.advance(10)
    errors = {to: peer.log(answer, "/rcs/2/logs")["error"]["name"] for to, answer in sent.items()}
    assert errors == {
        "385990000100": "NO_ERROR",
        "385990020702": "EC_UNKNOWN_USER",
        "385990000210": "EC_UNKNOWN_USER",
        "385990000001": "NO_ERROR",
    }


def test_a_failover_takes_over_by_sms_under_the_same_id(later: Infobip) -> None:
    peer = later.peer()
    answer = peer.send("385990020702", RCS, options=FAILOVER)
    fine = peer.send("385990000100", RCS, options=FAILOVER)
    later.clock.advance(10)
    rcs, sms = peer.log(answer, "/rcs/2/logs"), peer.log(answer)
    assert (rcs["status"]["name"], rcs["error"]["name"]) == ("PENDING_ENROUTE", "EC_UNKNOWN_USER")
    assert (sms["status"]["name"], sms["content"]) == ("DELIVERED_TO_HANDSET", {"text": "instead"})
    assert sms["sender"] == "DemoBrand"
    fine_id = fine.json["messages"][0]["messageId"]
    assert peer.get(f"/sms/3/logs?messageId={fine_id}")["results"] == []


def test_an_mms_failover_and_never_two(later: Infobip) -> None:
    peer = later.peer()
    content = {"messageSegments": [{"type": "TEXT", "text": "instead"}]}
    by_mms = {"mmsFailover": {"sender": "DemoBrand", "content": content}}
    answer = peer.send("385990020702", RCS, options=by_mms)
    later.clock.advance(10)
    assert peer.log(answer, "/mms/2/logs")["status"]["name"] == "DELIVERED_TO_HANDSET"
    assert peer.send(path=RCS, options={**FAILOVER, **by_mms}).status == 400
    assert peer.send(path=RCS, options={"smsFailover": {"sender": "x"}}).status == 400
