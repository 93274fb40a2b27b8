"""Verifications and the audit trail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from smstui.store import Store
from smstui.store.errors import NameTaken, NotFound
from smstui.store.records import Action, ListQuery, NewCredential, VerificationRecord

New = Callable[..., NewCredential]


def verify(store: Store, credential_id: int, **values: Any) -> VerificationRecord:
    run = {
        "depth": "send",
        "result": "passed",
        "word": "delivered",
        "seconds": 1.5,
        "to": "+393331234567",
        "message_id": "SM1",
        "record": {"stages": [{"name": "shape"}]},
    }
    return store.verifications.add(credential_id, **{**run, **values})


def test_a_run_is_kept_and_shown_in_the_list_without_a_new_revision(store: Store, new: New) -> None:
    record = store.credentials.add(new("twilio-main"))

    kept = verify(store, record.id)

    assert store.verifications.history(record.id) == [kept]
    assert kept.record == {"stages": [{"name": "shape"}]}
    (row,) = store.credentials.rows([record.id])
    assert (row.verified_at, row.verified_result, row.verified_word) == (
        kept.at,
        "passed",
        "delivered",
    )
    assert store.credentials.get(record.id) == record
    assert list(store.credentials.ids(ListQuery("DELIVERED"))) == [record.id]


def test_a_run_that_goes_on_is_updated_in_place(store: Store, new: New) -> None:
    record = store.credentials.add(new("twilio-main"))
    older = verify(store, record.id, result="pending", word="accepted")

    after = store.verifications.update(
        older.id,
        result="failed",
        word="undelivered",
        seconds=9.0,
        message_id="SM2",
        record={"done": True},
    )

    assert store.verifications.history(record.id) == [after]
    assert (after.word, after.to, after.at) == ("undelivered", older.to, older.at)
    assert store.credentials.rows([record.id])[0].verified_word == "undelivered"


def test_an_older_run_does_not_hide_a_newer_one(store: Store, new: New) -> None:
    record = store.credentials.add(new("twilio-main"))
    older = verify(store, record.id, word="accepted")
    newer = verify(store, record.id, word="token refused", result="failed")

    store.verifications.update(
        older.id, result="passed", word="delivered", seconds=3.0, message_id="SM1", record={}
    )

    assert store.credentials.rows([record.id])[0].verified_word == "token refused"
    assert [run.id for run in store.verifications.history(record.id)] == [newer.id, older.id]
    assert [run.id for run in store.verifications.history(record.id, limit=1)] == [newer.id]


def test_a_run_of_a_deleted_credential_is_refused_and_its_history_goes(
    store: Store, new: New
) -> None:
    record = store.credentials.add(new("twilio-main"))
    kept = verify(store, record.id)
    store.credentials.delete(record.id)

    with pytest.raises(NotFound, match="deleted"):
        verify(store, record.id)
    with pytest.raises(NotFound, match="deleted"):
        store.verifications.update(
            kept.id, result="passed", word="", seconds=0, message_id="", record={}
        )
    assert store.verifications.history(record.id) == []
    assert store.info().verifications == 0


def test_the_trail_tells_who_did_what_with_names_of_fields_only(store: Store, new: New) -> None:
    record = store.credentials.add(new("twilio-main", token="canary-token"))
    store.credentials.update(
        record.id,
        revision=1,
        name="twilio-eu",
        fields={"account_sid": "canary-sid", "headers": [["a", "b"]]},
        secrets={},
    )
    verify(store, record.id, to="canary-number")
    store.audit.record(
        Action.SECRET_REVEALED, kind="credential", object_id=record.id, name="twilio-eu",
        fields=["auth_token"],
    )  # fmt: skip
    store.credentials.delete(record.id)

    trail = store.audit.entries(kind="credential", object_id=record.id)

    assert [(entry.action, entry.fields) for entry in trail] == [
        ("deleted", ()),
        ("secret revealed", ("auth_token",)),
        ("verified", ("send",)),
        ("updated", ("name", "account_sid", "auth_token")),
        ("created", ("account_sid", "headers", "auth_token")),
    ]
    assert {(entry.user, entry.origin, entry.object_id) for entry in trail} == {
        ("ada", "192.0.2.7", record.id)
    }
    assert "canary" not in repr(trail)


def test_the_trail_can_be_narrowed_and_limited(store: Store, new: New) -> None:
    first = store.credentials.add(new("one"))
    store.credentials.add(new("two"))

    assert [entry.name for entry in store.audit.entries(2)] == ["two", "one"]
    assert [entry.action for entry in store.audit.entries(kind="store")] == ["store created"]
    assert [entry.name for entry in store.audit.entries(object_id=first.id)] == ["one"]


def test_a_change_that_fails_leaves_no_entry(store: Store, new: New) -> None:
    store.credentials.add(new("taken"))
    before = store.audit.entries()

    with pytest.raises(NameTaken):
        store.credentials.add_many([new("one"), new("taken")])

    assert store.audit.entries() == before


def test_the_credentials_in_trouble_come_first(store: Store, new: New) -> None:
    assert list(store.credentials.ids_by_trouble()) == []
    assert store.credentials.results() == {}
    runs = {
        "a": ["failed", "passed"],
        "b": [],
        "c": ["pending"],
        "d": ["warned"],
        "e": ["passed", "failed"],
        "f": ["failed"],
    }
    for name, results in runs.items():
        record = store.credentials.add(new(name))
        for result in results:
            verify(store, record.id, result=result)

    rows = store.credentials.rows(store.credentials.ids_by_trouble())

    assert [row.name for row in rows] == ["e", "f", "d", "c", "b", "a"]
    counts = {"failed": 2, "warned": 1, "pending": 1, "": 1, "passed": 1}
    assert store.credentials.results() == counts
