"""Phone numbers as people write them and as providers want them (E.164), and other senders.

`phonenumbers` takes 60 ms and 7 MB to load, so it is imported at the first number.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from smstui.i18n import N_, _
from smstui.messaging.countries import country_name
from smstui.text import clean

E164 = re.compile(r"\+[1-9][0-9]{1,14}", re.ASCII)
"""Twilio's glossary page on E.164; ITU-T E.164 allows 15 digits with the country code."""

SHORT_CODE = re.compile(r"[0-9]{3,6}", re.ASCII)
"""Digits of a short code, as Twilio's page on senders has them."""

_ALPHANUMERIC = re.compile(r"[A-Za-z0-9 +_&-]{1,11}", re.ASCII)
_PUNCTUATION = re.compile(r"[\s\u00ad\u2010-\u2015\u2212().\[\]/\-]")

_KINDS = {
    0: N_("landline"),
    1: N_("mobile"),
    3: N_("toll-free"),
    4: N_("premium rate"),
    5: N_("shared cost"),
    6: N_("internet telephony"),
    7: N_("personal number"),
    8: N_("pager"),
    9: N_("company number"),
    10: N_("voicemail"),
}
"""By `phonenumbers.PhoneNumberType`; 2 (landline or mobile) and 99 (unknown) say nothing."""


@dataclass(frozen=True, slots=True)
class Number:
    """A phone number of the right shape.

    Attributes:
        e164: ``+393331234567``.
        shown: the same for people: ``+39 333 123 4567``.
        country: the country's name, empty when its code belongs to none.
        kind: "mobile", "landline" …; empty when the number does not tell.
        valid: whether the numbering plan of its country has such numbers.
    """

    e164: str
    shown: str
    country: str
    kind: str
    valid: bool

    @property
    def note(self) -> str:
        """The remark beside the number: ``Italy, mobile``."""
        return ", ".join(part for part in (self.country, self.kind) if part)

    @property
    def warning(self) -> str:
        """What makes the number doubtful, as a sentence; empty when nothing does."""
        if self.valid:
            return ""
        if not self.country:
            return _("No country has numbers that begin like this.")
        return _("This is not a valid number in its country ({country}).").format(
            country=self.country
        )


@dataclass(frozen=True, slots=True)
class NumberProblem:
    """Why a text is no phone number, as a sentence with what to do."""

    message: str


def tidy_number(text: str) -> str:
    """Return a typed or pasted number without what people put between the digits.

    ``0039 (333) 123-45.67`` becomes ``+393331234567``; digits of other scripts become ASCII. What
    holds anything else, letters for example, comes back as it was, without blanks around.
    """
    value = text.strip().removeprefix("tel:")
    value = "".join(c for c in value if unicodedata.category(c) != "Cf")
    trunk_zero = "(0)" in value
    value = _PUNCTUATION.sub("", value).replace("\N{FULLWIDTH PLUS SIGN}", "+")
    value = "".join(str(unicodedata.digit(c, c)) for c in value)
    if value.startswith("00"):
        value = "+" + value[2:]
    if not re.fullmatch(r"\+?[0-9]+", value, re.ASCII):
        return text.strip()
    return _without_trunk_zero(value) if trunk_zero and E164.fullmatch(value) else value


def parse_number(text: str) -> Number | NumberProblem:
    """Return a number, or why the text is none.

    Only the shape of E.164 decides; whether the number can exist is told by `Number.warning`,
    because test numbers of providers need not exist.
    """
    value = tidy_number(text)
    if not value:
        return NumberProblem(_("The number is missing."))
    if not E164.fullmatch(value):
        return NumberProblem(_shape_problem(value))
    import phonenumbers

    try:
        parsed = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return Number(value, value, "", "", valid=False)
    region = phonenumbers.region_code_for_number(parsed)
    if region is None and parsed.country_code is not None:
        region = phonenumbers.region_code_for_country_code(parsed.country_code)
    valid = phonenumbers.is_valid_number(parsed)
    kind = _KINDS.get(int(phonenumbers.number_type(parsed)), "") if valid else ""
    shown = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return Number(value, shown, country_name(region) if region else "", _(kind), valid)


def is_short_code(text: str) -> bool:
    """Whether the text is a short code: three to six digits."""
    return SHORT_CODE.fullmatch(text) is not None


def alphanumeric_problem(text: str) -> str:
    """Return why the text is no alphanumeric sender, as a sentence; empty when it is one.

    Rule: 1 to 11 of A-Z a-z 0-9, blank, ``- + _ &``, at least one letter (Twilio's OpenAPI
    file, alpha senders of a pool).
    """
    if not text:
        return _("The sender is missing.")
    if len(text) > 11:
        return _("At most 11 characters; this has {count}.").format(count=len(text))
    if not _ALPHANUMERIC.fullmatch(text):
        return _("Letters A to Z, digits, blanks and - + _ & only.")
    if not any(c.isalpha() for c in text):
        return _("At least one letter; a number starts with + instead.")
    return ""


def _shape_problem(value: str) -> str:
    if re.fullmatch(r"\+[1-9][0-9]{15,}", value, re.ASCII):
        return _("At most 15 digits; this has {count}.").format(count=len(value) - 1)
    if value.startswith("+0"):
        return _("No country code begins with 0. Write it as +393331234567.")
    if re.fullmatch(r"[0-9]+", value, re.ASCII):
        return _("The country code is missing. Write it as +393331234567.")
    rest = _PUNCTUATION.sub("", value).removeprefix("+")
    strange = next((c for c in rest if c not in "0123456789"), "")
    if strange:
        return _(
            "A number has digits only; this has {character}. Write it as +393331234567."
        ).format(character=clean(strange))
    return _("The number is too short. Write it as +393331234567.")


def _without_trunk_zero(value: str) -> str:
    """Drop the zero of ``+44 (0)20 …``, which Italy alone keeps."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
