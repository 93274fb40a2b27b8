"""API Credentials: the list one lands on, and what is told about each record."""

from __future__ import annotations

from textual import work
from textual.binding import Binding

from screens.base import context_of
from screens.credential_detail import COLUMN_RUNS, column_lines, read_detail, strip_lines
from screens.credential_rows import COLUMNS, NEWEST_FIRST, counted
from screens.list_page import MakeLines
from screens.places import HEALTH
from screens.promote import promote_key
from screens.record_list import RecordListPage, RecordWords, record_keys
from smstui.i18n import N_, _
from smstui.store import Store
from smstui.store.credentials import Credentials
from smstui.store.records import CredentialRecord


class CredentialListPage(RecordListPage[CredentialRecord]):
    """All credentials: find one, see how it does, act on it."""

    BINDINGS = record_keys(
        "credentials",
        Binding(
            "v",
            "verify",
            N_("Verify"),
            id="credentials.verify",
            tooltip=N_("Check this credential, ask its vendor, or send a message with it"),
        ),
        Binding(
            "h",
            "health",
            N_("Health"),
            show=False,
            id="credentials.health",
            tooltip=N_("How all credentials stand; probe them all"),
        ),
        Binding(
            "r",
            "rotate",
            N_("Rotate"),
            show=False,
            id="credentials.rotate",
            tooltip=N_("Stage a second secret, verify it, promote it; for all of an account"),
        ),
        promote_key("credentials"),
        new=N_("Create a credential"),
        edit=N_("Change this credential"),
        delete=N_("Delete this credential; asks first"),
        duplicate=N_("Create a credential from a copy of this one"),
        filter=N_("Show only credentials with these words in name, vendor, person or result"),
    )

    help_text = N_(
        "All API credentials. Keys act on the one the cursor stands on; what is known about it is "
        "told below the list, in a wide terminal beside it. The filter looks for words in name, "
        "vendor, creator and result of the last verification. Arrows, j and k move the cursor, "
        "g and G take it to the first and the last."
    )
    title = N_("API Credentials")
    columns = COLUMNS
    newest_first = NEWEST_FIRST
    kind = RecordWords(
        deletion=N_("The credential and its verifications are removed from the store for good."),
        gone=N_("This credential was deleted elsewhere meanwhile."),
    )

    def records(self, store: Store) -> Credentials:
        """Return the repository of credentials."""
        return store.credentials

    def none_yet(self) -> str:
        """Return which key makes the first credential."""
        return _("No credentials yet. Press n to create the first one.")

    def counted(self, total: int) -> str:
        """Return how many credentials there are."""
        return counted(total)

    async def read_detail(self, record_id: int) -> MakeLines:
        """Read what is told about a credential: more of it where there is a column for it."""
        runs = COLUMN_RUNS if self.is_wide else 1
        detail = await context_of(self).session.call(
            lambda store: read_detail(store, record_id, runs)
        )
        now = self.now
        return lambda width: (column_lines if self.is_wide else strip_lines)(detail, now, width)

    @work(exclusive=True, group="act")
    async def action_rotate(self) -> None:
        """Open the rotation of a secret; afterwards the list is read again."""
        from screens.rotate import RotateScreen

        record = await self.current()
        if record is not None:
            self.app.push_screen(RotateScreen(record.id), self._rotated)

    def _rotated(self, _result: None) -> None:
        self.reload()

    def action_health(self) -> None:
        """Open the health board."""
        self.shell.navigate(f"{self.address}/{HEALTH}")

    @work(exclusive=True, group="act")
    async def action_verify(self) -> None:
        """Open the verify dialog; afterwards the list shows what came of it."""
        from screens.verify import VerifyScreen

        record = await self.current()
        if record is not None:
            await self.app.push_screen_wait(VerifyScreen(record.id))
            self.reload()
