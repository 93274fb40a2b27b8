"""Every trouble has a plain message of its own, and nothing is written."""

from __future__ import annotations

import os
import re
import resource
import shutil
import sqlite3
import subprocess
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from smstui.store import Store, inspect_file
from smstui.store.errors import (
    DamagedStore,
    DiskFault,
    DiskFull,
    NewerSchema,
    NotAStore,
    ReadOnlyStore,
    StoreLocked,
    StoreMissing,
)
from smstui.store.records import Actor, NewCredential

New = Callable[..., NewCredential]
Reopen = Callable[..., Store]
RunChild = Callable[..., str]
ADA = Actor("ada")
NOBODY = 65534


def written_beside(path: Path) -> dict[str, tuple[bytes, int]]:
    return {
        file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in path.parent.iterdir()
    }


@pytest.fixture
def filled(path: Path, reopen: Reopen, new: New) -> Path:
    """A closed store of many pages."""
    store = reopen(path)
    store.credentials.add_many(new(f"credential {number}") for number in range(200))
    store.close()
    return path


def plain_sqlite(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (x)")
    connection.close()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.write_text("a shopping list\n"), "some other kind of file"),
        (lambda path: path.write_text("perché è così\n" * 1000), "some other kind of file"),
        (lambda path: path.write_bytes(b"\x7fELF" + bytes(8188)), "some other kind of file"),
        (lambda path: path.write_bytes(b""), "is empty"),
        (plain_sqlite, "not encrypted"),
        (lambda path: path.mkdir(), "is not a file"),
    ],
)
def test_another_kind_of_file_is_not_a_store(
    tmp_path: Path, passphrase: SecretStr, make: Callable[[Path], object], said: str
) -> None:
    path = tmp_path / "other" / "smstui.db"
    path.parent.mkdir(mode=0o700)
    make(path)

    with pytest.raises(NotAStore, match=said):
        inspect_file(path)
    with pytest.raises(NotAStore, match=re.escape(str(path))):
        Store.open(path, passphrase, actor=ADA)
    assert [file.name for file in path.parent.iterdir()] == ["smstui.db"]


def test_a_missing_store_says_how_to_make_one(tmp_path: Path, passphrase: SecretStr) -> None:
    path = tmp_path / "nowhere" / "smstui.db"

    with pytest.raises(StoreMissing, match="smstui store init"):
        Store.open(path, passphrase, actor=ADA)
    with pytest.raises(StoreMissing):
        inspect_file(path / "below")
    assert not path.parent.exists()


@pytest.mark.parametrize("keep", [4096 * 5, 4096 * 5 + 100, 4096, 3000])
def test_a_file_that_was_cut_short_is_damaged(
    filled: Path, passphrase: SecretStr, keep: int
) -> None:
    os.truncate(filled, keep)
    before = written_beside(filled)

    with pytest.raises(DamagedStore, match="from a backup"):
        Store.open(filled, passphrase, actor=ADA)
    assert written_beside(filled) == before


def test_one_flipped_bit_in_a_later_page_is_damage_not_a_wrong_passphrase(
    filled: Path, reopen: Reopen
) -> None:
    store = reopen(filled)
    with store._vault.reading() as db:
        (page,) = db.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'credentials'"
        ).fetchone()
    store.close()
    data = bytearray(filled.read_bytes())
    data[(page - 1) * 4096 + 1000] ^= 1
    filled.write_bytes(data)

    store = reopen(filled)
    with pytest.raises(DamagedStore, match="altered"):
        [store.credentials.get(id_) for id_ in range(1, 201)]


def test_a_newer_schema_is_refused_and_left_alone(
    path: Path, reopen: Reopen, passphrase: SecretStr
) -> None:
    store = reopen(path)
    with store._vault.writing() as db:
        db.table("_sqlite_migrations").insert(
            {"migration_set": "smstui", "name": "9999_later", "applied_at": "2030"}
        )
    store.close()
    before = path.read_bytes()

    with pytest.raises(NewerSchema, match="newer version"):
        Store.open(path, passphrase, actor=ADA)
    assert path.read_bytes() == before


def test_another_program_that_writes_is_waited_for_then_named(
    store: Store, path: Path, reopen: Reopen, new: New
) -> None:
    other = reopen(path)
    with store._vault.reading() as db:
        db.execute("PRAGMA busy_timeout = 0")

    with other._vault.writing(), pytest.raises(StoreLocked, match="Another program is writing"):
        store.credentials.add(new("one"))

    assert store.credentials.add(new("one")).name == "one"
    assert other.credentials.names() == ["one"]


def test_a_store_waits_five_seconds_for_others(store: Store) -> None:
    with store._vault.reading() as db:
        assert db.execute("PRAGMA busy_timeout").fetchone() == (5000,)


def test_a_full_database_keeps_what_was_there(store: Store, new: New) -> None:
    kept = store.credentials.add(new("one"))
    with store._vault.reading() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(DiskFull, match="Make room"):
        store.credentials.add_many(new(f"credential {number}") for number in range(500))

    assert store.credentials.names() == ["one"]
    assert store.credentials.get(kept.id) == kept


@pytest.fixture
def room() -> Iterator[Callable[[int], None]]:
    """Set how large a file this process may write, in bytes; a quota would do the same."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_takes_no_more_loses_nothing(
    filled: Path, reopen: Reopen, new: New, passphrase: SecretStr, room: Callable[[int], None],
    tmp_path: Path,
) -> None:  # fmt: skip
    store = reopen(filled)
    store.credentials.count()

    room(20_000)
    with pytest.raises(DiskFault, match="still there"):
        store.credentials.add_many(new(f"more {number}") for number in range(500))
    with pytest.raises(DiskFault):
        store.backup(filled.with_name("copy.db"))
    with pytest.raises(DiskFault):
        store.change_passphrase(SecretStr("another passphrase, longer"))
    with pytest.raises(DiskFault):
        Store.create(tmp_path / "new" / "smstui.db", passphrase, actor=ADA)
    room(resource.RLIM_INFINITY)

    assert list((tmp_path / "new").iterdir()) == []
    store.close()
    store = reopen(filled)
    assert store.credentials.count() == 200
    assert store.credentials.add(new("one more")).revision == 1
    store.close()
    assert [file.name for file in filled.parent.iterdir()] == ["smstui.db"]


FILL_A_DISK = """
    import os, pathlib
    from pydantic import SecretStr
    from smstui.errors import SmstuiError
    from smstui.store.store import Store
    from smstui.store.records import Actor, NewCredential

    def attempt(function):
        try:
            function()
        except SmstuiError as error:
            print(type(error).__name__)

    def add(count):
        store.credentials.add_many(
            NewCredential("Twilio", f"{count} {n}", {"x": "y" * 500}, {}) for n in range(count))

    path = pathlib.Path(os.environ["DISK"], "data", "smstui.db")
    store = Store.create(path, SecretStr("a passphrase, long enough"), actor=Actor("x"))
    add(20)
    attempt(lambda: add(2000))
    filler = path.parent.parent / "filler"
    try:
        with filler.open("wb") as file:
            while True:
                file.write(bytes(4096))
                file.flush()
    except OSError:
        pass
    attempt(lambda: store.backup(path.parent / "copy.db"))
    attempt(lambda: store.change_passphrase(SecretStr("another passphrase, longer")))
    attempt(lambda: Store.create(path.parent / "b.db", SecretStr("x" * 12), actor=Actor("x")))
    filler.unlink()
    add(1)
    store.close()
    store = Store.open(path, SecretStr("a passphrase, long enough"), actor=Actor("x"))
    print(store.credentials.count())
    store.close()
    print(*os.listdir(path.parent))
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can mount a disk small enough to fill")
def test_a_full_disk_loses_nothing(tmp_path: Path, run_child: RunChild) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True, check=False
    )
    if mount.returncode:
        pytest.skip("this system lets nobody mount a disk")
    try:
        said = run_child(f"import os; os.environ['DISK'] = {str(disk)!r}\n" + textwrap.dedent(
            FILL_A_DISK))  # fmt: skip
    finally:
        subprocess.run(["umount", disk], check=True)

    *answers, left = said.split("\n")
    assert answers == ["DiskFull"] * 4 + ["21"]
    # The log stays while there is no room to move its pages into the file.
    assert set(left.split()) <= {"smstui.db", "smstui.db-wal", "smstui.db-shm"}


@pytest.fixture
def reachable(filled: Path) -> Iterator[Path]:
    """A store that an ordinary user owns, at a place that this user reaches."""
    folder = Path(tempfile.mkdtemp())
    copy = shutil.copy(filled, folder / "smstui.db")
    if os.getuid() == 0:
        for owned in (folder, copy):
            os.chown(owned, NOBODY, NOBODY)
    yield Path(copy)
    shutil.rmtree(folder)


OPEN_AS_NOBODY = """
    import os, pathlib, sys
    from pydantic import SecretStr
    from smstui.errors import SmstuiError
    from smstui.store.store import Store
    from smstui.store.records import Actor, NewCredential

    if os.getuid() == 0:
        os.setgid(65534), os.setuid(65534)
    try:
        with Store.open(pathlib.Path(sys.argv[1]), SecretStr(sys.argv[2]), actor=Actor("x")) as s:
            s.credentials.add(NewCredential("Twilio", "one", {}, {}))
            print("saved")
    except SmstuiError as error:
        print(type(error).__name__, "|", error.message)
"""


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "said"),
    [
        (0o700, 0o600, "saved"),
        (0o700, 0o400, "ReadOnlyStore"),
        (0o500, 0o600, "ReadOnlyStore"),
        (0o700, 0o000, "NoAccess"),
        (0o000, 0o600, "NoAccess"),
    ],
)
def test_what_an_ordinary_user_may_not_do_is_said(
    reachable: Path, run_child: RunChild, passphrase: SecretStr, folder_mode: int, file_mode: int,
    said: str,
) -> None:  # fmt: skip
    reachable.chmod(file_mode)
    reachable.parent.chmod(folder_mode)
    try:
        answer = run_child(OPEN_AS_NOBODY, reachable, passphrase.get_secret_value())
    finally:
        reachable.parent.chmod(0o700)

    assert answer.startswith(said)
    if said != "saved":
        assert "owns" in answer
        assert [file.name for file in reachable.parent.iterdir()] == ["smstui.db"]


def test_a_store_that_becomes_read_only_while_open_says_so(store: Store, new: New) -> None:
    with store._vault.reading() as db:
        db.execute("PRAGMA query_only = ON")

    with pytest.raises(ReadOnlyStore, match="mounted read-only"):
        store.credentials.add(new("one"))
