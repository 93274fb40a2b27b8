"""Making a bundle from what the store has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from smstui import __version__
from smstui.bundles.document import Bundle
from smstui.bundles.sections.registry import sections
from smstui.store.records import Action, ListQuery
from smstui.text import clean
from smstui.times import utc_now

if TYPE_CHECKING:
    from pathlib import Path

    from smstui.store import Store
    from smstui.times import Clock

KIND = "bundle"


def collect(
    store: Store,
    environments: Sequence[str] = (),
    *,
    with_secrets: bool,
    clock: Clock = utc_now,
) -> Bundle:
    """Return a bundle of what the store has; secrets stay wrapped until it is written.

    Args:
        store: where from.
        environments: names of those whose records are taken; all of them when none is named.
        with_secrets: whether secrets will stand in it.
        clock: the present moment.

    Raises:
        NotFound: there is no such environment.
        StoreError: the store cannot be read.
    """
    with store.changing():  # One moment for all of it: nobody writes meanwhile.
        entries = _entries(store, environments)
    return Bundle(
        made_at=clock(),
        made_by=store.user,
        made_with=__version__,
        has_secrets=with_secrets,
        entries=entries,
    )


def tell_exported(store: Store, path: Path, bundle: Bundle) -> None:
    """Let the audit trail tell of an export, and whether secrets went along."""
    fields = ("secrets",) if bundle.has_secrets else ()
    store.audit.record(Action.EXPORTED, kind=KIND, name=clean(str(path)), fields=fields)


def _entries(store: Store, environments: Sequence[str]) -> dict[str, list[Any]]:
    known = store.environments
    chosen = [known.by_name(name) for name in environments] or [
        known.get(id_) for id_ in known.ids(ListQuery())
    ]
    entries: dict[str, list[Any]] = {key: [] for key in sections()}
    for environment in {record.id: record for record in chosen}.values():
        inside = store.acting_in(environment.id)
        for section in sections().values():
            repository = section.repository(inside)
            if section.records.is_shared:
                records, where = [environment], {}
            else:
                records = [repository.get(id_) for id_ in repository.ids(ListQuery())]
                where = {"environment": environment.name}
            entries[section.key] += [
                {**where, "name": record.name, **section.entry(inside, record)}
                for record in records
            ]
    return entries
