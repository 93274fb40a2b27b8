"""The accounts of the simulated Infobip, their keys and senders; the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from smstui.simulator.core import Ids
from smstui.simulator.infobip.senders import Device, Launch, RcsSender, demo_profile
from smstui.simulator.tricks import Trouble

LIVE_NUMBER = "385990000099"
LIVE_NAME = "DemoBrand"
VERIFIED_RECIPIENT = "385990000199"
SHARED_SENDER = "ServiceSMS"
"""What a trial account's messages come from, whatever sender they name."""

RCS_SENDER = "DemoSender"
RCS_SENDER_IN_TEST = "NewSender"

LONG_AGO = timedelta(days=30)
"""How old the RCS senders are that are there from the start."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account.

    Attributes:
        name: of the account.
        balance: in euro; with none left, messages are rejected.
        senders: registered ones: numbers as digits, names as they are.
        rcs_senders: by name.
        launches: requests to launch them, by id.
        verified: recipients that a trial reaches; None for an account that reaches everybody.
        trouble: what every request meets.
    """

    name: str
    balance: float = 12.5
    senders: frozenset[str] = frozenset({LIVE_NUMBER, LIVE_NAME})
    rcs_senders: dict[str, RcsSender] = field(default_factory=dict)
    launches: dict[str, Launch] = field(default_factory=dict)
    verified: frozenset[str] | None = None
    trouble: Trouble = Trouble.NONE


@dataclass(frozen=True, slots=True)
class Key:
    """An API key.

    Attributes:
        value: what goes into the header.
        account: whose it is.
        scopes: what it may do; None for everything.
        is_refused: expired, revoked, or not allowed from this address; nobody is told which.
    """

    value: str = field(repr=False)
    account: Account
    scopes: frozenset[str] | None = None
    is_refused: bool = False

    def may(self, scopes: frozenset[str]) -> bool:
        """Whether the key has one of the scopes that a call needs."""
        return self.scopes is None or bool(self.scopes & scopes)


class Cast:
    """All keys by value, and by name those that the account list and the tests speak of."""

    def __init__(self, ids: Ids, started: datetime) -> None:
        self._ids = ids
        self.keys: dict[str, Key] = {}
        senders = _senders("Acme Retail", started - LONG_AGO)
        launches = [sender.launch for sender in senders.values() if sender.launch is not None]
        live = Account(
            "Acme Retail",
            rcs_senders=senders,
            launches={launch.request_id: launch for launch in launches},
        )
        trial = Account("My first account", verified=frozenset({VERIFIED_RECIPIENT}))
        self.live = self._key("live", live)
        self.send_only = self._key("send", live, "sms:message:send")
        self.read_only = self._key("read", live, "sms:logs:read", "account-management:manage")
        self.expired = self._key("expired", live, is_refused=True)
        self.locked = self._key("locked", live, is_refused=True)
        self.trial = self._key("trial", trial)
        self.newcomer = self._key("newcomer", Account("Acme, new to RCS"))
        self.unpaid = self._key("unpaid", Account("Acme, unpaid", balance=0.0))
        self.troubled = {
            trouble: self._key(trouble.value, Account("Acme", trouble=trouble))
            for trouble in Trouble
            if trouble
        }

    def _key(self, name: str, account: Account, *scopes: str, is_refused: bool = False) -> Key:
        digits = self._ids.fixed(f"infobip key {name}", 64)
        groups = (digits[32:40], digits[40:44], digits[44:48], digits[48:52], digits[52:64])
        value = "-".join((digits[:32], *groups))
        key = Key(value, account, frozenset(scopes) or None, is_refused)
        self.keys[value] = key
        return key


def _senders(brand: str, begun: datetime) -> dict[str, RcsSender]:
    """Return a sender that is launched in Croatia, and one that is in test."""
    launched = RcsSender(RCS_SENDER, demo_profile(brand, "Demo Brand"), begun)
    asked = {
        "type": "RCS_SENDER_LAUNCH",
        "senderName": RCS_SENDER,
        "countryCode": "HR",
        "trafficOrigin": "LOCAL",
        "requirements": [],
    }
    launched.launch = Launch("00000000-0000-4000-8000-000000000001", asked, begun, begun)
    in_test = RcsSender(RCS_SENDER_IN_TEST, demo_profile(brand, "Demo Outlet"), begun)
    in_test.has_testers = True
    in_test.tests["+385990000001"] = Device("+385990000001", begun)
    return {sender.name: sender for sender in (launched, in_test)}
