"""Rotating secrets against the simulator, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from urllib.parse import urlencode

import pytest
from pydantic import SecretStr

from smstui import credentials
from smstui.providers.base import InvalidFields
from smstui.providers.fields import Value
from smstui.providers.registry import provider_for, providers
from smstui.proving import keep_proof, proving_credential, verify_staged
from smstui.rotation import (
    Member,
    Phase,
    Unproven,
    account_of,
    check_staged,
    discard,
    members_of,
    promote,
    roll_back,
    rotatable,
    stage,
)
from smstui.simulator.core import AccountInfo
from smstui.simulator.demo import value_of
from smstui.simulator.server import Simulator
from smstui.store import Store
from smstui.store.environments import NewEnvironment
from smstui.store.errors import NotFound, StaleRevision
from smstui.store.records import Actor, CredentialRecord
from smstui.store.webhook_records import WebhookRecord
from smstui.times import Clock
from smstui.webhooks.base import Call
from smstui.webhooks.intake import Incoming, Intake
from smstui.webhooks.signatures import twilio_signature
from tests.channels.kit import webhook
from tests.conftest import NOW, PASSPHRASE, MakeStore


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """A running simulator."""
    with Simulator(seed="rotation") as simulator:
        yield simulator


@pytest.fixture
def store(make_store: MakeStore, fixed_clock: Clock) -> Iterator[Store]:
    """An open store."""
    with Store.open(make_store(), PASSPHRASE, actor=Actor("ada"), clock=fixed_clock) as store:
        yield store


def account(simulator: Simulator, vendor: str, label: str) -> AccountInfo:
    return next(i for i in simulator.accounts if (i.vendor, i.label) == (vendor, label))


def saved(
    store: Store,
    info: AccountInfo,
    name: str,
    changes: Mapping[str, str] = MappingProxyType({}),
) -> CredentialRecord:
    """Save a credential for an account of the simulator."""
    specs = provider_for(info.vendor).model.specs()
    fields = {**info.fields, **changes}
    draft = {key: value_of(specs[key], text) for key, text in fields.items()}
    return credentials.create(store, info.vendor, {**draft, "name": name})


def second_token(simulator: Simulator) -> SecretStr:
    """The live account's secondary Auth Token."""
    note = account(simulator, "Twilio", "live").note
    return SecretStr(note.rpartition(": ")[2].rstrip("."))


def proven(store: Store, members: list[Member]) -> list[Member]:
    """Verify staged secrets over HTTP, and keep how that went."""

    async def through() -> list[Member]:
        return [keep_proof(store, m, run) async for m, run in verify_staged(members)]

    found = {member.record.id: member for member in asyncio.run(through())}
    return [found[member.record.id] for member in members]


def only(store: Store, record: CredentialRecord) -> list[Member]:
    """The credential itself, as the first of its members."""
    return members_of(store, record)[:1]


def token_of(store: Store, name: str) -> Value:
    return store.credentials.by_name(name).secrets.get("auth_token")


def test_a_secret_is_staged_verified_promoted_and_rolled_back(
    store: Store, simulator: Simulator
) -> None:
    info = account(simulator, "Twilio", "live, number only")
    old, new = SecretStr(info.fields["auth_token"]), second_token(simulator)
    record = saved(store, info, "main")
    (member,) = staged = stage(store, only(store, record), {"auth_token": new})
    assert member.phase is Phase.STAGED
    assert token_of(store, "main") == old
    with pytest.raises(Unproven, match="the staged secret of main"):
        promote(store, staged)
    (member,) = staged = proven(store, staged)
    assert member.phase is Phase.VERIFIED
    assert member.rotation is not None
    assert member.rotation.proof is not None
    assert "Acme Retail" in member.rotation.proof.summary
    # What the store tells of the credential is what it is in use with.
    assert store.credentials.rows([record.id])[0].verified_result == ""

    (member,) = staged = promote(store, staged)
    assert (member.phase, token_of(store, "main")) == (Phase.PROMOTED, new)
    (member,) = staged = roll_back(store, staged)
    assert (member.phase, token_of(store, "main")) == (Phase.STAGED, old)
    (member,) = discard(store, promote(store, proven(store, staged)))
    assert (member.phase, token_of(store, "main")) == (Phase.NONE, new)


def test_a_wrong_secret_is_not_promoted_and_says_why(store: Store, simulator: Simulator) -> None:
    record = saved(store, account(simulator, "Twilio", "live, number only"), "main")
    wrong = SecretStr("f" * 32)
    (member,) = staged = proven(store, stage(store, only(store, record), {"auth_token": wrong}))
    assert member.phase is Phase.FAILED
    assert member.rotation is not None
    assert member.rotation.proof is not None
    assert "20003" in member.rotation.proof.summary
    assert wrong.get_secret_value() not in repr(member)
    with pytest.raises(Unproven):
        promote(store, staged)
    assert promote(store, staged, unproven=True)[0].phase is Phase.PROMOTED


def test_what_was_verified_before_the_credential_changed_does_not_count(
    store: Store, simulator: Simulator
) -> None:
    record = saved(store, account(simulator, "Twilio", "live, number only"), "main")
    new = second_token(simulator)
    staged = proven(store, stage(store, only(store, record), {"auth_token": new}))
    changed = credentials.update(
        store, record, {**credentials.stored_draft(record), "name": "renamed"}
    )
    with pytest.raises(StaleRevision):
        promote(store, staged)
    assert only(store, changed)[0].phase is Phase.STAGED


def test_the_secret_that_proves_itself_is_the_staged_one(
    store: Store, simulator: Simulator
) -> None:
    # Twilio logs in with the API key when there is one: it would hide a wrong Auth Token.
    key = account(simulator, "Twilio", "main key")
    record = saved(store, key, "main", {"auth_token": account_token(simulator)})
    wrong = stage(store, only(store, record), {"auth_token": SecretStr("f" * 32)})
    assert proven(store, wrong)[0].phase is Phase.FAILED
    other = account(simulator, "Twilio", "standard key")
    draft: dict[str, Value] = {
        "api_key_sid": other.fields["api_key_sid"],
        "api_key_secret": SecretStr(other.fields["api_key_secret"]),
    }
    (member,) = stage(store, only(store, record), draft)
    assert "auth_token" not in {
        name for name, value in proving_credential(member).draft().items() if value
    }
    (member,) = promote(store, proven(store, [member]))
    assert member.record.fields["api_key_sid"] == other.fields["api_key_sid"]
    assert member.record.secrets["auth_token"] == SecretStr(account_token(simulator))


def account_token(simulator: Simulator) -> str:
    return account(simulator, "Twilio", "live").fields["auth_token"]


def test_all_that_hold_a_secret_are_rotated_together_or_not_at_all(
    store: Store, simulator: Simulator
) -> None:
    live = account(simulator, "Twilio", "live, number only")
    new = second_token(simulator)
    main = saved(store, live, "main")
    saved(store, account(simulator, "Twilio", "live"), "service")
    saved(store, live, "outdated", {"auth_token": "0" * 32})
    saved(store, account(simulator, "Twilio", "subaccount"), "sub")
    relay = {
        "provider_appid": "rcs",
        "provider_name": "RCS by Twilio",
        "provider_url": f"{simulator.url}/2010-04-01/Accounts/{live.fields['account_sid']}/x",
        "auth_type": "basic",
        "user_name": live.fields["account_sid"],
        "password": live.fields["auth_token"],
        "provider_payload": '{"a": "{{fromNumber}}{{toNumber}}{{message}}"}',
        "sender_number": "+12025550142",
    }
    custom = AccountInfo("Custom", "relay", relay)
    test = store.environments.add(NewEnvironment("test"))
    elsewhere = store.acting_in(test.id)
    saved(elsewhere, custom, "relay")

    members = members_of(store, main)
    assert [(m.record.name, m.environment, m.is_same) for m in members] == [
        ("main", "main", True),
        ("service", "main", True),
        ("relay", "test", True),
        ("outdated", "main", False),
    ]
    same = [member for member in members if member.is_same]
    staged = stage(store, same, {"auth_token": new})
    assert elsewhere.credentials.by_name("relay").secrets == {
        "password": SecretStr(live.fields["auth_token"])
    }
    # One is rotated elsewhere meanwhile: nothing of it all happens.
    grace = store.acting_as(Actor("grace"))
    discard(grace, staged[1:2])
    with pytest.raises(NotFound, match="discarded elsewhere"):
        promote(store, staged, unproven=True)
    assert token_of(store, "main") == SecretStr(live.fields["auth_token"])

    again = [*staged[:1], *stage(store, members_of(store, main)[1:2], {"auth_token": new})]
    relay_member = next(m for m in members_of(store, main) if m.record.vendor == "Custom")
    promote(store, [*proven(store, again), relay_member], unproven=True)
    assert token_of(store, "main") == token_of(store, "service") == new
    assert elsewhere.credentials.by_name("relay").secrets == {"password": new}
    assert {m.record.name for m in members_of(store, main) if m.is_same} == {
        "main", "service", "relay",
    }  # fmt: skip


def test_calls_signed_with_either_secret_come_in_while_it_is_rotated(
    store: Store, simulator: Simulator
) -> None:
    info = account(simulator, "Twilio", "live, number only")
    record = saved(store, info, "main")
    hook = webhook(store, "Twilio", "replies", "main")
    old, new = info.fields["auth_token"], second_token(simulator).get_secret_value()

    def accepts() -> tuple[bool, bool]:
        return signed_call(store, hook, old), signed_call(store, hook, new)

    assert accepts() == (True, False)
    staged = stage(store, only(store, record), {"auth_token": SecretStr(new)})
    assert accepts() == (True, True)
    promoted = promote(store, staged, unproven=True)
    assert accepts() == (True, True)
    discard(store, promoted)
    assert accepts() == (False, True)


def signed_call(store: Store, hook: WebhookRecord, token: str) -> bool:
    """Whether a text that is signed with a token comes in."""
    url = f"https://hooks.acme.example/w/{hook.path}"
    values = {"MessageSid": "SM1", "From": "+393331234567", "To": "+12025550142", "Body": "hi"}
    headers = (
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("X-Twilio-Signature", twilio_signature(token, url, values.items())),
    )
    call = Call("POST", url, headers, urlencode(values).encode(), NOW)
    (taken,) = Intake(store).take([Incoming(hook.path, call)])
    return taken.answer.status < 300


def test_nothing_new_and_what_does_not_fit_is_not_staged(
    store: Store, simulator: Simulator
) -> None:
    info = account(simulator, "Twilio", "live, number only")
    record = saved(store, info, "main")
    (member,) = only(store, record)
    for draft in ({}, {"auth_token": SecretStr(info.fields["auth_token"])}, {"api_key_sid": "SK"}):
        with pytest.raises(InvalidFields):
            stage(store, [member], draft)
    half: dict[str, Value] = {"api_key_secret": SecretStr("f" * 32)}
    assert [issue.field for issue in check_staged(member, half)] == []
    with pytest.raises(InvalidFields):
        stage(store, [member], half)  # A key's secret without its SID.
    assert store.rotations.of(record.id) is None


def test_each_vendor_says_what_can_be_rotated_and_whose_account_it_opens(
    store: Store, simulator: Simulator
) -> None:
    for vendor, provider in providers().items():
        specs = provider.model.specs()
        for spec in specs.values():
            assert not spec.account or spec.account in specs
            assert not spec.goes_with or specs[spec.goes_with].is_secret
        if vendor != "Custom":
            info = next(each for each in simulator.accounts if each.vendor == vendor)
            record = saved(store, info, vendor)
            assert account_of(record)[1] in info.fields.values()
            assert set(record.secrets) <= set(rotatable(record))
