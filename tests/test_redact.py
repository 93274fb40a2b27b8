from __future__ import annotations

import base64
import html
import json
import shlex
from collections.abc import Callable
from typing import Annotated
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.i18n import N_
from smstui.providers.base import Credential, Request, Response, basic_auth
from smstui.providers.fields import FieldSpec, Kind, Pairs
from smstui.redact import MARK, SHOWN_LIMIT, Redactor
from smstui.secret_forms import is_secret_name

TOKEN = "0123456789abcdef0123456789abcdef"
URL = "https://api.example.test/v1"

ALPHABET = st.characters(exclude_characters="•\ufffd", exclude_categories=["Cs"])
SECRETS = st.text(ALPHABET, min_size=6, max_size=90) | st.text(
    st.sampled_from("\\\"'/ &<>=+%aé\n\tß😀"), min_size=6, max_size=30
)
AROUND = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)

FORMS: dict[str, Callable[[str], str]] = {
    "as it is": lambda s: s,
    "percent-encoded": lambda s: quote(s, safe=""),
    "as a path": quote,
    "as a form value": quote_plus,
    "percent-encoded twice": lambda s: quote(quote(s, safe=""), safe=""),
    "JSON, ASCII": lambda s: json.dumps(s)[1:-1],
    "JSON, UTF-8": lambda s: json.dumps(s, ensure_ascii=False)[1:-1],
    "JSON in JSON": lambda s: json.dumps(json.dumps(s))[1:-1],
    "JSON with escaped slashes": lambda s: json.dumps(s)[1:-1].replace("/", "\\/"),
    "HTML": html.escape,
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "base64, URL-safe": lambda s: base64.urlsafe_b64encode(s.encode()).decode().rstrip("="),
    "base64 of a pair": lambda s: base64.b64encode(f"AC0011:{s}".encode()).decode(),
    "base64, percent-encoded": lambda s: quote(base64.b64encode(s.encode()).decode(), safe=""),
    "base64 in JSON": lambda s: base64.b64encode(s.encode()).decode().replace("/", "\\/"),
}


def redactor(*secrets: str) -> Redactor:
    return Redactor([SecretStr(secret) for secret in secrets])


@pytest.mark.parametrize("form", FORMS)
@settings(deadline=None)
@given(secret=SECRETS, before=AROUND, after=AROUND)
def test_no_form_of_a_secret_comes_through(form: str, secret: str, before: str, after: str) -> None:
    written = FORMS[form](secret)
    assume(secret not in MARK and written not in before + after)
    shown = redactor(secret).text(before + written + after, keep="\n\t\r\f\v\b")
    assert written not in shown
    assert secret not in shown


@settings(deadline=None)
@given(
    secret=SECRETS,
    document=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=10) | st.just("%SECRET%"),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
        ),
        max_leaves=8,
    ),
)
def test_no_json_body_shows_a_secret(secret: str, document: object) -> None:
    def planted(value: object) -> object:
        if isinstance(value, dict):
            return {key + secret: planted(entry) for key, entry in value.items()}
        if isinstance(value, list):
            return [planted(entry) for entry in value]
        return secret if value == "%SECRET%" else value

    body = json.dumps([planted(document), {"note": f"<{secret}>"}]).encode()
    answer = Response(200, (("Content-Type", "application/json"), ("X-Note", secret)), body)
    shown = redactor(secret).response(answer)
    everything = json.dumps(shown.record(), ensure_ascii=False)
    for form in ("as it is", "JSON, ASCII", "JSON, UTF-8", "JSON in JSON"):
        assert FORMS[form](secret) not in everything
        assert FORMS[form](secret) not in shown.body


@settings(deadline=None)
@given(secret=SECRETS, name=st.text(max_size=8), value=st.text(max_size=8))
def test_no_request_shows_a_secret(secret: str, name: str, value: str) -> None:
    request = Request.form(
        f"{URL}?{urlencode({'q': secret, name: value})}",
        [("Body", secret), (name, value + secret)],
        basic_auth("AC0011", secret),
        ("X-Note", quote(secret)),
    )
    hidden = redactor(secret)
    shown = hidden.request(request)
    for text in (shown.url, shown.body, *(v for pair in shown.headers for v in pair)):
        for form in FORMS.values():
            assert form(secret) not in text
    for form in FORMS.values():
        assert form(secret) not in hidden.curl(request)


def test_a_secret_in_pieces_of_a_long_key_is_hidden() -> None:
    key = "-----BEGIN PRIVATE KEY-----\n" + "".join(
        base64.b64encode(bytes(range(n, n + 48))).decode() + "\n" for n in range(0, 200, 8)
    )
    hidden = redactor(key)
    for line in key.splitlines()[1:]:
        assert line[:20] not in hidden.text(f"see {line} there")
    assert MARK in hidden.text(base64.b64encode(key.encode()).decode())


def test_overlapping_secrets_leave_no_rest() -> None:
    assert redactor("abcdef", "defghi").text("xabcdefghix") == f"x{MARK}x"


def test_a_short_secret_is_replaced_as_a_whole_value_only() -> None:
    hidden = redactor("te")
    assert hidden.text("a test of tea, te") == "a test of tea, te"
    assert hidden.text('{"pin":"te"}') == f'{{"pin":"{MARK}"}}'
    assert hidden.text("pin=te&x=tea") == f"pin={MARK}&x=tea"
    assert hidden.text("te") == MARK
    assert MARK in hidden.text(base64.b64encode(b"AC00112233:te").decode())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"auth_token":"s3","sid":"AC1"}', f'{{"auth_token":"{MARK}","sid":"AC1"}}'),
        ('{"access_token": "cut off he', f'{{"access_token": "{MARK}'),
        ('"{\\"client_secret\\":\\"s3\\"}"', f'"{{\\"client_secret\\":\\"{MARK}"}}"'),
        ("https://x.test/?api_secret=s3&page=2", f"https://x.test/?api_secret={MARK}&page=2"),
        ("https://user:s3@x.test/", f"https://user:{MARK}@x.test/"),
        ("<AuthToken>s3</AuthToken>", f"<AuthToken>{MARK}</AuthToken>"),
        ("Authorization: Bearer s3", f"Authorization: Bearer {MARK}"),
        ('"nextPageToken":"abc"', '"nextPageToken":"abc"'),
        ("The token was refused.", "The token was refused."),
    ],
)
def test_what_is_secret_by_name_is_hidden(text: str, shown: str) -> None:
    assert redactor().text(text) == shown


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("auth_token", True),
        ("secondary_auth_token", True),
        ("X-Api-Key", True),
        ("Proxy-Authorization", True),
        ("Set-Cookie", True),
        ("clientSecret", True),
        ("api_key_sid", False),
        ("PageToken", False),
        ("credentials", False),
        ("Twilio-Request-Id", False),
    ],
)
def test_names_of_secrets(name: str, secret: bool) -> None:
    assert is_secret_name(name) is secret


def test_the_account_answer_keeps_everything_but_the_token() -> None:
    document = {
        "sid": "AC1",
        "auth_token": TOKEN,
        "status": "active",
        "nested": {"token": [1, "x"]},
    }
    shown = redactor().response(Response(200, (), json.dumps(document).encode()))
    assert json.loads(shown.body) == {
        "sid": "AC1",
        "auth_token": MARK,
        "status": "active",
        "nested": {"token": [MARK, MARK]},
    }
    assert "\n" in shown.body


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Basic QUMwMDpzZWNyZXQ=", f"Basic {MARK}"),
        ("Bearer eyJhbGciOi", f"Bearer {MARK}"),
        ("App 0011-2233", f"App {MARK}"),
        ("hunter2 and more", MARK),
        ("hunter2", MARK),
    ],
)
def test_authorization_is_hidden_whole(value: str, shown: str) -> None:
    request = Request.get(URL, ("authorization", value))
    assert redactor().request(request).headers[-1] == ("authorization", shown)


def test_a_form_is_shown_decoded_and_raw() -> None:
    request = Request.form(URL, [("To", "+39333"), ("Body", "a b\nc"), ("client_secret", "s3")])
    assert redactor().request(request).body.splitlines() == [
        "To = +39333",
        "Body = a b↵c",
        f"client_secret = {MARK}",
        "",
        f"To=%2B39333&Body=a+b%0Ac&client_secret={MARK}",
    ]


def test_nothing_unprintable_is_shown() -> None:
    answer = Response(502, (("X-Title", "\x1b]0;x\x07"),), b"<h1>\x1b[2J\xe2\x80\xae</h1>\n")
    shown = redactor().response(answer)
    assert shown.headers == (("X-Title", "\ufffd]0;x\ufffd"),)
    assert shown.body == "<h1>\ufffd[2J\ufffd</h1>\n"


def test_what_is_not_text_is_counted() -> None:
    assert "(4 bytes" in redactor().response(Response(200, (), b"\x89PNG")).body
    assert "(3 bytes" in redactor().response(Response(200, (), b"a\0b")).body


def test_long_bodies_are_cut_after_the_secrets_are_gone() -> None:
    body = ("x" * (SHOWN_LIMIT - 10) + TOKEN + "y" * 100).encode()
    shown = redactor(TOKEN).response(Response(200, (), body)).body
    assert TOKEN[:8] not in shown
    assert len(shown) < SHOWN_LIMIT + 60
    assert shown.endswith("the rest is not shown")


def test_a_character_cut_by_the_limit_does_not_make_a_body_binary() -> None:
    shown = redactor().response(Response(200, (), "però".encode()[:-1], truncated=True)).body
    assert shown.startswith("per\n")


class Sample(Credential):
    user: Annotated[str, FieldSpec(label=N_("User"))] = ""
    auth_token: Annotated[SecretStr | None, FieldSpec(label=N_("Token"), kind=Kind.SECRET)] = None
    api_key: Annotated[SecretStr | None, FieldSpec(label=N_("Key"), kind=Kind.SECRET)] = None


def test_curl_uses_shell_variables_and_quotes() -> None:
    credential = Sample(name="x", auth_token=SecretStr(TOKEN), api_key=SecretStr("k-e-y/1 2"))
    request = Request.form(
        f"{URL}?key=k-e-y%2F1%202",
        [("To", "+39333"), ("Body", 'it\'s $HOME `x` "y"'), ("token", "other")],
        basic_auth("AC0011", TOKEN),
    )
    command = Redactor.of(credential).curl(request)
    assert command.splitlines() == [
        f"curl -X POST '{URL}?key='\"$API_KEY\" \\",
        "  -H 'Accept: application/json' \\",
        "  -H 'Content-Type: application/x-www-form-urlencoded' \\",
        '  -u AC0011:"$AUTH_TOKEN" \\',
        "  --data-urlencode To=+39333 \\",
        "  --data-urlencode Body='it'\"'\"'s $HOME `x` \"y\"' \\",
        '  --data-urlencode token="$TOKEN"',
    ]
    assert 'Body=it\'s $HOME `x` "y"' in shlex.split(command.replace("\\\n", ""))


def test_curl_of_json_and_of_a_bearer() -> None:
    request = Request.json(URL, {"key": TOKEN, "n": 1}, ("Authorization", "Bearer abc.def"))
    command = Redactor([SecretStr(TOKEN)], ["api_key"]).curl(request)
    assert "-H 'Authorization: Bearer '\"$AUTHORIZATION\"" in command
    assert '--data-raw \'{"key":"\'"$API_KEY"\'","n":1}\'' in command


def test_what_is_secret_inside_a_field_or_by_a_pairs_name_is_hidden_too() -> None:
    class Relay(Credential):
        body: Annotated[SecretStr | None, FieldSpec(label=N_("Body"), kind=Kind.SECRET)] = None
        headers: Annotated[Pairs, FieldSpec(label=N_("Headers"), kind=Kind.PAIRS)] = ()

        def secrets(self) -> tuple[SecretStr, ...]:
            return (*super().secrets(), SecretStr("inner-secret"))

    headers = (("X-Api-Key", "header-secret"), ("X-Plain", "plain"))
    relay = Relay(name="x", body=SecretStr('{"id": "inner-secret"}'), headers=headers)
    for hidden in (Redactor.of(relay), Redactor.of_draft(relay.draft())):
        assert hidden.text("header-secret, plain") == f"{MARK}, plain"
    assert Redactor.of(relay).text("inner-secret") == MARK


def test_what_was_learned_is_hidden_from_then_on() -> None:
    hidden = redactor()
    assert hidden.text(f"see {TOKEN}") == f"see {TOKEN}"
    hidden.learn([SecretStr(TOKEN), SecretStr("")])
    assert hidden.text(f"see {TOKEN}") == f"see {MARK}"
    assert hidden.curl(Request("GET", f"{URL}/{TOKEN}")).endswith('/"$TOKEN"')


def test_a_redactor_does_not_show_its_secrets() -> None:
    hidden = redactor(TOKEN)
    assert TOKEN not in repr(hidden)
    assert TOKEN not in str(hidden)
