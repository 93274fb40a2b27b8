from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.store import Store
from smstui.store.credentials import Credentials
from smstui.store.errors import NameTaken, NotFound, StaleRevision
from smstui.store.records import CredentialRecord, ListQuery, NewCredential
from smstui.text import fold

New = Callable[..., NewCredential]
Reopen = Callable[..., Store]


def save(store: Store, record: CredentialRecord, **changes: Any) -> CredentialRecord:
    values = {
        "revision": record.revision,
        "name": record.name,
        "fields": record.fields,
        "secrets": record.secrets,
    }
    return store.credentials.update(record.id, **{**values, **changes})


def names(store: Store, **query: Any) -> list[str]:
    credentials = store.credentials
    return [row.name for row in credentials.rows(credentials.ids(ListQuery(**query)))]


def test_record_survives_reopening(store: Store, new: New, path: Path, reopen: Reopen) -> None:
    added = store.credentials.add(new("twilio-main", token='quote " and 🔑'))
    store.close()

    found = reopen(path).credentials.get(added.id)

    assert found == added
    assert found.fields == {"account_sid": "AC" + "0" * 32, "headers": [["a", "b"]]}
    assert found.secrets["auth_token"].get_secret_value() == 'quote " and 🔑'
    assert (found.created_by, found.modified_by, found.revision) == ("ada", "ada", 1)


def test_repr_shows_no_secret(store: Store, new: New) -> None:
    fresh = new("twilio-main", token="canary-token")

    assert "canary-token" not in repr(fresh) + repr(store.credentials.add(fresh))


@pytest.mark.parametrize("taken", ["twilio-main", "TWILIO-Main"])
def test_a_name_is_used_once_whatever_its_case(store: Store, new: New, taken: str) -> None:
    store.credentials.add(new("Twilio-main"))

    with pytest.raises(NameTaken, match="already"):
        store.credentials.add(new(taken))
    assert store.credentials.count() == 1


def test_case_is_ignored_beyond_ascii(store: Store, new: New) -> None:
    store.credentials.add(new("Größe Ä"))

    with pytest.raises(NameTaken):
        store.credentials.add(new("GRÖSSE ä"))
    assert store.credentials.by_name("grösse Ä").name == "Größe Ä"


def test_update_grows_the_revision_and_names_who(
    store: Store, new: New, path: Path, reopen: Reopen
) -> None:
    record = store.credentials.add(new("twilio-main"))

    changed = save(reopen(path, user="bob"), record, name="twilio-eu", secrets={})

    assert (changed.revision, changed.created_by, changed.modified_by) == (2, "ada", "bob")
    assert changed.secrets == {}
    assert names(store, text="twilio-eu") == ["twilio-eu"]
    assert names(store, text="twilio-main") == []


def test_saving_without_a_difference_changes_nothing(store: Store, new: New) -> None:
    record = store.credentials.add(new("twilio-main"))
    before = store.audit.entries()

    assert save(store, record) == record
    assert store.audit.entries() == before


def test_a_stale_revision_is_refused_and_holds_the_other_version(
    store: Store, new: New, path: Path, reopen: Reopen
) -> None:
    mine = store.credentials.add(new("twilio-main"))
    theirs = save(reopen(path, user="bob"), mine, fields={"account_sid": "AC1"})

    with pytest.raises(StaleRevision, match="bob") as caught:
        save(store, mine, fields={"account_sid": "AC2"})

    assert caught.value.current == theirs
    assert store.credentials.get(mine.id) == theirs


def test_what_was_deleted_meanwhile_is_said_with_who(
    store: Store, new: New, path: Path, reopen: Reopen
) -> None:
    record = store.credentials.add(new("twilio-main"))
    reopen(path, user="bob").credentials.delete(record.id)

    with pytest.raises(NotFound, match="twilio-main was deleted by bob"):
        save(store, record, name="other")
    with pytest.raises(NotFound):
        store.credentials.delete(record.id)
    with pytest.raises(NotFound):
        store.credentials.get(record.id)


def test_renaming_to_a_taken_name_is_refused_but_to_other_case_is_not(
    store: Store, new: New
) -> None:
    record = store.credentials.add(new("one"))
    store.credentials.add(new("two"))

    with pytest.raises(NameTaken):
        save(store, record, name="TWO")
    assert save(store, record, name="ONE").name == "ONE"


def test_deleting_a_stale_revision_is_refused(store: Store, new: New) -> None:
    record = store.credentials.add(new("one"))
    save(store, record, name="uno")

    with pytest.raises(StaleRevision):
        store.credentials.delete(record.id, revision=record.revision)
    store.credentials.delete(record.id, revision=2)
    assert store.credentials.count() == 0


def test_ids_are_never_given_twice(store: Store, new: New) -> None:
    first = store.credentials.add(new("one"))
    store.credentials.delete(first.id)

    assert store.credentials.add(new("two")).id > first.id


def test_add_many_saves_all_or_nothing(store: Store, new: New) -> None:
    store.credentials.add(new("taken"))

    with pytest.raises(NameTaken):
        store.credentials.add_many([new("one"), new("Taken"), new("two")])
    assert names(store) == ["taken"]
    assert store.credentials.add_many([new("one"), new("two")]) == 2


def test_add_many_replaces_under_the_same_id_when_asked(store: Store, new: New) -> None:
    old = store.credentials.add(new("One"))

    store.credentials.add_many([new("one", vendor="Sinch"), new("two")], replace=True)

    now = store.credentials.get(old.id)
    assert (now.name, now.vendor, now.revision) == ("one", "Sinch", 2)
    assert names(store) == ["one", "two"]


def test_rows_come_in_the_order_asked_without_deleted_ones(store: Store, new: New) -> None:
    a, b, c = (store.credentials.add(new(name)).id for name in "abc")
    store.credentials.delete(b)

    assert [row.name for row in store.credentials.rows([c, b, a])] == ["c", "a"]
    assert store.credentials.rows([]) == []


def test_lists_sort_by_every_column_names_deciding(store: Store, new: New) -> None:
    store.credentials.add_many(
        [new("b", vendor="Sinch"), new("A", vendor="Twilio"), new("c", vendor="Sinch")]
    )
    verified = store.credentials.by_name("c").id
    store.verifications.add(
        verified, depth="probe", result="passed", word="active", seconds=0.1, to="",
        message_id="", record={},
    )  # fmt: skip

    assert names(store) == ["A", "b", "c"]
    assert names(store, descending=True) == ["c", "b", "A"]
    assert names(store, sort="vendor") == ["b", "c", "A"]
    assert names(store, sort="created_by") == ["A", "b", "c"]
    assert names(store, sort="modified_at") == ["A", "b", "c"]
    assert names(store, sort="verified_at", descending=True)[0] == "c"
    assert names(store, text="ACT") == ["c"]
    assert names(store, text="ada sinch") == ["b", "c"]
    assert names(store, text="%") == names(store, text="_") == []


@pytest.mark.parametrize("sort", Credentials.order)
@pytest.mark.parametrize("text", ["", "two words"])
def test_a_list_reads_one_covering_index(store: Store, sort: str, text: str) -> None:
    asked: list[str] = []
    with store._vault.reading() as db:
        db.conn.set_trace_callback(asked.append)
        store.credentials.ids(ListQuery(text, sort, descending=True))
        db.conn.set_trace_callback(None)
        plan = db.execute(f"EXPLAIN QUERY PLAN {asked[-1]}").fetchall()

    assert len(plan) == 1
    assert "USING COVERING INDEX" in plan[0][-1]


def test_names_for_the_palette_start_with_what_was_typed(store: Store, new: New) -> None:
    store.credentials.add_many([new("my Twilio"), new("twilio-b"), new("Twilio-a"), new("x")])

    assert store.credentials.names("TWIL") == ["Twilio-a", "twilio-b", "my Twilio"]
    assert store.credentials.names(limit=2) == ["my Twilio", "Twilio-a"]


def test_copies_get_the_next_free_name(store: Store, new: New) -> None:
    seen = ["twilio-main"]
    for _number in range(3):
        store.credentials.add(new(seen[-1]))
        seen.append(store.credentials.duplicate_name(seen[-1]))

    assert seen[1:] == ["twilio-main copy", "twilio-main copy 2", "twilio-main copy 3"]


def test_the_name_of_a_copy_fits_the_field(store: Store, new: New) -> None:
    name = "n" * 100
    first = store.credentials.duplicate_name(name)
    store.credentials.add(new(first))
    second = store.credentials.duplicate_name(name)

    assert len(first) <= 100
    assert len(second) <= 100
    assert first != second


words = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None,
          max_examples=40)  # fmt: skip
@given(
    kept=st.dictionaries(words.map(fold), st.sampled_from(["Twilio", "Sinch"]), max_size=8),
    text=st.lists(words, max_size=2).map(" ".join),
)
def test_a_search_finds_exactly_what_holds_all_words(
    store: Store, new: New, kept: dict[str, str], text: str
) -> None:
    for id_ in store.credentials.ids(ListQuery()):
        store.credentials.delete(id_)
    kept = {name: vendor for name, vendor in kept.items() if fold(name) == name}
    store.credentials.add_many(new(name, vendor=vendor) for name, vendor in kept.items())

    expected = sorted(
        name
        for name, vendor in kept.items()
        if all(any(w in part for part in (name, fold(vendor), "ada")) for w in fold(text).split())
    )
    assert names(store, text=text) == expected


def test_a_secret_that_is_gone_leaves_no_trace_in_the_open_file(store: Store, new: New) -> None:
    record = store.credentials.add(new("one", token="first-token"))
    save(store, record, secrets={"auth_token": SecretStr("second-token")})

    with store._vault.reading() as db:
        dump = repr(db.execute("SELECT * FROM credentials").fetchall())
        dump += repr(db.execute("SELECT * FROM audit").fetchall())
    assert "second-token" in dump
    assert "first-token" not in dump
