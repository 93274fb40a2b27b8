"""What goes into the store and comes out of it."""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

from smstui.text import clean

if TYPE_CHECKING:
    from pydantic import SecretStr

MAX_NAME = 100
"""The most characters a record's name has."""


class New(Protocol):
    """A record that is not in the store yet."""

    @property
    def name(self) -> str: ...
    @property
    def fields(self) -> Mapping[str, Any]: ...
    @property
    def secrets(self) -> Mapping[str, SecretStr]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A record as the store has it.

    ``fields`` are JSON values; ``revision`` grows with every change.
    """

    id: int
    name: str
    fields: Mapping[str, Any]
    secrets: Mapping[str, SecretStr] = field(repr=False)
    revision: int
    created_by: str
    created_at: datetime
    modified_by: str
    modified_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InEnvironment(Stored):
    """A record that belongs to an environment."""

    environment_id: int


@dataclass(frozen=True, slots=True)
class Actor:
    """Who works with the store: OS user, and where the SSH session comes from ("" for here)."""

    user: str
    origin: str = ""

    @classmethod
    def current(cls) -> Self:
        """Return the user this process runs as; ``LOGNAME`` and the like are not believed."""
        try:
            user = pwd.getpwuid(os.getuid()).pw_name
        except KeyError:
            user = str(os.getuid())
        origin = os.environ.get("SSH_CONNECTION", "").split()
        return cls(user, clean(origin[0])[:64] if origin else "")


@dataclass(frozen=True, slots=True)
class NewCredential:
    """A credential that is not in the store yet."""

    vendor: str
    name: str
    fields: Mapping[str, Any]
    secrets: Mapping[str, SecretStr] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialRecord(InEnvironment):
    """One stored credential."""

    vendor: str


@dataclass(frozen=True, slots=True)
class CredentialRow:
    """What a list shows of a credential; ``verified_result`` is empty when it never was."""

    id: int
    name: str
    vendor: str
    created_by: str
    modified_at: datetime
    verified_at: datetime | None
    verified_result: str
    verified_word: str


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Which records of a list, in which order.

    Attributes:
        text: words that must all occur in what the kind of record is searched by; any case.
        sort: the column, one of the repository's ``order``; names decide among equals.
        descending: turns the whole order round.
    """

    text: str = ""
    sort: str = "name"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class VerificationRecord:
    """One run of a verification; ``record`` is JSON that was redacted before it came here."""

    id: int
    credential_id: int
    at: datetime
    depth: str
    result: str
    word: str
    seconds: float
    to: str
    message_id: str
    record: Mapping[str, Any] = field(repr=False)


class Action(StrEnum):
    """What the audit trail tells of. The values are kept in the file: never change one."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    VERIFIED = "verified"
    IMPORTED = "imported"
    EXPORTED = "exported"
    PROMOTED = "promoted"
    SECRET_REVEALED = "secret revealed"  # noqa: S105 - the name of an act, not a secret
    SECRET_STAGED = "secret staged"  # noqa: S105 - as above, and so on
    SECRET_VERIFIED = "staged secret verified"  # noqa: S105
    SECRET_PROMOTED = "secret promoted"  # noqa: S105
    SECRET_ROLLED_BACK = "secret rolled back"  # noqa: S105
    SECRET_DISCARDED = "secret discarded"  # noqa: S105
    STORE_CREATED = "store created"
    PASSPHRASE_CHANGED = "passphrase changed"  # noqa: S105 - the name of an act
    BACKED_UP = "backed up"
    SUBMITTED = "submitted"
    ACTIVATED = "activated"
    CHECKS_FAILED = "checks failed"
    INTERRUPTED = "interrupted"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to which object, and when; ``fields`` names what changed, never values.

    ``environment`` is what the object's environment was called; empty for an object without one.
    """

    id: int
    at: datetime
    user: str
    origin: str
    action: str
    kind: str
    object_id: int | None
    name: str
    environment: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditWord:
    """A word that an entry is looked for by.

    Attributes:
        text: occurs in person, origin, object or fields; any case.
        actions: or is one of these what was done.
        kinds: or is the object of one of these kinds.
    """

    text: str
    actions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which entries of the trail, newest first.

    Attributes:
        words: all of them fit the entry.
        object: the name of what was acted on, now or ever: entries from before a change of name
            belong to it, too. Any case.
        user: who acted; any case.
        since: from that moment on.
        until: before that moment.
    """

    words: tuple[AuditWord, ...] = ()
    object: str = ""
    user: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """A description of the store.

    Attributes:
        path: where the file is, links followed.
        size: of the file, in bytes.
        schema_version: how many migrations were applied.
        cipher: how pages are encrypted.
        kdf: how the key is made from the passphrase.
        created: when the store was made.
        mode: the file's permissions, octal.
    """

    path: Path
    size: int
    schema_version: int
    cipher: str
    kdf: str
    credentials: int
    verifications: int
    webhooks: int
    events: int
    consents: int
    audit_entries: int
    created: datetime
    mode: str
