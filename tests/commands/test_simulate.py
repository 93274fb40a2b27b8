"""``smstui simulate``: the stand-in as a program of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest


@pytest.fixture
def child() -> Iterator[subprocess.Popen[str]]:
    """A running ``smstui simulate --json``."""
    with subprocess.Popen(
        [sys.executable, "-m", "smstui", "simulate", "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        yield child
        child.kill()


def first_document(child: subprocess.Popen[str]) -> dict[str, object]:
    """Read stdout up to the end of its first JSON document."""
    assert child.stdout is not None
    text = ""
    for line in child.stdout:
        text += line
        if line == "}\n":
            break
    document = json.loads(text)
    assert isinstance(document, dict)
    return document


def test_it_tells_its_accounts_answers_and_ends_when_told(child: subprocess.Popen[str]) -> None:
    document = first_document(child)
    accounts = document["accounts"]
    assert isinstance(accounts, list)
    assert {"vendor", "label", "fields", "note"} == set(accounts[0])
    address = urlsplit(str(document["url"]))
    connection = HTTPConnection(address.netloc, timeout=20)
    connection.request("GET", f"/2010-04-01/Accounts/AC{'0' * 32}.json")
    assert connection.getresponse().status == 401
    connection.close()
    child.send_signal(signal.SIGTERM)
    out, err = child.communicate(timeout=20)
    assert (out, err, child.returncode) == ("", "", 0)
