"""Sinch's three vendors against the simulator over real HTTP, as a person would run them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from smstui.providers.base import Provider, Result
from smstui.providers.fields import Value
from smstui.providers.sinch import SinchMmsProvider, SinchProvider, SinchRcsProvider
from smstui.simulator.server import Simulator
from smstui.simulator.sinch import SinchVendor
from smstui.verify import Depth, Verification, new_client, verify

PROVIDERS: dict[str, Provider[Any]] = {
    provider.vendor: provider
    for provider in (SinchProvider(), SinchMmsProvider(), SinchRcsProvider())
}


class Place:
    """A simulator whose clock moves by waiting for delivery."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
        self.simulator = Simulator(clock=lambda: self.now, seed="tests", makers=[SinchVendor])

    async def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.now += timedelta(seconds=seconds)

    async def run(
        self, vendor: str, label: str, depth: Depth, to: str = "+12065550123"
    ) -> Verification:
        """Verify the account with this label."""
        provider = PROVIDERS[vendor]
        specs = provider.model.specs()
        fields = next(
            info.fields
            for info in self.simulator.accounts
            if (info.vendor, info.label) == (vendor, label)
        )
        draft: dict[str, Value] = {"name": label}
        for name, text in fields.items():
            draft[name] = SecretStr(text) if specs[name].is_secret else text
        assert provider.check(draft) == []
        credential = provider.build(draft)
        verification = Verification(provider, credential, depth=depth, to=to, text="x")
        async with new_client() as client:
            async for event in verify(
                provider,
                credential,
                depth=depth,
                to=to,
                text="smstui test 7",
                client=client,
                sleep=self.sleep,
                monotonic=lambda: self.now.timestamp(),
            ):
                verification.add(event)
        told = repr(verification.exchanges) + repr(verification.record())
        for secret in credential.secrets():
            assert secret.get_secret_value() not in told
        return verification


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """One simulator for all; its clock only ever moves on."""
    place = Place()
    with place.simulator:
        yield place


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
