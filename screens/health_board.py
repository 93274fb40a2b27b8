"""The health board: all credentials verified at once, those in trouble first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Horizontal
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Static
from textual.worker import Worker

from screens.base import context_of
from screens.health_rows import (
    HealthSource,
    HealthTable,
    last_run_lines,
    nobody_here,
    progress_line,
    standing_line,
)
from screens.health_run import Board, HealthRun
from screens.list_page import ListPage, MakeLines
from screens.places import record_address
from screens.verify_run import Pace
from screens.widgets.detail_lines import DetailLines
from screens.widgets.record_table import RecordTable
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.store import Store
from smstui.store.records import CredentialRow, ListQuery, VerificationRecord

DRAWN_EACH = 0.1
"""Seconds between two drawings of a run; a check of many would flood a thin line otherwise."""


class HealthBoardPage(ListPage):
    """Shows how all credentials stand, and finds it out anew when asked."""

    BINDINGS = [
        Binding(
            "p",
            "start('probe')",
            N_("Probe all"),
            id="health.probe",
            tooltip=N_("Ask the vendor of each credential; no message is sent"),
        ),
        Binding(
            "c",
            "start('check')",
            N_("Check all"),
            id="health.check",
            tooltip=N_("Look at the fields of each credential, without any network"),
        ),
        Binding(
            "s",
            "sort",
            N_("Sort"),
            id="health.sort",
            tooltip=N_("Sort by trouble, or by name"),
        ),
        Binding(
            "v",
            "verify",
            N_("Verify"),
            show=False,
            id="health.verify",
            tooltip=N_("Verify this credential by itself, and see its earlier runs"),
        ),
        Binding(
            "e",
            "edit",
            N_("Edit"),
            show=False,
            id="health.edit",
            tooltip=N_("Change this credential"),
        ),
        Binding(
            "f5",
            "refresh",
            N_("Refresh"),
            show=False,
            id="health.refresh",
            tooltip=N_("Read the board again"),
        ),
        Binding(
            "escape",
            "stop",
            N_("Stop"),
            id="health.stop",
            tooltip=N_("Begin no more; pressed again, end what is under way, too"),
        ),
        Binding("escape", "back", N_("Back"), id="health.back", tooltip=N_("Back to the list")),
    ]

    help_text = N_(
        "How all credentials stand by their last verification, those in trouble first. Probe all "
        "asks each vendor with each credential, few at a time; it reads only and sends no message. "
        "Check all looks at the fields alone. A run goes on while one is elsewhere in the console."
    )
    needs_width = True

    table = query_one(HealthTable)

    @dataclass
    class Ended(Message):
        """The run is over; ``error`` tells what ended it before its time."""

        error: SmstuiError | None = None

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.pace = Pace()
        """How time passes for verifications."""
        self._board = Board()
        self._run: HealthRun | None = None
        self._worker: Worker[None] | None = None
        self._is_running = False
        self._by_trouble = True
        self._changed: set[int] = set()
        self._is_noted = False
        self._standing = ""
        self._told: tuple[object, ...] = ()

    @property
    def crumb(self) -> str:
        """The page's own word in the breadcrumb."""
        return _("Health")

    def compose(self) -> ComposeResult:
        with Horizontal(classes="list-title"):
            yield Static(Text(_("Health")), classes="list-name")
            yield Static(id="health-status")
        yield HealthTable()
        with Container(id="health-detail"):
            yield DetailLines()

    def shown(self) -> None:
        """Read the board again: records may have changed while it was away."""
        if not self._is_running:
            self._run = None
        self.reload()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Give Escape its present meaning."""
        if action == "stop":
            return self._is_running
        return not (action == "back" and self._is_running)

    async def read_list(self, otherwise: int | None) -> None:
        session = context_of(self).session
        ids, results = await session.call(
            lambda store: (self._ids(store), store.credentials.results())
        )
        await self.table.show(
            HealthSource(session, ids, self.now, self._board),
            placeholder=nobody_here(),
            sort=("trouble" if self._by_trouble else "name", False),
        )
        self.set_class(not ids, "-empty")
        self._standing = standing_line(results)
        self._tell_how_it_stands()

    def _ids(self, store: Store) -> Sequence[int]:
        credentials = store.credentials
        return credentials.ids_by_trouble() if self._by_trouble else credentials.ids(ListQuery())

    def action_start(self, depth: str) -> None:
        """Verify all credentials, in the order in which they are listed."""
        if self._is_running:
            self.say(_("A run goes on. Esc ends it."))
            return
        self._is_running = True
        self._run = None
        self._worker = self._carry_out(depth)
        self.refresh_bindings()

    @work(exclusive=True, group="health", exit_on_error=False)
    async def _carry_out(self, depth: str) -> None:
        """Carry out a run; all that is seen of it goes through messages."""
        error: SmstuiError | None = None
        try:
            await self._run_all(depth)
        except SmstuiError as known:
            error = known
        except Exception as fault:  # noqa: BLE001 - the boundary: told to the person as an error
            error = SmstuiError(
                _("The run broke off ({kind}). Try again.").format(kind=type(fault).__name__)
            )
        finally:
            self.post_message(self.Ended(error))

    async def _run_all(self, depth: str) -> None:
        context = context_of(self)
        ids = await context.session.call(self._ids)
        if not ids:
            raise SmstuiError(nobody_here())
        self._run = run = HealthRun(depth, ids, self._board, context.clock, self.pace)
        self._note()
        client = context.http_client() if context.http_client is not None else None
        try:
            await run.carry_out(context.session, client, self._note)
        finally:
            if client is not None:
                await client.aclose()

    def _note(self, *credential_ids: int) -> None:
        """Note what is new; however fast it comes, it is drawn some times a second."""
        self._changed.update(credential_ids)
        if not self._is_noted:
            self._is_noted = True
            self.set_timer(DRAWN_EACH, self._show_progress)

    def _show_progress(self) -> None:
        """Draw what is new."""
        changed, self._changed = self._changed, set()
        self._is_noted = False
        self.table.redraw(changed)
        self._tell_how_it_stands()
        current = self.table.current_id
        if current in changed and current not in self._board.under_way:
            self.tell_about_current()

    @on(Ended)
    def show_end(self, event: Ended) -> None:
        """Put the board in order again, and tell what went wrong."""
        self._is_running = False
        if event.error is not None:
            self.say(event.error.message)
        self.refresh_bindings()
        self._tell_how_it_stands()
        self.reload()

    def _tell_how_it_stands(self) -> None:
        """Write the status line; while a run goes on, once for each credential that is through."""
        run = self._run
        state = (run, run.done, run.total, run.is_stopping, run.ended) if run else (self._standing,)
        if state == self._told:
            return
        self._told = state
        said = progress_line(run, context_of(self).clock()) if run else self._standing
        self.query_one("#health-status", Static).update(
            Text(said, no_wrap=True, overflow="ellipsis"), layout=False
        )

    async def read_detail(self, record_id: int) -> MakeLines:
        def read(store: Store) -> tuple[list[CredentialRow], list[VerificationRecord]]:
            rows = store.credentials.rows([record_id])
            return rows, store.verifications.history(record_id, limit=1)

        rows, runs = await context_of(self).session.call(read)
        now = context_of(self).clock()
        if not rows:
            return lambda width: ()
        return lambda width: last_run_lines(rows[0].name, runs[0] if runs else None, now, width)

    def action_stop(self) -> None:
        """Let nothing more begin; the second time end what is under way."""
        run = self._run
        if run is not None and not run.is_stopping:
            run.stop()
            self._tell_how_it_stands()
        elif self._worker is not None:
            self._worker.cancel()

    def action_sort(self) -> None:
        """Sort by trouble, or by name."""
        self._by_trouble = not self._by_trouble
        self.reload()

    @on(RecordTable.RowSelected)
    @work(exclusive=True, group="act")
    async def action_verify(self) -> None:
        """Verify the credential one stands on by itself; its earlier runs are there, too."""
        from screens.verify import VerifyScreen

        record_id = self.table.current_id
        if record_id is None:
            self.say(nobody_here())
            return
        await self.app.push_screen_wait(VerifyScreen(record_id))
        self._board.seen.pop(record_id, None)
        self.reload()

    @work(exclusive=True, group="act")
    async def action_edit(self) -> None:
        """Open the form of the credential one stands on."""
        record_id = self.table.current_id
        if record_id is None:
            self.say(nobody_here())
            return
        try:
            record = await context_of(self).session.call(
                lambda store: store.credentials.get(record_id)
            )
        except SmstuiError as error:
            self.say(error.message)
            return
        self.shell.navigate(record_address("credentials", record.name))
