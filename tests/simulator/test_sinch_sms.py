"""The SMS API of the simulated Sinch: rules, states, reports, callbacks."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.receiver import Receiver
from tests.simulator.sinch_support import BATCHES, TO, ULID, Sinch


def test_an_sms_goes_through_its_states(sinch: Sinch) -> None:
    peer = sinch.peer()
    accepted = peer.send(f"+{TO}", client_reference="verify-1")
    assert accepted.status == 201
    batch = accepted.json
    assert re.fullmatch(ULID, batch["id"])
    assert (batch["to"], batch["canceled"], batch["type"]) == ([TO], False, "mt_text")
    assert batch["created_at"] == "2026-11-23T10:00:00.000Z"
    seen = []
    for seconds in (0, 1, 2):
        sinch.clock.advance(seconds)
        report = peer.report(batch["id"], f"+{TO}")
        seen.append((report["status"], report["code"]))
    assert seen == [("Queued", 400), ("Dispatched", 401), ("Delivered", 0)]
    assert (report["recipient"], report["client_reference"]) == (TO, "verify-1")
    assert report["type"] == "recipient_delivery_report_sms"


@pytest.mark.parametrize(
    ("ending", "status", "code"),
    [
        ("00400", "Queued", 400),
        ("00401", "Dispatched", 401),
        ("00402", "Aborted", 402),
        ("00403", "Failed", 403),
        ("00404", "Failed", 404),
        ("00406", "Expired", 406),
        ("00408", "Rejected", 408),
        ("00412", "Aborted", 412),
        ("00999", "Unknown", 0),
    ],
)
def test_the_recipient_names_the_ending(sinch: Sinch, ending: str, status: str, code: int) -> None:
    peer, to = sinch.peer(), f"120655{ending}"
    batch = peer.send(to).json["id"]
    sinch.clock.advance(60)
    report = peer.report(batch, to)
    assert (report["status"], report["code"]) == (status, code)


def test_plans_differ_in_senders_and_standing(sinch: Sinch) -> None:
    sent = {
        label: sinch.peer(label).send(**{"from": None}).json["id"]
        for label in ("live", "no default sender", "blocked")
    }
    sinch.clock.advance(60)
    codes = {label: sinch.peer(label).report(batch)["code"] for label, batch in sent.items()}
    assert codes == {"live": 0, "no default sender": 410, "blocked": 413}


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"to": []}, 400, "syntax_constraint_violation"),
        ({"to": None}, 400, "syntax_constraint_violation"),
        ({"to": [TO] * 1001}, 400, "syntax_constraint_violation"),
        ({"to": ["Acme"]}, 400, "syntax_invalid_parameter_format"),
        ({"to": [7]}, 400, "syntax_invalid_parameter_format"),
        ({"to": ["01JD0GR0VPEXAMP1E0EXAMP1E0"]}, 403, "unknown_group"),
        ({"body": ""}, 400, "syntax_constraint_violation"),
        ({"body": "x" * 1601}, 400, "syntax_constraint_violation"),
        ({"from": "Acme & Company"}, 400, "syntax_invalid_parameter_format"),
        ({"from": "Acme"}, 201, None),
        ({"from": "12345"}, 201, None),
        ({"type": "mt_binary"}, 400, "syntax_invalid_parameter_format"),
        ({"delivery_report": "always"}, 400, "syntax_invalid_parameter_format"),
        ({"callback_url": "nowhere"}, 400, "syntax_invalid_parameter_format"),
        ({"client_reference": "x" * 129}, 400, "syntax_constraint_violation"),
    ],
)
def test_rules_of_a_batch(
    shared_sinch: Sinch, changes: dict[str, Any], status: int, code: str | None
) -> None:
    answer = shared_sinch.peer().send(**changes)
    assert (answer.status, answer.json.get("code")) == (status, code)


def test_a_report_needs_somewhere_to_go(shared_sinch: Sinch) -> None:
    peer = shared_sinch.peer("no callback URL")
    answer = peer.send()
    assert (answer.status, answer.json["code"]) == (403, "missing_callback_url")
    assert peer.send(delivery_report="none").status == 201
    assert peer.send(callback_url="https://hooks.example.net/x").status == 201


def test_what_is_no_json_is_refused(shared_sinch: Sinch) -> None:
    peer, path = shared_sinch.peer(), "/xms/v1/{service_id}/batches"
    assert peer.call("POST", path, b"[]").json["code"] == "syntax_invalid_json"
    assert peer.call("POST", path, b"{").json["code"] == "syntax_invalid_json"
    assert peer.call("POST", path, b"{}", Content_Type="text/plain").status == 415
    assert peer.call("PATCH", path, {}).status == 405


def test_a_dry_run_counts_and_sends_nothing(sinch: Sinch) -> None:
    peer, path = sinch.peer(), "/xms/v1/{service_id}/batches/dry_run"
    body = {"to": [TO, "12065550124"], "body": "x" * 161}
    counted = peer.call("POST", path, body).json
    assert counted == {"number_of_recipients": 2, "number_of_messages": 4}
    assert peer.call("GET", BATCHES).json["count"] == 0
    refused = peer.call("POST", path, {**body, "from": "!"})
    assert refused.json["code"] == "syntax_invalid_parameter_format"


def test_batches_are_listed_newest_first_and_by_reference(sinch: Sinch) -> None:
    peer, path = sinch.peer(), "/xms/v1/{service_id}/batches"
    ids = [peer.send(client_reference=f"r{n}").json["id"] for n in range(3)]
    listed = peer.call("GET", f"{path}?page_size=2").json
    assert (listed["count"], [b["id"] for b in listed["batches"]]) == (3, ids[:0:-1])
    listed = peer.call("GET", f"{path}?client_reference=r1").json
    assert [b["id"] for b in listed["batches"]] == [ids[1]]
    assert sinch.peer("blocked").call("GET", path).json["count"] == 0
    assert sinch.peer("blocked").call("GET", f"{path}/{ids[0]}").status == 404


def test_what_is_not_sent_yet_can_be_cancelled(sinch: Sinch) -> None:
    peer = sinch.peer()
    first, second = (peer.send().json["id"] for _number in range(2))
    path = "/xms/v1/{service_id}/batches"
    sinch.clock.advance(1)
    assert peer.call("DELETE", f"{path}/{first}").json["canceled"] is True
    sinch.clock.advance(9)
    assert peer.call("DELETE", f"{path}/{second}").json["canceled"] is True
    assert [peer.report(batch)["status"] for batch in (first, second)] == [
        "Cancelled",
        "Delivered",
    ]
    report = peer.call("GET", f"{path}/{first}/delivery_report?type=full").json
    assert report["statuses"] == [
        {"code": 407, "status": "Cancelled", "count": 1, "recipients": [TO]}
    ]


def test_a_summary_counts_without_naming(sinch: Sinch) -> None:
    peer = sinch.peer()
    batch = peer.send([TO, "12065500402", "12065550124"]).json["id"]
    sinch.clock.advance(60)
    path = f"/xms/v1/{{service_id}}/batches/{batch}/delivery_report"
    assert peer.call("GET", path).json["statuses"] == [
        {"code": 0, "status": "Delivered", "count": 2},
        {"code": 402, "status": "Aborted", "count": 1},
    ]
    assert peer.call("GET", f"{path}/12065559999").status == 404


@pytest.mark.parametrize(
    ("wanted", "statuses"),
    [
        ("per_recipient", ["Dispatched", "Delivered"]),
        ("per_recipient_final", ["Delivered"]),
        ("summary", [None]),
        ("full", [None]),
        ("none", []),
    ],
)
def test_reports_are_posted_as_asked_unsigned(
    sinch: Sinch, receiver: Receiver, wanted: str, statuses: list[str | None]
) -> None:
    peer = sinch.peer()
    answer = peer.send(delivery_report=wanted, callback_url=receiver.url, client_reference="r")
    sinch.clock.advance(60)
    for status in statuses:
        got = receiver.next()
        report = json.loads(got.body)
        assert (report["batch_id"], report["client_reference"]) == (answer.json["id"], "r")
        assert report.get("status") == status
        if status is None:
            assert report["type"] == "delivery_report_sms"
            assert ("recipients" in report["statuses"][0]) is (wanted == "full")
        assert not [name for name in got.headers if "signature" in name.lower()]
    assert receiver.received.empty()


@pytest.mark.parametrize(
    ("ending", "status", "kept"),
    [
        ("20429", 429, 0),
        ("20500", 500, 0),
        ("20503", 503, 0),
        ("00502", 502, 0),
        ("00301", 307, 0),
        ("00204", 200, 1),
        ("00200", 200, 1),
    ],
)
def test_odd_answers_to_a_send(sinch: Sinch, ending: str, status: int, kept: int) -> None:
    peer, rcs = sinch.peer(), sinch.peer("live", "Sinch RCS")
    assert peer.send(f"120655{ending}").status == status
    assert peer.call("GET", BATCHES).json["count"] == kept
    assert rcs.message("RCS", "SMS", to=f"120655{ending}").status == status
