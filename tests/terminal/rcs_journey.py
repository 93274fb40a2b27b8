"""A person at a keyboard who carries an RCS set-up through, and may lose the console midway."""

from __future__ import annotations

import base64
import socket
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from signal import SIGKILL
from typing import Self

from smstui.providers.fields import text_of
from smstui.rcs import stored
from smstui.rcs.base import Step
from smstui.rcs.document import Document
from smstui.simulator.core import AccountInfo
from smstui.simulator.server import Simulator
from smstui.store import Store
from smstui.times import utc_now
from smstui.webhooks.base import WebhookType
from smstui.webhooks.settings import ReceiverSettings
from tests.conftest import PASSPHRASE
from tests.rcs.world import ACCOUNTS, HMAC_SECRET, PHONE
from tests.terminal.pty_app import PtyApp
from tests.webhooks.stage import opened

NAME = "Acme brand"
SIZE = (100, 40)

PROFILE = {
    "Brand name": "Acme Ltd",
    "Display name": "Acme",
    "Description": "News and offers of Acme",
    "Colour": "#1A5FB4",
    "Logo": "https://www.example.com/logo.png",
    "Banner": "https://www.example.com/banner.png",
    "Phone": "+390212345678",
    "Website": "https://www.example.com",
    "Privacy policy": "https://www.example.com/privacy",
    "Terms of service": "https://www.example.com/terms",
}
"""What is pasted, by the labels in the order of the form; those that a provider has."""


class Clock:
    """The present, and what was skipped of waiting."""

    def __init__(self) -> None:
        self._skipped = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self._skipped

    def skip(self, seconds: float) -> None:
        """Let a wait at the provider be over."""
        self._skipped += timedelta(seconds=seconds)


class Journey:
    """One set-up by one route, at a terminal; a context manager."""

    def __init__(self, route: str, path: Path, *, is_killed: bool) -> None:
        """Prepare.

        Args:
            route: the way to RCS.
            path: of an empty store.
            is_killed: the console is killed at each step, and goes on where it was.
        """
        self.route = route
        self._path = path
        self._is_killed = is_killed
        self._clock = Clock()
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        self.simulator = self._closing.enter_context(Simulator(clock=self._clock, seed="tests"))
        self._begin("rcs")
        return self

    def __exit__(self, *_: object) -> None:
        self.app.__exit__(None, None, None)
        self._closing.close()

    def _begin(self, address: str) -> None:
        app = PtyApp(
            *("-m", "smstui", "--store", str(self._path), "--open", address),
            env={"SMSTUI_PASSPHRASE": PASSPHRASE.get_secret_value()},
            size=SIZE,
        )
        self.app = app.__enter__()

    @property
    def account(self) -> AccountInfo:
        """The login at the simulated provider."""
        wanted = ACCOUNTS[self.route]
        return next(a for a in self.simulator.accounts if (a.vendor, a.label) == wanted)

    def document(self) -> Document:
        """Return the set-up as the store has it."""
        with opened(self._path) as store:
            return stored.load(store, store.rcs_setups.by_name(NAME).id)

    def checkpoint(self, step: Step, sign: str) -> None:
        """Wait until all is kept; then maybe lose the console, come back, and miss nothing.

        Args:
            step: where one is.
            sign: what is on the screen there when one comes back.
        """
        self.app.settle()  # The pause after which what was typed is kept.
        self.app.wait_for("✓ kept")
        if not self._is_killed:
            return
        before = self.document()
        assert before.step is step
        self.app.signal(SIGKILL)
        assert self.app.wait_for_end() == -SIGKILL
        self.app.__exit__(None, None, None)
        assert self.document() == before
        self._begin(f"rcs/{NAME}")
        self.app.wait_for("✓ kept")
        self.app.wait_for(sign)
        assert self.document() == before

    # At the keyboard

    def go_to(self, label: str) -> None:
        """Press Tab until a field has the focus."""
        self._move_to(label, "Tab")

    def wait_for_field(self, label: str) -> None:
        """Wait until a form has put the focus there by itself; keys before that go astray."""
        self.app.wait_until(lambda: self._marked() == label)

    def _move_to(self, label: str, key: str) -> None:
        """Press a key until a line is marked that begins so."""
        for _press in range(60):
            self.app.wait_until(lambda: bool(self._marked()))
            here = self._marked()
            if here.startswith(label):
                return
            self.app.press(key)
            self.app.wait_until(partial(self._is_elsewhere, here))
        raise AssertionError(f"{label} cannot be reached:\n{self.app.text}")

    def _is_elsewhere(self, label: str) -> bool:
        return self._marked() not in ("", label)

    def _marked(self) -> str:
        """Return the label of the field that has the focus; empty while it moves."""
        return self._marked_line().partition("  ")[0]

    def _marked_line(self) -> str:
        """Return the line of the field that has the focus; empty while it moves."""
        lines = [line.strip() for line in self.app.text.splitlines()]
        marked = [
            number for number, line in enumerate(lines) if line.startswith("▌") and "▐" not in line
        ]
        # A long label has two lines, both marked.
        is_one = bool(marked) and marked[-1] - marked[0] == len(marked) - 1
        return lines[marked[0]].removeprefix("▌").strip() if is_one else ""

    def paste(self, label: str, value: str) -> None:
        """Go to a field and paste into it."""
        self.go_to(label)
        self.app.paste(value)
        # Of a long value the end is seen, of a secret its dots.
        signs = (value[:8], value[-8:], "•" * min(len(value), 8))
        self.app.wait_until(lambda: any(sign in self._marked_line() for sign in signs))

    def choose(self, label: str, words: str) -> None:
        """Go to a choice, and choose by its first letters."""
        self.go_to(label)
        self.app.press("Enter")
        self.app.wait_for("▲")
        self.app.press(words, "Enter")
        self.app.wait_until_gone("▲")

    def act(self, label: str, told: str, key: str) -> None:
        """Do what the provider's API allows, confirmed by a key, and wait for what it came to."""
        self.app.press("a")
        self.app.wait_for("What can be done from here")
        self._move_to(label, "Down")
        self.app.press("Enter")
        self.app.wait_until_gone("What can be done from here")
        self.app.wait_for("Do it")
        self.app.press(key)
        self.app.wait_for(told)

    # At the provider

    def wait_at_provider(self, seconds: float) -> None:
        """Let a wait at the provider be over."""
        self._clock.skip(seconds)
        self.simulator.settle()

    def set_webhooks(self) -> None:
        """Paste the URLs into the provider's console."""
        with opened(self._path) as store:
            urls = _urls(store, self.document())
        both = urls.get(WebhookType.BOTH.value, "")
        headers = {}
        if self.route == "Infobip":
            login = base64.b64encode(f"acme:{HMAC_SECRET}".encode()).decode()
            headers = {"Authorization": f"Basic {login}"}
        self.simulator.set_webhook(
            self.account,
            inbound=both or urls[WebhookType.INBOUND.value],
            feedback=both or urls[WebhookType.FEEDBACK.value],
            secret=HMAC_SECRET if self.route == "Sinch" else "",
            headers=headers,
            sender=self.sender if self.route == "Twilio" else "",
        )

    @property
    def sender(self) -> str:
        """The sender as subscribers text it."""
        register = self.document().register
        return text_of(register.get("sender_id") or register.get("sender_name"))

    def subscriber_texts(self, text: str) -> None:
        """Let a subscriber write to the sender."""
        self.simulator.subscriber_texts(self.account, number=PHONE, to=self.sender, text=text)


def _urls(store: Store, document: Document) -> dict[str, str]:
    settings = ReceiverSettings.load(store)
    records = stored.webhooks_of(store, document)
    return {record.type: settings.url_of(record.path) for record in records}


def free_port() -> int:
    """Return a port of loopback that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
