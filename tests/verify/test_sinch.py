"""The engine against a scripted Sinch: outcomes by a table, requests to the byte."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from smstui.providers.base import Provider, Result
from smstui.providers.sinch import SinchMmsProvider, SinchProvider, SinchRcsProvider
from smstui.verify import Verification
from tests.verify.sinch_replies import (
    APP,
    BATCH,
    BATCHES,
    CHANNEL_TOKEN,
    DRY_RUN,
    GET_APP,
    GOOD,
    KEPT,
    KEY_ID,
    KEY_SECRET,
    MESSAGE,
    MMS,
    MSISDN,
    PLAN_TOKEN,
    POST,
    RCS,
    REFERENCE,
    REPORT,
    SMS,
    TOKEN,
    error,
    halves,
    report,
)
from tests.verify.sinch_replies import (
    SEND as SEND_MESSAGE,
)
from tests.verify.sinch_rows import LOST, NO_BODY, TO
from tests.verify.sinch_table import TABLE
from tests.verify.twilio_replies import FAILED, PASSED, PENDING, PROBE, SEND, WARNED, Case

Run = Callable[..., Awaitable[Verification]]

PROVIDERS: dict[str, Provider[Any]] = {
    provider.vendor: provider
    for provider in (
        SinchProvider(lambda: REFERENCE),
        SinchMmsProvider(lambda: REFERENCE),
        SinchRcsProvider(lambda: REFERENCE),
    )
}
SECRETS = (PLAN_TOKEN, TOKEN, KEY_SECRET, CHANNEL_TOKEN, "callback-secret-0123456789")


@pytest.mark.parametrize("case", TABLE, ids=lambda c: f"{c.vendor}-{c.depth}-{c.label}")
async def test_outcomes(case: Case, run: Run, script: Any) -> None:
    provider = PROVIDERS[case.vendor]
    verification = await run(
        provider,
        provider.build(case.draft),
        script({**GOOD, **case.answers}),
        depth=case.depth,
        to=case.to,
    )
    stage = next(stage for stage in verification.stages if stage.name == case.stage)
    assert stage.outcome is not None
    told = f"{stage.summary} {stage.hint}"
    assert (verification.result, stage.outcome.word, stage.code) == (
        case.result,
        case.word,
        case.code,
    )
    assert case.says in told
    assert verification.word == case.word
    assert stage.outcome.field in ("", "to", "text", *provider.model.specs())
    if case.result is not PENDING:
        assert stage.result is case.result
        assert verification.ok is (case.result in (PASSED, WARNED))
    if case.result is FAILED:
        assert stage.hint.endswith(".") or not stage.hint
    after = verification.stages[verification.stages.index(stage) + 1 :]
    assert all(later.result is Result.SKIPPED for later in after)
    everything = json.dumps(verification.record(), ensure_ascii=False) + repr(verification.stages)
    everything += repr(verification.exchanges)
    assert not [secret for secret in SECRETS if secret in everything]


async def test_an_sms_is_checked_sent_and_followed(run: Run, script: Any) -> None:
    provider, asked = PROVIDERS["Sinch"], script(GOOD)
    draft = {**SMS, "override_url": "https://hooks.example.net/sinch"}
    verification = await run(
        provider, provider.build(draft), asked, depth=SEND, to="+1 206 555-0123", text="però €"
    )
    assert asked.asked == [f"{BATCHES}?page_size=1", DRY_RUN, POST, REPORT, REPORT, REPORT]
    assert {str(r.url.host) for r in asked.requests} == {"us.sms.api.sinch.com"}
    assert {r.headers["Authorization"] for r in asked.requests} == {f"Bearer {PLAN_TOKEN}"}
    body = (
        '{"from":"12065550100","to":["12065550123"],"body":"però €","type":"mt_text",'
        '"delivery_report":"per_recipient","callback_url":"https://hooks.example.net/sinch",'
        f'"client_reference":"{REFERENCE}"}}'
    )
    assert [r.content.decode() for r in asked.requests[1:3]] == [body, body]
    assert asked.requests[2].headers["Content-Type"] == "application/json"
    assert verification.message_id == f"{BATCH}/{MSISDN}"
    deliver = verification.stages[-1]
    assert deliver.outcome is not None
    assert (deliver.result, deliver.outcome.channel) == (PASSED, "SMS")


async def test_without_sender_and_override_url_neither_is_sent(run: Run, script: Any) -> None:
    provider, asked = PROVIDERS["Sinch"], script(GOOD)
    draft = {**SMS, "inbound_number": ""}
    await run(provider, provider.build(draft), asked, depth=SEND, to=TO, wait=0)
    assert list(json.loads(asked.requests[-1].content)) == [
        "to",
        "body",
        "type",
        "delivery_report",
        "client_reference",
    ]


async def test_without_a_message_nothing_is_dry_run(run: Run, script: Any) -> None:
    provider, asked = PROVIDERS["Sinch"], script(GOOD)
    verification = await run(provider, provider.build(SMS), asked, depth=PROBE, to="", text="")
    assert asked.asked == [f"{BATCHES}?page_size=1"]
    assert verification.word == "token accepted"


@pytest.mark.parametrize(("vendor", "draft"), [("Sinch MMS", MMS), ("Sinch RCS", RCS)])
async def test_both_forms_of_an_access_key_are_one_login(
    vendor: str, draft: Any, run: Run, script: Any
) -> None:
    provider = PROVIDERS[vendor]
    for chosen in (draft, halves(draft)):
        asked = script(GOOD)
        await run(provider, provider.build(chosen), asked, depth=SEND, to=TO)
        logins = {
            r.headers["Authorization"] for r in asked.requests if "conversation" in r.url.host
        }
        assert logins == {f"Basic {TOKEN}"}


async def test_the_mms_is_a_card_with_its_picture(run: Run, script: Any) -> None:
    provider, asked = PROVIDERS["Sinch MMS"], script(GOOD)
    verification = await run(
        provider, provider.build(MMS), asked, depth=SEND, to="+1 206 555-0123", text="però €"
    )
    kept = f"{KEPT}?messages_source=DISPATCH_SOURCE"
    assert asked.asked == [GET_APP, SEND_MESSAGE, kept]
    assert {str(r.url.host) for r in asked.requests} == {"us.conversation.api.sinch.com"}
    assert asked.requests[1].content.decode() == (
        f'{{"app_id":"{APP}","recipient":{{"identified_by":{{"channel_identities":['
        '{"channel":"MMS","identity":"+12065550123"}]}},'
        '"message":{"card_message":{"title":"smstui","description":"però €",'
        '"media_message":{"url":"https://cdn.example.net/a.jpg"}}},'
        '"channel_priority_order":["MMS"],"channel_properties":{"MMS_SENDER":"+12065550100"},'
        '"processing_strategy":"DISPATCH_ONLY",'
        f'"message_metadata":"{REFERENCE}","correlation_id":"{REFERENCE}"}}'
    )
    assert verification.message_id == MESSAGE


async def test_rcs_names_its_fallback(run: Run, script: Any) -> None:
    provider, asked = PROVIDERS["Sinch RCS"], script(GOOD)
    draft = {**RCS, "sender_number": "+12065550100"}
    await run(provider, provider.build(draft), asked, depth=SEND, to=TO, text="x")
    kept = f"{KEPT}?messages_source=DISPATCH_SOURCE"
    assert asked.asked == [GET_APP, f"{BATCHES}?page_size=1", SEND_MESSAGE, kept]
    assert asked.requests[1].headers["Authorization"] == f"Bearer {PLAN_TOKEN}"
    assert asked.requests[2].content.decode() == (
        f'{{"app_id":"{APP}","recipient":{{"identified_by":{{"channel_identities":['
        '{"channel":"RCS","identity":"+12065550123"},{"channel":"SMS","identity":"+12065550123"}'
        ']}},"message":{"text_message":{"text":"x"}},"channel_priority_order":["RCS","SMS"],'
        '"channel_properties":{"SMS_SENDER":"12065550100"},"processing_strategy":"DISPATCH_ONLY",'
        f'"message_metadata":"{REFERENCE}","correlation_id":"{REFERENCE}"}}'
    )
    asked = script(GOOD)
    await run(provider, provider.build(RCS), asked, depth=SEND, to=TO, wait=0)
    assert "channel_properties" not in json.loads(asked.requests[-1].content)


async def test_the_channel_that_is_known_is_told(run: Run, script: Any) -> None:
    provider = PROVIDERS["Sinch RCS"]
    kept = {"id": MESSAGE, "channel_identity": {"channel": "SMS", "identity": MSISDN}}
    verification = await run(
        provider, provider.build(RCS), script({**GOOD, KEPT: kept}), depth=SEND, to=TO
    )
    deliver = verification.stages[-1]
    assert deliver.outcome is not None
    assert (deliver.result, deliver.outcome.channel) == (Result.SKIPPED, "SMS")
    assert (verification.result, verification.ok) == (PENDING, True)
    assert "delivered" not in {verification.word, deliver.outcome.word}


async def test_a_message_that_is_not_kept_is_asked_for_once(
    run: Run, script: Any, fake_time: Any
) -> None:
    provider, asked = PROVIDERS["Sinch RCS"], script(GOOD)
    await run(provider, provider.build(RCS), asked, depth=SEND, to=TO)
    assert sum(path.startswith(KEPT) for path in asked.asked) == 1
    assert fake_time.slept == [1]


async def test_the_search_asks_each_region_once_and_stops_at_the_right_one(
    run: Run, script: Any
) -> None:
    provider = PROVIDERS["Sinch"]
    asked = script({**GOOD, BATCHES: [NO_BODY, LOST, {"batches": []}]})
    draft = {**SMS, "region": "au"}
    verification = await run(provider, provider.build(draft), asked, depth=SEND, to=TO)
    hosts = [r.url.host.partition(".")[0] for r in asked.requests]
    assert hosts == ["au", "us", "eu"]
    assert [e.trouble != "" for e in verification.exchanges] == [False, True, False]
    assert verification.word == "wrong region"
    assert verification.stages[3].summary == "not tried"


async def test_a_host_of_ones_own_is_the_only_one_asked(run: Run, script: Any) -> None:
    host = {"api_host": "http://127.0.0.1:4010", "region": "eu"}
    for vendor, draft in (("Sinch", SMS), ("Sinch MMS", MMS), ("Sinch RCS", RCS)):
        provider = PROVIDERS[vendor]
        refused = {BATCHES: NO_BODY, GET_APP: error(404, "NOT_FOUND")}
        asked = script(refused)
        await run(provider, provider.build({**draft, **host}), asked, depth=PROBE, to=TO)
        assert {r.url.netloc for r in asked.requests} == {b"127.0.0.1:4010"}
        assert len(asked.requests) == 1
        assert provider.host(provider.build({**draft, **host})) == host["api_host"]


async def test_a_report_that_is_not_there_yet_is_asked_for_again(run: Run, script: Any) -> None:
    provider = PROVIDERS["Sinch"]
    answers = {**GOOD, REPORT: [(404, ""), (503, ""), report("Delivered", 0)]}
    verification = await run(provider, provider.build(SMS), script(answers), depth=SEND, to=TO)
    assert verification.word == "delivered"


async def test_the_secrets_of_an_app_are_not_shown(run: Run, script: Any) -> None:
    provider = PROVIDERS["Sinch RCS"]
    verification = await run(provider, provider.build(RCS), script(GOOD), depth=PROBE, to=TO)
    first = verification.exchanges[0]
    assert first.response is not None
    shown = json.loads(first.response.body)
    assert {c["static_bearer"]["token"] for c in shown["channel_credentials"]} == {"•••"}
    assert shown["callback_settings"]["secret_for_overridden_callback_urls"] == "•••"
    assert shown["display_name"] == "Acme"
    assert f"-u {KEY_ID}:" in first.curl
    assert KEY_SECRET not in first.curl
