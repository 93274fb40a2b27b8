"""The dialog that changes the passphrase of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, Static

from screens.base import Dialog, context_of
from screens.confirm import ConfirmDialog
from screens.paths import with_short_home
from screens.widgets.key_bar import KeyBar
from screens.widgets.new_passphrase import NewPassphrase
from screens.widgets.secret_input import SecretInput
from smstui.errors import SmstuiError
from smstui.i18n import N_, _

if TYPE_CHECKING:
    from pydantic import SecretStr

    from smstui.store import Store


class PassphraseDialog(Dialog[bool]):
    """Asks for the passphrase as it is, and twice for the new one; dismissed with True when done.

    Asking for the present one keeps a console that was left open from being taken over.
    """

    CSS_PATH = ["../styles/dialog.tcss", "../styles/passphrase.tcss"]
    AUTO_FOCUS = "#present"
    BINDINGS = [
        Binding("ctrl+s,f9", "submit", N_("Change"), id="passphrase.submit", key_display="Ctrl+S"),
        Binding("escape", "close", N_("Cancel"), id="passphrase.close"),
    ]
    area = N_("passphrase")
    help_title = N_("Change the passphrase")
    help_text = N_(
        "The store is encrypted anew under the new passphrase. "
        "Backups made before keep the old one. A lost passphrase cannot be recovered."
    )

    def __init__(self) -> None:
        super().__init__()
        self._busy = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Text(_("Change the passphrase")), classes="dialog-title")
            with Horizontal(classes="labelled"):
                yield Label(Text(_("Present one")))
                yield SecretInput(id="present")
            yield Static(id="present-said", classes="below error")
            yield NewPassphrase(_("New one"))
            yield Static(Text(_("Backups made before keep the old one.")), classes="muted")
            yield Static(id="said")
        yield KeyBar()

    @on(Input.Submitted, "#present")
    def _go_on(self) -> None:
        self.query_one("#new").focus()

    @on(Input.Changed, "#present")
    def _typed(self) -> None:
        self.query_one("#present-said", Static).update("")

    @on(NewPassphrase.Finished)
    def action_submit(self) -> None:
        """Change the passphrase when all three are filled in."""
        present = self.query_one("#present", SecretInput)
        if self._busy:
            return
        if not present.value:
            self._refuse_present(_("The present passphrase is missing."))
            return
        new = self.query_one(NewPassphrase).take()
        if new is not None:
            self._change(present.secret, new)

    @work(exclusive=True, group="passphrase", exit_on_error=False)
    async def _change(self, present: SecretStr, new: SecretStr) -> None:
        self._busy = True
        try:
            changed = await self._change_alone(present, new)
        except SmstuiError as trouble:
            self.tell(f"✗ {_(trouble.title)}. {with_short_home(trouble.message)}")
            return
        finally:
            self._busy = False
        self.tell("")
        if changed:
            self.notify(_("The passphrase was changed. Backups keep the old one."))
            self.dismiss(True)
        elif changed is False:
            self._refuse_present(_("This is not the passphrase of the store."))

    async def _change_alone(self, present: SecretStr, new: SecretStr) -> bool | None:
        """Change the passphrase while the receiver, if it is on, is off; None to leave it.

        Raises:
            SmstuiError: the passphrase cannot be changed now; the old one holds.
        """
        context = context_of(self)
        was_on = context.receiver.state.is_on
        if was_on:
            if not await context.session.call(lambda store: store.has_passphrase(present)):
                return False
            if not await self._may_interrupt():
                return None
            await context.receiver.stop()
        self.tell(_("Encrypting the store under the new passphrase…"))
        try:
            return await context.session.call(lambda store: change_if_right(store, present, new))
        finally:
            if was_on:
                await self._receive_again()

    async def _may_interrupt(self) -> bool:
        return (
            await self.app.push_screen_wait(
                ConfirmDialog(
                    _("Stop receiving meanwhile?"),
                    _(
                        "The receiver has the store open. It is switched off, and on again once "
                        "that is done. What providers call meanwhile does not arrive."
                    ),
                    confirm=_("Go on"),
                )
            )
            is True
        )

    async def _receive_again(self) -> None:
        """Switch the receiver on again; where that fails, the header says so, and this dialog."""
        context = context_of(self)
        try:
            state = await context.receiver.start_as_kept(context.store_path, context.session)
        except SmstuiError as trouble:
            self.notify(_("The receiver is off. {why}").format(why=trouble.message))
            return
        if not state.is_on:
            self.notify(_("The receiver is off. {why}").format(why=state.message))

    def _refuse_present(self, sentence: str) -> None:
        self.query_one("#present-said", Static).update(Text(f"✗ {sentence}"))
        present = self.query_one("#present", SecretInput)
        present.select_all()
        present.focus()

    def action_close(self) -> None:
        """Close without changing anything; not while the store is being encrypted."""
        if not self._busy:
            self.dismiss(None)

    async def may_leave(self) -> bool:
        """Stay until a change that has begun is through."""
        return not self._busy


def change_if_right(store: Store, present: SecretStr, new: SecretStr) -> bool:
    """Change the passphrase if the present one is right, and return whether it was.

    Raises:
        StoreError: the passphrase cannot be changed now; the old one holds.
    """
    if not store.has_passphrase(present):
        return False
    store.change_passphrase(new)
    return True
