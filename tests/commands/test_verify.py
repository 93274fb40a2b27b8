"""``smstui verify`` from a script, over real HTTP."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from smstui.simulator.core import AccountInfo
from smstui.simulator.server import Simulator
from tests.commands.conftest import Smstui, account

PHONE = "+393331234567"


def save(smstui: Smstui, tmp_path: Path, info: AccountInfo, **changes: str) -> None:
    """Import an account as the credential "twilio"."""
    entry = {"vendor": info.vendor, "name": "twilio", **info.fields, **changes}
    path = tmp_path / "one.json"
    path.write_text(json.dumps({"credentials": [entry]}))
    assert smstui("credentials", "import", str(path)).status == 0


def results(document: Any) -> dict[str, str]:
    return {stage["name"]: stage["result"] for stage in document["stages"]}


@pytest.mark.usefixtures("store")
def test_a_message_is_followed_until_it_is_delivered(
    smstui: Smstui, tmp_path: Path, live: AccountInfo
) -> None:
    save(smstui, tmp_path, live)
    done = smstui("verify", "twilio", "--to", PHONE, "--message", "hello", "--json")
    assert (done.status, done.err) == (0, "")
    document = done.document
    assert list(document) == [
        "credential",
        "vendor",
        "depth",
        "ok",
        "message_id",
        "stages",
        "request",
        "response",
    ]
    assert set(results(document).values()) == {"passed"}
    assert document["ok"] is True
    assert document["message_id"].startswith("SM")
    assert live.fields["auth_token"] not in done.out
    row = smstui("credentials", "list", "--json").document[0]
    assert (row["verified_result"], row["verified_word"]) == ("passed", "delivered")


@pytest.mark.usefixtures("store")
def test_accepted_is_not_delivered(smstui: Smstui, tmp_path: Path, live: AccountInfo) -> None:
    save(smstui, tmp_path, live)
    soon = smstui("verify", "twilio", "--to", PHONE, "--wait", "0.5", "--json")
    assert soon.status == 1
    assert soon.document["ok"] is False
    assert results(soon.document)["deliver"] == "pending"
    unasked = smstui("verify", "twilio", "--to", PHONE, "--wait", "0", "--json")
    assert unasked.status == 0
    assert results(unasked.document)["deliver"] == "skipped"
    row = smstui("credentials", "list", "--json").document[0]
    assert row["verified_word"] == "accepted"


@pytest.mark.usefixtures("store")
def test_a_refusal_is_told_with_its_next_step(
    smstui: Smstui, tmp_path: Path, live: AccountInfo
) -> None:
    save(smstui, tmp_path, live, auth_token="0" * 32)
    done = smstui("verify", "twilio", "--depth", "probe")
    assert (done.status, done.out) == (1, "")
    assert "✗ authenticate" in done.err
    assert "20003" in done.err
    assert "✓ connect" in done.err
    failed = smstui("verify", "twilio", "--to", PHONE, "--json").document
    assert results(failed) == {
        "shape": "passed",
        "connect": "passed",
        "authenticate": "failed",
        "accept": "skipped",
        "deliver": "skipped",
    }
    assert next(stage["hint"] for stage in failed["stages"] if stage["result"] == "failed")


@pytest.mark.usefixtures("store")
def test_a_check_uses_no_network(smstui: Smstui, tmp_path: Path, live: AccountInfo) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
    save(smstui, tmp_path, live, api_host=nobody)
    assert smstui("verify", "twilio", "--depth", "check").status == 0
    refused = smstui("verify", "twilio", "--depth", "probe", "--json")
    assert refused.status == 1
    assert results(refused.document)["connect"] == "failed"


@pytest.mark.usefixtures("store")
def test_a_landline_fails_at_the_last_stage(
    smstui: Smstui, tmp_path: Path, simulator: Simulator
) -> None:
    save(smstui, tmp_path, account(simulator, "live, number only"))
    done = smstui("verify", "twilio", "--to", "+390655530006", "--json")
    assert done.status == 1
    deliver = done.document["stages"][-1]
    assert (deliver["result"], deliver["code"]) == ("failed", "30006")


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("verify", "nobody", "--depth", "check"), "nobody"),
        (("verify", "nobody"), "--to is needed"),
        (("verify", "nobody", "--depth", "deep"), "deep"),
        (("verify", "nobody", "--to", PHONE, "--wait", "-1"), "--wait"),
    ],
)
def test_wrong_usage_ends_with_2(smstui: Smstui, arguments: tuple[str, ...], said: str) -> None:
    done = smstui(*arguments)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
