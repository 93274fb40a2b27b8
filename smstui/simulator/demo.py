"""The demo: a throw-away store full of plausible records, the same in every run.

The past of the records is not invented: each verification is really carried out against the
simulator, with a clock that is set to its day, and what webhooks told are calls of the simulator.
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
from smstui.environments import create as create_environment
from smstui.environments import update
from smstui.i18n import _
from smstui.providers.base import Provider
from smstui.providers.fields import FieldSpec, Kind, Value
from smstui.providers.registry import provider_for
from smstui.simulator import demo_channels, demo_rcs, demo_rotation, demo_webhooks
from smstui.simulator.clock import DemoClock
from smstui.simulator.core import AccountInfo, Callback
from smstui.simulator.demo_rcs import Happening, Scene
from smstui.simulator.demo_webhooks import HookEntry, Text
from smstui.store import Store
from smstui.store.environments import COLOUR
from smstui.store.environments import PRODUCTION as IS_PRODUCTION
from smstui.store.records import Actor, CredentialRecord
from smstui.verify import Depth, Verification, default_message, new_client, verify
from smstui.webhooks.intake import Intake
from smstui.webhooks.settings import ReceiverSettings

if TYPE_CHECKING:
    import httpx

    from smstui.simulator.server import Simulator

TODAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""When the demo begins."""
MINUTES = timedelta(minutes=5)
"""Taken off each run, so that its age in whole hours or days is the one written here."""
PHONE = "+393331234567"
"""A recipient to whom everything is delivered."""
LANDLINE = "+390655530006"
"""A recipient to whom no text can be delivered."""
DEV, PRODUCTION = "dev", "production"
"""The environments of the demo; nearly everything is in the first."""
SETTLED = timedelta(seconds=20)
"""How long everything takes that comes of one message."""


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
        environment: where it is.
    """

    name: str
    vendor: str
    account: str
    by: str
    made: timedelta
    changes: Mapping[str, str] = field(default_factory=dict)
    runs: tuple[Run, ...] = ()
    environment: str = DEV


def days(number: float) -> timedelta:
    """Return a number of days."""
    return timedelta(days=number)


ENTRIES = (
    Entry("twilio-main", "Twilio", "live", "ada", days(11), runs=(
        Run(days(10), "probe"), Run(days(4), "send"), Run(days(3.4), "send", LANDLINE),
        Run(timedelta(hours=2), "send"))),
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
    Entry("acme-relay", "Custom", "Bearer", "linus", days(7),
          {"sender_number": demo_webhooks.RELAY_NUMBER}, (Run(days(1.6), "send"),)),
    Entry("twilio-main", "Twilio", "subaccount", "grace", days(0.95), runs=(
        Run(days(0.9), "probe"),), environment=PRODUCTION),
    Entry("sinch-main", "Sinch", "no default sender", "ada", days(0.85), runs=(
        Run(days(0.8), "probe"),), environment=PRODUCTION),
    Entry("infobip-main", "Infobip", "live, by name", "ada", days(0.75), runs=(
        Run(days(0.7), "probe"),), environment=PRODUCTION),
)  # fmt: skip


def fill(
    path: Path,
    simulator: Simulator,
    clock: DemoClock,
    receiver: ReceiverSettings = ReceiverSettings(),  # noqa: B008 - it cannot be changed
) -> SecretStr:
    """Make the store of the demo at a path and return its passphrase; the clock ends at `TODAY`.

    Args:
        path: where to; nothing may be there yet.
        simulator: a running simulator whose clock is the one given.
        clock: set to each record's day on the way.
        receiver: where its webhooks are received.
    """
    # Short enough to be typed: `notes` tells it, so that a locked demo can be opened again.
    passphrase = SecretStr(secrets.token_hex(6))
    clock.jump(min(TODAY - entry.made for entry in ENTRIES))
    with (
        Store.create(path, passphrase, actor=Actor("demo"), clock=clock) as store,
        simulator.collecting() as calls,
    ):
        if receiver != ReceiverSettings():
            receiver.save(store)
        asyncio.run(_Past(store, simulator, clock, calls).relive())
    clock.jump(TODAY)
    return passphrase


class _Past:
    """Lets everything happen that the entries tell, in its order and on its day."""

    def __init__(
        self, store: Store, simulator: Simulator, clock: DemoClock, calls: list[Callback]
    ) -> None:
        self._store = store
        self._simulator = simulator
        self._clock = clock
        self._calls = calls
        self._intake = Intake(store)
        self._records: dict[tuple[str, str], CredentialRecord] = {}
        self._environments = _make_environments(store)

    async def relive(self) -> None:
        """Go through all days."""
        happenings: list[
            tuple[datetime, Entry | Run | HookEntry | Text | Happening, Entry | None]
        ] = []
        for entry in ENTRIES:
            happenings.append((TODAY - entry.made, entry, None))
            happenings += [(TODAY - run.before - MINUTES, run, entry) for run in entry.runs]
        happenings += [(TODAY - hook.made, hook, None) for hook in demo_webhooks.HOOKS]
        happenings += [(TODAY - text.before, text, None) for text in demo_webhooks.TEXTS]
        others = (
            *demo_rcs.HAPPENINGS,
            *demo_channels.HAPPENINGS,
            *demo_rotation.HAPPENINGS,
        )
        happenings += [(TODAY - each.before, each, None) for each in others]
        async with new_client() as client:
            for moment, what, whose in sorted(happenings, key=lambda each: each[0]):
                self._clock.jump(moment)
                if isinstance(what, Entry):
                    self._make(what)
                elif isinstance(what, HookEntry):
                    demo_webhooks.make(self._acting(what.by), what, self._simulator)
                elif isinstance(what, Text):
                    demo_webhooks.send_text(self._simulator, what)
                elif isinstance(what, Happening):
                    store = self._acting(what.by)
                    await what.do(Scene(store, self._simulator, self._clock, client))
                elif whose is not None:
                    record = self._records[whose.environment, whose.name]
                    await _verify(self._acting(whose.by), record, what, self._clock, client)
                self._take_calls(what.trouble if isinstance(what, Text) else "")

    def _acting(self, user: str) -> Store:
        return self._store.acting_as(Actor(user))

    def _make(self, entry: Entry) -> None:
        accounts = {(info.vendor, info.label): info for info in self._simulator.accounts}
        draft = _draft(entry, accounts[entry.vendor, entry.account])
        store = self._acting(entry.by).acting_in(self._environments[entry.environment])
        self._records[entry.environment, entry.name] = create(store, entry.vendor, draft)

    def _take_calls(self, trouble: str) -> None:
        """Take in the calls that came of what just happened, each at its moment."""
        self._clock.jump(self._clock() + SETTLED)
        self._simulator.settle()
        calls = sorted(self._calls, key=lambda call: (call.due, call.url, call.body))
        self._calls.clear()
        for callback in calls:
            self._clock.jump(callback.due)
            call = demo_webhooks.as_received(callback, forged=trouble == "forged")
            self._intake.take([call] * (2 if trouble == "twice" else 1))


def _make_environments(store: Store) -> dict[str, int]:
    """Give the store its environments, and return their ids; it stays in the first."""
    dev = update(store, store.environment, {"name": DEV, COLOUR: "green"})
    production: dict[str, Value] = {"name": PRODUCTION, COLOUR: "red", IS_PRODUCTION: True}
    return {DEV: dev.id, PRODUCTION: create_environment(store, production).id}


def notes(simulator: Simulator, passphrase: SecretStr) -> str:
    """Return what a newcomer needs to type by hand: accounts, what they do, and the passphrase."""
    lines = [
        _("Ctrl+L locks the demo, too. Its passphrase is {passphrase}").format(
            passphrase=passphrase.get_secret_value()
        ),
        _("Nothing leaves this machine. A simulator answers at {url}.").format(url=simulator.url),
        _(
            "Numbers that end in 07867, 04357, 78278 or 00937 answer a message with STOP, HELP, "
            "START or YES, as a phone's keys spell it."
        ),
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
