"""The right end of the header: whether webhooks are received, which environment, which store."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text
from textual.message import Message
from textual.widgets import Static

from screens.base import context_of
from screens.widgets.cells import fit
from screens.widgets.environment_word import COLOUR_CLASSES, coloured_word
from smstui.i18n import _
from smstui.text import clean
from smstui.webhooks.receiver_state import Standing, State

ROOMY = 100
"""Columns of a terminal whose header has room for the address."""
LONGEST_TROUBLE = 48
"""Cells of a trouble where there is room; elsewhere `SHORT_TROUBLE`."""
SHORT_TROUBLE = 37
ROOMY_WORD, SHORT_WORD = 32, 16
"""Cells of the environment's word where there is room, and elsewhere."""
GAP = "  "


class Whereabouts(Static):
    """Says in every header which environment this is, and how the receiver stands if it is on."""

    COMPONENT_CLASSES = {"whereabouts--on", "whereabouts--trouble", *COLOUR_CLASSES}

    class Changed(Message):
        """It takes more or less room than before."""

    def __init__(self) -> None:
        super().__init__(id="whereabouts")
        self._said = Text()

    def on_mount(self) -> None:
        context_of(self).receiver.subscribe(self.tell)
        self.tell()

    def on_unmount(self) -> None:
        context_of(self).receiver.unsubscribe(self.tell)

    @property
    def room(self) -> int:
        """Cells that it takes."""
        return self._said.cell_len

    def tell(self) -> None:
        """Say how it stands now, as long as there is room for."""
        context = context_of(self)
        state = context.receiver.state
        is_well = state.standing in (Standing.STARTING, Standing.LISTENING)
        part = "whereabouts--on" if is_well else "whereabouts--trouble"
        said = Text(no_wrap=True, end="")
        if word := receiver_word(state, is_roomy=self.app.size.width >= ROOMY):
            said.append(word, self.get_component_rich_style(part, partial=True))
            said.append(GAP)
        environment = context.session.environment
        if environment is not None:
            room = ROOMY_WORD if self.app.size.width >= ROOMY else SHORT_WORD
            said.append_text(coloured_word(self, environment, room))
            said.append(" · ")
        said.append(context.label)
        if said != self._said:
            self._said = said
            self.update(said)
            self.post_message(self.Changed())


def receiver_word(state: State, *, is_roomy: bool) -> str:
    """Return how the receiver stands, for a header; empty while it is off.

    Args:
        state: of the receiver.
        is_roomy: whether there is room for its address.
    """
    match state.standing:
        case Standing.OFF:
            return ""
        case Standing.STARTING:
            return _("… receiver")
        case Standing.LISTENING:
            address = clean(state.url.partition("://")[2]) if is_roomy else ""
            return _("◉ listening {address}").format(address=address).rstrip()
    said = _("✗ receiver: {why}").format(why=clean(state.message))
    room = LONGEST_TROUBLE if is_roomy else SHORT_TROUBLE
    return fit(said, room) if cell_len(said) > room else said
