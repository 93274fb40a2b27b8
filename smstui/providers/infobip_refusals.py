"""How Infobip's error answers are read, in both of the forms that it uses.

The newer one (SMS, MMS, RCS) has errorCode, description, action and violations; the older one
(account, inbound, earlier versions) a requestError with a serviceException.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from smstui.i18n import _
from smstui.providers.answers import failed_by_hint, status_hint, unreadable
from smstui.providers.base import Outcome, Response
from smstui.providers.infobip_errors import CODES_PAGE, HTTP_HINTS
from smstui.providers.infobip_json import code_in, entries, joined, part, text_in
from smstui.text import clean

_FIELDS = (
    ("contenttemplateid", "content_template_id"),
    ("indiadlt", "principal_entity_id"),
    ("validityperiod", "validity_period"),
    ("callbackdata", "callback_data"),
    ("messageid", ""),
    ("destination", "to"),
    ("content", "text"),
    ("sender", "sender_number"),
)
"""What in the path of a violation points to which field; the first that fits counts."""


class _Error(NamedTuple):
    """An error answer, of either form."""

    code: str
    raw: str
    link: str
    field: str


def read_error(response: Response, *, scope: str = "") -> Outcome:
    """Return the failed outcome of an error answer.

    Args:
        response: what came.
        scope: the scopes of which one is needed, for an answer that one is missing.
    """
    error = _newer(response.record()) or _older(response.record())
    hint = HTTP_HINTS.get(response.status) or status_hint(response.status)
    if error is None:
        outcome = unreadable(response)
        if response.status not in (401, 404):
            # A proxy says 403 as well, so that alone does not prove the key.
            return outcome
        return dataclasses.replace(
            outcome,
            word=_(hint.word),
            cause=_(hint.cause),
            next_step=_(hint.next_step),
            field=hint.field,
        )
    outcome = failed_by_hint(hint, response, code=error.code, raw=error.raw, link=error.link)
    if response.status == 403 and scope:
        said = _("Add one of these scopes in the Infobip portal: {scope}.").format(scope=scope)
        outcome = dataclasses.replace(outcome, next_step=said)
    return dataclasses.replace(outcome, field=error.field or hint.field)


def _newer(record: dict[str, Any]) -> _Error | None:
    code = code_in(record.get("errorCode"))
    if not code:
        return None
    violations = [
        (text_in(entry.get("property")), text_in(entry.get("violation")))
        for entry in entries(record.get("violations"))
    ]
    links = (text_in(entry.get("url")) for entry in entries(record.get("resources")))
    return _Error(
        code,
        joined(
            [text_in(record.get("description")), text_in(record.get("action")), *_told(violations)]
        ),
        next((url for url in links if _is_infobips(url)), CODES_PAGE),
        _field(violations),
    )


def _older(record: dict[str, Any]) -> _Error | None:
    exception = part(part(record, "requestError"), "serviceException")
    code = code_in(exception.get("messageId"))
    if not code:
        return None
    violations = list(_violations(part(exception, "validationErrors")))
    raw = joined([text_in(exception.get("text")), *_told(violations)])
    return _Error(code, raw, CODES_PAGE, _field(violations))


def _violations(errors: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, said in errors.items():
        for text in said if isinstance(said, list) else [said]:
            yield clean(name), text_in(text)


def _told(violations: list[tuple[str, str]]) -> Iterator[str]:
    return (": ".join(filter(None, violation)) for violation in violations)


def _field(violations: list[tuple[str, str]]) -> str:
    """Return the field that the first of the violations with a known path points to."""
    for path, _said in violations:
        plain = re.sub(r"[^a-z]", "", path.lower())
        for sign, field in _FIELDS:
            if sign in plain:
                return field
    return ""


def _is_infobips(url: str) -> bool:
    return url.startswith("https://www.infobip.com/") and url.isascii() and " " not in url
