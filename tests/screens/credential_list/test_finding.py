"""Filter and order of the list."""

from __future__ import annotations

from pathlib import Path

from screens.shell import ShellScreen
from tests.conftest import NOW
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.credential_list.reading import count_of, current, names_in, page_of, type_filter
from tests.screens.credential_list.records import add, twilio
from tests.screens.kit import told


async def test_the_filter_narrows_while_one_types_and_escape_clears_it(
    console_app: ConsoleApp, filled: Path, settle: Settle
) -> None:
    app = console_app(path=filled)
    async with app.run_test() as pilot:
        await settle(pilot)
        page = page_of(app)
        await type_filter(pilot, settle, "TWIL")
        # The vendor counts as well: all but the one of Acme SMS.
        assert count_of(page) == "11 of 12"
        await pilot.press(*"io-")
        await settle(pilot)
        assert names_in(page) == ["twilio-eu", "twilio-main", "twilio-new", "twilio-trial"]
        assert count_of(page) == "4 of 12"
        assert page.filter.is_open

        await pilot.press("down")
        assert page.table.has_focus
        assert page.filter.is_open
        await pilot.press("down")
        await settle(pilot)
        assert current(page) == "twilio-main"

        await pilot.press("escape")
        await settle(pilot)
        assert count_of(page) == "12 credentials"
        assert not page.filter.is_open
        assert current(page) == "twilio-main"
        assert page.table.has_focus


async def test_enter_leaves_the_filter_on_and_escape_in_it_clears(
    console_app: ConsoleApp, filled: Path, settle: Settle
) -> None:
    app = console_app(path=filled)
    async with app.run_test() as pilot:
        await settle(pilot)
        page = page_of(app)
        await type_filter(pilot, settle, "refused")
        assert names_in(page) == ["twilio-eu"]
        await pilot.press("enter")
        assert page.table.has_focus
        assert page.filter.text == "refused"

        await pilot.press("slash", "escape")
        await settle(pilot)
        assert page.filter.text == ""
        assert not page.filter.is_open
        assert len(names_in(page)) == 12


async def test_letters_go_into_the_filter_and_not_to_their_keys(
    console_app: ConsoleApp, filled: Path, settle: Settle
) -> None:
    app = console_app(path=filled)
    async with app.run_test() as pilot:
        await settle(pilot)
        await type_filter(pilot, settle, "nevdcs/")
        assert page_of(app).filter.text == "nevdcs/"
        assert isinstance(app.screen, ShellScreen)
        assert app.screen.address == "credentials"


async def test_what_matches_nothing_is_said_and_keys_say_why_they_rest(
    console_app: ConsoleApp, filled: Path, settle: Settle
) -> None:
    app = console_app(path=filled)
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        page = page_of(app)
        await type_filter(pilot, settle, "[/x] nowhere")
        assert (
            'Nothing matches "[/x] nowhere". Esc clears the filter.'
            in page.table.render_line(2).text
        )
        await pilot.press("enter")
        for key in ("e", "v", "d", "c", "enter"):
            await pilot.press(key)
            await settle(pilot)
            assert told(app)[-1] == 'Nothing matches "[/x] nowhere". Esc clears the filter.'
        assert len(told(app)) == 5


async def test_s_sorts_by_the_next_column_and_capital_s_turns_round(
    console_app: ConsoleApp, filled: Path, settle: Settle
) -> None:
    app = console_app(path=filled)
    async with app.run_test() as pilot:
        await settle(pilot)
        page = page_of(app)
        await pilot.press("end")

        def heading() -> str:
            return " ".join(page.table.render_line(0).text.split())

        assert heading() == "Name ▴ Vendor Last verified"
        await pilot.press("S")
        await settle(pilot)
        assert heading() == "Name ▾ Vendor Last verified"
        assert names_in(page)[0] == "zz-retired"
        assert current(page) == "zz-retired"
        seen = []
        for _ in range(5):
            await pilot.press("s")
            await settle(pilot)
            seen.append(heading())
            assert current(page) == "zz-retired"
        # The column one sorts by is always among those shown.
        assert [
            next(w for w in s.replace(" ▾", "▾").replace(" ▴", "▴").split() if w[-1] in "▴▾")
            for s in seen
        ] == ["Vendor▴", "by▴", "Modified▾", "verified▾", "Name▴"]


async def test_sorting_by_what_was_verified_starts_with_the_newest(
    console_app: ConsoleApp, filled: Path, settle: Settle
) -> None:
    app = console_app(path=filled)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("s", "s", "s", "s")
        await settle(pilot)
        assert names_in(page_of(app))[:3] == ["twilio-main", "support-desk", "twilio-trial"] or (
            names_in(page_of(app))[:3] == ["support-desk", "twilio-main", "twilio-trial"]
        )


async def test_the_cursor_can_be_put_on_a_record_even_through_a_filter(
    console_app: ConsoleApp, filled: Path, settle: Settle
) -> None:
    app = console_app(path=filled)
    async with app.run_test() as pilot:
        await settle(pilot)
        page = page_of(app)
        await type_filter(pilot, settle, "billing")
        await pilot.press("enter")
        add(filled, "grace", NOW, twilio("newest"))
        record = await app.context.session.call(lambda store: store.credentials.by_name("newest"))
        page.point_at(record.id)
        page.shown()
        await settle(pilot)
        assert current(page) == "newest"
        assert not page.filter.is_open
        assert count_of(page) == "13 credentials"
