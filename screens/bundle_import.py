"""Which bundle is imported, and its passphrase; the differences are a screen of their own."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Label, Static

from screens.base import Dialog, context_of
from screens.paths import with_short_home
from screens.widgets.key_bar import KeyBar
from screens.widgets.secret_input import SecretInput
from smstui.errors import SmstuiError
from smstui.i18n import N_, _

if TYPE_CHECKING:
    from smstui.bundles.plan import Plan


class Opened(NamedTuple):
    """A bundle that was opened and compared with the store."""

    path: Path
    plan: Plan


class BundleOpenDialog(Dialog[Opened]):
    """Asks for a bundle and, where it has one, its passphrase; answers it beside the store."""

    CSS_PATH = [f"../styles/{name}.tcss" for name in ("dialog", "bundles")]
    AUTO_FOCUS = "#path"
    BINDINGS = [
        Binding(
            "ctrl+s,f9",
            "submit",
            N_("Open"),
            id="bundle-open.submit",
            key_display="Ctrl+S",
            tooltip=N_("Open the bundle and compare it with the store; nothing is changed"),
        ),
        Binding("escape", "close", N_("Cancel"), id="bundle-open.close"),
        Binding("pagedown", "page(1)", N_("Page down"), show=False, id="bundle-open.down"),
        Binding("pageup", "page(-1)", N_("Page up"), show=False, id="bundle-open.up"),
    ]
    area = N_("bundle")
    help_title = N_("Import a bundle")
    help_text = N_(
        "Opens a bundle, encrypted or plain JSON, and shows record by record what would change. "
        "Nothing is changed before you have seen that and say so."
    )

    def __init__(self) -> None:
        super().__init__()
        self._busy = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Text(_("Import a bundle")), classes="dialog-title")
            explains = _("First you see what would change; nothing is changed before.")
            yield Static(Text(explains), classes="dialog-text")
            with Horizontal(classes="labelled"):
                yield Label(Text(_("File")))
                path = Input(
                    placeholder="~/bundle.smstui", id="path", compact=True, select_on_focus=False
                )
                path.cursor_blink = False
                yield path
            with Horizontal(classes="labelled", id="passphrase-row"):
                yield Label(Text(_("Passphrase")))
                yield SecretInput(id="passphrase")
            with VerticalScroll(id="said-pane", can_focus=False):
                yield Static(id="said")
        yield KeyBar()

    def on_mount(self) -> None:
        self._ask_for_passphrase(False)

    @on(Input.Changed, "#path")
    def _path_changed(self) -> None:
        self._ask_for_passphrase(False)
        self.tell("")

    @on(Input.Changed, "#passphrase")
    def _passphrase_changed(self) -> None:
        self.tell("")

    @on(Input.Submitted)
    def action_submit(self) -> None:
        """Open the bundle."""
        text = self.query_one("#path", Input).value.strip()
        if self._busy:
            return
        if not text:
            self.tell(_("✗ The name of the file is missing."))
            return
        self._open(Path(text))

    @work(exclusive=True, group="open", exit_on_error=False)
    async def _open(self, path: Path) -> None:
        self._busy = True
        try:
            plan = await self._compare(path)
        except SmstuiError as trouble:
            between = "\n" if "\n" in trouble.message else " "
            self.tell(f"✗ {_(trouble.title)}.{between}{with_short_home(trouble.message)}")
            field = self.query_one("#passphrase", SecretInput)
            if field.has_focus:
                field.select_all()
        else:
            if plan is not None:
                self.dismiss(Opened(path, plan))
        finally:
            self._busy = False

    async def _compare(self, path: Path) -> Plan | None:
        """Return the bundle beside the store; None as long as its passphrase is missing.

        Raises:
            SmstuiError: it cannot be opened, or something in it is wrong.
        """
        from smstui.bundles import files
        from smstui.bundles.plan import make_plan

        self.tell(_("Reading the file…"))
        data = await asyncio.to_thread(files.read, path)
        field = self.query_one("#passphrase", SecretInput)
        passphrase = None
        if files.needs_passphrase(data):
            self._ask_for_passphrase(True)
            if not field.value:
                self.tell(_("It is encrypted: type its passphrase."))
                field.focus()
                return None
            passphrase = field.secret
            self.tell(_("Deriving the key from the passphrase…"))
        bundle = await asyncio.to_thread(files.unpack, data, passphrase)
        self.tell(_("Comparing it with the store…"))
        return await context_of(self).session.call(lambda store: make_plan(store, bundle))

    def _ask_for_passphrase(self, on: bool) -> None:
        self.query_one("#passphrase-row").display = on

    def action_page(self, pages: int) -> None:
        """Scroll what is said of the bundle."""
        pane = self.query_one("#said-pane", VerticalScroll)
        pane.scroll_relative(y=pages * max(pane.size.height - 1, 1), animate=False)

    def action_close(self) -> None:
        """Close; nothing was changed."""
        if not self._busy:
            self.dismiss(None)
