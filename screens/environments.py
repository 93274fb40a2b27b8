"""The environments of the store: where one is, and the way to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.style import Style
from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from screens.base import Dialog, context_of
from screens.confirm import confirm_loss
from screens.widgets.choice_list import ChoiceList
from screens.widgets.environment_word import COLOUR_CLASSES, coloured_word, environment_word
from screens.widgets.key_bar import KeyBar
from smstui.errors import SmstuiError
from smstui.i18n import N_, _, ngettext
from smstui.store.records import ListQuery
from smstui.text import clean

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.store.environments import EnvironmentRecord, EnvironmentRow

WORD, SHORT_WORD = 24, 12
"""Cells of the word of an environment in the list, and where there is little room."""
ROOMY = 64
"""Cells of a list with room for all of it."""


@dataclass(frozen=True, slots=True)
class EnvironmentLine:
    """An environment as a line of the list."""

    row: EnvironmentRow
    is_here: bool

    @property
    def title(self) -> str:
        """What is in it, below each other whatever the names."""
        credentials = ngettext("{n} credential", "{n} credentials", self.row.credentials)
        webhooks = ngettext("{n} webhook", "{n} webhooks", self.row.webhooks)
        held = credentials.format(n=self.row.credentials), webhooks.format(n=self.row.webhooks)
        return ", ".join(held)

    @property
    def key(self) -> str:
        """Whether one is there."""
        return _("you are here") if self.is_here else ""


class EnvironmentChoice(ChoiceList[EnvironmentLine]):
    """The environments, each in its colour."""

    COMPONENT_CLASSES = COLOUR_CLASSES

    def title_of(self, line: EnvironmentLine, style: Style) -> Text:
        """Return the word in its colour, plain where the cursor stands, and what is in it."""
        room = WORD if self.size.width > ROOMY else SHORT_WORD
        word = Text(environment_word(line.row, room), style)
        if line is not self.chosen:
            word = coloured_word(self, line.row, room, style)
        word.append(" " * (room + 2 - word.cell_len) + line.title, style)
        return word


class EnvironmentsDialog(Dialog[int]):
    """Lists the environments; answers the id of the one to go to, or None."""

    CSS_PATH = ["../styles/dialog.tcss", "../styles/environments.tcss"]
    AUTO_FOCUS = None
    BINDINGS = [
        Binding(
            "enter",
            "choose",
            N_("Switch"),
            id="environments.choose",
            tooltip=N_("Work in this environment from now on"),
        ),
        Binding("n", "new", N_("New"), id="environments.new", tooltip=N_("Make an environment")),
        Binding(
            "e",
            "edit",
            N_("Edit"),
            id="environments.edit",
            tooltip=N_("Change its name or colour, and whether it is production"),
        ),
        Binding(
            "d",
            "delete",
            N_("Delete"),
            id="environments.delete",
            tooltip=N_("Delete this environment once nothing is in it; asks first"),
        ),
        Binding("up,k", "move(-1)", N_("Up"), show=False, id="environments.up"),
        Binding("down,j", "move(1)", N_("Down"), show=False, id="environments.down"),
        Binding("home,pageup", "move(-1000)", N_("Top"), show=False, id="environments.top"),
        Binding("end,pagedown", "move(1000)", N_("End"), show=False, id="environments.end"),
        Binding("escape", "close", N_("Close"), id="environments.close"),
    ]
    area = N_("environment")
    help_title = N_("Environments")
    help_text = N_(
        "Everything belongs to one environment, as in one of Adobe's sandboxes: lists show what is "
        "in yours. In production, marked ◆, its name is asked for before anything is deleted or "
        "really sent. To bring a record to another environment, press > on its list."
    )

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Text(_("Environments")), classes="dialog-title")
            yield EnvironmentChoice()
            yield Static(id="said")
        yield KeyBar()

    def on_mount(self) -> None:
        self._load()

    @property
    def _listing(self) -> EnvironmentChoice:
        return self.query_one(EnvironmentChoice)

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self, at: int | None = None) -> None:
        """Read the list; the cursor goes to an environment, else to where one is."""
        session = context_of(self).session

        def read(store: Store) -> list[EnvironmentRow]:
            return store.environments.rows(store.environments.ids(ListQuery()))

        try:
            rows = await session.call(read)
        except SmstuiError as error:
            self._say(error.message)
            return
        here = session.environment.id if session.environment is not None else None
        self._listing.show([EnvironmentLine(row, row.id == here) for row in rows])
        for position, row in enumerate(rows):
            if row.id == (here if at is None else at):
                self._listing.move(position)
        self.refresh_bindings()

    def _say(self, sentence: str) -> None:
        self.query_one("#said", Static).update(Text(clean(sentence)))

    def action_move(self, lines: int) -> None:
        """Choose another line."""
        self._say("")
        self._listing.move(lines)

    def action_choose(self) -> None:
        """Answer the environment one stands on."""
        chosen = self._listing.chosen
        if chosen is not None:
            self.dismiss(chosen.row.id)

    def action_close(self) -> None:
        """Answer nothing."""
        self.dismiss(None)

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_new(self) -> None:
        """Make an environment."""
        await self._fill_in(None)

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_edit(self) -> None:
        """Change the environment one stands on."""
        record = await self._current()
        if record is not None:
            await self._fill_in(record)

    async def _fill_in(self, record: EnvironmentRecord | None) -> None:
        from screens.environment_form import EnvironmentFormDialog

        self._say("")
        saved = await self.app.push_screen_wait(EnvironmentFormDialog(record))
        if saved is not None:
            self._load(saved.id)

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_delete(self) -> None:
        """Delete the environment one stands on, once that was confirmed."""
        record, session = await self._current(), context_of(self).session
        if record is None:
            return
        name = clean(record.name)
        if session.environment is not None and session.environment.id == record.id:
            self._say(_("You are in {name}. Switch to another one first.").format(name=name))
            return
        question = _("Delete {name}?").format(name=name)
        detail = _("Nothing may be in it any more; what was done in it stays in the activity.")
        try:
            if await confirm_loss(self, question, detail, confirm=_("Delete"), environment=record):
                await session.call(
                    lambda store: store.environments.delete(record.id, revision=record.revision)
                )
                self._say(_("{name} is deleted.").format(name=name))
        except SmstuiError as error:
            self._say(error.message)
        self._load(record.id)

    async def _current(self) -> EnvironmentRecord | None:
        chosen = self._listing.chosen
        if chosen is None:
            return None
        try:
            return await context_of(self).session.call(
                lambda store: store.environments.get(chosen.row.id)
            )
        except SmstuiError as error:
            self._say(error.message)
            self._load()
        return None
