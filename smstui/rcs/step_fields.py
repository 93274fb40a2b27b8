"""The fields of the steps that belong to no provider, and what all steps do with secrets."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from pydantic import SecretStr

from smstui.i18n import N_
from smstui.providers.base import Credential
from smstui.providers.fields import (
    Choice,
    Draft,
    FieldSpec,
    Kind,
    Value,
    words_of,
)
from smstui.providers.phone import phone_note, tidy_phone
from smstui.rcs.checks import check_phone
from smstui.rcs.routes.registry import routes

_NAME = dataclasses.replace(
    Credential.specs()["name"],
    help=N_("A name of your choice; webhooks and credential are named after it."),
)
_TO = FieldSpec(
    label=N_("Number"),
    help=N_("A test device that accepted the invitation."),
    required=True,
    placeholder="+393331234567",
    tidy=tidy_phone,
    check=check_phone,
    note=phone_note,
)
_MESSAGE = FieldSpec(
    label=N_("Message"),
    help=N_("What the handset shows; empty for a text of ours."),
    max_length=1600,
)


def provider_fields() -> dict[str, FieldSpec]:
    """Return the fields of the first step: the name, and who provides RCS."""
    route = FieldSpec(
        label=N_("Provider"),
        kind=Kind.CHOICE,
        help=N_("Who registers the RCS sender and carries the messages."),
        required=True,
        choices=tuple(Choice(name, name) for name in routes()),
    )
    return {"name": _NAME, "route": route}


def trial_fields(register: Draft) -> dict[str, FieldSpec]:
    """Return the fields of the test; the recipient starts as the first test device."""
    numbers = words_of(register.get("test_numbers"))
    to = dataclasses.replace(_TO, default=numbers[0] if numbers else None)
    return {"to": to, "message": _MESSAGE}


def wrapped(specs: Mapping[str, FieldSpec], draft: Draft) -> dict[str, Value]:
    """Return a draft whose secrets are wrapped, whoever typed them."""
    return {
        name: SecretStr(value)
        if isinstance(value, str) and name in specs and specs[name].is_secret and value
        else value
        for name, value in draft.items()
    }
