"""Taking a bundle over: as it was chosen, all of it or nothing, and told in the trail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui import credentials
from smstui.bundles.applying import Applied, apply, describe
from smstui.bundles.document import to_json
from smstui.bundles.errors import BundleError, NotImported, StoreMoved
from smstui.bundles.exporting import collect, tell_exported
from smstui.bundles.files import pack, unpack, write
from smstui.bundles.plan import Choice, make_plan
from smstui.rcs import stored as rcs
from smstui.store import Store
from smstui.store.records import Action, Actor, NewCredential
from tests.bundles.kit import SEALING, begin_rcs, bundle_of, contents, entry_of, item_of, take
from tests.channels.kit import activate
from tests.conftest import NOW, PASSPHRASE

Change = Callable[[Store], None]


def other_numbers(document: Any) -> None:
    """Let three records differ that refer to each other."""
    twilio = entry_of(document, "credentials", "twilio-main")["fields"]
    twilio["inbound_number"] = "+12025550199"
    twilio["auth_token"] = "f" * 32
    entry_of(document, "channels", "Acme_SMS")["fields"]["sender_number"] = "+12025550199"
    entry_of(document, "webhooks", "replies")["fields"]["opt_out_reply"] = "You are out now."


def test_ours_stays_theirs_takes_its_place_or_both_are_kept(full: Store) -> None:
    before = contents(full)[0]
    bundle = bundle_of(full, edit=other_numbers)
    take(full, bundle, all="ours")
    assert contents(full)[0] == before
    take(full, bundle, twilio_main="both", Acme_SMS="both", replies="theirs")
    assert full.credentials.by_name("twilio-main").fields["inbound_number"] == "+12025550142"
    copy = full.credentials.by_name("twilio-main copy")
    assert copy.fields["inbound_number"] == "+12025550199"
    assert copy.secrets["auth_token"].get_secret_value() == "f" * 32
    # What is taken of the bundle refers to what was taken of the bundle.
    assert full.channels.by_name("Acme_SMS").credential == "twilio-main"
    assert full.channels.by_name("Acme_SMS_copy").credential == "twilio-main copy"
    replies = full.webhooks.by_name("replies")
    assert replies.fields["opt_out_reply"] == "You are out now."
    assert replies.path == "a-path-of-sixteen-or-more"
    plan = make_plan(full, bundle)
    assert item_of(plan, "twilio-main").copy_name == "twilio-main copy 2"
    take(full, bundle, all="theirs")
    assert full.credentials.by_name("twilio-main").fields["inbound_number"] == "+12025550199"


def test_a_set_up_follows_what_becomes_of_its_records(full: Store) -> None:
    def edit(document: Any) -> None:
        for section in ("credentials", "webhooks"):
            for entry in document[section]:
                if entry["name"].startswith("Acme brand"):
                    own = "sender_number" if section == "credentials" else "sender_phone_number"
                    entry["fields"][own] = "+12025550199"
        entry_of(document, "rcs_setups", "Acme brand")["register"]["brand_name"] = "Acme Group"

    bundle = bundle_of(full, edit=edit)
    plan = make_plan(full, bundle)
    choices = {item.number: Choice.BOTH for item in plan.items if item.is_asked}
    apply(full, plan, choices)
    copy = rcs.load(full, full.rcs_setups.by_name("Acme brand copy").id)
    assert not copy.remarks
    assert [(hook.name, hook.credential) for hook in rcs.webhooks_of(full, copy)] == [
        ("Acme brand replies copy", "Acme brand copy"),
        ("Acme brand reports", "Acme brand"),  # The same as ours: there is no second one.
    ]
    # Where ours was kept, the set-up looks at it anew.
    take(full, bundle, Acme_brand="theirs", all="ours")
    again = rcs.load(full, full.rcs_setups.by_name("Acme brand").id)
    assert again.register["brand_name"] == "Acme Group"


def test_webhooks_whose_address_is_taken_get_one_of_their_own(full: Store, empty: Store) -> None:
    take(empty, bundle_of(full))
    record = empty.webhooks.by_name("replies")
    renamed = {"replies": "elsewhere"}

    def edit(document: Any) -> None:
        for entry in document["webhooks"]:
            entry["name"] = renamed.get(entry["name"], entry["name"])

    plan = make_plan(empty, bundle_of(full, edit=edit))
    applied = apply(empty, plan, {})
    assert [*applied.remarks] == [
        "elsewhere has a new URL: another webhook here has the one of the bundle."
    ]
    assert empty.webhooks.by_name("elsewhere").path != record.path
    assert empty.webhooks.by_path(record.path).name == "replies"


def test_the_trail_tells_who_imported_what(full: Store, empty: Store) -> None:
    take(empty, bundle_of(full))
    entries = empty.audit.entries(20)
    assert {(e.user, e.action) for e in entries[:-1]} == {("bob", Action.IMPORTED)}
    assert (entries[0].kind, entries[0].name) == ("bundle", "b.smstui")
    assert {e.kind for e in entries[1:-1]} == {
        "environment",
        "credential",
        "webhook",
        "RCS set-up",
        "channel configuration",
    }


def test_what_was_not_chosen_or_cannot_be_is_refused(full: Store) -> None:
    activate(full, name="Acme_Active", mobile_configuration="twilio-main")

    def edit(document: Any) -> None:
        other_numbers(document)
        active = entry_of(document, "channels", "Acme_Active")["fields"]
        active["sender_number"] = "+12025550199"

    bundle = bundle_of(full, edit=edit)
    before = contents(full)
    plan = make_plan(full, bundle)
    with pytest.raises(NotImported, match="Choose what becomes of these first: twilio-main, "):
        apply(full, plan, {})
    with pytest.raises(NotImported, match="Ours is active"):
        take(full, bundle, all="theirs")
    assert contents(full) == before


def test_nothing_is_kept_when_one_record_cannot_be(full: Store, empty: Store) -> None:
    before = contents(empty)
    plan = make_plan(empty, bundle_of(full))
    without = {item_of(plan, "twilio-main", "credentials").number: Choice.OURS}
    with pytest.raises(NotImported, match="Acme_SMS needs twilio-main, which was left out"):
        apply(empty, plan, without)
    nowhere = {item_of(plan, "production").number: Choice.OURS}
    with pytest.raises(NotImported, match="needs production, which was left out"):
        apply(empty, plan, nowhere)
    assert contents(empty) == before
    both = without | {item_of(plan, "Acme_SMS").number: Choice.OURS}
    applied = apply(empty, plan, both)
    assert (applied.added, applied.left) == (8, 2)
    assert describe(applied) == (
        "The bundle was imported: 8 added, 2 left as it was, 1 the same already."
    )
    assert describe(Applied(0, 0, 0, 0, 0)) == "The bundle is empty; nothing was imported."


def change_one(store: Store) -> None:
    record = store.credentials.by_name("spare")
    fields = {**record.fields, "sender_number": "OTHER"}
    store.credentials.update(
        record.id, revision=record.revision, name="spare", fields=fields, secrets={}
    )


def delete_what_is_relied_on(store: Store) -> None:
    store.credentials.delete(store.credentials.by_name("relay").id)


def take_a_name(store: Store) -> None:
    store.credentials.add(NewCredential("Twilio", "TWILIO-main", {}, {}))


def take_the_name_of_a_copy(store: Store) -> None:
    store.credentials.add(NewCredential("Twilio", "spare copy", {}, {}))


def make_the_environment(store: Store) -> None:
    from smstui.environments import create

    create(store, {"name": "Production"})


@pytest.mark.parametrize(
    "change",
    [
        change_one,
        delete_what_is_relied_on,
        take_a_name,
        take_the_name_of_a_copy,
        make_the_environment,
    ],
)
def test_a_plan_does_not_outlive_a_change_of_what_it_looked_at(
    full: Store, empty: Store, change: Change
) -> None:
    relay = full.credentials.by_name("relay")
    for name in ("relay", "spare"):
        new = NewCredential("Custom", name, relay.fields, relay.secrets)
        empty.credentials.add(new)

    def edit(document: Any) -> None:
        spare = {**entry_of(document, "credentials", "relay"), "name": "spare"}
        spare["fields"] = {**spare["fields"], "sender_number": "ANOTHER"}
        document["credentials"] = [
            *(entry for entry in document["credentials"] if entry["name"] != "relay"),
            spare,
        ]

    plan = make_plan(empty, bundle_of(full, edit=edit))
    with Store.open(empty.info().path, PASSPHRASE, actor=Actor("eve"), clock=lambda: NOW) as other:
        change(other)
    before = contents(empty)
    choices = {item_of(plan, "spare").number: Choice.BOTH}
    with pytest.raises((StoreMoved, NotImported)):
        apply(empty, plan, choices)
    assert contents(empty) == before


def test_a_change_of_something_else_does_no_harm(full: Store, empty: Store) -> None:
    plan = make_plan(empty, bundle_of(full))
    empty.credentials.add(NewCredential("Twilio", "another", {}, {}))
    begin_rcs(empty.acting_in(1), "another set-up")
    assert apply(empty, plan, {}).added == 10


@pytest.fixture(scope="module")
def sealed_bundle(filled_store: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[bytes]:
    """An encrypted bundle of the full store, whose records were changed."""
    with Store.open(filled_store, PASSPHRASE, actor=Actor("ada"), clock=lambda: NOW) as store:
        bundle = bundle_of(store, edit=other_numbers)
        yield pack(bundle, SEALING)


@given(data=st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_bundle_that_was_cut_or_edited_changes_nothing(
    full: Store, sealed_bundle: bytes, data: st.DataObject
) -> None:
    before = contents(full)
    place = data.draw(st.integers(0, len(sealed_bundle) - 1))
    if data.draw(st.booleans()):
        edited = sealed_bundle[:place]
    else:
        change = data.draw(st.integers(1, 255))
        edited = (
            sealed_bundle[:place]
            + bytes([sealed_bundle[place] ^ change])
            + sealed_bundle[place + 1 :]
        )
    with pytest.raises(BundleError):
        take(full, unpack(edited, SEALING), all="theirs")
    assert contents(full) == before


def test_the_whole_bundle_would_have_changed_something(full: Store, sealed_bundle: bytes) -> None:
    before = contents(full)
    take(full, unpack(sealed_bundle, SecretStr(SEALING.get_secret_value())), all="theirs")
    assert contents(full)[0] != before[0]


def test_a_credential_with_other_secrets_alone_is_taken(full: Store) -> None:
    def edit(document: Any) -> None:
        entry_of(document, "credentials", "twilio-main")["fields"]["auth_token"] = "9" * 32

    take(full, bundle_of(full, edit=edit), all="theirs")
    token = credentials.stored_draft(full.credentials.by_name("twilio-main"))["auth_token"]
    assert token == SecretStr("9" * 32)


@pytest.mark.parametrize("depth", [60, 495, 700, 100_000])
@pytest.mark.parametrize("ends", [("[", "]"), ('{"a":', "}")])
def test_a_document_of_bottomless_depth_is_no_bundle(
    empty: Store, depth: int, ends: tuple[str, str]
) -> None:
    """Reading it would end in a `RecursionError`, and with that the program."""
    inside = ends[0] * depth + "1" + ends[1] * depth
    plain = to_json(collect(empty, with_secrets=False)).decode()
    document = plain.replace('"credentials": []', f'"credentials": [{{"fields": {inside}}}]')
    assert document != plain
    with pytest.raises(BundleError):
        make_plan(empty, unpack(document.encode(), None))


def test_a_path_that_is_no_text_is_told_in_the_trail(full: Store, empty: Store) -> None:
    """Names of files are bytes; half characters stand for those that are no UTF-8."""
    bundle = bundle_of(full)
    plan = make_plan(empty, bundle)
    apply(empty, plan, {}, source="/home/ada/x\udcff.json")
    tell_exported(empty, Path("/home/ada/y\udcff.json"), bundle)
    named = [entry.name for entry in empty.audit.entries(kind="bundle")]
    assert named == ["/home/ada/y\ufffd.json", "/home/ada/x\ufffd.json"]


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm", "-journal"])
def test_the_store_is_not_replaced_by_a_bundle(full: Store, suffix: str) -> None:
    path = full.info().path
    before = path.read_bytes()
    target = Path(f"{path}{suffix}")
    with pytest.raises(BundleError, match="is the store itself"):
        write(target, b"{}", store_path=path, replace=True)
    assert path.read_bytes() == before
    assert full.credentials.count()
