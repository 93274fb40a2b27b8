"""``smstui rcs``: list and show RCS set-ups, ask for their status, export, delete."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smstui.commands.common import (
    Invocation,
    delete_named,
    emit,
    show_lines,
    table,
    write_document,
)
from smstui.commands.options import delete_options, list_options, output_option, record_options
from smstui.i18n import _
from smstui.text import clean
from smstui.times import iso, iso_or_none

if TYPE_CHECKING:
    from smstui.rcs.document import Document
    from smstui.rcs.errands import Carried
    from smstui.store import Store

FORMATS = ("markdown", "json")


@click.group()
def command() -> None:
    """List, show, follow, export and delete RCS set-ups."""


@command.command("list")
@list_options
@click.pass_obj
def list_command(invocation: Invocation, text: str, as_json: bool) -> None:
    """List the set-ups: how far each is, and for whom it waits since when."""
    from smstui.rcs.checklist import waiting_sentence, whom_of
    from smstui.rcs.words import step_word
    from smstui.store.records import ListQuery

    with invocation.open_store() as store:
        rows = store.rcs_setups.rows(store.rcs_setups.ids(ListQuery(text=text)))
    if as_json:
        emit(
            [
                {
                    "name": row.name,
                    "provider": row.route,
                    "step": row.step,
                    "waiting_for": whom_of(row.waiting_for),
                    "waiting_since": iso_or_none(row.waiting_since),
                    "created_by": row.created_by,
                    "modified_at": iso(row.modified_at),
                }
                for row in rows
            ]
        )
        return
    table(
        (_("Name"), _("Provider"), _("Step"), _("Waiting")),
        [
            (
                clean(row.name),
                row.route,
                step_word(row.step),
                waiting_sentence(row.waiting_for, row.waiting_since) or "–",
            )
            for row in rows
        ],
    )


@command.command("show")
@record_options
@click.pass_obj
def show_command(invocation: Invocation, name: str, as_json: bool) -> None:
    """Show one set-up: its checklist, what the provider said last, what was made of it."""
    with invocation.open_store() as store:
        document = _load(store, name)
        record = _record(store, document)
    if as_json:
        emit(record)
    else:
        _tell(document, record)


@command.command("status")
@record_options
@click.pass_context
def status_command(ctx: click.Context, name: str, as_json: bool) -> None:
    """Ask the provider of NAME how the registration stands, and keep what it says.

    The exit status is 1 when the provider refuses to tell, or refuses the registration.
    """
    import asyncio

    from smstui.rcs import errands
    from smstui.rcs.stored import remember
    from smstui.times import utc_now

    invocation: Invocation = ctx.obj
    with invocation.open_store() as store:
        document = _load(store, name)
        carried = asyncio.run(errands.ask(document))
        document = errands.take_in(document, carried.progress, utc_now())
        document = remember(store, document)
        record = _record(store, document)
    if as_json:
        emit({**record, "answer": _answer(carried)})
    else:
        _tell(document, record)
        outcome = carried.progress.outcome
        click.echo()
        show_lines(
            (label, text)
            for label, text in (
                (_("Answer"), outcome.summary),
                (_("Cause"), outcome.cause),
                (_("Next step"), outcome.next_step),
            )
            if text
        )
    ctx.exit(1 if carried.progress.outcome.result.value in ("failed", "warned") else 0)


@command.command("export")
@click.argument("name")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default=FORMATS[0],
    help="Markdown to read and paste, or JSON.  [default: markdown]",
)
@output_option
@click.pass_obj
def export_command(invocation: Invocation, name: str, form: str, output: Path | None) -> None:
    """Export profile and checklist of NAME, to paste into the provider's console; no secrets."""
    from smstui.rcs import export

    with invocation.open_store() as store:
        document = _load(store, name)
    parts = document.route, document.setup, document.notes
    if form == "json":
        write_document(export.json_document(*parts), output)
    else:
        text = export.markdown(*parts)
        if output is None:
            click.echo(text, nl=False)
        else:
            export.write_new(output, text)


@command.command("delete")
@delete_options
@click.pass_obj
def delete_command(invocation: Invocation, name: str, yes: bool, production: str) -> None:
    """Delete one set-up; its webhooks and its credential stay."""
    with invocation.open_store() as store:
        question = _("Delete the RCS set-up {name}? Its webhooks and its credential stay.")
        delete_named(store, store.rcs_setups, name, question, yes=yes, production=production)


def _load(store: Store, name: str) -> Document:
    from smstui.rcs.stored import load

    return load(store, store.rcs_setups.by_name(name).id)


def _record(store: Store, document: Document) -> dict[str, Any]:
    """Return a set-up as JSON values, without secrets."""
    from smstui.rcs import export
    from smstui.rcs.checklist import waiting, whom_of
    from smstui.rcs.stored import credential_of, webhooks_of

    whom, since = waiting(document.route, document.notes)
    credential = credential_of(store, document)
    status = document.status
    return {
        **export.json_document(document.route, document.setup, document.notes),
        "step": document.step.value,
        "waiting_for": whom_of(whom),
        "waiting_since": iso_or_none(since),
        "webhooks": [webhook.name for webhook in webhooks_of(store, document)],
        "credential": None if credential is None else credential.name,
        "status": None
        if status is None
        else {
            "at": iso(status.at),
            "summary": status.outcome.summary,
            "lines": [
                {
                    "level": line.level,
                    "name": line.name,
                    "word": line.word,
                    "state": line.state.value,
                    "remark": line.remark,
                }
                for line in status.lines
            ],
        },
    }


def _answer(carried: Carried) -> dict[str, Any]:
    outcome = carried.progress.outcome
    return {
        "result": outcome.result.value,
        "word": outcome.word,
        "summary": outcome.summary,
        "cause": outcome.cause,
        "next_step": outcome.next_step,
        "code": outcome.code,
    }


def _tell(document: Document, record: dict[str, Any]) -> None:
    from smstui.rcs.base import TaskNote
    from smstui.rcs.checklist import STATE_WORDS, waiting, waiting_sentence
    from smstui.rcs.words import step_word

    whom, since = waiting(document.route, document.notes)
    show_lines(
        [
            (_("Name"), document.name),
            (_("Provider"), document.route_name),
            (_("Step"), step_word(document.step)),
            (_("Waiting"), waiting_sentence(whom, since) or "–"),
            (_("Webhooks"), ", ".join(record["webhooks"]) or "–"),
            (_("Credential"), record["credential"] or "–"),
        ]
    )
    click.echo()
    notes = [document.notes.get(task.key, TaskNote()) for task in document.route.tasks]
    table(
        (_("Task"), _("State"), _("Since"), _("Note")),
        [
            (
                _(task.label),
                _(STATE_WORDS[note.state]),
                "" if note.at is None else note.at.date().isoformat(),
                clean(note.note),
            )
            for task, note in zip(document.route.tasks, notes, strict=True)
        ],
    )
    if document.status is None:
        return
    click.echo()
    table(
        (_("Status of {date}").format(date=document.status.at.date().isoformat()), "", ""),
        [
            (f"{'  ' * line.level}{clean(line.name)}", clean(line.word), clean(line.remark))
            for line in document.status.lines
        ],
    )
