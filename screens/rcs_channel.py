"""Step 6 of the RCS wizard: the channel configuration that messages are sent through."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from screens.base import context_of
from screens.places import record_address
from screens.rcs_step import StepPane
from screens.rcs_task_rows import blocks
from screens.widgets.form import RecordForm
from screens.widgets.inspector import MUTED
from screens.widgets.text_pane import TextPane
from smstui.channels.base import STATE_WORDS, Channel
from smstui.channels.fields import check_name
from smstui.channels.stored import rcs_draft
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.providers.base import InvalidFields
from smstui.providers.fields import Draft, FieldSpec, Issue, check_fields, text_of
from smstui.rcs.base import Step
from smstui.rcs.document import Document
from smstui.rcs.stored import credential_of
from smstui.store.channel_records import State
from smstui.store.errors import NotFound
from smstui.store.records import MAX_NAME, ListQuery
from smstui.text import clean

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.store.channel_records import ChannelRecord, ChannelRow

PLACE = "channels"
"""The place of channel configurations."""
SIGNS: Mapping[str, str] = {
    State.DRAFT: "○",
    State.PROCESSING: "●",
    State.ACTIVE: "✓",
    State.FAILED: "✗",
    State.DEACTIVATED: "–",
}
"""Beside the words of the states."""
_SENDERS = ("sender_id", "sender_name")
"""What the sender is called in the registration."""


class ChannelPane(StepPane):
    """Makes a draft of a channel configuration, and shows those that use the credential."""

    step = Step.CHANNEL
    help_text = N_(
        "Messages are sent through a channel configuration: it names the credential and the "
        "sender. Here a draft of one is made from the set-up. Its other fields are filled in among "
        "the channel configurations, where it is submitted and its checks run."
    )
    BINDINGS = [
        Binding(
            "ctrl+s,f9",
            "make",
            N_("Make draft"),
            id="rcs-channel.make",
            key_display="Ctrl+S",
            tooltip=N_("Make a draft of a channel configuration from this set-up"),
        ),
        Binding(
            "f3",
            "open",
            N_("Open"),
            id="rcs-channel.open",
            tooltip=N_("Open the newest channel configuration that uses the credential"),
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[ChannelRow] = ()
        self._form: RecordForm | None = None

    def compose(self) -> ComposeResult:
        proposed = proposed_name(self.document.name)
        self._form = RecordForm(SPECS, {"name": proposed}, check=_check)
        yield self._form
        with Vertical(classes="after"):
            yield TextPane(id="pane")

    def on_mount(self) -> None:
        self._load()

    def focus_first(self) -> None:
        if self._form is not None:
            self._form.focus_first()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to open what there is."""
        return bool(self._rows) if action == "open" else super().check_action(action, parameters)

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self) -> None:
        """Read which configurations use the credential."""
        document = self.wizard.base
        try:
            self._rows = await context_of(self).session.call(
                lambda store: configurations_of(store, document)
            )
        except SmstuiError as error:
            self.query_one("#pane", TextPane).show(Content(f"✗ {clean(error.message)}"))
            return
        self._tell()
        self.refresh_bindings()

    def _tell(self) -> None:
        lines = [
            Content(f"{SIGNS[row.state]} {_(STATE_WORDS[row.state])}  {clean(row.name)}")
            for row in self._rows
        ]
        found = Content("\n").join(lines) if lines else Content(_("None uses the credential yet."))
        about = _("A draft names credential and sender. Submit it among the configurations.")
        self.query_one("#pane", TextPane).show(
            blocks(
                Content.styled(about, MUTED),
                Content.styled(_("Channel configurations with this credential"), "bold")
                + Content("\n")
                + found,
            )
        )

    def action_make(self) -> None:
        """Make a draft; with an error in the name, go there instead."""
        self.wizard.do(self._make)

    async def _make(self) -> None:
        form = self._form
        if form is None or not await form.submit():
            return
        document, name = self.document, text_of(form.draft()["name"])
        try:
            record = await context_of(self).session.call(
                lambda store: create_draft(store, document, name)
            )
        except InvalidFields as error:
            if any(issue.field == "name" for issue in error.issues):
                await form.tell(error.issues)
            else:
                form.show_trouble(error.message)
            return
        except SmstuiError as error:
            form.show_trouble(error.message)
            return
        form.show_trouble("")
        said = _("{name} is kept as a draft. F3 opens it, to fill in the rest and submit it.")
        self.notify(said.format(name=clean(record.name)), markup=False)
        self._load()

    def action_open(self) -> None:
        """Open the newest configuration that uses the credential."""
        if self._rows:
            newest = max(self._rows, key=lambda row: row.id)
            self.wizard.shell.navigate(record_address(PLACE, newest.name))


def create_draft(store: Store, document: Document, name: str) -> ChannelRecord:
    """Make a draft of a channel configuration from a set-up.

    Raises:
        NotFound: the credential was deleted meanwhile.
        InvalidFields: the name breaks Adobe's rule.
    """
    if document.credential_id is None:
        raise NotFound(_("The credential was deleted. Go back to its step: F7."))
    return rcs_draft(
        store, name=name, credential_id=document.credential_id, sender=sender_of(document)
    )


def sender_of(document: Document) -> str:
    """Return the sender's id at the provider; empty when it has none yet."""
    found = (text_of(document.register.get(name)) for name in _SENDERS)
    return next(filter(None, found), "")


def configurations_of(store: Store, document: Document) -> list[ChannelRow]:
    """Return the RCS configurations that use the credential of a set-up."""
    credential = credential_of(store, document)
    if credential is None:
        return []
    rows = store.channels.rows(store.channels.ids(ListQuery()))
    return [row for row in rows if row.credential == credential.name and row.channel == Channel.RCS]


def proposed_name(name: str) -> str:
    """Return a name by Adobe's rule: a letter first, then letters, digits, and ``_ . -``."""
    plain = re.sub(r"[^A-Za-z0-9_.-]+", "_", name).strip("_")
    return (plain if plain[:1].isalpha() else f"RCS_{plain}".rstrip("_"))[:MAX_NAME]


SPECS = {
    "name": FieldSpec(
        label=N_("Name"),
        required=True,
        max_length=MAX_NAME,
        help=N_("Of the configuration: begins with a letter; then letters, digits, _ . and -."),
        check=check_name,
    )
}


def _check(draft: Draft) -> list[Issue]:
    return check_fields(SPECS, draft)
