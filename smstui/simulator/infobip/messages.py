"""A message and its life: every state is computed from the time that has passed since it began.

Shapes: logs and delivery reports of Infobip's OpenAPI files (SMS v3, MMS v2, RCS v2).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from smstui.simulator.infobip.states import (
    ACCEPTED,
    ENROUTE,
    EXPIRED,
    NO_REPORT,
    WAITING,
    Ending,
    error_record,
    group_of,
    status_record,
)

PRICE_PER_PART = 0.01
LONGEST_VALIDITY = timedelta(hours=48)
"""What more is silently cut to."""

ENROUTE_AFTER, WAITING_AFTER, FINAL_AFTER, SEEN_AFTER = 0.5, 1.2, 2.5, 5.0
"""Seconds after the request at which a state is reached."""

_OUT_OF_TIME = 4101


@dataclass(frozen=True, slots=True)
class Webhooks:
    """What a message says about reports.

    Attributes:
        delivery: where its delivery reports go; empty for nowhere.
        seen: where its seen report goes; empty for nowhere.
        intermediate: also report that the operator has it.
        both_legs: also report the leg that failed before a failover.
        callback_data: comes back in each report.
    """

    delivery: str = ""
    seen: str = ""
    intermediate: bool = False
    both_legs: bool = False
    callback_data: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One leg of a message as it was accepted.

    Attributes:
        account: name of the account.
        channel: ``SMS``, ``MMS`` or ``RCS``.
        content: as the request had it.
        parts: what the text was cut into.
        validity: how long delivery is tried.
        extra: ``campaignReferenceId`` and ``platform``, as the request had them.
        has_failover: another leg begins when this one fails.
        is_failover: this leg took over from one that failed.
    """

    account: str
    channel: str
    message_id: str
    bulk_id: str
    sender: str
    to: str
    content: dict[str, Any]
    parts: int
    created: datetime
    ending: Ending
    validity: timedelta = LONGEST_VALIDITY
    webhooks: Webhooks = field(default_factory=Webhooks)
    extra: dict[str, Any] = field(default_factory=dict)
    has_failover: bool = False
    is_failover: bool = False

    @property
    def outcome(self) -> Ending:
        """Its last state, with the validity taken into account."""
        if self.ending.status == NO_REPORT or not self._runs_out:
            return self.ending
        return Ending(EXPIRED, _OUT_OF_TIME)

    @property
    def _runs_out(self) -> bool:
        return not self.ending.at_once and self.validity < timedelta(seconds=FINAL_AFTER)

    @property
    def done(self) -> datetime:
        """When its last state is reached."""
        if self.ending.at_once:
            return self.created
        if self.ending.status == NO_REPORT or self._runs_out:
            return self.created + self.validity
        return self.created + timedelta(seconds=FINAL_AFTER)

    @property
    def gives_way(self) -> bool:
        """Whether another leg takes over from this one."""
        return self.has_failover and not self.outcome.is_good and not self.ending.at_once

    def status_at(self, now: datetime) -> int:
        """Return the id of its state at a moment."""
        if now >= self.done:
            return ENROUTE if self.gives_way else self.outcome.status
        age = (now - self.created).total_seconds()
        if age >= WAITING_AFTER:
            return WAITING
        return ENROUTE if age >= ENROUTE_AFTER else ACCEPTED

    def log(self, now: datetime) -> dict[str, Any]:
        """Return its record in the logs at a moment."""
        return {
            "sender": self.sender,
            "destination": self.to,
            **self._common(self.status_at(now), now),
            "content": self.content,
            "mccMnc": "21910",
        }

    def report(self, now: datetime) -> dict[str, Any]:
        """Return its delivery report at a moment."""
        record = {"to": self.to, "sender": self.sender, **self._common(self.status_at(now), now)}
        record["mccMnc"] = "21910"
        if self.webhooks.callback_data:
            record["callbackData"] = self.webhooks.callback_data
        if self.has_failover or self.is_failover:
            record["channel"] = self.channel
        if self.channel == "RCS":
            record["interactionType"] = "BASIC_MESSAGE"
            record["conversation"] = {"canInitiate": self.outcome.is_good, "id": None}
            record["price"]["trafficType"] = "BASIC"
        return record

    def seen_report(self) -> dict[str, Any]:
        """Return its seen report."""
        return {
            "messageId": self.message_id,
            "from": self.to,
            "to": self.sender,
            "sentAt": stamp(self.created),
            "seenAt": stamp(self.seen_at),
        }

    @property
    def seen_at(self) -> datetime:
        """When the recipient reads it."""
        return self.created + timedelta(seconds=SEEN_AFTER)

    def failover(
        self, channel: str, *, sender: str, content: dict[str, Any], parts: int, ending: Ending
    ) -> Message:
        """Return the leg that takes over when this one has failed."""
        return dataclasses.replace(
            self,
            channel=channel,
            sender=sender,
            content=content,
            parts=parts,
            created=self.done,
            ending=ending,
            validity=LONGEST_VALIDITY,
            has_failover=False,
            is_failover=True,
        )

    def _common(self, status: int, now: datetime) -> dict[str, Any]:
        is_done = now >= self.done
        error = self.outcome.error if is_done else 0
        price = 0.0 if group_of(self.outcome.status) == "REJECTED" else PRICE_PER_PART
        record: dict[str, Any] = {
            "bulkId": self.bulk_id,
            "messageId": self.message_id,
            "sentAt": stamp(self.created),
            "messageCount": self.parts,
            "price": {"pricePerMessage": price, "currency": "EUR"},
            "status": status_record(status),
            "error": error_record(error),
            **self.extra,
        }
        if is_done:
            record["doneAt"] = stamp(self.done)
        return record


def stamp(moment: datetime) -> str:
    """Return a moment as Infobip writes it: ``2026-11-23T10:00:00.000+0000``."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "+0000")
