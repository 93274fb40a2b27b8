"""The webhooks in the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from sqlite_utils import Database

from smstui.i18n import N_, _
from smstui.store.errors import NotFound
from smstui.store.listing import listing_of
from smstui.store.named import NamedRecords, Sentences
from smstui.store.rows import COMMON, read_common
from smstui.store.webhook_records import NewWebhook, WebhookRecord, WebhookRow
from smstui.times import from_iso, from_iso_or_none, iso

_CREDENTIAL = "coalesce((SELECT name FROM credentials WHERE id = credential_id), '')"


class Webhooks(NamedRecords[WebhookRecord, NewWebhook, WebhookRow]):
    """The repository of webhooks."""

    kind = "webhook"
    plural = N_("SMS webhooks")
    table = "webhooks"
    columns = f"{COMMON}, environment_id, vendor, type, credential_id, {_CREDENTIAL}, path"
    row_columns = (
        f"id, name, vendor, type, {_CREDENTIAL}, created_by, modified_at,"
        " event_at, event_result, event_word"
    )
    order: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "name": ("listing",),
        "vendor": ("vendor", "listing"),
        "created_by": ("created_by", "listing"),
        "modified_at": ("modified_at", "listing"),
        "event_at": ("event_at", "listing"),
    }
    parts = ("name", "vendor", "type", "credential_id")
    sentences = Sentences(
        unknown=N_("There is no webhook {name}. Look for it in the list."),
        taken=N_("There is a webhook {name} already. Choose another name."),
        deleted=N_("{name} was deleted by {user}. To keep it, save it as a new webhook."),
        gone=N_("There is no such webhook. Look for it in the list."),
    )

    def by_path(self, path: str) -> WebhookRecord:
        """Return the webhook whose URL ends in that path, in whichever environment.

        Raises:
            NotFound: there is none.
        """
        with self._vault.reading() as db:
            row = db.execute(
                f"SELECT {self.columns} FROM webhooks WHERE path = ?",  # noqa: S608 - a constant
                (path,),
            ).fetchone()
        if row is None:
            raise NotFound(_("No webhook has that address."))
        return self._record(row)

    def told(self, id: int, at: datetime, result: str, word: str) -> None:  # noqa: A002 - what it is called everywhere
        """Let the list show the newest event of a webhook; its revision stays."""
        with self._vault.writing() as db:
            db.execute(
                "UPDATE webhooks SET event_at = ?, event_result = ?, event_word = ? WHERE id = ?",
                (iso(at), result, word, id),
            )

    def _own_values(self, new: NewWebhook) -> dict[str, Any]:
        return {
            "vendor": new.vendor,
            "type": new.type,
            "credential_id": new.credential_id,
            "path": new.path,
        }

    def _listing(self, db: Database, new: NewWebhook, created_by: str, id_: int | None) -> str:
        return listing_of(new.name, new.vendor, new.type, created_by)

    def _record(self, row: tuple[Any, ...]) -> WebhookRecord:
        common, own = read_common(row)
        environment_id, vendor, type_, credential_id, credential, path = own
        return WebhookRecord(
            **common,
            environment_id=environment_id,
            vendor=vendor,
            type=type_,
            credential_id=credential_id,
            credential=credential,
            path=path,
        )

    def _row(self, row: tuple[Any, ...]) -> WebhookRow:
        id_, name, vendor, type_, credential, created_by, modified_at, event_at, *event = row
        result, word = event
        return WebhookRow(
            id=id_,
            name=name,
            vendor=vendor,
            type=type_,
            credential=credential,
            created_by=created_by,
            modified_at=from_iso(modified_at),
            event_at=from_iso_or_none(event_at),
            event_result=result,
            event_word=word,
        )
