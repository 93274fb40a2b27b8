"""The audit trail for people: its words, what it is filtered by, and its lines of JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.store.records import Action, AuditEntry, AuditQuery, AuditWord
from smstui.text import clean, fold, printable_json
from smstui.times import from_iso, iso

if TYPE_CHECKING:
    from smstui.store import Store

ACTION_WORDS: dict[str, str] = {
    Action.CREATED: N_("created"),
    Action.UPDATED: N_("updated"),
    Action.DELETED: N_("deleted"),
    Action.VERIFIED: N_("verified"),
    Action.IMPORTED: N_("imported"),
    Action.EXPORTED: N_("exported"),
    Action.PROMOTED: N_("promoted"),
    Action.SECRET_REVEALED: N_("secret revealed"),
    Action.SECRET_STAGED: N_("secret staged"),
    Action.SECRET_VERIFIED: N_("staged secret verified"),
    Action.SECRET_PROMOTED: N_("secret promoted"),
    Action.SECRET_ROLLED_BACK: N_("secret rolled back"),
    Action.SECRET_DISCARDED: N_("secret discarded"),
    Action.STORE_CREATED: N_("store created"),
    Action.PASSPHRASE_CHANGED: N_("passphrase changed"),
    Action.BACKED_UP: N_("backed up"),
    Action.SUBMITTED: N_("submitted"),
    Action.ACTIVATED: N_("activated"),
    Action.CHECKS_FAILED: N_("checks failed"),
    Action.INTERRUPTED: N_("interrupted"),
    Action.DEACTIVATED: N_("deactivated"),
}
KIND_WORDS: dict[str, str] = {
    "activity": N_("activity"),
    "bundle": N_("bundle"),
    "channel configuration": N_("channel configuration"),
    "credential": N_("credential"),
    "environment": N_("environment"),
    "preference": N_("setting"),
    "RCS set-up": N_("RCS set-up"),
    "store": N_("store"),
    "webhook": N_("webhook"),
}

BLOCK = 1000
"""Entries read at once for an export."""

_TOKEN = re.compile(
    r'(?:(?P<key>object|user|since|until):)?(?:"(?P<quoted>[^"]*)"?|(?P<bare>\S*))',
    re.IGNORECASE,
)
_DISTANCE = re.compile(r"([0-9]{1,4})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class FilterTrouble(SmstuiError):
    """A filter cannot be understood; the message says which part, and how it is written."""

    title = N_("The filter is not clear")


def action_word(action: str) -> str:
    """Return what was done, in the person's language."""
    return _(ACTION_WORDS[action]) if action in ACTION_WORDS else clean(action)


def kind_word(kind: str) -> str:
    """Return what kind of object it was done to, in the person's language."""
    return _(KIND_WORDS[kind]) if kind in KIND_WORDS else clean(kind)


def field_word(name: str) -> str:
    """Return the name of a field as it is read: ``auth token``."""
    return clean(name).replace("_", " ")


def fields_line(entry: AuditEntry) -> str:
    """Return what an entry tells of fields: which changed, or how deep a verification went."""
    return ", ".join(field_word(name) for name in entry.fields)


def parse_filter(text: str, now: datetime) -> AuditQuery:
    """Return what a typed filter asks for.

    ``user:ada object:"acme relay" since:2026-11-01 until:7d`` and words, in any order; all must
    fit. What holds blanks stands in quotes. An object or a user is meant by the whole name, words
    by any part of person, origin, action, kind, name or fields.

    Args:
        text: as it was typed.
        now: what ``7d`` is counted back from.

    Raises:
        FilterTrouble: a part of it cannot be understood.
    """
    words: list[AuditWord] = []
    named = {"object": "", "user": ""}
    times: dict[str, datetime] = {}
    for token in _TOKEN.finditer(text):
        key, value = (token["key"] or "").lower(), token["quoted"] or token["bare"] or ""
        if not value:
            continue  # It is still being typed.
        if key in named:
            named[key] = value
        elif key:
            times[key] = moment_of(value, now, is_end=key == "until")
        else:
            words.append(_word(value))
    return AuditQuery(
        words=tuple(words),
        object=named["object"],
        user=named["user"],
        since=times.get("since"),
        until=times.get("until"),
    )


def filter_for(key: str, value: str) -> str:
    """Return a filter for one object or user, as `parse_filter` reads it."""
    plain = value.replace('"', "")
    return f'{key}:"{plain}"' if " " in plain else f"{key}:{plain}"


def moment_of(text: str, now: datetime, *, is_end: bool) -> datetime:
    """Return the moment that a filter names: a day, a day and time in UTC, or ``7d`` ago.

    Args:
        text: ``2026-11-01``, ``2026-11-01T10:00``, ``30m``, ``12h``, ``7d`` or ``2w``.
        now: what a distance is counted back from.
        is_end: a day is meant with all of it.

    Raises:
        FilterTrouble: it is none of these.
    """
    if distance := _DISTANCE.fullmatch(text):
        return now - timedelta(**{_UNITS[distance[2]]: int(distance[1])})
    is_day = re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None
    is_moment = re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z?", text) is not None
    try:
        if not (is_day or is_moment):
            raise ValueError
        moment = from_iso(f"{text.removesuffix('Z')}{'T00:00' if is_day else ''}+00:00")
        return moment + timedelta(days=1) if is_day and is_end else moment
    except (ValueError, OverflowError):
        raise FilterTrouble(
            _(
                "“{text}” is no time. Write a day such as 2026-11-01, a time such as "
                "2026-11-01T10:00 (UTC), or how long ago: 30m, 12h, 7d, 2w."
            ).format(text=clean(text))
        ) from None


def _word(text: str) -> AuditWord:
    """Return a word with the actions and kinds that are called so in the person's language."""
    folded = fold(text)
    return AuditWord(
        text,
        tuple(action for action, word in ACTION_WORDS.items() if folded in fold(_(word))),
        tuple(kind for kind, word in KIND_WORDS.items() if folded in fold(_(word))),
    )


def entry_record(entry: AuditEntry) -> dict[str, Any]:
    """Return an entry as plain JSON values."""
    return {
        "id": entry.id,
        "at": iso(entry.at),
        "user": entry.user,
        "origin": entry.origin,
        "action": entry.action,
        "kind": entry.kind,
        "object_id": entry.object_id,
        "name": entry.name,
        "environment": entry.environment,
        "fields": list(entry.fields),
    }


def json_lines(store: Store, ids: Sequence[int]) -> Iterator[str]:
    """Yield one line of JSON for each of some entries, in the order asked."""
    for start in range(0, len(ids), BLOCK):
        for entry in store.audit.rows(ids[start : start + BLOCK]):
            yield printable_json(entry_record(entry)) + "\n"


def export(
    store: Store,
    query: AuditQuery,
    target: Path,
    *,
    replace: bool = False,
    limit: int | None = None,
) -> int:
    """Write what a filter finds to a file of one's own, newest first, and return how many.

    Args:
        store: where the trail is; it tells of the export.
        query: which entries.
        target: the file, of mode 0600.
        replace: it may take the place of what is there.
        limit: how many at the most; None for all.

    Raises:
        StoreExists: something is at the target, and is not to be replaced.
        StoreError: the file cannot be written, or is the store; what is at the target stays.
    """
    from smstui.store.files import new_file, refuse_store, writable_trouble

    refuse_store(target, store.info().path)
    ids = store.audit.ids(query)[:limit]
    with (
        new_file(target, replace=replace) as temporary,
        writable_trouble(target),
        temporary.open("w", encoding="utf-8") as file,
    ):
        file.writelines(json_lines(store, ids))
    store.audit.record(Action.EXPORTED, kind="activity", name=clean(str(target)))
    return len(ids)
