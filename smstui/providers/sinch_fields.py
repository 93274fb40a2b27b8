"""What Sinch's forms check: ids, tokens of two kinds, regions, senders, addresses.

Patterns: Sinch's API references; where there is no published rule, a value that looks odd is a
warning and never an error.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import SecretStr

from smstui.i18n import N_, _
from smstui.providers.endpoints import check_header_text, check_url
from smstui.providers.fields import GROUP_ADVANCED, FieldSpec, Kind, Severity
from smstui.providers.hosts import tidy_host
from smstui.providers.sinch_hosts import (
    CONVERSATION_REGIONS,
    SMS_REGIONS,
    US,
    check_api_host,
    choices,
)

MAX_CALLBACK_URL = 2048
"""Characters of ``callback_url``."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}", re.ASCII)
_PLAN = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


def is_uuid(value: str) -> bool:
    """Whether a value is a UUID, in either case."""
    return _UUID.fullmatch(value) is not None


def check_uuid(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is wrong with an id that is a UUID."""
    if not is_uuid(value):
        yield (
            Severity.ERROR,
            _("It is written like 11111111-2222-4333-8444-555555555555, digits and a to f."),
        )


def check_key_id(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is doubtful with the id of an access key; Sinch publishes no rule."""
    if not is_uuid(value):
        yield Severity.WARNING, _("The ids of Sinch's access keys are UUIDs; this is none.")


def check_ulid(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is wrong with an id that is a ULID: Sinch answers 400 to anything else."""
    if len(value) != 26:
        yield (
            Severity.ERROR,
            _("It has {length} characters; this has {count}.").format(length=26, count=len(value)),
        )
    elif not _ULID.fullmatch(value):
        yield Severity.ERROR, _("It has digits and capitals only, without I, L, O and U.")


def check_plan(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is wrong or doubtful with the id of a service plan."""
    if re.search(r"[\s/]", value):
        yield Severity.ERROR, _("It holds no blanks and no slash. Copy the id alone.")
    elif not _PLAN.fullmatch(value):
        yield (
            Severity.WARNING,
            _("Ids of plans have up to 64 letters, digits, hyphens and underscores."),
        )


def check_plan_token(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is wrong or doubtful with the token of a service plan."""
    if re.search(r"\s", value):
        yield Severity.ERROR, _("It holds no blanks. Leave out the word Bearer.")
        return
    yield from check_header_text(value)
    if key_pair(value) or is_pair(value):
        yield (
            Severity.WARNING,
            _(
                "This looks like an access key of the Conversation API. The token here is the "
                "plan's own."
            ),
        )


def key_pair(token: str) -> tuple[str, str] | None:
    """Return key id and key secret of a token in Base64, or None when it holds no such pair."""
    try:
        text = base64.b64decode(token, validate=True).decode("ascii")
    except ValueError:
        return None
    key_id, colon, secret = text.partition(":")
    is_right = (
        colon and key_id and secret and text.isprintable() and not re.search(r"[\s:]", secret)
    )
    return (key_id, secret) if is_right else None


def is_pair(token: str) -> bool:
    """Whether a token is a pair ``key id:key secret`` that was not encoded."""
    key_id, colon, secret = token.partition(":")
    return bool(colon and secret) and is_uuid(key_id)


def encoded_pair(key_id: str, secret: SecretStr) -> SecretStr:
    """Return key id and key secret as Adobe's field wants them: in Base64."""
    pair = f"{key_id}:{secret.get_secret_value()}".encode()
    return SecretStr(base64.b64encode(pair).decode("ascii"))


def check_override_url(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is wrong with an address that Sinch calls."""
    try:
        has_login = "@" in urlsplit(value).netloc
    except ValueError:
        has_login = False
    if has_login:
        yield (
            Severity.ERROR,
            _("The address holds no user and no password; Sinch sets those for the account."),
        )
        return
    yield from check_url(value)


def _region(regions: tuple[str, ...], text: str) -> FieldSpec:
    return FieldSpec(
        label=N_("Region"),
        kind=Kind.CHOICE,
        help=text,
        group=GROUP_ADVANCED,
        choices=choices(regions),
        default=US,
    )


SmsRegionField = Annotated[
    str,
    _region(
        SMS_REGIONS,
        N_("Not Adobe's: where the plan lives. The probe finds it if this one is wrong."),
    ),
]
ConversationRegionField = Annotated[
    str,
    _region(
        CONVERSATION_REGIONS,
        N_("Not Adobe's: where the app lives. The probe finds it if this one is wrong."),
    ),
]
ApiHostField = Annotated[
    str,
    FieldSpec(
        label=N_("API host"),
        help=N_("Takes the place of the region's host, for a simulator or a gateway."),
        group=GROUP_ADVANCED,
        tidy=tidy_host,
        check=check_api_host,
        is_address=True,
    ),
]
