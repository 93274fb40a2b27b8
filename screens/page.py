"""A page: what the content area of the shell shows for one address."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding
from textual.containers import Vertical

from smstui.i18n import N_

if TYPE_CHECKING:
    from screens.shell import ShellScreen


class Page(Vertical):
    """Base of all pages.

    Attributes:
        help_text: a sentence or two on what one does here, for the help; marked with `N_`.
        keep: kept when one leaves (lists); others are removed, which also frees what was typed.
        needs_width: the rail is hidden beside this page unless the terminal is wide.
    """

    BINDINGS = [
        Binding("escape", "back", N_("Back"), id="page.back", tooltip=N_("One level back")),
    ]

    help_text: ClassVar[str] = ""
    keep: ClassVar[bool] = False
    needs_width: ClassVar[bool] = False

    def __init__(self, address: str) -> None:
        super().__init__(classes="page")
        self.address = address

    @property
    def shell(self) -> ShellScreen:
        """The shell this page is in."""
        return cast("ShellScreen", self.screen)

    @property
    def crumb(self) -> str:
        """What the breadcrumb adds for this page after its place; empty for the place itself."""
        return ""

    @property
    def is_dirty(self) -> bool:
        """Whether something was typed here that leaving would lose."""
        return False

    async def settle(self) -> None:
        """Keep what can be kept without asking; called in a worker before one leaves."""

    def focus_first(self) -> None:
        """Put the focus where work begins here."""
        self.screen.focus_next()

    def shown(self) -> None:
        """React to having become the current page, also when one comes back to it."""

    async def action_back(self) -> None:
        """Go one level back; pages with something to close first override this."""
        self.shell.back()
