"""``smstui listen``: receive webhooks, in the foreground or as a child of the console."""

from __future__ import annotations

import json
import os
import sys
import threading
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smstui.commands.common import EXIT_REFUSED, Invocation, say
from smstui.i18n import _, ngettext
from smstui.text import clean
from smstui.times import Clock, from_iso, iso, utc_now

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.webhooks.intake import Kept
    from smstui.webhooks.receiver import Receiver
    from smstui.webhooks.receiver_state import State
    from smstui.webhooks.settings import ReceiverSettings

ORDER_LIMIT = 65_536
"""Bytes of the line in which the console tells its child what to do."""

CLOCK_TOLERANCE = timedelta(seconds=1)
"""By how much two looks at the same clock may differ, from one process to the other."""

SWITCH_SECONDS = 0.001
"""How long one thread may keep the other from working: after each look at the store it waits."""


@click.command()
@click.option("--host", help="The address to listen at; else as set in the console.")
@click.option("--port", type=click.IntRange(0, 65535), help="The TCP port; 0 takes a free one.")
@click.option("--public-url", help="What providers call: your proxy or tunnel.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line on stdout.")
@click.option("--child", is_flag=True, hidden=True)
@click.pass_context
def command(
    ctx: click.Context,
    host: str | None,
    port: int | None,
    public_url: str | None,
    as_json: bool,
    child: bool,
) -> None:
    """Receive webhooks; prints a line for each event. Ctrl+C ends it."""
    if child:
        ctx.exit(_serve_console())
    _serve(ctx.obj, {"host": host, "port": port, "public_url": public_url}, as_json=as_json)


def _serve(invocation: Invocation, options: dict[str, Any], *, as_json: bool) -> None:
    from smstui.serving import told_to_end
    from smstui.store import Store
    from smstui.store.records import Actor
    from smstui.webhooks.receiver import Receiver

    with invocation.open_store() as store:
        settings = _settings(store, options)
        webhooks = _paths(store)
        path, handle = invocation.settings.store, store.handle
    sys.setswitchinterval(SWITCH_SECONDS)
    with told_to_end() as ended:
        speaker = _Speaker(ended, as_json=as_json)
        receiver = Receiver(
            lambda: Store.reopen(path, handle, actor=Actor.current()),
            settings,
            on_state=speaker.tell_state,
            on_event=speaker.tell_event,
        )
        with receiver:
            speaker.tell_start(receiver.settings, webhooks)
            ended.wait()
    if not as_json:
        said = ngettext("{n} event was kept.", "{n} events were kept.", speaker.count)
        say(said.format(n=speaker.count))


def _settings(store: Store, options: dict[str, Any]) -> ReceiverSettings:
    """Return the settings of a store with those of the command line.

    Raises:
        InvalidFields: one of them cannot be.
    """
    from dataclasses import replace

    from smstui.providers.fields import Severity
    from smstui.webhooks.settings import ReceiverSettings, check

    draft = ReceiverSettings.load(store).draft()
    draft.update({name: value for name, value in options.items() if value is not None})
    takes_free_port = draft["port"] == 0
    if takes_free_port:
        draft["port"] = ReceiverSettings().port  # A form asks for a real one.
    for issue in check(draft):
        if issue.severity is Severity.WARNING:
            say(issue.message)
    settings = ReceiverSettings.build(draft)
    return replace(settings, port=0) if takes_free_port else settings


def _paths(store: Store) -> list[tuple[str, str]]:
    """Return name and path of the webhooks."""
    from smstui.store.records import ListQuery

    records = (store.webhooks.get(id_) for id_ in store.webhooks.ids(ListQuery()))
    return [(record.name, record.path) for record in records]


class _Speaker:
    """Tells of the receiver on stdout, from whichever thread; ends it when nobody reads."""

    def __init__(self, ended: threading.Event, *, as_json: bool) -> None:
        self._ended = ended
        self._as_json = as_json
        self._lock = threading.Lock()
        self.count = 0

    def tell_start(self, settings: ReceiverSettings, webhooks: list[tuple[str, str]]) -> None:
        urls = [(name, settings.url_of(path)) for name, path in webhooks]
        if self._as_json:
            told = [{"name": name, "url": url} for name, url in urls]
            self._write(json.dumps({"listening": settings.base_url, "webhooks": told}))
            return
        self._write(_("Listening at {url}").format(url=settings.base_url))
        width = max((len(name) for name, _url in urls), default=0)
        for name, url in urls:
            self._write(f"  {clean(name):<{width}}  {url}")
        if not urls:
            say(_("There are no webhooks yet, so every call is unknown."))
        say(_("Ctrl+C ends it."))

    def tell_state(self, state: State) -> None:
        if not state.message:
            return
        if self._as_json:
            self._write(state.line())
        elif state.is_on:  # What keeps it from starting is told as the error that it is.
            say(state.message)

    def tell_event(self, kept: Kept) -> None:
        self.count += 1
        self._write(_json_line(kept) if self._as_json else _line(kept))

    def _write(self, line: str) -> None:
        try:
            with self._lock:
                click.echo(line)
        except OSError:
            self._ended.set()


def _line(kept: Kept) -> str:
    from smstui.results import GLYPHS

    event = kept.event
    parts = (
        iso(kept.at),
        clean(kept.webhook),
        event.kind,
        f"{event.sender or '-'} → {event.recipient or '-'}",
        f"{GLYPHS[event.result]} {event.word}",
    )
    return clean("  ".join(parts))


def _json_line(kept: Kept) -> str:
    event = kept.event
    values = {
        "id": kept.id,
        "at": iso(kept.at),
        "webhook": kept.webhook,
        "kind": event.kind,
        "sender": event.sender,
        "recipient": event.recipient,
        "result": event.result,
        "word": event.word,
        "reason": event.reason,
        "message_id": event.message_id,
    }
    return json.dumps(values)


# The console's child


def _serve_console() -> int:
    """Do what the console asks for on stdin, tell it the state on stdout; return the status."""
    from smstui.errors import SmstuiError
    from smstui.serving import told_to_end
    from smstui.webhooks.receiver_state import Standing, State

    sys.setswitchinterval(SWITCH_SECONDS)
    with told_to_end() as ended:
        try:
            receiver = _ordered(_first_line())
            threading.Thread(target=_await_end, args=(ended,), daemon=True).start()
            with receiver:
                ended.wait()
        except SmstuiError:
            return EXIT_REFUSED  # The receiver has told why.
        except (ValueError, KeyError, TypeError):
            _tell(State(Standing.FAILED, message=_("The receiver did not understand its order.")))
            return EXIT_REFUSED
    return 0


def _ordered(line: bytes) -> Receiver:
    """Return the receiver that the console asks for."""
    from pydantic import SecretStr

    from smstui.store import Store
    from smstui.store.records import Actor
    from smstui.webhooks.receiver import Receiver
    from smstui.webhooks.settings import ReceiverSettings

    order = json.loads(line)
    clock = _clock_of(from_iso(order["now"]))
    path, handle = Path(order["path"]), SecretStr(order["handle"])
    actor = Actor(order["user"], order["origin"])
    return Receiver(
        lambda: Store.reopen(path, handle, actor=actor, clock=clock),
        ReceiverSettings(order["host"], order["port"], order["public_url"], order["keep_days"]),
        clock=clock,
        on_state=_tell,
    )


def _clock_of(now: datetime) -> Clock:
    """Return a clock that goes like the console's: the demo has a time of its own."""
    offset = now - utc_now()
    if abs(offset) <= CLOCK_TOLERANCE:
        return utc_now
    return lambda: utc_now() + offset


def _first_line() -> bytes:
    """Return a line from stdin, read past Python's buffer, whose lock a thread might hold."""
    line = b""
    while not line.endswith(b"\n") and len(line) < ORDER_LIMIT:
        chunk = os.read(0, ORDER_LIMIT)
        if not chunk:
            break
        line += chunk
    return line


def _await_end(ended: threading.Event) -> None:
    """Tell when stdin closes: the console has ended, in whatever way."""
    with suppress(OSError):
        while os.read(0, 4096):
            pass
    ended.set()


def _tell(state: State) -> None:
    with suppress(OSError):
        sys.stdout.write(state.line() + "\n")
        sys.stdout.flush()
