"""RCS senders of a project: all states are computed from the time that has passed.

States: Sinch's reference of the Provisioning API, RCS senders. In truth it takes weeks; here Google
makes a sender in 3 seconds, and the operators decide within half a minute.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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

COUNTRIES = frozenset(
    {
        *("AT", "BE", "BR", "CA", "CZ", "DE", "DK", "ES", "FI", "FR", "GB", "GR"),
        *("HU", "IT", "MX", "NL", "NO", "PE", "PL", "PT", "SE", "SG", "SK", "US"),
    }
)
"""Where a sender may be launched."""

OPERATORS: Mapping[str, tuple[str, ...]] = {
    "DE": ("Deutsche Telekom", "Vodafone", "Telefonica"),
    "FR": ("Orange", "SFR", "Bouygues"),
    "GB": ("EE", "Vodafone", "O2"),
    "IT": ("TIM", "Vodafone", "WindTre"),
    "US": ("AT&T", "T-Mobile", "Verizon"),
}
"""Countries to their operators; in all others there is one."""
OTHER_OPERATORS = ("Demo Mobile",)

PARTLY, UNWANTED = "partly", "rejected"
"""Words in the brand's name: the last operator of each country refuses it, all do."""

MADE_AFTER, ANSWERED_AFTER = 3, 20
"""Seconds from a complete brand until Google has the sender; from then until the dashboard's
questionnaire has answered itself."""

IN_TEST = "IN_TEST"
_VIDEO_TAKES = 6
"""Seconds that Sinch takes to add a video."""
_TO_OPERATORS, _EACH_OPERATOR, _EACH_COUNTRY = 4, 4, 2

_REMARK = "The privacy policy does not say how to opt out"
_ANSWERS = {"answeredInDashboard": "yes"}
_SECTIONS = {"FR": "fr", "GB": "gb", "US": "us"}

_INVITED: Stages = ((0, "PENDING"), (4, "VERIFIED"))
_INVITED_AGAIN: Stages = ((0, "UNVERIFIED"), (4, "VERIFIED"))
_ENDINGS: Mapping[int, Stages] = {
    36: ((0, "PENDING"), (1, "INVALID")),
    401: ((0, "PENDING"),),
    408: ((0, "PENDING"), (4, "REJECTED")),
    610: ((0, "PENDING"), (4, "DECLINED")),
}
"""Last digits of test numbers that do not come to be verified."""

FEATURES = ("RICHCARD_STANDALONE", "RICHCARD_CAROUSEL", "ACTION_DIAL", "ACTION_OPEN_URL")


@dataclass(slots=True)
class Device:
    """A test device: its number with ``+``, and when it was invited, the last time at the end."""

    number: str
    invited: list[datetime]
    was_verified: bool = False

    def state_at(self, now: datetime) -> str:
        """Return its state."""
        usual = _INVITED_AGAIN if self.was_verified else _INVITED
        return stage_at(_ENDINGS.get(tail(self.number), usual), self.invited[-1], now)[0]


@dataclass(eq=False, slots=True)
class RcsSender:
    """An RCS sender.

    Attributes:
        settled: region, billing category and use case, which never change.
        auth_name, auth_token: what an app's channel logs in with, once Google has the sender.
        branded: when its brand was complete; None as long as it is not.
        launched: when its launch was asked for; None before.
        has_video: the launch does not wait for one.
        devices: by number.
    """

    sender_id: str
    settled: dict[str, str]
    details: dict[str, Any]
    auth_name: str
    auth_token: str = field(repr=False)
    created: datetime
    modified: datetime
    branded: datetime | None = None
    launched: datetime | None = None
    has_video: bool = True
    devices: dict[str, Device] = field(default_factory=dict)

    @property
    def brand(self) -> dict[str, Any]:
        """Its brand as far as it is known."""
        found: dict[str, Any] = self.details.get("brand") or {}
        return found

    def state_at(self, now: datetime) -> str:
        """Return its state."""
        if self.branded is None:
            return "DRAFT"
        if self.launched is None:
            return stage_at(((0, "IN_PROGRESS"), (MADE_AFTER, IN_TEST)), self.branded, now)[0]
        said = {entry["status"] for each in self.countries_at(now) for entry in each["operators"]}
        if said <= {"LAUNCHED", "REJECTED"}:
            return "LAUNCHED" if "LAUNCHED" in said else "UNLAUNCHED"
        stages: Stages = (
            (0, "PENDING_LAUNCH"),
            (self._video_takes, "PREPARING_LAUNCH"),
            (self._video_takes + _TO_OPERATORS, "LAUNCHING"),
        )
        return stage_at(stages, self.launched, now)[0]

    def is_made(self, now: datetime) -> bool:
        """Whether Google has it, so that it can be tested and linked."""
        return self.state_at(now) not in ("DRAFT", "IN_PROGRESS")

    def countries_at(self, now: datetime) -> list[dict[str, Any]]:
        """Return its countries and their operators once a launch was asked for."""
        found: list[dict[str, Any]] = []
        countries = list(self.details.get("countries") or ()) if self.launched else []
        for place, country in enumerate(countries):
            first = self._video_takes + _TO_OPERATORS + _EACH_COUNTRY * place
            operators = list(self._operators(country, first, now))
            said = {operator["status"] for operator in operators}
            status = "LAUNCHED" if "LAUNCHED" in said else min(said)
            found.append({"country": country, "status": status, "operators": operators})
        return found

    def reaches(self, number: str, now: datetime) -> bool:
        """Whether a recipient gets its messages: testers do, others where it is launched."""
        device = self.devices.get(f"+{number.removeprefix('+')}")
        if device is not None and device.state_at(now) == "VERIFIED":
            return True
        country = country_of(number)
        return any(
            entry["country"] == country and entry["status"] == "LAUNCHED"
            for entry in self.countries_at(now)
        )

    def may_invite(self, number: str, now: datetime) -> bool:
        """Whether the limits allow one more invitation."""
        moments = [moment for device in self.devices.values() for moment in device.invited]
        lately = [moment for moment in moments if moment > now - timedelta(days=1)]
        is_known = number in self.devices
        return len(lately) < INVITES_A_DAY and len(self.devices) + (not is_known) <= INVITES_IN_ALL

    def invite(self, number: str, now: datetime) -> Device:
        """Invite a device, once more if it is known."""
        device = self.devices.setdefault(number, Device(number, []))
        device.was_verified = bool(device.invited) and device.state_at(now) == "VERIFIED"
        device.invited.append(now)
        return device

    def details_at(self, now: datetime) -> dict[str, Any]:
        """Return its details, with the answers that the dashboard got in the meantime."""
        if self.branded is None:
            return self.details
        answered = self.branded + timedelta(seconds=MADE_AFTER + ANSWERED_AFTER)
        if now < answered:
            return self.details
        given: dict[str, Any] = dict(self.details.get("questionnaire") or {})
        for section in self._sections:
            if not _answers(given, section):
                given[section] = {"answers": dict(_ANSWERS)}
        return {**self.details, "questionnaire": given}

    def missing_at(self, now: datetime) -> list[str]:
        """Return what the checklist of the launch still lacks."""
        details = self.details_at(now)
        given = details.get("questionnaire") or {}
        missing = list(what_lacks(self.brand))
        if not details.get("countries"):
            missing.append("details.countries")
        return missing + [
            f"details.questionnaire.{section}.answers"
            for section in self._sections
            if not _answers(given, section)
        ]

    @property
    def _sections(self) -> list[str]:
        countries = self.details.get("countries") or ()
        extra = [_SECTIONS[country] for country in countries if country in _SECTIONS]
        return ["general", "verification", *extra]

    @property
    def _video_takes(self) -> int:
        return 0 if self.has_video else _VIDEO_TAKES

    def _operators(self, country: str, first: int, now: datetime) -> Iterator[dict[str, Any]]:
        names = OPERATORS.get(country, OTHER_OPERATORS)
        word = str(self.brand.get("name", "")).lower()
        for place, name in enumerate(names, start=1):
            is_refused = UNWANTED in word or (PARTLY in word and name == names[-1])
            decision = "REJECTED" if is_refused else "LAUNCHED"
            stages: Stages = ((0, "PENDING"), (first + _EACH_OPERATOR * place, decision))
            status = stage_at(stages, self.launched or now, now)[0]
            remark = _REMARK if status == "REJECTED" else ""
            yield {"name": name, "status": status, "remark": remark}


def what_lacks(brand: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a brand lacks before Google takes it, as paths."""
    for name in ("name", "logoUrl", "bannerUrl", "privacyPolicyUrl", "termsOfServiceUrl"):
        if not brand.get(name):
            yield f"details.brand.{name}"
    if not brand.get("phones") and not brand.get("emails"):
        yield "details.brand.phones or details.brand.emails"


def _answers(questionnaire: Mapping[str, Any], section: str) -> Any:
    part = questionnaire.get(section)
    return part.get("answers") if isinstance(part, dict) else None
