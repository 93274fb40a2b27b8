"""What Twilio answers, right and wrong, and the shape of a row of the table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr

from smstui.providers.base import Result
from smstui.providers.fields import Value
from smstui.verify import Depth

HEX = "00112233445566778899aabbccddeeff"
TOKEN = "0123456789abcdef0123456789abcdef"
SECRET = "fedcba9876543210fedcba9876543210"
AC, SK, MG, SM = (prefix + HEX for prefix in ("AC", "SK", "MG", "SM"))
NUMBER = "+15005550006"

ACCOUNT = f"GET /2010-04-01/Accounts/{AC}.json"
LIST = f"GET /2010-04-01/Accounts/{AC}/Messages.json"
POST = f"POST /2010-04-01/Accounts/{AC}/Messages.json"
STATE = f"GET /2010-04-01/Accounts/{AC}/Messages/{SM}.json"
OWNED = f"GET /2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json"
SERVICE = f"GET /v1/Services/{MG}"

TWILIO: dict[str, Value] = {
    "name": "twilio-main",
    "account_sid": AC,
    "auth_token": SecretStr(TOKEN),
    "message_sid": MG,
    "inbound_number": NUMBER,
}
BY_NUMBER: dict[str, Value] = {**TWILIO, "message_sid": ""}
BY_KEY: dict[str, Value] = {**TWILIO, "api_key_sid": SK, "api_key_secret": SecretStr(SECRET)}


def error(code: int, status: int, message: str = "as Twilio says") -> tuple[int, dict[str, Any]]:
    return status, {"code": code, "message": message, "status": status}


def account(**changes: Any) -> dict[str, Any]:
    base = {"sid": AC, "friendly_name": "Acme", "status": "active", "type": "Full"}
    return {**base, "owner_account_sid": AC, "auth_token": TOKEN, **changes}


def message(status: str, code: int | None = None, **more: Any) -> dict[str, Any]:
    return {"sid": SM, "status": status, "error_code": code, "from": NUMBER, **more}


GOOD: dict[str, Any] = {
    ACCOUNT: account(),
    LIST: {"messages": []},
    SERVICE: {"sid": MG, "friendly_name": "Alerts"},
    f"{SERVICE}/PhoneNumbers": {"phone_numbers": [{"sid": "PN"}]},
    OWNED: {"incoming_phone_numbers": [{"phone_number": NUMBER, "capabilities": {"sms": True}}]},
    POST: (201, message("accepted", num_segments="0")),
    STATE: [message("queued"), message("sent"), message("delivered")],
}
HTML = (502, "<html><head><style>p{}</style></head><h1>Bad Gateway</h1></html>")


@dataclass(frozen=True)
class Case:
    """One row: what is answered, and what it must come to."""

    label: str
    depth: Depth
    stage: str
    result: Result
    word: str
    says: str
    answers: dict[str, Any] = field(default_factory=dict)
    draft: dict[str, Value] = field(default_factory=lambda: TWILIO)
    vendor: str = "Twilio"
    to: str = "+393331234567"
    code: str = ""


CHECK, PROBE, SEND = Depth.CHECK, Depth.PROBE, Depth.SEND
PASSED, WARNED, FAILED, PENDING = Result.PASSED, Result.WARNED, Result.FAILED, Result.PENDING


def probe(
    label: str,
    result: Result,
    word: str,
    says: str,
    answers: dict[str, Any] | None = None,
    draft: dict[str, Value] = TWILIO,
    code: str = "",
) -> Case:
    """Return a row at depth probe."""
    return Case(label, PROBE, "authenticate", result, word, says, answers or {}, draft, code=code)


def send(
    label: str,
    stage: str,
    result: Result,
    word: str,
    says: str,
    answers: dict[str, Any] | None = None,
    draft: dict[str, Value] = TWILIO,
    **more: str,
) -> Case:
    """Return a row at depth send."""
    return Case(label, SEND, stage, result, word, says, answers or {}, draft, **more)
