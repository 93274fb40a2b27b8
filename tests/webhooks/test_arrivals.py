"""What webhooks told of a message reaches the verification that waits, or the one that is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from pydantic import SecretStr

from smstui.providers.base import Outcome, Result
from smstui.store import Store
from smstui.store.environments import NewEnvironment
from smstui.store.records import Actor, CredentialRecord, NewCredential
from smstui.store.webhook_records import NewCall, NewEvent, NewWebhook
from smstui.times import Clock
from smstui.webhooks.arrivals import StoreArrivals, settle_verification
from smstui.webhooks.stored import outcome_record
from tests.conftest import MakeStore

T = TypeVar("T")

MESSAGE = "SM00112233445566778899aabbccddeeff"
SENT = Outcome(result=Result.PENDING, word="sent", summary="sent to the carrier")
DELIVERED = Outcome(result=Result.PASSED, word="delivered", summary="delivered")
READ = Outcome(result=Result.PASSED, word="read", summary="read")
FILTERED = Outcome(
    result=Result.FAILED, word="filtered", summary="not delivered", code="30007", cause="Filtered."
)


@pytest.fixture
def stores(
    make_store: MakeStore, tmp_path: Path, passphrase: SecretStr, fixed_clock: Clock
) -> Iterator[tuple[Store, Store]]:
    """One store, opened twice: by the console, and by who receives."""
    path = make_store(path=tmp_path / "vault" / "smstui.db")
    opened = [
        Store.open(path, passphrase, actor=Actor("ada"), clock=fixed_clock) for _each in range(2)
    ]
    yield opened[0], opened[1]
    for store in opened:
        store.close()


def credential(store: Store, name: str = "main", vendor: str = "Infobip") -> CredentialRecord:
    return store.credentials.add(NewCredential(vendor, name, {}, {}))


def webhook(
    store: Store,
    credential_id: int | None = None,
    *,
    vendor: str = "Infobip",
    receives: str = "Feedback",
) -> int:
    name = f"hook {vendor} {receives}"
    new = NewWebhook(vendor, receives, name, credential_id, f"p{vendor}", {}, {})
    return store.webhooks.add(new).id


def tell(
    store: Store, webhook_id: int, outcome: Outcome, clock: Clock, message_id: str = MESSAGE
) -> None:
    """Keep what a webhook told of a message."""
    call = NewCall(webhook_id, clock(), "POST", "https://hooks.example.net/", (), b"{}")
    event = NewEvent("feedback", message_id=message_id, outcome=outcome_record(outcome))
    with store.changing():
        store.events.add(store.events.add_call(call), "hook", call, event)


def calling(store: Store) -> Any:
    async def call(function: Callable[[Store], T]) -> T:
        return function(store)

    return call


async def test_news_come_once_and_the_final_one_first(
    stores: tuple[Store, Store], fixed_clock: Clock
) -> None:
    ours, theirs = stores
    record = credential(ours)
    hook = webhook(ours)
    tell(theirs, hook, DELIVERED, fixed_clock)  # Of an earlier message that had the same id.
    arrivals = await StoreArrivals.begin(calling(ours), record)
    assert arrivals is not None
    assert await arrivals.wait(MESSAGE, 0) is None
    tell(theirs, hook, FILTERED, fixed_clock, "another")
    tell(theirs, hook, SENT, fixed_clock)
    assert await arrivals.wait(MESSAGE, 0) == SENT
    assert await arrivals.wait(MESSAGE, 0) is None
    for outcome in (DELIVERED, READ, SENT):
        tell(theirs, hook, outcome, fixed_clock)
    assert await arrivals.wait(MESSAGE, 0) == READ


async def test_a_call_ends_the_waiting(stores: tuple[Store, Store], fixed_clock: Clock) -> None:
    ours, theirs = stores
    record = credential(ours)
    hook = webhook(ours, record.id)
    arrivals = await StoreArrivals.begin(calling(ours), record)
    assert arrivals is not None
    waiting = asyncio.create_task(arrivals.wait(MESSAGE, 60))
    await asyncio.sleep(0)
    tell(theirs, hook, DELIVERED, fixed_clock)
    assert await asyncio.wait_for(waiting, 10) == DELIVERED


@pytest.mark.parametrize(
    ("vendor", "receives", "names", "hears"),
    [
        ("Infobip", "Feedback", "", True),
        ("Infobip", "Feedback", "main", True),
        ("Infobip", "Feedback", "other", False),
        ("Infobip", "Inbound", "main", False),
        ("Sinch", "Inbound and feedback", "", False),
    ],
)
async def test_only_a_webhook_that_may_tell_is_waited_for(
    stores: tuple[Store, Store], vendor: str, receives: str, names: str, hears: bool
) -> None:
    ours, _theirs = stores
    ids = {name: credential(ours, name).id for name in ("main", "other")}
    webhook(ours, ids.get(names), vendor=vendor, receives=receives)
    arrivals = await StoreArrivals.begin(calling(ours), ours.credentials.by_name("main"))
    assert (arrivals is not None) is hears


STAGES = [
    {"name": name, "result": "passed", "seconds": 0.1, "summary": "", "code": "", "hint": ""}
    for name in ("shape", "connect", "authenticate", "accept")
]


def keep(store: Store, record: CredentialRecord, deliver: str, result: str) -> int:
    """Keep a run whose message was accepted."""
    last = {"name": "deliver", "result": deliver, "seconds": 9.0, "summary": "", "hint": ""}
    kept = store.verifications.add(
        record.id,
        depth="send",
        result=result,
        word="accepted",
        seconds=9.5,
        to="+393331234567",
        message_id=MESSAGE,
        record={"ok": False, "stages": [*STAGES, last], "message_id": MESSAGE},
    )
    return kept.id


@pytest.mark.parametrize("deliver", ["pending", "skipped"])
@pytest.mark.parametrize("outcome", [DELIVERED, FILTERED])
def test_a_late_report_settles_the_kept_run(
    stores: tuple[Store, Store], deliver: str, outcome: Outcome
) -> None:
    ours, theirs = stores
    record = credential(ours)
    keep(ours, record, deliver, "pending")
    settle_verification(theirs, MESSAGE, SENT)
    assert ours.verifications.history(record.id)[0].result == "pending"
    settle_verification(theirs, MESSAGE, outcome)
    (run,) = ours.verifications.history(record.id)
    assert (run.result, run.word, run.seconds) == (outcome.result.value, outcome.word, 9.5)
    stage = run.record["stages"][-1]
    assert (stage["result"], stage["code"]) == (outcome.result.value, outcome.code)
    assert run.record["ok"] is (outcome is DELIVERED)
    (row,) = ours.credentials.rows([record.id])
    assert (row.verified_result, row.verified_word) == (outcome.result.value, outcome.word)


def test_who_still_waits_does_not_undo_what_a_webhook_settled(stores: tuple[Store, Store]) -> None:
    ours, theirs = stores
    record = credential(ours)
    row = keep(ours, record, "pending", "pending")
    settle_verification(theirs, MESSAGE, FILTERED)
    changes: Any = {"seconds": 9.5, "message_id": MESSAGE, "record": {}}
    ours.verifications.update(row, result="pending", word="accepted", **changes)
    assert ours.verifications.history(record.id)[0].word == "filtered"
    ours.verifications.update(row, result="passed", word="delivered", **changes)
    assert ours.verifications.history(record.id)[0].word == "delivered"


def test_what_is_settled_stays(stores: tuple[Store, Store]) -> None:
    ours, theirs = stores
    record = credential(ours)
    keep(ours, record, "passed", "passed")
    for message_id in (MESSAGE, "unknown", ""):
        settle_verification(theirs, message_id, FILTERED)
    (run,) = ours.verifications.history(record.id)
    assert (run.result, run.word) == ("passed", "accepted")


async def test_what_another_environment_was_told_settles_nothing_here(
    stores: tuple[Store, Store], fixed_clock: Clock
) -> None:
    ours, theirs = stores
    elsewhere = theirs.acting_in(theirs.environments.add(NewEnvironment("dev")).id)
    record = credential(ours)
    keep(ours, record, "pending", "pending")
    hook, other_hook = webhook(ours), webhook(elsewhere, vendor="Twilio")
    arrivals = await StoreArrivals.begin(calling(ours), record)
    assert arrivals is not None
    tell(elsewhere, other_hook, FILTERED, fixed_clock)
    settle_verification(elsewhere, MESSAGE, FILTERED)
    tell(ours, hook, SENT, fixed_clock)
    assert await arrivals.wait(MESSAGE, 0) == SENT
    assert ours.verifications.history(record.id)[0].result == "pending"
    settle_verification(ours, MESSAGE, DELIVERED)
    assert ours.verifications.history(record.id)[0].word == "delivered"
