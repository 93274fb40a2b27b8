"""Fields of a form as they stand in a document, and the credential that one of them names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from smstui.bundles.sections.base import CREDENTIALS, Described, Reference, Resolve
from smstui.providers.fields import Draft, FieldSpec, Value, text_of
from smstui.secret_forms import is_secret_name

if TYPE_CHECKING:
    from smstui.bundles.reading import Reader


def written(draft: Draft) -> dict[str, Any]:
    """Return a draft as JSON values; secrets, also those among pairs, are wrapped."""
    return {name: _written(value) for name, value in draft.items() if value is not None}


def written_fields(draft: Draft) -> dict[str, Any]:
    """Return a draft as `written` does, without the name: an entry has that beside its fields."""
    return written({key: value for key, value in draft.items() if key != "name"})


def read_fields(fields: Reader, specs: Mapping[str, FieldSpec], name: str) -> dict[str, Value]:
    """Return what `written_fields` wrote, and the name."""
    own = {key: spec for key, spec in specs.items() if key != "name"}
    return {"name": name, **fields.draft(own)}


def needed_credential(draft: Draft, field: str) -> tuple[Reference, ...]:
    """Return the reference to the credential that a field names; none when it names none."""
    named = text_of(draft.get(field))
    return (Reference(CREDENTIALS, named, f"fields.{field}"),) if named else ()


def resolved_draft(
    described: Described, name: str, field: str, resolve: Resolve
) -> dict[str, Value]:
    """Return a draft with its name in the store, and there the credential that a field names."""
    draft = {**described.draft, "name": name}
    for reference in described.references:
        draft[field] = resolve(reference.section, reference.name).name
    return draft


def _written(value: Value) -> Any:
    if not isinstance(value, tuple):
        return value
    return [[name, SecretStr(text) if is_secret_name(name) else text] for name, text in value]
