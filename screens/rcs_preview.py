"""The message of an RCS set-up: typed at the left, and seen at the right as a phone shows it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from enum import StrEnum

from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from screens.base import ConsoleScreen
from screens.confirm import ConfirmDialog
from screens.copying import copy
from screens.rcs_preview_words import (
    bodies,
    measure_lines,
    picture_content,
    sent_content,
    title_of,
    trouble_of,
)
from screens.widgets.detail_lines import DetailLines
from screens.widgets.form import RecordForm
from screens.widgets.form_filling import FillableForm
from screens.widgets.key_bar import KeyBar
from screens.widgets.pairs_editor import PairsEditor
from screens.widgets.tab_strip import TabStrip
from screens.widgets.text_pane import TextPane
from screens.widgets.whereabouts import Whereabouts
from smstui.i18n import N_, _
from smstui.providers.fields import Draft, Issue
from smstui.rcs.cells import Line
from smstui.rcs.checks import contrast_to_white
from smstui.rcs.content import Card, Content, ContentKind, from_json, to_json
from smstui.rcs.content_checks import check_content, measures
from smstui.rcs.content_fields import (
    card_draft,
    content_draft,
    content_specs,
    issues_by_field,
    typed,
)
from smstui.rcs.picture import picture, sms_picture
from smstui.rcs.routes.registry import route
from smstui.text import clean


class View(StrEnum):
    """What stands at the right."""

    PHONE = "phone"
    SMS = "sms"
    SENT = "sent"


VIEW_WORDS: dict[str, str] = {
    View.PHONE: N_("RCS"),
    View.SMS: N_("SMS"),
    View.SENT: N_("As sent"),
}

WIDTH_OF_PHONE = 46
"""Cells that a phone takes at most."""


class RcsPreviewScreen(ConsoleScreen[str]):
    """Edits a message and draws it as one types; answers its JSON when it is closed."""

    CSS_PATH = [f"../styles/{name}.tcss" for name in ("form", "inspector", "rcs_preview")]
    AUTO_FOCUS = None
    # Keys of the carousel first: at 80 columns there is no room for more beside them.
    BINDINGS = [
        Binding(
            "ctrl+n",
            "add_card",
            N_("New card"),
            id="rcs-preview.add",
            key_display="Ctrl+N",
            tooltip=N_("Put one more card at the end of the carousel"),
            priority=True,
        ),
        Binding(
            "ctrl+t",
            "turn",
            N_("Next card"),
            id="rcs-preview.turn",
            key_display="Ctrl+T",
            tooltip=N_("The next card of the carousel; past the last comes the first"),
            priority=True,
        ),
        Binding(
            "f6",
            "other_half",
            N_("Picture"),
            id="rcs-preview.other-half",
            tooltip=N_("Go to the picture, or back to the fields"),
            priority=True,
        ),
        Binding(
            "f8",
            "view(1)",
            N_("Next view"),
            id="rcs-preview.next-view",
            tooltip=N_("The message, its fallback, and what is sent to the provider"),
        ),
        Binding("f7", "view(-1)", N_("Previous view"), show=False, id="rcs-preview.previous-view"),
        Binding(
            "ctrl+d",
            "remove_card",
            N_("Remove card"),
            id="rcs-preview.remove",
            key_display="Ctrl+D",
            tooltip=N_("Take this card out of the carousel"),
            priority=True,
        ),
        Binding(
            "ctrl+y,y",
            "copy",
            N_("Copy"),
            id="rcs-preview.copy",
            key_display="Ctrl+Y",
            tooltip=N_("Copy the message as JSON, or what is sent"),
        ),
        Binding("pageup", "scroll(-1)", N_("Scroll up"), show=False, id="rcs-preview.up"),
        Binding("pagedown", "scroll(1)", N_("Scroll down"), show=False, id="rcs-preview.down"),
        Binding("escape", "close", N_("Close"), id="rcs-preview.close"),
    ]
    area = N_("message")
    help_title = N_("Message")
    help_text = N_(
        "The picture follows what is typed; phones differ. A suggestion has a label and an "
        "action: nothing for a reply, https://…, tel:+39…, geo:45.46,9.19 and a name, location, or "
        "2030-03-01T10:00Z/2030-03-01T11:00Z and a title. Nothing is sent from here, and what is "
        "typed is kept with the set-up."
    )

    def __init__(
        self,
        route_name: str,
        agent: str,
        content: str = "",
        *,
        on_save: Callable[[str], None],
        color: str = "",
        sms_sender: str = "",
    ) -> None:
        """Make the screen.

        Args:
            route_name: the way to RCS, which sets limits and the format of what is sent.
            agent: the sender's display name; empty when it has none yet.
            content: the message as JSON, as an earlier screen answered it; empty for a new one.
            on_save: called with the message as JSON after every change.
            color: of the brand, ``#1A5FB4``; anything else counts as none.
            sms_sender: whom the fallback comes from; empty when that is not known.

        Raises:
            InvalidContent: the content is no such JSON.
            SmstuiError: there is no such route.
        """
        super().__init__()
        self._route = route(route_name)
        self._agent = agent
        self._content = from_json(content) if content else Content()
        self._is_new = not content
        self._card = 0
        self._on_save = on_save
        self._sms_sender = sms_sender
        self._title_told = self._trouble_told = ""
        self._color = color if contrast_to_white(color) is not None else ""

    def compose(self) -> ComposeResult:
        with Horizontal(id="header"):
            yield Static(id="title")
            yield Whereabouts()
        with Horizontal(id="halves"):
            yield FillableForm(
                content_specs(self._route.limits),
                content_draft(self._content, self._card),
                check=self._check,
                judged=not self._is_new,
            )
            with Vertical(id="shown"):
                yield TabStrip(VIEW_WORDS)
                yield TextPane(id="pane")
                yield DetailLines(id="measures")
        yield KeyBar()

    def on_mount(self) -> None:
        self._form.focus_first()
        self._draw()

    def on_resize(self) -> None:
        """Draw for the new size."""
        self.query_one(Whereabouts).tell()
        self.call_after_refresh(self._draw)

    @property
    def _form(self) -> FillableForm:
        return self.query_one(FillableForm)

    @property
    def _pane(self) -> TextPane:
        return self.query_one("#pane", TextPane)

    @property
    def _view(self) -> View:
        return View(self.query_one(TabStrip).chosen)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer cards to turn where there are several."""
        if action in ("turn", "add_card", "remove_card"):
            if self._content.kind is not ContentKind.CAROUSEL:
                return False
            if action == "add_card":
                return len(self._content.cards) < self._route.limits.cards[1] or None
            return len(self._content.cards) > 1 or None
        return super().check_action(action, parameters)

    # Typing

    def _check(self, draft: Draft) -> list[Issue]:
        content = typed(self._content, draft, self._card)
        here, _elsewhere = issues_by_field(check_content(content, self._route), self._card)
        return here

    @on(RecordForm.Changed)
    def _changed(self, event: RecordForm.Changed) -> None:
        event.stop()
        self._collect()
        if self._content.kind is not ContentKind.CAROUSEL and self._card:
            # A card alone is the first one.
            self.run_worker(self._go_to(0), exclusive=True, group="card", exit_on_error=False)

    def _collect(self) -> None:
        """Take over what the fields hold: keys may be quicker than the news of them."""
        self._keep(typed(self._content, self._form.draft(), self._card))

    def _keep(self, content: Content) -> None:
        if content == self._content:
            return
        self._content = content
        self._on_save(to_json(content))
        self._draw()
        self.refresh_bindings()

    # Cards

    @work(exclusive=True, group="card", exit_on_error=False)
    async def action_turn(self) -> None:
        """Go to the next card; past the last comes the first."""
        self._collect()
        await self._go_to((self._card + 1) % len(self._content.cards))

    @work(exclusive=True, group="card", exit_on_error=False)
    async def action_add_card(self) -> None:
        """Put an empty card at the end, and go there."""
        self._collect()
        cards = (*(self._content.cards or (Card(),)), Card())
        self._keep(dataclasses.replace(self._content, cards=cards))
        await self._go_to(len(cards) - 1)
        self._form.focus_field("title")

    @work(exclusive=True, group="card", exit_on_error=False)
    async def action_remove_card(self) -> None:
        """Take the card out, after asking when something stands on it."""
        self._collect()
        card, at = self._content.cards[self._card], self._card
        if card != Card():
            question = ConfirmDialog(
                _("Remove card {number}?").format(number=at + 1),
                clean(card.title or card.description or card.media),
                confirm=_("Remove"),
                dangerous=True,
            )
            if not await self.app.push_screen_wait(question):
                return
        cards = (*self._content.cards[:at], *self._content.cards[at + 1 :])
        self._card = min(at, len(cards) - 1)
        self._keep(dataclasses.replace(self._content, cards=cards))
        await self._go_to(self._card)

    async def _go_to(self, card: int) -> None:
        """Let the fields of a card show another one."""
        self._card = card
        form = self._form
        with self.app.batch_update():
            for name, value in card_draft(self._content, card).items():
                form.put(name, value)
            for editor in form.query(PairsEditor):
                await editor.drop_empty_rows()
            await form.recheck()
        self._draw()

    # Showing

    def _draw(self) -> None:
        self._tell_title()
        self._tell_elsewhere()
        if not self._pane.size.width:
            return  # The fields alone are seen.
        self._tell_measures()
        if self._view is View.SENT:
            self._pane.show(sent_content(self._route.as_sent(self._content)))
        else:
            self._pane.show(picture_content(self._picture(), self._color))

    def _picture(self) -> Sequence[Line]:
        width = min(self._pane.size.width - 2, WIDTH_OF_PHONE)
        height = self._pane.size.height
        if self._view is View.SMS:
            return sms_picture(self._content.fallback, self._sms_sender, width, height=height)
        return picture(self._content, self._agent, width, height=height, card=self._card)

    def _tell_title(self) -> None:
        title = title_of(self._agent, self._route.name, self._content, self._card)
        if title != self._title_told:
            self._title_told = title
            self.query_one("#title", Static).update(
                Text(title, no_wrap=True, overflow="ellipsis"), layout=False
            )

    def _tell_elsewhere(self) -> None:
        """Say what is wrong with a card that one is not at."""
        _here, elsewhere = issues_by_field(check_content(self._content, self._route), self._card)
        said = trouble_of(elsewhere)
        if said != self._trouble_told:
            self._trouble_told = said
            self._form.show_trouble(said)

    def _tell_measures(self) -> None:
        """Say how much of the limits is used, and whose limits they are."""
        told = self.query_one("#measures", DetailLines)
        limits = self._route.limits
        found = measures(self._content, limits, self._card)
        lines = measure_lines(found, limits.source, self._pane.size.width)
        told.styles.height = len(lines)
        told.show(lambda width: measure_lines(found, limits.source, width))

    # What the keys do

    @on(TabStrip.Turned)
    def _turned(self, event: TabStrip.Turned) -> None:
        event.stop()
        self.action_view(event.step)

    @on(TabStrip.Scrolled)
    def _scrolled(self, event: TabStrip.Scrolled) -> None:
        event.stop()
        self._pane.scroll_lines(event.lines)

    @on(events.DescendantFocus)
    def _follow_focus(self, event: events.DescendantFocus) -> None:
        """Where there is room for one half alone, show the one that has the focus."""
        self.set_class(isinstance(event.widget, TabStrip), "-picture")
        self.call_after_refresh(self._draw)

    def action_other_half(self) -> None:
        """Go to the picture, or back to the fields."""
        strip = self.query_one(TabStrip)
        if strip.has_focus:
            self.remove_class("-picture")
            self._form.focus_first()
        else:
            self.add_class("-picture")
            strip.focus()

    def action_view(self, step: int) -> None:
        """Show the next or the previous view; past the last comes the first."""
        views = list(View)
        chosen = views[(views.index(self._view) + step) % len(views)]
        self.query_one(TabStrip).chosen = chosen.value
        self._draw()
        self._pane.scroll_top()

    def action_scroll(self, pages: int) -> None:
        """Scroll what stands at the right."""
        self._pane.scroll_pages(pages)

    def action_copy(self) -> None:
        """Copy what is sent where that is seen, else the message as JSON."""
        parts = self._route.as_sent(self._content)
        if self._view is View.SENT and parts:
            copy(self, bodies(parts), _("What is sent is copied."))
        else:
            copy(self, to_json(self._content), _("The message is copied as JSON."))

    def action_close(self) -> None:
        """Close; the message is the answer."""
        self._collect()
        self.dismiss(to_json(self._content))
