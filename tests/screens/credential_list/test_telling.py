"""What the list tells, and when it reads anew."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from screens.credential_detail import CredentialDetail, column_lines, strip_lines
from smstui.store.errors import StoreError
from smstui.store.session import StoreSession
from tests.conftest import NOW
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.credential_list.reading import count_of, current, names_in, page_of, strip_of
from tests.screens.credential_list.records import SECRET, add, twilio
from tests.screens.kit import told

ALL = [
    "acme-marketing-production-europe-west",
    "acme-otp",
    "billing",
    "marketing-emea",
    "marketing-us",
    "otp-backup",
    "support-desk",
    "twilio-eu",
    "twilio-main",
    "twilio-new",
    "twilio-trial",
    "zz-retired",
]
LOCKED = "The store is locked by another program. Try again in a moment."


async def fail(self: StoreSession, work: object) -> None:
    """Stand for a store that another program has locked."""
    raise StoreError(LOCKED)


async def test_the_list_shows_all_and_tells_about_the_first(
    console_app: ConsoleApp, filled: Path, settle: Settle
) -> None:
    app = console_app(path=filled)
    async with app.run_test() as pilot:
        await settle(pilot)
        page = page_of(app)

        assert [name.rstrip("…") for name in names_in(page)] == [
            name[: len(drawn.rstrip("…"))] for name, drawn in zip(ALL, names_in(page), strict=True)
        ]
        assert count_of(page) == "12 credentials"
        assert page.table.has_focus
        assert strip_of(page)[0].startswith("acme-marketing-production-europe-west   AC0000")
        assert strip_of(page)[1] == "created by linus, 5 h ago"
        assert strip_of(page)[2] == "Never verified; v verifies it."


async def test_moving_tells_about_the_record_one_stands_on(
    console_app: ConsoleApp, filled: Path, settle: Settle
) -> None:
    app = console_app(path=filled)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("G", "k", "k", "k")
        await settle(pilot)

        assert current(page_of(app)) == "twilio-main"
        assert strip_of(page_of(app)) == [
            "twilio-main   AC00000000…00001   +15005550001",
            "created by ada, 12 d ago",
            "last send: ✓ delivered, 2 h ago",
        ]
        assert SECRET not in "\n".join(strip_of(page_of(app)))


async def test_holding_a_key_never_queues_reads(
    console_app: ConsoleApp, filled: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = console_app(path=filled)
    async with app.run_test() as pilot:
        await settle(pilot)
        page = page_of(app)
        before = len(list(app.workers))
        for _ in range(9):
            page.table.action_move(1)
            page.tell_about_current()
        assert len(list(app.workers)) <= before + 1
        await settle(pilot)
        assert strip_of(page)[0].startswith("twilio-new ")


async def test_f5_and_coming_back_read_anew_and_keep_the_record(
    console_app: ConsoleApp, filled: Path, settle: Settle
) -> None:
    app = console_app(path=filled)
    async with app.run_test() as pilot:
        await settle(pilot)
        page = page_of(app)
        await pilot.press("down", "down")
        add(filled, "grace", NOW, twilio("aaa"))
        await pilot.press("f5")
        await settle(pilot)
        assert count_of(page) == "13 credentials"
        assert current(page) == "billing"

        add(filled, "grace", NOW, twilio("aab"))
        page.shown()
        await settle(pilot)
        assert count_of(page) == "14 credentials"
        assert current(page) == "billing"


async def test_ages_are_told_anew_on_refresh(
    console_app: ConsoleApp, filled: Path, settle: Settle
) -> None:
    moment = [NOW]
    app = console_app(path=filled, clock=lambda: moment[0])
    async with app.run_test() as pilot:
        await settle(pilot)
        page = page_of(app)
        await pilot.press(*["down"] * 8)
        await settle(pilot)
        assert "2 h ago" in page.table.render_line(9).text
        moment[0] = NOW + timedelta(hours=3)
        await pilot.press("f5")
        await settle(pilot)
        assert "5 h ago" in page.table.render_line(9).text
        assert "5 h ago" in strip_of(page)[2]


async def test_trouble_with_the_store_is_one_sentence_and_the_list_stays(
    console_app: ConsoleApp, filled: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = console_app(path=filled)
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        page = page_of(app)
        before = names_in(page)
        with monkeypatch.context() as trouble:
            trouble.setattr(StoreSession, "call", fail)
            for key in ("f5", "e", "d", "v"):
                await pilot.press(key)
                await settle(pilot)
            assert set(told(app)) == {LOCKED}
            assert names_in(page) == before
            await pilot.press("down")
            await settle(pilot)
            assert strip_of(page)[0].startswith("The store is locked by another program.")
        await pilot.press("f5")
        await settle(pilot)
        assert strip_of(page)[0].startswith("acme-otp")


async def test_a_list_that_cannot_be_read_says_so_in_place(
    console_app: ConsoleApp, filled: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = console_app(path=filled)
    async with app.run_test() as pilot:
        with monkeypatch.context() as trouble:
            trouble.setattr(StoreSession, "call", fail)
            await settle(pilot)
            page = page_of(app)
            said = " ".join(page.table.render_line(y).text.strip() for y in (2, 3))
            assert said == f"{LOCKED} F5 reads the list again."
        await pilot.press("f5")
        await settle(pilot)
        assert len(names_in(page)) == 12


async def test_a_wide_terminal_shows_the_history_beside_the_list(
    console_app: ConsoleApp, filled: Path, settle: Settle
) -> None:
    app = console_app(path=filled)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        page = page_of(app)
        await pilot.press(*["down"] * 8)
        await settle(pilot)
        lines = strip_of(page)
        assert lines[0] == "twilio-main"
        assert lines[lines.index("Verifications") + 1 :][:5] == [
            "✓ delivered       send     2 h ago",
            "! accepted        send   yesterday",
            "✓ token accepted  probe  yesterday",
            "✗ token refused   probe    3 d ago",
            "✓ fields fit      check    3 d ago",
        ]
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert strip_of(page)[2] == "last send: ✓ delivered, 2 h ago"


def detail(**changes: Any) -> CredentialDetail:
    values: dict[str, Any] = {
        "id": 1,
        "name": "twilio-main",
        "vendor": "Twilio",
        "summary": (("Account SID", "AC" + "0" * 32), ("Auth Token", "set, ends in 4f2a")),
        "created_by": "ada",
        "created_at": NOW - timedelta(days=3),
        "modified_by": "grace",
        "modified_at": NOW - timedelta(hours=1),
        "runs": (),
    }
    return CredentialDetail(**{**values, **changes})


def test_the_strip_tells_who_modified_only_when_somebody_did() -> None:
    changed = strip_lines(detail(), NOW, 60)
    assert changed[1][0].text == "created by ada, 3 d ago · modified by grace, 1 h ago"
    untouched = strip_lines(detail(modified_at=NOW - timedelta(days=3)), NOW, 60)
    assert untouched[1][0].text == "created by ada, 3 d ago"


def test_the_column_wraps_a_long_name() -> None:
    lines = column_lines(detail(name="n" * 70), NOW, 32)
    assert [line[0].text for line in lines[:3]] == ["n" * 32, "n" * 32, "n" * 6]
