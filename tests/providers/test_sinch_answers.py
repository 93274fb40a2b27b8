from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smstui.providers.answers import Hint
from smstui.providers.base import Credential, Provider, Response, Result
from smstui.providers.sinch import SinchMmsProvider, SinchProvider, SinchRcsProvider
from smstui.providers.sinch_errors import REASON_HINTS, REPORT_HINTS, SMS_HINTS, STATUS_HINTS
from tests.providers.dialogues import talk
from tests.verify.sinch_replies import APP, BATCH, MESSAGE, MMS, PLAN, RCS, SMS

PROVIDERS: list[tuple[Provider[Any], Credential]] = [
    (SinchProvider(), SinchProvider().build(SMS)),
    (SinchMmsProvider(), SinchMmsProvider().build(MMS)),
    (SinchRcsProvider(), SinchRcsProvider().build(RCS)),
]
FIELDS = {"to", "text", ""}.union(*(provider.model.specs() for provider, _c in PROVIDERS))

SMS_CODES = """
syntax_invalid_json syntax_invalid_parameter_format syntax_constraint_violation
missing_callback_url unknown_group unknown_campaign
"""
REPORT_CODES = "402 403 404 405 406 407 408 410 411 412 413 414 415 416 417 418"
REASONS = """
CHANNEL_CONFIGURATION_MISSING CHANNEL_BAD_CONFIGURATION RECIPIENT_NOT_REACHABLE
RECIPIENT_INVALID_CHANNEL_IDENTITY NO_CHANNELS_LEFT NO_CHANNEL_IDENTITY_FOR_CONTACT
MEDIA_NOT_REACHABLE MEDIA_TOO_LARGE MEDIA_TYPE_UNSUPPORTED CHANNEL_FAILURE RATE_LIMITED
DELIVERY_TIMED_OUT CHANNEL_REJECT DELIVERY_REJECTED_DUE_TO_POLICY RECIPIENT_NOT_OPTED_IN
NO_PERMISSION BILLING_CREDIT_LIMIT_BREACHED
"""
"""Every code that the facts on Sinch name."""

ALL: list[tuple[str, dict[str, Hint]]] = [
    *((code, SMS_HINTS) for code in SMS_CODES.split()),
    *((code, REPORT_HINTS) for code in REPORT_CODES.split()),
    *((code, REASON_HINTS) for code in REASONS.split()),
]


@pytest.mark.parametrize(("code", "hints"), ALL, ids=[code for code, _hints in ALL])
def test_every_known_code_has_a_word_a_cause_and_a_next_step(
    code: str, hints: dict[str, Hint]
) -> None:
    hint = hints[code]
    assert 1 <= len(hint.word.split()) <= 3
    assert hint.cause.endswith(".")
    assert hint.next_step.endswith(".")
    assert hint.field in FIELDS


def test_progress_is_no_failure() -> None:
    assert not {"0", "400", "401"} & set(REPORT_HINTS)
    assert set(STATUS_HINTS) == {400, 403, 404, 429}


KEYS = """
batches id code text error message status details channel_credentials channel state display_name
message_id channel_identity number_of_messages type static_bearer claimed_identity description
"""
TEXTS = f"{APP} {BATCH} {MESSAGE} {PLAN} ACTIVE FAILING Delivered Failed Queued Unknown RCS SMS MMS"
VALUES = st.sampled_from(TEXTS.split()) | st.sampled_from(
    [0, 400, 401, 402, True, False, None, -1, 1e99]
)
DOCUMENTS = st.recursive(
    VALUES | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS.split()) | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=12,
)
GOOD_ONES = st.sampled_from(
    [
        {"batches": []},
        {"id": APP, "channel_credentials": [{"channel": "RCS"}, {"channel": "SMS", "state": []}]},
        {"id": BATCH},
        {"message_id": MESSAGE},
        {"id": MESSAGE, "channel_identity": []},
        {"status": "Delivered"},
        {"status": "Failed", "code": []},
    ]
)
BODIES = (DOCUMENTS | GOOD_ONES).map(lambda d: json.dumps(d).encode()) | st.binary(max_size=30)
STATUSES = st.sampled_from([0, 200, 200, 201, 204, 400, 401, 403, 404, 429, 500, 503])
ANSWERS = st.builds(Response, STATUSES, st.just(()), BODIES, st.booleans())


@settings(deadline=None)
@given(st.sampled_from(PROVIDERS), st.lists(ANSWERS, min_size=3, max_size=7))
def test_no_answer_breaks_a_conversation(
    chosen: tuple[Provider[Any], Credential], answers: list[Response]
) -> None:
    provider, credential = chosen
    probe = talk(provider.probe(credential, "+12065550123", "x"), answers)
    assert probe.word
    assert probe.summary
    created = talk(provider.message(credential, "+12065550123", "x"), answers)
    assert created.result in (Result.PASSED, Result.FAILED)
    assert (created.result is Result.PASSED) <= bool(created.message_id)
    state = provider.status(credential, f"{BATCH}/12065550123")
    assert state is not None
    outcome = talk(state, answers)
    assert outcome.word
    if outcome.result is Result.PASSED:
        assert provider.vendor == "Sinch"
        assert answers[0].record()["status"] == "Delivered"


@settings(deadline=None)
@given(st.text())
def test_a_message_id_cannot_lead_elsewhere(message_id: str) -> None:
    for provider, credential in PROVIDERS:
        question = provider.status(credential, message_id)
        assert question is not None
        url = next(question).url
        host = provider.host(credential)
        assert url.startswith((f"https://{host}/xms/v1/{PLAN}/batches/", f"https://{host}/v1/"))
        assert url.isascii()
        assert url.count("?") == (provider.vendor != "Sinch")
        assert "#" not in url
