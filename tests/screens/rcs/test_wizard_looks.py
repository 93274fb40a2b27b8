"""What list and wizard of RCS set-ups look like; each picture was looked at before it was kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from screens.base import Dialog
from smstui.rcs.base import Step
from smstui.store import Store
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.kit import start
from tests.screens.rcs.wizard_kit import ADDRESS, at, at_step, fill, filled, under_review, until
from tests.screens.sizes import SIZES

Before = Callable[[Pilot[Any]], Awaitable[None]]


def pressing(settle: Settle, *keys: str) -> Before:
    """Return what waits for the place, and presses keys."""

    async def before(pilot: Pilot[Any]) -> None:
        await start(pilot, settle)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)

    return before


def reviewed(store: Store) -> None:
    """Put a set-up into a store that waits for a review."""
    at(store, Step.REGISTER, document=under_review(filled()))


@SIZES
def test_list(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    app = console_app(fill=fill, address="rcs")
    assert snap_compare(app, run_before=pressing(settle), terminal_size=size)


@pytest.mark.parametrize("step", list(Step)[1:], ids=str)
@SIZES
def test_step(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, step: Step, size: tuple[int, int]
) -> None:
    app = console_app(fill=at_step(step), address=ADDRESS)
    assert snap_compare(app, run_before=pressing(settle), terminal_size=size)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)], ids="{0[0]}x{0[1]}".format)
def test_checklist_under_review(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    app = console_app(fill=reviewed, address=ADDRESS)
    assert snap_compare(app, run_before=pressing(settle, "down", "down"), terminal_size=size)


@SIZES
def test_new_set_up(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    app = console_app(address="rcs/+new")
    assert snap_compare(app, run_before=pressing(settle), terminal_size=size)


@SIZES
def test_profile_of_another_provider(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    app = console_app(fill=at_step(Step.REGISTER, "Sinch"), address=ADDRESS)
    assert snap_compare(app, run_before=pressing(settle, "f4"), terminal_size=size)


@SIZES
def test_credential_of_another_provider(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    app = console_app(fill=at_step(Step.CREDENTIAL, "Sinch"), address=ADDRESS)
    assert snap_compare(app, run_before=pressing(settle), terminal_size=size)


@SIZES
def test_webhooks_that_wait_for_a_call(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    app = console_app(fill=at_step(Step.CREDENTIAL, "Infobip"), address=ADDRESS)
    assert snap_compare(app, run_before=pressing(settle, "f7"), terminal_size=size)


@pytest.mark.parametrize(
    "key", ["enter", "a", "x"], ids={"enter": "task", "a": "actions", "x": "export"}.get
)
def test_dialog(snap_compare: Any, console_app: ConsoleApp, settle: Settle, key: str) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await start(pilot, settle)
        await pilot.press(key)
        await until(pilot, lambda: isinstance(pilot.app.screen, Dialog))

    app = console_app(fill=reviewed, address=ADDRESS)
    assert snap_compare(app, run_before=before, terminal_size=(80, 24))
