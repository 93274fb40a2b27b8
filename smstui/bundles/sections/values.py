"""Fields of a form as they stand in a document."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from smstui.providers.fields import Draft, Value
from smstui.secret_forms import is_secret_name


def written(draft: Draft) -> dict[str, Any]:
    """Return a draft as JSON values; secrets, also those among pairs, are wrapped."""
    return {name: _written(value) for name, value in draft.items() if value is not None}


def _written(value: Value) -> Any:
    if not isinstance(value, tuple):
        return value
    return [[name, SecretStr(text) if is_secret_name(name) else text] for name, text in value]
