from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smstui.providers.base import Response, Result
from smstui.providers.custom_answers import read
from tests.providers.custom_support import PATH, answer, build, draft

READ: list[tuple[Response, Result, str, str, str]] = [
    (answer({"messages": [{"id": "m-1"}]}), Result.PASSED, "accepted", "m-1", ""),
    (answer({"messages": [{"id": 17}]}, 202), Result.PASSED, "accepted", "17", ""),
    (answer({"ok": True}), Result.WARNED, "accepted", "", "nothing at messages.0.id"),
    (answer({"messages": []}), Result.WARNED, "accepted", "", "nothing at messages.0.id"),
    (answer(b"", 204), Result.WARNED, "accepted", "", "nothing at"),
    (answer(b"OK: queued"), Result.WARNED, "accepted", "", "plain text"),
    (answer(b"ERROR 17: bad login"), Result.FAILED, "refused", "", "speaks of an error"),
    (answer(b"Access denied"), Result.FAILED, "refused", "", "speaks of an error"),
    (answer(b"<html>Sign in</html>"), Result.FAILED, "broken answer", "", "web page"),
    (answer({"error": "bad sender"}), Result.FAILED, "refused", "", "bad sender"),
    (answer({"errors": [{"title": "No credit"}]}), Result.FAILED, "refused", "", "No credit"),
    (answer({"error_code": 21610}), Result.FAILED, "refused", "", "21610"),
    (answer({"success": False}), Result.FAILED, "refused", "", "success: false"),
    (
        answer({"messages": [{"id": "m-1", "status": {"groupName": "REJECTED"}}]}),
        *(Result.FAILED, "refused", "m-1", "REJECTED"),
    ),
    (
        answer({"messages": [{"id": "m-1"}], "error": "no callback"}),
        *(Result.WARNED, "accepted", "m-1", "no callback"),
    ),
    (
        answer({"messages": [{"id": "m-1", "error_code": None, "errors": [], "status": "queued"}]}),
        *(Result.PASSED, "accepted", "m-1", ""),
    ),
    (
        answer({"messages": [{"id": "m-1", "error": 0, "errorText": "none"}]}),
        *(Result.PASSED, "accepted", "m-1", ""),
    ),
    (answer({"message": "To is wrong"}, 400), Result.FAILED, "refused", "", "body"),
    (answer({}, 401), Result.FAILED, "login refused", "", ""),
    (answer({}, 403), Result.FAILED, "not permitted", "", ""),
    (answer(b"", 404), Result.FAILED, "not found", "", ""),
    (answer(b"", 405), Result.FAILED, "wrong address", "", "POST"),
    (answer(b"", 415), Result.FAILED, "wrong format", "", "Content-Type"),
    (answer({}, 429, ("Retry-After", "7")), Result.FAILED, "throttled", "", ""),
    (answer(b"<h1>Bad Gateway</h1>", 502), Result.FAILED, "provider down", "", ""),
]


@pytest.mark.parametrize(("response", "result", "word", "message_id", "words"), READ)
def test_what_an_answer_means(
    response: Response, result: Result, word: str, message_id: str, words: str
) -> None:
    outcome = read(response, build(draft(**PATH)))
    assert (outcome.result, outcome.word, outcome.message_id) == (result, word, message_id)
    assert words in outcome.cause
    assert result is Result.PASSED or outcome.next_step


def test_the_providers_own_words_and_code_are_kept() -> None:
    document = {
        "errors": [{"code": "10009", "title": "Authentication failed", "detail": "Bad key"}]
    }
    outcome = read(answer(document, 401, ("X-Request-Id", "r-1")), build(draft()))
    assert (outcome.code, outcome.raw, outcome.request_id) == ("10009", "Bad key", "r-1")


@pytest.mark.parametrize("body", [b"", b'{"anything": 1}'])
def test_without_an_extraction_no_id_is_missed(body: bytes) -> None:
    assert read(answer(body), build(draft())).result is Result.PASSED


JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["error", "errors", "status", "code", "message", "id"]), inner
        )
    ),
    max_leaves=10,
)


@given(
    st.integers(200, 599),
    st.binary(max_size=60) | JSON_VALUES.map(lambda v: json.dumps(v).encode()),
)
def test_any_answer_means_something(status: int, body: bytes) -> None:
    credential = build(draft(message_id_extraction="field_match", message_id_path="id"))
    outcome = read(Response(status, (), body), credential)
    assert outcome.word
    assert outcome.summary
    assert (outcome.result is Result.FAILED) or status < 300
    assert all(c.isprintable() for c in outcome.summary + outcome.cause + outcome.raw)
