"""What a provider's API allows for a registration: choose it, fill in what it asks, confirm."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import cast

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from screens.base import Dialog
from screens.confirm import ConfirmDialog
from screens.form_dialog import FormDialog
from screens.widgets.choice_list import ChoiceList
from screens.widgets.form import RecordForm
from screens.widgets.key_bar import KeyBar
from smstui.i18n import N_, _
from smstui.providers.fields import Draft, check_fields
from smstui.rcs.base import Action, Where
from smstui.rcs.document import Document
from smstui.rcs.errands import actions_of


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action as a line of the list."""

    action: Action
    key: str = ""

    @property
    def title(self) -> str:
        """What it does."""
        return _(self.action.label)


async def choose_action(widget: Widget, document: Document) -> tuple[Action, Draft] | None:
    """Ask what is to be done, with what, and whether that is meant; None for nothing.

    Called in a worker.
    """
    app = widget.app
    action = await app.push_screen_wait(ActionsDialog(document))
    if action is None:
        return None
    if action.asks:
        asked = await app.push_screen_wait(AskDialog(action))
        return None if asked is None else (action, asked)
    if action.confirm:
        dialog = ConfirmDialog(_(action.label), _(action.confirm), confirm=_("Do it"))
        if not await app.push_screen_wait(dialog):
            return None
    return action, {}


class ActionsDialog(Dialog[Action]):
    """Lists what can be done from here, and what is work in the provider's console."""

    CSS_PATH = ["../styles/dialog.tcss", "../styles/rcs_dialogs.tcss"]
    AUTO_FOCUS = None
    BINDINGS = [
        Binding("enter", "choose", N_("Choose"), id="rcs-actions.choose"),
        Binding("up,k", "move(-1)", N_("Up"), show=False, id="rcs-actions.up"),
        Binding("down,j", "move(1)", N_("Down"), show=False, id="rcs-actions.down"),
        Binding("escape", "close", N_("Close"), id="rcs-actions.close"),
    ]
    help_title = N_("Do by API")
    help_text = N_(
        "What the provider lets one do by API with the login that is filled in. Nothing is done "
        "before you choose it, and what cannot be taken back asks first."
    )

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._lines = [ActionLine(action) for action in actions_of(document)]

    def compose(self) -> ComposeResult:
        title = _("What can be done from here · {provider}")
        with Vertical(classes="dialog"):
            said = title.format(provider=self._document.route_name)
            yield Static(Text(said), classes="dialog-title")
            if self._lines:
                yield ChoiceList[ActionLine](self._lines)
            else:
                yield Static(Text(self._nothing()), classes="dialog-text")
            if console := self._console_work():
                yield Static(Text(_("In the provider's console: {tasks}.").format(tasks=console)))
        yield KeyBar()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a choice where there is one."""
        if action == "choose":
            return bool(self._lines)
        return super().check_action(action, parameters)

    def _nothing(self) -> str:
        if any(task.where is Where.HERE for task in self._document.route.tasks):
            return _("Nothing yet: fill in the login, the ids and the profile first.")
        return _("Nothing: this provider's API is not known here.")

    def _console_work(self) -> str:
        tasks = self._document.route.tasks
        return ", ".join(_(task.label) for task in tasks if task.where is Where.CONSOLE)

    @property
    def _listing(self) -> ChoiceList[ActionLine] | None:
        found = self.query(ChoiceList)
        return cast("ChoiceList[ActionLine]", found.first()) if found else None

    def action_move(self, lines: int) -> None:
        """Choose another line."""
        if self._listing is not None:
            self._listing.move(lines)

    def action_choose(self) -> None:
        """Answer the chosen action."""
        chosen = self._listing.chosen if self._listing is not None else None
        self.dismiss(chosen.action if chosen is not None else None)

    def action_close(self) -> None:
        """Answer nothing."""
        self.dismiss(None)


class AskDialog(FormDialog[Draft]):
    """Asks for the fields of an action; answers them, or None."""

    CSS_PATH = ["../styles/dialog.tcss", "../styles/form.tcss", "../styles/rcs_dialogs.tcss"]
    BINDINGS = [
        Binding("ctrl+s,f9", "submit", N_("Do it"), id="rcs-ask.do", key_display="Ctrl+S"),
        Binding("escape", "close", N_("Cancel"), id="rcs-ask.close"),
    ]
    help_title = N_("Do by API")
    help_text = N_("Fill in what the provider asks for; Ctrl+S does it, Esc does nothing.")

    def __init__(self, action: Action) -> None:
        super().__init__()
        self._action = action
        self._form = RecordForm(action.asks, {}, check=partial(check_fields, action.asks))

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Text(_(self._action.label)), classes="dialog-title")
            if self._action.confirm:
                yield Static(Text(_(self._action.confirm)), classes="dialog-text")
            yield self._form
        yield KeyBar()

    async def action_submit(self) -> None:
        """Answer with what was typed; with an error in a field, go there instead."""
        if await self._form.submit():
            self.dismiss(self._form.draft())
