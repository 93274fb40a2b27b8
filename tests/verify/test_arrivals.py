"""What webhooks tell ends the deliver stage at once, and never contradicts itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from smstui.providers.base import Outcome, Result
from smstui.providers.registry import provider_for
from smstui.verify import Depth, Event, Stage, Verification
from tests.providers import custom_support
from tests.verify.conftest import FakeTime
from tests.verify.sinch_replies import GOOD as SINCH_GOOD
from tests.verify.sinch_replies import KEPT, RCS
from tests.verify.twilio_replies import GOOD, SM, STATE, TWILIO, error, message

Run = Callable[..., Awaitable[Verification]]

SENT = Outcome(result=Result.PENDING, word="sent", summary="sent to the carrier")
DELIVERED = Outcome(result=Result.PASSED, word="delivered", summary="delivered")
READ = Outcome(result=Result.PASSED, word="read", summary="read")
UNREACHABLE = Outcome(
    result=Result.FAILED, word="unreachable", summary="not delivered", code="30003"
)


class Posted:
    """Webhooks that come at their moments of a clock that waiting moves."""

    def __init__(self, time: FakeTime, *calls: tuple[float, Outcome]) -> None:
        self.time = time
        self.calls = list(calls)
        self.asked: list[str] = []

    async def wait(self, message_id: str, seconds: float) -> Outcome | None:
        self.asked.append(message_id)
        until = self.time.now + seconds
        if not self.calls or self.calls[0][0] > until:
            self.time.now = until
            return None
        moment, outcome = self.calls.pop(0)
        self.time.now = max(moment, self.time.now)
        return outcome


def said(events: list[Event]) -> list[tuple[float, str, str]]:
    """Return when the deliver stage said what."""
    return [
        (event.seconds, event.result.value, event.summary)
        for event in events
        if isinstance(event, Stage) and event.name == "deliver"
    ]


async def test_a_webhook_ends_the_stage_between_two_questions(
    run: Run, script: Any, fake_time: FakeTime
) -> None:
    provider, events = provider_for("Twilio"), list[Event]()
    posted = Posted(fake_time, (0.4, SENT), (0.9, DELIVERED), (4.0, READ))
    asked = script({**GOOD, STATE: message("queued")})
    verification = await run(
        provider,
        provider.build(TWILIO),
        asked,
        depth=Depth.SEND,
        arrivals=posted,
        events=events,
    )
    assert STATE not in asked.asked
    assert set(posted.asked) == {SM}
    assert said(events) == [
        (0.0, "pending", "accepted; asking again in 1 s"),
        (0.4, "pending", "sent to the carrier; asking again in 2 s"),
        (0.9, "passed", "delivered"),
    ]
    assert (verification.ok, verification.word) == (True, "delivered")


@pytest.mark.parametrize(
    ("state", "told", "word"),
    [
        ("queued", UNREACHABLE, "unreachable"),
        ("delivered", UNREACHABLE, "unreachable"),
        ("delivered", SENT, "delivered"),
    ],
)
async def test_what_a_webhook_told_meanwhile_counts_when_it_is_final(
    run: Run, script: Any, fake_time: FakeTime, state: str, told: Outcome, word: str
) -> None:
    class Late(Posted):
        """Posts after the question was answered."""

        async def wait(self, message_id: str, seconds: float) -> Outcome | None:
            if seconds:
                self.time.now += seconds
                return None
            return await super().wait(message_id, seconds)

    provider, events = provider_for("Twilio"), list[Event]()
    posted = Late(fake_time, (0.0, told))
    asked = script({**GOOD, STATE: message(state)})
    verification = await run(
        provider, provider.build(TWILIO), asked, depth=Depth.SEND, arrivals=posted, events=events
    )
    assert verification.word == word
    finals = [result for _at, result, _summary in said(events) if result != "pending"]
    assert len(finals) == 1


async def test_questions_go_on_as_ever_while_no_webhook_comes(
    run: Run, script: Any, fake_time: FakeTime
) -> None:
    provider = provider_for("Twilio")
    verification = await run(
        provider,
        provider.build(TWILIO),
        script(GOOD),
        depth=Depth.SEND,
        arrivals=Posted(fake_time),
    )
    assert verification.word == "delivered"


async def test_a_vendor_that_refuses_the_question_is_waited_for(
    run: Run, script: Any, fake_time: FakeTime
) -> None:
    provider, events = provider_for("Twilio"), list[Event]()
    asked = script({**GOOD, STATE: error(70051, 403)})
    verification = await run(
        provider,
        provider.build(TWILIO),
        asked,
        depth=Depth.SEND,
        arrivals=Posted(fake_time, (30.0, DELIVERED)),
        events=events,
    )
    assert asked.asked.count(STATE) == 1
    assert said(events)[-2][2].endswith("; waiting for a webhook")
    assert said(events)[-1] == (30.0, "passed", "delivered")
    assert verification.ok


ACCEPTED = {"POST /v1/send": {"messages": [{"id": "m-1"}]}, "HEAD /": (404, "")}


async def test_a_vendor_that_cannot_be_asked_is_waited_for(
    run: Run, script: Any, fake_time: FakeTime
) -> None:
    provider, events = provider_for("Custom"), list[Event]()
    posted = Posted(fake_time, (1.0, SENT), (2.5, DELIVERED))
    credential = provider.build(custom_support.draft(**custom_support.PATH))
    verification = await run(
        provider, credential, script(ACCEPTED), depth=Depth.SEND, arrivals=posted, events=events
    )
    assert set(posted.asked) == {"m-1"}
    assert said(events) == [
        (0.0, "pending", "accepted; waiting for a webhook"),
        (1.0, "pending", "sent to the carrier; waiting for a webhook"),
        (2.5, "passed", "delivered"),
    ]
    assert verification.ok


@pytest.mark.parametrize("vendor", ["Custom", "Sinch RCS"])
async def test_waiting_in_vain_is_told_and_is_not_ok(
    run: Run, script: Any, fake_time: FakeTime, vendor: str
) -> None:
    provider, answers = provider_for(vendor), {**ACCEPTED, **SINCH_GOOD}
    draft = RCS if vendor == "Sinch RCS" else custom_support.draft(**custom_support.PATH)
    asked = script(answers)
    verification = await run(
        provider,
        provider.build(draft),
        asked,
        depth=Depth.SEND,
        wait=20,
        arrivals=Posted(fake_time),
    )
    deliver = verification.stages[-1]
    assert (deliver.result, deliver.seconds) == (Result.PENDING, 20)
    assert deliver.summary == "accepted; no webhook told more of it"
    assert deliver.hint.startswith(f"{vendor} tells delivery to webhooks alone. Check that")
    assert (verification.ok, verification.word) == (False, "accepted")
    assert sum(path.startswith(KEPT) for path in asked.asked) == (vendor == "Sinch RCS")
