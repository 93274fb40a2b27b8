"""The Italian catalogue says everything that the code says."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from smstui.i18n import LOCALE_DIR, N_, _, ngettext, set_language
from smstui.times import ago

ROOT = Path(__file__).parent.parent
PYBABEL = Path(sys.executable).parent / "pybabel"
ITALIAN = LOCALE_DIR / "it" / "LC_MESSAGES"


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    set_language("en")


def catalogue() -> Catalog:
    with (ITALIAN / "smstui.po").open("rb") as file:
        return read_po(file, locale="it")


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def placeholders(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conv in Formatter().parse(text) if name}


def messages() -> list[Message]:
    return [message for message in catalogue() if message.id]


def test_every_text_of_the_code_is_translated(tmp_path: Path) -> None:
    template = tmp_path / "smstui.pot"
    subprocess.run(
        [PYBABEL, "-q", "extract", "-k", "N_", "-o", template, "smstui", "screens"],
        cwd=ROOT,
        check=True,
    )
    with template.open("rb") as file:
        wanted = {forms(message.id)[0] for message in read_po(file) if message.id}
    have = {
        forms(message.id)[0]: all(forms(message.string)) and bool(message.string)
        for message in messages()
    }
    assert wanted - {text for text, translated in have.items() if translated} == set()
    assert have.keys() - wanted == set(), "texts that the code no longer has"


def test_no_text_hides_from_the_extraction() -> None:
    known = {forms(message.id)[0] for message in messages()}
    hidden = {
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for folder in ("smstui", "screens")
        for path in (ROOT / folder).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("_", "N_", "ngettext")
        and isinstance(text := call.args[0], ast.Constant)
        and text.value not in known
    }
    assert hidden == set(), "pybabel does not look into f-strings: give the text a name before"


def test_translations_have_the_placeholders_of_the_original() -> None:
    wrong = [
        message.id
        for message in messages()
        for said in forms(message.string)
        if placeholders(said) != placeholders(forms(message.id)[-1])
    ]
    assert wrong == []


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    with (ITALIAN / "smstui.mo").open("rb") as file:
        compiled = {
            tuple(forms(message.id)): forms(message.string)
            for message in read_mo(file)
            if message.id
        }
    assert compiled == {tuple(forms(message.id)): forms(message.string) for message in messages()}


def test_the_language_is_chosen_when_a_text_is_drawn() -> None:
    label = N_("Auth Token")
    assert _(label) == "Auth Token"
    set_language("it")
    assert _(label) == "Token autenticazione"
    assert _("") == ""
    set_language("xx")
    assert _(label) == "Auth Token"
    assert ngettext("{n} part", "{n} parts", 2) == "{n} parts"


def test_italian_ages_keep_to_their_column() -> None:
    set_language("it")
    now = datetime(2026, 11, 23, 10, tzinfo=UTC)
    spans = [timedelta(0), timedelta(minutes=59), timedelta(hours=23)]
    spans += [timedelta(days=1), timedelta(days=59), timedelta(days=60)]
    said = [ago(now - span, now) for span in spans]
    assert said == ["adesso", "59 min fa", "23 h fa", "ieri", "59 g fa", "2026-09-24"]


def test_italian_has_both_forms_of_a_plural() -> None:
    set_language("it")
    said = [ngettext("{total} credential", "{total} credentials", n) for n in (0, 1, 2)]
    assert said == ["{total} credenziali", "{total} credenziale", "{total} credenziali"]
