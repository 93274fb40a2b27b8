"""A console around a store with a record of every kind, and bundles to open in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smstui.bundles.document import to_json
from smstui.bundles.exporting import collect
from smstui.bundles.files import pack
from smstui.store import Store
from tests.bundles.conftest import remembered_bundle_keys
from tests.bundles.kit import SEALING, entry_of, fill
from tests.conftest import NOW

__all__ = ["remembered_bundle_keys"]


class Bundles:
    """Fills a store and keeps bundles of it, as it was and with some records changed."""

    def __init__(self, folder: Path) -> None:
        self.sealed = folder / "acme.smstui"
        self.edited = folder / "acme.json"
        self.wrong = folder / "wrong.json"

    def fill(self, store: Store) -> None:
        """Fill the store, and write the bundles."""
        fill(store)
        bundle = collect(store, with_secrets=True, clock=lambda: NOW)
        self.sealed.write_bytes(pack(bundle, SEALING))
        document = json.loads(to_json(bundle))
        twilio = entry_of(document, "credentials", "twilio-main")["fields"]
        twilio["inbound_number"] = "+12025550199"
        twilio["auth_token"] = "another canary 0123456789abcdef"
        relay = entry_of(document, "credentials", "relay")
        copied = {**relay, "name": "relay-north", "fields": {**relay["fields"]}}
        document["credentials"].append(copied)
        entry_of(document, "environments", "production")["fields"]["colour"] = "amber"
        production = next(e for e in document["credentials"] if e["environment"] == "production")
        production["fields"]["inbound_number"] = "+12025550198"
        self.edited.write_text(json.dumps(document))
        copied["fields"]["colour"] = "red"
        twilio["account_sid"] = "AC12"
        document["webhooks"][0]["fields"]["credential"] = "nobody"
        self.wrong.write_text(json.dumps(document))


@pytest.fixture
def bundles(home: Path) -> Bundles:
    """Bundles in one's home folder, which are written when the store is filled."""
    return Bundles(home)
