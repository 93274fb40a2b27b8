"""The credentials list: every key, and what it looks like."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from screens.confirm import ConfirmDialog
from screens.credential_detail import CredentialDetail, column_lines, strip_lines
from screens.credential_list import CredentialListPage
from screens.places import place_at, split_address
from screens.shell import ShellScreen
from screens.widgets.detail_lines import DetailLines
from smstui.app import SmstuiApp
from smstui.store import Store
from smstui.store.errors import StoreError
from smstui.store.records import Actor
from smstui.store.session import StoreSession
from tests.conftest import NOW, PASSPHRASE, MakeStore
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.credential_records import ODD, SECRET, add, fill, twilio, verify

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
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


@pytest.fixture(scope="session")
def dozen(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a dozen credentials, made once and copied by `filled`."""
    folder = tmp_path_factory.mktemp("dozen")
    folder.chmod(0o700)
    path = folder / "smstui.db"
    shutil.copy(empty_store, path)
    path.chmod(0o600)
    fill(path)
    return path


@pytest.fixture
def filled(dozen: Path, tmp_path: Path) -> Path:
    """A store with a dozen credentials."""
    folder = tmp_path / "filled"
    folder.mkdir(mode=0o700)
    path = folder / "smstui.db"
    shutil.copy(dozen, path)
    path.chmod(0o600)
    return path


def page_of(app: SmstuiApp) -> CredentialListPage:
    """The list, wherever one is."""
    shell = next(screen for screen in app.screen_stack if isinstance(screen, ShellScreen))
    return shell.query_one(CredentialListPage)


def names_in(page: CredentialListPage) -> list[str]:
    """The names of all records in the list, from the lines that are drawn."""
    table = page.table
    drawn = [table.render_line(y).text[1:] for y in range(1, table.size.height)]
    return [line.split("  ")[0].strip() for line in drawn[: table.total]]


def current(page: CredentialListPage) -> str:
    """The name in the line of the cursor."""
    table = page.table
    lines = [table.render_line(y).text for y in range(1, table.size.height)]
    return next((line[1:].split("  ")[0].strip() for line in lines if line.startswith("▌")), "")


def strip_of(page: CredentialListPage) -> list[str]:
    """The lines about the record one stands on."""
    detail = page.query_one(DetailLines)
    return [detail.render_line(y).text.rstrip() for y in range(detail.size.height)]


def count_of(page: CredentialListPage) -> str:
    return str(page.query_one("#credentials-count").render())


def told(app: SmstuiApp) -> list[str]:
    """What was told in passing."""
    return [note.message for note in app._notifications]


def change(path: Path, work: Callable[[Store], Any]) -> None:
    """Do something to the store from another process's point of view."""
    with Store.open(path, PASSPHRASE, actor=Actor("grace", ""), clock=lambda: NOW) as store:
        work(store)


async def type_filter(pilot: Pilot[Any], settle: Settle, text: str) -> None:
    await pilot.press("slash", *text)
    await settle(pilot)


async def until_dialog(pilot: Pilot[Any]) -> ConfirmDialog:
    async with asyncio.timeout(5):
        while not isinstance(pilot.app.screen, ConfirmDialog):
            await pilot.pause()
    return pilot.app.screen


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
            page._tell_about_current()
        assert len(list(app.workers)) <= before + 1
        await settle(pilot)
        assert strip_of(page)[0].startswith("twilio-new ")


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


@pytest.fixture
def fake_form(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the addresses that are gone to, instead of going there."""
    gone_to: list[str] = []
    go = ShellScreen.navigate

    def navigate(self: ShellScreen, address: str, remember: bool = True) -> object:
        if address == "credentials":
            return go(self, address, remember)
        gone_to.append(address)
        return None

    monkeypatch.setattr(ShellScreen, "navigate", navigate)
    return gone_to


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

    async def fail(self: StoreSession, work: object) -> None:
        raise StoreError("The store is locked by another program. Try again in a moment.")

    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        page = page_of(app)
        before = names_in(page)
        monkeypatch.setattr(StoreSession, "call", fail)
        for key in ("f5", "e", "d", "v"):
            await pilot.press(key)
            await settle(pilot)
        assert set(told(app)) == {"The store is locked by another program. Try again in a moment."}
        assert names_in(page) == before
        await pilot.press("down")
        await settle(pilot)
        assert strip_of(page)[0].startswith("The store is locked by another program.")
        monkeypatch.undo()
        await pilot.press("f5")
        await settle(pilot)
        assert strip_of(page)[0].startswith("acme-otp")


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


def test_no_name_is_taken_for_a_command() -> None:
    place = place_at("credentials")
    assert place is not None
    for name in ("+new", "+copy/x", "a/b", "50%", "ü ö", "[/x]", "?"):
        from screens.places import COPY, record_address

        page = place.build(split_address(record_address("credentials", name))[1])
        assert page.address == record_address("credentials", name)
        copy = place.build(split_address(record_address(f"credentials/{COPY}", name))[1])
        assert copy.address == record_address(f"credentials/{COPY}", name)


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


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_filled_list(
    snap_compare: Any, console_app: ConsoleApp, filled: Path, settle: Settle, size: tuple[int, int]
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await pilot.press(*["down"] * 8)
        await settle(pilot)

    assert snap_compare(console_app(path=filled), run_before=before, terminal_size=size)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_filtered_list(
    snap_compare: Any, console_app: ConsoleApp, filled: Path, settle: Settle, size: tuple[int, int]
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await type_filter(pilot, settle, "twilio-")

    assert snap_compare(console_app(path=filled), run_before=before, terminal_size=size)


def test_no_match(snap_compare: Any, console_app: ConsoleApp, filled: Path, settle: Settle) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await type_filter(pilot, settle, "xyz")

    assert snap_compare(console_app(path=filled), run_before=before, terminal_size=(80, 24))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_empty_list(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    assert snap_compare(console_app(), run_before=settle, terminal_size=size)


def test_narrow_list(
    snap_compare: Any, console_app: ConsoleApp, filled: Path, settle: Settle
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await type_filter(pilot, settle, "twilio-")
        await pilot.press("down", "down")
        await settle(pilot)

    assert snap_compare(console_app(path=filled), run_before=before, terminal_size=(60, 20))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_odd_names(
    snap_compare: Any,
    console_app: ConsoleApp,
    make_store: MakeStore,
    settle: Settle,
    size: tuple[int, int],
) -> None:
    path = make_store([twilio(name, number) for number, name in enumerate(ODD)])

    async def before(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await pilot.press("down", "down", "down")
        await settle(pilot)

    assert snap_compare(console_app(path=path), run_before=before, terminal_size=size)


def test_delete_dialog(
    snap_compare: Any, console_app: ConsoleApp, filled: Path, settle: Settle
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await pilot.press("d")
        await until_dialog(pilot)

    assert snap_compare(console_app(path=filled), run_before=before, terminal_size=(80, 24))
