"""One editor for each kind of field; each is one row high, unless its value needs more.

An editor can `read` and `load` its value, and says `Edited` when the person changed something and
`Done` when Enter asks for the next field. They know nothing of forms.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from pydantic import SecretStr
from rich.cells import cell_len
from rich.text import Text
from textual import events, on
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, Select, TextArea

from screens.widgets.cells import fit
from screens.widgets.secret_input import SecretInput
from smstui.i18n import N_, _
from smstui.providers.fields import Choice, FieldSpec, Tidied, Value, text_of
from smstui.text import clean


class Edited(Message):
    """The value of an editor changed."""


class Done(Message):
    """Enter was pressed in an editor; the next field may have the focus."""


class Pasted(Message):
    """Text was pasted and changed on its way in; ``said`` tells how."""

    def __init__(self, said: str) -> None:
        super().__init__()
        self.said = said


class Editor(Protocol):
    """What a form needs of an editor."""

    def read(self) -> Value:
        """Return what the editor holds."""

    def load(self, value: Value) -> None:
        """Put a value into the editor."""


@runtime_checkable
class PasteTaker(Protocol):
    """What stands around editors and may do something else with a paste than insert it."""

    def takes_paste(self, text: str) -> bool:
        """Return whether the paste was dealt with; the editor inserts it otherwise."""


def is_taken(editor: Widget, text: str) -> bool:
    """Return whether something around an editor has dealt with a paste, which is whole here."""
    takers = (node for node in editor.ancestors if isinstance(node, PasteTaker))
    return any(taker.takes_paste(text) for taker in takers)


class TextEditor(Input):
    """One line of text. What is pasted is tidied at once, and what that changed is said."""

    def __init__(self, spec: FieldSpec, value: Value, placeholder: str = "") -> None:
        super().__init__(
            text_of(value),
            placeholder=placeholder,
            validate_on=(),
            select_on_focus=False,
            compact=True,
        )
        self.cursor_blink = False
        self._tidy = spec.tidy
        self._examples = (placeholder, _(spec.placeholder))

    def on_resize(self) -> None:
        """Show the longest example that fits, or one cut: an `Input` would wrap it, unseen."""
        room = self.scrollable_content_region.width
        fitting = [text for text in self._examples if cell_len(text) <= room]
        self.placeholder = fitting[0] if fitting else fit(self._examples[-1], room)

    def read(self) -> Value:
        """Return the text as it stands."""
        return self.value

    def load(self, value: Value) -> None:
        """Put a value into the editor, the cursor behind it."""
        self.value = text_of(value)
        self.cursor_position = len(self.value)

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if is_taken(self, event.text):
            return
        pasted = first_line(event.text)
        tidied = self._tidy(pasted.value)
        if tidied.value:
            self.replace(tidied.value, *self.selection)
        if said := " ".join(filter(None, (pasted.said, tidied.said))):
            self.post_message(Pasted(said))

    @on(Input.Changed)
    def _edited(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(Edited())

    @on(Input.Submitted)
    def _done(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(Done())


def first_line(text: str) -> Tidied:
    """Return the first line that has something in it, and say so when there were more."""
    lines = [line for line in text.splitlines() if line.strip()]
    return Tidied(lines[0], _first_line_kept(len(lines) - 1)) if lines else Tidied("")


def _first_line_kept(dropped: int) -> str:
    return _("Only the first of {n} lines was kept.").format(n=dropped + 1) if dropped else ""


class SecretEditor(SecretInput):
    """A secret. The stored one never enters it; its mask is the placeholder."""

    BINDINGS = [
        Binding(
            "ctrl+d",
            "remove_stored",
            N_("Remove"),
            id="secret.remove",
            key_display="Ctrl+D",
            show=False,
            tooltip=N_("Remove the stored secret, or keep it after all"),
        ),
    ]

    class RemovalAsked(Message):
        """The person wants the stored secret removed, or kept after all."""

    def __init__(
        self, spec: FieldSpec, value: SecretStr | None, placeholder: str, *, removable: bool
    ) -> None:
        super().__init__(value, placeholder)
        # The page has the same key for all its fields: left to it, the row of keys stays still.
        self._bindings.key_to_bindings.pop("ctrl+r", None)
        self._tidy = spec.tidy
        self._is_multiline = spec.multiline
        self._removable = removable

    def read(self) -> Value:
        """Return what was typed."""
        return self.secret

    def load(self, value: Value) -> None:
        """Put a value into the editor, the cursor behind it."""
        self.value = text_of(value)
        self.cursor_position = len(self.value)

    def action_remove_stored(self) -> None:
        """Ask to remove the stored secret; with text in the editor, delete a character."""
        if self._removable and not self.value:
            self.post_message(self.RemovalAsked())
        else:
            self.action_delete_right()

    def _insert_pasted(self, text: str) -> None:
        if is_taken(self, text):
            return
        if self._is_multiline:
            text = " ".join(text.splitlines())
        super()._insert_pasted(text)

    @on(SecretInput.Pasted)
    def _tidy_pasted(self, event: SecretInput.Pasted) -> None:
        event.stop()
        tidied = self._tidy(self.value)
        if tidied.value != self.value:
            self.load(tidied.value)
        kept = _first_line_kept(event.dropped)
        self.post_message(Pasted(" ".join(filter(None, (kept, tidied.said)))))

    @on(Input.Changed)
    def _edited(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(Edited())

    @on(Input.Submitted)
    def _done(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(Done())


class SwitchEditor(Widget, can_focus=True):
    """On or off, told by a sign: ``[x]`` or ``[ ]``, and the label behind it."""

    COMPONENT_CLASSES = {"switch--box"}
    ALLOW_SELECT = False
    BINDINGS = [
        Binding("space", "switch", N_("Switch"), show=False, id="switch.toggle"),
        Binding("enter", "done", N_("Next field"), show=False, id="switch.done"),
    ]

    checked: reactive[bool] = reactive(False, init=False)

    def __init__(self, label: str, value: Value) -> None:
        super().__init__()
        self._label = label
        self.set_reactive(SwitchEditor.checked, value is True)

    def read(self) -> Value:
        """Return whether it is on."""
        return self.checked

    def load(self, value: Value) -> None:
        """Switch on or off."""
        self.checked = value is True

    def watch_checked(self) -> None:
        self.post_message(Edited())

    def render(self) -> Text:
        box = Text("[x]" if self.checked else "[ ]", self.get_component_rich_style("switch--box"))
        return Text.assemble(box, " ", self._label, no_wrap=True, overflow="ellipsis")

    def action_switch(self) -> None:
        """Turn it over."""
        self.checked = not self.checked

    def action_done(self) -> None:
        """Ask for the next field."""
        self.post_message(Done())


class ChoiceEditor(Select[str]):
    """One of several values. A stored value that is no longer among them stays, as it is."""

    def __init__(self, spec: FieldSpec, value: Value) -> None:
        text = text_of(value)
        choices = list(spec.choices)
        if text and all(choice.value != text for choice in choices):
            choices.append(Choice(text, text))
        self._known = {choice.value for choice in choices}
        blank = not spec.required or not text
        self._none = Select.NULL if blank else choices[0].value
        super().__init__(
            [(Text(clean(_(choice.label))), choice.value) for choice in choices],
            prompt=_("choose"),
            allow_blank=blank,
            value=text or Select.NULL,
            compact=True,
        )

    def read(self) -> Value:
        """Return the chosen value, empty for none."""
        return self.selection or ""

    def load(self, value: Value) -> None:
        """Choose a value; one that cannot be chosen leaves none chosen."""
        text = text_of(value)
        self.value = text if text in self._known else self._none

    @on(Select.Changed)
    def _edited(self, event: Select.Changed) -> None:
        event.stop()
        self.post_message(Edited())


class BlockEditor(TextArea):
    """Several lines of text, such as JSON. Tab goes to the next field."""

    def __init__(self, value: Value) -> None:
        super().__init__(
            clean(text_of(value), keep="\n\t"), compact=True, highlight_cursor_line=False
        )
        self.cursor_blink = False

    def read(self) -> Value:
        """Return the text as it stands."""
        return self.text

    def load(self, value: Value) -> None:
        """Replace the text, and show its beginning; one undo brings the old one back."""
        self.replace(clean(text_of(value), keep="\n\t"), self.document.start, self.document.end)
        self.move_cursor(self.document.start)

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if is_taken(self, event.text):
            return
        lines = clean("\n".join(event.text.splitlines()), keep="\n\t")
        self.replace(lines, *self.selection, maintain_selection_offset=False)

    @on(TextArea.Changed)
    def _edited(self, event: TextArea.Changed) -> None:
        event.stop()
        self.post_message(Edited())
