"""Step 4 of the RCS wizard: the credential, as the way to the provider proposes it."""

from __future__ import annotations

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical

from screens.confirm import ConfirmDialog
from screens.rcs_step import MESSAGE_KEY, FormPane
from screens.record_form import REVEAL_KEY
from screens.widgets.form import Specs
from screens.widgets.secret_input import reveal
from smstui.i18n import N_, _
from smstui.providers.fields import Choice, Draft, FieldSpec, Kind, text_of
from smstui.rcs.base import Step
from smstui.rcs.document import Document

FALLBACK = "fallback"
"""The field of the form that chooses between RCS alone and RCS with an SMS behind it."""

ALONE, ELSE_SMS = "alone", "sms"


class CredentialPane(FormPane):
    """The fields of the credential's vendor, filled in as far as the registration tells."""

    step = Step.CREDENTIAL
    help_text = N_(
        "An SMS credential does not fit RCS: its payload differs. The fields are filled in from "
        "the registration and follow it; what you type by hand stays. Going on saves the "
        "credential and binds the webhooks to it, both or neither. F3 shows the body as sent."
    )
    BINDINGS = [
        Binding(
            "f3",
            "preview",
            N_("Preview"),
            id="rcs-credential.preview",
            tooltip=N_("Show the body of a message as it would be sent; nothing is sent"),
        ),
        MESSAGE_KEY,
        Binding(
            "ctrl+o",
            "as_proposed",
            N_("As proposed"),
            id="rcs-credential.as-proposed",
            key_display="Ctrl+O",
            show=False,
            tooltip=N_("Fill all fields in from the registration again; secrets stay"),
        ),
        REVEAL_KEY,
    ]

    def compose(self) -> ComposeResult:
        with Vertical(classes="profile"):
            yield self.make_form()

    def on_mount(self) -> None:
        self._tell_edited()

    @property
    def is_judged(self) -> bool:
        return True

    def form_specs(self) -> Specs:
        document = self.wizard.base
        own = document.specs(self.step)
        if not document.route.has_fallback_choice:
            return own
        choice = FieldSpec(
            label=N_("Without RCS"),
            kind=Kind.CHOICE,
            required=True,
            help=N_("What happens where the handset has no RCS. It changes the payload below."),
            choices=(
                Choice(ALONE, N_("nothing is sent: RCS alone")),
                Choice(ELSE_SMS, N_("an SMS goes out instead")),
            ),
        )
        return {FALLBACK: choice, **own}

    def form_draft(self) -> Draft:
        document = self.wizard.base
        choice = ELSE_SMS if document.with_fallback else ALONE
        return {FALLBACK: choice, **document.draft(self.step)}

    def typed(self, document: Document, draft: Draft) -> Document:
        own = {name: value for name, value in draft.items() if name != FALLBACK}
        if FALLBACK in draft:
            document = document.falling_back(text_of(draft[FALLBACK]) == ELSE_SMS)
        return document.typed(self.step, own)

    def changed(self, key: str) -> None:
        if key == FALLBACK:
            self._fill_anew(FALLBACK)

    @work(exclusive=True, group="fill", exit_on_error=False)
    async def _fill_anew(self, focus: str) -> None:
        """Show the fields as they are proposed now."""
        await self.remake(focus)

    async def remake(self, focus: str) -> None:
        """Make the form anew of what the document holds.

        Args:
            focus: the field to go to.
        """
        self.wizard.change(self.document)
        await self.renew_form()
        self._tell_edited()
        self.form.focus_field(focus)

    def _tell_edited(self) -> None:
        """Say which fields no longer follow the registration, and what changes that."""
        document = self.wizard.base
        specs = document.specs(self.step)
        edited = [_(specs[name].label) for name in document.edited if name in specs]
        if edited:
            said = _("Typed by hand, so it no longer follows: {fields}. Ctrl+O takes the proposal.")
            self.form.say("name", said.format(fields=", ".join(edited)))

    @work(exclusive=True, group="fill", exit_on_error=False)
    async def action_as_proposed(self) -> None:
        """Fill all fields in from the registration again, once that was confirmed."""
        document = self.document
        if not document.edited:
            self.notify(_("All fields are as proposed."), markup=False)
            return
        dialog = ConfirmDialog(
            _("Take the proposal?"),
            _("What you typed by hand at this step is dropped; secrets stay."),
            confirm=_("Take it"),
            cancel=_("Keep"),
        )
        if await self.app.push_screen_wait(dialog):
            self.wizard.change(self.document.as_proposed())
            await self.remake("name")

    def action_preview(self) -> None:
        """Show the body of a message with what the form holds now."""
        from screens.preview import PreviewDialog

        document = self.document
        self.app.push_screen(PreviewDialog(document.provider, document.draft(self.step)))

    def action_message(self) -> None:
        """Show a message as a phone would."""
        self.wizard.show_message()

    def action_reveal(self) -> None:
        """Show the secret that is being typed."""
        reveal(self)
