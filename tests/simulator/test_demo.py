"""The demo's past: webhooks, what came in by them, and what that did, the same in every run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from smstui.simulator import demo
from smstui.simulator.clock import DemoClock
from smstui.simulator.demo_webhooks import HOOKS, LIVE, Conversation
from smstui.simulator.server import Simulator
from smstui.store import Store
from smstui.store.records import Actor, ListQuery
from smstui.store.webhook_records import EventQuery
from smstui.webhooks.settings import ReceiverSettings

Fill = Callable[..., Store]


@pytest.fixture
def fill(tmp_path: Path, request: pytest.FixtureRequest) -> Fill:
    """Make the store of a demo, and open it."""

    def make(name: str, *more: Any) -> Store:
        clock, path = DemoClock(demo.TODAY), tmp_path / name / "demo.db"
        path.parent.mkdir(mode=0o700)
        with Simulator(clock=clock) as simulator:
            passphrase = demo.fill(path, simulator, clock, *more)
        assert clock() == demo.TODAY
        store = Store.open(path, passphrase, actor=Actor("ada"), clock=clock)
        request.addfinalizer(store.close)
        return store

    return make


def events(store: Store) -> list[Any]:
    return store.events.rows(store.events.ids(EventQuery()))


def test_its_webhooks_have_heard_of_everything_there_is(fill: Fill) -> None:
    store = fill("one")
    webhooks = store.webhooks.rows(store.webhooks.ids(ListQuery()))
    assert sorted(row.name for row in webhooks) == sorted(hook.name for hook in HOOKS)
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


def test_texts_changed_consent_and_reports_settled_verifications(fill: Fill) -> None:
    store = fill("one")
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


def test_two_demos_are_alike_but_for_the_port(fill: Fill) -> None:
    one, other = fill("one"), fill("other", ReceiverSettings(port=4099))
    assert events(one) == events(other)
    assert ReceiverSettings.load(one) == ReceiverSettings()
    assert ReceiverSettings.load(other).port == 4099
    for hook in HOOKS:
        assert one.webhooks.by_name(hook.name).path == hook.path
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
