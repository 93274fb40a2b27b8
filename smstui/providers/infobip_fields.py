"""What Infobip's form checks: the base URL, the key, numbers and senders, the Indian DLT ids.

Patterns: Infobip's pages on the base URL and on authentication, and its OpenAPI files. Where no
rule is published, a value that looks odd is a warning and never an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from smstui.i18n import _
from smstui.providers.endpoints import check_header_text
from smstui.providers.fields import Severity, Tidied
from smstui.providers.hosts import check_host, is_loopback, split_host
from smstui.providers.phone import check_any_sender, tidy_phone

SHARED_HOST = "api.infobip.com"

_API_HOST = re.compile(r"(?:[a-z0-9-]+\.)?api(?:-[a-z0-9]+)?\.infobip\.com", re.ASCII)
_KEY = re.compile(r"[0-9a-f]{32}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_MSISDN = re.compile(r"[1-9][0-9]{6,14}", re.ASCII)


def check_base_url(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is wrong or doubtful with a tidied base URL: private domains exist."""
    problems = list(check_host(value))
    yield from problems
    host = split_host(value)[0].removesuffix(".")
    if problems or is_loopback(host):
        return
    if host == SHARED_HOST:
        yield (
            Severity.WARNING,
            _("This is the host that all share. The portal shows your account's own."),
        )
    elif host.endswith(".infobip.com") and not _API_HOST.fullmatch(host):
        yield (
            Severity.WARNING,
            _("This is no API host of Infobip's. Those are like abc123.api.infobip.com."),
        )
    elif not _API_HOST.fullmatch(host):
        yield Severity.WARNING, _("This is not a host of Infobip's. The key is sent there.")


def check_key(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is wrong or doubtful with an API key."""
    if re.search(r"\s", value):
        yield Severity.ERROR, _("It holds no blanks. Copy the key alone.")
        return
    problems = list(check_header_text(value))
    yield from problems
    if not problems and not _KEY.fullmatch(value):
        yield (
            Severity.WARNING,
            _("Infobip's keys are 32 digits or letters a to f, a hyphen, and a UUID."),
        )


def check_dlt_id(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is doubtful with an id of India's DLT register; there is no published rule."""
    if not re.fullmatch(r"[0-9]+", value, re.ASCII):
        yield Severity.WARNING, _("The ids of the DLT register are digits only.")


def tidy_msisdn(text: str) -> Tidied:
    """Bring a number into E.164, also one without ``+``, as Infobip writes them."""
    tidied = tidy_phone(text)
    if not _MSISDN.fullmatch(tidied.value):
        return tidied
    value = f"+{tidied.value}"
    return Tidied(value, _("Written as {number}.").format(number=value))


def check_sms_sender(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is doubtful with the sender of an SMS: a number, or a name of 3 to 11."""
    yield from check_any_sender(value)
    if len(value) < 3:
        yield Severity.WARNING, _("A sender has at least 3 characters.")
