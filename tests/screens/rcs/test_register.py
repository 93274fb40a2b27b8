"""The registration: tasks by hand, errands over HTTP, pictures, the exported profile."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from screens.rcs_actions import ActionsDialog
from screens.rcs_checklist import Checklist
from smstui.providers.fields import text_of
from smstui.rcs.base import Step, TaskState
from smstui.simulator.server import Simulator
from smstui.store import Store
from tests.conftest import NOW
from tests.rcs.set_ups import TOKEN
from tests.rcs.test_images import png
from tests.rcs.world import OWN
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.kit import start
from tests.screens.rcs.wizard_kit import (
    ADDRESS,
    at,
    at_step,
    filled,
    page,
    pane,
    shown,
    text,
    type_into,
    until,
    until_kept,
)
from tests.screens.verify.kit import SHOWN_HOST
from tests.simulator.conftest import HandClock

LOGO = png(224, 224)


def new_sender(simulator: Simulator) -> Callable[[Store], None]:
    """Return what puts a set-up into a store whose account has no sender yet."""
    wanted = ("Twilio", "live, RCS new")
    account = next(a for a in simulator.accounts if (a.vendor, a.label) == wanted)
    document = filled()
    specs = document.specs(Step.REGISTER)
    login = {
        key: SecretStr(value) if specs[key].is_secret else value
        for key, value in account.fields.items()
        if key in specs
    }
    login |= {"api_host": f"http://{SHOWN_HOST}", "sender_sid": "", "messaging_service_sid": ""}
    document = document.typed(Step.REGISTER, {**login, **OWN["Twilio"]})

    def put(store: Store) -> None:
        at(store, Step.REGISTER, document=document)

    return put


async def test_the_provider_is_asked_and_does_what_its_api_allows(
    console_app: ConsoleApp,
    settle: Settle,
    simulator: Simulator,
    hand_clock: HandClock,
    http_client: Callable[[], httpx.AsyncClient],
) -> None:
    app = console_app(fill=new_sender(simulator), address=ADDRESS, http_client=http_client)
    async with app.run_test(size=(100, 40)) as pilot:
        await start(pilot, settle)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, ActionsDialog))
        assert "In the provider's console: Create the sender" in text(pilot)
        await pilot.press("down", "down", "enter")
        await shown(pilot, "expect a refusal")
        await pilot.press("y")
        await shown(pilot, "CREATING: Twilio is still making it")
        await shown(pilot, "Waiting for Twilio since 23 Nov (today)")
        # What was learned is a field of the profile, and kept.
        await until_kept(pilot, lambda d: text_of(d.register["sender_sid"]).startswith("XE"))
        await pilot.press("f4")
        await shown(pilot, text_of(page(pilot).base.register["sender_sid"]))
        await pilot.press("f4", "a", "enter")
        await shown(pilot, "This makes a Messaging Service")
        await pilot.press("ctrl+s")
        await shown(pilot, "✓ Create a Messaging Service: service created")
        hand_clock.advance(60)
        await pilot.press("s")
        await shown(pilot, "Status of 23 Nov 10:00 UTC")
        assert "    ✗ REJECTED  WindTre" in pane(pilot)
        assert page(pilot).base.notes["carriers"].state is TaskState.DONE
        # To another task: its help comes first again, the status stays below it.
        await pilot.press("down")
        await until(pilot, lambda: pane(pilot).startswith("Create the sender, in the provider's"))
        assert "WindTre" in pane(pilot)


class NoAnswer(httpx.AsyncBaseTransport):
    """Never answers."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError


async def test_waiting_is_told_and_can_be_ended(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(
        fill=at_step(Step.REGISTER),
        address=ADDRESS,
        http_client=lambda: httpx.AsyncClient(transport=NoAnswer()),
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await start_without_workers(pilot)
        await pilot.press("s")
        await shown(pilot, "… Asking Twilio since 10:00:00. Esc ends it.")
        assert "Esc Stop" in text(pilot)
        await pilot.press("escape")
        await shown(pilot, "Stopped. It may have been done all the same")
        assert page(pilot).query_one(Checklist).under_way is None
        assert "Esc Leave" in text(pilot)


async def start_without_workers(pilot: Any) -> None:
    """Wait until the place is there."""
    await until(pilot, lambda: "Checklist" in text(pilot))


async def test_a_task_is_told_by_hand_and_the_profile_exported(
    console_app: ConsoleApp, settle: Settle, home: Path
) -> None:
    app = console_app(fill=at_step(Step.REGISTER), address=ADDRESS)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await start(pilot, settle)
        await pilot.press("down", "enter")
        await shown(pilot, "Under way: asked for")
        await pilot.press("tab", "tab", *"half a note", "escape")
        await shown(pilot, "What you typed here is not saved yet.")
        await pilot.press("n")
        await shown(pilot, "half a note")
        await pilot.press("escape")
        await shown(pilot, "What you typed here is not saved yet.")
        await pilot.press("y")
        await settle(pilot)
        await pilot.press("enter")
        await shown(pilot, "Under way: asked for")
        await pilot.press("enter", "down", "enter", "tab", *"2026-11-31", "tab")
        await shown(pilot, "Write a date like 2026-11-23")
        await pilot.press("shift+tab", *["backspace"] * 10, *"2026-11-09", "tab", *"4711")
        await pilot.press("ctrl+s")
        await shown(pilot, "Waiting for Twilio since 9 Nov (14 days)")
        await until_kept(pilot, lambda d: "sender" in d.notes and d.notes["sender"].note == "4711")
        # The list tells it, too.
        row = await app.context.session.call(lambda store: store.rcs_setups.rows([1])[0])
        assert (row.waiting_for, row.waiting_since) == (
            "Twilio",
            NOW.replace(day=9, hour=0),
        )
        await pilot.press("x", "ctrl+s")
        await shown(pilot, "The profile was written to ~/acme-brand-rcs.md")
        await pilot.press("x", "ctrl+s")
        await shown(pilot, "exists already. Choose another name.")
        await pilot.press("enter", "down", "enter", "ctrl+s")
        await shown(pilot, "acme-brand-rcs.json")
        written = (home / "acme-brand-rcs.md").read_text()
        document = json.loads((home / "acme-brand-rcs.json").read_text())
    assert "News and offers of Acme" in written
    assert document["checklist"][1]["note"] == "4711"
    assert TOKEN not in written + json.dumps(document)


async def test_pictures_are_looked_at_on_request(
    console_app: ConsoleApp, settle: Settle, home: Path
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=LOGO)

    app = console_app(
        fill=lambda store: with_pictures(store, str(home / "banner.png")),
        address=ADDRESS,
        http_client=lambda: httpx.AsyncClient(transport=httpx.MockTransport(answer)),
    )
    async with app.run_test(size=(100, 60)) as pilot:
        await start(pilot, settle)
        await pilot.press("f4", "f5")
        await shown(pilot, "✓ fits: PNG, 224×224")
        await shown(pilot, "✗ no picture: There is no such file on this machine.")
        (home / "banner.png").write_bytes(png(1140, 448))
        await type_into(pilot, "color", "")
        await pilot.press("f5")
        await shown(pilot, "! doubtful: PNG, 1140×448")


def with_pictures(store: Store, banner: str) -> None:
    """Put a set-up into a store whose banner is a file."""
    document = filled().typed(Step.REGISTER, {"banner": banner})
    at(store, Step.REGISTER, document=document)
