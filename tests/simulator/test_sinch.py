"""The simulated Sinch over real HTTP: logins, rules, reports, fallback, callbacks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest

from smstui.simulator.server import Simulator
from smstui.simulator.sinch import SinchVendor
from smstui.simulator.sinch.signature import signed_headers
from tests.receiver import Receiver
from tests.simulator.conftest import Answer, HandClock

TO = "12065550123"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}"
ULID = r"[0-9A-HJKMNP-TV-Z]{26}"
PATTERNS = {
    "service_id": r"[0-9a-f]{32}",
    "service_plan_id": r"[0-9a-f]{32}",
    "sms_api_token": r"[0-9a-f]{32}",
    "project_id": UUID,
    "app_id": ULID,
    "key_id": UUID,
    "key_secret": r"[0-9a-f]{28}",
    "inbound_number": r"\+1\d{10}",
    "sender_number": r"\+1\d{10}",
    "test_media": r"https://.*",
    "api_host": r"http://127\.0\.0\.1:\d+",
}


class Peer:
    """Talks to the simulator as one of its accounts."""

    def __init__(self, url: str, fields: Mapping[str, str]) -> None:
        self.url = url
        self.fields = dict(fields)
        is_plan = "service_id" in fields
        self.login = f"{'Bearer' if is_plan else 'Basic'} {fields['api_token']}"

    def call(self, method: str, path: str, document: Any = None, **headers: str) -> Answer:
        """Send one request; the names of fields in the path are filled in."""
        for name, value in self.fields.items():
            path = path.replace(f"{{{name}}}", value)
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        sent = {"Authorization": self.login}
        if document is not None:
            sent["Content-Type"] = "application/json"
        port = urlsplit(self.url).port
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            sent |= {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body if document is not None else None, sent)
            response = connection.getresponse()
            got = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, got, response.read())
        finally:
            connection.close()

    def send(self, to: Any = TO, **changes: Any) -> Answer:
        """Send an SMS to one recipient or a list; a change to None leaves a member out."""
        many = [to] if isinstance(to, str) else to
        body = {"from": "12025550142", "to": many, "body": "x", "delivery_report": "per_recipient"}
        body |= changes
        body = {name: value for name, value in body.items() if value is not None}
        return self.call("POST", "/xms/v1/{service_id}/batches", body)

    def report(self, batch: str, to: str = TO) -> Any:
        """Return the report on one recipient."""
        path = f"/xms/v1/{{service_id}}/batches/{batch}/delivery_report/{to}"
        return self.call("GET", path).json

    def message(self, *channels: str, to: str = TO, **changes: Any) -> Answer:
        """Send a message of the Conversation API by these channels, in that order."""
        identities = [{"channel": channel, "identity": f"+{to}"} for channel in channels]
        body: dict[str, Any] = {
            "app_id": self.fields["app_id"],
            "recipient": {"identified_by": {"channel_identities": identities}},
            "message": {"text_message": {"text": "x"}},
            "channel_priority_order": list(channels),
            "channel_properties": {"MMS_SENDER": "+12025550143"},
            "processing_strategy": "DISPATCH_ONLY",
        }
        body |= changes
        body = {name: value for name, value in body.items() if value is not None}
        return self.call("POST", "/v1/projects/{project_id}/messages:send", body)


class Sinch:
    """A running simulator of Sinch alone."""

    def __init__(self, simulator: Simulator, clock: HandClock) -> None:
        self.simulator = simulator
        self.clock = clock
        self.fields = {(i.vendor, i.label): i.fields for i in simulator.accounts}

    def peer(self, label: str = "live", vendor: str = "Sinch") -> Peer:
        """Return somebody who knows a login."""
        return Peer(self.simulator.url, self.fields[vendor, label])


@pytest.fixture
def sinch() -> Iterator[Sinch]:
    """A simulator of the test's own."""
    clock = HandClock()
    with Simulator(clock=clock, seed="tests", makers=[SinchVendor]) as simulator:
        yield Sinch(simulator, clock)


@pytest.fixture(scope="module")
def shared() -> Iterator[Sinch]:
    """A simulator for tests that mind neither the hour nor older messages."""
    clock = HandClock()
    with Simulator(clock=clock, seed="tests", makers=[SinchVendor]) as simulator:
        yield Sinch(simulator, clock)


def test_every_login_is_well_formed_and_explained(shared: Sinch) -> None:
    infos = shared.simulator.accounts
    assert len({(info.vendor, info.label) for info in infos}) == len(infos)
    assert {info.vendor for info in infos} == {"Sinch", "Sinch MMS", "Sinch RCS"}
    for info in infos:
        assert info.note.endswith(".")
        for name, value in info.fields.items():
            if name != "api_token":
                assert re.fullmatch(PATTERNS[name], value), (info.label, name)
            if "token" in name or "secret" in name:
                assert value not in repr(info)


BATCHES = "/xms/v1/{service_id}/batches?page_size=1"
APP = "/v1/projects/{project_id}/apps/{app_id}"


@pytest.mark.parametrize(
    ("label", "status"),
    [
        ("live", 200),
        ("no default sender", 200),
        ("no callback URL", 200),
        ("blocked", 200),
        ("other region", 401),
        ("wrong token", 401),
        ("throttled", 429),
        ("fault", 500),
        ("maintenance", 503),
    ],
)
def test_reading_batches(shared: Sinch, label: str, status: int) -> None:
    answer = shared.peer(label).call("GET", BATCHES)
    assert answer.status == status
    if status == 200:
        assert answer.json["batches"] == []
    else:
        assert answer.body == b""


@pytest.mark.parametrize(
    ("label", "status", "name"),
    [
        ("live", 200, ""),
        ("keeps messages", 200, ""),
        ("channel pending", 200, ""),
        ("channel failing", 200, ""),
        ("no channel", 200, ""),
        ("other region", 404, "NOT_FOUND"),
        ("other project", 403, "PERMISSION_DENIED"),
        ("no credit", 403, "PERMISSION_DENIED"),
        ("deleted key", 401, "UNAUTHENTICATED"),
        ("throttled", 429, "RESOURCE_EXHAUSTED"),
        ("fault", 500, "INTERNAL"),
        ("maintenance", 503, "UNAVAILABLE"),
    ],
)
@pytest.mark.parametrize("vendor", ["Sinch MMS", "Sinch RCS"])
def test_reading_the_app(shared: Sinch, vendor: str, label: str, status: int, name: str) -> None:
    peer = shared.peer(label, vendor)
    answer = peer.call("GET", APP)
    assert answer.status == status
    if name:
        assert (answer.json["error"]["code"], answer.json["error"]["status"]) == (status, name)
    else:
        assert answer.json["id"] == peer.fields["app_id"]


def test_the_app_answers_with_the_secrets_of_its_channels(shared: Sinch) -> None:
    peer = shared.peer("live", "Sinch RCS")
    record = peer.call("GET", APP).json
    channels = {entry["channel"]: entry for entry in record["channel_credentials"]}
    assert {entry["state"]["status"] for entry in channels.values()} == {"ACTIVE"}
    assert channels["SMS"]["static_bearer"] == {
        "claimed_identity": peer.fields["service_plan_id"],
        "token": peer.fields["sms_api_token"],
    }
    assert record["callback_settings"]["secret_for_overridden_callback_urls"]


def test_a_gateway_page_is_not_json(shared: Sinch) -> None:
    for vendor, path in (("Sinch", BATCHES), ("Sinch RCS", APP)):
        answer = shared.peer("gateway", vendor).call("GET", path)
        assert answer.status == 502
        assert b"<html" in answer.body


@pytest.mark.parametrize("login", ["", "Basic x", "Bearer", "Bearer x", "Basic /w==", "Digest x"])
def test_other_logins_are_refused(shared: Sinch, login: str) -> None:
    for vendor, path in (("Sinch", BATCHES), ("Sinch RCS", APP)):
        answer = shared.peer("live", vendor).call("GET", path, Authorization=login)
        assert answer.status == 401


def test_an_access_key_gives_a_token_for_an_hour(sinch: Sinch) -> None:
    peer = sinch.peer("live", "Sinch MMS")
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    grant = b"grant_type=client_credentials"
    token = peer.call("POST", "/oauth2/token", grant, **form).json
    assert (token["token_type"], token["expires_in"]) == ("bearer", 3600)
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    assert peer.call("GET", APP, **bearer).status == 200
    other = sinch.peer("no credit", "Sinch MMS")
    assert other.call("GET", APP, **bearer).status == 403
    sinch.clock.advance(3600)
    assert peer.call("GET", APP, **bearer).status == 401
    wrong = sinch.peer("deleted key", "Sinch MMS").call("POST", "/oauth2/token", grant, **form)
    assert (wrong.status, wrong.json["error"]) == (401, "invalid_client")
    bad = peer.call("POST", "/oauth2/token", b"grant_type=password", **form)
    assert (bad.status, bad.json["error"]) == (400, "unsupported_grant_type")


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
    shared: Sinch, changes: dict[str, Any], status: int, code: str | None
) -> None:
    answer = shared.peer().send(**changes)
    assert (answer.status, answer.json.get("code")) == (status, code)


def test_a_report_needs_somewhere_to_go(shared: Sinch) -> None:
    peer = shared.peer("no callback URL")
    answer = peer.send()
    assert (answer.status, answer.json["code"]) == (403, "missing_callback_url")
    assert peer.send(delivery_report="none").status == 201
    assert peer.send(callback_url="https://hooks.example.net/x").status == 201


def test_what_is_no_json_is_refused(shared: Sinch) -> None:
    peer, path = shared.peer(), "/xms/v1/{service_id}/batches"
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


def test_a_conversation_message_is_accepted_and_not_kept(sinch: Sinch) -> None:
    peer = sinch.peer("live", "Sinch RCS")
    accepted = peer.message("RCS", "SMS")
    assert accepted.status == 200
    assert re.fullmatch(ULID, accepted.json["message_id"])
    assert accepted.json["accepted_time"] == "2026-11-23T10:00:00.000Z"
    path = "/v1/projects/{project_id}/messages/" + accepted.json["message_id"]
    source = "?messages_source=DISPATCH_SOURCE"
    assert peer.call("GET", path + source).status == 404
    keeping = sinch.peer("keeps messages", "Sinch RCS")
    path = "/v1/projects/{project_id}/messages/"
    path += keeping.message("RCS", "SMS", to="12065500036").json["message_id"]
    assert keeping.call("GET", path).status == 404
    assert keeping.call("GET", path + source).json["channel_identity"]["channel"] == "RCS"
    sinch.clock.advance(60)
    record = keeping.call("GET", path + source).json
    assert record["channel_identity"] == {
        "channel": "SMS",
        "identity": "12065500036",
        "app_id": "",
    }
    assert "status" not in record


@pytest.mark.parametrize(
    ("label", "channels", "changes", "status"),
    [
        ("live", ("MMS",), {}, 200),
        ("live", ("MMS",), {"channel_properties": None}, 400),
        ("live", ("RCS",), {"channel_properties": None}, 200),
        ("live", ("VIBERBM",), {}, 400),
        ("live", (), {}, 400),
        ("live", ("RCS",), {"app_id": "app"}, 400),
        ("live", ("RCS",), {"app_id": "01JD0APPEXAMP1E0APPEXAMP10"}, 404),
        ("live", ("RCS",), {"recipient": {"contact_id": "x"}}, 400),
        ("live", ("RCS",), {"channel_priority_order": ["SMS"]}, 400),
        ("live", ("RCS",), {"message": {}}, 400),
        ("live", ("RCS",), {"message": {"text_message": {"text": ""}}}, 400),
        ("live", ("MMS",), {"message": {"media_message": {"url": "a.jpg"}}}, 400),
        ("live", ("MMS",), {"message": {"media_message": {"url": "https://a.example/b"}}}, 200),
        ("live", ("MMS",), {"message": {"card_message": {"title": "x"}}}, 200),
        ("live", ("RCS",), {"ttl": "2s"}, 400),
        ("live", ("RCS",), {"ttl": "soon"}, 400),
        ("live", ("RCS",), {"ttl": "86400s"}, 200),
        ("live", ("RCS",), {"message_metadata": "x" * 1025}, 400),
        ("live", ("RCS",), {"correlation_id": "x" * 129}, 400),
        ("live", ("RCS",), {"callback_url": "x"}, 400),
        ("no fallback", ("RCS", "SMS"), {}, 400),
        ("no fallback", ("RCS",), {}, 200),
        ("no channel", ("RCS", "SMS"), {}, 400),
        ("channel failing", ("RCS",), {}, 200),
    ],
)
def test_rules_of_a_message(
    shared: Sinch, label: str, channels: tuple[str, ...], changes: dict[str, Any], status: int
) -> None:
    answer = shared.peer(label, "Sinch RCS").message(*channels, **changes)
    assert answer.status == status
    if status == 400:
        assert answer.json["error"]["status"] == "INVALID_ARGUMENT"


@pytest.mark.parametrize(
    ("label", "channels", "ending", "statuses"),
    [
        ("live", ("RCS", "SMS"), "50123", ["QUEUED_ON_CHANNEL", "DELIVERED", "READ"]),
        ("live", ("MMS",), "50123", ["QUEUED_ON_CHANNEL", "DELIVERED"]),
        (
            "live",
            ("RCS", "SMS"),
            "00036",
            ["SWITCHING_CHANNEL RECIPIENT_NOT_REACHABLE", "QUEUED_ON_CHANNEL", "DELIVERED"],
        ),
        ("live", ("RCS",), "00036", ["FAILED RECIPIENT_NOT_REACHABLE"]),
        ("live", ("MMS",), "00417", ["FAILED MEDIA_NOT_REACHABLE"]),
        (
            "live",
            ("RCS", "SMS"),
            "00408",
            ["SWITCHING_CHANNEL CHANNEL_REJECT", "FAILED CHANNEL_REJECT"],
        ),
        ("live", ("RCS", "SMS"), "00401", ["QUEUED_ON_CHANNEL"]),
        ("channel failing", ("MMS",), "50123", ["FAILED CHANNEL_BAD_CONFIGURATION"]),
    ],
)
def test_delivery_is_told_to_the_callback_alone_signed(
    sinch: Sinch,
    receiver: Receiver,
    label: str,
    channels: tuple[str, ...],
    ending: str,
    statuses: list[str],
) -> None:
    peer = sinch.peer(label, "Sinch RCS")
    secret = peer.call("GET", APP).json["callback_settings"]["secret_for_overridden_callback_urls"]
    answer = peer.message(
        *channels, to=f"120655{ending}", callback_url=receiver.url, message_metadata="m"
    )
    sinch.clock.advance(60)
    nonces = set()
    for expected in statuses:
        got = receiver.next()
        headers = {name.lower(): value for name, value in got.headers.items()}
        nonce = headers["x-sinch-webhook-signature-nonce"]
        nonces.add(nonce)
        stamp = headers["x-sinch-webhook-signature-timestamp"]
        data = got.body + f".{nonce}.{stamp}".encode()
        digest = hmac.new(secret.encode(), data, hashlib.sha256).digest()
        assert headers["x-sinch-webhook-signature"] == base64.b64encode(digest).decode()
        report = json.loads(got.body)["message_delivery_report"]
        reason = report.get("reason", {}).get("code", "")
        assert f"{report['status']} {reason}".strip() == expected
        assert report["message_id"] == answer.json["message_id"]
        assert report["metadata"] == "m"
    assert len(nonces) == len(statuses)
    assert receiver.received.empty()


def test_the_signature_is_sinchs() -> None:
    body = b'{"app_id":"01HZZZZZZZZZZZZZZZZZZZZZZZ","message_delivery_report":{"status":"READ"}}'
    headers = signed_headers(
        "smstui-demo-secret", body, nonce="01HABCDEF0123456789ABCDEFG", timestamp="1767225600"
    )
    assert headers == {
        "x-sinch-webhook-signature": "ZEAAlfd8WHxCptlFjBA1PdhDr4PlzN0ENNiUcwNizHw=",
        "x-sinch-webhook-signature-nonce": "01HABCDEF0123456789ABCDEFG",
        "x-sinch-webhook-signature-timestamp": "1767225600",
        "x-sinch-webhook-signature-algorithm": "HmacSHA256",
    }


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


def test_the_same_seed_makes_the_same_world() -> None:
    fields = []
    for _run in range(2):
        with Simulator(seed="tests", makers=[SinchVendor]) as simulator:
            fields.append([dict(i.fields) | {"api_host": ""} for i in simulator.accounts])
    assert fields[0] == fields[1]
