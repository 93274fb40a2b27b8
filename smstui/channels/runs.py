"""Runs of checks: how they begin, whose they are, and what becomes of one that broke off."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from smstui.channels.base import Check, decisive, passed
from smstui.channels.fields import check
from smstui.channels.stored import (
    asked_draft,
    changes_between,
    credential_names,
    new_channel,
    stored_draft,
)
from smstui.i18n import _
from smstui.providers.base import InvalidFields, Result
from smstui.providers.fields import Draft, Severity
from smstui.store.channel_records import ChannelRecord, ChannelRun, State
from smstui.store.errors import WrongState

if TYPE_CHECKING:
    from smstui.store import Store

LEASE = timedelta(minutes=10)
"""How long a run on another machine may be silent; longer than the slowest check takes."""

_here: set[str] = set()
"""The runs of this process that are under way."""


def begin(store: Store, record: ChannelRecord) -> ChannelRecord:
    """Let the checks begin: of a draft, a failed or a deactivated one, or of a failed change.

    Raises:
        InvalidFields: something is missing or wrong, which is told at its field.
        WrongState: it is active and no change is asked for, or its checks are running.
        StaleRevision: it was changed elsewhere since ``record`` was read.
        NotFound: it was deleted meanwhile.
    """
    with store.changing():
        if record.state is State.ACTIVE:
            if record.update is None or not record.update.is_open:
                raise WrongState(
                    _("{name} is active. Edit it, and submit the change.").format(name=record.name)
                )
            return begin_update(store, record, asked_draft(record))
        _refuse_errors(store, stored_draft(record))
        token = _token()
        return _noted(
            store.channels.begin(record.id, revision=record.revision, token=token, owner=owner())
        )


def begin_update(store: Store, record: ChannelRecord, draft: Draft) -> ChannelRecord:
    """Let the checks of a change to an active one begin.

    Raises:
        InvalidFields: something is missing or wrong, which is told at its field.
        WrongState: it is not active, or something is changed that is fixed.
        StaleRevision: it was changed elsewhere since ``record`` was read.
        NotFound: it was deleted meanwhile.
    """
    with store.changing():
        new = new_channel(store, draft)
        kept = {name: value for name, value in draft.items() if value not in (None, "", False)}
        return _noted(
            store.channels.begin_update(
                record.id,
                new,
                kept,
                changes_between(stored_draft(record), draft),
                revision=record.revision,
                token=_token(),
                owner=owner(),
            )
        )


def end(
    store: Store, record_id: int, token: str, checks: Sequence[Check], webhook_ids: Sequence[int]
) -> ChannelRecord:
    """Keep how a run ended.

    Raises:
        WrongState: it was taken for interrupted.
        NotFound: a webhook that it counted on was deleted meanwhile.
    """
    _here.discard(token)
    return _end(store, record_id, token, checks, webhook_ids, interrupted=False)


def interrupt(store: Store, record: ChannelRecord) -> ChannelRecord:
    """Let a run that broke off be told as interrupted; it can be submitted again.

    Raises:
        WrongState: it has ended meanwhile.
    """
    run = record.run
    if run is None:
        return record
    _here.discard(run.token)
    known = [Check.from_record(each) for each in store.channels.get(record.id).checks]
    pending = next((each for each in known if each.result is Result.PENDING), None)
    broken = Check(
        pending.name if pending else "fields",
        Result.FAILED,
        _("interrupted"),
        cause=_("The program ended before the checks were through."),
        next_step=_("Submit it again."),
        word=_("interrupted"),
    )
    checks = [broken if each is pending else each for each in known] if pending else [broken]
    return _end(store, record.id, run.token, checks, (), interrupted=True)


def abandon(record: ChannelRecord) -> None:
    """Say that nobody here carries a run out any longer, also where the store cannot be told."""
    if record.run is not None:
        _here.discard(record.run.token)


def settle(store: Store, now: datetime) -> list[ChannelRecord]:
    """Tell as interrupted what nobody checks any longer, and return it.

    Called wherever configurations are shown, so that none stays in processing for ever.
    """
    settled = []
    for record in store.channels.busy():
        if record.run is not None and not is_alive(record.run, now):
            try:
                settled.append(interrupt(store, record))
            except WrongState:
                continue  # Another program was first.
    return settled


def is_alive(run: ChannelRun, now: datetime) -> bool:
    """Whether a run may still go on: its process is there, or, elsewhere, was heard of lately."""
    host, _colon, process = run.owner.rpartition(":")
    if host != socket.gethostname():
        return now - run.at < LEASE
    if process == str(os.getpid()):
        return run.token in _here
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # Somebody else's.
    return True


def owner() -> str:
    """Return what a run is kept as being carried out by: this process."""
    return f"{socket.gethostname()}:{os.getpid()}"


def _token() -> str:
    return secrets.token_hex(8)


def _noted(record: ChannelRecord) -> ChannelRecord:
    assert record.run is not None  # noqa: S101 - it has just begun
    _here.add(record.run.token)
    return record


def _refuse_errors(store: Store, draft: Draft) -> None:
    names = credential_names(store, str(draft["channel"]))
    errors = [i for i in check(draft, names) if i.severity is Severity.ERROR]
    if errors:
        raise InvalidFields(errors)


def _end(
    store: Store,
    record_id: int,
    token: str,
    checks: Sequence[Check],
    webhook_ids: Sequence[int],
    *,
    interrupted: bool,
) -> ChannelRecord:
    worst = decisive(checks)
    is_silent = worst is None or worst.result in (Result.PASSED, Result.SKIPPED)
    return store.channels.end(
        record_id,
        token,
        [check.record() for check in checks],
        passed=passed(checks),
        result=worst.result.value if worst else "",
        word=_("passed") if worst is None or is_silent else worst.word or worst.summary[:24],
        webhook_ids=webhook_ids,
        interrupted=interrupted,
    )
