"""Part of ``make bench``: signed events per second, while somebody types in the console.

Run by itself with ``python -m tests.bench_webhooks``.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bench import PASSPHRASE, Terminal, report

SECONDS = 10.0
LANES = 16
PACE = 400
"""Events per second in the measured pace; the budget is 300."""
ROWS = 100_000
"""Events that are in the list already."""

LOAD = "import sys; from tests.bench_webhooks import load; load(*map(int, sys.argv[1:]))"


def load(port: int, pace: int) -> None:
    """Send signed texts for some seconds, and print how it went as JSON.

    Args:
        port: where the receiver listens.
        pace: texts per second; 0 for as many as it takes.
    """
    waits = asyncio.run(_send_all(port, pace))
    print(  # noqa: T201 - read by the process that measures
        json.dumps(
            {
                "rate": len(waits) / SECONDS,
                "median": statistics.median(waits) * 1000,
                "p99": statistics.quantiles(waits, n=100)[98] * 1000,
            }
        )
    )


async def _send_all(port: int, pace: int) -> list[float]:
    waits: list[float] = []
    begun = time.perf_counter()

    async def lane(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        turn = 0
        while (passed := time.perf_counter() - begun) < SECONDS:
            if pace and (early := (turn * LANES + number) / pace - passed) > 0:
                await asyncio.sleep(early)
            started = time.perf_counter()
            writer.write(_request(f"SM{pace}-{number}-{turn}"))
            answer = b""
            while not answer.endswith(b"<Response/>"):
                chunk = await reader.read(65_536)
                if not chunk:
                    raise SystemExit(f"the receiver hung up: {answer!r}")
                answer += chunk
            waits.append(time.perf_counter() - started)
            turn += 1
        writer.close()

    await asyncio.gather(*(lane(number) for number in range(LANES)))
    return waits


def _request(sid: str) -> bytes:
    from tests.webhooks.caller import raw_request
    from tests.webhooks.stage import text

    return raw_request(text("STOP", sid, number=f"+1555{hash(sid) % 10**7:07}").call)


@contextmanager
def receiver(path: Path) -> Iterator[int]:
    """Run a receiver for a store as the console does, and return its port."""
    from pydantic import SecretStr

    from smstui.store import Store
    from smstui.store.records import Actor
    from smstui.times import utc_now
    from tests.webhooks.stage import SETTINGS, fill

    with Store.create(path, SecretStr(PASSPHRASE), actor=Actor("ada")) as store:
        fill(store)
        handle = store.handle.get_secret_value()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    order = {
        **{"path": str(path), "handle": handle, "now": utc_now().isoformat()},
        **{"host": "127.0.0.1", "port": port, "public_url": SETTINGS.public_url},
        **{"keep_days": 30, "user": "ada", "origin": ""},
    }
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "smstui", "listen", "--child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        while json.loads(process.stdout.readline())["state"] != "listening":
            pass
        yield port
        process.stdin.close()


def main() -> None:
    """Measure the receiver under load, and the console beside it."""
    program = str(Path(sys.executable).parent / "smstui")
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "bench.db"
        os.environ["HOME"], os.environ["SMSTUI_STORE"] = name, str(path)
        with receiver(path) as port:
            terminal = Terminal([program])
            terminal.wait_for("smstui")
            terminal.settle()
            os.write(terminal.fd, f"{PASSPHRASE}\r".encode())
            terminal.wait_for("Twilio main")
            terminal.settle(1.0)
            terminal.press("n")
            terminal.settle(1.0)
            terminal.press("\t")
            quiet = [terminal.press("x").seconds for _ in range(8)]
            report("a typed character, no events", statistics.median(quiet) * 1000, "ms", 50)
            for label, pace in ((f"{PACE} events/s", PACE), ("events flat out", 0)):
                _measure(terminal, port, label, pace)
            terminal.press("\x1b")
            terminal.press("y")
            terminal.quit("\x1b[21~")
            _measure_list(program, path, port)


def _measure_list(program: str, path: Path, port: int) -> None:
    """Measure the list of events while it goes on, with many in it."""
    from pydantic import SecretStr

    from smstui.store import Store
    from smstui.store.records import Actor
    from tests.webhooks.stage import copy_newest_event

    with Store.open(path, SecretStr(PASSPHRASE), actor=Actor("ada")) as store:
        copy_newest_event(store, ROWS)
    terminal = Terminal([program, "--open", "events"])
    terminal.wait_for("smstui")
    terminal.settle()
    os.write(terminal.fd, f"{PASSPHRASE}\r".encode())
    terminal.wait_for("following")
    terminal.settle(1.0)
    label = f"{PACE} events/s into a list of {ROWS:,}"
    _measure(terminal, port, label, PACE, ("j", "k"))
    terminal.quit("\x1b[21~")


def _measure(
    terminal: Terminal, port: int, label: str, pace: int, keys: Sequence[str] = ("x", "\x7f")
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LOAD, str(port), str(pace)], stdout=subprocess.PIPE, text=True
    ) as loading:
        typed = []
        while loading.poll() is None:
            typed += [terminal.press(key).seconds * 1000 for key in keys]
        out, _nothing = loading.communicate()
    told = json.loads(out)
    print(f"{label + ': kept':<46} {told['rate']:>9.1f} /s   at least    300.0")  # noqa: T201
    report(f"{label}: answer, median", told["median"], "ms")
    report(f"{label}: answer, 99 of 100 within", told["p99"], "ms")
    report(f"{label}: a key, median", statistics.median(typed), "ms", 50)
    report(f"{label}: a key, worst", max(typed), "ms")


if __name__ == "__main__":
    main()
