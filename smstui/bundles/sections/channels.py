"""Channel configurations in a bundle. Their status stays behind: one that is taken over is a draft
until its checks have run here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from smstui.bundles.document import Entry
from smstui.bundles.sections.base import (
    CREDENTIALS,
    Described,
    Names,
    Reference,
    Repository,
    Resolve,
    Section,
)
from smstui.bundles.sections.values import written
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
from smstui.providers.fields import Issue, text_of
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
        draft = stored_draft(record)
        del draft["name"]
        return {"fields": written(draft)}

    def read(self, reader: Reader, environment: str, name: str) -> Described | None:
        specs = specs_for(Channel.SMS, ())
        own = {key: spec for key, spec in specs.items() if key != "name"}
        draft = {"name": name, **reader.below("fields").draft(own)}
        named = text_of(draft.get(CREDENTIAL))
        needs = (Reference(CREDENTIALS, named, f"fields.{CREDENTIAL}"),) if named else ()
        return Described(environment, name, "", specs, draft, needs)

    def check(self, described: Described, names: Names) -> list[Issue]:
        vendors = vendors_for(channel_of(described.draft))
        known = names.credentials(described.environment, vendors)
        return check(described.draft, known, as_draft=True)

    def keep(
        self, store: Store, described: Described, name: str, existing: Any, resolve: Resolve
    ) -> Sequence[str]:
        draft = {**described.draft, "name": name}
        for reference in described.references:
            draft[CREDENTIAL] = resolve(reference.section, reference.name).name
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
