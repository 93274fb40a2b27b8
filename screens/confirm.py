"""A question with a safe answer."""

from __future__ import annotations

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from screens.base import Dialog
from smstui.i18n import _


class ConfirmDialog(Dialog[bool]):
    """Asks before something is lost. The safe answer has the focus; answers True or False."""

    CSS_PATH = "../styles/dialog.tcss"
    AUTO_FOCUS = "#cancel"
    BINDINGS = [
        Binding("escape", "answer(False)", "Cancel", show=False, id="confirm.cancel"),
        Binding("n", "answer(False)", "No", show=False, id="confirm.no"),
        Binding("y", "answer(True)", "Yes", show=False, id="confirm.yes"),
        Binding("left,right", "app.focus_next", "Other answer", show=False, id="confirm.other"),
    ]

    def __init__(
        self,
        question: str,
        detail: str = "",
        *,
        confirm: str,
        cancel: str = "",
        dangerous: bool = False,
    ) -> None:
        super().__init__()
        self._question = question
        self._detail = detail
        self._confirm = confirm
        self._cancel = cancel or _("Cancel")
        self._dangerous = dangerous

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Text(self._question), classes="dialog-title")
            if self._detail:
                yield Static(Text(self._detail), classes="dialog-text")
            with Horizontal(classes="dialog-buttons"):
                yield Button(Text(self._cancel), id="cancel", compact=True)
                yield Button(
                    Text(self._confirm),
                    id="confirm",
                    compact=True,
                    variant="error" if self._dangerous else "primary",
                )

    @on(Button.Pressed)
    def choose(self, event: Button.Pressed) -> None:
        """Answer by the button that was pressed."""
        self.dismiss(event.button.id == "confirm")

    def action_answer(self, answer: bool) -> None:
        """Answer by key."""
        self.dismiss(answer)
