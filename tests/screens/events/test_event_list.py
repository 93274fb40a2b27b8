"""The list of events: what it shows, and how it goes on by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from screens.event import EventScreen
from screens.event_list import EventListPage
from screens.widgets.record_table import BLOCK, RecordTable
from smstui.store import Store
from smstui.store.events import Events
from smstui.store.records import Actor
from smstui.store.webhook_records import EventQuery
from tests.conftest import NOW, PASSPHRASE
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.events.kit import (
    PEOPLE,
    count_of,
    event_of,
    fill,
    keep,
    page_of,
    rows_of,
    strip_of,
)
from tests.screens.kit import told
from tests.webhooks.stage import copy_newest_event


def from_elsewhere(path: Path, *texts: str, webhook: str = "twilio-replies") -> None:
    """Let texts come in as another process receives them."""
    with Store.open(path, PASSPHRASE, actor=Actor("grace"), clock=lambda: NOW) as store:
        webhook_id = store.webhooks.by_name(webhook).id
        for text in texts:
            keep(store, webhook_id, event_of(kind="inbound", word="no keyword", text=text))


async def look(pilot: Pilot[Any], settle: Settle) -> None:
    """Let the page look, as its timer does."""
    await settle(pilot)
    page_of(pilot.app).look()
    await settle(pilot)


async def test_what_came_in_is_listed_newest_first(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(fill=fill, address="events")
    async with app.run_test() as pilot:
        await settle(pilot)
        rows = [" ".join(row[1:].split()) for row in rows_of(app)]
        assert rows == [
            "09:58:00 · opt-out +393331234567 +15005550006 Stop",
            "09:56:00 ✗ bad signature – –",
            "09:54:00 · typing – –",
            "09:51:00 ✗ undelivered +15005550006 +393471234502 30003",
            "09:48:00 ✓ delivered ×3 +15005550006 +393331234567",
            "09:29:00 ! near miss +393331234567 +15005550006 stopp it please",
            "09:20:00 · help +393331234567 +15005550006 help",
            "2026-11-22 · double opt-in +14155550123 +15005550006 ALERTS",
            "2026-11-20 · opt-in +393331234567 +15005550006 START",
        ]
        assert count_of(app) == "9 events, following"
        assert "STOP is a keyword of Opt-Out." in strip_of(app)
        await pilot.press("down")
        await settle(pilot)
        assert strip_of(app).startswith("bad signature   refused, twilio-replies, 4 min ago")
        assert count_of(app) == "9 events, live"


async def test_new_events_come_in_and_the_cursor_follows_only_from_the_first_row(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="events")
    path = app.context.store_path
    async with app.run_test() as pilot:
        await settle(pilot)
        from_elsewhere(path, "one")
        await look(pilot, settle)
        table = page_of(app).table
        assert "one" in rows_of(app)[0]
        assert table.cursor == 0
        assert count_of(app) == "10 events, following"

        await pilot.press("down")
        stands_on = table.current_id
        from_elsewhere(path, "two", "three")
        await look(pilot, settle)
        assert table.current_id == stands_on
        assert table.cursor == 3
        assert "three" in rows_of(app)[0]
        assert count_of(app) == "12 events, 2 new above"
        await pilot.press("home")
        await settle(pilot)
        assert count_of(app) == "12 events, following"


async def test_a_repeated_delivery_shows_in_its_row(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="events")
    async with app.run_test() as pilot:
        await settle(pilot)
        with Store.open(
            app.context.store_path, PASSPHRASE, actor=Actor("grace"), clock=lambda: NOW
        ) as store:
            store.events.repeat(store.webhooks.by_name("twilio-replies").id, "SM5f0c", NOW)
        await look(pilot, settle)
        assert count_of(app) == "9 events, following"


@pytest.mark.parametrize("key", ["p", "space"])
async def test_a_paused_list_stands_still_until_it_goes_on(
    console_app: ConsoleApp, settle: Settle, key: str
) -> None:
    app = console_app(fill=fill, address="events")
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press(key)
        from_elsewhere(app.context.store_path, "later")
        await look(pilot, settle)
        assert count_of(app) == "9 events, paused"
        assert "later" not in rows_of(app)[0]
        await pilot.press(key)
        await settle(pilot)
        assert count_of(app) == "10 events, following"
        assert "later" in rows_of(app)[0]


async def test_the_events_of_one_webhook_take_in_their_own_alone(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="events/twilio-replies")
    path = app.context.store_path
    async with app.run_test() as pilot:
        await settle(pilot)
        assert count_of(app) == "7 events, following"
        from_elsewhere(path, "not here", webhook="infobip-reports")
        await look(pilot, settle)
        assert count_of(app) == "7 events, following"
        from_elsewhere(path, "here")
        await look(pilot, settle)
        assert count_of(app) == "8 events, following"
        assert "here" in rows_of(app)[0]


async def test_the_filter_holds_for_what_comes_in(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(fill=fill, address="events")
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("slash", *"stop", "enter")
        await settle(pilot)
        assert count_of(app) == "2 of 9, following"
        from_elsewhere(app.context.store_path, "hello", "STOP all", "hello again")
        await look(pilot, settle)
        assert count_of(app) == "3 of 12, following"
        assert "STOP all" in rows_of(app)[0]
        await pilot.press("escape")
        await settle(pilot)
        assert count_of(app).startswith("12 events")


async def test_nothing_is_drawn_when_nothing_changed_or_nobody_looks(
    console_app: ConsoleApp, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[object] = []
    app = console_app(fill=fill, address="events")
    async with app.run_test() as pilot:
        await look(pilot, settle)
        display = app._display

        def remember(screen: Any, renderable: Any) -> None:
            if renderable is not None:
                drawn.append(renderable)
            display(screen, renderable)

        monkeypatch.setattr(app, "_display", remember)
        for _turn in range(3):
            await look(pilot, settle)
        assert drawn == []
        await pilot.press("down")
        await settle(pilot)
        assert drawn != []

        await pilot.press("enter")
        await settle(pilot)
        from_elsewhere(app.context.store_path, "unseen")
        page_of(app).look()
        await settle(pilot)
        assert page_of(app).table.total == 9, "another screen lies over the list"
        await pilot.press("escape")
        await look(pilot, settle)
        assert page_of(app).table.total == 10


async def test_a_hundred_thousand_events_are_fetched_in_blocks(
    console_app: ConsoleApp, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def many(store: Store) -> None:
        fill(store)
        copy_newest_event(store, 100_000)

    fetched: list[int] = []
    rows = Events.rows

    def counting(self: Events, ids: Any) -> Any:
        fetched.append(len(ids))
        return rows(self, ids)

    app = console_app(fill=many, address="events")
    async with app.run_test() as pilot:
        monkeypatch.setattr(Events, "rows", counting)
        await settle(pilot)
        assert count_of(app) == "100 009 events, following"
        await pilot.press("end", "pageup")
        await settle(pilot)
        assert max(fetched) <= BLOCK
        assert len(fetched) <= 8

        read: list[EventQuery] = []
        ids = Events.ids

        def noting(self: Events, query: EventQuery) -> Any:
            read.append(query)
            return ids(self, query)

        monkeypatch.setattr(Events, "ids", noting)
        stands_on = page_of(app).table.current_id
        from_elsewhere(app.context.store_path, "one more")
        await look(pilot, settle)
        assert count_of(app) == "100 010 events, 1 new above"
        assert page_of(app).table.current_id == stands_on
        assert [query.after > 0 for query in read] == [True], "only what is new is read"


async def test_an_empty_list_says_how_events_come_in(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(address="events")
    async with app.run_test() as pilot:
        await settle(pilot)
        assert (
            "Press l to switch the receiver on, or run smstui listen."
            in app.screen.query_one(RecordTable).render_line(2).text
        )
        await pilot.press("enter")
        assert told(app)[-1].startswith("Nothing came in yet.")


async def test_the_cursor_goes_where_one_has_gone_on_to(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="events")
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, EventScreen)
        for key in ("n", "n", "p"):
            await pilot.press(key)
            await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen.query_one(EventListPage), EventListPage)
        assert page_of(app).table.cursor == 1
        assert strip_of(app).startswith("bad signature")


async def test_a_webhook_that_is_gone_is_told_in_its_list(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="events/nobody")
    async with app.run_test() as pilot:
        await settle(pilot)
        said = " ".join(page_of(app).table.render_line(y).text.strip() for y in (2, 3))
        assert "There is no webhook nobody" in said
        assert PEOPLE not in "".join(rows_of(app))
