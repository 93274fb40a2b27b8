"""The engine against a scripted Infobip: outcomes by a table, requests to the byte."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from smstui.providers.base import Result
from smstui.providers.fields import Value
from smstui.providers.infobip import InfobipProvider
from smstui.verify import Verification
from tests.verify.infobip_replies import (
    BALANCE,
    BULK,
    CODES,
    GOOD,
    HOST,
    INFOBIP,
    KEY,
    LOGS,
    MESSAGE,
    POST,
    TO,
    after,
    error,
    logged,
    sent,
)
from tests.verify.infobip_table import TABLE
from tests.verify.twilio_replies import FAILED, PASSED, PENDING, PROBE, SEND, WARNED, Case

Run = Callable[..., Awaitable[Verification]]

PROVIDER = InfobipProvider(lambda: MESSAGE)


@pytest.mark.parametrize("case", TABLE, ids=lambda c: f"{c.depth}-{c.label}")
async def test_outcomes(case: Case, run: Run, script: Any) -> None:
    asked = script({**GOOD, **case.answers})
    credential = PROVIDER.build(case.draft)
    verification = await run(PROVIDER, credential, asked, depth=case.depth, to=case.to)
    stage = next(stage for stage in verification.stages if stage.name == case.stage)
    assert stage.outcome is not None
    told = f"{stage.summary} {stage.hint}"
    assert (stage.result, stage.outcome.word, stage.code) == (case.result, case.word, case.code)
    assert case.says in told
    assert (verification.result, verification.word) == (case.result, case.word)
    assert verification.ok is (case.result in (PASSED, WARNED))
    assert stage.outcome.field in ("", "to", "text", *PROVIDER.model.specs())
    later = verification.stages[verification.stages.index(stage) + 1 :]
    assert all(stage.result is Result.SKIPPED for stage in later)
    if case.result is FAILED and case.code:
        assert stage.outcome.link.startswith("https://www.infobip.com/docs/")
    everything = json.dumps(verification.record(), ensure_ascii=False) + repr(verification.stages)
    assert KEY not in everything + repr(verification.exchanges)
    # Those calls hand out each record once, or send: who asks takes it from Journey Optimizer.
    assert not [path for path in asked.asked if "/reports" in path or "/text/query" in path]


async def test_the_requests_are_exactly_infobips(run: Run, script: Any) -> None:
    asked = script(GOOD)
    draft: dict[str, Value] = {
        **INFOBIP,
        "principal_entity_id": "1100000000000000001",
        "content_template_id": "1100000000000000002",
        "validity_period": "24",
        "callback_data": "sandbox=dev",
    }
    verification = await run(
        PROVIDER, PROVIDER.build(draft), asked, depth=SEND, to="+91 98765 43210", text="però €"
    )
    follow = f"{LOGS}?messageId={MESSAGE}"
    assert asked.asked[:4] == [f"{LOGS}?limit=1", BALANCE, POST, follow]
    assert set(asked.asked[4:]) == {follow}
    assert {str(r.url.host) for r in asked.requests} == {HOST}
    assert {r.headers["Authorization"] for r in asked.requests} == {f"App {KEY}"}
    assert {r.headers["Accept"] for r in asked.requests} == {"application/json"}
    post = asked.requests[2]
    assert post.headers["Content-Type"] == "application/json"
    assert post.content.decode() == (
        '{"messages":[{"sender":"385990000099",'
        '"destinations":[{"to":"919876543210","messageId":"smstui-7f3a"}],'
        '"content":{"text":"però €"},'
        '"options":{"validityPeriod":{"amount":24,"timeUnit":"HOURS"},'
        '"regional":{"indiaDlt":{"principalEntityId":"1100000000000000001",'
        '"contentTemplateId":"1100000000000000002"}}},'
        '"webhooks":{"callbackData":"sandbox=dev"}}]}'
    )
    assert verification.message_id == MESSAGE
    assert verification.word == "delivered"


async def test_a_plain_message_has_48_hours_and_nothing_that_was_not_filled_in(
    run: Run, script: Any
) -> None:
    asked = script(GOOD)
    draft = {**INFOBIP, "inbound_number": "", "sender_number": "DemoBrand"}
    await run(PROVIDER, PROVIDER.build(draft), asked, depth=SEND, to=TO, wait=0)
    (message,) = json.loads(asked.requests[-1].content)["messages"]
    assert message == {
        "sender": "DemoBrand",
        "destinations": [{"to": TO[1:], "messageId": MESSAGE}],
        "content": {"text": "smstui test 7"},
        "options": {"validityPeriod": {"amount": 48, "timeUnit": "HOURS"}},
    }
    asked = script(GOOD)
    draft = {**INFOBIP, "inbound_number": ""}
    await run(PROVIDER, PROVIDER.build(draft), asked, depth=SEND, to=TO, wait=0)
    assert "sender" not in json.loads(asked.requests[-1].content)["messages"][0]


async def test_each_message_has_an_id_of_its_own(run: Run, script: Any) -> None:
    provider = InfobipProvider()
    asked = script(GOOD)
    for _number in range(3):
        await run(provider, provider.build(INFOBIP), asked, depth=SEND, to=TO, wait=0)
    bodies = [json.loads(r.content) for r in asked.requests if r.method == "POST"]
    ids = {body["messages"][0]["destinations"][0]["messageId"] for body in bodies}
    assert len(ids) == 3
    assert all(len(message_id) <= 200 for message_id in ids)


async def test_a_message_is_followed_by_the_id_that_infobip_answers(run: Run, script: Any) -> None:
    answer = sent()
    answer["messages"][0]["messageId"] = "their own/id"
    asked = script({**GOOD, POST: answer})
    verification = await run(PROVIDER, PROVIDER.build(INFOBIP), asked, depth=SEND, to=TO)
    assert asked.asked[-1] == f"{LOGS}?messageId=their+own%2Fid"
    assert verification.message_id == "their own/id"
    assert verification.result is PENDING


async def test_a_refusal_inside_a_200_shows_infobips_advice(run: Run, script: Any) -> None:
    asked = script({**GOOD, POST: sent(11, action="Register the sender.")})
    verification = await run(PROVIDER, PROVIDER.build(INFOBIP), asked, depth=SEND, to=TO)
    outcome = verification.stages[3].outcome
    assert outcome is not None
    assert outcome.raw == "as Infobip says · Register the sender."
    assert (outcome.request_id, outcome.message_id, outcome.link) == (BULK, "", CODES)
    assert outcome.field == "inbound_number"
    assert verification.message_id == ""
    by_name = {**INFOBIP, "sender_number": "DemoBrand"}
    verification = await run(PROVIDER, PROVIDER.build(by_name), asked, depth=SEND, to=TO)
    outcome = verification.stages[3].outcome
    assert outcome is not None
    assert outcome.field == "sender_number"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("messages[0].destinations[0].to", "to"),
        ("messages[0].destinations[0].messageId", ""),
        ("messages[0].content.text", "text"),
        ("messages[0].sender", "inbound_number"),
        ("messages[0].options.validityPeriod.amount", "validity_period"),
        ("messages[0].options.regional.indiaDlt.principalEntityId", "principal_entity_id"),
        ("messages[0].options.regional.indiaDlt.contentTemplateId", "content_template_id"),
        ("messages[0].webhooks.callbackData", "callback_data"),
        ("messages[0].flash", ""),
    ],
)
async def test_a_violation_points_to_its_field(
    path: str, field: str, run: Run, script: Any
) -> None:
    asked = script({**GOOD, POST: error(400, (path, "is wrong"))})
    verification = await run(PROVIDER, PROVIDER.build(INFOBIP), asked, depth=SEND, to=TO)
    outcome = verification.stages[3].outcome
    assert outcome is not None
    assert (outcome.field, outcome.raw) == (
        field,
        f"As described. · As advised. · {path}: is wrong",
    )


async def test_a_limited_key_still_sends_and_cannot_follow(run: Run, script: Any) -> None:
    asked = script({**GOOD, LOGS: error(403)})
    verification = await run(PROVIDER, PROVIDER.build(INFOBIP), asked, depth=SEND, to=TO)
    follow = f"{LOGS}?messageId={MESSAGE}"
    assert asked.asked == [f"{LOGS}?limit=1", POST, follow]
    results = [stage.result for stage in verification.stages]
    assert results == [PASSED, PASSED, WARNED, PASSED, PENDING]
    assert "sms:logs:read" in verification.stages[4].hint


async def test_throttled_logs_are_asked_for_again_when_infobip_says(
    run: Run, script: Any, fake_time: Any
) -> None:
    status, body = error(429)
    throttled = httpx.Response(status, json=body, headers={"Retry-After": "9"})
    asked = script({**GOOD, **after(throttled, logged(5))})
    verification = await run(PROVIDER, PROVIDER.build(INFOBIP), asked, depth=SEND, to=TO)
    assert verification.word == "delivered"
    assert fake_time.slept == [1, 9]


async def test_a_balance_that_cannot_be_had_is_left_out(run: Run, script: Any) -> None:
    asked = script({**GOOD, BALANCE: httpx.ConnectError("x")})
    verification = await run(PROVIDER, PROVIDER.build(INFOBIP), asked, depth=PROBE, to=TO)
    assert verification.stages[2].summary == "API key accepted"
