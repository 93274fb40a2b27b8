"""Channel configurations: the list, and what is told about each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual import work
from textual.binding import Binding

from screens.base import context_of
from screens.channel_detail import column_lines, read_detail, strip_lines
from screens.channel_rows import COLUMNS, NEWEST_FIRST, counted
from screens.channel_runs import ShowsChannels, submit
from screens.list_page import Found, MakeLines
from screens.places import CHECKS, record_address
from screens.promote import promote_key
from screens.record_list import RecordListPage, RecordWords, RowSource, record_keys
from smstui.channels.filters import next_status, parse_filter
from smstui.channels.runs import settle
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.store import Store
from smstui.store.channel_records import ChannelRecord, State
from smstui.store.channels import Channels
from smstui.text import clean

LOOK_SECONDS = 2.0
"""How often the list looks again while checks run that another program carries out."""


class ChannelListPage(RecordListPage[ChannelRecord], ShowsChannels):
    """All channel configurations: the status of each, and what its checks found."""

    BINDINGS = record_keys(
        "channels",
        Binding(
            "v",
            "checks",
            N_("Checks"),
            id="channels.checks",
            tooltip=N_("What the checks of this configuration found, each with its reason"),
        ),
        Binding(
            "ctrl+s,f9",
            "submit",
            N_("Submit"),
            id="channels.submit",
            key_display="Ctrl+S",
            tooltip=N_("Have a draft, a failed one or a failed change checked again"),
        ),
        Binding(
            "a",
            "toggle_active",
            N_("De-/activate"),
            id="channels.active",
            tooltip=N_("Take an active one out of use, or have a deactivated one checked again"),
        ),
        Binding(
            "f",
            "next_status",
            N_("By status"),
            show=False,
            id="channels.status",
            tooltip=N_("Show only drafts, then only those in the next status, and so on"),
        ),
        promote_key("channels"),
        new=N_("Create a channel configuration"),
        edit=N_("Change this configuration; while it is active, the change is checked first"),
        delete=N_("Delete this configuration; asks first"),
        duplicate=N_("Create a configuration from a copy of this one"),
        filter=N_("Show only those that fit: words, channel:RCS, user:NAME, status:failed"),
    )

    help_text = N_(
        "A channel configuration names the credentials and the sender that messages go out with. "
        "It is a draft until it is submitted; then its checks run, and it is active when none "
        "failed. The filter takes words and, in any order, channel:SMS user:ada status:active. "
        "A deactivated one can be duplicated or reactivated, and neither changed nor deleted."
    )
    title = N_("Channel configurations")
    columns = COLUMNS
    needs_width = True
    newest_first = NEWEST_FIRST
    kind = RecordWords(
        deletion=N_("Its checks are removed with it; credentials and webhooks stay."),
        gone=N_("This configuration was deleted elsewhere meanwhile."),
    )

    def records(self, store: Store) -> Channels:
        """Return the repository of channel configurations."""
        return store.channels

    def none_yet(self) -> str:
        """Return which key makes the first configuration."""
        return _("No channel configurations yet. Press n to create the first one.")

    def counted(self, total: int) -> str:
        """Return how many configurations there are."""
        return counted(total)

    async def find(self) -> Found:
        """Read the configurations, narrowed to the filter; tell which runs broke off."""
        session = context_of(self).session
        query = parse_filter(self.words, self._sort, descending=self._is_descending)
        now = self.now

        def read(store: Store) -> tuple[Sequence[int], int, list[ChannelRecord], bool]:
            settled = settle(store, now)
            channels = store.channels
            return channels.ids(query), channels.count(), settled, bool(channels.busy())

        ids, total, settled, is_busy = await session.call(read)
        for record in settled:
            said = _("The checks of {name} were interrupted. Submit it again.")
            self.say(said.format(name=record.name))
        if is_busy:
            self.set_timer(LOOK_SECONDS, self._look)
        source = RowSource[Any](session, self.records, ids, self.now)
        return Found(source, total, (self._sort, self._is_descending))

    def _look(self) -> None:
        if self.display and self.screen is self.app.screen and context_of(self).session.is_open:
            self.reload()

    def checks_went_on(self, channel_id: int) -> None:
        """Read the list again, when somebody sees it."""
        self._look()

    async def read_detail(self, record_id: int) -> MakeLines:
        """Read what is told about a configuration: more of it where there is a column for it."""
        detail = await context_of(self).session.call(lambda store: read_detail(store, record_id))
        now = self.now
        return lambda width: (column_lines if self.is_wide else strip_lines)(detail, now, width)

    def action_next_status(self) -> None:
        """Narrow the list to the next status."""
        if not self._total:
            self.say(self.none_yet())
            return
        text = next_status(self.words)
        if text:
            self.filter.put(text)
        else:
            self.filter.reset()
        self.table.focus()

    @work(exclusive=True, group="act")
    async def action_checks(self) -> None:
        """Show what the checks of the configuration one stands on found."""
        record = await self.current()
        if record is not None:
            self.shell.navigate(record_address(f"{self.address}/{CHECKS}", record.name))

    @work(exclusive=True, group="act")
    async def action_submit(self) -> None:
        """Have the configuration one stands on checked."""
        record = await self.current()
        if record is None:
            return
        if record.state is State.DEACTIVATED:
            said = _("{name} is deactivated; a has it checked and reactivates it.")
            self.say(said.format(name=clean(record.name)))
            return
        await self._submit(record)

    @work(exclusive=True, group="act")
    async def action_toggle_active(self) -> None:
        """Deactivate the active one that one stands on, or reactivate a deactivated one."""
        record = await self.current()
        if record is None:
            return
        if record.state is State.DEACTIVATED:
            await self._submit(record)
        elif record.state is State.ACTIVE and not record.is_busy:
            await self._deactivate(record)
        else:
            said = _("{name} is not active yet. Ctrl+S submits it.")
            self.say(said.format(name=clean(record.name)))

    async def _deactivate(self, record: ChannelRecord) -> None:
        from screens.confirm import ConfirmDialog

        name = clean(record.name)
        sure = await self.app.push_screen_wait(
            ConfirmDialog(
                _("Deactivate {name}?").format(name=name),
                _("It cannot be chosen for new messages until it is reactivated."),
                confirm=_("Deactivate"),
            )
        )
        if sure is not True:
            return
        try:
            await context_of(self).session.call(
                lambda store: store.channels.deactivate(record.id, revision=record.revision)
            )
        except SmstuiError as error:
            self.say(error.message)
        else:
            self.say(_("{name} is deactivated.").format(name=name))
        self.reload()

    async def _submit(self, record: ChannelRecord) -> None:
        try:
            begun = await submit(self, record.id, record.revision)
        except SmstuiError as error:
            said = _("{name} cannot be submitted yet. {why} Press e to edit it.")
            is_incomplete = record.state in (State.DRAFT, State.FAILED) and not record.is_busy
            said = said.format(name=clean(record.name), why=error.message)
            self.say(said if is_incomplete else error.message)
            self.reload()
            return
        self.shell.navigate(record_address(f"{self.address}/{CHECKS}", begun.name))
