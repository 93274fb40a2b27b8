"""``smstui simulate``: the providers' stand-in alone, on loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from smstui.commands.common import emit, say
from smstui.commands.options import json_option
from smstui.i18n import _

if TYPE_CHECKING:
    from smstui.simulator.server import Simulator


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=4010,
    show_default=True,
    help="The port on 127.0.0.1; 0 takes a free one.",
)
@json_option
def command(port: int, as_json: bool) -> None:
    """Run the simulator alone; prints its address and the accounts it knows. Ctrl+C ends it."""
    from smstui.simulator.server import serve

    serve(port, announce=_announce_json if as_json else _announce)


def _announce_json(simulator: Simulator) -> None:
    from smstui.simulator.core import announcement

    emit(announcement(simulator.url, simulator.accounts))


def _announce(simulator: Simulator) -> None:
    click.echo(simulator.url)
    for account in simulator.accounts:
        click.echo(f"\n{account.vendor}, {account.label}: {account.note}")
        for field, value in account.fields.items():
            click.echo(f"  {field:<16} {value}")
    say(_("\nCtrl+C ends the simulator."))
