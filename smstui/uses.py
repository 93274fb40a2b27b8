"""Who depends on whom, for people: which records use a record, and which it uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from smstui.i18n import _, ngettext
from smstui.store.named import NamedRecords
from smstui.store.references import CHANNEL, SETUP, WEBHOOK, Use

if TYPE_CHECKING:
    from smstui.store import Store

Repository = NamedRecords[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Uses:
    """Where a record stands among the others.

    Attributes:
        name: its name.
        users: the records that name it.
        used: the records that it names.
    """

    name: str
    users: tuple[Use, ...]
    used: tuple[Use, ...]


def uses_of(store: Store, records: Repository, id: int) -> Uses:  # noqa: A002 - what it is called everywhere
    """Return where a record stands among the others.

    Args:
        store: where it is.
        records: its repository.
        id: its id.

    Raises:
        NotFound: it was deleted meanwhile.
    """
    return Uses(
        records.get(id).name,
        tuple(store.references.used_by(records.kind, id)),
        tuple(store.references.uses(records.kind, id)),
    )


def repository_of(store: Store, kind: str) -> Repository:
    """Return the repository of a kind of record, by its word in the audit trail.

    Raises:
        KeyError: the store has no records of that kind.
    """
    repositories = (value for value in vars(store).values() if isinstance(value, NamedRecords))
    return {records.kind: records for records in repositories}[kind]


def relation_word(use: Use, *, is_user: bool) -> str:
    """Return how a record stands to the one asked about, after its name: ``uses it``.

    Args:
        use: the record.
        is_user: it names the one asked about; otherwise it is named.
    """
    if not is_user:
        return _("is used by it")
    return _("uses it") if use.holds else _("remembers it")


def used_words(users: Sequence[Use]) -> str:
    """Return by how many of which kind a record is used: ``used by 2 webhooks, 1 channel``.

    Returns:
        An empty text when nothing uses it.
    """
    counts = Counter(use.kind for use in users)
    parts = [_counted(kind, n) for kind, n in counts.items()]
    return _("used by {users}").format(users=", ".join(parts)) if parts else ""


def _counted(kind: str, n: int) -> str:
    words = {
        WEBHOOK: ngettext("{n} webhook", "{n} webhooks", n),
        CHANNEL: ngettext("{n} channel", "{n} channels", n),
        SETUP: ngettext("{n} RCS set-up", "{n} RCS set-ups", n),
    }
    return words[kind].format(n=n)
