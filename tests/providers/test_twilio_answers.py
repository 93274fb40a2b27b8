from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.providers.answers import quoted, retry_after, unreadable
from smstui.providers.base import Response, Result
from smstui.providers.fields import Value
from smstui.providers.twilio import TwilioCredential, TwilioProvider
from smstui.providers.twilio_errors import HINTS, link_to
from tests.providers.dialogues import talk

HEX = "00112233445566778899aabbccddeeff"
PROVIDER = TwilioProvider()
BY_TOKEN: dict[str, Value] = {}
BY_KEY: dict[str, Value] = {"api_key_sid": f"SK{HEX}", "api_key_secret": SecretStr(HEX)}
CREDENTIALS = [
    PROVIDER.build(
        {
            "name": "x",
            "account_sid": f"AC{HEX}",
            "auth_token": SecretStr(HEX),
            "message_sid": message_sid,
            "inbound_number": "+15005550006",
            **key,
        }
    )
    for message_sid in ("", f"MG{HEX}")
    for key in (BY_TOKEN, BY_KEY)
]

CODES = """
20003 20005 90010 20008 20404 20429 20500 20503 21470 90002 70051 20403 20006 21211 21212 21265
21266 21268 21267 10002 21408 21602 21603 21604 21606 21608 21609 21610 21611 21612 21614 21635
21617 21624 21620 21623 21654 21655 21656 21659 21660 21661 21664 21665 21666 21667 21701 21705
21703 21704 21710 21712 21910 30001 30002 30037 30003 30004 30005 30006 30007 30008 30018 30040
30024 30032 30034 30035 30036 30450 63001 63007 63003 63024 63005 63013 63021 63018 63035 63036
63100 63105 63106 63107 63108 11200 11205 11210 11751 12300
"""
"""Every code that the facts on Twilio name."""


@pytest.mark.parametrize("code", CODES.split())
def test_every_known_code_has_a_word_a_cause_and_a_next_step(code: str) -> None:
    hint = HINTS[code]
    assert 1 <= len(hint.word.split()) <= 3
    assert hint.cause.endswith(".")
    assert hint.next_step.endswith(".")
    assert hint.field in ("", "to", "text", *PROVIDER.model.specs())
    assert link_to(code) == f"https://www.twilio.com/docs/errors/{code}"


KEYS = """
sid status type code message title detail errors messages friendly_name owner_account_sid from
incoming_phone_numbers phone_number capabilities sms error_code error_message num_media
phone_numbers
"""
WORDS = st.sampled_from(KEYS.split())
TEXTS = f"AC{HEX} MG{HEX} SM{HEX} active Trial sent delivered failed undelivered +15005550006"
VALUES = st.sampled_from(TEXTS.split()) | st.sampled_from(
    [20003, 70051, 30006, 20008, True, False, None, 0, -1, 1e99]
)
DOCUMENTS = st.recursive(
    VALUES | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(WORDS | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=12,
)
BODIES = DOCUMENTS.map(lambda d: json.dumps(d).encode()) | st.binary(max_size=30)
STATUSES = st.sampled_from([200, 201, 204, 400, 401, 403, 404, 429, 500, 502, 503, 599])
ANSWERS = st.builds(
    Response,
    STATUSES,
    st.just(()) | st.just((("Retry-After", "x"), ("Twilio-Request-Id", "RQ1"))),
    BODIES,
    st.booleans(),
)


@settings(deadline=None)
@given(st.sampled_from(CREDENTIALS), st.lists(ANSWERS, min_size=3, max_size=7))
def test_no_answer_breaks_a_conversation(chosen: TwilioCredential, answers: list[Response]) -> None:
    probe = talk(PROVIDER.probe(chosen), answers)
    assert probe.word
    assert probe.summary
    created = talk(PROVIDER.message(chosen, "+393331234567", "x"), answers)
    assert created.result in (Result.PASSED, Result.FAILED)
    assert (created.result is Result.PASSED) <= bool(created.message_id)
    state = PROVIDER.status(chosen, "SM1")
    assert state is not None
    outcome = talk(state, answers)
    assert outcome.word
    if outcome.result is Result.PASSED:
        assert answers[0].status == 200


@settings(deadline=None)
@given(ANSWERS)
def test_any_answer_can_be_quoted(answer: Response) -> None:
    assert quoted(answer).isprintable()
    assert unreadable(answer).cause.endswith(".")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ((("Retry-After", "7"),), 7.0),
        ((("retry-after", " 7 "),), 7.0),
        ((("Retry-After", "-7"),), None),
        ((("Retry-After", "soon"),), None),
        ((("Retry-After", "Mon, 02 Nov 2026 08:15:30 GMT"),), None),
        (
            (
                ("Retry-After", "Mon, 02 Nov 2026 08:15:30 GMT"),
                ("Date", "Mon, 02 Nov 2026 08:15:00 GMT"),
            ),
            30.0,
        ),
        (
            (
                ("Retry-After", "Mon, 02 Nov 2026 08:14:00 GMT"),
                ("Date", "Mon, 02 Nov 2026 08:15:00 GMT"),
            ),
            0.0,
        ),
        ((), None),
    ],
)
def test_retry_after(headers: tuple[tuple[str, str], ...], seconds: float | None) -> None:
    assert retry_after(Response(429, headers)) == seconds


def test_html_is_quoted_without_its_tags() -> None:
    body = b"<html><style>p{x}</style><script>1<2</script><h1>Bad\n Gateway</h1 \x1b>!</html"
    assert quoted(Response(502, (), body)) == "Bad Gateway !"


def test_twilios_own_words_are_kept_in_both_forms() -> None:
    classic = Response(
        400, (), json.dumps({"code": 21606, "message": "No.", "detail": "d"}).encode()
    )
    problem = {
        "type": "about:blank",
        "title": "Invalid",
        "status": 400,
        "code": 63100,
        "detail": "Bad profile",
        "errors": [{"detail": "too long", "pointer": "#/profile/name"}, "odd"],
    }
    modern = Response(400, (("Twilio-Request-Id", "RQ9"),), json.dumps(problem).encode())
    credential = CREDENTIALS[0]
    first = talk(PROVIDER.message(credential, "+393331234567", "x"), [classic])
    assert (first.code, first.raw) == ("21606", "No. · d")
    second = talk(PROVIDER.message(credential, "+393331234567", "x"), [modern])
    assert (second.code, second.request_id) == ("63100", "RQ9")
    assert second.raw == "Invalid · Bad profile · #/profile/name too long"
