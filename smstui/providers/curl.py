"""Reading a pasted curl command: what it would send. Nothing is run, no file is read.

Options: curl's manual page (8.x). Quoting: POSIX shell, and the line ends that PowerShell and
Windows' own shell put in the place of the backslash.
"""

from __future__ import annotations

import base64
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote_plus, unquote, urlsplit, urlunsplit

from pydantic import SecretStr

from smstui.providers.fields import Pairs

MOST = 100_000
"""Characters of a paste that are looked at."""

_SHORT_WITH_VALUE = "AbcCdDeEFHKmoPQrtTuUwxXyYz"
_LONG_NAMES = {
    "A": "user-agent",
    "b": "cookie",
    "d": "data",
    "e": "referer",
    "E": "cert",
    "F": "form",
    "G": "get",
    "H": "header",
    "I": "head",
    "K": "config",
    "T": "upload-file",
    "u": "user",
    "X": "request",
}
_WITH_VALUE = """
abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers config connect-to
connect-timeout continue-at cookie cookie-jar crlfile curves data data-ascii data-binary
data-raw data-urlencode dns-interface dns-servers doh-url dump-header egd-file engine
etag-compare etag-save expect100-timeout form form-string happy-eyeballs-timeout-ms header
hostpubmd5 hostpubsha256 hsts interface ipfs-gateway json keepalive-time key key-type
limit-rate local-port login-options max-filesize max-redirs max-time netrc-file noproxy
oauth2-bearer output output-dir parallel-max pass pinnedpubkey preproxy proto proto-default
proto-redir proxy proxy-header proxy-user proxy1.0 pubkey quote random-file range rate referer
request request-target resolve retry retry-delay retry-max-time service-name socks4 socks4a
socks5 socks5-hostname speed-limit speed-time stderr telnet-option time-cond tls-max
tls13-ciphers trace trace-ascii trace-config unix-socket upload-file url url-query user
user-agent variable write-out
"""
_LONG_WITH_VALUE = frozenset(_WITH_VALUE.split())
_FILES = ("cert", "config", "key", "upload-file", "netrc-file")
_PAYLOADS = (
    *("data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json"),
    *("form", "form-string"),
)
_ENDS = {"|", "||", "&", "&&", ";", ">", ">>", "<", "2>", "2>&1", "--next", "-:"}
_CONTINUED = re.compile(r"(?:\\|(?<=\s)[\^`])[ \t]*\r?\n")
_ANSI_QUOTED = re.compile(r"(?<!\S)\$'((?:[^'\\]|\\.)*)'", re.DOTALL)
_ANSI_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ANSI = {"n": "\n", "r": "\r", "t": "\t"}
_PROMPT = re.compile(r"\s*(?:[$%#>]\s+)?(?:\S*/)?curl(?:\.exe)?(?=\s)", re.IGNORECASE)
_LOST_PLUS = re.compile(r"(?:^|(?<=:)) (?=[0-9]{5,}$)")
_PLACEHOLDER = re.compile(
    r"\$\{?[A-Z_]\w*\}?|%\w+%|\{+[^{}]+\}+|<[^<>]+>|\[[^\[\]]+\]|[x*•.…]+"
    r"|your[_ -]?\w[\w -]*|\w+_here",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Command:
    """What a curl command would send. Its repr shows neither address nor header nor body.

    Attributes:
        method: GET, POST and so on.
        url: the address, without user and password.
        headers: as given by options, and those that the kind of body brings.
        user: who logs in, by ``-u``, in the address or by an Authorization header of HTTP Basic.
        password: the other half; None when there is none.
        body: what is sent, unless it is made of ``pairs``.
        pairs: names and values of a form, of either encoding.
        is_multipart: whether the form is one of ``-F``.
        unread: files whose content the command would take; they are not looked at.
    """

    method: str
    url: str = field(repr=False)
    headers: Pairs = field(default=(), repr=False)
    user: str = field(default="", repr=False)
    password: SecretStr | None = None
    body: str = field(default="", repr=False)
    pairs: Pairs = field(default=(), repr=False)
    is_multipart: bool = False
    unread: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """Return the first header of that name, in any case; empty when there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    @property
    def host(self) -> str:
        """Host and port, lower case; with ``http://`` before it when that is the scheme."""
        parts = urlsplit(self.url)
        return f"http://{parts.netloc.lower()}" if parts.scheme == "http" else parts.netloc.lower()

    @property
    def path(self) -> str:
        """The path of the address."""
        return urlsplit(self.url).path


def parse_curl(text: str) -> Command | None:
    """Return what a pasted curl command would send; None when it is none, or cannot be read."""
    start = _PROMPT.match(text)
    if start is None or len(text) > MOST:
        return None
    try:
        words = shlex.split(_plain(text[start.end() :]))
        return _Reader(words).command()
    except ValueError:
        return None


def is_placeholder(value: str) -> bool:
    """Whether a value stands for one that the reader has to fill in: ``$TOKEN``, ``<token>``."""
    return _PLACEHOLDER.fullmatch(value.strip()) is not None


def _plain(text: str) -> str:
    """Return a command on one line, in the quotes that `shlex` knows."""
    joined = _CONTINUED.sub(" ", text)
    return _ANSI_QUOTED.sub(lambda match: shlex.quote(_unescaped(match[1])), joined)


def _unescaped(text: str) -> str:
    def put(match: re.Match[str]) -> str:
        escape = match[1]
        if len(escape) > 1:
            return chr(int(escape[1:], 16))
        return _ANSI.get(escape, escape)

    return _ANSI_ESCAPE.sub(put, text)


class _Reader:
    """Goes through the words of one command."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._urls: list[str] = []
        self._query: list[str] = []
        self._method = ""
        self._headers: list[tuple[str, str]] = []
        self._login = ""
        self._payloads: list[tuple[str, str]] = []
        self._flags: set[str] = set()
        self._unread: list[str] = []

    def command(self) -> Command | None:
        for name, value in self._options():
            self._take(name, value)
        address = next((url for url in self._urls if url), "")
        if not address:
            return None
        url, user, password = _without_login(address)
        if self._login:
            user, colon, secret = self._login.partition(":")
            password = SecretStr(secret) if colon else None
        if not user:
            user, password = self._basic()
        return self._built(url, user, password)

    def _options(self) -> Iterator[tuple[str, str]]:
        """Yield each option with its value; an address comes as ``url``."""
        words = iter(self._words)
        is_option = True
        for word in words:
            if word in _ENDS or word.startswith((">", "2>")):
                return
            if not is_option or not word.startswith("-") or word == "-":
                yield "url", word.removesuffix(";")
            elif word == "--":
                is_option = False
            elif word.startswith("--"):
                name = word.removeprefix("--")
                yield name, next(words, "") if name in _LONG_WITH_VALUE else ""
            else:
                yield from _short_options(word, words)

    def _take(self, name: str, value: str) -> None:
        if name == "url":
            self._urls.append(value)
        elif name == "url-query":
            self._query.append(_encoded_pair(value))
        elif name == "request":
            self._method = value.upper()
        elif name == "header":
            self._add_header(value)
        elif name in ("user-agent", "referer"):
            self._headers.append((name.title(), value))
        elif name == "cookie":
            self._headers.append(("Cookie", value))
        elif name == "oauth2-bearer":
            self._headers.append(("Authorization", f"Bearer {value}"))
        elif name == "user":
            self._login = value
        elif name in _FILES:
            self._unread.append(value.partition(":")[0])
        elif name in _PAYLOADS:
            self._payloads.append((name, value))
        else:
            self._flags.add(name)

    def _add_header(self, line: str) -> None:
        if line.startswith("@"):
            self._unread.append(line[1:])
            return
        name, colon, value = line.partition(":")
        if colon and name.strip():
            self._headers.append((name.strip(), value.strip()))

    def _basic(self) -> tuple[str, SecretStr | None]:
        for name, value in self._headers:
            scheme, _blank, token = value.partition(" ")
            if name.lower() != "authorization" or scheme.lower() != "basic":
                continue
            try:
                decoded = base64.b64decode(token.strip(), validate=True).decode()
            except ValueError:
                continue
            user, colon, password = decoded.partition(":")
            return user, SecretStr(password) if colon else None
        return "", None

    def _built(self, url: str, user: str, password: SecretStr | None) -> Command:
        body, pairs, is_multipart = self._body()
        is_json = any(name == "json" for name, _value in self._payloads)
        kind = "application/json" if is_json else ""
        if "get" in self._flags or "head" in self._flags:
            self._query += [f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs]
            self._query += [body] if body else []
            body, pairs, kind = "", (), ""
            method = "HEAD" if "head" in self._flags else "GET"
        else:
            method = "POST" if self._payloads else "GET"
        if pairs and not is_multipart:
            kind = "application/x-www-form-urlencoded"
        given = {name.lower() for name, _value in self._headers}
        if kind and "content-type" not in given:
            self._headers.append(("Content-Type", kind))
        if is_json and "accept" not in given:
            self._headers.append(("Accept", "application/json"))
        return Command(
            self._method or method,
            _with_query(url, self._query),
            tuple(self._headers),
            user,
            password,
            body,
            pairs,
            is_multipart,
            tuple(dict.fromkeys(name for name in self._unread if name)),
        )

    def _body(self) -> tuple[str, Pairs, bool]:
        """Return the body as text or as pairs, and whether the pairs are those of ``-F``."""
        fields = [entry for entry in self._payloads if entry[0] in ("form", "form-string")]
        if fields:
            return "", tuple(self._form_fields(fields)), True
        parts = [part for part in map(self._part, self._payloads) if part is not None]
        is_json = any(name == "json" for name, _value in self._payloads)
        body = ("" if is_json else "&").join(parts)
        content_type = next((v for k, v in self._headers if k.lower() == "content-type"), "")
        is_text = is_json or (content_type and "form-urlencoded" not in content_type.lower())
        pairs = () if is_text else _form_pairs(body)
        return ("", pairs, False) if pairs else (body, (), False)

    def _part(self, payload: tuple[str, str]) -> str | None:
        name, value = payload
        if name == "data-urlencode":
            if "@" in value and "=" not in value:
                self._unread.append(value.partition("@")[2])
                return None
            return _encoded_pair(value)
        if name != "data-raw" and value.startswith("@"):
            self._unread.append(value[1:])
            return None
        return value

    def _form_fields(self, fields: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        for option, text in fields:
            name, equals, value = text.partition("=")
            if not equals:
                continue
            if option == "form" and value[:1] in ("@", "<"):
                self._unread.append(value[1:].partition(";")[0])
            elif option == "form":
                yield name, re.sub(r";\s*(type|filename|encoder|headers)=.*", "", value)
            else:
                yield name, value


def _short_options(word: str, words: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Yield the options of a bundle such as ``-sSXPOST``."""
    for position, letter in enumerate(word[1:], start=1):
        name = _LONG_NAMES.get(letter, letter)
        if letter in _SHORT_WITH_VALUE:
            yield name, word[position + 1 :] or next(words, "")
            return
        yield name, ""


def _without_login(address: str) -> tuple[str, str, SecretStr | None]:
    """Return an address with its scheme and without user and password, and these."""
    url = address if "://" in address else f"https://{address}"
    parts = urlsplit(url)
    login, at, host = parts.netloc.rpartition("@")
    user, colon, password = login.partition(":")
    if not at:
        return url, "", None
    secret = SecretStr(unquote(password)) if colon else None
    return urlunsplit(parts._replace(netloc=host)), unquote(user), secret


def _with_query(url: str, more: list[str]) -> str:
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, *more)))
    return urlunsplit(parts._replace(query=query, fragment=""))


def _encoded_pair(text: str) -> str:
    """Return ``name=content`` with the content percent-encoded, as ``--data-urlencode`` does."""
    name, equals, content = text.partition("=")
    if not equals:
        return quote_plus(text)
    return f"{name}={quote_plus(content)}" if name else quote_plus(content)


def _form_pairs(body: str) -> Pairs:
    """Return the pairs of a form; none when the text is no form.

    A number with a plus that was not encoded keeps it: the server would read a blank.
    """
    if "=" not in body or body.lstrip().startswith(("{", "[", "<", '"')):
        return ()
    pairs = parse_qsl(body, keep_blank_values=True)
    return tuple((name, _LOST_PLUS.sub("+", value)) for name, value in pairs)
