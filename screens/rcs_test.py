"""Step 5 of the RCS wizard: one message by RCS alone to a test device, until it is read."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from importlib import import_module

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static
from textual.worker import Worker

from screens.base import context_of
from screens.confirm import confirm_send
from screens.rcs_errand import UnderWay, with_client
from screens.rcs_step import MESSAGE_KEY, FormPane
from screens.rcs_task_rows import blocks
from screens.rcs_test_run import TestRun
from screens.rcs_words import day
from screens.verify_run import Pace, keep_or_tell, listen
from screens.verify_words import meaning, recipient_note, trouble
from screens.widgets.inspector import MUTED
from screens.widgets.stage_list import StageList
from screens.widgets.text_pane import TextPane
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.messaging.numbers import Number, parse_number
from smstui.providers.fields import text_of
from smstui.rcs.base import Step
from smstui.rcs.stored import credential_of
from smstui.rcs.trial import LastTest, last_test, sender_of
from smstui.results import result_mark
from smstui.store import Store
from smstui.store.errors import NotFound
from smstui.store.records import CredentialRecord
from smstui.text import clean
from smstui.verify import default_message


class TestPane(FormPane):
    """Number and message, the stages as they come, and what they mean for the set-up."""

    __test__ = False  # pytest takes it for a class of tests otherwise

    step = Step.TEST
    help_text = N_(
        "Sends one real message by RCS alone, without any fallback, to a test device that has "
        "accepted its invitation. Switch the receiver on before: what the provider reports, "
        "delivered and read, is told by the webhooks. F9 sends; nothing is sent by itself."
    )
    BINDINGS = [
        Binding(
            "f9,ctrl+s",
            "send",
            N_("Send"),
            id="rcs-test.send",
            key_display="F9",
            tooltip=N_("Send one real message by RCS alone; it may cost money"),
        ),
        MESSAGE_KEY,
        Binding(
            "ctrl+t",
            "app.receiver",
            N_("Receiver"),
            id="rcs-test.receiver",
            key_display="Ctrl+T",
            tooltip=N_("Switch on or off what takes the calls of webhooks in"),
        ),
        Binding("pagedown", "scroll(1)", N_("Page down"), show=False, id="rcs-test.down"),
        Binding("pageup", "scroll(-1)", N_("Page up"), show=False, id="rcs-test.up"),
    ]

    @dataclass
    class Progressed(Message):
        """Something is new about a run."""

        run: TestRun

    @dataclass
    class Ended(Message):
        """Nothing more will come of a run; ``error`` when it could not be carried out."""

        run: TestRun | None
        error: SmstuiError | None = None

    def __init__(self, pace: Pace | None = None) -> None:
        """Make the pane.

        Args:
            pace: how time passes for its runs.
        """
        super().__init__()
        self._pace = pace or Pace()
        self._run: TestRun | None = None
        self._under_way: UnderWay | None = None
        self._worker: Worker[None] | None = None
        self._last: LastTest | None = None
        self._error: SmstuiError | None = None

    def compose(self) -> ComposeResult:
        yield self.make_form()
        yield Static(classes="before")
        yield StageList()
        with Vertical(classes="after"):
            yield TextPane(id="pane")

    def on_mount(self) -> None:
        self._tell()
        self._load()

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self) -> None:
        """Read what the last test came to; reports may have come since."""
        # Phone numbers take 60 ms to load: away from the keys.
        await asyncio.to_thread(import_module, "phonenumbers")
        document = self.wizard.base
        try:
            self._last = await context_of(self).session.call(
                lambda store: last_test(store, document)
            )
        except SmstuiError as error:
            self._error = error
        self._tell()

    # What is told

    def changed(self, key: str) -> None:
        self._tell_before()

    def _tell_before(self) -> None:
        """Say beforehand what is sent to whom, or what is being waited for."""
        line = self.query_one(".before", Static)
        running = self._under_way
        if running is not None:
            line.update(Text(running.said))
        else:
            line.update(Text(self._what_is_sent()))
        line.set_class(running is not None, "-running")

    def _what_is_sent(self) -> str:
        document = self.document
        draft = document.draft(self.step)
        number = parse_number(text_of(draft["to"]))
        shown = number.shown if isinstance(number, Number) else ""
        text = text_of(draft["message"]) or default_message(1)
        note = recipient_note("send", shown, text)
        return _("F9 sends one real message by RCS alone; it may cost money ({note}).").format(
            note=clean(note)
        )

    def _tell(self) -> None:
        """Draw the run, or what the last one came to."""
        self._tell_before()
        run = self._run
        stages = run.verification.stages if run is not None else ()
        self.query_one(StageList).show(stages)
        self.query_one("#pane", TextPane).show(
            blocks(
                trouble(self._error) if self._error is not None else None,
                Content.styled(clean(run.verdict), "bold") if run is not None else None,
                meaning(stages, run.verification.message_id, run.stopped) if run else None,
                self._last_lines() if run is None else None,
            )
        )

    def _last_lines(self) -> Content:
        last = self._last
        if last is None:
            return Content.styled(_("Nothing was sent yet."), MUTED)
        now = context_of(self).clock()
        when = f"{day(last.at, now)} {last.at:%H:%M} UTC"
        mark = result_mark(last.result.value, clean(last.word))
        said = _("Last test, {when}: {mark}, to {number}").format(
            when=when, mark=mark, number=clean(last.to)
        )
        if last.channel:
            said += ", " + _("by {channel}").format(channel=clean(last.channel))
        return Content(said)

    # Sending

    def finished(self) -> None:
        """Say which key sends: nothing is sent by a key that only goes on."""
        self.notify(_("F9 sends the message."), markup=False)

    async def action_send(self) -> None:
        """Send as the fields say, unless they are wrong or a run goes on."""
        if self.can_stop:
            self.notify(_("A run goes on. Esc ends it."), markup=False)
        elif await self.is_right():
            self._run = self._error = None
            self._under_way = UnderWay(_("Sending"), context_of(self).clock())
            self._tell()
            self._worker = self._send()
            self.refresh_bindings()

    @work(exclusive=True, group="test", exit_on_error=False)
    async def _send(self) -> None:
        """Carry a run out; all that is seen of it goes through messages."""
        error: SmstuiError | None = None
        try:
            await self._carry_out()
        except SmstuiError as known:
            error = known
        finally:
            if self._run is not None:
                self._run.ended = True
            self.post_message(self.Ended(self._run, error))

    async def _carry_out(self) -> None:
        await self.wizard.keep_now()
        document, session = self.wizard.document, context_of(self).session

        def read(store: Store) -> CredentialRecord:
            record = credential_of(store, document)
            if record is None:
                raise NotFound(_("The credential was deleted. Go back to its step: F7."))
            return record

        record = await session.call(read)
        draft = document.draft(self.step)
        if not await confirm_send(self, text_of(draft["to"])):
            return
        run = TestRun(
            record.id,
            document,
            sender_of(document, record),
            to=text_of(draft["to"]),
            text=text_of(draft["message"]),
        )
        self._run = run
        arrivals = await listen(session, record, "send")
        await with_client(
            self,
            lambda client: run.carry_out(
                client, self._pace, lambda: self.post_message(self.Progressed(run)), arrivals
            ),
        )

    @on(Progressed)
    def show_progress(self, event: Progressed) -> None:
        """Draw what is new; an accepted message is kept at once."""
        run = event.run
        if run.is_accepted and not run.is_being_kept:
            self._keep(run)
        if run is self._run and self._under_way is not None:
            waits = _waits_for(run)
            if waits and waits != self._under_way.doing:
                self._under_way = UnderWay(waits, context_of(self).clock())
            self._tell()

    @on(Ended)
    def show_end(self, event: Ended) -> None:
        """Keep the run, and draw how it ended."""
        self._under_way = self._worker = None
        self._error = event.error
        if event.run is not None:
            self._keep(event.run)
        self._tell()
        self.refresh_bindings()

    def _keep(self, run: TestRun) -> None:
        """Write the run in the background; that goes on when one leaves meanwhile."""
        run.is_being_kept = True  # The next progress comes before the worker does.
        page = self.wizard

        async def write() -> None:
            if await keep_or_tell(page, run):
                await page.tell_achieved()

        self.app.run_worker(write(), group="keep-verification", exit_on_error=False)

    @property
    def can_stop(self) -> bool:
        return self._worker is not None and not self._worker.is_finished

    def stop(self) -> None:
        """End the waiting; what is known so far is kept."""
        if self._run is not None:
            self._run.stop()
        if self._worker is not None:
            self._worker.cancel()

    def action_scroll(self, pages: int) -> None:
        """Scroll what the run means."""
        self.query_one("#pane", TextPane).scroll_pages(pages)

    def action_message(self) -> None:
        """Show a message as a phone would."""
        self.wizard.show_message()


def _waits_for(run: TestRun) -> str:
    """Return what a run waits for, as it stands in a sentence."""
    stages = {stage.name: stage for stage in run.verification.stages}
    if not run.is_accepted:
        return _("Sending")
    if stages["deliver"].result.value == "passed":
        return _("Delivered; waiting for the read receipt")
    return _("Accepted; waiting for the delivery")
