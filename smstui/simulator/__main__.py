"""The child of `SimulatorProcess`: announces itself on stdout, ends when stdin closes."""

from __future__ import annotations

import json
import sys
from typing import Any

from smstui.simulator.core import SimulatorFailed, announcement
from smstui.simulator.server import Simulator, serve


def _say(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


def _announce(simulator: Simulator) -> None:
    _say(announcement(simulator.url, simulator.accounts))


def main() -> int:
    """Serve on the port that the first argument names; 0 for a free one."""
    try:
        serve(int(sys.argv[1]), announce=_announce, until=sys.stdin.fileno())
    except SimulatorFailed as failed:
        _say({"failed": failed.message})
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
