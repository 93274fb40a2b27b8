"""What is told about the webhook one stands on: a strip of lines, or a column when wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from screens.webhook_rows import TYPE_WORDS, event_cell
from screens.widgets.cells import Cell, fit
from screens.widgets.detail_lines import Line
from smstui.errors import SmstuiError
from smstui.i18n import _
from smstui.providers.fields import joined_words
from smstui.store.errors import NotFound
from smstui.store.references import WEBHOOK
from smstui.store.webhook_records import EventQuery, EventRow, WebhookRecord, WebhookRow
from smstui.text import clean, shorten_middle
from smstui.times import ago
from smstui.uses import used_words
from smstui.webhooks.fields import receives_inbound
from smstui.webhooks.keywords import LABELS, WORD_FIELDS, words_in
from smstui.webhooks.settings import ReceiverSettings
from smstui.webhooks.stored import stored_draft, summary_of

if TYPE_CHECKING:
    from smstui.store import Store

COLUMN_EVENTS = 8
"""How many of its newest events the column tells about."""
LONGEST_VALUE = 18
"""Cells that a field takes in the strip; the middle of a longer one becomes an ellipsis."""


@dataclass(frozen=True, slots=True)
class WebhookDetail:
    """A webhook as the list tells about it; no secret is in it.

    Attributes:
        record: as it is stored.
        row: as the list shows it.
        url: what its provider calls.
        summary: label and text of the fields that tell about it.
        words: label and keywords of each category that has some.
        events: the newest ones.
        used: what uses it, "used by 1 channel"; empty for nothing.
    """

    record: WebhookRecord
    row: WebhookRow
    url: str
    summary: tuple[tuple[str, str], ...]
    words: tuple[tuple[str, str], ...]
    events: tuple[EventRow, ...]
    used: str


def read_detail(store: Store, webhook_id: int, events: int) -> WebhookDetail:
    """Read what is told about a webhook; done where the store lives.

    Args:
        store: the store.
        webhook_id: which webhook.
        events: how many of its newest events to read.

    Raises:
        NotFound: it was deleted meanwhile.
    """
    record = store.webhooks.get(webhook_id)
    rows = store.webhooks.rows([webhook_id])
    if not rows:
        raise NotFound(_("There is no such webhook. Look for it in the list."))
    try:
        draft = stored_draft(record)
        summary = tuple(summary_of(record))
    except SmstuiError:
        # A vendor that this version does not know: the form says so when it is opened.
        draft, summary = {"type": "Feedback"}, ()
    words = ((LABELS[category], words_in(draft, category)) for category in WORD_FIELDS)
    newest = store.events.ids(EventQuery(webhook_id=webhook_id, limit=events))
    return WebhookDetail(
        record=record,
        row=rows[0],
        url=ReceiverSettings.load(store).url_of(record.path),
        summary=summary,
        words=tuple((label, joined_words(w)) for label, w in words if w)
        if receives_inbound(draft)
        else (),
        events=tuple(store.events.rows(newest)),
        used=used_words(store.references.used_by(WEBHOOK, webhook_id)),
    )


def strip_lines(detail: WebhookDetail, now: datetime, width: int) -> list[Line]:
    """Return the three lines under the list."""
    values = "   ".join(shorten_middle(text, LONGEST_VALUE) for _label, text in detail.summary)
    return [
        [Cell(detail.record.name, "strong"), Cell(f"   {values}" if values else "")],
        [Cell(shorten_middle(detail.url, max(width, 4)), "muted")],
        [*_last_event(detail.row, now), Cell(f" · {detail.used}" if detail.used else "", "muted")],
    ]


def column_lines(detail: WebhookDetail, now: datetime, width: int) -> list[Line]:
    """Return the lines beside the list, with its keywords and its newest events."""
    record = detail.record
    type_ = _(TYPE_WORDS.get(record.type, record.type))
    lines: list[Line] = [
        *([Cell(part, "strong")] for part in textwrap.wrap(clean(record.name), width or 1)),
        [Cell(f"{record.vendor}, {type_}", "muted")],
        [],
        [Cell(_("Webhook URL"), "muted")],
        *([Cell(part)] for part in textwrap.wrap(clean(detail.url), max(width, 1))),
    ]
    for label, text in detail.summary:
        lines += [[Cell(label, "muted")], [Cell(shorten_middle(text, max(width, 4)))]]
    if detail.used:
        lines += [[Cell(part)] for part in textwrap.wrap(detail.used, max(width, 8))]
    if detail.words:
        lines += [[], [Cell(_("Keywords"), "strong")], *_words(detail, width)]
    lines += [[], [Cell(_("Events"), "strong")]]
    if not detail.events:
        return [*lines, [Cell(_("none yet; o tells what to set up"), "muted")]]
    return lines + [_event_line(event, now, width) for event in detail.events]


def _words(detail: WebhookDetail, width: int) -> Iterator[Line]:
    column = max(len(_(label)) for label, _words_ in detail.words) + 2
    for label, words in detail.words:
        yield [Cell(fit(_(label), column), "muted"), Cell(fit(words, max(width - column, 8)))]


def _last_event(row: WebhookRow, now: datetime) -> Line:
    if row.event_at is None:
        return [Cell(_("Nothing came in yet; o tells what to set up."), "muted")]
    return [
        Cell(_("last event: "), "muted"),
        event_cell(row.event_result, row.event_word),
        Cell(f", {ago(row.event_at, now)}", "muted"),
    ]


def _event_line(event: EventRow, now: datetime, width: int) -> Line:
    mark = event_cell(event.result, event.word)
    room = max(width - 11, 8)
    return [
        Cell(fit(mark.text, room), mark.tone),
        Cell(f" {fit(ago(event.at, now), 10, 'right')}", "muted"),
    ]
