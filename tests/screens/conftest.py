"""What the tests of screens share: the application around a real, open store."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from smstui.context import Context
from smstui.times import Clock
from tests.conftest import NOW, PASSPHRASE, MakeStore

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from smstui.app import SmstuiApp
    from smstui.store import Store
    from smstui.store.records import NewCredential
    from smstui.store.session import StoreSession

READING = ("list", "detail", "load")
"""The groups of the workers that read what is shown."""

Settle = Callable[["Pilot[Any]"], Awaitable[None]]


class ConsoleApp(Protocol):
    """Builds the application."""

    def __call__(
        self,
        records: Iterable[NewCredential] = (),
        address: str = "credentials",
        *,
        fill: Callable[[Store], None] | None = None,
        path: Path | None = None,
        locked: bool = False,
        **settings: Any,
    ) -> SmstuiApp:
        """Build the application around a real store.

        Args:
            records: credentials in the store.
            address: the place to open.
            fill: called with the store before it is opened for the application.
            path: an existing store to use, or where there is none.
            locked: leave the store closed: the application asks for the passphrase.
            settings: further fields of `Context`.
        """


@pytest.fixture(scope="session", autouse=True)
def remembered_styles() -> Iterator[None]:
    """Parse each style sheet once: the toolkit does it anew for each application."""
    from textual.css.stylesheet import Stylesheet

    parse = Stylesheet._parse_rules
    known: dict[Any, Any] = {}

    def remembering(self: Stylesheet, *given: Any, **named: Any) -> Any:
        key = (tuple(self._variables.items()), given, tuple(named.items()))
        if key not in known:
            known[key] = parse(self, *given, **named)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", remembering)
        yield


@pytest.fixture
def console_app(make_store: MakeStore, fixed_clock: Clock) -> Iterator[ConsoleApp]:
    """Build the application around a real store that is open already."""
    from smstui.app import SmstuiApp

    sessions: list[StoreSession] = []
    apps: list[SmstuiApp] = []

    def build(
        records: Iterable[NewCredential] = (),
        address: str = "credentials",
        *,
        fill: Callable[[Store], None] | None = None,
        path: Path | None = None,
        locked: bool = False,
        **settings: Any,
    ) -> SmstuiApp:
        path = path or make_store(records, fill=fill)
        settings = {
            "store_path": path,
            "label": "demo",
            "clock": fixed_clock,
            "idle_seconds": 0.0,
            **settings,
        }
        context = Context(**settings)
        sessions.append(context.session)
        if not locked:
            from smstui.store.records import Actor

            run(context.session.open(path, PASSPHRASE, actor=Actor("ada", ""), clock=lambda: NOW))
        apps.append(SmstuiApp(context, address=address))
        return apps[-1]

    yield build
    for session in sessions:
        run(session.close())
    for app in apps:
        assert app.last_unexpected is None, "a worker met an error that nobody foresaw"


@pytest.fixture
def settle() -> Settle:
    """Wait until the application has nothing left to do: ``await settle(pilot)``."""

    async def wait(pilot: Pilot[Any]) -> None:
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        # What has just come to an end may have begun to read; those end by themselves.
        while any(w.group in READING and not w.is_finished for w in pilot.app.workers):
            await pilot.pause()

    return wait


def run(work: Coroutine[Any, Any, Any]) -> None:
    """Carry out a coroutine from anywhere, also where an event loop is running already."""
    trouble: list[BaseException] = []

    def carry_out() -> None:
        try:
            asyncio.run(work)
        except BaseException as error:  # noqa: BLE001 - handed to the caller below
            trouble.append(error)

    thread = threading.Thread(target=carry_out)
    thread.start()
    thread.join()
    if trouble:
        raise trouble[0]
