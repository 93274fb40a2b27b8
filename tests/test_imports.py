"""What is imported before the first paint, proved in a fresh process."""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    "httpx",
    "pydantic",
    "cryptography",
    "sqlcipher3",
    "sqlite_utils",
    "phonenumbers",
    "starlette",
    "uvicorn",
)


def test_the_first_screen_needs_textual_alone() -> None:
    script = (
        "import sys, smstui.terminal, smstui.app\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "[]"
