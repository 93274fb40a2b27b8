"""What becomes of a message: the last five digits of the recipient name the ending.

An Italian mobile +39 345 00 30003 is a handset that cannot be reached (30003), +1 202 55 21610
is somebody who wrote STOP (21610, refused at once), and any other number receives its message.
The full table stands in the docstring of the package.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from smstui.simulator.tricks import tail

REFUSED_AT_ONCE = frozenset({21211, 21268, 21408, 21610, 21611, 21612, 21614, 21635})
"""Codes that the request to send is answered with."""

FAILED = {
    30001: "Queue overflow",
    30002: "Account suspended",
    30036: "Validity Period Expired",
    30037: "Outbound Messaging Disabled",
    30450: "Message delivery blocked",
}
"""Endings in ``failed``: the message never left Twilio."""

UNDELIVERED = {
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30018: "Destination carrier requires sender ID pre-registration",
    30024: "Sender ID not provisioned by carrier",
    30032: "Toll-Free Number Has Not Been Verified",
    30034: "US A2P 10DLC - Message from an Unregistered Number",
    30035: "US A2P 10DLC - Message from a Number still being configured",
    30040: "Destination carrier requires sender ID pre-registration",
}
"""Endings in ``undelivered``: the carrier would not, or the phone could not."""

RCS_UNDELIVERED = {
    63003: "Channel could not find To address",
    63005: "Channel did not accept given content",
    63013: "Channel policy violation",
    63018: "Rate limit exceeded for Channel",
    63024: "Invalid message recipient",
    63035: "Operation is prohibited: RCS agent not launched for this user",
    63036: "User not reachable over RCS",
}
"""Endings of RCS; a service with a phone number in its pool falls back to SMS instead."""


STAYS_SENT = 999
"""A carrier that gives no receipts: ``sent`` is the last status."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The last status of a message, and the error that comes with a bad one."""

    status: Literal["delivered", "sent", "read", "undelivered", "failed"]
    code: int | None = None
    message: str | None = None


DELIVERED = Ending("delivered")


def refusal_code(to: str) -> int | None:
    """Return the code with which a send to this recipient is refused at once."""
    code = tail(to)
    return code if code in REFUSED_AT_ONCE else None


def sms_ending(to: str) -> Ending:
    """Return how an SMS to this recipient ends."""
    code = tail(to)
    if code in FAILED:
        return Ending("failed", code, FAILED[code])
    if code in UNDELIVERED:
        return Ending("undelivered", code, UNDELIVERED[code])
    return Ending("sent") if code == STAYS_SENT else DELIVERED


def rcs_ending(to: str, *, is_reached: bool) -> Ending:
    """Return how an RCS message to this recipient ends.

    Args:
        to: the recipient.
        is_reached: the sender is approved there, or the recipient is a tester; else 63035.
    """
    code = tail(to) if is_reached else 63035
    if code in RCS_UNDELIVERED:
        return Ending("undelivered", code, RCS_UNDELIVERED[code])
    ending = sms_ending(to)
    return Ending("read") if ending is DELIVERED else ending
