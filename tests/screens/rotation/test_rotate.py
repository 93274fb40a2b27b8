"""Rotating a secret by keyboard, against the simulator over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import SecretStr
from textual.pilot import Pilot

from screens.confirm import ConfirmDialog
from screens.rotate import RotateScreen
from screens.rotate_stage import StageDialog
from screens.widgets.detail_lines import DetailLines
from screens.widgets.record_table import RecordTable
from screens.widgets.step_strip import StepStrip
from smstui.app import SmstuiApp
from smstui.rotation import members_of, promote, stage
from smstui.simulator.server import Simulator
from smstui.store import Store
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.credential_list.reading import until_dialog
from tests.screens.events.kit import strip_of
from tests.screens.events.test_looks import presses
from tests.screens.kit import shell, text, told
from tests.screens.sizes import SIZES
from tests.test_rotation import account, saved, second_token

WRONG = "f" * 32


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """A running simulator."""
    with Simulator(seed="rotation") as simulator:
        yield simulator


@pytest.fixture
def fill(simulator: Simulator) -> Callable[[Store], None]:
    """Fills a store with three credentials of the live account, one of them outdated."""

    def fill(store: Store) -> None:
        info = account(simulator, "Twilio", "live, number only")
        saved(store, info, "main")
        saved(store, info, "new")
        saved(store, info, "outdated", {"auth_token": "0" * 32})

    return fill


def rows(app: SmstuiApp) -> list[str]:
    """The lines of the list, without the cursor's mark."""
    table = app.screen.query_one(RecordTable)
    lines = (table.render_line(y).text[1:] for y in range(1, table.total + 1))
    return [" ".join(line.split()) for line in lines]


def detail(app: SmstuiApp) -> str:
    lines = app.screen.query_one(DetailLines)
    return " ".join(" ".join(lines.render_line(y).text for y in range(lines.size.height)).split())


def steps(app: SmstuiApp) -> str:
    return app.screen.query_one(StepStrip).render().plain


async def token_of(app: SmstuiApp, name: str) -> Any:
    return await app.context.session.call(
        lambda store: store.credentials.by_name(name).secrets["auth_token"]
    )


async def stage_it(pilot: Pilot[Any], settle: Settle, secret: str) -> None:
    await pilot.press("s")
    await settle(pilot)
    assert isinstance(pilot.app.screen, StageDialog)
    await pilot.press(*secret)
    assert secret not in text(pilot.app)
    await pilot.press("ctrl+s")
    await settle(pilot)
    await settle(pilot)


async def test_a_secret_is_staged_verified_promoted_and_rolled_back(
    console_app: ConsoleApp, settle: Settle, simulator: Simulator, fill: Callable[[Store], None]
) -> None:
    new = second_token(simulator)
    app = console_app(fill=fill)
    async with app.run_test() as pilot:
        await settle(pilot)
        old = await token_of(app, "main")
        await pilot.press("r")
        await settle(pilot)
        assert isinstance(app.screen, RotateScreen)
        assert rows(app) == [
            "[x] main main this secret – nothing staged",
            "[x] new main this secret – nothing staged",
            "[ ] outdated main another one – nothing staged",
        ]
        assert steps(app).startswith("● Stage ─ ○ Verify")

        await stage_it(pilot, settle, WRONG)
        assert rows(app)[0] == "[x] main main this secret … staged, not verified"
        assert "staged by ada, just now: Auth Token: set, ends in ffff" in detail(app)
        await pilot.press("v")
        await settle(pilot)
        assert rows(app)[:2] == [
            "[x] main main this secret ✗ staged, does not work",
            "[x] new main this secret ✗ staged, does not work",
        ]
        assert "20003" in detail(app)
        await pilot.press("p")
        await until_dialog(pilot)
        assert "Not seen to work: the staged secret of main, new." in " ".join(text(app).split())
        await pilot.press("n")
        await settle(pilot)
        assert await token_of(app, "main") == old

        await stage_it(pilot, settle, new.get_secret_value())
        await pilot.press("v")
        await settle(pilot)
        assert steps(app).startswith("✓ Stage ─ ✓ Verify ─ ● Promote")
        assert "account Acme Retail: active" in detail(app)
        assert await token_of(app, "main") == old
        await pilot.press("p")
        await settle(pilot)
        assert rows(app)[:2] == [
            "[x] main main this secret ✓ promoted, old one kept",
            "[x] new main this secret ✓ promoted, old one kept",
        ]
        assert await token_of(app, "main") == await token_of(app, "new") == new
        await pilot.press("b")
        await settle(pilot)
        assert await token_of(app, "main") == old
        await pilot.press("d")
        dialog = await until_dialog(pilot)
        assert isinstance(dialog, ConfirmDialog)
        assert "Discard the staged secret of main, new?" in text(app)
        await pilot.press("y")
        await settle(pilot)
        assert rows(app)[0].endswith("– nothing staged")
        assert not told(app)
    assert WRONG not in repr(app)


async def test_only_what_is_ticked_takes_part(
    console_app: ConsoleApp, settle: Settle, simulator: Simulator, fill: Callable[[Store], None]
) -> None:
    app = console_app(fill=fill, address="credentials/main")
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("f8")
        await settle(pilot)
        await pilot.press("down", "space", "down", "space")
        await settle(pilot)
        assert [row[:3] for row in rows(app)] == ["[x]", "[ ]", "[x]"]
        await stage_it(pilot, settle, second_token(simulator).get_secret_value())
        assert "nothing staged" in rows(app)[1]
        await pilot.press("v")
        await settle(pilot)
        assert "✓ staged and verified" in rows(app)[2]
        await pilot.press("p")
        await settle(pilot)
        assert "this secret ✓ promoted" in rows(app)[1]  # The outdated one holds the same now.
        await pilot.press("escape")
        await settle(pilot)
        assert shell(app).address == "credentials/main"
        said = " ".join(text(app).split())
        assert "! outdated holds the same secret. Rotate both together." in said


async def test_what_somebody_else_did_meanwhile_is_told(
    console_app: ConsoleApp, settle: Settle, simulator: Simulator, fill: Callable[[Store], None]
) -> None:
    def other(store: Store) -> None:
        members = members_of(store, store.credentials.by_name("main"))[:1]
        promote(store, stage(store, members, {"auth_token": SecretStr(WRONG)}), unproven=True)

    app = console_app(fill=fill)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        await app.context.session.call(other)
        await pilot.press("s")
        await settle(pilot)
        await pilot.press(*WRONG, "ctrl+s")
        await settle(pilot)
        assert "main was changed by ada meanwhile; nothing was done." in " ".join(text(app).split())
        await pilot.press("escape")
        async with asyncio.timeout(5):
            while not isinstance(app.screen, ConfirmDialog):
                await pilot.pause()
        await pilot.press("y")
        await settle(pilot)
        await settle(pilot)
        assert "promoted, old one kept" in rows(app)[0]
        await pilot.press("escape")
        await settle(pilot)
        assert "✓ promoted" in strip_of(app)


@SIZES
def test_a_verified_secret(
    snap_compare: Any,
    console_app: ConsoleApp,
    settle: Settle,
    simulator: Simulator,
    fill: Callable[[Store], None],
    size: tuple[int, int],
) -> None:
    def staged(store: Store) -> None:
        fill(store)
        members = [m for m in members_of(store, store.credentials.by_name("main")) if m.is_same]
        stage(store, members, {"auth_token": second_token(simulator)})

    app = console_app(fill=staged)
    assert snap_compare(app, run_before=presses(settle, "r", "v"), terminal_size=size)


def test_the_form(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, fill: Callable[[Store], None]
) -> None:
    app = console_app(fill=fill)
    assert snap_compare(app, run_before=presses(settle, "r", "s"), terminal_size=(80, 24))
