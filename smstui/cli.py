"""The command line: opens the console, or does one thing for a script.

Exit status: 0 done, 1 the provider refused or a check failed, 2 wrong usage or invalid data,
3 the store cannot be opened. Documents go to stdout, messages to stderr.
"""

from __future__ import annotations

import importlib
import io
import sys
from pathlib import Path

import click

from smstui import __version__
from smstui.commands.common import Invocation, exit_status
from smstui.errors import SmstuiError
from smstui.i18n import LANGUAGES, _
from smstui.text import clean

COMMANDS = {
    "activity": "Tell who did what, and when.",
    "bundle": "Export, show and import environments and their records as one file.",
    "channels": "List, show, submit, import, export and delete channel configurations.",
    "consent": "Tell who opted in or out, and by which text.",
    "credentials": "List, show, import, export and delete API credentials.",
    "demo": "Open the console on a simulator and a throw-away store.",
    "environment": "List, make, use and delete environments; promote to another one.",
    "events": "List what came in by webhooks.",
    "listen": "Receive webhooks.",
    "rcs": "List, show, follow, export and delete RCS set-ups.",
    "simulate": "Run the simulator of the providers alone.",
    "store": "Create, describe, back up and re-key the encrypted store.",
    "verify": "Verify the SMS connection of a credential.",
    "webhooks": "List, show, try, import, export and delete SMS webhooks.",
}


class _LateGroup(click.Group):
    """A group whose commands are imported when they are called, so that --version is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"smstui.commands.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101 - each module declares one
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LateGroup, invoke_without_command=True)
@click.version_option(__version__, prog_name="smstui", message="%(prog)s %(version)s")
@click.option(
    "--store",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The encrypted store; else SMSTUI_STORE, else the user's data folder.",
)
@click.option(
    "--passphrase-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file whose first line is the passphrase; else SMSTUI_PASSPHRASE_FILE or "
    "SMSTUI_PASSPHRASE, else it is asked for.",
)
@click.option(
    "--environment",
    metavar="NAME",
    help="The environment to work in; else SMSTUI_ENVIRONMENT, else the one you were in last.",
)
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of screens and messages.")
@click.option("--open", "address", metavar="ADDRESS", help="The place to open first.")
@click.pass_context
def root(
    ctx: click.Context,
    store: Path | None,
    passphrase_file: Path | None,
    environment: str | None,
    lang: str | None,
    address: str | None,
) -> None:
    """A terminal console for the people who administer text messaging."""
    ctx.obj = invocation = Invocation.from_environment(store, passphrase_file, lang, environment)
    if ctx.invoked_subcommand is None:
        ctx.exit(_open_console(invocation, address))


def _open_console(invocation: Invocation, address: str | None) -> int:
    from smstui.terminal import prepare_terminal

    prepare_terminal()
    from smstui.app import run_console

    return run_console(
        store_path=invocation.settings.store,
        state_dir=invocation.settings.state,
        passphrase=invocation.given_passphrase(),
        idle_seconds=invocation.settings.lock_minutes * 60,
        address=address,
        environment=invocation.settings.environment,
    )


def main() -> None:
    """Run the command line and end the process with its exit status."""
    if sys.stdin is None:
        # Whoever started it closed it (``<&-``): there is nothing to read, which is no crash.
        sys.stdin = io.StringIO()
    try:
        status = root.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except click.Abort:
        click.echo(err=True)
        status = 130
    except SmstuiError as error:
        said = clean(error.message, keep="\n")
        click.echo(f"{_(error.title)}: {said}", err=True)
        status = exit_status(error)
    except BrokenPipeError:
        # Whoever read the output has gone; a message would find nobody.
        sys.stderr.close()
        status = 1
    sys.exit(status if isinstance(status, int) else 0)
