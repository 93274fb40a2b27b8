"""Twilio's hosts: regions, edges, and which product answers where.

Source: Twilio's pages on regions and edge locations. ``{product}.{edge}.{region}.twilio.com``;
without edge and region it is us1.
"""

from __future__ import annotations

from collections.abc import Iterator

from smstui.i18n import _
from smstui.providers.fields import Severity
from smstui.providers.hosts import base_url, check_host, is_loopback, split_host

DEFAULT_HOST = "api.twilio.com"
US = "us1"

EDGES = {
    "au1": "sydney",
    "br1": "sao-paulo",
    "de1": "frankfurt",
    "ie1": "dublin",
    "jp1": "tokyo",
    "jp2": "osaka",
    "sg1": "singapore",
    "us1": "ashburn",
    "us2": "umatilla",
}
"""Region to its edge."""


def check_api_host(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is wrong or doubtful with Twilio's API host."""
    problems = list(check_host(value))
    yield from problems
    if problems:
        return
    host, _port = split_host(value)
    labels = _twilio_labels(host)
    if labels is None:
        if not is_loopback(host):
            yield (
                Severity.WARNING,
                _("This is not a host of Twilio's. The credentials are sent there."),
            )
        return
    region = labels[-1] if len(labels) > 1 else ""
    if labels[:1] != ["api"]:
        yield Severity.WARNING, _("The host of Twilio's API begins with api.")
    elif len(labels) == 2 and region in EDGES and region != US:
        right = f"api.{EDGES[region]}.{region}.twilio.com"
        yield (
            Severity.WARNING,
            _("Twilio has switched this name off. The region's host is {host}.").format(host=right),
        )
    elif len(labels) > 2 and region not in EDGES:
        known = ", ".join(EDGES)
        yield (
            Severity.WARNING,
            _("{region} is no known region. Known: {known}.").format(region=region, known=known),
        )


def region_of(api_host: str) -> str:
    """Return the region of a host of Twilio's, ``us1`` by default; empty for any other host."""
    labels = _twilio_labels(split_host(api_host or DEFAULT_HOST)[0])
    if labels is None:
        return ""
    return labels[-1] if len(labels) > 1 and labels[-1] in EDGES else US


def product_url(api_host: str, product: str) -> str:
    """Return the base URL of a product: ``https://messaging.dublin.ie1.twilio.com``.

    On a host that is not Twilio's (a simulator, a private domain) every product is on that host.
    """
    value = api_host or DEFAULT_HOST
    host, _port = split_host(value)
    labels = _twilio_labels(host)
    if labels is None:
        return base_url(value)
    return base_url(".".join([product, *labels[1:], "twilio.com"]))


def _twilio_labels(host: str) -> list[str] | None:
    """Return the labels before twilio.com, or None when the host is not Twilio's."""
    name = host.removesuffix(".")
    return name.removesuffix(".twilio.com").split(".") if name.endswith(".twilio.com") else None
