"""The contract between one kind of record and the rest of the bundles."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from smstui.bundles.document import Entry
from smstui.providers.fields import Draft, FieldSpec, Issue
from smstui.store.named import NamedRecords

if TYPE_CHECKING:
    from smstui.bundles.reading import Reader
    from smstui.store import Store

Repository = NamedRecords[Any, Any, Any]

ENVIRONMENTS = "environments"
CREDENTIALS = "credentials"
WEBHOOKS = "webhooks"
"""Keys of the sections that others refer to."""


class Reference(NamedTuple):
    """A record that another one needs, in the same environment.

    Attributes:
        section: the key of its section.
        name: its name.
        where: what names it, below the entry: ``fields.credential``.
    """

    section: str
    name: str
    where: str


class Resolved(NamedTuple):
    """What a reference comes to in the store.

    Attributes:
        name: the record's name there.
        is_theirs: whether it is there as the bundle has it.
    """

    name: str
    is_theirs: bool


@dataclass(frozen=True, slots=True)
class Described:
    """A record as a bundle has it, or as the store has it: both are compared in this form.

    Attributes:
        environment: the name of its environment; empty for an environment.
        name: its name.
        variety: what it is one of and stays: a vendor; empty where there is no such thing.
        specs: the fields in which two versions are compared.
        draft: what they hold; secrets are wrapped.
        references: what it needs.
        body: what else the section keeps of it.
    """

    environment: str
    name: str
    variety: str
    specs: Mapping[str, FieldSpec] = field(repr=False)
    draft: Draft = field(repr=False)
    references: tuple[Reference, ...] = ()
    body: Any = field(default=None, repr=False)


class Names(Protocol):
    """Which credentials there will be."""

    def credentials(self, environment: str, vendors: Sequence[str]) -> list[str]:
        """Return the names of the credentials of some vendors, of the bundle and of the store."""


Resolve = Callable[[str, str], Resolved]
"""What the reference to a record of a section comes to, by its name in the bundle."""


class Section(ABC):
    """How one kind of record is written in a bundle, checked, and taken over.

    Attributes:
        key: the name of its list in the document.
        records: the class of its repository.
        label: what one record is called, marked with `N_`.
        plural: what several are called, marked with `N_`.
        may_copy: whether a record can be kept beside ours, under another name.
    """

    key: ClassVar[str]
    records: ClassVar[type[Repository]]
    label: ClassVar[str]
    plural: ClassVar[str]
    may_copy: ClassVar[bool] = True

    @abstractmethod
    def repository(self, store: Store) -> Repository:
        """Return the repository of its records."""

    @abstractmethod
    def entry(self, store: Store, record: Any) -> Entry:
        """Return a stored record as it stands in a document, without its environment.

        Args:
            store: where it is, in its environment.
            record: the record; its secrets stay wrapped.
        """

    @abstractmethod
    def read(self, reader: Reader, environment: str, name: str) -> Described | None:
        """Return the record that an entry describes; None when it is too wrong for that.

        Args:
            reader: reads the entry, secrets revealed; environment and name were taken already.
            environment: the name of its environment.
            name: its name.
        """

    @abstractmethod
    def check(self, described: Described, names: Names) -> list[Issue]:
        """Return what the record's own model finds wrong with it."""

    @abstractmethod
    def keep(
        self, store: Store, described: Described, name: str, existing: Any, resolve: Resolve
    ) -> Sequence[str]:
        """Save the record, and return sentences on what it could not be in full.

        Args:
            store: where to, in its environment.
            described: the record.
            name: its name there.
            existing: ours of that name, whose place it takes; None for a new one.
            resolve: what a reference comes to.

        Raises:
            SmstuiError: it cannot be saved.
        """

    def obstacle(self, record: Any, ours: Described, theirs: Described) -> str:
        """Return why theirs cannot take the place of ours, one sentence; empty when it can."""
        return ""
