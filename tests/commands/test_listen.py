"""``smstui listen`` as a program of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Smstui
from tests.conftest import PASSPHRASE, MakeStore
from tests.webhooks.caller import Caller
from tests.webhooks.stage import filled, opened, text

PUBLIC = "https://hooks.example.test"


def listen(*options: str) -> subprocess.Popen[str]:
    """Start it at a free port, with the passphrase in its environment."""
    return subprocess.Popen(
        [sys.executable, "-m", "smstui", "listen", "--port", "0", *options],
        env={**os.environ, "SMSTUI_PASSPHRASE": PASSPHRASE.get_secret_value()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def line_of(process: subprocess.Popen[str]) -> str:
    """Return the next line on stdout."""
    assert process.stdout is not None
    return process.stdout.readline().rstrip("\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_it_tells_where_it_listens_and_each_event_and_ends_when_told(
    make_store: MakeStore, number: signal.Signals
) -> None:
    path = filled(make_store())
    with listen() as process:
        told = line_of(process)
        assert told.startswith("Listening at http://127.0.0.1:")
        url = told.removeprefix("Listening at ")
        urls = [line_of(process) for _ in range(7)]
        assert f"  twilio        {url}/w/twilio" in urls
        sent = text("STOP \x1b[2J", url=f"{url}/w/twilio")
        assert Caller(url).make(sent).status == 200
        line = line_of(process)
        assert line.endswith("  twilio  inbound  +15555550123 → +15005550006  – no keyword")
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (out, process.returncode) == ("", 0)
    assert err == "Ctrl+C ends it.\n1 event was kept.\n"
    with opened(path) as store:
        assert store.events.count() == 1


def test_with_json_each_line_is_an_object_and_no_text_is_told(make_store: MakeStore) -> None:
    filled(make_store())
    with listen("--json", "--public-url", PUBLIC) as process:
        start: Any = json.loads(line_of(process))
        assert start["listening"] == PUBLIC
        assert {"name": "twilio", "url": f"{PUBLIC}/w/twilio"} in start["webhooks"]
        process.terminate()
        out, err = process.communicate(timeout=30)
    assert (out, err, process.returncode) == ("", "", 0)


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (("--host", "hooks.example.test"), 2, "An IP address of this machine"),
        (("--public-url", "ftp://x"), 2, "A web address"),
        (("--port", "70000"), 2, "70000"),
        (("--host", "192.0.2.1", "--port", "0"), 2, "no address of this machine"),
    ],
)
def test_what_cannot_be_is_told(
    smstui: Smstui, store: Path, options: tuple[str, ...], status: int, said: str
) -> None:
    done = smstui("listen", *options)
    assert (done.status, done.out) == (status, "")
    assert said in done.err
    assert store.exists()


def test_a_store_that_is_not_there_is_told(smstui: Smstui) -> None:
    done = smstui("listen")
    assert (done.status, done.out) == (3, "")
