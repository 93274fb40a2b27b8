"""The RCS set-ups in the store: kept as far as they have come, at every step."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlite_utils import Database

from smstui.i18n import N_
from smstui.store.listing import listing_of
from smstui.store.named import NamedRecords, Sentences
from smstui.store.records import InEnvironment
from smstui.store.rows import COMMON, read_common
from smstui.times import from_iso, from_iso_or_none, iso_or_none

if TYPE_CHECKING:
    from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class NewSetup:
    """A set-up that is not in the store yet, or as it is to be kept.

    Attributes:
        name: its name.
        route: a name of `smstui.rcs.routes`.
        step: where one is in the wizard, a value of `smstui.rcs.base.Step`.
        waiting_for: whom or what it waits for, in words; empty for nobody.
        waiting_since: since when.
        credential_id: the credential that step 4 made.
        webhook_ids: the webhooks that step 3 made.
        fields: what was typed and what came of it, JSON values by step.
        secrets: what of it is secret, by "step.field".
    """

    name: str
    route: str
    step: str
    waiting_for: str = ""
    waiting_since: datetime | None = None
    credential_id: int | None = None
    webhook_ids: tuple[int, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, SecretStr] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupRecord(InEnvironment):
    """One stored set-up; see `NewSetup`."""

    route: str
    step: str
    waiting_for: str
    waiting_since: datetime | None
    credential_id: int | None
    webhook_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SetupRow:
    """What a list shows of a set-up."""

    id: int
    name: str
    route: str
    step: str
    waiting_for: str
    waiting_since: datetime | None
    created_by: str
    modified_at: datetime


class RcsSetups(NamedRecords[SetupRecord, NewSetup, SetupRow]):
    """The repository of RCS set-ups."""

    kind = "RCS set-up"
    plural = N_("RCS set-ups")
    table = "rcs_setups"
    columns = (
        f"{COMMON}, environment_id, route, step, waiting_for, waiting_since, credential_id,"
        " webhook_ids"
    )
    row_columns = "id, name, route, step, waiting_for, waiting_since, created_by, modified_at"
    order: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "name": ("listing",),
        "route": ("route", "listing"),
        "step": ("step", "listing"),
        "waiting_since": ("waiting_since", "listing"),
        "modified_at": ("modified_at", "listing"),
    }
    parts = ("name", "route", "step", "waiting_for", "credential_id", "webhook_ids")
    sentences = Sentences(
        unknown=N_("There is no RCS set-up {name}. Look for it in the list."),
        taken=N_("There is an RCS set-up {name} already. Choose another name."),
        deleted=N_("{name} was deleted by {user}. To keep it, save it as a new set-up."),
        gone=N_("There is no such RCS set-up. Look for it in the list."),
    )

    def remember(self, id: int, new: NewSetup, *, revision: int) -> SetupRecord:  # noqa: A002 - what it is called everywhere
        """Keep what is being typed; the trail is not told of every pause. Else as `replace`.

        Raises:
            StaleRevision: it was changed elsewhere since; the error holds the record as it is now.
            NotFound: it was deleted meanwhile.
            NameTaken: another has that name.
        """
        with self._vault.writing() as db:
            current = self._current(db, id, revision)
            self._refuse_taken(db, new.name, current)
            self._change(db, current, new, None)
            return self._get(db, id)

    def _own_values(self, new: NewSetup) -> dict[str, Any]:
        return {
            "route": new.route,
            "step": new.step,
            "waiting_for": new.waiting_for,
            "waiting_since": iso_or_none(new.waiting_since),
            "credential_id": new.credential_id,
            "webhook_ids": json.dumps(new.webhook_ids),
        }

    def _listing(self, db: Database, new: NewSetup, created_by: str, id_: int | None) -> str:
        return listing_of(new.name, new.route, new.step, new.waiting_for, created_by)

    def _record(self, row: tuple[Any, ...]) -> SetupRecord:
        common, own = read_common(row)
        environment_id, route, step, waiting_for, since, credential_id, webhook_ids = own
        return SetupRecord(
            **common,
            environment_id=environment_id,
            route=route,
            step=step,
            waiting_for=waiting_for,
            waiting_since=from_iso_or_none(since),
            credential_id=credential_id,
            webhook_ids=tuple(json.loads(webhook_ids)),
        )

    def _row(self, row: tuple[Any, ...]) -> SetupRow:
        id_, name, route, step, waiting_for, since, created_by, modified_at = row
        return SetupRow(
            id=id_,
            name=name,
            route=route,
            step=step,
            waiting_for=waiting_for,
            waiting_since=from_iso_or_none(since),
            created_by=created_by,
            modified_at=from_iso(modified_at),
        )
