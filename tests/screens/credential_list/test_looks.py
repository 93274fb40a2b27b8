"""What the list looks like."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.conftest import MakeStore
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.credential_list.reading import (
    type_filter,
    until_dialog,
)
from tests.screens.credential_list.records import ODD, twilio

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_filled_list(
    snap_compare: Any, console_app: ConsoleApp, filled: Path, settle: Settle, size: tuple[int, int]
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await pilot.press(*["down"] * 8)
        await settle(pilot)

    assert snap_compare(console_app(path=filled), run_before=before, terminal_size=size)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_filtered_list(
    snap_compare: Any, console_app: ConsoleApp, filled: Path, settle: Settle, size: tuple[int, int]
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await type_filter(pilot, settle, "twilio-")

    assert snap_compare(console_app(path=filled), run_before=before, terminal_size=size)


def test_no_match(snap_compare: Any, console_app: ConsoleApp, filled: Path, settle: Settle) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await type_filter(pilot, settle, "xyz")

    assert snap_compare(console_app(path=filled), run_before=before, terminal_size=(80, 24))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_empty_list(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    assert snap_compare(console_app(), run_before=settle, terminal_size=size)


def test_narrow_list(
    snap_compare: Any, console_app: ConsoleApp, filled: Path, settle: Settle
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await type_filter(pilot, settle, "twilio-")
        await pilot.press("down", "down")
        await settle(pilot)

    assert snap_compare(console_app(path=filled), run_before=before, terminal_size=(60, 20))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_odd_names(
    snap_compare: Any,
    console_app: ConsoleApp,
    make_store: MakeStore,
    settle: Settle,
    size: tuple[int, int],
) -> None:
    path = make_store([twilio(name, number) for number, name in enumerate(ODD)])

    async def before(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await pilot.press("down", "down", "down")
        await settle(pilot)

    assert snap_compare(console_app(path=path), run_before=before, terminal_size=size)


def test_delete_dialog(
    snap_compare: Any, console_app: ConsoleApp, filled: Path, settle: Settle
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await pilot.press("d")
        await until_dialog(pilot)

    assert snap_compare(console_app(path=filled), run_before=before, terminal_size=(80, 24))
