"""Credentials in a bundle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from smstui.bundles.document import Entry
from smstui.bundles.sections.base import (
    CREDENTIALS,
    Described,
    Names,
    Repository,
    Resolve,
    Section,
)
from smstui.bundles.sections.values import read_fields, written_fields
from smstui.credentials import new_credential, stored_draft
from smstui.i18n import N_, _
from smstui.providers.fields import Issue
from smstui.providers.registry import provider_for
from smstui.store.credentials import Credentials
from smstui.text import clean

if TYPE_CHECKING:
    from smstui.bundles.reading import Reader
    from smstui.store import Store


class CredentialSection(Section):
    """How credentials are written, checked and taken over."""

    key = CREDENTIALS
    records = Credentials
    label = N_("credential")
    plural = N_("credentials")

    def repository(self, store: Store) -> Repository:
        return store.credentials

    def entry(self, store: Store, record: Any) -> Entry:
        return {"vendor": record.vendor, "fields": written_fields(stored_draft(record))}

    def read(self, reader: Reader, environment: str, name: str) -> Described | None:
        provider = reader.known("vendor", provider_for)
        fields = reader.below("fields")
        if provider is None:
            return None
        specs = provider.model.specs()
        draft = read_fields(fields, specs, name)
        return Described(environment, name, provider.vendor, specs, draft)

    def check(self, described: Described, names: Names) -> list[Issue]:
        return provider_for(described.variety).check(described.draft)

    def keep(
        self, store: Store, described: Described, name: str, existing: Any, resolve: Resolve
    ) -> Sequence[str]:
        new = new_credential(described.variety, {**described.draft, "name": name})
        store.credentials.add_many([new], replace=existing is not None)
        return ()

    def obstacle(self, record: Any, ours: Described, theirs: Described) -> str:
        return other_vendor(ours, theirs)


def other_vendor(ours: Described, theirs: Described) -> str:
    """Return that two records of one name are of different vendors; empty when they are not."""
    if ours.variety == theirs.variety:
        return ""
    said = _("Ours is of {ours}, theirs of {theirs}; a record stays with its vendor.")
    return said.format(ours=clean(ours.variety), theirs=theirs.variety)
