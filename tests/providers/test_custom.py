from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.providers.base import InvalidFields, Outcome, Response, Result
from smstui.providers.custom import CustomProvider, preview
from smstui.providers.custom_answers import read
from smstui.providers.custom_fields import DEFAULT_HEADERS, CustomCredential
from smstui.providers.fields import Kind, Pairs, Severity, Value
from smstui.providers.payload import FORM_TYPE
from smstui.verify import Depth, Verification, verify
from tests.providers.custom_support import (
    PAYLOAD,
    SECRET,
    TO,
    MovableClock,
    answer,
    build,
    draft,
    errors_of,
    header,
    issues_of,
    login,
    oauth,
    talk,
    warnings_of,
)
from tests.verify.servers import answering, as_json, http, no_sleep, serve

JSON_ROW, CHARSET_ROW = DEFAULT_HEADERS
FORM: Pairs = (("Content-Type", FORM_TYPE), CHARSET_ROW)
PATH = {"message_id_extraction": "dot_path", "message_id_path": "messages.0.id"}


def with_row(name: str, value: str) -> Pairs:
    return (*DEFAULT_HEADERS, (name, value))


def test_a_draft_without_faults() -> None:
    assert errors_of(draft()) == {}
    assert set(warnings_of(draft())) == {"provider_payload"}  # authOption


def test_what_an_import_leaves_out_has_its_default() -> None:
    credential = build(draft())
    assert credential.headers == DEFAULT_HEADERS
    assert credential.message_id_extraction == "none"
    assert build(oauth()).oauth_encoding == "form"


def test_adobes_fields_go_by_their_labels() -> None:
    specs = CustomCredential.specs()
    labels = {name: spec.label for name, spec in specs.items()}
    for label in (
        *("Provider AppId", "Provider Name", "Provider URL", "Channel type", "Auth Type"),
        *("API Token", "API Secret Key", "Mac Authorization Hash Format", "OAuth URL"),
        *("OAuth Body", "JWT Payload", "mTLS support", "Headers", "Provider Payload"),
        *("Message ID extraction", "Use custom dataset for inbound", "Dataset"),
    ):
        assert labels[label.lower().replace(" ", "_")] == label


def test_what_is_not_adobes_says_so() -> None:
    specs = CustomCredential.specs()
    ours = (
        *("api_key_place", "api_key_name", "api_key_prefix", "mac_authorization_hash_format"),
        *("oauth_encoding", "jwt_algorithm", "jwt_key", "login_url", "login_method", "login_body"),
        *("token_path", "sender_number", "number_format"),
    )
    for name in ours:
        assert specs[name].help.startswith("Not Adobe's: "), name
    assert "not Adobe's" in next(c.label for c in specs["auth_type"].choices if "bearer" in c.label)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"provider_url": "http://api.example.com/x"}, "provider_url", "unprotected"),
        ({"provider_url": "api.example.com"}, "provider_url", "https://"),
        ({"provider_url": "https://u:p@api.example.com/"}, "provider_url", "no user"),
        ({"provider_url": "https://api.example.com/a b"}, "provider_url", "no blanks"),
        ({"provider_url": "https://bücher.example/"}, "provider_url", "ASCII"),
        ({"provider_url": "https://api.example.com/#x"}, "provider_url", "#"),
        ({"provider_url": "https://api.example.com/{{toNumber}}"}, "provider_url", "Variables"),
        ({"provider_url": "https://api.example.com:99999/"}, "provider_url", "port"),
        ({"provider_url": "https://[::1"}, "provider_url", "not an address"),
        ({"provider_url": "https://a\r\nb.example.com/"}, "provider_url", "no blanks"),
        ({"provider_payload": "{"}, "provider_payload", "Line 1, column 2"),
        ({"provider_payload": "{}"}, "provider_payload", "{{fromNumber}}"),
        ({"api_token": None}, "api_token", "missing"),
        ({"api_token": SecretStr("tökèn")}, "api_token", "ASCII"),
        ({"api_token": SecretStr("a\nb")}, "api_token", "ASCII"),
        ({"auth_type": ""}, "auth_type", "missing"),
        ({"auth_type": "digest"}, "auth_type", "one of"),
        ({"auth_type": "basic"}, "user_name", "missing"),
        ({"auth_type": "basic", "user_name": "a:b"}, "user_name", "colon"),
        ({"auth_type": "api_key", "api_key_name": "X Key"}, "api_key_name", "hyphens"),
        ({"auth_type": "mac"}, "api_secret_key", "missing"),
        (PATH | {"message_id_path": "$.id"}, "message_id_path", "leading $"),
        (PATH | {"message_id_path": ""}, "message_id_path", "missing"),
        ({"use_custom_dataset_for_inbound": True}, "dataset", "missing"),
    ],
)
def test_bad_input_has_a_sentence(changes: dict[str, Value], field: str, words: str) -> None:
    assert words in errors_of(draft(**changes))[field]


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        (oauth(oauth_body=SecretStr("{")), "oauth_body", "Line 1"),
        (oauth(oauth_body=SecretStr('{"a": {"b": 1}}')), "oauth_body", "nested"),
        (oauth(oauth_url="http://auth.example.com"), "oauth_url", "unprotected"),
        (login(token_path="a..b"), "token_path", "dots"),
        (login(login_body='{"a": 1}', login_method="GET"), "login_body", "GET"),
        (login(login_body='{"a": [{}]}'), "login_body", "nested"),
    ],
)
def test_bad_input_for_tokens_has_a_sentence(
    values: dict[str, Value], field: str, words: str
) -> None:
    assert words in errors_of(values)[field]


def test_a_nested_oauth_body_may_go_out_as_json() -> None:
    body = SecretStr('{"grant_type": "x", "a": {"b": 1}}')
    assert errors_of(oauth(oauth_body=body, oauth_encoding="json")) == {}


@pytest.mark.parametrize(
    ("payload", "key", "algorithm", "field", "words"),
    [
        ('{"exp": 300}', "k" * 32, "HS256", "", ""),
        ("{", "k" * 32, "HS256", "jwt_payload", "Line 1"),
        ('{"exp": "x"}', "k" * 32, "HS256", "jwt_payload", "number"),
        ('{"exp": 300}', "k" * 32, "RS256", "jwt_key", "RSA"),
        ('{"exp": 300}', "short", "HS256", "jwt_key", "32 bytes"),
        ('{"iss": "x"}', "k" * 32, "HS256", "jwt_payload", "never expires"),
        ('{"exp": 1500000000}', "k" * 32, "HS256", "jwt_payload", "has passed"),
    ],
)
def test_jwts_are_checked_by_signing_one(
    payload: str, key: str, algorithm: str, field: str, words: str
) -> None:
    values = draft(
        auth_type="jwt", jwt_payload=payload, jwt_algorithm=algorithm, jwt_key=SecretStr(key)
    )
    found = {i.field: i.message for i in issues_of(values)}
    assert words in found.get(field, "")
    assert field or not found
    assert key not in repr(issues_of(values))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (with_row("X-A", "1\r\nX-Evil: 2"), "begin another header"),
        (with_row("X-A", "1\nX-Evil: 2"), "begin another header"),
        (with_row("X-A", "1\0"), "ASCII"),
        (with_row("X-Größe", "1"), "no header's name"),
        (with_row("X-A", "größer"), "ASCII"),
        (with_row("X A", "1"), "no header's name"),
        (with_row("X-A:", "1"), "no header's name"),
        (with_row("X-A\r\nX-B", "1"), "no header's name"),
        (with_row("", "1"), "no header's name"),
        (with_row("Host", "evil.example.com"), "belongs to the connection"),
        (with_row("content-length", "5"), "belongs to the connection"),
        (with_row("Transfer-Encoding", "chunked"), "belongs to the connection"),
        (with_row("Authorization", "App x"), "set by the Auth Type already"),
        (with_row("charset", "utf-8"), "occurs twice"),
        ((JSON_ROW,), "stay"),
        ((CHARSET_ROW,), "stay"),
        ((JSON_ROW, ("Charset", "latin-1")), "utf-8"),
        ((("Content-Type", "text/xml"), CHARSET_ROW), FORM_TYPE),
        ((*DEFAULT_HEADERS, *((f"X-{n}", "v") for n in range(11))), "At most 10"),
    ],
)
def test_bad_header_rows_have_a_sentence(rows: Pairs, words: str) -> None:
    found = [i.message for i in issues_of(draft(headers=rows)) if i.field == "headers"]
    assert any(words in message for message in found), found
    with pytest.raises(InvalidFields):
        build(draft(headers=rows))


def test_ten_further_rows_are_possible() -> None:
    rows = (*DEFAULT_HEADERS, *((f"X-{n}", "v") for n in range(10)))
    assert errors_of(draft(headers=rows)) == {}


def test_lost_rows_can_be_put_back() -> None:
    rows = (("X-A", "1"), ("Content-Type", FORM_TYPE), ("Charset", "x"))
    values = draft(headers=rows)
    (issue,) = [i for i in issues_of(values) if i.field == "headers"]
    assert issue.offer is not None
    assert issue.offer.changes["headers"] == (*FORM, ("X-A", "1"))
    assert errors_of({**values, **issue.offer.changes}) == {}


def test_a_secret_in_a_row_can_be_moved_out_of_sight() -> None:
    rows = with_row("Authorization", "App 0123456789abcdef")
    values = draft(auth_type="none", api_token=None, headers=rows)
    (issue,) = [i for i in issues_of(values) if i.field == "headers"]
    assert (issue.severity, "shown and exported" in issue.message) == (Severity.WARNING, True)
    assert "0123456789abcdef" not in repr(issue)
    assert issue.offer is not None
    moved = {**values, **issue.offer.changes}
    assert issues_of(moved) == []
    (before,), _outcome = talk(
        CustomProvider().message(build(values), TO, "x"), [answer({"id": 1})]
    )
    (after,), _outcome = talk(CustomProvider().message(build(moved), TO, "x"), [answer({"id": 1})])
    assert header(before, "Authorization") == header(after, "Authorization")


def test_a_second_secret_row_is_only_told() -> None:
    issues = issues_of(draft(headers=with_row("X-Api-Key", "0123456789")))
    (issue,) = [i for i in issues if i.field == "headers"]
    assert (issue.severity, issue.offer) == (Severity.WARNING, None)


def test_proving_nothing_is_told() -> None:
    assert "auth_type" in warnings_of(draft(auth_type="none", api_token=None))


@pytest.mark.parametrize("kind", ["basic", "bearer"])
def test_auth_option_is_asked_for_and_not_guessed(kind: str) -> None:
    values = draft(auth_type=kind, user_name="a", password=SecretStr("b"))
    assert "does not publish" in " ".join(warnings_of(values)["provider_payload"].split())
    payload = PAYLOAD[:-1] + ', "authOption": "x"}'
    assert "provider_payload" not in warnings_of({**values, "provider_payload": payload})


def test_the_request_of_a_message() -> None:
    rows = (*DEFAULT_HEADERS, ("X-Tenant", " blue "))
    credential = build(draft(headers=rows))
    (request,), _outcome = talk(
        CustomProvider().message(credential, TO, 'say "hi"\n{{toNumber}} é😀'), [answer({"id": 1})]
    )
    assert request.method == "POST"
    assert request.headers == (
        *DEFAULT_HEADERS,
        ("X-Tenant", "blue"),
        ("Accept", "application/json"),
        ("Authorization", f"Bearer {SECRET}"),
    )
    assert (
        request.body
        == (
            '{"from":"ACME","to":"+393331234567","text":"say \\"hi\\"\\n{{toNumber}} é😀"}'
        ).encode()
    )


def test_the_request_of_a_message_as_a_form() -> None:
    credential = build(draft(headers=FORM, number_format="digits"))
    (request,), _outcome = talk(CustomProvider().message(credential, TO, "a&b=c"), [answer({})])
    pairs = [("from", "ACME"), ("to", "393331234567"), ("text", "a&b=c")]
    assert parse_qsl(request.body.decode()) == pairs


def test_a_nested_payload_is_no_form() -> None:
    nested = '{"a": {"f": "{{fromNumber}}", "t": "{{toNumber}}", "m": "{{message}}"}}'
    values = draft(headers=FORM, provider_payload=nested)
    assert "flat" in errors_of(values)["provider_payload"]
    assert errors_of({**values, "headers": DEFAULT_HEADERS}) == {}


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_the_preview_is_what_is_sent(text: str) -> None:
    for rows in (DEFAULT_HEADERS, FORM):
        values = draft(headers=rows)
        (request,), _outcome = talk(CustomProvider().message(build(values), TO, text), [answer({})])
        assert preview(values, TO, text).encode() == request.body


def test_a_message_without_a_sender_is_not_sent() -> None:
    credential = build(draft(sender_number=""))
    issues = CustomProvider().check_message(credential, TO, "hi")
    assert [(i.field, i.severity) for i in issues] == [("sender_number", Severity.ERROR)]
    assert "sender_number" in warnings_of(draft(sender_number=""))
    assert CustomProvider().check_message(build(draft()), TO, "hi") == []


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


@pytest.mark.parametrize(
    "values",
    [
        draft(),
        draft(auth_type="none"),
        draft(auth_type="api_key"),
        draft(auth_type="basic", user_name="a", password=SecretStr("b")),
        draft(auth_type="mac", api_secret_key=SecretStr("b")),
        draft(auth_type="jwt", jwt_payload='{"exp": 9}', jwt_key=SecretStr("k" * 32)),
    ],
)
def test_types_without_a_token_endpoint_have_nothing_to_ask(values: dict[str, Value]) -> None:
    requests, outcome = talk(CustomProvider().probe(build(values)))
    assert requests == []
    assert (outcome.result, outcome.word) == (Result.WARNED, "not proved")
    assert "send nothing" in outcome.cause


def test_a_state_cannot_be_asked_for() -> None:
    assert CustomProvider().status(build(draft()), "m-1") is None


def test_the_certificate_is_offered_only_with_mtls() -> None:
    assert CustomProvider().client_certificate(build(draft())) is None


def test_hosts() -> None:
    provider = CustomProvider()
    assert provider.host(build(draft())) == "api.example.com"
    local = build(draft(provider_url="http://127.0.0.1:4010/send"))
    assert provider.host(local) == "http://127.0.0.1:4010"


def test_secrets_are_of_the_kind_that_is_masked() -> None:
    specs = CustomCredential.specs()
    masked = {name for name, spec in specs.items() if spec.kind is Kind.SECRET}
    assert masked == {
        *("api_token", "api_secret_key", "oauth_body", "jwt_key", "password", "client_key"),
        "client_key_passphrase",
    }


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
