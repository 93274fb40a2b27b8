"""Taking over a bundle as a plan has it and a person chose: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from smstui.bundles.errors import NotImported, StoreMoved
from smstui.bundles.plan import Choice, Item, Key, Plan, Status, key_of, make_plan
from smstui.bundles.sections.base import Resolved
from smstui.bundles.sections.registry import sections
from smstui.errors import SmstuiError
from smstui.i18n import _
from smstui.store.errors import NotFound
from smstui.store.listing import some_of
from smstui.store.records import Action
from smstui.text import clean, fold

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.store.environments import EnvironmentRecord

KIND = "bundle"
"""What the audit trail calls a bundle."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What taking over a bundle did.

    Attributes:
        added: how many records are new.
        replaced: how many took the place of ours.
        copied: how many stand beside ours, under another name.
        left: how many of ours stayed, and new ones were left out.
        same: how many were the same already.
        remarks: what could not be in full, one sentence each.
    """

    added: int
    replaced: int
    copied: int
    left: int
    same: int
    remarks: Sequence[str] = ()


def apply(store: Store, plan: Plan, choices: Mapping[int, Choice], *, source: str = "") -> Applied:
    """Take over a bundle; all of it is kept, or nothing.

    Args:
        store: where to.
        plan: what was looked at.
        choices: what is to become of which item; new ones are added where nothing is said.
        source: where the bundle came from, for the audit trail.

    Raises:
        StoreMoved: the store was changed since the plan was made.
        NotImported: something was not chosen, or cannot be as chosen.
        StoreError: the store cannot be written.
    """
    _refuse_undecided(plan, choices)
    with store.changing():
        if make_plan(store, plan.bundle).fingerprint != plan.fingerprint:
            raise StoreMoved(
                _(
                    "The store was changed since you looked at the differences. "
                    "Look at them again, then import."
                )
            )
        work = _Work(store, plan, choices)
        for item in plan.items:
            work.take(item)
        store.audit.record(Action.IMPORTED, kind=KIND, name=clean(source))
        return work.applied()


def describe(applied: Applied) -> str:
    """Return what taking over a bundle did, in one sentence."""
    counted = (
        (applied.added, _("{n} added")),
        (applied.replaced, _("{n} replaced")),
        (applied.copied, _("{n} added under another name")),
        (applied.left, _("{n} left as it was")),
        (applied.same, _("{n} the same already")),
    )
    said = [words.format(n=number) for number, words in counted if number]
    if not said:
        return _("The bundle is empty; nothing was imported.")
    return _("The bundle was imported: {what}.").format(what=", ".join(said))


def chosen(item: Item, choices: Mapping[int, Choice]) -> Choice:
    """Return what is to become of an item; a new one is added when nobody says otherwise."""
    return choices.get(item.number, Choice.THEIRS if item.status is Status.NEW else Choice.OURS)


def replaced(plan: Plan, choices: Mapping[int, Choice]) -> list[Item]:
    """Return the items whose version here is lost when the bundle is taken over."""
    return [
        item
        for item in plan.items
        if item.existing is not None
        and item.status is not Status.SAME
        and chosen(item, choices) is Choice.THEIRS
    ]


def production_at_risk(
    store: Store, plan: Plan, choices: Mapping[int, Choice]
) -> list[EnvironmentRecord]:
    """Return the environments that are production here and of which something would be lost."""
    names = {item.theirs.environment or item.theirs.name: None for item in replaced(plan, choices)}
    found = [store.environments.by_name(name) for name in names]
    return [environment for environment in found if environment.is_production]


class _Work:
    """One bundle while it is taken over, within one transaction."""

    def __init__(self, store: Store, plan: Plan, choices: Mapping[int, Choice]) -> None:
        self._store = store
        self._choices = choices
        self._items = {item.key: item for item in plan.items}
        self._stores: dict[str, Store] = {}
        self._counts: dict[str, int] = dict.fromkeys(
            ("added", "replaced", "copied", "left", "same"), 0
        )
        self._remarks: list[str] = []

    def take(self, item: Item) -> None:
        """Take over one item as it was chosen."""
        choice = chosen(item, self._choices)
        if item.status is Status.SAME:
            self._counts["same"] += 1
        elif choice is Choice.OURS:
            self._counts["left"] += 1
        elif item.status is Status.NEW:
            self._keep(item, item.theirs.name, replace=False)
            self._counts["added"] += 1
        elif choice is Choice.BOTH:
            self._keep(item, item.copy_name, replace=False)
            self._counts["copied"] += 1
        else:
            self._keep(item, item.theirs.name, replace=True)
            self._counts["replaced"] += 1

    def applied(self) -> Applied:
        """Return what was done."""
        return Applied(**self._counts, remarks=tuple(self._remarks))

    def _keep(self, item: Item, name: str, *, replace: bool) -> None:
        store = self._within(item)
        existing: Any = None
        if replace and item.existing is not None:
            existing = item.section.repository(store).get(item.existing[0])

        def resolve(section: str, needed: str) -> Resolved:
            return self._resolved(store, item, section, needed)

        try:
            self._remarks += item.section.keep(store, item.theirs, name, existing, resolve)
        except NotImported:
            raise
        except SmstuiError as error:
            said = f"{_(item.section.label)} {clean(item.theirs.name)}: {error.message}"
            raise NotImported([said]) from error

    def _within(self, item: Item) -> Store:
        if item.section.records.is_shared:
            return self._store
        environment = item.theirs.environment
        known = fold(environment)
        if known not in self._stores:
            try:
                record = self._store.environments.by_name(environment)
            except NotFound:
                raise _left_out(item, environment) from None
            self._stores[known] = self._store.acting_in(record.id)
        return self._stores[known]

    def _resolved(self, store: Store, item: Item, section: str, needed: str) -> Resolved:
        """Return what a reference comes to: the record of the bundle as it was taken, or ours."""
        key: Key = key_of(section, item.theirs.environment, needed)
        found = self._items.get(key)
        if found is not None:
            choice = chosen(found, self._choices)
            if found.status is Status.NEW and choice is Choice.OURS:
                raise _left_out(item, needed)
            if choice is Choice.BOTH:
                return Resolved(found.copy_name, is_theirs=True)
            is_theirs = choice is Choice.THEIRS or found.status is Status.SAME
        else:
            is_theirs = False
        record = sections()[section].repository(store).by_name(needed)
        return Resolved(record.name, is_theirs)


def _refuse_undecided(plan: Plan, choices: Mapping[int, Choice]) -> None:
    undecided = [clean(item.theirs.name) for item in plan.undecided(choices)]
    if undecided:
        said = _("Choose what becomes of these first: {names}.")
        raise NotImported([said.format(names=some_of(undecided))])
    for item in plan.items:
        choice = choices.get(item.number)
        if choice is not None and item.choices and choice not in item.choices:
            said = item.obstacle or _("This cannot be chosen for it.")
            raise NotImported([f"{clean(item.theirs.name)}: {said}"])


def _left_out(item: Item, needed: str) -> NotImported:
    said = _("{name} needs {needed}, which was left out. Take that too, or leave both out.")
    return NotImported([said.format(name=clean(item.theirs.name), needed=clean(needed))])
