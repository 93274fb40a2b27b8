"""``smstui bundle`` as a script calls it, and as a person answers it."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from smstui.store import Store
from smstui.store.records import Actor
from tests.bundles.kit import SECRETS, entry_of, fill
from tests.commands.conftest import Smstui
from tests.conftest import NOW, PASSPHRASE, MakeStore

OWN = "a lantern for the harbour wall"


class Keyboard(io.StringIO):
    """What a person types at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def filled(make_store: MakeStore) -> Path:
    """A store with a record of every kind, where the program looks by itself."""
    return make_store(fill=fill)


@pytest.fixture
def key_file(tmp_path: Path) -> tuple[str, str]:
    """The option that names a file with the bundle's own passphrase."""
    path = tmp_path / "passphrase"
    path.write_text(OWN + "\n")
    path.chmod(0o600)
    return ("--bundle-passphrase-file", str(path))


def emptied(path: Path, make_store: MakeStore) -> None:
    """Put an empty store in the place of another."""
    shutil.move(path, path.with_name("kept.db"))
    make_store(path=path)


def document_of(path: Path) -> Any:
    return json.loads(path.read_text())


@pytest.mark.usefixtures("filled")
def test_an_encrypted_bundle_goes_to_another_store(
    smstui: Smstui, key_file: tuple[str, str], tmp_path: Path, filled: Path, make_store: MakeStore
) -> None:
    target = tmp_path / "all.smstui"
    done = smstui("bundle", "export", str(target), *key_file)
    assert (done.status, done.out) == (0, "")
    assert "2 environments, 4 credentials, 3 SMS webhooks, 1 RCS set-up, 1 channel" in done.err
    assert "no events, no consent and no audit trail" in done.err
    assert target.stat().st_mode & 0o777 == 0o600
    assert not [s for s in SECRETS.values() if s.encode() in target.read_bytes()]
    trail = smstui("activity", "list", "--json").out
    assert trail.count('"kind": "bundle"') == 1

    again = smstui("bundle", "export", str(target), *key_file)
    assert (again.status, "exists already" in again.err) == (2, True)
    assert smstui("bundle", "export", str(target), *key_file, "--force").status == 0
    assert smstui("bundle", "export", str(filled), *key_file, "--force").status == 2

    shown = smstui("bundle", "show", str(target), *key_file)
    assert "with secrets" in shown.out
    assert "channel configuration  main         Acme_SMS" in shown.out
    records = smstui("bundle", "show", str(target), *key_file, "--json").document["records"]
    assert {"section": "environments", "environment": None, "name": "production"} in records

    emptied(filled, make_store)
    dry = smstui("bundle", "import", str(target), *key_file, "--dry-run")
    assert "+ new   credential             production   twilio-main         add" in dry.out
    assert "10 new, 1 same." in dry.err
    assert smstui("credentials", "list", "--json").document == []
    done = smstui("bundle", "import", str(target), *key_file)
    assert (done.status, done.out) == (0, "")
    assert done.err.startswith("The bundle was imported: 10 added, 1 the same already.\n")
    assert "come as drafts" in done.err
    assert len(smstui("credentials", "list", "--json").document) == 3
    again = smstui("bundle", "import", str(target), *key_file)
    assert again.err == "The bundle was imported: 11 the same already.\n"


@pytest.mark.usefixtures("filled")
def test_a_plain_bundle_is_edited_and_taken_back(smstui: Smstui, tmp_path: Path) -> None:
    target = tmp_path / "all.json"
    done = smstui("bundle", "export", str(target), "--plain", "--environment", "main")
    assert (done.status, "secrets are blank" in done.err) == (0, True)
    assert target.stat().st_mode & 0o777 == 0o600
    document = document_of(target)
    assert not [s for s in SECRETS.values() if s in target.read_text()]
    assert [e["name"] for e in document["environments"]] == ["main"]
    fields = entry_of(document, "credentials", "twilio-main")["fields"]
    fields["inbound_number"] = "+12025550199"
    target.write_text(json.dumps(document))

    refused = smstui("bundle", "import", str(target))
    assert (refused.status, refused.out) == (2, "")
    assert "twilio-main: ~ changed" in refused.err
    assert "--on-conflict" in refused.err
    told = smstui("bundle", "import", str(target), "--dry-run", "--json").document
    item = entry_of(told, "items", "twilio-main")
    assert item["changes"] == [
        {"field": "Inbound Number", "ours": "+12025550142", "theirs": "+12025550199"}
    ]
    assert (item["choice"], told["imported"]) == (None, False)
    done = smstui("bundle", "import", str(target), "--on-conflict", "both", "--json")
    assert done.document["imported"] is True
    assert entry_of(done.document, "items", "twilio-main")["choice"] == "both"
    copy = smstui("credentials", "show", "twilio-main copy")
    assert "+12025550199" in copy.out
    assert "set, ends in cdef" in copy.out
    kept = smstui("credentials", "show", "twilio-main", "--json").document
    assert kept["inbound_number"] == "+12025550142"


@pytest.mark.usefixtures("filled")
def test_a_person_is_asked_for_each_conflict(
    smstui: Smstui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "all.json"
    smstui("bundle", "export", str(target), "--plain")
    document = document_of(target)
    entry_of(document, "credentials", "relay")["fields"]["provider_name"] = "Acme"
    entry_of(document, "credentials", "twilio-main")["fields"]["inbound_number"] = "+12025550199"
    target.write_text(json.dumps(document))
    monkeypatch.setattr("sys.stdin", Keyboard("theirs\nours\n"))
    done = smstui("bundle", "import", str(target))
    assert done.status == 0
    assert "credential relay (main): ~ changed" in done.err
    assert "Provider Name: Relay → Acme" in done.err
    assert "ours = keep ours, theirs = take theirs, both = keep both" in done.err
    assert "1 replaced, 1 left as it was" in done.err


def test_what_is_wrong_with_a_call_or_a_file_is_told_with_its_exit_status(
    smstui: Smstui, filled: Path, key_file: tuple[str, str], tmp_path: Path
) -> None:
    target = tmp_path / "all.smstui"
    nobody = smstui("bundle", "export", str(target))
    assert (nobody.status, target.exists()) == (2, False)
    assert "--bundle-passphrase-file" in nobody.err
    assert smstui("bundle", "export", str(target), "--plain", *key_file).status == 2
    assert smstui("bundle", "export", str(target), *key_file, "--environment", "x").status == 2
    assert smstui("bundle", "export", str(tmp_path / "no" / "x"), *key_file).status == 2
    assert smstui("bundle", "export", str(target), *key_file).status == 0
    whole = target.read_bytes()
    before = smstui("activity", "list", "--json").out
    wrong = tmp_path / "wrong"
    wrong.write_text("not the passphrase\n")
    wrong.chmod(0o600)
    cases = (
        (whole[:-1], key_file, "Damaged bundle: "),
        (whole, ("--bundle-passphrase-file", str(wrong)), "Wrong passphrase: "),
        (whole, ("--bundle-passphrase-file", str(tmp_path / "none")), "cannot be read"),
        (b"smstui bundle\n\x00\x02" + whole[16:], key_file, "Newer bundle: "),
        (b"{}", (), "Not a bundle: "),
        (b"SQLite format 3", (), "Not a bundle: "),
    )
    for data, options, said in cases:
        target.write_bytes(data)
        done = smstui("bundle", "import", str(target), *options, "--on-conflict", "theirs")
        assert (done.status, done.out) == (2, "")
        assert said in done.err
        assert len(done.err.splitlines()) == 1
    assert smstui("bundle", "show", str(tmp_path / "none")).status == 2
    assert smstui("activity", "list", "--json").out == before
    target.write_bytes(whole)
    assert smstui("--store", str(tmp_path / "no.db"), "bundle", "import", str(target)).status == 2
    missing = ("--store", str(tmp_path / "no.db"), "bundle", "import", str(target), *key_file)
    assert smstui(*missing).status == 3
    with Store.open(filled, PASSPHRASE, actor=Actor("ada"), clock=lambda: NOW) as store:
        assert store.credentials.count() == 3


def test_a_conflict_that_theirs_cannot_win_stops_a_script(
    smstui: Smstui, filled: Path, tmp_path: Path
) -> None:
    target = tmp_path / "all.json"
    smstui("bundle", "export", str(target), "--plain")
    with Store.open(filled, PASSPHRASE, actor=Actor("ada"), clock=lambda: NOW) as store:
        from tests.channels.kit import activate

        store.channels.delete(store.channels.by_name("Acme_SMS").id)
        activate(store, name="Acme_SMS", mobile_configuration="twilio-main", tags="x, y")
    document = document_of(target)
    entry_of(document, "channels", "Acme_SMS")["fields"]["sender_number"] = "+12025550199"
    target.write_text(json.dumps(document))
    done = smstui("bundle", "import", str(target), "--on-conflict", "theirs")
    assert done.status == 2
    assert "Acme_SMS: Ours is active" in done.err
    dry = smstui("bundle", "import", str(target), "--on-conflict", "theirs", "--dry-run")
    assert (dry.status, "! conflict" in dry.out) == (0, True)
    assert smstui("bundle", "import", str(target), "--on-conflict", "both").status == 0


@pytest.mark.usefixtures("filled")
def test_what_production_would_lose_needs_its_name(smstui: Smstui, tmp_path: Path) -> None:
    target = tmp_path / "all.json"
    smstui("bundle", "export", str(target), "--plain")
    document = document_of(target)
    there = next(e for e in document["credentials"] if e["environment"] == "production")
    there["fields"]["inbound_number"] = "+12025550199"
    target.write_text(json.dumps(document))
    taking = ("bundle", "import", str(target), "--on-conflict", "theirs")
    refused = smstui(*taking)
    assert (refused.status, "--yes-production" in refused.err) == (2, True)
    assert smstui(*taking, "--yes-production", "PRODUCTION").status == 0
    assert smstui(*taking).status == 0  # Nothing differs any more.
