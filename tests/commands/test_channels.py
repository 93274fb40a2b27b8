"""``smstui channels`` as a script calls it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from smstui.channels import runs
from smstui.channels.stored import create
from smstui.simulator.core import AccountInfo
from smstui.store import Store
from smstui.store.records import Actor
from tests.commands.conftest import Smstui
from tests.conftest import PASSPHRASE

ENTRY = {
    "name": "Acme_SMS",
    "channel": "SMS",
    "sms_type": "Marketing",
    "mobile_configuration": "main",
    "sender_number": "+12025550142",
    "tags": ["spring", "retail"],
}
HALF = {"name": "Half_RCS", "channel": "RCS"}


def document(folder: Path, key: str, *entries: Any) -> str:
    path = folder / f"{key}.json"
    path.write_text(json.dumps({key: entries}))
    return str(path)


@pytest.fixture
def imported(smstui: Smstui, store: Path, live: AccountInfo, tmp_path: Path) -> Path:
    """A store with two drafts, one of them complete and right at its provider."""
    main = {"vendor": live.vendor, "name": "main", **live.fields}
    assert smstui("credentials", "import", document(tmp_path, "credentials", main)).status == 0
    done = smstui("channels", "import", document(tmp_path, "channels", ENTRY, HALF))
    assert (done.status, done.out) == (0, "")
    assert done.err == "2 channel configurations were created.\n"
    return store


@pytest.mark.usefixtures("imported")
def test_a_configuration_goes_through_its_whole_life(smstui: Smstui, live: AccountInfo) -> None:
    shown = smstui("channels", "show", "acme_sms", "--json").document
    assert {name: shown[name] for name in ENTRY} == ENTRY
    assert (shown["status"], shown["checks"], shown["recent_update"]) == ("Draft", [], None)
    done = smstui("channels", "submit", "Acme_SMS", "--json")
    assert (done.status, done.document["status"]) == (0, "Active")
    found = {check["name"]: check["result"] for check in done.document["checks"]}
    assert (found["connection"], found["owner"], found["webhook"]) == (
        "passed",
        "passed",
        "skipped",
    )
    assert live.fields["auth_token"] not in done.out + done.err
    again = smstui("channels", "submit", "Acme_SMS")
    assert (again.status, "Edit it" in again.err) == (2, True)
    assert "Acme_SMS  SMS      Active" in smstui("channels", "list").out
    assert "✓ connection" in smstui("channels", "show", "Acme_SMS").out
    assert "Acme_SMS" in smstui("credentials", "delete", "main", "--yes").err
    assert smstui("channels", "deactivate", "Acme_SMS").err == "Acme_SMS is deactivated.\n"
    refused = smstui("channels", "delete", "Acme_SMS", "--yes")
    assert (refused.status, "cannot be deleted" in refused.err) == (2, True)
    assert smstui("channels", "submit", "Acme_SMS").status == 2
    back = smstui("channels", "reactivate", "Acme_SMS")
    assert (back.status, "Acme_SMS is active." in back.err) == (0, True)
    assert smstui("channels", "reactivate", "Acme_SMS").status == 2


@pytest.mark.usefixtures("imported")
def test_a_failed_check_is_told_and_ends_with_1(smstui: Smstui, tmp_path: Path) -> None:
    other = {**ENTRY, "name": "Other", "sender_number": "+12025550152"}
    assert smstui("channels", "import", document(tmp_path, "channels", other)).status == 0
    done = smstui("channels", "submit", "Other")
    assert (done.status, done.out) == (1, "")
    assert "✗ owner" in done.err
    assert "The number belongs to another account" in done.err
    assert "✗ sender unknown" in smstui("channels", "list", "--status", "failed").out
    assert smstui("channels", "delete", "Other", "--yes").status == 0
    assert smstui("channels", "show", "Other").status == 2


@pytest.mark.usefixtures("imported")
def test_a_half_filled_draft_is_not_checked(smstui: Smstui) -> None:
    done = smstui("channels", "submit", "Half_RCS")
    assert (done.status, done.out) == (2, "")
    assert "Sender number is missing" in done.err


@pytest.mark.usefixtures("imported")
def test_the_list_is_narrowed_by_channel_person_status_and_words(smstui: Smstui) -> None:
    def names(*arguments: str) -> list[str]:
        return [row["name"] for row in smstui("channels", "list", "--json", *arguments).document]

    assert names() == ["Acme_SMS", "Half_RCS"]
    assert names("--channel", "RCS") == ["Half_RCS"]
    assert names("--status", "DRAFT", "--filter", "retail") == ["Acme_SMS"]
    assert names("--user", "nobody") == []
    assert smstui("channels", "list", "--status", "unknown").status == 2


@pytest.mark.usefixtures("imported")
def test_an_export_can_be_imported_over_what_it_came_from(smstui: Smstui, tmp_path: Path) -> None:
    target = tmp_path / "export.json"
    assert smstui("channels", "export", "--output", str(target)).status == 0
    assert json.loads(target.read_text())["channels"] == [ENTRY, HALF]
    assert smstui("channels", "import", str(target)).status == 2
    done = smstui("channels", "import", "--replace", str(target))
    assert (done.status, "2 were replaced." in done.err) == (0, True)
    assert smstui("channels", "export", "Half_RCS").document == {"channels": [HALF]}


def test_a_run_that_was_killed_is_told_at_the_next_call(smstui: Smstui, imported: Path) -> None:
    with Store.open(imported, PASSPHRASE, actor=Actor("ada")) as opened:
        record = opened.channels.by_name("Acme_SMS")
        begun = runs.begin(opened, record)
        assert begun.run is not None
        runs._here.discard(begun.run.token)
        create(opened, {"name": "Other"})
    done = smstui("channels", "list", "--json")
    assert done.err == "The checks of Acme_SMS were interrupted.\n"
    row = next(row for row in done.document if row["name"] == "Acme_SMS")
    assert (row["status"], row["check_word"]) == ("Failed", "interrupted")
    assert smstui("channels", "submit", "Acme_SMS").status == 0
