"""Credentials, webhooks and channel configurations, changed from two sessions at once.

Whatever is done in whatever order, nothing refers to what is not there.
"""

from __future__ import annotations

import random
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.channels import runs
from smstui.channels.base import Check
from smstui.channels.stored import create, import_document, stored_draft, update
from smstui.errors import SmstuiError
from smstui.providers.base import Result
from smstui.store import Store
from smstui.store.channel_records import ChannelRecord, State
from smstui.store.records import Actor, ListQuery, NewCredential
from smstui.store.webhook_records import NewWebhook, WebhookRecord
from tests.channels.kit import draft
from tests.conftest import NOW

NAMES = ("Alpha", "Beta", "Gamma")
VENDORS = ("Twilio", "Sinch", "Infobip")


class Session:
    """One of those who work with the store; what it has seen may be out of date."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.channels: dict[str, ChannelRecord] = {}
        self.webhooks: dict[str, WebhookRecord] = {}
        self.running: list[ChannelRecord] = []

    # Looking

    def look(self, x: int, _y: int) -> None:
        """See how a configuration and a webhook stand."""
        name = NAMES[x % 3]
        self.channels[name] = self.store.channels.by_name(name)
        self.webhooks[name] = self.store.webhooks.by_name(name)

    # Credentials and webhooks

    def add_credential(self, x: int, y: int) -> None:
        self.store.credentials.add(NewCredential(VENDORS[y % 3], NAMES[x % 3], {}, {}))

    def delete_credential(self, x: int, _y: int) -> None:
        self.store.credentials.delete(self.store.credentials.by_name(NAMES[x % 3]).id)

    def add_webhook(self, x: int, y: int) -> None:
        name = NAMES[x % 3]
        self.webhooks[name] = self.store.webhooks.add(self._webhook(name, y, f"path{x % 3}"))

    def change_webhook(self, x: int, y: int) -> None:
        seen = self.webhooks[NAMES[x % 3]]
        new = self._webhook(seen.name, y, seen.path)
        self.store.webhooks.replace(seen.id, new, revision=seen.revision)

    def delete_webhook(self, x: int, _y: int) -> None:
        self.store.webhooks.delete(self.webhooks[NAMES[x % 3]].id)

    def _webhook(self, name: str, y: int, path: str) -> NewWebhook:
        # The id may be of a credential that was deleted since: the store has the last word.
        known = [*self.store.credentials.ids(ListQuery()), 99]
        return NewWebhook("Sinch", "Inbound", name, known[y % len(known)], path, {}, {})

    # Configurations

    def add_channel(self, x: int, y: int) -> None:
        name = NAMES[x % 3]
        self.channels[name] = create(self.store, self._draft(name, y))

    def import_channel(self, x: int, y: int) -> None:
        document = {"channels": [self._draft(NAMES[x % 3], y)]}
        import_document(self.store, document, replace=y % 2 == 0)

    def change_channel(self, x: int, y: int) -> None:
        seen = self.channels[NAMES[x % 3]]
        self.channels[seen.name] = update(self.store, seen, self._draft(seen.name, y))

    def submit(self, x: int, _y: int) -> None:
        self._began(runs.begin(self.store, self.channels[NAMES[x % 3]]))

    def submit_change(self, x: int, y: int) -> None:
        seen = self.channels[NAMES[x % 3]]
        self._began(runs.begin_update(self.store, seen, self._draft(seen.name, y)))

    def end_run(self, x: int, y: int) -> None:
        begun = self.running.pop(x % len(self.running))
        assert begun.run is not None
        result = Result.FAILED if y % 3 == 0 else Result.PASSED
        ids = [record.id for record in self.webhooks.values()][: y % 4]
        ended = runs.end(self.store, begun.id, begun.run.token, [Check("owner", result, "")], ids)
        self.channels[ended.name] = ended

    def break_off(self, x: int, _y: int) -> None:
        begun = self.running.pop(x % len(self.running))
        assert begun.run is not None
        runs._here.discard(begun.run.token)
        runs.settle(self.store, NOW)

    def deactivate(self, x: int, _y: int) -> None:
        seen = self.channels[NAMES[x % 3]]
        self.channels[seen.name] = self.store.channels.deactivate(seen.id, revision=seen.revision)

    def delete_channel(self, x: int, y: int) -> None:
        seen = self.channels[NAMES[x % 3]]
        self.store.channels.delete(seen.id, revision=seen.revision if y % 2 else None)

    def _draft(self, name: str, y: int) -> dict[str, Any]:
        sms_type = "Marketing" if y % 2 else "Transactional"
        return draft(name, mobile_configuration=NAMES[y % 3], sms_type=sms_type)

    def _began(self, record: ChannelRecord) -> None:
        self.running.append(record)
        self.channels[record.name] = record


ACTS: tuple[Callable[[Session, int, int], None], ...] = (
    Session.look,
    Session.add_credential,
    Session.add_credential,
    Session.delete_credential,
    Session.add_webhook,
    Session.change_webhook,
    Session.delete_webhook,
    Session.add_channel,
    Session.add_channel,
    Session.import_channel,
    Session.change_channel,
    Session.submit,
    Session.submit,
    Session.submit_change,
    Session.end_run,
    Session.end_run,
    Session.break_off,
    Session.deactivate,
    Session.delete_channel,
)

LAST_RESORT = (Session.add_webhook, Session.change_webhook)
"""Acts that name a credential by a bare id, which may be nobody's."""


def act(session: Session, which: int, x: int, y: int) -> bool:
    """Do something, and return whether it was done; being refused with a sentence is fine."""
    try:
        ACTS[which % len(ACTS)](session, x, y)
    except (KeyError, ZeroDivisionError):
        return False  # It has seen none yet, or nothing runs.
    except SmstuiError as error:
        # The last resort refuses a reference to what never was; all else has a sentence.
        if "SQLite reports" in error.message and ACTS[which % len(ACTS)] not in LAST_RESORT:
            raise
        return False
    return True


def check_graph(store: Store) -> None:
    """Assert that everything refers to what is there, in its own environment."""
    with store._vault.reading() as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        strangers = db.execute(
            "SELECT c.name FROM channels c LEFT JOIN credentials k ON k.id = c.credential_id"
            " WHERE c.credential_id NOT NULL AND k.environment_id IS NOT c.environment_id"
        ).fetchall()
        assert strangers == []
    for channel_id in store.channels.ids(ListQuery()):
        record = store.channels.get(channel_id)
        if record.credential_id is not None:
            assert store.credentials.get(record.credential_id).name == record.credential
        webhooks = [store.webhooks.get(webhook_id) for webhook_id in record.webhook_ids]
        assert not webhooks or record.state is State.ACTIVE
        assert (record.state is State.PROCESSING) <= record.is_busy
        if record.state is not State.DRAFT:
            assert record.credential_id is not None
        assert stored_draft(record)["name"] == record.name
        for webhook in webhooks:
            users = store.references.used_by("webhook", webhook.id)
            assert record.name in [use.name for use in users]


class Opened:
    """Opens copies of one empty store without deriving its key again."""

    def __init__(self, path: Path, folder: Path, handle: SecretStr) -> None:
        self._path = path
        self._folder = folder
        self._handle = handle

    @contextmanager
    def sessions(self, users: str = "ab") -> Iterator[list[Session]]:
        """Give sessions of several people on one fresh store."""
        copy = self._folder / "copy.db"
        for old in self._folder.glob("copy.db*"):
            old.unlink()
        shutil.copy(self._path, copy)
        copy.chmod(0o600)
        stores = [self.open(copy, user) for user in users]
        try:
            yield [Session(store) for store in stores]
        finally:
            for store in stores:
                store.close()

    def open(self, path: Path, user: str) -> Store:
        """Open a copy for somebody."""
        return Store.reopen(path, self._handle, actor=Actor(user), clock=lambda: NOW)


@pytest.fixture(scope="module")
def opened(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """An empty store that is opened quickly."""
    from tests.conftest import PASSPHRASE

    folder = tmp_path_factory.mktemp("graph")
    folder.chmod(0o700)
    path = folder / "empty.db"
    shutil.copy(empty_store, path)
    path.chmod(0o600)
    with Store.open(path, PASSPHRASE, actor=Actor("ada"), clock=lambda: NOW) as store:
        handle = store.handle
    return Opened(path, folder, handle)


STEPS = st.lists(
    st.tuples(
        st.integers(0, 1), st.integers(0, len(ACTS) - 1), st.integers(0, 8), st.integers(0, 8)
    ),
    min_size=10,
    max_size=40,
)


def go_through(opened: Opened, steps: list[tuple[int, int, int, int]]) -> None:
    """Do what is drawn, in turns, and look at the graph after every step that did something."""
    with opened.sessions() as sessions:
        for who, which, x, y in steps:
            if act(sessions[who], which, x, y):
                check_graph(sessions[1 - who].store)


@settings(max_examples=15, deadline=None, database=None, derandomize=True)
@given(steps=STEPS)
def test_no_order_of_acts_leaves_a_reference_dangling(
    opened: Opened, steps: list[tuple[int, int, int, int]]
) -> None:
    go_through(opened, steps)


@pytest.mark.prove
@settings(max_examples=3000, deadline=None, database=None)
@given(steps=STEPS)
def test_no_order_of_acts_leaves_a_reference_dangling_at_length(
    opened: Opened, steps: list[tuple[int, int, int, int]]
) -> None:
    go_through(opened, steps)


def at_once(opened: Opened, acts: int, seed: int) -> Counter[str]:
    """Let two threads do random things to one store, and return how often each was done."""
    done: Counter[str] = Counter()
    trouble: list[BaseException] = []
    with opened.sessions("") as _none:
        copy = opened._folder / "copy.db"

        def work(user: str) -> None:
            dice = random.Random(f"{seed} {user}")  # noqa: S311 - a test's own dice
            try:
                with opened.open(copy, user) as store:
                    session = Session(store)
                    for _turn in range(acts):
                        which = dice.randrange(len(ACTS))
                        if act(session, which, dice.randrange(9), dice.randrange(9)):
                            done[ACTS[which].__name__] += 1
            except BaseException as error:  # noqa: BLE001 - handed to the test below
                trouble.append(error)

        threads = [threading.Thread(target=work, args=(user,)) for user in ("ada", "grace")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert trouble == []
        with opened.open(copy, "linus") as store:
            check_graph(store)
    return done


def test_two_at_once_leave_no_reference_dangling(opened: Opened) -> None:
    done = at_once(opened, 300, seed=7)
    # What each of them gets done depends on the other's pace; neither stands still.
    assert {"add_credential", "delete_credential"} <= set(done)


@pytest.mark.prove
def test_two_at_once_leave_no_reference_dangling_at_length(opened: Opened) -> None:
    done: Counter[str] = Counter()
    for seed in range(60):
        done += at_once(opened, 400, seed)
    assert set(done) == {each.__name__ for each in ACTS}
