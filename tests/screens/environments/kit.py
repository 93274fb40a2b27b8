"""Two environments for the tests of their screens, production among them."""

from __future__ import annotations

from pydantic import SecretStr

from smstui.credentials import create
from smstui.environments import create as create_environment
from smstui.environments import update
from smstui.providers.fields import Value
from smstui.store import Store

TOKEN = "0123456789abcdef0123456789ab4f2a"
MAIN: dict[str, Value] = {
    "name": "twilio-main",
    "account_sid": "AC" + "0f" * 16,
    "auth_token": SecretStr(TOKEN),
    "inbound_number": "+15005550006",
}


def fill(store: Store) -> None:
    """Fill a store: two credentials in dev, where one is, and one of them otherwise in live."""
    update(store, store.environment, {"name": "dev", "colour": "green"})
    create(store, "Twilio", MAIN)
    create(store, "Twilio", {**MAIN, "name": "twilio-trial", "auth_token": SecretStr("9" * 32)})
    live = create_environment(store, {"name": "live", "colour": "red", "is_production": True})
    create(store.acting_in(live.id), "Twilio", {**MAIN, "inbound_number": "+15005550001"})


def begin_live(store: Store) -> None:
    """Fill a store likewise; its console opens in production."""
    fill(store)
    store.acting_in(store.environments.by_name("live").id).keep_environment()
