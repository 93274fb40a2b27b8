"""What is set for a whole account: subscribers' texts, answers to messages, delivery reports."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from smstui.simulator.core import AccountInfo, SimulatorFailed
from smstui.simulator.server import Simulator
from smstui.simulator.twilio.signature import sign
from tests.receiver import Received, Receiver
from tests.simulator.conftest import HandClock, exchange
from tests.simulator.conftest import Peer as TwilioPeer
from tests.simulator.infobip.conftest import RCS as INFOBIP_RCS
from tests.simulator.infobip.conftest import Peer as InfobipPeer
from tests.simulator.sinch_support import Peer as SinchPeer

STOPS, WANTS_HELP = "+393331207867", "+393331204357"
SECRET = "a secret of the webhook"


@dataclass(frozen=True)
class World:
    """A simulator of all vendors, its clock, and who is called."""

    simulator: Simulator
    clock: HandClock
    receiver: Receiver

    def account(self, vendor: str, label: str = "live") -> AccountInfo:
        """Return a login."""
        return next(
            info for info in self.simulator.accounts if (info.vendor, info.label) == (vendor, label)
        )

    def hook(self, vendor: str, label: str = "live", **more: Any) -> AccountInfo:
        """Have an account's owner called at one URL for everything."""
        account, url = self.account(vendor, label), f"{self.receiver.url}/hook"
        self.simulator.set_webhook(account, **({"inbound": url, "feedback": url} | more))
        return account

    def passing(self, seconds: float) -> list[Received]:
        """Let time pass, and return the calls that this made, in their order."""
        self.clock.advance(seconds)
        self.simulator.settle()
        found = []
        while not self.receiver.received.empty():
            found.append(self.receiver.received.get_nowait())
        return found


@pytest.fixture
def world(receiver: Receiver) -> Iterator[World]:
    clock = HandClock()
    with Simulator(clock=clock, seed="tests") as simulator:
        yield World(simulator, clock, receiver)


def sinch_signature(received: Received) -> str:
    """Return what Sinch's formula gives for a call."""
    head = {name.lower(): value for name, value in received.headers.items()}
    prefix = "x-sinch-webhook-signature"
    signed = f".{head[f'{prefix}-nonce']}.{head[f'{prefix}-timestamp']}".encode()
    digest = hmac.new(SECRET.encode(), received.body + signed, hashlib.sha256).digest()
    assert head[prefix] == base64.b64encode(digest).decode()
    return head[f"{prefix}-nonce"]


def test_twilio_posts_a_text_signed_with_the_account_s_token(world: World) -> None:
    account = world.hook("Twilio")
    world.simulator.subscriber_texts(
        account, number="+393331234567", to="+12025550142", text="Ciao ☕ & grazie"
    )
    (call,) = world.passing(0)
    assert call.path == "/hook"
    got = call.parameters
    assert got["MessageSid"] == got["SmsSid"] == got["SmsMessageSid"]
    assert got["MessageSid"].startswith("SM")
    assert (got["From"], got["To"], got["Body"]) == (
        "+393331234567",
        "+12025550142",
        "Ciao ☕ & grazie",
    )
    assert (got["NumMedia"], got["SmsStatus"], got["FromCity"]) == ("0", "received", "")
    assert got["MessagingServiceSid"] == account.fields["message_sid"]
    signature = sign(account.fields["auth_token"], f"{world.receiver.url}/hook", got.items())
    assert call.headers["X-Twilio-Signature"] == signature


def test_twilio_s_urls_are_set_by_its_api_and_the_service_s_wins(world: World) -> None:
    account = world.account("Twilio")
    peer = TwilioPeer(world.simulator, account.fields)
    numbers = "/2010-04-01/Accounts/{sid}/IncomingPhoneNumbers"
    (number,) = peer.get(f"{numbers}.json?PhoneNumber=12025550142").json["incoming_phone_numbers"]
    path = f"{numbers}/{number['sid']}.json"
    changed = peer.post(path, {"SmsUrl": f"{world.receiver.url}/number"}).json
    assert changed["sms_url"] == peer.get(path).json["sms_url"] == f"{world.receiver.url}/number"
    assert peer.get(f"{numbers}/PN{'0' * 32}.json").status == 404

    def text() -> list[str]:
        world.simulator.subscriber_texts(
            account, number="+393331234567", to="+12025550142", text="x"
        )
        return [call.path for call in world.passing(0)]

    assert text() == ["/number"]
    service = f"/v1/Services/{account.fields['message_sid']}"
    peer.post(service, {"InboundRequestUrl": f"{world.receiver.url}/service#rc=2"})
    assert text() == ["/service"]
    world.simulator.set_webhook(account)
    peer.post(path, {"SmsUrl": ""})
    assert text() == []


def test_twilio_answers_by_rcs_come_from_and_to_channel_addresses(world: World) -> None:
    account = world.hook("Twilio", "live, RCS")
    world.simulator.subscriber_texts(
        account, number="+393331234567", to="demo_brand_agent", text="Yes"
    )
    (call,) = world.passing(0)
    assert call.parameters["From"] == "rcs:+393331234567"
    assert call.parameters["To"] == "rcs:demo_brand_agent"
    assert json.loads(call.parameters["ChannelMetadata"])["type"] == "rcs"
    peer = TwilioPeer(world.simulator, account.fields)
    peer.send(STOPS, MessagingServiceSid=account.fields["message_sid"])
    *reports, answer, read = world.passing(60)
    assert [r.parameters["MessageStatus"] for r in reports] == ["queued", "sent", "delivered"]
    assert (answer.parameters["Body"], answer.parameters["From"]) == ("STOP", f"rcs:{STOPS}")
    assert read.parameters["MessageStatus"] == "read"


def test_a_name_cannot_be_answered(world: World) -> None:
    account = world.hook("Twilio")
    peer = TwilioPeer(world.simulator, account.fields)
    peer.send(STOPS, From="ACME", StatusCallback=f"{world.receiver.url}/own")
    assert {call.path for call in world.passing(60)} == {"/own"}
    with pytest.raises(SimulatorFailed, match="no sender ACME"):
        world.simulator.subscriber_texts(account, number=STOPS, to="ACME", text="STOP")


def test_a_number_of_twilio_has_no_status_callback(world: World) -> None:
    account = world.account("Twilio", "live, number only")
    with pytest.raises(SimulatorFailed, match="with each message"):
        world.simulator.set_webhook(account, feedback=world.receiver.url)
    world.hook("Twilio", "live, number only", feedback="")
    TwilioPeer(world.simulator, account.fields).send(WANTS_HELP)
    (answer,) = world.passing(60)
    assert answer.parameters["Body"] == "HELP"
    assert "MessagingServiceSid" not in answer.parameters


@pytest.mark.parametrize("secret", ["", SECRET])
def test_a_plan_of_sinch_has_one_url_for_reports_and_texts(world: World, secret: str) -> None:
    account = world.hook("Sinch", secret=secret, headers={"X-Key": "k"})
    peer = SinchPeer(world.simulator.url, account.fields)
    batch = peer.send([STOPS, "+12065550123"]).json["id"]
    calls = world.passing(60)
    records = [json.loads(call.body) for call in calls]
    assert [r.get("status", r["type"]) for r in records] == [
        *("Dispatched", "Dispatched", "Delivered", "Delivered", "mo_text")
    ]
    assert {r["batch_id"] for r in records[:-1]} == {batch}
    answer = records[-1]
    assert (answer["from"], answer["to"], answer["body"]) == (STOPS[1:], "12025550142", "STOP")
    assert {call.headers["X-Key"] for call in calls} == {"k"}
    if secret:
        assert len({sinch_signature(call) for call in calls}) == len(calls)
    else:
        assert not any("signature" in name.lower() for call in calls for name in call.headers)
    peer.send(STOPS, **{"from": "ACME"}, delivery_report="none")
    assert world.passing(60) == []
    with pytest.raises(SimulatorFailed, match="one callback URL"):
        world.simulator.set_webhook(account, inbound="http://127.0.0.1:1", feedback="http://[::1]")


def test_webhooks_of_an_app_get_what_they_are_triggered_by(world: World) -> None:
    account = world.account("Sinch RCS")
    peer = SinchPeer(world.simulator.url, account.fields)
    app, url = account.fields["app_id"], world.receiver.url

    def create(target: str, *triggers: str, **more: Any) -> Any:
        body = {"app_id": app, "target": target, "target_type": "HTTP", "triggers": list(triggers)}
        return peer.call("POST", "/v1/projects/{project_id}/webhooks", body | more)

    reports = create(f"{url}/reports", "MESSAGE_DELIVERY", secret=SECRET)
    assert reports.status == 200
    assert create(f"{url}/texts", "MESSAGE_INBOUND", "EVENT_INBOUND", secret=SECRET).status == 200
    assert [
        create(*wrong).status
        for wrong in ((f"{url}/reports", "OPT_IN"), ("x", "OPT_IN"), (f"{url}/n", "NO"), (url,))
    ] == [400] * 4
    for number in range(3):
        create(f"{url}/{number}", "OPT_IN")
    assert create(f"{url}/more", "OPT_IN").status == 400
    hooks = peer.call("GET", "/v1/projects/{project_id}/apps/{app_id}/webhooks").json["webhooks"]
    assert [hook["target"].rpartition("/")[2] for hook in hooks] == [
        *("reports", "texts", "0", "1", "2")
    ]

    peer.message("RCS", "SMS", to=STOPS[1:])
    calls = world.passing(60)
    for call in calls:
        sinch_signature(call)
    told = [(call.path, json.loads(call.body)) for call in calls]
    assert [
        (path, record["message_delivery_report"]["status"])
        for path, record in told
        if "message" not in record
    ] == [("/reports", status) for status in ("QUEUED_ON_CHANNEL", "DELIVERED", "READ")]
    ((path, answer),) = [(path, record) for path, record in told if "message" in record]
    assert path == "/texts"
    message = answer["message"]
    assert message["contact_message"] == {"text_message": {"text": "STOP"}}
    assert message["channel_identity"] == {"channel": "RCS", "identity": STOPS[1:], "app_id": ""}
    assert (message["direction"], answer["app_id"]) == ("TO_APP", app)

    hook = f"/v1/projects/{{project_id}}/webhooks/{reports.json['id']}"
    assert peer.call("DELETE", hook).status == 200
    assert peer.call("DELETE", hook).status == 404
    peer.message("RCS", "SMS", to="12065550123")
    assert world.passing(60) == []


def test_an_app_is_texted_by_the_channel_of_the_number(world: World) -> None:
    account = world.hook("Sinch MMS", secret=SECRET)
    for to in ("+12025550143", "+12025550142"):
        world.simulator.subscriber_texts(account, number="+12065550123", to=to, text="hi")
    messages = [json.loads(call.body)["message"] for call in world.passing(0)]
    assert [(m["channel_identity"]["channel"], m["sender_id"]) for m in messages] == [
        ("MMS", "12025550143"),
        ("SMS", "12025550142"),
    ]


def test_infobip_forwards_by_the_number_before_any_subscription(world: World) -> None:
    account = world.hook("Infobip", secret=SECRET)
    peer = InfobipPeer(world.simulator.url, account.fields["api_key"])
    peer.send("393331207867", sender="385990000099")
    report, answer = world.passing(60)
    for call in (report, answer):
        digest = hmac.new(SECRET.encode(), call.body, hashlib.sha256).hexdigest()
        assert call.headers["X-Callback-Signature"] == digest
    whole = json.loads(answer.body)
    (record,) = whole["results"]
    assert (record["from"], record["to"], record["text"]) == (STOPS[1:], "385990000099", "STOP")
    assert (whole["messageCount"], whole["pendingMessageCount"]) == (1, 0)

    path = "/resource-management/1/inbound-message-configurations"
    forwarding = {"type": "HTTP_FORWARD", "url": f"{world.receiver.url}/own", "format": "MO_JSON_2"}
    document = {"channel": "SMS", "number": "385990000099", "forwarding": forwarding}
    assert peer.call("POST", path, document).json["configurationKey"]
    world.simulator.subscriber_texts(account, number=STOPS, to="+385990000099", text="STOP")
    (call,) = world.passing(0)
    assert (call.path, call.headers.get("X-Callback-Signature")) == ("/own", None)
    for wrong, status in (
        ({"number": "385990000098"}, 404),
        ({"channel": "POST"}, 400),
        ({"forwarding": {"type": "PULL"}}, 400),
        ({"forwarding": forwarding | {"format": "MO_JSON"}}, 400),
        ({"forwarding": forwarding | {"url": ""}}, 400),
        ({"number": None}, 400),
    ):
        assert peer.call("POST", path, document | wrong).status == status
    assert peer.call("POST", path, []).status == 400


def test_infobip_tells_of_rcs_in_its_own_shape(world: World) -> None:
    account = world.hook("Infobip")
    peer = InfobipPeer(world.simulator.url, account.fields["api_key"])
    peer.send("393331204357", INFOBIP_RCS)
    delivered, answer, seen = [json.loads(call.body)["results"][0] for call in world.passing(60)]
    assert delivered["status"]["name"] == "DELIVERED_TO_HANDSET"
    assert "seenAt" in seen
    assert (answer["sender"], answer["to"]) == (WANTS_HELP[1:], "DemoSender")
    assert answer["message"] == {"type": "TEXT", "text": "HELP"}
    with pytest.raises(SimulatorFailed, match="no sender DemoBrand"):
        world.simulator.subscriber_texts(account, number=STOPS, to="DemoBrand", text="x")


def test_the_custom_provider_reports_and_passes_answers_on(world: World) -> None:
    account = world.hook("Custom", "none", secret=SECRET, headers={"X-Key": "k"})
    body = {"sender": "ACME", "text": "x"}

    def send(to: str) -> str:
        document = json.dumps(body | {"recipient": to}).encode()
        kind = {"Content-Type": "application/json"}
        path = account.fields["provider_url"].removeprefix(world.simulator.url)
        answer = exchange(world.simulator.url, "POST", path, document, kind).json
        return str(answer["messages"][0]["id"])

    message = send(STOPS)
    *reports, answer = calls = world.passing(60)
    for call in calls:
        digest = hmac.new(SECRET.encode(), call.body, hashlib.sha256).hexdigest()
        assert (call.headers["X-Signature"], call.headers["X-Key"]) == (digest, "k")
    told = [json.loads(call.body) for call in reports]
    assert {record["clientReference"] for record in told} == {message}
    assert [record["statuses"][0]["status"] for record in told] == ["SENT", "DELIVERED"]
    record = json.loads(answer.body)
    assert (record["from"], record["to"], record["message"]) == (STOPS, "ACME", {"text": "STOP"})
    send("+393450050300")
    failed = json.loads(world.passing(60)[-1].body)["statuses"][0]
    assert (failed["code"], failed["status"]) == ("301", "UNDELIVERABLE")
    send("+393450000999")
    assert len(world.passing(60)) == 1
    world.simulator.set_webhook(account)
    send(STOPS)
    assert world.passing(60) == []


@pytest.mark.parametrize(
    ("vendor", "label", "after"),
    [("Sinch", "live", 5), ("Infobip", "live", 60), ("Custom", "Bearer", 5), ("Twilio", "live", 0)],
)
def test_a_call_that_nobody_takes_is_made_once_more(
    world: World, vendor: str, label: str, after: float
) -> None:
    account = world.account(vendor, label)
    to = {"Infobip": "385990000099"}.get(vendor, "+12025550142")
    world.simulator.set_webhook(account, inbound=f"{world.receiver.url}/failing")
    world.receiver.failures[:] = [503, 503, 503]
    world.simulator.subscriber_texts(account, number=STOPS, to=to, text="STOP")
    (first,) = world.passing(0)
    assert world.passing(after - 0.1) == []
    again = world.passing(0.1)
    assert [call.body for call in again] == ([first.body] if after else [])
    assert world.passing(600) == []


def test_what_cannot_be_set_or_texted_is_told(world: World) -> None:
    elsewhere = world.account("Sinch", "other region")
    with pytest.raises(SimulatorFailed, match="another region"):
        world.simulator.set_webhook(elsewhere)
    unknown = AccountInfo("Twilio", "nobody", {})
    with pytest.raises(SimulatorFailed, match="does not know"):
        world.simulator.subscriber_texts(unknown, number="", to="", text="")
    with pytest.raises(SimulatorFailed, match="not running"):
        Simulator().settle()
