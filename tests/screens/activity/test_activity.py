"""Activity: looking through the trail by keyboard."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from pydantic import SecretStr
from textual.widgets import Input

from screens.activity_entry import ActivityEntryDialog
from screens.activity_export import ActivityExportDialog
from smstui.store import Store
from smstui.store.records import Action, Actor, NewCredential
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.credential_list.reading import until_dialog
from tests.screens.events.kit import count_of, rows_of, strip_of
from tests.screens.kit import shell, text, told

SECRET = "0123456789abcdef0123456789ab4f2a"


def fill(store: Store) -> None:
    """Fill a store with a trail of three people."""
    grace = store.acting_as(Actor("grace", "192.0.2.7"))
    main = store.credentials.add(
        NewCredential("Twilio", "relay", {"account_sid": "AC"}, {"auth_token": SecretStr(SECRET)})
    )
    changed = grace.credentials.update(
        main.id,
        revision=1,
        name="twilio-main",
        fields=main.fields,
        secrets={"auth_token": SecretStr(SECRET[::-1])},
    )
    old = store.credentials.add(NewCredential("Infobip", "infobip-old", {}, {}))
    store.acting_as(Actor("linus")).credentials.delete(old.id)
    grace.audit.record(
        Action.VERIFIED, kind="credential", object_id=changed.id, name="twilio-main",
        fields=["probe"],
    )  # fmt: skip


async def test_the_newest_comes_first_and_the_strip_tells_the_fields(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="activity")
    async with app.run_test() as pilot:
        await settle(pilot)
        rows = [" ".join(row[1:].split()) for row in rows_of(app)]
        assert rows == [
            "2026-11-23 10:00 grace verified credential twilio-main",
            "2026-11-23 10:00 linus deleted credential infobip-old",
            "2026-11-23 10:00 ada created credential infobip-old",
            "2026-11-23 10:00 grace updated credential twilio-main",
            "2026-11-23 10:00 ada created credential relay",
            "2026-11-23 10:00 ada store created store –",
        ]
        assert count_of(app) == "6 entries"
        assert "Depth: probe" in strip_of(app)
        await pilot.press("down", "down", "down")
        await settle(pilot)
        said = strip_of(app)
        assert "grace, from 192.0.2.7 · 2026-11-23 10:00:00 UTC" in said
        assert "Changed: name, auth token" in said
        assert SECRET not in text(app)


async def test_it_is_narrowed_by_keys_and_by_what_is_typed(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="activity")
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("o")
        await settle(pilot)
        assert count_of(app) == "3 of 6"
        assert any("relay" in row for row in rows_of(app))
        await pilot.press("escape", "w")
        await settle(pilot)
        assert shell(app).query_one(Input).value == "user:grace"
        assert count_of(app) == "2 of 6"
        await pilot.press("escape", "end", "o")
        await settle(pilot)
        assert told(app)[-1] == "This entry is about the store as a whole."
        await pilot.press("slash", *"since:2026-13")
        await settle(pilot)
        assert count_of(app) == "0 of 6"
        assert "“since" not in text(app)
        assert "“2026-13” is no time. Write a day such as 2026-11-01" in text(app)
        await pilot.press(*(["backspace"] * 2), *"11-23 deleted", "enter")
        await settle(pilot)
        assert count_of(app) == "1 of 6"
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert count_of(app) == "6 entries"


async def test_an_entry_leads_to_its_object_as_long_as_it_exists(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="activity")
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("down", "enter")
        await settle(pilot)
        assert isinstance(app.screen, ActivityEntryDialog)
        assert "infobip-old was deleted by linus" in " ".join(text(app).split())
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, ActivityEntryDialog)
        await pilot.press("escape", "down", "down", "down", "enter")
        await settle(pilot)
        assert "called twilio-main now" in text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert shell(app).address == "credentials/twilio-main"


async def test_what_is_shown_is_exported_and_nothing_is_replaced_unasked(
    console_app: ConsoleApp, settle: Settle, tmp_path: Path
) -> None:
    target = tmp_path / "activity.jsonl"
    target.write_text("mine")
    app = console_app(fill=fill, address="activity")
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("o")
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
        assert isinstance(app.screen, ActivityExportDialog)
        assert "Export 3 entries" in text(app)
        assert app.screen.query_one(Input).value.endswith("/activity-2026-11-23.jsonl")
        app.screen.query_one(Input).value = str(target)
        await pilot.press("enter")
        await until_dialog(pilot)
        await pilot.press("n")
        await settle(pilot)
        assert target.read_text() == "mine"
        await pilot.press("enter")
        await until_dialog(pilot)
        await pilot.press("y")
        await settle(pilot)
        lines = [json.loads(line) for line in target.read_text().splitlines()]
        assert [line["action"] for line in lines] == ["verified", "updated", "created"]
        assert lines[1] == {
            "id": 3, "at": "2026-11-23T10:00:00.000Z", "user": "grace", "origin": "192.0.2.7",
            "action": "updated", "kind": "credential", "object_id": 1, "name": "twilio-main",
            "environment": "main", "fields": ["name", "auth_token"],
        }  # fmt: skip
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        newest = await app.context.session.call(lambda store: store.audit.entries(1)[0])
        assert (newest.action, newest.name) == ("exported", str(target))
