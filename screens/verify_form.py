"""What to verify with: number, message and depth, and what is to be said of them beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import DescendantBlur
from textual.message import Message
from textual.widgets import Button, Input, Label, Static

from screens.verify_words import DEPTH_NOTES, encoding_warning, parts_note, recipient_note
from screens.widgets.depth_choice import DepthChoice
from smstui.i18n import _
from smstui.messaging.numbers import Number, parse_number, tidy_number
from smstui.messaging.parts import count_parts
from smstui.providers.base import Credential, Provider
from smstui.providers.fields import Issue, Severity
from smstui.results import GLYPHS
from smstui.text import clean

_INPUTS = {"to": "number-input", "text": "message-input"}
"""The fields of a message, as providers name them in issues, and where they are typed."""


class VerifyForm(Vertical):
    """Number, message, depth and the button; Enter goes on, and only on the button it verifies."""

    @dataclass
    class Submitted(Message):
        """The button was pressed."""

        form: VerifyForm

        @property
        def control(self) -> VerifyForm:
            """The form whose button it was."""
            return self.form

    def __init__(self) -> None:
        super().__init__()
        self._provider: Provider[Any] | None = None
        self._credential: Credential | None = None
        self._wrong: set[str] = set()
        self._offered = ""

    def compose(self) -> ComposeResult:
        yield from self._field("number", _("Number"), _("with country code: +39…"))
        yield from self._field("message", _("Message"), "")
        with Horizontal(classes="row"):
            yield Label(Text(_("Depth")), classes="label")
            yield DepthChoice()
            yield Static(id="depth-note", classes="note")
        with Horizontal(classes="row"):
            yield Label("", classes="label")
            yield Button(
                Text(_("Verify connection")), id="verify-button", compact=True, variant="primary"
            )
            yield Static(id="recipient-note", classes="note")

    def _field(self, name: str, label: str, placeholder: str) -> ComposeResult:
        typed = Input(
            id=f"{name}-input", placeholder=placeholder, compact=True, select_on_focus=False
        )
        typed.cursor_blink = False
        with Horizontal(classes="row"):
            yield Label(Text(label), classes="label")
            yield typed
            yield Static(id=f"{name}-note", classes="note")
        yield Static(id=f"{name}-issue", classes="issue")

    def on_mount(self) -> None:
        self._tell()

    @property
    def number(self) -> str:
        """The number as providers take it: ``+393331234567``."""
        return tidy_number(self.query_one("#number-input", Input).value)

    @property
    def text(self) -> str:
        """The message."""
        return self.query_one("#message-input", Input).value

    @property
    def depth(self) -> str:
        """How far to go: a value of `smstui.verify.Depth`."""
        return self.query_one(DepthChoice).depth

    def load(self, provider: Provider[Any], credential: Credential) -> None:
        """Judge numbers and messages by this credential from now on."""
        self._provider, self._credential = provider, credential

    def offer(self, number: str, text: str) -> None:
        """Fill the fields in which nobody typed: the number once, the text with the next one."""
        is_first, fresh = not self._offered, self.text in ("", self._offered)
        self._offered = text
        if is_first and not self.number:
            self.fill(number=number)
        if fresh:
            self.fill(text=text)

    def fill(self, *, number: str | None = None, text: str | None = None) -> None:
        """Put values into the fields, and what is to be said of them beside."""
        with self.prevent(Input.Changed):
            if number is not None:
                self.query_one("#number-input", Input).value = _shown_number(number)
            if text is not None:
                self.query_one("#message-input", Input).value = clean(text)
        self._tell()

    def judge(self) -> bool:
        """Show what is wrong with the fields, focus the first error; True when there is none."""
        errors = [i.field for i in self._issues() if i.severity is Severity.ERROR]
        for field in _INPUTS:
            self._show_issues(field)
        if errors:
            self.query_one(f"#{_INPUTS[errors[0]]}").focus()
        return not errors

    @on(Input.Submitted)
    @on(DepthChoice.Settled)
    def go_on(self, event: Message) -> None:
        """Go to the next field."""
        event.stop()
        self.screen.focus_next()

    @on(Button.Pressed)
    def submit(self, event: Button.Pressed) -> None:
        """Tell that the button was pressed."""
        event.stop()
        self.post_message(self.Submitted(self))

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Follow what is typed; a field that was wrong is judged on every change."""
        event.stop()
        field = "to" if event.input.id == "number-input" else "text"
        self._tell(field)
        if field in self._wrong or field == "text":
            self._show_issues(field, judged=field in self._wrong)

    @on(DepthChoice.Changed)
    def follow_depth(self, event: DepthChoice.Changed) -> None:
        """Say what the chosen depth does; fields that were wrong are judged anew."""
        event.stop()
        self._tell()
        for field in tuple(self._wrong):
            self._show_issues(field)

    @on(DescendantBlur)
    def judge_left_field(self, event: DescendantBlur) -> None:
        """Judge a field as one leaves it; a good number is written the way people read it."""
        if event.widget.id == "number-input":
            value = self.query_one("#number-input", Input).value
            if value.strip():
                self.fill(number=value)
                self._show_issues("to")
        elif event.widget.id == "message-input":
            self._show_issues("text")

    def _tell(self, field: str = "") -> None:
        """Write the remarks beside the fields."""
        number = parse_number(self.number) if self.number else None
        known = number if isinstance(number, Number) else None
        if field != "text":
            self._note("number-note", known.note if known else "")
        if field != "to":
            self._note("message-note", parts_note(count_parts(self.text)))
        if not field:
            self._note("depth-note", _(DEPTH_NOTES[self.depth]))
        shown = known.shown if known else self.number
        self._note("recipient-note", recipient_note(self.depth, shown, self.text))

    def _note(self, widget_id: str, text: str) -> None:
        note = self.query_one(f"#{widget_id}", Static)
        if str(note.content) != text:
            note.update(Text(clean(text)), layout=widget_id in ("depth-note", "recipient-note"))

    def _issues(self) -> list[Issue]:
        """Return what is wrong with number and message; they matter for sending only.

        What is wrong with the credential itself is told by the first stage of the run.
        """
        if self._provider is None or self._credential is None or self.depth != "send":
            return []
        issues = self._provider.check_message(self._credential, self.number, self.text)
        return [issue for issue in issues if issue.field in _INPUTS]

    def _show_issues(self, field: str, *, judged: bool = True) -> None:
        """Write what is wrong under its field; what forces UCS-2 is told while one types."""
        issues = [i for i in self._issues() if i.field == field] if judged else []
        is_error = any(issue.severity is Severity.ERROR for issue in issues)
        if judged:
            (self._wrong.add if issues else self._wrong.discard)(field)
        lines = [
            f"{GLYPHS['failed' if i.severity is Severity.ERROR else 'warned']} {i.message}"
            for i in issues
        ]
        costly = encoding_warning(count_parts(self.text)) if field == "text" else ""
        if costly:
            lines.append(f"{GLYPHS['warned']} {costly}")
        shown = self.query_one("#" + _INPUTS[field].replace("input", "issue"), Static)
        told = "\n".join(lines)
        if str(shown.content) != told:
            shown.update(Text(clean(told, keep="\n")))
        shown.set_class(is_error, "-error")
        shown.set_class(bool(told), "-told")


def _shown_number(text: str) -> str:
    """Return a number the way people read it; what is no number stays as it is, made safe."""
    number = parse_number(text)
    return number.shown if isinstance(number, Number) else clean(text)
