"""A webhook ends the delivery on the verify screen while the provider still says nothing."""

from __future__ import annotations

import pytest

from smstui.providers.base import Outcome, Result
from smstui.store import Store
from smstui.store.webhook_records import NewCall, NewEvent, NewWebhook
from smstui.webhooks import arrivals
from smstui.webhooks.stored import outcome_record
from tests.screens.verify.kit import (
    TO,
    Time,
    VerifyApp,
    idle,
    kept,
    opened,
    run_with,
    shown,
    until_kept,
)

FILTERED = Outcome(result=Result.FAILED, word="filtered", summary="not delivered", code="30007")


def add_webhook(store: Store) -> None:
    """Add a webhook of the credential that is verified."""
    both = "Inbound and feedback"
    store.webhooks.add(NewWebhook("Twilio", both, "twilio-alerts", 1, "path", {}, {}))


async def test_what_a_webhook_tells_is_shown_at_once_and_kept(
    verify_app: VerifyApp, passing: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "POLL_SECONDS", 0.05)
    app = verify_app(fill=add_webhook)
    async with app.run_test() as pilot:
        await opened(pilot, passing)
        await run_with(pilot, TO)
        await shown(pilot, "… deliver")
        (run,) = await until_kept(pilot)

        def tell(store: Store) -> None:
            call = NewCall(1, passing.now, "POST", "https://hooks.example.net/", (), b"{}")
            outcome = outcome_record(FILTERED)
            event = NewEvent("feedback", message_id=run.message_id, outcome=outcome)
            with store.changing():
                store.events.add(store.events.add_call(call), "twilio-alerts", call, event)

        await app.context.session.call(tell)
        await shown(pilot, "✗ deliver       not delivered")
        await idle(pilot)
        assert [run.word for run in await kept(pilot)] == ["filtered"]
