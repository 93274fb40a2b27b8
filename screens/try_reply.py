"""Try a reply: what a subscriber would be answered, while one types; nothing is sent or kept."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, Static

from screens.base import Dialog
from screens.widgets.cells import Cell
from screens.widgets.detail_lines import DetailLines, Line
from screens.widgets.key_bar import KeyBar
from smstui.i18n import N_, _
from smstui.providers.fields import Draft
from smstui.text import clean
from smstui.webhooks.consent import STATE_WORDS, ConsentState
from smstui.webhooks.keywords import LABELS, Category
from smstui.webhooks.replies import parts_note
from smstui.webhooks.trial import Trial, try_reply

STATES = (None, *ConsentState)
"""Where a subscriber may stand before the text, in the order of the keys; None: nothing known."""
MOST_REPLY_LINES = 5
LABEL = 15
"""Cells of the labels; what follows stands below what is typed."""


class TryReplyDialog(Dialog[None]):
    """Takes a text as a subscriber would send it, and tells at once what becomes of it."""

    CSS_PATH = [
        "../styles/dialog.tcss",
        "../styles/record_table.tcss",
        "../styles/try_reply.tcss",
    ]
    AUTO_FOCUS = "#text"
    BINDINGS = [
        Binding(
            "enter",
            "go_on",
            N_("Next text"),
            id="try.go-on",
            tooltip=N_("Type a further text of the same subscriber: consent goes on from here"),
            priority=True,
        ),
        Binding(
            "down",
            "turn(1)",
            N_("Consent"),
            id="try.consent",
            key_display="↑↓",
            tooltip=N_("Where the subscriber stands before the text"),
            priority=True,
        ),
        Binding("up", "turn(-1)", N_("Consent"), show=False, id="try.consent-back", priority=True),
        Binding("escape", "close", N_("Close"), id="try.close"),
    ]
    help_title = N_("Try a reply")
    help_text = N_(
        "Type a text as a subscriber would. The receiver asks the same function, so this is what "
        "a real text would do. Nothing is sent, and no consent is kept."
    )

    def __init__(self, name: str, draft: Draft) -> None:
        """Make the dialog.

        Args:
            name: of the webhook.
            draft: its fields, stored or as a form has them.
        """
        super().__init__()
        self._of = name
        self._draft = draft
        self._before: ConsentState | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            with Horizontal(id="try-title"):
                title = _("Try a reply · {name}").format(name=clean(self._of))
                yield Static(Text(title, no_wrap=True, overflow="ellipsis"), id="try-name")
                yield Static(Text(_("nothing is sent")), id="try-harmless")
            typed = Input(
                placeholder=_("as a subscriber would: STOP"),
                id="text",
                compact=True,
                select_on_focus=False,
                max_length=1600,
            )
            typed.cursor_blink = False
            with Horizontal(classes="labelled"):
                yield Label(Text(_("Text")))
                yield typed
            yield DetailLines()
        yield KeyBar()

    def on_mount(self) -> None:
        self._tell()

    @on(Input.Changed)
    def _tell(self) -> None:
        """Tell what becomes of the text as it stands."""
        text, before = self.query_one("#text", Input).value, self._before
        trial = try_reply(self._draft, text, before) if text.strip() else None
        self.query_one(DetailLines).show(lambda width: list(trial_lines(trial, before, width)))

    def action_turn(self, step: int) -> None:
        """Let the subscriber stand elsewhere before the text."""
        self._before = STATES[(STATES.index(self._before) + step) % len(STATES)]
        self._tell()

    def action_go_on(self) -> None:
        """Clear the text; consent is what it led to."""
        typed = self.query_one("#text", Input)
        if typed.value.strip():
            self._before = try_reply(self._draft, typed.value, self._before).consent_after
            typed.value = ""
            self._tell()

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)


def trial_lines(trial: Trial | None, before: ConsentState | None, width: int) -> Iterator[Line]:
    """Yield what becomes of a text, line by line.

    Args:
        trial: what the webhook made of it, None while there is none.
        before: where the subscriber stands before it.
        width: of the lines, in cells.
    """
    room = max(width - LABEL, 12)
    yield _labelled(_("Consent so far"), Cell(_state(before)), Cell("   ↑↓", "muted"))
    yield []
    if trial is None:
        yield [Cell(_("Below is told what becomes of it."), "muted")]
        return
    yield _labelled(_("Meaning"), *_meaning(trial))
    yield from _reply(trial, room)
    yield _labelled(_("Consent"), *_consent(trial))
    yield []
    yield from ([Cell(line, "muted")] for line in _wrapped(trial.explanation, width))
    for warning in trial.warnings:
        sign = "! "
        for line in _wrapped(warning, width - 2):
            yield [Cell(sign + line, "warning")]
            sign = "  "


def _labelled(label: str, *cells: Cell) -> Line:
    return [Cell(f"{label:<{LABEL}}", "muted"), *cells]


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(clean(text), max(width, 1))


def _meaning(trial: Trial) -> Iterator[Cell]:
    if trial.category is Category.DEFAULT:
        yield Cell(_("– no keyword"))
    elif trial.is_fuzzy:
        yield Cell(_("! near to {keyword}").format(keyword=trial.keyword), "warning")
    else:
        yield Cell(f"✓ {_(LABELS[trial.category])}", "strong")
        yield Cell(f"   {trial.keyword}", "muted")


def _reply(trial: Trial, room: int) -> Iterator[Line]:
    if not trial.reply:
        yield _labelled(_("Reply"), Cell(_("– none"), "muted"))
        return
    lines = _wrapped(trial.reply, room)
    if len(lines) > MOST_REPLY_LINES:
        lines = [*lines[: MOST_REPLY_LINES - 1], f"{lines[MOST_REPLY_LINES - 1][: room - 1]}…"]
    for number, line in enumerate(lines):
        yield _labelled("" if number else _("Reply"), Cell(line))
    yield _labelled("", Cell(parts_note(trial.reply), "muted"))


def _consent(trial: Trial) -> Iterator[Cell]:
    before, after = trial.consent_before, trial.consent_after
    if after is before:
        yield Cell(_("– stays {state}").format(state=_state(after)), "muted")
    else:
        yield Cell(f"{_state(before)} → ", "muted")
        yield Cell(_state(after), "strong")


def _state(state: ConsentState | None) -> str:
    return _("unknown") if state is None else _(STATE_WORDS[state])
