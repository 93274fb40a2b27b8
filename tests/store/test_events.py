from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smstui.store import Store
from smstui.store.errors import NotFound
from smstui.store.records import ListQuery, NewCredential
from smstui.store.webhook_records import EventQuery, NewEvent
from tests.conftest import NOW
from tests.store.webhook_kit import keep, webhook

STOP = NewEvent(
    kind="inbound",
    result="passed",
    word="opt-out",
    sender="+393331234567",
    recipient="+15005550006",
    text="Stop ☕",
    message_id="MO1",
    key="MO1",
    category="opt_out",
    keyword="STOP",
    reply="You are out.",
    consent_after="out",
    mapped={"InboundMessage": "Stop ☕"},
)
DELIVERED = NewEvent(
    kind="feedback",
    result="passed",
    word="delivered",
    message_id="SM1",
    reference="verify-7",
    key="SM1/delivered",
    outcome={"result": "passed", "word": "delivered", "summary": "delivered"},
)


@pytest.fixture
def hook(store: Store) -> int:
    """The id of a webhook."""
    return store.webhooks.add(webhook("replies")).id


def test_an_event_comes_back_as_it_was_kept(store: Store, hook: int) -> None:
    (id_,) = keep(store, hook, STOP, body=b"\xff\x00raw")

    record = store.events.get(id_)
    assert record.event == STOP
    assert (record.webhook, record.vendor, record.repeats) == ("replies", "Sinch", 0)
    assert record.call.body == b"\xff\x00raw"
    assert record.call.headers == (("A", "b"),)
    (row,) = store.events.rows([id_])
    assert (row.word, row.sender, row.text, row.webhook) == (
        "opt-out", "+393331234567", "Stop ☕", "replies",
    )  # fmt: skip


def test_a_repeated_delivery_is_counted_and_not_kept_twice(store: Store, hook: int) -> None:
    other = store.webhooks.add(webhook("other")).id
    (id_,) = keep(store, hook, STOP)

    assert store.events.repeat(hook, "MO1", NOW + timedelta(seconds=5)) == id_
    assert store.events.repeat(hook, "", NOW) is None
    assert store.events.repeat(other, "MO1", NOW) is None, "ids are the provider's, per webhook"
    record = store.events.get(id_)
    assert (record.repeats, record.repeated_at) == (1, NOW + timedelta(seconds=5))


def test_a_nonce_is_used_once_per_webhook_and_forgotten_in_time(store: Store, hook: int) -> None:
    other = store.webhooks.add(webhook("other")).id
    assert store.events.use_nonce(hook, "n", NOW)
    assert not store.events.use_nonce(hook, "n", NOW)
    assert store.events.use_nonce(other, "n", NOW)
    store.events.forget_nonces(NOW + timedelta(seconds=1))
    assert store.events.use_nonce(hook, "n", NOW)


def test_lists_are_newest_first_filtered_and_told_what_is_new(store: Store, hook: int) -> None:
    other = store.webhooks.add(webhook("other")).id
    first, second = keep(store, hook, STOP, DELIVERED)
    (third,) = keep(store, other, NewEvent(kind="refused", result="failed", word="bad signature"))

    events = store.events
    assert list(events.ids(EventQuery())) == [third, second, first]
    assert list(events.ids(EventQuery(after=first))) == [third, second]
    assert list(events.ids(EventQuery(webhook_id=hook))) == [second, first]
    assert list(events.ids(EventQuery(text="STOP 39333 replies"))) == [first]
    assert list(events.ids(EventQuery(text="signature other"))) == [third]
    assert list(events.ids(EventQuery(webhook_id=hook, limit=1))) == [second]
    assert events.count() == 3


def test_news_of_a_message_come_from_webhooks_of_its_credential(store: Store) -> None:
    ids = [
        store.credentials.add(NewCredential("Sinch", name, {}, {})).id for name in ("one", "two")
    ]
    hooks = [store.webhooks.add(webhook(f"hook-{id_}", credential_id=id_)).id for id_ in ids]
    loose = store.webhooks.add(webhook("loose")).id
    (mine,) = keep(store, hooks[0], DELIVERED)
    keep(store, hooks[1], DELIVERED)
    (unbound,) = keep(store, loose, DELIVERED)

    def news(message: str, after: int = 0) -> list[int]:
        return [record.id for record in store.events.news(message, ids[0], after=after)]

    assert news("SM1") == news("verify-7") == [mine, unbound]
    assert news("SM1", after=mine) == [unbound]
    assert news("") == news("SM2") == []


def test_old_events_go_and_consent_stays(store: Store, hook: int) -> None:
    (old,) = keep(store, hook, STOP, at=NOW - timedelta(days=31))
    (new,) = keep(store, hook, DELIVERED)
    store.consents.change(
        "+39", "+1", "out", at=NOW, category="opt_out", keyword="STOP", webhook="replies",
        event_id=old,
    )  # fmt: skip

    assert store.events.prune(NOW - timedelta(days=30)) == 1
    assert list(store.events.ids(EventQuery())) == [new]
    with pytest.raises(NotFound):
        store.events.get(old)
    (entry,) = store.consents.rows(store.consents.ids(ListQuery(sort="number")))
    (change,) = store.consents.history(entry.id)
    assert (entry.state, change.event_id) == ("out", None)


def test_a_deleted_webhook_takes_its_events_and_leaves_consent(store: Store, hook: int) -> None:
    (id_,) = keep(store, hook, STOP)
    store.consents.change(
        "+39", "+1", "out", at=NOW, category="opt_out", keyword="STOP", webhook="replies",
        event_id=id_,
    )  # fmt: skip
    store.webhooks.delete(hook)
    assert store.events.count() == 0
    assert store.consents.state("+39", "+1") == "out"


STATES = st.sampled_from(["in", "out", "asked"])
STEPS = st.lists(st.tuples(st.sampled_from(["+391", "+392"]), st.sampled_from("ab"), STATES))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_the_ledger_is_the_sum_of_its_history(
    store: Store, steps: list[tuple[str, str, str]]
) -> None:
    with store._vault.writing() as db:
        db.execute("DELETE FROM consents")
    hook = store.webhooks.ids(ListQuery(text="ledger"))
    hook_id = hook[0] if hook else store.webhooks.add(webhook("ledger")).id
    (event,) = keep(store, hook_id, NewEvent(kind="inbound"))
    expected: dict[tuple[str, str], list[str]] = {}
    for number, sender, state in steps:
        store.consents.change(
            number, sender, state, at=NOW, category="c", keyword="K", webhook="ledger",
            event_id=event,
        )  # fmt: skip
        expected.setdefault((number, sender), []).append(state)

    entries = store.consents.rows(store.consents.ids(ListQuery(sort="at", descending=True)))
    assert {(e.number, e.sender): e.changes for e in entries} == {
        key: len(states) for key, states in expected.items()
    }
    for entry in entries:
        states = expected[entry.number, entry.sender]
        assert entry.state == states[-1] == store.consents.state(entry.number, entry.sender)
        history = store.consents.history(entry.id)
        assert [change.after for change in reversed(history)] == states
        assert [change.before for change in reversed(history)] == ["", *states[:-1]]
