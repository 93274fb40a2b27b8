"""The URL of a webhook, whole: to copy by key, or to select by hand over SSH."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from screens.base import Dialog, context_of
from screens.copying import copy
from screens.widgets.key_bar import KeyBar
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.store import Store
from smstui.store.webhook_records import WebhookRecord
from smstui.text import clean
from smstui.webhooks.settings import ReceiverSettings


async def url_of(widget: Widget, record: WebhookRecord) -> str:
    """Return the URL that a webhook's provider calls.

    Raises:
        SmstuiError: the store cannot be read.
    """
    return (await _settings(widget)).url_of(record.path)


async def show_url(widget: Widget, record: WebhookRecord) -> None:
    """Show the URL of a webhook that was just made; says so when it cannot be read."""
    try:
        settings = await _settings(widget)
    except SmstuiError as error:
        widget.notify(error.message, markup=False)
        return
    url = settings.url_of(record.path)
    dialog = WebhookUrlDialog(record, url, is_public=bool(settings.public_url))
    widget.app.push_screen(dialog)


async def _settings(widget: Widget) -> ReceiverSettings:
    def load(store: Store) -> ReceiverSettings:
        return ReceiverSettings.load(store)

    return await context_of(widget).session.call(load)


class WebhookUrlDialog(Dialog[None]):
    """Shows the URL that the provider has to be told."""

    CSS_PATH = ["../styles/dialog.tcss", "../styles/webhook_url.tcss"]
    AUTO_FOCUS = None
    BINDINGS = [
        Binding("y", "copy", N_("Copy"), id="url.copy", tooltip=N_("Copy the URL")),
        Binding(
            "o",
            "hand_over",
            N_("Hand over"),
            id="url.hand-over",
            tooltip=N_("What to do with it at the provider"),
        ),
        Binding("escape,enter", "close", N_("Close"), id="url.close"),
    ]
    help_title = N_("Webhook URL")
    help_text = N_(
        "The provider calls this URL. Nobody guesses it, so keep it to yourself and to the "
        "provider. It stays the same when the webhook is changed."
    )

    def __init__(self, record: WebhookRecord, url: str, *, is_public: bool) -> None:
        """Make the dialog.

        Args:
            record: the webhook.
            url: its URL.
            is_public: whether providers reach it, as far as the settings tell.
        """
        super().__init__()
        self._record = record
        self._url = url
        self._is_public = is_public

    def compose(self) -> ComposeResult:
        title = _("Webhook URL of {name}").format(name=clean(self._record.name))
        with Vertical(classes="dialog"):
            yield Static(Text(title), classes="dialog-title")
            yield Static(Text(clean(self._url), overflow="fold"), id="url")
            said = _("{vendor} has to be told this URL; o shows where.").format(
                vendor=self._record.vendor
            )
            yield Static(Text(said), classes="dialog-text")
            if not self._is_public:
                yield Static(
                    Text(
                        _(
                            "! Only this machine reaches it so far. Set a public URL for the "
                            "receiver before you hand it over: the URL changes with it."
                        )
                    ),
                    classes="warning",
                )
        yield KeyBar()

    def action_copy(self) -> None:
        """Copy the URL."""
        copy(self, self._url, _("The URL is copied."))

    async def action_hand_over(self) -> None:
        """Go on to what to do at the provider."""
        from screens.hand_over import open_hand_over

        self.dismiss(None)
        self.app.run_worker(open_hand_over(self.app.screen, self._record))

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)
