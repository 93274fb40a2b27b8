"""Credentials in a bundle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from smstui.bundles.sections.values import written
from smstui.credentials import new_credential, stored_draft
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.providers.fields import FieldSpec, Issue
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
        draft = stored_draft(record)
        del draft["name"]
        return {"vendor": record.vendor, "fields": written(draft)}

    def read(self, reader: Reader, environment: str, name: str) -> Described | None:
        vendor = reader.text("vendor")
        fields = reader.below("fields")
        try:
            provider = provider_for(vendor)
        except SmstuiError as error:
            reader.refuse("vendor", error.message)
            return None
        specs: Mapping[str, FieldSpec] = provider.model.specs()
        own = {key: spec for key, spec in specs.items() if key != "name"}
        draft = {"name": name, **fields.draft(own)}
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
