"""Who may do what: logins, kinds of key, states of accounts."""

from __future__ import annotations

import json
import re

import pytest

from tests.simulator.conftest import Stage

ACCOUNT = "/2010-04-01/Accounts/{sid}.json"
MESSAGES = "/2010-04-01/Accounts/{sid}/Messages.json"
PATTERNS = {
    "account_sid": r"AC[0-9a-f]{32}",
    "auth_token": r"[0-9a-f]{32}",
    "api_key_sid": r"SK[0-9a-f]{32}",
    "api_key_secret": r"[0-9a-f]{32}",
    "message_sid": r"MG[0-9a-f]{32}",
    "inbound_number": r"\+1\d{10}",
    "api_host": r"http://127\.0\.0\.1:\d+",
}


def test_every_login_is_well_formed_and_explained(shared: Stage) -> None:
    infos = shared.simulator.accounts
    assert len({info.label for info in infos}) == len(infos)
    for info in infos:
        assert info.vendor == "Twilio"
        assert info.note.endswith(".")
        for name, value in info.fields.items():
            assert re.fullmatch(PATTERNS[name], value), (info.label, name)
            if "token" in name or "secret" in name:
                assert value not in repr(info)


def test_the_account_answers_with_its_token_in_clear_as_the_real_one_does(shared: Stage) -> None:
    live = shared.peer()
    record = live.get(ACCOUNT).json
    assert record["auth_token"] == live.fields["auth_token"]
    assert (record["status"], record["type"]) == ("active", "Full")
    assert record["owner_account_sid"] == record["sid"] == live.sid


@pytest.mark.parametrize(
    ("label", "status", "code"),
    [
        ("live", 200, None),
        ("main key", 200, None),
        ("standard key", 401, 20003),
        ("read-only key", 403, 70051),
        ("subaccount", 200, None),
        ("trial", 200, None),
        ("suspended", 200, None),
        ("closed", 401, 20003),
        ("other region", 401, 20003),
        ("test credentials", 403, 20008),
        ("throttled", 429, 20429),
        ("fault", 500, 20500),
        ("maintenance", 503, 20503),
    ],
)
def test_reading_the_account(shared: Stage, label: str, status: int, code: int | None) -> None:
    answer = shared.peer(label).get(ACCOUNT)
    assert (answer.status, answer.json.get("code")) == (status, code)
    if code is not None:
        assert answer.json["more_info"] == f"https://www.twilio.com/docs/errors/{code}"
        assert answer.json["status"] == status


@pytest.mark.parametrize(
    ("label", "reads", "sends"),
    [
        ("live", 200, 201),
        ("main key", 200, 201),
        ("standard key", 200, 201),
        ("send-only key", 403, 201),
        ("read-only key", 200, 403),
        ("suspended", 200, 403),
        ("test credentials", 403, 400),
    ],
)
def test_reading_and_sending_are_allowed_apart(
    shared: Stage, label: str, reads: int, sends: int
) -> None:
    peer = shared.peer(label)
    assert peer.get(f"{MESSAGES}?PageSize=1").status == reads
    sender = "+12025550172" if label == "suspended" else "+12025550142"
    assert peer.send(From=sender).status == sends


@pytest.mark.parametrize(
    ("user", "password", "message"),
    [
        ("", "", "Authentication Error - invalid username"),
        ("AC" + "0" * 32, "x", "Authentication Error - invalid username"),
        ("SK" + "0" * 32, "x", "Authentication Error - invalid username"),
        ("{sid}", "wrong", "Authenticate"),
        ("{sid}", "größer", "Authenticate"),
        ("{sid}\\n", "wrong", "Authentication Error - invalid username"),
    ],
)
def test_a_wrong_login_is_refused_in_twilios_words(
    shared: Stage, user: str, password: str, message: str
) -> None:
    live = shared.peer()
    answer = live.call("GET", ACCOUNT, login=(user.replace("{sid}", live.sid), password))
    assert answer.status == 401
    assert (answer.json["code"], answer.json["message"]) == (20003, message)
    assert answer.headers["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize("header", ["", "Basic", "Basic %%%", "Basic /w==", "Digest x", "Bearer x"])
def test_other_logins_than_basic_are_refused(shared: Stage, header: str) -> None:
    answer = shared.peer().call("GET", ACCOUNT, headers={"Authorization": header})
    assert (answer.status, answer.json["code"]) == (401, 20003)


def test_a_key_keeps_the_account_sid_in_the_path(shared: Stage) -> None:
    key = shared.peer("standard key")
    answer = key.get(MESSAGES.replace("{sid}", key.fields["api_key_sid"]))
    assert (answer.status, answer.json["code"]) == (400, 90002)


def test_a_parent_reaches_its_subaccount_and_nobody_elses(shared: Stage) -> None:
    live, sub, trial = (shared.peer(label) for label in ("live", "subaccount", "trial"))
    record = live.get(ACCOUNT.replace("{sid}", sub.sid)).json
    assert (record["sid"], record["owner_account_sid"]) == (sub.sid, live.sid)
    for peer, other in ((sub, live), (live, trial), (shared.peer("standard key"), sub)):
        answer = peer.get(MESSAGES.replace("{sid}", other.sid))
        assert (answer.status, answer.json["code"]) == (401, 20003)


def test_balance_is_not_for_subaccounts(shared: Stage) -> None:
    path = "/2010-04-01/Accounts/{sid}/Balance.json"
    assert shared.peer().get(path).json["currency"] == "USD"
    assert shared.peer("subaccount").get(path).json["code"] == 20404


def test_a_number_is_found_by_its_digits(shared: Stage) -> None:
    path = "/2010-04-01/Accounts/{sid}/IncomingPhoneNumbers.json?PhoneNumber="
    live = shared.peer()
    for number in ("%2B12025550142", "+12025550142"):
        [found] = live.get(path + number).json["incoming_phone_numbers"]
        assert found["phone_number"] == "+12025550142"
        assert found["capabilities"]["sms"] is True
    [voice] = live.get(path + "%2B12025550143").json["incoming_phone_numbers"]
    assert voice["capabilities"]["sms"] is False
    assert live.get(path + "%2B12025550152").json["incoming_phone_numbers"] == []


def test_an_oauth_token_opens_the_account_for_an_hour(stage: Stage) -> None:
    from smstui.simulator.core import Ids
    from smstui.simulator.twilio.accounts import Cast

    cast = Cast(Ids("tests"), stage.clock())
    live = stage.peer()
    form = {
        "grant_type": "client_credentials",
        "client_id": cast.live.oauth_client_id,
        "client_secret": cast.live.oauth_client_secret,
    }
    token = live.post("/v2/token", form).json
    assert token["expires_in"] == 3600
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    assert live.call("GET", MESSAGES, headers=bearer).status == 200
    stage.clock.advance(3600)
    assert live.call("GET", MESSAGES, headers=bearer).json["code"] == 20003
    assert live.post("/v2/token", form | {"client_secret": "wrong"}).status == 401


def test_without_json_the_classic_api_speaks_xml(shared: Stage) -> None:
    live = shared.peer()
    answer = live.get("/2010-04-01/Accounts/{sid}")
    assert answer.headers["content-type"].startswith("application/xml")
    assert "<TwilioResponse><Account>" in answer.body.decode()
    assert f"<Sid>{live.sid}</Sid>" in answer.body.decode()
    wrong = live.call("GET", "/2010-04-01/Accounts/{sid}", login=(live.sid, "wrong"))
    assert b"<RestException><Code>20003</Code>" in wrong.body


@pytest.mark.parametrize("path", ["/2010-04-01/Accounts/{sid}/Faxes.json", "/2010-04-01/x.json"])
def test_an_unknown_path_is_named(shared: Stage, path: str) -> None:
    live = shared.peer()
    answer = live.get(path)
    assert (answer.status, answer.json["code"]) == (404, 20404)
    assert path.replace("{sid}", live.sid) in answer.json["message"]


def test_paths_outside_every_api_are_404(shared: Stage) -> None:
    assert shared.peer().get("/nothing").status == 404
    assert shared.peer().post("/2010-04-01/Accounts/{sid}.json", {}).json["code"] == 20004


def test_every_answer_carries_twilios_headers(shared: Stage) -> None:
    answers = [shared.peer().get(ACCOUNT) for _ in range(2)]
    ids = [answer.headers["twilio-request-id"] for answer in answers]
    assert all(re.fullmatch(r"RQ[0-9a-f]{32}", identifier) for identifier in ids)
    assert len(set(ids)) == 2
    assert answers[0].headers["twilio-concurrent-requests"] == "1"
    assert answers[0].headers["date"] == "Mon, 23 Nov 2026 10:00:00 GMT"


def test_a_gateway_page_is_not_json(shared: Stage) -> None:
    answer = shared.peer("gateway").get(ACCOUNT)
    assert answer.status == 502
    assert b"<html" in answer.body
    with pytest.raises(json.JSONDecodeError):
        _ = answer.json
