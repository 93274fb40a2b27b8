"""RCS at the simulated Infobip, from a sender that is made to its launch and a read receipt."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.receiver import Receiver
from tests.simulator.infobip.conftest import FAILOVER, RCS, Infobip, Peer

NEW = "live, RCS new"
SENDERS = "/rcs/1/senders"
REQUESTS = "/resources/1/requests"
PHONE = "+385991234567"
PROFILE: dict[str, Any] = {
    "billingCategory": "NON_CONVERSATIONAL",
    "useCase": "TRANSACTIONAL",
    "hostingRegion": "EUROPE",
    "brand": {"brandName": "Acme"},
    "displayName": "Acme",
    "description": "Orders and offers",
    "color": "#0B78D0",
    "emails": [{"address": "help@example.com", "label": "Help"}],
    "bannerUrl": "https://example.com/banner.png",
    "logoUrl": "https://example.com/logo.png",
    "privacy": {"url": "https://example.com/privacy", "label": "Privacy"},
    "termsOfService": {"url": "https://example.com/terms"},
}
REQUIREMENTS = {
    "legalBrandCompanyName": "Acme plc",
    "companyWebsite": "https://example.com",
    "contactPersonEmailAddresses": ["ann@example.com"],
    "optInDescription": "A form on our website",
    "stopMessage": "You will get no more. STOP is confirmed.",
    "demoVideo": "https://example.com/video.mp4",
}


def create(peer: Peer, name: str = "Acme", **changes: Any) -> Any:
    """Ask for a sender; a change to None leaves a member out."""
    body = {"senderName": name} | PROFILE | changes
    return peer.call("POST", SENDERS, {k: v for k, v in body.items() if v is not None})


def launch(peer: Peer, name: str = "Acme", **changes: Any) -> Any:
    """Ask for the launch of a sender."""
    requirements = REQUIREMENTS | changes.pop("requirements", {})
    body = {
        "type": "RCS_SENDER_LAUNCH",
        "senderName": name,
        "countryCode": "HR",
        "trafficOrigin": "LOCAL",
        "requirements": [
            {"key": key, "value": value} for key, value in requirements.items() if value is not None
        ],
    }
    return peer.call("POST", REQUESTS, body | changes)


def status(peer: Peer, name: str = "Acme") -> str:
    """Return the status of a sender."""
    found: str = peer.get(f"{SENDERS}/{name}")["senderStatus"]
    return found


def test_a_sender_is_made_and_found(infobip: Infobip) -> None:
    peer = infobip.peer(NEW)
    assert peer.get(SENDERS)["results"] == []
    made = create(peer)
    assert (made.status, made.json) == (202, {"senderName": "Acme", "senderStatus": "PENDING"})
    infobip.clock.advance(2.9)
    assert status(peer) == "PENDING"
    infobip.clock.advance(0.1)
    record = peer.get(f"{SENDERS}/Acme")
    assert record["senderStatus"] == "READY_FOR_TESTING"
    assert record["googleAgentId"].startswith("acme_")
    assert {name: record[name] for name in PROFILE} == PROFILE
    (listed,) = peer.get(SENDERS)["results"]
    assert "privacy" not in listed
    again = create(peer, "acme")
    assert (again.status, again.json["errorCode"]) == (409, "E409")
    assert again.json["violations"][0]["property"] == "senderName"
    assert infobip.peer().call("GET", f"{SENDERS}/Acme").status == 404
    for number in range(9):
        assert create(peer, f"Acme{number}").status == 202
    assert create(peer, "Acme-more").json["violations"][0]["property"] == "REQUEST"


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"senderName": None}, "senderName"),
        ({"senderName": "ab"}, "senderName"),
        ({"senderName": "123"}, "senderName"),
        ({"brand": None}, "brand.brandName"),
        ({"billingCategory": "BASIC"}, "billingCategory"),
        ({"useCase": None}, "useCase"),
        ({"hostingRegion": "MARS"}, "hostingRegion"),
        ({"displayName": "x" * 41}, "displayName"),
        ({"description": "x" * 101}, "description"),
        ({"color": "blue"}, "color"),
        ({"color": "#FFD700"}, "color"),
        ({"logoUrl": "logo.png"}, "logoUrl"),
        ({"bannerUrl": "http://["}, "bannerUrl"),
        ({"privacy": {}}, "privacy.url"),
        ({"privacy": "x"}, "privacy"),
        (
            {"termsOfService": {"url": "https://a.example", "label": "x" * 26}},
            "termsOfService.label",
        ),
        ({"emails": None}, "REQUEST"),
        ({"emails": [{"address": "a@example.com"}]}, "emails[0].label"),
        ({"phones": [{"phoneNumber": "call us", "label": "x"}]}, "phones[0].phoneNumber"),
        ({"websites": [{"url": "https://a.example", "label": "x"}] * 2}, "websites"),
    ],
)
def test_a_wrong_sender_is_refused_at_its_place(
    later: Infobip, changes: dict[str, Any], place: str
) -> None:
    answer = create(later.peer(NEW), **changes)
    assert (answer.status, answer.json["errorCode"]) == (400, "E400")
    assert place in [violation["property"] for violation in answer.json["violations"]]


@pytest.mark.parametrize("body", [b"", b"[]", b"null"])
def test_a_body_that_is_no_object_is_refused(later: Infobip, body: bytes) -> None:
    peer = later.peer()
    paths = (SENDERS, f"{SENDERS}/NewSender/test-numbers", REQUESTS)
    assert [peer.call("POST", path, body).status for path in paths] == [400] * 3


def test_test_numbers_are_invited_and_accept(infobip: Infobip) -> None:
    peer = infobip.peer(NEW)
    numbers = f"{SENDERS}/Acme/test-numbers"
    create(peer)
    assert peer.call("POST", numbers, {"testNumber": PHONE}).status == 409
    infobip.clock.advance(3)

    def invite(number: str) -> int:
        return peer.call("POST", numbers, {"testNumber": number, "primary": True}).status

    def states() -> dict[str, str]:
        return {r["testNumber"][-5:]: r["status"] for r in peer.get(numbers)["results"]}

    endings = ("34567", "20702", "20001", "00999")
    assert [invite("385991234567"[:-5] + ending) for ending in endings] == [202] * 4
    assert set(states().values()) == {"PENDING"}
    assert invite(PHONE) == 409
    assert invite("x") == 400
    infobip.clock.advance(1)
    waiting = "WAITING_FOR_TESTER_ACCEPTANCE"
    assert states() == dict(zip(endings, (waiting, "UNSUPPORTED", "FAILED", waiting), strict=True))
    infobip.clock.advance(3)
    one = peer.get(f"{numbers}/{quote(PHONE)}")
    assert one == {
        "testNumber": PHONE,
        "status": "APPROVED",
        "updatedAt": "2026-11-23T10:00:07.000+0000",
        "primary": True,
    }
    infobip.clock.advance(86_400)
    assert states()["00999"] == "EXPIRED"
    refresh = f"{numbers}/{quote('+385991200999')}/refresh"
    assert peer.call("PUT", refresh).json["status"] == "PENDING"
    assert peer.call("PUT", refresh).status == 409
    infobip.clock.advance(1)
    assert states()["00999"] == waiting
    assert peer.call("PUT", f"{numbers}/{PHONE[:-1]}/refresh").status == 404
    for number in range(19):
        assert invite(f"+3859912345{number:02}") == 202
    assert invite("+385991234599") == 409


def test_before_the_launch_only_test_numbers_are_reached(infobip: Infobip) -> None:
    peer = infobip.peer(NEW)
    create(peer)
    infobip.clock.advance(3)
    peer.call("POST", f"{SENDERS}/Acme/test-numbers", {"testNumber": PHONE})

    def outcome(to: str, **more: Any) -> tuple[str, str]:
        sent = peer.send(to, RCS, sender="Acme", **more)
        infobip.clock.advance(4)
        log = peer.log(sent, "/rcs/2/logs")
        return log["status"]["groupName"], log["error"]["name"]

    assert outcome(PHONE) == ("UNDELIVERABLE", "EC_UNKNOWN_USER")  # Not accepted yet.
    assert outcome(PHONE) == ("DELIVERED", "NO_ERROR")
    assert outcome("385990000001") == ("UNDELIVERABLE", "EC_UNKNOWN_USER")
    assert outcome("385991234568", options=FAILOVER) == ("PENDING", "EC_UNKNOWN_USER")
    check = {"sender": "Acme", "phoneNumbers": [PHONE, "385991234568"]}
    answer = peer.call("POST", "/rcs/2/capability-check/query", check).json
    codes = [result["code"] for result in answer["capabilityCheckResults"]]
    assert codes == ["ENABLED", "UNREACHABLE"]


def timeline(infobip: Infobip, peer: Peer, name: str, request: str) -> list[tuple[str, str, str]]:
    """Return what request, sender and providers come to, each time that something changes."""
    seen = []
    for _second in range(30):
        coverage = peer.get(f"{SENDERS}/{name}/launch-status")["coverage"]
        providers = [p["status"] for country in coverage for p in country["providers"]]
        state = peer.get(f"{REQUESTS}/{request}")["status"]
        seen.append((state, status(peer, name), " ".join(providers)))
        infobip.clock.advance(1)
    return list(dict.fromkeys(seen))


def test_a_launch_goes_from_provider_to_provider(infobip: Infobip) -> None:
    peer = infobip.peer(NEW)
    create(peer)
    infobip.clock.advance(3)
    asked = launch(peer, excludedCarriers=["TELEMACH"], additionalContactEmails=["a@example.com"])
    assert asked.status == 201
    progress, done = "IN_PROGRESS", "COMPLETED"
    waiting = "PENDING NOT_REQUESTED PENDING"
    assert timeline(infobip, peer, "Acme", asked.json["id"]) == [
        *((s, "PENDING_LAUNCH", waiting) for s in ("PENDING", "AUTOMATIC_VALIDATION")),
        *((s, "PENDING_LAUNCH", waiting) for s in ("PENDING_REVIEW", "IN_REVIEW")),
        (progress, "PENDING_LAUNCH", f"{progress} NOT_REQUESTED {progress}"),
        (progress, "LAUNCHED_IN_PROGRESS", f"{done} NOT_REQUESTED {progress}"),
        (done, "LAUNCHED", f"{done} NOT_REQUESTED {done}"),
    ]
    record = peer.get(f"{REQUESTS}/{asked.json['id']}")
    assert (record["senderName"], record["countryCode"]) == ("Acme", "HR")
    assert record["requirementsFeedback"] == []
    assert peer.get(f"{REQUESTS}?status=COMPLETED&countryCode=HR")["results"] == [record]
    assert peer.get(f"{REQUESTS}?status=PENDING")["results"] == []
    assert peer.state("385991234568", RCS, sender="Acme") == "PENDING_ACCEPTED"
    infobip.clock.advance(5)
    (log,) = peer.get("/rcs/2/logs")["results"]
    assert log["status"]["groupName"] == "DELIVERED"
    again = launch(peer).json
    assert again["errorCode"] == "RR-RCS-SENDER-ALREADY-LAUNCHED400"
    assert peer.call("PUT", f"{SENDERS}/Acme", PROFILE).status == 409


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("Acme-partly", ("COMPLETED", "LAUNCHED_PARTIAL_SUCCESS", "COMPLETED COMPLETED REJECTED")),
        ("Acme-rejected", ("REJECTED", "READY_FOR_TESTING", "REJECTED REJECTED REJECTED")),
    ],
)
def test_providers_may_refuse(infobip: Infobip, name: str, last: tuple[str, str, str]) -> None:
    peer = infobip.peer(NEW)
    create(peer, name)
    infobip.clock.advance(3)
    asked = launch(peer, name).json["id"]
    assert timeline(infobip, peer, name, asked)[-1] == last
    coverage = peer.get(f"{SENDERS}/{name}/launch-status")["coverage"]
    assert "STOP" in coverage[0]["providers"][2]["rejectionReason"]


def test_a_launch_is_sent_back_and_corrected(infobip: Infobip) -> None:
    peer = infobip.peer(NEW)
    create(peer)
    infobip.clock.advance(3)
    asked = launch(peer, requirements={"stopMessage": "Bye"}).json["id"]
    path = f"{REQUESTS}/{asked}"
    fix = {"requirements": [{"key": "stopMessage", "value": "STOP is confirmed"}]}
    assert peer.call("PATCH", path, fix).json["errorCode"] == "RR-INVALID-STATUS400"
    infobip.clock.advance(60)
    record = peer.get(path)
    assert (record["status"], status(peer)) == ("UPDATE_REQUESTED", "PENDING_LAUNCH")
    assert record["requirementsFeedback"][0]["key"] == "stopMessage"
    assert peer.call("PATCH", path, {"requirements": []}).status == 400
    fixed = peer.call("PATCH", path, fix)
    assert (fixed.status, fixed.json["status"]) == (200, "PENDING")
    infobip.clock.advance(30)
    assert (peer.get(path)["status"], status(peer)) == ("COMPLETED", "LAUNCHED")
    assert peer.call("POST", f"{path}/cancel").status == 400


def test_a_sender_is_corrected_before_its_launch_goes_on(infobip: Infobip) -> None:
    peer = infobip.peer(NEW)
    create(peer, "Acme-update")
    infobip.clock.advance(3)
    launch(peer, "Acme-update")
    infobip.clock.advance(60)
    assert status(peer, "Acme-update") == "SENDER_UPDATE_REQUIRED"
    body = PROFILE | {"displayName": "Acme plc", "hostingRegion": None, "brand": None}
    assert peer.call("PUT", f"{SENDERS}/Acme-update", body).status == 202
    assert status(peer, "Acme-update") == "PENDING"
    infobip.clock.advance(30)
    record = peer.get(f"{SENDERS}/Acme-update")
    assert (record["senderStatus"], record["displayName"]) == ("LAUNCHED", "Acme plc")
    assert record["brand"] == PROFILE["brand"]


def test_a_launch_is_taken_back(infobip: Infobip) -> None:
    peer = infobip.peer(NEW)
    create(peer)
    infobip.clock.advance(3)
    path = f"{REQUESTS}/{launch(peer).json['id']}"
    assert launch(peer).json["errorCode"] == "RR-RCS-SENDER-ALREADY-REQUESTED400"
    assert peer.call("POST", f"{path}/cancel").status == 204
    assert peer.get(path)["status"] == "CANCEL_REQUESTED"
    infobip.clock.advance(2)
    assert (peer.get(path)["status"], status(peer)) == ("CANCELED", "READY_FOR_TESTING")
    assert launch(peer).status == 201
    assert peer.call("GET", f"{REQUESTS}/x").json["errorCode"] == "RR404"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"type": "NUMBER_PURCHASE"}, "type"),
        ({"senderName": None}, "senderName"),
        ({"senderName": "Nobody"}, "RR-RCS-SENDER404"),
        ({"trafficOrigin": "x"}, "trafficOrigin"),
        ({"countryCode": "MT"}, "RR-RCS-SENDER-COUNTRY-UNSUPPORTED400"),
        ({"excludedCarriers": ["TIM"]}, "RR-RCS-SENDER-INVALID-CARRIERS400"),
        ({"requirements": {"demoVideo": None}}, "requirements"),
        ({"requirements": {"unknown": 1}}, "requirements"),
        ({"countryCode": "US"}, "requirements"),
        ({"additionalContactEmails": ["a@example.com"] * 4}, "additionalContactEmails"),
    ],
)
def test_a_wrong_launch_is_refused(later: Infobip, changes: dict[str, Any], said: str) -> None:
    answer = launch(later.peer(), "NewSender", **changes)
    places = [violation["property"] for violation in answer.json["violations"]]
    assert answer.status == (404 if said.endswith("404") else 400)
    assert said in (answer.json["errorCode"], *places)


def test_what_a_launch_needs_and_who_decides(later: Infobip) -> None:
    peer = later.peer()
    ask = {"type": "RCS_SENDER_LAUNCH", "countryCode": "US", "trafficOrigin": "LOCAL"}
    found = peer.call("POST", "/resources/1/requirements-lookup", ask).json["requirements"]
    assert {"key", "type", "name", "description", "required", "category"} <= set(found[0])
    assert found[-1]["key"] == "ein"
    providers = peer.get(f"{SENDERS}/providers?countryCode=HR")["results"]
    assert providers == [{"countryCode": "HR", "providers": ["A1", "TELEMACH", "HRVATSKI_TELEKOM"]}]
    nobody = peer.call("GET", f"{SENDERS}/providers?countryCode=MT")
    assert (nobody.status, nobody.json["errorCode"]) == (404, "E404")
    limited = later.peer("send-only key")
    assert limited.call("POST", REQUESTS, {}).status == 403
    assert limited.call("GET", SENDERS).status == 403


def test_each_change_is_told_to_a_subscription(infobip: Infobip, receiver: Receiver) -> None:
    peer = infobip.peer(NEW)
    account = next(a for a in infobip.simulator.accounts if a.label == NEW)
    events = ["SENDER_UPDATE", "SENDER_LAUNCH_UPDATE", "TEST_NUMBER_UPDATE"]
    profile = {"webhook": {"notifyUrl": f"{receiver.url}/changes"}}
    body = {"subscriptionId": "changes", "events": events, "profile": profile}
    peer.call("POST", "/subscriptions/1/subscription/RCS", body)
    infobip.simulator.set_webhook(
        account, inbound=f"{receiver.url}/in", feedback=f"{receiver.url}/reports"
    )

    def passing(seconds: float) -> list[tuple[str, Any]]:
        infobip.clock.advance(seconds)
        infobip.simulator.settle()
        found = []
        while not receiver.received.empty():
            got = receiver.received.get_nowait()
            found.append((got.path, json.loads(got.body)["results"][0]))
        return found

    create(peer)
    ((path, record),) = passing(3)
    assert (path, record["senderStatus"]) == ("/changes", "READY_FOR_TESTING")
    peer.call("POST", f"{SENDERS}/Acme/test-numbers", {"testNumber": "+385991207867"})
    assert [record["testNumberStatus"] for _path, record in passing(10)] == [
        *("WAITING_FOR_TESTER_ACCEPTANCE", "APPROVED")
    ]
    peer.send("385991207867", RCS, sender="Acme")
    reports = passing(10)
    assert [path for path, _record in reports] == ["/reports", "/in", "/reports"]
    assert reports[0][1]["status"]["name"] == "DELIVERED_TO_HANDSET"
    assert reports[1][1]["message"]["text"] == "STOP"
    assert "seenAt" in reports[2][1]
    launch(peer)
    assert [record["senderStatus"] for _path, record in passing(60)] == [
        "PENDING_LAUNCH",
        *["LAUNCHED_IN_PROGRESS"] * 2,
        "LAUNCHED",
    ]
