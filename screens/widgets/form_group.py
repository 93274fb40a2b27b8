"""A fold-out of a form: one line that names what is inside."""

from __future__ import annotations

from rich.text import Text
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from screens.widgets.form_layout import GAP, MARKER, Columns
from smstui.i18n import N_


class FormGroup(Widget, can_focus=True):
    """The head of a fold-out: ``▸ Advanced   API key SID, API host``."""

    COMPONENT_CLASSES = {"form-group--marker", "form-group--title", "form-group--inside"}
    ALLOW_SELECT = False
    BINDINGS = [
        Binding("enter,space", "fold", N_("Fold out"), show=False, id="form.fold"),
        Binding("right", "unfold", N_("Open"), show=False, id="form.unfold"),
    ]

    is_open: reactive[bool] = reactive(False, init=False)

    class Folded(Message):
        """The fold-out was opened or closed."""

        def __init__(self, group: FormGroup) -> None:
            super().__init__()
            self.group = group

    def __init__(self, title: str, inside: list[str], columns: Columns) -> None:
        """Make the head of a fold-out, closed.

        Args:
            title: its title, translated.
            inside: the labels of its fields, translated.
            columns: where the fields' columns are.
        """
        super().__init__()
        self.title = title
        self._inside = ", ".join(inside)
        self._columns = columns

    def set_columns(self, columns: Columns) -> None:
        """Move to other columns."""
        self._columns = columns
        self.refresh()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def watch_is_open(self) -> None:
        self.post_message(self.Folded(self))

    def action_fold(self) -> None:
        """Open or close."""
        self.is_open = not self.is_open

    def action_unfold(self) -> None:
        """Open."""
        self.is_open = True

    def render(self) -> Text:
        marker = MARKER if self.has_focus else " "
        line = Text(
            marker,
            self.get_component_rich_style("form-group--marker"),
            no_wrap=True,
            overflow="ellipsis",
        )
        sign = "▾" if self.is_open else "▸"
        line.append(f"{sign} {self.title}", self.get_component_rich_style("form-group--title"))
        if not self.is_open:
            line.append(" " * max(self._columns.label - line.cell_len, GAP))
            line.append(self._inside, self.get_component_rich_style("form-group--inside"))
        return line
