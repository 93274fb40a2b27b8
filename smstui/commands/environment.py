"""``smstui environment``: list, create, use, edit, delete environments; promote to another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from smstui.commands.common import (
    Invocation,
    confirm_or_stop,
    confirm_production,
    emit,
    say,
    show_lines,
    table,
)
from smstui.commands.options import delete_options, json_option, production_option, yes_option
from smstui.i18n import _
from smstui.text import clean
from smstui.times import iso

if TYPE_CHECKING:
    from smstui.promotion import Promotion
    from smstui.providers.fields import Value
    from smstui.store import Store

# The keys of smstui.environments.COLOURS, and of smstui.promotion.KINDS by their short words,
# without loading either.
COLOURS = ("grey", "green", "cyan", "amber", "red")
KINDS = {
    "credential": "credential",
    "webhook": "webhook",
    "channel": "channel configuration",
}


@click.group()
def command() -> None:
    """List, make, use, edit and delete environments; promote records to another one."""


@command.command("list")
@json_option
@click.pass_obj
def list_command(invocation: Invocation, as_json: bool) -> None:
    """List the environments; the one in use is marked."""
    from smstui.environments import COLOURS as WORDS
    from smstui.store.records import ListQuery

    with invocation.open_store(anywhere=True) as store:
        rows = store.environments.rows(store.environments.ids(ListQuery()))
        here = _here(store, invocation.settings.environment)
    if as_json:
        emit(
            [
                {
                    "name": row.name,
                    "colour": row.colour,
                    "production": row.is_production,
                    "in_use": row.id == here,
                    "credentials": row.credentials,
                    "webhooks": row.webhooks,
                    "created_by": row.created_by,
                    "modified_at": iso(row.modified_at),
                }
                for row in rows
            ]
        )
        return
    headings = ("", _("Name"), _("Colour"), _("Production"), _("Credentials"), _("Webhooks"))
    table(
        headings,
        [
            (
                "▸" if row.id == here else " ",
                clean(row.name),
                _(WORDS.get(row.colour, WORDS["grey"])),
                _("yes") if row.is_production else _("no"),
                str(row.credentials),
                str(row.webhooks),
            )
            for row in rows
        ],
    )


@command.command("create")
@click.argument("name")
@click.option("--colour", type=click.Choice(COLOURS), help="Of its word in the header.")
@click.option("--production", is_flag=True, help="Ask for its name before what cannot be undone.")
@click.pass_obj
def create_command(invocation: Invocation, name: str, colour: str | None, production: bool) -> None:
    """Make an environment; nothing is in it yet."""
    from smstui.environments import create

    draft = _draft(name, colour, production or None)
    with invocation.open_store(anywhere=True) as store:
        record = create(store, draft)
    say(_("{name} was created.").format(name=clean(record.name)))


@command.command("use")
@click.argument("name")
@click.pass_obj
def use_command(invocation: Invocation, name: str) -> None:
    """Work in the environment NAME from now on, in the console as well."""
    with invocation.open_store(anywhere=True) as store:
        record = store.environments.by_name(name)
        store.acting_in(record.id).keep_environment()
    say(_("You are in {name} now.").format(name=clean(record.name)))


@command.command("edit")
@click.argument("name")
@click.option("--name", "new_name", metavar="NAME", help="Another name.")
@click.option("--colour", type=click.Choice(COLOURS), help="Of its word in the header.")
@click.option(
    "--production/--no-production", "marked", default=None, help="Whether it is production."
)
@production_option
@click.pass_obj
def edit_command(
    invocation: Invocation,
    name: str,
    new_name: str | None,
    colour: str | None,
    marked: bool | None,
    production: str,
) -> None:
    """Change the environment NAME; what is not given stays."""
    from smstui.environments import update

    with invocation.open_store(anywhere=True) as store:
        record = store.environments.by_name(name)
        if marked is False:
            # Whoever could take the mark away unasked could delete and send unasked.
            confirm_production(store.acting_in(record.id), production)
        record = update(store, record, _draft(new_name, colour, marked))
    say(_("{name} is saved.").format(name=clean(record.name)))


@command.command("delete")
@delete_options
@click.pass_obj
def delete_command(invocation: Invocation, name: str, yes: bool, production: str) -> None:
    """Delete the environment NAME, once nothing is in it any more."""
    from smstui.commands.common import delete_named

    with invocation.open_store(anywhere=True) as store:
        there = store.acting_in(store.environments.by_name(name).id)
        question = _("Delete the environment {name}?")
        delete_named(there, there.environments, name, question, yes=yes, production=production)


@command.command("promote")
@click.argument("name")
@click.option("--to", "target", required=True, metavar="ENVIRONMENT", help="Where to.")
@click.option("--kind", type=click.Choice([*KINDS]), default="credential", help="What NAME is.")
@yes_option
@production_option
@click.option("--dry-run", is_flag=True, help="Tell what would change, and change nothing.")
@json_option
@click.pass_obj
def promote_command(
    invocation: Invocation,
    name: str,
    target: str,
    kind: str,
    yes: bool,
    production: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make the credential NAME the same in another environment, or what --kind says.

    What would change there is told first, secrets only as "set" or "differs". One that is there
    already is changed; all of it is done, or nothing.
    """
    from smstui.promotion import KINDS as HOW
    from smstui.promotion import plan, promote

    with invocation.open_store() as store:
        record = HOW[KINDS[kind]].repository(store).by_name(name)
        environment = store.environments.by_name(target)
        planned = plan(store, KINDS[kind], record.id, environment.id)
        if not as_json:
            _tell(planned)
        is_done = planned.is_needed and not dry_run
        if is_done:
            question = _("Promote {name} to {environment}?")
            shown = {"name": clean(record.name), "environment": clean(environment.name)}
            confirm_or_stop(question.format(**shown), yes=yes)
            if planned.existing is not None:
                confirm_production(store.acting_in(environment.id), production)
            promote(store, planned)
            said = _("{name} is in {environment} now, as it is here.")
            say(said.format(**shown))
    if as_json:
        emit(_record(planned, is_done=is_done))


def _here(store: Store, named: str) -> int:
    """Return the id of the environment in use; one that is named and missing counts as none."""
    from smstui.store.errors import NotFound

    if not named:
        return store.environment_id
    try:
        return store.environments.by_name(named).id
    except NotFound:
        return 0


def _draft(name: str | None, colour: str | None, production: bool | None) -> dict[str, Value]:
    values = {"name": name, "colour": colour, "is_production": production}
    return {key: value for key, value in values.items() if value is not None}


def _tell(planned: Promotion) -> None:
    """Print what would change, on stdout."""
    name, environment = clean(planned.record.name), clean(planned.environment.name)
    if not planned.is_needed:
        said = _("{name} is the same in {environment} already.")
        say(said.format(name=name, environment=environment))
        return
    if planned.existing is None:
        say(_("{name} is new in {environment}:").format(name=name, environment=environment))
        show_lines((change.label, change.after) for change in planned.changes)
        return
    say(_("{name} changes in {environment}:").format(name=name, environment=environment))
    show_lines((change.label, f"{change.before} → {change.after}") for change in planned.changes)


def _record(planned: Promotion, *, is_done: bool) -> dict[str, Any]:
    return {
        "name": planned.record.name,
        "kind": planned.kind,
        "environment": planned.environment.name,
        "is_new": planned.existing is None,
        "changes": [change._asdict() for change in planned.changes],
        "same_secrets": list(planned.kept),
        "done": is_done,
    }
