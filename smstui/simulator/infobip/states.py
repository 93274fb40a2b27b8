"""States and errors of messages with Infobip's texts, and what becomes of a message.

Source: Infobip's page "Response status and error codes". The last five digits of the recipient name
the ending; the table stands in the docstring of the package.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from smstui.simulator.tricks import tail

GROUPS = ("ACCEPTED", "PENDING", "UNDELIVERABLE", "DELIVERED", "EXPIRED", "REJECTED")
_ERROR_GROUPS = ("OK", "HANDSET_ERRORS", "USER_ERRORS", "OPERATOR_ERRORS")

ACCEPTED, ENROUTE, WAITING = 26, 7, 3
DELIVERED = 5
NOT_DELIVERED, REJECTED_BY_OPERATOR = 9, 4
EXPIRED, NO_REPORT = 15, 29

_STATUSES: dict[int, tuple[int, str, str]] = {
    2: (3, "DELIVERED_TO_OPERATOR", "Message delivered to operator"),
    3: (1, "PENDING_WAITING_DELIVERY", "Message sent, waiting for delivery report"),
    4: (2, "UNDELIVERABLE_REJECTED_OPERATOR", "Message rejected by operator"),
    5: (3, "DELIVERED_TO_HANDSET", "Message delivered to handset"),
    6: (5, "REJECTED_NETWORK", "Network is forbidden"),
    7: (1, "PENDING_ENROUTE", "Message sent to next instance"),
    8: (5, "REJECTED_PREFIX_MISSING", "Number prefix missing"),
    9: (2, "UNDELIVERABLE_NOT_DELIVERED", "Message sent not delivered"),
    10: (5, "REJECTED_DND", "Destination on DND list"),
    11: (5, "REJECTED_SOURCE", "Invalid Source address"),
    12: (5, "REJECTED_NOT_ENOUGH_CREDITS", "Not enough credits"),
    13: (5, "REJECTED_SENDER", "By Sender"),
    14: (5, "REJECTED_DESTINATION_BLOCKLISTED", "By Destination"),
    15: (4, "EXPIRED_EXPIRED", "Message expired"),
    17: (5, "REJECTED_PREPAID_PACKAGE_EXPIRED", "Prepaid package expired"),
    18: (5, "REJECTED_DESTINATION_NOT_REGISTERED", "Destination not registered"),
    19: (5, "REJECTED_ROUTE_NOT_AVAILABLE", "Route not available"),
    20: (5, "REJECTED_FLOODING_FILTER", "Rejected flooding"),
    21: (5, "REJECTED_SYSTEM_ERROR", "System error"),
    23: (5, "REJECTED_DUPLICATE_MESSAGE_ID", "Duplicate message ID"),
    25: (5, "REJECTED_MESSAGE_TOO_LONG", "Message too long"),
    26: (1, "PENDING_ACCEPTED", "Message sent to next instance"),
    29: (4, "EXPIRED_DLR_UNKNOWN", "Message expired, no delivery report"),
    51: (5, "MISSING_TO", "Missing destination"),
    52: (5, "REJECTED_DESTINATION", "Invalid destination address"),
    56: (5, "REJECTED_INVALID_NOTIFY_URL", "Invalid notify URL"),
    77: (5, "REJECTED_MESSAGE_TEXT_TOO_LONG", "Message text too long"),
    87: (5, "SIGNALS_BLOCKED", "Blocked by anti-fraud mechanism"),
    100: (5, "UNDELIVERABLE_REJECTED_PLATFORM", "Rejected by the platform"),
}
"""Id to group, name and description."""

_ACTIONS = {
    11: "Register the sender on your account.",
    12: "Top up your account.",
    18: "Verify the destination or upgrade your account.",
    20: "Wait before sending to the same destination again.",
    23: "Use a unique message ID.",
}

_ERRORS: dict[int, tuple[int, str, str, bool]] = {
    0: (0, "NO_ERROR", "No Error", False),
    1: (1, "EC_UNKNOWN_SUBSCRIBER", "Unknown Subscriber", True),
    6: (1, "EC_ABSENT_SUBSCRIBER_SM", "Absent Subscriber", False),
    27: (1, "EC_ABSENT_SUBSCRIBER", "Absent Subscriber", False),
    351: (2, "EC_INVALID_DESTINATION_ADDRESS", "Invalid destination address", False),
    368: (2, "EC_INVALID_SOURCE_ADDRESS", "Invalid source address", True),
    572: (2, "EC_CAMPAIGNID_NOT_PROVISIONED", "Campaign not provisioned", True),
    603: (2, "EC_CONTENT_BLOCKED", "Content blocked by user opt-out", True),
    4098: (3, "EC_VP_EXPIRED", "Validity period expired", False),
    4101: (2, "EC_VALIDITY_EXPIRED", "Validity expired", True),
    7002: (1, "EC_UNKNOWN_USER", "No matching user found (on platform or on provider)", True),
}
"""Id to group, name, description and whether it is permanent."""

_LARGE_ERRORS = {98: 4098, 101: 4101, 702: 7002}
"""Three digits that stand for errors of four."""

_OF_RCS = 7002


@dataclass(frozen=True, slots=True)
class Ending:
    """The last state of a message, and its error.

    ``at_once`` is a rejection that the answer to the send tells already.
    """

    status: int = DELIVERED
    error: int = 0
    at_once: bool = False

    @property
    def is_good(self) -> bool:
        """Whether the message arrives, at the operator at least."""
        return group_of(self.status) == "DELIVERED"


def group_of(status: int) -> str:
    """Return the group of a state: ``PENDING``."""
    return GROUPS[_STATUSES[status][0]]


def rejected(status: int) -> Ending:
    """Return a rejection that is told at once."""
    return Ending(status, at_once=True)


def status_record(status: int) -> dict[str, Any]:
    """Return the status object of a state."""
    group, name, description = _STATUSES[status]
    record: dict[str, Any] = {
        "groupId": group,
        "groupName": GROUPS[group],
        "id": status,
        "name": name,
        "description": description,
    }
    if status in _ACTIONS:
        record["action"] = _ACTIONS[status]
    return record


def error_record(error: int) -> dict[str, Any]:
    """Return the error object; 0 is no error."""
    group, name, description, permanent = _ERRORS[error]
    return {
        "groupId": group,
        "groupName": _ERROR_GROUPS[group],
        "id": error,
        "name": name,
        "description": description,
        "permanent": permanent,
    }


def ending_of(to: str, *, channel: str, is_reached: bool = True) -> Ending:
    """Return what becomes of a message by itself.

    Args:
        to: the recipient; its last five digits decide.
        channel: an RCS message alone can fail for want of RCS.
        is_reached: the RCS sender is launched, or the recipient a tester.
    """
    kind, code = divmod(tail(to), 1000)
    error = _LARGE_ERRORS.get(code, code)
    if channel == "RCS" and not is_reached:
        return Ending(REJECTED_BY_OPERATOR, _OF_RCS)
    if tail(to) == 999:
        return Ending(NO_REPORT)
    if kind in (50, 60) and code in _STATUSES and group_of(code) == "REJECTED":
        return Ending(code, at_once=kind == 50)
    if kind == 40 and error in (4098, 4101):
        return Ending(EXPIRED, error)
    if kind == 30 and code == 2:
        return Ending(2)
    if kind == 20 and error in _ERRORS and error and (error != _OF_RCS or channel == "RCS"):
        is_handset = _ERRORS[error][0] == 1 and error != _OF_RCS
        return Ending(NOT_DELIVERED if is_handset else REJECTED_BY_OPERATOR, error)
    return Ending()
