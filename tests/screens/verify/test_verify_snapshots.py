"""How the verify screen looks, state by state."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.screens.verify.kit import (
    TO,
    TOKEN,
    UNANSWERED,
    Time,
    VerifyApp,
    idle,
    opened,
    run_with,
    shown,
)

State = Callable[[Pilot[Any], Time], Awaitable[None]]
SMALL, USUAL, LARGE = (60, 20), (80, 24), (120, 40)


async def just_opened(pilot: Pilot[Any], passing: Time) -> None:
    await opened(pilot, passing)


async def filled(pilot: Pilot[Any], passing: Time) -> None:
    await opened(pilot, passing)
    await pilot.press(*TO, "enter", "enter")


async def invalid_number(pilot: Pilot[Any], passing: Time) -> None:
    await opened(pilot, passing)
    await pilot.press(*"3331234567", "f9")


async def costly_character(pilot: Pilot[Any], passing: Time) -> None:
    await opened(pilot, passing)
    await pilot.press("tab", "end", "ş")


async def at_accept(pilot: Pilot[Any], passing: Time) -> None:
    await opened(pilot, passing)
    await run_with(pilot, UNANSWERED)
    await shown(pilot, "… accept")


async def pending(pilot: Pilot[Any], passing: Time) -> None:
    passing.may_pass.clear()
    await opened(pilot, passing)
    await run_with(pilot, TO)
    await shown(pilot, "… deliver")


async def only_sent(pilot: Pilot[Any], passing: Time) -> None:
    await opened(pilot, passing, wait=4.0)
    await run_with(pilot, "+393331200999")
    await shown(pilot, "not yet delivered")
    await idle(pilot)


async def delivered(pilot: Pilot[Any], passing: Time) -> None:
    await opened(pilot, passing)
    await run_with(pilot, TO)
    await shown(pilot, "✓ deliver")
    await idle(pilot)


async def failed(pilot: Pilot[Any], passing: Time) -> None:
    await opened(pilot, passing)
    await run_with(pilot, TO)
    await shown(pilot, "not tried")
    await idle(pilot)


async def failed_request(pilot: Pilot[Any], passing: Time) -> None:
    await failed(pilot, passing)
    await pilot.press("2")


async def failed_response(pilot: Pilot[Any], passing: Time) -> None:
    await failed(pilot, passing)
    await pilot.press("3")


async def failed_curl(pilot: Pilot[Any], passing: Time) -> None:
    await failed(pilot, passing)
    await pilot.press("y")


async def history(pilot: Pilot[Any], passing: Time) -> None:
    await delivered(pilot, passing)
    await run_with(pilot, "+12025530006")
    await shown(pilot, "✗ deliver")
    await idle(pilot)
    await pilot.press("f4")


async def earlier(pilot: Pilot[Any], passing: Time) -> None:
    await history(pilot, passing)
    await pilot.press("enter")


@pytest.mark.parametrize(
    ("state", "size"),
    [
        (just_opened, USUAL),
        (just_opened, LARGE),
        (filled, USUAL),
        (filled, SMALL),
        (invalid_number, USUAL),
        (costly_character, USUAL),
        (at_accept, USUAL),
        (pending, USUAL),
        (only_sent, USUAL),
        (delivered, USUAL),
        (delivered, LARGE),
        (failed, USUAL),
        (failed, SMALL),
        (failed, LARGE),
        (failed_request, USUAL),
        (failed_response, USUAL),
        (failed_curl, USUAL),
        (history, USUAL),
        (earlier, USUAL),
    ],
    ids=lambda value: value.__name__ if callable(value) else "{}x{}".format(*value),
)
def test_how_it_looks(
    snap_compare: Any,
    verify_app: VerifyApp,
    passing: Time,
    state: State,
    size: tuple[int, int],
) -> None:
    is_refused = state.__name__.startswith("failed")
    app = verify_app(fields={"auth_token": TOKEN} if is_refused else None)

    async def arrive(pilot: Pilot[Any]) -> None:
        await state(pilot, passing)

    assert snap_compare(app, terminal_size=size, run_before=arrive)
