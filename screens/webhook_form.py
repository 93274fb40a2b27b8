"""The form for one webhook: new, copied or stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.binding import Binding

from screens.base import context_of
from screens.copying import copy
from screens.record_form import REVEAL_KEY, SUBMIT_KEY, VENDOR, RecordFormPage
from screens.widgets.form import Check, Specs
from smstui.i18n import N_, _
from smstui.providers.fields import Choice, Draft, FieldSpec, Kind, Value, text_of
from smstui.store.webhook_records import WebhookRecord
from smstui.webhooks import fields
from smstui.webhooks.settings import ReceiverSettings
from smstui.webhooks.stored import (
    create,
    credential_names,
    duplicate_draft,
    stored_draft,
    update,
)
from smstui.webhooks.vendors.registry import webhook_vendor, webhook_vendors

if TYPE_CHECKING:
    from screens.shell import ShellScreen
    from smstui.store import Store
    from smstui.store.webhooks import Webhooks

URL = "url"
"""The field that shows the URL; no draft of a webhook has it."""


class WebhookFormPage(RecordFormPage[WebhookRecord]):
    """Creates or changes one webhook; its fields are those of all, and those of its vendor."""

    help_text = N_(
        "Say what is answered to which keyword, and how callers prove themselves. Submit with "
        "Ctrl+S; a new webhook then has a URL to hand over to its provider. Type a keyword and "
        "press Enter or a comma; Backspace takes the last one back, the left arrow walks them."
    )
    new_crumb = N_("New webhook")
    as_new = N_("What you see here can be saved as a new webhook; its URL will be another.")
    not_theirs = frozenset({URL})
    BINDINGS = [
        SUBMIT_KEY,
        Binding(
            "ctrl+t",
            "try_reply",
            N_("Try"),
            id="webhook-form.try",
            key_display="Ctrl+T",
            tooltip=N_("Try what a subscriber would be answered as the form stands"),
        ),
        Binding(
            "ctrl+y",
            "copy_url",
            N_("Copy"),
            id="webhook-form.copy",
            key_display="Ctrl+Y",
            tooltip=N_("Copy the URL that the provider calls"),
        ),
        Binding(
            "ctrl+o",
            "hand_over",
            N_("Hand over"),
            id="webhook-form.hand-over",
            key_display="Ctrl+O",
            tooltip=N_("What to set up at the provider for the webhook as it is stored"),
        ),
        REVEAL_KEY,
    ]

    def __init__(self, address: str, name: str | None = None, copy_of: str | None = None) -> None:
        super().__init__(address, name, copy_of)
        self._names: dict[str, list[str]] = {}
        self._settings = ReceiverSettings()

    async def prepare(self) -> None:
        """Read which credentials there are, and what URLs begin with."""

        def read(store: Store) -> tuple[dict[str, list[str]], ReceiverSettings]:
            vendors = webhook_vendors().items()
            names = {name: credential_names(store, vendor) for name, vendor in vendors}
            return names, ReceiverSettings.load(store)

        self._names, self._settings = await context_of(self).session.call(read)

    def records(self, store: Store) -> Webhooks:
        """Return the repository of webhooks."""
        return store.webhooks

    def vendor_of(self, record: WebhookRecord) -> str:
        """Return the vendor of a stored webhook."""
        return record.vendor

    def first_vendor(self) -> str:
        """Return the first vendor for which there are credentials, else the first one."""
        return next((name for name, found in self._names.items() if found), next(iter(self._names)))

    def draft_of(self, record: WebhookRecord) -> dict[str, Value]:
        """Return a stored webhook as a draft, with its URL."""
        return {**stored_draft(record), URL: self._settings.url_of(record.path)}

    def copy_draft(self, store: Store, record: WebhookRecord) -> dict[str, Value]:
        """Return the draft that a copy of a webhook begins with."""
        return duplicate_draft(store, record)

    def create(self, store: Store, vendor: str, draft: Draft) -> WebhookRecord:
        """Save a new webhook."""
        return create(store, vendor, draft)

    def update(self, store: Store, record: WebhookRecord, draft: Draft) -> WebhookRecord:
        """Save a changed webhook."""
        return update(store, record, draft)

    def specs(self, vendor: str) -> Specs:
        """Return the vendor, the URL of a stored webhook, and its fields."""
        choice = FieldSpec(
            label=N_("Select SMS vendor"),
            kind=Kind.CHOICE,
            help=N_("Who calls the webhook. Fields below are for this vendor."),
            required=True,
            choices=tuple(Choice(name, name) for name in webhook_vendors()),
        )
        url = {URL: FieldSpec(label=N_("Webhook URL"))} if self._record is not None else {}
        adapter = webhook_vendor(vendor)
        own = fields.specs_for(adapter, self._names.get(adapter.vendor, ()))
        return {VENDOR: choice, **url, **own}

    def check(self, vendor: str) -> Check:
        """Return what is said of a draft."""
        adapter = webhook_vendor(vendor)
        names = self._names.get(adapter.vendor, ())
        return lambda draft: fields.check(
            adapter, {k: v for k, v in draft.items() if k not in (VENDOR, URL)}, names
        )

    async def show_form(self, vendor: str, draft: Draft, *, judged: bool = False) -> None:
        await super().show_form(vendor, draft, judged=judged)
        self._tell_remark()

    async def choose_vendor(self, vendor: str) -> None:
        await super().choose_vendor(vendor)
        self._tell_remark()

    def _tell_remark(self) -> None:
        """Say below the vendor what is to be known of it."""
        if self._form is not None:
            remark = webhook_vendor(self._vendor).remark
            self._form.say(VENDOR, _(remark) if remark else "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide the keys for a URL while there is none."""
        if action in ("copy_url", "hand_over"):
            return self._record is not None
        return super().check_action(action, parameters)

    def action_copy_url(self) -> None:
        """Copy the URL of the stored webhook."""
        if self._record is not None:
            copy(self, self._settings.url_of(self._record.path), _("The URL is copied."))

    async def action_hand_over(self) -> None:
        """Show what to do at the provider for the webhook as it is stored."""
        from screens.hand_over import open_hand_over

        if self._record is not None:
            await open_hand_over(self, self._record)

    def action_try_reply(self) -> None:
        """Try what a subscriber would be answered as the form stands."""
        from screens.try_reply import TryReplyDialog

        if self._form is None:
            return
        draft: dict[str, Any] = self.record_draft(self._form)
        if not fields.receives_inbound(draft):
            self.notify(_("It receives feedback alone, no texts."), markup=False)
            return
        name = text_of(draft.get("name")) or _(self.new_crumb)
        self.app.push_screen(TryReplyDialog(name, draft))

    async def after_saving(self, record: WebhookRecord, then: str) -> None:
        """Go back to the list; a URL that is new is shown there."""
        if self._record is not None and self._record.path == record.path:
            await super().after_saving(record, then)
        else:
            self.leave_by(_to_list_and_url(self.shell, self.place, record))


async def _to_list_and_url(shell: ShellScreen, place: str, record: WebhookRecord) -> None:
    from screens.list_page import to_list
    from screens.webhook_url import show_url

    await to_list(shell, place, record.id)
    await show_url(shell, record)
