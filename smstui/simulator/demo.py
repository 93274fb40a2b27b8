"""The demo: a throw-away store full of plausible records, the same in every run.

The past of the records is not invented: each verification is really carried out against the
simulator, with a clock that is set to its day.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from smstui.credentials import create, keep_verification, to_credential
from smstui.i18n import _
from smstui.providers.base import Provider
from smstui.providers.fields import FieldSpec, Kind, Value
from smstui.providers.registry import provider_for
from smstui.simulator.clock import DemoClock
from smstui.simulator.core import AccountInfo
from smstui.store import Store
from smstui.store.records import Actor, CredentialRecord
from smstui.verify import Depth, Verification, default_message, new_client, verify

if TYPE_CHECKING:
    import httpx

    from smstui.simulator.server import Simulator

TODAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""When the demo begins."""
MINUTES = timedelta(minutes=5)
"""Taken off each run, so that its age in whole hours or days is the one written here."""
PHONE = "+393331234567"
"""A recipient to whom everything is delivered."""


@dataclass(frozen=True, slots=True)
class Run:
    """One verification of the past: how long before `TODAY`, how deep, to whom."""

    before: timedelta
    depth: str
    to: str = PHONE


@dataclass(frozen=True, slots=True)
class Entry:
    """One credential of the demo.

    Attributes:
        name: its name.
        vendor: its vendor.
        account: label of the simulated account that it logs in to.
        by: who made it.
        made: how long before `TODAY` it was made.
        changes: what is different from the account: the mistake somebody made.
        runs: its verifications, oldest first.
    """

    name: str
    vendor: str
    account: str
    by: str
    made: timedelta
    changes: Mapping[str, str] = field(default_factory=dict)
    runs: tuple[Run, ...] = ()


def days(number: float) -> timedelta:
    """Return a number of days."""
    return timedelta(days=number)


ENTRIES = (
    Entry("twilio-main", "Twilio", "live", "ada", days(11), runs=(
        Run(days(10), "probe"), Run(days(4), "send"), Run(timedelta(hours=2), "send"))),
    Entry("twilio-milan", "Twilio", "subaccount", "ada", days(11), runs=(
        Run(days(4.1), "send", "+393471234502"),)),
    Entry("twilio-eu", "Twilio", "other region", "grace", days(9), runs=(
        Run(days(3), "probe"),)),
    Entry("twilio-rotated", "Twilio", "live", "grace", days(40),
          {"auth_token": "0123456789abcdef0123456789abcdef"}, (
        Run(days(39), "probe"), Run(days(1.2), "send"))),
    Entry("twilio-trial", "Twilio", "trial", "linus", days(2), runs=(
        Run(days(1.1), "send"),)),
    Entry("twilio-unpaid", "Twilio", "suspended", "ada", days(120), runs=(
        Run(days(6), "send"),)),
    Entry("twilio-landline", "Twilio", "live, number only", "linus", days(3), runs=(
        Run(days(2.2), "send", "+390655530006"),)),
    Entry("twilio-us-10dlc", "Twilio", "live, number only", "grace", days(15), runs=(
        Run(days(5), "send", "+12025530034"),)),
    Entry("twilio-ci", "Twilio", "standard key", "grace", days(30), runs=(
        Run(timedelta(hours=8), "send", "+393471234502"),)),
    Entry("twilio-monitoring", "Twilio", "read-only key", "linus", days(21), runs=(
        Run(days(2), "probe"),)),
    Entry("twilio-sandbox", "Twilio", "test credentials", "ada", days(60), runs=(
        Run(days(7), "send"),)),
    Entry("twilio-new", "Twilio", "live", "ada", timedelta(minutes=25)),
    Entry("sinch-main", "Sinch", "live", "ada", days(18), runs=(
        Run(days(3.3), "send"),)),
    Entry("sinch-no-route", "Sinch", "live", "linus", days(5), runs=(
        Run(days(1.3), "send", "+393471200402"),)),
    Entry("sinch-mms", "Sinch MMS", "live", "grace", days(12), runs=(
        Run(days(2.4), "send"),)),
    Entry("sinch-rcs", "Sinch RCS", "keeps messages", "grace", days(12), runs=(
        Run(timedelta(hours=5), "send"),)),
    Entry("infobip-main", "Infobip", "live", "ada", days(14), runs=(
        Run(timedelta(hours=3), "send"),)),
    Entry("infobip-trial", "Infobip", "trial", "linus", days(1.5), runs=(
        Run(days(1.05), "send"),)),
)  # fmt: skip


def fill(path: Path, simulator: Simulator, clock: DemoClock) -> SecretStr:
    """Make the store of the demo at a path and return its passphrase; the clock ends at `TODAY`.

    Args:
        path: where to; nothing may be there yet.
        simulator: a running simulator whose clock is the one given.
        clock: set to each record's day on the way.
    """
    passphrase = SecretStr(secrets.token_urlsafe(24))
    clock.jump(min(TODAY - entry.made for entry in ENTRIES))
    with Store.create(path, passphrase, actor=Actor("demo"), clock=clock) as store:
        asyncio.run(_relive(store, simulator, clock))
    clock.jump(TODAY)
    return passphrase


async def _relive(store: Store, simulator: Simulator, clock: DemoClock) -> None:
    """Let everything happen that the entries tell, in its order and on its day."""
    accounts = {(info.vendor, info.label): info for info in simulator.accounts}
    happenings: list[tuple[datetime, Entry, Run | None]] = []
    for entry in ENTRIES:
        happenings.append((TODAY - entry.made, entry, None))
        happenings += [(TODAY - run.before - MINUTES, entry, run) for run in entry.runs]
    records: dict[str, CredentialRecord] = {}
    async with new_client() as client:
        for moment, entry, run in sorted(happenings, key=lambda each: each[0]):
            clock.jump(moment)
            theirs = store.acting_as(Actor(entry.by))
            if run is None:
                account = accounts[entry.vendor, entry.account]
                records[entry.name] = create(theirs, entry.vendor, _draft(entry, account))
            else:
                await _verify(theirs, records[entry.name], run, clock, client)


def notes(simulator: Simulator) -> str:
    """Return what a newcomer needs to type a credential by hand: accounts, and what they do."""
    lines = [
        _("Nothing leaves this machine. A simulator answers at {url}.").format(url=simulator.url),
        _("To try a credential of your own, type one of these accounts, all fields of it:"),
    ]
    for account in _first_of_each_vendor(simulator.accounts):
        lines += ["", f"{account.vendor}, {account.label}: {account.note}"]
        specs = provider_for(account.vendor).model.specs()
        lines += [f"  {_(specs[name].label):<16} {text}" for name, text in account.fields.items()]
    lines += ["", _("“smstui simulate” lists all accounts, those with troubles too.")]
    return "\n".join(lines)


def _first_of_each_vendor(accounts: list[AccountInfo]) -> list[AccountInfo]:
    """Return two accounts of each vendor: enough to begin with."""
    vendors = dict.fromkeys(info.vendor for info in accounts)
    return [
        info
        for vendor in vendors
        for info in [each for each in accounts if each.vendor == vendor][:2]
    ]


def _draft(entry: Entry, account: AccountInfo) -> dict[str, Value]:
    specs = provider_for(entry.vendor).model.specs()
    fields = {"name": entry.name, **account.fields, **entry.changes}
    return {name: value_of(specs[name], text) for name, text in fields.items()}


def value_of(spec: FieldSpec, text: str) -> Value:
    """Return the value of a field as an account tells it (see `AccountInfo`)."""
    if spec.kind is Kind.SWITCH:
        return text == "true"
    if spec.kind is Kind.PAIRS:
        return tuple((name, str(value)) for name, value in json.loads(text).items())
    return SecretStr(text) if spec.is_secret else text


async def _verify(
    store: Store,
    record: CredentialRecord,
    run: Run,
    clock: DemoClock,
    client: httpx.AsyncClient,
) -> None:
    provider: Provider[Any] = provider_for(record.vendor)
    credential = to_credential(record)
    depth, to = Depth(run.depth), run.to if run.depth == "send" else ""
    text = default_message(1)
    verification = Verification(provider, credential, depth=depth, to=to, text=text)
    events = verify(
        provider,
        credential,
        depth=depth,
        to=to,
        text=text,
        client=client,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
    )
    async for event in events:
        verification.add(event)
    keep_verification(store, record.id, verification)
