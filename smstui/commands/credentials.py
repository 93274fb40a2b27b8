"""``smstui credentials``: list, show, import, export, delete; where used, rotate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from smstui.commands import rotate
from smstui.commands.common import (
    Invocation,
    chosen,
    confirm_production,
    delete_named,
    emit,
    mark_and_when,
    read_document,
    say,
    show_lines,
    table,
    write_document,
)
from smstui.commands.options import (
    delete_options,
    export_options,
    import_options,
    list_options,
    record_options,
)
from smstui.commands.uses import uses_command
from smstui.i18n import _
from smstui.text import clean
from smstui.times import iso, iso_or_none, utc_now


@click.group()
def command() -> None:
    """List, show, import, export and delete API credentials, and rotate their secrets."""


command.add_command(rotate.command)
command.add_command(uses_command("credential"))


@command.command("list")
@list_options
@click.pass_obj
def list_command(invocation: Invocation, text: str, as_json: bool) -> None:
    """List the credentials."""
    from smstui.store.records import ListQuery
    from smstui.times import ago

    with invocation.open_store() as store:
        rows = store.credentials.rows(store.credentials.ids(ListQuery(text=text)))
    if as_json:
        emit(
            [
                {
                    "name": row.name,
                    "vendor": row.vendor,
                    "created_by": row.created_by,
                    "modified_at": iso(row.modified_at),
                    "verified_at": iso_or_none(row.verified_at),
                    "verified_result": row.verified_result,
                    "verified_word": row.verified_word,
                }
                for row in rows
            ]
        )
        return
    now = utc_now()
    table(
        (_("Name"), _("Vendor"), _("Created by"), _("Modified"), _("Last verified")),
        [
            (
                clean(row.name),
                row.vendor,
                clean(row.created_by),
                ago(row.modified_at, now),
                mark_and_when(row.verified_result, row.verified_word, row.verified_at, now),
            )
            for row in rows
        ],
    )


@command.command("show")
@record_options
@click.pass_obj
def show_command(invocation: Invocation, name: str, as_json: bool) -> None:
    """Show one credential; secrets only as set or not."""
    from smstui.credentials import export_document, shown_fields, stored_draft
    from smstui.providers.registry import provider_for

    with invocation.open_store() as store:
        record = store.credentials.by_name(name)
    if as_json:
        emit(export_document([record])["credentials"][0])
        return
    specs = provider_for(record.vendor).model.specs()
    fields = shown_fields(specs, stored_draft(record))
    show_lines([(_("SMS vendor"), record.vendor), *fields])


@command.command("import")
@import_options
@click.pass_obj
def import_command(invocation: Invocation, file: Any, replace: bool, production: str) -> None:
    """Import credentials from FILE, or from stdin with -; all of them or none.

    FILE holds {"credentials": [{"vendor": "Twilio", "name": "…", "account_sid": "…"}]}.
    """
    from smstui.credentials import describe_import, import_document

    document = read_document(file)
    with invocation.open_store() as store:
        if replace:
            confirm_production(store, production)
        say(describe_import(import_document(store, document, replace=replace)))


@command.command("export")
@export_options
@click.pass_obj
def export_command(invocation: Invocation, names: tuple[str, ...], output: Path | None) -> None:
    """Export NAMES, or all credentials, as JSON with the secrets left blank."""
    from smstui.credentials import export_document

    with invocation.open_store() as store:
        records = chosen(store.credentials, names)
    write_document(export_document(records), output)


@command.command("delete")
@delete_options
@click.pass_obj
def delete_command(invocation: Invocation, name: str, yes: bool, production: str) -> None:
    """Delete one credential and the history of its verifications."""
    with invocation.open_store() as store:
        question = _("Delete the credential {name}?")
        delete_named(store, store.credentials, name, question, yes=yes, production=production)
