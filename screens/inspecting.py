"""A screen with an inspector: the keys that turn its views, wherever the focus is."""

from __future__ import annotations

from typing import Generic, TypeVar

from textual.binding import Binding
from textual.widgets import Input

from screens.base import ConsoleScreen
from screens.widgets.inspector import Inspector, View
from smstui.i18n import N_, _

T = TypeVar("T")


class InspectingScreen(ConsoleScreen[T], Generic[T]):
    """Base of screens that hold one `Inspector`."""

    BINDINGS = [
        Binding(
            "f8",
            "view(1)",
            N_("Next view"),
            show=False,
            id="inspector.next-view",
            tooltip=N_("The view at the right"),
        ),
        Binding(
            "f7",
            "view(-1)",
            N_("Previous view"),
            show=False,
            id="inspector.previous-view",
            tooltip=N_("The view at the left"),
        ),
        Binding(
            "1",
            "choose('meaning')",
            N_("What it means"),
            show=False,
            id="inspector.meaning",
            tooltip=N_("Cause, next step, the provider's own words"),
        ),
        Binding(
            "2",
            "choose('request')",
            N_("Request"),
            show=False,
            id="inspector.request",
            tooltip=N_("As it went over the wire, secrets replaced"),
        ),
        Binding(
            "3",
            "choose('response')",
            N_("Response"),
            show=False,
            id="inspector.response",
            tooltip=N_("As it came, secrets replaced"),
        ),
        Binding(
            "left_square_bracket",
            "exchange(-1)",
            N_("Earlier exchange"),
            show=False,
            key_display="[",
            id="inspector.earlier",
            tooltip=N_("The request and response before this one"),
        ),
        Binding(
            "right_square_bracket",
            "exchange(1)",
            N_("Later exchange"),
            show=False,
            key_display="]",
            id="inspector.later",
            tooltip=N_("The request and response after this one"),
        ),
        Binding(
            "pageup",
            "scroll_pane(-1)",
            N_("Scroll up"),
            show=False,
            key_display="PgUp",
            id="inspector.page-up",
            tooltip=N_("Scroll the view by a page"),
        ),
        Binding(
            "pagedown",
            "scroll_pane(1)",
            N_("Scroll down"),
            show=False,
            key_display="PgDn",
            id="inspector.page-down",
            tooltip=N_("Scroll the view by a page"),
        ),
    ]

    @property
    def inspector(self) -> Inspector:
        """The inspector of this screen."""
        return self.query_one(Inspector)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave letters, digits and brackets to the fields while one types."""
        if action in ("copy_curl", "choose", "exchange"):
            return not isinstance(self.focused, Input)
        return super().check_action(action, parameters)

    def action_copy_curl(self) -> None:
        """Copy the request that is looked at as a shell command, and show it."""
        exchange = self.inspector.exchange
        if exchange is None or not exchange.curl:
            self.notify(_("There is no request to copy yet."), markup=False)
            return
        self.app.copy_to_clipboard(exchange.curl)
        self.inspector.show_copied()

    def action_view(self, step: int) -> None:
        """Show the next or the previous view."""
        self.inspector.step_view(step)

    def action_choose(self, view: str) -> None:
        """Show a view by its digit."""
        self.inspector.choose(View(view))

    def action_exchange(self, step: int) -> None:
        """Look at the next or the previous exchange."""
        self.inspector.step_exchange(step)

    def action_scroll_pane(self, pages: int) -> None:
        """Scroll the view by pages."""
        self.inspector.scroll_pages(pages)
