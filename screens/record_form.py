"""The form for one record of a vendor, new, copied or stored: opening it and saving it.

What the fields are, and how a record becomes a draft and comes back, is up to the page.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from pydantic import SecretStr
from rich.text import Text
from textual import on, work
from textual.binding import Binding
from textual.widgets import Static

from screens.base import context_of
from screens.places import split_address
from screens.where_used import ShowsUses
from screens.widgets.form import Check, RecordForm, Specs
from screens.widgets.form_filling import FillableForm
from screens.widgets.form_layout import NARROW
from screens.widgets.key_bar import KeyBar
from screens.widgets.secret_input import reveal
from smstui.errors import SmstuiError
from smstui.i18n import N_, _, ngettext
from smstui.providers.fields import Draft, Offer, Value
from smstui.store.errors import NotFound, StaleRevision
from smstui.store.named import NamedRecords
from smstui.store.records import Stored
from smstui.text import clean

if TYPE_CHECKING:
    from smstui.store import Store

VENDOR = "vendor"
"""The field of the form that says whose the others are."""

SUBMIT_KEY = Binding(
    "ctrl+s,f9",
    "submit",
    N_("Submit"),
    id="form.submit",
    key_display="Ctrl+S",
    tooltip=N_("Save, from any field"),
)
REVEAL_KEY = Binding(
    "ctrl+r",
    "reveal",
    N_("Reveal"),
    id="form.reveal",
    key_display="Ctrl+R",
    tooltip=N_("Show the secret one is typing for ten seconds"),
)


R = TypeVar("R", bound=Stored)


class RecordFormPage(ShowsUses, Generic[R]):
    """Base of pages that create or change one record.

    Attributes:
        new_crumb: what the breadcrumb says of a new record, marked with `N_`.
        as_new: what a record that was deleted meanwhile can be saved as, one sentence.
        not_theirs: fields of the form beside the vendor that no record has.
    """

    needs_width = True

    new_crumb: ClassVar[str]
    as_new: ClassVar[str]
    not_theirs: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, address: str, name: str | None = None, copy_of: str | None = None) -> None:
        """Make the page.

        Args:
            address: its address in the shell.
            name: the record to change; None for a new one.
            copy_of: the record that a new one starts as a copy of.
        """
        super().__init__(address)
        self._name = name
        self._copy_of = copy_of
        self._vendor = ""
        self._form: FillableForm | None = None
        self._record: R | None = None
        self._is_saving = False
        self._is_done = False

    # What a page adds

    def records(self, store: Store) -> NamedRecords[R, Any, Any]:
        """Return the repository of the records."""
        raise NotImplementedError

    def vendor_of(self, record: R) -> str:
        """Return the vendor of a stored record, or what else decides on the fields of its kind."""
        raise NotImplementedError

    def first_vendor(self) -> str:
        """Return the vendor that a new form begins with."""
        raise NotImplementedError

    def specs(self, vendor: str) -> Specs:
        """Return the fields of the form, `VENDOR` first."""
        raise NotImplementedError

    def check(self, vendor: str) -> Check:
        """Return what looks at the form's draft, `VENDOR` and all."""
        raise NotImplementedError

    def draft_of(self, record: R) -> dict[str, Value]:
        """Return a stored record as a draft; secrets stay wrapped."""
        raise NotImplementedError

    def copy_draft(self, store: Store, record: R) -> dict[str, Value]:
        """Return the draft that a copy of a record begins with."""
        raise NotImplementedError

    def create(self, store: Store, vendor: str, draft: Draft) -> R:
        """Save a new record."""
        raise NotImplementedError

    def update(self, store: Store, record: R, draft: Draft) -> R:
        """Save a changed record."""
        raise NotImplementedError

    async def prepare(self) -> None:
        """Read what the form needs beside the record."""

    def recognise_paste(self, pasted: str) -> Offer | str | None:
        """Return what a paste would fill in, or why it does not fit; None to insert it."""
        return None

    async def after_saving(self, record: R, then: str) -> None:
        """Go on: back to the list, the cursor on the record.

        Args:
            record: as it is stored now.
            then: what `submit` was given.
        """
        from screens.list_page import to_list

        self.leave_by(to_list(self.shell, self.place, record.id))

    # What it is

    @property
    def place(self) -> str:
        """The address of the list."""
        return split_address(self.address)[0]

    @property
    def crumb(self) -> str:
        """The record's name, or what is being made."""
        if self._name is not None:
            return clean(self._name)
        if self._copy_of is not None:
            return _("Copy of {name}").format(name=clean(self._copy_of))
        return _(self.new_crumb)

    @property
    def record_id(self) -> int | None:
        """The id of the stored record."""
        return self._record.id if self._record is not None else None

    @property
    def is_dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return self._form is not None and not self._is_done and self._form.is_dirty

    @property
    def vendor_is_fixed(self) -> bool:
        """Whether the vendor can no longer be chosen: the record exists, or is a copy."""
        return self._name is not None or self._copy_of is not None

    @property
    def read_only(self) -> set[str]:
        """The fields that are shown and cannot be changed."""
        return {*self.not_theirs, *({VENDOR} if self.vendor_is_fixed else ())}

    def record_draft(self, form: RecordForm, *, with_stored: bool = True) -> dict[str, Value]:
        """Return what the form holds of the record itself; see `RecordForm.draft`."""
        draft = form.draft(with_stored=with_stored)
        return {k: v for k, v in draft.items() if k != VENDOR and k not in self.not_theirs}

    def focus_first(self) -> None:
        """Put the focus on the first field; without a form on the page, so that its keys work."""
        if self._form is not None:
            self._form.focus_first()
        else:
            self.can_focus = True
            self.focus()

    async def on_mount(self) -> None:
        try:
            await self._open()
        except SmstuiError as error:
            await self.mount(Static(Text(f"✗ {error.message}"), classes="form-unreadable"))

    def shown(self) -> None:
        """Say in the row of keys whether something is not saved."""
        self._show_dirty()

    def on_resize(self) -> None:
        self._show_dirty()

    def on_unmount(self) -> None:
        self._remark("")

    # Opening

    async def _open(self) -> None:
        await self.prepare()
        session = context_of(self).session
        if self._name is not None:
            name = self._name
            await self.show_record(await session.call(lambda s: self.records(s).by_name(name)))
        elif self._copy_of is not None:
            original = self._copy_of

            def copied(store: Store) -> tuple[str, dict[str, Value]]:
                record = self.records(store).by_name(original)
                return self.vendor_of(record), self.copy_draft(store, record)

            vendor, draft = await session.call(copied)
            await self.show_form(vendor, draft, judged=True)
        else:
            await self.show_form(self.first_vendor(), {})

    async def show_record(self, record: R) -> None:
        """Go on with a record as it is stored."""
        self._record, self._name = record, record.name
        await self.show_form(self.vendor_of(record), self.draft_of(record), judged=True)

    async def show_form(self, vendor: str, draft: Draft, *, judged: bool = False) -> None:
        """Show a form with what a draft holds."""
        self._vendor = vendor
        secrets = {key: value for key, value in draft.items() if isinstance(value, SecretStr)}
        form = FillableForm(
            self.specs(vendor),
            {VENDOR: vendor, **{key: draft[key] for key in draft if key not in secrets}},
            check=self.check(vendor),
            stored=secrets,
            read_only=self.read_only,
            judged=judged,
            recognise=self.recognise_paste,
        )
        with self.app.batch_update():
            if self._form is not None:
                await self._form.remove()
            self._form = form
            await self.mount(form)
        self._show_dirty()
        self.refresh_bindings()

    async def choose_vendor(self, vendor: str) -> None:
        """Go on with the fields of a vendor; what was typed comes back with the old one."""
        if self._form is not None:
            self._vendor = vendor
            await self._form.show_specs(self.specs(vendor), self.check(vendor))
            self.refresh_bindings()

    # Typing

    @on(RecordForm.Changed)
    async def _changed(self, event: RecordForm.Changed) -> None:
        event.stop()
        form = self._form
        if form is None:
            return
        if event.key == VENDOR:
            form.drop_offer()
            await self.choose_vendor(str(form.draft()[VENDOR]))
        form.show_trouble("")
        self._show_dirty()

    def _show_dirty(self) -> None:
        is_new_copy = self._copy_of is not None and self._record is None
        said = _("not saved") if self.app.size.width < NARROW else _("not saved yet")
        self._remark(said if self.is_dirty or is_new_copy else "")

    def _remark(self, remark: str) -> None:
        for bar in self.screen.query(KeyBar):
            bar.remark = remark

    def action_reveal(self) -> None:
        """Show the secret in the focused field; elsewhere say where that works."""
        reveal(self)

    # Saving

    @on(RecordForm.Submitted)
    async def _submitted(self, event: RecordForm.Submitted) -> None:
        event.stop()
        await self.action_submit()

    async def action_submit(self) -> None:
        """Save and go back to the list; with an error in a field, go there instead."""
        await self.submit()

    async def submit(self, then: str = "", *, judged: bool = True) -> None:
        """Save, and go on; with an error in a field, go there instead.

        Args:
            then: handed to `after_saving`.
            judged: judge all fields first; else only what saving finds wrong is told.
        """
        form = self._form
        if form is None or self._is_saving or self._is_done:
            return
        form.show_trouble("")
        if not judged or await form.submit():
            self._is_saving = True
            self._save(then)
        self._show_dirty()

    @work(group="record-save", exit_on_error=False)
    async def _save(self, then: str) -> None:
        form = self._form
        assert form is not None  # noqa: S101 - submit saw it
        try:
            record = await self._stored(form)
        except SmstuiError as error:
            await form.tell_error(error)
        except Exception as error:  # noqa: BLE001 - the boundary: typed text must survive
            kind = type(error).__name__
            form.show_trouble(
                _("Saving failed ({kind}). What you typed is still here.").format(kind=kind)
            )
        else:
            if record is not None:
                self._tell_saved(form, record)
                await self.after_saving(record, then)
        finally:
            self._is_saving = False

    async def _stored(self, form: RecordForm) -> R | None:
        """Save, asking what to do when the record changed or went; None to go on editing."""
        session, vendor = context_of(self).session, self._vendor
        whole = self.record_draft(form)
        base = opened = self._record
        if base is None or opened is None:
            return await session.call(lambda store: self.create(store, vendor, whole))
        draft = self.record_draft(form, with_stored=False)
        while True:
            try:
                return await session.call(lambda store, base=base: self.update(store, base, draft))  # type: ignore[misc]  # a lambda with a default
            except StaleRevision as stale:
                from screens.conflict import ConflictDialog

                specs = {k: s for k, s in self.specs(vendor).items() if k in draft or s.is_secret}
                before, theirs = self.draft_of(opened), self.draft_of(stale.current)
                choice = await self.app.push_screen_wait(
                    ConflictDialog(stale.current, specs, before, draft, theirs)
                )
                if choice == "theirs":
                    await self.show_record(stale.current)
                    self.focus_first()
                if choice != "mine":
                    return None
                base = stale.current
            except NotFound:
                if not await self._save_as_new():
                    return None
                return await session.call(lambda store: self.create(store, vendor, whole))

    async def _save_as_new(self) -> bool:
        from screens.confirm import ConfirmDialog

        answer = await self.app.push_screen_wait(
            ConfirmDialog(
                _("{name} was deleted meanwhile.").format(name=self._name),
                _(self.as_new),
                confirm=_("Save as new"),
                cancel=_("Keep editing"),
            )
        )
        return answer is True

    def _tell_saved(self, form: RecordForm, record: R) -> None:
        said = _("{name} is saved.").format(name=record.name)
        if warnings := form.warnings:
            said = ngettext(
                "{name} is saved, with {n} warning.",
                "{name} is saved, with {n} warnings.",
                warnings,
            ).format(name=record.name, n=warnings)
        self.notify(said, markup=False)

    def leave_by(self, way: Coroutine[Any, Any, None]) -> None:
        """Leave for good; the page goes with the way, and its workers, so the shell's goes on."""
        self._is_done = True
        self.shell.run_worker(way, group="record-saved")
