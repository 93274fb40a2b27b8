"""RCS at the simulated Sinch, from a sender that is made to its launch and a read receipt."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.receiver import Receiver
from tests.simulator.sinch_support import APP, Peer, Sinch

RCS = "Sinch RCS"
SENDERS = "/v1/projects/{project_id}/rcs/senders"
PHONE = "+393331234568"
BRAND: dict[str, Any] = {
    "name": "Acme",
    "description": "Orders and offers",
    "color": "#1E5AA8",
    "logoUrl": "https://example.com/logo.png",
    "bannerUrl": "https://example.com/banner.png",
    "privacyPolicyUrl": "https://example.com/privacy",
    "termsOfServiceUrl": "https://example.com/terms",
    "emails": [{"label": "Help", "address": "help@example.com"}],
}
VIDEO = {"general": {"answers": {"videoUris": ["https://example.com/video.mp4"]}}}


def body(brand: Any = BRAND, **details: Any) -> dict[str, Any]:
    """Return what makes a sender."""
    return {
        "region": "EU",
        "billingCategory": "NON_CONVERSATIONAL",
        "useCase": "TRANSACTIONAL",
        "details": {"brand": brand, "countries": ["IT"], "questionnaire": VIDEO} | details,
    }


def made(peer: Peer, **changes: Any) -> str:
    """Make a sender and return its path."""
    answer = peer.call("POST", SENDERS, body(BRAND | changes.pop("brand", {}), **changes))
    assert answer.status == 201
    return f"{SENDERS}/{answer.json['id']}"


def state(peer: Peer, path: str) -> str:
    """Return the state of a sender."""
    found: str = peer.call("GET", path).json["state"]
    return found


def error(answer: Any) -> tuple[int, str]:
    """Return status and code of a refusal in the API's own form."""
    assert {"errorCode", "message", "resolution", "additionalInformation"} == set(answer.json)
    return answer.status, answer.json["errorCode"]


def test_a_sender_is_begun_completed_and_made(sinch: Sinch) -> None:
    peer = sinch.peer("live, RCS new", RCS)
    assert peer.call("GET", SENDERS).json["senders"] == []
    answer = peer.call("POST", SENDERS, body({"name": "Acme"}))
    assert (answer.status, answer.json["state"]) == (201, "DRAFT")
    path = f"{SENDERS}/{answer.json['id']}"
    sinch.clock.advance(60)
    assert state(peer, path) == "DRAFT"
    rest = {name: value for name, value in BRAND.items() if name != "name"}
    changed = peer.call("PATCH", path, {"details": {"brand": rest}})
    assert changed.json["state"] == "IN_PROGRESS"
    assert changed.json["details"]["brand"] == BRAND
    assert "authToken" not in changed.json
    invite = {"testNumbers": [PHONE]}
    assert error(peer.call("POST", f"{path}/testNumbers", invite)) == (400, "no_google_supplier")
    sinch.clock.advance(3)
    record = peer.call("GET", path).json
    assert (record["state"], record["region"]) == ("IN_TEST", "EU")
    assert record["authToken"]
    assert record["authName"] != record["id"]
    assert peer.call("GET", SENDERS).json["senders"] == [record]
    gone = peer.call("PATCH", path, {"details": {"brand": {"description": None}}}).json
    assert "description" not in gone["details"]["brand"]
    assert error(peer.call("POST", SENDERS, body())) == (409, "sender_already_exists")
    other = sinch.peer("live", RCS)
    assert error(other.call("GET", path.replace("{project_id}", other.fields["project_id"]))) == (
        404,
        "sender_not_found",
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"region": "MARS"}, "region"),
        ({"useCase": None}, "useCase"),
        ({"billingCategory": "x"}, "billingCategory"),
        ({"name": "Acme"}, "property name"),
        ({"details": []}, "details must"),
        ({"details": {"name": "Acme"}}, "property name"),
        ({"details": {"brand": []}}, "objects"),
        ({"details": {"brand": {"slogan": "x"}}}, "property slogan"),
        ({"details": {"brand": {"name": 1}}}, "brand.name"),
        ({"details": {"brand": {"logoUrl": "logo.png"}}}, "brand.logoUrl"),
        ({"details": {"brand": {"description": "x" * 101}}}, "100 characters"),
        ({"details": {"brand": {"color": "blue"}}}, "hexadecimal"),
        ({"details": {"brand": {"color": "#FFD700"}}}, "contrast"),
        ({"details": {"brand": {"phones": {}}}}, "brand.phones"),
        ({"details": {"brand": {"emails": [{"address": "a@example.com"}]}}}, "emails.0.label"),
        ({"details": {"countries": ["MT"]}}, "countries"),
        ({"details": {"countries": "IT"}}, "countries"),
        ({"details": {"countries": ""}}, "countries"),
        ({"details": {"questionnaire": {"it": {}}}}, "property it"),
        ({"details": {"questionnaire": {"us": {}}}}, "us.answers"),
    ],
)
def test_a_wrong_sender_is_refused(shared_sinch: Sinch, changes: dict[str, Any], said: str) -> None:
    peer = shared_sinch.peer("live, RCS new", RCS)
    answer = peer.call("POST", SENDERS, body() | changes)
    assert error(answer) == (400, "invalid_input")
    assert said in answer.json["message"]
    assert error(peer.call("POST", SENDERS, b"[]")) == (400, "invalid_input")


@pytest.mark.parametrize(
    ("label", "status", "code"),
    [
        ("RCS not enabled", 403, "rbm_has_not_been_used"),
        ("other project", 403, "forbidden_error"),
        ("no credit", 403, "forbidden_error"),
        ("deleted key", 401, "unauthorized_error"),
        ("throttled", 429, "too_many_requests"),
        ("fault", 500, "internal_error"),
        ("maintenance", 503, "service_unavailable"),
    ],
)
def test_refusals_speak_the_api_s_own_form(
    shared_sinch: Sinch, label: str, status: int, code: str
) -> None:
    assert error(shared_sinch.peer(label, RCS).call("GET", SENDERS)) == (status, code)


def test_the_live_project_has_a_finished_sender_and_one_in_test(shared_sinch: Sinch) -> None:
    peer = shared_sinch.peer("live", RCS)
    done, half = peer.call("GET", SENDERS).json["senders"]
    assert (done["state"], half["state"]) == ("LAUNCHED", "IN_TEST")
    assert [entry["country"] for entry in done["countryStatus"]] == ["IT", "US"]
    assert half["testNumberStates"][0]["state"] == "VERIFIED"
    assert half["countryStatus"] == []
    channels = peer.call("GET", APP).json["channel_credentials"]
    bearer = next(c["static_bearer"] for c in channels if c["channel"] == "RCS")
    assert bearer == {"claimed_identity": done["authName"], "token": done["authToken"]}


def test_test_numbers_are_invited_and_answer(sinch: Sinch) -> None:
    peer = sinch.peer("live, RCS new", RCS)
    path = made(peer)
    numbers = f"{path}/testNumbers"
    sinch.clock.advance(3)
    endings = ("34568", "00036", "00401", "00408", "00610")
    invited = peer.call("POST", numbers, {"testNumbers": [PHONE[:-5] + e for e in endings]})
    assert (invited.status, {d["state"] for d in invited.json["testNumbers"]}) == (200, {"PENDING"})
    sinch.clock.advance(4)
    found = {d["number"][-5:]: d["state"] for d in peer.call("GET", path).json["testNumberStates"]}
    states = ("VERIFIED", "INVALID", "PENDING", "REJECTED", "DECLINED")
    assert found == dict(zip(endings, states, strict=True))
    one = f"{numbers}/{quote(PHONE)}"
    assert peer.call("GET", f"{one}/capabilities").json["features"]
    again = peer.call("GET", f"{one}/retry")
    assert again.json == {
        "number": PHONE,
        "state": "UNVERIFIED",
        "submitted": "2026-11-23T10:00:07.000Z",
    }
    assert peer.call("GET", f"{one}/capabilities").json["features"] == []
    sinch.clock.advance(4)
    assert peer.call("GET", one).json["state"] == "VERIFIED"
    assert peer.call("DELETE", one).status == 204
    assert error(peer.call("GET", one)) == (404, "test_number_not_found")
    for wrong in ([], ["3331234567"], [1], "x"):
        answer = peer.call("POST", numbers, {"testNumbers": wrong})
        assert error(answer) == (400, "invalid_input")
    for place in range(16):
        peer.call("POST", numbers, {"testNumbers": [f"+3933312346{place:02}"]})
    full = peer.call("POST", numbers, {"testNumbers": [PHONE]})
    assert error(full) == (429, "rbm_too_many_requests")
    sinch.clock.advance(86_400)
    assert peer.call("POST", numbers, {"testNumbers": [PHONE]}).status == 200


def test_a_launch_waits_for_the_checklist(sinch: Sinch) -> None:
    peer = sinch.peer("live, RCS new", RCS)
    path = made(peer, countries=None)
    launch = f"{path}/launch"
    sinch.clock.advance(3)
    refused = peer.call("POST", launch, {})
    assert error(refused) == (412, "launch_checklist_incomplete")
    assert refused.json["additionalInformation"]["missing"] == [
        *("details.countries", "details.questionnaire.verification.answers")
    ]
    answers = {"questionnaire": {"verification": {"answers": {"name": "Ann"}}}}
    peer.call("PATCH", path, {"details": {"countries": ["US", "IT"]} | answers})
    refused = peer.call("POST", launch, {})
    assert refused.json["additionalInformation"]["missing"] == ["details.questionnaire.us.answers"]
    sinch.clock.advance(20)  # The dashboard's questionnaire is answered.
    assert peer.call("POST", launch, {}).json["state"] == "PREPARING_LAUNCH"
    seen = []
    for _second in range(25):
        record = peer.call("GET", path).json
        countries = (entry["status"] for entry in record["countryStatus"])
        seen.append((record["state"], *countries))
        sinch.clock.advance(1)
    assert list(dict.fromkeys(seen)) == [
        ("PREPARING_LAUNCH", "PENDING", "PENDING"),
        ("LAUNCHING", "PENDING", "PENDING"),
        ("LAUNCHING", "LAUNCHED", "PENDING"),
        ("LAUNCHING", "LAUNCHED", "LAUNCHED"),
        ("LAUNCHED", "LAUNCHED", "LAUNCHED"),
    ]
    assert record["launched"] == "2026-11-23T10:00:23.000Z"
    assert error(peer.call("POST", launch, {})) == (409, "invalid_sender_state")
    changed = peer.call("PATCH", path, {"details": {"countries": ["DE"]}})
    assert error(changed) == (409, "invalid_sender_state")
    fixed = peer.call("PATCH", path, {"region": "US"})
    assert error(fixed) == (400, "invalid_input")


@pytest.mark.parametrize(
    ("word", "last", "states"),
    [
        ("partly", "LAUNCHED", ["LAUNCHED", "LAUNCHED", "REJECTED"]),
        ("rejected", "UNLAUNCHED", ["REJECTED"] * 3),
    ],
)
def test_operators_may_refuse(sinch: Sinch, word: str, last: str, states: list[str]) -> None:
    peer = sinch.peer("live, RCS new", RCS)
    path = made(peer, brand={"name": f"Acme {word}"}, questionnaire={})
    sinch.clock.advance(23)
    assert peer.call("POST", f"{path}/launch", {}).json["state"] == "PENDING_LAUNCH"
    sinch.clock.advance(6)
    assert state(peer, path) == "PREPARING_LAUNCH"
    sinch.clock.advance(30)
    record = peer.call("GET", path).json
    operators = record["countryStatus"][0]["operators"]
    assert (record["state"], [o["status"] for o in operators]) == (last, states)
    assert "opt out" in operators[2]["remark"]


def rcs_of(answer: Any) -> str | None:
    """Return the state of an app's RCS channel; None when it has none."""
    channels = {c["channel"]: c["state"]["status"] for c in answer.json["channel_credentials"]}
    assert channels.pop("SMS", "ACTIVE") == "ACTIVE"
    found: str | None = channels.pop("RCS", None)
    assert channels == {}
    return found


def link(peer: Peer, identity: str, token: str) -> Any:
    """Put an RCS channel on the app, beside those that it has."""
    channels = peer.call("GET", APP).json["channel_credentials"]
    bearer = {"claimed_identity": identity, "token": token}
    own = {"channel": "RCS", "static_bearer": bearer}
    others = [channel for channel in channels if channel["channel"] != "RCS"]
    return peer.call("PATCH", APP, {"channel_credentials": [*others, own]})


def test_a_sender_is_put_on_an_app(sinch: Sinch) -> None:
    peer = sinch.peer("live, RCS new", RCS)
    assert rcs_of(peer.call("GET", APP)) is None
    path = made(peer)
    sinch.clock.advance(3)
    sender = peer.call("GET", path).json

    def linked(identity: str, token: str) -> str | None:
        assert rcs_of(link(peer, identity, token)) == "PENDING"
        sinch.clock.advance(3)
        return rcs_of(peer.call("GET", APP))

    assert linked("nobody", "x") == "FAILING"
    assert linked(sender["authName"], "x") == "FAILING"
    assert linked(sender["id"], sender["authToken"]) is None  # The channel has vanished.
    assert peer.message("RCS").status == 400
    assert linked(sender["authName"], sender["authToken"]) == "ACTIVE"
    again = link(peer, sender["authName"], sender["authToken"])
    assert rcs_of(again) == "ACTIVE"
    sms = next(c for c in again.json["channel_credentials"] if c["channel"] == "SMS")
    assert sms["static_bearer"]["claimed_identity"] == peer.fields["service_plan_id"]
    bearer = {"claimed_identity": sms["static_bearer"]["claimed_identity"], "token": "x"}
    wrong = {"channel": "SMS", "static_bearer": bearer}
    replaced = peer.call("PATCH", APP, {"channel_credentials": [wrong]})
    (only,) = replaced.json["channel_credentials"]  # A PATCH replaces the list.
    assert (only["channel"], only["state"]["status"]) == ("SMS", "PENDING")
    sinch.clock.advance(3)
    (only,) = peer.call("GET", APP).json["channel_credentials"]
    assert only["state"]["status"] == "FAILING"


@pytest.mark.parametrize(
    "channels",
    [
        "RCS",
        ["RCS"],
        [{"channel": "FAX", "static_bearer": {}}],
        [{"channel": "RCS"}],
        [{"channel": "SMS", "static_bearer": {}}] * 2,
    ],
)
def test_a_wrong_list_of_channels_is_refused(shared_sinch: Sinch, channels: Any) -> None:
    peer = shared_sinch.peer("live", RCS)
    before = peer.call("GET", APP).json
    answer = peer.call("PATCH", APP, {"channel_credentials": channels})
    assert answer.json["error"]["status"] == "INVALID_ARGUMENT"
    assert peer.call("PATCH", APP, b"x").status == 400
    assert peer.call("PATCH", APP, {"display_name": "x"}).status == 200
    assert peer.call("GET", APP).json == before


def test_from_a_new_sender_to_a_read_receipt(sinch: Sinch, receiver: Receiver) -> None:
    peer = sinch.peer("live, RCS new", RCS)
    account = next(
        a for a in sinch.simulator.accounts if (a.vendor, a.label) == (RCS, "live, RCS new")
    )
    sinch.simulator.set_webhook(account, inbound=receiver.url, feedback=receiver.url)
    path = made(peer)
    sinch.clock.advance(3)
    stops, other = "393331207867", "393331299999"
    peer.call("POST", f"{path}/testNumbers", {"testNumbers": [f"+{stops}"]})
    sender = peer.call("GET", path).json
    link(peer, sender["authName"], sender["authToken"])

    def told(to: str, *channels: str) -> list[str]:
        assert peer.message(*channels, to=to).status == 200
        sinch.clock.advance(15)
        sinch.simulator.settle()
        found = []
        while not receiver.received.empty():
            record = json.loads(receiver.received.get_nowait().body)
            report = record.get("message_delivery_report")
            if report is None:
                found.append(record["message"]["contact_message"]["text_message"]["text"])
                continue
            reason = report.get("reason", {}).get("code", "")
            channel = report["channel_identity"]["channel"]
            found.append(f"{report['status']} {channel} {reason}".strip())
        return found

    by_sms = ["QUEUED_ON_CHANNEL SMS", "DELIVERED SMS"]
    assert told(other, "RCS") == ["FAILED RCS CHANNEL_CONFIGURATION_MISSING"]  # Not active yet.
    assert told(other, "RCS", "SMS") == [
        "SWITCHING_CHANNEL RCS RECIPIENT_NOT_REACHABLE",
        *by_sms,
    ]
    assert told(other, "RCS") == ["FAILED RCS RECIPIENT_NOT_REACHABLE"]
    assert told(stops, "RCS", "SMS") == [
        "QUEUED_ON_CHANNEL RCS",
        "DELIVERED RCS",
        "STOP",
        "READ RCS",
    ]
    assert peer.call("POST", f"{path}/launch", {}).status == 200
    sinch.clock.advance(30)
    assert told(other, "RCS")[-1] == "READ RCS"
    assert told("12065550123", "RCS", "SMS")[1:] == by_sms  # Not launched in that country.
