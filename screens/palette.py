"""The palette: everything that can be done here, every place, and records by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from rich.text import Text
from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Input, Static

from screens.base import ConsoleScreen, Dialog, context_of
from screens.places import PLACES, place_at, record_address, split_address
from screens.shell import ShellScreen
from screens.theme import THEMES
from screens.widgets.choice_list import ChoiceList
from screens.widgets.key_bar import ESCAPE, KeyBar, key_name
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.store.records import ListQuery
from smstui.text import clean

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.store.environments import EnvironmentRow

MOST_NAMES = 20
NOT_LISTED = {"app.palette", "dialog.palette", "app.suspend"}
"""Ids of bindings that make no sense in the palette."""


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the palette: ``area: label``, its key where it has one, and what it does."""

    area: str
    label: str
    run: Callable[[], object] = field(repr=False)
    key: str = ""

    @property
    def title(self) -> str:
        """What is shown and searched."""
        return f"{self.area}: {self.label}"


def commands_for(app: App[Any], screen: Screen[Any]) -> list[Command]:
    """Return everything that can be done on a screen at this moment."""
    from screens.app_commands import app_commands

    commands = _key_commands(app, screen)
    if isinstance(screen, ShellScreen):
        commands += [
            Command(_("go to"), _(place.trail[-1]), lambda path=place.path: screen.navigate(path))  # type: ignore[misc]  # a lambda with a default
            for place in PLACES
        ]
    return commands + app_commands(app)


def theme_commands(app: App[Any]) -> list[Command]:
    """Return one command for each theme but the one in use."""

    def choose(name: str) -> Callable[[], object]:
        return lambda: setattr(app, "theme", name)

    return [
        Command(_("theme"), _(label), choose(theme.name))
        for theme, label in zip(THEMES, (N_("dark"), N_("light"), N_("contrast")), strict=True)
        if theme.name != app.theme
    ]


def _key_commands(app: App[Any], screen: Screen[Any]) -> list[Command]:
    commands: dict[tuple[object, str], Command] = {}
    for node, binding, enabled, _tooltip in screen.active_bindings.values():
        if not (binding.id and binding.description and enabled) or binding.id in NOT_LISTED:
            continue

        def run(binding: Binding = binding, node: Any = node) -> Awaitable[bool]:
            return app.run_action(binding.action, default_namespace=node)

        commands.setdefault(
            (node, binding.action),
            Command(_area(screen, node), _lowered(_(binding.description)), run, key_name(binding)),
        )
    console = _("console")
    return sorted(commands.values(), key=lambda c: (c.area == console, c.key == ESCAPE))


def _area(screen: Screen[Any], node: object) -> str:
    """Return the word before a command: on a page of the shell, what its place is about."""
    if isinstance(node, App | ShellScreen):
        return _("console")
    if isinstance(screen, ShellScreen):
        place = place_at(split_address(screen.address)[0])
        return _(place.noun) if place is not None else _("here")
    return _(screen.area) if isinstance(screen, ConsoleScreen | Dialog) else _("here")


def _lowered(label: str) -> str:
    """Return a label as it stands within a line; abbreviations stay."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def matching(commands: list[Command], typed: str) -> list[Command]:
    """Return the commands in which every typed word begins a word, or else occurs somewhere.

    Those where the words begin words come first; otherwise the order stays.
    """
    words = typed.casefold().split()

    def beginnings(title: str) -> int:
        return sum(f" {title}".count(f" {word}") > 0 for word in words)

    found = [
        (beginnings(command.title.casefold()), command)
        for command in commands
        if all(word in command.title.casefold() for word in words)
    ]
    return [command for _rank, command in sorted(found, key=lambda entry: -entry[0])]


class PaletteDialog(Dialog[Command]):
    """Narrows the commands as one types; dismissed with the one to run, or with None."""

    CSS_PATH = ["../styles/dialog.tcss", "../styles/palette.tcss"]
    AUTO_FOCUS = "#typed"
    BINDINGS = [
        Binding("enter", "run", N_("Run"), id="palette.run", priority=True),
        Binding("up", "move(-1)", N_("Up"), show=False, id="palette.up"),
        Binding("down", "move(1)", N_("Down"), show=False, id="palette.down"),
        Binding("pageup", "move(-10)", N_("Page up"), show=False, id="palette.page-up"),
        Binding("pagedown", "move(10)", N_("Page down"), show=False, id="palette.page-down"),
        Binding("escape", "close", N_("Close"), id="palette.close"),
        Binding("f2,ctrl+p", "close", N_("Close"), show=False, id="palette.close-too"),
    ]
    help_title = N_("Palette")
    help_text = N_(
        "Type some letters of what you want to do, or of a credential's or webhook's name."
    )

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__()
        self._calling = screen
        self._commands: list[Command] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            typed = Input(
                placeholder=_("What do you want to do?"),
                id="typed",
                compact=True,
                select_on_focus=False,
            )
            typed.cursor_blink = False
            yield typed
            yield ChoiceList[Command](id="commands")
            yield Static(Text(_("Nothing is called that.")), id="nothing", classes="muted")
        yield KeyBar()

    @property
    def _listing(self) -> ChoiceList[Command]:
        return cast("ChoiceList[Command]", self.query_one(ChoiceList))

    def on_mount(self) -> None:
        self._commands = commands_for(self.app, self._calling)
        self._show(self._commands)

    @on(Input.Changed, "#typed")
    def _narrow(self, event: Input.Changed) -> None:
        self._show(matching(self._commands, event.value))
        if event.value.strip() and isinstance(self._calling, ShellScreen):
            self._add_names(event.value)

    @work(exclusive=True, group="palette", exit_on_error=False)
    async def _add_names(self, typed: str) -> None:
        """Add the records and environments whose names hold the last typed word."""
        session = context_of(self).session
        wanted = typed.split()[-1]

        def read(store: Store) -> tuple[list[list[str]], list[EnvironmentRow]]:
            kinds = store.credentials, store.webhooks, store.channels, store.rcs_setups
            environments = store.environments
            return (
                [kind.names(wanted, MOST_NAMES) for kind in kinds],
                environments.rows(environments.ids(ListQuery(wanted))),
            )

        try:
            (credentials, webhooks, channels, setups), environments = await session.call(read)
        except SmstuiError:
            return  # The palette stays useful without names; their lists tell the trouble.
        opening = [self._opening(_("Open").lower(), "credentials", name) for name in credentials]
        opening += [self._opening(_("open webhook"), "webhooks", name) for name in webhooks]
        opening += [self._opening(_("open configuration"), "channels", name) for name in channels]
        opening += [self._opening(_("open RCS set-up"), "rcs", name) for name in setups]
        opening += [self._switching(environment) for environment in environments]
        self._show(matching([*self._commands, *opening], typed))

    def _switching(self, environment: EnvironmentRow) -> Command:
        shell = cast("ShellScreen", self._calling)
        return Command(
            _("switch to environment"),
            clean(environment.name),
            lambda: shell.go_to_environment(environment.id),
        )

    def _opening(self, area: str, path: str, name: str) -> Command:
        shell = cast("ShellScreen", self._calling)
        return Command(area, clean(name), lambda: shell.navigate(record_address(path, name)))

    def _show(self, commands: list[Command]) -> None:
        listing = self._listing
        if commands != listing.lines:
            listing.show(commands)
            self.set_class(not commands, "-empty")

    def action_move(self, lines: int) -> None:
        """Choose another line."""
        self._listing.move(lines)

    def action_run(self) -> None:
        """Close, and hand over the chosen command."""
        chosen = self._listing.chosen
        if chosen is not None:
            self.dismiss(chosen)

    def action_close(self) -> None:
        """Close without doing anything."""
        self.dismiss(None)
