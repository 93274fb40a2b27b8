"""A message, its report and its answer: provider, receiver, store and command line together."""

from __future__ import annotations

import json
import queue
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smstui.simulator.core import AccountInfo
from smstui.simulator.custom import CustomVendor
from smstui.simulator.server import Simulator
from smstui.store import Store
from smstui.store.records import Actor
from smstui.webhooks.intake import Kept
from smstui.webhooks.receiver import Receiver
from smstui.webhooks.settings import ReceiverSettings
from smstui.webhooks.vendors.custom_template import TEMPLATES
from tests.commands.conftest import Smstui
from tests.conftest import PASSPHRASE

STOPS = "+393331207867"
SECRET = "a secret of the webhooks"


class Quick:
    """A clock that runs ten times as fast as time does."""

    def __init__(self) -> None:
        self.begun = time.monotonic()

    def __call__(self) -> datetime:
        passed = (time.monotonic() - self.begun) * 10
        return datetime(2026, 11, 23, 10, 0, tzinfo=UTC) + timedelta(seconds=passed)


@pytest.fixture
def provider() -> Iterator[Simulator]:
    with Simulator(clock=Quick(), makers=[CustomVendor]) as simulator:
        yield simulator


def import_all(smstui: Smstui, folder: Path, account: AccountInfo) -> None:
    """Import a credential of the simulated custom provider, and its two webhooks."""
    fields = {"sender_number": "+393401234500"}
    credential = {"vendor": "Custom", "name": "relay", **account.fields, **fields}
    common = {
        "vendor": "Custom",
        "credential": "relay",
        "authentication": "hmac",
        "hmac_secret": SECRET,
    }
    webhooks = [
        common
        | {
            "name": f"relay-{receives}",
            "type": receives.value,
            "payload": json.loads(template),
            "sender_phone_number": "+393401234500",
        }
        for receives, template in TEMPLATES.items()
    ]
    del webhooks[1]["sender_phone_number"]
    for kind, entries in (("credentials", [credential]), ("webhooks", webhooks)):
        path = folder / f"{kind}.json"
        path.write_text(json.dumps({kind: entries}))
        done = smstui(kind, "import", str(path))
        assert done.status == 0, done.err


def test_a_webhook_alone_tells_that_a_message_was_delivered_and_answered(
    smstui: Smstui, store: Path, tmp_path: Path, provider: Simulator
) -> None:
    account = next(i for i in provider.accounts if i.label == "none")
    import_all(smstui, tmp_path, account)
    kept: queue.Queue[Kept] = queue.Queue()

    def open_store() -> Store:
        return Store.open(store, PASSPHRASE, actor=Actor("ada"))

    with (
        open_store() as ours,
        Receiver(open_store, ReceiverSettings(port=0), on_event=kept.put) as receiver,
    ):
        inbound, feedback = (
            receiver.settings.url_of(ours.webhooks.by_name(f"relay-{kind}").path)
            for kind in TEMPLATES
        )
        provider.set_webhook(account, inbound=inbound, feedback=feedback, secret=SECRET)
        done = smstui("verify", "relay", "--to", STOPS, "--wait", "30", "--json")
        told = [kept.get(timeout=10).event.word for _event in range(3)]
    assert done.status == 0
    assert [s["result"] for s in done.document["stages"]][-2:] == ["passed", "passed"]
    assert told == ["sent", "delivered", "opt-out"]
    shown = smstui("webhooks", "show", "relay-Feedback").out.splitlines()
    assert '"code": "{{failureCode}}",' in [line.strip() for line in shown], "line by line"
    (row,) = smstui("consent", "list", "--json").document
    assert (row["number"], row["sender"], row["state"]) == (STOPS, "+393401234500", "out")
