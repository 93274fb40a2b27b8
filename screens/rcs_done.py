"""The last page of the RCS wizard: everything at a glance, and what is still open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content

from screens.base import context_of
from screens.rcs_channel import SIGNS, configurations_of
from screens.rcs_step import StepPane
from screens.rcs_task_rows import PLACES, blocks, waiting_line
from screens.rcs_words import STATE_SIGNS, Achieved, day, done_steps
from screens.widgets.cells import fit
from screens.widgets.inspector import MUTED
from screens.widgets.step_strip import DONE, TO_COME
from screens.widgets.text_pane import TextPane
from smstui.channels.base import STATE_WORDS as CHANNEL_STATES
from smstui.errors import SmstuiError
from smstui.i18n import N_, _, ngettext
from smstui.rcs.base import Step, TaskNote
from smstui.rcs.checklist import STATE_WORDS, is_settled
from smstui.rcs.document import STEPS, Document
from smstui.rcs.stored import credential_of, webhooks_of
from smstui.rcs.trial import LastTest, last_test
from smstui.rcs.words import STEP_WORDS
from smstui.results import result_mark
from smstui.store.channel_records import ChannelRow, State
from smstui.text import clean
from smstui.webhooks.settings import ReceiverSettings

if TYPE_CHECKING:
    from smstui.store import Store

STEPS_TO_GO = STEPS[:-1]
COLUMN = 14
"""Cells of sign and word of a step."""
LABEL = 34
"""Cells of what a task is called."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What there is of a set-up beside its document.

    Attributes:
        webhooks: name and URL of each.
        credential: name and vendor; empty when there is none.
        test: what the newest test came to.
        channels: each channel configuration that uses the credential.
    """

    webhooks: tuple[tuple[str, str], ...]
    credential: tuple[str, ...]
    test: LastTest | None
    channels: tuple[ChannelRow, ...]


def read_summary(store: Store, document: Document) -> Summary:
    """Read what there is of a set-up; done where the store lives."""
    settings = ReceiverSettings.load(store)
    credential = credential_of(store, document)
    return Summary(
        tuple((one.name, settings.url_of(one.path)) for one in webhooks_of(store, document)),
        () if credential is None else (credential.name, credential.vendor),
        last_test(store, document),
        tuple(configurations_of(store, document)),
    )


class DonePane(StepPane):
    """Each step in a line or two, then the tasks that are open."""

    step = Step.DONE
    can_focus = True
    help_text = N_(
        "All steps at a glance, and what is still open. A digit goes to a step, F7 to the one "
        "before. The set-up stays here: reviews end later, and profiles change."
    )
    BINDINGS = [
        *(
            Binding(
                str(number),
                f"go({number})",
                N_("To a step"),
                show=number == 1,
                key_display=f"1–{len(STEPS_TO_GO)}",
                id=f"rcs-done.step-{number}",
                tooltip=N_("Go to the step with that number"),
            )
            for number in range(1, len(STEPS_TO_GO) + 1)
        ),
        Binding("down,j", "scroll(1)", N_("Down"), show=False, id="rcs-done.down"),
        Binding("up,k", "scroll(-1)", N_("Up"), show=False, id="rcs-done.up"),
        Binding("pagedown", "scroll(10)", N_("Page down"), show=False, id="rcs-done.page-down"),
        Binding("pageup", "scroll(-10)", N_("Page up"), show=False, id="rcs-done.page-up"),
    ]

    def compose(self) -> ComposeResult:
        yield TextPane(id="pane")

    def on_mount(self) -> None:
        self._load()

    def focus_first(self) -> None:
        self.focus()

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self) -> None:
        document, context = self.wizard.base, context_of(self)
        pane = self.query_one("#pane", TextPane)
        try:
            summary = await context.session.call(lambda store: read_summary(store, document))
        except SmstuiError as error:
            pane.show(Content(f"✗ {clean(error.message)}"))
        else:
            pane.show(summary_content(document, summary, context.clock()))

    def action_go(self, number: int) -> None:
        """Go to a step."""
        self.wizard.go_to(STEPS_TO_GO[number - 1])

    def action_scroll(self, lines: int) -> None:
        """Scroll."""
        self.query_one("#pane", TextPane).scroll_lines(lines)


def summary_content(document: Document, summary: Summary, now: datetime) -> Content:
    """Return a set-up at a glance, and what is open."""
    is_active = any(row.state == State.ACTIVE for row in summary.channels)
    done = done_steps(document, Achieved(summary.test, is_active))
    lines: list[Content] = []
    for number, step in enumerate(STEPS_TO_GO, start=1):
        is_done = step in done
        sign = DONE if is_done else TO_COME
        head = f"{number} {sign} {_(STEP_WORDS[step])}".ljust(COLUMN + 2)
        told = list(_told(step, document, summary, now))
        lines.append(Content.assemble((head, "$text-success" if is_done else "bold"), told[0]))
        lines += [Content(" " * len(head)) + Content(text) for text in told[1:]]
    still_open = list(_open_tasks(document))
    tasks = Content.styled(_("Open"), "bold") + Content("\n") + Content("\n").join(still_open)
    return blocks(Content("\n").join(lines), tasks if still_open else None)


def _told(step: Step, document: Document, summary: Summary, now: datetime) -> Iterator[str]:
    """Yield what there is to say of a step, a line each, at least one."""
    match step:
        case Step.PROVIDER:
            yield document.route_name
        case Step.REGISTER:
            yield _tasks_told(document)
            if said := waiting_line(document, now):
                yield f"… {said}"
        case Step.WEBHOOK:
            for name, url in summary.webhooks:
                yield clean(name)
                yield clean(url)
            if not summary.webhooks:
                yield _("not saved yet")
        case Step.CREDENTIAL:
            yield clean(", ".join(summary.credential)) or _("not saved yet")
        case Step.TEST:
            yield _test_told(summary.test, now)
        case _:
            for row in summary.channels:
                yield f"{SIGNS[row.state]} {_(CHANNEL_STATES[row.state])}  {clean(row.name)}"
            if not summary.channels:
                yield _("none uses the credential yet")


def _tasks_told(document: Document) -> str:
    notes = [document.notes.get(task.key, TaskNote()) for task in document.route.tasks]
    settled = sum(map(is_settled, notes))
    said = ngettext("{n} of {total} task settled", "{n} of {total} tasks settled", len(notes))
    return said.format(n=settled, total=len(notes))


def _test_told(test: LastTest | None, now: datetime) -> str:
    if test is None:
        return _("nothing was sent yet")
    mark = result_mark(test.result.value, clean(test.word))
    channel = " " + _("by {channel}").format(channel=clean(test.channel)) if test.channel else ""
    return f"{mark}{channel}, {clean(test.to)}, {day(test.at, now)}"


def _open_tasks(document: Document) -> Iterator[Content]:
    for task in document.route.tasks:
        note = document.notes.get(task.key, TaskNote())
        if is_settled(note):
            continue
        told = f"{STATE_SIGNS[note.state]} {_(STATE_WORDS[note.state])}".ljust(COLUMN)
        label = _("{label} (optional)") if task.optional else "{label}"
        where = _(PLACES[task.where])
        said = fit(label.format(label=_(task.label)), LABEL)
        yield Content.assemble(told, said, (f"  {clean(note.note) or where}", MUTED))
