"""What the palette offers to do with bundles; nothing of them is loaded before that is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.app import App

from screens.palette import Command
from screens.shell import ShellScreen
from smstui.i18n import _

if TYPE_CHECKING:
    from screens.bundle_import import Opened


def bundle_commands(app: App[Any]) -> list[Command]:
    """Return what the palette offers to do with bundles."""
    return [
        Command(_("store"), _("export a bundle…"), lambda: export_bundle(app)),
        Command(_("store"), _("import a bundle…"), lambda: import_bundle(app)),
    ]


def export_bundle(app: App[Any]) -> None:
    """Open the dialog that exports a bundle."""
    from screens.bundle_export import BundleExportDialog

    app.push_screen(BundleExportDialog())


def import_bundle(app: App[Any]) -> None:
    """Open a bundle, show what it would change, and let what lies below show what it did."""
    from screens.bundle_import import BundleOpenDialog

    def compare(found: Opened | None) -> None:
        from screens.bundle_plan import BundlePlanScreen

        if found is not None:
            app.push_screen(BundlePlanScreen(found.path, found.plan), look_again)

    def look_again(done: bool | None) -> None:
        for screen in app.screen_stack if done else ():
            if isinstance(screen, ShellScreen) and screen.page is not None:
                screen.page.shown()

    app.push_screen(BundleOpenDialog(), compare)
