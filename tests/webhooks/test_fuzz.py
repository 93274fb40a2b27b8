"""Whatever comes over the wire: no fault of the receiver's, and nothing lost that it took."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.conftest import MakeStore
from tests.webhooks.caller import Caller
from tests.webhooks.fuzzing import Fuzzer, bombard, kept_keys, keys_of
from tests.webhooks.stage import filled, opened
from tests.webhooks.test_switch import child, free_port


def check(path: Path, number: int, seed: int) -> None:
    """Send malformed requests to a receiver, and look at what it did with them."""
    port = free_port()
    with opened(path) as store, child(path, port) as process:
        attempts = Fuzzer(store, seed).attempts(number)
        tally = asyncio.run(bombard(port, attempts, lanes=24))
        assert process.poll() is None
        assert Caller(f"http://127.0.0.1:{port}")("/health", "GET").body == b"ok"
        assert sum(tally.statuses.values()) == number
        assert not [status for status in tally.statuses if status >= 500], tally.statuses
        assert tally.statuses[200] > number // 20
        assert tally.statuses[400] > number // 20
        assert tally.statuses[401] > number // 20
        taken = keys_of(store, tally.taken)
        assert len(taken) > number // 40
        assert taken <= kept_keys(store)
        with store._vault.reading() as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            stumbled = db.execute(
                "SELECT body FROM events JOIN calls ON calls.id = call_id"
                " WHERE instr(detail, 'stumbled')"
            ).fetchall()
        assert stumbled == []


def test_a_thousand_malformed_requests_do_no_harm(make_store: MakeStore) -> None:
    check(filled(make_store()), 1_000, seed=1)


@pytest.mark.prove
def test_a_hundred_thousand_malformed_requests_do_no_harm(make_store: MakeStore) -> None:
    check(filled(make_store()), 100_000, seed=2)
