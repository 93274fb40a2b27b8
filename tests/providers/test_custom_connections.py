"""The vendor Custom through the engine, against a real server on loopback."""

from __future__ import annotations

import base64
import json

import httpx
from pydantic import SecretStr

from smstui.providers.base import Outcome
from smstui.providers.custom import CustomProvider
from smstui.providers.fields import Value
from smstui.verify import Depth, Verification, verify
from tests.providers.custom_support import PATH, SECRET, TO, MovableClock, draft, login, oauth
from tests.verify.servers import answering, as_json, http, no_sleep, serve


class Gateway:
    """A provider on loopback: a token endpoint and a send call, with memory of what came."""

    def __init__(self, *, stale: bool = False) -> None:
        self.seen: list[bytes] = []
        self.given = 0
        self.stale = stale

    def __call__(self, request: bytes) -> bytes:
        self.seen.append(request)
        line, _break, rest = request.partition(b"\r\n")
        if line.startswith(b"HEAD"):
            return http("404 Not Found")
        if b" /token " in line:
            self.given += 1
            return as_json({"access_token": f"token-number-{self.given}", "expires_in": 3600})
        if self.stale and b"token-number-1\r\n" in rest:
            return as_json({"error": "expired"}, "401 Unauthorized")
        return as_json({"messages": [{"id": "m-1"}]}, "201 Created")


async def run(values: dict[str, Value], depth: Depth = Depth.SEND) -> Verification:
    provider = CustomProvider(MovableClock())
    credential = provider.build(values)
    verification = Verification(provider, credential, depth=depth, to=TO, text="hi")
    async with httpx.AsyncClient(trust_env=False) as client:
        async for event in verify(
            provider, credential, depth=depth, to=TO, text="hi", client=client, sleep=no_sleep
        ):
            verification.add(event)
    return verification


def results(verification: Verification) -> list[tuple[str, str]]:
    return [(stage.name, stage.result.value) for stage in verification.stages]


def ending(verification: Verification, name: str) -> Outcome:
    outcome = next(s.outcome for s in verification.stages if s.name == name)
    assert outcome is not None
    return outcome


async def test_a_bearer_message_over_a_real_connection() -> None:
    gateway = Gateway()
    async with serve(answering(gateway)) as port:
        verification = await run(draft(provider_url=f"http://127.0.0.1:{port}/send", **PATH))
    assert results(verification) == [
        ("shape", "warned"),
        ("connect", "passed"),
        ("authenticate", "warned"),
        ("accept", "passed"),
        ("deliver", "skipped"),
    ]
    assert verification.message_id == "m-1"
    sent = gateway.seen[-1]
    assert sent.startswith(b"POST /send HTTP/1.1\r\n")
    assert f"Authorization: Bearer {SECRET}\r\n".encode() in sent
    assert sent.endswith(b'\r\n\r\n{"from":"ACME","to":"+393331234567","text":"hi"}')
    assert SECRET not in json.dumps(verification.record())


async def test_an_oauth_message_over_a_real_connection_asks_once() -> None:
    gateway = Gateway()
    async with serve(answering(gateway)) as port:
        base = f"http://127.0.0.1:{port}"
        verification = await run(
            oauth(provider_url=f"{base}/send", oauth_url=f"{base}/token", **PATH)
        )
    assert results(verification)[2:4] == [("authenticate", "passed"), ("accept", "passed")]
    assert gateway.given == 1
    assert b"Authorization: Bearer token-number-1\r\n" in gateway.seen[-1]
    shown = repr([verification.record(), verification.exchanges, verification.stages])
    assert SECRET not in shown
    assert "token-number-1" not in shown


async def test_a_stale_token_is_renewed_over_a_real_connection() -> None:
    gateway = Gateway(stale=True)
    async with serve(answering(gateway)) as port:
        base = f"http://127.0.0.1:{port}"
        verification = await run(
            login(
                provider_url=f"{base}/send",
                login_url=f"{base}/token",
                token_path="access_token",
                **PATH,
            )
        )
    assert ending(verification, "accept").message_id == "m-1"
    assert gateway.given == 2
    basic = base64.b64encode(f"ada:{SECRET}".encode())
    assert b"Authorization: Basic " + basic in gateway.seen[0]


async def test_a_refused_login_stops_before_anything_is_sent() -> None:
    def refuse(request: bytes) -> bytes:
        return as_json({"error": "invalid_client"}, "401 Unauthorized")

    async with serve(answering(refuse)) as port:
        base = f"http://127.0.0.1:{port}"
        verification = await run(oauth(provider_url=f"{base}/send", oauth_url=f"{base}/token"))
    assert results(verification)[2:] == [
        ("authenticate", "failed"),
        ("accept", "skipped"),
        ("deliver", "skipped"),
    ]
    assert (verification.word, ending(verification, "authenticate").code) == (
        "login refused",
        "invalid_client",
    )


async def test_what_a_token_endpoint_quotes_is_hidden() -> None:
    said = f"the secret {SECRET} is wrong"

    def refuse(request: bytes) -> bytes:
        return as_json({"error": "invalid_client", "error_description": said}, "400 Bad Request")

    async with serve(answering(refuse)) as port:
        base = f"http://127.0.0.1:{port}"
        verification = await run(oauth(provider_url=f"{base}/send", oauth_url=f"{base}/token"))
    assert "is wrong" in ending(verification, "authenticate").raw
    assert SECRET not in repr([verification.record(), verification.exchanges, verification.stages])


async def test_a_jwt_that_is_quoted_is_hidden() -> None:
    quoted: list[str] = []

    def refuse(request: bytes) -> bytes:
        if request.startswith(b"HEAD"):
            return http("404 Not Found")
        token = request.partition(b"Bearer ")[2].partition(b"\r\n")[0].decode()
        quoted.append(token)
        return as_json({"message": f"cannot read {token}"}, "401 Unauthorized")

    async with serve(answering(refuse)) as port:
        url = f"http://127.0.0.1:{port}/send"
        key = SecretStr("k" * 32)
        verification = await run(
            draft(auth_type="jwt", jwt_payload='{"exp": 60}', jwt_key=key, provider_url=url)
        )
    assert "cannot read" in ending(verification, "accept").raw
    assert quoted[0] not in repr([verification.record(), verification.exchanges])


async def test_an_error_inside_a_good_answer_is_no_success() -> None:
    def answers(request: bytes) -> bytes:
        if request.startswith(b"HEAD"):
            return http("404 Not Found")
        return as_json({"error": "no credit"})

    async with serve(answering(answers)) as port:
        verification = await run(draft(provider_url=f"http://127.0.0.1:{port}/send"))
    assert not verification.ok
    assert "no credit" in ending(verification, "accept").cause


async def test_the_probe_reaches_the_host_and_sends_nothing() -> None:
    gateway = Gateway()
    async with serve(answering(gateway)) as port:
        url = f"http://127.0.0.1:{port}/send"
        verification = await run(draft(provider_url=url), Depth.PROBE)
    assert results(verification)[:3] == [
        ("shape", "warned"),
        ("connect", "passed"),
        ("authenticate", "warned"),
    ]
    assert all(request.startswith(b"HEAD / ") for request in gateway.seen)
