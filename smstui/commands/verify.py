"""``smstui verify``: verify the SMS connection of a credential from a script."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

from smstui.commands.common import EXIT_REFUSED, Invocation, emit, say
from smstui.i18n import _
from smstui.text import clean

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.store.records import CredentialRecord
    from smstui.verify import Depth, Verification

DEPTHS = ("check", "probe", "send")


@click.command()
@click.argument("name")
@click.option(
    "--depth",
    type=click.Choice(DEPTHS),
    default="send",
    show_default=True,
    help="check: no network; probe: reads only; send: one real message, which may cost money.",
)
@click.option("--to", default="", metavar="NUMBER", help="The recipient of the test message.")
@click.option("--message", default=None, help="The text of the test message.")
@click.option(
    "--wait",
    type=click.FloatRange(0, 3600),
    default=120.0,
    show_default=True,
    help="Seconds to wait for the delivery; 0 does not ask for it.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_context
def command(
    ctx: click.Context,
    name: str,
    depth: str,
    to: str,
    message: str | None,
    wait: float,
    as_json: bool,
) -> None:
    """Verify the SMS connection of the credential NAME.

    The exit status is 0 when every stage that was asked for passed. A message that was
    accepted, but not seen to be delivered within --wait, ends with 1.
    """
    from smstui.verify import Depth

    invocation: Invocation = ctx.obj
    if depth == "send" and not to:
        raise click.UsageError(_("--to is needed to send a message; --depth probe sends none."))
    with invocation.open_store() as store:
        record = store.credentials.by_name(name)
        verification = asyncio.run(
            _verify(store, record, Depth(depth), to, message, wait, quiet=as_json)
        )
    if as_json:
        emit(verification.record())
    ctx.exit(0 if verification.ok else EXIT_REFUSED)


async def _verify(
    store: Store,
    record: CredentialRecord,
    depth: Depth,
    to: str,
    message: str | None,
    wait: float,
    *,
    quiet: bool,
) -> Verification:
    """Run the verification, tell its stages on stderr as they end, and keep the run."""
    from smstui.credentials import keep_verification, to_credential
    from smstui.providers.registry import provider_for
    from smstui.verify import Stage, Verification, default_message, verify

    provider = provider_for(record.vendor)
    credential: Any = to_credential(record)
    text = message if message is not None else default_message(record.revision)
    verification = Verification(provider, credential, depth=depth, to=to, text=text)
    row: int | None = None
    try:
        async for event in verify(provider, credential, depth=depth, to=to, text=text, wait=wait):
            verification.add(event)
            if isinstance(event, Stage) and not quiet:
                _tell(event)
            if verification.message_id and row is None:
                # From here on a message is under way: its id outlives whatever ends the program.
                row = keep_verification(store, record.id, verification)
    finally:
        keep_verification(store, record.id, verification, row=row)
    return verification


def _tell(stage: Any) -> None:
    from smstui.results import GLYPHS

    say(f"{GLYPHS[stage.result.value]} {stage.name:<13} {clean(stage.summary)}")
    if stage.hint:
        say(f"  {'':<13} {clean(stage.hint)}")
