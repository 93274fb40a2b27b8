from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smstui.providers.answers import Hint
from smstui.providers.base import Response, Result
from smstui.providers.infobip import InfobipProvider
from smstui.providers.infobip_answers import read_balance, read_state
from smstui.providers.infobip_errors import ERROR_HINTS, GROUP_HINTS, HTTP_HINTS, STATUS_HINTS
from smstui.providers.infobip_refusals import read_error
from tests.providers.dialogues import talk
from tests.verify.infobip_replies import GOOD, INFOBIP, MESSAGE, logged, sent

PROVIDER = InfobipProvider(lambda: MESSAGE)
CREDENTIAL = PROVIDER.build(INFOBIP)

STATES = "4 6 8 9 10 11 12 13 14 15 17 18 19 20 21 23 25 31 51 52 56 77 87 100"
ERRORS = "1 6 27 351 368 572 603 4098 4101 7002"
"""Every bad state and every error that the facts on Infobip name."""

ALL: list[tuple[int, dict[int, Hint]]] = [
    *((int(code), STATUS_HINTS) for code in STATES.split()),
    *((int(code), ERROR_HINTS) for code in ERRORS.split()),
    *((code, GROUP_HINTS) for code in (2, 4, 5)),
    *((code, HTTP_HINTS) for code in (400, 401, 403, 404, 500)),
]


@pytest.mark.parametrize(("code", "hints"), ALL)
def test_every_known_code_has_a_word_a_cause_and_a_next_step(
    code: int, hints: dict[int, Hint]
) -> None:
    hint = hints[code]
    assert 1 <= len(hint.word.split()) <= 3
    assert hint.cause.endswith(".")
    assert hint.next_step.endswith(".")
    assert hint.field in ("", "to", "text", *PROVIDER.model.specs())


def test_progress_and_delivery_are_no_failure() -> None:
    assert not {2, 3, 5, 7, 26} & set(STATUS_HINTS)
    assert 0 not in ERROR_HINTS


KEYS = """
messages results messageId status error id groupId groupName name description action permanent
details messageCount bulkId errorCode violations property violation resources url requestError
serviceException text validationErrors balance currency
"""
TEXTS = f"{MESSAGE} REJECTED PENDING DELIVERED REJECTED_SOURCE E401 UNAUTHORIZED EUR"
VALUES = st.sampled_from(TEXTS.split()) | st.sampled_from(
    [0, 1, 2, 3, 4, 5, 11, 15, 26, 29, 603, True, False, None, -1, 1e99, 10**400]
)
DOCUMENTS = st.recursive(
    VALUES | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS.split()) | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=12,
)
GOOD_ONES = st.sampled_from([*GOOD.values(), sent(11), logged(4, 603), {"results": [{}]}])
BODIES = (DOCUMENTS | GOOD_ONES).map(lambda d: json.dumps(d).encode()) | st.binary(max_size=30)
STATUSES = st.sampled_from([0, 200, 200, 200, 201, 400, 401, 403, 404, 429, 500, 503])
ANSWERS = st.builds(Response, STATUSES, st.just(()), BODIES, st.booleans())


@settings(deadline=None)
@given(ANSWERS, ANSWERS)
def test_no_answer_breaks_a_conversation(first: Response, second: Response) -> None:
    probe = talk(PROVIDER.probe(CREDENTIAL), [first, second])
    assert probe.word
    assert probe.summary
    created = talk(PROVIDER.message(CREDENTIAL, "+385990000001", "x"), [first])
    assert created.word
    assert bool(created.message_id) is (created.result is not Result.FAILED)
    if created.result is not Result.FAILED:
        assert first.status < 300
    state = talk(PROVIDER.status(CREDENTIAL, MESSAGE), [first])
    assert state.word
    if state.result is Result.PASSED:
        assert first.status == 200
    for outcome in (probe, created, state):
        assert outcome.field in ("", "to", "text", *PROVIDER.model.specs())


@pytest.mark.parametrize("group", ["REJECTED", "UNDELIVERABLE", "EXPIRED"])
@pytest.mark.parametrize("number", [None, 1, 9, 20])
def test_a_bad_group_is_never_taken_for_success(group: str, number: int | None) -> None:
    numbers = {"REJECTED": 5, "UNDELIVERABLE": 2, "EXPIRED": 4}
    for status in ({"groupName": group}, {"groupId": numbers[group]}):
        record = {"messages": [{"messageId": "x", "status": {**status, "id": number}}]}
        answer = Response(200, (), json.dumps(record).encode())
        outcome = talk(PROVIDER.message(CREDENTIAL, "+385990000001", "x"), [answer])
        assert outcome.result is Result.FAILED


def test_an_answer_without_a_state_is_accepted_with_a_warning() -> None:
    answer = Response(200, (), json.dumps({"messages": [{"messageId": "x"}]}).encode())
    outcome = talk(PROVIDER.message(CREDENTIAL, "+385990000001", "x"), [answer])
    assert (outcome.result, outcome.word, outcome.message_id) == (Result.WARNED, "accepted", "x")


def test_the_state_of_another_message_is_not_taken() -> None:
    answer = Response(200, (), json.dumps(logged(5)).encode())
    assert read_state(answer, "another").result is Result.PENDING
    assert read_state(answer, MESSAGE).result is Result.PASSED


@pytest.mark.parametrize(
    ("body", "summary"),
    [
        ('{"balance": 12.5, "currency": "EUR"}', "balance 12.50 EUR"),
        ('{"balance": -3, "currency": "EUR"}', "balance -3.00 EUR"),
        ('{"balance": 7}', "balance 7.00"),
        ('{"balance": "7"}', None),
        ('{"balance": NaN}', None),
        (f'{{"balance": 1{"0" * 400}}}', None),
        ("[]", None),
    ],
)
def test_balances(body: str, summary: str | None) -> None:
    outcome = read_balance(Response(200, (), body.encode()))
    assert (outcome.summary if outcome else None) == summary


@pytest.mark.parametrize(
    "body",
    [
        {"errorCode": "E400", "description": "No.", "action": "Do.", "violations": [{"x": 1}]},
        {"errorCode": "E400", "description": "No.", "action": "Do.", "resources": "x"},
        {
            "errorCode": "E400",
            "description": "No.",
            "action": "Do.",
            "resources": [{"url": "https://evil.test/"}, {"url": "https://www.infobip.com.evil"}],
        },
    ],
)
def test_the_newer_form_in_odd_shapes(body: object) -> None:
    outcome = read_error(Response(400, (), json.dumps(body).encode()))
    assert (outcome.code, outcome.raw) == ("E400", "No. · Do.")
    assert outcome.link.startswith("https://www.infobip.com/docs/")


def test_the_older_form_tells_which_field_is_wrong() -> None:
    errors = {"destinations[0].to": ["is empty", "is short"], "text": "is long"}
    exception = {"messageId": "BAD_REQUEST", "text": "Bad request", "validationErrors": errors}
    body = json.dumps({"requestError": {"serviceException": exception}}).encode()
    outcome = read_error(Response(400, (), body))
    assert outcome.code == "BAD_REQUEST"
    assert outcome.raw == (
        "Bad request · destinations[0].to: is empty · destinations[0].to: is short · text: is long"
    )
    assert outcome.field == "to"
