"""Secrets that stand in header rows: masked where they are shown, blanked where they leave."""

from __future__ import annotations

from typing import Any

import pytest

from smstui.credentials import (
    create,
    export_document,
    import_document,
    shown_value,
    stored_draft,
)
from smstui.importing import InvalidImport
from smstui.providers.custom import CustomProvider
from smstui.providers.registry import providers
from smstui.store import Store
from smstui.store.records import Actor
from tests.conftest import NOW, PASSPHRASE, MakeStore
from tests.providers.custom_support import draft

SECRET = "0123456789abcdef0123456789ab4f2a"
HEADERS = (
    ("Content-Type", "application/json"),
    ("Charset", "utf-8"),
    ("X-Api-Key", SECRET),
    ("X-Plain", "plain"),
)


@pytest.fixture
def store(make_store: MakeStore, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An open store, where the custom vendor is known."""
    custom = CustomProvider(lambda: NOW)
    vendors = {**providers(), custom.vendor: custom}
    monkeypatch.setattr("smstui.providers.registry.providers", lambda: vendors)
    with Store.open(make_store(), PASSPHRASE, actor=Actor("ada", ""), clock=lambda: NOW) as store:
        yield store


def test_a_secret_row_is_masked_and_blanked_and_kept(store: Store) -> None:
    record = create(store, "Custom", draft(headers=HEADERS))
    spec = CustomProvider.model.specs()["headers"]
    shown = shown_value(spec, stored_draft(record)["headers"])
    assert "X-Api-Key: set, ends in 4f2a, X-Plain: plain" in shown
    assert SECRET not in shown
    exported = export_document([record])
    assert SECRET not in str(exported)
    assert ["X-Plain", "plain"] in exported["credentials"][0]["headers"]
    exported["credentials"][0]["provider_name"] = "Other"
    import_document(store, exported, replace=True)
    after = stored_draft(store.credentials.by_name("relay"))
    assert after["provider_name"] == "Other"
    assert after["headers"] == HEADERS


def test_no_stored_secret_goes_to_another_address(store: Store) -> None:
    record = create(store, "Custom", draft(headers=HEADERS))
    exported = export_document([record])
    exported["credentials"][0]["provider_url"] = "https://evil.example.com/messages"
    with pytest.raises(InvalidImport, match="Provider URL differs from what is stored"):
        import_document(store, exported, replace=True)
    assert store.credentials.by_name("relay").fields == record.fields
