"""The application: ties store, providers and screens together."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import events, work
from textual.binding import Binding
from textual.worker import WorkerFailed

from screens.base import ConsoleScreen, Dialog
from screens.places import HOME
from screens.theme import THEMES
from screens.type_ahead import TypeAhead
from screens.unlock import UnlockScreen
from screens.widgets.secret_input import SecretInput
from screens.workers import WatchedWorkers
from smstui import idling
from smstui.context import Context
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.store.session import StoreSession
from smstui.terminal import give_back_memory, terminal_is_gone
from smstui.times import Clock, utc_now

if TYPE_CHECKING:
    import httpx
    from pydantic import SecretStr

    from screens.palette import Command

SETTLED_SECONDS = 1.0
"""After the first place is drawn; what imports and key derivation left behind can go."""
HEARTBEAT_SECONDS = 2.0
FAILSAFE_SECONDS = 5.0
STATUS_SIGNAL = 128
"""What the exit status of a process that a signal ended is counted from."""


class SmstuiApp(TypeAhead):
    """The console. Ends with 0, with 1 after a crash, or with 128 and the number of the signal
    that ended it.
    """

    CSS_PATH = "../styles/app.tcss"
    TITLE = "smstui"
    ENABLE_COMMAND_PALETTE = False  # The toolkit's own; ours is `screens.palette`.
    BINDINGS = [
        Binding(
            "f1,question_mark",
            "help",
            N_("Help"),
            id="app.help",
            key_display="F1",
            tooltip=N_("Help for this place"),
        ),
        Binding(
            "f2,ctrl+p",
            "command_palette",
            N_("Palette"),
            id="app.palette",
            key_display="F2",
            tooltip=N_("Everything that can be done here, places and credentials by name"),
        ),
        Binding(
            "f10,ctrl+q",
            "quit",
            N_("Quit"),
            id="app.quit",
            key_display="F10",
            priority=True,
            tooltip=N_("Quit; asks first when something is not saved"),
        ),
        Binding(
            "ctrl+l",
            "lock",
            N_("Lock now"),
            id="app.lock",
            key_display="Ctrl+L",
            priority=True,
            show=False,
            tooltip=N_("Lock now; the passphrase brings back what was on the screen"),
        ),
        Binding(
            "ctrl+z",
            "suspend_process",
            N_("Suspend"),
            id="app.suspend",
            key_display="Ctrl+Z",
            show=False,
            tooltip=N_("To the shell; fg comes back"),
        ),
    ]

    def __init__(
        self,
        context: Context,
        *,
        passphrase: SecretStr | None = None,
        address: str = HOME,
        state_dir: Path | None = None,
    ) -> None:
        """Make the application.

        Args:
            context: what the screens share.
            passphrase: opens the store without asking, when it fits.
            address: the place to open first.
            state_dir: where the report of a crash is kept; None keeps none.
        """
        super().__init__()
        self._workers = WatchedWorkers(self, self.tell_unexpected)
        self.context = context
        self.seconds: Callable[[], float] = idling.seconds
        """What idling is measured by; also counts while the machine sleeps."""
        self.last_unexpected: BaseException | None = None
        """The last error of a worker that nobody foresaw."""
        self.last_words = ""
        """What is said on the terminal after the screen is left, empty for nothing."""
        self._passphrase = passphrase
        self._address = address
        self._state_dir = state_dir
        self._last_input = 0.0
        self._lock: UnlockScreen | None = None
        self._is_entered = False
        self._is_quitting = False
        self._is_quitting_from_lock = False
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.animation_level = "none"

    # Beginning and ending

    def on_mount(self) -> None:
        """Open the first screen, and watch over what may end the console."""
        if not self.is_headless:
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, self._end_by, number)
        beat = min(HEARTBEAT_SECONDS, self.context.idle_seconds or HEARTBEAT_SECONDS)
        self._last_input = self.seconds()
        self.set_interval(beat, self.look_around)
        if self.context.session.is_open:
            self._enter()
        else:
            self.push_screen(UnlockScreen(given=self._passphrase), self._enter)
        self._passphrase = None

    def _enter(self, _is_open: bool | None = True) -> None:
        from screens.shell import ShellScreen

        self._last_input = self.seconds()
        self._is_entered = True
        self.push_screen(ShellScreen(self._address))
        self.set_timer(SETTLED_SECONDS, give_back_memory)
        if self.context.is_receiving_at_once:
            self._receive()

    @work(group="receiver")
    async def _receive(self) -> None:
        try:
            await self.context.receiver.start_as_kept(self.context.store_path, self.context.session)
        except SmstuiError as error:
            self.notify(error.message)

    async def action_quit(self) -> None:
        """Quit, after asking each screen that would lose something."""
        is_asking = self._is_quitting if self._lock is None else self._is_quitting_from_lock
        if not is_asking:
            self._quit()

    @work(group="quit")
    async def _quit(self) -> None:
        self._is_quitting = True
        self._is_quitting_from_lock = self._lock is not None
        try:
            for screen in reversed(self.screen_stack):
                if isinstance(screen, ConsoleScreen | Dialog) and not await screen.may_leave():
                    return
        finally:
            self._is_quitting = self._is_quitting_from_lock = False
        self.exit(0)

    def _end_by(self, number: signal.Signals) -> None:
        """End in order, as quickly as can be; by force when even that does not work."""
        failsafe = threading.Timer(FAILSAFE_SECONDS, os._exit, (STATUS_SIGNAL + number,))
        failsafe.daemon = True
        failsafe.start()
        self.exit(return_code=STATUS_SIGNAL + number)

    def look_around(self) -> None:
        """End when the terminal is gone, lock when nobody has pressed a key for long."""
        if not self.is_headless and terminal_is_gone():
            self._end_by(signal.SIGHUP)
            return
        limit = self.context.idle_seconds
        if limit and self.seconds() - self._last_input >= limit:
            self.lock(idling.idle_words(limit))

    # Crashes

    def _fatal_error(self) -> None:
        """End after an unexpected error; the toolkit would print the values of variables."""
        self._stop_short()

    def panic(self, *renderables: Any) -> None:
        """End after an unexpected error of the toolkit; what it would print may hold data."""
        self._return_code = 1
        self._stop_short()

    def _stop_short(self) -> None:
        if not self.last_words:
            self.last_words = self._report(self._exception)
        self._close_messages_no_wait()

    def _report(self, error: BaseException | None) -> str:
        from smstui.crash import last_words

        if isinstance(error, WorkerFailed):
            error = error.error
        return last_words(self._state_dir, error, self.context.clock)

    def tell_unexpected(self, error: BaseException) -> None:
        """Tell that something did not work for a reason nobody foresaw; the console goes on."""
        from smstui.crash import unexpected_words

        self.last_unexpected = error
        super().notify(
            unexpected_words(self._state_dir, error, self.context.clock),
            severity="error",
            markup=False,
        )

    # Locking

    async def on_event(self, event: events.Event) -> None:
        """Remember when somebody was there, before anything else happens to the event."""
        if isinstance(event, events.InputEvent | events.Paste):
            self._last_input = self.seconds()
        await super().on_event(event)

    def action_lock(self) -> None:
        """Lock now."""
        self.lock(_("Locked."))

    def lock(self, reason: str) -> None:
        """Close the store and lay the unlock screen over everything; what is below stays.

        Args:
            reason: one sentence, shown on the unlock screen.
        """
        if self._lock is not None or not self._is_entered:
            return
        for screen in self.screen_stack:
            for field in screen.query(SecretInput):
                field.hide()
        self.clear_notifications()
        lock = UnlockScreen(reason=reason)
        self.push_screen(lock, self._unlocked)
        self._lock = lock
        self._close_store()

    @work(group="lock")
    async def _close_store(self) -> None:
        from smstui.providers.registry import forget

        await self.context.session.close()
        forget()

    def _unlocked(self, _is_open: bool | None) -> None:
        self._lock = None
        self._last_input = self.seconds()

    def push_screen(self, screen: Any, *args: Any, **options: Any) -> Any:
        """Show a screen; one that comes up while the console is locked waits below the lock."""
        pushed = super().push_screen(screen, *args, **options)
        lock = self._lock
        if lock is not None and not self._may_cover_lock(screen):
            stack = self._screen_stack
            stack.remove(lock)
            stack.append(lock)
            screen.post_message(events.ScreenSuspend())
            lock.post_message(events.ScreenResume())
        return pushed

    def _may_cover_lock(self, screen: object) -> bool:
        from screens.help import HelpDialog

        return self._is_quitting_from_lock or isinstance(screen, HelpDialog)

    def notify(self, message: str, **options: Any) -> None:
        """Tell something in passing; while the console is locked nothing is told.

        The message is never read as markup, whatever it holds.
        """
        if self._lock is None:
            options["markup"] = False
            super().notify(message, **options)

    # Actions that work everywhere

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the palette and the lock only while the store is open."""
        if action in {"command_palette", "lock"}:
            return self._is_entered and self._lock is None
        return super().check_action(action, parameters)

    def action_help(self) -> None:
        """Show the help for the place one is in."""
        from screens.help import HelpDialog

        if not isinstance(self.screen, HelpDialog):
            self.push_screen(HelpDialog(self.screen))

    def action_command_palette(self) -> None:
        """Show the palette."""
        from screens.palette import PaletteDialog

        self.push_screen(PaletteDialog(self.screen), self._run_command)

    def _run_command(self, command: Command | None) -> None:
        if command is not None:
            self.call_later(command.run)

    @work(group="receiver")
    async def action_receiver(self) -> None:
        """Open the dialog that switches the receiver on and off."""
        from screens.receiver import open_receiver

        await open_receiver(self.screen)

    def action_help_quit(self) -> None:
        """Answer Ctrl+C, which people press to quit."""
        self.notify(_("F10 quits."))


def run_console(
    *,
    store_path: Path,
    state_dir: Path,
    passphrase: SecretStr | None = None,
    idle_seconds: float = 600.0,
    address: str | None = None,
    label: str = "",
    environment: str = "",
    clock: Clock = utc_now,
    http_client: Callable[[], httpx.AsyncClient] | None = None,
    notes: str = "",
    is_receiving_at_once: bool = False,
    app_class: type[SmstuiApp] = SmstuiApp,
) -> int:
    """Run the console until it ends, and return its exit status.

    Args:
        store_path: the store to open; where there is none, one is created.
        state_dir: where the report of a crash is kept.
        passphrase: opens the store without asking.
        idle_seconds: how long without a key until the console locks itself; 0 for never.
        address: the place to open first.
        label: what the header says at its right end; else the store's name.
        environment: name of the one to begin in; else the one that the person was in last.
        clock: the present moment.
        http_client: makes the client for verifications.
        notes: what the help says after the keys.
        is_receiving_at_once: whether the receiver is switched on with the first place.
        app_class: what is run; tests plant their troubles in a subclass.
    """
    context = Context(
        store_path=store_path,
        session=StoreSession(environment),
        label=label or store_path.stem,
        clock=clock,
        idle_seconds=idle_seconds,
        http_client=http_client,
        notes=notes,
        is_receiving_at_once=is_receiving_at_once,
    )
    app = app_class(context, passphrase=passphrase, address=address or HOME, state_dir=state_dir)
    return asyncio.run(_run(app))


async def _run(app: SmstuiApp) -> int:
    try:
        await app.run_async(mouse=False)
    finally:
        await app.context.receiver.stop()
        await app.context.session.close()
        if app.last_words:
            sys.stderr.write(f"{app.last_words}\n")
    return app.return_code or 0
