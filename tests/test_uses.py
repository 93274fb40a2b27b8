"""Who depends on whom: asked both ways, heeded by deletions, never left dangling."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smstui import credentials
from smstui.channels import runs
from smstui.channels import stored as channels
from smstui.errors import SmstuiError
from smstui.store import Store
from smstui.store.errors import InUse, StaleRevision, StoreError
from smstui.store.rcs_setups import NewSetup, SetupRecord
from smstui.store.records import Actor, NewCredential
from smstui.store.references import CHANNEL, CREDENTIAL, REFERENCES, SETUP, WEBHOOK, told
from smstui.times import Clock
from smstui.uses import repository_of, used_words, uses_of
from smstui.webhooks import stored as webhooks
from tests.channels.kit import activate, draft
from tests.channels.kit import webhook as kept_webhook

KINDS = (CREDENTIAL, WEBHOOK, CHANNEL, SETUP)


@pytest.fixture(scope="module")
def two_sessions(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A function that returns two sessions on one new store, without deriving its key again."""
    from tests.conftest import NOW, PASSPHRASE

    folder = tmp_path_factory.mktemp("sessions")
    folder.chmod(0o700)
    clock: Clock = lambda: NOW  # noqa: E731 - a constant
    opened: list[Store] = []
    with Store.open(empty_store, PASSPHRASE, actor=Actor("ada"), clock=clock) as store:
        handle = store.handle

    def start() -> tuple[Store, Store]:
        for store in opened:
            store.close()
        opened.clear()
        path = folder / "smstui.db"
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        shutil.copy(empty_store, path)
        path.chmod(0o600)
        for user in ("ada", "grace"):
            opened.append(Store.reopen(path, handle, actor=Actor(user), clock=clock))
        return opened[0], opened[1]

    yield start
    for store in opened:
        store.close()


def setup_of(name: str, credential_id: int | None, *webhook_ids: int) -> NewSetup:
    return NewSetup(
        name, "Twilio", "test", credential_id=credential_id, webhook_ids=tuple(webhook_ids)
    )


def fill(store: Store) -> dict[str, int]:
    """A credential with a webhook, an active configuration and a set-up; their ids by kind."""
    main = store.credentials.add(NewCredential("Twilio", "main", {}, {}))
    hook = kept_webhook(store, "Twilio", "replies", "main")
    channel = activate(store)
    with store.changing():
        store._vault._database().execute(
            "INSERT INTO channel_webhooks VALUES (?, ?)", (channel.id, hook.id)
        )
    setup = store.rcs_setups.add(setup_of("brand", main.id, hook.id))
    return {CREDENTIAL: main.id, WEBHOOK: hook.id, CHANNEL: channel.id, SETUP: setup.id}


def test_it_is_asked_both_ways(two_sessions: Callable[[], tuple[Store, Store]]) -> None:
    store, _other = two_sessions()
    ids = fill(store)

    def around(kind: str) -> tuple[list[str], list[str]]:
        uses = uses_of(store, repository_of(store, kind), ids[kind])
        return [use.name for use in uses.users], [use.name for use in uses.used]

    assert around(CREDENTIAL) == (["replies", "Acme_SMS", "brand"], [])
    assert around(WEBHOOK) == (["Acme_SMS", "brand"], ["main"])
    assert around(CHANNEL) == ([], ["main", "replies"])
    assert around(SETUP) == ([], ["main", "replies"])
    users = store.references.used_by(CREDENTIAL, ids[CREDENTIAL])
    assert [use.holds for use in users] == [True, True, False]
    assert used_words(users) == "used by 1 webhook, 1 channel, 1 RCS set-up"
    assert used_words([]) == ""
    assert told(users) == (
        "SMS webhooks: replies; channel configurations: Acme_SMS; RCS set-ups: brand"
    )


def test_what_is_only_remembered_is_forgotten_and_not_written_back(
    two_sessions: Callable[[], tuple[Store, Store]],
) -> None:
    store, other = two_sessions()
    ids = fill(store)
    opened = other.rcs_setups.get(ids[SETUP])
    with pytest.raises(InUse) as refused:
        store.credentials.delete(ids[CREDENTIAL])
    assert [use.name for use in refused.value.users] == ["replies", "Acme_SMS"]
    store.channels.delete(ids[CHANNEL])
    store.webhooks.delete(ids[WEBHOOK])
    store.credentials.delete(ids[CREDENTIAL])
    left = store.rcs_setups.get(ids[SETUP])
    assert (left.credential_id, left.webhook_ids) == (None, ())
    with pytest.raises(StaleRevision):
        other.rcs_setups.remember(opened.id, as_new(opened), revision=opened.revision)


def as_new(record: SetupRecord) -> NewSetup:
    wanted = (field.name for field in dataclasses.fields(NewSetup))
    return NewSetup(**{name: getattr(record, name) for name in wanted})


# Any order of actions, from two sessions


class Session:
    """A session that acts on records as it saw them last, which may be long ago."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.seen: dict[tuple[str, str], Any] = {}
        self.refusals: list[SmstuiError] = []

    def act(self, what: str, kind: str, name: str, other: str, third: str) -> None:
        """Do something; what the store refuses is noted."""
        try:
            getattr(self, what)(kind, name, other, third)
        except SmstuiError as error:
            self.refusals.append(error)

    def look(self, kind: str, name: str, *_rest: str) -> None:
        self.seen[kind, name] = repository_of(self.store, kind).by_name(name)

    def add(self, kind: str, name: str, other: str, third: str) -> None:
        store = self.store
        if kind == CREDENTIAL:
            credentials.create(store, "Sinch", {"name": name, "service_id": "p", "api_token": "t"})
        elif kind == WEBHOOK:
            kept_webhook(store, "Sinch", name, other)
        elif kind == CHANNEL:
            channels.create(store, draft(name, mobile_configuration=other))
        else:
            with store.changing():
                ids = store.credentials.by_name(other).id, store.webhooks.by_name(third).id
                store.rcs_setups.add(setup_of(name, *ids))

    def delete(self, kind: str, name: str, *_rest: str) -> None:
        record = self.seen.get((kind, name))
        revision = record.revision if record is not None and len(name) > 1 else None
        records = repository_of(self.store, kind)
        records.delete(records.by_name(name).id, revision=revision)

    def change(self, kind: str, name: str, other: str, third: str) -> None:
        record = self.seen.get((kind, name)) or repository_of(self.store, kind).by_name(name)
        if kind == WEBHOOK:
            whole = {**webhooks.stored_draft(record), "credential": other}
            webhooks.update(self.store, record, whole)
        elif kind == CHANNEL:
            whole = {**channels.stored_draft(record), "mobile_configuration": other}
            if record.state == "Active":
                runs.begin_update(self.store, record, whole)
            else:
                channels.update(self.store, record, whole)
        elif kind == SETUP:
            self.store.rcs_setups.remember(record.id, as_new(record), revision=record.revision)

    def run(self, _kind: str, name: str, _other: str, third: str) -> None:
        record = self.store.channels.by_name(name)
        if record.run is None:
            runs.begin(self.store, record)
            return
        hook = self.seen.get((WEBHOOK, third)) or self.store.webhooks.by_name(third)
        runs.end(self.store, record.id, record.run.token, [], [hook.id])

    def stop(self, _kind: str, name: str, *_rest: str) -> None:
        record = self.seen.get((CHANNEL, name)) or self.store.channels.by_name(name)
        self.store.channels.deactivate(record.id, revision=record.revision)


NAMES = st.sampled_from(["a", "bb"])
ACTIONS = st.tuples(
    st.booleans(),
    st.sampled_from(["add", "add", "delete", "change", "look", "run", "run", "stop"]),
    st.sampled_from(KINDS),
    NAMES,
    NAMES,
    NAMES,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ACTIONS, min_size=8, max_size=40))
def test_no_order_of_actions_leaves_a_reference_dangling(
    two_sessions: Callable[[], tuple[Store, Store]], actions: list[Any]
) -> None:
    sessions = [Session(store) for store in two_sessions()]
    for name in ("a", "bb"):  # Something to begin with; most actions would find nothing else.
        for kind in KINDS:
            sessions[0].act("add", kind, name, "a", name)
            sessions[1].act("look", kind, name, "", "")
    for which, *action in actions:
        sessions[which].act(*action)
        check_whole(sessions[0].store)
        # Each in its own words, none as a fault of SQLite.
        assert all(type(error) is not StoreError for error in sessions[which].refusals)


def check_whole(store: Store) -> None:
    """Check that all that is named is there, and that both ways to ask agree."""
    ids = {}
    for kind in KINDS:
        table = repository_of(store, kind).table
        with store._vault.reading() as db:
            ids[kind] = {id_ for (id_,) in db.execute(f"SELECT id FROM {table}")}  # noqa: S608 - ours
    with store._vault.reading() as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        for reference in REFERENCES:
            for holder, named in db.execute(reference.pairs).fetchall():
                assert holder in ids[reference.kind]
                assert named is None or named in ids[reference.target]
    forth = {
        (kind, id_, use.kind, use.id)
        for kind in KINDS
        for id_ in ids[kind]
        for use in store.references.uses(kind, id_)
    }
    back = {
        (use.kind, use.id, kind, id_)
        for kind in KINDS
        for id_ in ids[kind]
        for use in store.references.used_by(kind, id_)
    }
    assert forth == back
