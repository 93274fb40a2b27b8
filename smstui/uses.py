"""Who depends on whom: which records use a record, and which it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smstui.store.named import NamedRecords

if TYPE_CHECKING:
    from smstui.store import Store

Repository = NamedRecords[Any, Any, Any]


def repository_of(store: Store, kind: str) -> Repository | None:
    """Return the repository of a kind of record, by its word in the audit trail; None for none."""
    repositories = (value for value in vars(store).values() if isinstance(value, NamedRecords))
    return next((records for records in repositories if records.kind == kind), None)
