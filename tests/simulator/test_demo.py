"""The demo's past: webhooks, what came in by them, and what that did, the same in every run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from smstui.i18n import set_language
from smstui.rcs import stored
from smstui.rcs.base import Step
from smstui.rcs.checklist import left_of, waiting_sentence
from smstui.rcs.trial import last_test
from smstui.simulator import demo
from smstui.simulator.clock import DemoClock
from smstui.simulator.demo_channels import DRAFT, FAILED, MARKETING, OLD, RCS, SERVICE
from smstui.simulator.demo_rcs import FINISHED, WAITING
from smstui.simulator.demo_webhooks import HOOKS, LIVE, Conversation
from smstui.simulator.server import Simulator
from smstui.store import Store
from smstui.store.records import Actor, ListQuery
from smstui.store.webhook_records import EventQuery
from smstui.webhooks.settings import ReceiverSettings


@contextmanager
def filled(folder: Path, *more: Any) -> Iterator[Store]:
    """Make the store of a demo, and open it."""
    set_language("en")
    clock, path = DemoClock(demo.TODAY), folder / "demo.db"
    with Simulator(clock=clock) as simulator:
        passphrase = demo.fill(path, simulator, clock, *more)
    assert clock() == demo.TODAY
    with Store.open(path, passphrase, actor=Actor("ada"), clock=clock) as store:
        yield store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The store of a demo, made once for the tests that only read."""
    folder = tmp_path_factory.mktemp("demo")
    folder.chmod(0o700)
    with filled(folder) as store:
        yield store


def events(store: Store) -> list[Any]:
    return store.events.rows(store.events.ids(EventQuery()))


def test_its_notes_tell_the_passphrase_that_opens_it_when_it_is_locked() -> None:
    set_language("en")
    with Simulator() as simulator:
        said = demo.notes(simulator, SecretStr("4f2a9c0b11d3"))
    assert "4f2a9c0b11d3" in said.splitlines()[0]


def test_its_webhooks_have_heard_of_everything_there_is(store: Store) -> None:
    webhooks = store.webhooks.rows(store.webhooks.ids(ListQuery()))
    names = [hook.name for hook in HOOKS] + [f"{FINISHED} replies and reports"]
    assert sorted(row.name for row in webhooks) == sorted(names)
    assert all(row.event_at for row in webhooks)
    rows = events(store)
    assert {row.kind for row in rows} == {"inbound", "feedback", "refused"}
    words = Counter(row.word for row in rows)
    assert {"opt-in", "opt-out", "double opt-in", "help", "near miss", "no keyword"} <= set(words)
    assert {"delivered", "read", "landline", "no route"} <= set(words)
    (refused,) = [row for row in rows if row.kind == "refused"]
    assert refused.word == "bad signature"
    (repeated,) = [row for row in rows if row.repeats]
    assert repeated.text == "Stop."
    moments = [row.at for row in rows]
    assert moments == sorted(moments, reverse=True)
    assert max(moments) < demo.TODAY


def test_its_channel_configurations_are_in_every_status(store: Store) -> None:
    channels = store.channels.rows(store.channels.ids(ListQuery()))
    assert {row.name: (row.state, row.update_state) for row in channels} == {
        MARKETING: ("Active", "Failed"),
        SERVICE: ("Active", ""),
        RCS: ("Active", ""),
        FAILED: ("Failed", ""),
        DRAFT: ("Draft", ""),
        OLD: ("Deactivated", ""),
    }
    words = {row.name: row.word for row in channels}
    assert (words[MARKETING], words[FAILED]) == ("sender unknown", "sender unknown")
    active = [store.channels.by_name(name) for name in (SERVICE, RCS)]
    assert all(record.webhook_ids for record in active)
    assert all(record.run is None for record in active)


def test_texts_changed_consent_and_reports_settled_verifications(store: Store) -> None:
    consents = store.consents.rows(store.consents.ids(ListQuery(sort="number")))
    assert Counter(row.state for row in consents) == {"in": 2, "out": 2}
    assert any(row.changes == 2 for row in consents)
    credentials = {
        row.name: row.verified_word
        for row in store.credentials.rows(store.credentials.ids(ListQuery()))
    }
    # Neither can be asked for the state of a message: a webhook has told it.
    assert credentials["sinch-rcs"] == credentials["acme-relay"] == "delivered"
    assert credentials["twilio-main"] == "delivered"


def test_one_rcs_set_up_is_finished_and_one_waits_for_google(store: Store) -> None:
    rows = store.rcs_setups.rows(store.rcs_setups.ids(ListQuery()))
    waiting, finished = [stored.load(store, row.id) for row in rows]
    assert (waiting.name, waiting.step.value) == (WAITING, "register")
    assert waiting_sentence(rows[0].waiting_for, rows[0].waiting_since) == (
        "waiting for Google's review, the carriers since 2026-11-03"
    )
    assert waiting.status is not None
    assert "TWILIO_REVIEW" in {line.word for line in waiting.status.lines}
    assert waiting.reachable is Step.WEBHOOK
    assert (finished.name, finished.step.value) == (FINISHED, "done")
    assert (finished.reachable, finished.remarks) == (Step.DONE, ())
    assert left_of(finished.route, finished.notes) == 0
    record = stored.credential_of(store, finished)
    assert record is not None
    assert store.credentials.rows([record.id])[0].verified_word == "delivered"
    last = last_test(store, finished)
    assert last is not None
    assert (last.word, last.channel) == ("read", "RCS")
    assert last_test(store, waiting) is None


def test_two_demos_are_alike_but_for_the_port(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir(mode=0o700)
    with filled(folder, ReceiverSettings(port=4099)) as other:
        assert events(store) == events(other)
        assert ReceiverSettings.load(store) == ReceiverSettings()
        assert ReceiverSettings.load(other).port == 4099
        ids = store.webhooks.ids(ListQuery())
        paths = [store.webhooks.get(id_).path for id_ in ids]
        assert paths == [other.webhooks.get(id_).path for id_ in ids]
        setups = store.rcs_setups.ids(ListQuery())
        assert store.rcs_setups.rows(setups) == other.rcs_setups.rows(setups)
        event = other.events.get(events(other)[-1].id)
    assert event.call.url.startswith("http://127.0.0.1:4099/w/")


def test_a_conversation_comes_in_while_it_runs() -> None:
    clock = DemoClock(demo.TODAY)
    with Simulator(clock=clock) as simulator, simulator.collecting() as calls:
        for hook in HOOKS:
            account = next(i for i in simulator.accounts if (i.vendor, i.label) == hook.account)
            simulator.set_webhook(account, inbound="http://127.0.0.1:1/")
        at_once = [replace(text, before=demo.days(0)) for text in LIVE]
        tomorrow = replace(LIVE[0], before=demo.days(1))
        with Conversation(simulator, [*at_once, tomorrow]):
            while len(calls) < len(LIVE):
                simulator.settle()
        assert len(calls) == len(LIVE)
