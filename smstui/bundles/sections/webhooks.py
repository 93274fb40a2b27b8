"""Webhooks in a bundle.

The unguessable end of a webhook's URL goes along as a secret: a store that is set up anew is called
at the same address. A webhook that is there already keeps its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from smstui.bundles.document import Entry
from smstui.bundles.sections.base import (
    WEBHOOKS,
    Described,
    Names,
    Repository,
    Resolve,
    Section,
)
from smstui.bundles.sections.credentials import other_vendor
from smstui.bundles.sections.values import (
    needed_credential,
    read_fields,
    resolved_draft,
    written_fields,
)
from smstui.i18n import N_, _
from smstui.providers.fields import Issue
from smstui.store.errors import NotFound
from smstui.store.webhooks import Webhooks
from smstui.text import clean
from smstui.webhooks import fields as webhook_fields
from smstui.webhooks.stored import new_path, new_webhook, stored_draft
from smstui.webhooks.vendors.registry import webhook_vendor

if TYPE_CHECKING:
    from smstui.bundles.reading import Reader
    from smstui.store import Store

CREDENTIAL = "credential"
_PATH = re.compile(r"[A-Za-z0-9_-]{16,128}")


class WebhookSection(Section):
    """How webhooks are written, checked and taken over."""

    key = WEBHOOKS
    records = Webhooks
    label = N_("SMS webhook")
    plural = N_("SMS webhooks")

    def repository(self, store: Store) -> Repository:
        return store.webhooks

    def entry(self, store: Store, record: Any) -> Entry:
        specs = webhook_fields.specs_for(webhook_vendor(record.vendor), ())
        # A vendor whose webhooks are all of one type has no field for it.
        draft = {key: value for key, value in stored_draft(record).items() if key in specs}
        return {
            "vendor": record.vendor,
            "url_path": SecretStr(record.path),
            "fields": written_fields(draft),
        }

    def read(self, reader: Reader, environment: str, name: str) -> Described | None:
        path = reader.text("url_path", required=False)
        if path and not _PATH.fullmatch(path):
            reader.refuse("url_path", _("16 to 128 letters, digits, _ and - belong here."))
        vendor = reader.known("vendor", webhook_vendor)
        if vendor is None:
            return None
        specs = webhook_fields.specs_for(vendor, ())
        draft = read_fields(reader.below("fields"), specs, name)
        needs = needed_credential(draft, CREDENTIAL)
        return Described(environment, name, vendor.vendor, specs, draft, needs, path)

    def check(self, described: Described, names: Names) -> list[Issue]:
        vendor = webhook_vendor(described.variety)
        known = names.credentials(described.environment, vendor.credential_vendors)
        is_bound = bool(described.references)
        return webhook_fields.check(vendor, described.draft, known, is_bound=is_bound)

    def keep(
        self, store: Store, described: Described, name: str, existing: Any, resolve: Resolve
    ) -> Sequence[str]:
        draft = resolved_draft(described, name, CREDENTIAL, resolve)
        # A set-up makes its webhooks before its credential; until then they name none.
        is_bound = bool(described.references)
        path, remarks = new_path(), []
        if existing is not None:
            path = existing.path
        elif described.body and name == described.name:
            if _is_free(store, described.body):
                path = described.body
            else:
                said = _("{name} has a new URL: another webhook here has the one of the bundle.")
                remarks.append(said.format(name=clean(name)))
        new = new_webhook(store, described.variety, draft, path, is_bound=is_bound)
        store.webhooks.add_many([new], replace=existing is not None)
        return remarks

    def obstacle(self, record: Any, ours: Described, theirs: Described) -> str:
        return other_vendor(ours, theirs)


def _is_free(store: Store, path: str) -> bool:
    try:
        store.webhooks.by_path(path)
    except NotFound:
        return True
    return False
