"""Promoting a record: where to, what would change there, and the word to do it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from screens.base import Dialog, context_of
from screens.confirm import confirm_loss
from screens.environments import EnvironmentChoice, EnvironmentLine
from screens.widgets.environment_word import environment_word
from screens.widgets.key_bar import KeyBar
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.store.records import ListQuery
from smstui.text import clean, shorten_middle

if TYPE_CHECKING:
    from smstui.promotion import Promotion
    from smstui.store import Store
    from smstui.store.environments import EnvironmentRow
    from smstui.store.named import NamedRecords

LONGEST_VALUE = 200
"""Characters of a value; the middle of a longer one becomes an ellipsis."""


def promote_key(area: str) -> Binding:
    """Return the key of a list whose records can be promoted.

    Args:
        area: the first part of its id.
    """
    return Binding(
        "greater_than_sign",
        "promote",
        N_("Promote"),
        show=False,
        id=f"{area}.promote",
        tooltip=N_("The same in another environment; shows first what would change there"),
    )


async def promote_record(
    widget: Widget, records: Callable[[Store], NamedRecords[Any, Any, Any]], record_id: int
) -> None:
    """Ask where a record goes to, show what would change there, and do it. In a worker.

    Args:
        widget: who asks.
        records: its repository, of a kind in `smstui.promotion.KINDS`.
        record_id: which one.
    """
    from smstui.promotion import plan, promote

    session = context_of(widget).session
    try:
        target = await _target(widget)
        if target is None:
            return

        def look(store: Store) -> Promotion:
            return plan(store, records(store).kind, record_id, target)

        planned = await session.call(look)
        name, environment = clean(planned.record.name), clean(planned.environment.name)
        if not planned.is_needed:
            said = _("{name} is the same in {environment} already.")
        elif await _is_wanted(widget, planned):
            await session.call(lambda store: promote(store, planned))
            said = _("{name} is in {environment} now, as it is here.")
        else:
            return
    except SmstuiError as error:
        widget.notify(clean(error.message), severity="warning", markup=False)
        return
    widget.notify(said.format(name=name, environment=environment), markup=False)


async def _is_wanted(widget: Widget, planned: Promotion) -> bool:
    """Show what would change; what production has now goes only once its name was typed."""
    if await widget.app.push_screen_wait(PromoteDialog(planned)) is not True:
        return False
    environment = planned.environment
    if planned.existing is None or not environment.is_production:
        return True
    question = _("Promote {name} to {environment}?")
    said = {"name": clean(planned.record.name), "environment": clean(environment.name)}
    return await confirm_loss(
        widget, question.format(**said), "", confirm=_("Promote"), environment=environment
    )


async def _target(widget: Widget) -> int | None:
    """Return the environment to promote to: the only other one, or the one that is chosen."""

    def read(store: Store) -> list[EnvironmentRow]:
        rows = store.environments.rows(store.environments.ids(ListQuery()))
        return [row for row in rows if row.id != store.environment_id]

    others = await context_of(widget).session.call(read)
    if not others:
        raise SmstuiError(_("There is no other environment. F12 makes one."))
    if len(others) == 1:
        return others[0].id
    chosen: int | None = await widget.app.push_screen_wait(WhichEnvironmentDialog(others))
    return chosen


class WhichEnvironmentDialog(Dialog[int]):
    """Asks for an environment; answers its id, or None."""

    CSS_PATH = ["../styles/dialog.tcss", "../styles/environments.tcss"]
    AUTO_FOCUS = None
    BINDINGS = [
        Binding("enter", "choose", N_("Choose"), id="target.choose"),
        Binding("up,k", "move(-1)", N_("Up"), show=False, id="target.up"),
        Binding("down,j", "move(1)", N_("Down"), show=False, id="target.down"),
        Binding("escape", "close", N_("Cancel"), id="target.close"),
    ]
    help_title = N_("Promote")
    help_text = N_("Choose the environment that the record goes to. It stays in this one as well.")

    def __init__(self, rows: list[EnvironmentRow]) -> None:
        """Make the dialog.

        Args:
            rows: the environments to choose from.
        """
        super().__init__()
        self._lines = [EnvironmentLine(row, is_here=False) for row in rows]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Text(_("Promote to which environment?")), classes="dialog-title")
            yield EnvironmentChoice(self._lines)
        yield KeyBar()

    def action_move(self, lines: int) -> None:
        """Choose another line."""
        self.query_one(EnvironmentChoice).move(lines)

    def action_choose(self) -> None:
        """Answer the environment one stands on."""
        chosen = self.query_one(EnvironmentChoice).chosen
        self.dismiss(chosen.row.id if chosen is not None else None)

    def action_close(self) -> None:
        """Answer nothing."""
        self.dismiss(None)


class PromoteDialog(Dialog[bool]):
    """Shows field by field what would change; answers True to do it."""

    CSS_PATH = ["../styles/dialog.tcss", "../styles/environments.tcss"]
    AUTO_FOCUS = "#changes"
    BINDINGS = [
        Binding(
            "ctrl+s,f9",
            "promote",
            N_("Promote"),
            id="promote.promote",
            key_display="Ctrl+S",
            tooltip=N_("Do it: all of it, or nothing"),
        ),
        Binding("escape", "close", N_("Cancel"), id="promote.close"),
    ]
    area = N_("promote")
    help_title = N_("Promote")
    help_text = N_(
        "Makes a record the same in another environment. Secrets go along and are never shown: "
        "only whether they differ. What refers to the record stays where it is."
    )

    def __init__(self, planned: Promotion) -> None:
        """Make the dialog.

        Args:
            planned: what would change.
        """
        super().__init__()
        self._planned = planned

    def compose(self) -> ComposeResult:
        planned = self._planned
        name, environment = clean(planned.record.name), planned.environment
        said = _("It is new there.") if planned.existing is None else _("It changes there:")
        with Vertical(classes="dialog"):
            title = _("Promote {name} to {environment}?")
            yield Static(
                Text(title.format(name=name, environment=clean(environment_word(environment)))),
                classes="dialog-title",
            )
            yield Static(Text(said), classes="dialog-text")
            with VerticalScroll(id="changes"):
                yield Static(self._changes())
            if planned.kept:
                same = _("The same there already: {labels}.")
                labels = ", ".join(planned.kept)
                yield Static(Text(same.format(labels=labels)), classes="muted", id="kept")
        yield KeyBar()

    def _changes(self) -> Table:
        table = Table.grid(padding=(0, 2, 0, 0), expand=True)
        table.add_column(max_width=24)
        is_new = self._planned.existing is None
        for _column in ("after",) if is_new else ("before", "after"):
            table.add_column(ratio=1, overflow="fold")
        if not is_new:
            table.add_row("", Text(_("There now"), "bold"), Text(_("From here"), "bold"))
        for change in self._planned.changes:
            values = (change.after,) if is_new else (change.before, change.after)
            shown = (clean(shorten_middle(value, LONGEST_VALUE)) for value in values)
            table.add_row(*map(Text, (change.label, *shown)))
        return table

    def action_promote(self) -> None:
        """Do it."""
        self.dismiss(True)

    def action_close(self) -> None:
        """Leave everything as it is."""
        self.dismiss(False)
