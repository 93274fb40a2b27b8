"""What a request to send is refused for, and how that is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from smstui.simulator.twilio.rules import MAGIC_FROM, MAGIC_TO
from tests.simulator.conftest import Stage

HX = "HX" + "a" * 32
MG = "MG" + "0" * 32
SERVICE = "{service}"
"""Stands for the Messaging Service of the account."""

REFUSALS: list[tuple[str, dict[str, Any], int, int]] = [
    ("live", {"To": None}, 400, 21604),
    ("live", {"To": ""}, 400, 21604),
    ("live", {"From": None}, 400, 21603),
    ("live", {"Body": None}, 400, 21602),
    ("live", {"Body": " "}, 400, 21602),
    ("live", {"Body": "a" * 1601}, 400, 21617),
    ("live", {"To": "2025550100"}, 400, 21211),
    ("live", {"To": "+0025550100"}, 400, 21211),
    ("live", {"To": "+12025550100x"}, 400, 21211),
    ("live", {"To": "rcs:12025550100", "From": "rcs:demo_brand_agent"}, 400, 21211),
    ("live", {"To": "72345"}, 400, 21265),
    ("live", {"To": "+12025550142"}, 400, 21266),
    # Senders.
    ("live", {"From": "+12025550143"}, 400, 21661),
    ("live", {"From": "+12025550144"}, 400, 21606),
    ("live", {"From": "+12025550152"}, 400, 21660),
    ("live", {"From": "+12025559999"}, 400, 21659),
    ("live", {"From": "99999"}, 400, 21659),
    ("live", {"From": "72345", "To": "+393451234567"}, 400, 21659),
    ("live", {"From": "TWELVE CHARS"}, 400, 21212),
    ("live", {"From": "1234567"}, 400, 21212),
    ("live", {"From": "ACME"}, 400, 21612),
    ("live", {"From": "rcs:nobody", "To": "rcs:+12025550100"}, 400, 63007),
    ("live", {"From": "whatsapp:+14155238886", "To": "whatsapp:+12025550100"}, 400, 63007),
    ("live", {"From": "rcs:demo_brand_agent"}, 400, 21910),
    ("live", {"To": "rcs:+12025550100"}, 400, 21910),
    # Services.
    ("live", {"MessagingServiceSid": "SM" + "0" * 32}, 400, 21705),
    ("live", {"MessagingServiceSid": "MG123"}, 400, 21705),
    ("live", {"MessagingServiceSid": MG}, 404, 21701),
    ("live", {"From": MG}, 404, 21701),
    ("subaccount", {"MessagingServiceSid": "{live service}"}, 404, 21701),
    ("live, empty service", {"MessagingServiceSid": SERVICE}, 400, 21704),
    ("live, voice-only service", {"MessagingServiceSid": SERVICE}, 400, 21703),
    ("live", {"MessagingServiceSid": SERVICE, "From": "+12025550152"}, 400, 21606),
    ("live", {"MessagingServiceSid": SERVICE, "To": "rcs:+12025550100"}, 400, 21703),
    ("live", {"MessagingServiceSid": SERVICE, "FallbackFrom": "+12025550142"}, 400, 21667),
    ("live", {"FallbackFrom": "+12025550142"}, 400, 21664),
    ("live", {"MessagingServiceSid": SERVICE, "FallbackFrom": "?"}, 400, 21665),
    # Options.
    ("live", {"ValidityPeriod": "0"}, 400, 21624),
    ("live", {"ValidityPeriod": "36001"}, 400, 21624),
    ("live", {"ValidityPeriod": "abc"}, 400, 21624),
    ("live", {"ValidityPeriod": "9" * 5000}, 400, 21624),
    ("live", {"StatusCallback": "hooks.example.test"}, 400, 21609),
    ("live", {"StatusCallback": "ftp://hooks.example.test"}, 400, 21609),
    ("live", {"StatusCallback": "https://my_hooks.example.test/"}, 400, 21609),
    ("live", {"StatusCallback": "https://[::1"}, 400, 21609),
    ("live", {"MediaUrl": "cat.png"}, 400, 21620),
    ("live", {"MediaUrl": ["https://example.com/cat.png"] * 11}, 400, 21623),
    ("live", {"ContentVariables": "{}"}, 400, 21654),
    ("live", {"ContentSid": "HX1", "Body": None}, 400, 21655),
    ("live", {"ContentSid": HX, "ContentVariables": "{"}, 400, 21656),
    ("live", {"ContentSid": HX, "ContentVariables": "[1]"}, 400, 21656),
    # Recipients.
    ("live", {"To": "+393450021211"}, 400, 21211),
    ("live", {"To": "+393450021408"}, 400, 21408),
    ("live", {"To": "+393450021610"}, 400, 21610),
    ("live", {"To": "+393450021614"}, 400, 21614),
    ("live", {"To": "+393450021635"}, 400, 21635),
    # Trial.
    ("trial", {}, 400, 21608),
    ("trial", {"To": "+12025550199", "From": "ACME"}, 400, 21267),
    ("trial", {"To": "rcs:+12025550199", "From": "rcs:demo_brand_agent"}, 400, 10002),
    ("suspended", {}, 403, 20005),
]


@pytest.mark.parametrize(
    ("label", "parameters", "status", "code"),
    REFUSALS,
    ids=lambda value: str(value)[:60] if isinstance(value, dict) else None,
)
def test_refused(
    shared: Stage, label: str, parameters: dict[str, Any], status: int, code: int
) -> None:
    peer = shared.peer(label)
    names = {
        SERVICE: peer.fields.get("message_sid"),
        "{live service}": shared.peer().fields["message_sid"],
    }
    filled = {
        key: names.get(value, value) if isinstance(value, str) else value
        for key, value in parameters.items()
    }
    to = filled.pop("To", "+12025550100")
    answer = peer.send(to, **filled)
    assert (answer.status, answer.json["code"]) == (status, code)
    assert "{" not in answer.json["message"]


ACCEPTED: list[tuple[str, dict[str, Any]]] = [
    ("live", {"Body": "a" * 1600}),
    ("live", {"From": "72345"}),
    ("live", {"From": "ACME", "To": "+393451234567"}),
    ("live", {"From": SERVICE}),
    ("live", {"MessagingServiceSid": SERVICE}),
    ("live", {"MessagingServiceSid": SERVICE, "From": "72345"}),
    ("live", {"Body": None, "MediaUrl": ["https://example.com/cat.png"] * 10}),
    ("live", {"Body": None, "ContentSid": HX, "ContentVariables": '{"1":"Ann"}'}),
    ("live", {"ValidityPeriod": "36000", "UnknownField": "x"}),
    ("live", {"From": "rcs:demo_brand_agent", "To": "rcs:+12025550100"}),
    ("live, RCS", {"MessagingServiceSid": SERVICE, "To": "rcs:+12025550100"}),
    ("live, RCS", {"MessagingServiceSid": SERVICE, "FallbackFrom": "+442071838750"}),
    ("standard key", {"MessagingServiceSid": SERVICE}),
    ("subaccount", {}),
    ("trial", {"To": "+12025550199"}),
]


@pytest.mark.parametrize(("label", "parameters"), ACCEPTED)
def test_accepted(shared: Stage, label: str, parameters: dict[str, Any]) -> None:
    peer = shared.peer(label)
    filled = {
        key: peer.fields["message_sid"] if value == SERVICE else value
        for key, value in parameters.items()
    }
    to = filled.pop("To", "+12025550100")
    answer = peer.send(to, **filled)
    assert answer.status == 201, answer.body
    kind = "MM" if "MediaUrl" in parameters else "SM"
    assert answer.json["sid"].startswith(kind)
    assert answer.json["to"] == to


def test_an_unverified_number_is_masked(shared: Stage) -> None:
    message = shared.peer("trial").send("+393451234567").json["message"]
    assert "+39345123XXXX" in message
    assert "4567" not in message


def test_a_json_body_counts_for_nothing(shared: Stage) -> None:
    body = json.dumps({"To": "+12025550100", "From": "+12025550142", "Body": "x"}).encode()
    answer = shared.peer().call(
        "POST",
        "/2010-04-01/Accounts/{sid}/Messages.json",
        body,
        {"Content-Type": "application/json"},
    )
    assert (answer.status, answer.json["code"]) == (400, 21604)


MAGIC = [
    ("+15005550001", "+12025550100", 21212),
    ("+15005550006", "+12025550100", None),
    ("+15005550007", "+12025550100", 21606),
    ("+15005550008", "+12025550100", 21611),
    ("+12025550142", "+12025550100", 21606),
    ("+15005550006", "+15005550001", 21211),
    ("+15005550006", "+15005550002", 21612),
    ("+15005550006", "+15005550003", 21408),
    ("+15005550006", "+15005550004", 21610),
    ("+15005550006", "+15005550009", 21614),
    ("+15005550006", "123", 21265),
    ("+15005550006", "hello", 21211),
    ("+15005550006", "+15005550006", 21266),
]


@pytest.mark.parametrize(("sender", "to", "code"), MAGIC)
def test_magic_numbers_of_the_test_credentials(
    shared: Stage, sender: str, to: str, code: int | None
) -> None:
    answer = shared.peer("test credentials").send(to, From=sender)
    assert (answer.status, answer.json.get("code")) == (201 if code is None else 400, code)


def test_every_magic_number_is_in_the_table_above() -> None:
    assert {sender for sender, _to, _code in MAGIC} >= set(MAGIC_FROM)
    assert {to for _sender, to, _code in MAGIC} >= set(MAGIC_TO)


def test_magic_numbers_mean_nothing_to_a_live_account(shared: Stage) -> None:
    assert shared.peer().send("+15005550004").status == 201
    assert shared.peer().send(From="+15005550006").json["code"] == 21659
