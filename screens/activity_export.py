"""Where the lines of the activity are written to."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input, Static

from screens.base import Dialog, context_of
from screens.confirm import ConfirmDialog
from screens.list_page import grouped
from screens.paths import shown_path, with_short_home
from screens.widgets.key_bar import KeyBar
from smstui.activity import export
from smstui.errors import SmstuiError
from smstui.i18n import N_, _, ngettext
from smstui.store.errors import StoreExists
from smstui.store.records import AuditQuery
from smstui.text import clean


class ActivityExportDialog(Dialog[bool]):
    """Asks where the entries go; dismissed with True when they are there."""

    CSS_PATH = ["../styles/dialog.tcss", "../styles/activity.tcss"]
    AUTO_FOCUS = "#target"
    BINDINGS = [
        Binding(
            "ctrl+s,f9", "submit", N_("Export"), id="activity-export.submit", key_display="Ctrl+S"
        ),
        Binding("escape", "close", N_("Cancel"), id="activity-export.close"),
    ]
    area = N_("activity")
    help_title = N_("Export the activity")
    help_text = N_(
        "Writes what the filter shows, newest first, one line of JSON for each entry. Only you can "
        "read the file. What is there already is replaced only when you say so."
    )

    def __init__(self, query: AuditQuery, total: int) -> None:
        """Make the dialog.

        Args:
            query: what the filter shows.
            total: how many entries that is.
        """
        super().__init__()
        self._query = query
        self._total = total
        self._busy = False

    def compose(self) -> ComposeResult:
        context = context_of(self)
        proposed = context.store_path.with_name(f"activity-{context.clock():%Y-%m-%d}.jsonl")
        title = ngettext("Export {n} entry", "Export {n} entries", self._total)
        with Vertical(classes="dialog"):
            yield Static(Text(title.format(n=grouped(self._total))), classes="dialog-title")
            explains = _("One line of JSON for each entry; only you can read the file.")
            yield Static(Text(explains), classes="dialog-text")
            target = Input(shown_path(proposed), id="target", compact=True, select_on_focus=False)
            target.cursor_blink = False
            yield target
            yield Static(id="said")
        yield KeyBar()

    @on(Input.Changed, "#target")
    def _typed(self) -> None:
        self._say("")

    @on(Input.Submitted, "#target")
    def action_submit(self) -> None:
        """Write the file."""
        text = self.query_one("#target", Input).value.strip()
        if self._busy:
            return
        if not text:
            self._say(_("✗ The name of the file is missing."))
            return
        try:
            target = Path(text).expanduser().absolute()
        except RuntimeError:
            self._say(_("✗ There is no home folder of that name. Write the whole path."))
            return
        self._export(target)

    @work(exclusive=True, group="export", exit_on_error=False)
    async def _export(self, target: Path) -> None:
        self._busy = True
        self._say(_("Writing…"))
        try:
            written = await self._write(target)
        except SmstuiError as trouble:
            self._say(f"✗ {with_short_home(trouble.message)}")
        else:
            if written is None:
                self._say("")
                return
            said = ngettext(
                "{n} entry is in {path}.", "{n} entries are in {path}.", written
            ).format(n=grouped(written), path=clean(shown_path(target)))
            self.notify(said, markup=False)
            self.dismiss(True)
        finally:
            self._busy = False

    async def _write(self, target: Path) -> int | None:
        """Write the file, and return how many entries it has; None when one that is there stays."""
        session, query = context_of(self).session, self._query
        try:
            return await session.call(lambda store: export(store, query, target))
        except StoreExists:
            sure = await self.app.push_screen_wait(
                ConfirmDialog(
                    _("Replace {path}?").format(path=clean(shown_path(target))),
                    _("There is a file of that name. What is in it is lost."),
                    confirm=_("Replace"),
                    dangerous=True,
                )
            )
        if sure is not True:
            return None
        return await session.call(lambda store: export(store, query, target, replace=True))

    def _say(self, sentence: str) -> None:
        said = self.query_one("#said", Static)
        said.set_class(sentence.startswith("✗"), "error")
        said.update(Text(sentence))

    def action_close(self) -> None:
        """Close without a file; not while one is being written."""
        if not self._busy:
            self.dismiss(None)
