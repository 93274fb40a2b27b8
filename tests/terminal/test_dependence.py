"""The whole program on a real terminal: configurations, who uses what, and environments."""

from __future__ import annotations

from pathlib import Path

from tests.terminal.pty_app import PtyApp

F12 = "\x1b[24~"


def test_a_configuration_is_copied_checked_and_held_to_and_production_asks(home: Path) -> None:
    with PtyApp("-m", "smstui", "demo", "--open", "channels") as app:
        app.wait_for("6 configurations")
        app.press("/", "service", "Enter")
        app.wait_for("▌Acme_Service_SMS")
        app.press("c")
        app.wait_for("Acme_Service_SMS_copy")
        app.press("ctrl+s")
        app.wait_for("✓ Active · checked just now")
        app.wait_for("✓ owner")

        app.press("Esc")
        app.wait_for("configurations")
        app.press("F2", "go to: API")
        app.wait_for("▌ go to: API Credentials")
        app.press("Enter")
        app.wait_for("credentials")
        app.press("/", "twilio-main", "Enter")
        app.wait_for("▌twilio-main")
        app.press("d")
        app.wait_for("twilio-main is in use")
        app.press("Down")
        app.wait_for("▌ channel configuration Acme_Marketing_SMS")
        app.press("Enter")
        app.wait_for("› Acme_Marketing_SMS")
        app.press("Esc")
        app.wait_for("▌twilio-main")

        app.press(F12)
        app.wait_for("you are here")
        app.press("Down", "Enter")
        app.wait_for("◆ production")
        app.wait_for("▌infobip-main")
        app.wait_for("also used in")
        app.press("d")
        app.wait_for("Type production to go on.")
        app.press("prod", "ctrl+s", "uction", "ctrl+s")
        app.wait_for("2 credentials")
        app.press("F10")
        assert app.wait_for_end() == 0
        assert app.is_restored
    assert not any(home.rglob("*.db")), "the demo touches no store of the user's own"
