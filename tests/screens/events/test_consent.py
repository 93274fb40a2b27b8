"""The consent ledger."""

from __future__ import annotations

from screens.consent_history import ConsentHistoryScreen
from screens.event import EventScreen
from screens.widgets.record_table import RecordTable
from smstui.store import Store
from tests.conftest import NOW
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.events.kit import count_of, fill, rows_of, strip_of
from tests.screens.kit import text, told


def numbers(rows: list[str]) -> list[str]:
    return [row[1:].split()[0] for row in rows]


async def test_the_ledger_tells_how_each_number_stands(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="consent")
    async with app.run_test() as pilot:
        await settle(pilot)
        rows = [" ".join(row[1:].split()) for row in rows_of(app)]
        assert rows == [
            "+393331234567 +15005550006 ✗ opted out 2 min ago STOP",
            "+14155550123 +15005550006 … asked to confirm 20 h ago ALERTS",
        ]
        assert count_of(app) == "2 entries"
        assert "! STOP blocks every later message of this sender" in strip_of(app)
        await pilot.press("down")
        await settle(pilot)
        assert "by ALERTS, through twilio-replies" in strip_of(app)


async def test_it_is_sorted_and_filtered(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(fill=fill, address="consent")
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        assert numbers(rows_of(app)) == ["+14155550123", "+393331234567"]
        await pilot.press("S")
        await settle(pilot)
        assert numbers(rows_of(app)) == ["+393331234567", "+14155550123"]
        await pilot.press("slash", *"alerts", "enter")
        await settle(pilot)
        assert numbers(rows_of(app)) == ["+14155550123"]
        assert count_of(app) == "1 of 2"


async def test_the_history_leads_to_the_events_as_long_as_they_are_kept(
    console_app: ConsoleApp, settle: Settle
) -> None:
    def pruned(store: Store) -> None:
        fill(store)
        store.events.prune(NOW.replace(day=22))

    app = console_app(fill=pruned, address="consent")
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, ConsentHistoryScreen)
        said = text(app)
        assert "+393331234567 is opted out of +15005550006. By STOP" in said
        table = app.screen.query_one(RecordTable)
        assert "✗ opted out" in table.render_line(1).text
        assert "– pruned" in table.render_line(2).text
        await pilot.press("down", "enter")
        await settle(pilot)
        assert told(app)[-1] == "This event was removed by its age; the change stays."
        await pilot.press("up", "enter")
        await settle(pilot)
        assert isinstance(app.screen, EventScreen)
        assert "“Stop”" in text(app)
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert count_of(app) == "2 entries"
