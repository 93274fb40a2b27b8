"""``smstui consent``: who opted in or out, and by which text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from smstui.commands.common import Invocation, emit, table
from smstui.commands.options import json_option, list_options
from smstui.i18n import _
from smstui.text import clean
from smstui.times import iso, utc_now

if TYPE_CHECKING:
    from smstui.store.webhook_records import ConsentChange, ConsentRow


@click.group()
def command() -> None:
    """Tell who opted in or out of the texts of which sender."""


@command.command("list")
@list_options
@click.pass_obj
def list_command(invocation: Invocation, text: str, as_json: bool) -> None:
    """List how consent stands, by number and sender."""
    from smstui.times import ago

    rows = _rows(invocation, text)
    if as_json:
        emit([_record(row) for row in rows])
        return
    now = utc_now()
    table(
        (_("Number"), _("Sender"), _("Consent"), _("Keyword"), _("Webhook"), _("Since")),
        [
            (
                clean(row.number),
                clean(row.sender),
                _word(row.state),
                clean(row.keyword),
                clean(row.webhook),
                ago(row.at, now),
            )
            for row in rows
        ],
    )


@command.command("show")
@click.argument("number")
@json_option
@click.pass_obj
def show_command(invocation: Invocation, number: str, as_json: bool) -> None:
    """Show how the consent of NUMBER came to stand as it does, newest change first."""
    from smstui.store.errors import NotFound
    from smstui.store.records import ListQuery

    digits = number.replace(" ", "").removeprefix("+")
    with invocation.open_store() as store:
        rows = store.consents.rows(store.consents.ids(ListQuery(text=digits, sort="number")))
        shown = [row for row in rows if row.number.removeprefix("+") == digits]
        histories = {row.id: store.consents.history(row.id) for row in shown}
    if not shown:
        raise NotFound(_("Nothing is known of the consent of {number}.").format(number=number))
    if as_json:
        emit([{**_record(row), "changes": _changes(histories[row.id])} for row in shown])
        return
    for row in shown:
        sender = clean(row.sender) or _("all senders")
        click.echo(f"{clean(row.number)}  {sender}  {_word(row.state)}")
        table(
            (_("When"), _("Before"), _("After"), _("Keyword"), _("Webhook")),
            [
                (
                    iso(change.at),
                    _word(change.before),
                    _word(change.after),
                    clean(change.keyword),
                    clean(change.webhook),
                )
                for change in histories[row.id]
            ],
        )


def _rows(invocation: Invocation, text: str) -> list[ConsentRow]:
    from smstui.store.records import ListQuery

    with invocation.open_store() as store:
        return store.consents.rows(store.consents.ids(ListQuery(text=text, sort="number")))


def _word(state: str) -> str:
    from smstui.webhooks.consent import STATE_WORDS, ConsentState

    return _(STATE_WORDS[ConsentState(state)]) if state else "–"


def _record(row: ConsentRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "sender": row.sender,
        "state": row.state,
        "at": iso(row.at),
        "keyword": row.keyword,
        "webhook": row.webhook,
    }


def _changes(history: list[ConsentChange]) -> list[dict[str, Any]]:
    return [
        {
            "at": iso(change.at),
            "before": change.before,
            "after": change.after,
            "category": change.category,
            "keyword": change.keyword,
            "webhook": change.webhook,
        }
        for change in history
    ]
