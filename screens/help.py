"""Help for this place: what one does here, and which keys do it, made from the bindings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from screens.base import ConsoleScreen, Dialog, context_of
from screens.places import place_at, split_address
from screens.widgets.key_bar import ESCAPE, KeyBar, written_key
from smstui.i18n import N_, _


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One line of the help: the keys, what they do, and a remark; translated."""

    keys: str
    does: str
    remark: str
    everywhere: bool


def key_lines(app: App[Any], screen: Screen[Any]) -> list[KeyLine]:
    """Return what the keys do on a screen at this moment, from the focused widget outwards.

    Keys that the toolkit's own widgets bring along (moving a cursor, deleting a word) have no id
    and are left out: they are what people expect of them.
    """
    actions: dict[tuple[object, str], tuple[list[str], Binding, bool]] = {}
    for key, (node, binding, _enabled, _tooltip) in screen.active_bindings.items():
        if not (binding.id and binding.description):
            continue
        name = written_key(key)
        keys = actions.setdefault((node, binding.action), ([], binding, node is app))[0]
        if name not in keys:
            keys.append(name)
    lines: list[KeyLine] = []
    for keys, binding, everywhere in actions.values():
        # The key that the last row shows comes first.
        keys.sort(key=lambda key, first=binding.key_display: key != first)  # type: ignore[misc]  # a lambda with a default
        lines.append(
            KeyLine(" ".join(keys), _(binding.description), _(binding.tooltip), everywhere)
        )
    return sorted(lines, key=lambda line: line.keys.startswith(ESCAPE))


class HelpDialog(Dialog[None]):
    """The help for the screen that it was called from; Escape closes it."""

    CSS_PATH = ["../styles/dialog.tcss", "../styles/help.tcss"]
    AUTO_FOCUS = "#keys"
    BINDINGS = [
        Binding("escape", "close", N_("Close"), id="help.close"),
        Binding("f1,question_mark,q", "close", N_("Close"), show=False, id="help.close-too"),
        Binding("up,k", "scroll('up')", N_("Scroll"), id="help.up", key_display="↑↓", show=False),
        Binding("down,j", "scroll('down')", N_("Scroll"), id="help.down", show=False),
    ]

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__()
        self._about = screen

    def compose(self) -> ComposeResult:
        title, text = help_words(self._about)
        with VerticalScroll(classes="dialog", id="keys"):
            yield Static(Text(title), classes="dialog-title")
            if text:
                yield Static(Text(text), classes="dialog-text")
            yield Static(_table(key_lines(self.app, self._about)))
            if context_of(self).notes:
                yield Static(Text(context_of(self).notes), id="notes")
        yield KeyBar()

    def action_close(self) -> None:
        """Close the help."""
        self.dismiss()

    def action_scroll(self, direction: str) -> None:
        """Scroll by one line."""
        keys = self.query_one("#keys", VerticalScroll)
        keys.scroll_relative(y=1 if direction == "down" else -1, animate=False)


def help_words(screen: Screen[Any]) -> tuple[str, str]:
    """Return the title and the text of the help for a screen, translated."""
    from screens.shell import ShellScreen

    if isinstance(screen, ShellScreen) and screen.page is not None:
        place = place_at(split_address(screen.address)[0])
        words = [_(place.trail[-1])] if place is not None else []
        if screen.page.crumb:
            words.append(screen.page.crumb)
        return " › ".join(words), _(screen.page.help_text)
    if isinstance(screen, ConsoleScreen | Dialog):
        return _(screen.help_title) or _("Keys"), _(screen.help_text)
    return _("Keys"), ""


def _table(lines: list[KeyLine]) -> Table:
    """Return the lines in three columns, those of this place above those that work everywhere."""
    table = Table.grid(padding=(0, 2, 0, 0))
    width = max((cell_len(line.keys) for line in lines), default=0)
    table.add_column(no_wrap=True, min_width=width)
    table.add_column()
    for group in (False, True):
        members = [line for line in lines if line.everywhere is group]
        if group and members and len(members) < len(lines):
            table.add_row("", "")
            table.add_row("", Text(_("Everywhere"), "bold"))
        for line in members:
            said = line.remark if line.remark else line.does
            table.add_row(Text(line.keys, "bold"), Text(said))
    return table
