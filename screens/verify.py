"""Verify SMS connection: prove a credential, as far as one dares, and see what it means."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static
from textual.worker import Worker

from screens import verify_words
from screens.base import context_of
from screens.confirm import ConfirmDialog, confirm_send
from screens.inspecting import InspectingScreen
from screens.verify_form import VerifyForm
from screens.verify_history import HistoryTable, exchanges_of, stages_of
from screens.verify_run import Pace, Run, judge_of, keep_or_tell, listen
from screens.widgets.inspector import Inspector, View
from screens.widgets.key_bar import KeyBar
from screens.widgets.stage_list import StageList
from screens.widgets.whereabouts import Whereabouts
from smstui.errors import SmstuiError
from smstui.i18n import N_, _

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.store.records import CredentialRecord, VerificationRecord


class VerifyScreen(InspectingScreen[None]):
    """Runs verifications of one credential, shows their stages as they come, and keeps each."""

    CSS_PATH = [f"../styles/{name}.tcss" for name in ("record_table", "inspector", "verify")]
    AUTO_FOCUS = "#number-input"
    BINDINGS = [
        Binding(
            "f9,ctrl+s",
            "verify",
            N_("Verify"),
            key_display="F9",
            id="verify.verify",
            tooltip=N_("Verify as the fields say; at depth send a real message goes out"),
        ),
        Binding(
            "f5",
            "verify",
            N_("Verify again"),
            show=False,
            id="verify.again",
            tooltip=N_("Verify once more"),
        ),
        Binding(
            "escape",
            "stop",
            N_("Stop"),
            id="verify.stop",
            tooltip=N_("Stop this run; nothing was sent yet"),
        ),
        Binding(
            "escape",
            "leave_earlier",
            N_("Back"),
            id="verify.back",
            tooltip=N_("Back from the earlier run"),
        ),
        Binding(
            "escape",
            "close",
            N_("Close"),
            id="verify.close",
            tooltip=N_("Close; what is known so far is kept"),
        ),
        Binding(
            "y",
            "copy_curl",
            N_("Copy as curl"),
            id="inspector.curl",
            tooltip=N_("Copy the request as a shell command, secrets as variables"),
        ),
        Binding(
            "f4",
            "history",
            N_("History"),
            key_display="F4",
            id="verify.history",
            tooltip=N_("The earlier runs of this credential"),
        ),
    ]
    area = N_("verify")
    help_title = N_("Verify SMS connection")
    help_text = N_(
        "Proves that messages can be sent with this credential. Check looks at the fields, probe "
        "asks the provider, send sends a real message and follows it. A send is never repeated."
    )

    @dataclass
    class Loaded(Message):
        """The credential is here, or the reason why it is not."""

        error: SmstuiError | None = None

    @dataclass
    class Progressed(Message):
        """Something is new about the run."""

        run: Run

    @dataclass
    class Kept(Message):
        """The store holds what is known of the run."""

        run: Run

    @dataclass
    class Ended(Message):
        """Nothing more will come of the run; ``error`` when it could not be carried out."""

        run: Run | None
        error: SmstuiError | None = None

    def __init__(self, credential_id: int, *, pace: Pace | None = None) -> None:
        """Prepare to verify a credential.

        Args:
            credential_id: its id in the store.
            pace: how time passes for its runs.
        """
        super().__init__()
        self._credential_id = credential_id
        self._pace = pace or Pace()
        self._record: CredentialRecord | None = None
        self._history: list[VerificationRecord] = []
        self._run: Run | None = None
        self._worker: Worker[None] | None = None
        self._earlier: VerificationRecord | None = None

    def compose(self) -> ComposeResult:
        with Horizontal(id="header"):
            yield Static(id="title")
            yield Whereabouts()
        yield VerifyForm()
        yield StageList()
        yield Inspector(HistoryTable())
        yield KeyBar()

    def on_mount(self) -> None:
        self.inspector.show_meaning(verify_words.introduction())
        self._load()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Give Escape its present meaning."""
        if action == "stop":
            return self._can_stop
        if action == "leave_earlier":
            return self._earlier is not None and not self._can_stop
        if action == "close":
            return self._earlier is None and not self._can_stop
        return super().check_action(action, parameters)

    @property
    def _is_running(self) -> bool:
        return self._worker is not None and not self._worker.is_finished

    @property
    def _can_stop(self) -> bool:
        """Whether a run goes on of which nothing has left yet but questions."""
        if not self._is_running:
            return False
        return self._run is None or not (self._run.is_in_flight or self._run.is_accepted)

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self) -> None:
        """Read the credential and its earlier runs."""
        # Phone numbers take 60 ms to load: away from the keys.
        await asyncio.to_thread(import_module, "phonenumbers")
        try:
            self._record, self._history = await context_of(self).session.call(self._read)
        except SmstuiError as error:
            self.post_message(self.Loaded(error))
        else:
            self.post_message(self.Loaded())

    def _read(self, store: Store) -> tuple[CredentialRecord, list[VerificationRecord]]:
        key = self._credential_id
        return store.credentials.get(key), store.verifications.history(key)

    @on(Loaded)
    async def show_loaded(self, event: Loaded) -> None:
        """Name the credential and fill the fields, or say why it cannot be verified."""
        from smstui.verify import default_message

        try:
            if event.error is not None:
                raise event.error
            provider, credential = judge_of(self._record)
        except SmstuiError as error:
            if self._run is None:
                self.inspector.show_meaning(verify_words.trouble(error))
            return
        form = self.query_one(VerifyForm)
        form.load(provider, credential)
        await self.query_one(HistoryTable).fill(self._history)
        form.offer(
            next((run.to for run in self._history if run.to), ""),
            default_message(self._history[0].id + 1 if self._history else 1),
        )
        self._show_title()

    def _show_title(self) -> None:
        said = verify_words.title(
            self._record.name if self._record is not None else "",
            self._earlier.at if self._earlier is not None else None,
        )
        self.query_one("#title", Static).update(
            Text(said, no_wrap=True, overflow="ellipsis"), layout=False
        )

    @on(VerifyForm.Submitted)
    def action_verify(self) -> None:
        """Verify as the fields say, unless they are wrong or a run goes on."""
        if self._is_running:
            self.notify(_("A run goes on. Esc ends it."), markup=False)
            return
        form = self.query_one(VerifyForm)
        if not form.judge():
            return
        self._run = self._earlier = None
        self._show_title()
        self._show_run(None)
        self._worker = self._verify(form.depth, form.number, form.text)
        self.inspector.choose(View.MEANING)
        # The focus leaves the button, so that Enter pressed twice does not send twice.
        self.inspector.focus_pane()
        self.refresh_bindings()

    @work(exclusive=True, group="verify", exit_on_error=False)
    async def _verify(self, depth: str, to: str, text: str) -> None:
        """Carry out a run; all that is seen of it goes through messages."""
        error: SmstuiError | None = None
        try:
            await self._carry_out(depth, to, text)
        except SmstuiError as known:
            error = known
        except Exception as fault:  # noqa: BLE001 - the boundary: told to the person as an error
            error = SmstuiError(verify_words.broken_off(fault))
        finally:
            if self._run is not None:
                self._run.ended = True
            self.post_message(self.Ended(self._run, error))

    async def _carry_out(self, depth: str, to: str, text: str) -> None:
        context = context_of(self)
        self._record = await context.session.call(
            lambda store: store.credentials.get(self._credential_id)
        )
        provider, credential = judge_of(self._record)
        if depth == "send" and not await confirm_send(self, to):
            return
        run = Run(self._credential_id, provider, credential, depth=depth, to=to, text=text)
        self._run = run
        client = context.http_client() if context.http_client is not None else None
        try:
            await run.carry_out(
                client,
                self._pace,
                lambda: self.post_message(self.Progressed(run)),
                await listen(context.session, self._record, depth),
            )
        finally:
            if client is not None:
                await client.aclose()

    @on(Progressed)
    def show_progress(self, event: Progressed) -> None:
        """Draw what is new; an accepted message is kept at once."""
        if event.run.is_accepted and not event.run.is_being_kept:
            self._keep(event.run)
        if event.run is self._run and self._earlier is None:
            self._show_run(event.run)
        self.refresh_bindings()

    @on(Ended)
    def show_end(self, event: Ended) -> None:
        """Keep the run and draw how it ended."""
        if event.run is not None:
            self._keep(event.run)
        if event.error is not None:
            self.inspector.show_meaning(verify_words.trouble(event.error))
        elif event.run is not None and self._earlier is None:
            self._show_run(event.run)
        self.refresh_bindings()

    def _keep(self, run: Run) -> None:
        """Write the run in the background; that goes on when the screen is closed meanwhile."""
        self.app.run_worker(self._write(run), group="keep-verification", exit_on_error=False)

    async def _write(self, run: Run) -> None:
        """Write the run, or say that it is not kept."""
        if await keep_or_tell(self, run):
            self.post_message(self.Kept(run))

    @on(Kept)
    def offer_next(self, event: Kept) -> None:
        """List the run that was kept, and offer the text of the next one."""
        if event.run.ended:
            self._load()

    def on_screen_resume(self) -> None:
        """Try again to keep the run: the store may have been locked."""
        run = self._run
        if run is not None and run.ended and not (run.kept or run.is_being_kept):
            self._keep(run)

    def _show_run(self, run: Run | None) -> None:
        """Draw the present run, or none."""
        stages = run.verification.stages if run is not None else ()
        said = verify_words.introduction() if run is None else Content()
        if run is not None:
            said = verify_words.meaning(stages, run.verification.message_id, run.stopped)
        self.query_one(StageList).show(stages)
        self.inspector.show_meaning(said)
        self.inspector.show_exchanges(run.verification.exchanges if run is not None else ())

    def action_stop(self) -> None:
        """End a run that has sent nothing yet."""
        if self._run is not None:
            self._run.stop()
        if self._worker is not None:
            self._worker.cancel()

    @work(exclusive=True, group="close", exit_on_error=False)
    async def action_close(self) -> None:
        """Close; what is known so far is kept."""
        if await self.may_leave():
            self.dismiss(None)

    async def may_leave(self) -> bool:
        """Ask while a message is on its way, then keep what is known of it."""
        run = self._run
        if run is not None and run.is_in_flight:
            asked, why = verify_words.in_flight_question()
            question = ConfirmDialog(asked, why, confirm=_("Close"), cancel=_("Wait"))
            if not await self.app.push_screen_wait(question):
                return False
        if run is not None and not run.ended:
            run.stop()
            await self._write(run)
        return True

    def action_leave_earlier(self) -> None:
        """Go back from an earlier run to the list of runs."""
        self._earlier = None
        self._show_title()
        self._show_run(self._run)
        self.action_history()

    def action_history(self) -> None:
        """Show the earlier runs, or go back to what it means."""
        if self.inspector.view is View.HISTORY:
            self.inspector.choose(View.MEANING)
        else:
            self.inspector.choose(View.HISTORY)
        self.inspector.focus_pane()
        self.refresh_bindings()

    @on(HistoryTable.RowSelected)
    def open_earlier(self, event: HistoryTable.RowSelected) -> None:
        """Show the stages and exchanges of an earlier run, to read only."""
        record = next((run for run in self._history if run.id == event.record_id), None)
        if record is None:
            return
        self._earlier = record
        stages = stages_of(record.record)
        self.query_one(StageList).show(stages)
        self.inspector.show_meaning(verify_words.meaning(stages, record.message_id))
        self.inspector.show_exchanges(exchanges_of(record.record))
        self.inspector.choose(View.MEANING)
        self.inspector.focus_pane()
        self._show_title()
        self.refresh_bindings()
