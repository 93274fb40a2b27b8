"""What stands in files and came from outside reaches the terminal as text, never as commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smstui.store import Store
from smstui.store.records import Action, Actor
from tests.commands.conftest import Smstui
from tests.conftest import MakeStore

HOSTILE = "\x1b]52;c;cm0=\x07 \x9b31m \u202e \ud800"
"""Writes to the clipboard, colours, turns the line round; and half a character."""


def fill(store: Store) -> None:
    """Leave an entry by somebody whose name is no name."""
    somebody = store.acting_as(Actor("eve", "\x9b31m\u202e"))
    somebody.audit.record(Action.EXPORTED, kind="activity", name="\x9b2J")


@pytest.fixture(autouse=True)
def filled(make_store: MakeStore) -> None:
    make_store(fill=fill)


@pytest.mark.parametrize("kind", ["credentials", "webhooks", "channels"])
@pytest.mark.parametrize("entry", [{"name": HOSTILE}, {"name": "x", HOSTILE: 1}])
def test_an_import_says_what_is_wrong_in_print(
    smstui: Smstui, tmp_path: Path, kind: str, entry: dict[str, object]
) -> None:
    file = tmp_path / "hostile.json"
    file.write_text(json.dumps({kind: [{"vendor": "Twilio", **entry}]}))
    done = smstui(kind, "import", str(file))
    assert done.status == 2
    assert done.err.replace("\n", "").isprintable()


def test_json_is_printed_with_escapes(smstui: Smstui) -> None:
    done = smstui("activity", "list", "--json")
    assert done.out.replace("\n", "").isprintable()
    entry = json.loads(done.out.splitlines()[0])
    assert (entry["name"], entry["origin"]) == ("\x9b2J", "\x9b31m\u202e")


@pytest.mark.parametrize("content", ["[" * 2000, '{"a":' * 2000, "1" * 5000])
def test_json_that_nobody_writes_is_refused(smstui: Smstui, tmp_path: Path, content: str) -> None:
    file = tmp_path / "hostile.json"
    file.write_text(content)
    done = smstui("credentials", "import", str(file))
    assert (done.status, done.err.startswith("Nothing was imported: The JSON is ")) == (2, True)
