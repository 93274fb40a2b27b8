"""A set-up as a document: what is typed, proposed, noted and learned, and how it is written."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.providers.base import InvalidFields, Outcome, Result
from smstui.providers.fields import text_of
from smstui.rcs import stored
from smstui.rcs.base import Progress, StatusLine, Step, TaskState
from smstui.rcs.checklist import left_of, noted, waiting, waiting_sentence
from smstui.rcs.codec import document_from, record_of
from smstui.rcs.document import STEPS, Document
from smstui.rcs.errands import take_in
from smstui.rcs.routes.registry import route, routes
from smstui.store import Store
from smstui.store.rcs_setups import SetupRecord
from smstui.store.records import ListQuery
from tests.conftest import NOW
from tests.rcs.set_ups import SERVICE
from tests.rcs.world import at_credential, begun

NAMES = list(routes())
Pair = tuple[Store, Store]


TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.data(), st.sampled_from(NAMES))
def test_whatever_is_typed_comes_back(data: st.DataObject, name: str) -> None:
    specs = {**route(name).account_fields(), **route(name).profile_fields()}
    typed = data.draw(st.dictionaries(st.sampled_from(sorted(specs)), TEXTS, max_size=6))
    hook = data.draw(st.fixed_dictionaries({"help_reply": TEXTS, "custom_keyword": TEXTS}))
    document = Document("Acme", name).typed(Step.REGISTER, typed).typed_hook(0, hook)
    document = document.typed(Step.CREDENTIAL, {"name": data.draw(TEXTS)})
    document = document.falling_back(data.draw(st.booleans()))
    new = record_of(document)
    written = json.loads(json.dumps(dict(new.fields)))
    record = SetupRecord(
        id=1,
        environment_id=1,
        name=new.name,
        route=new.route,
        step=new.step,
        waiting_for=new.waiting_for,
        waiting_since=new.waiting_since,
        credential_id=new.credential_id,
        webhook_ids=new.webhook_ids,
        fields=written,
        secrets=new.secrets,
        revision=0,
        created_by="",
        created_at=NOW,
        modified_by="",
        modified_at=NOW,
    )
    assert written == new.fields
    assert dataclasses.replace(document_from(record), id=None) == document
    for step in STEPS:
        document.check(step)
    assert document.reachable in STEPS


def test_what_the_route_proposes_follows_and_what_was_typed_stays(sessions: Pair) -> None:
    ada, _grace = sessions
    document = at_credential(ada, "Twilio")
    other = f"MG{'1' * 32}"
    assert document.draft(Step.CREDENTIAL)["sender_number"] == SERVICE
    document = document.typed(Step.REGISTER, {"messaging_service_sid": other})
    assert document.draft(Step.CREDENTIAL)["sender_number"] == other
    whole = document.draft(Step.CREDENTIAL)
    assert document.typed(Step.CREDENTIAL, whole).edited == ()
    payload = text_of(whole["provider_payload"])
    edited = document.typed(Step.CREDENTIAL, {"provider_payload": payload + " "})
    assert edited.edited == ("provider_payload",)
    falling = edited.falling_back(True)
    assert falling.draft(Step.CREDENTIAL)["provider_payload"] == payload + " "
    assert '"{{toNumber}}"' in text_of(
        falling.as_proposed().draft(Step.CREDENTIAL)["provider_payload"]
    )
    hook = document.typed_hook(0, {"help_reply": "Call us", "signing_token": SecretStr("x" * 20)})
    assert set(hook.hooks[0].edits) == {"help_reply", "signing_token"}
    kept = stored.remember(ada, hook)
    assert stored.load(ada, kept.id or 0) == kept


def test_another_provider_drops_the_login_and_says_so(sessions: Pair) -> None:
    ada, _grace = sessions
    document = begun(ada, "Twilio")
    lost = document.lost_by("Sinch")
    assert "Account SID" in lost
    assert "Auth Token" in lost
    assert document.lost_by("Twilio") == []
    changed = document.typed(Step.PROVIDER, {"name": "Acme two", "route": "Sinch"})
    assert "auth_token" not in changed.register
    assert changed.register["description"] == "News and offers of Acme"
    kept = stored.go(ada, changed, Step.PROVIDER)
    assert stored.load(ada, kept.id or 0) == kept
    assert (kept.name, kept.route_name) == ("Acme two", "Sinch")


def test_what_is_typed_during_a_save_goes_on_top_of_it(sessions: Pair) -> None:
    ada, _grace = sessions
    document = begun(ada, "Infobip")
    saved = stored.advance(ada, document)
    typed_on = document.typed_hook(1, {"name": "my reports"}).adopting(saved)
    assert (typed_on.step, typed_on.revision) == (Step.CREDENTIAL, saved.revision)
    kept = stored.remember(ada, typed_on)
    assert [hook.id for hook in kept.hooks] == [hook.id for hook in saved.hooks]
    assert stored.load(ada, kept.id or 0).hook_draft(1)["name"] == "my reports"


def test_a_checklist_says_for_whom_one_waits_since_when(sessions: Pair) -> None:
    ada, grace = sessions
    document = stored.create(ada, "Acme brand", "Twilio")
    way, earlier = document.route, NOW - timedelta(days=20)
    notes = noted(document.notes, "registration", now=NOW, state=TaskState.DOING, at=earlier)
    notes = noted(notes, "carriers", now=NOW, state=TaskState.DOING, note=" ticket\n #7 ")
    assert notes["carriers"].note == "ticket #7"
    document = stored.remember(ada, dataclasses.replace(document, notes=notes))
    row = grace.rcs_setups.rows(grace.rcs_setups.ids(ListQuery("google")))[0]
    assert row.waiting_since == earlier
    said = waiting_sentence(row.waiting_for, row.waiting_since)
    assert said == "waiting for Google's review, the carriers since 2026-11-03"
    assert stored.load(grace, document.id or 0).notes == notes
    with pytest.raises(InvalidFields):
        noted(notes, "sender", now=NOW, note="x" * 201)
    notes = noted(notes, "registration", now=NOW, state=TaskState.DONE)
    assert (notes["registration"].at, waiting(way, notes)[1]) == (NOW, NOW)
    assert waiting(way, {}) == ("", None)
    assert waiting_sentence("", None) == ""
    needed = [task for task in way.tasks if not task.optional]
    assert left_of(way, notes) == len(needed) - 1


def test_what_a_provider_tells_is_taken_in(sessions: Pair) -> None:
    ada, grace = sessions
    document = stored.create(ada, "Acme brand", "Sinch")
    notes = noted({}, "link", now=NOW, state=TaskState.NOT_NEEDED)
    notes = noted(notes, "launch", now=NOW - timedelta(days=2), state=TaskState.DOING, note="mine")
    document = dataclasses.replace(document, notes=notes)
    line = StatusLine(1, "Italy", "LAUNCHED", TaskState.DONE, "remark")
    progress = Progress(
        Outcome(result=Result.PENDING, word="launching", summary="under way", retry_after=2.0),
        status=(line,),
        tasks={
            "link": TaskState.OPEN,
            "launch": TaskState.DOING,
            "sender": TaskState.DONE,
        },
        learned={"sender_id": "sender-9"},
        secrets={"api_token": "t" * 40},
    )
    taken = stored.remember(ada, take_in(document, progress, NOW))
    kept = stored.load(grace, taken.id or 0)
    assert kept == taken
    assert kept.register["sender_id"] == "sender-9"
    assert kept.register["api_token"] == SecretStr("t" * 40)
    assert kept.notes["link"].state is TaskState.NOT_NEEDED
    assert kept.notes["launch"] == notes["launch"]
    assert kept.notes["sender"].at == NOW
    assert kept.status is not None
    assert (kept.status.at, kept.status.lines) == (NOW, (line,))
    unasked = take_in(kept, Progress(progress.outcome), NOW + timedelta(days=1))
    assert unasked.status == kept.status
