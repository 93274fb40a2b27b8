"""The table: vendor by depth by what goes wrong, each with its word and its next step.

Another vendor adds its rows to ``TABLE``.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from pydantic import SecretStr

from smstui.providers.base import Result, basic_auth
from smstui.providers.fields import Value
from smstui.providers.registry import provider_for
from smstui.verify import Depth, Event, Exchange, Stage, Verification

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

TABLE = [
    Case("right", CHECK, "shape", PASSED, "fields fit", "Twilio's rules"),
    Case(
        "one message's id",
        CHECK,
        "shape",
        WARNED,
        "doubtful",
        "starts with MG",
        draft={**TWILIO, "message_sid": SM},
    ),
    Case("right", PROBE, "authenticate", PASSED, "token accepted", "Acme: active, full"),
    Case(
        "subaccount",
        PROBE,
        "authenticate",
        PASSED,
        "token accepted",
        "subaccount",
        {ACCOUNT: account(owner_account_sid="AC9")},
    ),
    Case(
        "trial",
        PROBE,
        "authenticate",
        WARNED,
        "trial account",
        "Verify the recipient",
        {ACCOUNT: account(type="Trial")},
    ),
    Case(
        "suspended",
        PROBE,
        "authenticate",
        FAILED,
        "suspended",
        "Settle the billing",
        {ACCOUNT: account(status="suspended")},
    ),
    Case(
        "closed",
        PROBE,
        "authenticate",
        FAILED,
        "closed",
        "the account is closed",
        {ACCOUNT: account(status="closed")},
    ),
    Case(
        "wrong secret",
        PROBE,
        "authenticate",
        FAILED,
        "token refused",
        "Copy both again",
        {ACCOUNT: error(20003, 401)},
        code="20003",
    ),
    Case(
        "wrong region",
        PROBE,
        "authenticate",
        FAILED,
        "token refused",
        "use those of ie1",
        {ACCOUNT: error(20003, 401)},
        {**TWILIO, "api_host": "api.dublin.ie1.twilio.com"},
        code="20003",
    ),
    Case(
        "wrong id",
        PROBE,
        "authenticate",
        FAILED,
        "not found",
        "Check the Account SID",
        {ACCOUNT: error(20404, 404)},
        code="20404",
    ),
    Case(
        "test credentials",
        PROBE,
        "authenticate",
        WARNED,
        "test credentials",
        "live Account SID",
        {ACCOUNT: error(20008, 403)},
        code="20008",
    ),
    Case(
        "throttled",
        PROBE,
        "authenticate",
        FAILED,
        "throttled",
        "nothing was sent",
        {ACCOUNT: error(20429, 429)},
        code="20429",
    ),
    Case(
        "fault",
        PROBE,
        "authenticate",
        FAILED,
        "Twilio fault",
        "Try again later",
        {ACCOUNT: error(20500, 500)},
        code="20500",
    ),
    Case(
        "unknown code",
        PROBE,
        "authenticate",
        FAILED,
        "not permitted",
        "Check the permissions",
        {ACCOUNT: error(99999, 403)},
        code="99999",
    ),
    Case(
        "problem details",
        PROBE,
        "authenticate",
        FAILED,
        "account inactive",
        "Settle the billing",
        {ACCOUNT: (403, {"type": "x", "title": "No", "status": 403, "code": 20005})},
        code="20005",
    ),
    Case(
        "no code",
        PROBE,
        "authenticate",
        FAILED,
        "login refused",
        "Copy them again",
        {ACCOUNT: (401, {"message": "No."})},
    ),
    Case("gateway", PROBE, "authenticate", FAILED, "provider down", "later", {ACCOUNT: HTML}),
    Case(
        "HTML", PROBE, "authenticate", FAILED, "broken answer", "web page", {ACCOUNT: (200, "<p>")}
    ),
    Case("empty", PROBE, "authenticate", FAILED, "broken answer", "is empty", {ACCOUNT: (200, "")}),
    Case(
        "cut JSON",
        PROBE,
        "authenticate",
        FAILED,
        "broken answer",
        "end is missing",
        {ACCOUNT: (200, '{"sid":"AC')},
    ),
    Case(
        "other JSON",
        PROBE,
        "authenticate",
        FAILED,
        "broken answer",
        "not what this call answers",
        {ACCOUNT: (200, [1, 2])},
    ),
    Case(
        "wrong service",
        PROBE,
        "authenticate",
        FAILED,
        "service unknown",
        "Copy the SID (MG…)",
        {SERVICE: error(20404, 404)},
        code="20404",
    ),
    Case(
        "service of another",
        PROBE,
        "authenticate",
        WARNED,
        "service not seen",
        "its own credentials",
        {SERVICE: error(20003, 401)},
        code="20003",
    ),
    Case(
        "empty pool",
        PROBE,
        "authenticate",
        WARNED,
        "pool empty",
        "Add a sender",
        {
            f"{SERVICE}/PhoneNumbers": {"phone_numbers": []},
            f"{SERVICE}/ShortCodes": {"short_codes": []},
            f"{SERVICE}/AlphaSenders": {"alpha_senders": []},
            f"{SERVICE}/ChannelSenders": {"senders": []},
        },
    ),
    Case(
        "alphanumeric pool",
        PROBE,
        "authenticate",
        PASSED,
        "token accepted",
        "service Alerts",
        {
            f"{SERVICE}/PhoneNumbers": {"phone_numbers": []},
            f"{SERVICE}/ShortCodes": {"short_codes": []},
            f"{SERVICE}/AlphaSenders": {"alpha_senders": [{"sid": "AI"}]},
        },
    ),
    Case(
        "right, by number",
        PROBE,
        "authenticate",
        PASSED,
        "token accepted",
        f"sender {NUMBER}",
        draft=BY_NUMBER,
    ),
    Case(
        "number of another",
        PROBE,
        "authenticate",
        WARNED,
        "number not found",
        "Phone Numbers",
        {OWNED: {"incoming_phone_numbers": []}},
        BY_NUMBER,
    ),
    Case(
        "voice only",
        PROBE,
        "authenticate",
        WARNED,
        "cannot send SMS",
        "SMS capability",
        {
            OWNED: {
                "incoming_phone_numbers": [{"phone_number": NUMBER, "capabilities": {"sms": False}}]
            }
        },
        BY_NUMBER,
    ),
    Case(
        "no sender",
        PROBE,
        "authenticate",
        WARNED,
        "no sender",
        "Fill in Message SID",
        draft={**BY_NUMBER, "inbound_number": ""},
    ),
    Case("Main key", PROBE, "authenticate", PASSED, "key accepted", "Acme", draft=BY_KEY),
    Case(
        "Standard key",
        PROBE,
        "authenticate",
        PASSED,
        "key accepted",
        "Standard or Restricted",
        {ACCOUNT: error(20003, 401)},
        BY_KEY,
    ),
    Case(
        "key without reading",
        PROBE,
        "authenticate",
        WARNED,
        "key limited",
        "permission to read messages",
        {LIST: error(70051, 403), ACCOUNT: error(70051, 403)},
        BY_KEY,
        code="70051",
    ),
    Case(
        "wrong key",
        PROBE,
        "authenticate",
        FAILED,
        "key refused",
        "Make a new key",
        {LIST: error(20003, 401)},
        BY_KEY,
        code="20003",
    ),
    Case(
        "key of a trial",
        PROBE,
        "authenticate",
        WARNED,
        "trial account",
        "upgrade",
        {ACCOUNT: account(type="Trial")},
        BY_KEY,
    ),
    Case("right", SEND, "deliver", PASSED, "delivered", "delivered by SMS"),
    Case(
        "read by RCS",
        SEND,
        "deliver",
        PASSED,
        "read",
        "read by RCS",
        {STATE: {**message("read"), "from": "rcs:acme_agent"}},
    ),
    Case(
        "bad number",
        SEND,
        "shape",
        FAILED,
        "to be mended",
        "Number: The country code is missing",
        to="3331234567",
    ),
    Case(
        "wrong secret",
        SEND,
        "authenticate",
        FAILED,
        "token refused",
        "Copy both again",
        {ACCOUNT: error(20003, 401)},
        code="20003",
    ),
    Case(
        "trial refusal",
        SEND,
        "accept",
        FAILED,
        "trial account",
        "Verify the number",
        {ACCOUNT: account(type="Trial"), POST: error(21608, 400)},
        code="21608",
    ),
    Case(
        "refused sender",
        SEND,
        "accept",
        FAILED,
        "sender refused",
        "is this account's",
        {POST: error(21606, 400)},
        BY_NUMBER,
        code="21606",
    ),
    Case(
        "throttled",
        SEND,
        "accept",
        FAILED,
        "throttled",
        "nothing was sent",
        {POST: error(20429, 429)},
        code="20429",
    ),
    Case(
        "fault",
        SEND,
        "accept",
        FAILED,
        "Twilio fault",
        "It may have been sent. Look it up before sending again. In the Twilio Console",
        {POST: error(20500, 500)},
        code="20500",
    ),
    Case(
        "no id",
        SEND,
        "accept",
        FAILED,
        "broken answer",
        "It may have been sent",
        {POST: (201, {})},
    ),
    Case(
        "HTML",
        SEND,
        "accept",
        FAILED,
        "broken answer",
        "It may have been sent",
        {POST: (200, "<html>login</html>")},
    ),
    Case(
        "failed at once",
        SEND,
        "accept",
        FAILED,
        "queue overflow",
        "Send more slowly",
        {POST: (201, message("failed", 30001))},
        code="30001",
    ),
    Case(
        "landline",
        SEND,
        "deliver",
        FAILED,
        "landline",
        "number of a handset",
        {STATE: message("undelivered", 30006)},
        code="30006",
    ),
    Case(
        "no reason",
        SEND,
        "deliver",
        FAILED,
        "undelivered",
        "gives no reason",
        {STATE: message("undelivered")},
    ),
    Case(
        "canceled",
        SEND,
        "deliver",
        FAILED,
        "canceled",
        "Twilio Console",
        {STATE: message("canceled")},
    ),
    Case(
        "sent for ever",
        SEND,
        "deliver",
        PENDING,
        "sent",
        "some never answer",
        {STATE: message("sent")},
    ),
    Case(
        "queued for ever",
        SEND,
        "deliver",
        PENDING,
        "accepted",
        "accepted, not yet delivered: waiting in Twilio's queue",
        {STATE: message("queued")},
    ),
    Case(
        "unknown state",
        SEND,
        "deliver",
        PENDING,
        "accepted",
        "not yet delivered: pondering",
        {STATE: message("pondering")},
    ),
    Case(
        "state not readable",
        SEND,
        "deliver",
        PENDING,
        "accepted",
        "Add the permission",
        {STATE: error(70051, 403)},
        code="70051",
    ),
    Case(
        "state as HTML",
        SEND,
        "deliver",
        PENDING,
        "accepted",
        "web page",
        {STATE: (200, "<html>")},
    ),
    Case(
        "test credentials",
        SEND,
        "deliver",
        WARNED,
        "test credentials",
        "live Account SID",
        {ACCOUNT: error(20008, 403), STATE: error(20008, 403)},
        code="20008",
    ),
]

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
