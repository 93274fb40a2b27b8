"""The file: made, opened, given another passphrase, copied, shared."""

from __future__ import annotations

import multiprocessing
import os
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]  # the package carries no types

from smstui.passphrase import InvalidPassphrase
from smstui.store import Store, inspect_file, vault
from smstui.store.errors import (
    LoosePermissions,
    StoreError,
    StoreExists,
    StoreLocked,
    StoreMissing,
    WrongPassphrase,
)
from smstui.store.migrations import MIGRATIONS
from smstui.store.records import Actor, NewCredential

New = Callable[..., NewCredential]
Reopen = Callable[..., Store]
OTHER = SecretStr("another passphrase, longer")
ADA = Actor("ada")


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


def beside(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.iterdir())


def test_create_makes_a_private_file_in_a_private_folder(
    tmp_path: Path, passphrase: SecretStr, new: New
) -> None:
    path = tmp_path / "data" / "smstui" / "smstui.db"
    before = os.umask(0)
    try:
        with Store.create(path, passphrase, actor=ADA) as store:
            store.credentials.add(new("one"))
            modes = {file.name: mode_of(file) for file in path.parent.iterdir()}
    finally:
        os.umask(before)

    assert mode_of(path.parent) == 0o700
    assert modes == dict.fromkeys(["smstui.db", "smstui.db-shm", "smstui.db-wal"], 0o600)
    assert beside(path) == ["smstui.db"]


def test_create_overwrites_nothing(tmp_path: Path, passphrase: SecretStr) -> None:
    path = tmp_path / "data" / "notes.txt"
    path.parent.mkdir(mode=0o700)
    path.write_text("precious")

    with pytest.raises(StoreExists, match="left as it is"):
        Store.create(path, passphrase, actor=ADA)
    assert path.read_text() == "precious"
    assert beside(path) == ["notes.txt"]


def test_create_refuses_a_short_passphrase_before_it_writes(tmp_path: Path) -> None:
    with pytest.raises(InvalidPassphrase, match="12 characters"):
        Store.create(tmp_path / "data" / "smstui.db", SecretStr("elevenchars"), actor=ADA)
    assert not (tmp_path / "data").exists()


def test_create_refuses_an_open_folder_and_names_a_harmless_command(
    tmp_path: Path, passphrase: SecretStr
) -> None:
    own = tmp_path / "my data"
    own.mkdir()
    own.chmod(0o755)
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)

    with pytest.raises(LoosePermissions, match=f"chmod 700 '{own}'"):
        Store.create(own / "smstui.db", passphrase, actor=ADA)
    with pytest.raises(LoosePermissions, match=f"mkdir -m 700 {shared}/smstui"):
        Store.create(shared / "smstui.db", passphrase, actor=ADA)
    assert list(own.iterdir()) == list(shared.iterdir()) == []


@pytest.mark.parametrize("loose", [0o640, 0o604, 0o620])
def test_a_file_open_to_others_is_refused_with_the_command(
    path: Path, passphrase: SecretStr, loose: int
) -> None:
    path.chmod(loose)

    with pytest.raises(LoosePermissions, match=f"chmod 600 {path}"):
        Store.open(path, passphrase, actor=ADA)
    path.chmod(0o600)
    Store.open(path, passphrase, actor=ADA).close()


def test_a_folder_open_to_others_is_refused_with_the_command(
    path: Path, passphrase: SecretStr
) -> None:
    path.parent.chmod(0o710)

    with pytest.raises(LoosePermissions, match=f"chmod 700 {path.parent}"):
        inspect_file(path)
    with pytest.raises(LoosePermissions):
        Store.open(path, passphrase, actor=ADA)


def test_links_are_followed_to_the_real_file(
    path: Path, tmp_path: Path, reopen: Reopen, passphrase: SecretStr
) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(path)

    assert reopen(link).info().path == path
    link.unlink()
    link.symlink_to(link)
    with pytest.raises(StoreMissing):
        Store.open(link, passphrase, actor=ADA)


def test_the_wrong_passphrase_writes_nothing_anywhere(
    path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}

    with pytest.raises(WrongPassphrase, match="does not open"):
        Store.open(path, OTHER, actor=ADA)

    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before
    assert capfd.readouterr() == ("", "")


def test_accents_open_the_store_however_they_are_composed(tmp_path: Path) -> None:
    path = tmp_path / "data" / "smstui.db"
    Store.create(path, SecretStr("perché è così lungo"), actor=ADA).close()

    Store.open(path, SecretStr("perche\u0301 e\u0300 cosi\u0300 lungo"), actor=ADA).close()


def test_info_describes_the_store(store: Store, new: New, path: Path) -> None:
    store.credentials.add(new("one"))

    info = store.info()

    assert (info.path, info.mode, info.credentials, info.audit_entries) == (path, "0600", 1, 2)
    assert info.size == path.stat().st_size
    assert info.schema_version == len(MIGRATIONS._migrations)
    assert "Argon2id" in info.kdf
    assert "SQLCipher 4" in info.cipher
    assert info.created.isoformat() == "2026-11-23T10:00:00+00:00"


def test_the_passphrase_changes_and_everything_is_still_there(
    store: Store, new: New, path: Path, reopen: Reopen, passphrase: SecretStr
) -> None:
    kept = store.credentials.add(new("one"))

    store.change_passphrase(OTHER)

    assert store.has_passphrase(OTHER)
    assert not store.has_passphrase(passphrase)
    assert store.credentials.get(kept.id) == kept
    assert store.audit.entries(1)[0].action == "passphrase changed"
    second = reopen(path, OTHER)
    assert second.credentials.get(kept.id) == kept
    store.close()
    second.close()
    assert beside(path) == ["smstui.db"]
    with pytest.raises(WrongPassphrase):
        Store.open(path, passphrase, actor=ADA)


def test_the_passphrase_stays_while_another_program_has_the_store_open(
    store: Store, path: Path, reopen: Reopen, passphrase: SecretStr,
    monkeypatch: pytest.MonkeyPatch, new: New,
) -> None:  # fmt: skip
    monkeypatch.setattr(vault, "BUSY_SECONDS_ALONE", 0.0)
    other = reopen(path)

    with pytest.raises(StoreLocked, match="Close it there"):
        store.change_passphrase(OTHER)

    assert store.has_passphrase(passphrase)
    store.credentials.add(new("one"))
    other.credentials.add(new("two"))
    other.close()
    store.change_passphrase(OTHER)
    assert store.credentials.count() == 2


def test_a_short_new_passphrase_is_refused(store: Store, passphrase: SecretStr) -> None:
    with pytest.raises(InvalidPassphrase):
        store.change_passphrase(SecretStr("short"))
    assert store.has_passphrase(passphrase)


def test_a_store_that_was_given_another_key_elsewhere_says_so(
    store: Store, path: Path, new: New
) -> None:
    """Another SQLCipher tool changes the key in WAL mode, under our open connection."""
    store.credentials.add(new("one"))
    tool = dbapi2.connect(str(path))
    pragma = store.key_pragma().get_secret_value()
    tool.execute(pragma)
    tool.execute(f"PRAGMA rekey = \"x'{secrets.token_hex(32)}{pragma[80:112]}'\"")
    tool.close()

    with pytest.raises(WrongPassphrase, match="changed while it was open") as caught:
        store.credentials.count()
    assert caught.value.title == "Passphrase changed"
    with pytest.raises(WrongPassphrase, match="nothing was saved"):
        store.credentials.add(new("two"))


def test_a_backup_of_a_store_in_use_opens_with_the_same_passphrase(
    store: Store, new: New, tmp_path: Path, reopen: Reopen
) -> None:
    store.credentials.add(new("one"))
    target = tmp_path / "vault" / "copy.db"

    store.backup(target)
    store.credentials.add(new("two"))

    assert mode_of(target) == 0o600
    copy = reopen(target)
    assert copy.credentials.names() == ["one"]
    assert store.audit.entries(2)[1].name == str(target)
    copy.close()
    assert [name for name in beside(target) if not name.startswith("smstui.db")] == ["copy.db"]


def test_a_backup_overwrites_nothing_and_leaves_nothing_half(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("precious")

    with pytest.raises(StoreExists):
        store.backup(target)
    with pytest.raises(StoreError, match="No such file"):
        store.backup(tmp_path / "nowhere" / "copy.db")
    assert target.read_text() == "precious"
    assert not [file for file in tmp_path.iterdir() if ".new" in file.name]


def _add_some(path: Path, passphrase: str, user: str) -> None:
    with Store.open(path, SecretStr(passphrase), actor=Actor(user)) as store:
        for number in range(25):
            store.credentials.add(NewCredential("Twilio", f"{user} {number}", {}, {}))


def test_several_processes_write_at_once(path: Path, reopen: Reopen, passphrase: SecretStr) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [
        context.Process(target=_add_some, args=(path, passphrase.get_secret_value(), user))
        for user in ("ada", "bob")
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    assert [writer.exitcode for writer in writers] == [0, 0]
    assert reopen(path).credentials.count() == 50


def test_opening_again_in_one_process_keeps_the_locks_of_the_first(
    store: Store, path: Path, reopen: Reopen, run_child: Callable[..., str]
) -> None:
    """A file closed past SQLite would drop them, and others would believe it free."""
    store.credentials.count()
    reopen(path).close()

    # SQLite's shared lock is on 510 bytes from this one on (file format, "The Lock-Byte Page").
    said = run_child(
        """
        import fcntl, sys
        with open(sys.argv[1], "r+b") as file:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)
                print("free")
            except OSError:
                print("held")
        """,
        path,
    )

    assert said == "held"


def test_a_file_that_was_moved_away_is_not_written_to(
    store: Store, path: Path, new: New, empty_store: Path
) -> None:
    moved = path.rename(path.with_name("elsewhere.db"))
    with pytest.raises(StoreMissing, match="nothing was saved"):
        store.credentials.add(new("one"))

    path.write_bytes(empty_store.read_bytes())
    with pytest.raises(StoreMissing, match="replaced"):
        store.credentials.add(new("one"))

    moved.replace(path)
    assert store.credentials.add(new("one")).name == "one"


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    store.close()

    with pytest.raises(StoreError, match="Open it") as caught:
        store.credentials.count()
    assert caught.value.title == "The store is closed"


def test_the_key_shows_in_no_repr(store: Store) -> None:
    hex_key = store.key_pragma().get_secret_value()[16:80]

    assert len(bytes.fromhex(hex_key)) == 32
    assert hex_key not in repr(store.key_pragma()) + repr(vars(store)) + repr(vars(store._vault))
