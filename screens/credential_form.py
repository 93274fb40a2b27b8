"""The form for one credential: new, copied or stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.screen import Screen

from screens.base import context_of
from screens.filling import OFFER_KEY, PRESETS_KEY, PREVIEW_KEY, FillingPage
from screens.places import record_address
from screens.record_form import REVEAL_KEY, SUBMIT_KEY, VENDOR
from screens.widgets.form import Check, Specs
from smstui.credentials import create, duplicate_draft, stored_draft, update
from smstui.environments import sharing, sharing_warning
from smstui.i18n import N_, _
from smstui.providers.fields import Choice, Draft, FieldSpec, Issue, Kind, Severity, Value
from smstui.providers.registry import provider_for, providers
from smstui.store.credentials import Credentials
from smstui.store.records import CredentialRecord

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
    _shared = ""
    """What is to be known of the credential in other environments, empty for nothing."""

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
        """Go on with a credential as it is stored; other environments may use it as well."""

        def read(store: Store) -> str:
            return sharing_warning(sharing(store, record))

        self._shared = await context_of(self).session.call(read)
        await super().show_record(record)

    def _sharing(self, draft: Draft) -> list[Issue]:
        """Return what is to be known of a secret that is in other environments, too."""
        record = self._record
        field = next(iter(record.secrets), "") if record is not None and self._shared else ""
        if record is None or not field or draft.get(field) != record.secrets[field]:
            return []
        return [Issue(field, self._shared, Severity.WARNING)]

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
            *self._sharing(draft),
        ]

    async def action_submit_and_verify(self) -> None:
        """Save and open the verification on top of the form."""
        await self.submit(VERIFY)

    async def after_saving(self, record: CredentialRecord, then: str) -> None:
        """Go back to the list, or open the verification on top of the form."""
        address = record_address(self.place, record.name)
        if then != VERIFY:
            await super().after_saving(record, then)
        elif address == self.address:
            await self.show_record(record)
            self.focus_first()
            self.app.push_screen(_verify_screen(record))
        else:
            self.leave_by(_to_form_and_verify(self.shell, address, record))


async def _to_form_and_verify(shell: ShellScreen, address: str, record: CredentialRecord) -> None:
    await shell.navigate(address, remember=False).wait()
    shell.app.push_screen(_verify_screen(record))


def _verify_screen(record: CredentialRecord) -> Screen[None]:
    from screens.verify import VerifyScreen

    return VerifyScreen(record.id)


def _presets_note(vendor: str) -> str:
    return _("Ctrl+O: presets") if provider_for(vendor).presets() else ""
