"""What every screen and dialog shares."""

from __future__ import annotations

from typing import ClassVar, Generic, Protocol, TypeVar, cast

from textual.binding import Binding
from textual.reactive import Reactive
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from smstui.context import Context
from smstui.i18n import N_

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
    """A full screen.

    Attributes:
        area: the word before its commands in the palette ("credential: New").
        help_title: what the help is about; its keys come from the bindings.
        help_text: a sentence or two on what one does here.
    """

    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    # Textual repaints the whole screen when the focus moves; the widgets repaint themselves
    # anyway, and a focus move then costs a tenth of the bytes.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    area: ClassVar[str] = N_("here")
    help_title: ClassVar[str] = ""
    help_text: ClassVar[str] = ""

    async def may_leave(self) -> bool:
        """Ask before something is lost by closing; called in a worker when the console quits."""
        return True


class Dialog(ModalScreen[T], Generic[T]):
    """A dialog over the screen below; dismissed with its answer, or with None by Escape.

    The attributes are those of `ConsoleScreen`.
    """

    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    # Keys of the application stop at a dialog; these two work in it as everywhere.
    BINDINGS = [
        Binding(
            "f1,question_mark",
            "app.help",
            N_("Help"),
            show=False,
            id="dialog.help",
            key_display="F1",
        ),
        Binding(
            "f2,ctrl+p",
            "app.command_palette",
            N_("Palette"),
            show=False,
            id="dialog.palette",
            key_display="F2",
        ),
    ]
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    area: ClassVar[str] = N_("dialog")
    help_title: ClassVar[str] = ""
    help_text: ClassVar[str] = ""

    async def may_leave(self) -> bool:
        """Ask before something is lost by closing; called in a worker when the console quits."""
        return True
