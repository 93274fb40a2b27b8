"""Twilio's way to RCS: what is asked, what the answers come to."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest

from smstui.errors import SmstuiError
from smstui.providers.base import InvalidFields, Response, Result, basic_auth
from smstui.rcs.base import Where
from smstui.rcs.routes.registry import route
from tests.rcs.set_ups import (
    ACCOUNT,
    SENDER_SID,
    SERVICE,
    TOKEN,
    answer,
    body_of,
    converse,
    lines_of,
    setup_of,
    tasks_of,
)

TWILIO = route("Twilio")
SENDERS = "https://messaging.twilio.com/v2/Channels/Senders"
POOL = f"https://messaging.twilio.com/v1/Services/{SERVICE}/ChannelSenders"
LOGIN = basic_auth(ACCOUNT, TOKEN)

SENDER: dict[str, Any] = {
    "sid": SENDER_SID,
    "status": "TWILIO_REVIEW",
    "sender_id": "rcs:acme_x1y2_agent",
    "profile": {
        "description": "News",
        "logo_url": "https://www.example.com/logo.png",
        "banner_url": "https://www.example.com/banner.png",
        "privacy_url": "https://www.example.com/privacy",
    },
    "webhook": {"callback_url": "https://hooks.example.com/in", "callback_method": "POST"},
    "compliance": {
        "registration_sid": "BU00112233445566778899aabbccddeeff",
        "countries": [
            {
                "country": "US",
                "status": "PENDING_VERIFICATION",
                "carriers": [
                    {"name": "Verizon", "status": "CARRIER_REVIEW"},
                    {"name": "T-Mobile", "status": "UNLAUNCHED"},
                ],
            },
            {
                "country": "IT",
                "status": "ONLINE",
                "carriers": [
                    {"name": "TIM", "status": "APPROVED"},
                    {"name": "Iliad", "status": "REJECTED"},
                ],
            },
        ],
    },
    "offline_reasons": None,
}


def test_the_sender_is_read_with_countries_and_carriers() -> None:
    requests, progress = converse(
        TWILIO.ask_status(setup_of("Twilio")),
        answer(SENDER),
        answer({"senders": [{"sid": SENDER_SID, "sender": "rcs:acme_x1y2_agent"}]}),
    )
    assert [(r.method, r.url) for r in requests] == [
        ("GET", f"{SENDERS}/{SENDER_SID}"),
        ("GET", f"{POOL}?PageSize=100"),
    ]
    assert all(LOGIN in request.headers for request in requests)
    assert lines_of(progress) == [
        (0, "rcs:acme_x1y2_agent", "TWILIO_REVIEW", "doing"),
        (1, "US", "PENDING_VERIFICATION", "doing"),
        (2, "Verizon", "CARRIER_REVIEW", "doing"),
        (2, "T-Mobile", "UNLAUNCHED", "open"),
        (1, "IT", "ONLINE", "done"),
        (2, "TIM", "APPROVED", "done"),
        (2, "Iliad", "REJECTED", "refused"),
    ]
    assert tasks_of(progress) == {
        "sender": "done",
        "details": "done",
        "callbacks": "done",
        "registration": "done",
        "registration_us": "doing",
        "carriers": "done",
        "service": "done",
        "attach": "done",
    }
    assert progress.outcome.result is Result.PENDING
    assert progress.learned == {"sender_sid": SENDER_SID, "sender_id": "rcs:acme_x1y2_agent"}


def test_a_sender_known_by_its_id_alone_is_found_in_the_list() -> None:
    setup = setup_of("Twilio", without=("sender_sid", "messaging_service_sid"))
    others = [{"sid": f"XE{'0' * 32}", "sender_id": "rcs:other_agent"}, SENDER]
    requests, progress = converse(
        TWILIO.ask_status(setup), answer({"senders": others, "meta": {}}), answer(SENDER)
    )
    assert requests[0].url == f"{SENDERS}?Channel=rcs&PageSize=1000"
    assert requests[1].url == f"{SENDERS}/{SENDER_SID}"
    assert progress.learned["sender_sid"] == SENDER_SID
    assert "attach" not in progress.tasks
    _requests, progress = converse(TWILIO.ask_status(setup), answer({"senders": others[:1]}))
    assert (progress.outcome.word, progress.outcome.field) == ("sender unknown", "sender_id")


@pytest.mark.parametrize(
    ("word", "result", "sender", "registration"),
    [
        ("CREATING", Result.PENDING, "doing", None),
        ("DRAFT", Result.PASSED, "done", None),
        ("VERIFYING", Result.PENDING, "done", "doing"),
        ("ONLINE", Result.PASSED, "done", "done"),
        ("ONLINE:UPDATING", Result.PASSED, "done", "done"),
        ("OFFLINE", Result.WARNED, "done", None),
        ("SOMETHING_NEW", Result.PASSED, "done", None),
    ],
)
def test_each_state_of_a_sender_means_something(
    word: str, result: Result, sender: str, registration: str | None
) -> None:
    waiting = {"country": "US", "status": "PENDING_VERIFICATION", "carriers": []}
    record = {
        "sid": SENDER_SID,
        "status": word,
        "offline_reasons": [{"message": "Logo too big"}],
        "compliance": {"countries": [waiting] if word in ("CREATING", "DRAFT") else []},
    }
    setup = setup_of("Twilio", without=("messaging_service_sid",))
    _requests, progress = converse(TWILIO.ask_status(setup), answer(record))
    assert progress.outcome.result is result
    assert tasks_of(progress)["sender"] == sender
    assert tasks_of(progress).get("registration") == registration
    assert progress.status is not None
    assert progress.status[0].remark == "Logo too big"


@pytest.mark.parametrize(
    ("response", "word", "field"),
    [
        (answer({"code": 20003, "message": "Authenticate"}, 401), "token refused", "auth_token"),
        (answer({"code": 20404, "message": "Not found"}, 404), "sender unknown", "sender_sid"),
        (answer({"code": 20429, "message": "Slow down"}, 429), "throttled", ""),
        (Response(502, body=b"<html>Bad gateway</html>"), "provider down", ""),
        (Response(200, body=b"<html>Portal</html>"), "broken answer", ""),
        (answer([SENDER]), "broken answer", ""),
        (answer({**SENDER, "sid": "XE1"}), "broken answer", ""),
        (answer({**SENDER, "status": 7}), "broken answer", ""),
    ],
)
def test_refusals_are_told(response: Response, word: str, field: str) -> None:
    _requests, progress = converse(TWILIO.ask_status(setup_of("Twilio")), response)
    assert (progress.outcome.word, progress.outcome.field) == (word, field)
    assert progress.outcome.result is Result.FAILED
    assert progress.status is None


def test_a_pool_that_cannot_be_read_changes_nothing() -> None:
    for pool in (Response(0), Response(403), answer({"senders": "none"})):
        _requests, progress = converse(TWILIO.ask_status(setup_of("Twilio")), answer(SENDER), pool)
        assert progress.status is not None
        assert "attach" not in progress.tasks
    _requests, progress = converse(
        TWILIO.ask_status(setup_of("Twilio")), answer(SENDER), answer({"senders": []})
    )
    assert tasks_of(progress)["attach"] == "open"


def test_a_messaging_service_is_made() -> None:
    setup = setup_of("Twilio", without=("messaging_service_sid",))
    errand = TWILIO.perform(setup, "create_service", {"service_name": "Acme brand"})
    requests, progress = converse(errand, answer({"sid": SERVICE}, 201))
    assert (requests[0].method, requests[0].url) == (
        "POST",
        "https://messaging.twilio.com/v1/Services",
    )
    assert parse_qsl(requests[0].body.decode()) == [("FriendlyName", "Acme brand")]
    assert progress.learned == {"messaging_service_sid": SERVICE}
    assert tasks_of(progress) == {"service": "done"}
    with pytest.raises(InvalidFields):
        TWILIO.perform(setup, "create_service", {"service_name": ""})


def test_the_sender_is_put_into_the_messaging_service() -> None:
    setup = setup_of("Twilio")
    requests, progress = converse(
        TWILIO.perform(setup, "attach_sender", {}), answer({"sid": SENDER_SID}, 201)
    )
    assert (requests[0].method, requests[0].url) == ("POST", POOL)
    assert parse_qsl(requests[0].body.decode()) == [("Sid", SENDER_SID)]
    assert tasks_of(progress) == {"service": "done", "attach": "done"}
    refused = answer({"code": 21710, "message": "Already there"}, 409)
    _requests, progress = converse(TWILIO.perform(setup, "attach_sender", {}), refused)
    assert progress.outcome.field == "messaging_service_sid"
    assert "which service" in progress.outcome.next_step


def test_a_sender_by_api_is_a_try_and_never_a_promise() -> None:
    setup = setup_of("Twilio", without=("sender_sid",))
    action = next(a for a in TWILIO.actions(setup) if a.key == "create_sender")
    assert "expect a refusal" in action.confirm
    assert next(t for t in TWILIO.tasks if t.key == "sender").where is Where.CONSOLE
    created = {"sid": SENDER_SID, "status": "CREATING", "sender_id": "rcs:acme_x1y2_agent"}
    requests, progress = converse(TWILIO.perform(setup, "create_sender", {}), answer(created, 202))
    assert (requests[0].method, requests[0].url) == ("POST", SENDERS)
    assert body_of(requests[0]) == {
        "sender_id": "rcs:acme_x1y2_agent",
        "profile": {
            "name": "Acme",
            "description": "News and offers of Acme",
            "accent_color": "#1A5FB4",
            "logo_url": "https://www.example.com/logo.png",
            "banner_url": "https://www.example.com/banner.png",
            "privacy_url": "https://www.example.com/privacy",
            "terms_of_service_url": "https://www.example.com/terms",
            "phone_numbers": [{"phone_number": "+390212345678", "label": "Customer care"}],
            "emails": [{"email": "care@example.com", "label": "E-mail"}],
            "websites": [{"website": "https://www.example.com", "label": "Website"}],
            "use_case": "TRANSACTIONAL",
        },
    }
    assert (progress.learned["sender_sid"], tasks_of(progress)) == (
        SENDER_SID,
        {"sender": "doing"},
    )
    refused = answer({"code": 63105, "message": "Not for this channel"}, 400)
    _requests, progress = converse(TWILIO.perform(setup, "create_sender", {}), refused)
    assert "Console" in progress.outcome.next_step


def test_what_is_not_filled_in_is_not_offered() -> None:
    def keys(*without: str, **changes: Any) -> list[str]:
        return [a.key for a in TWILIO.actions(setup_of("Twilio", without=without, **changes))]

    assert keys() == ["read_sender", "attach_sender"]
    assert keys("auth_token") == []
    assert keys("sender_sid") == ["read_sender", "create_sender"]
    assert keys("sender_sid", "terms") == ["read_sender"]
    assert keys("sender_sid", logo="~/logo.png") == ["read_sender"]
    assert keys("sender_sid", "sender_id", "messaging_service_sid") == ["create_service"]
    assert TWILIO.ask_status(setup_of("Twilio", without=("sender_sid", "sender_id"))) is None
    assert TWILIO.ask_status(setup_of("Twilio", account_sid="AC/../..")) is None
    with pytest.raises(SmstuiError):
        TWILIO.perform(setup_of("Twilio", without=("auth_token",)), "attach_sender", {})


def test_an_api_key_logs_in_and_a_host_takes_the_place_of_twilios() -> None:
    setup = setup_of(
        "Twilio",
        without=("messaging_service_sid",),
        api_key_sid="SK00112233445566778899aabbccddeeff",
        api_key_secret=TOKEN,
        api_host="http://127.0.0.1:4010",
    )
    requests, _progress = converse(TWILIO.ask_status(setup), answer(SENDER))
    assert requests[0].url == f"http://127.0.0.1:4010/v2/Channels/Senders/{SENDER_SID}"
    assert basic_auth("SK00112233445566778899aabbccddeeff", TOKEN) in requests[0].headers
    draft = TWILIO.credential(setup, with_fallback=False)
    assert draft["user_name"] == "SK00112233445566778899aabbccddeeff"
    assert str(draft["provider_url"]).startswith("http://127.0.0.1:4010/2010-04-01/Accounts/AC")
