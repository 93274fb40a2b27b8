"""What becomes of calls: kept once, refused with the reason, and consent changed once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta

import pytest

from smstui.providers.base import Result
from smstui.store import Store
from smstui.store.environments import NewEnvironment
from smstui.store.errors import DiskFull
from smstui.store.records import ListQuery
from smstui.webhooks.base import Call
from smstui.webhooks.intake import Incoming, Intake
from smstui.webhooks.resend import replay
from smstui.webhooks.vendors.twilio import TwilioWebhooks
from tests.conftest import NOW, MakeStore
from tests.webhooks.stage import (
    NUMBER,
    SENDER,
    WEBHOOKS,
    consents,
    events,
    filled,
    forged,
    known,
    opened,
    sample,
    take,
    text,
)


@pytest.fixture
def store(make_store: MakeStore) -> Iterator[Store]:
    """An open store with webhooks of every vendor."""
    with opened(filled(make_store())) as store:
        yield store


@pytest.mark.parametrize("path", [path for path in WEBHOOKS if path != "header"])
@pytest.mark.parametrize("feedback", [False, True])
def test_a_genuine_call_is_kept_once_however_often_it_comes(
    store: Store, path: str, feedback: bool
) -> None:
    first, again = (sample(store, path, feedback=feedback) for _ in range(2))
    (taken,) = take(store, first)
    assert taken.answer.status in (200, 204)
    (kept,) = taken.kept
    (event,) = events(store)
    assert event.id == kept.id
    assert event.event.kind == ("feedback" if feedback else "inbound")
    assert event.call.body == first.call.body
    assert event.event.word == ("delivered" if feedback else "opt-out")
    assert bool(event.event.outcome) == feedback
    before = consents(store)
    assert list(before.values()) == ([] if feedback else ["out"])

    (taken,) = take(store, again)
    assert taken.answer.status in (200, 204)
    assert taken.kept == ()
    (event,) = events(store)
    assert (event.repeats, event.repeated_at) == (1, again.call.received)
    assert consents(store) == before
    (row,) = store.webhooks.rows([store.webhooks.by_path(path).id])
    assert (row.event_at, row.event_word) == (NOW, event.event.word)


@pytest.mark.parametrize(
    ("said", "word", "result", "state"),
    [
        ("STOP", "opt-out", "", "out"),
        ("start!", "opt-in", "", "in"),
        ("HELP", "help", "", None),
        ("see you at six", "no keyword", "", None),
        ("STOPP", "near miss", Result.WARNED, None),
    ],
)
def test_a_text_is_matched_and_changes_consent_when_it_should(
    store: Store, said: str, word: str, result: str, state: str | None
) -> None:
    take(store, text(said))

    (record,) = events(store)
    event = record.event
    assert (event.word, event.result, event.text) == (word, result, said)
    assert (event.sender, event.recipient) == (NUMBER, SENDER)
    assert event.is_fuzzy == (word == "near miss")
    assert consents(store) == ({NUMBER: state} if state else {})
    assert (event.consent_before, event.consent_after) == ("", state or "")
    if word == "opt-out":
        assert event.reply == "You are out."
    trial = replay(store, record.id)
    assert trial.category == event.category
    assert trial.consent_after == state
    assert len(events(store)) == 1


def test_a_call_is_taken_in_where_its_webhook_is_wherever_the_receiver_began(
    store: Store,
) -> None:
    elsewhere = store.acting_in(store.environments.add(NewEnvironment("stage")).id)

    take(elsewhere, text("STOP"))

    assert consents(store) == {NUMBER: "out"}
    assert (consents(elsewhere), elsewhere.events.count()) == ({}, 0)
    (record,) = events(store)
    assert replay(elsewhere, record.id).consent_before == "out"
    take(elsewhere, text("START", "SM9"))
    assert events(store)[-1].event.consent_before == "out"


def test_consent_is_changed_by_each_text_in_its_order_within_one_batch(store: Store) -> None:
    calls = [text(said, f"SM{n}") for n, said in enumerate(["STOP", "START", "STOP", "STOP"])]
    take(store, *calls, calls[1])

    assert consents(store) == {NUMBER: "out"}
    (id_,) = store.consents.ids(ListQuery(sort="number"))
    told = [(c.before, c.after) for c in reversed(store.consents.history(id_))]
    assert told == [("", "out"), ("out", "in"), ("in", "out")]
    assert [record.event.consent_after for record in events(store)] == ["out", "in", "out", ""]


def test_a_forged_call_is_kept_as_refused_with_the_reason_and_cut_short(store: Store) -> None:
    call = forged(text("STOP"), b"x=" + b"y" * 40_000)
    (taken,) = take(store, call)

    assert taken.answer.status == 401
    (record,) = events(store)
    assert (record.event.kind, record.event.result) == ("refused", "failed")
    assert record.event.word == "bad signature"
    assert "https://hooks.example.test/w/twilio" in record.event.reason
    assert record.call.url == call.call.url
    assert len(record.call.body) == 16_384
    assert consents(store) == {}


def test_a_replayed_call_is_refused_and_a_fresh_one_with_the_same_text_is_not(
    store: Store,
) -> None:
    call = sample(store, "sinch")
    first, again = take(store, call, call)
    assert (first.answer.status, again.answer.status) == (200, 401)
    assert [record.event.word for record in events(store)] == ["opt-out", "replayed"]
    (fresh,) = take(store, sample(store, "sinch"))
    assert fresh.answer.status == 200
    assert events(store)[0].repeats == 1


def test_an_unknown_path_is_answered_and_leaves_nothing(store: Store) -> None:
    unknown = Incoming("nobody", text("STOP").call)
    (taken,) = take(store, unknown)
    assert (taken.answer.status, taken.answer.body) == (404, b"")
    assert events(store) == []


def test_what_one_call_does_harms_no_other(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    read = TwilioWebhooks.read

    def stumble(self: TwilioWebhooks, webhook: object, call: Call) -> object:
        if b"SM2" in call.body:
            raise RecursionError
        return read(self, webhook, call)  # type: ignore[arg-type] # as its own

    monkeypatch.setattr(TwilioWebhooks, "read", stumble)
    calls = [text("STOP", "SM1"), text("x", "SM2"), text("START", "SM3"), forged(text("x", "SM4"))]
    answers = [taken.answer.status for taken in take(store, *calls)]

    assert answers == [200, 400, 200, 401]
    words = [record.event.word for record in events(store)]
    assert words == ["opt-out", "not understood", "opt-in", "bad signature"]
    assert events(store)[1].call.body == calls[1].call.body
    assert consents(store) == {NUMBER: "in"}


def test_a_full_disk_keeps_nothing_of_a_batch_and_the_next_one_all(store: Store) -> None:
    intake = Intake(store)
    calls = [text("x" * 1500, f"SM{n}") for n in range(100)]
    with store._vault.reading() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFull):
        intake.take(calls)
    assert events(store) == []
    with store._vault.reading() as db:
        db.execute("PRAGMA max_page_count = 1000000")
    assert all(taken.kept for taken in intake.take(calls))
    assert len(events(store)) == 100


def test_what_callers_prove_themselves_with_is_not_kept_and_signatures_are(store: Store) -> None:
    for path in WEBHOOKS:
        take(store, sample(store, path))
    wrong = sample(store, "sinch-basic")
    headers = (("Authorization", "Basic c29tZWJvZHk6ZWxzZQ=="), ("X-Other", "pässword-1234567890"))
    take(store, dataclasses.replace(wrong, call=dataclasses.replace(wrong.call, headers=headers)))

    kept = {name.lower(): value for record in events(store) for name, value in record.call.headers}
    assert kept["authorization"] == kept["x-webhook-key"] == kept["x-other"] == "•••"
    assert len(kept["x-twilio-signature"]) == 28
    assert kept["x-sinch-webhook-signature-nonce"]


def test_a_webhook_that_changes_elsewhere_counts_at_once(make_store: MakeStore) -> None:
    path = filled(make_store())
    with opened(path) as store, opened(path) as other:
        intake = Intake(store)
        assert intake.take([text("STOP", "SM1")])[0].answer.status == 200
        record = other.webhooks.by_path("twilio")
        other.webhooks.delete(record.id, revision=record.revision)
        assert intake.take([text("STOP", "SM2")])[0].answer.status == 404


def test_old_calls_go_by_small_portions_and_consent_stays(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smstui.webhooks.intake.PRUNE_AT_ONCE", 3)
    old = NOW - timedelta(days=31)
    intake = Intake(store)
    intake.take([text("STOP", f"SM{n}", now=old) for n in range(5)] + [text("HELP", "SM9")])

    assert not intake.prune(NOW, 0)
    assert len(events(store)) == 6
    assert intake.prune(NOW, 30)
    assert not intake.prune(NOW, 30)
    assert [record.event.word for record in events(store)] == ["help"]
    assert consents(store) == {NUMBER: "out"}
    assert known(store, "twilio").name == "twilio"
