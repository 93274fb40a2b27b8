"""Where secrets stand in a text, in whatever form they were written down.

A known secret is found as it is, percent-encoded (also twice), escaped for JSON, Python or HTML,
and in base64, alone or as ``user:secret``. An unknown one is found by the name of its key.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

_SHORT = 6
"""Shorter secrets are found as whole values only; inside words they would shred the text."""

_PIECE = 32
"""Long secrets (keys in PEM form) are looked for in pieces of this many characters."""

_SECRET_ENDS = (
    "token",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "apikey",
    "secretkey",
    "privatekey",
    "authorization",
    "cookie",
)
_HARMLESS_ENDS = ("pagetoken", "nexttoken", "idempotencytoken")

_JSON_PAIR = re.compile(r'"([^"\\]{1,80})"\s*:\s*"((?:[^"\\]|\\.)*)', re.DOTALL)
_NESTED_PAIR = re.compile(r'(?:\\{1,8}")([^"\\]{1,80})\\{1,8}"\s*:\s*\\{1,8}"([^"]*)')
_XML_PAIR = re.compile(r"<([\w:.-]{1,80})>([^<]+)")
_QUERY_PAIR = re.compile(r"(?:^|[?&;\s])([\w.\[\]-]{1,80})=([^&#;\s\"'<>]+)")
_PAIRS = (_JSON_PAIR, _NESTED_PAIR, _XML_PAIR, _QUERY_PAIR)
_AUTHORIZATION = re.compile(
    r"authorization[\"']?\s{0,8}[:=]\s{0,8}[\"']?"
    r"(?:(?:basic|bearer|digest|app|ibsso|apikey|token|key|hmac)\s+)?([^\s\"']+)",
    re.IGNORECASE,
)
_USERINFO = re.compile(r"://[^/\s:@]*:([^/\s@]+)@")

_BASE64 = (
    re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}"),
    re.compile(
        r"(?:[A-Za-z0-9+/_-]|%2[BbFf]|\\{1,8}/|\\{1,8}u002[BbFf]){8,}"
        r"(?:=|%3[Dd]|\\{1,8}u003[Dd]){0,2}"
    ),
)
_ESCAPES = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}
_ENTITIES = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}


class Span(NamedTuple):
    """Where a secret stands, and the shell variable that stands for it in a copied command."""

    start: int
    end: int
    variable: str


class SecretFinder:
    """Finds a set of secrets in texts. Its repr shows none."""

    def __init__(self, secrets: Iterable[tuple[str, str]]) -> None:
        """Prepare to find secrets.

        Args:
            secrets: name (``auth_token``) and value of each; empty values are passed over.
        """
        self._patterns: list[tuple[re.Pattern[str], str]] = []
        self._needles: list[tuple[bytes, str]] = []
        self._short: list[tuple[bytes, str]] = []
        self._least_run = 0
        for name, value in secrets:
            self.add(name, value)

    def add(self, name: str, value: str) -> None:
        """Find one more secret from now on; an empty one is passed over."""
        if not value:
            return
        self._add(value, variable_name(name))
        shortest = min((len(needle) for needle, _name in self._needles), default=0)
        self._least_run = 8 if self._short else shortest * 4 // 3

    def split(self, text: str) -> Iterator[tuple[str, bool]]:
        """Cut a text into what may be seen (False) and the variable of each secret (True)."""
        at = 0
        for span in _merged(self._spans(text)):
            if span.start > at:
                yield text[at : span.start], False
            yield span.variable, True
            at = span.end
        if at < len(text):
            yield text[at:], False

    def _add(self, value: str, variable: str) -> None:
        encoded = value.encode("utf-8", "surrogatepass")
        if len(value) < _SHORT:
            whole = rf"(?:(?<=[\"'=:>&?])|(?<=[:=] )|(?<!.)){_pattern(value)}(?=[\"'&,;<}}\s]|\Z)"
            self._patterns.append((re.compile(whole, re.DOTALL), variable))
            self._short.append((encoded, variable))
            return
        for piece in _pieces(value):
            self._patterns.append((re.compile(_pattern(piece)), variable))
            self._needles.append((piece.encode("utf-8", "surrogatepass"), variable))

    def _spans(self, text: str) -> Iterator[Span]:
        for pattern, variable in self._patterns:
            for match in pattern.finditer(text):
                yield Span(match.start(), match.end(), variable)
        for pattern in _BASE64 if self._needles or self._short else ():
            for match in pattern.finditer(text):
                found = self._in_base64(match.group())
                if found:
                    yield Span(match.start(), match.end(), found)
        for pattern in _PAIRS:
            for match in pattern.finditer(text):
                if match.group(2) and is_secret_name(match.group(1)):
                    yield Span(*match.span(2), variable_name(match.group(1)))
        for match in _AUTHORIZATION.finditer(text):
            yield Span(*match.span(1), "AUTHORIZATION")
        for match in _USERINFO.finditer(text):
            yield Span(*match.span(1), "PASSWORD")

    def _in_base64(self, run: str) -> str:
        """Return the variable of the secret that a run of base64 holds, at any alignment."""
        if len(run) < self._least_run:
            return ""
        plain = re.sub(r"\\+u00(2[bf]|3d)", r"%\1", run, flags=re.IGNORECASE)
        plain = unquote(plain).replace("\\", "").rstrip("=").replace("-", "+").replace("_", "/")
        for offset in range(4):
            piece = plain[offset:]
            piece = piece[:-1] if len(piece) % 4 == 1 else piece
            try:
                decoded = base64.b64decode(piece + "=" * (-len(piece) % 4))
            except (binascii.Error, ValueError):
                continue
            for needle, variable in self._needles:
                if needle in decoded:
                    return variable
            for needle, variable in self._short if offset == 0 else ():
                if decoded == needle or decoded.endswith(b":" + needle):
                    return variable
        return ""


def is_secret_name(name: str) -> bool:
    """Whether what goes by that name is secret: ``auth_token``, ``X-Api-Key``, ``Cookie``."""
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    return plain.endswith(_SECRET_ENDS) and not plain.endswith(_HARMLESS_ENDS)


def variable_name(name: str) -> str:
    """Return the name of a field or header as that of a shell variable: ``AUTH_TOKEN``."""
    plain = re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")
    return plain if plain and not plain[0].isdigit() else f"SECRET_{plain}".rstrip("_")


def _pieces(value: str) -> list[str]:
    """Cut a long secret into what is looked for by itself; the lines of a key are cut singly."""
    if len(value) <= 2 * _PIECE:
        return [value]
    pieces = []
    for line in value.splitlines():
        starts = range(0, max(len(line) - _PIECE, 0) + 1, _PIECE)
        pieces += [line[start : start + _PIECE] for start in starts]
        pieces.append(line[-_PIECE:])
    return [piece for piece in set(pieces) if len(piece) >= _SHORT] or [value]


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    current: Span | None = None
    for span in sorted(spans, key=lambda span: span.start):
        if current is None:
            current = span
        elif span.start < current.end:
            current = current._replace(end=max(current.end, span.end))
        else:
            yield current
            current = span
    if current is not None:
        yield current


def _pattern(secret: str) -> str:
    """Return a pattern for a secret in every way in which its characters can be written."""
    parts = []
    for run in re.findall(r"\\+|[^\\]", secret, re.DOTALL):
        if run[0] == "\\":
            count = len(run)
            encoded = r"%(?:25){0,4}5[Cc]|\\{1,8}u005[Cc]|&#92;|&#x5[Cc];"
            parts.append(rf"(?:\\{{{count},{16 * count}}}|(?:{encoded}){{{count}}})")
        else:
            parts.append(_character(run))
    return "".join(parts)


def _character(c: str) -> str:
    if c.isascii() and c.isalnum():
        return c
    utf8 = c.encode("utf-8", "surrogatepass")
    utf16 = c.encode("utf-16-be", "surrogatepass").hex()
    ways = [
        r"\\{0,8}" + re.escape(c),
        "".join("%(?:25){0,4}" + _hex(f"{byte:02x}") for byte in utf8),
        "".join(r"\\{1,8}u" + _hex(utf16[at : at + 4]) for at in range(0, len(utf16), 4)),
        f"&#0{{0,4}}{ord(c)};",
        f"&#[xX]0{{0,4}}{_hex(f'{ord(c):x}')};",
    ]
    if ord(c) < 256:
        ways.append(r"\\{1,8}x" + _hex(f"{ord(c):02x}"))
    if c in _ESCAPES:
        ways.append(r"\\{1,8}" + _ESCAPES[c])
    if c in _ENTITIES:
        ways.append(f"&{_ENTITIES[c]};")
    if c == " ":
        ways.append(r"\+")
    return f"(?:{'|'.join(ways)})"


def _hex(digits: str) -> str:
    return "".join(d if d.isdigit() else f"[{d}{d.upper()}]" for d in digits)
