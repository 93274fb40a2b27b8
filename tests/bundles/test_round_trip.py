"""What was exported is what comes back; secrets go along, stay blank, or are left alone."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from smstui.bundles.document import to_json
from smstui.bundles.errors import BundleError, NotImported
from smstui.bundles.exporting import collect
from smstui.bundles.files import pack
from smstui.bundles.plan import Status, faults, make_plan
from smstui.bundles.sections.registry import sections
from smstui.rcs import stored as rcs
from smstui.store import Store
from smstui.store.errors import NotFound
from smstui.store.named import NamedRecords
from smstui.store.records import ListQuery
from tests.bundles.kit import SEALING, SECRETS, bundle_of, contents, entry_of, take
from tests.conftest import NOW


def test_every_kind_of_record_has_a_section() -> None:
    kinds = {kind.table for kind in NamedRecords.__subclasses__()}
    assert {section.records.table for section in sections().values()} == kinds


def test_an_empty_store_becomes_what_was_exported(full: Store, empty: Store) -> None:
    bundle = bundle_of(full)
    assert {key: len(entries) for key, entries in bundle.entries.items()} == {
        "environments": 2,
        "credentials": 4,
        "webhooks": 3,
        "rcs_setups": 1,
        "channels": 1,
    }
    assert not faults(full, bundle)
    plan = take(empty, bundle)
    assert plan.items[0].status is Status.SAME  # "main" is in every store
    assert {item.status for item in plan.items[1:]} == {Status.NEW}
    assert contents(empty)[0] == contents(full)[0] | {"made_by": "bob"}
    assert {item.status for item in make_plan(empty, bundle).items} == {Status.SAME}


def test_what_belongs_together_is_bound_again(full: Store, empty: Store) -> None:
    take(empty, bundle_of(full))
    document = rcs.load(empty, empty.rcs_setups.by_name("Acme brand").id)
    credential = rcs.credential_of(empty, document)
    assert not document.remarks
    assert credential is not None
    assert credential.name == "Acme brand"
    hooks = rcs.webhooks_of(empty, document)
    assert [hook.credential for hook in hooks] == ["Acme brand", "Acme brand"]
    assert empty.webhooks.by_name("replies").path == "a-path-of-sixteen-or-more"
    assert empty.channels.by_name("Acme_SMS").credential == "twilio-main"
    assert empty.acting_in(2).credentials.by_name("twilio-main").environment_id == 2


def test_a_plain_bundle_holds_no_secret(full: Store) -> None:
    text = pack(collect(full, with_secrets=False), None).decode()
    assert not [secret for secret in SECRETS.values() if secret in text]
    assert "a-path-of-sixteen-or-more" not in text
    document = json.loads(text)
    twilio, *_others = (e for e in document["credentials"] if e["name"] == "twilio-main")
    assert twilio["fields"]["auth_token"] == ""
    assert "No events, no consent, no audit trail" in document["remark"]
    assert "canary" not in repr(collect(full, with_secrets=True))
    with pytest.raises(BundleError):
        pack(collect(full, with_secrets=True), None)


def test_blank_secrets_leave_those_of_the_store_alone(full: Store) -> None:
    before = contents(full)
    plain = bundle_of(full, plain=True)
    assert {item.status for item in make_plan(full, plain).items} == {Status.SAME}

    def edit(document: Any) -> None:
        entry_of(document, "credentials", "twilio-main")["fields"]["account_sid"] = "AC" + "7" * 32
        entry_of(document, "credentials", "relay")["fields"]["provider_name"] = "Relay of Acme"
        del entry_of(document, "webhooks", "replies")["fields"]["caller_password"]

    take(full, bundle_of(full, plain=True, edit=edit), all="theirs")
    expected = before[0]
    edit({**expected, "webhooks": copy.deepcopy(expected["webhooks"])})
    assert contents(full)[0] == expected


def test_no_stored_secret_goes_to_another_address(full: Store) -> None:
    def move(document: Any) -> None:
        entry_of(document, "credentials", "twilio-main")["fields"]["api_host"] = "evil.example.com"

    with pytest.raises(NotImported) as refused:
        make_plan(full, bundle_of(full, plain=True, edit=move))
    (problem,) = [p for p in refused.value.problems if "api_host" in p]
    assert "needed anew" in problem

    def move_with_its_own(document: Any) -> None:
        move(document)
        entry_of(document, "credentials", "twilio-main")["fields"]["auth_token"] = "0" * 32

    take(full, bundle_of(full, plain=True, edit=move_with_its_own), all="theirs")
    assert full.credentials.by_name("twilio-main").fields["api_host"] == "evil.example.com"


def test_one_environment_goes_alone(full: Store, empty: Store) -> None:
    bundle = collect(full, ["PRODUCTION"], with_secrets=True, clock=lambda: NOW)
    assert [e["name"] for e in bundle.entries["environments"]] == ["production"]
    assert [e["environment"] for e in bundle.entries["credentials"]] == ["production"]
    with pytest.raises(NotFound):
        collect(full, ["nowhere"], with_secrets=True)
    take(empty, bundle)
    assert empty.credentials.count() == 0
    assert empty.acting_in(2).credentials.count() == 1
    assert len(empty.environments.ids(ListQuery())) == 2


def test_the_document_is_the_same_for_the_same_store(full: Store) -> None:
    one, other = (to_json(collect(full, with_secrets=True, clock=lambda: NOW)) for _ in range(2))
    assert one == other
    assert SEALING.get_secret_value().encode() not in one
