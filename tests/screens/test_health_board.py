"""The health board: asked for, live, stopped, kept; and how it looks."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from textual.pilot import Pilot
from textual.widgets import Input

from screens.health_board import HealthBoardPage
from screens.shell import ShellScreen
from screens.verify import VerifyScreen
from screens.verify_run import Pace
from screens.widgets.detail_lines import DetailLines
from smstui.app import SmstuiApp
from smstui.credentials import new_credential
from smstui.store import Store
from smstui.store.records import NewCredential
from smstui.verify import board
from tests.conftest import NOW, PASSPHRASE
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.credential_list.records import verify as keep_run
from tests.screens.verify.kit import everything, text, until, unwanted

ADDRESS = "credentials/+health"
TOKEN = "0123456789abcdef0123456789abcdef"
NAMES = ("acme-otp", "billing", "marketing-emea", "support-desk", "twilio-main", "twilio-old")
REFUSED = ("marketing-emea", "twilio-old")
SIZES = {"60x20": (60, 20), "80x24": (80, 24), "120x40": (120, 40)}


def sid(name: str) -> str:
    return f"AC{name.encode().hex():0>32.32}"


def record(name: str) -> NewCredential:
    return new_credential(
        "Twilio",
        {
            "name": name,
            "account_sid": sid(name),
            "auth_token": SecretStr(TOKEN),
            "inbound_number": "+15005550006",
        },
    )


RECORDS = [record(name) for name in NAMES]


class Vendor:
    """Answers as Twilio would, once it may; some logins are refused."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.free_answers = 10_000
        self.asked: list[str] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        login = request.headers["Authorization"].partition(" ")[2]
        account = base64.b64decode(login).decode().partition(":")[0]
        self.asked.append(account)
        if self.free_answers:
            self.free_answers -= 1
        else:
            await self.may_answer.wait()
        if account in map(sid, REFUSED):
            return httpx.Response(401, json={"code": 20003, "message": "Authenticate"})
        if "IncomingPhoneNumbers" in request.url.path:
            numbers = [{"phone_number": "+15005550006", "capabilities": {"sms": True}}]
            return httpx.Response(200, json={"incoming_phone_numbers": numbers})
        told = {"sid": account, "status": "active", "type": "Full", "friendly_name": "Acme"}
        return httpx.Response(200, json=told)

    def hold(self, after: int = 0) -> None:
        """Answer this often, and then no more until `may_answer` is set."""
        self.may_answer.clear()
        self.free_answers = after


@pytest.fixture
def vendor() -> Vendor:
    return Vendor()


BuildApp = Callable[..., SmstuiApp]


@pytest.fixture
def health_app(
    console_app: ConsoleApp, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> BuildApp:
    """The application at its health board, with six credentials; hosts need no pause."""
    monkeypatch.setattr(board, "PAUSE", 0.0)

    def build(records: Any = RECORDS, address: str = ADDRESS, **settings: Any) -> SmstuiApp:
        transport = httpx.MockTransport(vendor)
        settings = {"http_client": lambda: httpx.AsyncClient(transport=transport), **settings}
        return console_app(records, address, **settings)

    return build


def page_of(app: SmstuiApp) -> HealthBoardPage:
    shell = next(screen for screen in app.screen_stack if isinstance(screen, ShellScreen))
    return shell.query_one(HealthBoardPage)


async def opened(pilot: Pilot[Any], settle: Settle) -> HealthBoardPage:
    """Wait for the board; no verification takes any time on it."""
    await settle(pilot)
    page = page_of(pilot.app)  # type: ignore[arg-type]  # a pilot does not know its application
    page.pace = Pace(monotonic=lambda: 0.0)
    return page


def rows(page: HealthBoardPage) -> dict[str, str]:
    """Name and result of the rows in sight, in their order."""
    table = page.table
    drawn = [table.render_line(y + 1).text[1:] for y in range(min(table.total, table.page_rows))]
    cells = [[part for part in line.split("  ") if part.strip()] for line in drawn]
    return {line[0].strip(): line[2].strip() for line in cells}


def status(page: HealthBoardPage) -> str:
    return str(page.query_one("#health-status").render())


def detail(page: HealthBoardPage) -> str:
    lines = page.query_one(DetailLines)
    return "\n".join(lines.render_line(y).text.rstrip() for y in range(lines.size.height))


async def status_is(pilot: Pilot[Any], page: HealthBoardPage, said: str) -> None:
    await until(pilot, lambda: said in status(page))


async def from_store(app: SmstuiApp, read: Callable[[Store], Any]) -> Any:
    return await app.context.session.call(read)


async def test_it_opens_from_the_list_and_asks_nobody_by_itself(
    health_app: BuildApp, vendor: Vendor, settle: Settle
) -> None:
    app = health_app(address="credentials")
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        assert "API Credentials › Health" in text(pilot)
        page = page_of(app)
        assert page.table.has_focus
        assert status(page) == "6 credentials · 6 never verified"
        assert set(rows(page).values()) == {"– never"}
        assert detail(page).startswith("acme-otp\nNever verified.")
        assert vendor.asked == []
        await pilot.press("escape")
        await settle(pilot)
        assert page.shell.address == "credentials"


async def test_all_are_probed_kept_and_put_in_order(
    health_app: BuildApp, vendor: Vendor, settle: Settle
) -> None:
    app = health_app()
    async with app.run_test(notifications=True) as pilot:
        page = await opened(pilot, settle)
        await pilot.press("p")
        await status_is(pilot, page, "probed 6 of 6 · 2 failed · in 0 s")
        await settle(pilot)
        assert list(rows(page)) == [*REFUSED, "acme-otp", "billing", "support-desk", "twilio-main"]
        assert [*rows(page).values()][:3] == ["✗ token refused"] * 2 + ["✓ token accepted"]
        stored = await from_store(app, lambda s: s.credentials.rows(range(1, 7)))
        kept = {row.name: row.verified_result for row in stored}
        assert kept == {name: "failed" if name in REFUSED else "passed" for name in NAMES}
        await pilot.press("home")
        await settle(pilot)
        assert "✗ authenticate: refused (20003)" in detail(page)
        assert "Copy both again" in detail(page)
        assert TOKEN not in everything(pilot)
        await pilot.press("f5")
        await settle(pilot)
        assert status(page).startswith("probed 6 of 6")


async def test_a_run_is_live_and_stops_after_those_under_way(
    health_app: BuildApp, vendor: Vendor, settle: Settle
) -> None:
    app = health_app()
    vendor.hold(after=3)
    async with app.run_test(notifications=True) as pilot:
        page = await opened(pilot, settle)
        await pilot.press("p")
        await status_is(pilot, page, "probing 1 of 6 · 0 failed · since 0 s")
        await until(pilot, lambda: [*rows(page).values()].count("… asking") == 2)
        assert "✓ token accepted" in rows(page).values()
        assert "Esc Stop" in text(pilot)
        await pilot.press("p", "c")
        assert "A run goes on. Esc ends it." in text(pilot)
        await pilot.press("escape")
        assert status(page).startswith("stopping: 1 of 6")
        vendor.may_answer.set()
        await status_is(pilot, page, "stopped: 3 of 6 · 1 failed · in 0 s")
        await settle(pilot)
        assert [*rows(page).values()].count("– never") == 3
        assert "Esc Back" in text(pilot)
        await pilot.press("p")
        await status_is(pilot, page, "probed 6 of 6")


async def test_escape_twice_ends_what_is_under_way(
    health_app: BuildApp, vendor: Vendor, settle: Settle
) -> None:
    app = health_app()
    vendor.hold()
    async with app.run_test() as pilot:
        page = await opened(pilot, settle)
        await pilot.press("p")
        await until(pilot, lambda: "… asking" in rows(page).values())
        await pilot.press("escape", "escape")
        await status_is(pilot, page, "stopped: 0 of 6")
        await settle(pilot)
        assert set(rows(page).values()) == {"– never"}
        assert await from_store(app, lambda s: s.verifications.history(1)) == []


async def test_a_check_asks_nobody_and_tells_what_no_longer_fits(
    health_app: BuildApp, settle: Settle
) -> None:
    unfit = NewCredential("Twilio", "former", {"account_sid": "AC1"}, {})
    transport = httpx.MockTransport(unwanted)
    app = health_app([*RECORDS, unfit], http_client=lambda: httpx.AsyncClient(transport=transport))
    async with app.run_test() as pilot:
        page = await opened(pilot, settle)
        await pilot.press("c")
        await status_is(pilot, page, "checked 7 of 7 · 1 failed")
        await settle(pilot)
        assert next(iter(rows(page).items())) == ("former", "✗ to be mended")
        await pilot.press("home")
        await settle(pilot)
        assert "✗ shape: Some fields need attention" in detail(page)
        assert "Edit the credential, then verify again." in detail(page)


async def test_sorted_by_name_and_back_the_cursor_keeps_its_record(
    health_app: BuildApp, settle: Settle
) -> None:
    app = health_app(fill=lambda store: keep_results(store, "twilio-main"))
    async with app.run_test() as pilot:
        page = await opened(pilot, settle)
        assert next(iter(rows(page))) == "twilio-main"
        assert status(page) == "6 credentials · 1 failed · 5 never verified"
        await pilot.press("s")
        await settle(pilot)
        assert tuple(rows(page)) == NAMES
        assert page.table.cursor == NAMES.index("twilio-main")
        await pilot.press("s")
        await settle(pilot)
        assert (next(iter(rows(page))), page.table.cursor) == ("twilio-main", 0)


def keep_results(store: Store, *failed: str) -> None:
    for name in failed:
        store.verifications.add(
            store.credentials.by_name(name).id,
            depth="probe", result="failed", word="token refused", seconds=0.2, to="",
            message_id="", record={},
        )  # fmt: skip


async def test_an_empty_board_says_how_to_begin(health_app: BuildApp, settle: Settle) -> None:
    app = health_app([])
    async with app.run_test(notifications=True) as pilot:
        page = await opened(pilot, settle)
        for key in ("p", "c", "v", "e", "s", "enter", "f5", "down", "end"):
            await pilot.press(key)
            await settle(pilot)
        assert status(page) == "0 credentials"
        assert "No credentials yet." in text(pilot)
        notes = {note.message for note in app._notifications}
        assert notes == {"No credentials yet. Esc goes back to their list, where n creates one."}


async def test_one_deleted_meanwhile_does_not_count(
    health_app: BuildApp, vendor: Vendor, settle: Settle
) -> None:
    app = health_app()
    vendor.hold()
    async with app.run_test() as pilot:
        page = await opened(pilot, settle)
        await pilot.press("p")
        await until(pilot, lambda: "… asking" in rows(page).values())
        for key in (1, 6):  # one under way, one not read yet
            await from_store(app, lambda store, key=key: store.credentials.delete(key))  # type: ignore[misc]  # a lambda with a default
        vendor.may_answer.set()
        await status_is(pilot, page, "probed ")
        await settle(pilot)
        assert "probed 4 of 4 · 1 failed" in status(page)
        assert len(rows(page)) == 4


async def test_it_goes_on_while_one_is_elsewhere(
    health_app: BuildApp, vendor: Vendor, settle: Settle
) -> None:
    app = health_app()
    vendor.hold()
    async with app.run_test() as pilot:
        page = await opened(pilot, settle)
        await pilot.press("p")
        await until(pilot, lambda: "… asking" in rows(page).values())
        page.shell.navigate("credentials")
        await until(pilot, lambda: page.shell.address == "credentials")
        vendor.may_answer.set()
        await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        assert page_of(app) is page
        assert status(page) == "6 credentials · 2 failed"


async def test_locking_ends_a_run_without_harm(
    health_app: BuildApp, vendor: Vendor, settle: Settle
) -> None:
    app = health_app()
    vendor.hold(after=3)
    async with app.run_test() as pilot:
        page = await opened(pilot, settle)
        await pilot.press("p")
        await status_is(pilot, page, "probing 1 of 6")
        await pilot.press("ctrl+l")
        vendor.may_answer.set()
        await until(pilot, lambda: not page._is_running)
        assert "stopped: 1 of 6" in status(page)
        await until(pilot, lambda: "Locked." in text(pilot))
        app.screen.query_one(Input).value = PASSPHRASE.get_secret_value()
        await pilot.press("enter")
        await until(pilot, lambda: "stopped: 1 of 6" in text(pilot))
        await pilot.press("p")
        await status_is(pilot, page, "probed 6 of 6")


@pytest.mark.parametrize("key", ["enter", "v"])
async def test_a_credential_is_verified_by_itself_from_here(
    health_app: BuildApp, settle: Settle, key: str
) -> None:
    app = health_app()
    async with app.run_test() as pilot:
        page = await opened(pilot, settle)
        await pilot.press("p")
        await status_is(pilot, page, "probed 6 of 6")
        await settle(pilot)
        await pilot.press("home", key)
        await until(pilot, lambda: isinstance(app.screen, VerifyScreen))
        first = next(iter(rows(page)))
        keep_run(app.context.store_path, NOW, (first, "send", "passed", "delivered"))
        await pilot.press("escape")
        await until(pilot, lambda: "✓ delivered" in rows(page).values())
        assert rows(page)[first] == "✓ delivered"


async def test_a_credential_is_edited_from_here(health_app: BuildApp, settle: Settle) -> None:
    app = health_app()
    async with app.run_test() as pilot:
        page = await opened(pilot, settle)
        await pilot.press("down", "e")
        await settle(pilot)
        assert page.shell.address == "credentials/billing"
        await pilot.press("escape")
        await settle(pilot)
        assert page.shell.address == ADDRESS


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_before_a_run(
    snap_compare: Any, health_app: BuildApp, settle: Settle, size: tuple[int, int]
) -> None:
    app = health_app(fill=lambda store: keep_results(store, "twilio-main"))
    assert snap_compare(app, run_before=settle, terminal_size=size)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_while_it_runs(
    snap_compare: Any,
    health_app: BuildApp,
    vendor: Vendor,
    settle: Settle,
    size: tuple[int, int],
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        vendor.hold(after=5)
        page = await opened(pilot, settle)
        await pilot.press("p")
        await status_is(pilot, page, "probing 3 of 6")
        await until(pilot, lambda: [*rows(page).values()].count("… asking") == 2)

    assert snap_compare(health_app(), run_before=before, terminal_size=size)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_after_a_run(
    snap_compare: Any, health_app: BuildApp, settle: Settle, size: tuple[int, int]
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        page = await opened(pilot, settle)
        await pilot.press("p")
        await status_is(pilot, page, "probed 6 of 6")
        await settle(pilot)
        await pilot.press("home")
        await settle(pilot)

    assert snap_compare(health_app(), run_before=before, terminal_size=size)


def test_nothing_to_verify(snap_compare: Any, health_app: BuildApp, settle: Settle) -> None:
    assert snap_compare(health_app([]), run_before=settle, terminal_size=(80, 24))
