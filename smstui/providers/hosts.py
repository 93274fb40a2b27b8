"""API hosts as people type them: with or without scheme, port and path.

An API host is kept as ``host``, ``host:port`` or, on this machine only, ``http://127.0.0.1:4010``.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from smstui.i18n import _
from smstui.providers.fields import Severity, Tidied, strip_blanks

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)


def tidy_host(text: str) -> Tidied:
    """Drop what is not the host: ``https://``, path, query, a slash at the end; lower its case.

    ``http://`` stays, so that `check_host` can speak about it.
    """
    stripped = strip_blanks(text)
    value = stripped.value
    scheme, separator, rest = value.partition("://")
    if not separator:
        scheme, rest = "", value
    host = re.split(r"[/?#\\]", rest, maxsplit=1)[0].lower()
    kept = f"{scheme.lower()}://{host}" if scheme and scheme.lower() != "https" else host
    if kept != value:
        return Tidied(kept, _("Only the host was kept."))
    return Tidied(kept, stripped.said)


def check_host(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is wrong with a tidied API host, as (severity, sentence) pairs."""
    scheme, separator, rest = value.partition("://")
    if separator and scheme not in ("http", "https"):
        yield Severity.ERROR, _("Write the host alone, for example api.example.com.")
        return
    if "@" in rest or "@" in value:
        yield (
            Severity.ERROR,
            _("A host holds no user and no password; those have their own fields."),
        )
        return
    host, port = split_host(value)
    if not _is_host(host):
        yield Severity.ERROR, _("This is not a host. Write it like api.example.com or host:port.")
    elif port is None:
        yield Severity.ERROR, _("The port is a number from 1 to 65535.")
    elif scheme == "http" and separator and not is_loopback(host):
        yield (
            Severity.ERROR,
            _("Plain http would send the secrets unprotected. Only this machine may use it."),
        )


def split_host(value: str) -> tuple[str, int | None]:
    """Return host and port of a tidied API host; port 0 when none is given, None for a bad one."""
    rest = value.partition("://")[2] or value
    if rest.startswith("["):
        host, _bracket, tail = rest[1:].partition("]")
        if tail and not tail.startswith(":"):
            return rest, None
        port = tail[1:] if tail else None
    else:
        host, colon, after = rest.partition(":")
        port = after if colon else None
    if port is None:
        return host, 0
    is_port = re.fullmatch(r"[0-9]{1,5}", port, re.ASCII) and 0 < int(port) < 65_536
    return host, int(port) if is_port else None


def base_url(value: str) -> str:
    """Return the URL that paths are put behind: ``https://host``, or plain http on loopback."""
    return value if value.startswith("http://") else f"https://{value}"


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its very name or address (RFC 6761, RFC 1122)."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_plain_http_abroad(url: str) -> bool:
    """Whether a URL would carry secrets unprotected to another machine, or is no web address."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return True
    return parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host))


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return True
    labels = host.removesuffix(".").split(".")
    if len(host) > 253 or all(label.isdigit() for label in labels):
        return False
    return all(_LABEL.fullmatch(label) for label in labels)
