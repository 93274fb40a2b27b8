"""What the dialogs that write a file have in common."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input, Static

from screens.base import Dialog
from screens.confirm import ConfirmDialog
from screens.paths import shown_path, with_short_home
from screens.widgets.key_bar import KeyBar
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.text import clean


def target_keys(area: str, label: str) -> list[Binding]:
    """Return the keys of such a dialog.

    Args:
        area: the first part of their ids.
        label: what it does, marked with `N_`.
    """
    return [
        Binding("ctrl+s,f9", "submit", label, id=f"{area}.submit", key_display="Ctrl+S"),
        Binding("escape", "close", N_("Cancel"), id=f"{area}.close"),
    ]


class TargetDialog(Dialog[bool]):
    """Asks where a file goes and writes it; dismissed with True when it is there.

    Attributes:
        waits: what is said while it is written, marked with `N_`.
    """

    CSS_PATH = ["../styles/dialog.tcss", "../styles/target.tcss"]
    AUTO_FOCUS = "#target"
    waits: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self._busy = False

    @property
    @abstractmethod
    def title_text(self) -> str:
        """The title."""

    @property
    @abstractmethod
    def explains(self) -> str:
        """One sentence on what is written."""

    @abstractmethod
    def proposed(self) -> Path:
        """Return the file that is proposed."""

    @abstractmethod
    async def write(self, target: Path) -> str | None:
        """Write the file, and return what is told of it; None when that was given up.

        Raises:
            SmstuiError: it cannot be written; what the dialog says then.
        """

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Text(self.title_text), classes="dialog-title")
            yield Static(Text(self.explains), classes="dialog-text")
            proposed = shown_path(self.proposed())
            target = Input(proposed, id="target", compact=True, select_on_focus=False)
            target.cursor_blink = False
            yield target
            yield Static(id="said")
        yield KeyBar()

    @on(Input.Changed, "#target")
    def _typed(self) -> None:
        self.tell("")

    @on(Input.Submitted, "#target")
    def action_submit(self) -> None:
        """Write the file."""
        text = self.query_one("#target", Input).value.strip()
        if self._busy:
            return
        if not text:
            self.tell(_("✗ The name of the file is missing."))
            return
        try:
            target = Path(text).expanduser().absolute()
        except RuntimeError:
            self.tell(_("✗ There is no home folder of that name. Write the whole path."))
            return
        self._write(target)

    @work(exclusive=True, group="target", exit_on_error=False)
    async def _write(self, target: Path) -> None:
        self.tell(_(self.waits))
        self._busy = True
        try:
            told = await self.write(target)
        except SmstuiError as trouble:
            self.tell(f"✗ {with_short_home(trouble.message)}")
        else:
            self.tell("")
            if told is not None:
                self.notify(told, markup=False)
                self.dismiss(True)
        finally:
            self._busy = False

    async def may_replace(self, target: Path) -> bool:
        """Ask before a file that is there is replaced. In a worker."""
        dialog = ConfirmDialog(
            _("Replace {path}?").format(path=clean(shown_path(target))),
            _("There is a file of that name. What is in it is lost."),
            confirm=_("Replace"),
            dangerous=True,
        )
        return await self.app.push_screen_wait(dialog) is True

    def action_close(self) -> None:
        """Close without a file; not while one is being written."""
        if not self._busy:
            self.dismiss(None)
