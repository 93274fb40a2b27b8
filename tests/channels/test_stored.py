"""Channel configurations in the store: drafts, states, what may be changed, in and out again."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from smstui.channels import runs
from smstui.channels.stored import (
    create,
    duplicate_draft,
    export_document,
    import_document,
    rcs_draft,
    stored_draft,
    summary_of,
    update,
)
from smstui.importing import InvalidImport
from smstui.providers.base import InvalidFields
from smstui.store import Store
from smstui.store.channel_records import ChannelQuery, ChannelRecord, State, UpdateState
from smstui.store.errors import InUse, NameTaken, NotFound, StaleRevision, WrongState
from smstui.store.records import Actor
from smstui.times import Clock
from tests.channels.kit import activate, begun, draft, plain_credential, webhook
from tests.conftest import NOW, PASSPHRASE


def test_a_draft_may_lack_everything_but_its_name(store: Store) -> None:
    record = create(store, {"name": "Empty"})
    assert (record.state, record.channel, record.credential_id) == (State.DRAFT, "SMS", None)
    with pytest.raises(InvalidFields) as refused:
        runs.begin(store, record)
    wrong = {issue.field for issue in refused.value.issues}
    assert wrong == {"sms_type", "mobile_configuration", "sender_number"}
    assert store.channels.get(record.id).state is State.DRAFT
    with pytest.raises(InvalidFields):
        create(store, {"name": "2 words"})
    with pytest.raises(InvalidFields):
        create(store, {"name": "Other", "mobile_configuration": "nobody"})
    with pytest.raises(NameTaken):
        create(store, {"name": "EMPTY"})


def test_what_was_kept_comes_back(store: Store) -> None:
    plain_credential(store)
    typed = draft(
        description="All of Italy",
        sender_number="0039 333 1234567",
        countries="it, us",
        tags="spring, Spring",
        subdomain="links.acme.example",
    )
    record = create(store, typed)
    assert stored_draft(record) == {
        **typed,
        "sender_number": "+393331234567",
        "countries": "IT, US",
        "tags": "Spring",
    }
    assert record.credential == "main"
    assert [text for _label, text in summary_of(record)] == ["Marketing", "main", "+393331234567"]
    changed = update(store, record, draft(description=""))
    assert stored_draft(changed) == draft()
    with pytest.raises(StaleRevision):
        update(store, record, draft(description="late"))
    assert duplicate_draft(store, changed) == draft("Acme_SMS_copy")


def test_the_list_is_filtered_by_channel_user_status_and_words(store: Store) -> None:
    plain_credential(store)
    grace = store.acting_as(Actor("grace"))
    first = activate(store, name="Alpha", tags="spring")
    create(grace, draft("Beta", sms_type="Transactional"))
    create(grace, {"name": "Gamma", "channel": "RCS"})

    def names(query: ChannelQuery) -> list[str]:
        return [row.name for row in store.channels.rows(store.channels.ids(query))]

    assert names(ChannelQuery()) == ["Alpha", "Beta", "Gamma"]
    assert names(ChannelQuery(channel="RCS")) == ["Gamma"]
    assert names(ChannelQuery(user="grace", channel="SMS")) == ["Beta"]
    assert names(ChannelQuery(state="Active")) == ["Alpha"]
    assert names(ChannelQuery(text="active")) == ["Alpha"]
    assert names(ChannelQuery(text="spring")) == ["Alpha"]
    assert names(ChannelQuery(text="transact grace")) == ["Beta"]
    assert store.channels.users() == ["ada", "grace"]
    store.channels.deactivate(first.id, revision=first.revision)
    assert names(ChannelQuery(text="deactivated")) == ["Alpha"]


def test_an_active_one_keeps_what_is_fixed_and_is_changed_by_a_run(store: Store) -> None:
    plain_credential(store)
    record = activate(store, subdomain="links.acme.example")
    told = update(store, record, draft(subdomain="links.acme.example", description="new", tags="a"))
    assert (told.state, told.fields["description"]) == (State.ACTIVE, "new")
    with pytest.raises(WrongState, match="submit the change"):
        update(store, told, draft(sender_number="+12025550143"))
    for fixed in (
        draft("Other", subdomain="links.acme.example"),
        draft(),
        draft(channel="MMS", subdomain="links.acme.example"),
    ):
        with pytest.raises(WrongState, match="cannot be changed"):
            runs.begin_update(store, told, fixed)
    with pytest.raises(WrongState, match="Edit it"):
        runs.begin(store, told)
    wanted = draft(sender_number="+12025550143", subdomain="links.acme.example")
    busy = runs.begin_update(store, told, wanted)
    assert (busy.state, busy.is_busy, busy.sender) == (State.ACTIVE, True, told.sender)
    for act in (
        lambda: update(store, busy, draft(description="x", subdomain="links.acme.example")),
        lambda: store.channels.deactivate(busy.id, revision=busy.revision),
        lambda: store.channels.delete(busy.id),
        lambda: runs.begin(store, busy),
    ):
        with pytest.raises(WrongState, match="running"):
            act()


def test_a_deactivated_one_is_neither_changed_nor_deleted(store: Store) -> None:
    plain_credential(store)
    record = activate(store)
    gone = store.channels.deactivate(record.id, revision=record.revision)
    assert gone.state is State.DEACTIVATED
    for act in (
        lambda: update(store, gone, draft(description="x")),
        lambda: store.channels.delete(gone.id),
        lambda: store.channels.deactivate(gone.id, revision=gone.revision),
    ):
        with pytest.raises(WrongState):
            act()
    copy = create(store, duplicate_draft(store, gone))
    assert copy.state is State.DRAFT
    store.channels.delete(copy.id)
    with pytest.raises(NotFound, match="deleted by ada"):
        store.channels.get(copy.id)


def test_a_failed_one_is_a_draft_again_once_it_is_changed(store: Store) -> None:
    from smstui.channels.base import Check
    from smstui.providers.base import Result

    plain_credential(store)
    record = create(store, draft())
    failed = runs.end(
        store, record.id, begun(store, record), [Check("owner", Result.FAILED, "no")], []
    )
    assert (failed.state, len(failed.checks)) == (State.FAILED, 1)
    same = update(store, failed, draft(description="told at once"))
    assert (same.state, len(same.checks)) == (State.FAILED, 1)
    changed = update(store, same, draft(sender_number="+12025550143"))
    assert (changed.state, changed.checks) == (State.DRAFT, ())


def test_what_others_count_on_is_not_deleted(store: Store) -> None:
    main, other = plain_credential(store, vendor="Sinch"), plain_credential(store, "other")
    hook = webhook(store, "Sinch", "replies", "main")
    record = create(store, draft())
    runs.end(store, record.id, begun(store, record), [], [hook.id])
    with pytest.raises(InUse, match=r"SMS webhooks: replies; channel configurations: Acme_SMS"):
        store.credentials.delete(main.id)
    with pytest.raises(InUse, match="configurations: Acme_SMS"):
        store.webhooks.delete(hook.id)
    by = [use.name for use in store.references.used_by("credential", main.id)]
    assert by == ["replies", "Acme_SMS"]
    assert [use.name for use in store.references.used_by("webhook", hook.id)] == ["Acme_SMS"]
    # A change that is being checked holds the credential that it is to have.
    active = store.channels.get(record.id)
    busy = runs.begin_update(store, active, draft(mobile_configuration="other"))
    assert busy.run is not None
    with pytest.raises(InUse, match="Acme_SMS"):
        store.credentials.delete(other.id)
    runs.end(store, busy.id, busy.run.token, [], [])
    with pytest.raises(InUse, match="SMS webhooks: replies"):
        store.credentials.delete(main.id)
    store.webhooks.delete(hook.id)
    store.credentials.delete(main.id)
    assert store.channels.get(record.id).credential == "other"


def test_a_run_that_broke_off_is_told_and_can_be_submitted_again(
    path: Path, store: Store, fixed_clock: Clock
) -> None:
    plain_credential(store)
    record = create(store, draft())
    started = runs.begin(store, record)
    assert started.run is not None
    assert runs.settle(store, NOW) == []  # It goes on here.
    token = started.run.token
    pending = {"name": "connection", "result": "pending", "summary": "asking Twilio"}
    assert store.channels.progressed(started.id, token, [pending])
    runs._here.discard(token)  # As after a kill: nobody carries it out.
    with Store.open(path, PASSPHRASE, actor=Actor("grace"), clock=fixed_clock) as other:
        (settled,) = runs.settle(other, NOW)
    assert (settled.state, settled.run) == (State.FAILED, None)
    (check,) = settled.checks
    assert (check["name"], check["summary"], check["word"]) == (
        "connection",
        "interrupted",
        "interrupted",
    )
    # What the dead run might still say counts no longer.
    assert not store.channels.progressed(started.id, token, [])
    with pytest.raises(WrongState, match="count no longer"):
        runs.end(store, started.id, token, [], [])
    assert begun(store, settled) != token
    assert [entry.action for entry in store.audit.entries(3, kind="channel configuration")] == [
        "submitted",
        "interrupted",
        "submitted",
    ]


def owned_by(record: ChannelRecord, owner: str) -> ChannelRecord:
    """Return a record whose run another process carries out."""
    from dataclasses import replace

    assert record.run is not None
    return replace(record, run=replace(record.run, owner=owner))


def test_a_run_elsewhere_is_given_time(store: Store) -> None:
    plain_credential(store)
    started = runs.begin(store, create(store, draft()))
    far = owned_by(started, "another.host:7").run
    assert far is not None
    assert runs.is_alive(far, NOW + timedelta(minutes=9))
    assert not runs.is_alive(far, NOW + timedelta(minutes=11))
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    here = owned_by(started, f"{socket.gethostname()}:{child.pid}").run
    assert here is not None
    assert runs.is_alive(here, NOW + timedelta(days=9))
    child.communicate()
    assert not runs.is_alive(here, NOW)


def test_a_run_whose_program_was_killed_is_told_at_once(path: Path, store: Store) -> None:
    plain_credential(store)
    create(store, draft())
    code = """
import os, sys
from pathlib import Path
from pydantic import SecretStr
from smstui.channels import runs
from smstui.store import Store
from smstui.store.records import Actor
store = Store.open(Path(sys.argv[1]), SecretStr(sys.argv[2]), actor=Actor("grace"))
runs.begin(store, store.channels.by_name("Acme_SMS"))
os.kill(os.getpid(), 9)
"""
    secret = PASSPHRASE.get_secret_value()
    ended = subprocess.run([sys.executable, "-c", code, str(path), secret], check=False)
    assert ended.returncode == -9
    assert store.channels.by_name("Acme_SMS").state is State.PROCESSING
    (told,) = runs.settle(store, NOW)
    assert (told.state, told.checks[0]["summary"]) == (State.FAILED, "interrupted")


def test_an_interrupted_change_leaves_the_active_one_as_it_is(store: Store) -> None:
    plain_credential(store)
    record = activate(store)
    busy = runs.begin_update(store, record, draft(sender_number="+12025550143"))
    told = runs.interrupt(store, busy)
    assert (told.state, told.sender, told.is_busy) == (State.ACTIVE, record.sender, False)
    assert told.update is not None
    assert told.update.state is UpdateState.FAILED
    assert runs.begin(store, told).is_busy  # Submitted again, it is the same change.


def test_an_export_can_be_imported(store: Store) -> None:
    plain_credential(store)
    create(store, draft(tags="a, b", countries="IT"))
    create(store, {"name": "Half", "channel": "RCS"})
    records = [store.channels.by_name(name) for name in ("Acme_SMS", "Half")]
    document = json.loads(json.dumps(export_document(records)))
    assert document["channels"][0]["tags"] == ["a", "b"]
    with pytest.raises(InvalidImport, match="exists already"):
        import_document(store, document)
    assert import_document(store, document, replace=True).replaced == 2
    assert [store.channels.by_name(r.name).revision for r in records] == [1, 1]
    for record in records:
        store.channels.delete(record.id)
    assert import_document(store, document).created == 2
    assert stored_draft(store.channels.by_name("Half")) == {"name": "Half", "channel": "RCS"}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"name": "a", "state": "Active"}, "no field state"),
        ({"name": "1a"}, "letter"),
        ({"name": "a", "mobile_configuration": "nobody"}, "Mobile configuration"),
        ({"name": "a", "tags": {"x": 1}}, "wrong type"),
        ({"name": "a", "channel": "FAX"}, "Select channel"),
        (7, "not an object"),
    ],
)
def test_a_bad_entry_is_told_and_nothing_is_saved(store: Store, entry: object, said: str) -> None:
    plain_credential(store)
    with pytest.raises(InvalidImport, match=said):
        import_document(store, {"channels": [draft(), entry]})
    assert store.channels.count() == 0


def test_an_import_does_not_change_what_is_active(store: Store) -> None:
    plain_credential(store)
    activate(store)
    with pytest.raises(WrongState):
        import_document(store, {"channels": [draft(sms_type="Transactional")]}, replace=True)
    assert store.channels.by_name("Acme_SMS").fields["sms_type"] == "Marketing"


def test_the_rcs_set_up_makes_a_draft(store: Store) -> None:
    rcs = plain_credential(store, "rcs", "Sinch RCS")
    made = rcs_draft(store, name="Acme_RCS", credential_id=rcs.id, sender="acme_agent")
    assert (made.state, made.channel, made.credential, made.sender) == (
        State.DRAFT,
        "RCS",
        "rcs",
        "acme_agent",
    )
    again = rcs_draft(store, name="acme_rcs", credential_id=rcs.id, sender="acme_agent")
    assert again.name == "acme_rcs_copy"
    with pytest.raises(NotFound):
        rcs_draft(store, name="X1", credential_id=99, sender="acme_agent")
    sms = plain_credential(store, "sms", "Twilio")
    with pytest.raises(InvalidFields):
        rcs_draft(store, name="X2", credential_id=sms.id, sender="acme_agent")
