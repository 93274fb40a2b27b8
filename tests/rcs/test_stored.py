"""Set-ups in the store: kept while typed, turned into webhooks and credential, all or nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from typing import Any

import pytest
from pydantic import SecretStr

from smstui import credentials
from smstui.errors import SmstuiError
from smstui.providers.base import InvalidFields
from smstui.providers.fields import text_of
from smstui.rcs import stored
from smstui.rcs.base import Step
from smstui.rcs.codec import document_from
from smstui.rcs.document import STEPS
from smstui.rcs.routes.registry import route, routes
from smstui.rcs.versions import flat_draft, flat_specs, on_top_of
from smstui.store import Store
from smstui.store.errors import NameTaken, NotFound, StaleRevision
from smstui.store.records import Actor, ListQuery
from smstui.webhooks import stored as webhooks
from tests.conftest import MakeStore
from tests.rcs.set_ups import TOKEN, setup_of
from tests.rcs.world import at_credential, begun

NAMES = list(routes())
Pair = tuple[Store, Store]


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


CHILD = """
    import os, pathlib, signal, sys
    from pydantic import SecretStr
    from smstui.rcs import stored
    from smstui.rcs.base import Step
    from smstui.store.store import Store
    from smstui.store.records import Actor

    store = Store.open(pathlib.Path(sys.argv[1]), SecretStr(sys.argv[2]), actor=Actor("x"))
    document = stored.load(store, int(sys.argv[3]))
    for number in range(20):
        document = document.typed(Step.REGISTER, {"display_name": f"Acme {number}"})
        document = stored.remember(store, document)
        print(document.register["display_name"], flush=True)
    def die(*arguments, **more):
        os.kill(os.getpid(), signal.SIGKILL)
    type(store.rcs_setups).replace = die
    stored.advance(store, document)
"""
"""Types on, and is killed after credential and webhooks were written, before the set-up is."""


def test_killed_in_the_middle_of_a_step_nothing_typed_is_lost_and_nothing_is_half_made(
    make_store: MakeStore, passphrase: SecretStr
) -> None:
    path = make_store()
    with Store.open(path, passphrase, actor=Actor("ada", "")) as store:
        document = at_credential(store, "Twilio")
        before = counts(store)
    ended = subprocess.run(
        [
            *(sys.executable, "-c", textwrap.dedent(CHILD), str(path)),
            *(passphrase.get_secret_value(), str(document.id)),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    with Store.open(path, passphrase, actor=Actor("ada", "")) as store:
        again = stored.load(store, document.id or 0)
        assert again.register["display_name"] == ended.stdout.splitlines()[-1] == "Acme 19"
        assert (counts(store), again.step) == (before, Step.CREDENTIAL)
        assert stored.webhooks_of(store, again)[0].credential_id is None
        assert stored.advance(store, again).step is Step.TEST
