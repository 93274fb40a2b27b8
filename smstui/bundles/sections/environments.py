"""Environments in a bundle: what everything else in it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from smstui.bundles.document import Entry
from smstui.bundles.sections.base import (
    ENVIRONMENTS,
    Described,
    Names,
    Repository,
    Resolve,
    Section,
)
from smstui.bundles.sections.values import read_fields, written_fields
from smstui.environments import SPECS, check, new_environment, stored_draft
from smstui.i18n import N_
from smstui.providers.fields import Issue
from smstui.store.environments import Environments

if TYPE_CHECKING:
    from smstui.bundles.reading import Reader
    from smstui.store import Store


class EnvironmentSection(Section):
    """How environments are written, checked and taken over."""

    key = ENVIRONMENTS
    records = Environments
    label = N_("environment")
    plural = N_("environments")
    may_copy = False  # The records of the bundle would not know to which of the two they belong.

    def repository(self, store: Store) -> Repository:
        return store.environments

    def entry(self, store: Store, record: Any) -> Entry:
        return {"fields": written_fields(stored_draft(record))}

    def read(self, reader: Reader, environment: str, name: str) -> Described | None:
        defaults = {key: spec.default for key, spec in SPECS.items()}
        draft = {**defaults, **read_fields(reader.below("fields"), SPECS, name)}
        return Described("", name, "", SPECS, draft)

    def check(self, described: Described, names: Names) -> list[Issue]:
        return check(described.draft)

    def keep(
        self, store: Store, described: Described, name: str, existing: Any, resolve: Resolve
    ) -> Sequence[str]:
        new = new_environment({**described.draft, "name": name})
        store.environments.add_many([new], replace=existing is not None)
        return ()
