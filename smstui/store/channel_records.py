"""What the store keeps of channel configurations, and the states they go through."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from smstui.store.records import InEnvironment, ListQuery
from smstui.store.rows import read_common
from smstui.times import from_iso, from_iso_or_none

if TYPE_CHECKING:
    from pydantic import SecretStr


class State(StrEnum):
    """Adobe's statuses of a channel configuration. The values are kept in the file."""

    DRAFT = "Draft"
    """Saved, never submitted; or changed since its checks failed."""
    PROCESSING = "Processing"
    """Its checks are running."""
    ACTIVE = "Active"
    FAILED = "Failed"
    """At least one check failed, or the run broke off."""
    DEACTIVATED = "Deactivated"


class UpdateState(StrEnum):
    """Adobe's statuses of a change to an active one. The values are kept in the file."""

    PROCESSING = "Processing"
    SUCCESS = "Success"
    FAILED = "Failed"


class RunKind(StrEnum):
    """What a run of checks is for. The values are kept in the file."""

    SUBMIT = "submit"
    UPDATE = "update"
    REACTIVATE = "reactivate"


@dataclass(frozen=True, slots=True)
class NewChannel:
    """A channel configuration that is not in the store yet, or as it is to be kept.

    Attributes:
        channel: what its messages are: a value of `smstui.channels.base.Channel`.
        name: its name.
        credential_id: the credential of *Mobile configuration*; a draft may have none yet.
        sender: the number, short code or id of *Sender number*; a draft may have none yet.
        fields: the others, JSON values.
        secrets: none; records have them in common.
    """

    channel: str
    name: str
    credential_id: int | None
    sender: str
    fields: Mapping[str, Any]
    secrets: Mapping[str, SecretStr] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ChannelRun:
    """A run of checks that is under way, or was when its program ended.

    Attributes:
        kind: what it is for.
        token: tells it from any other run.
        owner: which process carries it out, as `smstui.channels.runner` writes it.
        at: when it was heard of last.
    """

    kind: RunKind
    token: str
    owner: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ChannelUpdate:
    """The most recent change to an active one: *Recent update*.

    Attributes:
        state: how it stands.
        at: since when.
        by: who asked for it.
        draft: what was asked for, as the form has it.
        changes: label, text before and text after of each field that differs.
    """

    state: UpdateState
    at: datetime
    by: str
    draft: Mapping[str, Any]
    changes: tuple[tuple[str, str, str], ...]

    @property
    def is_open(self) -> bool:
        """Whether it is still wanted: it is being checked, or did not pass."""
        return self.state is not UpdateState.SUCCESS


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRecord(InEnvironment):
    """One stored channel configuration.

    Attributes:
        credential: the present name of its credential, "" for none.
        checks: what the last run found, as `smstui.channels.base.Check.record` writes it.
        checked_at: when that run ended; None when there was none yet.
        run: the run that is under way.
        update: the most recent change to it while active.
        webhook_ids: the webhooks that it counts on while it is active.
    """

    channel: str
    state: State
    credential_id: int | None
    credential: str
    sender: str
    checks: tuple[Mapping[str, Any], ...]
    checked_at: datetime | None
    run: ChannelRun | None
    update: ChannelUpdate | None
    webhook_ids: tuple[int, ...]

    @property
    def is_busy(self) -> bool:
        """Whether checks are running: nothing can be changed meanwhile."""
        return self.run is not None


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """What a list shows of a channel configuration.

    Attributes:
        sms_type: Marketing or Transactional; "" in a draft without.
        result: the worst result of the last run; "" when there was none.
        word: what decided it in two or three words; "" for nothing to tell.
        update_state: how the most recent change stands; "" for none.
    """

    id: int
    name: str
    channel: str
    sms_type: str
    state: str
    credential: str
    sender: str
    result: str
    word: str
    update_state: str
    checked_at: datetime | None
    created_by: str
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class ChannelQuery(ListQuery):
    """Which channel configurations of the list, in which order; empty filters let all through."""

    channel: str = ""
    user: str = ""
    state: str = ""


def record_from(row: tuple[Any, ...]) -> ChannelRecord:
    """Return the record of a row, in the order of `smstui.store.channels.Channels.columns`."""
    common, own = read_common(row)
    environment_id, channel, state, credential_id, credential, sender, *rest = own
    checks, checked_at, run_kind, run_token, run_owner, run_at, *rest = rest
    update_state, update_at, update_by, update_new, webhook_ids = rest
    run = None
    if run_token:
        run = ChannelRun(RunKind(run_kind), run_token, run_owner, from_iso(run_at))
    return ChannelRecord(
        **common,
        environment_id=environment_id,
        channel=channel,
        state=State(state),
        credential_id=credential_id,
        credential=credential,
        sender=sender,
        checks=tuple(json.loads(checks)),
        checked_at=from_iso_or_none(checked_at),
        run=run,
        update=_update(update_state, update_at, update_by, update_new),
        webhook_ids=tuple(json.loads(webhook_ids)),
    )


def row_from(row: tuple[Any, ...]) -> ChannelRow:
    """Return the row of a list, in the order of `Channels.row_columns`."""
    id_, name, channel, sms_type, state, credential, sender, result, word, *rest = row
    update_state, checked_at, created_by, modified_at = rest
    return ChannelRow(
        id=id_,
        name=name,
        channel=channel,
        sms_type=sms_type,
        state=state,
        credential=credential,
        sender=sender,
        result=result,
        word=word,
        update_state=update_state,
        checked_at=from_iso_or_none(checked_at),
        created_by=created_by,
        modified_at=from_iso(modified_at),
    )


def _update(state: str, at: str | None, by: str, new: str) -> ChannelUpdate | None:
    if not state or at is None:
        return None
    asked = json.loads(new)
    return ChannelUpdate(
        state=UpdateState(state),
        at=from_iso(at),
        by=by,
        draft=asked["draft"],
        changes=tuple((label, before, after) for label, before, after in asked["changes"]),
    )
