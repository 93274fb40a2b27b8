"""The accounts of the simulated Infobip, their keys and senders; the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass, field

from smstui.simulator.core import Ids
from smstui.simulator.tricks import Trouble

LIVE_NUMBER = "385990000099"
LIVE_NAME = "DemoBrand"
VERIFIED_RECIPIENT = "385990000199"
SHARED_SENDER = "ServiceSMS"
"""What a trial account's messages come from, whatever sender they name."""

RCS_SENDER = "DemoSender"
RCS_SENDER_IN_TEST = "NewSender"


@dataclass(frozen=True, slots=True)
class RcsSender:
    """An RCS sender: its name, and how far its set-up is (``LAUNCHED``, ``READY_FOR_TESTING``)."""

    name: str
    status: str
    display_name: str

    @property
    def is_launched(self) -> bool:
        """Whether it reaches others than its test numbers."""
        return self.status == "LAUNCHED"


@dataclass(frozen=True, slots=True)
class Account:
    """One account.

    Attributes:
        name: of the account.
        balance: in euro; with none left, messages are rejected.
        senders: registered ones: numbers as digits, names as they are.
        rcs_senders: by name.
        verified: recipients that a trial reaches; None for an account that reaches everybody.
        trouble: what every request meets.
    """

    name: str
    balance: float = 12.5
    senders: frozenset[str] = frozenset({LIVE_NUMBER, LIVE_NAME})
    rcs_senders: tuple[RcsSender, ...] = ()
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

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self.keys: dict[str, Key] = {}
        senders = (
            RcsSender(RCS_SENDER, "LAUNCHED", "Demo Brand"),
            RcsSender(RCS_SENDER_IN_TEST, "READY_FOR_TESTING", "Demo Outlet"),
        )
        live = Account("Acme Retail", rcs_senders=senders)
        trial = Account("My first account", verified=frozenset({VERIFIED_RECIPIENT}))
        self.live = self._key("live", live)
        self.send_only = self._key("send", live, "sms:message:send")
        self.read_only = self._key("read", live, "sms:logs:read", "account-management:manage")
        self.expired = self._key("expired", live, is_refused=True)
        self.locked = self._key("locked", live, is_refused=True)
        self.trial = self._key("trial", trial)
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
