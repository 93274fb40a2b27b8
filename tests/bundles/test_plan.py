"""What taking over a bundle would do: told record by record, and nothing of it done."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr

from smstui import credentials
from smstui.bundles.document import from_json, to_json
from smstui.bundles.errors import NewerBundle, NotABundle, NotImported
from smstui.bundles.exporting import collect
from smstui.bundles.plan import Choice, Status, make_plan
from smstui.bundles.sections.registry import sections
from smstui.comparison import Change
from smstui.store import Store
from smstui.store.records import NewCredential
from tests.bundles.kit import SECRETS, bundle_of, contents, entry_of, item_of
from tests.channels.kit import activate
from tests.conftest import NOW

Edit = Callable[[Any], None]


def fields(document: Any, section: str, name: str) -> Any:
    return entry_of(document, section, name)["fields"]


def test_differences_are_told_field_by_field_and_of_secrets_only_that_they_differ(
    full: Store,
) -> None:
    def edit(document: Any) -> None:
        twilio = fields(document, "credentials", "twilio-main")
        twilio["auth_token"] = "f" * 32
        twilio["inbound_number"] = "+12025550199"
        relay = fields(document, "credentials", "relay")
        relay["headers"][2][1] = "another header secret"
        relay["headers"][3][1] = "us"
        fields(document, "webhooks", "replies")["caller_password"] = "another of sixteen or more"
        fields(document, "environments", "production")["colour"] = "amber"
        setup = entry_of(document, "rcs_setups", "Acme brand")
        setup["register"]["brand_name"] = "Acme Group"
        setup["credential"]["edits"]["api_token"] = "another token of the set-up"

    plan = make_plan(full, bundle_of(full, edit=edit))
    assert item_of(plan, "twilio-main").changes == [
        Change("Auth Token", "set", "differs"),
        Change("Inbound Number", "+12025550142", "+12025550199"),
    ]
    assert [
        (c.label.rpartition("· ")[2], c.before, c.after) for c in item_of(plan, "relay").changes
    ] == [("X-Api-Token", "set", "differs"), ("X-Region", "eu", "us")]
    assert [c[1:] for c in item_of(plan, "replies").changes] == [("set", "differs")]
    assert item_of(plan, "production").changes == [Change("Colour", "red", "amber")]
    told = {c.label: (c.before, c.after) for c in item_of(plan, "Acme brand", "rcs_setups").changes}
    assert told["Brand name"] == ("Acme Ltd", "Acme Group")
    assert told["API Token"] == ("set", "differs")
    for item in plan.items:
        assert item.status in (Status.SAME, Status.CHANGED)
        shown = f"{item.changes} {item.theirs}"
        assert not [secret for secret in SECRETS.values() if secret in shown]
    assert item_of(plan, "production").choices == (Choice.OURS, Choice.THEIRS)
    assert item_of(plan, "relay").choices == (Choice.OURS, Choice.THEIRS, Choice.BOTH)
    assert item_of(plan, "relay").copy_name == "relay copy"


def test_what_cannot_take_our_place_is_a_conflict(full: Store, empty: Store) -> None:
    activate(full, name="Acme_Active", mobile_configuration="twilio-main")
    empty.credentials.add(NewCredential("Infobip", "relay", {}, {}))
    relay = item_of(make_plan(empty, bundle_of(full)), "relay")
    assert relay.status is Status.CONFLICT
    assert relay.obstacle == "Ours is of Infobip, theirs of Custom; a record stays with its vendor."
    assert relay.choices == (Choice.OURS, Choice.BOTH)

    def edit(document: Any) -> None:
        fields(document, "channels", "Acme_Active")["sender_number"] = "+12025550177"
        fields(document, "channels", "Acme_SMS")["sender_number"] = "+12025550177"

    plan = make_plan(full, bundle_of(full, edit=edit))
    active = item_of(plan, "Acme_Active")
    assert (active.status, active.copy_name) == (Status.CONFLICT, "Acme_Active_copy")
    assert "Ours is active" in active.obstacle
    assert item_of(plan, "Acme_SMS").status is Status.CHANGED

    def describe(document: Any) -> None:
        fields(document, "channels", "Acme_Active")["description"] = "of the spring"

    at_once = item_of(make_plan(full, bundle_of(full, edit=describe)), "Acme_Active")
    assert at_once.status is Status.CHANGED
    record = full.channels.by_name("Acme_Active")
    full.channels.deactivate(record.id, revision=record.revision)
    gone = item_of(make_plan(full, bundle_of(full, edit=describe)), "Acme_Active")
    assert "deactivated" in gone.obstacle


def test_a_copy_keeps_clear_of_names_in_the_bundle(full: Store) -> None:
    credentials.create(full, "Twilio", twilio("other"))

    def edit(document: Any) -> None:
        other = entry_of(document, "credentials", "other")
        copied = {**other, "name": "Other Copy"}
        document["credentials"].append(copied)
        other["fields"] = {**other["fields"], "inbound_number": "+12025550199"}

    assert item_of(make_plan(full, bundle_of(full, edit=edit)), "other").copy_name == "other copy 2"


def twilio(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "account_sid": "AC" + "1" * 32,
        "auth_token": SecretStr("e" * 32),
        "inbound_number": "+12025550142",
    }


def remove(document: Any, section: str, name: str) -> None:
    document[section] = [entry for entry in document[section] if entry["name"] != name]


def test_a_reference_may_be_to_the_store_and_is_told(full: Store, empty: Store) -> None:
    credentials.create(empty, "Twilio", twilio("twilio-main"))
    bundle = bundle_of(full, edit=lambda d: remove(d, "credentials", "twilio-main"))
    plan = make_plan(empty, bundle)
    assert "Acme_SMS uses twilio-main of this store: the bundle does not hold it." in plan.remarks
    record = empty.credentials.by_name("twilio-main")
    empty.credentials.delete(record.id)
    with pytest.raises(NotImported, match=r"\.channels\[0\]\.fields\.mobile_configuration"):
        make_plan(empty, bundle)


def set_in(section: str, name: str, *keys: str, value: Any) -> Edit:
    def edit(document: Any) -> None:
        place = entry_of(document, section, name)
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = value

    return edit


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (
            set_in("credentials", "twilio-main", "fields", "account_sid", value="AC1"),
            r".credentials[2].fields.account_sid (twilio-main): ",
        ),
        (
            set_in("credentials", "twilio-main", "fields", "auth_token", value=[1]),
            ".fields.auth_token (twilio-main): Auth Token has a value of the wrong type.",
        ),
        (
            set_in("credentials", "twilio-main", "fields", "colour", value="red"),
            ".fields.colour (twilio-main): there is no such field.",
        ),
        (
            set_in("credentials", "twilio-main", "vendor", value="Pigeon"),
            ".vendor (twilio-main): There is no vendor Pigeon.",
        ),
        (set_in("credentials", "twilio-main", "vendor", value=7), "a text is missing here"),
        (
            set_in("credentials", "twilio-main", "vendr", value="x"),
            ".vendr (twilio-main): smstui knows nothing of that name here.",
        ),
        (
            set_in("credentials", "twilio-main", "name", value="relay"),
            ".credentials[2].name: relay occurs twice.",
        ),
        (set_in("credentials", "relay", "name", value="a\x1b[31mb"), "cannot be shown"),
        (set_in("credentials", "relay", "name", value="x" * 101), "at most 100 characters"),
        (set_in("credentials", "relay", "name", value=None), ".credentials[1].name: a text"),
        (
            set_in("credentials", "relay", "environment", value="moon"),
            "neither the bundle nor this store has an environment moon.",
        ),
        (set_in("credentials", "relay", "fields", value=[]), "not an object"),
        (
            set_in("webhooks", "replies", "fields", "credential", value="nobody"),
            "neither the bundle nor this store has a credential nobody in main.",
        ),
        (
            set_in("webhooks", "replies", "fields", "credential", value="twilio-main"),
            ".fields.credential (replies): API credentials is one of:",
        ),
        (set_in("webhooks", "replies", "url_path", value="../x"), ".url_path (replies): 16 to"),
        (
            set_in("webhooks", "replies", "fields", "opt_out_keywords", value="NO"),
            ".fields.opt_out_keywords (replies): ",
        ),
        (set_in("channels", "Acme_SMS", "fields", "channel", value="FAX"), ".fields.channel"),
        (set_in("channels", "Acme_SMS", "name", value="1st"), ".channels[0].name (1st): "),
        (set_in("environments", "production", "fields", "colour", value="pink"), ".fields.colour"),
        (
            set_in("environments", "production", "fields", "is_production", value="yes"),
            ".fields.is_production",
        ),
        (set_in("rcs_setups", "Acme brand", "route", value="Pigeon"), ".route (Acme brand): "),
        (set_in("rcs_setups", "Acme brand", "step", value="moon"), ".step (Acme brand): "),
        (
            set_in("rcs_setups", "Acme brand", "webhooks", value=[{}] * 9),
            ".webhooks (Acme brand): this provider has fewer webhooks",
        ),
        (
            set_in("rcs_setups", "Acme brand", "tasks", "moon", value={}),
            ".tasks.moon (Acme brand): there is no such task.",
        ),
        (
            set_in("rcs_setups", "Acme brand", "credential", "name", value="nobody"),
            ".credential.name (Acme brand): neither",
        ),
        (set_in("rcs_setups", "Acme brand", "with_fallback", value=1), "this is true or false"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_without_secrets(
    full: Store, edit: Edit, said: str
) -> None:
    before = contents(full)
    with pytest.raises(NotImported) as refused:
        make_plan(full, bundle_of(full, edit=edit))
    assert said in refused.value.message
    assert not [secret for secret in SECRETS.values() if secret in refused.value.message]
    assert contents(full) == before


def test_entries_that_are_no_objects_are_told(full: Store) -> None:
    def edit(document: Any) -> None:
        document["credentials"][0] = "twilio"
        document["webhooks"] = [None] * 40

    with pytest.raises(NotImported) as refused:
        make_plan(full, bundle_of(full, edit=edit))
    lines = refused.value.problems
    assert lines[0] == ".credentials[0]: this is not an object with names and values."
    assert lines[-1].startswith("… and ")
    assert len(lines) == 21


def test_a_new_record_without_its_secret_is_refused_with_what_to_do(
    full: Store, empty: Store
) -> None:
    with pytest.raises(NotImported) as refused:
        make_plan(empty, bundle_of(full, plain=True))
    assert ".fields.auth_token (twilio-main): Auth Token is missing." in refused.value.message
    assert "has no secrets" in refused.value.problems[-1]


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"version": 2}, NewerBundle, "Update smstui"),
        ({"version": "1"}, NotImported, ".version"),
        ({"version": True}, NotImported, ".version"),
        ({"format": "other"}, NotABundle, "credentials import"),
        ({"made_at": "yesterday"}, NotImported, ".made_at"),
        ({"made_by": 7}, NotImported, ".made_by"),
        ({"secrets": "some"}, NotImported, ".secrets"),
        ({"webhoks": []}, NotImported, ".webhoks: smstui knows no such part"),
        ({"webhooks": {}}, NotImported, ".webhooks: this is no list"),
    ],
)
def test_the_frame_of_a_document_is_looked_at(
    empty: Store, change: Any, error: type[Exception], said: str
) -> None:
    document = json.loads(to_json(collect(empty, with_secrets=True, clock=lambda: NOW)))
    with pytest.raises(error) as refused:
        from_json(json.dumps({**document, **change}).encode(), tuple(sections()))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff", b'{"format": "\\ud800"}', b"[" * 100_000, b"1" * 5000, b"null"],
)
def test_what_is_no_document_is_refused(content: bytes) -> None:
    with pytest.raises(NotABundle):
        from_json(content, tuple(sections()))
