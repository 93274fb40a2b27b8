"""Second sets of secrets: exchanged whole, told by names of fields, never overtaken unseen."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from pydantic import SecretStr

from smstui.activity import parse_filter
from smstui.store import Store, marks
from smstui.store.errors import NotFound, StaleRevision, WrongState
from smstui.store.records import Actor, NewCredential
from smstui.store.rotation_records import RotationState
from tests.conftest import NOW
from tests.store.conftest import ROOT, Reopen

OLD, NEW, OTHER = (SecretStr(f"planted-{word}-secret") for word in ("old", "new", "other"))
FIELDS = {"account_sid": "AC1", "api_key_sid": "SK1"}
STAGED = {"api_key_sid": "SK2"}


def credential(name: str = "main") -> NewCredential:
    return NewCredential("Twilio", name, FIELDS, {"api_key_secret": OLD})


def test_staged_values_are_promoted_and_rolled_back_whole(store: Store) -> None:
    record = store.credentials.add(credential())
    staged = store.rotations.stage(record.id, STAGED, {"api_key_secret": NEW}, revision=1)
    assert store.credentials.get(record.id) == record
    assert (staged.state, staged.proof, staged.staged_by) == (RotationState.STAGED, None, "ada")

    proven = store.rotations.verified(staged, revision=1, result="passed", word="ok", summary="s")
    assert proven.proof is not None
    assert (proven.proof.revision, proven.proof.result) == (1, "passed")
    promoted = store.rotations.promote(proven, revision=1)
    now = store.credentials.get(record.id)
    assert (now.secrets, now.fields["api_key_sid"], now.revision) == (
        {"api_key_secret": NEW}, "SK2", 2,
    )  # fmt: skip
    assert promoted.secrets == {"api_key_secret": OLD}
    with pytest.raises(WrongState, match="still has the secret from before"):
        store.rotations.stage(record.id, {}, {"api_key_secret": OTHER}, revision=2, seen=promoted)

    back = store.rotations.roll_back(promoted)
    assert store.credentials.get(record.id).secrets == {"api_key_secret": OLD}
    assert store.credentials.get(record.id).fields == FIELDS
    assert (back.secrets, back.proof) == ({"api_key_secret": NEW}, None)
    with pytest.raises(WrongState, match="nothing to go back to"):
        store.rotations.roll_back(back)
    store.rotations.discard(back)
    assert store.rotations.of(record.id) is None
    assert "planted" not in repr(staged) + repr(promoted)


def test_a_secret_that_was_not_set_goes_again_with_a_roll_back(store: Store) -> None:
    record = store.credentials.add(NewCredential("Twilio", "main", {}, {"auth_token": OLD}))
    staged = store.rotations.stage(record.id, STAGED, {"api_key_secret": NEW}, revision=1)
    promoted = store.rotations.promote(staged, revision=1)
    now = store.credentials.get(record.id)
    assert now.secrets == {"auth_token": OLD, "api_key_secret": NEW}
    store.rotations.roll_back(promoted)
    back = store.credentials.get(record.id)
    assert (back.fields, back.secrets) == ({}, {"auth_token": OLD})


def test_the_trail_tells_it_by_names_of_fields_only(store: Store) -> None:
    record = store.credentials.add(credential())
    staged = store.rotations.stage(record.id, STAGED, {"api_key_secret": NEW}, revision=1)
    promoted = store.rotations.promote(staged, revision=1)
    store.rotations.discard(promoted)
    entries = store.audit.rows(store.audit.ids(parse_filter("object:main", NOW)))
    assert [(entry.action, entry.fields) for entry in entries[:3]] == [
        ("secret discarded", ("api_key_sid", "api_key_secret")),
        ("secret promoted", ("api_key_sid", "api_key_secret")),
        ("secret staged", ("api_key_sid", "api_key_secret")),
    ]
    assert "planted" not in repr(entries)


def test_two_sessions_do_not_overtake_each_other(path: Path, reopen: Reopen) -> None:
    ada, grace = reopen(path), reopen(path, user="grace")
    record = ada.credentials.add(credential())
    staged = ada.rotations.stage(record.id, {}, {"api_key_secret": NEW}, revision=1)
    with pytest.raises(StaleRevision, match="rotated elsewhere"):
        grace.rotations.stage(record.id, {}, {"api_key_secret": OTHER}, revision=1)
    again = grace.rotations.stage(record.id, {}, {"api_key_secret": OTHER}, revision=1, seen=staged)
    for act in (
        lambda: ada.rotations.promote(staged, revision=1),
        lambda: ada.rotations.discard(staged),
        lambda: ada.rotations.verified(staged, revision=1, result="", word="", summary=""),
    ):
        with pytest.raises(StaleRevision):
            act()
    ada.credentials.update(
        record.id, revision=1, name="renamed", fields=FIELDS, secrets=record.secrets
    )
    with pytest.raises(StaleRevision, match="changed by ada"):
        grace.rotations.promote(again, revision=1)
    grace.rotations.promote(again, revision=2)
    with pytest.raises(StaleRevision):
        ada.rotations.discard(again)  # It would forget the secret that was in use.
    ada.credentials.delete(record.id)
    assert grace.rotations.of(record.id) is None
    with pytest.raises(NotFound, match="deleted by ada"):
        grace.rotations.promote(again, revision=2)


PROMOTE = """
    import os, pathlib, sys
    from pydantic import SecretStr
    from smstui.store import marks, rotations
    from smstui.store.records import Actor
    from smstui.store.store import Store

    store = Store.open(pathlib.Path(sys.argv[1]), SecretStr(sys.argv[2]), actor=Actor("x"))
    records = [store.credentials.by_name(name) for name in ("one", "two")]
    steps = 0

    def step(function):
        def counted(*arguments, **named):
            global steps
            steps += 1
            if steps == int(sys.argv[3]):
                os.kill(os.getpid(), 9)
            return function(*arguments, **named)
        return counted

    store._vault._database().execute = step(store._vault._database().execute)
    with store.changing():
        for record in records:
            rotation = store.rotations.of(record.id)
            store.rotations.promote(rotation, revision=record.revision)
    print(steps)
"""


def test_killed_between_any_two_steps_all_of_it_holds_or_nothing(
    path: Path, reopen: Reopen, passphrase: SecretStr
) -> None:
    with reopen(path) as store:
        for name in ("one", "two"):
            record = store.credentials.add(credential(name))
            store.rotations.stage(record.id, {}, {"api_key_secret": NEW}, revision=1)
    code = textwrap.dedent(PROMOTE)
    arguments = [sys.executable, "-c", code, str(path), passphrase.get_secret_value()]
    for killed_at in (1, 8, 16, 24):
        ended = subprocess.run([*arguments, str(killed_at)], cwd=ROOT, check=False)
        assert ended.returncode == -9
        with reopen(path) as store:
            for name in ("one", "two"):
                record = store.credentials.by_name(name)
                rotation = store.rotations.of(record.id)
                assert rotation is not None
                assert rotation.state is RotationState.STAGED
                assert record.secrets == {"api_key_secret": OLD}
                assert rotation.secrets == {"api_key_secret": NEW}
    ended_well = subprocess.run(
        [*arguments, "0"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert int(ended_well.stdout) > 24
    with reopen(path) as store:
        for name in ("one", "two"):
            assert store.credentials.by_name(name).secrets == {"api_key_secret": NEW}


def test_equal_secrets_are_noticed_by_their_marks(store: Store) -> None:
    main = store.credentials.add(credential("main"))
    assert store.credentials.twins(main.id) == []
    sinch = NewCredential("Sinch", "other", {}, {"api_token": OLD})
    other = store.credentials.add(sinch)
    (twin,) = store.credentials.twins(main.id)
    assert (twin.field, twin.name, twin.other_field) == ("api_key_secret", "other", "api_token")
    store.credentials.update(
        other.id, revision=1, name="other", fields={}, secrets={"api_token": NEW}
    )
    assert store.credentials.twins(main.id) == []
    staged = store.rotations.stage(main.id, {}, {"api_key_secret": NEW}, revision=1)
    store.rotations.promote(staged, revision=1)
    assert [twin.name for twin in store.credentials.twins(main.id)] == ["other"]
    with store._vault.reading() as db:
        marks = db.execute("SELECT mark FROM secret_marks").fetchall()
    assert len(marks) == 2
    assert not any(b"planted" in bytes(mark) for (mark,) in marks)
    store.credentials.delete(other.id)
    assert store.credentials.twins(main.id) == []


def test_a_store_from_before_marks_gets_them(store: Store) -> None:
    main = store.credentials.add(credential("main"))
    store.credentials.add(credential("other"))
    with store.changing(), store._vault.writing() as db:
        db.execute("DELETE FROM secret_marks")
        db.execute("DELETE FROM secret_mark_key")
        marks.begin(db)
    assert [twin.name for twin in store.credentials.twins(main.id)] == ["other"]


def test_marks_of_two_stores_have_nothing_in_common(tmp_path: Path, passphrase: SecretStr) -> None:
    found = set()
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir(mode=0o700)
        with Store.create(folder / "s.db", passphrase, actor=Actor("ada")) as store:
            store.credentials.add(credential())
            with store._vault.reading() as db:
                ((mark,),) = db.execute("SELECT mark FROM secret_marks").fetchall()
            found.add(bytes(mark))
    assert len(found) == 2
