"""Logs, and the reports that are handed out once."""

from __future__ import annotations

from smstui.simulator.infobip.api import LOGS_PER_MINUTE
from smstui.simulator.infobip.products import REPORT_CALLS
from tests.simulator.infobip.conftest import RCS, TO, Infobip


def test_logs_are_filtered_and_newest_first(infobip: Infobip) -> None:
    peer = infobip.peer()
    for number in range(3):
        peer.send(f"38599000011{number}", content={"text": str(number)})
        infobip.clock.advance(1)
    rejected = peer.send("385990050011").json
    texts = [log["content"]["text"] for log in peer.get("/sms/3/logs?limit=2")["results"]]
    assert texts == ["x", "2"]
    by = {
        "destination=385990000111": 1,
        "destination=385990000111,385990000112": 2,
        "destination=385990000111&destination=385990000110": 2,
        f"bulkId={rejected['bulkId']}": 1,
        "generalStatus=REJECTED": 1,
        "sender=DemoBrand": 4,
        "sender=Other": 0,
        "messageId=none": 0,
    }
    found = {query: len(peer.get(f"/sms/3/logs?{query}")["results"]) for query in by}
    assert found == by
    assert infobip.peer("trial").get("/sms/3/logs")["results"] == []
    infobip.clock.advance(48 * 3600)
    assert peer.get("/sms/3/logs")["results"] == []


def test_logs_are_limited_by_the_minute(infobip: Infobip) -> None:
    peer = infobip.peer()
    for _number in range(LOGS_PER_MINUTE):
        assert peer.call("GET", "/sms/3/logs?limit=1").status == 200
    infobip.clock.advance(20)
    refused = peer.call("GET", "/sms/3/logs?limit=1")
    assert (refused.status, refused.headers["retry-after"]) == (429, "40")
    assert refused.json["errorCode"] == "E429"
    infobip.clock.advance(40)
    assert peer.call("GET", "/sms/3/logs?limit=1").status == 200


def test_reports_are_handed_out_once_and_their_calls_counted(infobip: Infobip) -> None:
    peer = infobip.peer()
    peer.send(webhooks={"callbackData": "mine"})
    peer.send(path=RCS)
    assert peer.get("/sms/3/reports")["results"] == []
    infobip.clock.advance(10)
    (report,) = peer.get("/sms/3/reports")["results"]
    assert (report["to"], report["callbackData"]) == (TO, "mine")
    assert peer.get("/sms/3/reports")["results"] == []
    assert len(peer.get("/rcs/2/reports")["results"]) == 1
    assert peer.get("/sms/1/inbox/reports")["results"][0]["keyword"] == "STOP"
    assert peer.get("/sms/1/inbox/reports")["messageCount"] == 0
    assert peer.get(REPORT_CALLS) == {
        "/sms/3/reports": 3,
        "/rcs/2/reports": 1,
        "/sms/1/inbox/reports": 2,
    }


def test_the_query_call_really_sends(infobip: Infobip) -> None:
    peer = infobip.peer()
    answer = peer.get(f"/sms/3/text/query?from=DemoBrand&to={TO}&text=x")
    assert answer["messages"][0]["status"]["name"] == "PENDING_ACCEPTED"
    assert len(peer.get("/sms/3/logs")["results"]) == 1
