"""A question with a safe answer."""

from __future__ import annotations

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from screens.base import Dialog
from screens.widgets.key_bar import KeyBar
from smstui.i18n import N_, _


class ConfirmDialog(Dialog[bool]):
    """Asks before something is lost. The safe answer has the focus; answers True or False."""

    CSS_PATH = "../styles/dialog.tcss"
    AUTO_FOCUS = "#cancel"
    BINDINGS = [
        Binding("y", "answer(True)", N_("Yes"), id="confirm.yes"),
        Binding("n", "answer(False)", N_("No"), id="confirm.no"),
        Binding("escape", "answer(False)", N_("Cancel"), show=False, id="confirm.cancel"),
        Binding(
            "left,right,up,down",
            "app.focus_next",
            N_("The other answer"),
            show=False,
            id="confirm.other",
        ),
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
                    classes="-dangerous" if self._dangerous else "",
                )
        yield KeyBar()

    @on(Button.Pressed)
    def choose(self, event: Button.Pressed) -> None:
        """Answer by the button that was pressed."""
        self.dismiss(event.button.id == "confirm")

    def action_answer(self, answer: bool) -> None:
        """Answer by key."""
        self.dismiss(answer)
