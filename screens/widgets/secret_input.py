"""The input for secrets: masked, revealed for ten seconds, never copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from smstui.i18n import N_, _
from smstui.text import clean

if TYPE_CHECKING:
    from pydantic import SecretStr

REVEAL_SECONDS = 10.0


class SecretInput(Input):
    """One line of text that is drawn as dots.

    Copy and cut are refused, also while it is revealed: the toolkit's own would put the clear
    text on the clipboard of the terminal. Pasting stays.
    """

    ALLOW_SELECT = False
    BINDINGS = [
        Binding(
            "ctrl+r",
            "reveal",
            N_("Reveal"),
            id="secret.reveal",
            key_display="Ctrl+R",
            tooltip=N_("Show the secret for ten seconds, or hide it again"),
        ),
    ]

    class Pasted(Message):
        """Text was pasted; ``dropped`` is the number of lines after the first that were not."""

        def __init__(self, control: SecretInput, dropped: int) -> None:
            super().__init__()
            self._control = control
            self.dropped = dropped

        @property
        def control(self) -> SecretInput:
            """The input that was pasted into."""
            return self._control

    class RevealChanged(Message):
        """The secret was revealed or hidden."""

        def __init__(self, control: SecretInput, revealed: bool) -> None:
            super().__init__()
            self._control = control
            self.revealed = revealed

        @property
        def control(self) -> SecretInput:
            """The input that shows or hides its secret."""
            return self._control

    def __init__(
        self,
        value: SecretStr | None = None,
        placeholder: str = "",
        *,
        id: str | None = None,  # noqa: A002 - the toolkit's name for it
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(
            value.get_secret_value() if value is not None else None,
            placeholder,
            password=True,
            validate_on=(),
            select_on_focus=False,
            compact=True,
            id=id,
            classes=classes,
            disabled=disabled,
        )
        self.cursor_blink = False
        self._hide_timer: Timer | None = None

    @property
    def secret(self) -> SecretStr:
        """What was typed."""
        from pydantic import SecretStr  # The unlock screen paints before it is loaded.

        return SecretStr(self.value)

    @property
    def is_revealed(self) -> bool:
        """Whether the clear text is on the screen."""
        return not self.password

    def reveal(self) -> None:
        """Show the clear text for ten seconds, or until the focus goes elsewhere."""
        self._stop_timer()
        self.password = False
        self._hide_timer = self.set_timer(REVEAL_SECONDS, self.hide)
        self.post_message(self.RevealChanged(self, revealed=True))

    def hide(self) -> None:
        """Draw dots again."""
        self._stop_timer()
        if not self.password:
            self.password = True
            self.post_message(self.RevealChanged(self, revealed=False))

    def action_reveal(self) -> None:
        """Show what is hidden, or hide what is shown."""
        if self.password:
            self.reveal()
        else:
            self.hide()

    def action_copy(self) -> None:
        """Refuse: a secret does not go to the clipboard."""
        self._refuse()

    def action_cut(self) -> None:
        """Refuse: a secret does not go to the clipboard."""
        self._refuse()

    def action_paste(self) -> None:
        """Insert what was copied inside the console."""
        self._insert_pasted(self.app.clipboard)

    def on_blur(self) -> None:
        """Hide the secret as the focus goes elsewhere."""
        self.hide()

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self._insert_pasted(event.text)

    def _insert_pasted(self, text: str) -> None:
        lines = [line for line in text.splitlines() if line.strip()]
        if lines:
            self.replace(lines[0], *self.selection)
        self.post_message(self.Pasted(self, max(len(lines) - 1, 0)))

    def _refuse(self) -> None:
        self.notify(_("A secret is not copied from here."), markup=False)

    def _stop_timer(self) -> None:
        if self._hide_timer is not None:
            self._hide_timer.stop()
            self._hide_timer = None

    @property
    def _value(self) -> Text:
        """What is drawn; a revealed secret may hold pasted control characters."""
        if self.password:
            return super()._value
        return Text(clean(self.value), no_wrap=True, overflow="ignore", end="")


def reveal(widget: Widget) -> None:
    """Show the secret in the focused field; elsewhere say where that works."""
    focused = widget.screen.focused
    if isinstance(focused, SecretInput):
        focused.action_reveal()
    else:
        said = _("Ctrl+R shows what you type in a secret field. Go to one first.")
        widget.notify(said, markup=False)
