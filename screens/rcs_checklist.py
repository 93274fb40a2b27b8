"""The checklist of a registration: tasks, for whom one waits, what the provider says."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Static
from textual.worker import Worker

from screens.base import context_of
from screens.rcs_errand import UnderWay, with_client
from screens.rcs_keeping import KeepingPage
from screens.rcs_task_rows import (
    COLUMNS,
    TaskRow,
    TaskSource,
    about_task,
    blocks,
    outcome_lines,
    status_lines,
    waiting_line,
)
from screens.verify_words import trouble
from screens.widgets.record_table import RecordTable
from screens.widgets.text_pane import TextPane
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.providers.fields import Draft
from smstui.rcs import errands
from smstui.rcs.base import Action, TaskNote, Where
from smstui.rcs.document import Document
from smstui.rcs.errands import Carried

if TYPE_CHECKING:
    import httpx

Start = Callable[["httpx.AsyncClient | None"], Awaitable[Carried]]


class TaskTable(RecordTable[TaskRow]):
    """The tasks, as many rows as there are."""

    BINDINGS = [
        Binding(
            "enter",
            "select",
            N_("Edit"),
            id="rcs-checklist.edit",
            tooltip=N_("Say how this task stands, since when, and note something"),
        ),
    ]

    def __init__(self, tasks: int) -> None:
        super().__init__(COLUMNS)
        self.styles.height = tasks + 1


class Checklist(Vertical):
    """The tasks of the set-up one is in; asks and does at the provider what its API allows."""

    BINDINGS = [
        Binding(
            "s",
            "ask",
            N_("Ask"),
            id="rcs-checklist.ask",
            tooltip=N_("Ask the provider how the sender stands, by country and carrier"),
        ),
        Binding(
            "a",
            "act",
            N_("Do"),
            id="rcs-checklist.act",
            tooltip=N_("What the provider's API allows; all else is done in its console"),
        ),
        Binding(
            "x",
            "export",
            N_("Export"),
            id="rcs-checklist.export",
            tooltip=N_("The profile as Markdown or JSON, to paste into the provider's console"),
        ),
        Binding("pagedown", "scroll(1)", N_("Page down"), show=False, id="rcs-checklist.down"),
        Binding("pageup", "scroll(-1)", N_("Page up"), show=False, id="rcs-checklist.up"),
    ]

    table = query_one(TaskTable)

    @dataclass
    class Ended(Message):
        """An errand is over: what it came to, or why it could not be; neither when stopped."""

        doing: UnderWay
        carried: Carried | None = None
        error: SmstuiError | None = None

    def __init__(self) -> None:
        super().__init__()
        self.under_way: UnderWay | None = None
        """What is being waited for."""
        self._said: Content | None = None
        self._is_news = False
        self._worker: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        yield Static(classes="waiting")
        yield TaskTable(len(self.page.base.route.tasks))
        yield TextPane(id="pane")

    async def on_mount(self) -> None:
        await self.show()

    @property
    def page(self) -> KeepingPage:
        """The page around it."""
        return next(node for node in self.ancestors if isinstance(node, KeepingPage))

    # What is shown

    async def show(self) -> None:
        """Show how everything stands by now."""
        document, now = self.page.base, context_of(self).clock()
        said = waiting_line(document, now)
        line = self.query_one(".waiting", Static)
        line.update(Text(f"… {said}" if said else _("Waits for nobody.")))
        line.set_class(bool(said), "warning")
        await self.table.show(TaskSource(document, now))
        self._tell()

    @on(RecordTable.RowHighlighted)
    def _tell_task(self) -> None:
        self._is_news = False
        self._tell()

    def _tell(self) -> None:
        """Tell about the task one stands on, what is under way, and what the provider said.

        What was just said comes first, until one goes to another task.
        """
        document, now = self.page.base, context_of(self).clock()
        row = self._row
        running = self.under_way
        task = about_task(row) if row is not None else None
        said = Content.styled(running.said, "bold $primary") if running else self._said
        status = status_lines(document.status, now) if document.status else None
        parts = (said, status, task) if self._is_news else (task, said, status)
        pane = self.query_one("#pane", TextPane)
        pane.show(blocks(*parts))
        if self._is_news:
            pane.scroll_top()

    @property
    def _row(self) -> TaskRow | None:
        document, now = self.page.base, context_of(self).clock()
        number = self.table.current_id
        if number is None or number >= len(document.route.tasks):
            return None
        task = document.route.tasks[number]
        return TaskRow(task, document.notes.get(task.key, TaskNote()), now)

    def action_scroll(self, pages: int) -> None:
        """Scroll what stands below the tasks."""
        self.query_one("#pane", TextPane).scroll_pages(pages)

    # Tasks

    @on(RecordTable.RowSelected)
    @work(exclusive=True, group="task", exit_on_error=False)
    async def edit_task(self) -> None:
        """Say how the task one stands on stands."""
        from screens.rcs_task import TaskDialog

        row = self._row
        if row is None:
            return
        notes = await self.app.push_screen_wait(TaskDialog(row.task, self.page.base.notes, row.now))
        if notes is not None:
            self.page.change(dataclasses.replace(self.page.document, notes=notes))
            await self.show()

    # Errands

    def action_ask(self) -> None:
        """Ask the provider how it stands."""
        document = self.page.document
        if not errands.can_ask(document):
            self._say(_NOT_YET if has_api(document) else _NO_API)
            return
        doing = _("Asking {provider}").format(provider=document.route_name)
        self._begin(doing, lambda client: errands.ask(document, client=client))

    @work(exclusive=True, group="task", exit_on_error=False)
    async def action_act(self) -> None:
        """Choose and do what the provider's API allows."""
        from screens.rcs_actions import choose_action

        document = self.page.document
        chosen = await choose_action(self, document)
        if chosen is not None:
            self._act(*chosen)

    def _act(self, action: Action, asked: Draft) -> None:
        document = self.page.document
        self._begin(
            _(action.label),
            lambda client: errands.act(document, action.key, asked, client=client),
        )

    def _begin(self, doing: str, start: Start) -> None:
        if self.under_way is not None:
            self._say(N_("Something is under way. Esc ends it."))
            return
        self.under_way = UnderWay(doing, context_of(self).clock())
        self._said, self._is_news = None, True
        self._tell()
        self._worker = self._carry_out(self.under_way, start)
        self.refresh_bindings()

    @work(exclusive=True, group="errand", exit_on_error=False)
    async def _carry_out(self, doing: UnderWay, start: Start) -> None:
        """Carry an errand out; all that is seen of it goes through a message."""
        ended = self.Ended(doing)
        try:
            ended = self.Ended(doing, await with_client(self, start))
        except SmstuiError as error:
            ended = self.Ended(doing, error=error)
        finally:
            self.post_message(ended)

    @on(Ended)
    async def _take_in(self, event: Ended) -> None:
        """Keep what an errand came to, and say what it means."""
        self.under_way = self._worker = None
        if event.error is not None:
            self._said = trouble(event.error)
        elif event.carried is None:
            said = _("Stopped. It may have been done all the same: ask for the status.")
            self._said = Content(said)
        else:
            progress = event.carried.progress
            self._said = outcome_lines(event.doing.doing, progress.outcome)
            now = context_of(self).clock()
            self.page.change(errands.take_in(self.page.document, progress, now), learned=True)
        self._is_news = True
        await self.show()
        self.refresh_bindings()

    def stop(self) -> None:
        """End what is under way."""
        if self._worker is not None:
            self._worker.cancel()

    # Export

    def action_export(self) -> None:
        """Offer the profile as Markdown or JSON."""
        from screens.rcs_export import ExportDialog

        self.app.push_screen(ExportDialog(self.page.document))

    def _say(self, sentence: str) -> None:
        self.notify(_(sentence), markup=False)


def has_api(document: Document) -> bool:
    """Whether anything can be asked or done from here; of some providers nothing is known."""
    return any(task.where is Where.HERE for task in document.route.tasks)


_NOT_YET = N_("Nobody can be asked yet: fill in the login and the sender's id first.")
_NO_API = N_("This provider's API is not known here. Look into its console; Enter edits a task.")
