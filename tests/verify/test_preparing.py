"""A message that was only being prepared was not sent, and nothing says that it may have been."""

from __future__ import annotations

import httpx

from smstui.providers.base import Result
from smstui.providers.custom import CustomProvider
from smstui.verify import Depth
from tests.providers.custom_support import oauth
from tests.verify.conftest import Run, Script

AT_ONCE = {"access_token": "fresh-token-0123456789", "token_type": "Bearer", "expires_in": 0}


class OnTheWire(Script):
    """Answers as a script does, after telling that the request went out."""

    async def __call__(self, request: httpx.Request) -> httpx.Response:  # type: ignore[override]  # the transport takes both kinds
        await request.extensions["trace"]("http11.send_request_headers.started", {})
        return super().__call__(request)


async def test_a_token_that_does_not_come_leaves_the_message_unsent(run: Run) -> None:
    silence = httpx.ReadTimeout("no answer")
    script = OnTheWire({"POST /token": [AT_ONCE, silence], "POST /send": {"id": "1"}})
    provider = CustomProvider()
    credential = provider.build(oauth())
    verification = await run(provider, credential, script, depth=Depth.SEND)
    accept = verification.stages[3]
    assert accept.result is Result.FAILED
    assert accept.outcome is not None
    assert "may have" not in f"{accept.summary} {accept.hint}"
    assert script.asked == ["POST /token", "POST /token"]
