"""The login and the ids that a set-up by Twilio asks for."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from smstui.i18n import N_, _
from smstui.providers.fields import FieldSpec, Severity, Tidied, strip_blanks
from smstui.providers.twilio import TwilioCredential
from smstui.rcs.routes.common import offered

_SENDER = re.compile(r"rcs:[A-Za-z0-9_.-]{3,100}", re.ASCII)
_SENDER_SID = re.compile(r"XE[0-9a-fA-F]{32}", re.ASCII)
_SERVICE_SID = re.compile(r"MG[0-9a-fA-F]{32}", re.ASCII)


def account_fields() -> dict[str, FieldSpec]:
    """Return the login, and ids at Twilio."""
    specs = TwilioCredential.specs()
    service = dataclasses.replace(
        specs["message_sid"],
        label=N_("Messaging Service SID"),
        help=N_("MG…: it chooses the sender, and falls back to SMS."),
        required=False,
        check=_check_service,
    )
    return {
        **offered(specs, "account_sid", "auth_token"),
        "sender_id": FieldSpec(
            label=N_("Sender ID"),
            help=N_("As the Console shows it: rcs: and the agent's id."),
            placeholder="rcs:acme_x1y2_agent",
            tidy=_tidy_sender,
            check=_check_sender,
            summary=True,
        ),
        "sender_sid": FieldSpec(
            label=N_("Sender SID"),
            help=N_("XE…, in the address of the sender's page in the Console."),
            length=34,
            check=_check_sender_sid,
        ),
        "messaging_service_sid": service,
        **offered(specs, "api_key_sid", "api_key_secret", "api_host"),
    }


def service_name(default: str) -> FieldSpec:
    """Return the field that asks for the name of a new Messaging Service."""
    return FieldSpec(label=N_("Name"), required=True, max_length=64, default=default[:64])


def _tidy_sender(text: str) -> Tidied:
    """Write a sender's id with ``rcs:`` before it, and without the domain of Google's platform."""
    stripped = strip_blanks(text)
    bare = stripped.value.removeprefix("rcs:").removesuffix("@rbm.goog")
    value = f"rcs:{bare}" if bare else ""
    said = _("Written as {number}.").format(number=value) if value != stripped.value else ""
    return Tidied(value, said or stripped.said)


def _check_sender(value: str) -> Iterator[tuple[Severity, str]]:
    if not _SENDER.fullmatch(value):
        yield Severity.ERROR, _("It is written like rcs:acme_x1y2_agent.")


def _check_sender_sid(value: str) -> Iterator[tuple[Severity, str]]:
    if not _SENDER_SID.fullmatch(value):
        yield Severity.ERROR, _("It is XE and 32 digits or letters a to f.")


def _check_service(value: str) -> Iterator[tuple[Severity, str]]:
    if not _SERVICE_SID.fullmatch(value):
        yield (
            Severity.ERROR,
            _("Enter the SID of a Messaging Service: MG and 32 digits or letters a to f."),
        )
