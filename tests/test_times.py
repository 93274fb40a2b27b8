"""Moments: sortable as text, told as distance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smstui.times import ago, from_iso, iso

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
MOMENTS = st.datetimes(
    min_value=datetime(1, 1, 2),  # noqa: DTZ001 - hypothesis wants a naive bound
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
)


@given(MOMENTS, MOMENTS)
def test_iso_text_sorts_like_time(one: datetime, other: datetime) -> None:
    if iso(one) < iso(other):
        assert one < other
    assert abs(from_iso(iso(one)) - one) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("distance", "said"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 min ago"),
        (timedelta(hours=1), "1 h ago"),
        (timedelta(hours=24), "yesterday"),
        (timedelta(days=2), "2 d ago"),
        (timedelta(days=60), "2026-09-24"),
    ],
)
def test_distance_in_words(distance: timedelta, said: str) -> None:
    assert ago(NOW - distance, NOW) == said
    assert len(said) <= 10
