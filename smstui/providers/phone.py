"""What fields for phone numbers have in common: tidying, checking and the remark beside them."""

from __future__ import annotations

from collections.abc import Iterator

from smstui.i18n import _
from smstui.messaging.numbers import (
    NumberProblem,
    alphanumeric_problem,
    is_short_code,
    parse_number,
    tidy_number,
)
from smstui.providers.fields import Issue, Severity, Tidied, strip_blanks


def tidy_phone(text: str) -> Tidied:
    """Bring a phone number into E.164, as far as that is only a matter of writing."""
    stripped = strip_blanks(text)
    value = tidy_number(stripped.value)
    if value != stripped.value:
        return Tidied(value, _("Written as {number}.").format(number=value))
    return Tidied(value, stripped.said)


def check_sender(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is wrong with a sender that also receives: a number, or a short code."""
    if is_short_code(value):
        return
    number = parse_number(value)
    if isinstance(number, NumberProblem):
        yield Severity.ERROR, number.message
    elif number.warning:
        yield Severity.WARNING, number.warning


def check_any_sender(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is doubtful with a sender: a number, a short code, or a name of up to 11."""
    if any(c.isalpha() for c in value):
        problem = alphanumeric_problem(value)
        if problem:
            yield Severity.WARNING, problem
        return
    for _severity, said in check_sender(value):
        yield Severity.WARNING, said


def phone_note(value: str) -> str:
    """Return the remark beside a number: ``Italy, mobile``, or "short code"."""
    if not value:
        return ""
    if is_short_code(value):
        return _("short code")
    number = parse_number(value)
    return "" if isinstance(number, NumberProblem) else number.note


def check_recipient(to: str) -> list[Issue]:
    """Return what is wrong with the recipient of a message; the field is ``to``."""
    if is_short_code(to):
        return [
            Issue("to", _("Short codes take no messages from outside. Use a handset's number."))
        ]
    number = parse_number(to)
    if isinstance(number, NumberProblem):
        return [Issue("to", number.message)]
    return [Issue("to", number.warning, Severity.WARNING)] if number.warning else []


def check_text(text: str, *, most: int) -> list[Issue]:
    """Return what is wrong with the text of a message; the field is ``text``."""
    if not text:
        return [Issue("text", _("The message is missing."))]
    if len(text) > most:
        said = _("At most {most} characters; this has {count}.").format(most=most, count=len(text))
        return [Issue("text", said)]
    try:
        text.encode()
    except UnicodeEncodeError:
        return [Issue("text", _("The message holds half a character, which cannot be sent."))]
    return []
