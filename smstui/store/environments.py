"""The environments of a store: Adobe's sandboxes. Everything else in it belongs to one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlite_utils import Database

from smstui.i18n import N_, _, ngettext
from smstui.store.errors import InUse
from smstui.store.listing import listing_of, some_of
from smstui.store.named import NamedRecords, Sentences
from smstui.store.records import Stored
from smstui.store.rows import COMMON, read_common
from smstui.times import from_iso, iso

if TYPE_CHECKING:
    from pydantic import SecretStr

COLOUR, PRODUCTION = "colour", "is_production"
"""The fields that the store itself knows of."""


@dataclass(frozen=True, slots=True)
class NewEnvironment:
    """An environment that is not in the store yet; its fields are JSON values."""

    name: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, SecretStr] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentRecord(Stored):
    """One stored environment; it has no secrets, which records have in common."""

    @property
    def colour(self) -> str:
        """The colour of its word, empty for none of its own."""
        return str(self.fields.get(COLOUR, ""))

    @property
    def is_production(self) -> bool:
        """Whether real people are written to from it."""
        return bool(self.fields.get(PRODUCTION))


@dataclass(frozen=True, slots=True)
class EnvironmentRow:
    """What a list shows of an environment; ``credentials`` and ``webhooks`` count what it has."""

    id: int
    name: str
    colour: str
    is_production: bool
    credentials: int
    webhooks: int
    created_by: str
    modified_at: datetime


class Environments(NamedRecords[EnvironmentRecord, NewEnvironment, EnvironmentRow]):
    """The repository of environments."""

    kind = "environment"
    plural = N_("environments")
    is_shared = True
    table = "environments"
    columns = COMMON
    row_columns = (
        "id, name, coalesce(json_extract(fields, '$.colour'), ''),"
        " coalesce(json_extract(fields, '$.is_production'), 0),"
        " (SELECT count(*) FROM credentials WHERE environment_id = environments.id),"
        " (SELECT count(*) FROM webhooks WHERE environment_id = environments.id),"
        " created_by, modified_at"
    )
    order: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "name": ("listing",),
        "modified_at": ("modified_at", "listing"),
    }
    parts = ("name",)
    sentences = Sentences(
        unknown=N_(
            "There is no environment {name}. The command smstui environment list tells which exist."
        ),
        taken=N_("There is an environment {name} already. Choose another name."),
        deleted=N_("{name} was deleted by {user}. To keep it, save it as a new environment."),
        gone=N_("There is no such environment. Look for it in the list."),
    )

    def or_oldest(self, id: int | None) -> int:  # noqa: A002 - what it is called everywhere
        """Return the id of an environment as long as it is there, else that of the oldest one."""
        with self._vault.reading() as db:
            (found,) = db.execute(
                "SELECT id FROM environments ORDER BY id = ? DESC, id LIMIT 1", (id,)
            ).fetchone()
        return int(found)

    def adopt(self, id: int) -> None:  # noqa: A002 - as above
        """Name the actor as who made an environment, and now as when: a new store's first one."""
        now = iso(self._clock())
        with self._vault.writing() as db:
            db.execute(
                "UPDATE environments SET created_by = :user, modified_by = :user,"
                " created_at = :now, modified_at = :now WHERE id = :id",
                {"user": self._actor.user, "now": now, "id": id},
            )

    def _own_values(self, new: NewEnvironment) -> dict[str, Any]:
        return {}

    def _listing(self, db: Database, new: NewEnvironment, created_by: str, id_: int | None) -> str:
        return listing_of(new.name, created_by)

    def _before_delete(self, db: Database, current: EnvironmentRecord) -> None:
        if self.count() == 1:
            raise InUse(
                _("{name} is the only environment. A store has at least one.").format(
                    name=current.name
                )
            )
        holds = [*self._held(db, current.id)]
        if holds:
            raise InUse(
                _(
                    "{name} still holds {what}. Promote them to another environment or delete "
                    "them, then delete it."
                ).format(name=current.name, what="; ".join(holds))
            )

    def _held(self, db: Database, id_: int) -> list[str]:
        """Return what an environment holds, a few words for each kind of record."""
        holds = []
        for kind in NamedRecords.__subclasses__():
            if kind.is_shared:
                continue
            rows = db.execute(
                f"SELECT name FROM {kind.table} WHERE environment_id = ? ORDER BY listing",  # noqa: S608 - a constant
                (id_,),
            ).fetchall()
            if rows:
                names = some_of([name for (name,) in rows])
                holds.append(_("{kind}: {names}").format(kind=_(kind.plural), names=names))
        (consents,) = db.execute(
            "SELECT count(*) FROM consents WHERE environment_id = ?", (id_,)
        ).fetchone()
        if consents:
            said = ngettext("the consent of {n} number", "the consent of {n} numbers", consents)
            holds.append(said.format(n=consents))
        return holds

    def _record(self, row: tuple[Any, ...]) -> EnvironmentRecord:
        common, _none = read_common(row)
        return EnvironmentRecord(**common)

    def _row(self, row: tuple[Any, ...]) -> EnvironmentRow:
        id_, name, colour, is_production, credentials, webhooks, created_by, modified_at = row
        return EnvironmentRow(
            id=id_,
            name=name,
            colour=colour,
            is_production=bool(is_production),
            credentials=credentials,
            webhooks=webhooks,
            created_by=created_by,
            modified_at=from_iso(modified_at),
        )
