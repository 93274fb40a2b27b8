"""The form for a second secret; what is typed is staged, and in use only once it is promoted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import SecretStr
from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from screens.base import context_of
from screens.form_dialog import FormDialog
from screens.record_form import REVEAL_KEY
from screens.widgets.form import RecordForm
from screens.widgets.key_bar import KeyBar
from screens.widgets.secret_input import SecretInput
from smstui.credentials import stored_draft
from smstui.i18n import N_, _, ngettext
from smstui.providers.base import InvalidFields, mask
from smstui.providers.fields import Draft, FieldSpec
from smstui.rotation import Member, check_staged, rotatable, stage
from smstui.text import clean


class StageDialog(FormDialog[bool]):
    """Takes the new values; dismissed with True once they are staged."""

    CSS_PATH = ["../styles/dialog.tcss", "../styles/form.tcss", "../styles/rotate.tcss"]
    BINDINGS = [
        Binding(
            "ctrl+s,f9",
            "submit",
            N_("Stage"),
            id="stage.submit",
            key_display="Ctrl+S",
            tooltip=N_("Keep it beside the one in use"),
        ),
        REVEAL_KEY,
        Binding("escape", "close", N_("Cancel"), id="stage.close"),
    ]
    area = N_("rotation")
    help_title = N_("Stage a secret")
    help_text = N_(
        "Type the new secret; with a key's secret, its id as well. What is left as it is stays as "
        "it is. It is kept beside what is in use, encrypted like that, and changes nothing yet."
    )

    def __init__(self, members: Sequence[Member]) -> None:
        """Make the dialog.

        Args:
            members: the credentials that it is staged for; the fields are those of the first one.
        """
        super().__init__()
        self._members = members
        first = members[0]
        draft = stored_draft(first.record)
        secrets = first.record.secrets
        specs = {
            name: replace(
                spec, group="", required=False, shown_when=None, help=_help(secrets, name, spec)
            )
            for name, spec in rotatable(first.record).items()
        }
        self._form = RecordForm(
            specs,
            {name: draft[name] for name in specs if name in draft and name not in secrets},
            check=lambda typed: check_staged(first, typed),
        )

    def compose(self) -> ComposeResult:
        names = ", ".join(clean(member.record.name) for member in self._members)
        said = ngettext(
            "Stage a secret for {names}",
            "Stage a secret for {n} credentials: {names}",
            len(self._members),
        ).format(n=len(self._members), names=names)
        with Vertical(classes="dialog"):
            yield Static(Text(said, no_wrap=True, overflow="ellipsis"), classes="dialog-title")
            yield self._form
        yield KeyBar()

    def action_reveal(self) -> None:
        """Show the secret one is typing."""
        if isinstance(self.focused, SecretInput):
            self.focused.action_reveal()

    @work(exclusive=True, group="stage", exit_on_error=False)
    async def action_submit(self) -> None:
        """Stage what was typed; with an error in a field, go there instead."""
        await self.hand_in(self._stage)

    async def _stage(self) -> None:
        draft: Draft = self._form.draft()
        members = self._members
        try:
            await context_of(self).session.call(lambda store: stage(store, members, draft))
        except InvalidFields as error:
            # Also said below: what is wrong may be with a credential whose form this is not.
            self._form.show_trouble(error.message)
            raise
        self.dismiss(True)


def _help(secrets: Mapping[str, SecretStr], name: str, spec: FieldSpec) -> str:
    """Return the help line of a field, with what may be said of the secret in use."""
    if name not in secrets:
        return _(spec.help)
    return _("In use: {secret}. {help}").format(secret=mask(secrets[name]), help=_(spec.help))
