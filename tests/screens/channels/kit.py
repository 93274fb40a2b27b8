"""Channel configurations for the tests of their screens, and what these read from the screen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pydantic import SecretStr

from smstui.channels import runs
from smstui.channels.base import Check
from smstui.channels.stored import create
from smstui.providers.base import Result
from smstui.providers.fields import Value
from smstui.simulator.core import AccountInfo
from smstui.store import Store
from smstui.store.channel_records import ChannelRecord
from smstui.store.records import Actor, NewCredential
from tests.conftest import NOW

SECRET = "0123456789abcdef0123456789ab4f2a"
NUMBER = "+12025550142"
PASSED = (
    Check("fields", Result.PASSED, "filled in as Adobe asks"),
    Check("credential", Result.PASSED, "main: Twilio, carries SMS, MMS"),
    Check("connection", Result.PASSED, "account Acme Retail: active, full"),
    Check("kind", Result.PASSED, f"{NUMBER}: United States, for SMS"),
    Check("owner", Result.PASSED, f"{NUMBER} is a number of this account"),
    Check("webhook", Result.SKIPPED, "Adobe takes none of Twilio"),
    Check("keywords", Result.SKIPPED, "there is no webhook with keywords"),
    Check(
        "purpose",
        Result.WARNED,
        "shared with Acme_Service",
        "STOP blocks every later message of this sender, transactional ones too. Use a sender of "
        "its own for each kind.",
        word="shared sender",
    ),
)
REFUSED = (
    *PASSED[:2],
    Check(
        "connection",
        Result.FAILED,
        "refused (20003)",
        "The login was refused: the token does not belong to this account.",
        "Copy both again from the Twilio Console, and look at the region.",
        "token refused",
        "20003",
    ),
    PASSED[3],
    Check("owner", Result.SKIPPED, "not tried"),
    *PASSED[5:7],
    Check("purpose", Result.PASSED, f"{NUMBER} sends Marketing alone"),
)


def draft(name: str, **fields: Value) -> dict[str, Value]:
    """Return a draft that is filled in rightly; fields are added or replaced."""
    return {
        "name": name,
        "channel": "SMS",
        "sms_type": "Marketing",
        "mobile_configuration": "main",
        "sender_number": NUMBER,
        **fields,
    }


def credentials(store: Store) -> None:
    """Put credentials into a store that configurations may name."""
    sid = "AC" + "0f" * 16
    store.credentials.add_many(
        [
            NewCredential(
                "Twilio",
                "main",
                {"account_sid": sid, "inbound_number": NUMBER},
                {"auth_token": SecretStr(SECRET)},
            ),
            NewCredential("Sinch MMS", "pictures", {}, {}),
            NewCredential("Sinch RCS", "rcs-brand", {}, {}),
        ]
    )


def account_credentials(account: AccountInfo, **changes: str) -> Any:
    """Return what puts the credential "main" into a store, which logs in to an account."""
    from smstui import credentials as stored
    from smstui.providers.registry import provider_for
    from smstui.simulator.demo import value_of

    def fill(store: Store) -> None:
        specs = provider_for(account.vendor).model.specs()
        texts = {**account.fields, **changes}
        typed = {key: value_of(specs[key], text) for key, text in texts.items()}
        stored.create(store, account.vendor, {**typed, "name": "main"})

    return fill


def checked(store: Store, record: ChannelRecord, checks: tuple[Check, ...]) -> ChannelRecord:
    """Let the checks of a configuration have ended so."""
    begun = runs.begin(store, record)
    assert begun.run is not None
    return runs.end(store, record.id, begun.run.token, checks, ())


def fill(store: Store) -> None:
    """Fill a store with configurations in every status but one whose checks run."""
    credentials(store)
    grace = store.acting_as(Actor("grace"))
    active = create(store, draft("Acme_Marketing", description="Offers", tags="spring, retail"))
    checked(store, active, PASSED)
    checked(grace, create(grace, draft("Acme_Service", sms_type="Transactional")), REFUSED)
    create(grace, draft("Pictures", channel="MMS", mobile_configuration="pictures"))
    rcs = draft(
        "Retail_RCS", channel="RCS", mobile_configuration="rcs-brand", sender_number="acme_agent"
    )
    changing = checked(store, create(store, rcs), PASSED[:2])
    begun = runs.begin_update(store, changing, {**rcs, "sender_number": "other_agent"})
    assert begun.run is not None
    owner = Check(
        "owner",
        Result.FAILED,
        "the app sends RCS by acme_agent",
        "The app's RCS channel is linked to another sender than the one given here.",
        "Write that sender here, or link the right one to the app.",
        "another sender",
    )
    runs.end(store, begun.id, begun.run.token, [*PASSED[:2], owner], ())
    old = checked(store, create(store, draft("Old_news")), PASSED[:2])
    store.channels.deactivate(old.id, revision=old.revision)
    at = (NOW - timedelta(hours=3)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    with store._vault.writing() as db:
        db.execute("UPDATE channels SET checked_at = ? WHERE name != 'Old_news'", (at,))
        db.execute("UPDATE channels SET checked_at = NULL WHERE state = 'Draft'")
