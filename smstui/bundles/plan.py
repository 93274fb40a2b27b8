"""What taking over a bundle would do: each record new, the same, changed or in conflict.

Everything is read and checked before anything is proposed; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from smstui.bundles.document import Bundle, Entry, filled, written
from smstui.bundles.errors import NotImported
from smstui.bundles.reading import Reader
from smstui.bundles.sections.base import (
    CREDENTIALS,
    ENVIRONMENTS,
    Described,
    Reference,
    Repository,
    Section,
)
from smstui.bundles.sections.registry import sections
from smstui.comparison import Change, changes_between
from smstui.credentials import address_differs
from smstui.i18n import N_, _
from smstui.providers.fields import moved_addresses
from smstui.store.errors import NotFound
from smstui.store.records import MAX_NAME
from smstui.text import clean, fold

if TYPE_CHECKING:
    from smstui.store import Store

MOST_PROBLEMS = 20
"""Lines that are told of a bundle that cannot be taken over; more would help nobody."""
_VARIETIES = ("vendor", "route")


class Status(StrEnum):
    """How a record of a bundle stands to the store."""

    NEW = N_("new")
    SAME = N_("same")
    CHANGED = N_("changed")
    """Ours of that name differs; theirs can take its place."""
    CONFLICT = N_("conflict")
    """Ours of that name differs, and theirs cannot take its place."""


class Choice(StrEnum):
    """What is to become of a record."""

    OURS = "ours"
    """Ours stays; a new one is left out."""
    THEIRS = "theirs"
    """Theirs takes the place of ours; a new one is added."""
    BOTH = "both"
    """Theirs is added under another name."""


Key = tuple[str, str, str]
"""Section, folded environment, folded name: what a record is known by within a bundle."""


@dataclass(frozen=True, slots=True)
class Item:
    """One record of a bundle, beside what the store has.

    Attributes:
        number: its place in the plan.
        section: its kind.
        theirs: as the bundle has it.
        status: how it stands to the store.
        changes: the fields in which ours and theirs differ; before is ours.
        obstacle: why theirs cannot take the place of ours; empty when it can.
        copy_name: the name under which both can be kept; empty when they cannot.
        existing: id and revision of ours; None for a new one.
    """

    number: int
    section: Section
    theirs: Described
    status: Status
    changes: Sequence[Change] = ()
    obstacle: str = ""
    copy_name: str = ""
    existing: tuple[int, int] | None = None

    @property
    def key(self) -> Key:
        """What it is known by within the bundle."""
        return key_of(self.section.key, self.theirs.environment, self.theirs.name)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can become of it; nothing is to be chosen for one that is the same."""
        if self.status is Status.SAME:
            return ()
        if self.status is Status.NEW:
            return (Choice.THEIRS, Choice.OURS)
        both = (Choice.BOTH,) if self.copy_name else ()
        theirs = () if self.obstacle else (Choice.THEIRS,)
        return (Choice.OURS, *theirs, *both)

    @property
    def is_asked(self) -> bool:
        """Whether a person has to choose: a new one is added when nobody says otherwise."""
        return self.status in (Status.CHANGED, Status.CONFLICT)


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking over a bundle would do.

    Attributes:
        bundle: what it was made from.
        items: its records, in the order in which they are taken over.
        remarks: what is to be known besides, one sentence each.
        fingerprint: differs when the store differs in anything that was looked at.
    """

    bundle: Bundle
    items: Sequence[Item]
    remarks: Sequence[str] = ()
    fingerprint: Sequence[Any] = field(default=(), repr=False)

    def undecided(self, choices: Mapping[int, Choice]) -> list[Item]:
        """Return the records for which somebody has to choose."""
        return [item for item in self.items if item.is_asked and item.number not in choices]


@dataclass(frozen=True, slots=True)
class _Read:
    """An entry that was read, and how the store has it."""

    section: Section
    reader: Reader
    theirs: Described
    record: Any
    ours: Described | None


def key_of(section: str, environment: str, name: str) -> Key:
    """Return what a record is known by within a bundle."""
    return section, fold(environment), fold(name)


def make_plan(store: Store, bundle: Bundle) -> Plan:
    """Return what taking over a bundle would do.

    Raises:
        NotImported: something in it is wrong; there is a line for each thing.
    """
    problems: list[str] = []
    world = _World(store)
    found = [*_read_all(world, bundle, problems)]
    world.bundled = {
        key_of(each.section.key, each.theirs.environment, each.theirs.name): each.theirs
        for each in found
    }
    for each in found:
        _check(each, world)
    if problems:
        raise NotImported(_told(problems, bundle))
    items = [_item(number, each, world) for number, each in enumerate(found)]
    remarks = [*dict.fromkeys(world.remarks), *_remarks(items)]
    fingerprint = [
        *((item.key, item.status, item.existing, item.copy_name) for item in items),
        *sorted(world.relied_on),
    ]
    return Plan(bundle, items, remarks, fingerprint)


def faults(store: Store, bundle: Bundle) -> Sequence[str]:
    """Return why a bundle could not be taken over by the very store it came from; mostly nothing.

    A record that no longer fits its model is exported all the same, and refused on import.
    """
    try:
        make_plan(store, bundle)
    except NotImported as error:
        return error.problems
    return ()


class _World:
    """The store beside the bundle: who there is, and who there will be."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.bundled: dict[Key, Described] = {}
        self.relied_on: set[tuple[str, str, int]] = set()
        """Section, name and id of what the store has and the bundle only names."""
        self.remarks: list[str] = []
        self._stores: dict[str, Store | None] = {}
        self._credentials: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        self._names: dict[tuple[str, str], set[str]] = {}
        """What was asked once: a bundle of thousands of records asks the same for each."""

    def within(self, environment: str) -> Store | None:
        """Return the store in an environment; None where that does not exist yet."""
        known = fold(environment)
        if known not in self._stores:
            record = self._by_name(self.store.environments, environment)
            if record is not None:
                self.relied_on.add((ENVIRONMENTS, known, record.id))
            self._stores[known] = None if record is None else self.store.acting_in(record.id)
        return self._stores[known]

    def record(self, section: Section, environment: str, name: str) -> Any:
        """Return the stored record of that name; None when there is none."""
        store = self.store if section.records.is_shared else self.within(environment)
        return None if store is None else self._by_name(section.repository(store), name)

    def credentials(self, environment: str, vendors: Sequence[str]) -> list[str]:
        """Return the names of the credentials of some vendors, of the bundle and of the store."""
        asked = fold(environment), tuple(vendors)
        if asked not in self._credentials:
            self._credentials[asked] = self._credentials_of(*asked)
        return self._credentials[asked]

    def _credentials_of(self, environment: str, vendors: tuple[str, ...]) -> list[str]:
        names = {
            fold(theirs.name): theirs.name
            for (section, where, _name), theirs in self.bundled.items()
            if section == CREDENTIALS and where == environment and theirs.variety in vendors
        }
        store = self.within(environment)
        for name in [] if store is None else store.credentials.names_of(vendors):
            if key_of(CREDENTIALS, environment, name) not in self.bundled:
                names.setdefault(fold(name), name)
        return list(names.values())

    def names(self, section: str, environment: str) -> set[str]:
        """Return the folded names that the bundle has of a section in an environment."""
        if not self._names:
            for where, folded, name in self.bundled:
                self._names.setdefault((where, folded), set()).add(name)
        return self._names.get((section, fold(environment)), set())

    def resolved(self, theirs: Described, reference: Reference) -> bool:
        """Whether what a record needs is in the bundle, or in the store under that very name."""
        found = self.bundled.get(key_of(reference.section, theirs.environment, reference.name))
        if found is not None:
            return found.name == reference.name
        record = self.record(sections()[reference.section], theirs.environment, reference.name)
        if record is None or record.name != reference.name:
            return False
        self.relied_on.add((reference.section, reference.name, record.id))
        said = _("{who} uses {what} of this store: the bundle does not hold it.")
        self.remarks.append(said.format(who=clean(theirs.name), what=clean(reference.name)))
        return True

    def _by_name(self, repository: Repository, name: str) -> Any:
        try:
            return repository.by_name(name)
        except NotFound:
            return None


def _read_all(world: _World, bundle: Bundle, problems: list[str]) -> Iterator[_Read]:
    """Read the entries of a bundle, each beside its record in the store."""
    seen: set[Key] = set()
    for section in sections().values():
        for place, given in enumerate(bundle.entries.get(section.key, ())):
            entry = written(given, with_secrets=bundle.has_secrets)
            path = f".{section.key}[{place}]"
            before = len(problems)
            head = Reader(entry, path, problems)
            name = _name(head)
            environment = "" if section.records.is_shared else head.text("environment")
            if len(problems) > before:
                continue
            key = key_of(section.key, environment, name)
            if key in seen:
                head.refuse("name", _("{name} occurs twice.").format(name=clean(name)))
                continue
            seen.add(key)
            record = world.record(section, environment, name)
            ours_entry = None if record is None else _own_entry(world, section, record, environment)
            whole = entry
            if not bundle.has_secrets and ours_entry is not None and _is_alike(entry, ours_entry):
                whole = filled(entry, ours_entry)
            reader = Reader(whole, path, problems, name)
            reader.skip("name", "environment")
            theirs = section.read(reader, environment, name)
            reader.finish()
            if theirs is None or len(problems) > before:
                continue
            ours = None
            if ours_entry is not None:
                own = Reader(written(ours_entry, with_secrets=True), "", [])
                ours = section.read(own, environment, record.name)
            if ours is not None and whole != entry:
                for field_name in moved_addresses(theirs.specs, ours.draft, theirs.draft):
                    head.refuse(f"fields.{field_name}", address_differs(theirs.specs[field_name]))
                if len(problems) > before:
                    continue
            yield _Read(section, reader, theirs, record, ours)


def _is_alike(theirs: Entry, ours: Entry) -> bool:
    """Whether two entries are of one vendor or route: their secrets mean the same."""
    return all(fold(str(theirs.get(key))) == fold(str(ours.get(key))) for key in _VARIETIES)


def _own_entry(world: _World, section: Section, record: Any, environment: str) -> Any:
    store = world.store if section.records.is_shared else world.within(environment)
    assert store is not None  # noqa: S101 - the record came from there
    return section.entry(store, record)


def _name(reader: Reader) -> str:
    name = reader.text("name")
    if len(name) > MAX_NAME:
        reader.refuse("name", _("at most {most} characters.").format(most=MAX_NAME))
    if clean(name) != name:
        reader.refuse("name", _("this holds characters that cannot be shown."))
    return name


def _check(each: _Read, world: _World) -> None:
    """Refuse what the model of a record finds wrong, and what refers to nothing."""
    theirs, reader = each.theirs, each.reader
    if not each.section.records.is_shared and not _has_environment(theirs, world):
        said = _("neither the bundle nor this store has an environment {name}.")
        reader.refuse("environment", said.format(name=clean(theirs.environment)))
        return
    missing = [ref for ref in theirs.references if not world.resolved(theirs, ref)]
    for reference in missing:
        said = _("neither the bundle nor this store has a {kind} {name} in {environment}.")
        kind = _(sections()[reference.section].label)
        reader.refuse(
            reference.where,
            said.format(
                kind=kind,
                name=clean(reference.name),
                environment=clean(theirs.environment),
            ),
        )
    if not missing:
        reader.refuse_issues(each.section.check(theirs, world))


def _has_environment(theirs: Described, world: _World) -> bool:
    bundled = key_of(ENVIRONMENTS, "", theirs.environment) in world.bundled
    return bundled or world.within(theirs.environment) is not None


def _item(number: int, each: _Read, world: _World) -> Item:
    section, theirs, ours = each.section, each.theirs, each.ours
    if ours is None:
        return Item(number, section, theirs, Status.NEW)
    existing = (each.record.id, each.record.revision)
    specs = {**ours.specs, **theirs.specs}
    changes = changes_between(specs, ours.draft, theirs.draft)
    if not changes and ours.variety == theirs.variety:
        return Item(number, section, theirs, Status.SAME, existing=existing)
    obstacle = section.obstacle(each.record, ours, theirs)
    copy_name = ""
    if section.may_copy:
        store = world.within(theirs.environment)
        assert store is not None  # noqa: S101 - ours is in it
        taken = world.names(section.key, theirs.environment)
        copy_name = section.repository(store).duplicate_name(theirs.name, but=taken)
    status = Status.CONFLICT if obstacle else Status.CHANGED
    return Item(number, section, theirs, status, changes, obstacle, copy_name, existing)


def _remarks(items: Sequence[Item]) -> Iterator[str]:
    if any(item.section.key == "channels" and item.status is Status.NEW for item in items):
        yield _("New channel configurations come as drafts: submit them, so that they are checked.")


def _told(problems: Sequence[str], bundle: Bundle) -> list[str]:
    """Return the problems, no more than somebody reads, and what helps."""
    told = list(problems[:MOST_PROBLEMS])
    if len(problems) > MOST_PROBLEMS:
        said = _("… and {n} more.")
        told.append(said.format(n=len(problems) - MOST_PROBLEMS))
    if not bundle.has_secrets:
        told.append(
            _(
                "This bundle has no secrets. Where one is missing, write it into the file, "
                "or export the bundle encrypted."
            )
        )
    return told
