"""Set-ups in the store: kept while typed, turned into webhooks and credential, all or nothing."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui import credentials
from smstui.errors import SmstuiError
from smstui.providers.base import InvalidFields, Outcome, Result
from smstui.providers.fields import text_of
from smstui.rcs import stored
from smstui.rcs.base import Progress, StatusLine, Step, TaskState
from smstui.rcs.checklist import left_of, noted, waiting, waiting_sentence
from smstui.rcs.codec import document_from, record_of
from smstui.rcs.document import STEPS, Document
from smstui.rcs.errands import take_in
from smstui.rcs.routes.registry import route, routes
from smstui.rcs.versions import flat_draft, flat_specs, on_top_of
from smstui.store import Store
from smstui.store.errors import NameTaken, NotFound, StaleRevision
from smstui.store.rcs_setups import SetupRecord
from smstui.store.records import ListQuery
from smstui.webhooks import stored as webhooks
from tests.conftest import NOW
from tests.rcs.set_ups import SERVICE, TOKEN, setup_of

NAMES = list(routes())
Pair = tuple[Store, Store]


def begun(store: Store, name: str) -> Document:
    """Return a set-up whose register step is filled in, standing at its webhooks."""
    document = stored.create(store, "Acme brand", name)
    typed = document.typed(Step.REGISTER, setup_of(name).drafts[Step.REGISTER])
    document = stored.advance(store, stored.remember(store, typed))
    if name == "Sinch":
        document = document.typed_hook(0, {"hmac_secret": SecretStr("s" * 20)})
    return document


def at_credential(store: Store, name: str) -> Document:
    """Return a set-up whose webhooks are stored."""
    document = stored.advance(store, begun(store, name))
    if name == "Other":
        document = document.typed(Step.CREDENTIAL, {"api_token": SecretStr("token-0123456789")})
    return document


def counts(store: Store) -> tuple[int, int, int]:
    """Return how many set-ups, webhooks and credentials there are."""
    return store.rcs_setups.count(), store.webhooks.count(), store.credentials.count()


@pytest.mark.parametrize("name", NAMES)
def test_a_set_up_comes_back_as_it_was_at_every_step(sessions: Pair, name: str) -> None:
    ada, grace = sessions
    document = stored.create(ada, "Acme brand", name)
    assert document.step is Step.REGISTER
    document = document.typed(Step.REGISTER, setup_of(name).drafts[Step.REGISTER])
    document = stored.remember(ada, document)
    for expected in (Step.WEBHOOK, Step.CREDENTIAL, Step.TEST):
        assert stored.load(grace, document.id or 0) == document
        document = stored.advance(ada, document)
        assert document.step is expected
        if (name, expected) == ("Sinch", Step.WEBHOOK):
            assert [i.field for i in document.errors(expected)] == ["0.hmac_secret"]
            document = document.typed_hook(0, {"hmac_secret": SecretStr("s" * 20)})
        if (name, expected) == ("Other", Step.CREDENTIAL):
            assert "api_token" in [i.field for i in document.errors(expected)]
            document = document.typed(expected, {"api_token": SecretStr("token-0123456789")})
        document = stored.remember(ada, document.typed(Step.TEST, {"message": "Ciao"}))
    kept = stored.load(grace, document.id or 0)
    assert kept == document
    record = stored.credential_of(grace, kept)
    assert record is not None
    assert (record.vendor, record.name) == (route(name).credential_vendor, "Acme brand")
    hooks = stored.webhooks_of(grace, kept)
    assert [hook.vendor for hook in hooks] == [d.vendor for d in kept.proposed_webhooks]
    assert {hook.credential for hook in hooks} == {"Acme brand"}
    row = grace.rcs_setups.rows(grace.rcs_setups.ids(ListQuery()))[0]
    assert (row.name, row.route, row.step) == ("Acme brand", name, "test")


def test_what_is_typed_is_kept_at_once_and_the_trail_tells_of_steps_alone(sessions: Pair) -> None:
    ada, _grace = sessions
    document = stored.create(ada, "Acme brand", "Twilio")
    for text in ("A", "Ac", "Acme"):
        document = document.typed(Step.REGISTER, {"display_name": text})
        document = stored.remember(ada, document)
    again = stored.remember(ada, document)
    assert again.revision == document.revision
    stored.go(ada, document, Step.PROVIDER)
    entries = ada.audit.entries(kind="RCS set-up")
    assert [(entry.action, entry.fields) for entry in entries] == [
        ("updated", ("step",)),
        ("created", ()),
    ]
    assert stored.load(ada, document.id or 0).register["display_name"] == "Acme"


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


def test_secrets_stay_wrapped_and_stay_when_a_form_leaves_them_out(sessions: Pair) -> None:
    ada, grace = sessions
    document = begun(ada, "Twilio")
    document = stored.remember(ada, document.typed(Step.REGISTER, {"display_name": "Acme two"}))
    kept = stored.load(grace, document.id or 0)
    assert kept.register["auth_token"] == SecretStr(TOKEN)
    record = grace.rcs_setups.get(document.id or 0)
    assert TOKEN not in repr(kept) + repr(record) + str(record.fields)
    bare = kept.typed(Step.REGISTER, {"auth_token": "as a script may type it"})
    assert "as a script" not in repr(bare) + str(stored.remember(grace, bare).register)
    kept = stored.load(grace, kept.id or 0)
    emptied = stored.remember(grace, kept.typed(Step.REGISTER, {"auth_token": None}))
    assert text_of(stored.load(ada, emptied.id or 0).register["auth_token"]) == ""


def test_going_on_needs_a_right_step_and_going_back_does_not(sessions: Pair) -> None:
    ada, _grace = sessions
    document = stored.create(ada, "Acme brand", "Twilio")
    wrong = document.typed(Step.REGISTER, {"color": "#FFFF00"})
    with pytest.raises(InvalidFields) as refused:
        stored.advance(ada, wrong)
    assert [issue.field for issue in refused.value.issues] == ["color"]
    assert stored.go(ada, wrong, Step.PROVIDER).step is Step.PROVIDER
    assert wrong.reachable is Step.REGISTER
    assert [step for step in STEPS if document.can_go(step)] == list(STEPS[:3])
    with pytest.raises(stored.CannotGoThere):
        stored.go(ada, document, Step.TEST)


def test_webhooks_have_their_addresses_before_there_is_a_credential(sessions: Pair) -> None:
    ada, _grace = sessions
    document = stored.keep_step(ada, begun(ada, "Infobip"))
    assert (document.step, document.credential_id) == (Step.WEBHOOK, None)
    inbound, feedback = stored.webhooks_of(ada, document)
    assert (inbound.type, feedback.type) == ("Inbound", "Feedback")
    assert inbound.credential_id is None
    assert len(inbound.path) > 30
    again = stored.keep_step(ada, document.typed_hook(0, {"help_reply": "Acme: call us."}))
    changed, _other = stored.webhooks_of(ada, again)
    assert (changed.path, changed.fields["help_reply"]) == (inbound.path, "Acme: call us.")
    assert changed.id == inbound.id
    with pytest.raises(InvalidFields):  # A webhook of its own still has to name one.
        webhooks.create(ada, "Infobip", {**document.hook_draft(0), "name": "alone"})


@pytest.mark.parametrize("name", NAMES)
def test_credential_and_webhooks_are_bound_by_one_change_or_not_at_all(
    sessions: Pair, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, grace = sessions
    document = at_credential(ada, name)
    before, hooks = counts(ada), stored.webhooks_of(ada, document)
    kept = ada.rcs_setups.get(document.id or 0)
    trail = len(ada.audit.entries(1000))

    def killed(*_args: Any, **_more: Any) -> Any:
        raise RuntimeError("killed")

    for repository in (ada.rcs_setups, ada.webhooks):
        with monkeypatch.context() as patch:
            patch.setattr(type(repository), "replace", killed)
            with pytest.raises(RuntimeError):
                stored.advance(ada, document)
    for store in (ada, grace):
        assert counts(store) == before
        assert stored.webhooks_of(store, document) == hooks
        assert store.rcs_setups.get(document.id or 0) == kept
        assert len(store.audit.entries(1000)) == trail
    done = stored.advance(grace, document)
    assert counts(ada) == (before[0], before[1], before[2] + 1)
    assert {hook.credential_id for hook in stored.webhooks_of(ada, done)} == {done.credential_id}


def test_a_name_that_is_taken_changes_nothing(sessions: Pair) -> None:
    ada, _grace = sessions
    document = at_credential(ada, "Twilio")
    taken = credentials.create(ada, "Custom", document.draft(Step.CREDENTIAL))
    before = counts(ada)
    with pytest.raises(NameTaken):
        stored.advance(ada, document)
    assert counts(ada) == before
    assert stored.webhooks_of(ada, document)[0].credential_id is None
    renamed = document.typed(Step.CREDENTIAL, {"name": "Acme RCS"})
    done = stored.advance(ada, renamed)
    assert done.credential_id != taken.id
    with pytest.raises(NameTaken):
        stored.create(ada, "acme BRAND", "Sinch")
    with pytest.raises(InvalidFields):
        stored.create(ada, "", "Sinch")
    with pytest.raises(SmstuiError):
        stored.create(ada, "Other brand", "Acme")


def test_saving_the_credential_again_changes_it_and_its_webhooks(sessions: Pair) -> None:
    ada, _grace = sessions
    document = stored.advance(ada, at_credential(ada, "Twilio"))
    document = stored.go(ada, document, Step.CREDENTIAL)
    renamed = document.typed(Step.CREDENTIAL, {"name": "Acme RCS"}).falling_back(True)
    again = stored.advance(ada, renamed)
    record = stored.credential_of(ada, again)
    assert record is not None
    assert (record.id, record.name) == (document.credential_id, "Acme RCS")
    assert '"{{toNumber}}"' in record.fields["provider_payload"]
    assert stored.webhooks_of(ada, again)[0].credential == "Acme RCS"
    assert stored.load(ada, again.id or 0) == again


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


def test_two_sessions_see_both_versions_and_lose_neither(sessions: Pair) -> None:
    ada, grace = sessions
    document = stored.create(ada, "Acme brand", "Twilio")
    hers = stored.load(grace, document.id or 0)
    hers = stored.remember(grace, hers.typed(Step.REGISTER, {"display_name": "By Grace"}))
    mine = document.typed(Step.REGISTER, {"display_name": "By Ada", "email": "a@example.com"})
    for save in (stored.remember, stored.advance, stored.keep_step):
        with pytest.raises(StaleRevision) as stale:
            save(ada, mine)
    theirs = document_from(stale.value.current)
    assert theirs == hers
    specs = flat_specs(mine, theirs)
    both = [
        (specs[name].label, flat_draft(theirs).get(name), value)
        for name, value in flat_draft(mine).items()
        if flat_draft(theirs).get(name) != value
    ]
    assert ("Display name", "By Grace", "By Ada") in both
    assert len(both) == 2
    kept = stored.remember(ada, on_top_of(mine, theirs))
    assert stored.load(grace, kept.id or 0).register["display_name"] == "By Ada"


def test_what_is_typed_during_a_save_goes_on_top_of_it(sessions: Pair) -> None:
    ada, _grace = sessions
    document = begun(ada, "Infobip")
    saved = stored.advance(ada, document)
    typed_on = document.typed_hook(1, {"name": "my reports"}).adopting(saved)
    assert (typed_on.step, typed_on.revision) == (Step.CREDENTIAL, saved.revision)
    kept = stored.remember(ada, typed_on)
    assert [hook.id for hook in kept.hooks] == [hook.id for hook in saved.hooks]
    assert stored.load(ada, kept.id or 0).hook_draft(1)["name"] == "my reports"


def test_changes_in_their_own_forms_count_and_are_told(sessions: Pair) -> None:
    ada, grace = sessions
    document = stored.advance(ada, at_credential(ada, "Twilio"))
    (hook,) = stored.webhooks_of(grace, document)
    draft = {**webhooks.stored_draft(hook), "help_reply": "Call Grace"}
    webhooks.update(grace, hook, draft)
    record = stored.credential_of(grace, document)
    assert record is not None
    own = {**credentials.stored_draft(record), "channel_type": "SMS"}
    credentials.update(grace, record, own)
    there = stored.go(ada, document, Step.CREDENTIAL)
    with pytest.raises(StaleRevision):
        stored.advance(ada, there)
    again = stored.load(ada, document.id or 0)
    assert len(again.remarks) == 2
    assert again.hook_draft(0)["help_reply"] == "Call Grace"
    assert again.draft(Step.CREDENTIAL)["channel_type"] == "SMS"
    done = stored.advance(ada, again)
    assert stored.load(ada, done.id or 0).remarks == ()


def test_what_was_deleted_is_made_anew(sessions: Pair) -> None:
    ada, grace = sessions
    document = stored.advance(ada, at_credential(ada, "Infobip"))
    for hook in stored.webhooks_of(grace, document):
        grace.webhooks.delete(hook.id)
    grace.credentials.delete(document.credential_id or 0)
    again = stored.load(ada, document.id or 0)
    assert len(again.remarks) == 3
    assert (again.has_webhooks, again.reachable) == (False, Step.WEBHOOK)
    back = stored.go(ada, again, Step.CREDENTIAL)
    done = stored.advance(ada, back)
    assert counts(ada) == (1, 2, 1)
    assert {hook.credential for hook in stored.webhooks_of(ada, done)} == {"Acme brand"}
    assert done.id is not None
    stored.delete(ada, done)
    assert counts(ada) == (0, 2, 1)
    with pytest.raises(NotFound, match="deleted by ada"):
        stored.remember(grace, done)


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
