"""The receiver as a child of the console: started, watched, stopped, killed; nothing is lost."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from smstui.store.records import Actor
from smstui.times import utc_now
from smstui.webhooks.receiver_state import Standing, State
from smstui.webhooks.settings import ReceiverSettings
from smstui.webhooks.switch import ReceiverSwitch
from tests.conftest import MakeStore
from tests.webhooks.caller import Caller, raw_request
from tests.webhooks.stage import SETTINGS, events, filled, handle_of, opened, sample, text

ADA = Actor("ada", "192.0.2.7")


@pytest.fixture
def path(make_store: MakeStore) -> Path:
    """A store with webhooks of every vendor."""
    return filled(make_store())


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def order(path: Path, port: int) -> bytes:
    """Return the line by which a child is told what to do."""
    values = {
        "path": str(path),
        "handle": handle_of(path).get_secret_value(),
        "now": utc_now().isoformat(),
        "host": "127.0.0.1",
        "port": port,
        "public_url": SETTINGS.public_url,
        "keep_days": 0,
        "user": "ada",
        "origin": "",
    }
    return json.dumps(values).encode() + b"\n"


def of_process(pid: int, name: str) -> bytes:
    """Return what the system tells of a process."""
    return Path(f"/proc/{pid}/{name}").read_bytes()


@contextlib.contextmanager
def child(path: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a receiver as the console does."""
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "smstui", "listen", "--child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(order(path, port))
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["state"] == "starting"
        assert json.loads(process.stdout.readline())["state"] == "listening"
        yield process
        process.kill()


async def test_it_is_switched_on_and_off_and_goes_by_the_consoles_clock(path: Path) -> None:
    states: list[State] = []
    switch = ReceiverSwitch(states.append)
    then = utc_now() - timedelta(days=3000)
    settings = ReceiverSettings(port=free_port(), keep_days=0)

    async def start(settings: ReceiverSettings) -> State:
        handle = handle_of(path)
        return await switch.start(path, handle, settings, actor=ADA, clock=lambda: then)

    state = await start(settings)
    assert state == State(Standing.LISTENING, f"http://127.0.0.1:{settings.port}")
    process = switch._process
    assert process is not None
    environment, arguments = of_process(process.pid, "environ"), of_process(process.pid, "cmdline")
    secret = handle_of(path).get_secret_value().encode()
    assert secret not in environment + arguments
    assert b"SMSTUI_" not in environment
    with opened(path) as store:
        call = sample(store, "sinch", then, url=settings.url_of("sinch"))
        answer = await asyncio.to_thread(Caller(state.url).make, call)
        assert answer.status == 200
        (event,) = events(store)
        assert abs(event.call.at - then) < timedelta(seconds=60)

    other = ReceiverSettings(port=free_port())
    assert (await start(other)).url == f"http://127.0.0.1:{other.port}"
    assert process.returncode == 0
    await switch.stop()
    await switch.stop()
    assert [state.standing for state in states] == [
        *[Standing.STARTING, Standing.LISTENING] * 2,
        Standing.OFF,
    ]
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", other.port)) != 0


async def test_why_it_does_not_start_is_told_and_it_can_be_tried_again(path: Path) -> None:
    switch = ReceiverSwitch()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        settings = ReceiverSettings(port=port)
        state = await switch.start(path, handle_of(path), settings, actor=ADA, clock=utc_now)
        said = f"Port {port} is in use by another program. Choose another."
        assert state == State(Standing.FAILED, message=said)
    state = await switch.start(path, handle_of(path), settings, actor=ADA, clock=utc_now)
    assert state.is_on
    changed = asyncio.Event()
    switch._on_change = lambda state: changed.set()
    assert switch._process is not None
    os.kill(switch._process.pid, signal.SIGKILL)
    await asyncio.wait_for(changed.wait(), 20)
    assert switch.state.standing is Standing.FAILED
    assert "ended by itself" in switch.state.message
    missing = path.with_name("missing.db")
    state = await switch.start(missing, handle_of(path), settings, actor=ADA, clock=utc_now)
    assert state.standing is Standing.FAILED
    assert state.message
    await switch.stop()
    assert switch.state == State()


def test_it_ends_with_a_console_that_is_killed(path: Path) -> None:
    code = """
        import subprocess, sys
        child = subprocess.Popen([sys.executable, "-P", "-m", "smstui", "listen", "--child"],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        child.stdin.write(sys.stdin.buffer.readline())
        child.stdin.flush()
        child.stdout.readline()
        child.stdout.readline()
        print(child.pid, flush=True)
        child.wait()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as console:
        assert console.stdin is not None
        assert console.stdout is not None
        console.stdin.write(order(path, free_port()))
        console.stdin.flush()
        receiver = os.pidfd_open(int(console.stdout.readline()))
        console.kill()
    try:
        assert select.select([receiver], [], [], 30)[0] == [receiver]
    finally:
        os.close(receiver)


def killed_in_a_storm(path: Path, generator: random.Random) -> int:
    """Kill a receiver while calls come; return how many were acknowledged, none of them lost."""
    port, acknowledged, stop = free_port(), set[str](), generator.randrange(5, 120)
    tag = f"{generator.getrandbits(40):x}"
    enough = threading.Event()

    def call(lane: int) -> None:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", port), timeout=20) as connection,
        ):
            for number in range(1000):
                sid = f"SM{tag}-{lane}-{number}"
                connection.sendall(raw_request(text("STOP", sid).call))
                answer = b""
                while not answer.endswith(b"<Response/>"):
                    chunk = connection.recv(65_536)
                    if not chunk:
                        return
                    answer += chunk
                acknowledged.add(sid)
                if len(acknowledged) >= stop:
                    enough.set()

    with child(path, port) as process:
        lanes = [threading.Thread(target=call, args=(lane,)) for lane in range(8)]
        for lane in lanes:
            lane.start()
        assert enough.wait(30)
        process.kill()
        for lane in lanes:
            lane.join()
    with opened(path) as store:
        kept = {event.event.message_id for event in events(store)}
        with store._vault.reading() as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert acknowledged <= kept
    return len(acknowledged)


def test_killed_right_after_it_answered_it_has_kept_every_call(path: Path) -> None:
    assert killed_in_a_storm(path, random.Random(1)) >= 5  # noqa: S311 - no secret


@pytest.mark.prove
def test_killed_forty_times_it_has_kept_every_call(path: Path) -> None:
    generator = random.Random(2)  # noqa: S311 - no secret
    total = sum(killed_in_a_storm(path, generator) for _round in range(40))
    assert total > 1000


@pytest.mark.parametrize("line", [b"", b"not JSON\n", b"[]\n", b'{"path": 7}\n'])
def test_an_order_that_is_none_is_told(line: bytes) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "smstui", "listen", "--child"],
        input=line,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert json.loads(done.stdout)["state"] == "failed"
