"""RCS set-up: the list of set-ups, and what is told about each."""

from __future__ import annotations

from screens.base import context_of
from screens.list_page import MakeLines
from screens.rcs_detail import column_lines, read_detail, strip_lines
from screens.rcs_rows import COLUMNS, counted
from screens.record_list import RecordListPage, RecordWords, record_keys
from smstui.i18n import N_, _
from smstui.store import Store
from smstui.store.rcs_setups import RcsSetups, SetupRecord


class RcsListPage(RecordListPage[SetupRecord]):
    """All RCS set-ups: how far each is, and for whom it waits."""

    BINDINGS = record_keys(
        "rcs",
        new=N_("Begin a set-up"),
        edit=N_("Go on with this set-up, at the step where one was"),
        delete=N_("Delete this set-up; its webhooks and its credential stay; asks first"),
        filter=N_("Show only set-ups with these words in name, provider, step or person"),
    )

    help_text = N_(
        "RCS wants a registration at the provider, a webhook, and a credential of its own. That "
        "takes weeks, with other people's approvals in between: a set-up keeps how far one has "
        "come, and for whom one waits. Leave it and come back at any time."
    )
    title = N_("RCS set-up")
    columns = COLUMNS
    needs_width = True
    kind = RecordWords(
        deletion=N_(
            "Its webhooks and its credential stay; what was noted of the registration is removed."
        ),
        gone=N_("This set-up was deleted elsewhere meanwhile."),
    )

    def records(self, store: Store) -> RcsSetups:
        """Return the repository of set-ups."""
        return store.rcs_setups

    def none_yet(self) -> str:
        """Return which key begins the first set-up."""
        return _("No RCS set-ups yet. Press n to begin the first one.")

    def counted(self, total: int) -> str:
        """Return how many set-ups there are."""
        return counted(total)

    async def read_detail(self, record_id: int) -> MakeLines:
        """Read what is told about a set-up: more of it where there is a column for it."""
        detail = await context_of(self).session.call(lambda store: read_detail(store, record_id))
        now = self.now
        return lambda width: (column_lines if self.is_wide else strip_lines)(detail, now, width)
