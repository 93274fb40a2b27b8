"""``smstui environment``, ``--environment``, and production's name, as a script calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smstui.cli import COMMANDS
from smstui.commands import environment as commands
from smstui.credentials import create
from smstui.environments import COLOURS
from smstui.promotion import KINDS
from smstui.providers.registry import provider_for
from smstui.simulator.core import AccountInfo
from smstui.simulator.demo import value_of
from smstui.store import Store
from smstui.store.records import Actor
from tests.commands.conftest import Smstui
from tests.conftest import NOW, PASSPHRASE

SECRET = "0123456789abcdef0123456789abcdef"
TWILIO = {
    "vendor": "Twilio",
    "name": "twilio-main",
    "account_sid": "AC" + "0" * 32,
    "auth_token": SECRET,
    "inbound_number": "+15005550006",
}


@pytest.fixture
def two(store: Path, smstui: Smstui, tmp_path: Path) -> Path:
    """A store with a credential in ``main``, and production called ``live``."""
    file = tmp_path / "credentials.json"
    file.write_text(json.dumps({"credentials": [TWILIO]}))
    assert smstui("credentials", "import", str(file)).status == 0
    assert smstui("environment", "create", "live", "--production", "--colour", "red").status == 0
    return store


def names(smstui: Smstui, *options: str) -> list[str]:
    done = smstui(*options, "credentials", "list", "--json")
    assert done.status == 0, done.err
    return [entry["name"] for entry in done.document]


def test_the_words_of_options_are_those_of_the_engine() -> None:
    assert tuple(COLOURS) == commands.COLOURS
    assert list(KINDS) == list(commands.KINDS.values())
    assert "environment" in COMMANDS


@pytest.mark.usefixtures("two")
def test_environments_are_made_listed_used_and_changed(
    smstui: Smstui, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert smstui("environment", "create", "LIVE").status == 2
    listed = smstui("environment", "list", "--json").document
    assert [(e["name"], e["production"], e["in_use"], e["credentials"]) for e in listed] == [
        ("live", True, False, 0),
        ("main", False, True, 1),
    ]
    assert names(smstui) == ["twilio-main"]
    assert names(smstui, "--environment", "Live") == []

    done = smstui("environment", "use", "live")
    assert (done.status, done.err) == (0, "You are in live now.\n")
    assert names(smstui) == []
    monkeypatch.setenv("SMSTUI_ENVIRONMENT", "main")
    assert names(smstui) == ["twilio-main"]
    assert "▸  main" in smstui("environment", "list").out
    monkeypatch.setenv("SMSTUI_ENVIRONMENT", "nowhere")
    assert smstui("credentials", "list").status == 2
    # What mends it works all the same.
    unmark = ("environment", "edit", "live", "--name", "nowhere", "--no-production")
    refused = smstui(*unmark)
    assert (refused.status, "--yes-production" in refused.err) == (2, True)
    assert smstui(*unmark, "--yes-production", "live").status == 0
    assert names(smstui) == []
    entry = smstui("environment", "list", "--json").document[1]
    assert (entry["name"], entry["colour"], entry["production"]) == ("nowhere", "red", False)


def test_an_environment_goes_once_it_is_empty(two: Path, smstui: Smstui) -> None:
    assert smstui("environment", "use", "live").status == 0
    refused = smstui("environment", "delete", "main", "--yes")
    assert (refused.status, "twilio-main" in refused.err) == (2, True)
    # Production wants its name, also where nobody is there to be asked.
    for named in ((), ("--yes-production", "main")):
        refused = smstui("environment", "delete", "live", "--yes", *named)
        assert (refused.status, "--yes-production" in refused.err) == (2, True)
    assert smstui("environment", "delete", "live", "--yes", "--yes-production", "LIVE").status == 0
    # Where one was is gone: one is in the oldest again.
    assert names(smstui) == ["twilio-main"]
    assert smstui("environment", "delete", "main", "--yes").status == 2


@pytest.mark.usefixtures("two")
def test_promoting_tells_what_changes_and_no_secret(smstui: Smstui) -> None:
    dry = smstui("environment", "promote", "twilio-main", "--to", "live", "--dry-run")
    assert dry.err == "twilio-main is new in live:\n"
    assert "Auth Token      set" in dry.out
    assert SECRET not in dry.out
    assert names(smstui, "--environment", "live") == []
    # Nobody is there to be asked.
    assert smstui("environment", "promote", "twilio-main", "--to", "live").status == 2
    assert names(smstui, "--environment", "live") == []

    done = smstui("environment", "promote", "twilio-main", "--to", "live", "--yes", "--json")

    assert (done.document["done"], done.document["is_new"]) == (True, True)
    assert {"label": "Auth Token", "before": "empty", "after": "set"} in done.document["changes"]
    assert names(smstui, "--environment", "live") == names(smstui) == ["twilio-main"]
    again = smstui("environment", "promote", "twilio-main", "--to", "live", "--yes", "--json")
    assert again.document["done"] is False
    assert again.document["same_secrets"] == ["Auth Token"]
    assert smstui("environment", "promote", "twilio-main", "--to", "main").status == 2


def test_production_keeps_what_scripts_would_delete_or_send(
    two: Path, smstui: Smstui, live: AccountInfo
) -> None:
    with Store.open(two, PASSPHRASE, actor=Actor("ada"), clock=lambda: NOW) as store:
        specs = provider_for("Twilio").model.specs()
        draft = {name: value_of(specs[name], text) for name, text in live.fields.items()}
        there = store.acting_in(store.environments.by_name("live").id)
        create(there, "Twilio", {**draft, "name": "sim"})
    production = ("--environment", "live")
    send = (*production, "verify", "sim", "--to", "+15005550009", "--wait", "0", "--json")

    refused = smstui(*send)
    assert (refused.status, "This is production" in refused.err, refused.out) == (2, True, "")
    assert smstui(*production, "verify", "sim", "--depth", "probe").status == 0
    sent = smstui(*send, "--yes-production", "live")
    assert sent.document["message_id"]

    assert smstui(*production, "credentials", "delete", "sim", "--yes").status == 2
    assert names(smstui, *production) == ["sim"]
    delete = (*production, "credentials", "delete", "sim", "--yes", "--yes-production", "live")
    assert smstui(*delete).status == 0
    assert names(smstui, *production) == []


def test_production_keeps_what_scripts_would_replace(
    two: Path, smstui: Smstui, tmp_path: Path
) -> None:
    promote = ("environment", "promote", "twilio-main", "--to", "live", "--yes")
    assert smstui(*promote).status == 0  # It is new there: nothing is lost.
    file = tmp_path / "changed.json"
    file.write_text(json.dumps({"credentials": [{**TWILIO, "inbound_number": "+12025550199"}]}))
    replace = ("credentials", "import", str(file), "--replace")
    assert smstui(*replace).status == 0
    named = ("--yes-production", "live")
    for act in (promote, ("--environment", "live", *replace)):
        before = kept(two)
        refused = smstui(*act)
        assert (refused.status, "--yes-production" in refused.err) == (2, True)
        assert kept(two) == before
        assert smstui(*act, *named).status == 0
    for kind, key in (("webhooks", "webhooks"), ("channels", "channels")):
        file.write_text(json.dumps({key: []}))
        act = ("--environment", "live", kind, "import", str(file), "--replace")
        assert "--yes-production" in smstui(*act).err
        assert "--yes-production" not in smstui(*act, *named).err


def test_production_keeps_a_secret_that_is_not_in_use(
    two: Path, smstui: Smstui, tmp_path: Path
) -> None:
    assert smstui("environment", "promote", "twilio-main", "--to", "live", "--yes").status == 0
    secret = tmp_path / "secret"
    secret.write_text("f" * 32)
    rotate = ("credentials", "rotate", "twilio-main")
    assert smstui(*rotate, "--account", "--stage", str(secret)).status == 0
    for act in ((*rotate, "--account"), ("--environment", "live", *rotate)):
        refused = smstui(*act, "--discard", "--yes")
        assert (refused.status, "--yes-production" in refused.err) == (2, True)
    told = smstui(*rotate, "--account", "--json").document["credentials"]
    assert {each["phase"] for each in told} == {"staged"}
    done = smstui(*rotate, "--account", "--discard", "--yes", "--yes-production", "live", "--json")
    assert {each["phase"] for each in done.document["credentials"]} == {"none"}


def kept(path: Path) -> str:
    """What production keeps of its credential."""
    with Store.open(path, PASSPHRASE, actor=Actor("ada")) as store:
        there = store.acting_in(store.environments.by_name("live").id)
        return str(there.credentials.by_name("twilio-main"))
