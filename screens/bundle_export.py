"""The dialog that exports environments and their records as one file."""

from __future__ import annotations

import asyncio
import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, cast

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, Select, Static

from screens.base import context_of
from screens.paths import shown_path
from screens.target import TargetDialog, target_keys
from screens.widgets.key_bar import KeyBar
from screens.widgets.new_passphrase import NewPassphrase
from smstui.bundles.words import LEFT_BEHIND
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.text import clean

if TYPE_CHECKING:
    from pydantic import SecretStr

    from smstui.bundles.document import Bundle
    from smstui.store import Store


class Form(StrEnum):
    """How a bundle is written; the values are the endings of the files."""

    ENCRYPTED = "smstui"
    PLAIN = "json"


_FORM_WORDS = {
    Form.ENCRYPTED: N_("encrypted, with secrets"),
    Form.PLAIN: N_("plain JSON, secrets left blank"),
}


class BundleExportDialog(TargetDialog):
    """Asks where the bundle goes, what is in it, and for its passphrase; True when it is there."""

    CSS_PATH = [f"../styles/{name}.tcss" for name in ("dialog", "target", "bundles")]
    BINDINGS = [*target_keys("bundle-export", N_("Export"))]
    area = N_("bundle")
    help_title = N_("Export a bundle")
    help_text = N_(
        "Writes environments and their records to one file that only you can read: credentials, "
        "webhooks, channel configurations, RCS set-ups. Encrypted, it has a passphrase of its own, "
        "which cannot be recovered. Events, consent and the audit trail stay behind."
    )
    waits = N_("Reading the records…")

    @property
    def title_text(self) -> str:
        return _("Export a bundle")

    @property
    def explains(self) -> str:
        return _(LEFT_BEHIND)

    def proposed(self) -> Path:
        return self._named(Form.ENCRYPTED)

    def compose(self) -> ComposeResult:
        forms = [(Text(_(words)), form.value) for form, words in _FORM_WORDS.items()]
        with Vertical(classes="dialog"):
            yield Static(Text(self.title_text), classes="dialog-title")
            yield Static(Text(self.explains), classes="dialog-text")
            with Horizontal(classes="labelled"):
                yield Label(Text(_("File")))
                target = Input(
                    shown_path(self.proposed()), id="target", compact=True, select_on_focus=False
                )
                target.cursor_blink = False
                yield target
            with Horizontal(classes="labelled"):
                yield Label(Text(_("Written as")))
                yield Select(
                    forms, value=Form.ENCRYPTED.value, allow_blank=False, compact=True, id="form"
                )
            with Horizontal(classes="labelled"):
                yield Label(Text(_("Environments")))
                yield Select(
                    [(Text(_("all of them")), "")],
                    value="",
                    allow_blank=False,
                    compact=True,
                    id="environment",
                )
            yield NewPassphrase(_("Passphrase"))
            yield Static(id="said")
        yield KeyBar()

    def on_mount(self) -> None:
        self._offer_environments()

    @work(group="load", exit_on_error=False)
    async def _offer_environments(self) -> None:
        """Offer each environment by itself."""

        def read(store: Store) -> list[str]:
            return store.environments.names(limit=1000)

        try:
            names = await context_of(self).session.call(read)
        except SmstuiError:
            return  # All of them can be exported still; that tells what the trouble is.
        offered = [(Text(_("all of them")), ""), *((Text(clean(name)), name) for name in names)]
        choice = cast("Select[str]", self.query_one("#environment", Select))
        choice.set_options(offered)
        choice.value = ""

    @on(Select.Changed, "#form")
    def _turn(self) -> None:
        """Show the passphrase where there is one, and propose the ending that goes with it."""
        target = self.query_one("#target", Input)
        if target.value in {shown_path(self._named(form)) for form in Form}:
            target.value = shown_path(self._named(self._form))
        self.query_one(NewPassphrase).display = self._form is Form.ENCRYPTED
        self.tell("")

    @on(NewPassphrase.Finished)
    def _finished(self) -> None:
        self.action_submit()

    @property
    def _form(self) -> Form:
        return Form(str(self.query_one("#form", Select).value))

    def _named(self, form: Form) -> Path:
        context = context_of(self)
        return context.store_path.with_name(f"bundle-{context.clock():%Y-%m-%d}.{form.value}")

    async def write(self, target: Path) -> str | None:
        from smstui.bundles import exporting, files
        from smstui.bundles.plan import faults
        from smstui.bundles.words import holding_line

        passphrase: SecretStr | None = None
        if self._form is Form.ENCRYPTED:
            passphrase = self.query_one(NewPassphrase).take()
            if passphrase is None:
                return None
        is_there = await asyncio.to_thread(os.path.lexists, target)
        if is_there and not await self.may_replace(target):
            return None
        context = context_of(self)
        chosen = [str(self.query_one("#environment", Select).value)]
        names = [name for name in chosen if name]

        def read(store: Store) -> tuple[Bundle, int]:
            bundle = exporting.collect(
                store, names, with_secrets=passphrase is not None, clock=context.clock
            )
            return bundle, len(faults(store, bundle))

        bundle, misfits = await context.session.call(read)
        self.tell(
            _("Writing…") if passphrase is None else _("Deriving the key from the passphrase…")
        )
        data = await asyncio.to_thread(files.pack, bundle, passphrase)
        await asyncio.to_thread(
            files.write, target, data, store_path=context.store_path, replace=is_there
        )
        await context.session.call(lambda store: exporting.tell_exported(store, target, bundle))
        said = _("{path} holds {what}.").format(
            path=clean(shown_path(target)), what=holding_line(bundle)
        )
        if misfits:
            said += " " + _(
                "! Some records no longer fit their forms; an import would refuse them. "
                "smstui bundle export tells which."
            )
        return said
