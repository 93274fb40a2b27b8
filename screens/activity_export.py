"""Where the lines of the activity are written to."""

from __future__ import annotations

from pathlib import Path

from screens.base import context_of
from screens.list_page import grouped
from screens.paths import shown_path
from screens.target import TargetDialog, target_keys
from smstui.activity import export
from smstui.i18n import N_, _, ngettext
from smstui.store.errors import StoreExists
from smstui.store.records import AuditQuery
from smstui.text import clean


class ActivityExportDialog(TargetDialog):
    """Asks where the entries go; dismissed with True when they are there."""

    BINDINGS = [*target_keys("activity-export", N_("Export"))]
    area = N_("activity")
    help_title = N_("Export the activity")
    help_text = N_(
        "Writes what the filter shows, newest first, one line of JSON for each entry. Only you can "
        "read the file. What is there already is replaced only when you say so."
    )
    waits = N_("Writing…")

    def __init__(self, query: AuditQuery, total: int) -> None:
        """Make the dialog.

        Args:
            query: what the filter shows.
            total: how many entries that is.
        """
        super().__init__()
        self._query = query
        self._total = total

    @property
    def title_text(self) -> str:
        title = ngettext("Export {n} entry", "Export {n} entries", self._total)
        return title.format(n=grouped(self._total))

    @property
    def explains(self) -> str:
        return _("One line of JSON for each entry; only you can read the file.")

    def proposed(self) -> Path:
        context = context_of(self)
        return context.store_path.with_name(f"activity-{context.clock():%Y-%m-%d}.jsonl")

    async def write(self, target: Path) -> str | None:
        session, query = context_of(self).session, self._query
        try:
            written = await session.call(lambda store: export(store, query, target))
        except StoreExists:
            if not await self.may_replace(target):
                return None
            written = await session.call(lambda store: export(store, query, target, replace=True))
        said = ngettext("{n} entry is in {path}.", "{n} entries are in {path}.", written)
        return said.format(n=grouped(written), path=clean(shown_path(target)))
