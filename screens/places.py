"""The places of the console: the rail's words and order, and which page an address opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from screens.page import Page
from smstui.i18n import N_

if TYPE_CHECKING:
    from screens.record_form import RecordFormPage

NEW = "+new"
"""The last part of the address of a form for a new record."""
COPY = "+copy"
"""Comes before the name of a record in the address of a form for its copy."""

CHECKS = "+checks"
"""Comes before the name of a channel configuration in the address of its checks."""

HEALTH = "+health"
"""The last part of the address of the health board of a list."""


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the rail.

    Attributes:
        path: the first part of its addresses.
        trail: the words from the top of the rail to this entry.
        build: makes the page for the rest of an address, which is empty for the place itself;
            names of records in it are still quoted.
        noun: what its pages are about, which is the word before their commands in the palette.
        kind: the word of the audit trail for the records that have their forms here; empty where
            none have.
    """

    path: str
    trail: tuple[str, ...]
    build: Callable[[str], Page]
    noun: str
    kind: str = ""


def record_address(path: str, name: str) -> str:
    """Return the address of a record, whatever characters its name has."""
    return f"{path}/{quote(name, safe=' ')}"


def split_address(address: str) -> tuple[str, str]:
    """Return an address as place and rest; the rest stays quoted, so that no name is a command."""
    path, _, rest = address.strip("/").partition("/")
    return path, rest


def _credentials(rest: str) -> Page:
    if rest == "":
        from screens.credential_list import CredentialListPage

        return CredentialListPage("credentials")
    if rest == HEALTH:
        from screens.health_board import HealthBoardPage

        return HealthBoardPage(f"credentials/{HEALTH}")
    from screens.credential_form import CredentialFormPage

    return _form(CredentialFormPage, "credentials", rest)


def _webhooks(rest: str) -> Page:
    if rest == "":
        from screens.webhook_list import WebhookListPage

        return WebhookListPage("webhooks")
    from screens.webhook_form import WebhookFormPage

    return _form(WebhookFormPage, "webhooks", rest)


def _rcs(rest: str) -> Page:
    if rest == "":
        from screens.rcs_list import RcsListPage

        return RcsListPage("rcs")
    from screens.rcs_wizard import RcsWizardPage

    if rest == NEW:
        return RcsWizardPage(f"rcs/{NEW}")
    name = unquote(rest)
    return RcsWizardPage(record_address("rcs", name), name)


def _channels(rest: str) -> Page:
    if rest == "":
        from screens.channel_list import ChannelListPage

        return ChannelListPage("channels")
    if rest.startswith(f"{CHECKS}/"):
        from screens.channel_checks import ChannelChecksPage

        name = unquote(rest.removeprefix(f"{CHECKS}/"))
        return ChannelChecksPage(record_address(f"channels/{CHECKS}", name), name)
    from screens.channel_form import ChannelFormPage

    return _form(ChannelFormPage, "channels", rest)


def _events(rest: str) -> Page:
    from screens.event_list import EventListPage

    name = unquote(rest)
    return EventListPage(record_address("events", name) if name else "events", name)


def _consent(_rest: str) -> Page:
    from screens.consent_list import ConsentListPage

    return ConsentListPage("consent")


def _activity(_rest: str) -> Page:
    from screens.activity_list import ActivityListPage

    return ActivityListPage("activity")


def _form(page: type[RecordFormPage[Any]], path: str, rest: str) -> Page:
    """Return the form for the rest of an address: a new record, a copy, or a stored one."""
    if rest == NEW:
        return page(f"{path}/{NEW}")
    if rest.startswith(f"{COPY}/"):
        name = unquote(rest.removeprefix(f"{COPY}/"))
        return page(record_address(f"{path}/{COPY}", name), copy_of=name)
    name = unquote(rest)
    return page(record_address(path, name), name=name)


PLACES = (
    Place(
        "channels",
        (
            N_("Administration"),
            N_("Channels"),
            N_("General settings"),
            N_("Channel configurations"),
        ),
        _channels,
        N_("configuration"),
        "channel configuration",
    ),
    Place(
        "credentials",
        (N_("Administration"), N_("Channels"), N_("SMS settings"), N_("API Credentials")),
        _credentials,
        N_("credential"),
        "credential",
    ),
    Place(
        "webhooks",
        (N_("Administration"), N_("Channels"), N_("SMS settings"), N_("SMS Webhooks")),
        _webhooks,
        N_("webhook"),
        "webhook",
    ),
    Place(
        "rcs",
        (N_("Administration"), N_("Channels"), N_("SMS settings"), N_("RCS set-up")),
        _rcs,
        N_("set-up"),
        "RCS set-up",
    ),
    Place(
        "events",
        (N_("Administration"), N_("Channels"), N_("SMS settings"), N_("Events")),
        _events,
        N_("event"),
    ),
    Place(
        "consent",
        (N_("Administration"), N_("Channels"), N_("SMS settings"), N_("Consent")),
        _consent,
        N_("consent"),
    ),
    Place("activity", (N_("Administration"), N_("Activity")), _activity, N_("activity")),
)
HOME = "credentials"


def place_at(path: str) -> Place | None:
    """Return the place with that path, or None."""
    return next((place for place in PLACES if place.path == path), None)


def place_of_kind(kind: str) -> Place | None:
    """Return the place with the forms of one kind of record, by its word in the audit trail."""
    return next((place for place in PLACES if kind and place.kind == kind), None)
