"""Whether the provider has called the webhooks of a set-up: by what came in since a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from smstui.i18n import _
from smstui.rcs.document import Document
from smstui.rcs.stored import webhooks_of
from smstui.store.webhook_records import EventQuery
from smstui.webhooks.base import EventKind

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.store.webhook_records import EventRecord, WebhookRecord


@dataclass(frozen=True, slots=True)
class FirstCall:
    """What came in at one webhook since a moment.

    Attributes:
        webhook_id: which one.
        webhook: its name.
        event: the first genuine event; while there is none, the newest refused one; None when
            nothing came.
        is_genuine: whether it is believed.
        said: one sentence: what came, or why it is refused.
    """

    webhook_id: int
    webhook: str
    event: EventRecord | None
    is_genuine: bool
    said: str


def first_calls(store: Store, document: Document, since: datetime) -> list[FirstCall]:
    """Return what came in since a moment, for each stored webhook of a set-up, in their order.

    A genuine call counts even when others were refused: the path works.
    """
    return [_first_call(store, webhook, since) for webhook in webhooks_of(store, document)]


def _first_call(store: Store, webhook: WebhookRecord, since: datetime) -> FirstCall:
    refused: EventRecord | None = None
    genuine: EventRecord | None = None
    for id_ in store.events.ids(EventQuery(webhook_id=webhook.id)):
        event = store.events.get(id_)
        if (event.repeated_at or event.call.at) < since:
            break
        if event.event.kind != EventKind.REFUSED:
            genuine = event
        elif refused is None:
            refused = event
    if genuine is not None:
        said = _("A genuine call came: {what}.").format(what=_what(genuine))
    elif refused is not None:
        said = _("A call came and was refused. {reason}").format(reason=refused.event.reason)
    else:
        said = _("Nothing came yet.")
    found = genuine or refused
    return FirstCall(webhook.id, webhook.name, found, genuine is not None, said)


def _what(event: EventRecord) -> str:
    """Return what an event is: the word of a report, the text of a reply."""
    told = event.event
    return told.word or told.text or told.kind
