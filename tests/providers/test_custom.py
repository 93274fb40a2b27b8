from __future__ import annotations

import subprocess
import sys
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.providers.base import InvalidFields, Result
from smstui.providers.custom import CustomProvider, preview
from smstui.providers.custom_fields import DEFAULT_HEADERS, CustomCredential
from smstui.providers.fields import Kind, Pairs, Severity, Value
from smstui.providers.payload import FORM_TYPE
from tests.providers.custom_support import (
    PATH,
    PAYLOAD,
    SECRET,
    TO,
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

JSON_ROW, CHARSET_ROW = DEFAULT_HEADERS
FORM: Pairs = (("Content-Type", FORM_TYPE), CHARSET_ROW)


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


def test_what_belongs_to_another_type_is_not_kept() -> None:
    credential = build(oauth(jwt_payload="{}", user_name="ada", password=SecretStr(SECRET)))
    assert (credential.jwt_payload, credential.jwt_algorithm, credential.user_name) == ("", "", "")
    assert credential.password is None
    assert CustomProvider().check(credential.draft()) == []


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


def test_importing_the_vendor_loads_nothing_heavy() -> None:
    code = "import smstui.providers.custom, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert not {"jwt", "cryptography", "httpx", "phonenumbers"} & set(done.stdout.split())
