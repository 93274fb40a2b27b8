"""SMS Webhooks: the list, and what is told about each webhook."""

from __future__ import annotations

from textual import work
from textual.binding import Binding

from screens.base import context_of
from screens.copying import copy
from screens.list_page import MakeLines
from screens.places import record_address
from screens.promote import promote_key
from screens.receiver import receiver_key
from screens.record_list import RecordListPage, RecordWords, record_keys
from screens.webhook_detail import COLUMN_EVENTS, column_lines, read_detail, strip_lines
from screens.webhook_rows import COLUMNS, NEWEST_FIRST, counted
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.store import Store
from smstui.store.webhook_records import WebhookRecord
from smstui.store.webhooks import Webhooks
from smstui.text import clean
from smstui.webhooks.base import WebhookType
from smstui.webhooks.stored import stored_draft


class WebhookListPage(RecordListPage[WebhookRecord]):
    """All webhooks: what each receives, what came last, what to do at its provider."""

    BINDINGS = record_keys(
        "webhooks",
        Binding(
            "t",
            "try_reply",
            N_("Try"),
            id="webhooks.try",
            tooltip=N_("Try what a subscriber would be answered; nothing is sent"),
        ),
        Binding(
            "o",
            "hand_over",
            N_("Hand over"),
            id="webhooks.hand-over",
            tooltip=N_("What to set up at the provider, with a sample call to copy"),
        ),
        Binding(
            "v",
            "events",
            N_("Events"),
            id="webhooks.events",
            tooltip=N_("What came in by this webhook"),
        ),
        Binding(
            "y",
            "copy_url",
            N_("Copy URL"),
            show=False,
            id="webhooks.copy",
            tooltip=N_("Copy the URL that the provider calls"),
        ),
        receiver_key("webhooks", show=False),
        promote_key("webhooks"),
        new=N_("Create a webhook"),
        edit=N_("Change this webhook"),
        delete=N_("Delete this webhook with its URL and its events; asks first"),
        duplicate=N_("Create a webhook from a copy of this one"),
        filter=N_("Show only webhooks with these words in name, vendor, type or person"),
    )

    help_text = N_(
        "All SMS webhooks: what subscribers text and what becomes of messages comes in by them. "
        "Each has a URL of its own, which its provider has to be told. Keys act on the one the "
        "cursor stands on. Arrows, j and k move it, g and G take it to the first and the last."
    )
    title = N_("SMS Webhooks")
    columns = COLUMNS
    newest_first = NEWEST_FIRST
    kind = RecordWords(
        deletion=N_(
            "Its URL stops working, and its events are removed for good. Consent stays as it is."
        ),
        gone=N_("This webhook was deleted elsewhere meanwhile."),
    )

    def records(self, store: Store) -> Webhooks:
        """Return the repository of webhooks."""
        return store.webhooks

    def none_yet(self) -> str:
        """Return which key makes the first webhook."""
        return _("No webhooks yet. Press n to create the first one.")

    def counted(self, total: int) -> str:
        """Return how many webhooks there are."""
        return counted(total)

    async def read_detail(self, record_id: int) -> MakeLines:
        """Read what is told about a webhook: more of it where there is a column for it."""
        events = COLUMN_EVENTS if self.is_wide else 0
        detail = await context_of(self).session.call(
            lambda store: read_detail(store, record_id, events)
        )
        now = self.now
        return lambda width: (column_lines if self.is_wide else strip_lines)(detail, now, width)

    @work(exclusive=True, group="act")
    async def action_events(self) -> None:
        """Show what came in by the webhook one stands on."""
        record = await self.current()
        if record is not None:
            self.shell.navigate(record_address("events", record.name))

    @work(exclusive=True, group="act")
    async def action_copy_url(self) -> None:
        """Copy the URL of the webhook one stands on."""
        from screens.webhook_url import url_of

        record = await self.current()
        if record is None:
            return
        try:
            copy(self, await url_of(self, record), _("The URL is copied."))
        except SmstuiError as error:
            self.say(error.message)

    @work(exclusive=True, group="act")
    async def action_try_reply(self) -> None:
        """Try what a subscriber would be answered by the webhook one stands on."""
        from screens.try_reply import TryReplyDialog

        record = await self.current()
        if record is None:
            return
        if record.type == WebhookType.FEEDBACK:
            said = _("{name} receives feedback alone, no texts.").format(name=clean(record.name))
            self.say(said)
            return
        try:
            self.app.push_screen(TryReplyDialog(record.name, stored_draft(record)))
        except SmstuiError as error:
            self.say(error.message)

    @work(exclusive=True, group="act")
    async def action_hand_over(self) -> None:
        """Show what to do at the provider of the webhook one stands on."""
        from screens.hand_over import open_hand_over

        record = await self.current()
        if record is not None:
            await open_hand_over(self, record)
