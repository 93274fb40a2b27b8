"""What came in by webhooks: calls as they were, and the events that were read from them."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from smstui.i18n import _
from smstui.store.errors import NotFound
from smstui.store.listing import listed_rows, listing_of
from smstui.store.vault import Vault
from smstui.store.webhook_records import EventQuery, EventRecord, EventRow, NewCall, NewEvent
from smstui.text import fold
from smstui.times import from_iso, from_iso_or_none, iso

_TEXT = "CASE text WHEN '' THEN coalesce(json_extract(detail, '$.outcome.code'), '') ELSE text END"
_ROW = (
    f"events.id, events.at, kind, result, word, sender, recipient, {_TEXT}, webhooks.name, repeats"
)
_EVENT = "kind, result, word, sender, recipient, text, message_id, reference, key, detail"
_WHOLE = (
    "SELECT events.id, events.webhook_id, webhooks.name, webhooks.vendor, repeats,"  # noqa: S608 - a constant
    f" repeated_at, calls.at, method, url, headers, body, {_EVENT}"
    " FROM events JOIN calls ON calls.id = call_id"
    " JOIN webhooks ON webhooks.id = events.webhook_id WHERE events.id = ?"
)
_HERE = "webhook_id IN (SELECT id FROM webhooks WHERE environment_id = ?)"
_DETAIL = (
    "reason",
    "category",
    "keyword",
    "is_fuzzy",
    "reply",
    "consent_before",
    "consent_after",
    "outcome",
    "mapped",
)
"""Attributes of `NewEvent` that nothing is looked for by."""


class Events:
    """The repository of events; lists and counts are those of an environment's webhooks."""

    def __init__(self, vault: Vault, environment_id: int) -> None:
        self._vault = vault
        self._environment_id = environment_id

    # Keeping

    def add_call(self, call: NewCall) -> int:
        """Keep a call, and return its id."""
        with self._vault.writing() as db:
            cursor = db.execute(
                "INSERT INTO calls (webhook_id, at, method, url, headers, body)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    call.webhook_id,
                    iso(call.at),
                    call.method,
                    call.url,
                    json.dumps(call.headers),
                    call.body,
                ),
            )
        return int(cursor.lastrowid or 0)

    def add(self, call_id: int, webhook: str, call: NewCall, event: NewEvent) -> int:
        """Keep an event of a call, and return its id.

        Args:
            call_id: what `add_call` returned.
            webhook: the webhook's name at this moment, which the event is found by.
            call: the call.
            event: the event; its key, when it has one, must not be there yet (see `repeat`).
        """
        detail = {name: value for name in _DETAIL if (value := getattr(event, name))}
        listing = listing_of(
            event.sender, event.recipient, webhook, event.kind, event.word, event.text
        )
        with self._vault.writing() as db:
            cursor = db.execute(
                "INSERT INTO events (call_id, webhook_id, at, kind, result, word, sender,"
                " recipient, message_id, reference, key, listing, text, detail)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    call_id,
                    call.webhook_id,
                    iso(call.at),
                    event.kind,
                    event.result,
                    event.word,
                    event.sender,
                    event.recipient,
                    event.message_id,
                    event.reference,
                    event.key,
                    listing,
                    event.text,
                    json.dumps(detail),
                ),
            )
        return int(cursor.lastrowid or 0)

    def repeat(self, webhook_id: int, key: str, at: datetime) -> int | None:
        """Count a further delivery of an event that is there; None when there is none."""
        with self._vault.writing() as db:
            row = db.execute(
                "UPDATE events SET repeats = repeats + 1, repeated_at = ?"
                " WHERE webhook_id = ? AND key = ? AND key != '' RETURNING id",
                (iso(at), webhook_id, key),
            ).fetchone()
        return None if row is None else int(row[0])

    def use_nonce(self, webhook_id: int, nonce: str, at: datetime) -> bool:
        """Keep a nonce; False when it was used before."""
        with self._vault.writing() as db:
            cursor = db.execute(
                "INSERT OR IGNORE INTO nonces (webhook_id, nonce, at) VALUES (?, ?, ?)",
                (webhook_id, nonce, iso(at)),
            )
        return bool(cursor.rowcount)

    def prune(self, before: datetime, *, limit: int = 2000) -> int:
        """Remove the calls of before a moment with their events, and return how many went.

        Consent stays, with its history.

        Args:
            before: the moment.
            limit: how many calls at the most, so that nobody waits long for the write lock.
        """
        with self._vault.writing() as db:
            gone = db.execute(
                "DELETE FROM calls WHERE id IN"
                " (SELECT id FROM calls WHERE at < ? ORDER BY at LIMIT ?)",
                (iso(before), limit),
            ).rowcount
        return int(gone)

    def forget_nonces(self, before: datetime) -> None:
        """Remove the nonces of before a moment: a call that old is refused by its timestamp."""
        with self._vault.writing() as db:
            db.execute("DELETE FROM nonces WHERE at < ?", (iso(before),))

    # Reading

    def ids(self, query: EventQuery) -> array[int]:
        """Return the ids of a list, newest first."""
        words = fold(query.text).split()
        conditions = ["instr(listing, ?)" for _word in words]
        values: list[str | int] = [*words]
        if query.webhook_id is None:
            conditions.append(_HERE)
            values.append(self._environment_id)
        else:
            conditions.append("webhook_id = ?")
            values.append(query.webhook_id)
        if query.after:
            conditions.append("id > ?")
            values.append(query.after)
        where = " AND ".join(conditions) or "1"
        with self._vault.reading() as db:
            cursor = db.execute(
                f"SELECT id FROM events WHERE {where} ORDER BY id DESC LIMIT ?",  # noqa: S608 - our own words; values are bound
                (*values, -1 if query.limit is None else query.limit),
            )
            return array("q", [id_ for (id_,) in cursor])

    def rows(self, ids: Sequence[int]) -> list[EventRow]:
        """Return what a list shows of some events, in the order asked; pruned ones left out."""
        joined = "events JOIN webhooks ON webhooks.id = webhook_id"
        with self._vault.reading() as db:
            return [_row(row) for row in listed_rows(db, joined, _ROW, ids)]

    def get(self, id: int) -> EventRecord:  # noqa: A002 - what it is called everywhere
        """Return an event with its call.

        Raises:
            NotFound: there is none, or it was pruned.
        """
        with self._vault.reading() as db:
            row = db.execute(_WHOLE, (id,)).fetchone()
        if row is None:
            raise NotFound(_("This event is no longer kept: it was too old, or its webhook went."))
        id_, webhook_id, webhook, vendor, repeats, repeated_at, at, *rest = row
        method, url, headers, body, *event = rest
        return EventRecord(
            id=id_,
            webhook_id=webhook_id,
            webhook=webhook,
            vendor=vendor,
            call=NewCall(
                webhook_id=webhook_id,
                at=from_iso(at),
                method=method,
                url=url,
                headers=tuple((name, value) for name, value in json.loads(headers)),
                body=bytes(body),
            ),
            event=_event(event),
            repeats=repeats,
            repeated_at=from_iso_or_none(repeated_at),
        )

    def count(self, webhook_id: int | None = None) -> int:
        """Return how many events are kept, of one webhook or of all."""
        if webhook_id is None:
            where, value = _HERE, self._environment_id
        else:
            where, value = "webhook_id = ?", webhook_id
        with self._vault.reading() as db:
            row = db.execute(
                f"SELECT count(*) FROM events WHERE {where}",  # noqa: S608 - constants
                (value,),
            ).fetchone()
        return int(row[0])

    def news(self, message_id: str, credential_id: int, *, after: int = 0) -> list[EventRecord]:
        """Return what webhooks of a credential said of a message it sent, oldest first.

        Those of its environment that have no credential count too: only one of ours knows the
        message's id.

        Args:
            message_id: the provider's id of the message, or a reference that was sent along.
            credential_id: the credential it was sent with.
            after: only events with a greater id.
        """
        if not message_id:
            return []
        with self._vault.reading() as db:
            rows = db.execute(
                "SELECT events.id FROM events JOIN webhooks ON webhooks.id = webhook_id"
                " WHERE kind = 'feedback' AND (message_id = :message OR reference = :message)"
                " AND (credential_id = :credential OR credential_id IS NULL AND environment_id ="
                " (SELECT environment_id FROM credentials WHERE id = :credential))"
                " AND events.id > :after ORDER BY events.id",
                {"message": message_id, "credential": credential_id, "after": after},
            ).fetchall()
        return [self.get(id_) for (id_,) in rows]


def _row(row: tuple[Any, ...]) -> EventRow:
    id_, at, *rest = row
    return EventRow(id_, from_iso(at), *rest)


def _event(row: Sequence[Any]) -> NewEvent:
    kind, result, word, sender, recipient, text, message_id, reference, key, detail = row
    return NewEvent(
        kind=kind,
        result=result,
        word=word,
        sender=sender,
        recipient=recipient,
        text=text,
        message_id=message_id,
        reference=reference,
        key=key,
        **json.loads(detail),
    )
