"""Sinch's hosts: one for each API and region.

Source: Sinch's pages on the SMS API and on the Conversation API. Plans and apps live in one region;
another one knows nothing of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from smstui.i18n import N_, _
from smstui.providers.fields import Choice, Severity
from smstui.providers.hosts import base_url, check_host, is_loopback, split_host

US = "us"

SMS_REGIONS = ("us", "eu", "au", "br", "ca")
"""Regions of the SMS API by plan token."""

CONVERSATION_REGIONS = ("us", "eu", "br")
"""Regions of the Conversation API."""

_NAMES = {
    "us": N_("United States (us)"),
    "eu": N_("Europe (eu)"),
    "au": N_("Australia (au)"),
    "br": N_("Brazil (br)"),
    "ca": N_("Canada (ca)"),
}


def choices(regions: tuple[str, ...]) -> tuple[Choice, ...]:
    """Return regions as the values of a choice field."""
    return tuple(Choice(region, _NAMES[region]) for region in regions)


def sms_host(region: str) -> str:
    """Return the host of the SMS API in a region."""
    return f"{region}.sms.api.sinch.com"


def conversation_host(region: str) -> str:
    """Return the host of the Conversation API in a region."""
    return f"{region}.conversation.api.sinch.com"


def sms_url(region: str, api_host: str) -> str:
    """Return the base URL of the SMS API; an API host takes the place of the region's."""
    return base_url(api_host or sms_host(region))


def conversation_url(region: str, api_host: str) -> str:
    """Return the base URL of the Conversation API; an API host takes the place of the region's."""
    return base_url(api_host or conversation_host(region))


def check_api_host(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is wrong or doubtful with an API host in the place of Sinch's own."""
    problems = list(check_host(value))
    yield from problems
    host = split_host(value)[0].removesuffix(".")
    if not problems and not host.endswith(".sinch.com") and not is_loopback(host):
        yield (
            Severity.WARNING,
            _("This is not a host of Sinch's. The credentials are sent there."),
        )
