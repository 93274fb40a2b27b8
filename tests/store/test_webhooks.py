from __future__ import annotations

from collections.abc import Callable

import pytest
from pydantic import SecretStr

from smstui.store import Store
from smstui.store.errors import InUse, NameTaken, NotFound, StaleRevision
from smstui.store.records import ListQuery, NewCredential
from smstui.store.webhook_records import NewWebhook
from smstui.store.webhooks import Webhooks
from tests.conftest import NOW
from tests.store.webhook_kit import webhook

New = Callable[..., NewCredential]


def test_a_webhook_is_kept_whole_and_names_its_credential_by_its_present_name(
    store: Store, new: New
) -> None:
    credential = store.credentials.add(new("main"))
    kept = store.webhooks.add(webhook("replies", credential_id=credential.id))

    store.credentials.update(
        credential.id, revision=1, name="renamed", fields={}, secrets=credential.secrets
    )

    found = store.webhooks.by_path("path-replies")
    assert (found.id, found.credential, found.revision) == (kept.id, "renamed", 1)
    assert found.fields == {"sender_phone_number": "+15005550006"}
    assert found.secrets["hmac_secret"].get_secret_value() == "planted-hmac-secret"
    assert "planted-hmac-secret" not in repr(found)
    with pytest.raises(NotFound):
        store.webhooks.by_path("path")


def test_a_credential_in_use_is_not_deleted_and_says_by_whom(store: Store, new: New) -> None:
    credential = store.credentials.add(new("main"))
    names = ("alpha", "beta", "gamma", "delta")
    for name in names:
        store.webhooks.add(webhook(name, credential_id=credential.id))

    with pytest.raises(InUse, match=r"alpha, beta, delta and 1 more") as refused:
        store.credentials.delete(credential.id)
    assert [use.name for use in refused.value.users] == ["alpha", "beta", "delta", "gamma"]

    for name in names:
        store.webhooks.delete(store.webhooks.by_name(name).id)
    store.credentials.delete(credential.id)
    assert store.credentials.count() == 0


def test_changes_keep_the_path_tell_what_changed_and_refuse_a_stale_revision(
    store: Store,
) -> None:
    kept = store.webhooks.add(webhook("replies"))
    changed = webhook("replies", fields={"help_reply": "Call us"}, path=kept.path)

    after = store.webhooks.replace(kept.id, changed, revision=kept.revision)

    assert (after.path, after.revision) == (kept.path, 2)
    told = store.audit.entries(1, kind="webhook")[0]
    assert (told.action, set(told.fields)) == ("updated", {"sender_phone_number", "help_reply"})
    with pytest.raises(StaleRevision) as stale:
        store.webhooks.replace(kept.id, webhook("other", path=kept.path), revision=1)
    assert stale.value.current == after


def test_names_are_used_once_in_any_case(store: Store) -> None:
    store.webhooks.add(webhook("Straße"))
    with pytest.raises(NameTaken, match="webhook STRASSE"):
        store.webhooks.add(webhook("STRASSE", path="other"))


def test_the_list_shows_the_newest_event(store: Store) -> None:
    kept = store.webhooks.add(webhook("replies"))
    store.webhooks.told(kept.id, NOW, "passed", "opt-out")

    (row,) = store.webhooks.rows(store.webhooks.ids(ListQuery(text="REPL sinch")))
    assert (row.event_at, row.event_result, row.event_word) == (NOW, "passed", "opt-out")
    assert store.webhooks.get(kept.id).revision == kept.revision


@pytest.mark.parametrize("sort", Webhooks.order)
def test_a_list_of_webhooks_reads_one_covering_index(store: Store, sort: str) -> None:
    with store._vault.reading() as db:
        order = ", ".join(Webhooks.order[sort])
        plan = db.execute(
            "EXPLAIN QUERY PLAN SELECT id FROM webhooks"  # noqa: S608 - our own words
            f" WHERE environment_id = 1 AND instr(listing, 'a') ORDER BY {order}"
        ).fetchall()
    assert len(plan) == 1
    assert "COVERING INDEX" in plan[0][-1]


def test_settings_are_kept_and_told_of_once(store: Store) -> None:
    assert store.preferences.get("receiver") is None
    store.preferences.set("receiver", {"port": 4020})
    store.preferences.set("receiver", {"port": 4020})
    assert store.preferences.get("receiver") == {"port": 4020}
    assert len(store.audit.entries(kind="preference")) == 1


def test_a_second_connection_by_the_handle_sees_changes_and_is_noticed(
    store: Store, new: New
) -> None:
    path = store.info().path
    before = store.version()
    with Store.reopen(path, store.handle, actor=store.audit._actor, clock=lambda: NOW) as other:
        other.webhooks.add(webhook("from elsewhere"))
    assert store.version() != before
    assert store.webhooks.names() == ["from elsewhere"]
    assert isinstance(store.handle, SecretStr)


def test_one_change_or_nothing(store: Store) -> None:
    def half() -> None:
        with store.changing():
            store.webhooks.add(webhook("one"))
            store.preferences.set("receiver", 1)
            raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        half()
    assert store.webhooks.count() == 0
    assert store.preferences.get("receiver") is None


def test_new_webhooks_hide_their_secrets() -> None:
    assert isinstance(webhook("one"), NewWebhook)
    assert "planted-hmac-secret" not in repr(webhook("one"))
