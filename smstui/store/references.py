"""Which records name which others: declared once, asked both ways, and heeded by every deletion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from smstui.i18n import _
from smstui.store.errors import InUse, OtherEnvironment
from smstui.store.listing import some_of
from smstui.store.vault import Vault

if TYPE_CHECKING:
    from smstui.store.named import NamedRecords

CREDENTIAL, WEBHOOK = "credential", "webhook"
CHANNEL, SETUP = "channel configuration", "RCS set-up"


@dataclass(frozen=True, slots=True)
class Reference:
    """One way in which records of a kind name records of another.

    Attributes:
        kind: of the records that name; the words are those of the audit trail.
        target: of the records that are named.
        pairs: a query for the ids of both.
        holds: what is named cannot be deleted; otherwise it is only remembered, and forgotten then.
    """

    kind: str
    target: str
    pairs: str
    holds: bool = True


REFERENCES = (
    Reference(WEBHOOK, CREDENTIAL, "SELECT id AS holder, credential_id AS named FROM webhooks"),
    Reference(
        CHANNEL,
        CREDENTIAL,
        "SELECT id AS holder, credential_id AS named FROM channels"
        " UNION SELECT id, update_credential_id FROM channels",
    ),
    Reference(
        CHANNEL, WEBHOOK, "SELECT channel_id AS holder, webhook_id AS named FROM channel_webhooks"
    ),
    Reference(
        SETUP,
        CREDENTIAL,
        "SELECT id AS holder, credential_id AS named FROM rcs_setups",
        holds=False,
    ),
    Reference(
        SETUP,
        WEBHOOK,
        "SELECT rcs_setups.id AS holder, value AS named FROM rcs_setups, json_each(webhook_ids)",
        holds=False,
    ),
)


@dataclass(frozen=True, slots=True)
class Use:
    """A record at the other end of a reference.

    Attributes:
        kind: its kind, a word of the audit trail.
        id: its id.
        name: its name.
        holds: whether the reference keeps what is named from being deleted.
    """

    kind: str
    id: int
    name: str
    holds: bool


class References:
    """Answers which records use a record, and which it uses."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def used_by(self, kind: str, id: int) -> list[Use]:  # noqa: A002 - what it is called everywhere
        """Return the records that name a record, by kind and name."""
        with self._vault.reading() as db:
            return users_of(db, kind, id)

    def uses(self, kind: str, id: int) -> list[Use]:  # noqa: A002 - as above
        """Return the records that a record names, by kind and name."""
        with self._vault.reading() as db:
            return [
                use
                for reference in REFERENCES
                if reference.kind == kind
                for use in _ends(db, reference, reference.target, "named", "holder", id)
            ]


def users_of(db: Database, kind: str, id_: int) -> list[Use]:
    """Return the records that name a record, by kind and name."""
    return [
        use
        for reference in REFERENCES
        if reference.target == kind
        for use in _ends(db, reference, reference.kind, "holder", "named", id_)
    ]


def refuse_used(db: Database, kind: str, id_: int, name: str) -> None:
    """Refuse to delete a record that others count on.

    Raises:
        InUse: they do; the error holds them.
    """
    users = [use for use in users_of(db, kind, id_) if use.holds]
    if users:
        raise InUse(
            _(
                "{name} is used by {users}. Give them another in its place, or delete them first."
            ).format(name=name, users=told(users)),
            users=users,
        )


def refuse_elsewhere(db: Database, kind: str, id_: int) -> None:
    """Refuse a record that names one of another environment: it would reach across the wall.

    Raises:
        OtherEnvironment: it does.
    """
    for reference in REFERENCES:
        if reference.kind != kind:
            continue
        named, holder = _repository(reference.target).table, _repository(kind).table
        found = db.execute(
            f"SELECT {named}.name, environments.name FROM ({reference.pairs})"  # noqa: S608 - our own words
            f" JOIN {holder} ON {holder}.id = holder JOIN {named} ON {named}.id = named"
            f" JOIN environments ON environments.id = {named}.environment_id"
            f" WHERE holder = ? AND {named}.environment_id != {holder}.environment_id",
            (id_,),
        ).fetchone()
        if found is not None:
            name, environment = found
            raise OtherEnvironment(
                _(
                    "{name} belongs to the environment {environment}; nothing was saved. Choose "
                    "one of this environment, or promote it here first."
                ).format(name=name, environment=environment)
            )


def forget(db: Database, kind: str, id_: int) -> None:
    """Take a record that goes out of those that only remember it.

    They count as changed: a session that has one open must not write the reference back.
    """
    if kind == CREDENTIAL:
        db.execute(
            "UPDATE rcs_setups SET credential_id = NULL, revision = revision + 1"
            " WHERE credential_id = ?",
            (id_,),
        )
    elif kind == WEBHOOK:
        db.execute(
            "UPDATE rcs_setups SET revision = revision + 1, webhook_ids ="
            " (SELECT json_group_array(value) FROM json_each(webhook_ids) WHERE value != :id)"
            " WHERE EXISTS (SELECT 1 FROM json_each(webhook_ids) WHERE value = :id)",
            {"id": id_},
        )


def told(uses: Iterable[Use]) -> str:
    """Return records as they stand in a sentence: ``SMS webhooks: a, b; RCS set-ups: c``."""
    return "; ".join(
        _("{kind}: {names}").format(
            kind=_(_repository(kind).plural), names=some_of([use.name for use in group])
        )
        for kind, group in groupby(uses, key=lambda use: use.kind)
    )


def _ends(
    db: Database, reference: Reference, kind: str, end: str, other: str, id_: int
) -> list[Use]:
    table = _repository(kind).table
    rows = db.execute(
        f"SELECT id, name FROM {table} WHERE id IN"  # noqa: S608 - our own words
        f" (SELECT {end} FROM ({reference.pairs}) WHERE {other} = ?) ORDER BY listing",
        (id_,),
    ).fetchall()
    return [Use(kind, found, name, reference.holds) for found, name in rows]


def _repository(kind: str) -> type[NamedRecords[Any, Any, Any]]:
    from smstui.store.named import NamedRecords  # It asks here before it deletes.

    return next(cls for cls in NamedRecords.__subclasses__() if cls.kind == kind)
