"""The list of one kind of named record: find one, act on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, NamedTuple, Protocol, TypeVar

from textual import on, work
from textual.binding import Binding, BindingType

from screens.base import context_of
from screens.confirm import confirm_loss
from screens.list_page import FilteredListPage, Found, filter_key, list_keys
from screens.places import COPY, NEW, record_address
from screens.widgets.cells import Cell
from screens.widgets.columns import Column
from screens.widgets.record_table import RecordTable
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.store import Store
from smstui.store.errors import InUse, NotFound, StaleRevision
from smstui.store.named import NamedRecords
from smstui.store.records import ListQuery, Stored
from smstui.store.session import StoreSession
from smstui.text import clean
from smstui.times import ago

R = TypeVar("R", bound=Stored)
W = TypeVar("W")


class Listed(NamedTuple, Generic[W]):
    """A row of a list at the moment when the list was read."""

    row: W
    now: datetime


def ago_cell(moment: datetime | None, now: datetime) -> Cell:
    """Return how long ago something was; empty for what has not been."""
    return Cell("" if moment is None else ago(moment, now), "muted")


def name_column(width: int) -> Column[Any]:
    """Return the column of names, which takes what the others leave."""
    return Column[Any]("name", N_("Name"), lambda at: Cell(at.row.name), width, True, sortable=True)


def created_by_column(*, priority: int) -> Column[Any]:
    """Return the column of who made a record; see `Column` for its priority."""
    return Column[Any](
        "created_by",
        N_("Created by"),
        lambda at: Cell(at.row.created_by, "muted"),
        12,
        priority=priority,
        sortable=True,
    )


def modified_at_column(*, priority: int) -> Column[Any]:
    """Return the column of when a record was changed; see `Column` for its priority."""
    return Column[Any](
        "modified_at",
        N_("Modified"),
        lambda at: ago_cell(at.row.modified_at, at.now),
        10,
        priority=priority,
        sortable=True,
    )


class HasRows(Protocol):
    """A repository, as far as a list fetches from it."""

    def rows(self, ids: Sequence[int], /) -> Sequence[Any]:
        """Return what a list shows of some records; those that are gone are left out."""


class RowSource(Generic[W]):
    """The records that a query found, as the table fetches them."""

    def __init__(
        self,
        session: StoreSession,
        records: Callable[[Store], HasRows],
        ids: Sequence[int],
        now: datetime,
    ) -> None:
        self._session = session
        self._records = records
        self._now = now
        self.ids = ids

    async def fetch(self, start: int, count: int) -> list[Listed[W] | None]:
        """Return the rows from a position on; None for one that was deleted meanwhile."""
        wanted = self.ids[start : start + count]
        rows = await self._session.call(lambda store: self._records(store).rows(wanted))
        by_id = {row.id: Listed(row, self._now) for row in rows}
        return [by_id.get(record_id) for record_id in wanted]


@dataclass(frozen=True, slots=True)
class RecordWords:
    """What is said of one kind of record, marked with `N_`.

    Attributes:
        deletion: what a deletion takes with it, one sentence.
        gone: the record one stands on was deleted elsewhere.
    """

    deletion: str
    gone: str


class HasList(HasRows, Protocol):
    """A repository whose records can be searched and put in order."""

    def ids(self, query: ListQuery) -> Sequence[int]: ...
    def count(self) -> int: ...


class SortedListPage(FilteredListPage):
    """Base of lists that can be put in order by their columns; its keys are those of `sort_keys`.

    Attributes:
        newest_first: columns that start with the newest when one sorts by them.
        first_sort: the column by which it is sorted first; empty for the first one.
    """

    newest_first: ClassVar[Sequence[str]] = ()
    first_sort: ClassVar[str] = ""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self._sort = self.first_sort or self.columns[0].key
        self._is_descending = self._sort in self.newest_first

    def records(self, store: Store) -> HasList:
        """Return the repository of the records."""
        raise NotImplementedError

    async def find(self) -> Found:
        session = context_of(self).session
        query = ListQuery(self.words, self._sort, self._is_descending)

        def read(store: Store) -> tuple[Sequence[int], int]:
            records = self.records(store)
            return records.ids(query), records.count()

        ids, total = await session.call(read)
        source = RowSource[Any](session, self.records, ids, self.now)
        return Found(source, total, (query.sort, query.descending))

    def action_sort(self) -> None:
        """Sort by the next column; dates start with the newest."""
        self._sort = self.table.next_sortable(self._sort)
        self._is_descending = self._sort in self.newest_first
        self.reload()

    def action_reverse(self) -> None:
        """Turn the order round."""
        self._is_descending = not self._is_descending
        self.reload()


class RecordListPage(SortedListPage, Generic[R]):
    """Base of lists of named records: new, edit, duplicate, delete, sort, filter.

    Forms are found at the address of the list with the record's name, `NEW` or `COPY` behind it.
    Its keys are those of `record_keys`.

    Attributes:
        kind: what is said of its records.
    """

    kind: ClassVar[RecordWords]

    def records(self, store: Store) -> NamedRecords[R, Any, Any]:
        """Return the repository of the records."""
        raise NotImplementedError

    def action_new(self) -> None:
        """Open the form for a new record."""
        self.shell.navigate(f"{self.address}/{NEW}")

    @on(RecordTable.RowSelected)
    @work(exclusive=True, group="act")
    async def action_edit(self) -> None:
        """Open the form of the record one stands on."""
        record = await self.current()
        if record is not None:
            self.shell.navigate(record_address(self.address, record.name))

    @work(exclusive=True, group="act")
    async def action_duplicate(self) -> None:
        """Open the form for a copy of the record one stands on."""
        record = await self.current()
        if record is not None:
            self.shell.navigate(record_address(f"{self.address}/{COPY}", record.name))

    @work(exclusive=True, group="act")
    async def action_promote(self) -> None:
        """Make the record one stands on the same in another environment; see `promote_key`."""
        from screens.promote import promote_record

        record = await self.current()
        if record is not None:
            await promote_record(self, self.records, record.id)

    @work(exclusive=True, group="act")
    async def action_uses(self) -> None:
        """Show which records use the one that one stands on, and which it uses."""
        record = await self.current()
        if record is not None:
            await self._show_uses(record.id)

    async def _show_uses(self, record_id: int, *, refused: bool = False) -> None:
        from screens.where_used import show_uses

        try:
            await show_uses(self, self.records, record_id, refused=refused)
        except SmstuiError as error:
            self.say(error.message)

    async def _is_in_use(self, record_id: int) -> bool:
        """Whether others keep a record from being deleted."""
        users = await context_of(self).session.call(
            lambda store: store.references.used_by(self.records(store).kind, record_id)
        )
        return any(use.holds for use in users)

    @work(exclusive=True, group="act")
    async def action_delete(self) -> None:
        """Delete the record one stands on, once that was confirmed; not while others use it."""
        record = await self.current()
        if record is None:
            return
        name, record_id, revision = clean(record.name), record.id, record.revision
        question = _("Delete {name}?").format(name=name)
        try:
            if await self._is_in_use(record_id):
                await self._show_uses(record_id, refused=True)
                return
            if not await confirm_loss(self, question, _(self.kind.deletion), confirm=_("Delete")):
                return
            await context_of(self).session.call(
                lambda store: self.records(store).delete(record_id, revision=revision)
            )
        except NotFound:
            self.say(_("{name} was deleted elsewhere already.").format(name=name))
        except StaleRevision:
            said = _("{name} was changed elsewhere meanwhile and is still there. Look at it again.")
            self.say(said.format(name=name))
        except InUse as error:
            if error.users:  # Somebody began to use it meanwhile.
                await self._show_uses(record_id, refused=True)
            else:
                self.say(error.message)
            return
        except SmstuiError as error:
            self.say(error.message)
            return
        else:
            self.say(_("{name} is deleted.").format(name=name))
        self.reload()

    async def current(self) -> R | None:
        """Return the record one stands on as the store has it; says so when there is none."""
        record_id = self.table.current_id
        if record_id is None:
            self.say(self.nothing_here())
            return None
        try:
            return await context_of(self).session.call(
                lambda store: self.records(store).get(record_id)
            )
        except NotFound:
            self.say(_(self.kind.gone))
            self.reload()
        except SmstuiError as error:
            self.say(error.message)
        return None


def sort_keys(area: str, label: str, *, show: bool) -> list[Binding]:
    """Return the keys that put a list in order.

    Args:
        area: the first part of their ids.
        label: what the first one does, marked with `N_`.
        show: whether the last row has room for it.
    """
    return [
        Binding(
            "s",
            "sort",
            label,
            show=show,
            id=f"{area}.sort",
            tooltip=N_("Sort by the next column"),
        ),
        Binding(
            "S",
            "reverse",
            N_("Reverse order"),
            show=False,
            id=f"{area}.reverse",
            tooltip=N_("Turn the order round"),
        ),
    ]


def record_keys(
    area: str,
    *own: Binding,
    new: str,
    edit: str,
    delete: str,
    filter: str,  # noqa: A002 - the action's name
    duplicate: str = "",
) -> list[BindingType]:
    """Return the keys of a list of records, in the order of the last row.

    Args:
        area: the first part of their ids.
        own: the keys that only this list has; those that show come after *Edit*.
        new: what that key does, marked with `N_`; the others likewise.
        edit: change a record.
        delete: delete one.
        filter: what the filter looks at.
        duplicate: make one from a copy; empty where that means nothing.
    """
    shown = [key for key in own if key.show]
    hidden = [key for key in own if not key.show]
    copying = Binding(
        "c", "duplicate", N_("Duplicate"), show=False, id=f"{area}.duplicate", tooltip=duplicate
    )
    return [
        Binding("n", "new", N_("New"), id=f"{area}.new", tooltip=new),
        Binding("e", "edit", N_("Edit"), id=f"{area}.edit", tooltip=edit),
        *shown,
        Binding("d", "delete", N_("Delete"), id=f"{area}.delete", tooltip=delete),
        filter_key(area, filter),
        *([copying] if duplicate else []),
        *hidden,
        Binding(
            "u",
            "uses",
            N_("Where used"),
            show=False,
            id=f"{area}.uses",
            tooltip=N_("Which records use this one, which it uses, and a way to each"),
        ),
        *sort_keys(area, N_("Sort by next column"), show=False),
        # Reached only when the list is empty: the table takes the key otherwise.
        Binding("enter", "edit", N_("Open"), show=False, id=f"{area}.open"),
        *list_keys(area),
    ]
