"""The switch of the receiver: where it listens, and whether it does."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from screens.base import context_of
from screens.form_dialog import FormDialog
from screens.widgets.form import RecordForm
from screens.widgets.key_bar import KeyBar
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.text import clean
from smstui.webhooks.receiver_state import Standing, State
from smstui.webhooks.settings import SPECS, ReceiverSettings, check

if TYPE_CHECKING:
    from smstui.store import Store


def receiver_key(area: str, *, show: bool) -> Binding:
    """Return the key of the receiver for a page on webhooks, or on what came in by them.

    Args:
        area: the first part of its id.
        show: whether the last row has room for it.
    """
    return Binding(
        "l",
        "app.receiver",
        N_("Receiver"),
        show=show,
        id=f"{area}.receiver",
        tooltip=N_("Switch on or off what takes the calls of webhooks in"),
    )


async def open_receiver(widget: Widget) -> None:
    """Read the settings and open the dialog; says so when they cannot be read."""
    try:
        settings = await context_of(widget).session.call(ReceiverSettings.load)
    except SmstuiError as error:
        widget.notify(clean(error.message), markup=False)
        return
    widget.app.push_screen(ReceiverDialog(settings))


class ReceiverDialog(FormDialog[None]):
    """Shows how the receiver stands, takes its settings, and switches it on and off."""

    CSS_PATH = ["../styles/dialog.tcss", "../styles/form.tcss", "../styles/receiver.tcss"]
    BINDINGS = [
        Binding(
            "ctrl+s,f9",
            "submit",
            N_("Listen"),
            id="receiver.listen",
            key_display="Ctrl+S",
            tooltip=N_("Save the settings, and listen; anew when it listens already"),
        ),
        Binding(
            "f4",
            "switch_off",
            N_("Switch off"),
            id="receiver.off",
            tooltip=N_("Keep what has come, and take no more calls"),
        ),
        Binding("escape", "close", N_("Close"), id="receiver.close"),
    ]
    area = N_("receiver")
    help_title = N_("Receiver")
    help_text = N_(
        "Takes in what providers call, at the URLs of the webhooks. It is a process of its own: it "
        "goes on while the console is locked, ends with the console, and never starts by itself. "
        "To receive without the console, run smstui listen."
    )

    def __init__(self, settings: ReceiverSettings) -> None:
        """Make the dialog.

        Args:
            settings: as the store has them.
        """
        super().__init__()
        self._settings = settings
        self._form = RecordForm(SPECS, settings.draft(), check=check, judged=True)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Text(_("Receiver")), classes="dialog-title")
            yield Static(id="standing")
            yield self._form
            said = _("It goes on while the console is locked, and ends with the console.")
            yield Static(Text(said), classes="muted")
        yield KeyBar()

    def on_mount(self) -> None:
        context_of(self).receiver.subscribe(self._tell)
        self._tell()

    def on_unmount(self) -> None:
        context_of(self).receiver.unsubscribe(self._tell)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what the present state has a use for."""
        if action == "switch_off":
            return context_of(self).receiver.state.standing not in (Standing.OFF, Standing.FAILED)
        return super().check_action(action, parameters)

    def _tell(self) -> None:
        """Say how the receiver stands."""
        receiver = context_of(self).receiver
        said, look = standing_line(receiver.state, receiver.since)
        line = self.query_one("#standing", Static)
        line.set_classes(look)
        line.update(Text(said))
        self.refresh_bindings()

    @work(group="receiver", exit_on_error=False)
    async def action_submit(self) -> None:
        """Save the settings and listen; with an error in a field, go there instead."""
        await self.hand_in(self._listen)

    async def _listen(self) -> None:
        context = context_of(self)
        settings = ReceiverSettings.build(self._form.draft())

        def save(store: Store) -> None:
            settings.save(store)

        await context.session.call(save)
        self._settings = settings
        state = await context.receiver.start(context.store_path, context.session, settings)
        if state.is_on:
            said = _("Webhooks are received at {url}.").format(url=clean(state.url))
            self.notify(said, markup=False)
            self.dismiss(None)

    @work(group="receiver", exit_on_error=False)
    async def action_switch_off(self) -> None:
        """Switch the receiver off."""
        if not self._is_busy:
            self._is_busy = True
            try:
                await context_of(self).receiver.stop()
            finally:
                self._is_busy = False

    async def may_leave(self) -> bool:
        """Ask before typed settings are lost."""
        return self._form.draft() == self._settings.draft() or await super().may_leave()


def standing_line(state: State, since: datetime | None) -> tuple[str, str]:
    """Return how the receiver stands, in words, and the class of their colour.

    Args:
        state: of the receiver.
        since: when it came to stand so.
    """
    when = f"{since:%H:%M:%S}" if since is not None else ""
    match state.standing:
        case Standing.OFF:
            return _("– off; nothing is received"), "muted"
        case Standing.STARTING:
            return _("… starting"), "muted"
        case Standing.LISTENING:
            said = _("◉ listening at {url} since {when} UTC")
            return said.format(url=clean(state.url), when=when), "success"
        case Standing.TROUBLE:
            said = _("✗ listening, but nothing can be kept since {when} UTC. {why}")
            return said.format(when=when, why=clean(state.message)), "error"
    return _("✗ off since {when} UTC. {why}").format(when=when, why=clean(state.message)), "error"
