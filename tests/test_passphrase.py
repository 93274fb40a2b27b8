from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.passphrase import (
    MIN_LENGTH,
    InvalidPassphrase,
    Level,
    judge,
    read_passphrase,
    require_long_enough,
)
from smstui.store.errors import LoosePermissions, StoreError


def level(text: str) -> Level:
    return judge(SecretStr(text)).level


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Level.TOO_SHORT),
        ("gK7#pQ9!zR2", Level.TOO_SHORT),
        ("aaaaaaaaaaaaaaaa", Level.WEAK),
        ("abcabcabcabcabc", Level.WEAK),
        ("123456789012", Level.WEAK),
        ("qwertyuiop12", Level.WEAK),
        ("passwordpassword", Level.WEAK),
        ("P@ssw0rd1234!", Level.WEAK),
        ("Summer2024!!", Level.WEAK),
        ("correct horse battery staple", Level.FAIR),
        ("lantern gravel osmosis pickle", Level.GOOD),
        ("gK7#pQ9!zR2mvB5&", Level.STRONG),
        ("lantern gravel osmosis pickle thunder walnut", Level.STRONG),
    ],
)
def test_the_estimate_is_honest(text: str, expected: Level) -> None:
    assert level(text) is expected


@given(st.text(min_size=MIN_LENGTH), st.text())
def test_what_is_long_enough_stays_so_when_more_is_typed(text: str, more: str) -> None:
    assert level(text + more) is not Level.TOO_SHORT
    require_long_enough(SecretStr(text + more))


@given(st.text(max_size=MIN_LENGTH - 1))
def test_what_is_too_short_is_refused(text: str) -> None:
    assert level(text) is Level.TOO_SHORT
    with pytest.raises(InvalidPassphrase, match="12 characters"):
        require_long_enough(SecretStr(text))


@given(st.characters(), st.integers(MIN_LENGTH, 200))
def test_one_character_again_and_again_is_weak(character: str, times: int) -> None:
    assert level(character * times) is Level.WEAK


@given(st.text(min_size=1, max_size=30))
def test_no_sentence_or_repr_repeats_the_passphrase(text: str) -> None:
    marked = f"<{text}>" + "x" * MIN_LENGTH
    judged = judge(SecretStr(marked))

    assert marked not in repr(judged) + judged.sentence
    assert judged.word
    assert judged.sentence.endswith(".")


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Write a passphrase file that is closed to others."""

    def make(text: str) -> Path:
        path = tmp_path / f"passphrase-{len(list(tmp_path.iterdir()))}"
        path.write_text(text, newline="")
        path.chmod(0o600)
        return path

    return make


def secret(value: SecretStr | None) -> str | None:
    return None if value is None else value.get_secret_value()


def test_sources_are_tried_in_order(write: Callable[[str], Path]) -> None:
    environ = {
        "SMSTUI_PASSPHRASE_FILE": str(write("from the variable's file\n")),
        "SMSTUI_PASSPHRASE": "from the variable",
    }

    assert secret(read_passphrase(write("from the option's file"), dict(environ))) == (
        "from the option's file"
    )
    assert secret(read_passphrase(None, environ)) == "from the variable's file"
    assert secret(read_passphrase(None, {"SMSTUI_PASSPHRASE": "from the variable"})) == (
        "from the variable"
    )
    assert read_passphrase(None, {}) is None


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\nsecond line\n"])
def test_the_first_line_counts_with_its_blanks(write: Callable[[str], Path], ending: str) -> None:
    assert secret(read_passphrase(write(f"  blanks and ü {ending}"), {})) == "  blanks and ü "


def test_children_do_not_inherit_the_passphrase(
    monkeypatch: pytest.MonkeyPatch, write: Callable[[str], Path]
) -> None:
    for file in (None, write("from a file")):
        monkeypatch.setenv("SMSTUI_PASSPHRASE", "canary-passphrase")
        read_passphrase(file, os.environ)

        child = [sys.executable, "-c", "import os; print(dict(os.environ))"]
        said = subprocess.run(child, capture_output=True, text=True, check=True).stdout
        assert "canary" not in said


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_file_open_to_others_is_refused_with_the_command(
    write: Callable[[str], Path], mode: int
) -> None:
    path = write("canary-passphrase")
    path.chmod(mode)

    with pytest.raises(LoosePermissions, match=f"chmod 600 {path}") as caught:
        read_passphrase(path, {})
    assert "canary" not in caught.value.message


@pytest.mark.parametrize("text", ["", "\n", "\nsecond line"])
def test_an_empty_first_line_is_said(write: Callable[[str], Path], text: str) -> None:
    with pytest.raises(StoreError, match="first line"):
        read_passphrase(write(text), {})


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nowhere cannot be read: No such file"):
        read_passphrase(tmp_path / "nowhere", {})


def test_a_pipe_will_do() -> None:
    """The shell's ``<(pass show smstui)``."""
    reading, writing = os.pipe()
    os.write(writing, b"from a pipe\n")
    os.close(writing)

    assert secret(read_passphrase(Path(f"/dev/fd/{reading}"), {})) == "from a pipe"
    os.close(reading)
