"""A credential of Twilio for the tests of forms, and what these read and do there."""

from __future__ import annotations

from typing import Any, cast

from pydantic import SecretStr
from textual import events
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widget import Widget

from screens.credential_form import CredentialFormPage
from screens.widgets.key_bar import KeyBar
from smstui.app import SmstuiApp
from smstui.store import Store
from smstui.store.records import Actor, CredentialRecord, NewCredential
from tests.conftest import NOW, PASSPHRASE
from tests.screens.kit import go_to, shell

SID = "AC" + "0f" * 16
OTHER_SID = "AC" + "1e" * 16
KEY_SID = "SK" + "2d" * 16
SERVICE = "MG" + "3c" * 16
TOKEN = "0123456789abcdef0123456789ab4f2a"
OTHER_TOKEN = "fedcba9876543210fedcba987654e9c1"
NUMBER = "+393331234567"


def twilio(name: str = "twilio-main", **fields: str) -> NewCredential:
    """Return a credential that is in order."""
    return NewCredential(
        vendor="Twilio",
        name=name,
        fields={"account_sid": SID, "inbound_number": NUMBER, **fields},
        secrets={"auth_token": SecretStr(TOKEN)},
    )


def page(app: SmstuiApp) -> CredentialFormPage:
    """Return the form's page."""
    return cast("CredentialFormPage", shell(app).page)


def remark(app: SmstuiApp) -> str:
    """Return what the right end of the row of keys says."""
    return shell(app).query_one(KeyBar).remark


def stored(app: SmstuiApp, name: str) -> CredentialRecord:
    """Return a record as another program sees it."""
    with elsewhere(app) as store:
        return store.credentials.by_name(name)


def elsewhere(app: SmstuiApp) -> Store:
    """Open the same store as another person."""
    return Store.open(
        app.context.store_path, PASSPHRASE, actor=Actor("grace", ""), clock=lambda: NOW
    )


async def until_dialog(pilot: Pilot[Any], app: SmstuiApp) -> None:
    """Wait until saving asks something."""
    for _turn in range(200):
        if isinstance(app.screen, ModalScreen):
            return
        await pilot.pause()
    raise AssertionError("nothing was asked")


async def fill(pilot: Pilot[Any], app: SmstuiApp, **values: str) -> None:
    """Paste values into fields; an empty one only takes the focus there."""
    for key, value in values.items():
        await go_to(pilot, key)
        assert isinstance(app.screen.focused, Widget)
        if value:
            app.screen.focused.post_message(events.Paste(value))
            await pilot.pause()
