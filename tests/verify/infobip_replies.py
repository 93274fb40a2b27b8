"""What Infobip answers, right and wrong."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from smstui.providers.fields import Value

KEY = "00112233445566778899aabbccddeeff-01234567-89ab-cdef-0123-456789abcdef"
HOST = "abc123.api.infobip.com"
MESSAGE = "smstui-7f3a"
BULK = "4100000000000000001"
TO = "+385990000001"
CODES = "https://www.infobip.com/docs/essentials/api-essentials/response-status-and-error-codes"

LOGS = "GET /sms/3/logs"
BALANCE = "GET /account/1/balance"
POST = "POST /sms/3/messages"

INFOBIP: dict[str, Value] = {
    "name": "infobip-main",
    "api_base_url": HOST,
    "api_key": SecretStr(KEY),
    "inbound_number": "+385990000099",
}

STATES = {
    26: (1, "PENDING", "PENDING_ACCEPTED"),
    7: (1, "PENDING", "PENDING_ENROUTE"),
    3: (1, "PENDING", "PENDING_WAITING_DELIVERY"),
    5: (3, "DELIVERED", "DELIVERED_TO_HANDSET"),
    2: (3, "DELIVERED", "DELIVERED_TO_OPERATOR"),
    9: (2, "UNDELIVERABLE", "UNDELIVERABLE_NOT_DELIVERED"),
    4: (2, "UNDELIVERABLE", "UNDELIVERABLE_REJECTED_OPERATOR"),
    15: (4, "EXPIRED", "EXPIRED_EXPIRED"),
    29: (4, "EXPIRED", "EXPIRED_DLR_UNKNOWN"),
    11: (5, "REJECTED", "REJECTED_SOURCE"),
    18: (5, "REJECTED", "REJECTED_DESTINATION_NOT_REGISTERED"),
    20: (5, "REJECTED", "REJECTED_FLOODING_FILTER"),
    23: (5, "REJECTED", "REJECTED_DUPLICATE_MESSAGE_ID"),
    94: (5, "REJECTED", "REJECTED_SOMETHING_NEW"),
}


def state(number: int, **more: Any) -> dict[str, Any]:
    """Return a status object."""
    group, group_name, name = STATES[number]
    base = {"groupId": group, "groupName": group_name, "id": number, "name": name}
    return {**base, "description": "as Infobip says", **more}


def sent(number: int = 26, **more: Any) -> dict[str, Any]:
    """Return the answer to a message, in a state."""
    message = {"messageId": MESSAGE, "destination": TO[1:], "status": state(number, **more)}
    return {"bulkId": BULK, "messages": [{**message, "details": {"messageCount": 1}}]}


def logged(number: int, error: int = 0, name: str = "NO_ERROR", **more: Any) -> dict[str, Any]:
    """Return the logs with one message in a state, with an error."""
    failure = {"groupId": 1 if error else 0, "id": error, "name": name, "description": "why"}
    log = {"messageId": MESSAGE, "destination": TO[1:], "status": state(number)}
    return {"results": [{**log, "error": {**failure, "permanent": False, **more}}]}


def error(status: int, *violations: tuple[str, str]) -> tuple[int, dict[str, Any]]:
    """Return an error answer of the newer form."""
    return status, {
        "errorCode": f"E{status}",
        "description": "As described.",
        "action": "As advised.",
        "violations": [{"property": path, "violation": said} for path, said in violations],
        "resources": [{"name": "Docs", "url": "https://www.infobip.com/docs/x"}],
    }


def older(status: int, message_id: str, **errors: list[str]) -> tuple[int, dict[str, Any]]:
    """Return an error answer of the older form."""
    exception = {"messageId": message_id, "text": "As told.", "validationErrors": errors}
    return status, {"requestError": {"serviceException": exception}}


NO_LOGS: dict[str, Any] = {"results": []}
GOOD: dict[str, Any] = {
    LOGS: [NO_LOGS, NO_LOGS, logged(26), logged(7), logged(3), logged(5)],
    BALANCE: {"balance": 12.5, "currency": "EUR"},
    POST: sent(),
}


def after(*answers: Any) -> dict[str, Any]:
    """Return logs that are readable at first, and then answer so."""
    return {LOGS: [NO_LOGS, *answers]}
