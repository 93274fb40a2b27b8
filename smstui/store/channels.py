"""The channel configurations in the store, and what becomes of them."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from sqlite_utils import Database

from smstui.i18n import N_, _
from smstui.store.channel_records import (
    ChannelQuery,
    ChannelRecord,
    ChannelRow,
    NewChannel,
    RunKind,
    State,
    UpdateState,
    record_from,
    row_from,
)
from smstui.store.channel_rules import (
    IMMEDIATE,
    refuse_busy,
    refuse_change,
    refuse_deletion,
    refuse_fixed,
)
from smstui.store.errors import NotFound, WrongState
from smstui.store.listing import listed_ids, listing_of
from smstui.store.named import NamedRecords, Sentences
from smstui.store.records import Action, ListQuery
from smstui.store.rows import COMMON
from smstui.times import iso

_CREDENTIAL = "coalesce((SELECT name FROM credentials WHERE id = credential_id), '')"
_WEBHOOKS = "(SELECT json_group_array(webhook_id) FROM channel_webhooks WHERE channel_id = id)"
_NO_RUN: Mapping[str, Any] = {"run_kind": "", "run_token": "", "run_owner": "", "run_at": None}


class Channels(NamedRecords[ChannelRecord, NewChannel, ChannelRow]):
    """The repository of channel configurations."""

    kind = "channel configuration"
    plural = N_("channel configurations")
    table = "channels"
    columns = (
        f"{COMMON}, environment_id, channel, state, credential_id, {_CREDENTIAL}, sender,"
        " checks, checked_at, run_kind, run_token, run_owner, run_at,"
        f" update_state, update_at, update_by, update_new, {_WEBHOOKS}"
    )
    row_columns = (
        "id, name, channel, coalesce(json_extract(fields, '$.sms_type'), ''), state,"
        f" {_CREDENTIAL}, sender, result, word, update_state, checked_at, created_by, modified_at"
    )
    order: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "name": ("listing",),
        "channel": ("channel", "listing"),
        "state": ("state", "listing"),
        "created_by": ("created_by", "listing"),
        "modified_at": ("modified_at", "listing"),
    }
    parts = ("name", "channel", "credential_id", "sender")
    sentences = Sentences(
        unknown=N_("There is no channel configuration {name}. Look for it in the list."),
        taken=N_("There is a channel configuration {name} already. Choose another name."),
        deleted=N_("{name} was deleted by {user}. To keep it, save it as a new configuration."),
        gone=N_("There is no such channel configuration. Look for it in the list."),
    )
    blank = "_"

    # Reading

    def ids(self, query: ListQuery) -> array[int]:
        """Return the ids of a list, in its order; a `ChannelQuery` narrows it further."""
        if not isinstance(query, ChannelQuery):
            return super().ids(query)
        wanted = {"channel": query.channel, "created_by": query.user, "state": query.state}
        where = {column: value for column, value in wanted.items() if value}
        with self._vault.reading() as db:
            return listed_ids(db, self.table, self.order, query, self._environment_id, where)

    def users(self) -> list[str]:
        """Return who made the configurations there are."""
        with self._vault.reading() as db:
            rows = db.execute(
                f"SELECT DISTINCT created_by FROM channels WHERE {self._here} ORDER BY 1",  # noqa: S608 - a constant
                {"environment_id": self._environment_id},
            ).fetchall()
        return [user for (user,) in rows]

    def busy(self) -> list[ChannelRecord]:
        """Return the configurations whose checks are running, in all environments."""
        with self._vault.reading() as db:
            rows = db.execute(
                f"SELECT {self.columns} FROM channels WHERE run_token != '' ORDER BY id"  # noqa: S608 - a constant
            ).fetchall()
        return [self._record(row) for row in rows]

    def with_sender(self, sender: str, but: int) -> list[ChannelRow]:
        """Return the active ones of this environment with that sender, all but one."""
        with self._vault.reading() as db:
            rows = db.execute(
                f"SELECT {self.row_columns} FROM channels WHERE {self._here}"  # noqa: S608 - constants
                " AND sender = :sender AND state = :state AND id != :but ORDER BY listing",
                {
                    "sender": sender,
                    "state": State.ACTIVE.value,
                    "but": but,
                    "environment_id": self._environment_id,
                },
            ).fetchall()
        return [self._row(row) for row in rows]

    # Running

    def begin(
        self,
        id: int,  # noqa: A002 - what it is called everywhere
        *,
        revision: int,
        token: str,
        owner: str,
    ) -> ChannelRecord:
        """Let the checks of a draft, a failed or a deactivated one begin.

        Args:
            id: which one.
            revision: of the record that was seen.
            token: tells this run from any other.
            owner: which process carries it out.

        Raises:
            WrongState: it is active, or its checks are running.
            StaleRevision: it was changed elsewhere since.
            NotFound: it was deleted meanwhile.
        """
        with self._vault.writing() as db:
            current = self._current(db, id, revision)
            refuse_busy(current)
            if current.state is State.ACTIVE:
                raise WrongState(
                    _("{name} is active. Edit it, and submit the change.").format(name=current.name)
                )
            is_back = current.state is State.DEACTIVATED
            kind = RunKind.REACTIVATE if is_back else RunKind.SUBMIT
            run = self._run(kind, token, owner)
            self._move(db, current, {"state": State.PROCESSING.value, "checks": "[]", **run})
            self._tell(Action.SUBMITTED, id, current.name, [])
            return self._get(db, id)

    def begin_update(
        self,
        id: int,  # noqa: A002 - as above
        new: NewChannel,
        draft: Mapping[str, Any],
        changes: Sequence[tuple[str, str, str]],
        *,
        revision: int,
        token: str,
        owner: str,
    ) -> ChannelRecord:
        """Let the checks of a change to an active one begin; it stays as it is meanwhile.

        Args:
            id: which one.
            new: what it is to become.
            draft: the same as the form has it, JSON values.
            changes: label, text before and text after of what differs.
            revision: of the record that was seen.
            token: tells this run from any other.
            owner: which process carries it out.

        Raises:
            WrongState: it is not active, or its checks are running.
            StaleRevision: it was changed elsewhere since.
            NotFound: it was deleted meanwhile.
        """
        with self._vault.writing() as db:
            current = self._current(db, id, revision)
            refuse_busy(current)
            if current.state is not State.ACTIVE:
                raise WrongState(_("{name} is not active.").format(name=current.name))
            refuse_fixed(current, new)
            asked = {
                "sender": new.sender,
                "fields": dict(new.fields),
                "draft": dict(draft),
                "changes": list(changes),
            }
            self._move(
                db,
                current,
                {
                    "checks": "[]",
                    "update_state": UpdateState.PROCESSING.value,
                    "update_at": iso(self._clock()),
                    "update_by": self._actor.user,
                    "update_credential_id": new.credential_id,
                    "update_new": json.dumps(asked),
                    **self._run(RunKind.UPDATE, token, owner),
                },
            )
            self._tell(Action.SUBMITTED, id, current.name, self._changed(current, new))
            return self._get(db, id)

    def progressed(self, id: int, token: str, checks: Sequence[Mapping[str, Any]]) -> bool:  # noqa: A002 - as above
        """Keep how far a run has come, and that it is alive; False when it counts no longer."""
        with self._vault.writing() as db:
            cursor = db.execute(
                "UPDATE channels SET checks = ?, run_at = ? WHERE id = ? AND run_token = ?",
                (json.dumps(list(checks)), iso(self._clock()), id, token),
            )
            return bool(cursor.rowcount)

    def end(
        self,
        id: int,  # noqa: A002 - as above
        token: str,
        checks: Sequence[Mapping[str, Any]],
        *,
        passed: bool,
        result: str,
        word: str,
        webhook_ids: Iterable[int] = (),
        interrupted: bool = False,
    ) -> ChannelRecord:
        """Keep how a run ended, and let the configuration become what that makes of it.

        Args:
            id: which one.
            token: the run's.
            checks: what it found.
            passed: whether no check failed.
            result: the worst result.
            word: two or three words on it for the list.
            webhook_ids: the webhooks that the configuration counts on from now on.
            interrupted: the run broke off.

        Raises:
            WrongState: the run counts no longer: it was taken for interrupted.
            NotFound: the configuration, or one of the webhooks, was deleted meanwhile.
        """
        with self._vault.writing() as db:
            current = self._get(db, id)
            run = current.run
            if run is None or run.token != token:
                raise WrongState(
                    _("These checks count no longer: they were taken for interrupted.")
                )
            now = iso(self._clock())
            values = {
                "checks": json.dumps(list(checks)),
                "checked_at": now,
                "result": result,
                "word": word,
                **_NO_RUN,
            }
            if run.kind is RunKind.UPDATE:
                ended = UpdateState.SUCCESS if passed else UpdateState.FAILED
                values |= {
                    "update_state": ended.value,
                    "update_at": now,
                    "update_credential_id": None,
                    **(self._asked(db, id) if passed else {}),
                }
            else:
                back = State.DEACTIVATED if run.kind is RunKind.REACTIVATE else State.FAILED
                values["state"] = (State.ACTIVE if passed else back).value
            self._move(db, current, values)
            if passed:
                self._count_on(db, id, webhook_ids)
            action = Action.ACTIVATED if passed else Action.CHECKS_FAILED
            self._tell(Action.INTERRUPTED if interrupted else action, id, current.name, [])
            return self._get(db, id)

    def deactivate(self, id: int, *, revision: int) -> ChannelRecord:  # noqa: A002 - as above
        """Take an active one out of use.

        Raises:
            WrongState: it is not active, or a change to it is being checked.
            StaleRevision: it was changed elsewhere since.
            NotFound: it was deleted meanwhile.
        """
        with self._vault.writing() as db:
            current = self._current(db, id, revision)
            refuse_busy(current)
            if current.state is not State.ACTIVE:
                raise WrongState(
                    _("{name} is not active; there is nothing to deactivate.").format(
                        name=current.name
                    )
                )
            self._move(db, current, {"state": State.DEACTIVATED.value})
            self._count_on(db, id, ())
            self._tell(Action.DEACTIVATED, id, current.name, [])
            return self._get(db, id)

    # Within

    def _change(
        self, db: Database, current: ChannelRecord, new: NewChannel, action: Action | None
    ) -> None:
        changed = self._changed(current, new)
        is_immediate = all(name in IMMEDIATE for name in changed)
        if changed:
            refuse_change(current, is_immediate=is_immediate)
        super()._change(db, current, new, action)
        if changed and current.state is State.FAILED and not is_immediate:
            # What the checks said is about what it was.
            values = {"state": State.DRAFT.value, "checks": "[]", "result": "", "word": ""}
            self._write(db, current.id, values)
            self._relist(db, self._get(db, current.id))

    def _before_delete(self, db: Database, current: ChannelRecord) -> None:
        refuse_deletion(current)

    def _run(self, kind: RunKind, token: str, owner: str) -> dict[str, Any]:
        return {
            "run_kind": kind.value,
            "run_token": token,
            "run_owner": owner,
            "run_at": iso(self._clock()),
        }

    def _asked(self, db: Database, id_: int) -> dict[str, Any]:
        """Return the columns that a change which passed its checks writes."""
        text, credential_id = db.execute(
            "SELECT update_new, update_credential_id FROM channels WHERE id = ?", (id_,)
        ).fetchone()
        asked = json.loads(text)
        return {
            "credential_id": credential_id,
            "sender": asked["sender"],
            "fields": json.dumps(asked["fields"]),
        }

    def _count_on(self, db: Database, id_: int, webhook_ids: Iterable[int]) -> None:
        """Note which webhooks a configuration counts on, in place of those noted before."""
        db.execute("DELETE FROM channel_webhooks WHERE channel_id = ?", (id_,))
        for webhook_id in webhook_ids:
            found = db.execute("SELECT 1 FROM webhooks WHERE id = ?", (webhook_id,)).fetchone()
            if found is None:
                raise NotFound(_("A webhook that the checks counted on was deleted meanwhile."))
            db.execute(
                "INSERT INTO channel_webhooks (channel_id, webhook_id) VALUES (?, ?)",
                (id_, webhook_id),
            )

    def _move(self, db: Database, current: ChannelRecord, values: Mapping[str, Any]) -> None:
        """Write what becomes of a record, as a change of its revision."""
        made = {"modified_by": self._actor.user, "modified_at": iso(self._clock())}
        self._write(db, current.id, {**values, **made, "revision": current.revision + 1})
        self._relist(db, self._get(db, current.id))

    def _write(self, db: Database, id_: int, values: Mapping[str, Any]) -> None:
        sets = ", ".join(f"{column} = :{column}" for column in values)
        db.execute(f"UPDATE channels SET {sets} WHERE id = :id", {**values, "id": id_})  # noqa: S608 - columns named here

    def _relist(self, db: Database, record: ChannelRecord) -> None:
        new = NewChannel(
            record.channel, record.name, record.credential_id, record.sender, record.fields
        )
        listing = self._listing(db, new, record.created_by, record.id)
        self._write(db, record.id, {"listing": listing})

    def _own_values(self, new: NewChannel) -> dict[str, Any]:
        return {"channel": new.channel, "credential_id": new.credential_id, "sender": new.sender}

    def _listing(self, db: Database, new: NewChannel, created_by: str, id_: int | None) -> str:
        state = State.DRAFT.value
        if id_ is not None:
            (state,) = db.execute("SELECT state FROM channels WHERE id = ?", (id_,)).fetchone()
        told = (str(new.fields.get(name, "")) for name in ("sms_type", "tags"))
        return listing_of(new.name, new.channel, state, new.sender, *told, created_by)

    def _record(self, row: tuple[Any, ...]) -> ChannelRecord:
        return record_from(row)

    def _row(self, row: tuple[Any, ...]) -> ChannelRow:
        return row_from(row)
