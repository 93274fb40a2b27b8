"""The payload of a custom webhook: a template of the provider's callback, with blanks in it.

Names of the blanks and that all are needed: Adobe's page on webhooks. How a template is laid over a
callback is smstui's own reading of it: same keys; a list of one element stands for all of a list;
a text without a blank is an example and says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from smstui.i18n import _
from smstui.providers.fields import Issue, Severity
from smstui.text import clean
from smstui.webhooks.base import Refused, WebhookType
from smstui.webhooks.vendors.reading import MOST, misread, scalar

NAMES = {
    WebhookType.INBOUND: (
        "InboundMessage",
        "ProfileNumber",
        "RequestID",
        "OriginTimestamp",
        "InboundNumber",
    ),
    WebhookType.FEEDBACK: ("client_reference", "failureCode", "feedbackStatus"),
}
"""What a payload must have blanks for, written as Adobe prints it."""

NEEDED = {
    WebhookType.INBOUND: ("InboundMessage", "ProfileNumber"),
    WebhookType.FEEDBACK: ("feedbackStatus",),
}
"""What every callback must have a value for; the others may be missing in some."""

TEMPLATES = {
    WebhookType.INBOUND: """{
  "id": "{{RequestID}}",
  "from": "{{ProfileNumber}}",
  "to": "{{InboundNumber}}",
  "message": {"text": "{{InboundMessage}}"},
  "receivedAt": "{{OriginTimestamp}}"
}""",
    WebhookType.FEEDBACK: """{
  "clientReference": "{{client_reference}}",
  "statuses": [
    {"code": "{{failureCode}}", "status": "{{feedbackStatus}}"}
  ]
}""",
}
"""What a new form starts with. That of feedback is nested as in Adobe's sample; for replies Adobe
shows none."""

_BLANK = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}", re.ASCII)
_HALF_BLANK = re.compile(r"\{\{|\}\}")

Names = tuple[str, ...]
Values = dict[str, str]


class _Spot(NamedTuple):
    """A blank: its name, where it stands, and whether that is a key instead of a value."""

    name: str
    path: str
    in_key: bool = False


def check_payload(template: Any, type: WebhookType, field: str) -> Iterator[Issue]:  # noqa: A002 - the field's name
    """Yield what is wrong with a parsed template.

    Args:
        template: the parsed JSON.
        type: inbound or feedback.
        field: the name of the field, for the issues.
    """
    if not isinstance(template, dict | list):
        yield Issue(field, _("This is JSON, but neither an object nor a list."))
        return
    spots = list(_spots(template, ""))
    names = NAMES[type]
    misspelt = {s.name: _right(s.name, names) for s in spots if _right(s.name, names)}
    for wrong, right in misspelt.items():
        said = _("Adobe writes {right}, not {wrong}: capital letters count.")
        yield Issue(field, said.format(right=_written(right), wrong=_written(wrong)))
    seen = _names(template) | set(misspelt.values())
    missing = [_written(name) for name in names if name not in seen]
    if missing:
        said = _("Missing: {variables}. Adobe asks for all of them inside texts.")
        yield Issue(field, said.format(variables=", ".join(missing)))
    for spot in spots:
        if spot.in_key:
            said = _("{variable} stands in a name; only values are read.")
            yield Issue(field, said.format(variable=_written(spot.name)))
        elif spot.name not in names and spot.name not in misspelt:
            said = _("{variable} is not known here, and what stands there is not read.")
            yield Issue(field, said.format(variable=_written(spot.name)), Severity.WARNING)
    yield from _check_shape(template, field)


def read_with(template: Any, document: Any, type: WebhookType) -> list[Values]:  # noqa: A002 - the field's name
    """Return what a callback has at the blanks of a template, once for each element of its lists.

    Raises:
        Refused: the callback is of another shape, or lacks a value that is needed.
    """
    needed, names = NEEDED[type], NAMES[type]
    rows = _match(template, document, "", needed)
    for row in rows:
        for name in needed:
            if not row.get(name):
                where = next((s.path for s in _spots(template, "") if s.name == name), "")
                raise misread(
                    _(
                        "{path}, where {variable} stands in the payload, is missing or empty."
                    ).format(path=_shown(where), variable=_written(name))
                )
    return [{name: row.get(name, "") for name in names} for row in rows]


def filled(template: Any, values: Mapping[str, str]) -> Any:
    """Return a template with values in the place of its blanks."""
    if isinstance(template, str):
        return _BLANK.sub(lambda match: values.get(match[1], match[0]), template)
    if isinstance(template, list):
        return [filled(entry, values) for entry in template]
    if isinstance(template, dict):
        return {key: filled(entry, values) for key, entry in template.items()}
    return template


def _match(template: Any, value: Any, path: str, needed: Names) -> list[Values]:
    """Return the values at the blanks below a place, one row per element of a list.

    Args:
        template: of this place.
        value: what the callback has there.
        path: of the place in the callback.
        needed: names without which there is nothing to read: a list of theirs may be empty, and
            another that is empty says nothing.
    """
    if isinstance(template, str):
        return [_match_text(template, value, path)]
    if value is None or not _names(template):
        return [{}]
    if isinstance(template, dict):
        if not isinstance(value, dict):
            raise _unlike(path, _("an object"))
        rows: list[Values] = [{}]
        for key, entry in template.items():
            found = _match(entry, value.get(key), _below(path, key), needed)
            if found or not _names(entry).isdisjoint(needed):
                rows = _combined(rows, found, _below(path, key))
        return rows
    if not isinstance(value, list):
        raise _unlike(path, _("a list"))
    _check_count(len(value), path)
    rows = []
    for number, entry in enumerate(value):
        rows += _match(template[0], entry, f"{path}[{number}]", needed)
        _check_count(len(rows), path)
    return rows


def _match_text(template: str, value: Any, path: str) -> Values:
    """Return the values that stand at the blanks of one text, found from left to right."""
    pieces = _BLANK.split(template)
    names, fixed = pieces[1::2], pieces[0::2]
    if not names or value is None:
        return {}
    text = scalar(value, path or _("the body"))
    end = len(text) - len(fixed[-1])
    at = len(fixed[0])
    if not text.startswith(fixed[0]) or not text.endswith(fixed[-1]) or end < at:
        raise _unlike(path, f"“{clean(template)[:80]}”")
    found: Values = {}
    for name, piece in zip(names[:-1], fixed[1:-1], strict=True):
        stop = text.find(piece, at, end)
        if stop < 0:
            raise _unlike(path, f"“{clean(template)[:80]}”")
        found.setdefault(name, text[at:stop])
        at = stop + len(piece)
    found.setdefault(names[-1], text[at:end])
    return found


def _combined(rows: list[Values], found: list[Values], path: str) -> list[Values]:
    """Return each row with each of those found beside it; the first value of a name stays."""
    _check_count(len(rows) * len(found), path)
    return [
        {**more, **{name: value for name, value in row.items() if value or name not in more}}
        for row in rows
        for more in found
    ]


def _check_count(count: int, path: str) -> None:
    if count > MOST:
        raise misread(
            _("{path} holds more than {most} reports; they are not read.").format(
                path=_shown(path), most=MOST
            ),
            _("too long"),
        )


def _check_shape(template: Any, field: str) -> Iterator[Issue]:
    """Yield what keeps a template from being laid over a callback."""
    if isinstance(template, str):
        pieces = _BLANK.split(template)
        if "" in pieces[2:-1:2]:
            said = _("Between two blanks in one text stands something that parts them.")
            yield Issue(field, said)
        if _HALF_BLANK.search("".join(pieces[0::2])):
            said = _("Some double curly brackets are no blank, and are read as they stand.")
            yield Issue(field, said, Severity.WARNING)
    elif isinstance(template, list):
        if len(template) > 1 and _names(template):
            said = _("A list in the payload has one element, which stands for all of its kind.")
            yield Issue(field, said)
        for entry in template:
            yield from _check_shape(entry, field)
    elif isinstance(template, dict):
        for entry in template.values():
            yield from _check_shape(entry, field)


def _spots(template: Any, path: str) -> Iterator[_Spot]:
    if isinstance(template, str):
        for match in _BLANK.finditer(template):
            yield _Spot(match[1], path)
    elif isinstance(template, list):
        for entry in template:
            yield from _spots(entry, f"{path}[]")
    elif isinstance(template, dict):
        for key, entry in template.items():
            for match in _BLANK.finditer(key):
                yield _Spot(match[1], path, in_key=True)
            yield from _spots(entry, _below(path, key))


def _names(template: Any) -> set[str]:
    return {spot.name for spot in _spots(template, "") if not spot.in_key}


def _right(name: str, names: Names) -> str:
    """Return how Adobe writes a name that is written otherwise; empty when there is nothing to."""
    plain = name.replace("_", "").lower()
    same = (known for known in names if known.replace("_", "").lower() == plain)
    return next((known for known in same if known != name), "")


def _written(name: str) -> str:
    return f"{{{{{name}}}}}"


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _shown(path: str) -> str:
    return clean(path)[:120] or _("the body")


def _unlike(path: str, expected: str) -> Refused:
    return misread(
        _("{path} is not {expected}, as the payload has it.").format(
            path=_shown(path), expected=expected
        )
    )
