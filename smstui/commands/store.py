"""``smstui store``: create, describe, re-key, back up, print the key."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click
from pydantic import SecretStr

from smstui.commands.common import Invocation, ask_secret, confirm_or_stop, emit, say
from smstui.commands.options import json_option, yes_option
from smstui.i18n import _


@click.group()
def command() -> None:
    """Create, describe, back up and re-key the encrypted store."""


@command.command("init")
@click.pass_obj
def init_command(invocation: Invocation) -> None:
    """Create an empty store."""
    from smstui.passphrase import judge
    from smstui.store import Store
    from smstui.store.records import Actor

    path = invocation.settings.store
    new = invocation.given_passphrase() or ask_secret(
        _("New passphrase, 12 characters or more"), confirm=True
    )
    Store.create(path, new, actor=Actor.current()).close()
    say(_("{path} was created.").format(path=path))
    say(judge(new).sentence)


@command.command("info")
@json_option
@click.pass_obj
def info_command(invocation: Invocation, as_json: bool) -> None:
    """Describe the store."""
    with invocation.open_store() as store:
        info = asdict(store.info())
    described = {key: info[key] if isinstance(info[key], int) else str(info[key]) for key in info}
    if as_json:
        emit(described)
        return
    width = max(len(key) for key in described)
    for key, value in described.items():
        click.echo(f"{key.replace('_', ' '):<{width}}  {value}")


@command.command("passphrase")
@click.option(
    "--new-passphrase-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file whose first line is the new passphrase; else it is asked for.",
)
@click.pass_obj
def passphrase_command(invocation: Invocation, new_passphrase_file: Path | None) -> None:
    """Change the passphrase."""
    from smstui.passphrase import judge, read_passphrase

    with invocation.open_store() as store:
        new: SecretStr | None = None
        if new_passphrase_file is not None:
            new = read_passphrase(new_passphrase_file, {})
        new = new or ask_secret(_("New passphrase, 12 characters or more"), confirm=True)
        store.change_passphrase(new)
    say(_("The passphrase was changed. Backups keep the old one."))
    say(judge(new).sentence)


@command.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@click.pass_obj
def backup_command(invocation: Invocation, target: Path) -> None:
    """Copy the store to TARGET while it is in use; the passphrase stays the same."""
    with invocation.open_store() as store:
        store.backup(target)
    say(_("The store was copied to {path}.").format(path=target))


@command.command("key")
@yes_option
@click.pass_obj
def key_command(invocation: Invocation, yes: bool) -> None:
    """Print the PRAGMA line that opens the store in any SQLCipher 4 tool."""
    with invocation.open_store() as store:
        confirm_or_stop(
            _("This prints the key of the store; whoever sees it can read everything. Go on?"),
            yes=yes,
        )
        click.echo(store.key_pragma().get_secret_value())
