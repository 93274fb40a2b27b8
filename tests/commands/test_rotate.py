"""``smstui credentials rotate`` and ``uses`` as a script calls them; over real HTTP."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from smstui.simulator.core import AccountInfo
from smstui.simulator.server import Simulator
from smstui.store import Store
from smstui.store.records import Actor
from tests.channels.kit import webhook
from tests.commands.conftest import Done, Smstui, account
from tests.conftest import PASSPHRASE

WRONG = "f" * 32


@pytest.fixture
def new(simulator: Simulator) -> str:
    """The live account's secondary Auth Token."""
    return account(simulator, "live").note.rpartition(": ")[2].rstrip(".")


@pytest.fixture
def secret(tmp_path: Path, new: str) -> Path:
    """A file with the new secret and a line end."""
    path = tmp_path / "secret"
    path.write_text(f"{new}\n")
    return path


@pytest.fixture(autouse=True)
def imported(smstui: Smstui, store: Path, tmp_path: Path, live: AccountInfo) -> None:
    """Two credentials of the live account."""
    entries = [{"vendor": "Twilio", "name": name, **live.fields} for name in ("main", "other")]
    path = tmp_path / "credentials.json"
    path.write_text(json.dumps({"credentials": entries}))
    assert smstui("credentials", "import", str(path)).status == 0


def token_of(path: Path, name: str) -> SecretStr:
    with Store.open(path, PASSPHRASE, actor=Actor("ada")) as opened:
        return opened.credentials.by_name(name).secrets["auth_token"]


def phases(done: Done) -> list[str]:
    return [credential["phase"] for credential in done.document["credentials"]]


def test_a_secret_is_rotated_step_by_step(
    smstui: Smstui, store: Path, secret: Path, new: str, live: AccountInfo
) -> None:
    rotate = ("credentials", "rotate", "main")
    assert "main (main): – nothing staged" in smstui(*rotate).err
    assert phases(smstui(*rotate, "--stage", str(secret), "--json")) == ["staged"]
    unproven = smstui(*rotate, "--promote")
    assert unproven.status == 2
    assert "Not verified: " in unproven.err
    done = smstui(*rotate, "--verify", "--promote", "--json")
    (told,) = done.document["credentials"]
    assert (done.status, told["phase"], told["fields"]) == (0, "promoted", ["auth_token"])
    assert told["account"] == live.fields["account_sid"]
    assert "Acme Retail" in told["proof"]["summary"]
    assert new not in done.out + done.err
    assert token_of(store, "main") == SecretStr(new)
    assert phases(smstui(*rotate, "--roll-back", "--json")) == ["staged"]
    assert token_of(store, "main") == SecretStr(live.fields["auth_token"])
    assert smstui(*rotate, "--discard").status == 2  # Nobody is there to be asked.
    assert phases(smstui(*rotate, "--discard", "--yes", "--json")) == ["none"]


def test_one_that_does_not_work_is_not_promoted(
    smstui: Smstui,
    store: Path,
    monkeypatch: pytest.MonkeyPatch,
    live: AccountInfo,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps({"auth_token": WRONG})))
    rotate = ("credentials", "rotate", "main")
    done = smstui(*rotate, "--stage", "-", "--verify", "--promote")
    assert done.status == 1
    assert "✗ staged, does not work: " in done.err
    assert "20003" in done.err
    assert WRONG not in done.out + done.err
    assert token_of(store, "main") == SecretStr(live.fields["auth_token"])
    assert phases(smstui(*rotate, "--promote", "--unverified", "--json")) == ["promoted"]
    again = smstui(*rotate, "--stage", "/dev/null")
    assert again.status == 2


def test_all_with_the_same_secret_go_together(
    smstui: Smstui, store: Path, secret: Path, new: str
) -> None:
    rotate = ("credentials", "rotate", "main", "--account")
    done = smstui(*rotate, "--stage", str(secret), "--verify", "--promote", "--json")
    assert phases(done) == ["promoted", "promoted"]
    assert token_of(store, "main") == token_of(store, "other") == SecretStr(new)


def test_wrong_usage_is_told(smstui: Smstui, secret: Path) -> None:
    rotate = ("credentials", "rotate", "main")
    for arguments in (
        ("--roll-back", "--promote"),
        ("--stage", str(secret), "--ask"),
        ("--stage", str(secret), "--field", "account_sid"),
        ("--ask",),
        ("--roll-back",),
        ("--verify",),
    ):
        done = smstui(*rotate, *arguments)
        assert (done.status, done.out) == (2, ""), arguments
        assert done.err


def test_a_file_that_is_no_text_is_told_without_what_is_in_it(smstui: Smstui, secret: Path) -> None:
    stage = ("credentials", "rotate", "main", "--stage", str(secret))
    secret.write_bytes(b"\xff\xfe" + WRONG.encode())
    done = smstui(*stage)
    assert done.status == 2
    assert WRONG not in done.err
    secret.write_bytes(b"[" * 2000)  # No object within anything, so the secret itself.
    assert phases(smstui(*stage, "--json")) == ["staged"]


def test_where_a_record_is_used(smstui: Smstui, store: Path) -> None:
    with Store.open(store, PASSPHRASE, actor=Actor("ada")) as opened:
        webhook(opened, "Twilio", "replies", "main")
    uses = smstui("credentials", "uses", "MAIN")
    assert "uses it   webhook  replies" in uses.out
    assert smstui("webhooks", "uses", "replies", "--json").document == {
        "name": "replies",
        "used_by": [],
        "uses": [{"kind": "credential", "name": "main", "holds": True}],
    }
    refused = smstui("credentials", "delete", "main", "--yes")
    assert refused.status == 2
    assert "main is used by SMS webhooks: replies." in refused.err
