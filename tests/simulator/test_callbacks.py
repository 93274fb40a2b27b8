"""Status callbacks: what is posted, when, how it is signed, and where it never goes."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from smstui.simulator.core import is_loopback
from smstui.simulator.twilio.signature import sign
from tests.receiver import Received, Receiver
from tests.simulator.conftest import Stage

TOKEN = "0123456789abcdef0123456789abcdef"
SIDS = {
    "AccountSid": "AC00112233445566778899aabbccddeeff",
    "MessageSid": "SM00112233445566778899aabbccddeeff",
}
READ = SIDS | {
    "ApiVersion": "2010-04-01",
    "ChannelPrefix": "rcs",
    "EventType": "READ",
    "From": "rcs:demo_agent",
    "SmsSid": "SM00112233445566778899aabbccddeeff",
    "MessageStatus": "read",
    "SmsStatus": "read",
    "To": "rcs:+15555550123",
}
INBOUND = SIDS | {
    "From": "+15555550123",
    "To": "+15005550006",
    "Body": "Grüße & 100% ☕",
    "NumMedia": "0",
    "FromCity": "",
}
HOOKS = "https://hooks.example.test"
DIGEST = "2c0666189e06a136563bd761c2f72f38f9bac28ae28ac660caca87f3e6e3fa6f"


@pytest.mark.parametrize(
    ("url", "parameters", "signature"),
    [
        (f"{HOOKS}/twilio/status?conn=7", READ, "8we0J1tUT3eavUnZili1SLSiALQ="),
        (f"{HOOKS}/twilio/status?conn=7#rc=2&rp=ct,rt", READ, "8we0J1tUT3eavUnZili1SLSiALQ="),
        (f"{HOOKS}/twilio/in", INBOUND, "CRHWXs3LclmiFjIuHGOt3Nr2Fu4="),
        (f"{HOOKS}:443/twilio/in", INBOUND, "YhsUikUZHmEtBZGyTE0O52cIUy4="),
        (f"{HOOKS}:8443/twilio/in", INBOUND, "khD1sSwd1HiOYD6/z4HO0BoA+3E="),
        (f"{HOOKS}/twilio/json?bodySHA256={DIGEST}", {}, "kolz5Tqmr8nttT7PxUdMqIBa/xI="),
    ],
)
def test_signatures(url: str, parameters: Mapping[str, str], signature: str) -> None:
    assert sign(TOKEN, url, parameters.items()) == signature
    assert sign(TOKEN, url, reversed(list(parameters.items()))) == signature


def test_a_repeated_parameter_is_signed_once_per_value() -> None:
    pairs = [("A", "2"), ("A", "1"), ("A", "2")]
    assert sign(TOKEN, HOOKS, pairs) == sign(TOKEN, HOOKS + "A1A2")


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:8080/x", True),
        ("http://127.9.9.9/", True),
        ("https://localhost/x", True),
        ("http://[::1]:80/", True),
        ("http://10.0.0.1/", False),
        ("https://hooks.example.test/", False),
        ("http://127.0.0.1.example.test/", False),
        ("http://localhost@example.test/", False),
        ("ftp://127.0.0.1/", False),
        ("file:///etc/hosts", False),
        ("http://[::1", False),
        ("", False),
    ],
)
def test_what_counts_as_this_machine(url: str, loopback: bool) -> None:
    assert is_loopback(url) is loopback


def test_each_status_is_posted_when_its_time_has_come(stage: Stage, receiver: Receiver) -> None:
    peer = stage.peer()
    url = f"{receiver.url}/status?conn=7#rc=2"
    sid = peer.send(StatusCallback=url).json["sid"]
    stage.clock.advance(1.2)
    sent = receiver.next()
    assert sent.path == "/status?conn=7"
    assert sent.parameters == {
        "AccountSid": peer.sid,
        "ApiVersion": "2010-04-01",
        "From": "+12025550142",
        "MessageSid": sid,
        "MessageStatus": "sent",
        "SmsSid": sid,
        "SmsStatus": "sent",
        "To": "+12025550100",
    }
    signature = sign(peer.fields["auth_token"], url, sent.parameters.items())
    assert sent.headers["X-Twilio-Signature"] == signature
    assert receiver.received.empty()
    stage.clock.advance(1.3)
    delivered = receiver.next()
    assert delivered.parameters["MessageStatus"] == "delivered"
    assert delivered.parameters["RawDlrDoneDate"] == "2611231000"
    tokens = {r.headers["I-Twilio-Idempotency-Token"] for r in (sent, delivered)}
    assert len(tokens) == 2


def statuses(stage: Stage, receiver: Receiver, count: int) -> list[Received]:
    """Let the whole life of a message pass, and return the callbacks it makes."""
    stage.clock.advance(60)
    return [receiver.next() for _number in range(count)]


def test_a_service_tells_where_callbacks_go_unless_the_message_does(
    stage: Stage, receiver: Receiver
) -> None:
    peer = stage.peer()
    service = peer.fields["message_sid"]
    path = f"/v1/Services/{service}"
    changed = peer.post(path, {"StatusCallback": f"{receiver.url}/service"}).json
    assert changed["status_callback"] == f"{receiver.url}/service"
    peer.send(MessagingServiceSid=service)
    got = statuses(stage, receiver, 3)
    assert {r.path for r in got} == {"/service"}
    assert [r.parameters["MessageStatus"] for r in got] == ["queued", "sent", "delivered"]
    assert {r.parameters["MessagingServiceSid"] for r in got} == {service}
    peer.send(MessagingServiceSid=service, StatusCallback=f"{receiver.url}/redirect")
    assert {r.path for r in statuses(stage, receiver, 3)} == {"/redirect"}
    assert receiver.received.empty()


def test_a_failure_carries_its_code(stage: Stage, receiver: Receiver) -> None:
    stage.peer().send("+393450030003", StatusCallback=receiver.url)
    sent, undelivered = statuses(stage, receiver, 2)
    assert "ErrorCode" not in sent.parameters
    assert undelivered.parameters["ErrorCode"] == "30003"


def test_rcs_tells_its_channel(stage: Stage, receiver: Receiver) -> None:
    peer = stage.peer("live, RCS")
    service = peer.fields["message_sid"]
    peer.send("+393450000100", MessagingServiceSid=service, StatusCallback=receiver.url)
    *_others, delivered, read = statuses(stage, receiver, 4)
    assert delivered.parameters["EventType"] == "DELIVERED"
    assert read.parameters["EventType"] == read.parameters["MessageStatus"].upper() == "READ"
    assert read.parameters["ChannelPrefix"] == "rcs"
    assert read.parameters["From"] == "rcs:demo_brand_agent"
    assert read.parameters["ChannelInstallSid"].startswith("XE")
    assert "RawDlrDoneDate" not in read.parameters
    to = "rcs:+393450063035"
    peer.send(to, MessagingServiceSid=service, StatusCallback=receiver.url)
    *_others, failed = statuses(stage, receiver, 3)
    assert failed.parameters["ErrorCode"] == "63035"
    assert "not launched" in failed.parameters["ChannelStatusMessage"]


def test_callbacks_are_signed_with_the_token_of_the_account_that_sends(
    stage: Stage, receiver: Receiver
) -> None:
    sub = stage.peer("subaccount")
    sub.send(StatusCallback=receiver.url)
    key = stage.peer("standard key")
    got = statuses(stage, receiver, 2)
    key.send(StatusCallback=receiver.url)
    got += statuses(stage, receiver, 2)
    for request, token in zip(
        got, [sub.fields["auth_token"]] * 2 + [stage.peer().fields["auth_token"]] * 2, strict=True
    ):
        expected = sign(token, receiver.url, request.parameters.items())
        assert request.headers["X-Twilio-Signature"] == expected


def test_nothing_is_called_back_elsewhere_or_for_test_credentials(
    stage: Stage, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A proxy would be asked for an address that is not loopback, and for one that is.
    monkeypatch.setenv("http_proxy", f"{receiver.url}/proxy")
    stage.peer().send(StatusCallback="http://hooks.example.test/")
    tested = stage.peer("test credentials")
    tested.send(From="+15005550006", StatusCallback=f"{receiver.url}/tested")
    stage.peer().send(StatusCallback=f"{receiver.url}/last")
    assert [r.path for r in statuses(stage, receiver, 2)] == ["/last", "/last"]
    assert receiver.received.empty()


def test_a_receiver_that_is_gone_does_not_stop_the_others(stage: Stage, receiver: Receiver) -> None:
    stage.peer().send(StatusCallback="http://127.0.0.1:9/")
    stage.peer().send(StatusCallback=f"{receiver.url}/here")
    assert len(statuses(stage, receiver, 2)) == 2
