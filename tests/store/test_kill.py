"""Killed at any moment, a store opens with the old or the new passphrase, whole.

The short form kills when the files show that the work has come to a certain point. The long form
lets strace kill before every single system call that changes a file.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from smstui.store import Store
from smstui.store.errors import WrongPassphrase
from smstui.store.records import Actor, ListQuery, NewCredential

New = Callable[..., NewCredential]
Reopen = Callable[..., Store]
ROOT = Path(__file__).parents[2]
ADA = Actor("ada")
NEW = SecretStr("another passphrase, longer")
CALLS = ["pwrite64", "fsync", "fdatasync", "ftruncate", "unlink", "link"]
"""The system calls by which SQLite and Python change files."""

CHANGE = """
    import pathlib, sys
    from pydantic import SecretStr
    from smstui.store.store import Store
    from smstui.store.records import Actor

    store = Store.open(pathlib.Path(sys.argv[1]), SecretStr(sys.argv[2]), actor=Actor("x"))
    print("ready", flush=True)
    store.change_passphrase(SecretStr(sys.argv[3]))
"""
CREATE = """
    import pathlib, sys
    from pydantic import SecretStr
    from smstui.store.store import Store
    from smstui.store.records import Actor

    print("ready", flush=True)
    Store.create(pathlib.Path(sys.argv[1]), SecretStr(sys.argv[2]), actor=Actor("x"))
"""


def child(code: str, *arguments: object) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]


def check_whole(path: Path, count: int, old: SecretStr) -> SecretStr:
    """Return which of the two passphrases opens the store, having read all of it."""
    fitting: list[SecretStr] = []
    with pytest.raises(WrongPassphrase):
        Store.open(path, SecretStr("neither of the two"), actor=ADA)
    for passphrase in (old, NEW):
        try:
            store = Store.open(path, passphrase, actor=ADA)
        except WrongPassphrase:
            continue
        with store:
            fitting.append(passphrase)
            with store._vault.reading() as db:
                assert db.execute("PRAGMA cipher_integrity_check").fetchall() == []
                assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            ids = store.credentials.ids(ListQuery())
            assert len([store.credentials.get(id_) for id_ in ids]) == count
            assert store.credentials.add(NewCredential("Twilio", "after", {}, {})).revision == 1
    left = {file.name for file in path.parent.iterdir()} - {path.name}
    if left:
        # A journal that was not begun in earnest: SQLite passes it over, and takes it next time.
        assert left == {f"{path.name}-journal"}
        assert path.with_name(left.pop()).read_bytes()[:1] in (b"", b"\0")
    (only,) = fitting
    return only


def journal_of(path: Path) -> int:
    try:
        return path.with_name(path.name + "-journal").stat().st_size
    except FileNotFoundError:
        return 0


def page_of(path: Path, number: int) -> bytes:
    with path.open("rb") as file:
        file.seek((number - 1) * 4096 + 16)
        return file.read(32)


@pytest.fixture
def big(path: Path, reopen: Reopen) -> Path:
    """A closed store of a few hundred pages."""
    store = reopen(path)
    fields = {"note": "n" * 2000}
    store.credentials.add_many(NewCredential("Twilio", f"{n}", fields, {}) for n in range(500))
    store.close()
    return path


@pytest.mark.parametrize("point", ["journal", "half a journal", "first page", "last page", "done"])
def test_killed_while_the_passphrase_changes(big: Path, passphrase: SecretStr, point: str) -> None:
    size = big.stat().st_size
    last = size // 4096
    before = {number: page_of(big, number) for number in (2, last)}
    reached: Callable[[], bool] = {
        "journal": lambda: journal_of(big) > 0,
        "half a journal": lambda: journal_of(big) > size // 2,
        "first page": lambda: page_of(big, 2) != before[2],
        "last page": lambda: page_of(big, last) != before[last],
        "done": lambda: page_of(big, last) != before[last] and not journal_of(big),
    }[point]
    arguments = (big, passphrase.get_secret_value(), NEW.get_secret_value())
    with subprocess.Popen(child(CHANGE, *arguments), cwd=ROOT, stdout=subprocess.PIPE) as changing:
        assert changing.stdout is not None
        assert changing.stdout.readline() == b"ready\n"
        watch(changing, reached)

    holds = check_whole(big, 500, passphrase)
    if point == "done":
        assert holds == NEW


needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is missing")


def run_killed(code: str, call: str, number: int, log: Path, *arguments: object) -> bool:
    """Run code, killed as it enters a system call for that time; whether it came so far."""
    inject = f"inject={call}:signal=KILL:when={number}"
    strace = ["strace", "-f", "-qq", "-o", str(log), "-e", f"trace={call}", "-e", inject]
    ended = subprocess.run(
        [*strace, *child(code, *arguments)], cwd=ROOT, capture_output=True, check=False, timeout=120
    )
    assert ended.returncode in (0, -9, 137), ended.stderr
    return ended.returncode != 0


@needs_strace
@pytest.mark.prove
@pytest.mark.parametrize("call", CALLS)
def test_killed_at_every_call_that_changes_a_file_while_the_passphrase_changes(
    path: Path, reopen: Reopen, new: New, tmp_path: Path, passphrase: SecretStr, call: str
) -> None:
    store = reopen(path)
    store.credentials.add_many(new(f"{number}") for number in range(12))
    store.close()
    original = path.read_bytes()
    arguments = (path, passphrase.get_secret_value(), NEW.get_secret_value())
    held = []

    number = 1
    while run_killed(CHANGE, call, number, tmp_path / "log", *arguments):
        held.append(check_whole(path, 12, passphrase))
        path.write_bytes(original)
        number += 1

    assert check_whole(path, 12, passphrase) == NEW
    if call == "pwrite64":
        assert held.count(passphrase) > 20
    if held:
        assert held == sorted(held, key=lambda holds: holds == NEW)


@needs_strace
@pytest.mark.prove
@pytest.mark.parametrize("call", CALLS)
def test_killed_at_every_call_that_changes_a_file_a_new_store_is_whole_or_not_there(
    tmp_path: Path, passphrase: SecretStr, call: str
) -> None:
    path = tmp_path / "data" / "smstui.db"
    made = 0
    number = 1
    while run_killed(CREATE, call, number, tmp_path / "log", path, passphrase.get_secret_value()):
        if path.exists():
            made += 1
            with Store.open(path, passphrase, actor=ADA) as store:
                assert store.credentials.count() == 0
        shutil.rmtree(path.parent, ignore_errors=True)
        number += 1

    Store.open(path, passphrase, actor=ADA).close()
    assert made < number


@pytest.mark.parametrize("point", ["temporary file", "its log", "done"])
def test_killed_while_it_is_made_a_store_is_whole_or_not_there(
    tmp_path: Path, passphrase: SecretStr, point: str
) -> None:
    path = tmp_path / "data" / "smstui.db"
    reached: Callable[[], bool] = {
        "temporary file": lambda: any(path.parent.glob(".smstui.db.*.new")),
        "its log": lambda: any(path.parent.glob(".smstui.db.*.new-wal")),
        "done": path.exists,
    }[point]
    command = child(CREATE, path, passphrase.get_secret_value())
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as creating:
        watch(creating, reached)

    if point == "done":
        assert path.exists()
    if path.exists():
        with Store.open(path, passphrase, actor=ADA) as store:
            assert store.credentials.count() == 0
    else:
        Store.create(path, passphrase, actor=ADA).close()


def watch(process: subprocess.Popen[bytes], reached: Callable[[], bool]) -> None:
    """Kill a process as soon as it has come to a point."""
    deadline = time.monotonic() + 30
    while not reached() and process.poll() is None and time.monotonic() < deadline:
        pass
    process.kill()
