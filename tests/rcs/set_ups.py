"""Set-ups that are filled in, and their conversations carried out without any network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr

from smstui.providers.base import Request, Response
from smstui.providers.fields import Value
from smstui.rcs.base import Errand, Progress, Setup, Step

ACCOUNT = "AC00112233445566778899aabbccddeeff"
TOKEN = "0123456789abcdef0123456789abcdef"
SENDER_SID = "XE00112233445566778899aabbccddeeff"
SERVICE = "MG00112233445566778899aabbccddeeff"
KEY = "00112233445566778899aabbccddeeff-00112233-4455-4677-8899-aabbccddeeff"
PROJECT = "11111111-2222-4333-8444-555555555555"
APP = "01JD0APP000000000000000000"
KEY_ID = "22222222-3333-4444-8555-666666666666"
KEY_SECRET = "sinch~key~secret~0123456789"

PROFILE: dict[str, Value] = {
    "brand_name": "Acme Ltd",
    "display_name": "Acme",
    "description": "News and offers of Acme",
    "color": "#1A5FB4",
    "logo": "https://www.example.com/logo.png",
    "banner": "https://www.example.com/banner.png",
    "phone": "+390212345678",
    "phone_label": "Customer care",
    "email": "care@example.com",
    "website": "https://www.example.com",
    "privacy": "https://www.example.com/privacy",
    "terms": "https://www.example.com/terms",
    "billing_category": "NON_CONVERSATIONAL",
    "use_case": "TRANSACTIONAL",
    "hosting_region": "EUROPE",
    "countries": "IT, DE",
    "test_numbers": "+393331234567",
    "opt_in": "On the web shop's last page.",
    "video": "https://www.example.com/agent.mp4",
}
"""A whole profile; a route takes the fields that it has."""

ACCOUNTS: dict[str, dict[str, Value]] = {
    "Twilio": {
        "account_sid": ACCOUNT,
        "auth_token": SecretStr(TOKEN),
        "sender_id": "rcs:acme_x1y2_agent",
        "sender_sid": SENDER_SID,
        "messaging_service_sid": SERVICE,
    },
    "Infobip": {
        "api_base_url": "abc123.api.infobip.com",
        "api_key": SecretStr(KEY),
        "sender_name": "DemoSender",
        "fallback_sender": "DemoBrand",
    },
    "Sinch": {
        "project_id": PROJECT,
        "sender_id": "sender-1",
        "app_id": APP,
        "key_id": KEY_ID,
        "key_secret": SecretStr(KEY_SECRET),
        "service_plan_id": "demo_plan",
        "sms_api_token": SecretStr("plan-token-0123456789"),
        "region": "eu",
    },
    "Other": {
        "provider_name": "Acme Telecom",
        "provider_appid": "acme",
        "provider_url": "https://api.example.com/send",
        "sender_id": "acme_agent",
    },
}


def setup_of(name: str, *, without: tuple[str, ...] = (), **changes: Value) -> Setup:
    """Return a set-up of a route, filled in; ``without`` names fields to leave out."""
    from smstui.rcs.routes.registry import route

    profile = {key: PROFILE[key] for key in route(name).profile_fields() if key in PROFILE}
    if name == "Sinch":
        profile["use_case"] = "MULTIUSE"
    draft = {**ACCOUNTS[name], **profile, **changes}
    kept = {key: value for key, value in draft.items() if key not in without}
    return Setup("Acme brand", {Step.REGISTER: kept})


def answer(document: Any, status: int = 200, **headers: str) -> Response:
    """Return a JSON answer."""
    return Response(status, tuple(headers.items()), json.dumps(document).encode())


def converse(errand: Errand | None, *answers: Response) -> tuple[list[Request], Progress]:
    """Return what was asked in a conversation, and what it came to; every answer is needed."""
    assert errand is not None
    requests = [next(errand)]
    for number, given in enumerate(answers, 1):
        try:
            requests.append(errand.send(given))
        except StopIteration as stop:
            assert number == len(answers), "answers are left over"
            progress: Progress = stop.value
            return requests, progress
    raise AssertionError(f"more is asked: {requests[-1].method} {requests[-1].url}")


def body_of(request: Request) -> Any:
    """Return the JSON that a request carries."""
    return json.loads(request.body)


def lines_of(progress: Progress) -> list[tuple[int, str, str, str]]:
    """Return the lines of a status: level, name, word, state."""
    return [(s.level, s.name, s.word, s.state.value) for s in progress.status or ()]


def tasks_of(progress: Progress) -> Mapping[str, str]:
    """Return the states of the tasks that a conversation shows."""
    return {key: state.value for key, state in progress.tasks.items()}
