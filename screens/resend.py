"""Where a kept call goes to once more, as what, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, Static

from screens.base import Dialog, context_of
from screens.widgets.key_bar import KeyBar
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.results import GLYPHS
from smstui.text import clean
from smstui.webhooks.resend import kept_call, resend, signature_note
from smstui.webhooks.vendors.reading import is_form

if TYPE_CHECKING:
    from smstui.store.webhook_records import EventRecord


class ResendDialog(Dialog[str]):
    """Posts a call to another address; answers the address that was typed."""

    CSS_PATH = ["../styles/dialog.tcss", "../styles/resend.tcss"]
    AUTO_FOCUS = "#url"
    BINDINGS = [
        Binding("ctrl+s,f9", "send", N_("Send"), id="resend.send", key_display="Ctrl+S"),
        Binding(
            "down",
            "turn",
            N_("Body"),
            id="resend.turn",
            key_display="↑↓",
            tooltip=N_("The body as it came, or as JSON"),
        ),
        Binding("up", "turn", N_("Body"), show=False, id="resend.turn-back"),
        Binding("escape", "close", N_("Close"), id="resend.close"),
    ]
    area = N_("event")
    help_title = N_("Send on")
    help_text = N_(
        "Posts the call to an address, once: https, or plain http to this machine. Redirects are "
        "not followed. Logins are not kept and do not go along; a signature goes along as it came."
    )

    def __init__(self, record: EventRecord, url: str) -> None:
        """Make the dialog.

        Args:
            record: the event whose call goes out.
            url: the address to begin with.
        """
        super().__init__()
        self._record = record
        self._first_url = url
        self._is_form = is_form(kept_call(record))
        self._as_json = False
        self._is_busy = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Text(_("Send the call on")), classes="dialog-title")
            with Horizontal(classes="labelled"):
                yield Label(Text(_("URL")))
                url = Input(
                    self._first_url,
                    id="url",
                    compact=True,
                    select_on_focus=False,
                    placeholder="https://",
                    max_length=2000,
                )
                url.cursor_blink = False
                yield url
            with Horizontal(classes="labelled"):
                yield Label(Text(_("Body")))
                yield Static(id="body-kind")
            yield Static(id="note")
            yield Static(id="said")
        yield KeyBar()

    def on_mount(self) -> None:
        self._tell()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer JSON where the body is a form."""
        if action == "turn":
            return self._is_form
        return super().check_action(action, parameters)

    def _tell(self) -> None:
        """Say what goes out, and what to know about it."""
        kind = Text(_("as it came"))
        if self._is_form:
            words = (_("as it came"), _("as JSON"))
            kind = Text.assemble(
                *((f"▌{w}▐ " if i == self._as_json else f" {w}  ") for i, w in enumerate(words)),
                ("  ↑↓", "dim"),
            )
        self.query_one("#body-kind", Static).update(kind)
        said = _("It is posted once; redirects are not followed.")
        if self._as_json:
            said += " " + _("A signature is left out: it fits the form only.")
        else:
            said = " ".join(filter(None, (said, signature_note(kept_call(self._record)))))
        self.query_one("#note", Static).update(Text(said))

    def action_turn(self) -> None:
        """Send it as JSON, or as it came."""
        self._as_json = not self._as_json
        self._tell()

    @on(Input.Submitted)
    def action_send(self) -> None:
        """Post the call."""
        url = self.query_one("#url", Input).value.strip()
        if self._is_busy:
            return
        if not url:
            self._say("failed", _("The address is missing."))
            return
        self._send(url)

    @work(exclusive=True, group="resend", exit_on_error=False)
    async def _send(self, url: str) -> None:
        self._is_busy = True
        self._say("pending", _("sending"))
        context = context_of(self)
        client = context.http_client() if context.http_client is not None else None
        try:
            sent = await resend(self._record, url, as_json=self._as_json, client=client)
        except SmstuiError as error:
            self._say("failed", error.message)
        else:
            self._say(sent.result.value, sent.said)
        finally:
            self._is_busy = False
            if client is not None:
                await client.aclose()

    def _say(self, result: str, sentence: str) -> None:
        said = self.query_one("#said", Static)
        said.set_classes({"passed": "success", "failed": "error"}.get(result, ""))
        said.update(Text(f"{GLYPHS[result]} {clean(sentence)}"))

    def action_close(self) -> None:
        """Close."""
        self.dismiss(self.query_one("#url", Input).value.strip())
