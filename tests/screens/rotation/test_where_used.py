"""Where used: a list of records around one, a way to each, and what a deletion says."""

from __future__ import annotations

from typing import Any

import pytest

from screens.where_used import WhereUsedDialog
from smstui.store import Store
from smstui.store.rcs_setups import NewSetup
from tests.channels.kit import activate
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.events.kit import rows_of, strip_of
from tests.screens.events.test_looks import presses
from tests.screens.kit import shell, text, told
from tests.screens.webhooks.kit import credentials, webhook


def fill(store: Store) -> None:
    """Fill a store with a credential that two webhooks, a configuration and a set-up name."""
    credentials(store)
    main = store.credentials.by_name("twilio-main")
    webhook(store, "twilio-replies", "Twilio", "twilio-main")
    webhook(store, "twilio-milan", "Twilio", "twilio-main", path="b" * 32)
    activate(store, name="Acme_SMS", mobile_configuration="twilio-main")
    store.rcs_setups.add(NewSetup("Acme brand", "Twilio", "register", credential_id=main.id))


async def test_it_is_told_and_leads_to_each(console_app: ConsoleApp, settle: Settle) -> None:
    app = console_app(fill=fill, address="credentials")
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("end")
        await settle(pilot)
        assert "used by 2 webhooks, 1 channel, 1 RCS set-up · " in strip_of(app)
        await pilot.press("u")
        await settle(pilot)
        assert isinstance(app.screen, WhereUsedDialog)
        lines = [" ".join(line.split()) for line in text(app).splitlines() if "it" in line]
        assert lines == [
            "▌ webhook twilio-milan uses it",
            "webhook twilio-replies uses it",
            "channel configuration Acme_SMS uses it",
            "RCS set-up Acme brand remembers it",
        ]
        await pilot.press("down", "enter")
        await settle(pilot)
        assert shell(app).address == "webhooks/twilio-replies"
        await pilot.press("f7")
        await settle(pilot)
        assert "credential twilio-main" in text(app)
        assert "is used by it" in text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert shell(app).address == "credentials/twilio-main"


async def test_what_is_in_use_is_not_deleted_and_the_way_to_its_users_is_shown(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="credentials")
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("end", "d")
        await settle(pilot)
        assert isinstance(app.screen, WhereUsedDialog)
        said = text(app)
        assert "twilio-main is in use" in said
        assert "It is not deleted." in said
        assert "Acme brand" not in said
        await pilot.press("escape", "home", "u")
        await settle(pilot)
        assert "Nothing uses it, and it uses nothing." in text(app)
        await pilot.press("enter", "escape")
        await settle(pilot)
        assert len(rows_of(app)) == 5
        assert not told(app)


@pytest.mark.parametrize("size", [(60, 20), (80, 24)], ids="{0[0]}x{0[1]}".format)
def test_its_looks(
    snap_compare: Any, console_app: ConsoleApp, settle: Settle, size: tuple[int, int]
) -> None:
    app = console_app(fill=fill, address="credentials")
    assert snap_compare(app, run_before=presses(settle, "end", "d", "down"), terminal_size=size)
