"""The form for one credential: new, copied or stored."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pydantic import SecretStr
from rich.text import Text
from textual import on, work
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Static

from screens.base import context_of
from screens.filling import (
    OFFER_KEY,
    PRESETS_KEY,
    PREVIEW_KEY,
    VENDOR,
    FillingPage,
    without_vendor,
)
from screens.places import record_address
from screens.widgets.form import Check, RecordForm, Specs
from screens.widgets.form_filling import FillableForm
from screens.widgets.form_layout import NARROW
from screens.widgets.key_bar import KeyBar
from screens.widgets.secret_input import SecretInput
from smstui.credentials import create, duplicate_draft, stored_draft, update
from smstui.errors import SmstuiError
from smstui.i18n import N_, _, ngettext
from smstui.providers.base import InvalidFields
from smstui.providers.fields import Choice, Draft, FieldSpec, Issue, Kind, Value
from smstui.providers.registry import provider_for, providers
from smstui.store.errors import NameTaken, NotFound, StaleRevision
from smstui.store.records import CredentialRecord
from smstui.text import clean

if TYPE_CHECKING:
    from screens.shell import ShellScreen
    from smstui.store import Store


class CredentialFormPage(FillingPage):
    """Creates or changes one credential; the fields come from the model of its vendor."""

    needs_width = True
    help_text = N_(
        "Fill in what the vendor gave you and submit with Ctrl+S. A field is checked as you leave "
        "it. A stored secret is never shown again: leave its field empty to keep it. A curl "
        "command or an id that is pasted into any field fills the ones it fits, when you say so."
    )
    BINDINGS = [
        Binding(
            "ctrl+s,f9",
            "submit",
            N_("Submit"),
            id="credential-form.submit",
            key_display="Ctrl+S",
            tooltip=N_("Save, from any field"),
        ),
        PRESETS_KEY,
        Binding(
            "ctrl+r",
            "reveal",
            N_("Reveal"),
            id="credential-form.reveal",
            key_display="Ctrl+R",
            tooltip=N_("Show the secret one is typing for ten seconds"),
        ),
        Binding(
            "ctrl+t",
            "submit_and_verify",
            N_("Verify"),
            id="credential-form.verify",
            key_display="Ctrl+T",
            tooltip=N_("Save, then verify the connection"),
        ),
        PREVIEW_KEY,
        OFFER_KEY,
    ]

    def __init__(self, address: str, name: str | None = None, copy_of: str | None = None) -> None:
        """Make the page.

        Args:
            address: its address in the shell.
            name: the credential to change; None for a new one.
            copy_of: the credential that a new one starts as a copy of.
        """
        super().__init__(address)
        self._name = name
        self._copy_of = copy_of
        self._record: CredentialRecord | None = None
        self._is_saving = False
        self._is_done = False

    @property
    def crumb(self) -> str:
        """The credential's name, or what is being made."""
        if self._name is not None:
            return clean(self._name)
        if self._copy_of is not None:
            return _("Copy of {name}").format(name=clean(self._copy_of))
        return _("New credential")

    @property
    def is_dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return self._form is not None and not self._is_done and self._form.is_dirty

    @property
    def vendor_is_fixed(self) -> bool:
        """Whether the vendor can no longer be chosen: the record exists, or is a copy."""
        return self._name is not None or self._copy_of is not None

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
        session = context_of(self).session
        if self._name is not None:
            name = self._name
            await self._show_record(await session.call(lambda s: s.credentials.by_name(name)))
        elif self._copy_of is not None:
            original = self._copy_of

            def copied(store: Store) -> tuple[str, dict[str, Value]]:
                record = store.credentials.by_name(original)
                return record.vendor, duplicate_draft(store, record)

            vendor, draft = await session.call(copied)
            await self._show_form(vendor, draft, judged=True)
        else:
            await self._show_form(next(iter(providers())), {})

    async def _show_record(self, record: CredentialRecord) -> None:
        self._record, self._name = record, record.name
        await self._show_form(record.vendor, stored_draft(record), judged=True)

    async def _show_form(self, vendor: str, draft: Draft, *, judged: bool = False) -> None:
        self._vendor = vendor
        secrets = {key: value for key, value in draft.items() if isinstance(value, SecretStr)}
        form = FillableForm(
            _specs(vendor),
            {VENDOR: vendor, **{key: draft[key] for key in draft if key not in secrets}},
            check=_check(vendor),
            stored=secrets,
            read_only={VENDOR} if self.vendor_is_fixed else (),
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
            await self._form.show_specs(_specs(vendor), _check(vendor))
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
        if not (self.is_dirty or is_new_copy):
            self._remark("")
        else:
            is_narrow = self.app.size.width < NARROW
            self._remark(_("not saved") if is_narrow else _("not saved yet"))

    def _remark(self, remark: str) -> None:
        for bar in self.screen.query(KeyBar):
            bar.remark = remark

    def action_reveal(self) -> None:
        """Show the secret in the focused field; elsewhere say where that works."""
        focused = self.screen.focused
        if isinstance(focused, SecretInput):
            focused.action_reveal()
        else:
            self.notify(
                _("Ctrl+R shows what you type in a secret field. Go to one first."), markup=False
            )

    # Saving

    @on(RecordForm.Submitted)
    async def _submitted(self, event: RecordForm.Submitted) -> None:
        event.stop()
        await self.action_submit()

    async def action_submit(self) -> None:
        """Save and go back to the list; with an error in a field, go there instead."""
        await self._submit(then_verify=False)

    async def action_submit_and_verify(self) -> None:
        """Save and open the verification on top of the form."""
        await self._submit(then_verify=True)

    async def _submit(self, *, then_verify: bool) -> None:
        form = self._form
        if form is None or self._is_saving or self._is_done:
            return
        form.show_trouble("")
        if await form.submit():
            self._is_saving = True
            self._save(then_verify)
        self._show_dirty()

    @work(group="credential-save", exit_on_error=False)
    async def _save(self, then_verify: bool) -> None:
        form = self._form
        assert form is not None  # noqa: S101 - _submit saw it
        try:
            record = await self._stored(form)
        except InvalidFields as error:
            await form.tell(error.issues)
        except NameTaken as error:
            await form.tell([Issue("name", error.message)])
        except SmstuiError as error:
            form.show_trouble(error.message)
        except Exception as error:  # noqa: BLE001 - the boundary: typed text must survive
            kind = type(error).__name__
            form.show_trouble(
                _("Saving failed ({kind}). What you typed is still here.").format(kind=kind)
            )
        else:
            if record is not None:
                await self._saved(form, record, then_verify)
        finally:
            self._is_saving = False

    async def _stored(self, form: RecordForm) -> CredentialRecord | None:
        """Save, asking what to do when the record changed or went; None to go on editing."""
        session, vendor = context_of(self).session, self._vendor
        whole = without_vendor(form.draft())
        base = opened = self._record
        if base is None or opened is None:
            return await session.call(lambda store: create(store, vendor, whole))
        draft = without_vendor(form.draft(with_stored=False))
        while True:
            try:
                return await session.call(partial(update, record=base, draft=draft))
            except StaleRevision as stale:
                from screens.conflict import ConflictDialog

                choice = await self.app.push_screen_wait(
                    ConflictDialog(opened, draft, stale.current)
                )
                if choice == "theirs":
                    await self._show_record(stale.current)
                    self.focus_first()
                if choice != "mine":
                    return None
                base = stale.current
            except NotFound:
                if not await self._save_as_new():
                    return None
                return await session.call(lambda store: create(store, vendor, whole))

    async def _save_as_new(self) -> bool:
        from screens.confirm import ConfirmDialog

        answer = await self.app.push_screen_wait(
            ConfirmDialog(
                _("{name} was deleted meanwhile.").format(name=self._name),
                _("What you see here can be saved as a new credential."),
                confirm=_("Save as new"),
                cancel=_("Keep editing"),
            )
        )
        return answer is True

    async def _saved(self, form: RecordForm, record: CredentialRecord, then_verify: bool) -> None:
        said = _("{name} is saved.").format(name=record.name)
        if warnings := form.warnings:
            said = ngettext(
                "{name} is saved, with {n} warning.",
                "{name} is saved, with {n} warnings.",
                warnings,
            ).format(name=record.name, n=warnings)
        self.notify(said, markup=False)
        address = record_address("credentials", record.name)
        if then_verify and address == self.address:
            await self._show_record(record)
            self.focus_first()
            self.app.push_screen(_verify_screen(record))
            return
        self._is_done = True
        go = _to_form_and_verify if then_verify else _to_list
        # The page goes with the way, and its workers with it: the shell's goes on.
        self.shell.run_worker(go(self.shell, record), group="credential-saved")


async def _to_list(shell: ShellScreen, record: CredentialRecord) -> None:
    from screens.credential_list import CredentialListPage

    await shell.navigate("credentials", remember=False).wait()
    page = shell.page
    if isinstance(page, CredentialListPage):
        page.point_at(record.id)
        page.reload()


async def _to_form_and_verify(shell: ShellScreen, record: CredentialRecord) -> None:
    address = record_address("credentials", record.name)
    await shell.navigate(address, remember=False).wait()
    shell.app.push_screen(_verify_screen(record))


def _verify_screen(record: CredentialRecord) -> Screen[None]:
    from screens.verify import VerifyScreen

    return VerifyScreen(record.id)


def _specs(vendor: str) -> Specs:
    names = tuple(Choice(name, name) for name in providers())
    choice = FieldSpec(
        label=N_("SMS vendor"),
        kind=Kind.CHOICE,
        help=N_("Who carries the messages. The fields below are this vendor's."),
        required=True,
        choices=names,
        note=_presets_note,
    )
    return {VENDOR: choice, **provider_for(vendor).model.specs()}


def _presets_note(vendor: str) -> str:
    return _("Ctrl+O: presets") if provider_for(vendor).presets() else ""


def _check(vendor: str) -> Check:
    provider = provider_for(vendor)
    return lambda draft: provider.check(without_vendor(draft))
