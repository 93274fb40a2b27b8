"""``smstui channels``: list, show, import, export, delete; submit, deactivate, reactivate."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from smstui.commands.common import (
    EXIT_REFUSED,
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
    filter_option,
    import_options,
    json_option,
    record_options,
)
from smstui.commands.uses import uses_command
from smstui.i18n import _
from smstui.text import clean
from smstui.times import iso, iso_or_none, utc_now

if TYPE_CHECKING:
    from smstui.channels.base import Check
    from smstui.store import Store
    from smstui.store.channel_records import ChannelRecord

T = TypeVar("T")

CHANNELS = ("SMS", "MMS", "RCS")
STATES = ("Draft", "Processing", "Active", "Failed", "Deactivated")


@click.group()
def command() -> None:
    """List, show, submit, import, export and delete channel configurations."""


command.add_command(uses_command("channel configuration"))


@command.command("list")
@filter_option
@click.option("--channel", type=click.Choice(CHANNELS), default=None, help="Of one channel.")
@click.option("--user", default="", help="Made by one person.")
@click.option(
    "--status", type=click.Choice(STATES, case_sensitive=False), default=None, help="In one status."
)
@json_option
@click.pass_obj
def list_command(
    invocation: Invocation,
    text: str,
    channel: str | None,
    user: str,
    status: str | None,
    as_json: bool,
) -> None:
    """List the channel configurations."""
    from smstui.channels.base import STATE_WORDS, UPDATE_WORDS
    from smstui.store.channel_records import ChannelQuery

    query = ChannelQuery(text=text, channel=channel or "", user=user, state=status or "")
    with _opened(invocation) as store:
        rows = store.channels.rows(store.channels.ids(query))
    if as_json:
        emit(
            [
                {
                    "name": row.name,
                    "channel": row.channel,
                    "sms_type": row.sms_type,
                    "status": row.state,
                    "recent_update": row.update_state,
                    "mobile_configuration": row.credential,
                    "sender_number": row.sender,
                    "created_by": row.created_by,
                    "modified_at": iso(row.modified_at),
                    "checked_at": iso_or_none(row.checked_at),
                    "check_result": row.result,
                    "check_word": row.word,
                }
                for row in rows
            ]
        )
        return
    now = utc_now()
    headings = (_("Name"), _("Channel"), _("Status"), _("Recent update"), _("Checks"))
    table(
        headings,
        [
            (
                clean(row.name),
                row.channel,
                _(STATE_WORDS[row.state]),
                _(UPDATE_WORDS[row.update_state]) if row.update_state else "–",
                mark_and_when(row.result, row.word, row.checked_at, now),
            )
            for row in rows
        ],
    )


@command.command("show")
@record_options
@click.pass_obj
def show_command(invocation: Invocation, name: str, as_json: bool) -> None:
    """Show one channel configuration, its status, and what its checks found."""
    from smstui.channels.base import STATE_WORDS, UPDATE_WORDS, Check
    from smstui.channels.fields import specs_for
    from smstui.channels.stored import stored_draft
    from smstui.credentials import shown_value

    with _opened(invocation) as store:
        record = store.channels.by_name(name)
    if as_json:
        emit(_document(record))
        return
    draft, update = stored_draft(record), record.update
    specs = specs_for(record.channel, [record.credential])
    lines = [(_(specs[field].label), shown_value(specs[field], draft[field])) for field in draft]
    lines.append((_("Status"), _(STATE_WORDS[record.state])))
    if update is not None:
        changes = [
            f"{label}: {before or '–'} → {after or '–'}" for label, before, after in update.changes
        ]
        lines.append((_("Recent update"), "\n".join([_(UPDATE_WORDS[update.state]), *changes])))
    show_lines(lines)
    if record.checks:
        click.echo()
        _tell([Check.from_record(check) for check in record.checks])


@command.command("submit")
@record_options
@click.pass_context
def submit_command(ctx: click.Context, name: str, as_json: bool) -> None:
    """Check the channel configuration NAME, and make it active when no check fails.

    A failed one is checked again, and so is a change to an active one that failed. The exit
    status is 0 when it is active afterwards, and the change, if there was one, holds.
    """
    ctx.exit(_check(ctx.obj, name, as_json=as_json, wanted=("Draft", "Failed", "Active")))


@command.command("reactivate")
@record_options
@click.pass_context
def reactivate_command(ctx: click.Context, name: str, as_json: bool) -> None:
    """Check the deactivated channel configuration NAME again, and make it active."""
    ctx.exit(_check(ctx.obj, name, as_json=as_json, wanted=("Deactivated",)))


@command.command("deactivate")
@record_options
@click.pass_obj
def deactivate_command(invocation: Invocation, name: str, as_json: bool) -> None:
    """Take the active channel configuration NAME out of use."""
    with _opened(invocation) as store:
        record = store.channels.by_name(name)
        record = store.channels.deactivate(record.id, revision=record.revision)
    if as_json:
        emit(_document(record))
    say(_("{name} is deactivated.").format(name=clean(record.name)))


@command.command("import")
@import_options
@click.pass_obj
def import_command(invocation: Invocation, file: Any, replace: bool, production: str) -> None:
    """Import channel configurations from FILE, or from stdin with -; all of them or none.

    FILE holds {"channels": [{"name": "…", "channel": "SMS", "mobile_configuration": "…"}]}.
    They are drafts until they are submitted.
    """
    from smstui.channels.stored import describe_import, import_document

    document = read_document(file)
    with _opened(invocation) as store:
        if replace:
            confirm_production(store, production)
        say(describe_import(import_document(store, document, replace=replace)))


@command.command("export")
@export_options
@click.pass_obj
def export_command(invocation: Invocation, names: tuple[str, ...], output: Path | None) -> None:
    """Export NAMES, or all channel configurations, as JSON; statuses are left out."""
    from smstui.channels.stored import export_document

    with _opened(invocation) as store:
        records = chosen(store.channels, names)
    write_document(export_document(records), output)


@command.command("delete")
@delete_options
@click.pass_obj
def delete_command(invocation: Invocation, name: str, yes: bool, production: str) -> None:
    """Delete one channel configuration; a deactivated one cannot be deleted."""
    with _opened(invocation) as store:
        question = _("Delete the channel configuration {name}?")
        delete_named(store, store.channels, name, question, yes=yes, production=production)


def _opened(invocation: Invocation) -> Store:
    """Open the store, and tell as interrupted what nobody checks any longer."""
    from smstui.channels.runs import settle

    store = invocation.open_store()
    try:
        for record in settle(store, utc_now()):
            say(_("The checks of {name} were interrupted.").format(name=clean(record.name)))
    except BaseException:
        store.close()
        raise
    return store


def _check(invocation: Invocation, name: str, *, as_json: bool, wanted: tuple[str, ...]) -> int:
    from smstui.channels import runs
    from smstui.channels.base import STATE_WORDS, Check, passed
    from smstui.store.errors import WrongState

    with _opened(invocation) as store:
        record = store.channels.by_name(name)
        if record.state not in wanted and not record.is_busy:
            raise WrongState(
                _("{name} is in status {status}; this is for {wanted}.").format(
                    name=clean(record.name),
                    status=_(STATE_WORDS[record.state]),
                    wanted=", ".join(_(STATE_WORDS[state]) for state in wanted),
                )
            )
        begun = runs.begin(store, record)
        asyncio.run(_carry_out(store, begun, quiet=as_json))
        record = store.channels.get(record.id)
    checks = [Check.from_record(check) for check in record.checks]
    if as_json:
        emit(_document(record))
    elif passed(checks):
        say(_("{name} is active.").format(name=clean(record.name)))
    return 0 if passed(checks) else EXIT_REFUSED


async def _carry_out(store: Store, begun: ChannelRecord, *, quiet: bool) -> None:
    """Carry out the checks, and tell each on stderr as it ends."""
    from smstui.channels.running import carry_out

    async def call(function: Callable[[Store], T]) -> T:
        return function(store)

    told = 0
    async for checks in carry_out(call, begun):
        ended = [check for check in checks if check.result.value != "pending"]
        if not quiet:
            _tell(ended[told:], err=True)
        told = len(ended)


def _tell(checks: list[Check], *, err: bool = False) -> None:
    from smstui.channels.base import CHECK_WORDS
    from smstui.results import GLYPHS

    width = max(len(_(word)) for word in CHECK_WORDS.values())
    for check in checks:
        word = _(CHECK_WORDS.get(check.name, check.name))
        mark = GLYPHS[check.result.value]
        click.echo(f"{mark} {word:<{width}}  {clean(check.summary)}", err=err)
        if check.result.value in ("failed", "warned") and check.reason:
            click.echo(f"  {' ' * width}  {clean(check.reason)}", err=err)


def _document(record: ChannelRecord) -> dict[str, Any]:
    from smstui.channels.stored import export_document

    update = record.update
    return {
        **export_document([record])["channels"][0],
        "status": record.state.value,
        "recent_update": None
        if update is None
        else {
            "status": update.state.value,
            "at": iso(update.at),
            "by": update.by,
            "changes": [
                {"field": label, "before": before, "after": after}
                for label, before, after in update.changes
            ],
        },
        "checked_at": iso_or_none(record.checked_at),
        "checks": [dict(check) for check in record.checks],
    }
