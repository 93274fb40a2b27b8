"""What tests of screens read from the application, and do in it, whatever it shows."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.pilot import Pilot

from screens.shell import ShellScreen
from screens.widgets.form_field import FormField
from tests.screens.conftest import Settle


def text(app: App[Any]) -> str:
    """Return what is on the screen."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


def shell(app: App[Any]) -> ShellScreen:
    """Return the shell, also while a dialog is on top of it."""
    return next(screen for screen in app.screen_stack if isinstance(screen, ShellScreen))


def focused(app: App[Any]) -> str:
    """Return the name of the field that has the focus."""
    nodes = app.screen.focused.ancestors_with_self if app.screen.focused else []
    return next((node.key for node in nodes if isinstance(node, FormField)), "")


def told(app: App[Any]) -> list[str]:
    """Return what was told in passing."""
    return [note.message for note in app._notifications]


async def start(pilot: Pilot[Any], settle: Settle) -> None:
    """Wait until the place is there."""
    await pilot.pause()
    await settle(pilot)


async def go_to(pilot: Pilot[Any], key: str) -> None:
    """Press Tab until a field has the focus."""
    for _press in range(40):
        if focused(pilot.app) == key:
            return
        await pilot.press("tab")
    raise AssertionError(f"{key} cannot be reached by Tab")
