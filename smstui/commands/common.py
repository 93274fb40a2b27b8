"""What the commands share: the store they open, and how they speak."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from smstui.errors import SmstuiError
from smstui.i18n import _, set_language
from smstui.settings import Settings, read_settings
from smstui.text import clean, printable_json

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic import SecretStr

    from smstui.store import Store
    from smstui.store.named import NamedRecords, R

EXIT_REFUSED = 1
EXIT_INVALID = 2
EXIT_STORE = 3


@dataclass(frozen=True, slots=True)
class Invocation:
    """How the program was called."""

    settings: Settings
    passphrase_file: Path | None

    @classmethod
    def from_environment(
        cls,
        store: Path | None,
        passphrase_file: Path | None,
        language: str | None,
        environment: str | None = None,
    ) -> Invocation:
        """Return the invocation that options and environment variables describe."""
        settings = read_settings(os.environ)
        if store is not None:
            settings = replace(settings, store=store)
        if language is not None:
            settings = replace(settings, language=language)
        if environment is not None:
            settings = replace(settings, environment=environment)
        set_language(settings.language)
        return cls(settings, passphrase_file)

    def given_passphrase(self) -> SecretStr | None:
        """Return the passphrase from file or environment; None when neither gives one."""
        if self.passphrase_file is None and not (
            os.environ.keys() & {"SMSTUI_PASSPHRASE_FILE", "SMSTUI_PASSPHRASE"}
        ):
            return None  # Without a source the console can paint before pydantic is loaded.
        from smstui.passphrase import read_passphrase

        return read_passphrase(self.passphrase_file, os.environ)

    def passphrase(self) -> SecretStr:
        """Return the passphrase, asked for at the terminal when nothing gives it.

        Raises:
            SmstuiError: nothing gives it, and there is no terminal to ask at.
        """
        return self.given_passphrase() or ask_secret(_("Passphrase of the store"))

    def open_store(self, *, anywhere: bool = False) -> Store:
        """Open the store in the environment that was named, else where the person was last.

        Args:
            anywhere: the environment does not matter; also one that does not exist may be named.

        Raises:
            StoreError: it cannot be opened.
            NotFound: there is no environment of that name.
        """
        from smstui.store import Store
        from smstui.store.records import Actor
        from smstui.store.vault import inspect_file

        inspect_file(self.settings.store)
        store = Store.open(self.settings.store, self.passphrase(), actor=Actor.current())
        if anywhere or not self.settings.environment:
            return store
        try:
            return store.acting_in(store.environments.by_name(self.settings.environment).id)
        except BaseException:
            store.close()
            raise


def ask_secret(prompt: str, *, confirm: bool = False) -> SecretStr:
    """Ask for a secret at the terminal, without echo.

    Raises:
        SmstuiError: there is no terminal to ask at.
    """
    from pydantic import SecretStr

    if not sys.stdin.isatty():
        from smstui.store.errors import StoreError

        raise StoreError(
            _("Name a file with --passphrase-file, or set SMSTUI_PASSPHRASE_FILE."),
            title=_("The passphrase is missing"),
        )
    return SecretStr(click.prompt(prompt, hide_input=True, confirmation_prompt=confirm, err=True))


def exit_status(error: SmstuiError) -> int:
    """Return the exit status that tells a script what kind of trouble an error is."""
    from smstui.store.errors import (
        InUse,
        NameTaken,
        NotFound,
        OtherEnvironment,
        StaleRevision,
        StoreError,
        WrongState,
    )

    of_a_record = InUse | NameTaken | NotFound | OtherEnvironment | StaleRevision | WrongState
    if isinstance(error, StoreError) and not isinstance(error, of_a_record):
        return EXIT_STORE
    return EXIT_INVALID


def emit(document: Any) -> None:
    """Print one JSON document on stdout."""
    click.echo(printable_json(document, indent=2))


def read_document(file: TextIO) -> Any:
    """Return the JSON document in a file that is imported.

    Raises:
        InvalidImport: it is not text, or not JSON.
    """
    from smstui.importing import InvalidImport

    try:
        return json.load(file)
    except UnicodeDecodeError as error:
        raise InvalidImport([_("The file is not UTF-8 text.")]) from error
    except json.JSONDecodeError as error:
        said = _("The file is not JSON: line {line}, column {column}.")
        raise InvalidImport([said.format(line=error.lineno, column=error.colno)]) from None
    except RecursionError:
        said = _("The JSON is nested more than {most} levels deep.")
        raise InvalidImport([said.format(most=100)]) from None
    except ValueError:  # A number of thousands of digits.
        raise InvalidImport([_("The JSON is malformed")]) from None


def write_document(document: Any, output: Path | None) -> None:
    """Write a JSON document to a new file of mode 0600, or to stdout when there is none.

    Raises:
        SmstuiError: the file exists, or cannot be written.
    """
    from smstui.store.files import owner_only

    if output is None:
        emit(document)
        return
    try:
        with open(output, "x", encoding="utf-8", opener=owner_only) as file:
            file.write(printable_json(document, indent=2) + "\n")
    except FileExistsError:
        raise SmstuiError(
            _("{path} exists already; name another file.").format(path=output),
            title=_("Nothing was written"),
        ) from None
    except OSError as error:
        raise SmstuiError(
            _("{path} cannot be written: {why}.").format(path=output, why=error.strerror),
            title=_("Nothing was written"),
        ) from None


def chosen(repository: NamedRecords[R, Any, Any], names: tuple[str, ...]) -> list[R]:
    """Return the records of those names, or all of them when none is named.

    Raises:
        NotFound: there is none of a name.
    """
    from smstui.store.records import ListQuery

    if names:
        return [repository.by_name(name) for name in names]
    return [repository.get(number) for number in repository.ids(ListQuery())]


def confirm_production(store: Store, named: str) -> None:
    """Let go on what cannot be taken back, in production only where its name is given or typed.

    Args:
        store: in the environment where it is done.
        named: what ``--yes-production`` was given; empty for nothing.

    Raises:
        SmstuiError: another name was given or typed, or there is nobody to ask.
    """
    from smstui.environments import is_named, question_of

    environment = store.environment
    if not environment.is_production:
        return
    if not named and sys.stdin.isatty():
        named = click.prompt(clean(question_of(environment)), err=True)
    if not is_named(environment, named):
        said = _("This is production. Say --yes-production with the name of the environment.")
        raise SmstuiError(said, title=_("Nothing was done"))


def delete_named(
    store: Store,
    repository: NamedRecords[Any, Any, Any],
    name: str,
    question: str,
    *,
    yes: bool,
    production: str,
) -> None:
    """Delete a record after asking, and say so.

    Args:
        store: the store.
        repository: where the record is.
        name: its name.
        question: what is asked, with ``{name}``.
        yes: do not ask.
        production: the name of the environment, which production wants.

    Raises:
        SmstuiError: there is no such record, something uses it, or nobody is there to ask.
    """
    record = repository.by_name(name)
    shown = clean(record.name)
    confirm_or_stop(question.format(name=shown), yes=yes)
    confirm_production(store, production)
    repository.delete(record.id, revision=record.revision)
    say(_("{name} was deleted.").format(name=shown))


def say(text: str) -> None:
    """Tell the person something, on stderr."""
    click.echo(text, err=True)


def confirm_or_stop(question: str, *, yes: bool) -> None:
    """Ask before something is lost; ``yes`` answers for scripts.

    Raises:
        SmstuiError: there is nobody to ask.
        click.Abort: the answer is no.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise SmstuiError(
            _("Say --yes when nobody is there to be asked."), title=_("Nothing was done")
        )
    click.confirm(question, abort=True, err=True)


def table(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print rows in aligned columns on stdout."""
    from rich.cells import cell_len

    widths = [
        max(cell_len(cell) for cell in column) for column in zip(headings, *rows, strict=True)
    ]
    for row in (headings, *rows):
        cells = (
            cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
        )
        click.echo("  ".join(cells).rstrip())


def mark_and_when(result: str, word: str, at: datetime | None, now: datetime) -> str:
    """Return a result for a list and how long ago that was: ``✓ delivered  2 h ago``."""
    from smstui.results import result_mark
    from smstui.times import ago

    return result_mark(result, word) + (f"  {ago(at, now)}" if at else "")


def show_lines(lines: Iterable[tuple[str, str]]) -> None:
    """Print labels and texts on stdout, the texts below each other and cleaned."""
    from rich.cells import cell_len

    shown = list(lines)
    width = max((cell_len(label) for label, _text in shown), default=0)
    for label, text in shown:
        blanks = " " * (width - cell_len(label))
        first, *others = text.splitlines() or [""]
        click.echo(f"{label}{blanks}  {clean(first)}".rstrip())
        for line in others:
            click.echo(f"{' ' * width}  {clean(line)}".rstrip())
