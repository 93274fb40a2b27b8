"""A question with a safe answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from screens.base import Dialog, context_of
from screens.widgets.environment_word import environment_word
from screens.widgets.key_bar import KeyBar
from smstui.environments import is_named, question_of
from smstui.i18n import N_, _
from smstui.text import clean

if TYPE_CHECKING:
    from smstui.store.environments import EnvironmentRecord


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
        # The last row says what the buttons say: "Yes" means nothing beside "Stay".
        keys = self._bindings.key_to_bindings
        for key, word in (("y", self._confirm), ("n", self._cancel)):
            keys[key] = [replace(binding, description=word) for binding in keys[key]]

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


class TypedConfirmDialog(Dialog[bool]):
    """Asks for the name of an environment before something is done in it; answers True or False."""

    CSS_PATH = "../styles/dialog.tcss"
    AUTO_FOCUS = "#typed"
    BINDINGS = [
        Binding("ctrl+s,f9", "confirm", N_("Go on"), id="typed.confirm", key_display="Ctrl+S"),
        Binding("escape", "cancel", N_("Cancel"), id="typed.cancel"),
    ]
    help_title = N_("Production")
    help_text = N_(
        "What cannot be taken back in production is done once you have typed the environment's "
        "name. Esc leaves everything as it is."
    )

    def __init__(self, question: str, detail: str, environment: EnvironmentRecord) -> None:
        """Make the dialog.

        Args:
            question: what is asked.
            detail: what it means, a sentence or two; empty for none.
            environment: the environment.
        """
        super().__init__()
        self._question = question
        self._detail = detail
        self._environment = environment

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Text(environment_word(self._environment)), classes="error")
            yield Static(Text(self._question), classes="dialog-title")
            if self._detail:
                yield Static(Text(self._detail), classes="dialog-text")
            yield Static(Text(clean(question_of(self._environment))), classes="dialog-text")
            typed = Input(id="typed", compact=True, select_on_focus=False)
            typed.cursor_blink = False
            yield typed
            yield Static(id="said")
        yield KeyBar()

    @on(Input.Changed, "#typed")
    def _typed(self) -> None:
        self.query_one("#said", Static).update()

    @on(Input.Submitted, "#typed")
    def action_confirm(self) -> None:
        """Go on when the name is right; else say that it is not."""
        if is_named(self._environment, self.query_one("#typed", Input).value):
            self.dismiss(True)
        else:
            said = _("✗ This is not its name. Esc leaves everything as it is.")
            self.query_one("#said", Static).update(Text(said))

    def action_cancel(self) -> None:
        """Leave everything as it is."""
        self.dismiss(False)


async def may_lose(widget: Widget) -> bool:
    """Ask before what was typed is lost. In a worker."""
    dialog = ConfirmDialog(
        _("Leave without saving?"),
        _("What you typed here is not saved yet."),
        confirm=_("Leave"),
        cancel=_("Stay"),
    )
    return await widget.app.push_screen_wait(dialog) is True


async def confirm_loss(
    widget: Widget,
    question: str,
    detail: str,
    *,
    confirm: str,
    environment: EnvironmentRecord | None = None,
) -> bool:
    """Ask before something is deleted; in production its name has to be typed. In a worker.

    Args:
        widget: who asks.
        question: what is asked.
        detail: what is lost.
        confirm: the word for going on.
        environment: where it is deleted; else where one is.

    Raises:
        SmstuiError: the store cannot tell whether this is production.
    """
    if environment is None:
        environment = await context_of(widget).session.call(lambda store: store.environment)
    if environment.is_production:
        return await _typed_in(widget, question, detail, environment)
    dialog = ConfirmDialog(question, detail, confirm=confirm, dangerous=True)
    return await widget.app.push_screen_wait(dialog) is True


async def confirm_send(widget: Widget, number: str) -> bool:
    """Ask before a real message is sent from production; elsewhere go on. In a worker.

    Args:
        widget: who asks.
        number: the recipient.

    Raises:
        SmstuiError: the store cannot tell whether this is production.
    """
    environment = await context_of(widget).session.call(lambda store: store.environment)
    if not environment.is_production:
        return True
    question = _("Send a real message to {number}?").format(number=clean(number))
    detail = _("It cannot be taken back, and it may cost money.")
    return await _typed_in(widget, question, detail, environment)


async def _typed_in(
    widget: Widget, question: str, detail: str, environment: EnvironmentRecord
) -> bool:
    dialog = TypedConfirmDialog(question, detail, environment)
    return await widget.app.push_screen_wait(dialog) is True
