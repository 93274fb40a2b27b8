"""What the store keeps of rotations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import SecretStr

from smstui.times import from_iso, from_iso_or_none

COLUMNS = (
    "id, credential_id, state, revision, staged_by, staged_at, promoted_by, promoted_at,"
    " verified_by, verified_at, verified_revision, result, word, summary, fields, secrets"
)
"""What `record_from` reads, in its order."""


class RotationState(StrEnum):
    """Which set of values a rotation holds beside those in use."""

    STAGED = "staged"
    """The ones to come."""
    PROMOTED = "promoted"
    """The ones before, for a roll-back."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a verification of the staged values came to.

    Attributes:
        by: who had them verified.
        at: when.
        revision: of the credential whose other fields they were verified with.
        result: a value of `smstui.providers.base.Result`.
        word: two or three words on it.
        summary: one line on it, redacted.
    """

    by: str
    at: datetime
    revision: int
    result: str
    word: str
    summary: str


@dataclass(frozen=True, slots=True)
class RotationRecord:
    """One stored rotation; see `Rotations`.

    Attributes:
        id: its id, another one after it was discarded and begun anew.
        credential_id: whose values it holds.
        state: which ones.
        revision: grows with every change.
        staged_by, staged_at: who staged them, and when.
        promoted_by, promoted_at: who promoted them, and when; empty and None before.
        proof: how the staged values were verified; None while they were not.
        fields: values that go with a secret, None for one that is not set.
        secrets: the secrets, likewise.
    """

    id: int
    credential_id: int
    state: RotationState
    revision: int
    staged_by: str
    staged_at: datetime
    promoted_by: str
    promoted_at: datetime | None
    proof: Proof | None
    fields: Mapping[str, Any]
    secrets: Mapping[str, SecretStr | None] = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all fields it holds values of."""
        return (*self.fields, *self.secrets)


def record_from(row: tuple[Any, ...]) -> RotationRecord:
    """Return the rotation of a row with `COLUMNS`."""
    id_, credential_id, state, revision, staged_by, staged_at, promoted_by, promoted_at, *rest = row
    verified_by, verified_at, verified_revision, result, word, summary, fields, secrets = rest
    proof = None
    if verified_at is not None:
        proof = Proof(verified_by, from_iso(verified_at), verified_revision, result, word, summary)
    return RotationRecord(
        id=id_,
        credential_id=credential_id,
        state=RotationState(state),
        revision=revision,
        staged_by=staged_by,
        staged_at=from_iso(staged_at),
        promoted_by=promoted_by,
        promoted_at=from_iso_or_none(promoted_at),
        proof=proof,
        fields=json.loads(fields),
        secrets={
            name: None if value is None else SecretStr(value)
            for name, value in json.loads(secrets).items()
        },
    )
