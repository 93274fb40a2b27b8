"""``smstui webhooks``, ``events`` and ``consent`` as a script calls them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from smstui.store import Store
from smstui.store.records import NewCredential
from smstui.store.webhook_records import NewCall, NewEvent
from tests.commands.conftest import Smstui
from tests.conftest import NOW, MakeStore

SECRET = "a password of sixteen or more"
INBOUND = {
    "vendor": "Infobip",
    "type": "Inbound",
    "name": "infobip-in",
    "credential": "infobip-main",
    "sender_phone_number": "+385990000099",
    "authentication": "basic",
    "caller_user": "ada",
    "caller_password": SECRET,
    "opt_out_reply": "You are out.",
    "fuzzy_logic": True,
}
FEEDBACK = {
    "vendor": "Infobip",
    "type": "Feedback",
    "name": "infobip-out",
    "authentication": "none",
}


def document(folder: Path, *entries: Any) -> str:
    path = folder / "webhooks.json"
    path.write_text(json.dumps({"webhooks": entries}))
    return str(path)


@pytest.fixture
def imported(smstui: Smstui, make_store: MakeStore, tmp_path: Path) -> None:
    """A store with two webhooks, imported from a file."""
    make_store([NewCredential("Infobip", "infobip-main", {}, {})])
    done = smstui("webhooks", "import", document(tmp_path, INBOUND, FEEDBACK))
    assert (done.status, done.out) == (0, "")
    assert done.err == "2 webhooks were created.\n"


@pytest.mark.usefixtures("imported")
def test_what_was_imported_is_listed_and_shown_without_its_secret(smstui: Smstui) -> None:
    listed = smstui("webhooks", "list")
    assert "infobip-in   Infobip  Inbound" in listed.out
    assert "– never" in listed.out
    assert [w["name"] for w in smstui("webhooks", "list", "--json").document] == [
        "infobip-in",
        "infobip-out",
    ]
    assert len(smstui("webhooks", "list", "--filter", "feedb", "--json").document) == 1
    shown = smstui("webhooks", "show", "infobip-in")
    assert "set, ends in more" in shown.out
    whole = smstui("webhooks", "show", "INFOBIP-in", "--json")
    assert whole.document["caller_password"] == ""
    url = whole.document["url"]
    assert url.startswith("http://127.0.0.1:4020/w/")
    assert url in shown.out
    for done in (listed, shown, whole):
        assert SECRET not in done.out + done.err


@pytest.mark.usefixtures("imported")
def test_an_export_can_be_imported_over_what_it_came_from(smstui: Smstui, tmp_path: Path) -> None:
    before = smstui("webhooks", "show", "infobip-in", "--json").document
    exported = tmp_path / "export.json"
    assert smstui("webhooks", "export", "--output", str(exported)).status == 0
    assert SECRET not in exported.read_text()
    assert before["url"].rpartition("/")[2] not in exported.read_text()
    assert "of that name exists" in smstui("webhooks", "import", str(exported)).err
    assert "were replaced" in smstui("webhooks", "import", "--replace", str(exported)).err
    assert smstui("webhooks", "show", "infobip-in", "--json").document == before
    assert "set, ends in more" in smstui("webhooks", "show", "infobip-in").out
    assert len(smstui("webhooks", "export", "infobip-out").document["webhooks"]) == 1


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (INBOUND | {"name": "b", "credential": "nobody"}, "Entry 1 (b)"),
        (INBOUND | {"name": "b", "vendor": "Pigeon"}, "Pigeon"),
        (FEEDBACK | {"name": "b", "color": "red"}, "color"),
    ],
)
def test_one_bad_entry_keeps_all_out_and_is_told(
    smstui: Smstui, tmp_path: Path, entry: Any, said: str
) -> None:
    good = FEEDBACK | {"name": "another"}
    done = smstui("webhooks", "import", document(tmp_path, entry, good))
    assert done.status == 2
    assert said in done.err
    assert SECRET not in done.err
    assert len(smstui("webhooks", "list", "--json").document) == 2


@pytest.mark.usefixtures("imported")
def test_a_text_is_tried_out(smstui: Smstui) -> None:
    tried = smstui("webhooks", "try", "infobip-in", "Stop!", "--consent", "in", "--json")
    assert tried.status == 0
    assert {
        name: tried.document[name]
        for name in ("webhook", "category", "keyword", "reply", "consent_before", "consent_after")
    } == {
        "webhook": "infobip-in",
        "category": "opt_out",
        "keyword": "STOP",
        "reply": "You are out.",
        "consent_before": "in",
        "consent_after": "out",
    }
    told = smstui("webhooks", "try", "infobip-in", "HELP").out
    assert "Category       Help" in told
    assert "! No reply is set" in told
    assert "Consent        –" in told
    feedback = smstui("webhooks", "try", "infobip-out", "STOP")
    assert (feedback.status, feedback.out) == (2, "")
    assert "receives feedback alone" in feedback.err


@pytest.mark.usefixtures("imported")
def test_what_is_to_be_done_at_the_provider_is_told_without_secrets(smstui: Smstui) -> None:
    told = smstui("webhooks", "hand-over", "infobip-in")
    whole = smstui("webhooks", "hand-over", "infobip-in", "--json")
    url = whole.document["url"]
    assert whole.document["settings"][0] == {"label": "Webhook URL", "value": url}
    assert told.out.startswith(f"1. {whole.document['steps'][0]}\n")
    assert f"Webhook URL              {url}" in told.out
    assert SECRET not in told.out + whole.out


@pytest.mark.usefixtures("imported")
def test_deleting_asks_or_is_told_not_to(smstui: Smstui) -> None:
    assert "--yes" in smstui("webhooks", "delete", "infobip-out").err
    assert smstui("webhooks", "delete", "infobip-out", "--yes").status == 0
    gone = smstui("webhooks", "show", "infobip-out")
    assert (gone.status, "infobip-out" in gone.err) == (2, True)


def happen(store: Store, webhook: str) -> None:
    """Let two texts come in, the first of which opts out."""
    webhook_id = store.webhooks.by_name(webhook).id
    call = NewCall(webhook_id, NOW, "POST", "https://hooks.example.net/", (), b"{}")
    for word, text in (("opt-out", "STOP"), ("no keyword", "gone\x1b[31m" + "x" * 60)):
        with store.changing():
            sender, to = "+393331234567", "+385990000099"
            event = NewEvent("inbound", word=word, sender=sender, recipient=to, text=text)
            event_id = store.events.add(store.events.add_call(call), webhook, call, event)
            if word == "opt-out":
                store.consents.change(
                    sender,
                    to,
                    "out",
                    at=NOW,
                    category="opt-out",
                    keyword="STOP",
                    webhook=webhook,
                    event_id=event_id,
                )


@pytest.fixture
def happened(smstui: Smstui, store: Path, tmp_path: Path) -> None:
    """A store in which something came in."""
    from smstui.store.records import Actor
    from tests.conftest import PASSPHRASE

    assert smstui("webhooks", "import", document(tmp_path, FEEDBACK)).status == 0
    with Store.open(store, PASSPHRASE, actor=Actor("ada")) as opened:
        happen(opened, "infobip-out")


@pytest.mark.usefixtures("happened")
def test_events_are_listed_newest_first(smstui: Smstui) -> None:
    listed = smstui("events", "list", "--json").document
    assert [event["word"] for event in listed] == ["no keyword", "opt-out"]
    assert listed[1]["text"] == "STOP"
    assert len(smstui("events", "list", "--limit", "1", "--json").document) == 1
    assert len(smstui("events", "list", "--filter", "opt-out", "--json").document) == 1
    assert len(smstui("events", "list", "--webhook", "infobip-out", "--json").document) == 2
    assert smstui("events", "list", "--webhook", "nobody").status == 2
    told = smstui("events", "list").out
    assert "– opt-out" in told
    assert "\x1b" not in told
    assert "x" * 40 not in told


@pytest.mark.usefixtures("happened")
def test_consent_is_listed_and_shown_with_its_history(smstui: Smstui) -> None:
    assert "opted out" in smstui("consent", "list").out
    (row,) = smstui("consent", "list", "--filter", "333123", "--json").document
    assert (row["number"], row["sender"], row["state"]) == ("+393331234567", "+385990000099", "out")
    assert smstui("consent", "list", "--filter", "nobody", "--json").document == []
    for number in ("+39 333 1234567", "393331234567"):
        (shown,) = smstui("consent", "show", number, "--json").document
        assert [change["keyword"] for change in shown["changes"]] == ["STOP"]
    assert "–       opted out  STOP" in smstui("consent", "show", "+393331234567").out
    unknown = smstui("consent", "show", "+39333")
    assert (unknown.status, unknown.out) == (2, "")
