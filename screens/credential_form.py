"""The form for one credential: new, copied or stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import work
from textual.binding import Binding
from textual.screen import Screen

from screens.base import context_of
from screens.filling import OFFER_KEY, PRESETS_KEY, PREVIEW_KEY, FillingPage
from screens.places import record_address
from screens.record_form import REVEAL_KEY, SUBMIT_KEY, VENDOR
from screens.widgets.form import Check, Specs
from smstui.credentials import create, duplicate_draft, stored_draft, update
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.providers.fields import Choice, Draft, FieldSpec, Issue, Kind, Value
from smstui.providers.registry import provider_for, providers
from smstui.store.credentials import Credentials
from smstui.store.records import CredentialRecord
from smstui.twins import secret_issues

if TYPE_CHECKING:
    from screens.shell import ShellScreen
    from smstui.store import Store

VERIFY = "verify"


class CredentialFormPage(FillingPage):
    """Creates or changes one credential; the fields come from the model of its vendor."""

    help_text = N_(
        "Fill in what the vendor gave you and submit with Ctrl+S. A field is checked as you leave "
        "it. A stored secret is never shown again: leave its field empty to keep it. A curl "
        "command or an id that is pasted into any field fills the ones it fits, when you say so."
    )
    new_crumb = N_("New credential")
    _known: Sequence[Issue] = ()
    """What is to be known of its stored secrets: which are elsewhere, too."""

    as_new = N_("What you see here can be saved as a new credential.")
    BINDINGS = [
        SUBMIT_KEY,
        PRESETS_KEY,
        REVEAL_KEY,
        Binding(
            "ctrl+t",
            "submit_and_verify",
            N_("Verify"),
            id="credential-form.verify",
            key_display="Ctrl+T",
            tooltip=N_("Save, then verify the connection"),
        ),
        PREVIEW_KEY,
        OFFER_KEY,
        Binding(
            "f8",
            "rotate",
            N_("Rotate"),
            id="credential-form.rotate",
            key_display="F8",
            show=False,
            tooltip=N_("Stage a second secret, verify it, promote it; for all of an account"),
        ),
    ]

    def records(self, store: Store) -> Credentials:
        """Return the repository of credentials."""
        return store.credentials

    def vendor_of(self, record: CredentialRecord) -> str:
        """Return the vendor of a stored credential."""
        return record.vendor

    def first_vendor(self) -> str:
        """Return the first of all vendors."""
        return next(iter(providers()))

    def draft_of(self, record: CredentialRecord) -> dict[str, Value]:
        """Return a stored credential as a draft."""
        return stored_draft(record)

    def copy_draft(self, store: Store, record: CredentialRecord) -> dict[str, Value]:
        """Return the draft that a copy of a credential begins with."""
        return duplicate_draft(store, record)

    def create(self, store: Store, vendor: str, draft: Draft) -> CredentialRecord:
        """Save a new credential."""
        return create(store, vendor, draft)

    def update(self, store: Store, record: CredentialRecord, draft: Draft) -> CredentialRecord:
        """Save a changed credential."""
        return update(store, record, draft)

    async def show_record(self, record: CredentialRecord) -> None:
        """Go on with a credential as it is stored; others may hold its secrets as well."""
        self._known = await context_of(self).session.call(
            lambda store: secret_issues(store, record)
        )
        await super().show_record(record)

    def _still_known(self, draft: Draft) -> list[Issue]:
        """Return what is to be known of the stored secrets that are as they were."""
        stored = self._record.secrets if self._record is not None else {}
        return [issue for issue in self._known if draft.get(issue.field) == stored.get(issue.field)]

    def specs(self, vendor: str) -> Specs:
        """Return the vendor and the fields of its model."""
        names = tuple(Choice(name, name) for name in providers())
        choice = FieldSpec(
            label=N_("SMS vendor"),
            kind=Kind.CHOICE,
            help=N_("Who carries the messages. The fields below are this vendor's."),
            required=True,
            choices=names,
            note=_presets_note,
        )
        return {VENDOR: choice, **provider_for(vendor).model.specs()}

    def check(self, vendor: str) -> Check:
        """Return what the vendor says of a draft."""
        provider = provider_for(vendor)
        return lambda draft: [
            *provider.check({k: v for k, v in draft.items() if k != VENDOR}),
            *self._still_known(draft),
        ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to rotate the secrets of a stored credential."""
        if action == "rotate":
            return self.record_id is not None
        return super().check_action(action, parameters)

    def action_rotate(self) -> None:
        """Open the rotation of a secret; not while something typed here is not saved."""
        from screens.rotate import RotateScreen

        if self.is_dirty:
            self.notify(_("Save what you typed here first, or leave it."), markup=False)
        elif self.record_id is not None:
            self.app.push_screen(RotateScreen(self.record_id), self._rotated)

    @work(exclusive=True, group="rotated", exit_on_error=False)
    async def _read_again(self, record_id: int) -> None:
        try:
            record = await context_of(self).session.call(
                lambda store: store.credentials.get(record_id)
            )
        except SmstuiError as error:
            self.notify(error.message, markup=False)
            return
        await self.show_record(record)
        self.focus_first()

    def _rotated(self, _result: None) -> None:
        if self.record_id is not None:
            self._read_again(self.record_id)

    async def action_submit_and_verify(self) -> None:
        """Save and open the verification on top of the form."""
        await self.submit(VERIFY)

    async def after_saving(self, record: CredentialRecord, then: str) -> None:
        """Go back to the list, or open the verification on top of the form."""
        await self._tell_twins(record)
        address = record_address(self.place, record.name)
        if then != VERIFY:
            await super().after_saving(record, then)
        elif address == self.address:
            await self.show_record(record)
            self.focus_first()
            self.app.push_screen(_verify_screen(record))
        else:
            self.leave_by(_to_form_and_verify(self.shell, address, record))

    async def _tell_twins(self, record: CredentialRecord) -> None:
        """Tell of secrets that turned out to be stored elsewhere, too, when they were saved."""
        issues = await context_of(self).session.call(lambda store: secret_issues(store, record))
        for issue in issues:
            if issue not in self._known:
                self.notify(issue.message, severity="warning", markup=False)


async def _to_form_and_verify(shell: ShellScreen, address: str, record: CredentialRecord) -> None:
    await shell.navigate(address, remember=False).wait()
    shell.app.push_screen(_verify_screen(record))


def _verify_screen(record: CredentialRecord) -> Screen[None]:
    from screens.verify import VerifyScreen

    return VerifyScreen(record.id)


def _presets_note(vendor: str) -> str:
    return _("Ctrl+O: presets") if provider_for(vendor).presets() else ""
