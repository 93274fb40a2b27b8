from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from smstui.environments import sharing
from smstui.store import Store
from smstui.store.channel_records import NewChannel
from smstui.store.environments import NewEnvironment
from smstui.store.errors import (
    DamagedStore,
    InUse,
    NameTaken,
    NotFound,
    OtherEnvironment,
    StaleRevision,
)
from smstui.store.migrations import MIGRATIONS
from smstui.store.named import NamedRecords
from smstui.store.rcs_setups import NewSetup
from smstui.store.records import Actor, ListQuery, NewCredential
from smstui.store.session import StoreSession
from smstui.store.vault import Vault
from smstui.store.webhook_records import EventQuery, NewEvent
from smstui.times import Clock, iso
from tests.conftest import NOW
from tests.store.webhook_kit import keep, webhook

New = Callable[..., NewCredential]
Reopen = Callable[..., Store]

ADA = Actor("ada")
MAKERS: Mapping[str, Callable[[str], Any]] = {
    "credentials": lambda name: NewCredential("Twilio", name, {}, {}),
    "webhooks": lambda name: webhook(name, path=os.urandom(6).hex()),
    "rcs_setups": lambda name: NewSetup(name, "twilio", "provider"),
    "channels": lambda name: NewChannel("SMS", name, None, "", {}),
}
"""How a record of each kind is made; a kind that is added needs a line here."""


def scoped() -> dict[str, type[NamedRecords[Any, Any, Any]]]:
    return {kind.table: kind for kind in NamedRecords.__subclasses__() if not kind.is_shared}


def repository(store: Store, table: str) -> NamedRecords[Any, Any, Any]:
    found = [
        records
        for records in vars(store).values()
        if isinstance(records, NamedRecords) and records.table == table
    ]
    assert len(found) == 1
    return found[0]


@pytest.fixture
def live(store: Store) -> Store:
    """The same store in another environment, which is production."""
    fields = {"is_production": True, "colour": "red"}
    return store.acting_in(store.environments.add(NewEnvironment("live", fields)).id)


def test_a_new_store_has_one_environment_that_its_maker_made(
    tmp_path: Path, passphrase: SecretStr, fixed_clock: Clock
) -> None:
    path = tmp_path / "new" / "smstui.db"
    with Store.create(path, passphrase, actor=ADA, clock=fixed_clock) as store:
        only = store.environment

    assert (only.name, only.is_production, only.colour) == ("main", False, "")
    assert (only.created_by, only.created_at, only.modified_at) == ("ada", NOW, NOW)


def test_every_kind_of_record_has_a_maker() -> None:
    assert MAKERS.keys() == scoped().keys()


@pytest.mark.parametrize("table", scoped())
def test_records_are_those_of_one_environment(store: Store, live: Store, table: str) -> None:
    here, there = repository(store, table), repository(live, table)
    mine = here.add(MAKERS[table]("Same"))
    there.add(MAKERS[table]("other"))
    theirs = there.add(MAKERS[table]("SAME"))

    assert list(here.ids(ListQuery())) == [mine.id]
    assert list(there.ids(ListQuery("same"))) == [theirs.id]
    assert (here.count(), there.count()) == (1, 2)
    assert (here.names("a"), there.names("a")) == (["Same"], ["SAME"])
    assert (here.by_name("same").id, there.by_name("same").id) == (mine.id, theirs.id)
    assert (mine.environment_id, theirs.environment_id) == (
        store.environment_id,
        live.environment_id,
    )
    # By its id a record is found wherever it is, and stays where it is when it is changed.
    assert here.get(theirs.id) == theirs
    with pytest.raises(NameTaken):
        here.add(MAKERS[table]("same"))
    with pytest.raises(NotFound):
        here.by_name("other")
    assert here.replace(theirs.id, MAKERS[table]("Same"), revision=1).environment_id == (
        live.environment_id
    )
    with pytest.raises(NameTaken):
        here.replace(theirs.id, MAKERS[table]("other"), revision=2)
    moved = here.duplicate_name("other")
    assert here.add(MAKERS[table](moved)).name == moved


@pytest.mark.parametrize("table", scoped())
def test_a_list_of_an_environment_reads_one_covering_index(store: Store, table: str) -> None:
    for columns in scoped()[table].order.values():
        with store._vault.reading() as db:
            plan = db.execute(
                f"EXPLAIN QUERY PLAN SELECT id FROM {table} WHERE instr(listing, 'a')"  # noqa: S608 - our own words
                f" AND environment_id = 1 ORDER BY {', '.join(columns)}"
            ).fetchall()
        assert len(plan) == 1
        assert "USING COVERING INDEX" in plan[0][-1]


@pytest.mark.parametrize("table", [*scoped(), "consents"])
def test_a_table_forces_every_row_into_an_environment(store: Store, table: str) -> None:
    with store._vault.reading() as db:
        column = next(c for c in db.table(table).columns if c.name == "environment_id")
        unique = [index.columns for index in db.table(table).indexes if index.unique]
        references = {key.column: key.other_table for key in db.table(table).foreign_keys}
    assert column.notnull
    assert ["environment_id", "folded"] in unique or table == "consents"
    assert references["environment_id"] == "environments"


def test_what_a_credential_list_counts_is_of_its_environment(
    store: Store, live: Store, new: New
) -> None:
    store.credentials.add_many([new("one"), new("two", vendor="Sinch")])
    live.credentials.add(new("three"))

    assert store.credentials.results() == {"": 2}
    assert store.credentials.names_of(("Twilio", "Sinch")) == ["one", "two"]
    assert len(live.credentials.ids_by_trouble()) == 1


def test_events_and_consent_are_those_of_the_environments_webhooks(
    store: Store, live: Store
) -> None:
    ours, theirs = store.webhooks.add(webhook("in")), live.webhooks.add(webhook("in", path="p"))
    (our_event,) = keep(store, ours.id, NewEvent("inbound", text="hi"))
    keep(live, theirs.id, NewEvent("inbound", text="hi"), NewEvent("inbound", text="ho"))
    for where, state in ((store, "in"), (live, "out")):
        where.consents.change(
            "+39", "+1", state, at=NOW, category="c", keyword="k", webhook="in", event_id=our_event
        )

    assert list(store.events.ids(EventQuery())) == [our_event]
    assert (store.events.count(), live.events.count()) == (1, 2)
    assert live.events.get(our_event).webhook == "in"
    assert (store.consents.state("+39", "+1"), live.consents.state("+39", "+1")) == ("in", "out")
    assert store.consents.count() == len(store.consents.ids(ListQuery(sort="at"))) == 1
    assert store.webhooks.by_path("p") == theirs


def test_two_people_on_one_file_stay_each_where_they_are(
    path: Path, reopen: Reopen, new: New
) -> None:
    ada, grace = reopen(path), reopen(path, user="grace")
    stage = ada.environments.add(NewEnvironment("stage"))
    ada = ada.acting_in(stage.id)
    ada.keep_environment()
    ada.credentials.add(new("one"))

    assert grace.environment.name == "main"
    assert grace.credentials.count() == 0
    assert reopen(path).environment.name == "stage"
    assert reopen(path, user="grace").environment.name == "main"
    assert ada.acting_as(Actor("linus")).environment.name == "stage"


def test_an_environment_is_deleted_only_when_nothing_is_in_it(
    store: Store, live: Store, new: New
) -> None:
    record = live.environment
    credential = live.credentials.add(new("one"))
    live.webhooks.add(webhook("in", credential_id=credential.id))

    with pytest.raises(InUse, match=r"live still holds .*one.*in"):
        store.environments.delete(record.id)

    live.webhooks.delete(live.webhooks.by_name("in").id)
    live.credentials.delete(credential.id)
    store.environments.delete(record.id, revision=record.revision)
    with pytest.raises(InUse, match="only environment"):
        store.environments.delete(store.environment_id)


def test_a_record_names_none_of_another_environment(store: Store, live: Store) -> None:
    here = store.credentials.add(NewCredential("Twilio", "here", {}, {})).id
    there = live.credentials.add(NewCredential("Twilio", "there", {}, {})).id
    with pytest.raises(OtherEnvironment, match="there belongs to the environment live"):
        store.webhooks.add(webhook("hook", credential_id=there))
    assert store.webhooks.count() == 0

    record = store.webhooks.add(webhook("hook", credential_id=here))
    with pytest.raises(OtherEnvironment):
        store.webhooks.replace(
            record.id, webhook("hook", credential_id=there), revision=record.revision
        )
    assert store.webhooks.get(record.id).credential_id == here


def test_consent_keeps_an_environment(store: Store, live: Store) -> None:
    event = keep(store, store.webhooks.add(webhook("in")).id, NewEvent("inbound"))[0]
    live.consents.change(
        "+39", "+1", "out", at=NOW, category="c", keyword="k", webhook="in", event_id=event
    )
    with pytest.raises(InUse, match="the consent of 1 number"):
        store.environments.delete(live.environment_id)


def test_who_is_in_an_environment_that_somebody_deletes_saves_nothing_there(
    path: Path, reopen: Reopen, new: New
) -> None:
    ada, grace = reopen(path), reopen(path, user="grace")
    stage = ada.environments.add(NewEnvironment("stage"))
    grace = grace.acting_in(stage.id)
    grace.keep_environment()
    ada.environments.delete(stage.id)

    with pytest.raises(NotFound, match="deleted by ada"):
        _ = grace.environment
    with pytest.raises(NotFound, match="environment was deleted"):
        grace.credentials.add(new("one"))
    with pytest.raises(NotFound):
        grace.keep_environment()
    assert grace.credentials.count() == 0
    assert reopen(path, user="grace").environment.name == "main"


def test_environments_have_names_and_revisions_as_all_records(store: Store) -> None:
    stage = store.environments.add(NewEnvironment("Stage", {"colour": "amber"}))
    with pytest.raises(NameTaken):
        store.environments.add(NewEnvironment("STAGE"))
    changed = store.environments.replace(
        stage.id, NewEnvironment("test", {"colour": "amber", "is_production": True}), revision=1
    )
    assert (changed.name, changed.is_production, changed.colour) == ("test", True, "amber")
    with pytest.raises(StaleRevision):
        store.environments.replace(stage.id, NewEnvironment("late"), revision=1)
    assert store.audit.entries(1)[0].fields == ("name", "is_production")


def test_the_list_of_environments_counts_what_is_in_each(
    store: Store, live: Store, new: New
) -> None:
    live.credentials.add_many([new("one"), new("two")])
    live.webhooks.add(webhook("in"))

    rows = live.environments.rows(live.environments.ids(ListQuery()))

    assert [(row.name, row.is_production, row.credentials, row.webhooks) for row in rows] == [
        ("live", True, 2, 1),
        ("main", False, 0, 0),
    ]


def test_a_secret_that_another_environment_has_is_noticed(
    store: Store, live: Store, new: New
) -> None:
    mine = store.credentials.add(new("mine", token="the same token"))
    store.credentials.add(new("beside", token="the same token"))
    live.credentials.add(new("theirs", token="the same token"))
    live.credentials.add(new("own", token="another token"))

    assert sharing(store, mine) == [("live", "theirs")]
    assert sharing(store, store.credentials.add(new("unlike", token="unlike"))) == []


def test_the_trail_tells_where_something_was_done(store: Store, live: Store, new: New) -> None:
    record = live.credentials.add(new("one"))
    # Also when it is done from elsewhere, by the record's id.
    store.credentials.replace(record.id, new("two"), revision=1)
    store.credentials.delete(record.id)

    told = store.audit.entries(4)
    assert [(entry.action, entry.name, entry.environment) for entry in told] == [
        ("deleted", "two", "live"),
        ("updated", "two", "live"),
        ("created", "one", "live"),
        ("created", "live", ""),
    ]


async def test_a_session_stays_in_its_environment_while_it_is_locked(
    path: Path, passphrase: SecretStr, reopen: Reopen, new: New
) -> None:
    stage = reopen(path).environments.add(NewEnvironment("stage"))
    session, other = StoreSession(), StoreSession("STAGE")
    await session.open(path, passphrase, actor=ADA)
    await other.open(path, passphrase, actor=Actor("grace"))
    assert session.environment is not None
    assert other.environment is not None
    assert (session.environment.name, other.environment.name) == ("main", "stage")

    await session.switch(stage.id)
    await session.call(lambda store: store.credentials.add(new("one")))
    await session.close()
    # Another program of the same person goes elsewhere meanwhile.
    reopen(path).acting_in(1).keep_environment()
    await session.open(path, passphrase, actor=ADA)

    assert session.environment.name == "stage"
    assert await session.call(lambda store: store.credentials.names()) == ["one"]
    with pytest.raises(NotFound):
        await session.switch(99)
    assert await session.call(lambda store: store.environment_id) == stage.id
    await session.close()
    await other.close()


async def test_a_session_that_wants_an_unknown_environment_does_not_open(
    path: Path, passphrase: SecretStr
) -> None:
    session = StoreSession("nowhere")
    with pytest.raises(NotFound, match="nowhere"):
        await session.open(path, passphrase, actor=ADA)
    assert not session.is_open
    assert [file.name for file in path.parent.iterdir()] == ["smstui.db"]


LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
RELEASED = (
    "INSERT INTO audit (at, user, origin, action, kind, name, fields)"
    " VALUES (:at, 'ada', '', 'store created', 'store', '', '[]')",
    "INSERT INTO credentials (id, name, folded, listing, vendor, revision, created_by, created_at,"
    " modified_by, modified_at, fields, secrets) VALUES (7, 'One', 'one', 'one', 'Twilio', 3,"
    " 'ada', :at, 'ada', :at, '{\"account_sid\": \"AC\"}', '{\"auth_token\": \"t\"}')",
    "INSERT INTO verifications (credential_id, at, depth, result, word, seconds, recipient,"
    " message_id, record) VALUES (7, :at, 'send', 'passed', 'delivered', 1, '+39', 'SM1', '{}')",
    "INSERT INTO webhooks (id, name, folded, listing, vendor, type, credential_id, path,"
    " created_by, created_at, modified_by, modified_at, fields, secrets) VALUES (4, 'In', 'in',"
    " 'in', 'Twilio', 'Inbound', 7, 'secret-path', 'ada', :at, 'ada', :at, '{}', '{}')",
    "INSERT INTO calls (id, webhook_id, at, method, url, headers, body)"
    " VALUES (1, 4, :at, 'POST', 'https://x', '[]', x'00ff')",
    "INSERT INTO events (id, call_id, webhook_id, at, kind, result, word, sender, recipient,"
    " message_id, reference, key, listing, text, detail) VALUES (9, 1, 4, :at, 'inbound', '',"
    " 'opt-out', '+39', '+1', '', '', '', 'x', 'STOP', '{}')",
    "INSERT INTO nonces VALUES (4, 'n', :at)",
    "INSERT INTO consents (id, number, sender, state, at, keyword, webhook, changes, listing)"
    " VALUES (2, '+39', '+1', 'out', :at, 'STOP', 'In', 1, 'x')",
    "INSERT INTO consent_changes (consent_id, at, before, after, category, keyword, webhook,"
    " event_id) VALUES (2, :at, '', 'out', 'opt-out', 'STOP', 'In', 9)",
    "INSERT INTO rcs_setups (id, name, folded, listing, route, step, credential_id, webhook_ids,"
    " created_by, created_at, modified_by, modified_at, fields, secrets) VALUES (5, 'Acme', 'acme',"
    " 'acme', 'twilio', 'register', 7, '[4]', 'ada', :at, 'ada', :at, '{}', '{}')",
    # One of each was deleted later: its id must never be given out again.
    "UPDATE sqlite_sequence SET seq = 100 WHERE name IN ('credentials', 'webhooks', 'rcs_setups')",
)


@pytest.fixture
def older(tmp_path: Path, passphrase: SecretStr) -> Path:
    """A store as it was before there were environments, with something of everything."""
    path = tmp_path / "old" / "smstui.db"
    released = list(MIGRATIONS._migrations)
    MIGRATIONS._migrations[:] = released[:3]
    try:
        vault = Vault.create(path, passphrase, os.urandom(16))
        with vault.writing() as db:
            for statement in RELEASED:
                db.execute(statement, {"at": iso(LONG_AGO)})
        vault.close()
    finally:
        MIGRATIONS._migrations[:] = released
    return path


def test_an_older_store_keeps_everything_in_its_first_environment(
    older: Path, reopen: Reopen, new: New
) -> None:
    store = reopen(older)

    main = store.environment
    assert (main.name, main.created_by, main.created_at) == ("main", "ada", LONG_AGO)
    credential = store.credentials.by_name("ONE")
    assert (credential.id, credential.revision, credential.environment_id) == (7, 3, main.id)
    assert credential.secrets == {"auth_token": SecretStr("t")}
    assert [run.message_id for run in store.verifications.history(7)] == ["SM1"]
    received = store.webhooks.by_path("secret-path")
    assert (received.id, received.credential) == (4, "One")
    event = store.events.get(store.events.ids(EventQuery())[0])
    assert (event.id, event.call.body, event.event.text) == (9, b"\x00\xff", "STOP")
    assert not store.events.use_nonce(4, "n", NOW)
    assert store.consents.state("+39", "+1") == "out"
    assert [change.event_id for change in store.consents.history(2)] == [9]
    setup = store.rcs_setups.by_name("acme")
    assert (setup.credential_id, setup.webhook_ids) == (7, (4,))
    with store._vault.reading() as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert [entry.environment for entry in store.audit.entries()] == [""]
    # Ids go on where they were, and references are heeded as before.
    assert store.credentials.add(new("next")).id == 101
    with pytest.raises(InUse):
        store.credentials.delete(7)
    store.webhooks.delete(4)
    assert store.events.count() == 0
    store.credentials.delete(7)
    assert store.verifications.history(7) == []


def test_a_migration_that_would_lose_references_changes_nothing(
    older: Path, passphrase: SecretStr, reopen: Reopen
) -> None:
    released = list(MIGRATIONS._migrations)

    def loses(db: Any) -> None:
        db.execute("DELETE FROM credentials")

    MIGRATIONS(name="9001_loses")(loses)
    try:
        with pytest.raises(DamagedStore):
            Store.open(older, passphrase, actor=ADA)
    finally:
        MIGRATIONS._migrations[:] = released

    assert reopen(older).verifications.history(7)
