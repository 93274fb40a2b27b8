"""RCS at the simulated Twilio, from a sender that is made to a read receipt."""

from __future__ import annotations

import json
from typing import Any

import pytest

from smstui.simulator.core import SimulatorFailed
from smstui.simulator.rollout import contrast_to_white, country_of
from tests.receiver import Receiver
from tests.simulator.conftest import Peer, Stage

SENDERS = "/v2/Channels/Senders"
NEW = "live, RCS new"


def create(peer: Peer, sender_id: str = "rcs:acme_agent", **more: Any) -> Any:
    """Make a sender by API."""
    body = json.dumps({"sender_id": sender_id} | more).encode()
    return peer.call("POST", SENDERS, body, {"Content-Type": "application/json"})


def account_of(stage: Stage, label: str = NEW) -> Any:
    """Return the login with a label."""
    return next(info for info in stage.simulator.accounts if info.label == label)


def test_a_new_account_has_nothing_but_a_number(stage: Stage) -> None:
    peer = stage.peer(NEW)
    assert peer.get(f"{SENDERS}?Channel=rcs").json["senders"] == []
    assert peer.get("/v1/Services").json["services"] == []
    assert "message_sid" not in peer.fields
    assert peer.send().status == 201


def test_a_sender_advances_by_the_clock(stage: Stage) -> None:
    peer = stage.peer(NEW)
    webhook = {"callback_url": "https://hooks.example.test/in"}
    made = create(peer, profile={"name": "Acme"}, webhook=webhook)
    assert made.status == 202
    path = f"{SENDERS}/{made.json['sid']}"
    seen = []
    for _second in range(40):
        record = peer.get(path).json
        countries = record["compliance"]["countries"]
        seen.append((record["status"], *(country["status"] for country in countries)))
        stage.clock.advance(1)
    assert list(dict.fromkeys(seen)) == [
        ("CREATING", *["PENDING_VERIFICATION"] * 3),
        ("DRAFT", *["PENDING_VERIFICATION"] * 3),
        ("PENDING_VERIFICATION", *["PENDING_VERIFICATION"] * 3),
        ("VERIFYING", *["PENDING_VERIFICATION"] * 3),
        ("TWILIO_REVIEW", *["TWILIO_REVIEW"] * 3),
        ("ONLINE", "ONLINE", "TWILIO_REVIEW", "TWILIO_REVIEW"),
        ("ONLINE", "ONLINE", "ONLINE", "TWILIO_REVIEW"),
        ("ONLINE", "ONLINE", "ONLINE", "ONLINE"),
    ]
    assert {carrier["status"] for carrier in countries[0]["carriers"]} == {"APPROVED"}
    assert countries[1]["carriers"][2] == {"name": "WindTre", "status": "REJECTED"}
    assert record["webhook"]["callback_url"] == webhook["callback_url"]
    assert record["profile"] == {"name": "Acme"}
    assert record["offline_reasons"] is None


def test_a_sender_that_nobody_approves_of_goes_offline(stage: Stage) -> None:
    peer = stage.peer(NEW)
    path = f"{SENDERS}/{create(peer, 'rcs:rejected_agent').json['sid']}"
    stage.clock.advance(60)
    record = peer.get(path).json
    assert record["status"] == "OFFLINE"
    assert record["offline_reasons"][0]["message"]


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({}, "/sender_id"),
        ({"sender_id": "acme_agent"}, "/sender_id"),
        ({"sender_id": "rcs:demo_brand_agent"}, "/sender_id"),
        ({"profile": []}, "/profile"),
        ({"profile": {"name": "x" * 101}}, "/profile/name"),
        ({"profile": {"description": 1}}, "/profile/description"),
        ({"profile": {"logo_url": "logo.png"}}, "/profile/logo_url"),
        ({"profile": {"accent_color": "blue"}}, "/profile/accent_color"),
        ({"profile": {"accent_color": "#FFD700"}}, "/profile/accent_color"),
        ({"profile": {"emails": "x"}}, "/profile/emails"),
        ({"profile": {"emails": [{"email": "x"}]}}, "/profile/emails/0/email"),
        (
            {"profile": {"phone_numbers": [{"phone_number": "12025550142"}]}},
            "/profile/phone_numbers/0/phone_number",
        ),
        ({"profile": {"websites": [{}]}}, "/profile/websites/0/website"),
        ({"profile": {"websites": [{"website": "http://["}]}}, "/profile/websites/0/website"),
        ({"webhook": {"callback_url": "x"}}, "/webhook/callback_url"),
        ({"webhook": {"callback_method": "GET"}}, "/webhook/callback_method"),
        ({"webhook": {"url": "x"}}, "/webhook/url"),
    ],
)
def test_a_wrong_sender_is_refused_at_its_place(
    shared: Stage, document: dict[str, Any], pointer: str
) -> None:
    peer = shared.peer(NEW)
    body = {"sender_id": "rcs:acme_agent"} | document if document else {}
    answer = peer.call("POST", SENDERS, json.dumps(body).encode())
    assert (answer.status, answer.json["code"]) == (400, 63100)
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert peer.get(f"{SENDERS}?Channel=rcs").json["senders"] == []
    assert peer.call("POST", SENDERS, b"{").json["code"] == 63100


def test_what_the_console_alone_does_is_refused(stage: Stage) -> None:
    live = stage.peer()
    assert create(live).json["code"] == 63105
    [online, _review] = live.get(f"{SENDERS}?Channel=rcs").json["senders"]
    for method in ("POST", "DELETE"):
        assert live.call(method, f"{SENDERS}/{online['sid']}").json["code"] == 63105


def test_the_console_makes_a_sender_and_invites_testers(stage: Stage) -> None:
    account, peer = account_of(stage, "live, number only"), stage.peer()
    sid = stage.simulator.add_rcs_sender(account, "Acme, summer sale")
    record = peer.get(f"{SENDERS}/{sid}").json
    assert record["status"] == "CREATING"
    assert record["sender_id"].startswith("rcs:acme_summer_sale_")

    def invite(number: str) -> None:
        stage.simulator.invite_tester(account, sender=sid, number=number)

    def ending(to: str) -> Any:
        message = peer.send(f"rcs:{to}", From=record["sender_id"]).json["sid"]
        stage.clock.advance(5)
        return peer.message(message)["error_code"]

    with pytest.raises(SimulatorFailed, match="63108"):
        invite("+393331234567")
    stage.clock.advance(2)
    invite("+393331234567")
    assert peer.get(f"{SENDERS}/{sid}").json["status"] == "DRAFT"
    assert ending("+393331234567") == 63035  # The invitation is not accepted yet.
    assert ending("+393331234567") is None
    assert ending("+393331234568") == 63035
    assert ending("+393450000001") is None
    for number, code in (("+393450063036", "63106"), ("3331234567", "63107")):
        with pytest.raises(SimulatorFailed, match=code):
            invite(number)
    with pytest.raises(SimulatorFailed, match="no sender"):
        stage.simulator.invite_tester(account, sender="rcs:nobody", number="+393331234567")
    for place in range(19):
        invite(f"+3933312345{place:02}")
    with pytest.raises(SimulatorFailed, match="today"):
        invite("+393331234599")
    stage.clock.advance(86_400)
    invite("+393331234599")


def test_a_country_is_reached_when_a_carrier_there_approves(stage: Stage) -> None:
    peer = stage.peer(NEW)
    create(peer)

    def codes() -> list[Any]:
        sids = [
            peer.send(f"rcs:{to}", From="rcs:acme_agent").json["sid"]
            for to in ("+491701234567", "+393331234567", "+12025550100", "+33612345678")
        ]
        stage.clock.advance(5)
        return [peer.message(sid)["error_code"] for sid in sids]

    stage.clock.advance(10)
    assert codes() == [63035] * 4
    stage.clock.advance(2)
    assert codes() == [None, 63035, 63035, None]
    stage.clock.advance(20)
    assert codes() == [None] * 4


def test_from_a_new_service_to_a_read_receipt(stage: Stage, receiver: Receiver) -> None:
    peer, account = stage.peer(NEW), account_of(stage)
    sender = create(peer).json
    assert peer.post("/v1/Services", {}).json["code"] == 20001
    made = peer.post(
        "/v1/Services", {"FriendlyName": "Acme RCS", "StatusCallback": f"{receiver.url}/status"}
    )
    assert made.status == 201
    service = f"/v1/Services/{made.json['sid']}"
    assert peer.get(service).json == made.json
    joined = peer.post(f"{service}/ChannelSenders", {"Sid": sender["sid"]})
    assert (joined.status, joined.json["sender_type"]) == (201, "RCS")
    numbers = "/2010-04-01/Accounts/{sid}/IncomingPhoneNumbers.json"
    number = peer.get(numbers).json["incoming_phone_numbers"][0]
    pool = f"{service}/PhoneNumbers"
    assert peer.post(pool, {"PhoneNumberSid": number["sid"]}).status == 201
    assert peer.post(pool, {"PhoneNumberSid": number["sid"]}).json["code"] == 21710
    assert peer.post(pool, {"PhoneNumberSid": "PN0"}).json["code"] == 20404
    second = peer.post("/v1/Services", {"FriendlyName": "Other"}).json["sid"]
    other = peer.post(f"/v1/Services/{second}/PhoneNumbers", {"PhoneNumberSid": number["sid"]})
    assert other.json["code"] == 21712

    def told(to: str) -> list[tuple[str, str, Any]]:
        peer.send(to, MessagingServiceSid=made.json["sid"])
        stage.clock.advance(10)
        stage.simulator.settle()
        calls = []
        while not receiver.received.empty():
            got = receiver.received.get_nowait()
            assert got.path == "/status"
            calls.append(got.parameters)
        return [(c["MessageStatus"], c["From"], c.get("EventType")) for c in calls]

    stage.clock.advance(2)
    fallen_back = told("+393331234567")  # In review, so it goes by SMS.
    assert fallen_back[-1] == ("delivered", "+12025550192", None)
    stage.clock.advance(60)
    assert told("+393331234567")[-2:] == [
        ("delivered", "rcs:acme_agent", "DELIVERED"),
        ("read", "rcs:acme_agent", "READ"),
    ]
    stage.simulator.subscriber_texts(account, number="+393331234567", to="acme_agent", text="x")
    stage.simulator.settle()
    assert receiver.received.empty()


def test_a_sender_s_own_urls_are_used_where_its_service_names_none(
    stage: Stage, receiver: Receiver
) -> None:
    peer, account = stage.peer(NEW), account_of(stage)
    create(peer)
    stage.clock.advance(60)
    stage.simulator.set_webhook(
        account,
        inbound=f"{receiver.url}/in",
        feedback=f"{receiver.url}/status",
        sender="acme_agent",
    )
    peer.send("rcs:+393331200937", From="rcs:acme_agent")
    stage.clock.advance(10)
    stage.simulator.settle()
    got = [receiver.received.get_nowait() for _call in range(4)]
    assert [(g.path, g.parameters.get("MessageStatus")) for g in got] == [
        *(("/status", status) for status in ("sent", "delivered")),
        ("/in", None),
        ("/status", "read"),
    ]
    assert (got[2].parameters["Body"], got[2].parameters["To"]) == ("YES", "rcs:acme_agent")
    with pytest.raises(SimulatorFailed, match="no sender"):
        stage.simulator.set_webhook(account, sender="nobody")


@pytest.mark.parametrize(
    ("number", "country"),
    [("+393331234567", "IT"), ("rcs:+12025550100", "US"), ("385990000001", "HR"), ("x", "")],
)
def test_the_country_of_a_number(number: str, country: str) -> None:
    assert country_of(number) == country


def test_contrast_is_that_of_the_web() -> None:
    found = [round(contrast_to_white(c), 2) for c in ("#000000", "#FFFFFF", "#767676", "777777")]
    assert found == [21.0, 1.0, 4.54, 4.48]
