"""``smstui credentials``: list, show, import, export, delete."""

from __future__ import annotations

import io
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Smstui

SECRET = "feedfacefeedfacefeedfacefeedface"
SID = "AC00112233445566778899aabbccddeeff"
ENTRY = {
    "vendor": "Twilio",
    "name": "twilio-main",
    "account_sid": SID,
    "auth_token": SECRET,
    "inbound_number": "+15005550006",
}


@pytest.fixture
def imported(smstui: Smstui, store: Path, tmp_path: Path) -> Path:
    """A store with one credential, imported from a file."""
    done = smstui("credentials", "import", str(document(tmp_path, ENTRY)))
    assert (done.status, done.out) == (0, "")
    assert done.err == "1 credential was created.\n"
    return store


def document(folder: Path, *entries: Any) -> Path:
    path = folder / "credentials.json"
    path.write_text(json.dumps({"credentials": entries}))
    return path


@pytest.mark.usefixtures("imported")
def test_what_was_imported_is_listed_and_shown_without_its_secret(smstui: Smstui) -> None:
    listed = smstui("credentials", "list")
    assert "twilio-main" in listed.out
    assert "– never" in listed.out
    assert smstui("credentials", "list", "--json").document[0]["name"] == "twilio-main"
    shown = smstui("credentials", "show", "twilio-main")
    assert f"Account SID                     {SID}" in shown.out
    assert "set, ends in face" in shown.out
    blanked = smstui("credentials", "show", "TWILIO-main", "--json")
    assert blanked.document["auth_token"] == ""
    for done in (listed, shown, blanked):
        assert SECRET not in done.out + done.err


@pytest.mark.usefixtures("imported")
def test_a_list_is_filtered(smstui: Smstui) -> None:
    assert smstui("credentials", "list", "--filter", "TWIL", "--json").document != []
    assert smstui("credentials", "list", "--filter", "sinch", "--json").document == []


@pytest.mark.usefixtures("imported")
def test_an_export_can_be_imported_over_what_it_came_from(smstui: Smstui, tmp_path: Path) -> None:
    exported = tmp_path / "export.json"
    assert smstui("credentials", "export", "--output", str(exported)).status == 0
    assert SECRET not in exported.read_text()
    assert "exists already" in smstui("credentials", "export", "--output", str(exported)).err
    assert "of that name exists" in smstui("credentials", "import", str(exported)).err
    done = smstui("credentials", "import", "--replace", str(exported))
    assert "1 was replaced" in done.err
    assert "ends in face" in smstui("credentials", "show", "twilio-main").out, "secret kept"


@pytest.mark.usefixtures("store")
def test_a_closed_stdin_is_an_empty_one(smstui: Smstui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    done = smstui("credentials", "import", "-")
    assert (done.status, done.out) == (2, "")
    assert "Traceback" not in done.err


@pytest.mark.usefixtures("store")
def test_import_reads_stdin(smstui: Smstui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps({"credentials": [ENTRY]})))
    assert smstui("credentials", "import", "-").status == 0
    assert smstui("credentials", "export", "twilio-main").document["credentials"][0]["name"]


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([ENTRY | {"account_sid": "AC12"}], "Entry 1 (twilio-main): It has 34 characters"),
        ([ENTRY | {"vendor": "Pigeon"}], "There is no vendor Pigeon"),
        ([ENTRY, ENTRY], "Entry 2 (twilio-main): the name occurs twice in the file."),
        ([ENTRY | {"color": "red"}], "Twilio has no field color"),
        ([ENTRY | {"auth_token": 7.5}], "Auth Token has a value of the wrong type"),
        ([ENTRY | {"use_custom_dataset_for_inbound": "yes"}], "wrong type"),
        ([ENTRY | {"name": ""}], "Entry 1 (no name): Name is missing."),
        (["twilio"], "This is not an object"),
        ([{"name": "x"}], "The vendor is missing"),
    ],
)
def test_one_bad_entry_keeps_all_out_and_is_told(
    smstui: Smstui, store: Path, tmp_path: Path, entries: list[Any], said: str
) -> None:
    good = ENTRY | {"name": "another"}
    done = smstui("credentials", "import", str(document(tmp_path, *entries, good)))
    assert done.status == 2
    assert said in done.err
    assert SECRET not in done.err
    assert smstui("credentials", "list", "--json").document == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "The file is not JSON: line 1, column 2."),
        (b"\xff\xfe", "The file is not UTF-8 text."),
        (b"[]", 'The document has no list called "credentials".'),
    ],
)
def test_a_file_of_another_kind_is_told(
    smstui: Smstui, store: Path, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    done = smstui("credentials", "import", str(path))
    assert (done.status, done.out) == (2, "")
    assert said in done.err


@pytest.mark.usefixtures("imported")
def test_deleting_asks_or_is_told_not_to(smstui: Smstui) -> None:
    assert "--yes" in smstui("credentials", "delete", "twilio-main").err
    assert smstui("credentials", "delete", "twilio-main", "--yes").status == 0
    gone = smstui("credentials", "delete", "twilio-main", "--yes")
    assert gone.status == 2
    assert "twilio-main" in gone.err


@pytest.mark.usefixtures("imported")
def test_an_export_is_its_owners_alone(smstui: Smstui, tmp_path: Path) -> None:
    """Secrets are blank in it, but payloads and addresses are as somebody typed them."""
    for kind in ("credentials", "webhooks", "channels"):
        target = tmp_path / f"exported-{kind}.json"
        assert smstui(kind, "export", "--output", str(target)).status == 0
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
