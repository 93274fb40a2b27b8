"""``smstui activity`` as a script calls it."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from smstui.store import Store
from smstui.store.records import Actor, NewCredential
from tests.commands.conftest import Smstui
from tests.conftest import MakeStore

SECRET = "0123456789abcdef0123456789ab4f2a"


def fill(store: Store) -> None:
    """Leave a trail of two people."""
    grace = store.acting_as(Actor("grace", "192.0.2.7"))
    main = store.credentials.add(
        NewCredential("Twilio", "old name", {"account_sid": "AC"}, {"api_token": SecretStr(SECRET)})
    )
    grace.credentials.update(
        main.id, revision=1, name="main", fields={}, secrets={"api_token": SecretStr("other")}
    )


@pytest.fixture(autouse=True)
def filled(make_store: MakeStore) -> None:
    make_store(fill=fill)


def test_it_is_listed_newest_first_and_narrowed(smstui: Smstui) -> None:
    done = smstui("activity", "list")
    lines = done.out.splitlines()
    assert "grace  192.0.2.7  updated" in lines[1]
    assert lines[1].endswith("name, account sid, api token")
    assert len(lines) == 4
    assert SECRET not in done.out
    assert len(smstui("activity", "list", "--object", "MAIN").out.splitlines()) == 3
    assert len(smstui("activity", "list", "--user", "grace").out.splitlines()) == 2
    assert len(smstui("activity", "list", "--since", "2026-11-24").out.splitlines()) == 1
    assert len(smstui("activity", "list", "--until", "2026-11-23").out.splitlines()) == 4
    assert len(smstui("activity", "list", "--limit", "1").out.splitlines()) == 2
    narrowed = smstui("activity", "list", "--filter", 'user:ada object:"old name"', "--json")
    assert [json.loads(line)["action"] for line in narrowed.out.splitlines()] == ["created"]


def test_each_entry_is_a_line_of_json(smstui: Smstui, tmp_path: Path) -> None:
    printed = smstui("activity", "list", "--json").out
    entries = [json.loads(line) for line in printed.splitlines()]
    assert [entry["user"] for entry in entries] == ["grace", "ada", "ada"]
    assert entries[0]["fields"] == ["name", "account_sid", "api_token"]
    target = tmp_path / "activity.jsonl"
    assert smstui("activity", "list", "--output", str(target)).err == (
        f"3 entries are in {target}.\n"
    )
    assert target.read_text() == printed
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    again = smstui("activity", "list", "--output", str(target))
    assert again.status == 3
    assert "exists already" in again.err
    assert target.read_text() == printed


def test_a_time_that_is_none_is_told(smstui: Smstui) -> None:
    done = smstui("activity", "list", "--since", "soon")
    assert (done.status, done.out) == (2, "")
    assert "“soon” is no time." in done.err


@pytest.mark.parametrize(
    "call",
    [
        ("activity", "list", "--filter", "\udcff"),
        ("activity", "list", "--object", "\udcff"),
        ("credentials", "list", "--filter", "\udcff"),
        ("credentials", "rotate", "\udcff"),
        ("environment", "use", "\udcff"),
    ],
)
def test_what_is_no_text_finds_nothing(smstui: Smstui, call: tuple[str, ...]) -> None:
    """Python makes half characters of bytes on the command line that are no UTF-8."""
    done = smstui(*call)
    assert done.status == (0 if "list" in call else 2)
    assert "\udcff" not in done.out + done.err
