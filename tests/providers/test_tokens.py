"""Tokens: asked for, kept until they expire, renewed once; and what token endpoints answer."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.providers.auth import (
    TokenCache,
    cache_key,
    expires_at_once,
    signed,
)
from smstui.providers.base import Outcome, Request, Result
from smstui.providers.custom import CustomProvider
from smstui.providers.fields import Value
from smstui.providers.token_answers import FieldsAtFault, Grant, read_grant, secrets_of
from tests.providers.custom_support import (
    SECRET,
    TO,
    URL,
    MovableClock,
    answer,
    build,
    draft,
    header,
    login,
    oauth,
    talk,
)

FIELDS = FieldsAtFault("oauth_url", "oauth_body", "token_path")
SENT = answer({"id": "m-1"})


def provider() -> tuple[CustomProvider, MovableClock]:
    clock = MovableClock()
    return CustomProvider(clock), clock


def token(value: str, **more: Any) -> Any:
    return answer({"access_token": value, "token_type": "bearer", "expires_in": 3600, **more})


def send_one(
    values: dict[str, Value], *replies: Any, of: CustomProvider | None = None
) -> tuple[list[Request], Outcome]:
    chosen = of or CustomProvider(MovableClock())
    return talk(chosen.message(build(values), TO, "hi"), replies)


def test_an_oauth_token_is_asked_for_kept_and_asked_for_again_when_it_expires() -> None:
    of, clock = provider()
    (asked, sent), outcome = send_one(oauth(), token("one"), SENT, of=of)
    assert (asked.method, asked.url) == ("POST", "https://auth.example.com/token")
    assert header(asked, "Content-Type") == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(asked.body.decode())) == {
        "grant_type": "client_credentials",
        "client_id": "me",
        "client_secret": SECRET,
    }
    assert header(sent, "Authorization") == "Bearer one"
    assert outcome.message_id == ""
    assert outcome.result is Result.PASSED

    clock.forward(3580)
    (again,), _outcome = send_one(oauth(), SENT, of=of)
    assert header(again, "Authorization") == "Bearer one"

    clock.forward(20)
    (_asked, renewed), _outcome = send_one(oauth(), token("two"), SENT, of=of)
    assert header(renewed, "Authorization") == "Bearer two"


def test_an_oauth_body_can_go_out_as_json() -> None:
    (asked, _sent), _outcome = send_one(oauth(oauth_encoding="json"), token("one"), SENT)
    assert header(asked, "Content-Type") == "application/json"
    assert json.loads(asked.body)["client_secret"] == SECRET


def test_a_refused_token_is_renewed_once_and_the_message_sent_again() -> None:
    of, _clock = provider()
    replies = (token("old"), answer({}, 401), token("new"), SENT)
    (_asked, first, _again, second), outcome = send_one(oauth(), *replies, of=of)
    assert (header(first, "Authorization"), header(second, "Authorization")) == (
        "Bearer old",
        "Bearer new",
    )
    assert first.body == second.body
    assert outcome.result is Result.PASSED


def test_a_second_refusal_ends_it() -> None:
    of, _clock = provider()
    replies = (token("old"), answer({}, 401), token("new"), answer({}, 401))
    requests, outcome = send_one(oauth(), *replies, of=of)
    assert len(requests) == 4
    assert (outcome.result, outcome.word) == (Result.FAILED, "token refused")
    (asked, _sent), _outcome = send_one(oauth(), token("third"), SENT, of=of)
    assert asked.url == "https://auth.example.com/token"


def test_other_types_are_not_sent_again_on_401() -> None:
    requests, outcome = send_one(draft(), answer({}, 401))
    assert len(requests) == 1
    assert (outcome.word, outcome.field) == ("login refused", "api_token")


@pytest.mark.parametrize("lifetime", [0, -5, 3, "0"])
def test_a_token_that_expires_at_once_is_used_once_and_told(lifetime: Any) -> None:
    of, _clock = provider()
    short = token("short", expires_in=lifetime)
    credential = build(oauth())
    _requests, probed = talk(of.probe(credential), [short])
    assert (probed.result, probed.word) == (Result.WARNED, "short-lived")
    (asked, sent), _outcome = send_one(oauth(), short, SENT, of=of)
    assert asked.url == "https://auth.example.com/token"
    assert header(sent, "Authorization") == "Bearer short"


def test_a_login_comes_first_and_its_token_after() -> None:
    given = answer({"data": {"token": "T-1", "user": "ada"}, "expires_in": "600"})
    (asked, sent), outcome = send_one(login(), given, SENT)
    assert (asked.method, asked.url, asked.body) == ("POST", "https://api.example.com/login", b"")
    expected = base64.b64encode(f"ada:{SECRET}".encode()).decode()
    assert header(asked, "Authorization") == f"Basic {expected}"
    assert header(sent, "Authorization") == "Bearer T-1"
    assert outcome.result is Result.PASSED


def test_a_login_may_carry_a_form() -> None:
    values = login(login_body='{"grant_type": "client_credentials"}', token_path="access_token")
    (asked, _sent), _outcome = send_one(values, token("one"), SENT)
    assert asked.body == b"grant_type=client_credentials"
    assert header(asked, "Content-Type") == "application/x-www-form-urlencoded"


def test_a_login_by_get_has_no_body() -> None:
    (asked, _sent), _outcome = send_one(
        login(login_method="GET"), answer({"data": {"token": "T"}}), SENT
    )
    assert (asked.method, asked.body) == ("GET", b"")


def test_the_probe_asks_for_a_token_and_the_message_uses_it() -> None:
    of, _clock = provider()
    credential = build(login())
    given = answer({"data": {"token": "T-1"}, "expires_in": 60})
    (asked,), probed = talk(of.probe(credential), [given])
    assert asked.url == "https://api.example.com/login"
    assert (probed.result, probed.summary) == (
        Result.PASSED,
        "token from api.example.com, for 60 s",
    )
    (sent,), _outcome = send_one(login(), SENT, of=of)
    assert header(sent, "Authorization") == "Bearer T-1"


def test_the_probe_asks_anew_each_time() -> None:
    of, _clock = provider()
    credential = build(oauth())
    for _n in range(2):
        requests, _outcome = talk(of.probe(credential), [token("one")])
        assert len(requests) == 1


def test_what_is_kept_can_be_forgotten() -> None:
    of, _clock = provider()
    send_one(oauth(), token("one"), SENT, of=of)
    of.forget()
    requests, _outcome = send_one(oauth(), token("two"), SENT, of=of)
    assert len(requests) == 2


def test_another_secret_is_another_token() -> None:
    one, two = build(login()), build(login(password=SecretStr("other")))
    assert cache_key(one) != cache_key(two)
    assert cache_key(one) == cache_key(build(login(name="renamed")))


def test_a_token_of_unknown_lifetime_is_kept_for_a_while() -> None:
    clock = MovableClock()
    tokens = TokenCache(clock)
    tokens.keep("k", Grant(SecretStr("t")))
    clock.forward(280)
    assert tokens.get("k") is not None
    clock.forward(20)
    assert tokens.get("k") is None


@given(st.floats(min_value=0, allow_nan=False, allow_infinity=False), st.floats(0, 1e9))
def test_no_token_is_handed_out_after_its_end(lifetime: float, waited: float) -> None:
    clock = MovableClock()
    tokens = TokenCache(clock)
    grant = Grant(SecretStr("t"), lifetime=lifetime)
    tokens.keep("k", grant)
    assert (tokens.get("k") is None) >= expires_at_once(grant)
    clock.forward(waited)
    if tokens.get("k") is not None:
        assert waited < lifetime


@pytest.mark.parametrize(
    ("reply", "word", "field", "words"),
    [
        (answer({"error": "invalid_client"}, 401), "login refused", "oauth_body", "secret"),
        (answer({"error": "invalid_client"}, 200), "login refused", "oauth_body", "secret"),
        (answer({"error": "invalid_scope"}, 400), "scope refused", "oauth_body", "scope"),
        (answer({"error": "unsupported_grant_type"}, 400), "grant unknown", "oauth_body", "grant"),
        (answer(b"", 404), "not found", "oauth_url", ""),
        (answer(b"", 503), "provider down", "", "gateway"),
        (answer(b"slow down", 429), "throttled", "", ""),
        (answer(b"<html>Welcome</html>"), "broken answer", "oauth_url", "web page"),
        (answer(b""), "broken answer", "oauth_url", "empty"),
        (answer({"jwt": "abc"}), "no token", "token_path", "access_token"),
        (answer({"access_token": None}), "no token", "token_path", ""),
        (answer({"access_token": {"value": "x"}}), "no token", "token_path", ""),
        (answer([]), "no token", "token_path", ""),
        (answer({"access_token": "a\r\nX-Evil: 1"}), "broken token", "token_path", "line break"),
        (answer({"access_token": "tökèn"}), "broken token", "token_path", "ASCII"),
    ],
)
def test_why_there_is_no_token(reply: Any, word: str, field: str, words: str) -> None:
    outcome = read_grant(reply, path="access_token", host="auth.example.com", fields=FIELDS)
    assert isinstance(outcome, Outcome)
    assert (outcome.result, outcome.word, outcome.field) == (Result.FAILED, word, field)
    assert words in outcome.cause
    assert outcome.next_step
    assert "auth.example.com" in outcome.summary or outcome.word == "broken answer"


def test_an_answer_without_a_token_sends_nothing() -> None:
    requests, outcome = send_one(oauth(), answer({"jwt": "looks-like-a-token"}))
    assert len(requests) == 1
    assert outcome.word == "no token"
    assert "looks-like-a-token" not in repr(outcome)
    assert "jwt" in outcome.raw


@pytest.mark.parametrize(
    ("told", "scheme"),
    [
        ("bearer", "Bearer"),
        ("BEARER", "Bearer"),
        ("DPoP", "DPoP"),
        ("a\nb", "Bearer"),
        (3, "Bearer"),
    ],
)
def test_the_word_before_the_token(told: Any, scheme: str) -> None:
    reply = answer({"access_token": "t", "token_type": told})
    grant = read_grant(reply, path="access_token", host="h", fields=FIELDS)
    assert isinstance(grant, Grant)
    assert grant.scheme == scheme


@pytest.mark.parametrize(
    ("told", "lifetime"),
    [(3600, 3600), ("3600", 3600), (1.5, 1.5), (-1, 0), ("soon", None), (None, None), (True, None)],
)
def test_the_lifetime_of_a_token(told: Any, lifetime: float | None) -> None:
    reply = answer({"access_token": "t", "expires_in": told})
    grant = read_grant(reply, path="access_token", host="h", fields=FIELDS)
    assert isinstance(grant, Grant)
    assert grant.lifetime == lifetime


def test_the_secrets_of_an_answer_are_named_for_the_redactor() -> None:
    (asked, _sent), _outcome = send_one(login(), answer({"data": {"token": "T"}}), SENT)
    assert asked.secrets_in is not None
    reply = answer({"data": {"token": "T-1"}, "refresh_token": "R-1", "user": "ada"})
    assert {s.get_secret_value() for s in asked.secrets_in(reply)} == {SECRET, "T-1", "R-1"}


def test_without_a_token_at_its_place_every_long_word_may_be_it() -> None:
    reply = answer({"session": "abcdefghijklmnopqrst", "hint": "a longer text with blanks"})
    assert [s.get_secret_value() for s in secrets_of(reply, "token")] == ["abcdefghijklmnopqrst"]


def test_no_repr_shows_a_secret() -> None:
    of, _clock = provider()
    for values in (draft(), oauth(), login()):
        credential = build(values)
        assert SECRET not in repr(credential)
        assert SECRET not in repr(signed(credential, Request("POST", URL), MovableClock()))
    requests, outcome = send_one(oauth(), token("T-1234567"), SENT, of=of)
    assert "T-1234567" not in repr((requests, outcome, vars(of), Grant(SecretStr("T-1234567"))))


def test_secrets_inside_the_oauth_body_are_secrets_of_the_credential() -> None:
    assert SECRET in {secret.get_secret_value() for secret in build(oauth()).secrets()}
