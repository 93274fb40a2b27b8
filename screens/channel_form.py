"""The form for one channel configuration: new, copied or stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding

from screens.base import context_of
from screens.channel_runs import start
from screens.places import CHECKS, record_address
from screens.record_form import SUBMIT_KEY, VENDOR, RecordFormPage
from screens.widgets.form import Check, RecordForm, Specs
from smstui.channels import fields, runs
from smstui.channels.base import Channel
from smstui.channels.stored import (
    asked_draft,
    create,
    credential_names,
    duplicate_draft,
    needs_checks,
    update,
)
from smstui.i18n import N_, _
from smstui.providers.fields import Draft, Issue, Value
from smstui.store.channel_records import ChannelRecord, State

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.store.channels import Channels

ROOMY = 100
"""Cells from which on all keys have room beside what is said at the end of their row."""


class ChannelFormPage(RecordFormPage[ChannelRecord]):
    """Creates or changes one channel configuration; the channel is what its fields depend on."""

    help_text = N_(
        "Name the credentials and the sender that messages go out with. F4 keeps it as a draft, "
        "complete or not. Ctrl+S submits it: its checks run, and it is active when none failed. "
        "While it is active, name, channel and subdomain stay; another change is checked before "
        "it holds, and description and tags are changed at once."
    )
    new_crumb = N_("New channel configuration")
    as_new = N_("What you see here can be saved as a new configuration.")
    BINDINGS = [
        SUBMIT_KEY,
        Binding(
            "f4",
            "save_draft",
            N_("Draft"),
            id="channel-form.draft",
            key_display="F4",
            tooltip=N_("Keep it as it is, complete or not, without any checks"),
        ),
    ]

    def __init__(self, address: str, name: str | None = None, copy_of: str | None = None) -> None:
        super().__init__(address, name, copy_of)
        self._names: dict[str, list[str]] = {}
        self._is_submitting = False

    async def prepare(self) -> None:
        """Read which credentials there are, and tell as interrupted what nobody checks."""
        context = context_of(self)

        def read(store: Store) -> dict[str, list[str]]:
            runs.settle(store, context.clock())
            return {channel.value: credential_names(store, channel.value) for channel in Channel}

        self._names = await context.session.call(read)

    def records(self, store: Store) -> Channels:
        """Return the repository of channel configurations."""
        return store.channels

    def vendor_of(self, record: ChannelRecord) -> str:
        """Return the channel, which decides on the fields."""
        return record.channel

    def first_vendor(self) -> str:
        """Return the first channel that there are credentials for, else the first one."""
        return next((name for name, found in self._names.items() if found), Channel.SMS.value)

    @property
    def read_only(self) -> set[str]:
        """What is fixed in the present status; everything while checks run."""
        record = self._record
        if record is None:
            return set()
        fixed = fields.fixed_in(record.state, is_busy=record.is_busy)
        return {VENDOR if name == fields.CHANNEL else name for name in fixed}

    def draft_of(self, record: ChannelRecord) -> dict[str, Value]:
        """Return a stored configuration as a draft; a change that failed is still asked for."""
        return _without_channel(asked_draft(record))

    def copy_draft(self, store: Store, record: ChannelRecord) -> dict[str, Value]:
        """Return the draft that a copy of a configuration begins with."""
        return _without_channel(duplicate_draft(store, record))

    def create(self, store: Store, vendor: str, draft: Draft) -> ChannelRecord:
        """Save a new configuration, and let its checks begin when it is submitted."""
        with store.changing():
            record = create(store, {**draft, fields.CHANNEL: vendor})
            return runs.begin(store, record) if self._is_submitting else record

    def update(self, store: Store, record: ChannelRecord, draft: Draft) -> ChannelRecord:
        """Save a changed configuration, or have the change checked, as its status wants it."""
        whole = {**draft, fields.CHANNEL: self._vendor}
        with store.changing():
            if record.state is State.ACTIVE and needs_checks(record, whole):
                return runs.begin_update(store, record, whole)
            saved = update(store, record, whole)
            is_waiting = saved.state in (State.DRAFT, State.FAILED)
            return runs.begin(store, saved) if self._is_submitting and is_waiting else saved

    def specs(self, vendor: str) -> Specs:
        """Return the fields of a configuration of that channel."""
        specs = fields.specs_for(vendor, self._names.get(vendor, ()))
        return {VENDOR if name == fields.CHANNEL else name: spec for name, spec in specs.items()}

    def check(self, vendor: str) -> Check:
        """Return what is said of a draft."""
        names = self._names.get(vendor, ())

        def look(draft: Draft) -> list[Issue]:
            typed = {k: v for k, v in draft.items() if k != VENDOR}
            return fields.check({**typed, fields.CHANNEL: vendor}, names)

        return look

    async def show_form(self, vendor: str, draft: Draft, *, judged: bool = False) -> None:
        await super().show_form(vendor, draft, judged=judged and not self._is_half_done)
        if self._form is not None:
            self._form.say("name", self._standing())

    def focus_first(self) -> None:
        """Put the focus on the first field; on the page where none can be changed."""
        super().focus_first()
        if self.read_only >= {*self.specs(self._vendor or Channel.SMS)}:
            self.can_focus = True
            self.focus()

    @property
    def _is_half_done(self) -> bool:
        """Whether it is a draft, whose missing fields are no news."""
        return self._record is not None and self._record.state is State.DRAFT

    def _standing(self) -> str:
        """Return what the status means for who wants to change something."""
        record = self._record
        if record is None:
            return ""
        if record.is_busy:
            return _("Its checks are running; nothing can be changed until they are through.")
        if record.state is State.DEACTIVATED:
            return _("Deactivated: reactivate it in the list (a), or duplicate it (c).")
        if record.state is not State.ACTIVE:
            return ""
        if record.update is not None and record.update.is_open:
            return _("Active as it was before; you see the change that did not pass its checks.")
        return _("Active: a change is checked before it holds.")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer drafts as long as it is none of the active or deactivated ones."""
        if action == "save_draft":
            return self._record is None or self._record.state in (State.DRAFT, State.FAILED)
        return super().check_action(action, parameters)

    async def action_save_draft(self) -> None:
        """Keep it as it is."""
        self._is_submitting = False
        await self.submit(judged=False)

    async def action_submit(self) -> None:
        """Save, and have it checked; with an error in a field, go there instead."""
        self._is_submitting = True
        await self.submit()

    def _remark(self, remark: str) -> None:
        """Say it shorter where the key for drafts would have no room beside it."""
        is_short = remark and self.app.size.width < ROOMY
        super()._remark(_("not saved") if is_short else remark)

    def _tell_saved(self, form: RecordForm, record: ChannelRecord) -> None:
        if not record.is_busy:  # Its checks tell more.
            super()._tell_saved(form, record)

    async def after_saving(self, record: ChannelRecord, then: str) -> None:
        """Go to the checks when they run, else back to the list."""
        if not record.is_busy:
            await super().after_saving(record, then)
            return
        start(self, record)
        shell, address = self.shell, record_address(f"{self.place}/{CHECKS}", record.name)

        async def go() -> None:
            await shell.navigate(address, remember=False).wait()

        self.leave_by(go())


def _without_channel(draft: Draft) -> dict[str, Value]:
    return {name: value for name, value in draft.items() if name != fields.CHANNEL}
