"""What the fields of a business profile check: colours, texts, addresses, numbers, countries.

Contrast: WCAG 2.2, "relative luminance" and "contrast ratio"; Google asks for 4.5 : 1 to white.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlsplit

from smstui.i18n import _
from smstui.messaging.countries import COUNTRIES
from smstui.messaging.numbers import NumberProblem, parse_number
from smstui.providers.fields import (
    Severity,
    Tidied,
    joined_words,
    strip_blanks,
    words_of,
)
from smstui.providers.hosts import is_loopback
from smstui.providers.phone import tidy_phone
from smstui.text import clean

LEAST_CONTRAST = 4.5
"""Of the brand's colour to white."""

MOST_URL = 2048
MOST_TEST_NUMBERS = 200
MOST_INVITATIONS = 20
"""Invitations to test devices that Google lets one agent send in a day; 200 in all."""

Said = Iterator[tuple[Severity, str]]

_COLOR = re.compile(r"#[0-9A-Fa-f]{6}", re.ASCII)
_EMAIL = re.compile(r"[^@\s\"<>(),;:\\]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}", re.ASCII)
_MARKUP = re.compile(r"</?[A-Za-z!][^>]*>|&#?\w{1,10};")
_ESCAPE = re.compile(r"\\(?:[nrt\"\\/]|u[0-9A-Fa-f]{4})")


def tidy_color(text: str) -> Tidied:
    """Write a colour as ``#1A2B3C``: with its sign, three digits doubled, in capitals."""
    stripped = strip_blanks(text)
    digits = stripped.value.removeprefix("#")
    if re.fullmatch(r"[0-9A-Fa-f]{3}", digits, re.ASCII):
        digits = "".join(2 * digit for digit in digits)
    if not re.fullmatch(r"[0-9A-Fa-f]{6}", digits, re.ASCII):
        return stripped
    return Tidied(f"#{digits.upper()}", stripped.said)


def contrast_to_white(color: str) -> float | None:
    """Return the contrast of a colour ``#1A2B3C`` to white, 1 to 21; None for no such colour."""
    if not _COLOR.fullmatch(color):
        return None
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def check_color(value: str) -> Said:
    """Yield what is wrong with the colour of a brand."""
    contrast = contrast_to_white(value)
    if contrast is None:
        yield Severity.ERROR, _("A colour is # and six digits or letters a to f, like #1A5FB4.")
    elif contrast < LEAST_CONTRAST:
        said = _("Too pale: its contrast to white is {ratio} : 1, and 4.5 : 1 is the least.")
        yield Severity.ERROR, said.format(ratio=_ratio(contrast))


def color_note(value: str) -> str:
    """Return the remark beside a colour: its contrast to white."""
    contrast = contrast_to_white(value)
    return "" if contrast is None else _("contrast {ratio} : 1").format(ratio=_ratio(contrast))


def _ratio(contrast: float) -> str:
    """Return a contrast with one decimal, rounded down: 4.49 must not read as 4.5."""
    return f"{int(contrast * 10) / 10:.1f}"


def check_plain(value: str) -> Said:
    """Yield what keeps a text from being plain: HTML, JSON, escapes."""
    if _MARKUP.search(value):
        yield Severity.ERROR, _("This is plain text: leave out HTML.")
    elif value.startswith(("{", "[")) and value.endswith(("}", "]")):
        yield Severity.ERROR, _("This is plain text, and what stands here looks like JSON.")
    elif _ESCAPE.search(value):
        yield (
            Severity.ERROR,
            _("This is plain text: write the character itself, without a backslash."),
        )


def plain_up_to(shown: int) -> Callable[[str], Said]:
    """Return a check of plain text whose length is Google's rule and not the provider's own.

    Args:
        shown: characters that Google takes.
    """

    def check(value: str) -> Said:
        yield from check_plain(value)
        if len(value) > shown:
            said = _("Google takes {most} characters; this has {count}.")
            yield Severity.WARNING, said.format(most=shown, count=len(value))

    return check


def check_web(value: str) -> Said:
    """Yield what is wrong with the address of a page or file that everybody must reach."""
    try:
        parts = urlsplit(value)
        host, has_login = parts.hostname or "", "@" in parts.netloc
    except ValueError:
        host, has_login, parts = "", False, urlsplit("")
    if parts.scheme not in ("https", "http") or not host:
        yield Severity.ERROR, _("Write the whole address, like https://www.example.com/privacy.")
    elif not value.isascii() or not value.isprintable() or " " in value:
        said = _("An address holds no blanks and ASCII only; write other letters percent-encoded.")
        yield Severity.ERROR, said
    elif has_login:
        yield Severity.ERROR, _("A public address holds no user and no password.")
    elif is_loopback(host):
        yield Severity.WARNING, _("Only this machine reaches that address.")
    elif parts.scheme == "http":
        yield Severity.ERROR, _("The address begins with https://.")
    elif "." not in host:
        yield Severity.ERROR, _("This host is not a public one; those have a dot in their name.")


def is_web(value: str) -> bool:
    """Whether a logo or banner is given by its address, and not as a file on this machine."""
    return value.lower().startswith(("https://", "http://"))


def check_picture(value: str) -> Said:
    """Yield what is wrong with a logo or banner, given by its address or as a file.

    What is in the picture is told by `smstui.rcs.images`.
    """
    if is_web(value):
        yield from check_web(value)
    elif "://" in value:
        yield Severity.ERROR, _("Enter an address that begins with https://, or a file's path.")
    elif not value.lower().endswith((".png", ".jpg", ".jpeg")):
        yield Severity.ERROR, _("The picture is a PNG or JPEG file.")
    else:
        said = _("The file is checked here. The provider wants it at a public https address.")
        yield Severity.WARNING, said


def check_email(value: str) -> Said:
    """Yield what is wrong with an e-mail address."""
    if not _EMAIL.fullmatch(value):
        yield Severity.ERROR, _("Write it like care@example.com.")


def check_phone(value: str) -> Said:
    """Yield what is wrong with a phone number that people call: E.164."""
    number = parse_number(value)
    if isinstance(number, NumberProblem):
        yield Severity.ERROR, number.message
    elif number.warning:
        yield Severity.WARNING, number.warning


def tidy_numbers(text: str) -> Tidied:
    """Bring the numbers of a list into E.164, each of them once."""
    typed = words_of(strip_blanks(text.replace("\n", ",").replace(";", ",")).value)
    numbers = list(dict.fromkeys(tidy_phone(word).value for word in typed))
    said = _("Each number is kept once.") if len(numbers) < len(typed) else ""
    return Tidied(joined_words(numbers), said)


def check_numbers(value: str) -> Said:
    """Yield what is wrong with a list of test devices."""
    numbers = words_of(value)
    if len(numbers) > MOST_TEST_NUMBERS:
        said = _("An agent has at most {most} test devices; these are {count}.")
        yield Severity.ERROR, said.format(most=MOST_TEST_NUMBERS, count=len(numbers))
        return
    for text in numbers:
        for severity, message in check_phone(text):
            yield severity, f"{clean(text)[:20]}: {message}"
    if len(numbers) > MOST_INVITATIONS:
        said = _("Google lets an agent invite {most} a day, so these take several days.")
        yield Severity.WARNING, said.format(most=MOST_INVITATIONS)


def tidy_countries(text: str) -> Tidied:
    """Write country codes in capitals, each of them once."""
    typed = re.split(r"[\s,;]+", strip_blanks(text).value.upper())
    return Tidied(joined_words(dict.fromkeys(word for word in typed if word)))


def countries_of(offered: Iterable[str], severity: Severity) -> Callable[[str], Said]:
    """Return a check of a list of countries.

    Args:
        offered: where the provider has RCS; empty when it publishes no list.
        severity: how bad any other country is.
    """
    known = frozenset(offered)

    def check(value: str) -> Said:
        words = words_of(value)
        strange = [word for word in words if word not in COUNTRIES]
        if strange:
            said = _("{code} is no country code; write two letters, like IT, DE.")
            yield Severity.ERROR, said.format(code=clean(strange[0])[:20])
        without = [word for word in words if known and word in COUNTRIES and word not in known]
        if without:
            said = _("The provider does not list {codes} for RCS.")
            yield severity, said.format(codes=", ".join(without))

    return check
