"""``make bench``: start, keys, bytes, memory and ending, beside a bare Textual program.

Everything is measured from outside, on a pseudo-terminal, and printed beside its budget; nothing
here is a test, since a stopwatch says as much about the machine as about the program.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PASSPHRASE = "correct horse battery staple"
ROWS = 100_000
QUIET = 0.25
"""Seconds of silence that end a reaction."""

FIRST_BYTE = 2.0
"""Seconds that a reaction may take to begin."""

BARE = """
from textual.app import App
from textual.widgets import Input, Label
class Bare(App):
    def compose(self):
        yield Label("bare and ready")
        yield Input(compact=True)
Bare().run(mouse=False)
"""
CONTROL = re.compile(rb"\x1b(\[[0-9;?>$]*[a-zA-Z]|[()][0-9A-Z]|[=>])")


@dataclass(frozen=True)
class Reaction:
    """What one key caused: seconds to the last byte, and how many bytes."""

    seconds: float
    size: int


class Terminal:
    """A program on a pseudo-terminal of a given size."""

    def __init__(self, argv: list[str], *, columns: int = 80, rows: int = 24) -> None:
        self.started = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(argv[0], argv, os.environ)  # noqa: S606 - our own program
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(self.fd)
        self.output = b""

    def read(self, timeout: float) -> bytes:
        """Return what came within timeout seconds; empty for silence or the end."""
        ready, _, _ = select.select([self.fd], [], [], timeout)
        if not ready:
            return b""
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            return b""
        self.output += data
        return data

    def wait_for(self, text: str, limit: float = 60.0) -> float:
        """Return seconds from the start until text was written.

        Raises:
            TimeoutError: it did not come.
        """
        wanted = text.encode()
        until = time.monotonic() + limit
        while wanted not in CONTROL.sub(b"", self.output):
            if time.monotonic() > until:
                raise TimeoutError(f"{text!r} did not appear")
            self.read(0.1)
        return time.monotonic() - self.started

    def settle(self, quiet: float = QUIET) -> None:
        """Read until nothing comes for a while."""
        while self.read(quiet):
            pass

    def press(self, keys: str) -> Reaction:
        """Send keys and measure the reaction to its last byte."""
        self.output = b""
        begun = last = time.monotonic()
        os.write(self.fd, keys.encode())
        patience = FIRST_BYTE
        while self.read(patience):
            last, patience = time.monotonic(), QUIET
        return Reaction(last - begun, len(self.output))

    def idle(self, seconds: float = 2.0) -> float:
        """Return bytes per second written while nothing happens."""
        self.output = b""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.read(left)
        return len(self.output) / seconds

    def resident_mib(self) -> float:
        """Return the resident memory."""
        return self._memory("Rss")

    def proportional_mib(self) -> float:
        """Return the memory with shared pages counted by share, as Linux counts them."""
        return self._memory("Pss")

    def _memory(self, name: str) -> float:
        rollup = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        return int(re.search(rf"^{name}:\s+(\d+)", rollup, re.MULTILINE)[1]) / 1024  # type: ignore[index]  # always there

    def quit(self, key: str) -> tuple[float, int, bool]:
        """Press key; return seconds to the end, exit status, and whether the tty is restored."""
        begun = time.monotonic()
        os.write(self.fd, key.encode())
        status = self._end(begun)
        seconds = time.monotonic() - begun
        restored = termios.tcgetattr(self.fd) == self.before and b"\x1b[?1049l" in self.output
        os.close(self.fd)
        return seconds, os.waitstatus_to_exitcode(status), restored

    def _end(self, begun: float) -> int:
        while True:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                return status
            if time.monotonic() - begun > 20:
                os.kill(self.pid, signal.SIGKILL)
            self.read(0.005)


def report(name: str, value: float, unit: str, budget: float | None = None) -> None:
    """Print one line: what, how much, how much is allowed."""
    line = f"{name:<46} {value:>9.1f} {unit:<4}"
    if budget is not None:
        line += f" budget {budget:>8.1f}  {'ok' if value <= budget else 'OVER'}"
    print(line)  # noqa: T201 - this is what the program is for


def median(measure: Callable[[], float], runs: int = 5) -> float:
    """Return the median of some runs."""
    return statistics.median(measure() for _ in range(runs))


def plain(argv: list[str]) -> float:
    """Return milliseconds that a command takes from start to end."""
    begun = time.monotonic()
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
    return (time.monotonic() - begun) * 1000


def first_paint(argv: list[str], marker: str, quit_key: str) -> float:
    """Return milliseconds from the start until a text is painted."""
    terminal = Terminal(argv)
    seconds = terminal.wait_for(marker)
    terminal.settle()
    terminal.quit(quit_key)
    return seconds * 1000


@contextmanager
def big_store(folder: Path) -> Iterator[Path]:
    """Make a store of 100,000 credentials, and point the environment at it."""
    from pydantic import SecretStr

    from smstui.credentials import new_credential
    from smstui.providers.fields import Value
    from smstui.store import Store
    from smstui.store.records import Actor

    os.environ["HOME"] = str(folder)
    path = folder / "bench.db"
    draft: dict[str, Value] = {
        "account_sid": "AC" + "0" * 32,
        "auth_token": SecretStr("0" * 32),
        "inbound_number": "+15005550006",
    }
    with Store.create(path, SecretStr(PASSPHRASE), actor=Actor("ada", "")) as store:
        store.credentials.add_many(
            new_credential("Twilio", {**draft, "name": f"twilio-{number:06}"})
            for number in range(ROWS)
        )
    os.environ["SMSTUI_STORE"] = str(path)
    yield path


def keys(terminal: Terminal, name: str, key: str, times: int, ms: float, size: float) -> None:
    """Press a key some times and report the median time and bytes."""
    reactions = [terminal.press(key) for _ in range(times)]
    report(f"{name}: time", statistics.median(r.seconds for r in reactions) * 1000, "ms", ms)
    report(f"{name}: to the terminal", statistics.median(r.size for r in reactions), "B", size)


def main() -> None:
    """Measure everything once and print it."""
    program = str(Path(sys.executable).parent / "smstui")
    with tempfile.TemporaryDirectory() as name, big_store(Path(name)):
        report("smstui --version", median(lambda: plain([program, "--version"])), "ms", 150)
        bare = median(lambda: first_paint([sys.executable, "-c", BARE], "bare and ready", "\x11"))
        ours = median(lambda: first_paint([program], "smstui", "\x1b[21~"))
        report("first paint, bare Textual program", bare, "ms")
        report("first paint, smstui", ours, "ms", bare * 1.25)
        report("ratio", ours / bare, "x", 1.25)

        terminal = Terminal([program])
        terminal.wait_for("smstui")
        terminal.settle()
        report("idle, unlock screen", terminal.idle(), "B/s", 0)
        opened = time.monotonic()
        os.write(terminal.fd, f"{PASSPHRASE}\r".encode())
        terminal.wait_for(f"{ROWS:,}"[:3])
        terminal.wait_for("twilio-000000")
        report(
            "unlock to 100,000 rows (key derivation too)", (time.monotonic() - opened) * 1000, "ms"
        )
        terminal.settle(1.5)
        report("memory after unlock, resident", terminal.resident_mib(), "MiB", 60)
        report("memory after unlock, proportional", terminal.proportional_mib(), "MiB")
        report("idle, list", terminal.idle(), "B/s", 0)
        keys(terminal, "Down in a list of 100,000", "\x1b[B", 15, 15, 1200)
        keys(terminal, "PageDown in a list of 100,000", "\x1b[6~", 5, 50, 6000)
        keys(terminal, "End and Home of 100,000", "\x1b[F\x1b[H", 3, 100, 12000)
        filtered = terminal.press("/099999")
        report("filter of 100,000 rows, six characters", filtered.seconds * 1000, "ms")
        terminal.press("\x1b")
        terminal.settle(1.0)
        there = terminal.press("n")
        report("from list to form: to the terminal", there.size, "B", 6000)
        report("from list to form: time", there.seconds * 1000, "ms")
        terminal.settle(1.0)
        report("idle, form", terminal.idle(), "B/s", 0)
        keys(terminal, "Tab in a form", "\t", 5, 50, 1500)
        keys(terminal, "Shift+Tab in a form", "\x1b[Z", 4, 50, 1500)
        keys(terminal, "a typed character", "x", 8, 50, 800)
        os.write(terminal.fd, b"\x1b")
        terminal.settle(0.6)
        terminal.press("y")
        terminal.settle(1.0)
        terminal.press("v")
        terminal.settle(1.0)
        report("idle, verify", terminal.idle(), "B/s", 0)
        keys(terminal, "a typed character, verify", "1", 5, 50, 800)
        report("memory at the end", terminal.resident_mib(), "MiB")
        terminal.press("\x1b")
        seconds, status, restored = terminal.quit("\x1b[21~")
        report("quit", seconds * 1000, "ms", 400)
        print(f"exit status {status}, terminal {'restored' if restored else 'NOT RESTORED'}")  # noqa: T201

    from tests import bench_webhooks

    bench_webhooks.main()


if __name__ == "__main__":
    main()
