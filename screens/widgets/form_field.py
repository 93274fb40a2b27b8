"""One field of a form: label, editor, a remark at the right, and what is wrong below it.

The field paints everything but the editor itself: two widgets for a field keep a long form quick
to open, and a change repaints only the cells that changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from pydantic import SecretStr
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from screens.widgets.editor_kinds import is_block, make_editor, normal
from screens.widgets.editors import Done, Edited, Editor, Pasted, SecretEditor
from screens.widgets.form_layout import (
    EDITOR_WIDTH,
    GAP,
    LEAST_EDITOR,
    MARKER,
    Columns,
    hanging,
    notes,
    shortened,
)
from smstui.i18n import _
from smstui.providers.base import mask
from smstui.providers.fields import (
    FieldSpec,
    Issue,
    Kind,
    Offer,
    Severity,
    Value,
    is_empty,
    strip_blanks,
    text_of,
)
from smstui.text import clean


class FormField(Widget):
    """Draws one `FieldSpec`; holds its value, also while the editor is not mounted yet."""

    COMPONENT_CLASSES = {
        "form-field--marker",
        "form-field--label",
        "form-field--current",
        "form-field--remark",
        "form-field--error",
        "form-field--warning",
        "form-field--said",
        "form-field--offer",
    }
    ALLOW_SELECT = False

    @dataclass
    class Changed(Message):
        """The person changed the value. Carries the field, never the value."""

        field: FormField

    @dataclass
    class Finished(Message):
        """Enter asks for the next field."""

        field: FormField

    def __init__(
        self,
        key: str,
        spec: FieldSpec,
        value: Value,
        *,
        columns: Columns,
        stored: SecretStr | None = None,
        read_only: bool = False,
    ) -> None:
        """Make a field.

        Args:
            key: the field's name in the draft.
            spec: how to draw and tidy it.
            value: what it starts with; the initial value that `is_dirty` compares with.
            columns: where label and remark go.
            stored: the stored secret; only its mask is ever drawn.
            read_only: the value is drawn as text and cannot be changed.
        """
        super().__init__(id=f"field-{key}")
        self.key = key
        self.spec = spec
        self.stored = stored
        self.read_only = read_only
        self.initial = normal(spec, value)
        self.issues: tuple[Issue, ...] = ()
        self.is_optional = False
        self.is_current = False
        self.is_removed = False
        self._columns = columns
        self._said = ""
        self._offer: Offer | None = None
        self._value = self.initial
        self._remark_drawn = ""
        self._below_cache: tuple[int, list[Text]] | None = None
        self.editor: Widget | None = None

    def compose(self) -> ComposeResult:
        if self.display and not self.read_only:
            yield self._make_editor()

    def _make_editor(self) -> Widget:
        editor = make_editor(
            self.spec, self._value, self._placeholder(), has_stored=self.stored is not None
        )
        editor.styles.margin = (0, self._columns.remark, 0, self._columns.label)
        editor.set_class(self._has_error, "-invalid")
        self.editor = editor
        return editor

    # What it holds

    @property
    def value(self) -> Value:
        """What was typed or chosen; None for a secret that was not typed."""
        if self.editor is None or not self.editor.is_mounted:
            return self._value
        return normal(self.spec, cast("Editor", self.editor).read())

    @property
    def effective(self) -> Value:
        """What would be saved: the stored secret where none was typed."""
        value = self.value
        if is_empty(value) and self.keeps_stored:
            return self.stored
        return value

    @property
    def keeps_stored(self) -> bool:
        """Whether the field has a stored secret that stays as it is."""
        return self.stored is not None and not self.is_removed and is_empty(self.value)

    @property
    def is_dirty(self) -> bool:
        """Whether the field differs from what it started with."""
        return self.is_removed or self.value != self.initial

    def would_lose(self, value: Value) -> bool:
        """Whether another value would take the place of one that is not the default."""
        mine = self.effective
        if is_empty(mine) or mine in (False, normal(self.spec, self.spec.default)):
            return False
        return mine != normal(self.spec, value)

    def set_value(self, value: Value) -> None:
        """Put a value into the field; an empty one removes a stored secret."""
        self._value = normal(self.spec, value)
        if self.stored is not None:
            self.is_removed = is_empty(self._value)
            self._show_placeholder()
        if self.editor is not None:
            cast("Editor", self.editor).load(self._value)
        self.refresh_remark()

    def tidy(self) -> None:
        """Tidy what was typed, and say under the field what that changed."""
        if is_block(self.spec) and self.spec.tidy is strip_blanks:
            return  # It would join the lines.
        if self.spec.kind in (Kind.SWITCH, Kind.CHOICE, Kind.PAIRS) or is_empty(self.value):
            return
        value = self.value
        tidied = self.spec.tidy(text_of(value))
        if tidied.value != text_of(value):
            self.set_value(tidied.value)
            self.say(tidied.said)

    # What it shows

    def show_issues(self, issues: Sequence[Issue]) -> None:
        """Show what is wrong with the field, below it."""
        if self.issues == tuple(issues):
            return
        self.issues = tuple(issues)
        if self.editor is not None:
            self.editor.set_class(self._has_error, "-invalid")
        self._reflow()

    @property
    def _has_error(self) -> bool:
        return any(issue.severity is Severity.ERROR for issue in self.issues)

    def say(self, said: str) -> None:
        """Show a quiet remark below the field until it is changed again."""
        if said != self._said:
            self._said = said
            self._reflow()

    def show_offer(self, offer: Offer | None) -> None:
        """Show below the field what a paste would fill in; None when nothing is offered."""
        self._offer = offer
        self._reflow()

    def set_current(self, current: bool) -> None:
        """Mark the field as the one that is being filled in."""
        if current != self.is_current:
            self.is_current = current
            self.refresh(Region(0, 0, self._columns.label, self.size.height))
            self.refresh_remark()

    def set_optional(self, optional: bool) -> None:
        """Say beside the empty field that it may stay so."""
        self.is_optional = optional
        self.refresh_remark()

    async def set_shown(self, shown: bool) -> None:
        """Show or hide the field; the editor is made when it is first needed."""
        if shown == self.display:
            return
        self.display = shown
        if shown and self.editor is None and not self.read_only and self.is_attached:
            await self.mount(self._make_editor())

    def set_columns(self, columns: Columns) -> None:
        """Move to other columns."""
        if columns != self._columns:
            self._columns = columns
            if self.editor is not None:
                self.editor.styles.margin = (0, columns.remark, 0, columns.label)
            self._reflow()

    @property
    def remark(self) -> str:
        """A few words beside the value: its length, its country, how to reveal it."""
        if self.read_only:
            return ""
        value = self.value
        if is_empty(value):
            if self.stored is not None:
                if self.spec.required or not self.is_current:
                    return ""
                return _("Ctrl+D keeps it") if self.is_removed else _("Ctrl+D removes it")
            return _("optional") if self.is_optional else ""
        text = text_of(value)
        if self.spec.is_secret and self.is_current and len(text) == (self.spec.length or len(text)):
            revealed = isinstance(self.editor, SecretEditor) and self.editor.is_revealed
            return _("Ctrl+R hides it") if revealed else _("Ctrl+R shows it")
        if self.spec.length is not None:
            return _("{count} of {length}").format(count=len(text), length=self.spec.length)
        if self.spec.note is not None and not self.spec.is_secret:
            return clean(self.spec.note(text))
        return ""

    def refresh_remark(self) -> None:
        """Repaint the remark if it says something else by now."""
        if self.remark != self._remark_drawn:
            left = self._columns.label + self._editor_width
            self.refresh(Region(left, 0, self.size.width - left, 1))

    def _reflow(self) -> None:
        self._below_cache = None
        self.refresh(layout=True)

    def _placeholder(self) -> str:
        if self.stored is not None:
            return _("removed when you submit") if self.is_removed else mask(self.stored)
        example = _(self.spec.placeholder)
        said = _("for example {example}").format(example=example) if example else ""
        # A longer one would wrap, and only its first word would be seen.
        return said if len(said) < LEAST_EDITOR else example

    def _show_placeholder(self) -> None:
        if isinstance(self.editor, SecretEditor):
            self.editor.placeholder = self._placeholder()

    # Painting

    @property
    def _editor_width(self) -> int:
        room = self.size.width - self._columns.label - self._columns.remark
        return min(EDITOR_WIDTH, room)

    def _label_lines(self) -> list[Text]:
        if self.spec.kind is Kind.SWITCH:
            return []
        label = Text(_(self.spec.label))
        return list(label.wrap(self.app.console, self._columns.label - 1 - GAP))

    def _below(self, width: int) -> list[Text]:
        """Return the lines under the editor, wrapped to the width of the field."""
        if self._below_cache is None or self._below_cache[0] != width:
            room = max(min(EDITOR_WIDTH, width - self._columns.label), 10)
            self._below_cache = (width, list(self._wrapped(room)))
        return self._below_cache[1]

    def _wrapped(self, room: int) -> Iterator[Text]:
        for sign, sentence, kind in notes(self._offer, self._said, self.issues):
            text = Text(clean(sentence), self.get_component_rich_style(f"form-field--{kind}"))
            yield from hanging(sign, text, room, self.app.console)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the rows of label or editor, and of what is below."""
        rows = max(len(self._label_lines()), len(self._value_lines(width)), 1)
        if self.editor is not None:
            rows = max(rows, super().get_content_height(container, viewport, width))
        return rows + len(self._below(width))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        below = self._below(width)
        rows = self.size.height - len(below)
        indent = Text(" " * self._columns.label)
        line = self._top_line(y) if y < rows else indent + below[y - rows]
        strip = Strip(line.render(self.app.console)).adjust_cell_length(width)
        return strip.apply_style(self.rich_style)

    def _top_line(self, y: int) -> Text:
        current = self.is_current
        line = Text()
        line.append(MARKER if current else " ", self.get_component_rich_style("form-field--marker"))
        labels = self._label_lines()
        if y < len(labels):
            style = "form-field--current" if current else "form-field--label"
            line.append(labels[y].plain, self.get_component_rich_style(style))
        line.pad_right(self._columns.label - line.cell_len)
        if self.read_only:
            values = self._value_lines(self.size.width)
            return line + values[y] if y < len(values) else line
        if y > 0:
            return line
        self._remark_drawn = self.remark
        if self._columns.remark:
            line.pad_right(self._editor_width + GAP)
            room = self.size.width - line.cell_len
            said = shortened(self._remark_drawn, room)
            remark = Text(said, self.get_component_rich_style("form-field--remark"))
            remark.truncate(room, overflow="ellipsis")
            line.append_text(remark)
        return line

    def _value_lines(self, width: int) -> list[Text]:
        """Return the value of a field that cannot be changed, wrapped: it can be copied by hand."""
        if not self.read_only:
            return []
        text = text_of(self._value)
        shown = next((_(c.label) for c in self.spec.choices if c.value == text), text)
        if self.spec.kind is Kind.SWITCH:
            shown = f"[{'x' if self._value is True else ' '}] {_(self.spec.label)}"
        room = max(width - self._columns.label, 1)
        return list(Text(clean(shown)).wrap(self.app.console, room))

    # What the editor says

    @on(Edited)
    def _edited(self, event: Edited) -> None:
        event.stop()
        self._take_change("")

    @on(Pasted)
    def _pasted(self, event: Pasted) -> None:
        event.stop()
        self._take_change(event.said)

    def _take_change(self, said: str) -> None:
        value = self.value
        if value == self._value:
            if said:
                self.say(said)
            return
        self._value = value
        if self.is_removed and not is_empty(value):
            self.is_removed = False
            self._show_placeholder()
        self.say(said)
        self.refresh_remark()
        self.post_message(self.Changed(self))

    @on(SecretEditor.RemovalAsked)
    def _remove_stored(self, event: SecretEditor.RemovalAsked) -> None:
        event.stop()
        self.is_removed = not self.is_removed
        self._show_placeholder()
        self.refresh_remark()
        self.post_message(self.Changed(self))

    @on(SecretEditor.RevealChanged)
    def _revealed(self, event: SecretEditor.RevealChanged) -> None:
        event.stop()
        self.refresh_remark()

    @on(Done)
    def _done(self, event: Done) -> None:
        event.stop()
        self.post_message(self.Finished(self))
