"""A new passphrase, typed twice, with an honest word on its strength."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label, Static

from screens.widgets.secret_input import SecretInput
from smstui.i18n import _
from smstui.passphrase import MIN_LENGTH, Level, judge

if TYPE_CHECKING:
    from pydantic import SecretStr


class NewPassphrase(Vertical):
    """Two inputs and what is to be said about them. Enter in the second says `Finished`."""

    class Finished(Message):
        """Enter was pressed in the last input."""

    def __init__(self, label: str) -> None:
        super().__init__(id="new-passphrase")
        self._label = label

    def compose(self) -> ComposeResult:
        with Horizontal(classes="labelled"):
            yield Label(Text(self._label))
            yield SecretInput(id="new")
        yield Static(id="strength", classes="below")
        with Horizontal(classes="labelled"):
            yield Label(Text(_("Again")))
            yield SecretInput(id="again")
        yield Static(id="mismatch", classes="below")

    def on_mount(self) -> None:
        self._judge()

    @property
    def _new(self) -> SecretInput:
        return self.query_one("#new", SecretInput)

    @property
    def _again(self) -> SecretInput:
        return self.query_one("#again", SecretInput)

    def take(self) -> SecretStr | None:
        """Return the passphrase when both inputs are right; else say why not, and focus there."""
        if len(self._new.value) < MIN_LENGTH:
            self._judge()
            self._new.focus()
            return None
        if self._new.value != self._again.value:
            self._compare(finished=True)
            self._again.focus()
            return None
        return self._new.secret

    @on(Input.Changed, "#new")
    def _judge(self) -> None:
        """Say how strong the passphrase is, as it is typed."""
        if self._new.value:
            strength = judge(self._new.secret)
            is_enough = strength.level in (Level.GOOD, Level.STRONG)
            words = Text.assemble(
                "✓ " if is_enough else "! ", (strength.word, "bold"), ". ", strength.sentence
            )
        else:
            is_enough = True
            words = Text(_("{least} characters or more.").format(least=MIN_LENGTH))
        line = self.query_one("#strength", Static)
        line.set_class(not is_enough, "warning")
        line.set_class(not self._new.value, "muted")
        line.update(words)
        self._compare()

    @on(Input.Changed, "#again")
    def _retyped(self) -> None:
        self._compare()

    @on(Input.Blurred, "#again")
    def _left_second(self) -> None:
        self._compare(finished=bool(self._again.value))

    @on(Input.Submitted, "#new")
    def _go_on(self) -> None:
        self._again.focus()

    @on(Input.Submitted, "#again")
    def _finish(self) -> None:
        self.post_message(self.Finished())

    def _compare(self, *, finished: bool = False) -> None:
        """Tell a mismatch once it cannot mend itself by typing on."""
        new, again = self._new.value, self._again.value
        is_same = bool(again) and new == again
        differs = not is_same and (finished or not new.startswith(again))
        line = self.query_one("#mismatch", Static)
        line.set_class(differs, "error")
        if is_same:
            line.update(Text(_("✓ Both are the same.")))
        else:
            line.update(Text(_("✗ This differs from the one above.")) if differs else "")
