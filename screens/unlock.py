"""The first screen: opens the store, or creates it; also what lies over everything when locked.

Nothing heavy is imported here: models and storage load in a thread while one types.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, Static

from screens.base import ConsoleScreen, context_of
from screens.paths import shown_path, with_short_home
from screens.widgets.key_bar import KeyBar
from screens.widgets.secret_input import SecretInput
from smstui.errors import SmstuiError
from smstui.i18n import N_, _

if TYPE_CHECKING:
    from pydantic import SecretStr

    from smstui.store.records import Actor


class UnlockScreen(ConsoleScreen[bool]):
    """Asks for the passphrase, or for a new one where there is no store yet.

    Dismissed with True when the store is open.
    """

    CSS_PATH = "../styles/unlock.tcss"
    COMPONENT_CLASSES = {"unlock--title"}
    AUTO_FOCUS = "SecretInput"
    BINDINGS = [
        Binding("escape", "escape", N_("Quit"), show=False, id="unlock.escape"),
        Binding(
            "ctrl+s,f9",
            "submit",
            N_("Create"),
            id="unlock.submit",
            key_display="Ctrl+S",
            tooltip=N_("Create the store"),
        ),
        Binding(
            "f5",
            "look_again",
            N_("Try again"),
            id="unlock.again",
            tooltip=N_("Look at the store again"),
        ),
    ]
    area = N_("store")
    help_title = N_("Opening the store")
    help_text = N_(
        "Everything the console keeps is in one encrypted file. The passphrase is its only key: "
        "it is not kept anywhere, and nobody can recover it."
    )

    def __init__(self, *, given: SecretStr | None = None, reason: str = "") -> None:
        """Make the screen.

        Args:
            given: a passphrase to try at once, from a file or the environment.
            reason: why the console was locked; empty when it has just been started.
        """
        super().__init__()
        self._given = given
        self._reason = reason
        self._busy = False

    @property
    def is_lock(self) -> bool:
        """Whether this lies over a console that was open before."""
        return bool(self._reason)

    def compose(self) -> ComposeResult:
        with Vertical(id="card"):
            yield Static("smstui", id="product")
            yield Static(Text(self._reason or _("The console for text messaging")), id="tagline")
            with Horizontal(classes="labelled"):
                yield Label(Text(_("Store")))
                yield Static(Text(shown_path(context_of(self).store_path)), id="store-path")
            yield Vertical(id="ask")
            yield Static(id="said")
        yield KeyBar()

    async def on_mount(self) -> None:
        await self._ask()

    async def _ask(self) -> None:
        """Ask for what fits: the passphrase, or a new one where there is no file yet."""
        ask = self.query_one("#ask", Vertical)
        await ask.remove_children()
        self._say("")
        if context_of(self).store_path.exists():
            row = Horizontal(Label(Text(_("Passphrase"))), PassphraseInput(), classes="labelled")
            await ask.mount(row)
            # Loading competes for the processor, and the first paint comes first.
            self.call_after_refresh(self._look)
        else:
            # The only case that needs the strength of a passphrase, and so more modules.
            from screens.widgets.new_passphrase import NewPassphrase

            lines = (
                _("There is no store here yet. A passphrase encrypts it."),
                _("A lost passphrase cannot be recovered, by anybody."),
            )
            await ask.mount(
                *(Static(Text(line), classes="explains") for line in lines),
                NewPassphrase(_("Passphrase")),
            )
        self.query(SecretInput).first().focus()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer creating and trying again only where they have a meaning."""
        if action == "submit":
            return bool(self.query("NewPassphrase"))
        if action == "look_again":
            return self.has_class("-trouble")
        return True

    @work(exclusive=True, group="unlock", exit_on_error=False)
    async def _look(self) -> None:
        """Load what opening needs, tell what can be told before any passphrase, open if given."""
        path = context_of(self).store_path
        try:
            await asyncio.to_thread(_inspect, path)
        except SmstuiError as trouble:
            self._tell(trouble)
            return
        if self._given is not None:
            self._open(self._given)

    @on(Input.Submitted, "PassphraseInput")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value and not self._busy:
            self._open(self.query_one(PassphraseInput).secret)

    def _open(self, passphrase: SecretStr) -> None:
        self._enter(_("Deriving the key…"), context_of(self).session.open, passphrase)

    def _create(self, passphrase: SecretStr) -> None:
        self._enter(_("Creating the store…"), context_of(self).session.create, passphrase)

    @work(exclusive=True, group="unlock", exit_on_error=False)
    async def _enter(
        self, what: str, begin: Callable[..., Awaitable[None]], passphrase: SecretStr
    ) -> None:
        context = context_of(self)
        self._wait_for(what)
        try:
            await asyncio.to_thread(_load)
            await begin(context.store_path, passphrase, actor=_actor(), clock=context.clock)
        except SmstuiError as trouble:
            self._tell(trouble)
        else:
            self.dismiss(True)
        finally:
            self._busy = False

    def _wait_for(self, what: str) -> None:
        self._busy = True
        self.remove_class("-trouble")
        self._say(what)

    def _tell(self, trouble: SmstuiError) -> None:
        """Tell what is wrong; a wrong passphrase in one sentence, everything else with a title."""
        from smstui.store.errors import WrongPassphrase

        if isinstance(trouble, WrongPassphrase):
            given = _("The passphrase that was given does not open this store. Type it here.")
            wrong = given if self._given is not None else with_short_home(trouble.message)
            self._say(wrong, sign="✗")
            self._given = None
            field = self.query_one(PassphraseInput)
            field.select_all()
            field.focus()
        else:
            self.add_class("-trouble")
            self._say(trouble.message, sign="✗", title=_(trouble.title))
        self.refresh_bindings()

    def _say(self, text: str, *, sign: str = "", title: str = "") -> None:
        line = Text(f"{sign} {text}" if sign and not title else text)
        if title:
            colour = self.get_component_rich_style("unlock--title", partial=True)
            line = Text.assemble((f"{sign} {title}", colour), "\n", with_short_home(text))
        said = self.query_one("#said", Static)
        said.set_class(bool(sign and not title), "error")
        said.update(line)

    async def action_look_again(self) -> None:
        """Look at the file again, after the trouble was mended elsewhere."""
        self.remove_class("-trouble")
        await self._ask()

    def action_submit(self) -> None:
        """Create the store."""
        from screens.widgets.new_passphrase import NewPassphrase

        if self._busy:
            return
        passphrase = self.query_one(NewPassphrase).take()
        if passphrase is not None:
            self._create(passphrase)

    def on_new_passphrase_finished(self) -> None:
        """Create the store on Enter in the last input."""
        self.action_submit()

    def action_escape(self) -> None:
        """Quit; a locked console stays, for what is typed below must not be lost by a slip."""
        if self.is_lock:
            for field in self.query(SecretInput):
                field.clear()
        else:
            self.app.exit(0)


class PassphraseInput(SecretInput):
    """The one input of the screen: Enter opens the store."""

    BINDINGS = [Binding("enter", "submit", N_("Open"), id="unlock.open")]


def _actor() -> Actor:
    from smstui.store.records import Actor

    return Actor.current()


def _load() -> None:
    """Import what opening the store needs."""
    importlib.import_module("smstui.store.store")


def _inspect(path: Path) -> None:
    _load()
    from smstui.store.files import inspect_file

    inspect_file(path)
