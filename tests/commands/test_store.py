"""``smstui store``, and how trouble with the store ends a call."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]  # the package carries no types

from tests.commands.conftest import Smstui


def test_a_store_is_made_described_copied_and_given_a_new_passphrase(
    smstui: Smstui, home: Path, tmp_path: Path
) -> None:
    path = home / ".local/share/smstui/smstui.db"
    made = smstui("store", "init")
    assert made.status == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    again = smstui("store", "init")
    assert again.status == 3
    assert str(path) in again.err
    assert path.read_bytes() == before
    info = smstui("store", "info", "--json").document
    assert info["path"] == str(path)
    assert info["credentials"] == 0
    copy = tmp_path / "copy.db"
    assert smstui("store", "backup", str(copy)).status == 0
    new = tmp_path / "new"
    new.write_text("another passphrase, quite long\n")
    new.chmod(0o600)
    assert smstui("store", "passphrase", "--new-passphrase-file", str(new)).status == 0
    old = smstui("store", "info")
    assert old.status == 3
    assert "passphrase" in old.err.lower()
    assert smstui("--passphrase-file", str(new), "store", "info").status == 0
    copy.parent.chmod(0o700)
    assert smstui("--store", str(copy), "store", "info").status == 0, "a backup keeps the old one"


def test_the_printed_key_opens_the_file_in_another_tool(smstui: Smstui, store: Path) -> None:
    assert smstui("store", "key").status == 2, "nobody is there to be asked"
    pragma = smstui("store", "key", "--yes").out
    connection = dbapi2.connect(str(store))
    connection.executescript(pragma)
    assert connection.execute("SELECT count(*) FROM credentials").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize("content", [b"", b"hello, I am a text file\n" * 400, b"SQLite format 3\0"])
def test_a_file_that_is_no_store_ends_with_3(
    smstui: Smstui, tmp_path: Path, content: bytes
) -> None:
    tmp_path.chmod(0o700)
    path = tmp_path / "other"
    path.write_bytes(content)
    path.chmod(0o600)
    done = smstui("--store", str(path), "credentials", "list")
    assert (done.status, done.out) == (3, "")
    assert str(path) in done.err
    assert path.read_bytes() == content


def test_a_missing_store_ends_with_3_and_is_not_made(smstui: Smstui, home: Path) -> None:
    done = smstui("credentials", "list")
    assert done.status == 3
    assert "smstui.db" in done.err
    assert not (home / ".local").exists()


def test_loose_permissions_are_told_with_the_command_that_mends_them(
    smstui: Smstui, store: Path
) -> None:
    store.chmod(0o644)
    done = smstui("credentials", "list")
    assert done.status == 3
    assert f"chmod 600 {store}" in done.err


def test_without_terminal_and_passphrase_a_call_says_what_is_missing(store: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "SMSTUI_PASSPHRASE"}
    done = subprocess.run(
        [sys.executable, "-m", "smstui", "credentials", "list"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=environment,
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert "--passphrase-file" in done.stderr
    assert "Traceback" not in done.stderr
