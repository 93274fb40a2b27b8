"""What every screen and dialog shares."""

from __future__ import annotations

from typing import Generic, Protocol, TypeVar, cast

from textual.reactive import Reactive
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from smstui.context import Context

T = TypeVar("T")

# Screen classes by width, live on resize: below 70 columns the rail folds away, from 110 on
# there is room for a second column.
BREAKPOINTS = [(0, "-narrow"), (70, "-normal"), (110, "-wide")]


class HasContext(Protocol):
    """The application, as far as screens know it."""

    context: Context


def context_of(widget: Widget) -> Context:
    """Return the running application's context."""
    return cast("HasContext", widget.app).context


class ConsoleScreen(Screen[T], Generic[T]):
    """A full screen."""

    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    # Textual repaints the whole screen when the focus moves; the widgets repaint themselves
    # anyway, and a focus move then costs a tenth of the bytes.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)


class Dialog(ModalScreen[T], Generic[T]):
    """A dialog over the screen below; dismissed with its answer, or with None by Escape."""

    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
