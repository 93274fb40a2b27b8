"""``smstui bundle``: export environments and their records as one file, show one, import one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smstui.commands.common import (
    Invocation,
    ask_secret,
    confirm_production,
    emit,
    say,
    show_lines,
    table,
)
from smstui.commands.options import json_option, production_option
from smstui.i18n import _
from smstui.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import SecretStr

    from smstui.bundles.document import Bundle
    from smstui.bundles.plan import Choice, Item, Plan

ON_CONFLICT = ("ask", "ours", "theirs", "both")
_passphrase_option = click.option(
    "--bundle-passphrase-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file whose first line is the bundle's own passphrase; else it is asked for.",
)


@click.group()
def command() -> None:
    """Export, show and import bundles: environments and their records as one file."""


@command.command("export")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--plain", is_flag=True, help="As JSON, not encrypted, with secrets left blank.")
@click.option(
    "--environment",
    "environments",
    multiple=True,
    metavar="NAME",
    help="One of those to export; may be given several times. Else all of them.",
)
@_passphrase_option
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.pass_obj
def export_command(
    invocation: Invocation,
    path: Path,
    plain: bool,
    environments: tuple[str, ...],
    bundle_passphrase_file: Path | None,
    force: bool,
) -> None:
    """Write environments and their records to the new file PATH.

    It holds no events, no consent and no audit trail.
    """
    from smstui.bundles.exporting import collect, tell_exported
    from smstui.bundles.files import pack, refuse_existing, write
    from smstui.bundles.plan import faults
    from smstui.bundles.words import LEFT_BEHIND, holding_line

    if plain and bundle_passphrase_file is not None:
        raise click.UsageError(_("A plain bundle has no passphrase."))
    if not force:
        refuse_existing(path)
    with invocation.open_store(anywhere=True) as store:
        bundle = collect(store, environments, with_secrets=not plain)
        problems = faults(store, bundle)
        passphrase = None if plain else _new_passphrase(bundle_passphrase_file)
        write(path, pack(bundle, passphrase), store_path=store.info().path, replace=force)
        tell_exported(store, path, bundle)
    said = _("{path} holds {what}; secrets are blank.") if plain else _("{path} holds {what}.")
    say(said.format(path=path, what=holding_line(bundle)))
    say(_(LEFT_BEHIND))
    if problems:
        say(_("Some records no longer fit their forms; an import would refuse them:"))
        for line in problems:
            say(f"! {clean(line)}")


@command.command("show")
@click.argument("path", type=click.Path(path_type=Path))
@_passphrase_option
@json_option
def show_command(path: Path, bundle_passphrase_file: Path | None, as_json: bool) -> None:
    """Tell what the bundle PATH holds; the store is not needed."""
    from smstui.bundles.words import bundle_record, holding_line, origin_line

    bundle = _open(path, bundle_passphrase_file)
    rows = [*_rows(bundle)]
    if as_json:
        records = [
            {"section": section, "environment": environment or None, "name": name}
            for section, _label, environment, name in rows
        ]
        emit({**bundle_record(bundle), "records": records})
        return
    show_lines([(_("Bundle"), origin_line(bundle)), (_("Holds"), holding_line(bundle))])
    click.echo()
    table(
        (_("Kind"), _("Environment"), _("Name")),
        [(label, environment, name) for _section, label, environment, name in rows],
    )


@command.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--on-conflict",
    type=click.Choice(ON_CONFLICT),
    default="ask",
    show_default=True,
    help="What becomes of a record that is here and differs.",
)
@click.option("--dry-run", is_flag=True, help="Tell what would be done, and do nothing.")
@production_option
@_passphrase_option
@json_option
@click.pass_obj
def import_command(
    invocation: Invocation,
    path: Path,
    on_conflict: str,
    dry_run: bool,
    production: str,
    bundle_passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Take over the bundle PATH; all of it, or nothing.

    Records that are not here are added. One that is here and differs stays, is replaced, or is
    kept beside theirs under another name.
    """
    from smstui.bundles.applying import apply, describe, production_at_risk
    from smstui.bundles.plan import make_plan
    from smstui.bundles.words import bundle_record, counts_line, item_record

    bundle = _open(path, bundle_passphrase_file)
    with invocation.open_store(anywhere=True) as store:
        plan = make_plan(store, bundle)
        is_asking = on_conflict == "ask" and not dry_run
        choices = _ask(plan) if is_asking else _decide(plan, on_conflict, dry_run=dry_run)
        for environment in [] if dry_run else production_at_risk(store, plan, choices):
            confirm_production(store.acting_in(environment.id), production)
        applied = None if dry_run else apply(store, plan, choices, source=str(path))
    remarks = [*plan.remarks, *(applied.remarks if applied is not None else ())]
    if as_json:
        emit(
            {
                "bundle": bundle_record(bundle),
                "items": [item_record(item, choices) for item in plan.items],
                "remarks": remarks,
                "imported": applied is not None,
            }
        )
        return
    if applied is None:
        _tell(plan, choices)
        say(counts_line(plan) + ".")
    else:
        say(describe(applied))
    for remark in remarks:
        say(remark)


def _open(path: Path, passphrase_file: Path | None) -> Bundle:
    from smstui.bundles.files import needs_passphrase, read, unpack

    data = read(path)
    passphrase = None
    if needs_passphrase(data):
        passphrase = _given(passphrase_file) or _asked(_("Passphrase of the bundle"))
    return unpack(data, passphrase)


def _new_passphrase(file: Path | None) -> SecretStr:
    from smstui.passphrase import judge

    prompt = _("New passphrase of the bundle, 12 characters or more")
    new = _given(file) or _asked(prompt, confirm=True)
    say(judge(new).sentence)
    return new


def _given(file: Path | None) -> SecretStr | None:
    """Return the passphrase in a file; trouble with it is not trouble with the store."""
    from smstui.bundles.errors import BundleError
    from smstui.passphrase import read_passphrase
    from smstui.store.errors import StoreError

    if file is None:
        return None
    try:
        return read_passphrase(file, {})
    except StoreError as error:
        raise BundleError(error.message, title=error.title) from error


def _asked(prompt: str, *, confirm: bool = False) -> SecretStr:
    from smstui.bundles.errors import BundleError

    if not sys.stdin.isatty():
        raise BundleError(_("Name a file with --bundle-passphrase-file."))
    return ask_secret(prompt, confirm=confirm)


def _rows(bundle: Bundle) -> Sequence[tuple[str, str, str, str]]:
    """Return section, label, environment and name of what stands in a bundle, as it says."""
    from smstui.bundles.sections.registry import sections

    def text(entry: Any, key: str) -> str:
        value = entry.get(key) if isinstance(entry, dict) else None
        return clean(value) if isinstance(value, str) else ""

    return [
        (key, _(section.label), text(entry, "environment"), text(entry, "name"))
        for key, section in sections().items()
        for entry in bundle.entries.get(key, ())
    ]


def _decide(plan: Plan, policy: str, *, dry_run: bool) -> Mapping[int, Choice]:
    """Return what is to become of what differs when one answer holds for all.

    Raises:
        NotImported: it cannot be so for one of them.
    """
    from smstui.bundles.errors import NotImported
    from smstui.bundles.plan import Choice

    if policy == "ask":
        return {}
    wanted = Choice(policy)
    choices, refused = {}, []
    for item in plan.undecided({}):
        if wanted in item.choices:
            choices[item.number] = wanted
        elif wanted is Choice.BOTH:
            choices[item.number] = Choice.OURS
            said = _("{name}: an environment is not kept twice; ours stays.")
            say(said.format(name=clean(item.theirs.name)))
        else:
            refused.append(f"{clean(item.theirs.name)}: {item.obstacle}")
    if refused and not dry_run:
        raise NotImported([*refused, _("Choose for each record, or say --on-conflict ours.")])
    return choices


def _ask(plan: Plan) -> Mapping[int, Choice]:
    """Ask what is to become of each record that differs.

    Raises:
        NotImported: there is nobody to ask.
    """
    from smstui.bundles.errors import NotImported

    undecided = plan.undecided({})
    if undecided and not sys.stdin.isatty():
        names = [f"{clean(item.theirs.name)}: {_status(item)}" for item in undecided]
        raise NotImported(
            [*names, _("Say --on-conflict ours, theirs or both when nobody can be asked.")]
        )
    return {item.number: _ask_one(item) for item in undecided}


def _ask_one(item: Item) -> Choice:
    from smstui.bundles.plan import Choice
    from smstui.bundles.words import choice_words

    say(f"\n{_(item.section.label)} {_where(item)}: {_status(item)}")
    if item.obstacle:
        say(f"  {item.obstacle}")
    for change in item.changes:
        say(f"  {clean(change.label)}: {clean(change.before)} → {clean(change.after)}")
    offered = ", ".join(f"{each.value} = {choice_words(item, each)}" for each in item.choices)
    say(f"  {offered}")
    answers = click.Choice([each.value for each in item.choices])
    return Choice(click.prompt(_("What becomes of it"), type=answers, err=True))


def _tell(plan: Plan, choices: Mapping[int, Choice]) -> None:
    """Print what would be done, and in what records differ."""
    from smstui.bundles.words import choice_words

    rows: list[tuple[str, ...]] = [
        (
            _status(item),
            _(item.section.label),
            clean(item.theirs.environment),
            clean(item.theirs.name),
            choice_words(item, choices.get(item.number)),
        )
        for item in plan.items
    ]
    table((_("Status"), _("Kind"), _("Environment"), _("Name"), _("Then")), rows)
    for item in plan.items:
        if item.is_asked:
            click.echo(f"\n{_(item.section.label)} {_where(item)}")
            if item.obstacle:
                click.echo(f"  {item.obstacle}")
            for change in item.changes:
                line = f"{clean(change.label)}: {clean(change.before)} → {clean(change.after)}"
                click.echo(f"  {line}")


def _status(item: Item) -> str:
    from smstui.bundles.words import status_words

    return status_words(item)


def _where(item: Item) -> str:
    environment = clean(item.theirs.environment)
    name = clean(item.theirs.name)
    return f"{name} ({environment})" if environment else name
