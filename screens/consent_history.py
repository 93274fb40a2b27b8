"""How consent of one number to one sender came to stand as it does."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import Static

from screens.base import ConsoleScreen, context_of
from screens.consent_list import ConsentDetail, read_consent, sentence
from screens.consent_rows import CHANGE_COLUMNS
from screens.widgets.key_bar import KeyBar
from screens.widgets.record_table import RecordTable
from screens.widgets.whereabouts import Whereabouts
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.store.webhook_records import ConsentChange
from smstui.text import clean

MOST_CHANGES = 500
"""How many changes are listed."""


class _Changes:
    """Changes that were read already, as the list fetches them; their places are their ids."""

    def __init__(self, changes: Sequence[ConsentChange]) -> None:
        self._changes = changes
        self.ids = range(len(changes))

    async def fetch(self, start: int, count: int) -> Sequence[ConsentChange]:
        """Return the changes from a position on."""
        return self._changes[start : start + count]


class ConsentHistoryScreen(ConsoleScreen[None]):
    """All changes of one entry, newest first; Enter opens the event of one."""

    CSS_PATH = [f"../styles/{name}.tcss" for name in ("record_table", "consent_history")]
    AUTO_FOCUS = "#changes"
    BINDINGS = [
        Binding("escape", "close", N_("Close"), id="consent-history.close"),
    ]
    area = N_("consent")
    help_title = N_("History of consent")
    help_text = N_(
        "What changed the consent of this number to this sender, the latest first. Enter opens the "
        "event that brought a change about, as long as it is kept."
    )

    def __init__(self, record_id: int) -> None:
        """Make the screen.

        Args:
            record_id: the entry of the ledger.
        """
        super().__init__()
        self._record_id = record_id
        self._changes: Sequence[ConsentChange] = ()

    def compose(self) -> ComposeResult:
        with Horizontal(id="header"):
            yield Static(id="title")
            yield Whereabouts()
        yield Static(id="state")
        yield Static(id="warning")
        yield RecordTable(CHANGE_COLUMNS, id="changes")
        yield KeyBar()

    def on_mount(self) -> None:
        self._load()

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self) -> None:
        try:
            detail = await context_of(self).session.call(
                lambda store: read_consent(store, self._record_id, MOST_CHANGES)
            )
        except SmstuiError as error:
            self.query_one(RecordTable).say(error.message)
            return
        await self._show(detail)

    async def _show(self, detail: ConsentDetail) -> None:
        row = detail.row
        title = _("Consent · {number} → {sender}").format(
            number=clean(row.number), sender=clean(row.sender)
        )
        self.query_one("#title", Static).update(Text(title, no_wrap=True, overflow="ellipsis"))
        self.query_one("#state", Static).update(Text(clean(sentence(detail))))
        warning = self.query_one("#warning", Static)
        warning.display = bool(detail.warning)
        warning.update(Text(f"! {detail.warning}"))
        self._changes = detail.changes
        await self.query_one(RecordTable).show(_Changes(detail.changes), keep=0, otherwise=0)

    @on(RecordTable.RowSelected)
    def _open_event(self, event: RecordTable.RowSelected) -> None:
        """Show the event that brought a change about."""
        from screens.event import EventScreen

        event_id = self._changes[event.record_id].event_id
        if event_id is None:
            self.notify(_("This event was removed by its age; the change stays."), markup=False)
            return
        ids = [change.event_id for change in self._changes if change.event_id is not None]
        self.app.push_screen(EventScreen(event_id, ids))

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)
