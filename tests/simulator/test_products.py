"""The newer products: services and their pools, RCS senders, lookups."""

from __future__ import annotations

import pytest

from tests.simulator.conftest import Stage


def test_a_service_shows_its_pool(shared: Stage) -> None:
    peer = shared.peer()
    path = f"/v1/Services/{peer.fields['message_sid']}"
    record = peer.get(path).json
    assert (record["sid"], record["account_sid"]) == (peer.fields["message_sid"], peer.sid)
    senders = {
        "phone_numbers": ("PhoneNumbers", "phone_number", ["+12025550142"]),
        "short_codes": ("ShortCodes", "short_code", ["72345"]),
        "alpha_senders": ("AlphaSenders", "alpha_sender", ["ACME"]),
    }
    for key, (name, field, expected) in senders.items():
        assert record["links"][key].endswith(f"{path}/{name}")
        page = peer.get(f"{path}/{name}").json
        assert page["meta"]["key"] == key
        assert [entry[field] for entry in page[key]] == expected
    assert peer.get(f"{path}/ChannelSenders").json["senders"] == []


def test_an_empty_pool_is_empty(shared: Stage) -> None:
    peer = shared.peer("live, empty service")
    path = f"/v1/Services/{peer.fields['message_sid']}"
    assert peer.get(f"{path}/PhoneNumbers").json["phone_numbers"] == []
    assert peer.get(f"{path}/ChannelSenders").json["senders"] == []


@pytest.mark.parametrize("label", ["subaccount", "trial", "suspended"])
def test_a_service_of_another_account_is_unknown(shared: Stage, label: str) -> None:
    service = shared.peer().fields["message_sid"]
    answer = shared.peer(label).get(f"/v1/Services/{service}")
    assert (answer.status, answer.json["code"]) == (404, 20404)


def test_rcs_senders_tell_their_progress(shared: Stage) -> None:
    peer = shared.peer()
    page = peer.get("/v2/Channels/Senders?Channel=rcs").json
    online, review = page["senders"]
    assert (online["status"], review["status"]) == ("ONLINE", "TWILIO_REVIEW")
    assert online["sender_id"].startswith("rcs:")
    [germany, *_others] = online["compliance"]["countries"]
    assert (germany["country"], germany["carriers"][0]["status"]) == ("DE", "APPROVED")
    assert peer.get(f"/v2/Channels/Senders/{review['sid']}").json == review
    assert peer.get("/v2/Channels/Senders?Channel=whatsapp").json["senders"] == []
    assert shared.peer("trial").get("/v2/Channels/Senders?Channel=rcs").json["senders"] == []


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v2/Channels/Senders", 400, 63100),
        ("GET", "/v2/Channels/Senders/XE0", 404, 20404),
        ("POST", "/v2/Channels/Senders", 400, 63105),
    ],
)
def test_senders_refuse_with_problem_details(
    shared: Stage, method: str, path: str, status: int, code: int
) -> None:
    answer = shared.peer().call(method, path)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json
    assert (answer.status, problem["status"], problem["code"]) == (status, status, code)
    assert {"type", "title", "detail"} <= set(problem)


def test_a_sender_joins_one_service_only(stage: Stage) -> None:
    peer = stage.peer()
    [online, _review] = peer.get("/v2/Channels/Senders?Channel=rcs").json["senders"]
    here = f"/v1/Services/{stage.peer('live, RCS').fields['message_sid']}/ChannelSenders"
    there = f"/v1/Services/{peer.fields['message_sid']}/ChannelSenders"
    assert peer.post(here, {"Sid": online["sid"]}).json["code"] == 21710
    assert peer.post(there, {"Sid": online["sid"]}).json["code"] == 21712
    assert peer.post(there, {"Sid": "XE0"}).json["code"] == 20404


@pytest.mark.parametrize(
    ("number", "valid", "country"),
    [("+393451234567", True, "IT"), ("+12025550142", True, "US"), ("+39", False, None)],
)
def test_lookup(shared: Stage, number: str, valid: bool, country: str | None) -> None:
    record = shared.peer().get(f"/v2/PhoneNumbers/{number}").json
    assert (record["valid"], record["country_code"]) == (valid, country)
    assert record["phone_number"] == number
    assert record["line_type_intelligence"] is None


def test_lookup_knows_the_landlines_of_the_scheme(shared: Stage) -> None:
    path = "/v2/PhoneNumbers/+393450030006?Fields=line_type_intelligence"
    assert shared.peer().get(path).json["line_type_intelligence"]["type"] == "landline"
