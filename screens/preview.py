"""A message as it would be sent, and what would be found in the answer; nothing is sent."""

from __future__ import annotations

from typing import Any

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Label, Static

from screens.base import Dialog
from screens.verify_words import parts_note
from screens.widgets.editors import BlockEditor, Edited
from screens.widgets.key_bar import KeyBar
from screens.widgets.text_pane import TextPane
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.messaging.parts import count_parts
from smstui.providers.base import InvalidFields, Provider
from smstui.providers.fields import Draft, Severity
from smstui.redact import Redactor
from smstui.text import clean

NUMBER = "+12025550123"
"""A number of nobody's (NANP keeps 555-0100 to 555-0199 for examples)."""
MUTED = "$foreground-muted"
MOST_ANSWER = 200_000
"""Characters of a pasted answer that are looked at."""


class PreviewDialog(Dialog[None]):
    """Shows the request for a number and a message that can be changed, and tries an answer out."""

    CSS_PATH = ["../styles/dialog.tcss", "../styles/preview.tcss"]
    AUTO_FOCUS = "#message"
    BINDINGS = [
        Binding("tab", "app.focus_next", N_("Next"), id="preview.next"),
        Binding("pagedown", "scroll(1)", N_("Page down"), id="preview.down", priority=True),
        Binding("pageup", "scroll(-1)", N_("Page up"), show=False, id="preview.up", priority=True),
        Binding("escape,f3", "close", N_("Close"), id="preview.close"),
    ]
    help_title = N_("Preview")
    help_text = N_(
        "Number and message are examples to change at will. The body is the one that would be sent "
        "with what the form holds now; nothing is sent from here."
    )

    def __init__(self, provider: Provider[Any], draft: Draft) -> None:
        """Make the dialog.

        Args:
            provider: the vendor's.
            draft: what the form holds.
        """
        super().__init__()
        self._provider = provider
        self._draft = draft
        self._redactor = Redactor.of_draft(draft)
        self._tries_out = provider.try_out(draft, "") is not None
        self._trouble = self._found = ""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Text(_("Preview, nothing is sent")), classes="dialog-title")
            yield from _row("number", _("Number"), NUMBER)
            yield from _row("message", _("Message"), _("Your order has left our warehouse."))
            yield Static(id="parts", classes="muted")
            yield Static(id="trouble")
            yield TextPane(id="body")
            if self._tries_out:
                yield Label(Text(_("Paste an answer of your provider here")), id="asked")
                yield BlockEditor("")
                yield Static(id="found")
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#trouble").display = False
        self._show()
        if self._tries_out:
            self._try_out("")

    @on(Input.Changed)
    def _show(self) -> None:
        """Show the request as it is with this number and this message."""
        to = self.query_one("#number", Input).value
        text = self.query_one("#message", Input).value
        self.query_one("#parts", Static).update(Text(parts_note(count_parts(text))), layout=False)
        try:
            request = self._provider.preview(self._draft, to, text)
        except SmstuiError as error:
            self._tell_trouble(_sentences(error))
            return
        self._tell_trouble("")
        shown = self._redactor.request(request)
        kind = next((v for k, v in shown.headers if k.lower() == "content-type"), "")
        head = " · ".join(filter(None, (f"{shown.method} {shown.url}", kind)))
        self.query_one("#body", TextPane).show(
            Content.assemble((head, MUTED), "\n", shown.body or _("(no body)"))
        )

    def _tell_trouble(self, sentences: str) -> None:
        if sentences == self._trouble:
            return
        self._trouble = sentences
        trouble, body = self.query_one("#trouble", Static), self.query_one("#body", TextPane)
        trouble.display = bool(sentences)
        trouble.update(Text(sentences))
        if sentences:
            body.show(Content())

    @on(Edited)
    def _answer_changed(self) -> None:
        self._try_out(self.query_one(BlockEditor).text)

    def _try_out(self, answer: str) -> None:
        """Say what would be found in the answer."""
        found = self._provider.try_out(self._draft, answer[:MOST_ANSWER])
        if found is None:
            return
        sign = ("✓ " if found.value else "✗ ") if answer.strip() else ""
        said = f"{sign}{clean(found.said)}"
        if said != self._found:
            self._found = said
            line = Text(said, "bold" if found.value else "")
            self.query_one("#found", Static).update(line, layout=False)

    @on(Input.Submitted)
    def _next(self) -> None:
        self.focus_next()

    def action_scroll(self, pages: int) -> None:
        """Scroll the body."""
        self.query_one("#body", TextPane).scroll_pages(pages)

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)


def _row(name: str, label: str, value: str) -> ComposeResult:
    typed = Input(value, id=name, compact=True, select_on_focus=False)
    typed.cursor_blink = False
    with Horizontal(classes="labelled"):
        yield Label(Text(label))
        yield typed


def _sentences(error: SmstuiError) -> str:
    """Return why there is nothing to show yet, a sentence on each line."""
    if not isinstance(error, InvalidFields):
        return f"✗ {error.message}"
    errors = (issue for issue in error.issues if issue.severity is Severity.ERROR)
    return "\n".join(f"✗ {issue.message}" for issue in errors)
