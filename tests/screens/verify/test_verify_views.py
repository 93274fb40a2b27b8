"""The views of the verify screen: the wire without secrets, curl, scrolling, earlier runs."""

from __future__ import annotations

from smstui.simulator.server import Simulator
from tests.screens.verify.kit import (
    TO,
    Time,
    VerifyApp,
    everything,
    idle,
    opened,
    run_with,
    shown,
    text,
)


async def test_the_views_show_what_went_over_the_wire_without_secrets(
    verify_app: VerifyApp, passing: Time, twilio_simulator: Simulator
) -> None:
    token = dict(twilio_simulator.accounts[0].fields)["auth_token"]
    app = verify_app()
    async with app.run_test(size=(120, 60)) as pilot:
        await opened(pilot, passing)
        await run_with(pilot, TO)
        await shown(pilot, "✓ deliver       delivered")
        seen = []
        for key in ("1", "2", "3", "f8", "f8"):
            await pilot.press(key)
            seen.append(text(pilot))
        assert "▌What it means▐" in seen[0]
        assert "Carried as  SMS" in seen[0]
        assert "Authorization: Basic •••" in seen[1]
        assert "HTTP 200 OK" in seen[2]
        assert "curl -X GET" in seen[3]
        assert "▌History▐" in seen[4]
        await pilot.press("2", "left_square_bracket", "left_square_bracket")
        assert "Messages.json" in text(pilot)
        assert "Body = smstui test 1" in text(pilot)
        assert token not in everything(pilot) + "".join(seen)


async def test_curl_goes_to_the_clipboard_and_to_the_screen(
    verify_app: VerifyApp, passing: Time, twilio_simulator: Simulator
) -> None:
    token = dict(twilio_simulator.accounts[0].fields)["auth_token"]
    app = verify_app()
    async with app.run_test(size=(100, 40), notifications=True) as pilot:
        await opened(pilot, passing)
        await pilot.press("tab", "tab", "y")
        await shown(pilot, "There is no request to copy yet.")
        await run_with(pilot, TO)
        await shown(pilot, "✓ deliver       delivered")
        await pilot.press("y")
        await shown(pilot, "OSC 52")
        assert app.clipboard.startswith("curl -X GET")
        assert "$AUTH_TOKEN" in app.clipboard
        assert "$AUTH_TOKEN" in text(pilot)
        assert token not in app.clipboard


async def test_pages_scroll_from_anywhere(verify_app: VerifyApp, passing: Time) -> None:
    app = verify_app()
    async with app.run_test() as pilot:
        await opened(pilot, passing)
        await run_with(pilot, TO)
        await shown(pilot, "✓ deliver       delivered")
        await pilot.press("3")
        assert "▼" in text(pilot)
        top = text(pilot)
        await pilot.press("pagedown")
        assert "▲" in text(pilot)
        await pilot.press("pageup")
        assert text(pilot) == top
        await pilot.press("down", "up")
        assert text(pilot) == top
        pilot.app.screen.query_one("#number-input").focus()
        await pilot.press("pagedown")
        assert "▲" in text(pilot)


async def test_an_earlier_run_is_shown_to_read_only(verify_app: VerifyApp, passing: Time) -> None:
    app = verify_app()
    async with app.run_test() as pilot:
        await opened(pilot, passing)
        await run_with(pilot, "+12025530006")
        await shown(pilot, "✗ deliver")
        await idle(pilot)
        await run_with(pilot, "", depth="check")
        await shown(pilot, "– connect       not asked")
        await idle(pilot)
        await pilot.press("f4")
        await shown(pilot, "✗ landline")
        await pilot.press("down", "enter")
        await shown(pilot, "Earlier run, 2026-11-23 10:00 UTC · twilio-main")
        assert "✗ deliver" in text(pilot)
        assert "30006" in text(pilot)
        await pilot.press("2")
        assert "Messages.json" in text(pilot)
        await pilot.press("escape")
        assert "Verify SMS connection · twilio-main" in text(pilot)
        assert "▌History▐" in text(pilot)
        assert "– connect       not asked" in text(pilot)
