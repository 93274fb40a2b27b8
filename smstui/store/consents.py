"""Who agreed to messages of which sender: how it stands, and how it came to that."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from smstui.i18n import _
from smstui.store.errors import NotFound
from smstui.store.listing import listed_ids, listed_rows, listing_of
from smstui.store.records import ListQuery
from smstui.store.vault import Vault
from smstui.store.webhook_records import ConsentChange, ConsentRow
from smstui.times import from_iso, iso

_ROW = "id, number, sender, state, at, keyword, webhook, changes"


class Consents:
    """The repository of consent in an environment, per number and sender."""

    order: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "number": ("listing",),
        "sender": ("sender", "listing"),
        "state": ("state", "listing"),
        "at": ("at", "listing"),
    }

    def __init__(self, vault: Vault, environment_id: int) -> None:
        self._vault = vault
        self._environment_id = environment_id

    def state(self, number: str, sender: str) -> str:
        """Return how consent stands, empty when nothing is known."""
        with self._vault.reading() as db:
            row = db.execute(
                "SELECT state FROM consents WHERE environment_id = ? AND number = ? AND sender = ?",
                (self._environment_id, number, sender),
            ).fetchone()
        return "" if row is None else str(row[0])

    def change(
        self,
        number: str,
        sender: str,
        state: str,
        *,
        at: datetime,
        category: str,
        keyword: str,
        webhook: str,
        event_id: int,
    ) -> None:
        """Keep a change of consent with what brought it about.

        Args:
            number: whose consent.
            sender: to whose messages.
            state: how it stands now.
            at: when the text came.
            category: of the keyword.
            keyword: the word, as the webhook has it.
            webhook: name of the webhook it came by.
            event_id: the event.
        """
        with self._vault.writing() as db:
            before = self.state(number, sender)
            (consent_id,) = db.execute(
                "INSERT INTO consents (environment_id, number, sender, state, at, keyword,"
                " webhook, changes, listing) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?)"
                " ON CONFLICT (environment_id, number, sender) DO UPDATE"
                " SET state = excluded.state, at = excluded.at, keyword = excluded.keyword,"
                " webhook = excluded.webhook, changes = changes + 1, listing = excluded.listing"
                " RETURNING id",
                (
                    self._environment_id,
                    number,
                    sender,
                    state,
                    iso(at),
                    keyword,
                    webhook,
                    listing_of(number, sender, state, keyword, webhook),
                ),
            ).fetchone()
            db.execute(
                "INSERT INTO consent_changes (consent_id, at, before, after, category, keyword,"
                " webhook, event_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (consent_id, iso(at), before, state, category, keyword, webhook, event_id),
            )

    def ids(self, query: ListQuery) -> array[int]:
        """Return the ids of a list, in its order."""
        with self._vault.reading() as db:
            return listed_ids(db, "consents", self.order, query, self._environment_id)

    def rows(self, ids: Sequence[int]) -> list[ConsentRow]:
        """Return what a list shows of some entries, in the order asked."""
        with self._vault.reading() as db:
            return [_row(row) for row in listed_rows(db, "consents", _ROW, ids)]

    def get(self, id: int) -> ConsentRow:  # noqa: A002 - what it is called everywhere
        """Return an entry.

        Raises:
            NotFound: there is none.
        """
        rows = self.rows([id])
        if not rows:
            raise NotFound(_("There is no such entry. Look for it in the list."))
        return rows[0]

    def count(self) -> int:
        """Return how many pairs of number and sender there are."""
        with self._vault.reading() as db:
            row = db.execute(
                "SELECT count(*) FROM consents WHERE environment_id = ?", (self._environment_id,)
            ).fetchone()
        return int(row[0])

    def history(self, id: int, limit: int = 50) -> list[ConsentChange]:  # noqa: A002 - as above
        """Return how an entry came to stand as it does, newest first."""
        with self._vault.reading() as db:
            rows = db.execute(
                "SELECT at, before, after, category, keyword, webhook, event_id"
                " FROM consent_changes WHERE consent_id = ? ORDER BY id DESC LIMIT ?",
                (id, limit),
            ).fetchall()
        return [ConsentChange(from_iso(at), *rest) for at, *rest in rows]


def _row(row: tuple[Any, ...]) -> ConsentRow:
    id_, number, sender, state, at, keyword, webhook, changes = row
    return ConsentRow(id_, number, sender, state, from_iso(at), keyword, webhook, changes)
