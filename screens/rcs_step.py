"""One step of the RCS wizard: what it shows, and how it hands over what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar, cast

from pydantic import SecretStr
from rich.text import Text
from textual import events, on
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from screens.rcs_keeping import KeepingPage
from screens.widgets.form import RecordForm, Specs
from screens.widgets.form_filling import FillableForm
from smstui.i18n import N_
from smstui.providers.fields import Draft, Issue, Value, is_empty
from smstui.rcs.base import Step
from smstui.rcs.document import Document

if TYPE_CHECKING:
    from screens.rcs_wizard import RcsWizardPage


VIEW_KEY = "F4"
"""Turns to the next view of a step that has several."""


MESSAGE_KEY = Binding(
    "f5",
    "message",
    N_("Message"),
    id="rcs-step.message",
    tooltip=N_("Make up a message, and see it as a phone shows it; nothing is sent"),
)


class StepPane(Vertical):
    """Base of the steps.

    Attributes:
        step: which one.
        help_text: what one does here, for the help; marked with `N_`.
        views: the names of its views, marked with `N_`; empty when there is but one.
        view: the one that is shown.
    """

    step: ClassVar[Step]
    help_text: ClassVar[str]
    views: Mapping[str, str] = {}
    view: str = ""

    @property
    def wizard(self) -> RcsWizardPage:
        """The page around it."""
        page = next(node for node in self.ancestors if isinstance(node, KeepingPage))
        return cast("RcsWizardPage", page)

    @property
    def document(self) -> Document:
        """The set-up as it is by now."""
        return self.wizard.document

    def focus_first(self) -> None:
        """Put the focus where work begins here."""
        self.screen.focus_next()

    def collected(self, document: Document) -> Document:
        """Return the document with what was typed here."""
        return document

    def forget_typed(self, *, learned: bool) -> None:
        """Take what was typed as collected; with ``learned`` the form knows less than it should."""

    async def is_right(self) -> bool:
        """Judge what was typed; with an error, put the focus there and return False."""
        return True

    async def tell_issues(self, issues: Iterable[Issue]) -> None:
        """Show what saving found wrong with fields."""

    def tell_trouble(self, sentence: str) -> None:
        """Show what keeps the whole step from being saved; empty when nothing does."""
        for line in self.query(".step-trouble"):
            line.display = bool(sentence)
            cast("Static", line).update(Text(f"✗ {sentence}" if sentence else ""))

    @property
    def can_stop(self) -> bool:
        """Whether something goes on here that Escape ends."""
        return False

    def stop(self) -> None:
        """End what goes on."""

    async def before_next(self) -> bool:
        """Do what comes before the next step; False to stay here."""
        return True


class FormPane(StepPane):
    """Base of steps with one form."""

    def __init__(self) -> None:
        super().__init__()
        self._form: FillableForm | None = None
        self._touched: set[str] = set()
        self.is_stale = False
        """Whether the document holds what the form does not show."""

    # What a step adds

    def form_specs(self) -> Specs:
        """Return the fields."""
        return self.document.specs(self.step)

    def form_draft(self) -> Draft:
        """Return what the form begins with."""
        return self.document.draft(self.step)

    def typed(self, document: Document, draft: Draft) -> Document:
        """Return the document with fields that were typed."""
        return document.typed(self.step, draft)

    def issues(self, document: Document) -> list[Issue]:
        """Return what is wrong with the fields."""
        return document.check(self.step)

    @property
    def is_judged(self) -> bool:
        """Whether to say at once what is wrong, as one was here before."""
        return False

    # What it is

    @property
    def form(self) -> FillableForm:
        """The form."""
        assert self._form is not None  # noqa: S101 - made before anything asks for it
        return self._form

    def make_form(self) -> FillableForm:
        """Return a new form of what the document holds."""
        draft = self.form_draft()
        secrets = {key: value for key, value in draft.items() if isinstance(value, SecretStr)}
        self._touched, self.is_stale = set(), False
        self._form = FillableForm(
            self.form_specs(),
            {key: value for key, value in draft.items() if key not in secrets},
            check=self._check,
            stored={key: value for key, value in secrets.items() if not is_empty(value)},
            judged=self.is_judged,
        )
        return self._form

    async def renew_form(self) -> None:
        """Put a new form of what the document holds in the place of the present one."""
        box = self.query_one(".profile", Vertical)
        with self.app.batch_update():
            await box.remove_children()
            await box.mount(self.make_form())

    def _check(self, draft: Draft) -> list[Issue]:
        return self.issues(self.typed(self.wizard.base, self._of(draft)))

    def _of(self, draft: Draft) -> dict[str, Value]:
        """Return what a person changed; the rest follows what the route proposes."""
        return {key: value for key, value in draft.items() if key in self._touched}

    def collected(self, document: Document) -> Document:
        if self._form is None or not self._touched:
            return document
        return self.typed(document, self._of(self._form.draft()))

    def forget_typed(self, *, learned: bool) -> None:
        self._touched = set()
        self.is_stale = self.is_stale or learned

    def focus_first(self) -> None:
        self.form.focus_first()

    async def is_right(self) -> bool:
        return await self.form.submit()

    async def tell_issues(self, issues: Iterable[Issue]) -> None:
        await self.form.tell(issues)

    def tell_trouble(self, sentence: str) -> None:
        if self._form is not None and self._form.is_mounted:
            self._form.show_trouble(sentence)

    @on(RecordForm.Changed)
    def _changed(self, event: RecordForm.Changed) -> None:
        event.stop()
        self._touched.add(event.key)
        self.changed(event.key)
        self.wizard.keep_soon()

    def changed(self, key: str) -> None:
        """React to a field that the person changed."""

    @on(events.DescendantFocus)
    def _entered(self) -> None:
        # A field that was left was put right, which no message tells of.
        if self._touched:
            self.wizard.keep_soon()

    @on(RecordForm.Submitted)
    def _submitted(self, event: RecordForm.Submitted) -> None:
        event.stop()
        self.finished()

    def finished(self) -> None:
        """React to Enter in the last field."""
        self.wizard.action_next()
