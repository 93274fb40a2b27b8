"""One event: what it means, how Adobe would name it, and what came over the wire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from screens.base import ConsoleScreen, context_of
from screens.copying import copy
from screens.event_words import as_json, mapped, meaning, moment, raw, trial_content
from screens.widgets.key_bar import KeyBar
from screens.widgets.tab_strip import TabStrip
from screens.widgets.text_pane import TextPane
from screens.widgets.whereabouts import Whereabouts
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.text import clean

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.store.webhook_records import EventRecord


class Pane(StrEnum):
    """What the pane shows."""

    MEANING = "meaning"
    MAPPED = "mapped"
    RAW = "raw"
    JSON = "json"


PANE_WORDS: dict[str, str] = {
    Pane.MEANING: N_("What it means"),
    Pane.MAPPED: N_("Mapped"),
    Pane.RAW: N_("Raw"),
    Pane.JSON: N_("As JSON"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """An event, and what is doubtful about what it did."""

    record: EventRecord
    warnings: tuple[str, ...]


class EventScreen(ConsoleScreen[int]):
    """Shows an event and those beside it in the list; answers the id of the last one looked at."""

    CSS_PATH = [f"../styles/{name}.tcss" for name in ("inspector", "event")]
    AUTO_FOCUS = "TabStrip"
    BINDINGS = [
        Binding(
            "n",
            "go(1)",
            N_("Next"),
            id="event.next",
            tooltip=N_("The event below in the list, which is older"),
        ),
        Binding(
            "p",
            "go(-1)",
            N_("Previous"),
            show=False,
            id="event.previous",
            tooltip=N_("The event above in the list, which is newer"),
        ),
        Binding(
            "r",
            "replay",
            N_("Replay"),
            id="event.replay",
            tooltip=N_("What the webhook's keywords make of the text now; nothing is changed"),
        ),
        Binding(
            "f",
            "send_on",
            N_("Send on"),
            id="event.send-on",
            tooltip=N_("Post the call to another address, for example to Adobe"),
        ),
        Binding("y", "copy", N_("Copy"), id="event.copy", tooltip=N_("Copy what the view shows")),
        Binding("f8", "turn(1)", N_("Next view"), show=False, id="event.next-view"),
        Binding("f7", "turn(-1)", N_("Previous view"), show=False, id="event.previous-view"),
        *(
            Binding(str(number), f"choose('{pane}')", word, show=False, id=f"event.{pane}")
            for number, (pane, word) in enumerate(PANE_WORDS.items(), start=1)
        ),
        Binding("pageup", "scroll_pane(-1)", N_("Scroll up"), show=False, id="event.page-up"),
        Binding("pagedown", "scroll_pane(1)", N_("Scroll down"), show=False, id="event.page-down"),
        Binding("escape", "close", N_("Close"), id="event.close"),
    ]
    area = N_("event")
    help_title = N_("Event")
    help_text = N_(
        "What an event means, how Adobe names its parts, the call as it came, and the same as "
        "JSON. Replay asks the webhook's present keywords; nothing is changed. Send on posts the "
        "call to another address, once; a signature that covers the address does not fit there."
    )

    @dataclass
    class Loaded(Message):
        """An event was read, or why it cannot be."""

        told: Told | None
        error: SmstuiError | None = None

    def __init__(self, event_id: int, ids: Sequence[int] = ()) -> None:
        """Make the screen.

        Args:
            event_id: the event.
            ids: those of the list it stands in, in its order; empty for this event alone.
        """
        super().__init__()
        self._event_id = event_id
        self._ids = ids or (event_id,)
        self._told: Told | None = None
        self._replayed: Content | None = None
        self._url = ""

    def compose(self) -> ComposeResult:
        with Horizontal(id="header"):
            yield Static(id="title")
            yield Whereabouts()
        yield TabStrip(PANE_WORDS)
        yield TextPane(id="pane")
        yield KeyBar()

    def on_mount(self) -> None:
        self._load()

    def on_resize(self) -> None:
        """Fit the header to the new width."""
        self.query_one(Whereabouts).tell()

    @property
    def _pane(self) -> TextPane:
        return self.query_one("#pane", TextPane)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the neighbours that there are."""
        if action == "go":
            (step,) = parameters
            return self._neighbour(int(str(step))) is not None or None
        return super().check_action(action, parameters)

    # Reading

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self) -> None:
        event_id = self._event_id
        try:
            told = await context_of(self).session.call(lambda store: read_event(store, event_id))
        except SmstuiError as error:
            self.post_message(self.Loaded(None, error))
        else:
            self.post_message(self.Loaded(told))

    @on(Loaded)
    def show_loaded(self, event: Loaded) -> None:
        """Show the event, or why it cannot be."""
        self._told, self._replayed = event.told, None
        title = _("Event")
        if event.told is not None:
            record = event.told.record
            title = _("Event, {when} · {name}").format(
                when=moment(record.call.at), name=clean(record.webhook)
            )
        self.query_one("#title", Static).update(
            Text(title, no_wrap=True, overflow="ellipsis"), layout=False
        )
        if event.error is not None:
            self._pane.show(Content(f"✗ {clean(event.error.message)}"))
        else:
            self._draw()
        self._pane.scroll_top()
        self.refresh_bindings()

    def _draw(self) -> None:
        told = self._told
        if told is None:
            return
        record = told.record
        match Pane(self.query_one(TabStrip).chosen):
            case Pane.MEANING:
                content = meaning(record, told.warnings)
                if self._replayed is not None:
                    content = Content("\n\n").join([self._replayed, content])
            case Pane.MAPPED:
                content = mapped(record)
            case Pane.RAW:
                content = raw(record)
            case Pane.JSON:
                content = as_json(record)
        self._pane.show(content)

    # Moving

    def _neighbour(self, step: int) -> int | None:
        try:
            place = self._ids.index(self._event_id) + step
        except ValueError:
            return None
        return self._ids[place] if 0 <= place < len(self._ids) else None

    def action_go(self, step: int) -> None:
        """Show the next or the previous event of the list."""
        neighbour = self._neighbour(step)
        if neighbour is not None:
            self._event_id = neighbour
            self._load()

    @on(TabStrip.Turned)
    def _turned(self, event: TabStrip.Turned) -> None:
        event.stop()
        self.action_turn(event.step)

    @on(TabStrip.Scrolled)
    def _scrolled(self, event: TabStrip.Scrolled) -> None:
        event.stop()
        self._pane.scroll_lines(event.lines)

    def action_turn(self, step: int) -> None:
        """Show the next or the previous view; past the last comes the first."""
        panes = list(Pane)
        at = panes.index(Pane(self.query_one(TabStrip).chosen))
        self.action_choose(panes[(at + step) % len(panes)])

    def action_choose(self, pane: str) -> None:
        """Show a view, from its top."""
        self.query_one(TabStrip).chosen = str(pane)
        self._draw()
        self._pane.scroll_top()

    def action_scroll_pane(self, pages: int) -> None:
        """Scroll the view by pages."""
        self._pane.scroll_pages(pages)

    # Acting

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_replay(self) -> None:
        """Ask what the webhook's present keywords make of the text."""
        from smstui.webhooks.resend import replay

        event_id = self._event_id
        try:
            trial = await context_of(self).session.call(lambda store: replay(store, event_id))
        except SmstuiError as error:
            self.notify(error.message, markup=False)
            return
        self._replayed = trial_content(trial)
        self.action_choose(Pane.MEANING)

    def action_send_on(self) -> None:
        """Ask where to post the call, and post it."""
        from screens.resend import ResendDialog

        def remember(url: str | None) -> None:
            self._url = url or self._url

        if self._told is not None:
            self.app.push_screen(ResendDialog(self._told.record, self._url), remember)

    def action_copy(self) -> None:
        """Copy what the view shows."""
        copy(self, self._pane.text.plain, _("The view is copied."))

    def action_close(self) -> None:
        """Close."""
        self.dismiss(self._event_id)


def read_event(store: Store, event_id: int) -> Told:
    """Read an event with what is doubtful about what it did; done where the store lives.

    Raises:
        NotFound: it was pruned meanwhile.
        StoreError: the store cannot be read.
    """
    from smstui.webhooks.stored import opt_out_warning

    record = store.events.get(event_id)
    warning = opt_out_warning(store, record.webhook, record.event.consent_after)
    return Told(record, (warning,) if warning else ())
