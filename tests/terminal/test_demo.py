"""The whole program on a real terminal: from the first screen to *delivered*, by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest

from smstui.simulator.core import AccountInfo
from smstui.simulator.server import Simulator
from tests.terminal.pty_app import PtyApp

DEMO = ("-m", "smstui", "demo")


@pytest.fixture
def live() -> AccountInfo:
    """An account of the demo; the same seed gives the same one in every simulator."""
    with Simulator() as simulator:
        return next(info for info in simulator.accounts if info.label == "live, number only")


def test_a_credential_typed_by_hand_is_verified_to_delivered(live: AccountInfo, home: Path) -> None:
    token = live.fields["auth_token"]
    with PtyApp(*DEMO) as app:
        app.wait_for("20 credentials")
        simulator = _simulator_url(app)
        app.raw = b""  # The help of the demo tells the accounts of the simulator, tokens too.
        app.press("n")
        app.wait_for("New credential")
        app.press("Tab", "twilio-hand", "Tab", live.fields["account_sid"], "Tab", token)
        app.press("Tab", "Tab", live.fields["inbound_number"], "Tab", "Tab")
        app.press("Enter", "Tab", "Tab", "Tab", simulator)
        app.wait_for(simulator.removeprefix("http://"))
        app.press("ctrl+s")
        app.wait_for("21 credentials")
        app.wait_for("▌twilio-hand")
        app.press("v")
        app.wait_for("Verify SMS connection · twilio-hand")
        app.press("+393331234567")
        app.wait_for("Italy, mobile")
        app.press("F9")
        app.wait_for("✓ deliver")
        app.press("Esc")
        app.wait_for("21 credentials")
        app.wait_for("▌twilio-hand     Twilio     ✓ delivered        just now")
        # What is typed masked is nowhere: not on the terminal, not in arguments or environment.
        process = Path(f"/proc/{app.process.pid}")
        told = [process.joinpath(name).read_bytes() for name in ("cmdline", "environ")]
        app.press("F10")
        assert app.wait_for_end() == 0
        assert app.is_restored
        assert token.encode() not in b"".join([app.raw, *told])
    assert not any(home.rglob("*.db")), "the demo touches no store of the user's own"


def test_the_demo_is_gone_with_its_terminal(home: Path) -> None:
    with PtyApp(*DEMO) as app:
        app.wait_for("20 credentials")
        app.close_terminal()
        assert app.wait_for_end() == 129


def _simulator_url(app: PtyApp) -> str:
    """Return where the demo's simulator listens, as its help tells it."""
    app.press("F1")
    app.wait_for("Esc Close")
    for _page in range(20):
        if "http://127.0.0.1:" in app.text:
            break
        seen = app.text
        app.press("\x1b[6~")
        app.wait_until_changed(seen)
    start = app.text.index("http://127.0.0.1:")
    url = app.text[start:].split()[0].rstrip(".")
    app.press("Esc")
    app.wait_for("n New")
    return url
