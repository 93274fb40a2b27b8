"""What Infobip checks in the body of a request for an RCS sender or for its launch.

Lengths and patterns: Infobip's OpenAPI files of RCS and of resources.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from smstui.simulator.infobip.errors import Refusal
from smstui.simulator.infobip.rules import Reader
from smstui.simulator.infobip.senders import PROVIDERS
from smstui.simulator.rollout import MIN_CONTRAST, contrast_to_white

MAX_URL, MAX_LABEL, MAX_EMAILS = 2048, 25, 3
LAUNCH = "RCS_SENDER_LAUNCH"
ORIGINS = ("LOCAL", "INTERNATIONAL")

_NAME = re.compile(r"(?=.*[a-zA-Z])[a-zA-Z0-9_-]{3,40}", re.ASCII)
_COLOUR = re.compile(r"#?[A-Fa-f0-9]{6}", re.ASCII)
_NUMBER = re.compile(r"\+?[1-9]\d{1,14}", re.ASCII)
_PHONE = re.compile(r"\+?[0-9 \-().]{1,30}", re.ASCII)

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "billingCategory": ("CONVERSATIONAL", "NON_CONVERSATIONAL"),
    "useCase": ("OTP", "TRANSACTIONAL", "PROMOTIONAL", "MULTI_USE"),
    "hostingRegion": ("NORTH_AMERICA", "EUROPE", "ASIA_PACIFIC"),
}
_CONTACTS = {"phones": "phoneNumber", "emails": "address", "websites": "url"}

REQUIREMENTS: tuple[Mapping[str, Any], ...] = (
    {
        "key": "legalBrandCompanyName",
        "type": "TEXT",
        "name": "Legal company name",
        "description": "The legal name of the company behind the brand.",
        "required": True,
        "category": "BUSINESS_DETAILS",
        "validation": {"minLength": 2, "maxLength": 100},
    },
    {
        "key": "companyWebsite",
        "type": "URL",
        "name": "Company website",
        "description": "The official website of the company.",
        "required": True,
        "category": "BUSINESS_DETAILS",
    },
    {
        "key": "contactPersonEmailAddresses",
        "type": "EMAIL",
        "name": "Contact person's email address",
        "description": "An individual business address, not a shared one.",
        "required": True,
        "multipleValuesSupported": True,
        "category": "CONTACT_INFORMATION",
    },
    {
        "key": "contactPersonPhoneNumber",
        "type": "GSM",
        "name": "Contact person's phone number",
        "description": "In international format.",
        "required": False,
        "category": "CONTACT_INFORMATION",
    },
    {
        "key": "optInDescription",
        "type": "TEXT",
        "name": "Opt-in",
        "description": "How end users agree to receive messages.",
        "required": True,
        "category": "USE_CASE_DETAILS",
        "validation": {"minLength": 10, "maxLength": 1000},
    },
    {
        "key": "stopMessage",
        "type": "TEXT",
        "name": "STOP message",
        "description": "The reply to an end user who opts out; it has to name STOP.",
        "required": True,
        "category": "USE_CASE_DETAILS",
        "validation": {"minLength": 2, "maxLength": 160},
    },
    {
        "key": "demoVideo",
        "type": "URL",
        "name": "Demo video",
        "description": "A public video that shows a conversation and the opt-out.",
        "required": True,
        "category": "USE_CASE_DETAILS",
    },
    {
        "key": "expectedMonthlyMessages",
        "type": "INTEGER",
        "name": "Messages a month",
        "description": "An estimate.",
        "required": False,
        "category": "USE_CASE_DETAILS",
        "validation": {"minValue": 1, "maxValue": 10_000_000},
    },
)
"""What a launch asks for, as the form that Infobip describes; the same in each country here."""

_US_REQUIREMENT: Mapping[str, Any] = {
    "key": "ein",
    "type": "TEXT",
    "name": "EIN",
    "description": "Employer Identification Number.",
    "required": True,
    "category": "MARKET_SPECIFIC_DETAILS",
    "validation": {"pattern": "^[0-9]{2}-[0-9]{7}$"},
}


def requirements_of(country: str) -> list[Mapping[str, Any]]:
    """Return what a launch in a country asks for."""
    return [*REQUIREMENTS, _US_REQUIREMENT] if country == "US" else list(REQUIREMENTS)


def read_sender(document: Any, *, is_new: bool) -> dict[str, Any]:
    """Return the profile that a body describes.

    Raises:
        Refusal: 400 with everything that is wrong.
    """
    if not isinstance(document, dict):
        raise Refusal(400)
    reader = Reader()
    if is_new:
        name = reader.text(document, "senderName", "", required=True)
        if name and not _NAME.fullmatch(name):
            said = 'must match "^(?=.*[a-zA-Z])[a-zA-Z0-9_-]+$", size must be between 3 and 40'
            reader.wrong("senderName", said)
        reader.text(reader.record(document, "brand", ""), "brandName", "brand", required=True)
    for field, choices in _CHOICES.items():
        _choose(reader, document, field, choices, required=is_new or field != "hostingRegion")
    for field, most in (("displayName", 40), ("description", 100)):
        reader.text(document, field, "", most=most, required=True)
    colour = reader.text(document, "color", "", required=True)
    if colour and not _COLOUR.fullmatch(colour):
        reader.wrong("color", 'must match "^#?([A-Fa-f0-9]{6})$"')
    elif colour and contrast_to_white(colour) < MIN_CONTRAST:
        reader.wrong("color", "contrast ratio to white must be at least 4.5:1")
    for field in ("bannerUrl", "logoUrl"):
        _read_url(reader, document, field, "")
    for field in ("privacy", "termsOfService"):
        part = reader.record(document, field, "")
        _read_url(reader, part, "url", field)
        reader.text(part, "label", field, most=MAX_LABEL)
    _read_contacts(reader, document)
    reader.finish()
    return {name: value for name, value in document.items() if name != "senderName"}


def read_device(document: Any) -> tuple[str, bool]:
    """Return the test number of a body with ``+``, and whether it is the primary one.

    Raises:
        Refusal: 400 with what is wrong.
    """
    if not isinstance(document, dict):
        raise Refusal(400)
    reader = Reader()
    number = reader.text(document, "testNumber", "", required=True)
    if number and not _NUMBER.fullmatch(number):
        reader.wrong("testNumber", r'must match "^\+?[1-9]\d{1,14}$"')
    reader.finish()
    return f"+{number.removeprefix('+')}", document.get("primary") is True


def read_lookup(document: Any) -> dict[str, Any]:
    """Return the body of a question for requirements of a launch.

    Raises:
        Refusal: 400 with what is wrong; the country has no RCS, or a carrier is not of it.
    """
    reader, checked = Reader(), _launch_of(document)
    _choose(reader, checked, "trafficOrigin", ORIGINS, required=True)
    country = reader.text(checked, "countryCode", "", required=True)
    reader.finish()
    if country not in PROVIDERS:
        raise _refused(
            "COUNTRY-UNSUPPORTED400",
            "RCS is not supported in the specified country.",
            "Please select a supported country to launch an RCS sender.",
        )
    excluded = checked.get("excludedCarriers") or []
    names = PROVIDERS[country]
    if not isinstance(excluded, list) or not {str(name) for name in excluded} < set(names):
        raise _refused(
            "INVALID-CARRIERS400",
            "One or more specified carrier names are invalid for the target country.",
            "Verify carrier names are correct for the specified country.",
        )
    return checked


def read_launch(document: Any) -> dict[str, Any]:
    """Return the body of a request for a launch; its requirements are looked at by reviewers.

    Raises:
        Refusal: 400 with what is wrong.
    """
    reader, checked = Reader(), _launch_of(document)
    reader.text(checked, "senderName", "", most=255, required=True)
    read_requirements(reader, checked, str(checked.get("countryCode")))
    emails = checked.get("additionalContactEmails") or []
    if not isinstance(emails, list) or len(emails) > MAX_EMAILS:
        reader.wrong("additionalContactEmails", f"size must be between 0 and {MAX_EMAILS}")
    reader.finish()
    return read_lookup(checked)


def read_requirements(reader: Reader, document: dict[str, Any], country: str) -> None:
    """Note what is wrong with the requirements of a body: unknown keys, and missing ones."""
    known = {str(spec["key"]): spec for spec in requirements_of(country)}
    given = {str(entry.get("key")) for entry in reader.records(document, "requirements", "")}
    for key in sorted(given - set(known)):
        reader.wrong("requirements", f"unknown requirement {key}")
    for key, spec in known.items():
        if spec["required"] and key not in given:
            reader.wrong("requirements", f"requirement {key} is missing")


def lacks_stop(record: dict[str, Any]) -> bool:
    """Whether a reviewer sends a launch back: its STOP message does not name STOP."""
    values = {entry.get("key"): entry.get("value") for entry in record["requirements"]}
    return "STOP" not in str(values.get("stopMessage", "")).upper()


def _launch_of(document: Any) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise Refusal(400)
    if document.get("type") != LAUNCH:
        raise Refusal(400, ("type", "is not simulated"))
    return document


def _refused(code: str, description: str, action: str) -> Refusal:
    return Refusal(400, code=f"RR-RCS-SENDER-{code}", said=(description, action))


def _choose(
    reader: Reader, document: dict[str, Any], field: str, of: tuple[str, ...], *, required: bool
) -> None:
    value = reader.text(document, field, "", required=required)
    if value and value not in of:
        reader.wrong(field, f"must be one of {', '.join(of)}")


def _read_url(reader: Reader, parent: dict[str, Any], name: str, path: str) -> None:
    url = reader.text(parent, name, path, most=MAX_URL, required=True)
    try:
        is_url = urlsplit(url).scheme in {"http", "https"} and bool(urlsplit(url).netloc)
    except ValueError:
        is_url = False
    if url and not is_url:
        reader.wrong(f"{path}.{name}", "must be a valid URL")


def _read_contacts(reader: Reader, document: dict[str, Any]) -> None:
    given = [name for name in _CONTACTS if document.get(name)]
    if not given:
        reader.wrong("REQUEST", "at least one of phones, emails and websites is required")
    for name in given:
        for number, entry in enumerate(reader.records(document, name, "")):
            place = f"{name}[{number}]"
            inner = reader.text(entry, _CONTACTS[name], place, most=MAX_URL, required=True)
            reader.text(entry, "label", place, most=MAX_LABEL, required=True)
            if inner and name == "phones" and not _PHONE.fullmatch(inner):
                reader.wrong(f"{place}.{_CONTACTS[name]}", "must be a phone number")
        if isinstance(document[name], list) and len(document[name]) > 1:
            reader.wrong(name, "size must be between 0 and 1")
