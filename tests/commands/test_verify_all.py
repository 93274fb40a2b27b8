"""``smstui verify --all`` from a script, over real HTTP."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from smstui.simulator.core import AccountInfo
from smstui.store import Store
from smstui.store.records import Actor, NewCredential
from tests.commands.conftest import Smstui
from tests.conftest import NOW, PASSPHRASE

LINE = re.compile(r"^ *(\d+) of (\d+)  (\S) (\S+) +(\S+) +(.+?) +(\d+\.\d\d) s$", re.MULTILINE)


def save(smstui: Smstui, tmp_path: Path, live: AccountInfo, *names: str, **changes: str) -> None:
    """Import credentials of a simulated account."""
    entries = [{"vendor": live.vendor, "name": n, **live.fields, **changes} for n in names]
    path = tmp_path / "some.json"
    path.write_text(json.dumps({"credentials": entries}))
    assert smstui("credentials", "import", str(path)).status == 0


def add_unfit(path: Path) -> None:
    """Add what a former version may have stored, and no form of this one would take."""
    with Store.open(path, PASSPHRASE, actor=Actor("ada", ""), clock=lambda: NOW) as store:
        store.credentials.add(NewCredential("Twilio", "unfit", {"account_sid": "AC1"}, {}))
        store.credentials.add(NewCredential("Pigeon Post", "unknown", {}, {}))


def words(smstui: Smstui) -> dict[str, tuple[str, str]]:
    rows = smstui("credentials", "list", "--json").document
    return {row["name"]: (row["verified_result"], row["verified_word"]) for row in rows}


def test_all_are_probed_told_and_kept(
    smstui: Smstui, tmp_path: Path, store: Path, live: AccountInfo
) -> None:
    save(smstui, tmp_path, live, "one", "two")
    save(smstui, tmp_path, live, "revoked", auth_token="0" * 32)
    add_unfit(store)
    done = smstui("verify", "--all")
    assert (done.status, done.out) == (1, "")
    told = LINE.findall(done.err)
    assert [(number, total) for number, total, *_rest in told] == [
        (f"{n}", "5") for n in range(1, 6)
    ]
    results = {name: (glyph, vendor, word) for _n, _t, glyph, name, vendor, word, _s in told}
    assert results["one"][0] == results["two"][0] == "✓"
    assert results["revoked"] == ("✗", "Twilio", "token refused")
    assert results["unfit"] == ("✗", "Twilio", "to be mended")
    assert results["unknown"][0] == "✗"
    assert re.search(r"^5 credentials in \d+\.\d s: 2 passed, 3 failed\.$", done.err, re.MULTILINE)
    kept = words(smstui)
    assert kept["one"][0] == "passed"
    assert kept["revoked"] == ("failed", "token refused")
    assert kept["unfit"] == kept["unknown"] == ("failed", "to be mended")


@pytest.mark.usefixtures("store")
def test_when_all_pass_the_status_is_0(smstui: Smstui, tmp_path: Path, live: AccountInfo) -> None:
    save(smstui, tmp_path, live, *"abcde")
    done = smstui("verify", "--all", "--jobs", "1")
    assert done.status == 0
    assert len(LINE.findall(done.err)) == 5
    assert "5 passed" in done.err


def test_json_is_one_document_in_the_order_of_the_list(
    smstui: Smstui, tmp_path: Path, store: Path, live: AccountInfo
) -> None:
    save(smstui, tmp_path, live, "b", "A", "c")
    add_unfit(store)
    done = smstui("verify", "--all", "--json")
    assert (done.status, done.err) == (1, "")
    document = done.document
    assert list(document) == ["depth", "ok", "credentials"]
    assert (document["depth"], document["ok"]) == ("probe", False)
    records = document["credentials"]
    assert [r["credential"] for r in records] == ["A", "b", "c", "unfit", "unknown"]
    assert [r["ok"] for r in records] == [True, True, True, False, False]
    assert [r["vendor"] for r in records][-1] == "Pigeon Post"
    assert records[0]["response"]["status"] == 200
    assert "Pigeon Post" in records[-1]["stages"][0]["hint"]
    assert live.fields["auth_token"] not in done.out


@pytest.mark.usefixtures("store")
def test_a_check_of_all_uses_no_network(smstui: Smstui, tmp_path: Path, live: AccountInfo) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
    save(smstui, tmp_path, live, "one", "two", api_host=nobody)
    checked = smstui("verify", "--all", "--depth", "check")
    assert checked.status == 0
    assert "fields fit" in checked.err
    probed = smstui("verify", "--all")
    assert probed.status == 1
    assert "connection refused" in probed.err


@pytest.mark.usefixtures("store")
def test_an_empty_store_says_so(smstui: Smstui) -> None:
    done = smstui("verify", "--all")
    assert (done.status, done.err) == (0, "There are no credentials.\n")
    assert smstui("verify", "--all", "--json").document["credentials"] == []


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("one", "--all"), "not both"),
        ((), "or --all"),
        (("--all", "--depth", "send"), "--all sends nothing; it takes --depth check or probe."),
        (("--all", "--to", "+393331234567"), "--all sends nothing"),
        (("--all", "--wait", "3"), "--all sends nothing"),
        (("one", "--depth", "check", "--jobs", "2"), "--jobs is for --all"),
        (("--all", "--jobs", "0"), "--jobs"),
    ],
)
def test_wrong_usage_ends_with_2(smstui: Smstui, arguments: tuple[str, ...], said: str) -> None:
    done = smstui("verify", *arguments)
    assert (done.status, done.out) == (2, "")
    assert said in done.err


@pytest.fixture
def silent_host() -> Iterator[tuple[str, threading.Event]]:
    """A host that takes a connection and never answers, and whether one came."""
    came = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def take() -> None:
            connection, _address = listener.accept()
            came.set()
            with connection:
                while connection.recv(4096):
                    pass

        thread = threading.Thread(target=take)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", came
        if not came.is_set():
            socket.create_connection(listener.getsockname()).close()
        thread.join()


def test_ctrl_c_keeps_what_is_done(
    smstui: Smstui,
    tmp_path: Path,
    store: Path,
    live: AccountInfo,
    silent_host: tuple[str, threading.Event],
) -> None:
    url, came = silent_host
    save(smstui, tmp_path, live, "a", "b")
    save(smstui, tmp_path, live, "c", "d", api_host=url)
    with subprocess.Popen(
        [sys.executable, "-m", "smstui", "--store", str(store), "verify", "--all", "--jobs", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "SMSTUI_PASSPHRASE": PASSPHRASE.get_secret_value()},
    ) as child:
        try:
            assert came.wait(30)
            child.send_signal(signal.SIGINT)
            out, err = child.communicate(timeout=30)
        finally:
            child.kill()
    assert (child.returncode, out) == (130, "")
    assert "2 of 4" in err
    assert "Stopped at 2 of 4." in err
    assert "Traceback" not in err
    kept = words(smstui)
    assert [kept[name][0] for name in "abcd"] == ["passed", "passed", "", ""]
