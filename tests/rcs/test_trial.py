"""Step 5 against the simulated providers, reports received by our own receiver over HTTP."""

from __future__ import annotations

import dataclasses

import pytest

from smstui.credentials import stored_draft, to_credential, update
from smstui.providers.base import Outcome, Result
from smstui.providers.fields import text_of
from smstui.rcs import stored, trial
from smstui.rcs.base import Step
from smstui.rcs.document import Document
from smstui.rcs.first_call import first_calls
from smstui.verify import Stage, Verification
from smstui.webhooks.arrivals import StoreArrivals
from tests.conftest import NOW
from tests.rcs.world import PHONE, World

NO_RCS = "+393471200036"


async def set_up(world: World, route: str, *, fallback: bool = False) -> Document:
    """Go from an empty store to the test step."""
    document = world.begin(route)
    if route != "Other":
        document = await world.register(document)
    document = world.through_register(document).falling_back(fallback)
    document = world.through_credential(document)
    assert document.step is Step.TEST
    world.receive(document)
    return document


async def send_test(
    world: World,
    document: Document,
    to: str,
    *,
    sender: trial.Sender | None = None,
    read_wait: float = 20,
) -> tuple[trial.Sender, Verification, list[Stage]]:
    """Send a test message and return what became of it."""
    record = stored.credential_of(world.store, document)
    assert record is not None
    sender = sender or trial.sender_of(document, record)
    run = trial.begun(sender, to=to)
    arrivals = await StoreArrivals.begin(world.call, record)
    assert arrivals is not None
    stages = []
    async for event in trial.send(
        document,
        sender,
        run,
        arrivals=arrivals,
        read_wait=read_wait,
        monotonic=world.monotonic,
        sleep=world.sleep,
    ):
        if isinstance(event, Stage):
            stages.append(event)
    return sender, run, stages


def last(stages: list[Stage], name: str) -> Stage:
    """Return how a stage ended."""
    return [stage for stage in stages if stage.name == name][-1]


@pytest.mark.parametrize("route", ["Twilio", "Infobip", "Sinch"])
async def test_from_an_empty_store_to_a_read_receipt(world: World, route: str) -> None:
    document = await set_up(world, route)
    sender, run, stages = await send_test(world, document, PHONE)
    assert sender.is_rcs_only
    said = [s.outcome.word for s in stages if s.name == "deliver" and s.outcome]
    assert said[0] == "accepted"
    assert said[-2:] == ["delivered", "read"]
    arrived = last(stages, "deliver").outcome
    assert arrived is not None
    assert (arrived.channel, trial.carrier_of(sender, arrived)) == ("RCS", trial.Carrier.RCS)
    assert trial.verdict(sender, run) == "It arrived by RCS and was read: the set-up works."
    assert (run.ok, run.word) == (True, "read")
    calls = first_calls(world.store, document, NOW)
    assert all(call.is_genuine for call in calls if call.event)
    assert any("genuine" in call.said for call in calls)


@pytest.mark.parametrize(
    ("route", "number", "code", "meaning"),
    [
        ("Twilio", "+393471112233", "63035", "not accepted the invitation"),
        ("Twilio", "+493471263036", "63036", "no RCS at this moment"),
        ("Infobip", "+393331207002", "EC_UNKNOWN_USER", "no RCS"),
        ("Sinch", "+393471200036", "RECIPIENT_NOT_REACHABLE", "no RCS at this moment"),
    ],
)
async def test_what_does_not_arrive_is_explained_and_no_sms_hides_it(
    world: World, route: str, number: str, code: str, meaning: str
) -> None:
    document = await set_up(world, route, fallback=route != "Sinch")
    if code == "63036":
        world.clock.advance(60)  # Until the carriers have approved: it reaches all who have RCS.
    sender, run, stages = await send_test(world, document, number)
    assert sender.is_rcs_only
    failed = stages[-1]
    assert (failed.name, failed.result, failed.code) == ("deliver", Result.FAILED, code)
    assert meaning in failed.hint
    assert trial.carrier_of(sender, failed.outcome) is trial.Carrier.UNKNOWN
    assert trial.verdict(sender, run).startswith("RCS does not work yet. ")
    assert meaning in trial.verdict(sender, run)


async def test_an_sms_that_steps_in_is_not_told_as_rcs(world: World) -> None:
    document = await set_up(world, "Sinch")
    record = stored.credential_of(world.store, document)
    assert record is not None
    # As Adobe sends it, and an edited payload would: by the vendor, which falls back.
    falling = trial.Sender(document.provider, to_credential(record), is_rcs_only=False)
    sender, run, stages = await send_test(world, document, NO_RCS, sender=falling)
    switching = [s for s in stages if s.name == "deliver" and s.code == "RECIPIENT_NOT_REACHABLE"]
    assert "no RCS at this moment" in switching[0].hint
    arrived = last(stages, "deliver").outcome
    assert arrived is not None
    assert (arrived.word, arrived.channel) == ("delivered", "SMS")
    assert trial.carrier_of(sender, arrived) is trial.Carrier.OTHER
    said = "It arrived by SMS, not by RCS: the fallback carried it."
    assert trial.verdict(sender, run) == said


async def test_an_edited_payload_may_fall_back_and_is_told_so(world: World) -> None:
    document = await set_up(world, "Infobip", fallback=True)
    record = stored.credential_of(world.store, document)
    assert record is not None
    payload = text_of(document.draft(Step.CREDENTIAL)["provider_payload"])
    assert "smsFailover" in payload
    sender = trial.sender_of(document, record)
    assert "smsFailover" not in text_of(sender.credential.draft()["provider_payload"])
    edited = update(
        world.store, record, {**stored_draft(record), "provider_payload": payload + "\n "}
    )
    again = stored.load(world.store, document.id or 0)
    assert again.edited == ("provider_payload",)
    sender = trial.sender_of(again, edited)
    assert not sender.is_rcs_only
    passed = Outcome(result=Result.PASSED, word="delivered", summary="")
    assert trial.carrier_of(sender, passed) is trial.Carrier.UNKNOWN
    by_rcs = dataclasses.replace(passed, channel="RCS")
    assert trial.carrier_of(sender, by_rcs) is trial.Carrier.RCS


async def test_any_other_provider_is_tested_by_its_reports(world: World) -> None:
    document = await set_up(world, "Other")
    sender, run, stages = await send_test(world, document, PHONE, read_wait=0)
    assert last(stages, "deliver").result is Result.PASSED
    said = "It arrived. Whether by RCS or by its fallback, nothing tells: see the handset."
    assert trial.verdict(sender, run) == said


async def test_accepted_is_not_delivered(world: World) -> None:
    document = world.through_credential(world.through_register(world.begin("Other")))
    record = stored.credential_of(world.store, document)
    assert record is not None
    sender = trial.sender_of(document, record)
    run = trial.begun(sender, to=PHONE, text="Hello")
    assert trial.verdict(sender, run) == "Nothing was sent yet."
    async for _event in trial.send(document, sender, run, arrivals=None, sleep=world.sleep):
        pass
    assert run.message_id
    said = "The provider has accepted the message. Nothing tells yet that it arrived."
    assert trial.verdict(sender, run) == said


async def test_a_test_that_was_refused_is_told_until_one_is_taken(world: World) -> None:
    document = await set_up(world, "Twilio")
    assert document.credential_id is not None
    assert trial.last_test(world.store, document) is None

    def keep(result: Result, word: str, message_id: str) -> None:
        assert document.credential_id is not None
        world.store.verifications.add(
            document.credential_id,
            depth="send",
            result=result.value,
            word=word,
            seconds=1.0,
            to=PHONE,
            message_id=message_id,
            record={},
        )

    keep(Result.FAILED, "refused", "")
    last_one = trial.last_test(world.store, document)
    assert last_one is not None
    assert (last_one.result, last_one.word) == (Result.FAILED, "refused")
    keep(Result.PENDING, "accepted", "SM1")
    keep(Result.FAILED, "refused", "")
    last_one = trial.last_test(world.store, document)
    assert last_one is not None
    assert (last_one.result, last_one.word) == (Result.PENDING, "accepted")
