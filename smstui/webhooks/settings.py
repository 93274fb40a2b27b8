"""How webhooks are received: where to listen, under which public address, for how long to keep."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from smstui.i18n import N_, _
from smstui.providers.base import InvalidFields
from smstui.providers.fields import (
    Draft,
    FieldSpec,
    Issue,
    Kind,
    Severity,
    check_field,
    is_empty,
    text_of,
)

if TYPE_CHECKING:
    from smstui.store import Store

PREFERENCE = "receiver"
PREFIX = "/w/"
"""What comes before the unguessable part in a webhook's URL."""


@dataclass(frozen=True, slots=True)
class ReceiverSettings:
    """Where the receiver listens, and what is given to providers.

    Attributes:
        host: the address to listen at; this machine alone by default.
        port: the TCP port; 0 takes a free one.
        public_url: scheme, host and path that providers reach it by (a tunnel, a proxy); empty
            when that is where it listens.
        keep_days: events older than so many days are removed; 0 keeps them for ever.
    """

    host: str = "127.0.0.1"
    port: int = 4020
    public_url: str = ""
    keep_days: int = 30

    @classmethod
    def load(cls, store: Store) -> Self:
        """Return the settings that a store has, or the defaults."""
        kept = store.preferences.get(PREFERENCE) or {}
        return cls(**{name: kept[name] for name in cls.__dataclass_fields__ if name in kept})

    @classmethod
    def build(cls, draft: Draft) -> Self:
        """Return the settings that a form holds.

        Raises:
            InvalidFields: the draft has errors.
        """
        errors = [issue for issue in check(draft) if issue.severity is Severity.ERROR]
        if errors:
            raise InvalidFields(errors)
        values = {name: text_of(draft.get(name)).strip() for name in SPECS}
        return cls(
            host=values["host"],
            port=int(values["port"]),
            public_url=values["public_url"].rstrip("/"),
            keep_days=int(values["keep_days"]),
        )

    def save(self, store: Store) -> None:
        """Keep the settings in a store."""
        store.preferences.set(PREFERENCE, asdict(self))

    def draft(self) -> dict[str, Any]:
        """Return the settings as the values of a form."""
        return asdict(self)

    @property
    def base_url(self) -> str:
        """What URLs of webhooks begin with, without a slash at the end."""
        return self.public_url or local_url(self.host, self.port)

    def url_of(self, path: str) -> str:
        """Return the URL of a webhook, as it is given to the provider."""
        return f"{self.base_url}{PREFIX}{path}"

    @property
    def is_open(self) -> bool:
        """Whether others than this machine can reach the receiver directly."""
        return not _is_loopback(self.host)


def local_url(host: str, port: int) -> str:
    """Return the URL of a listener on this machine."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}"


def _check_host(value: str) -> list[tuple[Severity, str]]:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        if value != "localhost":
            said = _("An IP address of this machine, such as 127.0.0.1 or 0.0.0.0.")
            return [(Severity.ERROR, said)]
    if _is_loopback(value):
        return []
    said = _(
        "Others can reach the receiver then. Put a proxy with TLS before it, "
        "and let callers be known by a signature or a login."
    )
    return [(Severity.WARNING, said)]


def _check_public_url(value: str) -> list[tuple[Severity, str]]:
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return [(Severity.ERROR, _("This is not a web address."))]
    if parts.scheme not in ("http", "https") or not host:
        return [(Severity.ERROR, _("A web address, such as https://hooks.example.com."))]
    if parts.query or parts.fragment:
        return [(Severity.ERROR, _("Leave out what follows a ? or a #."))]
    if parts.username or parts.password:
        return [(Severity.ERROR, _("Leave out user and password."))]
    issues = []
    if parts.scheme == "http" and not _is_loopback(host):
        issues.append((Severity.WARNING, _("Providers call https addresses only, mostly.")))
    if "_" in host:
        issues.append((Severity.WARNING, _("Twilio refuses hosts with an underscore.")))
    return issues


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


SPECS: Mapping[str, FieldSpec] = {
    "host": FieldSpec(
        label=N_("Listen at"),
        help=N_("The address of this machine to listen at; 127.0.0.1 is reached from here alone."),
        required=True,
        check=_check_host,
        default="127.0.0.1",
    ),
    "port": FieldSpec(
        label=N_("Port"),
        kind=Kind.NUMBER,
        help=N_("The TCP port to listen at."),
        required=True,
        minimum=1,
        maximum=65535,
        default=4020,
    ),
    "public_url": FieldSpec(
        label=N_("Public URL"),
        help=N_("What providers call: your proxy or tunnel. Signatures cover it, so it is exact."),
        max_length=500,
        check=_check_public_url,
    ),
    "keep_days": FieldSpec(
        label=N_("Keep events (days)"),
        kind=Kind.NUMBER,
        help=N_("Older events are removed; consent stays with its history. 0 keeps all."),
        required=True,
        minimum=0,
        maximum=3650,
        default=30,
    ),
}


def check(draft: Draft) -> list[Issue]:
    """Return what is wrong with the settings in a form."""
    issues: list[Issue] = []
    for name, spec in SPECS.items():
        value = draft.get(name)
        issues += check_field(name, spec, value if not is_empty(value) else None)
    return issues
