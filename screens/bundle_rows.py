"""The records of a bundle as a table, and in what they differ from ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from screens.widgets.cells import Cell, Tone
from screens.widgets.columns import Column
from screens.widgets.record_table import RecordTable
from smstui.bundles.plan import Choice, Item, Plan, Status
from smstui.bundles.words import choice_words, status_words
from smstui.i18n import N_, _
from smstui.text import clean, shorten_middle

LONGEST_VALUE = 400
"""Characters of a value; the middle of a longer one becomes an ellipsis."""

_ORDER = (Status.CONFLICT, Status.CHANGED, Status.NEW, Status.SAME)
_TONES: Mapping[Status, Tone] = {
    Status.CONFLICT: "error",
    Status.CHANGED: "warning",
    Status.NEW: "success",
    Status.SAME: "muted",
}


@dataclass(frozen=True, slots=True)
class PlanRow:
    """An item as the table shows it, with what was chosen for it; None for nothing yet."""

    item: Item
    choice: Choice | None


class PlanSource:
    """The items of a plan, those first for which somebody has to choose."""

    def __init__(self, plan: Plan, choices: Mapping[int, Choice]) -> None:
        """Put the items in order.

        Args:
            plan: what they belong to.
            choices: what was chosen; it is looked at anew for each row.
        """
        self._items = {item.number: item for item in plan.items}
        self._choices = choices
        self.ids: Sequence[int] = sorted(
            self._items, key=lambda number: (_ORDER.index(self._items[number].status), number)
        )

    async def fetch(self, start: int, count: int) -> list[PlanRow | None]:
        """Return the rows from a position on."""
        wanted = self.ids[start : start + count]
        return [PlanRow(self._items[id_], self._choices.get(id_)) for id_ in wanted]


def _status(row: PlanRow) -> Cell:
    return Cell(status_words(row.item), _TONES[row.item.status])


def _name(row: PlanRow) -> Cell:
    return Cell(row.item.theirs.name, "muted" if row.item.status is Status.SAME else "")


def _then(row: PlanRow) -> Cell:
    said = choice_words(row.item, row.choice)
    if row.item.is_asked and row.choice is None:
        return Cell(f"? {said}", "warning")
    return Cell(said)


COLUMNS = (
    Column[PlanRow]("status", N_("Status"), _status, 11),
    Column[PlanRow]("name", N_("Name"), _name, 14, True),
    Column[PlanRow]("kind", N_("Kind"), lambda row: Cell(_(row.item.section.label), "muted"), 12,
                    True, priority=1),
    Column[PlanRow]("environment", N_("Environment"),
                    lambda row: Cell(row.item.theirs.environment, "muted"), 11, priority=2),
    Column[PlanRow]("then", N_("Then"), _then, 11),
)  # fmt: skip


class PlanTable(RecordTable[PlanRow]):
    """What taking over a bundle would do, row by row."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, id="plan")


def headline(item: Item) -> str:
    """Return which record an item is."""
    name, environment = clean(item.theirs.name), clean(item.theirs.environment)
    kind = _(item.section.label)
    if not environment:
        return f"{name} · {kind}"
    return _("{name} · {kind} in {environment}").format(
        name=name, kind=kind, environment=environment
    )


def explanation(item: Item) -> str:
    """Return what can become of an item, in a sentence or two."""
    if item.status is Status.NEW:
        return _("There is none here. It is added, unless you leave it out (o).")
    if item.status is Status.SAME:
        return _("Ours is the same; there is nothing to do.")
    copy = clean(item.copy_name)
    if item.status is Status.CONFLICT:
        said = _("Keep ours (o), or add theirs as {copy} (b).")
        return f"{item.obstacle} {said.format(copy=copy)}"
    if not copy:
        return _("Ours differs. Keep ours (o) or take theirs (t).")
    said = _("Ours differs. Keep ours (o), take theirs (t), or add theirs as {copy} (b).")
    return said.format(copy=copy)


def changes_table(item: Item) -> Table:
    """Return the fields in which ours and theirs differ, side by side."""
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(max_width=26)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    table.add_row("", Text(_("Ours"), "bold"), Text(_("Theirs"), "bold"))
    for change in item.changes:
        shown = (clean(shorten_middle(text, LONGEST_VALUE)) for text in change[1:])
        table.add_row(*map(Text, (clean(change.label), *shown)))
    return table
