"""``smstui activity``: who did what, and when."""

from __future__ import annotations

from pathlib import Path

import click

from smstui.commands.common import Invocation, say, table
from smstui.i18n import _, ngettext
from smstui.text import clean
from smstui.times import iso, utc_now

LIMIT = 50
FIELDS_WIDTH = 60
"""Characters of field names in a line of the list; JSON holds them whole."""


@click.group()
def command() -> None:
    """Tell who did what to which object, and when; never any value."""


@command.command("list")
@click.option("--object", "name", default="", metavar="NAME", help="Only this object.")
@click.option("--user", default="", metavar="NAME", help="Only what this person did.")
@click.option(
    "--since", default="", metavar="TIME", help="2026-11-01, 2026-11-01T10:00 (UTC), or 7d ago."
)
@click.option("--until", default="", metavar="TIME", help="Likewise; a day with all of it.")
@click.option("--filter", "text", default="", help="A filter as one types it in the console.")
@click.option(
    "--limit",
    type=click.IntRange(1),
    help=f"How many at the most.  [default: {LIMIT}; all with --json or --output]",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON on stdout for each entry.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the lines of JSON to a file that does not exist yet; only you can read it.",
)
@click.pass_obj
def list_command(
    invocation: Invocation,
    name: str,
    user: str,
    since: str,
    until: str,
    text: str,
    limit: int | None,
    as_json: bool,
    output: Path | None,
) -> None:
    """List the activity, newest first.

    NAME is the whole name, in any case; an object is also found under the names it had before.
    """
    from dataclasses import replace

    from smstui.activity import export, json_lines, moment_of, parse_filter

    now = utc_now()
    query = parse_filter(text, now)
    query = replace(
        query,
        object=name or query.object,
        user=user or query.user,
        since=moment_of(since, now, is_end=False) if since else query.since,
        until=moment_of(until, now, is_end=True) if until else query.until,
    )
    with invocation.open_store() as store:
        if output is not None:
            written = export(store, query, output.absolute(), limit=limit)
            said = ngettext("{n} entry is in {path}.", "{n} entries are in {path}.", written)
            say(said.format(n=written, path=output))
            return
        ids = store.audit.ids(query)
        if as_json:
            for line in json_lines(store, ids[:limit]):
                click.echo(line, nl=False)
            return
        entries = store.audit.rows(ids[: limit or LIMIT])
    from smstui.activity import action_word, fields_line, kind_word

    table(
        (_("When"), _("Who"), _("From"), _("What"), _("Kind"), _("Object"), _("Fields")),
        [
            (
                iso(entry.at),
                clean(entry.user),
                clean(entry.origin),
                action_word(entry.action),
                kind_word(entry.kind),
                clean(entry.name),
                fields_line(entry)[:FIELDS_WIDTH],
            )
            for entry in entries
        ],
    )
