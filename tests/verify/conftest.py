"""What the tests of the engine share: a scripted provider behind a real client, and a clock."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx
import pytest

from smstui.providers.base import Credential, Provider
from smstui.verify import Arrivals, Depth, Event, Verification, verify

Reply = httpx.Response | Exception | dict[str, Any] | tuple[int, Any]
"""What a scripted path answers: JSON with 200, (status, JSON or text), a whole answer, an error."""


class Script:
    """Answers by method and path; several replies to one path come one after the other."""

    def __init__(self, replies: Mapping[str, Reply | list[Reply]]) -> None:
        self.replies = {key: list(r) if isinstance(r, list) else [r] for key, r in replies.items()}
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        key = f"{request.method} {request.url.path}"
        if key not in self.replies:
            return httpx.Response(404, json={"code": 20404, "message": f"{key} was not found"})
        queue = self.replies[key]
        reply = queue.pop(0) if len(queue) > 1 else queue[0]
        if isinstance(reply, Exception):
            raise reply
        if isinstance(reply, httpx.Response):
            return reply
        status, body = reply if isinstance(reply, tuple) else (200, reply)
        if isinstance(body, str | bytes):
            return httpx.Response(status, content=body)
        return httpx.Response(
            status, content=json.dumps(body), headers={"Twilio-Request-Id": "RQ01"}
        )

    @property
    def asked(self) -> list[str]:
        """Method and path of every request, with its query."""
        return [f"{r.method} {r.url.raw_path.decode()}" for r in self.requests]


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


Run = Callable[..., Awaitable[Verification]]


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def run(fake_time: FakeTime) -> Run:
    """Verify against a script, and return what came of it; ``events`` takes every event."""

    async def run_script(
        provider: Provider[Any],
        credential: Credential,
        script: Script,
        *,
        depth: Depth,
        to: str = "+393331234567",
        text: str = "smstui test 7",
        wait: float = 120.0,
        events: list[Event] | None = None,
        arrivals: Arrivals | None = None,
    ) -> Verification:
        verification = Verification(provider, credential, depth=depth, to=to, text=text)
        async with httpx.AsyncClient(transport=httpx.MockTransport(script)) as client:
            async for event in verify(
                provider,
                credential,
                depth=depth,
                to=to,
                text=text,
                wait=wait,
                client=client,
                monotonic=fake_time.monotonic,
                sleep=fake_time.sleep,
                arrivals=arrivals,
            ):
                verification.add(event)
                if events is not None:
                    events.append(event)
        return verification

    return run_script


@pytest.fixture
def script() -> type[Script]:
    return Script
