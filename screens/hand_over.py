"""The hand-over sheet: what to do at the provider, and a call that proves the way works."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum

from pydantic import SecretStr
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.base import Dialog, context_of
from screens.copying import copy
from screens.widgets.key_bar import KeyBar
from screens.widgets.tab_strip import TabStrip
from screens.widgets.text_pane import TextPane
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.providers.base import Request, mask
from smstui.providers.fields import Draft
from smstui.redact import Redactor
from smstui.store import Store
from smstui.store.webhook_records import WebhookRecord
from smstui.text import clean
from smstui.webhooks.base import Webhook, WebhookType
from smstui.webhooks.settings import PREFIX, ReceiverSettings, local_url
from smstui.webhooks.stored import load
from smstui.webhooks.vendors.registry import webhook_vendor

MUTED = "$foreground-muted"
MOST_KEYS = 9
"""Settings that have a digit to be copied by."""


class Sheet(StrEnum):
    """What the pane shows."""

    STEPS = "steps"
    SAMPLE = "sample"
    CURL = "curl"


SHEET_WORDS = {
    Sheet.STEPS.value: N_("What to do"),
    Sheet.SAMPLE.value: N_("Sample call"),
    Sheet.CURL.value: N_("Try it: curl"),
}


async def open_hand_over(widget: Widget, record: WebhookRecord) -> None:
    """Open the sheet of a stored webhook; says so when it cannot be read."""

    def read(store: Store) -> tuple[Webhook, ReceiverSettings]:
        return load(store, record), ReceiverSettings.load(store)

    try:
        webhook, settings = await context_of(widget).session.call(read)
        dialog = HandOverDialog(record, webhook, settings)
    except SmstuiError as error:
        widget.notify(error.message, markup=False)
    else:
        widget.app.push_screen(dialog)


class HandOverDialog(Dialog[None]):
    """Shows steps and settings, each to copy by a digit; a sample; a command that sends it."""

    CSS_PATH = [
        "../styles/dialog.tcss",
        "../styles/inspector.tcss",
        "../styles/hand_over.tcss",
    ]
    AUTO_FOCUS = "TabStrip"
    BINDINGS = [
        Binding("y", "copy", N_("Copy"), id="hand-over.copy", tooltip=N_("Copy what is shown")),
        Binding("1", "copy_setting(1)", N_("Copy URL"), id="hand-over.setting-1"),
        *(
            Binding(
                str(number),
                f"copy_setting({number})",
                N_("Copy a setting"),
                show=False,
                id=f"hand-over.setting-{number}",
            )
            for number in range(2, MOST_KEYS + 1)
        ),
        Binding("f8", "view(1)", N_("Next view"), id="hand-over.next", tooltip=N_("The next view")),
        Binding("f7", "view(-1)", N_("Previous view"), show=False, id="hand-over.previous"),
        Binding(
            "i",
            "turn_type",
            N_("Inbound or feedback"),
            id="hand-over.type",
            tooltip=N_("Which call the sample shows: a text, or what became of a message"),
        ),
        Binding(
            "l",
            "turn_target",
            N_("Local or public"),
            id="hand-over.target",
            tooltip=N_("Where the command sends the sample: to this machine, or the public URL"),
        ),
        Binding("pagedown", "scroll(1)", N_("Page down"), show=False, id="hand-over.down"),
        Binding("pageup", "scroll(-1)", N_("Page up"), show=False, id="hand-over.up"),
        Binding("escape", "close", N_("Close"), id="hand-over.close"),
    ]
    help_title = N_("Hand over")
    help_text = N_(
        "What to set up at the provider so that it calls the webhook. The sample is signed as the "
        "provider would; the command sends it, and the event then appears. In a script: smstui "
        "webhooks hand-over."
    )

    def __init__(self, record: WebhookRecord, webhook: Webhook, settings: ReceiverSettings) -> None:
        """Make the dialog.

        Args:
            record: the webhook as it is stored.
            webhook: the same as its vendor sees it.
            settings: where webhooks are received.

        Raises:
            SmstuiError: its vendor is not known.
        """
        super().__init__()
        self._record = record
        self._webhook = webhook
        self._settings = settings
        self._vendor = webhook_vendor(record.vendor)
        self._url = settings.url_of(record.path)
        self._hand_over = self._vendor.hand_over(webhook, self._url)
        is_feedback = webhook.type is WebhookType.FEEDBACK
        self._type = WebhookType.FEEDBACK if is_feedback else WebhookType.INBOUND
        self._is_local = True
        known = webhook.credential.draft() if webhook.credential is not None else {}
        known = {**known, **webhook.draft}
        self._redactor = Redactor.of_draft(known)
        self._copyable = _copyable(self._hand_over.settings, known)

    def compose(self) -> ComposeResult:
        title = _("Hand over · {name} · {vendor}").format(
            name=clean(self._record.name), vendor=self._record.vendor
        )
        with Vertical(classes="dialog"):
            yield Static(Text(title, no_wrap=True, overflow="ellipsis"), classes="dialog-title")
            yield TabStrip(SHEET_WORDS)
            yield TextPane(id="pane")
        yield KeyBar()

    def on_mount(self) -> None:
        self._show()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    @property
    def _sheet(self) -> Sheet:
        return Sheet(self.query_one(TabStrip).chosen)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what there is a choice of, where it is seen."""
        if not self.is_mounted:
            return True
        match action:
            case "turn_type":
                return self._sheet is not Sheet.STEPS and self._webhook.type is WebhookType.BOTH
            case "turn_target":
                return self._sheet is Sheet.CURL and bool(self._settings.public_url)
            case "copy":
                return self._sheet is not Sheet.STEPS
            case "copy_setting":
                return self._sheet is Sheet.STEPS
        return super().check_action(action, parameters)

    # What is shown

    def _show(self) -> None:
        pane = self.query_one("#pane", TextPane)
        width = max(pane.content_size.width - 2, 20)
        match self._sheet:
            case Sheet.STEPS:
                lines = self._steps(width)
            case Sheet.SAMPLE:
                lines = self._sample(width)
            case _:
                lines = self._curl(width)
        pane.show(Content("\n").join(lines))

    def _steps(self, width: int) -> Iterator[Content]:
        for number, step in enumerate(self._hand_over.steps, start=1):
            yield from _hanging(f"{number}. ", step, width)
        yield Content()
        column = max(len(label) for label, _value in self._hand_over.settings) + 2
        for setting in self._hand_over.settings:
            label, value = setting
            digit = str(self._copyable.index(setting) + 1) if setting in self._copyable else ""
            key = f"{digit:<3}"
            lines = _wrapped(value, width - column - len(key)) or ["–"]
            yield Content.assemble((key, "bold $primary"), (label.ljust(column), MUTED), lines[0])
            yield from (Content(" " * (column + len(key)) + line) for line in lines[1:])
        if self._hand_over.adobe:
            yield Content()
            yield from (
                Content.styled(line, MUTED) for line in _wrapped(self._hand_over.adobe, width)
            )

    def _sample(self, width: int) -> Iterator[Content]:
        shown = self._redactor.request(self._request(self._url))
        yield from _lines(self._about_sample(), width, MUTED)
        yield Content()
        yield Content.styled(f"{shown.method} {shown.url}", "bold")
        for name, value in shown.headers:
            yield Content.assemble((f"{name}: ", MUTED), value)
        yield Content()
        yield Content(shown.body)

    def _curl(self, width: int) -> Iterator[Content]:
        said = self._about_sample()
        if not self._is_local:
            said += " " + _("It goes through the public URL, as the provider's calls do.")
        said += " " + _("The receiver has to be on; it answers, and the event appears.")
        yield from _lines(said, width, MUTED)
        yield Content()
        yield Content(self._command())

    def _about_sample(self) -> str:
        if self._type is WebhookType.FEEDBACK:
            return _("A delivery report as the provider sends it.")
        return _("A text STOP as the provider sends it: it opts the sample's number out.")

    def _request(self, target: str) -> Request:
        """Return the sample for where it goes; the signature is that for the URL handed over."""
        now = context_of(self).clock()
        call = self._vendor.sample(self._webhook, self._url, self._type, now)
        request = Request(call.method, call.url, call.headers, call.body)
        return replace(request, url=request.url.replace(self._url, target, 1))

    def _command(self) -> str:
        target = self._url
        if self._is_local:
            settings = self._settings
            target = f"{local_url(settings.host, settings.port)}{PREFIX}{self._record.path}"
        return self._redactor.curl(self._request(target))

    # What the keys do

    def action_copy(self) -> None:
        """Copy the sample, or the command."""
        if self._sheet is Sheet.CURL:
            copy(self, self._command(), _("The command is copied."))
        else:
            body = self._request(self._url).body.decode("utf-8", "replace")
            copy(self, self._redactor.text(body, keep="\n\t"), _("Its body is copied."))

    def action_copy_setting(self, number: int) -> None:
        """Copy one of the settings."""
        if number <= len(self._copyable):
            label, value = self._copyable[number - 1]
            copy(self, value, _("{label} is copied.").format(label=label))

    @on(TabStrip.Turned)
    def _turn(self, event: TabStrip.Turned) -> None:
        event.stop()
        self.action_view(event.step)

    @on(TabStrip.Scrolled)
    def _scroll(self, event: TabStrip.Scrolled) -> None:
        event.stop()
        self.query_one("#pane", TextPane).scroll_lines(event.lines)

    def action_view(self, step: int) -> None:
        """Show the next or the previous view; past the last comes the first."""
        sheets = list(Sheet)
        chosen = sheets[(sheets.index(self._sheet) + step) % len(sheets)]
        self.query_one(TabStrip).chosen = chosen.value
        self._show()
        self.query_one("#pane", TextPane).scroll_top()
        self.refresh_bindings()

    def action_turn_type(self) -> None:
        """Show the other kind of call."""
        is_feedback = self._type is WebhookType.FEEDBACK
        self._type = WebhookType.INBOUND if is_feedback else WebhookType.FEEDBACK
        self._show()

    def action_turn_target(self) -> None:
        """Send the sample elsewhere."""
        self._is_local = not self._is_local
        self._show()

    def action_scroll(self, pages: int) -> None:
        """Scroll by pages."""
        self.query_one("#pane", TextPane).scroll_pages(pages)

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)


def _copyable(settings: Sequence[tuple[str, str]], draft: Draft) -> list[tuple[str, str]]:
    """Return the settings that are worth copying: not the mask of a secret, nor that one lacks."""
    masks = {mask(value) for value in draft.values() if isinstance(value, SecretStr)}
    told = masks | {_("set"), _("not set")}
    return [setting for setting in settings if setting[1] not in told][:MOST_KEYS]


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(clean(text), max(width, 10), break_on_hyphens=False)


def _lines(text: str, width: int, style: str) -> Iterator[Content]:
    return (Content.styled(line, style) for line in _wrapped(text, width))


def _hanging(sign: str, text: str, width: int) -> Iterator[Content]:
    lead = sign
    for line in _wrapped(text, width - len(sign)):
        yield Content.assemble((lead, MUTED), line)
        lead = " " * len(sign)
