"""The profile and checklist of a set-up, to a file or to the clipboard."""

from __future__ import annotations

import asyncio
import json
import re
from enum import StrEnum
from pathlib import Path

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from screens.copying import copy
from screens.form_dialog import FormDialog
from screens.paths import shown_path, with_short_home
from screens.widgets.form import RecordForm
from screens.widgets.form_filling import FillableForm
from screens.widgets.key_bar import KeyBar
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.providers.fields import Choice, Draft, FieldSpec, Issue, Kind, check_fields, text_of
from smstui.rcs.document import Document
from smstui.rcs.export import json_document, markdown, write_new
from smstui.text import clean


class Form(StrEnum):
    """How it is written; the values are the endings of the files."""

    MARKDOWN = "md"
    JSON = "json"


SPECS = {
    "form": FieldSpec(
        label=N_("Written as"),
        kind=Kind.CHOICE,
        required=True,
        help=N_("Markdown to read and paste from; JSON for a script or the provider's API."),
        choices=(Choice(Form.MARKDOWN, "Markdown"), Choice(Form.JSON, "JSON")),
    ),
    "file": FieldSpec(
        label=N_("File"),
        required=True,
        help=N_("Where it goes; nothing is overwritten."),
    ),
}


class ExportDialog(FormDialog[None]):
    """Writes the profile to a new file, or copies it; no secret is in it."""

    CSS_PATH = ["../styles/dialog.tcss", "../styles/form.tcss", "../styles/rcs_dialogs.tcss"]
    BINDINGS = [
        Binding("ctrl+s,f9", "submit", N_("Write"), id="rcs-export.write", key_display="Ctrl+S"),
        Binding(
            "ctrl+y",
            "copy",
            N_("Copy"),
            id="rcs-export.copy",
            key_display="Ctrl+Y",
            tooltip=N_("Copy it to the clipboard of the terminal"),
        ),
        Binding("escape", "close", N_("Close"), id="rcs-export.close"),
    ]
    help_title = N_("Export the profile")
    help_text = N_(
        "Writes the business profile and the checklist, to paste into the provider's console or "
        "to hand on. Logins and tokens stay out."
    )

    _form: FillableForm

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        name = re.sub(r"[^a-z0-9]+", "-", document.name.lower()).strip("-") or "rcs"
        self._stem = Path.home() / f"{name}-rcs"
        draft = {"form": Form.MARKDOWN.value, "file": self._proposed(Form.MARKDOWN)}
        self._form = FillableForm(SPECS, draft, check=_check)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Text(_("Export the profile")), classes="dialog-title")
            said = _("Profile and checklist, to paste into the provider's console. No secrets.")
            yield Static(Text(said), classes="dialog-text")
            yield self._form
        yield KeyBar()

    def _proposed(self, form: Form) -> str:
        return shown_path(self._stem.with_suffix(f".{form.value}"))

    @property
    def _written_as(self) -> Form:
        return Form(text_of(self._form.draft()["form"]))

    @on(RecordForm.Changed)
    def _propose(self, event: RecordForm.Changed) -> None:
        typed = text_of(self._form.draft()["file"])
        if event.key == "form" and typed in map(self._proposed, Form):
            self._form.put("file", self._proposed(self._written_as))

    @work(exclusive=True, group="export", exit_on_error=False)
    async def action_submit(self) -> None:
        """Write the file; with an error in a field, go there instead."""
        if not await self._form.submit():
            return
        try:
            path = _path(text_of(self._form.draft()["file"]))
            await asyncio.to_thread(write_new, path, self._text())
        except RuntimeError:
            said = _("There is no home folder of that name. Write the whole path.")
            self._form.show_trouble(said)
        except SmstuiError as error:
            self._form.show_trouble(clean(with_short_home(error.message)))
        else:
            said = _("The profile was written to {path}.")
            self.notify(said.format(path=clean(shown_path(path))), markup=False)
            self.dismiss(None)

    def action_copy(self) -> None:
        """Copy it."""
        copy(self, self._text(), _("The profile is copied."))

    def _text(self) -> str:
        document = self._document
        given = (document.route, document.setup, document.notes)
        if self._written_as is Form.MARKDOWN:
            return markdown(*given)
        return json.dumps(json_document(*given), indent=2, ensure_ascii=False) + "\n"


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _check(draft: Draft) -> list[Issue]:
    return check_fields(SPECS, draft)
