"""``smstui demo``: the console on a simulator and a throw-away store."""

from __future__ import annotations

import socket
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smstui.commands.common import Invocation, say
from smstui.i18n import _

if TYPE_CHECKING:
    from smstui.simulator.server import Simulator
    from smstui.times import Clock

PORT = 4010


@click.command()
@click.option("--open", "address", metavar="ADDRESS", help="The place to open first.")
@click.pass_context
def command(ctx: click.Context, address: str | None) -> None:
    """Open the console on a simulator and a throw-away store; your own store is not touched."""
    from smstui.terminal import prepare_terminal

    prepare_terminal()
    say(_("Preparing the demo…"))
    from smstui.app import run_console
    from smstui.simulator.clock import DemoClock
    from smstui.simulator.demo import TODAY, fill, notes
    from smstui.simulator.demo_webhooks import Conversation
    from smstui.webhooks.settings import ReceiverSettings

    invocation: Invocation = ctx.obj
    clock = DemoClock(TODAY)
    simulator = start_simulator(clock)
    reserved = reserve_port()
    settings = ReceiverSettings(port=int(reserved.getsockname()[1]))
    try:
        with tempfile.TemporaryDirectory(prefix="smstui-demo-") as folder:
            path = Path(folder) / "demo.db"
            passphrase = fill(path, simulator, clock, settings)
            clock.run()
            reserved.close()
            with Conversation(simulator):
                status = run_console(
                    store_path=path,
                    state_dir=invocation.settings.state,
                    passphrase=passphrase,
                    idle_seconds=0,
                    address=address,
                    clock=clock,
                    label=_("demo"),
                    notes=notes(simulator, passphrase),
                    is_receiving_at_once=True,
                )
    finally:
        reserved.close()
        simulator.stop()
    ctx.exit(status)


def start_simulator(clock: Clock) -> Simulator:
    """Return a started simulator on the usual port, or on a free one when that is taken."""
    from smstui.simulator.core import SimulatorFailed
    from smstui.simulator.server import Simulator

    try:
        simulator = Simulator(port=PORT, clock=clock)
        simulator.start()
    except SimulatorFailed:
        simulator = Simulator(clock=clock)
        simulator.start()
    return simulator


def reserve_port() -> socket.socket:
    """Return a listener where the demo receives webhooks: at the usual port, or at a free one.

    It keeps the port from others until it is closed.
    """
    from smstui.serving import CannotListen, listen
    from smstui.webhooks.settings import ReceiverSettings

    usual = ReceiverSettings()
    try:
        return listen(usual.host, usual.port)
    except CannotListen:
        return listen(usual.host, 0)
