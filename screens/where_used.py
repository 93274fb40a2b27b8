"""Who uses a record, and what it uses: a list with a way to each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from screens.base import Dialog, context_of
from screens.page import Page
from screens.places import place_of_kind, record_address
from screens.widgets.choice_list import ChoiceList
from screens.widgets.key_bar import KeyBar
from smstui.activity import kind_word
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.store.references import Use
from smstui.text import clean
from smstui.uses import Repository, Uses, relation_word, uses_of

if TYPE_CHECKING:
    from smstui.store import Store


@dataclass(frozen=True, slots=True)
class UseLine:
    """One line: the record, how it stands to the one asked about, and where it is."""

    title: str
    key: str
    address: str


class WhereUsedDialog(Dialog[str]):
    """Lists the records around one; answers the address of the one that is chosen."""

    CSS_PATH = ["../styles/dialog.tcss", "../styles/where_used.tcss"]
    AUTO_FOCUS = None
    BINDINGS = [
        Binding(
            "enter", "go", N_("Go there"), id="uses.go", tooltip=N_("Open the record of this line")
        ),
        Binding("up,k", "move(-1)", N_("Up"), show=False, id="uses.up"),
        Binding("down,j", "move(1)", N_("Down"), show=False, id="uses.down"),
        Binding("pageup", "move(-10)", N_("Page up"), show=False, id="uses.page-up"),
        Binding("pagedown", "move(10)", N_("Page down"), show=False, id="uses.page-down"),
        Binding("escape", "close", N_("Close"), id="uses.close"),
    ]
    area = N_("where used")
    help_title = N_("Where used")
    help_text = N_(
        "The records that use this one, and those that it uses. What is used cannot be deleted "
        "until its users have another in its place or are gone; what is only remembered can. Enter "
        "goes to the record of the line."
    )

    def __init__(self, uses: Uses, *, refused: bool = False) -> None:
        """Make the dialog.

        Args:
            uses: where the record stands among the others.
            refused: it was to be deleted, and cannot be.
        """
        super().__init__()
        self._uses = uses
        self._refused = refused
        self._lines = _lines(uses, only_holding=refused)

    def compose(self) -> ComposeResult:
        name = clean(self._uses.name)
        title = _("{name} is in use") if self._refused else _("{name}: where used")
        with Vertical(classes="dialog"):
            yield Static(Text(title.format(name=name)), classes="dialog-title")
            if said := self._said():
                yield Static(Text(said), classes="dialog-text")
            yield ChoiceList[UseLine](self._lines, id="uses")
        yield KeyBar()

    def _said(self) -> str:
        if self._refused:
            return _(
                "It is not deleted. Give those that use it another in its place, or delete them "
                "first."
            )
        return "" if self._lines else _("Nothing uses it, and it uses nothing.")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the way to a record where there is one."""
        if action == "go":
            return bool(self._lines) or None
        return super().check_action(action, parameters)

    def action_move(self, lines: int) -> None:
        """Choose another line."""
        self.query_one(ChoiceList).move(lines)

    def action_go(self) -> None:
        """Close, and go to the record of the line."""
        chosen = self.query_one(ChoiceList).chosen
        if isinstance(chosen, UseLine):
            self.dismiss(chosen.address)

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)


async def show_uses(
    page: Page,
    records: Callable[[Store], Repository],
    record_id: int,
    *,
    refused: bool = False,
) -> None:
    """Show who uses a record, and go to the one that is chosen.

    Args:
        page: the page that asks.
        records: the repository of the record.
        record_id: its id.
        refused: it was to be deleted, and cannot be.

    Raises:
        SmstuiError: it was deleted meanwhile, or the store cannot be read.
    """

    def read(store: Store) -> Uses:
        return uses_of(store, records(store), record_id)

    uses = await context_of(page).session.call(read)

    def go(address: str | None) -> None:
        if address:
            page.shell.navigate(address)

    page.app.push_screen(WhereUsedDialog(uses, refused=refused), go)


class ShowsUses(Page):
    """A page about one stored record, with a key for who uses it."""

    BINDINGS = [
        Binding(
            "f7",
            "uses",
            N_("Where used"),
            id="form.uses",
            key_display="F7",
            show=False,
            tooltip=N_("Which records use this one, which it uses, and a way to each"),
        ),
    ]

    def records(self, store: Store) -> Repository:
        """Return the repository of the record."""
        raise NotImplementedError

    @property
    def record_id(self) -> int | None:
        """The id of the record; None while there is none yet."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the key once there is a record."""
        if action == "uses":
            return self.record_id is not None
        return super().check_action(action, parameters)

    @work(exclusive=True, group="uses", exit_on_error=False)
    async def action_uses(self) -> None:
        """Show which records use this one, and which it uses."""
        if self.record_id is None:
            return
        try:
            await show_uses(self, self.records, self.record_id)
        except SmstuiError as error:
            self.notify(error.message, markup=False)


def _lines(uses: Uses, *, only_holding: bool) -> list[UseLine]:
    users = [use for use in uses.users if use.holds or not only_holding]
    lines = [_line(use, is_user=True) for use in users]
    if not only_holding:
        lines += [_line(use, is_user=False) for use in uses.used]
    return lines


def _line(use: Use, *, is_user: bool) -> UseLine:
    place = place_of_kind(use.kind)
    address = record_address(place.path, use.name) if place is not None else ""
    relation = relation_word(use, is_user=is_user)
    return UseLine(f"{kind_word(use.kind)} {clean(use.name)}", relation, address)
