"""A page that keeps a set-up in the store while it is typed."""

from __future__ import annotations

import asyncio
import dataclasses
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.timer import Timer

from screens.base import context_of
from screens.confirm import ConfirmDialog
from screens.conflict import ConflictDialog
from screens.page import Page
from screens.widgets.step_strip import StepLine
from smstui.errors import SmstuiError
from smstui.i18n import _
from smstui.providers.fields import Issue
from smstui.rcs import stored
from smstui.rcs.base import Step
from smstui.rcs.document import Document
from smstui.rcs.versions import flat_draft, flat_specs, on_top_of
from smstui.store.errors import NameTaken, NotFound, StaleRevision
from smstui.text import clean

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.store.rcs_setups import SetupRecord

PAUSE = 0.3
"""Seconds without a typed character after which what was typed is kept."""


class KeepingPage(Page):
    """Keeps its document after each pause, one save after the other, and before one leaves.

    What cannot be kept stays in the form, and leaving asks then.
    """

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self._document: Document | None = None
        self._kept: Document | None = None
        self._timer: Timer | None = None
        self._saving = asyncio.Lock()
        self._is_disputed = False

    # What a page adds

    def collected(self, document: Document) -> Document:
        """Return the document with what the form holds by now."""
        return document

    def forget_typed(self, *, learned: bool) -> None:
        """Take what was typed as collected; with ``learned`` the form knows less than it should."""

    async def show_document(self) -> None:
        """Show the document anew: it is another one, or another step."""

    async def tell_issues(self, issues: list[Issue]) -> None:
        """Show what saving found wrong with fields."""

    def tell_trouble(self, sentence: str) -> None:
        """Show what keeps the set-up from being kept; empty when nothing does."""

    def renamed(self) -> None:
        """React to another name or provider of the set-up."""

    # What there is

    @property
    def base(self) -> Document:
        """The set-up without what was typed in the last moment."""
        assert self._document is not None  # noqa: S101 - pages show nothing before it is read
        return self._document

    @property
    def document(self) -> Document:
        """The set-up with everything that was typed so far."""
        self._document = self.collected(self.base)
        return self._document

    @property
    def is_dirty(self) -> bool:
        """Whether something was typed that the store does not have."""
        if self._document is None:
            return False
        document = self.document
        return _worth_keeping(document) and document != self._kept

    def open_document(self, document: Document, *, is_kept: bool) -> None:
        """Begin with a document.

        Args:
            document: as it is now.
            is_kept: whether the store has it so.
        """
        self.forget_typed(learned=True)
        self._document = document
        self._kept = document if is_kept else None
        self._is_disputed = False
        self.tell_kept()

    def change(self, document: Document, *, learned: bool = False) -> None:
        """Go on with a document that was made of `document`; it is kept after a pause.

        Args:
            document: as it is now.
            learned: somebody else than the form filled fields in.
        """
        self._document = document
        self.forget_typed(learned=learned)
        self.keep_soon()

    # Keeping

    def keep_soon(self) -> None:
        """Keep what is typed once there is a pause."""
        self._remark("")
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(PAUSE, self._keep_by_itself)

    def _keep_by_itself(self) -> None:
        if not self._is_disputed:
            self.run_worker(self.keep_now(), group="keep", exit_on_error=False)

    async def settle(self) -> None:
        """Keep what can be kept before one leaves."""
        await self.keep_now()

    async def keep_now(self) -> bool:
        """Keep what was typed; True when the store has all of it."""
        async with self._saving:
            self._is_disputed = False
            try:
                while self.is_dirty:
                    if not await self._keep_once():
                        return False
            except NameTaken as error:
                await self.tell_issues([Issue("name", error.message)])
                return False
            except SmstuiError as error:
                self.tell_trouble(error.message)
                return False
            self.tell_trouble("")
            self.tell_kept()
            return True

    async def _keep_once(self) -> bool:
        """Keep what there is at this moment; False to go on editing what cannot be kept.

        Raises:
            SmstuiError: the store cannot take it.
        """
        document = self.document
        try:
            saved = await context_of(self).session.call(lambda store: _save(store, document))
        except StaleRevision:
            return await self.settle_dispute()
        except NotFound as gone:
            return await self._keep_as_new(gone)
        self._take(document, saved)
        return True

    def take(self, saved: Document) -> None:
        """Go on with a document as the store has it now; what was typed meanwhile stays."""
        self._take(self.document, saved)

    def _take(self, document: Document, saved: Document) -> None:
        now = self.document
        before = self._kept
        self._kept = saved
        self._document = saved if now == document else now.adopting(saved)
        if before is None or _called(before) != _called(saved):
            self.renamed()

    async def settle_dispute(self) -> bool:
        """Ask whose version goes on, as it was changed elsewhere; True once that is settled.

        Raises:
            SmstuiError: the other version cannot be read.
        """
        session, mine, opened = context_of(self).session, self.document, self._kept or self.base

        def read(store: Store) -> tuple[SetupRecord, Document]:
            record = store.rcs_setups.get(mine.id or 0)
            return record, stored.load(store, record.id)

        record, theirs = await session.call(read)
        drafts = (flat_draft(version) for version in (opened, mine, theirs))
        dialog = ConflictDialog(record, flat_specs(opened, mine, theirs), *drafts)
        choice = await self.app.push_screen_wait(dialog)
        if choice is None:
            self._is_disputed = True
            said = _("It was changed elsewhere; yours is not kept yet. F8 or Esc asks again.")
            self.tell_trouble(said)
            return False
        self._is_disputed = False
        if choice == "theirs":
            self.open_document(theirs, is_kept=True)
            await self.show_document()
        else:
            self._document = on_top_of(self.document, theirs)
        return True

    async def _keep_as_new(self, gone: NotFound) -> bool:
        """Ask whether a set-up that was deleted elsewhere is to be kept as a new one."""
        dialog = ConfirmDialog(
            clean(gone.message),
            _("What you see here can be kept as a new set-up."),
            confirm=_("Keep as new"),
            cancel=_("Keep editing"),
        )
        if not await self.app.push_screen_wait(dialog):
            self._is_disputed = True
            self.tell_trouble(gone.message)
            return False
        self._document = dataclasses.replace(self.document, id=None, revision=0)
        return True

    # Telling

    def tell_kept(self) -> None:
        """Say that nothing is lost by leaving."""
        if self._document is not None and self._kept is not None and not self.is_dirty:
            self._remark(_("✓ kept"))

    def shown(self) -> None:
        self.tell_kept()

    def _remark(self, remark: str) -> None:
        for line in self.query(StepLine):
            line.tell_kept(remark)

    async def on_unmount(self) -> None:
        """Keep what was typed in the last moment: the console ends, or the page was left."""
        if self._timer is not None:
            self._timer.stop()
        if self.is_dirty and not self._is_disputed:
            document = self.document
            with suppress(SmstuiError):
                await context_of(self).session.call(lambda store: _save(store, document))


def _called(document: Document) -> tuple[str, str]:
    return document.name, document.route_name


def _worth_keeping(document: Document) -> bool:
    """Whether there is something to keep: a set-up begins with its name."""
    return document.id is not None or not document.errors(Step.PROVIDER)


def _save(store: Store, document: Document) -> Document:
    """Keep a document; one that is new is made, and stays at its step."""
    with store.changing():
        if document.id is None:
            made = stored.create(store, document.name, document.route_name)
            document = dataclasses.replace(document, id=made.id, revision=made.revision)
        return stored.remember(store, document)
