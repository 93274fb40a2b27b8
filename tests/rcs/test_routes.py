"""What all ways to RCS keep: sound drafts in, sound credentials and webhooks out, no secrets."""

from __future__ import annotations

import copy
import dataclasses
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.errors import SmstuiError
from smstui.providers.base import Outcome, Response
from smstui.providers.fields import Severity, check_field, text_of
from smstui.providers.registry import provider_for
from smstui.rcs import export
from smstui.rcs.base import Progress, Setup, Step, TaskNote, TaskState
from smstui.rcs.routes.registry import route, routes
from smstui.webhooks.fields import build
from smstui.webhooks.vendors.registry import webhook_vendor
from tests.rcs import test_infobip as infobip
from tests.rcs import test_sinch as sinch
from tests.rcs import test_twilio as twilio
from tests.rcs.set_ups import (
    ACCOUNTS,
    APP,
    KEY,
    KEY_SECRET,
    SERVICE,
    TOKEN,
    answer,
    setup_of,
)

NAMES = list(routes())
TO = "+393331234567"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
REAL = [
    twilio.SENDER,
    {"senders": [twilio.SENDER]},
    {"sid": SERVICE},
    {"code": 20404, "message": "Not found"},
    infobip.SENDER,
    infobip.DEVICES,
    infobip.LAUNCH,
    infobip.REFUSED,
    sinch.SENDER,
    {"testNumbers": sinch.SENDER["testNumberStates"]},
    {"id": APP, "channel_credentials": [*sinch.OTHERS, sinch.LINKED]},
    sinch.REFUSED,
]
"""What the providers answer."""


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """Return a real answer in which one value was replaced by anything."""
    document = copy.deepcopy(draw(st.sampled_from(REAL)))
    node: Any = document
    while True:
        key = draw(st.sampled_from(list(node) if isinstance(node, dict) else range(len(node))))
        if not isinstance(node[key], dict | list) or not node[key] or draw(st.booleans()):
            node[key] = draw(JSON)
            return document
        node = node[key]


def test_the_routes_are_offered_in_their_order() -> None:
    assert NAMES == ["Twilio", "Infobip", "Sinch", "Other"]
    assert route(" twilio ") is routes()["Twilio"]
    with pytest.raises(SmstuiError, match="Known: Twilio, Infobip, Sinch, Other"):
        route("Acme")


@pytest.mark.parametrize("name", NAMES)
def test_fields_and_tasks_are_declared_soundly(name: str) -> None:
    found = route(name)
    account, profile = found.account_fields(), found.profile_fields()
    assert not set(account) & set(profile)
    assert not any(spec.required for spec in {**account, **profile}.values())
    keys = [task.key for task in found.tasks]
    assert len(keys) == len(set(keys))
    for setup in (setup_of(name), setup_of(name, without=("sender_id", "sender_sid"))):
        for action in found.actions(setup):
            assert action.task in ("", *keys)
            assert provider_for(found.credential_vendor)
    assert set(found.images) == {"logo", "banner"}


@pytest.mark.parametrize("name", NAMES)
def test_a_whole_set_up_has_nothing_wrong_with_it(name: str) -> None:
    found, setup = route(name), setup_of(name)
    draft = setup.drafts[Step.REGISTER]
    specs = {**found.account_fields(), **found.profile_fields()}
    issues = [i for key, value in draft.items() for i in check_field(key, specs[key], value)]
    assert [i for i in issues if i.severity is Severity.ERROR] == []
    assert [i for i in found.rules(draft) if i.severity is Severity.ERROR] == []
    assert [i.field for i in found.rules({})] == []


def test_what_a_begun_profile_lacks_is_a_warning() -> None:
    draft = {"display_name": "Acme", "website": "https://www.example.com"}
    issues = list(route("Twilio").rules(draft))
    assert {issue.severity for issue in issues} == {Severity.WARNING}
    missing = ["description", "color", "logo", "banner", "privacy", "terms", "phone"]
    assert [issue.field for issue in issues] == missing
    assert "Phone, E-mail" in issues[-1].message


def test_half_a_login_is_an_error_and_none_is_not() -> None:
    account = ACCOUNTS["Twilio"] | {"account_sid": "SK00112233445566778899aabbccddeeff"}
    assert "account_sid" in [issue.field for issue in route("Twilio").rules(account)]
    key = {"key_id": "22222222-3333-4444-8555-666666666666"}
    assert [issue.field for issue in route("Sinch").rules(key)] == ["key_secret"]


@pytest.mark.parametrize("with_fallback", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_the_credential_fits_its_vendor(name: str, with_fallback: bool) -> None:
    found = route(name)
    draft = found.credential(setup_of(name), with_fallback=with_fallback)
    if name == "Other":
        draft["api_token"] = SecretStr("token-0123456789")  # which register does not ask for
    provider = provider_for(found.credential_vendor)
    assert [i for i in provider.check(draft) if i.severity is Severity.ERROR] == []
    credential = provider.build(draft)
    assert credential.name == "Acme brand"
    assert not [i for i in provider.check_message(credential, TO, "Hello") if i.field != "to"]


def sent(name: str, *, with_fallback: bool, **changes: Any) -> str:
    """Return the body of a message by the credential of a set-up."""
    found = route(name)
    setup = setup_of(name, **changes)
    draft = found.credential(setup, with_fallback=with_fallback)
    return provider_for(found.credential_vendor).preview(draft, TO, "Hello").body.decode()


def test_rcs_alone_and_with_sms_behind_it_are_two_payloads() -> None:
    alone = "To=rcs%3A%2B393331234567&MessagingServiceSid=MG00112233445566778899aabbccddeeff"
    assert sent("Twilio", with_fallback=False).startswith(alone)
    assert sent("Twilio", with_fallback=True).startswith("To=%2B393331234567&MessagingServiceSid")
    direct = sent("Twilio", with_fallback=False, without=("messaging_service_sid",))
    assert direct == "To=rcs%3A%2B393331234567&From=rcs%3Aacme_x1y2_agent&Body=Hello"
    message = {
        "sender": "DemoSender",
        "destinations": [{"to": "393331234567"}],
        "content": {"type": "TEXT", "text": "Hello"},
    }
    assert json.loads(sent("Infobip", with_fallback=False)) == {"messages": [message]}
    options = {
        "validityPeriod": {"amount": 5, "timeUnit": "MINUTES"},
        "smsFailover": {"sender": "DemoBrand", "text": "Hello"},
    }
    assert json.loads(sent("Infobip", with_fallback=True)) == {
        "messages": [message | {"options": options}]
    }
    other = json.loads(sent("Other", with_fallback=True))
    assert (other["recipient"], other["fallback"]["text"]) == (TO, "Hello")


@pytest.mark.parametrize(
    ("name", "vendors"),
    [
        ("Twilio", ["Twilio"]),
        ("Infobip", ["Infobip", "Infobip"]),
        ("Sinch", ["Sinch Conversational"]),
        ("Other", ["Custom", "Custom"]),
    ],
)
def test_the_webhooks_fit_their_vendors_and_may_name_the_credential(
    name: str, vendors: list[str]
) -> None:
    found = route(name)
    setup = dataclasses.replace(setup_of(name), name="A" * 100)
    drafts = found.webhooks(setup)
    assert [draft.vendor for draft in drafts] == vendors
    for webhook in drafts:
        vendor = webhook_vendor(webhook.vendor)
        assert found.credential_vendor in vendor.credential_vendors
        secret = {"hmac_secret": SecretStr("x" * 20)} if name == "Sinch" else {}
        kept = build(vendor, {**webhook.draft, **secret, "credential": "c"}, ["c"])
        assert text_of(kept.get("sender_phone_number", "rcs:")).startswith("rcs:")
    names = [text_of(draft.draft["name"]) for draft in drafts]
    assert len(set(names)) == len(names)
    assert all(name.startswith("AAA") and len(name) <= 100 for name in names)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_set_up_breaks_nothing(name: str) -> None:
    found, setup = route(name), Setup("")
    assert list(found.actions(setup)) == []
    assert found.ask_status(setup) is None
    assert found.webhooks(setup)
    assert found.credential(setup, with_fallback=True)
    found.profile_document(setup)
    assert export.markdown(found, setup)
    with pytest.raises(SmstuiError):
        found.perform(setup, "create_sender", {})


@pytest.mark.parametrize("name", NAMES)
def test_the_profile_is_exported_without_secrets(name: str) -> None:
    found, setup = route(name), setup_of(name, description="Offers | news *today* `x`")
    task = next(task for task in found.tasks if task.waits_for)
    at = datetime(2026, 11, 9, 12, 0, tzinfo=UTC)
    notes = {task.key: TaskNote(TaskState.DOING, at, "ticket #7")}
    shown = export.markdown(found, setup, notes)
    document = export.json_document(found, setup, notes)
    for secret in (TOKEN, KEY, KEY_SECRET, "plan-token-0123456789"):
        assert secret not in shown + json.dumps(document)
    assert "Offers \\| news \\*today\\* \\`x\\`" in shown
    assert "under way, 2026-11-09, waiting for" in shown
    assert "ticket \\#7" in shown
    assert shown.count("- [ ]") == len(found.tasks)
    assert document["profile"]["description"] == "Offers | news *today* `x`"
    assert document["document"] == found.profile_document(setup)
    (entry,) = (entry for entry in document["checklist"] if entry["task"] == task.key)
    assert (entry["state"], entry["at"], entry["note"]) == (
        "doing",
        "2026-11-09T12:00:00.000Z",
        "ticket #7",
    )


CODES = {
    "Twilio": ("63035", "63036", "63106", "63107", "63108"),
    "Infobip": ("EC_UNKNOWN_USER", "REJECTED_SOURCE"),
    "Sinch": ("RECIPIENT_NOT_REACHABLE", "CHANNEL_BAD_CONFIGURATION"),
    "Other": (),
}


@pytest.mark.parametrize("name", NAMES)
def test_codes_of_a_test_are_explained(name: str) -> None:
    assert all(route(name).code_hint(code) for code in CODES[name])
    assert route(name).code_hint("") == route(name).code_hint("nothing known") == ""


ACTIONS = [
    (name, key)
    for name, keys in {
        "Twilio": ("", "create_service", "create_sender", "attach_sender"),
        "Infobip": ("", "create_sender", "add_test_number", "refresh_test_number"),
        "Sinch": ("", "create_sender", "update_brand", "add_test_number", "link_app", "launch"),
    }.items()
    for key in keys
]
_LEFT_OUT = {
    ("Twilio", "create_service"): ("messaging_service_sid",),
    ("Twilio", "create_sender"): ("sender_sid",),
    ("Sinch", "create_sender"): ("sender_id",),
}


@given(
    st.sampled_from(ACTIONS),
    st.lists(st.tuples(damaged() | JSON, st.sampled_from([200, 201, 400, 404])), max_size=4),
)
def test_no_answer_breaks_a_conversation(
    action: tuple[str, str], given_answers: list[tuple[Any, int]]
) -> None:
    name, key = action
    setup = setup_of(name, without=_LEFT_OUT.get(action, ()))
    asked = {"test_number": TO, "service_name": "Acme"}
    errand = route(name).perform(setup, key, asked) if key else route(name).ask_status(setup)
    assert errand is not None
    try:
        next(errand)
        for document, status in given_answers:
            errand.send(answer(document, status))
        while True:
            errand.send(Response(500))
    except StopIteration as stop:
        progress = stop.value
    assert isinstance(progress, Progress)
    assert isinstance(progress.outcome, Outcome)
    assert progress.outcome.summary
    specs = {**route(name).account_fields(), **route(name).profile_fields()}
    assert set(progress.learned) | set(progress.secrets) <= set(specs)
    assert progress.outcome.field in ("", *specs)
    assert set(progress.tasks) <= {task.key for task in route(name).tasks}
    for line in progress.status or ():
        assert (line.name + line.word + line.remark).isprintable()
        assert line.name
