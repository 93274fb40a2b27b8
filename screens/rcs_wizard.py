"""The RCS set-up wizard: one page, its steps in turn; it opens where one was."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static
from textual.worker import Worker

from screens.base import context_of
from screens.places import record_address
from screens.rcs_keeping import KeepingPage
from screens.rcs_step import VIEW_KEY, StepPane
from screens.rcs_words import Achieved, done_steps
from screens.type_ahead import NAVIGATION
from screens.widgets.step_strip import StepLine, StepStrip
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.providers.base import InvalidFields
from smstui.providers.fields import Issue, text_of
from smstui.rcs import stored
from smstui.rcs.base import Step
from smstui.rcs.document import STEPS, Document
from smstui.rcs.routes.registry import routes
from smstui.rcs.trial import last_test
from smstui.rcs.words import STEP_WORDS
from smstui.store import Store
from smstui.store.channel_records import State
from smstui.store.errors import NameTaken, StaleRevision
from smstui.text import clean

PATH = "rcs"
CONTENT = "content"
"""What holds the message among what was typed at the test."""

Way = Callable[[], Coroutine[Any, Any, None]]

_OF_THE_BRAND = (
    ("display_name", "brand_name"),
    ("color",),
    ("fallback_sender", "sender_number"),
)
"""Fields of the registration that a message shows: the agent, its colour, who sends the SMS."""


class RcsWizardPage(KeepingPage):
    """Leads through a set-up; what is typed is kept at once, so leaving never asks."""

    BINDINGS = [
        Binding(
            "f8",
            "next",
            N_("Next"),
            id="rcs-wizard.next",
            priority=True,
            show=False,
            tooltip=N_("Go on to the next step; with an error in a field, go there instead"),
        ),
        Binding(
            "f7",
            "previous",
            N_("Back"),
            id="rcs-wizard.previous",
            priority=True,
            show=False,
            tooltip=N_("Go back to the step before; what you typed stays"),
        ),
        Binding(
            "escape",
            "stop",
            N_("Stop"),
            id="rcs-wizard.stop",
            tooltip=N_("End what is being waited for"),
        ),
        Binding(
            "escape",
            "back",
            N_("Leave"),
            id="rcs-wizard.leave",
            tooltip=N_("To the list of set-ups; all of it is kept"),
        ),
    ]
    needs_width = True

    def __init__(self, address: str, name: str | None = None) -> None:
        """Make the page.

        Args:
            address: its address in the shell.
            name: of the set-up to go on with; None for a new one.
        """
        super().__init__(address)
        self._name = name
        self._pane: StepPane | None = None
        self._way: Worker[None] | None = None
        self.achieved = Achieved()
        """What came of the set-up beside its document."""

    @property
    def help_text(self) -> str:  # type: ignore[override]  # each step has its own
        """What one does at this step."""
        return self._pane.help_text if self._pane is not None else ""

    @property
    def crumb(self) -> str:
        """The set-up's name and provider."""
        if self._document is None or not self._document.name:
            return clean(self._name) if self._name is not None else _("New set-up")
        return f"{clean(self._document.name)} · {self._document.route_name}"

    def compose(self) -> ComposeResult:
        yield StepStrip({step.value: word for step, word in STEP_WORDS.items()})
        yield StepLine()
        yield Vertical(id="step")

    async def on_mount(self) -> None:
        try:
            await self._open()
        except SmstuiError as error:
            await self.mount(Static(Text(f"✗ {error.message}"), classes="form-unreadable"))

    async def _open(self) -> None:
        if self._name is None:
            self.open_document(Document("", next(iter(routes()))), is_kept=False)
        else:
            name = self._name

            def read(store: Store) -> tuple[Document, Achieved]:
                document = stored.load(store, store.rcs_setups.by_name(name).id)
                return document, read_achieved(store, document)

            document, self.achieved = await context_of(self).session.call(read)
            self.open_document(document, is_kept=not document.remarks)
            for remark in document.remarks:
                self.notify(clean(remark), markup=False)
        await self.show_document()

    # The step that is shown

    async def show_document(self) -> None:
        """Show the step where one is, anew."""
        pane = make_pane(self.base.step)
        with self.app.batch_update():
            self._pane = None
            body = self.query_one("#step", Vertical)
            await body.remove_children()
            await body.mount(pane)
            self._pane = pane
        self.tell_step()
        self.shell.show_where()
        self.refresh_bindings()
        pane.focus_first()

    def tell_step(self) -> None:
        """Say at the top where one is, and of which steps nothing is open."""
        document = self.base
        done = [step.value for step in done_steps(document, self.achieved)]
        self.query_one(StepStrip).show(document.step.value, done)
        pane, keys = self._pane, []
        if document.step is not STEPS[0]:
            keys.append(("F7", _("Back")))
        if document.step is not STEPS[-1]:
            keys.append(("F8", _("Next")))
        views = {key: _(word) for key, word in pane.views.items()} if pane is not None else {}
        view = pane.view if pane is not None else ""
        self.query_one(StepLine).show(views, view, VIEW_KEY, keys)

    async def tell_achieved(self) -> None:
        """Read what came of the set-up, and say at the top which steps are done."""
        document = self.base
        self.achieved = await context_of(self).session.call(
            lambda store: read_achieved(store, document)
        )
        if self.is_attached:
            self.tell_step()

    def focus_first(self) -> None:
        """Put the focus where work begins at this step."""
        if self._pane is not None:
            self._pane.focus_first()
        else:
            self.can_focus = True
            self.focus()

    def collected(self, document: Document) -> Document:
        return document if self._pane is None else self._pane.collected(document)

    def forget_typed(self, *, learned: bool) -> None:
        if self._pane is not None:
            self._pane.forget_typed(learned=learned)

    async def tell_issues(self, issues: list[Issue]) -> None:
        if self._pane is not None:
            await self._pane.tell_issues(issues)

    def tell_trouble(self, sentence: str) -> None:
        if self._pane is not None:
            self._pane.tell_trouble(sentence)

    def renamed(self) -> None:
        """Follow the name with the address, so that one comes back to the same set-up."""
        self._name = self.base.name
        self.address = record_address(PATH, self.base.name)
        if self.shell.page is self:
            self.shell.address = self.address
            self.shell.show_where()

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what there is at this step; give Escape its present meaning."""
        document = self._document
        match action:
            case "next":
                return document is not None and document.step is not STEPS[-1]
            case "previous":
                return document is not None and document.step is not STEPS[0]
            case "stop":
                return self._can_stop
            case "back":
                return not self._can_stop
        return super().check_action(action, parameters)

    @property
    def _can_stop(self) -> bool:
        return self._pane is not None and self._pane.can_stop

    def action_stop(self) -> None:
        """End what is being waited for."""
        if self._pane is not None:
            self._pane.stop()
        self.refresh_bindings()

    def action_next(self) -> None:
        """Save the step and go on to the next one; with an error in a field, go there instead."""
        self.do(self._advance)

    def action_previous(self) -> None:
        """Go back to the step before."""
        step = self.base.step
        if step is not STEPS[0]:
            self.go_to(STEPS[STEPS.index(step) - 1])

    def go_to(self, step: Step) -> None:
        """Turn to a step: back always, on as far as all is right."""
        self.do(lambda: self._go(step))

    def do(self, way: Way) -> None:
        """Do something that takes the store; trouble is told, and keys wait until it is done."""
        if self._can_stop:
            self.notify(_("Something is under way. Esc ends it."), markup=False)
        elif self._way is None or self._way.is_finished:
            # In this group keys wait, as they do from one place to another.
            self._way = self.shell.run_worker(
                self._guarded(way), group=NAVIGATION, exit_on_error=False
            )

    async def settle(self) -> None:
        """End what is being waited for, and keep what was typed."""
        if self._can_stop:
            self.action_stop()
        await super().settle()
        self._point_list_here()

    def _point_list_here(self) -> None:
        """Have the list stand on this set-up when one comes to it next."""
        from screens.rcs_list import RcsListPage

        document = self._document
        if document is not None and document.id is not None:
            for page in self.shell.query(RcsListPage):
                page.point_at(document.id)

    async def _guarded(self, way: Way) -> None:
        try:
            await way()
        except InvalidFields as error:
            await self.tell_issues(error.issues)
        except NameTaken as error:
            await self.tell_issues([Issue("name", error.message)])
        except StaleRevision:
            await self._guarded(self._ask_whose)
        except SmstuiError as error:
            self.tell_trouble(error.message)
        except Exception as error:  # noqa: BLE001 - the boundary: typed text must survive
            said = _("That did not work ({kind}). What you typed is still here.")
            self.tell_trouble(said.format(kind=type(error).__name__))

    async def _advance(self) -> None:
        pane = self._pane
        if pane is None or not await pane.is_right() or not await self.keep_now():
            return
        if await pane.before_next():
            await self.carry_out(stored.advance)
            await self.show_document()

    async def _go(self, step: Step) -> None:
        if await self.keep_now():
            await self.carry_out(lambda store, document: stored.go(store, document, step))
            await self.show_document()

    def show_message(self) -> None:
        """Show the message of the set-up as a phone would; what is typed there is kept here."""
        from screens.rcs_preview import RcsPreviewScreen

        def save(content: str) -> None:
            self.change(self.document.typed(Step.TEST, {CONTENT: content}))

        document = self.document
        agent, color, sms = (
            next((text for name in names if (text := text_of(document.register.get(name)))), "")
            for names in _OF_THE_BRAND
        )
        content = text_of(document.test.get(CONTENT))
        try:
            screen = RcsPreviewScreen(
                document.route_name, agent, content, on_save=save, color=color, sms_sender=sms
            )
        except SmstuiError as error:
            self.notify(clean(error.message), markup=False)
        else:
            self.app.push_screen(screen)

    async def _ask_whose(self) -> None:
        """Settle whose version goes on; a webhook or the credential may be what changed."""
        if await self.settle_dispute():
            await self.keep_now()
            await self.show_document()

    async def carry_out(self, change: Callable[[Store, Document], Document]) -> None:
        """Change the set-up where the store lives, and go on with what it is then.

        Raises:
            SmstuiError: it cannot be; nothing is changed.
        """
        document = self.document
        saved = await context_of(self).session.call(lambda store: change(store, document))
        self.take(saved)


def read_achieved(store: Store, document: Document) -> Achieved:
    """Read what came of a set-up beside its document; done where the store lives."""
    from screens.rcs_channel import configurations_of

    rows = configurations_of(store, document)
    has_channel = any(row.state == State.ACTIVE for row in rows)
    return Achieved(last_test(store, document), has_channel)


def make_pane(step: Step) -> StepPane:
    """Return a new pane for a step."""
    match step:
        case Step.PROVIDER:
            from screens.rcs_provider import ProviderPane

            return ProviderPane()
        case Step.REGISTER:
            from screens.rcs_register import RegisterPane

            return RegisterPane()
        case Step.WEBHOOK:
            from screens.rcs_webhook import WebhookPane

            return WebhookPane()
        case Step.CREDENTIAL:
            from screens.rcs_credential import CredentialPane

            return CredentialPane()
        case Step.TEST:
            from screens.rcs_test import TestPane

            return TestPane()
        case Step.CHANNEL:
            from screens.rcs_channel import ChannelPane

            return ChannelPane()
        case Step.DONE:
            from screens.rcs_done import DonePane

            return DonePane()
