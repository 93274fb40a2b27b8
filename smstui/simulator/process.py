"""The simulator in a process of its own, for programs that have a screen to draw meanwhile.

The child is ``python -m smstui.simulator``. It announces itself with one line of JSON on stdout
and ends when its stdin closes, which the system sees to even if this process is killed.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from types import TracebackType
from typing import Self

from smstui.i18n import _
from smstui.simulator.core import AccountInfo, SimulatorFailed

START_SECONDS = 20.0
STOP_SECONDS = 5.0


class SimulatorProcess:
    """A simulator in a child process, as a context manager."""

    def __init__(self, *, port: int = 0) -> None:
        """Prepare the process.

        Args:
            port: the TCP port; 0 takes a free one.
        """
        self._port = port
        self._child: subprocess.Popen[bytes] | None = None
        self.url = ""
        """Scheme, host and port; empty until it has started."""
        self.accounts: list[AccountInfo] = []
        """The logins that it knows; empty until it has started."""

    def __enter__(self) -> Self:
        """Start it.

        Raises:
            SimulatorFailed: it ends or says nothing; the message tells why.
        """
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SMSTUI_")}
        self._child = subprocess.Popen(  # noqa: S603 - this program itself, no shell
            [sys.executable, "-m", "smstui.simulator", str(self._port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # Ctrl+C in the terminal is for the parent alone.
        )
        try:
            self._read(self._first_line())
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        return self._child.pid if self._child is not None else None

    def _first_line(self) -> bytes:
        assert self._child is not None  # noqa: S101 - called after the start
        assert self._child.stdout is not None  # noqa: S101 - it is a pipe
        descriptor = self._child.stdout.fileno()
        deadline = time.monotonic() + START_SECONDS
        line = b""
        while not line.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                break
            block = os.read(descriptor, 65536)
            if not block:
                break
            line += block
        return line

    def _read(self, line: bytes) -> None:
        try:
            said = json.loads(line)
        except ValueError:
            raise SimulatorFailed(
                _("Its process ended without a word. Run “smstui simulate” to see why.")
            ) from None
        if "failed" in said:
            raise SimulatorFailed(said["failed"])
        self.url = said["url"]
        self.accounts = [AccountInfo(**account) for account in said["accounts"]]

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                stream.close()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
