"""Starting and ending: in a thread, in the foreground, in a process of its own."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from smstui.simulator.core import SimulatorFailed
from smstui.simulator.server import Simulator
from tests.simulator.conftest import Peer

ROOT = Path(__file__).parents[2]


def answers(url: str) -> bool:
    """Whether anybody listens there."""
    parts = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((str(parts.hostname), parts.port or 0)) == 0


def test_it_listens_on_loopback_only_while_it_runs() -> None:
    before = threading.active_count()
    simulator = Simulator()
    assert simulator.url == ""
    simulator.start()
    assert simulator.url.startswith("http://127.0.0.1:")
    assert answers(simulator.url)
    urls = (simulator.url, "https://127.0.0.1:")  # TLS has a port of its own.
    for info in simulator.accounts:
        assert any(value.startswith(urls) for value in info.fields.values()), info
    simulator.stop()
    simulator.stop()
    assert not answers(simulator.url)
    assert threading.active_count() == before


def test_an_open_connection_does_not_hold_it_up() -> None:
    with Simulator() as simulator:
        port = urlsplit(simulator.url).port
        idle = socket.create_connection(("127.0.0.1", port), timeout=20)
    assert idle.recv(1) == b""
    idle.close()


def test_a_slow_answer_does_not_hold_it_up() -> None:
    path = "/2010-04-01/Accounts/{sid}/Messages.json"
    with Simulator() as simulator:
        live = Peer(simulator, simulator.accounts[0].fields)
        form = {"To": "+393450000504", "From": live.fields["inbound_number"], "Body": "x"}
        waiting = live.begin("POST", path, form)
        while not live.get(path).json["messages"]:
            pass
    assert b"201 Created" not in waiting.recv(4096)
    waiting.close()


@pytest.mark.parametrize(("port", "words"), [("taken", "in use"), ("70000", "between 1024")])
def test_a_port_that_cannot_be_had_is_told_plainly(port: str, words: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        number = other.getsockname()[1] if port == "taken" else int(port)
        with pytest.raises(SimulatorFailed, match=words) as failed:
            Simulator(port=number).start()
    assert str(number) in failed.value.message


def test_the_port_can_be_taken_again_at_once() -> None:
    with Simulator() as first:
        number = urlsplit(first.url).port
        assert number is not None
    with Simulator(port=number) as second:
        assert answers(second.url)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_end_the_foreground_cleanly(number: signal.Signals) -> None:
    code = (
        "from smstui.simulator.server import serve\n"
        "serve(0, announce=lambda simulator: print(simulator.url, flush=True))\n"
        "print('ended', flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        url = child.stdout.readline().strip()
        assert answers(url)
        child.send_signal(number)
        out, err = child.communicate(timeout=20)
    assert (out, err, child.returncode) == ("ended\n", "", 0)
    assert not answers(url)
