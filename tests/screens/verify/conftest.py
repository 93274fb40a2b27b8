"""The application with one credential of a running simulator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from smstui.app import SmstuiApp
from smstui.simulator.server import Simulator
from tests.screens.conftest import ConsoleApp
from tests.screens.verify.kit import Time, ToSimulator, VerifyApp, credential


@pytest.fixture
def passing() -> Time:
    return Time()


@pytest.fixture
def twilio_simulator(passing: Time) -> Iterator[Simulator]:
    with Simulator(clock=passing.clock) as running:
        yield running


@pytest.fixture
def verify_app(console_app: ConsoleApp, twilio_simulator: Simulator) -> VerifyApp:
    def build(
        account: str = "live",
        *,
        timeout: float = 10.0,
        fill: Any = None,
        fields: Mapping[str, str] | None = None,
    ) -> SmstuiApp:
        return console_app(
            [credential(twilio_simulator, account, fields or {})],
            fill=fill,
            http_client=lambda: httpx.AsyncClient(
                transport=ToSimulator(twilio_simulator),
                timeout=timeout,
                headers={"User-Agent": "smstui", "Accept-Encoding": "identity"},
            ),
        )

    return build
