"""What the tests of the custom provider share: drafts, conversations, a clock that can be moved."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from pydantic import SecretStr

from smstui.providers.base import Request, Response
from smstui.providers.custom import CustomProvider
from smstui.providers.custom_fields import CustomCredential
from smstui.providers.fields import Issue, Severity, Value

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TO = "+393331234567"
URL = "https://api.example.com/v1/send"
PAYLOAD = '{"from": "{{fromNumber}}", "to": "{{toNumber}}", "text": "{{message}}"}'
PATH: dict[str, Value] = {
    "message_id_extraction": "dot_path",
    "message_id_path": "messages.0.id",
}
SECRET = "s3cret-Value-0123456789"

T = TypeVar("T")


class MovableClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def draft(**changes: Value) -> dict[str, Value]:
    """Return a draft without faults, changed."""
    return {
        "name": "relay",
        "provider_appid": "app-1",
        "provider_name": "Relay",
        "provider_url": URL,
        "auth_type": "bearer",
        "api_token": SecretStr(SECRET),
        "provider_payload": PAYLOAD,
        "sender_number": "ACME",
        **changes,
    }


def oauth(**changes: Value) -> dict[str, Value]:
    """Return a draft with OAuth."""
    body = {"grant_type": "client_credentials", "client_id": "me", "client_secret": SECRET}
    return draft(
        **{
            "auth_type": "oauth",
            "api_token": None,
            "oauth_url": "https://auth.example.com/token",
            "oauth_body": SecretStr(json.dumps(body)),
            **changes,
        }
    )


def login(**changes: Value) -> dict[str, Value]:
    """Return a draft with a login that a bearer token follows."""
    return draft(
        **{
            "auth_type": "login_bearer",
            "api_token": None,
            "login_url": "https://api.example.com/login",
            "user_name": "ada",
            "password": SecretStr(SECRET),
            "token_path": "data.token",
            **changes,
        }
    )


def build(values: dict[str, Value]) -> CustomCredential:
    """Return the credential of a draft."""
    return CustomProvider(MovableClock()).build(values)


def issues_of(values: dict[str, Value]) -> list[Issue]:
    """Return everything wrong with a draft."""
    return CustomProvider(MovableClock()).check(values)


def errors_of(values: dict[str, Value]) -> dict[str, str]:
    """Return the errors of a draft by field."""
    return {i.field: i.message for i in issues_of(values) if i.severity is Severity.ERROR}


def warnings_of(values: dict[str, Value]) -> dict[str, str]:
    """Return the warnings of a draft by field."""
    return {i.field: i.message for i in issues_of(values) if i.severity is Severity.WARNING}


def answer(document: Any, status: int = 200, *headers: tuple[str, str]) -> Response:
    """Return an answer: of JSON, or of the bytes given."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return Response(status, headers, body)


def talk(
    dialogue: Generator[Request, Response, T], replies: Iterable[Response] = ()
) -> tuple[list[Request], T]:
    """Carry out a conversation with prepared answers; every one of them has to be asked for."""
    waiting = list(replies)
    requests: list[Request] = []
    try:
        request = next(dialogue)
        while True:
            requests.append(request)
            request = dialogue.send(waiting.pop(0))
    except StopIteration as stop:
        assert waiting == []
        outcome: T = stop.value
        return requests, outcome


def header(request: Request, name: str) -> str:
    """Return the only header of that name; empty when there is none."""
    values = [value for key, value in request.headers if key.lower() == name.lower()]
    assert len(values) <= 1
    return values[0] if values else ""
