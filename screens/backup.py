"""The dialog that backs up the store."""

from __future__ import annotations

from pathlib import Path

from screens.base import context_of
from screens.paths import shown_path
from screens.target import TargetDialog, target_keys
from smstui.i18n import N_, _
from smstui.text import clean


class BackupDialog(TargetDialog):
    """Asks where the copy goes; dismissed with True when it is there."""

    BINDINGS = [*target_keys("backup", N_("Back up"))]
    area = N_("backup")
    help_title = N_("Back up the store")
    help_text = N_(
        "Copies the store while it is in use. The copy is whole, encrypted, and opens with the "
        "same passphrase; nothing is overwritten."
    )
    waits = N_("Copying…")

    @property
    def title_text(self) -> str:
        return _("Back up the store")

    @property
    def explains(self) -> str:
        return _("The copy is encrypted and opens with the same passphrase.")

    def proposed(self) -> Path:
        context = context_of(self)
        path = context.store_path
        return path.with_name(f"{path.stem}-{context.clock():%Y-%m-%d}{path.suffix}")

    async def write(self, target: Path) -> str:
        await context_of(self).session.call(lambda store: store.backup(target))
        return _("The store was copied to {path}.").format(path=clean(shown_path(target)))
