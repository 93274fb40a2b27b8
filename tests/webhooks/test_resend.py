"""Kept calls that are sent on: as they came or as JSON, and what is said of the answer."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from smstui.errors import SmstuiError
from smstui.providers.base import Result
from smstui.store import Store
from smstui.store.webhook_records import EventRecord
from smstui.webhooks.resend import (
    NotResent,
    as_json_call,
    kept_call,
    replay,
    resend,
    signature_note,
)
from tests.conftest import MakeStore
from tests.receiver import Receiver
from tests.webhooks.stage import events, filled, opened, sample, take, text


@pytest.fixture
def store(make_store: MakeStore) -> Iterator[Store]:
    """An open store with webhooks of every vendor."""
    with opened(filled(make_store())) as store:
        yield store


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A web server that keeps what is posted to it."""
    with Receiver() as receiver:
        yield receiver


def kept(store: Store, path: str = "twilio") -> EventRecord:
    """Return the event of a genuine call."""
    take(store, text("STOP perché") if path == "twilio" else sample(store, path))
    return events(store)[-1]


async def test_a_call_goes_on_as_it_came_with_its_signature_and_no_login(
    store: Store, receiver: Receiver
) -> None:
    for path, signed in (("twilio", True), ("sinch", True), ("sinch-basic", False)):
        record = kept(store, path)
        done = await resend(record, receiver.url + "/elsewhere")
        assert (done.result, done.said) == (Result.PASSED, "It was taken: 204 No Content.")
        got = receiver.next()
        assert got.body == record.call.body
        names = {name.lower() for name in got.headers}
        assert any("signature" in name for name in names) == signed
        assert "authorization" not in names
        assert bool(signature_note(kept_call(record))) == signed


async def test_a_form_goes_on_as_json_when_that_is_asked_for(
    store: Store, receiver: Receiver
) -> None:
    done = await resend(kept(store), receiver.url, as_json=True)
    assert done.status == 204
    got = receiver.next()
    assert json.loads(got.body)["Body"] == "STOP perché"
    assert got.headers["Content-Type"] == "application/json"
    assert not any("Signature" in name for name in got.headers)
    record = kept(store, "sinch")
    assert json.loads(as_json_call(record).body) == json.loads(record.call.body)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/failing", "It was refused: 503 Service Unavailable."),
        ("/redirect", "It was sent elsewhere, which is not followed: 302 Found."),
    ],
)
async def test_an_answer_is_told_in_one_sentence(
    store: Store, receiver: Receiver, path: str, said: str
) -> None:
    done = await resend(kept(store), receiver.url + path)
    assert (done.result, done.said) == (Result.FAILED, said)


async def test_nothing_is_sent_where_it_must_not_go(store: Store) -> None:
    record = kept(store)
    for url in ("http://hooks.example.test/", "ftp://x/", "hooks", ""):
        with pytest.raises(NotResent, match="https"):
            await resend(record, url)
    done = await resend(record, "http://127.0.0.1:9/")
    assert done.result is Result.FAILED
    assert done.said.endswith(".")
    take(store, *[sample(store, "infobip", feedback=True)])
    with pytest.raises(SmstuiError, match="Only texts"):
        replay(store, events(store)[-1].id)
