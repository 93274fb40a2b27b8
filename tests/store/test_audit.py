"""The audit trail: what it tells, and what it is looked for by."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smstui.activity import (
    ACTION_WORDS,
    KIND_WORDS,
    FilterTrouble,
    action_word,
    export,
    filter_for,
    kind_word,
    parse_filter,
)
from smstui.i18n import set_language
from smstui.store import Store
from smstui.store.errors import NotFound, StoreError
from smstui.store.named import NamedRecords
from smstui.store.records import Action, Actor, AuditEntry
from smstui.times import Clock
from tests.conftest import NOW
from tests.store.conftest import NewNamed, Reopen


def found(store: Store, text: str) -> list[str]:
    """Return what a filter finds, in a few words each, newest first."""
    entries = store.audit.rows(store.audit.ids(parse_filter(text, NOW)))
    return [f"{entry.user} {entry.action} {entry.name}".strip() for entry in entries]


@pytest.fixture
def trail(path: Path, passphrase: Any) -> Store:
    """A store whose trail tells of three people over some days."""
    moment = [NOW - timedelta(days=9)]
    clock: Clock = lambda: moment[0]  # noqa: E731 - moved below
    store = Store.open(path, passphrase, actor=Actor("ada", "192.0.2.7"), clock=clock)
    grace = store.acting_as(Actor("Grace"))
    store.audit.record(Action.CREATED, kind="credential", object_id=1, name="relay")
    moment[0] = NOW - timedelta(days=3)
    grace.audit.record(
        Action.UPDATED, kind="credential", object_id=1, name="Acme Relay", fields=["name", "token"]
    )
    grace.audit.record(Action.CREATED, kind="webhook", object_id=1, name="relay-replies")
    moment[0] = NOW
    store.audit.record(Action.UPDATED, kind="preference", name="receiver")
    store.audit.record(Action.DELETED, kind="credential", object_id=1, name="Acme Relay")
    return store


def test_it_is_looked_for_by_words_object_user_and_time(trail: Store) -> None:
    # The store's own making is an entry at NOW, by ada.
    for text, wanted in (
        ("", 6),
        ("relay", 4),
        ("object:relay", 3),
        ('object:"acme relay"', 3),
        ("object:ACME", 0),
        ("object:receiver", 1),
        ("user:grace", 2),
        ("user:gra", 0),
        ("gra", 2),
        ("user:grace webhook", 1),
        ("since:3d", 5),
        ("since:2026-11-20", 5),
        ("until:2026-11-20", 3),
        ("since:2026-11-20T10:01 until:2026-11-23T10:00Z", 0),
        ("token", 1),
        ("setting", 1),
        ("SINCE:1h deleted", 1),
        ("192.0.2.7 object:relay", 2),
        ("since: user: object:", 6),
        ('"acme relay" deleted', 1),
    ):
        assert len(found(trail, text)) == wanted, (text, found(trail, text))


def test_an_object_is_found_under_the_names_it_had(trail: Store) -> None:
    told = ["ada deleted Acme Relay", "Grace updated Acme Relay", "ada created relay"]
    assert found(trail, "object:relay") == found(trail, 'object:"Acme Relay"') == told


def test_there_are_words_for_all_that_is_told(store: Store) -> None:
    assert set(ACTION_WORDS) == set(Action)
    kinds = {value.kind for value in vars(store).values() if isinstance(value, NamedRecords)}
    assert kinds <= set(KIND_WORDS)


@pytest.mark.parametrize("language", ["en", "it"])
def test_words_are_those_that_are_shown(trail: Store, language: str) -> None:
    set_language(language)
    assert len(found(trail, f'"{action_word("updated")}"')) == 2
    assert len(found(trail, f'"{kind_word("preference")}"')) == 1


@pytest.mark.parametrize("text", ["since:soon", "until:2026-13-01", "since:2026-11-01T99:00"])
def test_a_time_that_is_none_is_told(text: str) -> None:
    with pytest.raises(FilterTrouble, match="is no time"):
        parse_filter(text, NOW)


@given(st.text())
def test_any_text_is_a_filter_or_told_as_a_time_that_is_none(text: str) -> None:
    try:
        query = parse_filter(text, NOW)
    except FilterTrouble:
        return
    assert all(word.text for word in query.words)


@given(st.text(min_size=1).filter(lambda name: '"' not in name and name == " ".join(name.split())))
def test_a_filter_for_a_name_means_that_name(name: str) -> None:
    query = parse_filter(filter_for("object", name), NOW)
    assert (query.object, query.words) == (name, ())


def test_one_entry_is_read_or_told_as_missing(trail: Store) -> None:
    newest = trail.audit.ids(parse_filter("", NOW))[0]
    entry = trail.audit.get(newest)
    assert isinstance(entry, AuditEntry)
    assert (entry.user, entry.origin, entry.name) == ("ada", "192.0.2.7", "Acme Relay")
    with pytest.raises(NotFound):
        trail.audit.get(newest + 1)


def test_values_never_reach_the_trail(path: Path, reopen: Reopen, new: NewNamed) -> None:
    store = reopen(path)
    record = store.credentials.add(new("main", token="a token to be kept"))
    store.credentials.delete(record.id)
    entries = store.audit.rows(store.audit.ids(parse_filter("object:main", NOW)))
    assert [entry.fields for entry in entries] == [
        (),
        ("account_sid", "headers", "auth_token"),
    ]
    assert "a token to be kept" not in repr(entries)


def test_a_hundred_thousand_entries_are_found_through(path: Path, reopen: Reopen) -> None:
    store = reopen(path)
    with store.changing():
        for number in range(100_000):
            store.audit.record(
                Action.VERIFIED, kind="credential", object_id=number % 500, name=f"c{number % 500}"
            )
    assert len(store.audit.ids(parse_filter("", NOW))) == store.audit.count() == 100_001
    assert len(store.audit.ids(parse_filter("object:c7", NOW))) == 200
    assert len(store.audit.ids(parse_filter("verified c49", NOW))) == 2200


def test_an_export_never_takes_the_place_of_the_store(trail: Store) -> None:
    path = trail.info().path
    before = trail.audit.count()
    for target in (path, path.parent / ".." / path.parent.name / path.name, Path(f"{path}-wal")):
        with pytest.raises(StoreError, match="is the store itself"):
            export(trail, parse_filter("", NOW), target, replace=True)
    assert trail.audit.count() == before


def test_a_path_that_is_no_text_is_told_all_the_same(trail: Store) -> None:
    """Names of files are bytes; half characters stand for those that are no UTF-8."""
    path = trail.info().path.parent / "x\udcff.jsonl"
    assert export(trail, parse_filter("", NOW), path)
    assert trail.audit.entries(1)[0].name.endswith("/x\ufffd.jsonl")
    trail.backup(path.with_name("y\udcff.db"))
    assert trail.audit.entries(1)[0].name.endswith("/y\ufffd.db")
