"""The dialog that backs up the store."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input, Static

from screens.base import Dialog, context_of
from screens.paths import shown_path, with_short_home
from screens.widgets.key_bar import KeyBar
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.text import clean


class BackupDialog(Dialog[bool]):
    """Asks where the copy goes; dismissed with True when it is there."""

    CSS_PATH = ["../styles/dialog.tcss", "../styles/backup.tcss"]
    AUTO_FOCUS = "#target"
    BINDINGS = [
        Binding("ctrl+s,f9", "submit", N_("Back up"), id="backup.submit", key_display="Ctrl+S"),
        Binding("escape", "close", N_("Cancel"), id="backup.close"),
    ]
    area = N_("backup")
    help_title = N_("Back up the store")
    help_text = N_(
        "Copies the store while it is in use. The copy is whole, encrypted, and opens with the "
        "same passphrase; nothing is overwritten."
    )

    def __init__(self) -> None:
        super().__init__()
        self._busy = False

    def compose(self) -> ComposeResult:
        context = context_of(self)
        path = context.store_path
        proposed = path.with_name(f"{path.stem}-{context.clock():%Y-%m-%d}{path.suffix}")
        with Vertical(classes="dialog"):
            yield Static(Text(_("Back up the store")), classes="dialog-title")
            explains = _("The copy is encrypted and opens with the same passphrase.")
            yield Static(Text(explains), classes="dialog-text")
            target = Input(shown_path(proposed), id="target", compact=True, select_on_focus=False)
            target.cursor_blink = False
            yield target
            yield Static(id="said")
        yield KeyBar()

    @on(Input.Changed, "#target")
    def _typed(self) -> None:
        self._say("")

    @on(Input.Submitted, "#target")
    def action_submit(self) -> None:
        """Make the copy."""
        text = self.query_one("#target", Input).value.strip()
        if self._busy:
            return
        if not text:
            self._say(_("✗ The name of the file is missing."))
            return
        try:
            target = Path(text).expanduser().absolute()
        except RuntimeError:
            self._say(_("✗ There is no home folder of that name. Write the whole path."))
            return
        self._back_up(target)

    @work(exclusive=True, group="backup", exit_on_error=False)
    async def _back_up(self, target: Path) -> None:
        self._say(_("Copying…"))
        self._busy = True
        try:
            await context_of(self).session.call(lambda store: store.backup(target))
        except SmstuiError as trouble:
            self._say(f"✗ {with_short_home(trouble.message)}")
        else:
            said = _("The store was copied to {path}.")
            self.notify(said.format(path=clean(shown_path(target))))
            self.dismiss(True)
        finally:
            self._busy = False

    def _say(self, sentence: str) -> None:
        said = self.query_one("#said", Static)
        said.set_class(sentence.startswith("✗"), "error")
        said.update(Text(sentence))

    def action_close(self) -> None:
        """Close without a copy; not while one is being made."""
        if not self._busy:
            self.dismiss(None)
