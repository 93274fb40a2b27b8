"""A program on a real pseudo-terminal: what it shows, what it wrote, and how it ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyte

PATIENCE = 30.0
"""Seconds until a wait gives up; a machine under load takes its time, and nothing waits longer
than it must."""

KEYS = {
    "Enter": "\r",
    "Esc": "\x1b",
    "Tab": "\t",
    "Up": "\x1b[A",
    "Down": "\x1b[B",
    "F1": "\x1bOP",
    "F2": "\x1bOQ",
    "F4": "\x1bOS",
    "F5": "\x1b[15~",
    "F6": "\x1b[17~",
    "F7": "\x1b[18~",
    "F8": "\x1b[19~",
    "F9": "\x1b[20~",
    "F10": "\x1b[21~",
    "Backspace": "\x7f",
}


class PtyApp:
    """A program on a terminal of its own, as a context manager; killed at the end if need be."""

    def __init__(
        self,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        size: tuple[int, int] = (80, 24),
    ) -> None:
        """Start ``python ARGUMENTS`` on a new terminal, as the leader of its session.

        Args:
            arguments: what follows the interpreter, such as ``"-m", "smstui"``.
            env: variables beside those of the test.
            size: columns and rows.
        """
        columns, rows = size
        self.raw = b""
        """Every byte that the program wrote."""
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._master, self._slave = pty.openpty()
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._before: list[Any] = termios.tcgetattr(self._slave)
        slave = self._slave

        def take_terminal() -> None:
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "TERM": "xterm-256color", **(env or {})},
            start_new_session=True,
            preexec_fn=take_terminal,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for descriptor in (self._master, self._slave):
            with contextlib.suppress(OSError):
                os.close(descriptor)

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    @property
    def is_restored(self) -> bool:
        """Whether the terminal is as it was: its modes, the main screen, a visible cursor."""
        same = termios.tcgetattr(self._slave) == self._before
        left = self.raw.rfind(b"\x1b[?1049l") > self.raw.rfind(b"\x1b[?1049h")
        visible = self.raw.rfind(b"\x1b[?25h") > self.raw.rfind(b"\x1b[?25l")
        return same and left and visible

    @property
    def after_the_end(self) -> str:
        """What was written to the main screen after the full screen was left."""
        return self.raw[self.raw.rfind(b"\x1b[?1049l") :].decode(errors="replace")

    def press(self, *keys: str) -> None:
        """Press keys: a name of `KEYS`, ``ctrl+x``, or text to type."""
        for key in keys:
            if key.startswith("ctrl+"):
                key = chr(ord(key[5].upper()) - 64)
            os.write(self._master, KEYS.get(key, key).encode())

    def paste(self, text: str) -> None:
        """Paste text, bracketed, as a terminal does."""
        os.write(self._master, f"\x1b[200~{text}\x1b[201~".encode())

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the terminal."""
        self._screen.resize(rows, columns)
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.signal(signal.SIGWINCH)

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self.process.send_signal(number)

    def close_terminal(self) -> None:
        """Take the terminal away, as a lost connection does."""
        self._read(0)
        os.close(self._slave)
        os.close(self._master)

    def wait_for(self, text: str) -> None:
        """Wait until a text is on the screen.

        Raises:
            AssertionError: it did not come.
        """
        self._wait(lambda: text in self.text, f"{text!r} is not on the screen")

    def wait_until_gone(self, text: str) -> None:
        """Wait until a text is no longer on the screen.

        Raises:
            AssertionError: it stayed.
        """
        self._wait(lambda: text not in self.text, f"{text!r} is still on the screen")

    def wait_until_changed(self, seen: str) -> None:
        """Wait until the screen shows something else than it did.

        Raises:
            AssertionError: it stayed.
        """
        self._wait(lambda: self.text != seen, "the screen does not change")

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition holds.

        Raises:
            AssertionError: it never did.
        """
        self._wait(condition, "what is waited for does not come")

    def wait_for_end(self) -> int:
        """Wait until the program ends, and return its exit status; negative for a signal.

        Raises:
            AssertionError: it did not end.
        """
        self._wait(lambda: self.process.poll() is not None, "the program goes on")
        self._read(0)
        assert self.process.returncode is not None
        return self.process.returncode

    def wait_until_stopped(self) -> None:
        """Wait until the program has stopped itself, as Ctrl+Z does.

        Raises:
            AssertionError: it runs on.
        """
        stat = Path(f"/proc/{self.process.pid}/stat")
        self._wait(lambda: stat.read_text().rpartition(")")[2].split()[0] == "T", "it runs on")
        self._read(0)

    def settle(self) -> None:
        """Wait until the program has written nothing for a moment."""
        length = -1
        while length != len(self.raw):
            length = len(self.raw)
            self._read(0.5)

    def listen(self, seconds: float) -> None:
        """Take in what the program writes in that time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._read(left)

    def _wait(self, condition: Any, otherwise: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"{otherwise}; the screen:\n{self.text}")
            self._read(0.02)

    def _read(self, seconds: float) -> None:
        """Read what is there, waiting that long for the first byte."""
        while True:
            try:
                if not select.select([self._master], [], [], seconds)[0]:
                    return
                data = os.read(self._master, 65536)
            except (OSError, ValueError):
                # The terminal was closed; only the end of the program is waited for now.
                select.select([], [], [], seconds)
                return
            self.raw += data
            self._stream.feed(data)
            seconds = 0
