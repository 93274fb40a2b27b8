"""Promoting a record: the same in another environment, after one has seen what would change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from smstui import credentials
from smstui.channels import stored as channels
from smstui.channels.fields import specs_for as channel_specs
from smstui.comparison import Change, changes_between
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.providers.fields import Draft, FieldSpec, is_empty
from smstui.providers.registry import provider_for
from smstui.store.errors import NameTaken, NotFound, StaleRevision
from smstui.store.records import Action
from smstui.webhooks import stored as webhooks
from smstui.webhooks.fields import specs_for as webhook_specs
from smstui.webhooks.vendors.registry import webhook_vendor

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.store.environments import EnvironmentRecord
    from smstui.store.named import NamedRecords


class NotPromoted(SmstuiError):
    """The record cannot be the same in the other environment."""

    title = N_("Nothing was promoted")


@dataclass(frozen=True, slots=True)
class Promotion:
    """What a promotion would do.

    Attributes:
        kind: of the record, a key of `KINDS`.
        record: what is promoted.
        existing: the record of that name in the other environment; None when it would be new.
        environment: where to.
        changes: the fields that differ there.
        kept: labels of the secrets that are the same there.
    """

    kind: str
    record: Any
    existing: Any
    environment: EnvironmentRecord
    changes: tuple[Change, ...]
    kept: tuple[str, ...]

    @property
    def is_needed(self) -> bool:
        """Whether anything would change."""
        return self.existing is None or bool(self.changes)


class _Kind(NamedTuple):
    """How records of one kind become drafts, and drafts records.

    ``what`` decides on the fields of a record and can never change: its vendor, mostly.
    """

    repository: Callable[[Store], NamedRecords[Any, Any, Any]]
    specs: Callable[[Any], Mapping[str, FieldSpec]]
    draft: Callable[[Any], Draft]
    create: Callable[[Store, Any, Draft], Any]
    update: Callable[[Store, Any, Draft], Any]
    what: Callable[[Any], str] = attrgetter("vendor")


KINDS: Mapping[str, _Kind] = {
    "credential": _Kind(
        lambda store: store.credentials,
        lambda record: provider_for(record.vendor).model.specs(),
        credentials.stored_draft,
        lambda store, record, draft: credentials.create(store, record.vendor, draft),
        credentials.update,
    ),
    "webhook": _Kind(
        lambda store: store.webhooks,
        lambda record: webhook_specs(webhook_vendor(record.vendor), [record.credential]),
        webhooks.stored_draft,
        lambda store, record, draft: webhooks.create(store, record.vendor, draft),
        webhooks.update,
    ),
    "channel configuration": _Kind(
        lambda store: store.channels,
        lambda record: channel_specs(record.channel, [record.credential]),
        channels.stored_draft,
        lambda store, record, draft: channels.create(store, draft),
        channels.update,
        attrgetter("channel"),
    ),
}
"""The kinds of records that can be promoted, as the audit trail calls them."""


def plan(store: Store, kind: str, record_id: int, environment_id: int) -> Promotion:
    """Return what promoting a record would do; nothing is changed.

    Args:
        store: where it is.
        kind: of the record, a key of `KINDS`.
        record_id: which one.
        environment_id: where to.

    Raises:
        NotPromoted: it cannot be the same there.
        NotFound: the record or the environment is gone.
        SmstuiError: this version does not know the record's vendor.
    """
    of = KINDS[kind]
    record = of.repository(store).get(record_id)
    environment = store.environments.get(environment_id)
    if environment.id == record.environment_id:
        said = _("{name} is in {environment} already. Choose another environment.")
        raise NotPromoted(said.format(name=record.name, environment=environment.name))
    there = store.acting_in(environment.id)
    existing = _by_name(of.repository(there), record.name)
    if existing is not None and of.what(existing) != of.what(record):
        said = _("In {environment} there is a {name} of {what}. Rename one of the two first.")
        raise NotPromoted(
            said.format(environment=environment.name, name=existing.name, what=of.what(existing))
        )
    needed = getattr(record, "credential", "")
    if needed and _by_name(there.credentials, needed) is None:
        said = _("It needs the credential {name}. Promote that to {environment} first.")
        raise NotPromoted(said.format(name=needed, environment=environment.name))
    specs, after = of.specs(record), of.draft(record)
    before = {} if existing is None else of.draft(existing)
    kept = (
        _(spec.label)
        for name, spec in specs.items()
        if spec.is_secret and not is_empty(after.get(name)) and before.get(name) == after[name]
    )
    changes = changes_between(specs, before, after)
    return Promotion(kind, record, existing, environment, tuple(changes), tuple(kept))


def promote(store: Store, promotion: Promotion) -> Any:
    """Carry a promotion out, and return the record there; all of it is done, or nothing.

    What refers to the record stays where it is; what was verified is not told of the new one. A
    channel configuration becomes a draft there, which has to be submitted.

    Raises:
        NotPromoted: something changed since `plan` looked.
        InvalidFields: the record does not fit its fields any more.
    """
    of = KINDS[promotion.kind]
    there = store.acting_in(promotion.environment.id)
    existing = promotion.existing
    try:
        with store.changing():
            record = of.repository(store).get(promotion.record.id)
            if record.revision != promotion.record.revision:
                raise _changed(promotion)
            draft = of.draft(record)
            if existing is None:
                made = of.create(there, record, draft)
            else:
                # A secret that the record does not have is not to stay there.
                made = of.update(there, existing, {**dict.fromkeys(existing.secrets, ""), **draft})
            store.audit.record(
                Action.PROMOTED,
                kind=promotion.kind,
                object_id=record.id,
                name=record.name,
                table=of.repository(store).table,
                fields=(promotion.environment.name,),
            )
    except (NameTaken, NotFound, StaleRevision):
        raise _changed(promotion) from None
    return made


def _changed(promotion: Promotion) -> NotPromoted:
    said = _("{name} or {environment} was changed meanwhile. Look at the differences again.")
    return NotPromoted(
        said.format(name=promotion.record.name, environment=promotion.environment.name)
    )


def _by_name(repository: NamedRecords[Any, Any, Any], name: str) -> Any:
    try:
        return repository.by_name(name)
    except NotFound:
        return None
