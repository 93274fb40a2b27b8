"""What the checks of one channel configuration find: live while they run, and afterwards."""

from __future__ import annotations

import textwrap

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from screens.base import context_of
from screens.channel_rows import state_cell, update_cell
from screens.channel_runs import ShowsChannels, submit
from screens.page import Page
from screens.places import record_address, split_address
from screens.widgets.text_pane import TextPane
from smstui.channels.base import CHECK_WORDS, Check
from smstui.channels.running import whole
from smstui.channels.runs import settle
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.providers.base import Result
from smstui.results import GLYPHS
from smstui.store import Store
from smstui.store.channel_records import ChannelRecord, State
from smstui.text import clean
from smstui.times import ago

LOOK_SECONDS = 0.5
"""How often one looks again while another program carries the checks out."""
MUTED = "$foreground-muted"
STYLES = {
    "passed": "$text-success",
    "warned": "$text-warning",
    "failed": "$text-error",
    "pending": "$primary",
    "skipped": MUTED,
}


class ChannelChecksPage(Page, ShowsChannels):
    """One line for each check, with the reason below where there is one."""

    can_focus = True
    needs_width = True
    BINDINGS = [
        Binding(
            "ctrl+s,f9",
            "submit",
            N_("Submit"),
            id="channel-checks.submit",
            key_display="Ctrl+S",
            tooltip=N_("Have it checked again"),
        ),
        Binding(
            "e",
            "edit",
            N_("Edit"),
            id="channel-checks.edit",
            tooltip=N_("Change this configuration"),
        ),
        Binding(
            "f5",
            "refresh",
            N_("Refresh"),
            show=False,
            id="channel-checks.refresh",
            tooltip=N_("Read the checks again"),
        ),
        Binding("down,j", "scroll(1)", N_("Down"), show=False, id="channel-checks.down"),
        Binding("up,k", "scroll(-1)", N_("Up"), show=False, id="channel-checks.up"),
        Binding(
            "pagedown,space", "pages(1)", N_("Page down"), show=False, id="channel-checks.page-down"
        ),
        Binding("pageup", "pages(-1)", N_("Page up"), show=False, id="channel-checks.page-up"),
        Binding("escape", "back", N_("Back"), id="channel-checks.back"),
    ]
    help_text = N_(
        "What is checked when a channel configuration is submitted: the form, the credentials and "
        "their connection, the kind of sender and whose it is, webhooks, keywords, and whether one "
        "sender serves two purposes. What failed keeps it from being active; a warning does not. "
        "Nothing is sent, and the checks go on while one is elsewhere in the console."
    )

    def __init__(self, address: str, name: str) -> None:
        """Make the page.

        Args:
            address: its address in the shell.
            name: of the configuration.
        """
        super().__init__(address)
        self._channel_name = name
        self._record: ChannelRecord | None = None

    @property
    def place(self) -> str:
        """The address of the list."""
        return split_address(self.address)[0]

    @property
    def crumb(self) -> str:
        """The configuration's name, and what is told of it."""
        return _("Checks of {name}").format(name=clean(self._channel_name))

    def compose(self) -> ComposeResult:
        with Horizontal(classes="list-title"):
            yield Static(Text(clean(self._channel_name)), classes="list-name")
            yield Static(id="channel-status")
        yield TextPane(id="channel-checks")

    def focus_first(self) -> None:
        """Put the focus on the page, so that its keys work."""
        self.focus()

    def shown(self) -> None:
        """Read the checks."""
        self.look()

    def action_refresh(self) -> None:
        """Read the checks again."""
        self.look()

    def checks_went_on(self, channel_id: int) -> None:
        """Look again when it is this one's checks that went on."""
        if self._record is None or self._record.id == channel_id:
            self.look()

    @work(exclusive=True, group="look")
    async def look(self) -> None:
        """Read how the checks stand, and show it; go on while they run."""
        context = context_of(self)
        name, known = self._channel_name, self._record

        def read(store: Store) -> ChannelRecord:
            settle(store, context.clock())
            return store.channels.by_name(name) if known is None else store.channels.get(known.id)

        try:
            record = await context.session.call(read)
        except SmstuiError as error:
            self.query_one(TextPane).show(Content.styled(f"✗ {error.message}", STYLES["failed"]))
            return
        self._record = record
        self._show(record)
        if record.is_busy:
            self.set_timer(LOOK_SECONDS, self._look_again)

    def _look_again(self) -> None:
        if self.display and self.screen is self.app.screen and context_of(self).session.is_open:
            self.look()

    def _show(self, record: ChannelRecord) -> None:
        now = context_of(self).clock()
        cell = state_cell(record.state)
        said = clean(cell.text)
        if record.is_busy and record.run is not None:
            said += _(" · checked since {time:%H:%M:%S}").format(time=record.run.at)
        elif record.checked_at is not None:
            said += _(" · checked {when}").format(when=ago(record.checked_at, now))
        self.query_one("#channel-status", Static).update(Text(said), layout=False)
        pane = self.query_one(TextPane)
        pane.show(told(record, pane.size.width - 2))
        self.refresh_bindings()

    def on_resize(self) -> None:
        """Break the lines anew."""
        if self._record is not None:
            self._show(self._record)

    # Keys

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(TextPane).scroll_lines(lines)

    def action_pages(self, pages: int) -> None:
        """Scroll by pages."""
        self.query_one(TextPane).scroll_pages(pages)

    def action_edit(self) -> None:
        """Open the form of the configuration."""
        self.shell.navigate(record_address(self.place, self._channel_name))

    @work(exclusive=True, group="act")
    async def action_submit(self) -> None:
        """Have it checked again."""
        record = self._record
        if record is None:
            return
        try:
            self._record = await submit(self, record.id, record.revision)
        except SmstuiError as error:
            self.notify(clean(error.message), markup=False)
        self.look()


def told(record: ChannelRecord, width: int) -> Content:
    """Return all checks of a configuration with their reasons, and its most recent change.

    Args:
        record: the configuration.
        width: cells in a line.
    """
    if not record.checks and not record.is_busy:
        return Content.styled(_("Nothing was checked yet. Ctrl+S submits it."), MUTED)
    checks = whole(tuple(Check.from_record(check) for check in record.checks))
    column = max(len(_(word)) for word in CHECK_WORDS.values()) + 2
    lines = [line for check in checks for line in _lines(check, column, width)]
    if record.update is not None:
        lines += [Content(), *_update_lines(record)]
    if record.state is State.DEACTIVATED and not record.is_busy:
        said = _("It is out of use. Ctrl+S has it checked, and reactivates it.")
        lines += [Content(), Content.styled(said, MUTED)]
    return Content("\n").join(lines)


def _lines(check: Check, column: int, width: int) -> list[Content]:
    """Return sign, word and summary of a check, and the reason below where there is one."""
    result = check.result.value
    is_quiet = check.result in (Result.PASSED, Result.PENDING)
    style = "" if is_quiet else STYLES[result]
    indent = " " * (column + 2)
    room = max(width - len(indent), 20)
    summary = textwrap.wrap(clean(check.summary), room) or [""]
    head = Content.assemble(
        (GLYPHS[result], STYLES[result]),
        (f" {_(CHECK_WORDS[check.name]):<{column}}", style),
        (summary[0], style),
    )
    lines = [head, *(Content.styled(indent + part, style) for part in summary[1:])]
    if check.result in (Result.FAILED, Result.WARNED):
        code = _("Code {code}.").format(code=clean(check.code)) if check.code else ""
        reason = " ".join(filter(None, (clean(check.reason), code)))
        if reason != clean(check.summary):
            lines += [Content(indent + part) for part in textwrap.wrap(reason, room)]
    return lines


def _update_lines(record: ChannelRecord) -> list[Content]:
    assert record.update is not None  # noqa: S101 - the caller saw it
    update = record.update
    head = Content.assemble(
        (_("Recent update") + ": ", "bold"),
        clean(update_cell(update.state).text),
        (_(", asked for by {who}").format(who=clean(update.by)), MUTED),
    )
    changes = (
        clean(f"  {label}: {before or '–'} → {after or '–'}")
        for label, before, after in update.changes
    )
    return [head, *map(Content, changes)]
