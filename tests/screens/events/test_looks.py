"""What events, consent and the receiver look like; each picture was looked at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from smstui.webhooks.receiver_state import Standing, State
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.events.kit import fill
from tests.screens.sizes import SIZES, pictures

URL = "http://127.0.0.1:4020"
FULL = (
    "There is no room left to write /home/ada/smstui.db; nothing was changed. "
    "Make room on the disk or raise the quota, then do it again."
)
STATES = {
    "off": State(),
    "on": State(Standing.LISTENING, URL),
    "trouble": State(Standing.TROUBLE, URL, FULL),
    "failed": State(Standing.FAILED, message="Port 4020 of 127.0.0.1 is in use by a program."),
}


def presses(
    settle: Settle, *keys: str, state: str = "off"
) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Return what presses keys before the picture is taken, with the receiver in a state."""

    async def before(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        if state != "off":
            pilot.app.context.receiver.hear(STATES[state])  # type: ignore[attr-defined]
        for key in keys:
            await pilot.press(key)
            await settle(pilot)

    return before


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)], ids="{0[0]}x{0[1]}".format)
def test_the_list(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    before = presses(settle, "down", state="on")
    app = console_app(fill=fill, address="events")
    assert snap_compare(app, run_before=before, terminal_size=size)


@SIZES
def test_an_empty_list(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    assert snap_compare(console_app(address="events"), run_before=settle, terminal_size=size)


@SIZES
def test_one_webhook_filtered_and_paused(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    before = presses(settle, "p", "slash", "s", "t", "o", "p", "enter")
    app = console_app(fill=fill, address="events/twilio-replies")
    assert snap_compare(app, run_before=before, terminal_size=size)


DETAILS = {
    "stop": ("enter",),
    "mapped": ("enter", "2"),
    "raw": ("enter", "3"),
    "json": ("enter", "4"),
    "replayed": ("enter", "r"),
    "refused": ("down", "enter"),
    "other": ("down", "down", "enter"),
    "undelivered": ("down", "down", "down", "enter"),
    "near-miss": ("g", "j", "j", "j", "j", "j", "enter"),
    "send-on": ("enter", "f", "down"),
}


@pictures("state", DETAILS, wide=("stop",))
def test_an_event(
    snap_compare: Any,
    console_app: ConsoleApp,
    settle: Settle,
    state: str,
    size: tuple[int, int],
) -> None:
    app = console_app(fill=fill, address="events")
    assert snap_compare(app, run_before=presses(settle, *DETAILS[state]), terminal_size=size)


@SIZES
def test_consent(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    app = console_app(fill=fill, address="consent")
    assert snap_compare(app, run_before=settle, terminal_size=size)


def test_no_consent(snap_compare: Any, console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(address="consent")
    assert snap_compare(app, run_before=settle, terminal_size=(80, 24))


@SIZES
def test_the_history_of_consent(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    app = console_app(fill=fill, address="consent")
    assert snap_compare(app, run_before=presses(settle, "enter"), terminal_size=size)


@pictures("state", STATES, wide=("on",))
def test_the_receiver(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, state: str, size: tuple[int, int]
) -> None:
    app = console_app(address="events")
    assert snap_compare(app, run_before=presses(settle, "l", state=state), terminal_size=size)


@pictures("state", ("on", "trouble", "failed"), wide=("trouble",))
def test_the_header(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, state: str, size: tuple[int, int]
) -> None:
    app = console_app(address="credentials")
    assert snap_compare(app, run_before=presses(settle, state=state), terminal_size=size)
