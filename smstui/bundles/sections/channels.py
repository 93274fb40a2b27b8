"""Channel configurations in a bundle. Their status stays behind: one that is taken over is a draft
until its checks have run here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from smstui.bundles.document import Entry
from smstui.bundles.sections.base import (
    Described,
    Names,
    Repository,
    Resolve,
    Section,
)
from smstui.bundles.sections.values import (
    needed_credential,
    read_fields,
    resolved_draft,
    written_fields,
)
from smstui.channels.base import Channel
from smstui.channels.fields import (
    CREDENTIAL,
    channel_of,
    check,
    is_immediate,
    specs_for,
    vendors_for,
)
from smstui.channels.stored import new_channel, stored_draft
from smstui.i18n import N_, _
from smstui.providers.fields import Issue
from smstui.store.channel_records import ChannelRecord, State
from smstui.store.channels import Channels

if TYPE_CHECKING:
    from smstui.bundles.reading import Reader
    from smstui.store import Store


class ChannelSection(Section):
    """How channel configurations are written, checked and taken over."""

    key = "channels"
    records = Channels
    label = N_("channel configuration")
    plural = N_("channel configurations")

    def repository(self, store: Store) -> Repository:
        return store.channels

    def entry(self, store: Store, record: Any) -> Entry:
        return {"fields": written_fields(stored_draft(record))}

    def read(self, reader: Reader, environment: str, name: str) -> Described | None:
        specs = specs_for(Channel.SMS, ())
        draft = read_fields(reader.below("fields"), specs, name)
        return Described(environment, name, "", specs, draft, needed_credential(draft, CREDENTIAL))

    def check(self, described: Described, names: Names) -> list[Issue]:
        vendors = vendors_for(channel_of(described.draft))
        known = names.credentials(described.environment, vendors)
        return check(described.draft, known, as_draft=True)

    def keep(
        self, store: Store, described: Described, name: str, existing: Any, resolve: Resolve
    ) -> Sequence[str]:
        draft = resolved_draft(described, name, CREDENTIAL, resolve)
        as_draft = existing is None or existing.state is not State.ACTIVE
        new = new_channel(store, draft, as_draft=as_draft)
        store.channels.add_many([new], replace=existing is not None)
        return ()

    def obstacle(self, record: Any, ours: Described, theirs: Described) -> str:
        assert isinstance(record, ChannelRecord)  # noqa: S101 - what the repository holds
        if record.is_busy:
            return _("The checks of ours are running; it cannot be changed until they are through.")
        if record.state is State.DEACTIVATED:
            return _("Ours is deactivated and cannot be changed; reactivate it first.")
        if record.state is State.ACTIVE and not is_immediate(ours.draft, theirs.draft):
            return _("Ours is active: a change to it is submitted and checked, not imported.")
        return ""
