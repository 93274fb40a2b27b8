"""Runs of checks against the simulated providers: what passes, what fails, and why."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest
from pydantic import SecretStr

from smstui.channels import runs
from smstui.channels.checks import Subject, judge_kind
from smstui.channels.running import carry_out
from smstui.channels.stored import create
from smstui.providers.base import Result
from smstui.providers.fields import Value
from smstui.simulator.server import Simulator
from smstui.store import Store
from smstui.store.channel_records import State, UpdateState
from smstui.store.errors import StoreError
from tests.channels.kit import NUMBER, credential, draft, run, submit, webhook
from tests.conftest import NOW

T = TypeVar("T")

PASSED, WARNED, FAILED, SKIPPED = Result.PASSED, Result.WARNED, Result.FAILED, Result.SKIPPED


def test_what_is_in_order_becomes_active(store: Store, simulator: Simulator) -> None:
    credential(store, simulator)
    record, checks = submit(store, create(store, draft()))
    assert record.state is State.ACTIVE
    assert {name: check.result for name, check in checks.items()} == {
        "fields": PASSED,
        "credential": PASSED,
        "connection": PASSED,
        "kind": PASSED,
        "owner": PASSED,
        "webhook": SKIPPED,
        "keywords": SKIPPED,
        "purpose": PASSED,
    }
    assert "Acme Retail" in checks["connection"].summary
    assert [check["name"] for check in record.checks] == list(checks)
    assert record.run is None
    row = store.channels.rows([record.id])[0]
    assert (row.result, row.word) == ("passed", "passed")
    # The probe counts for the credential, too.
    assert store.credentials.rows([record.credential_id or 0])[0].verified_result == "passed"


@pytest.mark.parametrize(
    ("changes", "sender", "failed", "said"),
    [
        ({"auth_token": SecretStr("0" * 32)}, NUMBER, "connection", "20003"),
        ({}, "+12025550152", "owner", "is not in this account"),
        ({}, "+12025550143", "owner", "cannot send SMS"),
    ],
)
def test_a_failure_names_its_check_and_its_reason(
    store: Store,
    simulator: Simulator,
    changes: dict[str, Value],
    sender: str,
    failed: str,
    said: str,
) -> None:
    credential(store, simulator, changes=changes)
    record, checks = submit(store, create(store, draft(sender_number=sender)))
    assert record.state is State.FAILED
    assert checks[failed].result is FAILED
    assert said in f"{checks[failed].summary} {checks[failed].code}"
    assert checks[failed].cause.endswith(".")
    assert checks[failed].next_step.endswith(".")
    if failed == "connection":
        assert checks["owner"].result is SKIPPED
    row = store.channels.rows([record.id])[0]
    assert (row.result, row.word) == ("failed", checks[failed].word)


@pytest.mark.parametrize(
    ("fields", "result", "said"),
    [
        ({"countries": "IT"}, PASSED, "+12025550142: United States, for SMS"),
        ({"sender_number": "Acme", "countries": "US"}, FAILED, "no names as senders there"),
        ({"sender_number": "Acme"}, WARNED, "Acme: a name, for SMS"),
        ({"sender_number": "x_agent", "channel": "RCS"}, PASSED, "x_agent: an RCS sender, for RCS"),
        ({"sender_number": ""}, SKIPPED, "no sender"),
    ],
)
def test_the_kind_of_sender_is_judged_by_channel_and_country(
    fields: dict[str, Value], result: Result, said: str
) -> None:
    check = judge_kind(Subject(draft(**fields), ("main",), None, (), (), ()))
    assert (check.result, said in check.summary) == (result, True), check


def test_a_vendor_that_calls_back_needs_webhooks(store: Store, simulator: Simulator) -> None:
    credential(store, simulator, "Infobip", "live")
    sender: dict[str, Value] = {"sender_number": "+385990000099"}
    record, checks = submit(store, create(store, draft(**sender)))
    assert (record.state, checks["webhook"].result) == (State.FAILED, FAILED)
    assert "STOP" in checks["webhook"].cause
    assert "Infobip" in checks["webhook"].next_step
    inbound = webhook(store, "Infobip", "replies", "main", type="Inbound", **sender_of(sender))
    record, checks = submit(store, record)
    assert (record.state, checks["webhook"].result) == (State.ACTIVE, WARNED)
    assert "feedback" in checks["webhook"].summary
    assert record.webhook_ids == (inbound.id,)
    feedback = webhook(store, "Infobip", "reports", type="Feedback")
    again = create(store, draft("Second", sms_type="Transactional", **sender))
    record, checks = submit(store, again)
    assert (record.state, checks["webhook"].result) == (State.ACTIVE, PASSED)
    assert set(record.webhook_ids) == {inbound.id, feedback.id}
    assert checks["keywords"].result in (PASSED, WARNED)
    assert checks["purpose"].result is WARNED
    assert "Acme_SMS" in checks["purpose"].summary


def sender_of(fields: dict[str, Value]) -> dict[str, Value]:
    """Return the field of a webhook that a configuration's sender goes with."""
    return {"sender_phone_number": fields["sender_number"]}


def test_transactional_goes_without_replies_and_is_warned(
    store: Store, simulator: Simulator
) -> None:
    credential(store, simulator, "Sinch", "live")
    record, checks = submit(store, create(store, draft(sms_type="Transactional")))
    assert (record.state, checks["webhook"].result) == (State.ACTIVE, WARNED)
    assert (checks["owner"].result, "cannot be asked" in checks["owner"].summary) == (SKIPPED, True)
    webhook(store, "Sinch", "replies", "main", sender_phone_number="+12025550199")
    other = create(store, draft("Other", sms_type="Transactional"))
    _record, checks = submit(store, other)
    assert "another sender's" in checks["webhook"].summary


def test_the_channel_is_compared_with_the_credential(store: Store, simulator: Simulator) -> None:
    credential(store, simulator, "Custom", "Bearer", {"channel_type": "RCS"})
    record, checks = submit(store, create(store, draft()))
    assert (record.state, checks["credential"].result) == (State.FAILED, FAILED)
    assert "do not carry SMS" in checks["credential"].cause
    assert checks["connection"].result is SKIPPED


def test_a_change_to_an_active_one_is_checked_before_it_holds(
    store: Store, simulator: Simulator
) -> None:
    credential(store, simulator)
    record, _checks = submit(store, create(store, draft()))
    wanted = draft(sender_number="+12025550152", description="New")
    record, checks = run(store, runs.begin_update(store, record, wanted))
    assert (record.state, record.sender) == (State.ACTIVE, NUMBER)
    assert checks["owner"].result is FAILED
    assert record.update is not None
    assert record.update.state is UpdateState.FAILED
    assert record.update.changes == (
        ("Description", "", "New"),
        ("Sender number", NUMBER, "+12025550152"),
    )
    # The same once more by itself, then one that holds.
    record, checks = submit(store, record)
    assert checks["owner"].result is FAILED
    record, _checks = run(store, runs.begin_update(store, record, draft(sms_type="Transactional")))
    assert record.update is not None
    assert record.update.state is UpdateState.SUCCESS
    assert (record.state, record.fields["sms_type"]) == (State.ACTIVE, "Transactional")


def test_reactivating_checks_again(store: Store, simulator: Simulator) -> None:
    credential(store, simulator, "Infobip", "live")
    sender: dict[str, Value] = {"sender_number": "+385990000099"}
    hook = webhook(store, "Infobip", "replies", "main", type="Inbound", **sender_of(sender))
    record, _checks = submit(store, create(store, draft(**sender)))
    record = store.channels.deactivate(record.id, revision=record.revision)
    assert (record.state, record.webhook_ids) == (State.DEACTIVATED, ())
    store.webhooks.delete(hook.id)
    record, checks = submit(store, record)
    assert (record.state, checks["webhook"].result) == (State.DEACTIVATED, FAILED)
    webhook(store, "Infobip", "replies", "main", type="Inbound", **sender_of(sender))
    record, _checks = submit(store, record)
    assert record.state is State.ACTIVE


def test_a_webhook_that_goes_while_the_checks_run_is_missed(
    store: Store, simulator: Simulator
) -> None:
    credential(store, simulator, "Sinch", "live")
    hook = webhook(store, "Sinch", "replies", "main")
    begun = runs.begin(store, create(store, draft()))

    async def call(function: Callable[[Store], T]) -> T:
        return function(store)

    async def through() -> dict[str, Result]:
        seen = {}
        async for checks in carry_out(call, begun):
            seen = {check.name: check.result for check in checks}
            if "keywords" in seen and "purpose" not in seen:
                store.webhooks.delete(hook.id)
        return seen

    assert asyncio.run(through())["webhook"] is FAILED
    assert store.channels.get(begun.id).state is State.FAILED


@pytest.mark.parametrize("way", ["closed", "stopped"])
def test_checks_that_are_left_are_told_as_interrupted(
    store: Store, simulator: Simulator, way: str
) -> None:
    credential(store, simulator)
    begun = runs.begin(store, create(store, draft()))
    is_open = True

    async def call(function: Callable[[Store], T]) -> T:
        if not is_open:
            raise StoreError("The store is closed.")
        return function(store)

    async def through() -> None:
        nonlocal is_open
        steps = carry_out(call, begun)
        async for checks in steps:
            if checks[-1].name == "connection":
                break
        if way == "stopped":
            await steps.aclose()
            return
        is_open = False
        with pytest.raises(StoreError):
            await anext(steps)

    asyncio.run(through())
    if way == "closed":  # Nobody could write it then; whoever looks next does.
        assert store.channels.get(begun.id).state is State.PROCESSING
        assert [record.id for record in runs.settle(store, NOW)] == [begun.id]
    record = store.channels.get(begun.id)
    assert (record.state, record.run) == (State.FAILED, None)
    assert record.checks[-1]["summary"] == "interrupted"
