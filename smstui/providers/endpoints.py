"""What can stand in the address of an endpoint and in a header that is sent there."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from smstui.i18n import _
from smstui.providers.fields import Severity
from smstui.providers.hosts import check_host, is_plain_http_abroad
from smstui.providers.payload import blank_in


def check_url(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is wrong with the address of an endpoint."""
    blank = blank_in(value)
    if blank:
        yield Severity.ERROR, _("Put your own value in the place of {blank}.").format(blank=blank)
        return
    try:
        parts = urlsplit(value)
        host = parts.netloc
    except ValueError:
        yield (
            Severity.ERROR,
            _("This is not an address. Write it like https://api.example.com/send."),
        )
        return
    if parts.scheme not in ("https", "http") or not host:
        yield Severity.ERROR, _("The address begins with https:// and a host.")
        return
    if "@" in host:
        yield (
            Severity.ERROR,
            _("An address holds no user and no password; Auth Type has fields for them."),
        )
        return
    if not value.isascii() or not value.isprintable() or " " in value:
        yield (
            Severity.ERROR,
            _("An address holds no blanks and ASCII only; write other letters percent-encoded."),
        )
        return
    if is_plain_http_abroad(value):
        yield (
            Severity.ERROR,
            _("Plain http would send the secrets unprotected. Only this machine may use it."),
        )
        return
    if "#" in value:
        yield Severity.ERROR, _("What follows # never reaches the provider; leave it out.")
    if "{{" in value:
        yield Severity.ERROR, _("Variables are filled in the payload only, not in the address.")
    yield from check_host(host.lower())


def check_header_text(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what keeps a value out of a header: letters beyond ASCII, blanks at a line's end."""
    if not value.isascii() or not value.isprintable():
        yield Severity.ERROR, _("It goes into a header, which carries printable ASCII only.")


def check_header_name(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is wrong with the name of a header or query parameter (RFC 9110 §5.6.2)."""
    if not is_header_name(value):
        yield Severity.ERROR, _("A name is made of letters, digits and hyphens, without blanks.")


def is_header_name(name: str) -> bool:
    """Whether a text can be the name of a header: a token of RFC 9110."""
    return bool(name) and all(c.isascii() and (c.isalnum() or c in "!#$%&'*+-.^_`|~") for c in name)
