"""What the tests of the verify screen stand on: the simulator over real HTTP, time that stands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
from pydantic import SecretStr
from textual.pilot import Pilot
from textual.widgets import Input

from screens.verify import VerifyScreen
from screens.verify_run import Pace
from screens.widgets.depth_choice import DepthChoice
from smstui.app import SmstuiApp
from smstui.credentials import new_credential
from smstui.providers.fields import Value
from smstui.providers.registry import provider_for
from smstui.simulator.server import Simulator
from smstui.store.records import NewCredential, VerificationRecord

TO = "+393331234567"
UNANSWERED = "+12025500504"
"""The simulator accepts a message to it and is silent."""
SHOWN_HOST = "127.0.0.1:4010"
TOKEN = "00112233445566778899aabbccddeeff"


class Time:
    """Time that passes only while somebody sleeps, and not even then while it is held."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
        self.seconds = 0.0
        self.may_pass = asyncio.Event()
        self.may_pass.set()

    def clock(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        await self.may_pass.wait()
        self.seconds += seconds
        self.now += timedelta(seconds=seconds)


class ToSimulator(httpx.AsyncHTTPTransport):
    """Takes requests to the port that the screen shows to the one that the simulator has."""

    def __init__(self, simulator: Simulator) -> None:
        super().__init__()
        self._port = int(simulator.url.rpartition(":")[2])

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(port=self._port)
        return await super().handle_async_request(request)


class VerifyApp(Protocol):
    """Builds the application with one credential of the simulator."""

    def __call__(
        self,
        account: str = "live",
        *,
        timeout: float = 10.0,
        fill: Any = None,
        fields: Mapping[str, str] | None = None,
    ) -> SmstuiApp: ...


def credential(simulator: Simulator, account: str, fields: Mapping[str, str]) -> NewCredential:
    """Return a login of the simulator as a credential, some of its fields changed."""
    info = next(info for info in simulator.accounts if info.label == account)
    values = {**info.fields, "name": "twilio-main", "api_host": f"http://{SHOWN_HOST}", **fields}
    specs = provider_for("Twilio").model.specs()
    draft: dict[str, Value] = {
        name: SecretStr(value) if specs[name].is_secret else value for name, value in values.items()
    }
    return new_credential("Twilio", draft)


async def opened(pilot: Pilot[Any], passing: Time, wait: float = 120.0) -> VerifyScreen:
    """Open the verify screen of the first credential, and wait until it is filled."""
    await until(pilot, lambda: len(pilot.app.screen_stack) > 1)
    screen = VerifyScreen(1, pace=Pace(wait, passing.monotonic, passing.sleep))
    await pilot.app.push_screen(screen)
    await until(pilot, lambda: "smstui test" in text(pilot) or "✗" in text(pilot))
    return screen


async def until(pilot: Pilot[Any], condition: Callable[[], bool]) -> None:
    """Let the application work until a condition holds."""
    for _turn in range(300):
        if condition():
            await pilot.pause()
            return
        await pilot.pause()
    raise AssertionError(f"it never came to this:\n{text(pilot)}")


async def shown(pilot: Pilot[Any], wanted: str) -> None:
    """Wait until a text is on the screen."""
    await until(pilot, lambda: wanted in text(pilot))


async def idle(pilot: Pilot[Any]) -> None:
    """Wait until no worker is left."""
    await until(pilot, lambda: all(worker.is_finished for worker in pilot.app.workers))


async def run_with(pilot: Pilot[Any], number: str, *, depth: str = "send") -> None:
    """Fill the number, choose the depth and verify."""
    pilot.app.screen.query_one("#number-input", Input).value = number
    pilot.app.screen.query_one(DepthChoice).depth = depth
    await pilot.press("f9")


def text(pilot: Pilot[Any]) -> str:
    """Return what is on the screen."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


def focus_of(pilot: Pilot[Any]) -> str:
    """Return the id or the class of the widget that has the focus."""
    focused = pilot.app.focused
    return "" if focused is None else focused.id or type(focused).__name__


async def kept(pilot: Pilot[Any]) -> list[VerificationRecord]:
    """Return the runs in the store, the latest first."""
    app = pilot.app
    assert isinstance(app, SmstuiApp)
    runs: list[VerificationRecord] = await app.context.session.call(
        lambda store: store.verifications.history(1)
    )
    return runs


def everything(pilot: Pilot[Any]) -> str:
    """Return the screen's text and the representation of each of its widgets."""
    nodes = pilot.app.screen.walk_children(with_self=True)
    return text(pilot) + "".join(repr(node) for node in nodes)


async def until_kept(pilot: Pilot[Any]) -> list[VerificationRecord]:
    """Wait until the store has a run."""
    for _turn in range(100):
        runs = await kept(pilot)
        if runs:
            return runs
        await pilot.pause()
    raise AssertionError("no run was kept")


async def reopen(app: SmstuiApp, passphrase: SecretStr) -> None:
    """Open the application's store again."""
    from smstui.store.records import Actor

    context = app.context
    await context.session.open(
        context.store_path, passphrase, actor=Actor("ada", ""), clock=context.clock
    )


def unwanted(request: httpx.Request) -> httpx.Response:
    """Answer no request: there is to be none."""
    raise AssertionError(f"unwanted request: {request.method}")
