"""One event: its views, replay, sending it on."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from screens.event import EventScreen
from screens.widgets.text_pane import TextPane
from smstui.store import Store
from smstui.store.webhook_records import NewEvent
from tests.screens.conftest import ConsoleApp, Settle
from tests.screens.events.kit import REFUSAL, SENDER, fill, keep
from tests.screens.kit import told
from tests.screens.webhooks.kit import credentials, webhook


def pane(pilot: Pilot[Any]) -> str:
    """What the view says."""
    return pilot.app.screen.query_one("#pane", TextPane).text.plain


async def open_event(pilot: Pilot[Any], settle: Settle, *keys: str) -> None:
    """Open the event one comes to by some keys."""
    await settle(pilot)
    for key in (*keys, "enter"):
        await pilot.press(key)
        await settle(pilot)
    assert isinstance(pilot.app.screen, EventScreen)


async def test_a_text_is_told_in_sentences_and_seen_as_it_came(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="events")
    async with app.run_test() as pilot:
        await open_event(pilot, settle)
        said = pane(pilot)
        assert "STOP is a keyword of Opt-Out." in said
        assert "+393331234567 is opted out of +15005550006." in said
        assert "! STOP blocks every later message of this sender" in said
        assert "Message id  SM5f0c1a2b3c4d5e6f708192a3b4c5d6e7" in said
        await pilot.press("2")
        assert "InboundMessage   Stop" in pane(pilot)
        await pilot.press("f8")
        assert pane(pilot).startswith("POST https://hooks.acme.example/w/")
        assert "X-Twilio-Signature: R2lhb" in pane(pilot)
        assert "\nBody        Stop" in pane(pilot)
        await pilot.press("right")
        said = pane(pilot)
        assert json.loads(said[said.index("{") :])["Body"] == "Stop"
        await pilot.press("y")
        assert app.clipboard == said


async def test_a_refusal_says_why_and_which_url_was_called(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="events")
    async with app.run_test() as pilot:
        await open_event(pilot, settle, "down")
        assert REFUSAL in pane(pilot)
        assert "https://hooks.acme.example/w/x7Qm2vK9tR4wLpZ8sN1cY6bH3dF5gJ0a" in pane(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert told(app) == ["Only texts of subscribers are matched with keywords."]
        await pilot.press("2")
        assert pane(pilot) == "Nothing is read from a call that is refused."


async def test_a_report_says_the_cause_and_the_next_step(
    console_app: ConsoleApp, settle: Settle
) -> None:
    app = console_app(fill=fill, address="events")
    async with app.run_test() as pilot:
        await open_event(pilot, settle, "j", "j", "j")
        said = pane(pilot)
        for part in ("out of reach.", "Send again later;", "30003", "Unreachable destination"):
            assert part in said
        await pilot.press("3")
        assert '"groupName": "UNDELIVERABLE"' in pane(pilot)
        await pilot.press("4")
        assert pane(pilot).startswith("The body came as JSON; it stays as it is.")


async def test_replay_asks_the_present_keywords_and_changes_nothing(
    console_app: ConsoleApp, settle: Settle
) -> None:
    def changed(store: Store) -> None:
        fill(store)
        from smstui.webhooks.stored import stored_draft, update

        record = store.webhooks.by_name("twilio-replies")
        draft = {**stored_draft(record), "help_keywords": "HELP, STOPP IT PLEASE"}
        update(store, record, draft)

    app = console_app(fill=changed, address="events")
    async with app.run_test() as pilot:
        await open_event(pilot, settle, "j", "j", "j", "j", "j")
        assert "This comes near to “STOP”, and opts nobody out by itself." in pane(pilot)
        await pilot.press("3", "r")
        await settle(pilot)
        said = pane(pilot)
        assert said.startswith("With the keywords as they are now (nothing was changed):")
        assert "STOPP IT PLEASE is a keyword of Help." in said
        consents = await app.context.session.call(
            lambda store: store.consents.state("+393331234567", SENDER)
        )
        assert consents == "out"


async def test_foreign_text_is_cleaned_and_never_markup(
    console_app: ConsoleApp, settle: Settle
) -> None:
    def odd(store: Store) -> None:
        credentials(store)
        hook = webhook(store, "hook", "Twilio", "twilio-main").id
        event = NewEvent(kind="inbound", word="[/x]", text="[bold]\x1b[2J", sender="[@click=x]")
        keep(store, hook, event, body=b"\xff\x00{[/x]" * 9000, media_type="[/x]\x1b")

    app = console_app(fill=odd, address="events")
    async with app.run_test() as pilot:
        await open_event(pilot, settle)
        for view in "1234":
            await pilot.press(view)
            await settle(pilot)
            assert "\x1b" not in pane(pilot)
            assert len(pane(pilot)) < 25_000
        await pilot.press("3")
        assert "[/x]" in pane(pilot)
        assert "… the rest is not shown" in pane(pilot)


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """Another receiver on loopback: its URL, and content type and body of what it was sent."""
    got: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.headers["Content-Type"], body))
            self.send_response(200 if self.path == "/ok" else 403)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", got
        server.shutdown()
        thread.join()


async def test_a_call_is_sent_on_as_it_came_or_as_json(
    console_app: ConsoleApp, settle: Settle, elsewhere: tuple[str, list[tuple[str, bytes]]]
) -> None:
    url, got = elsewhere
    app = console_app(fill=fill, address="events")

    def said() -> str:
        return str(app.screen.query_one("#said", Static).render())

    async with app.run_test() as pilot:
        await open_event(pilot, settle)
        await pilot.press("f")
        await pilot.pause()
        note = str(app.screen.query_one("#note", Static).render())
        assert "Signatures that cover the address do not fit another one." in note
        await pilot.press("enter")
        assert said() == "✗ The address is missing."
        app.screen.query_one("#url", Input).value = "http://example.com/x"
        await pilot.press("enter")
        await settle(pilot)
        assert "plain http is for this machine only" in said()
        app.screen.query_one("#url", Input).value = f"{url}/ok"
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert said() == "✓ It was taken: 200 OK."
        app.screen.query_one("#url", Input).value = f"{url}/no"
        await pilot.press("down", "enter")
        await settle(pilot)
        assert said() == "✗ It was refused: 403 Forbidden."
        assert [kind for kind, _body in got] == [
            "application/x-www-form-urlencoded",
            "application/json",
        ]
        assert json.loads(got[1][1])["Body"] == "Stop"
        await pilot.press("escape", "f")
        await pilot.pause()
        assert app.screen.query_one("#url", Input).value == f"{url}/no"
