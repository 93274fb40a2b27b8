from __future__ import annotations

from textual.widgets import Static

from screens.event_list import EventListPage
from screens.widgets.detail_lines import DetailLines
from screens.widgets.record_table import RecordTable
from smstui.store import Store
from smstui.store.webhook_records import NewEvent
from tests.screens.conftest import ConsoleApp, Settle
from tests.store.webhook_kit import keep, webhook

STOP = NewEvent(kind="inbound", word="opt-out", sender="+393331234567", text="STOP [/x]", key="1")
REFUSED = NewEvent(
    kind="refused", result="failed", word="bad signature", reason="The signature is wrong."
)


def fill(store: Store) -> None:
    one = store.webhooks.add(webhook("replies")).id
    other = store.webhooks.add(webhook("reports")).id
    keep(store, one, STOP)
    keep(store, other, REFUSED)
    store.events.repeat(one, "1", store.events.get(1).call.at)


def told(app: object) -> str:
    from smstui.app import SmstuiApp

    assert isinstance(app, SmstuiApp)
    lines = app.screen.query_one(DetailLines)
    return "\n".join(lines.render_line(y).text for y in range(lines.size.height))


async def test_all_events_are_listed_with_why_one_was_refused(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="webhooks/+events")
    async with app.run_test() as pilot:
        await settle(pilot)
        table = app.screen.query_one(RecordTable)
        rows = [table.render_line(y).text for y in (1, 2)]
        assert "✗ bad signature" in rows[0]
        assert "· opt-out ×2" in rows[1]
        assert "STOP [/x]" in rows[1]
        assert "The signature is wrong." in told(app)


async def test_the_events_of_one_webhook_come_in_while_one_looks(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="webhooks/+events/replies")
    async with app.run_test() as pilot:
        await settle(pilot)
        page = app.screen.query_one(EventListPage)
        count = app.screen.query_one(".list-count", Static)
        assert str(count.render()) == "1 event"
        page._look()
        await settle(pilot)
        await app.context.session.call(lambda store: keep(store, 1, NewEvent(kind="inbound")))
        page._look()
        await settle(pilot)
        assert str(count.render()) == "2 events"
        assert page.table.current_id == 1, "the cursor stays on its record"
