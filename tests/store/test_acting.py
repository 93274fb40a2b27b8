"""One open store for several people: the audit trail names who did what."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from smstui.store import Store
from smstui.store.records import Actor, NewCredential


def test_what_is_done_for_somebody_is_told_of_them(tmp_path: Path, passphrase: SecretStr) -> None:
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    with Store.create(folder / "x.db", passphrase, actor=Actor("ada")) as store:
        grace = store.acting_as(Actor("grace", "192.0.2.7"))
        record = grace.credentials.add(NewCredential("Twilio", "hers", {}, {}))
        assert record.created_by == "grace"
        store.credentials.delete(record.id)
        told = {(entry.action, entry.user, entry.origin) for entry in store.audit.entries(10)}
    assert ("created", "grace", "192.0.2.7") in told
    assert ("deleted", "ada", "") in told
