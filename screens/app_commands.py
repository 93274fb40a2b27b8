"""What the palette offers beside keys and places; no dialog is loaded before it is chosen."""

from __future__ import annotations

from typing import Any

from textual.app import App

from screens.bundle_commands import bundle_commands
from screens.palette import Command, theme_commands
from smstui.i18n import _


def app_commands(app: App[Any]) -> list[Command]:
    """Return what the application offers beside its keys."""
    return [
        Command(_("store"), _("change the passphrase…"), lambda: change_passphrase(app)),
        Command(_("store"), _("back up…"), lambda: back_up(app)),
        *bundle_commands(app),
        Command(_("webhooks"), _("receiver…"), lambda: app.run_action("app.receiver")),
        *theme_commands(app),
    ]


def change_passphrase(app: App[Any]) -> None:
    """Open the dialog that changes the passphrase."""
    from screens.passphrase import PassphraseDialog

    app.push_screen(PassphraseDialog())


def back_up(app: App[Any]) -> None:
    """Open the dialog that backs up the store."""
    from screens.backup import BackupDialog

    app.push_screen(BackupDialog())
