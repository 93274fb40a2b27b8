"""Who may do what at the simulated Sinch; that it is the same in each run."""

from __future__ import annotations

import re

import pytest

from smstui.simulator.server import Simulator
from smstui.simulator.sinch import SinchVendor
from tests.simulator.sinch_support import APP, BATCHES, ULID, Sinch

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}"
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


def test_every_login_is_well_formed_and_explained(shared_sinch: Sinch) -> None:
    infos = shared_sinch.simulator.accounts
    assert len({(info.vendor, info.label) for info in infos}) == len(infos)
    assert {info.vendor for info in infos} == {"Sinch", "Sinch MMS", "Sinch RCS"}
    for info in infos:
        assert info.note.endswith(".")
        for name, value in info.fields.items():
            if name != "api_token":
                assert re.fullmatch(PATTERNS[name], value), (info.label, name)
            if "token" in name or "secret" in name:
                assert value not in repr(info)


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
def test_reading_batches(shared_sinch: Sinch, label: str, status: int) -> None:
    answer = shared_sinch.peer(label).call("GET", BATCHES)
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
def test_reading_the_app(
    shared_sinch: Sinch, vendor: str, label: str, status: int, name: str
) -> None:
    peer = shared_sinch.peer(label, vendor)
    answer = peer.call("GET", APP)
    assert answer.status == status
    if name:
        assert (answer.json["error"]["code"], answer.json["error"]["status"]) == (status, name)
    else:
        assert answer.json["id"] == peer.fields["app_id"]


def test_the_app_answers_with_the_secrets_of_its_channels(shared_sinch: Sinch) -> None:
    peer = shared_sinch.peer("live", "Sinch RCS")
    record = peer.call("GET", APP).json
    channels = {entry["channel"]: entry for entry in record["channel_credentials"]}
    assert {entry["state"]["status"] for entry in channels.values()} == {"ACTIVE"}
    assert channels["SMS"]["static_bearer"] == {
        "claimed_identity": peer.fields["service_plan_id"],
        "token": peer.fields["sms_api_token"],
    }
    assert record["callback_settings"]["secret_for_overridden_callback_urls"]


def test_a_gateway_page_is_not_json(shared_sinch: Sinch) -> None:
    for vendor, path in (("Sinch", BATCHES), ("Sinch RCS", APP)):
        answer = shared_sinch.peer("gateway", vendor).call("GET", path)
        assert answer.status == 502
        assert b"<html" in answer.body


@pytest.mark.parametrize("login", ["", "Basic x", "Bearer", "Bearer x", "Basic /w==", "Digest x"])
def test_other_logins_are_refused(shared_sinch: Sinch, login: str) -> None:
    for vendor, path in (("Sinch", BATCHES), ("Sinch RCS", APP)):
        answer = shared_sinch.peer("live", vendor).call("GET", path, Authorization=login)
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


def test_the_same_seed_makes_the_same_world() -> None:
    fields = []
    for _run in range(2):
        with Simulator(seed="tests", makers=[SinchVendor]) as simulator:
            fields.append([dict(i.fields) | {"api_host": ""} for i in simulator.accounts])
    assert fields[0] == fields[1]
