"""Promoting records between the environments of a real store."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from smstui import credentials
from smstui.channels import stored as channels
from smstui.comparison import Change
from smstui.environments import create as create_environment
from smstui.promotion import NotPromoted, Promotion, plan, promote
from smstui.providers.fields import Value
from smstui.store import Store
from smstui.store.records import Actor, CredentialRecord
from smstui.webhooks import stored as webhooks
from tests.conftest import NOW, PASSPHRASE, MakeStore

TWILIO: dict[str, Value] = {
    "name": "twilio-main",
    "account_sid": "AC" + "1" * 32,
    "auth_token": SecretStr("a" * 32),
    "inbound_number": "+15005550006",
}
ROWS = (("Content-Type", "application/json"), ("Charset", "utf-8"))
CUSTOM: dict[str, Value] = {
    "name": "relay",
    "provider_appid": "app",
    "provider_name": "Acme",
    "provider_url": "https://sms.example.net/send",
    "auth_type": "none",
    "headers": (*ROWS, ("X-Api-Key", "planted-header-key")),
    "provider_payload": '{"from":"{{fromNumber}}","to":"{{toNumber}}","text":"{{message}}"}',
}


@pytest.fixture
def path(make_store: MakeStore) -> Path:
    """A store with nothing but its first environment."""
    return make_store()


@pytest.fixture
def store(path: Path) -> Store:
    """It, open."""
    return Store.open(path, PASSPHRASE, actor=Actor("ada"), clock=lambda: NOW)


@pytest.fixture
def live(store: Store) -> Store:
    """It in production."""
    record = create_environment(store, {"name": "live", "is_production": True})
    return store.acting_in(record.id)


def planned(store: Store, live: Store, record: CredentialRecord) -> Promotion:
    return plan(store, "credential", record.id, live.environment_id)


def test_a_credential_that_is_new_there_goes_whole(store: Store, live: Store) -> None:
    record = credentials.create(store, "Twilio", TWILIO)

    promotion = planned(store, live, record)
    made = promote(store, promotion)

    assert promotion.existing is None
    assert Change("Auth Token", "empty", "set") in promotion.changes
    assert (made.environment_id, made.id != record.id) == (live.environment_id, True)
    assert (made.fields, made.secrets) == (record.fields, record.secrets)
    assert live.credentials.by_name("twilio-main") == made
    assert store.credentials.get(record.id) == record
    assert not planned(store, live, record).is_needed
    told = store.audit.entries(2)
    assert [(entry.action, entry.object_id, entry.fields) for entry in told] == [
        ("promoted", record.id, ("live",)),
        ("created", made.id, (*record.fields, *record.secrets)),
    ]


def test_one_that_is_there_is_changed_field_by_field(store: Store, live: Store) -> None:
    record = credentials.create(store, "Twilio", TWILIO)
    theirs = credentials.create(
        live,
        "Twilio",
        {
            **{key: value for key, value in TWILIO.items() if key != "inbound_number"},
            "name": "Twilio-Main",
            "auth_token": SecretStr("b" * 32),
            "api_key_sid": "SK" + "2" * 32,
            "api_key_secret": SecretStr("planted-secret-of-the-key"),
        },
    )

    promotion = planned(store, live, record)
    made = promote(store, promotion)

    assert promotion.changes == (
        Change("Name", "Twilio-Main", "twilio-main"),
        Change("Auth Token", "set", "differs"),
        Change("Inbound Number", "empty", "+15005550006"),
        Change("API key SID", "SK" + "2" * 32, "empty"),
        Change("API key secret", "set", "empty"),
    )
    assert (made.id, made.revision) == (theirs.id, 2)
    assert (made.fields, made.secrets) == (record.fields, record.secrets)


def test_no_secret_is_in_what_is_told(store: Store, live: Store) -> None:
    record = credentials.create(store, "Custom", CUSTOM)
    headers = (*ROWS, ("X-Api-Key", "another-planted-key"))
    credentials.create(live, "Custom", {**CUSTOM, "headers": headers})

    promotion = planned(store, live, record)

    (change,) = promotion.changes
    assert change == Change("Headers · X-Api-Key", "set", "differs")
    assert promote(store, promotion).fields["headers"][-1] == ["X-Api-Key", "planted-header-key"]


def test_secrets_that_are_the_same_are_named(store: Store, live: Store) -> None:
    record = credentials.create(store, "Twilio", TWILIO)
    credentials.create(live, "Twilio", {**TWILIO, "inbound_number": "+15005550001"})
    promotion = planned(store, live, record)
    assert promotion.kept == ("Auth Token",)
    assert [change.label for change in promotion.changes] == ["Inbound Number"]


@pytest.mark.parametrize("where", ["here", "there", "appeared", "deleted", "gone"])
def test_what_changed_since_one_looked_is_not_promoted(
    store: Store, live: Store, path: Path, where: str
) -> None:
    record = credentials.create(store, "Twilio", TWILIO)
    theirs = None
    if where not in ("appeared", "gone"):
        theirs = credentials.create(live, "Twilio", {**TWILIO, "inbound_number": "+15005550001"})
    promotion = planned(store, live, record)
    other = {**TWILIO, "inbound_number": "+15005550009"}
    with Store.open(path, PASSPHRASE, actor=Actor("grace"), clock=lambda: NOW) as elsewhere:
        if where == "here":
            credentials.update(elsewhere, record, other)
        elif where == "there" and theirs is not None:
            credentials.update(elsewhere, theirs, other)
        elif where == "appeared":
            credentials.create(elsewhere.acting_in(live.environment_id), "Twilio", other)
        elif theirs is not None:
            elsewhere.credentials.delete(theirs.id)
        else:
            elsewhere.environments.delete(live.environment_id)
        before = elsewhere.audit.entries(1)

        with pytest.raises(NotPromoted, match="changed meanwhile"):
            promote(store, promotion)

        assert elsewhere.audit.entries(1) == before


def test_what_cannot_be_the_same_there_says_why(store: Store, live: Store) -> None:
    record = credentials.create(store, "Twilio", TWILIO)
    with pytest.raises(NotPromoted, match="is in main already"):
        plan(store, "credential", record.id, store.environment_id)

    credentials.create(
        live,
        "Sinch",
        {"name": "twilio-main", "service_id": "a" * 32, "api_token": SecretStr("b" * 32)},
    )
    with pytest.raises(NotPromoted, match="a twilio-main of Sinch"):
        planned(store, live, record)


def test_a_webhook_follows_its_credential_and_gets_a_url_of_its_own(
    store: Store, live: Store
) -> None:
    credential = credentials.create(
        store,
        "Infobip",
        {"name": "infobip", "api_base_url": "x.api.infobip.com", "api_key": SecretStr("k" * 40)},
    )
    record = webhooks.create(
        store,
        "Infobip",
        {
            "name": "in",
            "type": "Inbound",
            "credential": "infobip",
            "sender_phone_number": "+385990000099",
            "authentication": "basic",
            "caller_user": "ada",
            "caller_password": SecretStr("a password of sixteen or more"),
        },
    )
    with pytest.raises(NotPromoted, match="needs the credential infobip"):
        plan(store, "webhook", record.id, live.environment_id)
    promote(store, planned(store, live, credential))

    made = promote(store, plan(store, "webhook", record.id, live.environment_id))

    assert made.environment_id == live.environment_id
    assert made.path != record.path
    assert made.credential_id == live.credentials.by_name("infobip").id
    assert (made.fields, made.secrets) == (record.fields, record.secrets)
    assert not plan(store, "webhook", record.id, live.environment_id).is_needed


def test_a_channel_configuration_becomes_a_draft_there(store: Store, live: Store) -> None:
    credential = credentials.create(store, "Twilio", TWILIO)
    record = channels.create(
        store,
        {
            "name": "Promos",
            "channel": "SMS",
            "sms_type": "Marketing",
            "mobile_configuration": "twilio-main",
            "sender_number": "+15005550006",
        },
    )
    promote(store, planned(store, live, credential))

    made = promote(store, plan(store, "channel configuration", record.id, live.environment_id))

    assert (made.environment_id, made.state) == (live.environment_id, "Draft")
    assert made.credential_id == live.credentials.by_name("twilio-main").id
    assert (made.sender, made.fields) == (record.sender, record.fields)
