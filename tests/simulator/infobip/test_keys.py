"""Who may do what, in which form it is refused, and the calls beside sending."""

from __future__ import annotations

import re

import pytest

from tests.simulator.infobip.conftest import Infobip

PATTERNS = {
    "api_base_url": r"http://127\.0\.0\.1:\d+",
    "api_key": r"[0-9a-f]{32}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "inbound_number": r"\+385\d{9}",
    "sender_number": r"DemoBrand",
}


def test_every_login_is_well_formed_and_explained(common: Infobip) -> None:
    infos = common.simulator.accounts
    assert len({info.label for info in infos}) == len(infos)
    for info in infos:
        assert info.vendor == "Infobip"
        assert info.note.endswith(".")
        for name, value in info.fields.items():
            assert re.fullmatch(PATTERNS[name], value), (info.label, name)
        assert info.fields["api_key"] not in repr(info)
    assert len({info.fields["api_key"] for info in infos}) == len(infos) - 2


@pytest.mark.parametrize(
    ("label", "logs", "balance", "send"),
    [
        ("live", 200, 200, 200),
        ("send-only key", 403, 403, 200),
        ("read-only key", 200, 200, 403),
        ("expired key", 401, 401, 401),
        ("IP-locked key", 401, 401, 401),
        ("throttled", 429, 429, 429),
        ("fault", 500, 500, 500),
        ("maintenance", 503, 503, 503),
        ("gateway", 502, 502, 502),
    ],
)
def test_what_each_key_may_do(
    later: Infobip, label: str, logs: int, balance: int, send: int
) -> None:
    peer = later.peer(label)
    statuses = [
        peer.call("GET", "/sms/3/logs?limit=1").status,
        peer.call("GET", "/account/1/balance").status,
        peer.send().status,
    ]
    assert statuses == [logs, balance, send]


def test_both_forms_of_errors(later: Infobip) -> None:
    expired, limited = later.peer("expired key"), later.peer("send-only key")
    newer = limited.get("/sms/3/logs")
    assert (newer["errorCode"], newer["violations"]) == ("E403", [])
    assert newer["resources"][0]["name"] == "API Scopes"
    older = expired.get("/account/1/balance")["requestError"]["serviceException"]
    assert older == {"messageId": "UNAUTHORIZED", "text": "Unauthorized"}
    assert later.peer("throttled").call("GET", "/sms/3/logs").headers["retry-after"] == "2"


@pytest.mark.parametrize(
    "login", ["Bearer {key}", "Basic {key}", "{key}", "App App {key}", "App {key}x", "App ", "App"]
)
def test_only_the_scheme_app_is_let_in(later: Infobip, login: str) -> None:
    peer = later.peer()
    value = login.format(key=peer.login.removeprefix("App "))
    assert peer.call("GET", "/sms/3/logs", login=value).status == 401


def test_the_preview_counts_parts(later: Infobip) -> None:
    peer = later.peer()
    (preview,) = peer.call("POST", "/sms/1/preview", {"text": "x" * 60}).json["previews"]
    assert (preview["messageCount"], preview["charactersRemaining"]) == (1, 100)
    wrong = peer.call("POST", "/sms/1/preview", {})
    assert wrong.json["requestError"]["serviceException"]["messageId"] == "BAD_REQUEST"


def test_rcs_senders_and_whom_they_reach(later: Infobip) -> None:
    peer = later.peer()
    senders = peer.get("/rcs/1/senders?size=1&page=1")
    assert [s["senderName"] for s in senders["results"]] == ["NewSender"]
    assert senders["paging"] == {"page": 1, "size": 1, "totalPages": 2, "totalResults": 2}
    assert peer.get("/rcs/1/senders/DemoSender")["senderStatus"] == "LAUNCHED"
    assert peer.get("/rcs/1/senders/NewSender/launch-status")["coverage"] == []
    assert peer.get("/rcs/1/senders/NewSender/test-numbers")["results"][0]["status"] == "APPROVED"
    assert peer.call("GET", "/rcs/1/senders/Nobody").json["errorCode"] == "E404"
    numbers = ["385990000001", "385990000100", "385990020702"]
    codes = {}
    for name in ("DemoSender", "NewSender"):
        answer = peer.call(
            "POST",
            "/rcs/2/capability-check/query",
            {"sender": name, "phoneNumbers": numbers},
        )
        codes[name] = [r["code"][0] for r in answer.json["capabilityCheckResults"]]
    assert codes == {"DemoSender": ["E", "E", "U"], "NewSender": ["E", "U", "U"]}
    for wrong in ({}, {"sender": "Nobody", "phoneNumbers": ["1"]}):
        assert peer.call("POST", "/rcs/2/capability-check/query", wrong).status == 400


def test_the_same_seed_gives_the_same_ids(infobip: Infobip) -> None:
    with Infobip.running() as other:
        assert other.fields["live"]["api_key"] == infobip.fields["live"]["api_key"]
        assert other.peer().send().json == infobip.peer().send().json
