"""Sinch's three vendors against the simulator over real HTTP, as a person would run them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from smstui.providers.base import Result
from smstui.providers.sinch import SinchMmsProvider, SinchProvider, SinchRcsProvider
from smstui.simulator.sinch import SinchVendor
from smstui.verify import Depth
from tests.verify.place import Place

PROVIDERS = (SinchProvider(), SinchMmsProvider(), SinchRcsProvider())


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """One simulator for all; its clock only ever moves on."""
    place = Place([SinchVendor], PROVIDERS)
    with place.simulator:
        yield place


def test_every_login_fits_its_form(place: Place) -> None:
    for info in place.simulator.accounts:
        draft = place.draft(info.vendor, info.label)
        assert place.providers[info.vendor].check(draft) == []


BOTH = ("Sinch MMS", "Sinch RCS")
PROBES = [
    ("Sinch", "live", Result.PASSED, "token accepted"),
    ("Sinch", "no default sender", Result.PASSED, "token accepted"),
    ("Sinch", "no callback URL", Result.FAILED, "no callback URL"),
    ("Sinch", "other region", Result.FAILED, "token refused"),
    ("Sinch", "wrong token", Result.FAILED, "token refused"),
    ("Sinch", "throttled", Result.FAILED, "throttled"),
    ("Sinch", "fault", Result.FAILED, "provider fault"),
    ("Sinch", "maintenance", Result.FAILED, "provider down"),
    ("Sinch", "gateway", Result.FAILED, "provider down"),
    *((vendor, "live", Result.PASSED, "key accepted") for vendor in BOTH),
    *((vendor, "live, by halves", Result.PASSED, "key accepted") for vendor in BOTH),
    *((vendor, "channel pending", Result.WARNED, "channel pending") for vendor in BOTH),
    *((vendor, "channel failing", Result.FAILED, "channel failing") for vendor in BOTH),
    *((vendor, "no channel", Result.FAILED, "channel missing") for vendor in BOTH),
    *((vendor, "other region", Result.FAILED, "app not found") for vendor in BOTH),
    *((vendor, "other project", Result.FAILED, "not permitted") for vendor in BOTH),
    *((vendor, "no credit", Result.FAILED, "no credit") for vendor in BOTH),
    *((vendor, "deleted key", Result.FAILED, "key refused") for vendor in BOTH),
    *((vendor, "throttled", Result.FAILED, "throttled") for vendor in BOTH),
    ("Sinch RCS", "no fallback", Result.FAILED, "channel missing"),
    ("Sinch RCS", "other plan", Result.WARNED, "another plan"),
    ("Sinch RCS", "wrong SMS token", Result.FAILED, "token refused"),
]


@pytest.mark.parametrize(("vendor", "label", "result", "word"), PROBES)
async def test_probes(place: Place, vendor: str, label: str, result: Result, word: str) -> None:
    verification = await place.run(vendor, label, Depth.PROBE)
    assert (verification.result, verification.word) == (result, word)


@pytest.mark.parametrize(
    ("vendor", "label", "to", "result", "word", "channel"),
    [
        ("Sinch", "live", "+12065550123", Result.PASSED, "delivered", "SMS"),
        ("Sinch", "live", "+12065500402", Result.FAILED, "no route", "SMS"),
        ("Sinch", "live", "+12065500999", Result.WARNED, "no receipt", "SMS"),
        ("Sinch", "live", "+12065500401", Result.PENDING, "sent", "SMS"),
        ("Sinch", "live", "+12065500204", Result.FAILED, "broken answer", ""),
        ("Sinch", "live", "+12065500444", Result.FAILED, "broken answer", ""),
        ("Sinch", "live", "+12065520500", Result.FAILED, "provider fault", ""),
        ("Sinch", "blocked", "+12065550123", Result.FAILED, "account blocked", "SMS"),
        ("Sinch", "no default sender", "+12065550123", Result.FAILED, "no sender", "SMS"),
        ("Sinch MMS", "live", "+12065550123", Result.PENDING, "accepted", ""),
        ("Sinch MMS", "keeps messages", "+12065550123", Result.PENDING, "accepted", "MMS"),
        ("Sinch MMS", "live", "+12065520429", Result.FAILED, "throttled", ""),
        ("Sinch RCS", "live", "+12065550123", Result.PENDING, "accepted", ""),
        ("Sinch RCS", "keeps messages", "+12065550123", Result.PENDING, "accepted", "RCS"),
        ("Sinch RCS", "live", "+12065500200", Result.FAILED, "broken answer", ""),
    ],
)
async def test_sends(
    place: Place, vendor: str, label: str, to: str, result: Result, word: str, channel: str
) -> None:
    verification = await place.run(vendor, label, Depth.SEND, to)
    assert (verification.result, verification.word) == (result, word)
    ended = [stage.outcome for stage in verification.stages if stage.outcome is not None]
    assert ended[-1].channel == channel
    if vendor != "Sinch":
        assert verification.ok is (result is Result.PENDING)
