"""The rows of the webhook list: its columns."""

from __future__ import annotations

from screens.list_page import grouped
from screens.record_list import Listed, ago_cell, created_by_column, modified_at_column, name_column
from screens.widgets.cells import RESULT_TONES, Cell
from screens.widgets.columns import Column
from smstui.i18n import N_, _, ngettext
from smstui.results import result_mark
from smstui.store.webhook_records import WebhookRow
from smstui.webhooks.base import WebhookType

Row = Listed[WebhookRow]

TYPE_WORDS = {
    WebhookType.INBOUND.value: N_("inbound"),
    WebhookType.FEEDBACK.value: N_("feedback"),
    WebhookType.BOTH.value: N_("both"),
}
"""What a webhook receives, in a word."""


def event_cell(result: str, word: str) -> Cell:
    """Return what came in, as a sign and a word; what is neither good nor bad has a point."""
    if not result:
        return Cell(f"· {word}")
    return Cell(result_mark(result, word), RESULT_TONES[result])


def _last_event(listed: Row) -> Cell:
    row = listed.row
    if row.event_at is None:
        return Cell(_("– nothing yet"), "muted")
    return event_cell(row.event_result, row.event_word)


def _event_ago(listed: Row) -> Cell:
    return ago_cell(listed.row.event_at, listed.now)


def _type(listed: Row) -> Cell:
    return Cell(_(TYPE_WORDS.get(listed.row.type, listed.row.type)))


COLUMNS = (
    name_column(12),
    Column[Row](
        "vendor", N_("Vendor"), lambda at: Cell(at.row.vendor), 9, priority=2, sortable=True
    ),
    Column[Row]("type", N_("Type"), _type, 8, priority=3),
    Column[Row](
        "credential",
        N_("Credential"),
        lambda at: Cell(at.row.credential, "muted"),
        12,
        priority=5,
    ),
    created_by_column(priority=7),
    modified_at_column(priority=6),
    Column[Row]("event_at", N_("Last event"), _last_event, 15, priority=1, sortable=True),
    Column[Row]("event_ago", "", _event_ago, 10, align="right", priority=4),
)
NEWEST_FIRST = ("modified_at", "event_at")
"""Columns that start with the newest when one sorts by them."""


def counted(total: int) -> str:
    """Return how many webhooks there are."""
    said = ngettext("{total} webhook", "{total} webhooks", total)
    return said.format(total=grouped(total))
