"""The one place that removes secrets from anything shown, logged, copied or raised."""

from __future__ import annotations

import base64
import codecs
import json
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qsl

from pydantic import SecretStr

from smstui.i18n import _
from smstui.providers.base import Credential, Request, Response
from smstui.providers.fields import Draft
from smstui.secret_forms import SecretFinder, is_secret_name, variable_name
from smstui.text import clean

MARK = "•••"
"""What stands in the place of a secret."""

SHOWN_LIMIT = 65_536
"""Characters of a body that are shown. Below the engine's limit, so that no half secret is left."""

_SCHEMES = {"basic", "bearer", "digest", "app", "ibsso", "apikey", "token", "key", "hmac"}


@dataclass(frozen=True, slots=True)
class ShownRequest:
    """A request as it may be seen: plain text, no secret, nothing unprintable."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str

    def record(self) -> dict[str, Any]:
        """Return the request as plain JSON values."""
        return {
            "method": self.method,
            "url": self.url,
            "headers": [list(pair) for pair in self.headers],
            "body": self.body,
        }


@dataclass(frozen=True, slots=True)
class ShownResponse:
    """An answer as it may be seen: plain text, no secret, nothing unprintable."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    def record(self) -> dict[str, Any]:
        """Return the answer as plain JSON values."""
        return {
            "status": self.status,
            "headers": [list(pair) for pair in self.headers],
            "body": self.body,
        }


class Redactor:
    """Removes a set of secrets from texts, requests and answers.

    Values that are secret by the name of their key are hidden too, so that a token that only the
    provider knew does not come through either.
    """

    def __init__(self, secrets: Iterable[SecretStr] = (), names: Sequence[str] = ()) -> None:
        """Prepare to hide secrets.

        Args:
            secrets: what to hide; empty ones are passed over.
            names: what they are called in a copied command, in the same order (``auth_token``).
        """
        self._finder = SecretFinder(
            (names[index] if index < len(names) else f"secret_{index + 1}", value)
            for index, value in enumerate(secret.get_secret_value() for secret in secrets)
        )

    @classmethod
    def of(cls, credential: Credential) -> Self:
        """Return a redactor for everything that is secret in a credential."""
        draft = credential.draft()
        redactor = cls.of_draft(draft)
        redactor.learn(inside for inside in credential.secrets() if inside not in draft.values())
        return redactor

    @classmethod
    def of_draft(cls, draft: Draft) -> Self:
        """Return a redactor for what is secret in a form: its secrets, and pairs by their name."""
        values: list[tuple[str, SecretStr]] = []
        for name, value in draft.items():
            if isinstance(value, SecretStr):
                values.append((name, value))
            elif isinstance(value, tuple):
                values += ((key, SecretStr(text)) for key, text in value if is_secret_name(key))
        return cls([value for _name, value in values], [name for name, _value in values])

    def learn(self, secrets: Iterable[SecretStr]) -> None:
        """Hide more from now on: secrets that came with an answer, such as a fresh token."""
        for secret in secrets:
            self._finder.add("token", secret.get_secret_value())

    def text(self, text: str, *, keep: str = "") -> str:
        """Return a text without secrets and without unprintable characters.

        Args:
            text: anything that will be seen.
            keep: unprintable characters to let through, as in `smstui.text.clean`.
        """
        return clean(self._hide(text), keep=keep)

    def request(self, request: Request) -> ShownRequest:
        """Return a request as it may be seen."""
        return ShownRequest(
            clean(request.method),
            self.text(request.url),
            self._headers(request.headers),
            self._body(request.body, _content_type(request.headers), truncated=False),
        )

    def response(self, response: Response) -> ShownResponse:
        """Return an answer as it may be seen; its body ends after `SHOWN_LIMIT` characters."""
        kind = _content_type(response.headers)
        return ShownResponse(
            response.status,
            self._headers(response.headers),
            self._body(response.body, kind, truncated=response.truncated),
        )

    def curl(self, request: Request) -> str:
        """Return the request as a shell command; secrets are variables such as ``$AUTH_TOKEN``."""
        words = [f"curl -X {self._shell(request.method)} {self._shell(request.url)}"]
        words += [self._curl_header(name, value) for name, value in request.headers]
        body = _decode(request.body, truncated=False)
        if body is None:
            words.append("--data-binary @body")
        elif body and "form-urlencoded" in _content_type(request.headers):
            for key, value in parse_qsl(body, keep_blank_values=True):
                shown = self._shell(value) if value else ""
                if value and is_secret_name(key):
                    shown = _shell_variable(self._known(value) or variable_name(key))
                words.append(f"--data-urlencode {self._shell(key + '=')}{shown}")
        elif body:
            words.append(f"--data-raw {self._shell(body)}")
        return " \\\n  ".join(words)

    def _hide(self, text: str) -> str:
        return "".join(MARK if is_secret else part for part, is_secret in self._finder.split(text))

    def _shell(self, text: str) -> str:
        """Return text as one shell word, its secrets as variables."""
        return "".join(
            _shell_variable(part) if is_secret else shlex.quote(clean(part, keep="\n\t"))
            for part, is_secret in self._finder.split(text)
        )

    def _known(self, text: str) -> str:
        """Return the variable of the first secret in text; empty when there is none."""
        found = (part for part, is_secret in self._finder.split(text) if is_secret)
        return next(found, "")

    def _headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple((self.text(name), self._header(name, value)) for name, value in headers)

    def _header(self, name: str, value: str) -> str:
        return f"{_scheme(value)}{MARK}" if is_secret_name(name) else self.text(value)

    def _curl_header(self, name: str, value: str) -> str:
        if not is_secret_name(name):
            return f"-H {self._shell(f'{name}: {value}')}"
        if _scheme(value).lower() == "basic ":
            user, colon, password = _decoded_basic(value.partition(" ")[2]).partition(":")
            if colon and not self._known(user):
                variable = self._known(password) or "PASSWORD"
                return f"-u {shlex.quote(clean(user) + ':')}{_shell_variable(variable)}"
        shown = shlex.quote(clean(f"{name}: {_scheme(value)}"))
        return f"-H {shown}{_shell_variable(self._known(value) or variable_name(name))}"

    def _body(self, body: bytes, kind: str, *, truncated: bool) -> str:
        if not body:
            return ""
        decoded = _decode(body, truncated=truncated)
        if decoded is None:
            return _("({count} bytes that are not text)").format(count=len(body))
        if "form-urlencoded" in kind:
            shown = self._form(decoded)
        else:
            shown = self.text(_pretty(decoded), keep="\n\t")
        if len(shown) > SHOWN_LIMIT or truncated:
            shown = shown[:SHOWN_LIMIT] + "\n" + _("… the rest is not shown")
        return shown

    def _form(self, body: str) -> str:
        """Return the pairs of a form, decoded, one per line, and the raw body below."""
        lines = []
        for key, value in parse_qsl(body, keep_blank_values=True):
            shown = MARK if value and is_secret_name(key) else self._hide(value)
            line = f"{self._hide(key)} = {shown}".replace("\r\n", "↵").replace("\n", "↵")
            lines.append(clean(line))
        return "\n".join((*lines, "", self.text(body)))


def _shell_variable(name: str) -> str:
    return f'"${name}"'


def _scheme(value: str) -> str:
    """Return the scheme word of an Authorization header with its blank; empty for none."""
    scheme, blank, rest = value.partition(" ")
    return f"{scheme} " if blank and rest and scheme.lower() in _SCHEMES else ""


def _pretty(body: str) -> str:
    """Return JSON indented, its values that are secret by name hidden; other text as it is."""
    try:
        return json.dumps(_without_named(json.loads(body)), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return body


def _without_named(value: Any, *, hidden: bool = False) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_named(entry, hidden=hidden or is_secret_name(key))
            for key, entry in value.items()
        }
    if isinstance(value, list):
        return [_without_named(entry, hidden=hidden) for entry in value]
    is_blank = value is None or value == "" or isinstance(value, bool)
    return MARK if hidden and not is_blank else value


def _content_type(headers: Iterable[tuple[str, str]]) -> str:
    return next((value.lower() for name, value in headers if name.lower() == "content-type"), "")


def _decode(body: bytes, *, truncated: bool) -> str | None:
    """Return a body as text, or None when it is not text; a cut character at the end is dropped."""
    if b"\0" in body:
        return None
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(body, final=not truncated)
    except UnicodeDecodeError:
        return None


def _decoded_basic(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except ValueError:
        return ""
