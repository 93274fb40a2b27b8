"""What the vendors' own SDKs are tested with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.receiver import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A web server that keeps the callbacks it gets."""
    with Receiver() as receiver:
        yield receiver
