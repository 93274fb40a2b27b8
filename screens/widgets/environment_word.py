"""The word of an environment as headers and lists show it: a sign, the name, a colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.widget import Widget

from screens.widgets.cells import fit
from smstui.environments import COLOURS

if TYPE_CHECKING:
    from rich.style import Style

    from smstui.store.environments import EnvironmentRecord, EnvironmentRow

PRODUCTION, OTHER = "◆", "●"
"""Signs that tell production from the others without any colour."""
COLOUR_CLASSES = {f"environment--{colour}" for colour in COLOURS}
"""Component classes of the colours, for ``COMPONENT_CLASSES`` of a widget that draws the word."""


def environment_word(
    environment: EnvironmentRecord | EnvironmentRow, room: int | None = None
) -> str:
    """Return sign and name of an environment.

    Args:
        environment: the environment.
        room: the most cells that it may take; None for as many as it needs.
    """
    word = f"{PRODUCTION if environment.is_production else OTHER} {environment.name}"
    return word if room is None else fit(word, room).rstrip()


def coloured_word(
    widget: Widget,
    environment: EnvironmentRecord | EnvironmentRow,
    room: int | None = None,
    style: Style | str = "",
) -> Text:
    """Return sign and name in the environment's colour.

    Args:
        widget: draws it, and has `COLOUR_CLASSES`.
        environment: the environment.
        room: as for `environment_word`.
        style: of the line that it stands in.
    """
    word = Text(environment_word(environment, room), style, no_wrap=True, end="")
    if environment.colour in COLOURS:
        own = f"environment--{environment.colour}"
        word.stylize(widget.get_component_rich_style(own, partial=True))
    return word
