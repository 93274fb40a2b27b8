"""The whole console on a real terminal: how it begins, locks and ends, whatever ends it."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PASSPHRASE, MakeStore
from tests.terminal.pty_app import PtyApp

ASKS = "Passphrase"
OPEN = "API Credentials"
MAIN = "from smstui.cli import main; main()"


def console(path: Path, *arguments: str, **env: str) -> PtyApp:
    """Start the console on a store."""
    return PtyApp("-c", MAIN, "--store", str(path), *arguments, env=env)


def unlock(app: PtyApp) -> None:
    """Type the passphrase and wait for the shell."""
    app.wait_for(ASKS)
    app.press(PASSPHRASE.get_secret_value(), "Enter")
    app.wait_for("F2 Palette")


def test_opens_quits_and_leaves_nothing_behind(make_store: MakeStore) -> None:
    with console(make_store()) as app:
        unlock(app)
        assert OPEN in app.text
        app.press("F10")
        assert app.wait_for_end() == 0
        assert app.is_restored
        assert PASSPHRASE.get_secret_value().encode() not in app.raw
        assert b"\x1b]0;" not in app.raw
        assert b"\x1b]2;" not in app.raw
        assert "smstui" not in app.after_the_end


def test_a_passphrase_file_opens_without_asking(make_store: MakeStore, tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    file.touch(mode=0o600)
    file.write_text(PASSPHRASE.get_secret_value() + "\n")
    with console(make_store(), "--passphrase-file", str(file)) as app:
        app.wait_for("F2 Palette")
        app.press("F10")
        assert app.wait_for_end() == 0


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)],
    ids=["TERM", "HUP", "INT"],
)
@pytest.mark.parametrize("opened", [True, False], ids=["open", "asking"])
def test_a_signal_ends_it_in_order(
    make_store: MakeStore, number: signal.Signals, status: int, opened: bool
) -> None:
    with console(make_store()) as app:
        if opened:
            unlock(app)
        else:
            app.wait_for(ASKS)
            app.wait_for("F10 Quit")
        app.signal(number)
        assert app.wait_for_end() == status
        assert app.is_restored
        assert "Traceback" not in app.after_the_end


def test_a_signal_ends_it_with_text_not_saved(make_store: MakeStore) -> None:
    with console(make_store(), "--open", "credentials/+new") as app:
        unlock(app)
        app.press("abc")
        app.signal(signal.SIGTERM)
        assert app.wait_for_end() == 143
        assert app.is_restored


def test_a_lost_terminal_ends_it(make_store: MakeStore) -> None:
    with console(make_store()) as app:
        unlock(app)
        app.close_terminal()
        assert app.wait_for_end() == 129


def test_a_lost_terminal_ends_it_also_when_nobody_says_so(make_store: MakeStore) -> None:
    # As under nohup or sudo, where the hang-up signal does not arrive.
    ignoring = f"import smstui.app as a; a.signal.SIGHUP = a.signal.SIGURG; {MAIN}"
    hangup = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); "
    arguments = ("-c", hangup + ignoring, "--store", str(make_store()))
    with PtyApp(*arguments) as app:
        unlock(app)
        app.close_terminal()
        assert app.wait_for_end() in {128 + signal.SIGURG, 128 + signal.SIGHUP}


@pytest.mark.parametrize("key", ["\x1bOR", "\x1bOS", "F5"], ids=["action", "worker", "toolkit"])
def test_a_crash_shows_one_sentence_and_keeps_a_report(
    make_store: MakeStore, tmp_path: Path, key: str
) -> None:
    state = tmp_path / "state"
    with PtyApp("-m", "tests.terminal.troubled", str(make_store()), str(state)) as app:
        unlock(app)
        app.press(key)
        assert app.wait_for_end() == 1
        assert app.is_restored
        reports = list(state.iterdir())
        assert len(reports) == 1
        assert str(reports[0]) in "".join(app.after_the_end.split("\r\n"))
        assert b"canary" not in app.raw
        assert b"Traceback" not in app.raw
    assert stat.S_IMODE(reports[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    report = reports[0].read_text()
    assert "canary-local-7" not in report
    assert "MarkupError" in report or "ValueError" in report
    assert PASSPHRASE.get_secret_value() not in report


def test_idling_locks_by_itself(make_store: MakeStore) -> None:
    with console(make_store(), SMSTUI_LOCK_MINUTES="0.005") as app:
        app.wait_for(ASKS)
        app.press(PASSPHRASE.get_secret_value(), "Enter")
        app.wait_for("Locked, since nobody pressed a key.")
        app.press("F10")
        assert app.wait_for_end() == 0


def test_it_writes_nothing_while_nothing_happens(make_store: MakeStore) -> None:
    with console(make_store()) as app:
        unlock(app)
        app.settle()
        before = len(app.raw)
        app.listen(2.5)
        assert len(app.raw) == before


def test_suspending_gives_the_terminal_back_and_returns(make_store: MakeStore) -> None:
    with console(make_store()) as app:
        unlock(app)
        app.press("ctrl+z")
        app.wait_until_stopped()
        assert app.is_restored
        app.signal(signal.SIGCONT)
        app.press("F1")
        app.wait_for("Esc Close")
        app.press("Esc")
        app.wait_for("F2 Palette")
        app.press("F10")
        assert app.wait_for_end() == 0


def test_variables_of_the_toolkit_write_no_log(make_store: MakeStore, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with console(make_store(), TEXTUAL_LOG=str(log), TEXTUAL="debug,devtools") as app:
        unlock(app)
        app.press("F10")
        assert app.wait_for_end() == 0
    assert not log.exists()


@pytest.mark.parametrize("term", ["dumb", "", "unknown"])
def test_a_terminal_that_cannot_place_text_is_refused(make_store: MakeStore, term: str) -> None:
    with console(make_store(), TERM=term) as app:
        assert app.wait_for_end() == 2
        assert "The console needs a terminal: TERM is" in app.text


def test_a_screen_drawn_elsewhere_is_refused(make_store: MakeStore) -> None:
    elsewhere = "import os; os.dup2(os.open(os.devnull, os.O_WRONLY), 2); "
    with PtyApp("-c", elsewhere + MAIN, "--store", str(make_store())) as app:
        assert app.wait_for_end() == 2
        assert "Call it without 2>." in app.text


def test_a_pipe_is_refused(make_store: MakeStore) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", MAIN, "--store", str(make_store())],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TERM": "xterm"},
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1
    assert "subcommands" in ended.stderr


def test_ascii_terminals_get_signs_they_can_show(make_store: MakeStore) -> None:
    env = {"PYTHONIOENCODING": "ascii"}
    with console(make_store(), **env) as app:
        unlock(app)
        assert "Administration > Channels > SMS settings > API Credentials" in app.text
        app.press("F10")
        assert app.wait_for_end() == 0
        app.raw.decode("ascii")
