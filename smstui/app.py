"""The application: ties store, providers and screens together."""

from __future__ import annotations

from textual.app import App
from textual.binding import Binding

from screens.shell import ShellScreen
from screens.theme import THEMES
from smstui.context import Context


class SmstuiApp(App[int]):
    """The console. Ends with 0, or with 128 and the number of the signal that ended it."""

    CSS_PATH = "../styles/app.tcss"
    TITLE = "smstui"
    BINDINGS = [
        Binding("f1,question_mark", "help", "Help", id="app.help", key_display="F1"),
        Binding("f2,ctrl+p", "command_palette", "Palette", id="app.palette", key_display="F2"),
        Binding("f10,ctrl+q", "quit", "Quit", id="app.quit", key_display="F10", priority=True),
    ]

    def __init__(self, context: Context, *, address: str = "credentials") -> None:
        super().__init__()
        self.context = context
        self._address = address
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.animation_level = "none"

    def on_mount(self) -> None:
        self.push_screen(ShellScreen(self._address))
