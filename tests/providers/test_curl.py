"""Reading curl commands; curl itself says what a command sends."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.providers.base import Request, basic_auth
from smstui.providers.curl import MOST, Command, is_placeholder, parse_curl
from smstui.redact import Redactor

URL = "https://api.example.com/send"


def parsed(text: str) -> Command:
    """Return what a command would send; it has to be one."""
    command = parse_curl(text)
    assert command is not None
    return command


class Sent(NamedTuple):
    """A request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


@pytest.fixture
def server() -> Iterator[tuple[str, list[Sent]]]:
    """A web server on loopback, and what was sent to it."""
    sent: list[Sent] = []

    class Handler(BaseHTTPRequestHandler):
        def _keep(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            sent.append(Sent(self.command, self.path, headers, body.decode()))
            self.send_response(204)
            self.end_headers()

        do_GET = do_POST = do_PUT = _keep  # noqa: N815 - names of the base class

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            pass

    http = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}", sent
    http.shutdown()
    thread.join()
    http.server_close()


COMMANDS = (
    "curl URL/a",
    "curl -d x=1 URL/a",
    "curl URL/a -d x=1 -d 'y=two words' --data-urlencode 'z=a&b=c d'",
    "curl -sSXPUT URL/a?q=1 -d x=1",
    "curl --request PUT --url URL/a --data-raw '@not a file' -H 'Content-Type: text/plain'",
    """curl URL/a -H 'Content-Type: application/json' -d '{"a": "it'"'"'s"}'""",
    """curl URL/a -H "Content-Type: application/json" -d "{\\"a\\": \\"b\\"}" """,
    """curl --json '{"a": 1}' URL/a""",
    """curl --json '[1,' --json '2]' URL/a -H 'Accept: text/plain'""",
    "curl -G URL/a?q=1 -d x=1 --data-urlencode 'y=a b'",
    "curl -u ada:s3cret -H 'X-One: 1' -HX-Two:2 URL/a",
    "curl -u ada:s3cret:more URL/a",
    "curl -A tester -e http://where.example -b 'k=v' URL/a",
    "curl --oauth2-bearer t0ken -X POST URL/a",
    "curl -o /dev/null --max-time 5 -w '%{http_code}' URL/a -d x=1",
    "curl -d 'To=+39333' --data-urlencode From=+39334 URL/a",
    "curl -d =bare --data-urlencode '=a=b' URL/a",
)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl says what is right")
@pytest.mark.parametrize("line", COMMANDS)
def test_it_reads_what_curl_sends(line: str, server: tuple[str, list[Sent]]) -> None:
    url, sent = server
    line = line.replace("URL", url)
    subprocess.run([shutil.which("curl") or "", "-q", *shlex.split(line)[1:]], check=True)
    (real,) = sent
    command = parsed(line)
    assert command.method == real.method
    assert parse_qsl(command.url.removeprefix(url)) == parse_qsl(real.path)
    for name, value in command.headers:
        assert real.headers[name.lower()] == value
    if command.user:
        password = command.password.get_secret_value() if command.password else ""
        assert basic_auth(command.user, password)[1] == real.headers["authorization"]
    if command.pairs:
        body = urlencode(command.pairs)
        assert parse_qsl(body) == parse_qsl(real.body.replace("=+", "=%2B"))
    else:
        assert command.body == real.body


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30)
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,15}", fullmatch=True)


@given(st.lists(st.tuples(NAMES, WORDS), max_size=4))
def test_forms_come_back_from_our_own_commands(pairs: list[tuple[str, str]]) -> None:
    command = parsed(_unredacted(Request.form(URL, pairs)))
    assert (command.method, command.url, command.pairs) == ("POST", URL, tuple(pairs))
    assert command.header("accept") == "application/json"


@given(st.dictionaries(WORDS, st.one_of(WORDS, st.integers(), st.none()), min_size=1, max_size=4))
def test_json_comes_back_from_our_own_commands(document: dict[str, object]) -> None:
    request = Request.json(URL, document)
    command = parsed(_unredacted(request))
    assert command.body == request.body.decode()
    assert command.pairs == ()


def _unredacted(request: Request) -> str:
    """Return a request as a command, nothing of it hidden."""
    words = ["curl", "-X", request.method, request.url]
    words += [word for name, value in request.headers for word in ("-H", f"{name}: {value}")]
    is_form = any("urlencoded" in value for _name, value in request.headers)
    if is_form:
        for name, value in parse_qsl(request.body.decode(), keep_blank_values=True):
            words += ["--data-urlencode", f"{name}={value}"]
    else:
        words += ["--data-raw", request.body.decode()]
    return " \\\n  ".join(map(shlex.quote, words))


@given(st.text(max_size=200))
def test_any_text_is_read_or_is_none(text: str) -> None:
    parse_curl(text)
    parse_curl(f"curl {text}")
    parse_curl(f"curl https://x.example -d {text}")


def test_a_copied_command_of_ours_has_variables_for_its_secrets() -> None:
    secret = SecretStr("0123456789abcdef0123456789ab4f2a")
    request = Request.form(URL, [("To", "+39333")], basic_auth("ada", secret.get_secret_value()))
    command = parsed(Redactor([secret], ["auth_token"]).curl(request))
    assert command.user == "ada"
    assert command.password == SecretStr("$AUTH_TOKEN")


@pytest.mark.parametrize(
    "text",
    [
        f"$ curl \\\n  -X POST \\\r\n  -d x=1 \\  \n  {URL}",
        f"/usr/bin/curl -d x=1 {URL} | jq .",
        f"curl.exe -d x=1 ^\n {URL} > out.json",
        f"curl -d x=1 `\n {URL}; echo done",
        f"curl -d $'x=1' {URL} 2>/dev/null && echo $?",
        f"curl -d x=1 {URL} --next https://other.example",
        "curl -d x=1 -- api.example.com/send#part",
        f"  curl -d x=1 {URL}",
    ],
)
def test_ways_of_writing_the_same(text: str) -> None:
    command = parsed(text)
    assert (command.method, command.url) == ("POST", URL)
    assert command.pairs == (("x", "1"),)


@pytest.mark.parametrize(
    "text",
    ["", "curl", "curl -d x=1", "curly https://x.example", "AC00", "curl 'https://x", "not curl x"],
)
def test_what_is_no_command(text: str) -> None:
    assert parse_curl(text) is None


def test_a_huge_paste_is_not_looked_at() -> None:
    assert parse_curl(f"curl {URL} -d {'x' * MOST}") is None


def test_files_are_named_and_not_read() -> None:
    command = parsed(
        f"curl -E cert.pem:pw --key key.pem -d @body.json -d x=1 --data-urlencode n@name.txt "
        f"-H @headers.txt {URL}"
    )
    assert command.unread == ("cert.pem", "key.pem", "headers.txt", "body.json", "name.txt")
    assert command.pairs == (("x", "1"),)
    multipart = parsed(f"curl -F a=1 -F 'b=two;type=text/plain' -F c=@c.png -F d=<d.txt {URL}")
    assert (multipart.pairs, multipart.is_multipart) == ((("a", "1"), ("b", "two")), True)
    assert multipart.unread == ("c.png", "d.txt")
    assert "pw" not in repr(command)


def test_a_login_in_the_address_or_a_header_is_found() -> None:
    in_address = parsed("curl https://ada:s%203@api.example.com:8443/x")
    assert in_address.url == "https://api.example.com:8443/x"
    assert (in_address.user, in_address.password) == ("ada", SecretStr("s 3"))
    name, value = basic_auth("ada", "s3")
    in_header = parsed(f"curl {URL} -H '{name}: {value}'")
    assert (in_header.user, in_header.password) == ("ada", SecretStr("s3"))
    assert parsed(f"curl -u ada {URL}").password is None


def test_quotes_of_a_browser() -> None:
    command = parsed(f"curl {URL} -H 'Content-Type: text/x' --data-raw $'it\\'s\\u0021\\n\\x41'")
    assert command.body == "it's!\nA"


def test_its_repr_has_nothing_of_the_command() -> None:
    shown = repr(parsed(f"curl -u ada:s3cret {URL}?key=s3cret -H 'X: s3cret' -d s3cret=s3cret"))
    assert "s3cret" not in shown
    assert "example" not in shown


@pytest.mark.parametrize(
    "value",
    [
        "$TOKEN",
        "${TOKEN}",
        "%TOKEN%",
        "<token>",
        "{AccountSid}",
        "{{token}}",
        "[AuthToken]",
        "YOUR_TOKEN",
        "your api key",
        "token_here",
        "xxxxxxxx",
        "••••",
        "...",
    ],
)
def test_placeholders(value: str) -> None:
    assert is_placeholder(value)


@given(st.from_regex(r"[0-9a-f]{8,40}", fullmatch=True))
def test_a_token_is_no_placeholder(token: str) -> None:
    assert not is_placeholder(token)
    assert not is_placeholder(f"p${token}")
