"""Starting points for a form, to choose one from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from screens.base import Dialog
from screens.widgets.choice_list import ChoiceList
from screens.widgets.key_bar import KeyBar
from smstui.i18n import N_, _
from smstui.providers.fields import Preset


@dataclass(frozen=True, slots=True)
class PresetLine:
    """A preset as a line of the list."""

    preset: Preset
    key: str = ""

    @property
    def title(self) -> str:
        """Its name."""
        return self.preset.name


class PresetDialog(Dialog[Preset]):
    """Lists presets with what to know before using them; answers the chosen one, or None."""

    CSS_PATH = ["../styles/dialog.tcss", "../styles/presets.tcss"]
    AUTO_FOCUS = None
    BINDINGS = [
        Binding("enter", "choose", N_("Fill the form"), id="presets.choose"),
        Binding("up,k", "move(-1)", N_("Up"), show=False, id="presets.up"),
        Binding("down,j", "move(1)", N_("Down"), show=False, id="presets.down"),
        Binding("home,pageup", "move(-1000)", N_("Top"), show=False, id="presets.top"),
        Binding("end,pagedown", "move(1000)", N_("End"), show=False, id="presets.end"),
        Binding("escape", "close", N_("Close"), id="presets.close"),
    ]
    help_title = N_("Presets")
    help_text = N_(
        "A preset fills the form as far as published documents go. What only you know stays blank, "
        "and nothing is saved until you submit."
    )

    def __init__(self, presets: Iterable[Preset]) -> None:
        super().__init__()
        self._lines = [PresetLine(preset) for preset in presets]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Text(_("Presets")), classes="dialog-title")
            yield ChoiceList[PresetLine](self._lines)
            yield Static(id="about")
            yield Static(id="source", classes="muted")
        yield KeyBar()

    def on_mount(self) -> None:
        self._tell()

    @property
    def _listing(self) -> ChoiceList[PresetLine]:
        return cast("ChoiceList[PresetLine]", self.query_one(ChoiceList))

    def _tell(self) -> None:
        """Say what to know about the chosen preset."""
        chosen = self._listing.chosen
        if chosen is None:
            return
        self.query_one("#about", Static).update(Text(_(chosen.preset.remark)), layout=False)
        source = Text(chosen.preset.source, no_wrap=True, overflow="ellipsis")
        self.query_one("#source", Static).update(source, layout=False)

    def action_move(self, lines: int) -> None:
        """Choose another line."""
        self._listing.move(lines)
        self._tell()

    def action_choose(self) -> None:
        """Answer the chosen preset."""
        chosen = self._listing.chosen
        self.dismiss(chosen.preset if chosen is not None else None)

    def action_close(self) -> None:
        """Answer nothing."""
        self.dismiss(None)
