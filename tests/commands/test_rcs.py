"""``smstui rcs`` as a script calls it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from smstui.rcs import stored
from smstui.rcs.base import Step, TaskState
from smstui.rcs.checklist import noted
from smstui.simulator.server import Simulator
from smstui.store import Store
from tests.commands.conftest import Smstui
from tests.conftest import NOW, MakeStore
from tests.rcs.set_ups import KEY, TOKEN, setup_of


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A simulator whose Twilio has a sender in review."""
    with Simulator(seed="tests") as simulator:
        yield simulator


@pytest.fixture
def filled(make_store: MakeStore, simulator: Simulator) -> None:
    """A store with a set-up that waits, and one that was only begun."""
    accounts = simulator.accounts
    review = next(a for a in accounts if (a.vendor, a.label) == ("Twilio", "live, RCS in review"))

    def fill(store: Store) -> None:
        document = stored.create(store, "acme-outlet", "Twilio")
        draft = {**setup_of("Twilio", without=("sender_sid",)).drafts[Step.REGISTER]}
        own = {name: review.fields[name] for name in ("account_sid", "auth_token", "api_host")}
        draft |= {**own, "sender_id": "rcs:demo_review_agent"}
        draft["messaging_service_sid"] = review.fields["message_sid"]
        document = document.typed(Step.REGISTER, draft)
        notes = noted({}, "registration", now=NOW, state=TaskState.DOING, note="ticket 4711")
        document = stored.remember(store, dataclasses.replace(document, notes=notes))
        stored.create(store, "acme-new", "Infobip")

    make_store(fill=fill)


@pytest.mark.usefixtures("filled")
def test_set_ups_are_listed_with_whom_they_wait_for(smstui: Smstui) -> None:
    listed = smstui("rcs", "list")
    assert "acme-new     Infobip   Register  –" in listed.out
    assert "waiting for Google's review since 2026-11-23" in listed.out
    (one,) = smstui("rcs", "list", "--filter", "outlet", "--json").document
    assert one["name"] == "acme-outlet"
    assert (one["provider"], one["step"]) == ("Twilio", "register")
    assert one["waiting_since"] == "2026-11-23T10:00:00.000Z"


@pytest.mark.usefixtures("filled")
def test_a_status_is_asked_for_kept_and_shown_without_secrets(
    smstui: Smstui, simulator: Simulator
) -> None:
    before = smstui("rcs", "show", "acme-outlet", "--json").document
    assert before["status"] is None
    asked = smstui("rcs", "status", "acme-outlet", "--json")
    assert asked.status == 0
    assert asked.document["answer"]["result"] == "pending"
    assert "TWILIO_REVIEW" in {line["word"] for line in asked.document["status"]["lines"]}
    shown = smstui("rcs", "show", "acme-outlet")
    assert "TWILIO_REVIEW" in shown.out
    assert "ticket 4711" in shown.out
    assert "Registration, general" in shown.out
    after = smstui("rcs", "show", "acme-outlet", "--json").document
    assert after["account"]["sender_sid"].startswith("XE")
    assert after["status"] == asked.document["status"]
    simulator.stop()
    failed = smstui("rcs", "status", "acme-outlet")
    assert failed.status == 1
    assert "Next step" in failed.out
    for done in (asked, shown, failed):
        assert not [secret for secret in (TOKEN, KEY) if secret in done.out + done.err]
    nobody = smstui("rcs", "status", "acme-new")
    assert nobody.status == 2
    assert "fill in the login" in nobody.err


@pytest.mark.usefixtures("filled")
def test_a_profile_is_exported_to_a_new_file_alone(smstui: Smstui, tmp_path: Path) -> None:
    assert smstui("rcs", "export", "acme-outlet").out.startswith("# acme-outlet · Twilio\n")
    path = tmp_path / "profile.json"
    done = smstui("rcs", "export", "acme-outlet", "--format", "json", "--output", str(path))
    assert done.status == 0
    assert json.loads(path.read_text())["profile"]["description"] == "News and offers of Acme"
    again = smstui("rcs", "export", "acme-outlet", "--output", str(path))
    assert again.status == 2
    assert "exists already" in again.err
    assert json.loads(path.read_text())["provider"] == "Twilio"


@pytest.mark.usefixtures("filled")
def test_a_set_up_is_deleted_after_asking(smstui: Smstui) -> None:
    assert smstui("rcs", "delete", "acme-new").status == 2
    assert smstui("rcs", "delete", "acme-new", "--yes").status == 0
    assert [row["name"] for row in smstui("rcs", "list", "--json").document] == ["acme-outlet"]
    assert smstui("rcs", "show", "acme-new").status == 2
