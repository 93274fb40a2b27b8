"""An RCS sender and its life: every status is computed from the time since it was made.

Statuses: twilio-oai, messaging v2, ``Channels/Senders``. In truth the console asks for the details
of a registration on the way, and it takes weeks; here it goes by itself, within a minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from smstui.simulator.rollout import (
    INVITES_A_DAY,
    INVITES_IN_ALL,
    Stages,
    country_of,
    stage_at,
)
from smstui.simulator.tricks import tail

ONLINE, OFFLINE, REVIEW = "ONLINE", "OFFLINE", "TWILIO_REVIEW"

_BEFORE_CARRIERS: Stages = (
    (0, "CREATING"),
    (2, "DRAFT"),
    (4, "PENDING_VERIFICATION"),
    (6, "VERIFYING"),
    (8, REVIEW),
)

CARRIERS: Mapping[str, tuple[tuple[str, float], ...]] = {
    "DE": (("Telekom", 16), ("Vodafone", 20), ("O2", 24)),
    "IT": (("TIM", 18), ("Vodafone", 22), ("WindTre", 26)),
    "US": (("AT&T", 28), ("T-Mobile", 32), ("Verizon", 36)),
}
"""Country to its carriers, each with the seconds after which it decides."""

REFUSING = "WindTre"
"""The carrier that approves of nobody."""

UNWANTED = "rejected"
"""A sender with this word in its name or id is refused by every carrier."""

HELD_IN_REVIEW = timedelta(seconds=10)
"""The age of a sender that stays in review."""

ACCEPTED_AFTER = timedelta(seconds=3)
"""How long the owner of an invited phone takes to tap "Make me a tester"."""

TESTER = 1
"""Last digits of somebody who accepted the tester's invitation of every sender."""

NO_RCS = 63036
"""Last digits of a phone that has no RCS."""

NO_WEBHOOK: Mapping[str, str | None] = {
    "callback_url": None,
    "callback_method": "POST",
    "fallback_url": None,
    "fallback_method": "POST",
    "status_callback_url": None,
    "status_callback_method": "POST",
}


@dataclass(eq=False, slots=True)
class ChannelSender:
    """An RCS sender; ``sender_id`` carries its prefix: ``rcs:demo_brand_agent``.

    Attributes:
        begun: when it was made.
        profile: as the API shows it.
        webhook: where it is answered, unless its service says otherwise.
        oldest: the age at which it stops advancing; None for one that does not.
        testers: invited phones, and when their owners accept.
    """

    sid: str
    sender_id: str
    registration_sid: str
    begun: datetime
    profile: dict[str, Any]
    webhook: dict[str, Any] = field(default_factory=lambda: dict(NO_WEBHOOK))
    oldest: timedelta | None = None
    testers: dict[str, datetime] = field(default_factory=dict)

    def status_at(self, now: datetime) -> str:
        """Return its own status."""
        statuses = {self.country_at(country, now) for country in CARRIERS}
        if ONLINE in statuses:
            return ONLINE
        if statuses == {OFFLINE}:
            return OFFLINE
        return stage_at(_BEFORE_CARRIERS, self.begun, self._held(now))[0]

    def country_at(self, country: str, now: datetime) -> str:
        """Return its status in a country; one carrier there is enough."""
        carriers = {status for _name, status in self.carriers_at(country, now)}
        if "APPROVED" in carriers:
            return ONLINE
        if carriers == {"REJECTED"}:
            return OFFLINE
        return "PENDING_VERIFICATION" if "UNLAUNCHED" in carriers else REVIEW

    def carriers_at(self, country: str, now: datetime) -> list[tuple[str, str]]:
        """Return the carriers of a country with what each says of it."""
        found = []
        for name, decides in CARRIERS[country]:
            decision = "REJECTED" if name == REFUSING or self._is_unwanted else "APPROVED"
            stages = ((0, "UNLAUNCHED"), (_BEFORE_CARRIERS[-1][0], "CARRIER_REVIEW"))
            said = stage_at((*stages, (decides, decision)), self.begun, self._held(now))[0]
            found.append((name, said))
        return found

    def reaches(self, to: str, now: datetime) -> bool:
        """Whether a recipient gets its messages: testers do, others where it is approved."""
        number = to.rpartition(":")[2]
        accepted = self.testers.get(number)
        if tail(number) == TESTER or (accepted is not None and accepted <= now):
            return self.status_at(now) != "CREATING"
        country = country_of(number)
        if country in CARRIERS:
            return self.country_at(country, now) == ONLINE
        return self.status_at(now) == ONLINE

    def what_forbids(self, number: str, now: datetime) -> int | None:
        """Return the code with which the console refuses a test device; None when it does not."""
        if self.status_at(now) == "CREATING":
            return 63108
        return 63106 if tail(number) == NO_RCS else None

    def invite(self, number: str, now: datetime) -> bool:
        """Invite a test device, and return whether the limit of invitations allows it."""
        moment = now + ACCEPTED_AFTER
        lately = [at for at in self.testers.values() if at > moment - timedelta(days=1)]
        if len(lately) >= INVITES_A_DAY or len(self.testers) >= INVITES_IN_ALL:
            return False
        self.testers[number] = moment
        return True

    def _held(self, now: datetime) -> datetime:
        return now if self.oldest is None else min(now, self.begun + self.oldest)

    @property
    def _is_unwanted(self) -> bool:
        return UNWANTED in f"{self.profile.get('name', '')} {self.sender_id}".lower()


def demo_profile(name: str) -> dict[str, Any]:
    """Return a complete profile."""
    return {
        "name": name,
        "description": f"Messages from {name}",
        "accent_color": "#1E5AA8",
        "logo_url": "https://example.com/logo.png",
        "banner_url": "https://example.com/banner.png",
        "privacy_url": "https://example.com/privacy",
        "terms_of_service_url": "https://example.com/terms",
        "phone_numbers": [{"phone_number": "+12025550142", "label": "Service"}],
        "emails": [{"email": "help@example.com", "label": "Help"}],
        "websites": [{"website": "https://example.com", "label": "Website"}],
    }
