"""What Sinch's two APIs answer, right and wrong."""

from __future__ import annotations

import base64
from typing import Any

from pydantic import SecretStr

from smstui.providers.fields import Value

PLAN = "00112233445566778899aabbccddeeff"
PLAN_TOKEN = "0123456789abcdef0123456789abcdef"
PROJECT = "11111111-2222-4333-8444-555555555555"
APP = "01JD0APPEXAMP1E0APPEXAMP10"
KEY_ID = "99999999-8888-4777-8666-555555555555"
KEY_SECRET = "~kEy.sEcRet-0123456789"
TOKEN = base64.b64encode(f"{KEY_ID}:{KEY_SECRET}".encode()).decode()
BATCH = "01JD0EXAMP1E0EXAMP1E0EXAM1"
MESSAGE = "01JD0MSGEXAMP1E0MSGEXAMP10"
REFERENCE = "smstui-7f3a"
MSISDN = "12065550123"
CHANNEL_TOKEN = "channel-token-0123456789"

BATCHES = f"GET /xms/v1/{PLAN}/batches"
POST = f"POST /xms/v1/{PLAN}/batches"
DRY_RUN = f"POST /xms/v1/{PLAN}/batches/dry_run"
REPORT = f"GET /xms/v1/{PLAN}/batches/{BATCH}/delivery_report/{MSISDN}"
GET_APP = f"GET /v1/projects/{PROJECT}/apps/{APP}"
SEND = f"POST /v1/projects/{PROJECT}/messages:send"
KEPT = f"GET /v1/projects/{PROJECT}/messages/{MESSAGE}"

SMS: dict[str, Value] = {
    "name": "sinch-sms",
    "service_id": PLAN,
    "api_token": SecretStr(PLAN_TOKEN),
    "inbound_number": "+12065550100",
}
MMS: dict[str, Value] = {
    "name": "sinch-mms",
    "project_id": PROJECT,
    "app_id": APP,
    "api_token": SecretStr(TOKEN),
    "sender_number": "+12065550100",
    "test_media": "https://cdn.example.net/a.jpg",
}
RCS: dict[str, Value] = {
    "name": "sinch-rcs",
    "project_id": PROJECT,
    "app_id": APP,
    "api_token": SecretStr(TOKEN),
    "service_plan_id": PLAN,
    "sms_api_token": SecretStr(PLAN_TOKEN),
}


def halves(draft: dict[str, Value]) -> dict[str, Value]:
    """Return a draft whose access key is typed as its two halves."""
    key: dict[str, Value] = {"key_id": KEY_ID, "key_secret": SecretStr(KEY_SECRET)}
    return {**draft, "api_token": None, **key}


def refusal(status: int, code: str, text: str = "as Sinch says") -> tuple[int, dict[str, Any]]:
    """Return an error of the SMS API."""
    return status, {"code": code, "text": text}


def error(status: int, name: str, text: str = "as Sinch says") -> tuple[int, dict[str, Any]]:
    """Return an error of the Conversation API."""
    inner = {"code": status, "message": text, "status": name, "details": []}
    return status, {"error": inner}


def report(status: str, code: int, **more: Any) -> dict[str, Any]:
    """Return a delivery report for one recipient."""
    base = {"type": "recipient_delivery_report_sms", "batch_id": BATCH, "recipient": MSISDN}
    return {**base, "code": code, "status": status, "at": "2026-11-23T10:00:05.120Z", **more}


def channel(name: str, state: str = "ACTIVE", **more: Any) -> dict[str, Any]:
    """Return an app's credentials of a channel, in a state."""
    bearer = {"claimed_identity": PLAN, "token": CHANNEL_TOKEN}
    told = {"status": state, "description": "as the channel says"}
    return {"channel": name, "static_bearer": bearer, "state": told, **more}


def app(*channels: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return an app."""
    callbacks = {"secret_for_overridden_callback_urls": "callback-secret-0123456789"}
    base = {"id": APP, "display_name": "Acme", "channel_credentials": list(channels)}
    return {**base, "callback_settings": callbacks, **more}


ALL_CHANNELS = (channel("MMS"), channel("RCS"), channel("SMS"))

GOOD: dict[str, Any] = {
    BATCHES: {"count": 0, "page": 0, "page_size": 1, "batches": []},
    DRY_RUN: {"number_of_recipients": 1, "number_of_messages": 1},
    POST: (201, {"id": BATCH, "to": [MSISDN], "canceled": False, "type": "mt_text"}),
    REPORT: [report("Queued", 400), report("Dispatched", 401), report("Delivered", 0)],
    GET_APP: app(*ALL_CHANNELS),
    SEND: {"message_id": MESSAGE, "accepted_time": "2026-11-23T10:00:00.123Z"},
    KEPT: error(404, "NOT_FOUND"),
}
