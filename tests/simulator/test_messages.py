"""The life of a message, and how messages are found again."""

from __future__ import annotations

import contextlib
import http.client
import select
import socket
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smstui.simulator.twilio.api import CONCURRENT_LIMIT
from smstui.simulator.twilio.endings import DELIVERED, Ending, rcs_ending, sms_ending
from smstui.simulator.twilio.messages import Message
from tests.simulator.conftest import HandClock, Stage

LIST = "/2010-04-01/Accounts/{sid}/Messages.json"


def life(stage: Stage, label: str, to: str, **parameters: str) -> list[str]:
    """Send a message and return the statuses it goes through."""
    peer = stage.peer(label)
    record = peer.send(to, **parameters).json
    seen = [record["status"]]
    for _tick in range(80):
        stage.clock.advance(0.1)
        status = peer.message(record["sid"])["status"]
        if status != seen[-1]:
            seen.append(status)
    return seen


def test_a_number_sends_from_queued_to_delivered(shared: Stage) -> None:
    statuses = life(shared, "live", "+12025550100")
    assert statuses == ["queued", "sending", "sent", "delivered"]


def test_a_service_accepts_first(shared: Stage) -> None:
    service = shared.peer().fields["message_sid"]
    statuses = life(shared, "live", "+12025550100", MessagingServiceSid=service)
    assert statuses == ["accepted", "queued", "sending", "sent", "delivered"]


def test_rcs_is_read_at_last(shared: Stage) -> None:
    service = shared.peer("live, RCS").fields["message_sid"]
    statuses = life(shared, "live, RCS", "rcs:+12025550100", MessagingServiceSid=service)
    assert statuses[-2:] == ["delivered", "read"]


def test_a_carrier_without_receipts_stays_at_sent(shared: Stage) -> None:
    assert life(shared, "live", "+393450000999")[-1] == "sent"


@pytest.mark.parametrize(
    ("to", "status"),
    [
        ("+393450030003", "undelivered"),
        ("+393450030005", "undelivered"),
        ("+393450030006", "undelivered"),
        ("+393450030007", "undelivered"),
        ("+393450030008", "undelivered"),
        ("+120255530034", "undelivered"),
        ("+393450030001", "failed"),
        ("+393450030036", "failed"),
    ],
)
def test_the_last_digits_name_the_ending(shared: Stage, to: str, status: str) -> None:
    peer = shared.peer()
    record = peer.send(to).json
    assert record["error_code"] is None
    shared.clock.advance(10)
    record = peer.message(record["sid"])
    assert (record["status"], record["error_code"]) == (status, int(to[-5:]))
    assert record["error_message"]


def test_the_sender_and_the_parts_are_known_once_the_service_has_chosen(stage: Stage) -> None:
    peer = stage.peer()
    service = peer.fields["message_sid"]
    record = peer.send(MessagingServiceSid=service, Body="a" * 161).json
    assert (record["from"], record["num_segments"], record["price"]) == (None, "0", None)
    assert record["date_sent"] is None
    stage.clock.advance(10)
    record = peer.message(record["sid"])
    assert (record["from"], record["num_segments"]) == ("+12025550142", "2")
    assert record["price"] == "-0.01660"
    assert record["date_created"] == "Mon, 23 Nov 2026 10:00:00 +0000"
    assert record["date_sent"] == "Mon, 23 Nov 2026 10:00:01 +0000"


@pytest.mark.parametrize(
    ("body", "segments"),
    [("a" * 160, "1"), ("a" * 161, "2"), ("☕" * 70, "1"), ("☕" * 71, "2"), ("€" * 80, "1")],
)
def test_parts_are_counted_in_the_alphabet_of_the_text(
    shared: Stage, body: str, segments: str
) -> None:
    record = shared.peer().send(Body=body).json
    assert (record["body"], record["num_segments"]) == (body, segments)


def test_a_trial_says_so_in_the_text(shared: Stage) -> None:
    record = shared.peer("trial").send("+12025550199", Body="a" * 150).json
    assert record["body"].startswith("Sent from your Twilio trial account - ")
    assert record["num_segments"] == "2"


def test_a_service_falls_back_to_sms_and_hides_what_is_wrong_with_rcs(shared: Stage) -> None:
    peer = shared.peer("live, RCS")
    service = peer.fields["message_sid"]
    sent = {
        to: peer.send(to, MessagingServiceSid=service).json["sid"]
        for to in ("+393450000100", "+393450063036", "rcs:+393450063036")
    }
    shared.clock.advance(10)
    seen = {to: peer.message(sid) for to, sid in sent.items()}
    found = {to: (m["status"], m["from"], m["error_code"]) for to, m in seen.items()}
    assert found == {
        "+393450000100": ("read", "rcs:demo_brand_agent", None),
        "+393450063036": ("delivered", "+12025550142", None),
        "rcs:+393450063036": ("undelivered", "rcs:demo_brand_agent", 63036),
    }


def test_a_sender_in_review_reaches_testers_only(shared: Stage) -> None:
    peer = shared.peer("live, RCS in review")
    service = peer.fields["message_sid"]
    tester = peer.send("+393450000001", MessagingServiceSid=service).json["sid"]
    other = peer.send("+393450000100", MessagingServiceSid=service).json["sid"]
    shared.clock.advance(10)
    assert peer.message(tester)["status"] == "read"
    assert peer.message(other)["error_code"] == 63035


def test_test_credentials_leave_nothing_behind(shared: Stage) -> None:
    peer = shared.peer("test credentials")
    record = peer.send(From="+15005550006").json
    assert record["status"] == "queued"
    assert peer.get(LIST.replace(".json", f"/{record['sid']}.json")).json["code"] == 20008


def test_messages_are_listed_newest_first_page_by_page(stage: Stage) -> None:
    peer = stage.peer()
    sids = []
    for number in range(5):
        sids.append(peer.send(Body=f"text {number}").json["sid"])
        stage.clock.advance(1)
    page = peer.get(f"{LIST}?PageSize=2").json
    seen = [message["sid"] for message in page["messages"]]
    assert page["previous_page_uri"] is None
    while page["next_page_uri"]:
        page = peer.get(page["next_page_uri"]).json
        seen += [message["sid"] for message in page["messages"]]
    assert seen == sids[::-1]
    assert (page["page"], page["start"], page["end"]) == (2, 4, 4)
    assert stage.peer("subaccount").get(LIST).json["messages"] == []


def test_a_lost_message_is_found_by_recipient_and_day(stage: Stage) -> None:
    peer = stage.peer()
    wanted = peer.send("+393451234567").json["sid"]
    peer.send("+12025550100")
    stage.clock.advance(86_400)
    later = peer.send("+393451234567").json["sid"]

    def found(query: str) -> list[str]:
        answer = peer.get(f"{LIST}?To={quote('+393451234567')}&{query}").json
        return [message["sid"] for message in answer["messages"]]

    assert found("DateSent=2026-11-23") == [wanted]
    assert found(quote("DateSent<", "") + "=2026-11-23") == [wanted]
    assert found(quote("DateSent>", "") + "=2026-11-23T10:00:01Z") == [later, wanted]
    assert found(quote("DateSent>", "") + "=2026-11-23T10:00:02Z") == [later]
    assert len(found("From=%2B12025550142")) == 2
    assert found("From=%2B12025550143") == []


def test_a_message_is_redacted_and_deleted(stage: Stage) -> None:
    peer = stage.peer()
    sid = peer.send(Body="private").json["sid"]
    path = LIST.replace(".json", f"/{sid}.json")
    assert peer.post(path, {"Body": ""}).json["body"] == ""
    assert peer.message(sid)["body"] == ""
    assert peer.call("DELETE", path).status == 204
    assert peer.get(path).json["code"] == 20404
    assert stage.peer("subaccount").get(path.replace("{sid}", peer.sid)).status == 401


def test_the_same_seed_gives_the_same_ids() -> None:
    seen = []
    for _run in range(2):
        with Stage.running() as stage:
            peer = stage.peer()
            answer = peer.send()
            seen.append((peer.fields["auth_token"], answer.json["sid"], answer.headers))
            assert answer.json["sid"] != peer.send().json["sid"]
    assert seen[0] == seen[1]


ODD = [
    ("20429", 429, b'"code":20429', 0),
    ("20500", 500, b'"code":20500', 0),
    ("20503", 503, b'"code":20503', 0),
    ("00502", 502, b"<!doctype html>", 0),
    ("00301", 307, b"", 0),
    ("00204", 200, b"", 1),
    ("00200", 200, b"<!doctype html>", 1),
]


@pytest.mark.parametrize(("digits", "status", "start", "kept"), ODD)
def test_odd_answers(shared: Stage, digits: str, status: int, start: bytes, kept: int) -> None:
    peer = shared.peer()
    answer = peer.send(f"+3934500{digits}")
    assert answer.status == status
    assert start in answer.body
    assert len(peer.get(f"{LIST}?To=%2B3934500{digits}").json["messages"]) == kept


def test_an_answer_breaks_off_although_the_message_was_accepted(shared: Stage) -> None:
    peer = shared.peer()
    with pytest.raises(http.client.IncompleteRead):
        peer.send("+393450000444")
    assert len(peer.get(f"{LIST}?To=%2B393450000444").json["messages"]) == 1


def test_an_answer_is_far_too_long(shared: Stage) -> None:
    assert len(shared.peer().send("+393450000413").body) > 8 << 20


def test_an_answer_keeps_one_waiting_although_the_message_was_accepted(stage: Stage) -> None:
    peer = stage.peer()
    form = {"To": "+393450000504", "From": peer.fields["inbound_number"], "Body": "x"}
    with peer.begin("POST", LIST, form) as connection:
        assert until(lambda: peer.get(LIST).json["messages"])
        assert silent(connection)


def test_a_slow_account_keeps_everybody_waiting(stage: Stage) -> None:
    slow = stage.peer("slow")
    with slow.begin("GET", LIST) as first, slow.begin("GET", LIST) as second:
        assert stage.peer().get(LIST).status == 200
        assert silent(first)
        assert silent(second)


def test_too_many_requests_at_a_time_are_refused(stage: Stage) -> None:
    peer = stage.peer()
    form = {"To": "+393450000504", "From": peer.fields["inbound_number"], "Body": "x"}
    with contextlib.ExitStack() as waiting:
        for _number in range(CONCURRENT_LIMIT):
            waiting.enter_context(peer.begin("POST", LIST, form))
        assert until(lambda: peer.get(LIST).status == 429)
        answer = peer.get(LIST)
        assert answer.json["code"] == 20429
        assert answer.headers["twilio-concurrent-requests"] == str(CONCURRENT_LIMIT + 1)
        assert stage.peer("trial").get(LIST).status == 200


def until(holds: Callable[[], object]) -> bool:
    """Ask again and again whether something holds, and give up in the end."""
    return any(holds() for _attempt in range(500))


def silent(connection: socket.socket) -> bool:
    """Whether the other side has said nothing so far."""
    return not select.select([connection], [], [], 0)[0]


@given(
    digits=st.text("0123456789", min_size=7, max_size=14).map("+1".__add__),
    seconds=st.floats(0, 60),
    service=st.booleans(),
    rcs=st.booleans(),
)
def test_time_only_ever_moves_a_message_on(
    digits: str, seconds: float, service: bool, rcs: bool
) -> None:
    clock = HandClock()
    ending: Ending = rcs_ending(digits, is_reached=True) if rcs else sms_ending(digits)
    message = Message(
        sid="SM" + "0" * 32,
        account_sid="AC" + "0" * 32,
        service_sid="MG" + "0" * 32 if service else None,
        to=digits,
        sender="+12025550142",
        body="x",
        num_media=0,
        created=clock(),
        ending=ending,
    )
    order = [step.status for step in message.steps]
    now = order.index(message.step_at(clock() + timedelta(seconds=seconds)).status)
    later = order.index(message.step_at(clock() + timedelta(seconds=seconds + 1)).status)
    assert now <= later
    assert message.step_at(clock() + timedelta(seconds=60)).status == ending.status
    record = message.record(clock() + timedelta(seconds=seconds))
    bad = record["status"] in {"failed", "undelivered"}
    assert (record["error_code"] is not None) == bad
    assert (ending is DELIVERED) <= (ending.code is None)
