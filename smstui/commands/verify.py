"""``smstui verify``: verify the SMS connection of one credential, or of all, from a script."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, TypeVar

import click

from smstui.commands.common import (
    EXIT_REFUSED,
    Invocation,
    confirm_production,
    emit,
    say,
)
from smstui.commands.options import json_option, production_option
from smstui.i18n import _, ngettext
from smstui.text import clean

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.store.records import CredentialRecord
    from smstui.verify import Depth, Verification
    from smstui.verify.board import Item

T = TypeVar("T")

DEPTHS = ("check", "probe", "send")
WAIT = 120.0
NAME_WIDTH, VENDOR_WIDTH, WORD_WIDTH = 24, 10, 20
"""Cells in a line of ``--all``; what is longer pushes the rest to the right."""


@click.command()
@click.argument("name", required=False)
@click.option("--all", "every", is_flag=True, help="Verify all credentials, several at a time.")
@click.option(
    "--depth",
    type=click.Choice(DEPTHS),
    help="check: no network; probe: reads only; send: one real message, which may cost money."
    "  [default: send; probe with --all, which never sends]",
)
@click.option("--to", default="", metavar="NUMBER", help="The recipient of the test message.")
@click.option("--message", default=None, help="The text of the test message.")
@click.option(
    "--wait",
    type=click.FloatRange(0, 3600),
    help=f"Seconds to wait for the delivery; 0 does not ask for it.  [default: {WAIT:g}]",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    help="With --all: how many at once; never more than 2 at the same host.  [default: 4]",
)
@production_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    name: str | None,
    every: bool,
    depth: str | None,
    to: str,
    message: str | None,
    wait: float | None,
    jobs: int | None,
    production: str,
    as_json: bool,
) -> None:
    """Verify the SMS connection of the credential NAME, or of all with --all.

    The exit status is 0 when every stage that was asked for passed. A message that was
    accepted, but not seen to be delivered within --wait, ends with 1. So does --all when
    any credential fails.
    """
    from smstui.verify import Depth
    from smstui.verify.board import JOBS

    invocation: Invocation = ctx.obj
    if every:
        if name is not None:
            raise click.UsageError(_("Give a name or --all, not both."))
        if depth == "send" or to or message is not None or wait is not None:
            raise click.UsageError(_("--all sends nothing; it takes --depth check or probe."))
        with invocation.open_store() as store:
            chosen = Depth(depth or "probe")
            ok = asyncio.run(_verify_all(store, chosen, jobs or JOBS, as_json=as_json))
        ctx.exit(0 if ok else EXIT_REFUSED)
    if name is None:
        raise click.UsageError(_("Give the name of a credential, or --all."))
    if jobs is not None:
        raise click.UsageError(_("--jobs is for --all."))
    depth = depth or "send"
    if depth == "send" and not to:
        raise click.UsageError(_("--to is needed to send a message; --depth probe sends none."))
    seconds = WAIT if wait is None else wait
    with invocation.open_store() as store:
        record = store.credentials.by_name(name)
        if depth == "send":
            confirm_production(store, production)
        verification = asyncio.run(
            _verify(store, record, Depth(depth), to, message, seconds, quiet=as_json)
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
    from smstui.verify import Depth, Stage, Verification, default_message, verify
    from smstui.webhooks.arrivals import StoreArrivals

    async def call(function: Callable[[Store], T]) -> T:
        return function(store)

    provider = provider_for(record.vendor)
    credential: Any = to_credential(record)
    text = message if message is not None else default_message(record.revision)
    verification = Verification(provider, credential, depth=depth, to=to, text=text)
    row: int | None = None
    arrivals = await StoreArrivals.begin(call, record) if depth is Depth.SEND else None
    try:
        async for event in verify(
            provider, credential, depth=depth, to=to, text=text, wait=wait, arrivals=arrivals
        ):
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


async def _verify_all(store: Store, depth: Depth, jobs: int, *, as_json: bool) -> bool:
    """Verify all credentials, keep each run as it ends and tell it, and return whether all are ok.

    With ``as_json`` nothing but the document is told.
    """
    from smstui.credentials import keep_verification
    from smstui.store.errors import NotFound
    from smstui.store.records import ListQuery
    from smstui.verify.board import verify_all

    ids = store.credentials.ids(ListQuery())
    gone: set[int] = set()
    records: dict[int, dict[str, Any]] = {}
    counts = {"passed": 0, "warned": 0, "failed": 0}
    began = time.monotonic()

    def progress() -> str:
        total = f"{len(ids) - len(gone)}"
        done = f"{sum(counts.values())}"
        return _("{done} of {total}").format(done=done.rjust(len(total)), total=total)

    runs = verify_all(_items(store, ids, gone), depth=depth, jobs=jobs)
    try:
        async with aclosing(runs):
            async for item, verification in runs:
                try:
                    keep_verification(store, item.id, verification)
                except NotFound:
                    gone.add(item.id)
                    continue
                counts[_count_of(verification)] += 1
                if as_json:
                    records[item.id] = verification.record()
                else:
                    say(f"{progress()}  {_line(item, verification)}")
    except asyncio.CancelledError:
        say(_("Stopped at {progress}.").format(progress=progress().strip()))
        raise
    ok = not counts["failed"]
    if as_json:
        listed = [records[id_] for id_ in ids if id_ in records]
        emit({"depth": depth.value, "ok": ok, "credentials": listed})
    else:
        say(_summary(counts, time.monotonic() - began))
    return ok


async def _items(store: Store, ids: Sequence[int], gone: set[int]) -> AsyncIterator[Item]:
    """Yield the credentials one by one; those deleted meanwhile are noted in ``gone``."""
    from smstui.credentials import board_item
    from smstui.store.errors import NotFound

    for id_ in ids:
        try:
            record = store.credentials.get(id_)
        except NotFound:
            gone.add(id_)
            continue
        yield board_item(record)


def _count_of(verification: Verification) -> str:
    if not verification.ok:
        return "failed"
    return "warned" if verification.result.value == "warned" else "passed"


def _line(item: Item, verification: Verification) -> str:
    from rich.cells import cell_len

    from smstui.results import GLYPHS

    cells = (
        (item.name, NAME_WIDTH),
        (item.vendor, VENDOR_WIDTH),
        (verification.word, WORD_WIDTH),
    )
    padded = [clean(text) + " " * (width - cell_len(text)) for text, width in cells]
    seconds = f"{verification.seconds:6.2f} s"
    return f"{GLYPHS[verification.result.value]} {'  '.join([*padded, seconds])}"


def _summary(counts: dict[str, int], seconds: float) -> str:
    total = sum(counts.values())
    if not total:
        return _("There are no credentials.")
    told = {
        "passed": _("{n} passed"),
        "warned": _("{n} with a warning"),
        "failed": _("{n} failed"),
    }
    parts = [text.format(n=counts[key]) for key, text in told.items() if counts[key]]
    return ngettext(
        "{total} credential in {seconds} s: {parts}.",
        "{total} credentials in {seconds} s: {parts}.",
        total,
    ).format(total=total, seconds=f"{seconds:.1f}", parts=", ".join(parts))
