"""What every screen and dialog shares."""

from __future__ import annotations

from typing import ClassVar, Generic, Protocol, TypeVar, cast

from rich.text import Text
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.reactive import Reactive
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from smstui.context import Context
from smstui.i18n import N_
from smstui.text import clean

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


class Coverable(Screen[T], Generic[T]):
    """A screen that may be dismissed while another one lies over it.

    The toolkit would close the one on top instead, which could be the lock. This one closes when
    it is uncovered.
    """

    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    # Textual repaints the whole screen when the focus moves; the widgets repaint themselves
    # anyway, and a focus move then costs a tenth of the bytes.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    area: ClassVar[str] = N_("here")
    help_title: ClassVar[str] = ""
    help_text: ClassVar[str] = ""

    _late_result: tuple[T | None] | None = None

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close with a result, at once or as soon as nothing lies over this screen."""
        if self.app.screen is self:
            return super().dismiss(result)
        self._late_result = (result,)
        return AwaitComplete()

    def on_screen_resume(self) -> None:
        """Close now if that was asked for meanwhile."""
        if self._late_result is not None:
            (result,) = self._late_result
            self._late_result = None
            super().dismiss(result)

    async def may_leave(self) -> bool:
        """Ask before something is lost by closing; called in a worker when the console quits."""
        return True


class ConsoleScreen(Coverable[T], Generic[T]):
    """A full screen.

    Attributes:
        area: the word before its commands in the palette ("credential: New").
        help_title: what the help is about; its keys come from the bindings.
        help_text: a sentence or two on what one does here.
    """


class Dialog(Coverable[T], ModalScreen[T], Generic[T]):
    """A dialog over the screen below; dismissed with its answer, or with None by Escape.

    The attributes are those of `ConsoleScreen`.
    """

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
    area: ClassVar[str] = N_("dialog")

    def tell(self, sentence: str) -> None:
        """Write how it stands into the line ``#said``; what begins with ✗ is an error."""
        said = self.query_one("#said", Static)
        said.set_class(sentence.startswith("✗"), "error")
        said.update(Text(clean(sentence, keep="\n")))
