"""One entry of the activity, whole, and a way to the object it tells of."""

from __future__ import annotations

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from screens.activity_rows import fields_label, object_name, who
from screens.base import Dialog, context_of
from screens.places import place_of_kind, record_address
from screens.widgets.key_bar import KeyBar
from smstui.activity import action_word, field_word
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.store import Store
from smstui.store.records import AuditEntry
from smstui.text import clean
from smstui.times import ago
from smstui.uses import repository_of

LABEL_WIDTH = 13


class ActivityEntryDialog(Dialog[str]):
    """Tells an entry whole; answers the address of its object when one wants to go there."""

    CSS_PATH = ["../styles/dialog.tcss", "../styles/activity.tcss"]
    AUTO_FOCUS = ".dialog-scroll"
    BINDINGS = [
        Binding(
            "enter",
            "go",
            N_("Go to the object"),
            id="activity-entry.go",
            tooltip=N_("Open the record that this entry tells of"),
        ),
        Binding("escape", "close", N_("Close"), id="activity-entry.close"),
    ]
    area = N_("activity")
    help_title = N_("Entry")
    help_text = N_(
        "What was done, by whom, and to which object. The trail keeps names of fields and never "
        "their values. Enter opens the object as it is now, as long as it exists."
    )

    def __init__(self, entry: AuditEntry) -> None:
        """Make the dialog.

        Args:
            entry: what it tells.
        """
        super().__init__()
        self._entry = entry
        self._address = ""

    def compose(self) -> ComposeResult:
        title = f"{object_name(self._entry)} · {action_word(self._entry.action)}"
        with Vertical(classes="dialog"):
            yield Static(Text(clean(title)), classes="dialog-title")
            with VerticalScroll(classes="dialog-scroll", can_focus=True):
                yield Static(id="entry")
        yield KeyBar()

    def on_mount(self) -> None:
        self._tell("…")
        self._look_up()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the way to the object as long as it exists."""
        if action == "go":
            return bool(self._address) or None
        return super().check_action(action, parameters)

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _look_up(self) -> None:
        """Find out what became of the object."""
        entry = self._entry
        place = place_of_kind(entry.kind)
        if place is None or entry.object_id is None:
            self._tell("")
            return
        object_id = entry.object_id

        def name_now(store: Store) -> tuple[str, bool]:
            record = repository_of(store, entry.kind).get(object_id)
            here = store.environment_id
            return record.name, getattr(record, "environment_id", here) == here

        try:
            name, is_here = await context_of(self).session.call(name_now)
        except SmstuiError as error:
            self._tell(error.message)
            return
        if not is_here:
            self._tell(_("in another environment"))
            return
        self._address = record_address(place.path, name)
        self._tell(
            _("still there") if name == entry.name else _("called {name} now").format(name=name)
        )
        self.refresh_bindings()

    def _tell(self, today: str) -> None:
        entry = self._entry
        at = f"{entry.at:%Y-%m-%d %H:%M:%S} UTC, {ago(entry.at, context_of(self).clock())}"
        lines = [(_("When"), at), (_("Who"), who(entry)), (_("Object"), object_name(entry))]
        if entry.environment:
            lines.append((_("Environment"), entry.environment))
        if today:
            lines.append((_("Now"), today))
        fields = [field_word(name) for name in entry.fields]
        label = fields_label(entry)
        lines += [(label if i == 0 else "", name) for i, name in enumerate(fields)]
        text = Text()
        for label, value in lines:
            text.append(f"{label:<{LABEL_WIDTH}}", "dim")
            text.append(f"{clean(value)}\n")
        text.rstrip()
        self.query_one("#entry", Static).update(text)

    def action_go(self) -> None:
        """Close, and go to the object."""
        self.dismiss(self._address)

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)
