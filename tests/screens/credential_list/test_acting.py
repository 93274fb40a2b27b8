"""The keys of the list that do something."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from screens.shell import ShellScreen
from tests.conftest import NOW
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.credential_list.reading import (
    change,
    count_of,
    current,
    names_in,
    page_of,
    strip_of,
    until_dialog,
)
from tests.screens.credential_list.records import verify
from tests.screens.kit import told


async def test_an_empty_list_says_how_to_begin(
    console_app: ConsoleApp, settle: Settle, fake_form: list[str]
) -> None:
    app = console_app()
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        page = page_of(app)
        begin = "No credentials yet. Press n to create the first one."
        assert begin in page.table.render_line(2).text
        assert count_of(page) == "0 credentials"
        for key in ("e", "v", "d", "c", "enter", "slash"):
            await pilot.press(key)
            await settle(pilot)
            assert told(app)[-1] == begin
        assert page.table.has_focus
        await pilot.press("down", "up", "pagedown", "end", "s", "S", "f5")
        await settle(pilot)
        await pilot.press("n")
        await settle(pilot)
        assert fake_form == ["credentials/+new"]


@pytest.mark.parametrize(
    ("key", "address"),
    [
        ("enter", "credentials/acme-otp"),
        ("e", "credentials/acme-otp"),
        ("c", "credentials/+copy/acme-otp"),
        ("n", "credentials/+new"),
    ],
)
async def test_keys_open_the_forms(
    console_app: ConsoleApp,
    filled: Path,
    settle: Settle,
    fake_form: list[str],
    key: str,
    address: str,
) -> None:
    app = console_app(path=filled)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("down", key)
        await settle(pilot)
        assert fake_form == [address]


async def test_delete_asks_names_the_record_and_cancel_has_the_focus(
    console_app: ConsoleApp, filled: Path, settle: Settle
) -> None:
    app = console_app(path=filled)
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        page = page_of(app)
        await pilot.press("down", "down", "d")
        dialog = await until_dialog(pilot)
        assert "Delete billing?" in str(dialog.query_one(".dialog-title").render())
        await pilot.press("enter")
        await settle(pilot)
        assert len(names_in(page)) == 12

        await pilot.press("d")
        await until_dialog(pilot)
        await pilot.press("y")
        await settle(pilot)
        assert "billing" not in names_in(page)
        assert count_of(page) == "11 credentials"
        assert current(page) == "marketing-emea"
        assert told(app) == ["billing is deleted."]


async def test_deleting_what_was_deleted_or_changed_elsewhere_is_told(
    console_app: ConsoleApp, filled: Path, settle: Settle
) -> None:
    app = console_app(path=filled)
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        page = page_of(app)
        await pilot.press("down", "down", "d")
        await until_dialog(pilot)
        record = await app.context.session.call(lambda store: store.credentials.by_name("billing"))
        change(
            filled,
            lambda store: store.credentials.update(
                record.id, revision=1, name="billing", fields={}, secrets={}
            ),
        )
        await pilot.press("y")
        await settle(pilot)
        assert told(app)[-1] == (
            "billing was changed elsewhere meanwhile and is still there. Look at it again."
        )
        assert "billing" in names_in(page)

        await pilot.press("d")
        await until_dialog(pilot)
        change(filled, lambda store: store.credentials.delete(record.id))
        await pilot.press("y")
        await settle(pilot)
        assert told(app)[-1] == "billing was deleted elsewhere already."
        assert "billing" not in names_in(page)


async def test_acting_on_a_record_that_is_gone_says_so_and_reads_anew(
    console_app: ConsoleApp, filled: Path, settle: Settle, fake_form: list[str]
) -> None:
    app = console_app(path=filled)
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        page = page_of(app)
        await pilot.press("down", "down")
        await settle(pilot)
        change(
            filled,
            lambda store: store.credentials.delete(store.credentials.by_name("billing").id),
        )
        await pilot.press("e")
        await settle(pilot)
        assert fake_form == []
        assert told(app) == ["This credential was deleted elsewhere meanwhile."]
        assert "billing" not in names_in(page)
        assert current(page) == "marketing-emea"


async def test_v_opens_the_verify_dialog_and_the_list_shows_what_came_of_it(
    console_app: ConsoleApp, filled: Path, settle: Settle
) -> None:
    from screens.verify import VerifyScreen

    app = console_app(path=filled)
    async with app.run_test() as pilot:
        await settle(pilot)
        page = page_of(app)
        await pilot.press("down", "down", "v")
        async with asyncio.timeout(5):
            while not isinstance(app.screen, VerifyScreen):
                await pilot.pause()
        verify(filled, NOW, ("billing", "probe", "failed", "token refused"))
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, ShellScreen)
        assert current(page) == "billing"
        assert "✗ token refused" in page.table.render_line(3).text
        assert strip_of(page)[2] == "last probe: ✗ token refused, just now"
