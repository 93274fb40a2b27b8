"""``smstui webhooks``: list, show, import, export, delete; try a reply; what to hand over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

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
    json_option,
    list_options,
    record_options,
)
from smstui.commands.uses import uses_command
from smstui.i18n import _
from smstui.text import clean
from smstui.times import iso, iso_or_none, utc_now

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.store.webhook_records import WebhookRecord
    from smstui.webhooks.trial import Trial

CONSENTS = ("in", "out", "asked")


@click.group()
def command() -> None:
    """List, show, try, import, export and delete SMS webhooks."""


command.add_command(uses_command("webhook"))


@command.command("list")
@list_options
@click.pass_obj
def list_command(invocation: Invocation, text: str, as_json: bool) -> None:
    """List the webhooks."""
    from smstui.store.records import ListQuery
    from smstui.times import ago

    with invocation.open_store() as store:
        rows = store.webhooks.rows(store.webhooks.ids(ListQuery(text=text)))
    if as_json:
        emit(
            [
                {
                    "name": row.name,
                    "vendor": row.vendor,
                    "type": row.type,
                    "credential": row.credential,
                    "created_by": row.created_by,
                    "modified_at": iso(row.modified_at),
                    "event_at": iso_or_none(row.event_at),
                    "event_result": row.event_result,
                    "event_word": row.event_word,
                }
                for row in rows
            ]
        )
        return
    now = utc_now()
    table(
        (_("Name"), _("Vendor"), _("Type"), _("Modified"), _("Last event")),
        [
            (
                clean(row.name),
                row.vendor,
                row.type,
                ago(row.modified_at, now),
                mark_and_when(row.event_result, row.event_word, row.event_at, now),
            )
            for row in rows
        ],
    )


@command.command("show")
@record_options
@click.pass_obj
def show_command(invocation: Invocation, name: str, as_json: bool) -> None:
    """Show one webhook and its URL; secrets only as set or not."""
    from smstui.credentials import shown_fields
    from smstui.webhooks.fields import specs_for
    from smstui.webhooks.stored import export_document, stored_draft
    from smstui.webhooks.vendors.registry import webhook_vendor

    with invocation.open_store() as store:
        record = store.webhooks.by_name(name)
        url = _url_of(store, record)
    if as_json:
        emit({**export_document([record])["webhooks"][0], "url": url})
        return
    specs = specs_for(webhook_vendor(record.vendor), [record.credential])
    fields = shown_fields(specs, stored_draft(record))
    show_lines([(_("SMS vendor"), record.vendor), *fields, (_("Webhook URL"), url)])


@command.command("import")
@import_options
@click.pass_obj
def import_command(invocation: Invocation, file: Any, replace: bool, production: str) -> None:
    """Import webhooks from FILE, or from stdin with -; all of them or none.

    FILE holds {"webhooks": [{"vendor": "Infobip", "type": "Inbound", "name": "…"}]}.
    """
    from smstui.webhooks.stored import describe_import, import_document

    document = read_document(file)
    with invocation.open_store() as store:
        if replace:
            confirm_production(store, production)
        say(describe_import(import_document(store, document, replace=replace)))


@command.command("export")
@export_options
@click.pass_obj
def export_command(invocation: Invocation, names: tuple[str, ...], output: Path | None) -> None:
    """Export NAMES, or all webhooks, as JSON with secrets left blank and URLs left out."""
    from smstui.webhooks.stored import export_document

    with invocation.open_store() as store:
        records = chosen(store.webhooks, names)
    write_document(export_document(records), output)


@command.command("delete")
@delete_options
@click.pass_obj
def delete_command(invocation: Invocation, name: str, yes: bool, production: str) -> None:
    """Delete one webhook, its URL and its events; consent stays."""
    with invocation.open_store() as store:
        question = _("Delete the webhook {name} and its events?")
        delete_named(store, store.webhooks, name, question, yes=yes, production=production)


@command.command("try")
@click.argument("name")
@click.argument("text")
@click.option(
    "--consent",
    type=click.Choice(CONSENTS),
    help="How the subscriber's consent stands before; else nothing is known.",
)
@json_option
@click.pass_obj
def try_command(
    invocation: Invocation, name: str, text: str, consent: str | None, as_json: bool
) -> None:
    """Tell what the webhook NAME would make of TEXT; nothing is sent or kept."""
    from smstui.errors import SmstuiError
    from smstui.webhooks.consent import ConsentState
    from smstui.webhooks.fields import receives_inbound
    from smstui.webhooks.stored import stored_draft
    from smstui.webhooks.trial import try_reply

    with invocation.open_store() as store:
        record = store.webhooks.by_name(name)
    draft = stored_draft(record)
    if not receives_inbound(draft):
        raise SmstuiError(
            _("{name} receives feedback alone, no texts.").format(name=clean(record.name)),
            title=_("There is nothing to try"),
        )
    trial = try_reply(draft, text, ConsentState(consent) if consent else None)
    if as_json:
        emit({"webhook": record.name, "text": text, **_record(trial)})
    else:
        _tell(trial)


@command.command("hand-over")
@record_options
@click.pass_obj
def hand_over_command(invocation: Invocation, name: str, as_json: bool) -> None:
    """Tell what to do at the provider so that it calls the webhook NAME."""
    from smstui.webhooks.stored import load
    from smstui.webhooks.vendors.registry import webhook_vendor

    with invocation.open_store() as store:
        record = store.webhooks.by_name(name)
        url = _url_of(store, record)
        hand_over = webhook_vendor(record.vendor).hand_over(load(store, record), url)
    if as_json:
        settings = [{"label": label, "value": value} for label, value in hand_over.settings]
        steps = list(hand_over.steps)
        emit({"url": url, "steps": steps, "settings": settings, "adobe": hand_over.adobe})
        return
    for number, step in enumerate(hand_over.steps, start=1):
        click.echo(f"{number}. {clean(step)}")
    click.echo()
    show_lines(hand_over.settings)
    if hand_over.adobe:
        click.echo(f"\n{clean(hand_over.adobe)}")


def _url_of(store: Store, record: WebhookRecord) -> str:
    from smstui.webhooks.settings import ReceiverSettings

    return ReceiverSettings.load(store).url_of(record.path)


def _record(trial: Trial) -> dict[str, Any]:
    return {
        "category": trial.category.value,
        "keyword": trial.keyword,
        "is_fuzzy": trial.is_fuzzy,
        "reply": trial.reply,
        "reply_parts": trial.reply_parts,
        "consent_before": trial.consent_before,
        "consent_after": trial.consent_after,
        "explanation": trial.explanation,
        "warnings": list(trial.warnings),
    }


def _tell(trial: Trial) -> None:
    from smstui.webhooks.consent import STATE_WORDS
    from smstui.webhooks.keywords import LABELS

    after = trial.consent_after
    lines = [
        (_("Category"), _(LABELS[trial.category])),
        (_("Keyword"), trial.keyword or "–"),
        (_("Reply Message"), trial.reply or "–"),
        (_("Consent"), _(STATE_WORDS[after]) if after else "–"),
    ]
    show_lines(lines)
    click.echo()
    click.echo(clean(trial.explanation))
    for warning in trial.warnings:
        click.echo(f"! {clean(warning)}")
