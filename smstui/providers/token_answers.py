"""What the answer of a token endpoint means: the token, or why there is none (RFC 6749 §5)."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import SecretStr

from smstui.i18n import N_, _
from smstui.providers.answers import Hint, failed_by_status, quoted, unreadable
from smstui.providers.base import Outcome, Response, Result
from smstui.providers.extraction import Extraction, extract, members
from smstui.secret_forms import is_secret_name
from smstui.text import clean


@dataclass(frozen=True, slots=True)
class Grant:
    """A token as it was given.

    Attributes:
        token: goes into the Authorization header.
        scheme: the word before it, "Bearer" nearly always.
        lifetime: seconds until it expires; None when the answer does not say.
    """

    token: SecretStr
    scheme: str = "Bearer"
    lifetime: float | None = None


class FieldsAtFault(NamedTuple):
    """Which fields to look at when the address, the login, or the answer's shape is wrong."""

    url: str
    login: str
    path: str


_LONG_WORD = re.compile(r"\S{16,}")

_CODES = {
    "invalid_client": Hint(
        N_("login refused"),
        N_("The token endpoint does not know this client, or its secret is wrong."),
        N_("Copy client id and secret again from the provider's console."),
    ),
    "invalid_grant": Hint(
        N_("login refused"),
        N_("The grant in the body is wrong, used up or expired."),
        N_("Get a new one from the provider; for machines the grant_type is client_credentials."),
    ),
    "unauthorized_client": Hint(
        N_("not permitted"),
        N_("This client may not use that grant_type."),
        N_("Have it allowed in the provider's console."),
    ),
    "unsupported_grant_type": Hint(
        N_("grant unknown"),
        N_("The token endpoint does not offer that grant_type."),
        N_("Check grant_type in the body; for machines it is client_credentials."),
    ),
    "invalid_scope": Hint(
        N_("scope refused"),
        N_("A scope in the body is unknown, or not allowed to this client."),
        N_("Check scope in the body against the provider's console."),
    ),
    "invalid_request": Hint(
        N_("refused"),
        N_("The token endpoint misses something in the body, or cannot read it."),
        N_("Check the names in the body, and whether it wants a form or JSON."),
    ),
}
"""RFC 6749 §5.2."""


def read_grant(
    response: Response, *, path: str, host: str, fields: FieldsAtFault
) -> Grant | Outcome:
    """Return the token of an answer, or why there is none.

    Args:
        response: of the token endpoint.
        path: key or dot path of the token.
        host: the endpoint's, for the sentences.
        fields: which fields of the form are at fault when something is wrong.
    """
    document = response.document()
    code = _code(document)
    if response.status >= 400 or code in _CODES:
        return _refused(response, document, code, host, fields)
    if document is None:
        broken = unreadable(response)
        return dataclasses.replace(
            broken, next_step=_("Check the address of the token endpoint."), field=fields.url
        )
    token = _token(document, path)
    if not token:
        return Outcome(
            result=Result.FAILED,
            word=_("no token"),
            summary=_("{host} answered without a token").format(host=host),
            cause=_("There is no {path} in the answer.").format(path=clean(path)),
            next_step=_("Look at the answer: the token may go by another name."),
            field=fields.path,
            raw=_names(document),
        )
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        return Outcome(
            result=Result.FAILED,
            word=_("broken token"),
            summary=_("{host} gave a token that no header can carry").format(host=host),
            cause=_("The token holds a blank, a line break or a letter that is not ASCII."),
            next_step=_("Check where in the answer the token stands."),
            field=fields.path,
        )
    return Grant(SecretStr(token), _scheme(document), _lifetime(document))


def secrets_of(response: Response, path: str) -> Iterator[SecretStr]:
    """Yield everything in an answer that is a token, by its place or by the name of its key.

    When there is none at its place, all long words of a good answer may be the token.
    """
    document = response.document()
    token = _token(document, path)
    if token:
        yield SecretStr(token)
    for key, value in members(document):
        if isinstance(value, str) and value:
            is_suspect = not token and response.status < 400 and _LONG_WORD.fullmatch(value)
            if is_suspect or is_secret_name(key):
                yield SecretStr(value)


def _token(document: Any, path: str) -> str:
    """Return what stands at a dot path, else at a key of that name anywhere."""
    for mode in (Extraction.DOT_PATH, Extraction.FIELD_MATCH):
        if value := extract(document, mode, path):
            return value
    return ""


def _refused(
    response: Response, document: Any, code: str, host: str, fields: FieldsAtFault
) -> Outcome:
    raw = extract(document, Extraction.FIELD_MATCH, "error_description") or quoted(response)
    if response.status >= 400:
        outcome = failed_by_status(response, raw=raw)
    else:
        outcome = Outcome(result=Result.FAILED, word="", summary="", raw=raw)
    hint = _CODES.get(code)
    if hint is not None:
        outcome = dataclasses.replace(
            outcome, word=_(hint.word), cause=_(hint.cause), next_step=_(hint.next_step)
        )
    at_fault = fields.url if response.status in (404, 405, 410) else fields.login
    return dataclasses.replace(
        outcome,
        summary=_("{host} gave no token ({code})").format(
            host=host, code=code or f"HTTP {response.status}"
        ),
        code=code or str(response.status),
        field="" if response.status >= 500 or response.status == 429 else at_fault,
    )


def _code(document: Any) -> str:
    code = document.get("error") if isinstance(document, dict) else None
    return clean(code)[:60] if isinstance(code, str) else ""


def _scheme(document: Any) -> str:
    """Return the word before the token: "Bearer", spelt as RFC 6750 does, unless told otherwise."""
    told = document.get("token_type") if isinstance(document, dict) else None
    if isinstance(told, str) and re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,30}", told, re.ASCII):
        return "Bearer" if told.lower() == "bearer" else told
    return "Bearer"


def _lifetime(document: Any) -> float | None:
    """Return ``expires_in`` in seconds, given as a number or as its digits."""
    told = extract(document, Extraction.FIELD_MATCH, "expires_in")
    try:
        seconds = float(told)
    except ValueError:
        return None
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _names(document: Any) -> str:
    """Return the names in an answer, without its values: one of those may be the token."""
    names = list(dict.fromkeys(key for key, _value in members(document)))
    return clean(", ".join(names))[:300]
