"""The provider payload: a JSON template, filled inside the parsed JSON, sent as JSON or as a form.

Variables and their rule are Adobe's (custom provider page: a payload mentions ``fromNumber``,
``toNumber`` and ``message``, and may use helpers such as ``encode64``). How helpers are written is
taken from Adobe's page on personalization syntax. Sending as a form is smstui's own addition.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.providers.fields import Severity, Tidied
from smstui.text import clean

VARIABLES = ("fromNumber", "toNumber", "message")
"""What a payload must mention (Adobe, custom provider page)."""

MAX_DEPTH = 100
"""Levels of nesting that are read; what a provider wants has a handful."""

FORM_TYPE = "application/x-www-form-urlencoded"

_VARIABLE = re.compile(
    r"\{\{\s*(?P<helper>encode64\s+)?(?P<name>[A-Za-z_][\w.-]*)\s*\}\}"
    r"|\{%=\s*encode64\(\s*(?P<encoded>[A-Za-z_][\w.-]*)\s*\)\s*%\}",
    re.ASCII,
)
_HALF_VARIABLE = re.compile(r"\{\{|\}\}|\{%=|%\}")
_BLANK = re.compile(r"<[A-Z][^<>\n]{0,60}>", re.ASCII)

_PROBLEMS = {
    "Expecting value": N_("a value is missing here"),
    "Expecting property name enclosed in double quotes": N_(
        "a name in double quotes is missing here"
    ),
    "Expecting ',' delimiter": N_("a comma or a closing bracket is missing here"),
    "Expecting ':' delimiter": N_("a colon is missing after the name"),
    "Unterminated string starting at": N_("the text that starts here has no closing quote"),
    "Invalid control character at": N_("a line break or tab inside a text is written \\n or \\t"),
    "Invalid \\escape": N_('after a backslash comes one of " \\ / b f n r t u'),
    "Invalid \\uXXXX escape": N_("after \\u come four digits or letters a to f"),
    "Extra data": N_("the JSON has ended before this; something is left over"),
}
"""What Python's JSON parser says, in words."""


class InvalidJson(SmstuiError):
    """A text is not JSON; the message says where and why.

    Attributes:
        line, column: counted from 1; 0 when the place is not known.
    """

    title = N_("The JSON is malformed")

    def __init__(self, problem: str, line: int = 0, column: int = 0) -> None:
        self.line = line
        self.column = column
        place = _("Line {line}, column {column}: {problem}.")
        message = place.format(line=line, column=column, problem=problem) if line else problem
        super().__init__(message)


class NotAForm(SmstuiError):
    """A payload cannot be sent as a form."""

    title = N_("This is no form")


class Mention(NamedTuple):
    """A variable in a template: its name, and whether it stands in a key instead of a value."""

    name: str
    in_key: bool


def tidy_block(text: str) -> Tidied:
    """Tidy text of several lines: line ends become line feeds, blanks around it go."""
    value = clean("\n".join(text.removeprefix("\ufeff").splitlines()), keep="\n\t").strip()
    return Tidied(value)


def parse_json(text: str) -> Any:
    """Return a text as JSON, strictly: no doubled keys, no NaN, no numbers beyond a double.

    Raises:
        InvalidJson: it is not JSON; says line and column.
    """
    try:
        document = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_number
        )
        if _is_too_deep(document):
            raise RecursionError
        json.dumps(document, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        problem = _in_words(error)
        raise InvalidJson(problem, error.lineno, error.colno) from None
    except RecursionError:
        raise InvalidJson(
            _("The JSON is nested more than {most} levels deep.").format(most=MAX_DEPTH)
        ) from None
    except UnicodeEncodeError:
        raise InvalidJson(_("An escape \\u stands for half a character.")) from None
    except ValueError:
        raise InvalidJson(_("A number is too long.")) from None
    return document


def _is_too_deep(document: Any) -> bool:
    level = [document]
    for _depth in range(MAX_DEPTH):
        level = [
            entry
            for value in level
            if isinstance(value, dict | list)
            for entry in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return False
    return any(isinstance(value, dict | list) for value in level)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise InvalidJson(
            _("The name {name} occurs twice in one object; one of them would get lost.").format(
                name=clean(twice)[:60]
            )
        )
    return found


def _constant(name: str) -> Any:
    raise InvalidJson(_("{name} is not JSON; write a number, a text or null.").format(name=name))


def _number(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise InvalidJson(_("The number {number} is too large.").format(number=digits[:40]))
    return number


def _in_words(error: json.JSONDecodeError) -> str:
    """Return what is wrong, looking at the text itself where it tells more than the parser."""
    text, at = error.doc, error.pos
    here = text[at : at + 2]
    if not text.strip():
        return _("there is nothing here")
    if at >= len(text.rstrip()):
        return _("the end is missing; a bracket is still open")
    if "{{" in (here, text[max(at - 1, 0) : at + 1]):
        return _('a variable stands between double quotes, like "{example}"').format(
            example="{{message}}"
        )
    if here[0] == "'":
        return _("JSON has double quotes, not single ones")
    if here[0] in "“”„‟«»":
        return _("these quotes are typographic; JSON has straight ones")
    if here in ("//", "/*") or here[0] == "#":
        return _("JSON has no comments")
    if here[0] in "}]" and text[:at].rstrip().endswith(","):
        return _("there is a comma too many before this bracket")
    return _(_PROBLEMS.get(error.msg, "")) or error.msg


def check_json_object(text: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is wrong with a JSON object, for example claims or the body of a login."""
    try:
        document = parse_json(text)
    except InvalidJson as error:
        yield Severity.ERROR, error.message
        return
    if not isinstance(document, dict):
        yield Severity.ERROR, _("This is JSON, but not an object: it begins with a curly bracket.")
    else:
        yield from check_blanks(document)


def check_template(text: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is wrong with a payload template: JSON, variables, blanks of a preset."""
    try:
        template = parse_json(text)
    except InvalidJson as error:
        yield Severity.ERROR, error.message
        return
    if not isinstance(template, dict | list):
        yield Severity.ERROR, _("This is JSON, but neither an object nor a list.")
        return
    mentions = list(_mentions(template))
    filled = {mention.name for mention in mentions if not mention.in_key}
    missing = [f"{{{{{name}}}}}" for name in VARIABLES if name not in filled]
    if missing:
        yield (
            Severity.ERROR,
            _("Missing: {variables}. Adobe asks for all three inside texts.").format(
                variables=", ".join(missing)
            ),
        )
    for mention in mentions:
        shown = f"{{{{{mention.name}}}}}"
        if mention.in_key:
            yield (
                Severity.ERROR,
                _("{variable} stands in a name; only values are filled.").format(variable=shown),
            )
        elif mention.name not in VARIABLES:
            yield (
                Severity.WARNING,
                _("{variable} is not known here and goes out as it stands.").format(variable=shown),
            )
    if any(_HALF_VARIABLE.search(_VARIABLE.sub("", value)) for value in _texts(template)):
        yield (
            Severity.WARNING,
            _("Some double curly brackets are no variable and go out as they stand."),
        )
    yield from check_blanks(template)


def check_blanks(template: Any) -> Iterator[tuple[Severity, str]]:
    """Yield an error for each blank of a preset that still waits to be filled (``<App ID>``)."""
    for value in _texts(template):
        if _BLANK.fullmatch(value):
            yield (
                Severity.ERROR,
                _("Put your own value in the place of {blank}.").format(blank=value),
            )


def blank_in(text: str) -> str:
    """Return the first blank of a preset in a text (``<Account SID>``); empty when none is left."""
    found = _BLANK.search(text)
    return found.group() if found else ""


def fill(template: Any, values: Mapping[str, str]) -> Any:
    """Return a parsed template with its variables filled in, in texts only and in one pass.

    Whatever a value holds, quotes, line breaks or further variables, stays inside its text.
    Unknown variables stay as they are.
    """

    def put(match: re.Match[str]) -> str:
        name = match["encoded"] or match["name"]
        if name not in VARIABLES or name not in values:
            return match.group()
        value = values[name]
        if match["encoded"] or match["helper"]:
            return base64.b64encode(value.encode()).decode("ascii")
        return value

    if isinstance(template, str):
        return _VARIABLE.sub(put, template)
    if isinstance(template, list):
        return [fill(entry, values) for entry in template]
    if isinstance(template, dict):
        return {key: fill(entry, values) for key, entry in template.items()}
    return template


def mentions(template: Any, name: str) -> bool:
    """Whether a parsed template has that variable in one of its texts."""
    return Mention(name, in_key=False) in _mentions(template)


def is_form(content_type: str) -> bool:
    """Whether a Content-Type asks for form encoding."""
    return _media_type(content_type) == FORM_TYPE


def check_content_type(content_type: str) -> str:
    """Return why a body of that type cannot be made; empty when it can."""
    kind = _media_type(content_type)
    if kind in (FORM_TYPE, "application/json") or re.fullmatch(r"application/[\w.-]+\+json", kind):
        return ""
    return _("Content-Type is application/json or {form}.").format(form=FORM_TYPE)


def encode_body(document: Any, content_type: str) -> bytes:
    """Return a document as the body of a request: UTF-8 JSON, or a form when the type says so.

    Raises:
        NotAForm: a form is asked for, and the document is nested.
    """
    if is_form(content_type):
        return urlencode(form_pairs(document)).encode("ascii")
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def form_pairs(document: Any) -> list[tuple[str, str]]:
    """Return a flat object as the pairs of a form; a list repeats its key, null is left out.

    Raises:
        NotAForm: it is no object, or something in it is nested.
    """
    if not isinstance(document, dict):
        raise NotAForm(_("A form is made of an object: names and values in curly brackets."))
    pairs: list[tuple[str, str]] = []
    for key, value in document.items():
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, dict | list):
                raise NotAForm(
                    _(
                        "A form is flat, and {name} is nested. Send it as JSON, or write its "
                        "parts side by side."
                    ).format(name=clean(key)[:60])
                )
            if entry is not None:
                pairs.append((key, entry if isinstance(entry, str) else json.dumps(entry)))
    return pairs


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _mentions(template: Any) -> Iterator[Mention]:
    if isinstance(template, str):
        for match in _VARIABLE.finditer(template):
            yield Mention(match["encoded"] or match["name"], in_key=False)
    elif isinstance(template, list):
        for entry in template:
            yield from _mentions(entry)
    elif isinstance(template, dict):
        for key, entry in template.items():
            for match in _VARIABLE.finditer(key):
                yield Mention(match["encoded"] or match["name"], in_key=True)
            yield from _mentions(entry)


def _texts(template: Any) -> Iterator[str]:
    if isinstance(template, str):
        yield template
    elif isinstance(template, list | dict):
        for entry in template.values() if isinstance(template, dict) else template:
            yield from _texts(entry)
