"""Whether a sender is the account's: asked at the simulated providers, over HTTP."""

from __future__ import annotations

import asyncio

import pytest

from smstui.providers.base import Outcome, Result
from smstui.providers.registry import provider_for
from smstui.simulator.demo import value_of
from smstui.simulator.server import Simulator
from smstui.verify.conversation import converse


def ask(
    simulator: Simulator, vendor: str, label: str, sender: str, channel: str = "SMS", **more: str
) -> Outcome | None:
    """Ask about a sender with the login of an account."""
    provider = provider_for(vendor)
    account = next(i for i in simulator.accounts if (i.vendor, i.label) == (vendor, label))
    specs = provider.model.specs()
    fields = {"name": "x", **account.fields, **more}
    credential = provider.build(
        {name: value_of(specs[name], text) for name, text in fields.items()}
    )
    dialogue = provider.sender(credential, sender, channel)
    return None if dialogue is None else asyncio.run(converse(credential, dialogue))


CASES = [
    # The account's number, alone and in the pool of the service.
    ("Twilio", "live, number only", "+12025550142", "SMS", Result.PASSED, "is a number of this"),
    ("Twilio", "live, number only", "+12025550142", "MMS", Result.PASSED, "is a number of this"),
    ("Twilio", "live", "+12025550142", "SMS", Result.PASSED, "is in the pool"),
    ("Twilio", "main key", "72345", "SMS", Result.PASSED, "72345 is in the pool"),
    ("Twilio", "live", "Acme", "SMS", Result.PASSED, "Acme is in the pool"),
    # Not the account's, not capable, not in the pool.
    ("Twilio", "live", "+12025550152", "SMS", Result.FAILED, "is not in this account"),
    ("Twilio", "live, number only", "+12025550143", "SMS", Result.FAILED, "cannot send SMS"),
    ("Twilio", "live", "+12025550144", "SMS", Result.FAILED, "is not in the Messaging Service"),
    ("Twilio", "live", "Other", "SMS", Result.FAILED, "is not in the Messaging Service"),
    # Logins that may not see it, or no longer anything.
    ("Twilio", "read-only key", "+12025550142", "SMS", Result.SKIPPED, "does not tell"),
    ("Twilio", "closed", "+12025550142", "SMS", Result.SKIPPED, "does not tell"),
    ("Infobip", "live", "+385990000099", "SMS", Result.PASSED, "is a number of this account"),
    ("Infobip", "live", "+385990000098", "SMS", Result.WARNED, "is not in this account"),
    ("Infobip", "live", "+385990000099", "MMS", Result.FAILED, "cannot send MMS"),
    ("Infobip", "send-only key", "+385990000099", "SMS", Result.SKIPPED, "does not tell"),
    ("Infobip", "expired key", "+385990000099", "SMS", Result.FAILED, "UNAUTHORIZED"),
    ("Infobip", "maintenance", "+385990000099", "SMS", Result.FAILED, ""),
    ("Sinch RCS", "live", "+12025550142", "RCS", Result.PASSED, "serves the fallback"),
    ("Sinch RCS", "live", "nobody_agent", "RCS", Result.FAILED, "the app sends RCS by"),
]


@pytest.mark.parametrize(("vendor", "label", "sender", "channel", "result", "said"), CASES)
def test_a_provider_tells_of_a_sender(
    simulator: Simulator,
    vendor: str,
    label: str,
    sender: str,
    channel: str,
    result: Result,
    said: str,
) -> None:
    outcome = ask(simulator, vendor, label, sender, channel)
    assert outcome is not None
    assert (outcome.result, said in outcome.summary) == (result, True), outcome
    if result is not Result.PASSED:
        assert outcome.cause.endswith(".")
        assert outcome.word


def test_the_rcs_sender_of_an_app_is_known_by_its_own_name(simulator: Simulator) -> None:
    refused = ask(simulator, "Sinch RCS", "live", "nobody_agent", "RCS")
    assert refused is not None
    agent = refused.summary.rpartition(" ")[2]
    told = ask(simulator, "Sinch RCS", "live", agent.upper(), "RCS")
    assert told is not None
    assert told.result is Result.PASSED


@pytest.mark.parametrize(
    ("vendor", "label", "sender"),
    [
        ("Twilio", "live, number only", "72345"),
        ("Twilio", "live, number only", "ACME"),
        ("Infobip", "live", "DemoBrand"),
        ("Sinch", "live", "+12025550142"),
        ("Sinch MMS", "live", "+12025550142"),
        ("Custom", "Bearer", "+12025550142"),
    ],
)
def test_of_some_senders_nobody_keeps_a_list(
    simulator: Simulator, vendor: str, label: str, sender: str
) -> None:
    assert ask(simulator, vendor, label, sender) is None


def test_no_secret_comes_back_in_an_answer(simulator: Simulator) -> None:
    for vendor, label, sender in (("Twilio", "live", "+1"), ("Sinch RCS", "live", "x")):
        account = next(i for i in simulator.accounts if (i.vendor, i.label) == (vendor, label))
        outcome = ask(simulator, vendor, label, sender, "RCS")
        secrets = [v for k, v in account.fields.items() if "token" in k or "secret" in k]
        assert not any(secret in repr(outcome) for secret in secrets)
