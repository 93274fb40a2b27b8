"""Two versions of one record, side by side, when it was changed elsewhere meanwhile."""

from __future__ import annotations

from typing import Literal, NamedTuple

from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Static

from screens.base import Dialog, context_of
from screens.widgets.form import Specs
from smstui.comparison import is_same
from smstui.credentials import shown_value
from smstui.i18n import N_, _
from smstui.providers.fields import Draft, FieldSpec, Value, is_empty
from smstui.store.records import Stored
from smstui.text import clean
from smstui.times import ago

Choice = Literal["mine", "theirs"]
CHANGED = "*"


class ConflictDialog(Dialog[Choice]):
    """Shows what differs; answers ``mine``, ``theirs``, or None to go on editing."""

    CSS_PATH = ["../styles/dialog.tcss", "../styles/conflict.tcss"]
    AUTO_FOCUS = "#cancel"
    BINDINGS = [
        Binding("escape", "answer('')", N_("Keep editing"), show=False, id="conflict.cancel"),
        Binding("left", "app.focus_previous", N_("Other answer"), show=False, id="conflict.left"),
        Binding("right", "app.focus_next", N_("Other answer"), show=False, id="conflict.right"),
    ]

    def __init__(
        self, current: Stored, specs: Specs, opened: Draft, mine: Draft, theirs: Draft
    ) -> None:
        """Make the dialog.

        Args:
            current: the record as it is stored now.
            specs: its fields.
            opened: the draft of the record as it was when the form was opened.
            mine: the draft of the form; secrets that it leaves out were not touched.
            theirs: the draft of the record as it is stored now.
        """
        super().__init__()
        self._current = current
        self._differences = differences(specs, opened, mine, theirs)

    def compose(self) -> ComposeResult:
        current = self._current
        when = ago(current.modified_at, context_of(self).clock())
        title = _("{name} was changed elsewhere").format(name=clean(current.name))
        detail = _("{who} saved it {when}. Nothing of yours is saved yet.").format(
            who=clean(current.modified_by), when=when
        )
        with Vertical(classes="dialog"):
            yield Static(Text(title), classes="dialog-title")
            yield Static(Text(detail), classes="dialog-text")
            with VerticalScroll(classes="conflict-versions"):
                yield Static(self._versions())
            yield Static(
                Text(_("{mark} differs from what you opened").format(mark=CHANGED)),
                classes="conflict-legend muted",
            )
            with Horizontal(classes="dialog-buttons"):
                yield Button(Text(_("Keep editing")), id="cancel", compact=True)
                yield Button(Text(_("Take theirs")), id="theirs", compact=True)
                yield Button(Text(_("Save mine")), id="mine", compact=True)

    def _versions(self) -> Table:
        table = Table.grid(padding=(0, 1, 0, 0), expand=True)
        table.add_column(max_width=22)
        for _version in ("mine", "theirs"):
            table.add_column(width=len(CHANGED))
            table.add_column(ratio=1, overflow="fold")
        table.add_row("", "", Text(_("Yours"), "bold"), "", Text(_("Stored now"), "bold"))
        for difference in self._differences:
            table.add_row(*map(Text, difference))
        return table

    @on(Button.Pressed)
    def choose(self, event: Button.Pressed) -> None:
        """Answer by the button that was pressed."""
        self.action_answer(event.button.id or "")

    def action_answer(self, answer: str) -> None:
        """Answer ``mine`` or ``theirs``; anything else goes on editing."""
        match answer:
            case "mine" | "theirs":
                self.dismiss(answer)
            case _:
                self.dismiss(None)


class Difference(NamedTuple):
    """A field that differs between two versions; each version with a mark, or none."""

    label: str
    mine_mark: str
    mine: str
    theirs_mark: str
    theirs: str


def differences(specs: Specs, opened: Draft, mine: Draft, theirs: Draft) -> list[Difference]:
    """Return the fields that differ between the draft of a form and the stored record.

    A version is marked where it differs from the opened record; of secrets only masks are shown.
    A secret that the draft leaves out was not touched, and stays as it is stored. What a version
    holds in a field that does not apply to it is not kept, and counts as nothing.
    """
    rows = []
    for key, spec in specs.items():
        then, own, now = (
            draft.get(key) if spec.applies_to(draft) else None for draft in (opened, mine, theirs)
        )
        is_untouched = spec.is_secret and key not in mine
        if is_untouched:
            own = then
        if is_same(own, now):
            continue
        rows.append(
            Difference(
                _(spec.label),
                "" if is_same(own, then) else CHANGED,
                _("not touched") if is_untouched else _told(spec, own),
                "" if is_same(now, then) else CHANGED,
                _told(spec, now),
            )
        )
    return rows


def _told(spec: FieldSpec, value: Value) -> str:
    return _("empty") if is_empty(value) else clean(shown_value(spec, value))
