"""The engine against scripted vendors: outcomes by a table, requests to the byte, events in order.

Another vendor adds a table of its own beside `tests.verify.twilio_table`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from smstui.providers.base import Result, basic_auth
from smstui.providers.registry import provider_for
from smstui.verify import Depth, Event, Exchange, Stage, Verification
from tests.verify.twilio_replies import (
    AC,
    ACCOUNT,
    BY_KEY,
    CHECK,
    FAILED,
    GOOD,
    HTML,
    LIST,
    MG,
    NUMBER,
    OWNED,
    PASSED,
    PENDING,
    POST,
    PROBE,
    SECRET,
    SEND,
    SERVICE,
    SK,
    SM,
    STATE,
    TOKEN,
    TWILIO,
    WARNED,
    Case,
    error,
    message,
)
from tests.verify.twilio_table import TABLE

Run = Callable[..., Awaitable[Verification]]


@pytest.mark.parametrize("case", TABLE, ids=lambda c: f"{c.vendor}-{c.depth}-{c.label}")
async def test_outcomes(case: Case, run: Run, script: Any) -> None:
    provider = provider_for(case.vendor)
    credential = provider.build(case.draft)
    verification = await run(
        provider, credential, script({**GOOD, **case.answers}), depth=case.depth, to=case.to
    )
    stage = next(stage for stage in verification.stages if stage.name == case.stage)
    assert stage.outcome is not None
    told = f"{stage.summary} {stage.hint}"
    assert (stage.result, stage.outcome.word, stage.code) == (case.result, case.word, case.code)
    assert case.says in told
    assert (verification.result, verification.word) == (case.result, case.word)
    assert verification.ok is (case.result in (PASSED, WARNED))
    after = verification.stages[verification.stages.index(stage) + 1 :]
    assert all(later.result is Result.SKIPPED for later in after)
    if case.result is FAILED and case.code:
        assert stage.outcome.link == f"https://www.twilio.com/docs/errors/{case.code}"
    everything = json.dumps(verification.record(), ensure_ascii=False) + repr(verification.stages)
    everything += repr(verification.exchanges)
    assert TOKEN not in everything
    assert SECRET not in everything
    assert basic_auth(AC, TOKEN)[1] not in everything


async def test_the_requests_are_exactly_twilios(run: Run, script: Any) -> None:
    provider = provider_for("Twilio")
    asked = script(GOOD)
    await run(provider, provider.build(TWILIO), asked, depth=SEND, text="però €")
    assert asked.asked == [
        ACCOUNT,
        SERVICE,
        f"{SERVICE}/PhoneNumbers?PageSize=1",
        POST,
        STATE,
        STATE,
        STATE,
    ]
    assert {str(r.url.host) for r in asked.requests} == {"api.twilio.com", "messaging.twilio.com"}
    assert {r.headers["Authorization"] for r in asked.requests} == {basic_auth(AC, TOKEN)[1]}
    post = asked.requests[3]
    assert post.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert post.headers["Accept"] == "application/json"
    assert post.content == (
        b"To=%2B393331234567&MessagingServiceSid=" + MG.encode() + b"&Body=per%C3%B2+%E2%82%AC"
    )


async def test_without_a_service_it_goes_out_from_the_number(run: Run, script: Any) -> None:
    provider = provider_for("Twilio")
    asked = script(GOOD)
    draft = {**TWILIO, "message_sid": SM}
    await run(provider, provider.build(draft), asked, depth=SEND, to="+39 333 123-4567", wait=0)
    assert f"{OWNED}?PhoneNumber=%2B15005550006" in asked.asked
    assert parse_qsl(asked.requests[-1].content.decode()) == [
        ("To", "+393331234567"),
        ("From", NUMBER),
        ("Body", "smstui test 7"),
    ]


async def test_a_key_is_used_for_everything(run: Run, script: Any) -> None:
    provider = provider_for("Twilio")
    asked = script(GOOD)
    await run(provider, provider.build(BY_KEY), asked, depth=SEND)
    assert asked.asked[0] == f"{LIST}?PageSize=1"
    assert {r.headers["Authorization"] for r in asked.requests} == {basic_auth(SK, SECRET)[1]}


async def test_stages_come_as_they_happen(run: Run, script: Any) -> None:
    provider = provider_for("Twilio")
    events: list[Event] = []
    await run(provider, provider.build(TWILIO), script(GOOD), depth=SEND, events=events)
    told = [
        (e.name, e.result.value) if isinstance(e, Stage) else ("exchange", e.stage) for e in events
    ]
    assert told == [
        ("shape", "passed"),
        ("connect", "pending"),
        ("connect", "passed"),
        ("authenticate", "pending"),
        *[("exchange", "authenticate")] * 3,
        ("authenticate", "passed"),
        ("accept", "pending"),
        ("exchange", "accept"),
        ("accept", "passed"),
        ("deliver", "pending"),
        ("exchange", "deliver"),
        ("deliver", "pending"),
        ("exchange", "deliver"),
        ("deliver", "pending"),
        ("exchange", "deliver"),
        ("deliver", "passed"),
    ]
    accept = next(
        e for e in events if isinstance(e, Stage) and e.result is PASSED and e.name == "accept"
    )
    assert accept.summary == "SM0011…eeff, accepted"
    assert accept.outcome is not None
    assert accept.outcome.message_id == SM


async def test_check_touches_no_network(run: Run, script: Any) -> None:
    provider = provider_for("Twilio")
    asked = script({})
    verification = await run(provider, provider.build(TWILIO), asked, depth=CHECK)
    assert asked.asked == []
    assert [stage.summary for stage in verification.stages[1:]] == ["not asked"] * 4
    assert verification.ok


async def test_nothing_is_sent_after_a_failed_login(run: Run, script: Any) -> None:
    provider = provider_for("Twilio")
    asked = script({ACCOUNT: error(20003, 401)})
    verification = await run(provider, provider.build(TWILIO), asked, depth=SEND)
    assert asked.asked == [ACCOUNT]
    assert [s.summary for s in verification.stages[3:]] == ["not tried", "not tried"]


async def test_the_state_is_asked_for_at_growing_intervals(
    run: Run, script: Any, fake_time: Any
) -> None:
    provider = provider_for("Twilio")
    answers = {**GOOD, STATE: message("queued")}
    events: list[Event] = []
    verification = await run(
        provider, provider.build(TWILIO), script(answers), depth=SEND, wait=20, events=events
    )
    assert fake_time.slept == [1, 2, 2, 3, 5, 5, 2]
    waiting = [e.summary for e in events if isinstance(e, Stage) and e.name == "deliver"]
    assert waiting[:2] == [
        "accepted; asking again in 1 s",
        "waiting in Twilio's queue; asking again in 2 s",
    ]
    assert verification.seconds == 20
    assert (verification.ok, verification.result) == (False, PENDING)
    assert verification.message_id == SM


async def test_without_waiting_delivery_is_not_asked_for(run: Run, script: Any) -> None:
    provider = provider_for("Twilio")
    asked = script(GOOD)
    verification = await run(provider, provider.build(TWILIO), asked, depth=SEND, wait=0)
    assert asked.asked[-1] == POST
    assert verification.stages[4].summary == "not asked"
    assert verification.ok
    assert (verification.result, verification.word) == (PENDING, "accepted")


async def test_trouble_while_asking_for_the_state_is_told_and_tried_again(
    run: Run, script: Any, fake_time: Any
) -> None:
    provider = provider_for("Twilio")
    throttled = httpx.Response(
        429, json={"code": 20429, "message": "Too many"}, headers={"Retry-After": "7"}
    )
    answers = {
        **GOOD,
        STATE: [throttled, httpx.ReadTimeout("x"), (404, {}), HTML, message("delivered")],
    }
    events: list[Event] = []
    verification = await run(
        provider, provider.build(TWILIO), script(answers), depth=SEND, events=events
    )
    assert verification.word == "delivered"
    assert fake_time.slept == [1, 7, 2, 3, 5]
    waiting = [e.summary for e in events if isinstance(e, Stage) and e.name == "deliver"]
    assert waiting[1:5] == [
        "refused (20429); asking again in 7 s",
        "no answer; asking again in 2 s",
        "refused (HTTP 404); asking again in 3 s",
        "fault (HTTP 502); asking again in 5 s",
    ]


async def test_the_record_is_the_designs(run: Run, script: Any) -> None:
    provider = provider_for("Twilio")
    verification = await run(provider, provider.build(TWILIO), script(GOOD), depth=SEND)
    record = json.loads(json.dumps(verification.record()))
    assert list(record) == [
        "credential",
        "vendor",
        "depth",
        "ok",
        "message_id",
        "stages",
        "request",
        "response",
    ]
    assert record["credential"] == "twilio-main"
    assert [list(stage) for stage in record["stages"]] == [
        ["name", "result", "seconds", "summary", "code", "hint"]
    ] * 5
    assert record["request"]["method"] == "POST"
    assert record["response"]["status"] == 201
    assert json.loads(record["response"]["body"])["sid"] == SM


async def test_an_exchange_shows_the_wire_and_a_command(run: Run, script: Any) -> None:
    provider = provider_for("Twilio")
    verification = await run(provider, provider.build(TWILIO), script(GOOD), depth=SEND, wait=0)
    first = verification.exchanges[0]
    assert first.response is not None
    assert json.loads(first.response.body)["auth_token"] == "•••"
    shown = dict(first.request.headers)
    assert shown["Authorization"] == "Basic •••"
    assert shown["Host"] == "api.twilio.com"
    assert f'-u {AC}:"$AUTH_TOKEN"' in first.curl
    assert [e.stage for e in verification.exchanges] == ["authenticate"] * 3 + ["accept"]


async def test_closing_early_keeps_the_message_id(script: Any) -> None:
    from smstui.verify import verify

    provider = provider_for("Twilio")
    credential = provider.build(TWILIO)
    verification = Verification(provider, credential, depth=SEND)
    async with httpx.AsyncClient(transport=httpx.MockTransport(script(GOOD))) as client:
        events = verify(
            provider, credential, depth=SEND, to="+393331234567", text="x", client=client
        )
        async for event in events:
            verification.add(event)
            if isinstance(event, Stage) and event.name == "deliver":
                await events.aclose()
    assert verification.message_id == SM
    assert (verification.result, verification.word, verification.ok) == (PENDING, "accepted", False)
    assert len(asyncio.all_tasks()) == 1


@pytest.mark.parametrize("depth", [PROBE, SEND])
async def test_a_run_without_events_is_not_ok(depth: Depth) -> None:
    provider = provider_for("Twilio")
    verification = Verification(provider, provider.build(TWILIO), depth=depth)
    assert (verification.ok, verification.result, verification.word) == (False, PENDING, "")
    assert verification.message_id == ""
    assert not any(isinstance(stage, Exchange) for stage in verification.stages)
