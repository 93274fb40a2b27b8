"""The accounts of the simulated Twilio, with what each owns; the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from smstui.simulator.core import Ids
from smstui.simulator.tricks import Trouble
from smstui.simulator.twilio.rcs_senders import HELD_IN_REVIEW, ChannelSender, demo_profile

LIVE_NUMBER = "+12025550142"
VERIFIED_RECIPIENT = "+12025550199"
SHORT_CODE = "72345"

LONG_AGO = timedelta(days=30)
"""How old the senders are that are there from the start."""


class KeyKind(StrEnum):
    """Kinds of API key (Twilio docs, "API keys overview")."""

    MAIN = "main"
    STANDARD = "standard"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class Key:
    """An API key; the permissions matter for a restricted one only."""

    sid: str
    secret: str = field(repr=False)
    kind: KeyKind
    permissions: frozenset[str] = frozenset()


@dataclass(slots=True)
class Number:
    """A phone number of an account.

    Attributes:
        sid: its PN SID.
        sms: whether text messages may leave from it.
        usable: false for one that has the capability and still is refused (21606).
        sms_url: where inbound messages are posted, unless its service says otherwise.
    """

    sid: str
    number: str
    sms: bool = True
    usable: bool = True
    sms_url: str = ""


@dataclass(slots=True)
class Service:
    """A Messaging Service and its pool of senders."""

    sid: str
    name: str
    numbers: list[str] = field(default_factory=list)
    short_codes: list[str] = field(default_factory=list)
    alpha: list[str] = field(default_factory=list)
    channel_senders: list[ChannelSender] = field(default_factory=list)
    status_callback: str | None = None
    inbound_request_url: str | None = None


@dataclass(slots=True)
class Account:
    """One account or subaccount; ``makes_senders`` for one that may make RCS senders by API.

    ``secondary`` is an Auth Token beside the first one, empty for none.
    """

    sid: str
    token: str = field(repr=False)
    name: str
    type: Literal["Full", "Trial"] = "Full"
    status: Literal["active", "suspended", "closed"] = "active"
    owner_sid: str = ""
    test: bool = False
    makes_senders: bool = False
    secondary: str = field(default="", repr=False)
    trouble: Trouble = Trouble.NONE
    numbers: dict[str, Number] = field(default_factory=dict)
    short_codes: tuple[str, ...] = ()
    verified: frozenset[str] = frozenset()
    services: dict[str, Service] = field(default_factory=dict)
    channel_senders: dict[str, ChannelSender] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)
    oauth_client_id: str = ""
    oauth_client_secret: str = field(default="", repr=False)


SEND_ONLY = frozenset({"/twilio/messaging/messages/create"})
READ_ONLY = frozenset({"/twilio/messaging/messages/read", "/twilio/messaging/services/read"})


class Cast:
    """All accounts by SID, and by name those that the account list and the tests speak of."""

    def __init__(self, ids: Ids, started: datetime) -> None:
        self._ids = ids
        self._started = started
        self.accounts: dict[str, Account] = {}
        self.live = self._account("live", "Acme Retail")
        self.live.oauth_client_id = "OQ" + ids.fixed("oauth client")
        self.live.oauth_client_secret = ids.fixed("oauth secret", 64)
        self.live.secondary = ids.fixed("secondary token live")
        self.live.short_codes = (SHORT_CODE,)
        self._number(self.live, LIVE_NUMBER)
        self._number(self.live, "+12025550143", sms=False)
        self._number(self.live, "+12025550144", usable=False)
        self.main_key = self._key(self.live, KeyKind.MAIN, "main")
        self.standard_key = self._key(self.live, KeyKind.STANDARD, "standard")
        self.send_key = self._key(self.live, KeyKind.RESTRICTED, "send", SEND_ONLY)
        self.read_key = self._key(self.live, KeyKind.RESTRICTED, "read", READ_ONLY)
        self.brand = self._channel_sender("brand", "Acme Retail")
        self.review = self._channel_sender("review", "Acme Outlet")
        self.review.oldest = HELD_IN_REVIEW
        self.sms_service = self._service("Acme alerts", numbers=[LIVE_NUMBER], alpha=["ACME"])
        self.sms_service.short_codes.append(SHORT_CODE)
        self.rcs_service = self._service(
            "Acme RCS", numbers=[LIVE_NUMBER], channel_senders=[self.brand]
        )
        self.review_service = self._service("Acme Outlet RCS", channel_senders=[self.review])
        self.empty_service = self._service("Acme, no senders yet")
        self.unusable_service = self._service("Acme, voice only", numbers=["+12025550143"])

        self.sub = self._account("sub", "Acme Retail, Milan")
        self.sub.owner_sid = self.live.sid
        self._number(self.sub, "+12025550152")
        self.newcomer = self._account("newcomer", "Acme, new to RCS")
        self.newcomer.makes_senders = True
        self._number(self.newcomer, "+12025550192")
        self.trial = self._account("trial", "My first Twilio account")
        self.trial.type = "Trial"
        self.trial.verified = frozenset({VERIFIED_RECIPIENT})
        self._number(self.trial, "+12025550162")
        self.suspended = self._account("suspended", "Acme, unpaid")
        self.suspended.status = "suspended"
        self._number(self.suspended, "+12025550172")
        self.closed = self._account("closed", "Acme, closed")
        self.closed.status = "closed"
        self._number(self.closed, "+12025550174")
        self.test = self._account("test", "Acme Retail test credentials")
        self.test.test = True
        self.troubled: dict[Trouble, Account] = {}
        for trouble in Trouble:
            if trouble:
                self.troubled[trouble] = account = self._account(trouble.value, "Acme")
                account.trouble = trouble
                self._number(account, f"+1202555018{len(self.troubled)}")

    def account_of_key(self, key_sid: str) -> tuple[Account, Key] | None:
        """Return the account and the key of an SK SID, or None when there is none."""
        for account in self.accounts.values():
            if key_sid in account.keys:
                return account, account.keys[key_sid]
        return None

    def owner_of_number(self, number: str) -> Account | None:
        """Return the account that a phone number or short code belongs to."""
        for account in self.accounts.values():
            if number in account.numbers or number in account.short_codes:
                return account
        return None

    def elsewhere(self) -> tuple[str, str]:
        """Return SID and token of a login that is good in another region, so not here."""
        return "AC" + self._ids.fixed("account elsewhere"), self._ids.fixed("token elsewhere")

    def _account(self, handle: str, name: str) -> Account:
        sid = "AC" + self._ids.fixed(f"account {handle}")
        account = Account(sid, self._ids.fixed(f"token {handle}"), name, owner_sid=sid)
        self.accounts[sid] = account
        return account

    def _number(
        self, account: Account, number: str, *, sms: bool = True, usable: bool = True
    ) -> None:
        sid = "PN" + self._ids.fixed(f"number {number}")
        account.numbers[number] = Number(sid, number, sms, usable)

    def _key(
        self,
        account: Account,
        kind: KeyKind,
        handle: str,
        permissions: frozenset[str] = frozenset(),
    ) -> Key:
        sid = "SK" + self._ids.fixed(f"key {handle}")
        key = Key(sid, self._ids.fixed(f"secret {handle}"), kind, permissions)
        account.keys[sid] = key
        return key

    def add_channel_sender(
        self, account: Account, sender_id: str, profile: dict[str, Any], begun: datetime
    ) -> ChannelSender:
        """Give an account an RCS sender.

        Args:
            account: whose it is.
            sender_id: with its prefix.
            profile: as the API shows it.
            begun: when it was made.
        """
        handle = sender_id.removeprefix("rcs:demo_").removesuffix("_agent")
        sender = ChannelSender(
            "XE" + self._ids.fixed(f"sender {handle}"),
            sender_id,
            "BU" + self._ids.fixed(f"registration {handle}"),
            begun,
            profile,
        )
        account.channel_senders[sender.sid] = sender
        return sender

    def owner_of_sender_id(self, sender_id: str) -> Account | None:
        """Return the account that an RCS sender belongs to."""
        for account in self.accounts.values():
            if any(s.sender_id == sender_id for s in account.channel_senders.values()):
                return account
        return None

    def _channel_sender(self, handle: str, name: str) -> ChannelSender:
        profile, begun = demo_profile(name), self._started - LONG_AGO
        return self.add_channel_sender(self.live, f"rcs:demo_{handle}_agent", profile, begun)

    def _service(
        self,
        name: str,
        *,
        numbers: list[str] | None = None,
        alpha: list[str] | None = None,
        channel_senders: list[ChannelSender] | None = None,
    ) -> Service:
        service = Service(
            "MG" + self._ids.fixed(f"service {name}"),
            name,
            numbers=numbers or [],
            alpha=alpha or [],
            channel_senders=channel_senders or [],
        )
        self.live.services[service.sid] = service
        return service
