"""RCS senders, their test numbers and their launch: all states are computed from the time passed.

States: Infobip's OpenAPI files of RCS service management and of resource requests. In truth each
step takes a reviewer, and days; here all is done within half a minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from smstui.simulator.rollout import INVITES_A_DAY, INVITES_IN_ALL, Stages, stage_at
from smstui.simulator.tricks import tail

PROVIDERS: Mapping[str, tuple[str, ...]] = {
    "DE": ("TELEKOM", "VODAFONE", "O2"),
    "HR": ("A1", "TELEMACH", "HRVATSKI_TELEKOM"),
    "IT": ("TIM", "VODAFONE", "WIND_TRE"),
    "US": ("AEGIS_BRAND_VERIFICATION", "VERIZON", "T_MOBILE", "ATT"),
}
"""Countries in which a sender can be launched, and who decides there."""

PARTLY, UNWANTED, FAULTY = "partly", "rejected", "update"
"""Words in a sender's name: its last provider refuses it, all do, it has to be updated first."""

MADE_AFTER = 3
READY, PENDING, LOCKED = "READY_FOR_TESTING", "PENDING", "PENDING_LAUNCH"

_REASON = (
    "Request rejected due to missing information: Privacy policy needs opt-out "
    '("Text STOP to opt out") and frequency disclosure.'
)
_REVIEW: Stages = (
    (0, "PENDING"),
    (1, "AUTOMATIC_VALIDATION"),
    (2, "PENDING_REVIEW"),
    (4, "IN_REVIEW"),
    (6, "IN_PROGRESS"),
)
_STOPPED: Stages = (*_REVIEW[:-1], (5, "UPDATE_REQUESTED"))
_CANCELLED: Stages = ((0, "CANCEL_REQUESTED"), (2, "CANCELED"))
_TO_PROVIDERS = _REVIEW[-1][0]
_EACH_PROVIDER = 4
"""Seconds from one provider's decision to the next one's."""

_INVITED: Stages = ((0, PENDING), (1, "WAITING_FOR_TESTER_ACCEPTANCE"), (4, "APPROVED"))
_ENDINGS: Mapping[int, Stages] = {
    999: (*_INVITED[:-1], (86_401, "EXPIRED")),
    20001: (_INVITED[0], (1, "FAILED")),
    20702: (_INVITED[0], (1, "UNSUPPORTED")),
}
"""Last digits of test numbers that do not come to be approved."""


TESTER = 1
"""Last digits of somebody who accepted the invitation of a sender that has testers."""


@dataclass(slots=True)
class Device:
    """A test device: its number with ``+``, when it was invited, and whether it is the first."""

    number: str
    invited: datetime
    is_primary: bool = False

    @property
    def stages(self) -> Stages:
        """What it goes through."""
        return _ENDINGS.get(tail(self.number), _INVITED)

    def status_at(self, now: datetime) -> tuple[str, datetime]:
        """Return its status, and since when."""
        return stage_at(self.stages, self.invited, now)


@dataclass(slots=True)
class Launch:
    """A request to launch a sender in a country.

    Attributes:
        record: as it was asked for.
        begun: when it was, or when it was corrected.
        requested: when it was asked for.
        lacks: what has to be corrected before it goes on: ``requirements`` or ``sender``.
        cancelled: when it was taken back.
    """

    request_id: str
    record: dict[str, Any]
    begun: datetime
    requested: datetime
    lacks: str = ""
    cancelled: datetime | None = None

    def status_at(self, now: datetime) -> str:
        """Return its status."""
        if self.cancelled is not None:
            return stage_at(_CANCELLED, self.cancelled, now)[0]
        if self.lacks == "requirements":
            return stage_at(_STOPPED, self.begun, now)[0]
        said = self.answers_at(now)
        if said <= {"REJECTED", "COMPLETED"}:
            return "COMPLETED" if "COMPLETED" in said else "REJECTED"
        return stage_at(_REVIEW[:-1] if self.lacks else _REVIEW, self.begun, now)[0]

    def answers_at(self, now: datetime) -> set[str]:
        """Return what the providers that were asked say of it."""
        return {entry["status"] for entry in self.coverage_at(now)} - {"NOT_REQUESTED"}

    def needs_sender(self, now: datetime) -> bool:
        """Whether it waits for an update of the sender."""
        return self.lacks == "sender" and stage_at(_STOPPED, self.begun, now)[0] == _STOPPED[-1][1]

    def coverage_at(self, now: datetime) -> list[dict[str, Any]]:
        """Return the providers of its country, with what each says of it."""
        found: list[dict[str, Any]] = []
        decides = _TO_PROVIDERS
        for name in PROVIDERS[self.record["countryCode"]]:
            stages: Stages = ((0, "NOT_REQUESTED"),)
            if name in self._asked:
                decides += _EACH_PROVIDER
                stages = ((0, PENDING), (_TO_PROVIDERS, "IN_PROGRESS"))
                stages = stages[:1] if self.lacks else (*stages, (decides, self._answer(name)))
            status, since = stage_at(stages, self.begun, now)
            found.append({"name": name, "status": status, "updatedAt": since})
            if status == "REJECTED":
                found[-1]["rejectionReason"] = _REASON
        return found

    @property
    def moments(self) -> list[datetime]:
        """When its providers change what they say, as long as nothing is lacking."""
        first = self.begun + timedelta(seconds=_TO_PROVIDERS)
        each = timedelta(seconds=_EACH_PROVIDER)
        return [first + each * count for count in range(len(self._asked) + 1)]

    @property
    def _asked(self) -> list[str]:
        excluded = self.record.get("excludedCarriers") or []
        return [name for name in PROVIDERS[self.record["countryCode"]] if name not in excluded]

    def _answer(self, provider: str) -> str:
        name = str(self.record["senderName"]).lower()
        is_refused = UNWANTED in name or (PARTLY in name and provider == self._asked[-1])
        return "REJECTED" if is_refused else "COMPLETED"


@dataclass(eq=False, slots=True)
class RcsSender:
    """An RCS sender.

    Attributes:
        name: its own, which never changes.
        profile: as it was asked for, without the name.
        changed: when it was made or updated.
        launch: the request to launch it; None until there is one.
        tests: its test numbers.
        has_testers: numbers that end in 00001 have accepted its invitation.
    """

    name: str
    profile: dict[str, Any]
    changed: datetime
    launch: Launch | None = None
    tests: dict[str, Device] = field(default_factory=dict)
    has_testers: bool = False

    def status_at(self, now: datetime) -> str:
        """Return its status."""
        if now < self.changed + timedelta(seconds=MADE_AFTER):
            return PENDING
        if self.launch is None or self.launch.cancelled is not None:
            return READY
        if self.launch.needs_sender(now):
            return "SENDER_UPDATE_REQUIRED"
        said = self.launch.answers_at(now)
        if not said <= {"COMPLETED", "REJECTED"}:
            return "LAUNCHED_IN_PROGRESS" if "COMPLETED" in said else LOCKED
        if "COMPLETED" not in said:
            return READY
        return "LAUNCHED_PARTIAL_SUCCESS" if "REJECTED" in said else "LAUNCHED"

    def coverage_at(self, now: datetime) -> list[dict[str, Any]]:
        """Return the providers of the country of its launch; none without a launch."""
        is_on = self.launch is not None and self.launch.cancelled is None
        return self.launch.coverage_at(now) if self.launch is not None and is_on else []

    def reaches(self, number: str, now: datetime) -> bool:
        """Whether a recipient gets its messages: testers do, all others once it is launched."""
        if self.status_at(now).startswith("LAUNCHED"):
            return True
        test = self.tests.get(f"+{number.removeprefix('+')}")
        is_approved = test is not None and test.status_at(now)[0] == "APPROVED"
        return is_approved or (self.has_testers and tail(number) == TESTER)

    def may_invite(self, now: datetime) -> bool:
        """Whether the limits allow one more invitation."""
        lately = [t for t in self.tests.values() if t.invited > now - timedelta(days=1)]
        return len(lately) < INVITES_A_DAY and len(self.tests) < INVITES_IN_ALL

    def update(self, profile: dict[str, Any], now: datetime) -> None:
        """Take a new profile, with which a launch that waits for it begins anew."""
        self.profile, self.changed = profile, now
        if self.launch is not None and self.launch.lacks == "sender":
            self.launch.lacks, self.launch.begun = "", now


def demo_profile(brand: str, display_name: str) -> dict[str, Any]:
    """Return a complete profile."""
    return {
        "billingCategory": "NON_CONVERSATIONAL",
        "useCase": "TRANSACTIONAL",
        "hostingRegion": "EUROPE",
        "brand": {"brandName": brand},
        "displayName": display_name,
        "description": "Sender for demo purposes",
        "color": "#0B78D0",
        "emails": [{"address": "help@example.com", "label": "Email"}],
        "bannerUrl": "https://example.com/banner.png",
        "logoUrl": "https://example.com/logo.png",
        "privacy": {"url": "https://example.com/privacy", "label": "Privacy policy"},
        "termsOfService": {"url": "https://example.com/terms", "label": "Terms"},
    }
