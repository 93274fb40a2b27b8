"""What a verification means and what went over the wire: views side by side, one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from screens.widgets.tab_strip import TabStrip
from screens.widgets.text_pane import TextPane
from smstui.i18n import N_, _
from smstui.text import clean

if TYPE_CHECKING:
    from smstui.verify import Exchange


class View(StrEnum):
    """What the pane shows."""

    MEANING = "meaning"
    REQUEST = "request"
    RESPONSE = "response"
    CURL = "curl"
    HISTORY = "history"


VIEW_WORDS: dict[str, str] = {
    View.MEANING: N_("What it means"),
    View.REQUEST: N_("Request"),
    View.RESPONSE: N_("Response"),
    View.CURL: N_("curl"),
    View.HISTORY: N_("History"),
}

MUTED = "$foreground-muted"
"""The style of what is less important; ``$text-muted`` needs a background to be reckoned from."""

CLIPBOARD_HINT = N_(
    "Sent to the clipboard of your terminal (OSC 52). In tmux this needs "
    "“set -s set-clipboard on”; the command is below as well."
)


class Inspector(Vertical):
    """A strip of views over a pane that scrolls, and the exchange that the pane looks at."""

    def __init__(self, history: Widget) -> None:
        """Prepare the views.

        Args:
            history: the widget of the view of earlier runs.
        """
        super().__init__()
        self._history = history
        self._meaning = Content()
        self._exchanges: Sequence[Exchange] = ()
        self._picked: int | None = None
        self._copied = False

    def compose(self) -> ComposeResult:
        yield TabStrip(VIEW_WORDS)
        yield TextPane(id="pane")
        yield self._history

    def on_mount(self) -> None:
        self._history.display = False

    @property
    def _pane(self) -> TextPane:
        return self.query_one(TextPane)

    @property
    def view(self) -> View:
        """The view that is shown."""
        return View(self.query_one(TabStrip).chosen)

    @property
    def exchange(self) -> Exchange | None:
        """The exchange that the pane looks at: the one picked, else the latest."""
        if not self._exchanges:
            return None
        return self._exchanges[-1 if self._picked is None else self._picked]

    def show_meaning(self, meaning: Content) -> None:
        """Replace what *What it means* says."""
        self._meaning = meaning
        self._draw()

    def show_exchanges(self, exchanges: Sequence[Exchange]) -> None:
        """Replace the exchanges; a picked one stays picked while there are as many."""
        self._exchanges = exchanges
        if self._picked is not None and self._picked >= len(exchanges):
            self._picked = None
        self._draw()

    def choose(self, view: View) -> None:
        """Show a view, from its top."""
        self._copied = False
        self.query_one(TabStrip).chosen = view
        lost_focus = self._history.has_focus and view is not View.HISTORY
        self._history.display = view is View.HISTORY
        self._pane.display = view is not View.HISTORY
        if lost_focus:
            self.focus_pane()
        self._draw()
        self._pane.scroll_top()

    def show_copied(self) -> None:
        """Show the command that was just copied, and where it went."""
        self.choose(View.CURL)
        self._copied = True
        self._draw()

    @on(TabStrip.Turned)
    def turn(self, event: TabStrip.Turned) -> None:
        """Follow the arrows of the strip."""
        event.stop()
        self.step_view(event.step)

    @on(TabStrip.Scrolled)
    def scroll_text(self, event: TabStrip.Scrolled) -> None:
        """Follow the arrows of the strip; the list of runs takes the focus for them."""
        event.stop()
        if self.view is View.HISTORY:
            self.focus_pane()
        else:
            self._pane.scroll_lines(event.lines)

    def step_view(self, step: int) -> None:
        """Show the next or the previous view; past the last comes the first."""
        views = list(View)
        self.choose(views[(views.index(self.view) + step) % len(views)])

    def step_exchange(self, step: int) -> None:
        """Look at the next or the previous exchange, as far as there are any."""
        if not self._exchanges:
            return
        last = len(self._exchanges) - 1
        now = last if self._picked is None else self._picked
        wanted = min(max(now + step, 0), last)
        self._picked = None if wanted == last else wanted
        if self.view in (View.MEANING, View.HISTORY):
            self.choose(View.REQUEST)
        self._draw()
        self._pane.scroll_top()

    def focus_pane(self) -> None:
        """Put the focus where the keys scroll or choose."""
        (self._history if self.view is View.HISTORY else self.query_one(TabStrip)).focus()

    def scroll_pages(self, pages: int) -> None:
        """Scroll the pane by whole pages, wherever the focus is."""
        self._pane.scroll_pages(pages)

    def _draw(self) -> None:
        view = self.view
        if view is View.HISTORY:
            return
        if view is View.MEANING:
            content = self._meaning
        elif self.exchange is None:
            content = Content.styled(_("Nothing went over the wire."), MUTED)
        else:
            content = self._exchange_content(self.exchange, view)
        self._pane.show(content)

    def _exchange_content(self, exchange: Exchange, view: View) -> Content:
        total = len(self._exchanges)
        number = total if self._picked is None else self._picked + 1
        where = _("{number} of {total} · {stage} · {method} · {seconds:.2f} s").format(
            number=number,
            total=total,
            stage=_(exchange.stage),
            method=clean(exchange.request.method),
            seconds=exchange.seconds,
        )
        if total > 1:
            where += _("   [ earlier, ] later")
        lines = [Content.styled(where, MUTED)]
        if view is View.REQUEST:
            lines += request_lines(exchange)
        elif view is View.RESPONSE:
            lines += response_lines(exchange)
        else:
            if self._copied:
                lines.append(Content.styled(_(CLIPBOARD_HINT), "$text-success"))
            lines.append(Content(clean(exchange.curl, keep="\n")))
        return Content("\n").join(lines)


def request_lines(exchange: Exchange) -> list[Content]:
    """Return a request as it may be seen, line by line."""
    request = exchange.request
    return [
        Content.styled(clean(request.url), "bold"),
        *_header_lines(request.headers),
        *_body_lines(request.body),
    ]


def response_lines(exchange: Exchange) -> list[Content]:
    """Return an answer as it may be seen, line by line, or why there is none."""
    trouble = [Content.styled(clean(exchange.trouble), "$text-error")] if exchange.trouble else []
    response = exchange.response
    if response is None:
        return trouble or [Content.styled(_("No answer yet."), MUTED)]
    style = "bold $text-success" if response.status < 400 else "bold $text-error"
    first = Content.styled(f"HTTP {response.status} {_phrase(response.status)}".rstrip(), style)
    return [first, *trouble, *_header_lines(response.headers), *_body_lines(response.body)]


def _header_lines(headers: Sequence[tuple[str, str]]) -> list[Content]:
    return [Content.assemble((f"{clean(name)}: ", MUTED), clean(value)) for name, value in headers]


def _body_lines(body: str) -> list[Content]:
    return [Content(), Content(clean(body, keep="\n"))] if body else []


def _phrase(status: int) -> str:
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
