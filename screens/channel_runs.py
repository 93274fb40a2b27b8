"""Runs of checks that the console carries out: they go on wherever one is, until they are through.

What a run finds is in the store; whoever shows it is told to look again.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from screens.base import context_of
from screens.page import Page
from smstui.errors import SmstuiError
from smstui.i18n import _
from smstui.store.errors import WrongState
from smstui.text import clean

if TYPE_CHECKING:
    from textual.app import App

    from smstui.context import Context
    from smstui.store import Store
    from smstui.store.channel_records import ChannelRecord


class ShowsChannels:
    """A page that shows channel configurations; it is told when checks of one go on."""

    def checks_went_on(self, channel_id: int) -> None:
        """Look again at a configuration."""
        raise NotImplementedError


async def submit(widget: Widget, channel_id: int, revision: int) -> ChannelRecord:
    """Let the checks of a configuration begin, and carry them out in the background.

    Raises:
        SmstuiError: it cannot be submitted as it is; the message says why.
    """
    from smstui.channels import runs

    def begin(store: Store) -> ChannelRecord:
        record = store.channels.get(channel_id)
        if record.revision != revision:
            raise WrongState(
                _("{name} was changed elsewhere meanwhile. Look at it again.").format(
                    name=record.name
                )
            )
        return runs.begin(store, record)

    begun = await context_of(widget).session.call(begin)
    start(widget, begun)
    return begun


def start(widget: Widget, begun: ChannelRecord) -> None:
    """Carry out checks that have begun, in the background of the whole console.

    Args:
        widget: any widget of the application.
        begun: the configuration, as `smstui.channels.runs` returned it.
    """
    widget.app.run_worker(
        _carry_out(widget.app, context_of(widget), begun),
        group="channel-checks",
        exit_on_error=False,
    )


async def _carry_out(app: App[Any], context: Context, begun: ChannelRecord) -> None:
    from smstui.channels.running import carry_out

    client = context.http_client() if context.http_client is not None else None
    trouble = ""
    try:
        async with aclosing(carry_out(context.session.call, begun, client=client)) as steps:
            async for _checks in steps:
                _tell(app, begun.id)
    except SmstuiError as error:
        trouble = error.message
    except Exception as fault:  # noqa: BLE001 - the boundary: told to the person as an error
        trouble = _("The checks broke off ({kind}). Submit it again.").format(
            kind=type(fault).__name__
        )
    finally:
        if client is not None:
            await client.aclose()
    _tell(app, begun.id)
    if trouble:
        app.notify(clean(f"{begun.name}: {trouble}"), severity="warning", markup=False)


def _tell(app: App[Any], channel_id: int) -> None:
    for screen in app.screen_stack:
        for page in screen.query(Page):
            if isinstance(page, ShowsChannels):
                page.checks_went_on(channel_id)
