"""The columns that every named record has: one order, and one way to read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict

from pydantic import SecretStr

from smstui.times import from_iso

COMMON = "id, name, fields, secrets, revision, created_by, created_at, modified_by, modified_at"
"""The columns that a whole record begins with."""


class Common(TypedDict):
    """What those columns hold: the attributes of `smstui.store.records.Stored`."""

    id: int
    name: str
    fields: Mapping[str, Any]
    secrets: Mapping[str, SecretStr]
    revision: int
    created_by: str
    created_at: datetime
    modified_by: str
    modified_at: datetime


def read_common(row: tuple[Any, ...]) -> tuple[Common, tuple[Any, ...]]:
    """Return what the columns of `COMMON` hold, and the columns after them as they are."""
    id_, name, fields, secrets, revision, created_by, created_at, *rest = row
    modified_by, modified_at, *own = rest
    common = Common(
        id=id_,
        name=name,
        fields=json.loads(fields),
        secrets={key: SecretStr(value) for key, value in json.loads(secrets).items()},
        revision=revision,
        created_by=created_by,
        created_at=from_iso(created_at),
        modified_by=modified_by,
        modified_at=from_iso(modified_at),
    )
    return common, tuple(own)
