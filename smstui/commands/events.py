"""``smstui events``: what came in by webhooks."""

from __future__ import annotations

import click

from smstui.commands.common import Invocation, emit, table
from smstui.commands.options import filter_option, json_option
from smstui.i18n import _
from smstui.text import clean
from smstui.times import iso, utc_now

LIMIT = 50
TEXT_WIDTH = 40
"""Characters of a text in the list; JSON holds it whole."""


@click.group()
def command() -> None:
    """List what came in by webhooks."""


@command.command("list")
@filter_option
@click.option("--webhook", default="", metavar="NAME", help="Only those of one webhook.")
@click.option(
    "--limit",
    type=click.IntRange(1, 100_000),
    default=LIMIT,
    show_default=True,
    help="How many at the most; the newest come first.",
)
@json_option
@click.pass_obj
def list_command(
    invocation: Invocation, text: str, webhook: str, limit: int, as_json: bool
) -> None:
    """List the events, newest first."""
    from smstui.results import GLYPHS
    from smstui.store.webhook_records import EventQuery
    from smstui.times import ago

    with invocation.open_store() as store:
        webhook_id = store.webhooks.by_name(webhook).id if webhook else None
        ids = store.events.ids(EventQuery(text=text, webhook_id=webhook_id, limit=limit))
        rows = store.events.rows(ids)
    if as_json:
        emit(
            [
                {
                    "id": row.id,
                    "at": iso(row.at),
                    "webhook": row.webhook,
                    "kind": row.kind,
                    "result": row.result,
                    "word": row.word,
                    "sender": row.sender,
                    "recipient": row.recipient,
                    "text": row.text,
                    "repeats": row.repeats,
                }
                for row in rows
            ]
        )
        return
    now = utc_now()
    table(
        (_("When"), _("Webhook"), _("Event"), _("From"), _("To"), _("Text")),
        [
            (
                ago(row.at, now),
                clean(row.webhook),
                f"{GLYPHS[row.result]} {clean(row.word)}",
                clean(row.sender),
                clean(row.recipient),
                clean(row.text).replace("\n", " ")[:TEXT_WIDTH],
            )
            for row in rows
        ],
    )
