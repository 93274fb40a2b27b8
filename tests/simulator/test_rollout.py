"""What advances by the clock only ever advances, with every provider."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from smstui.simulator.infobip import senders as infobip
from smstui.simulator.rollout import country_of, stage_at
from smstui.simulator.sinch import rcs_senders as sinch
from smstui.simulator.twilio import rcs_senders as twilio

BEGUN = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TO = "+393331234567"
AGES = st.floats(0, 100)
WORDS = st.sampled_from(["Acme", "Acme partly", "Acme rejected"])

ORDER = [
    *("CREATING", "DRAFT", "PENDING_VERIFICATION", "VERIFYING", "TWILIO_REVIEW", "ONLINE"),
    *("OFFLINE", "PENDING", "READY_FOR_TESTING", "PENDING_LAUNCH", "LAUNCHED_IN_PROGRESS"),
    *("IN_PROGRESS", "IN_TEST", "PREPARING_LAUNCH", "LAUNCHING", "LAUNCHED_PARTIAL_SUCCESS"),
    *("LAUNCHED", "UNLAUNCHED"),
]
"""All states of senders; each provider's own ones come in the order in which they are reached."""


def twilio_at(word: str, now: datetime) -> tuple[str, bool]:
    sender = twilio.ChannelSender("XE0", "rcs:acme_agent", "BU0", BEGUN, {"name": word})
    return sender.status_at(now), sender.reaches(TO, now)


def infobip_at(word: str, now: datetime) -> tuple[str, bool]:
    asked: dict[str, Any] = {"senderName": word, "countryCode": "IT"}
    launch = infobip.Launch("1", asked, BEGUN, BEGUN)
    sender = infobip.RcsSender(word, {}, BEGUN - timedelta(seconds=3), launch)
    return sender.status_at(now), sender.reaches(TO, now)


def sinch_at(word: str, now: datetime) -> tuple[str, bool]:
    details = {"brand": {"name": word}, "countries": ["IT"]}
    sender = sinch.RcsSender("1", {}, details, "name", "token", BEGUN, BEGUN, BEGUN, BEGUN)
    return sender.state_at(now), sender.reaches(TO, now)


@given(WORDS, AGES, AGES)
def test_time_only_ever_moves_a_sender_on(word: str, one: float, other: float) -> None:
    first, second = (BEGUN + timedelta(seconds=age) for age in sorted((one, other)))
    for at in (twilio_at, infobip_at, sinch_at):
        (before, reached), (after, still) = at(word, first), at(word, second)
        if after != "READY_FOR_TESTING":  # All providers have refused it.
            assert ORDER.index(before) <= ORDER.index(after)
        assert still >= reached


@given(WORDS)
def test_a_sender_is_refused_by_its_name(word: str) -> None:
    late = BEGUN + timedelta(hours=1)
    found = [at(word, late)[1] for at in (twilio_at, infobip_at, sinch_at)]
    assert found == [word != "Acme rejected"] * 3


@given(st.integers(0, 100_000))
def test_a_stage_holds_from_its_moment_on(milliseconds: int) -> None:
    stages = ((0, "a"), (10, "b"), (20, "c"))
    place = min(milliseconds // 10_000, 2)
    now = BEGUN + timedelta(milliseconds=milliseconds)
    assert stage_at(stages, BEGUN, now) == ("abc"[place], BEGUN + timedelta(seconds=10 * place))
    assert stage_at(stages, BEGUN, BEGUN - timedelta(days=1)) == ("a", BEGUN)


@given(st.text(max_size=30))
def test_any_text_has_a_country_or_none(text: str) -> None:
    assert len(country_of(text)) in (0, 2, 3)
