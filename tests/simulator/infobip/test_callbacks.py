"""Reports that are posted: when, how they are proved, and how a subscription is made."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from smstui.simulator.infobip.callbacks import SIGNATURE_HEADER
from tests.receiver import Receiver
from tests.simulator.conftest import Answer
from tests.simulator.infobip.conftest import FAILOVER, RCS, TO, Infobip, Peer


def results(receiver: Receiver) -> Any:
    """Return the records of the next callback."""
    (record,) = json.loads(receiver.next().body)["results"]
    return record


def test_a_delivery_report_is_posted_when_it_is_final(infobip: Infobip, receiver: Receiver) -> None:
    peer = infobip.peer()
    hooks = {
        "delivery": {"url": f"{receiver.url}/ib?token=1", "intermediateReport": True},
        "callbackData": "sandbox=dev",
    }
    sent = peer.send(webhooks=hooks).json
    infobip.clock.advance(1.2)
    first = receiver.next()
    assert (first.path, first.headers["Content-Type"]) == ("/ib?token=1", "application/json")
    assert "Authorization" not in first.headers
    assert SIGNATURE_HEADER not in first.headers
    report = json.loads(first.body)["results"][0]
    assert report["status"]["name"] == "PENDING_WAITING_DELIVERY"
    infobip.clock.advance(1.3)
    report = results(receiver)
    assert report["status"]["name"] == "DELIVERED_TO_HANDSET"
    assert report["messageId"] == sent["messages"][0]["messageId"]
    assert (report["bulkId"], report["callbackData"]) == (sent["bulkId"], "sandbox=dev")
    assert "channel" not in report


def test_rcs_reports_both_legs_and_seen(infobip: Infobip, receiver: Receiver) -> None:
    peer = infobip.peer()
    hooks = {
        "delivery": {"url": f"{receiver.url}/d", "receiveTriggeredFailoverReports": True},
        "seen": {"url": f"{receiver.url}/seen"},
    }
    peer.send("385990020702", RCS, options=FAILOVER, webhooks=hooks)
    infobip.clock.advance(10)
    legs = {}
    for _leg in range(2):
        report = results(receiver)
        legs[report["channel"]] = (report["status"]["name"], report["error"]["name"])
    assert legs == {
        "RCS": ("PENDING_ENROUTE", "EC_UNKNOWN_USER"),
        "SMS": ("DELIVERED_TO_HANDSET", "NO_ERROR"),
    }
    peer.send(path=RCS, webhooks=hooks)
    infobip.clock.advance(10)
    delivered, seen = results(receiver), receiver.next()
    assert delivered["interactionType"] == "BASIC_MESSAGE"
    assert seen.path == "/seen"
    record = json.loads(seen.body)["results"][0]
    assert (record["from"], record["to"]) == (TO, "DemoSender")
    assert set(record) == {"messageId", "from", "to", "sentAt", "seenAt"}


def subscribe(peer: Peer, url: str, security: Any = None, **profile: Any) -> Answer:
    """Have an account's reports of SMS sent to a URL."""
    whole = {"profileId": "ajo", "webhook": {"notifyUrl": url}, **profile}
    whole |= {"security": security} if security else {}
    document = {"subscriptionId": "ajo-sms", "events": ["DELIVERY"], "profile": whole}
    return peer.call("POST", "/subscriptions/1/subscription/SMS", document)


def test_a_subscription_proves_its_reports(infobip: Infobip, receiver: Receiver) -> None:
    peer = infobip.peer()
    login = {"type": "BASIC", "credentials": {"username": "ada", "password": "pass word"}}
    assert subscribe(peer, receiver.url, login, headers={"X-Key": "k"}).status == 201
    peer.send()
    infobip.clock.advance(10)
    got = receiver.next().headers
    token = base64.b64encode(b"ada:pass word").decode()
    assert (got["Authorization"], got["X-Key"]) == (f"Basic {token}", "k")
    for algorithm, name in (("HMAC_SHA_256", "sha256"), ("HMAC_MD5", "md5")):
        signed = {"type": "HMAC", "credentials": {"secretKey": "s3cret", "algorithm": algorithm}}
        subscribe(peer, receiver.url, signed)
        peer.send()
        infobip.clock.advance(10)
        request = receiver.next()
        digest = hmac.new(b"s3cret", request.body, getattr(hashlib, name)).hexdigest()
        assert request.headers[SIGNATURE_HEADER] == digest
    peer.send(webhooks={"delivery": {"url": f"{receiver.url}/own"}})
    infobip.clock.advance(10)
    own = receiver.next()
    assert own.path == "/own"
    assert SIGNATURE_HEADER not in own.headers


def test_subscriptions_are_checked_and_told(infobip: Infobip) -> None:
    peer = infobip.peer()
    path = "/subscriptions/1/subscription/SMS"
    assert peer.get(path)["results"] == []
    subscribe(peer, "http://127.0.0.1:9/")
    assert peer.get(path)["results"][0]["subscriptionId"] == "ajo-sms"
    assert infobip.peer("trial").get(path)["results"] == []
    assert subscribe(peer, "x" * 513).status == 400
    assert subscribe(peer, "http://127.0.0.1:9/", {"type": "CUSTOM"}).status == 400
    assert subscribe(peer, "http://127.0.0.1:9/", {"type": "HMAC"}).status == 400
    wrong: list[Any] = [[], {}, {"subscriptionId": "x", "events": []}]
    for document in wrong:
        assert peer.call("POST", path, document).status == 400
