"""Take the addresses out of uv.lock: names, versions and hashes stay.

`uv export --frozen` reads the result as it is, and whoever installs from it takes the
files from the index that their own machine is set up for. The hashes still hold.
"""

from __future__ import annotations

import re
from pathlib import Path

LOCK = Path(__file__).parent.parent / "uv.lock"


def strip(text: str) -> str:
    """Return the lock file's text without any address.

    Raises:
        ValueError: an address is left over, in a form this function does not know.
    """
    text = re.sub(r'(?:url|path) = "[^"]*/([^/"]+)"', r'filename = "\1"', text)
    text = re.sub(r'registry = "[^"]*"', 'registry = "index"', text)
    if "://" in text:
        raise ValueError("uv.lock still holds an address")
    return text


if __name__ == "__main__":
    LOCK.write_text(strip(LOCK.read_text()))
