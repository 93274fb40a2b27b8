"""The form for one environment: its name, its colour, whether it is production."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from screens.base import context_of
from screens.confirm import confirm_loss
from screens.form_dialog import FormDialog
from screens.widgets.form import RecordForm
from screens.widgets.key_bar import KeyBar
from smstui.environments import SPECS, check, create, stored_draft, update
from smstui.i18n import N_, _
from smstui.store.environments import PRODUCTION, EnvironmentRecord
from smstui.text import clean

if TYPE_CHECKING:
    from smstui.store import Store


class EnvironmentFormDialog(FormDialog[EnvironmentRecord]):
    """Makes or changes an environment; answers it as it is stored, or None."""

    CSS_PATH = ["../styles/dialog.tcss", "../styles/form.tcss", "../styles/environments.tcss"]
    BINDINGS = [
        Binding(
            "ctrl+s,f9",
            "submit",
            N_("Submit"),
            id="environment-form.submit",
            key_display="Ctrl+S",
            tooltip=N_("Save, from any field"),
        ),
        Binding("escape", "close", N_("Back"), id="environment-form.close"),
    ]
    area = N_("environment")
    help_title = N_("Environment")
    help_text = N_(
        "The name and its colour stand in every header. Mark as production what writes to real "
        "people: its name is then asked for before anything is deleted or really sent."
    )

    def __init__(self, record: EnvironmentRecord | None) -> None:
        """Make the dialog.

        Args:
            record: the environment to change; None for a new one.
        """
        super().__init__()
        self._record = record
        draft = {} if record is None else stored_draft(record)
        self._form = RecordForm(SPECS, draft, check=check, judged=record is not None)

    def compose(self) -> ComposeResult:
        title = _("New environment") if self._record is None else clean(self._record.name)
        with Vertical(classes="dialog"):
            yield Static(Text(title), classes="dialog-title")
            yield self._form
        yield KeyBar()

    @work(group="save", exit_on_error=False)
    async def action_submit(self) -> None:
        """Save; with an error in a field, go there instead."""
        await self.hand_in(self._save)

    async def _save(self) -> None:
        draft, record, session = self._form.draft(), self._record, context_of(self).session

        def save(store: Store) -> EnvironmentRecord:
            return create(store, draft) if record is None else update(store, record, draft)

        if record is not None and record.is_production and not draft.get(PRODUCTION):
            # Whoever could take the mark away unasked could delete and send unasked.
            sure = await confirm_loss(
                self, _("Production"), "", confirm=_("Save"), environment=record
            )
            if not sure:
                return
        saved = await session.call(save)
        await session.look_at_environment()
        self.dismiss(saved)
