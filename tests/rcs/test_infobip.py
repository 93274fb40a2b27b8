"""Infobip's way to RCS: what is asked, what the answers come to."""

from __future__ import annotations

from typing import Any

import pytest

from smstui.providers.base import InvalidFields, Response, Result
from smstui.rcs.routes.registry import route
from tests.rcs.set_ups import KEY, answer, body_of, converse, lines_of, setup_of, tasks_of

INFOBIP = route("Infobip")
SENDERS = "https://abc123.api.infobip.com/rcs/1/senders"
SENDER = {"senderName": "DemoSender", "senderStatus": "LAUNCHED_IN_PROGRESS"}
DEVICES = {
    "results": [
        {"testNumber": "+393331234567", "status": "WAITING_FOR_TESTER_ACCEPTANCE"},
        {"testNumber": "393337654321", "status": "EXPIRED"},
    ],
    "paging": {"page": 0, "size": 100, "totalPages": 1, "totalResults": 2},
}
LAUNCH = {
    "event": "RCS_SENDER_LAUNCH_STATUS_UPDATE",
    "senderName": "DemoSender",
    "senderStatus": "LAUNCHED_IN_PROGRESS",
    "coverage": [
        {
            "countryCode": "IT",
            "providers": [
                {"name": "TIM", "status": "COMPLETED"},
                {"name": "Iliad", "status": "REJECTED", "rejectionReason": "No opt-out wording"},
            ],
        },
        {"countryCode": "DE", "providers": [{"name": "O2", "status": "NOT_REQUESTED"}]},
    ],
}


def test_sender_devices_and_carriers_are_read() -> None:
    requests, progress = converse(
        INFOBIP.ask_status(setup_of("Infobip")), answer(SENDER), answer(DEVICES), answer(LAUNCH)
    )
    assert [(r.method, r.url) for r in requests] == [
        ("GET", f"{SENDERS}/DemoSender"),
        ("GET", f"{SENDERS}/DemoSender/test-numbers?size=100"),
        ("GET", f"{SENDERS}/DemoSender/launch-status"),
    ]
    assert all(("Authorization", f"App {KEY}") in request.headers for request in requests)
    assert lines_of(progress) == [
        (0, "DemoSender", "LAUNCHED_IN_PROGRESS", "done"),
        (1, "+393331234567", "WAITING_FOR_TESTER_ACCEPTANCE", "doing"),
        (1, "+393337654321", "EXPIRED", "refused"),
        (1, "IT", "", "done"),
        (2, "TIM", "COMPLETED", "done"),
        (2, "Iliad", "REJECTED", "refused"),
        (1, "DE", "", "open"),
        (2, "O2", "NOT_REQUESTED", "not needed"),
    ]
    assert progress.status is not None
    assert progress.status[5].remark == "No opt-out wording"
    assert tasks_of(progress) == {
        "sender": "done",
        "ready": "done",
        "launch": "done",
        "test_device": "doing",
        "carriers": "done",
    }
    assert progress.outcome.result is Result.PASSED


@pytest.mark.parametrize(
    ("word", "tasks", "result"),
    [
        ("DRAFT", {"sender": "doing", "ready": "doing"}, Result.PASSED),
        ("PENDING", {"sender": "doing", "ready": "doing"}, Result.PENDING),
        ("READY_FOR_TESTING", {"sender": "done", "ready": "done"}, Result.PASSED),
        (
            "PENDING_LAUNCH",
            {"sender": "done", "ready": "done", "launch": "doing"},
            Result.PENDING,
        ),
        (
            "SENDER_UPDATE_REQUIRED",
            {"sender": "done", "ready": "done", "launch": "refused"},
            Result.WARNED,
        ),
        ("LAUNCHED", {"sender": "done", "ready": "done", "launch": "done"}, Result.PASSED),
        ("A_NEW_ONE", {"sender": "done", "ready": "done"}, Result.PASSED),
    ],
)
def test_each_state_of_a_sender_moves_its_tasks(
    word: str, tasks: dict[str, str], result: Result
) -> None:
    _requests, progress = converse(
        INFOBIP.ask_status(setup_of("Infobip")),
        answer({**SENDER, "senderStatus": word}),
        Response(403),
        Response(0),
    )
    assert (tasks_of(progress), progress.outcome.result) == (tasks, result)


REFUSED = {"errorCode": "E404", "description": "Not found", "action": "Check the name"}


@pytest.mark.parametrize(
    ("response", "word", "field"),
    [
        (answer({**REFUSED, "errorCode": "E401"}, 401), "key refused", "api_key"),
        (answer({**REFUSED, "errorCode": "E403"}, 403), "scope missing", "api_key"),
        (answer(REFUSED, 404), "sender unknown", "sender_name"),
        (Response(404, body=b"<html>nginx</html>"), "not found", "api_base_url"),
        (answer({**REFUSED, "errorCode": "E429"}, 429), "throttled", ""),
        (Response(200, body=b"<html>Portal</html>"), "broken answer", ""),
        (answer({**SENDER, "senderName": "Other"}), "broken answer", ""),
        (answer({**SENDER, "senderStatus": None}), "broken answer", ""),
    ],
)
def test_refusals_are_told(response: Response, word: str, field: str) -> None:
    _requests, progress = converse(INFOBIP.ask_status(setup_of("Infobip")), response)
    assert (progress.outcome.word, progress.outcome.field) == (word, field)
    if response.status == 403:
        assert "rcs:provision" in progress.outcome.next_step


def test_the_sender_is_created_as_documented() -> None:
    requests, progress = converse(
        INFOBIP.perform(setup_of("Infobip"), "create_sender", {}),
        answer({"senderName": "DemoSender", "senderStatus": "PENDING"}, 202),
    )
    assert (requests[0].method, requests[0].url) == ("POST", SENDERS)
    assert body_of(requests[0]) == {
        "senderName": "DemoSender",
        "billingCategory": "NON_CONVERSATIONAL",
        "useCase": "TRANSACTIONAL",
        "hostingRegion": "EUROPE",
        "brand": {"brandName": "Acme Ltd"},
        "displayName": "Acme",
        "description": "News and offers of Acme",
        "color": "#1A5FB4",
        "phones": [{"phoneNumber": "+390212345678", "label": "Customer care"}],
        "emails": [{"address": "care@example.com", "label": "E-mail"}],
        "websites": [{"url": "https://www.example.com", "label": "Website"}],
        "bannerUrl": "https://www.example.com/banner.png",
        "logoUrl": "https://www.example.com/logo.png",
        "privacy": {"url": "https://www.example.com/privacy", "label": "Privacy policy"},
        "termsOfService": {"url": "https://www.example.com/terms", "label": "Terms of service"},
    }
    assert tasks_of(progress) == {"sender": "doing", "ready": "doing"}
    taken = answer({"errorCode": "E409", "description": "Conflict"}, 409)
    _requests, progress = converse(INFOBIP.perform(setup_of("Infobip"), "create_sender", {}), taken)
    assert (progress.outcome.word, progress.outcome.field) == ("name taken", "sender_name")


@pytest.mark.parametrize(
    ("key", "method", "path"),
    [
        ("add_test_number", "POST", "/DemoSender/test-numbers"),
        ("refresh_test_number", "PUT", "/DemoSender/test-numbers/%2B393337654321/refresh"),
    ],
)
def test_test_devices_are_invited(key: str, method: str, path: str) -> None:
    def invite(document: Any, status: int = 202) -> Any:
        errand = INFOBIP.perform(setup_of("Infobip"), key, {"test_number": "+393337654321"})
        return converse(errand, answer(document, status))

    invited = {"senderName": "DemoSender", "testNumber": "393337654321", "status": "PENDING"}
    requests, progress = invite(invited)
    assert (requests[0].method, requests[0].url) == (method, SENDERS + path)
    if method == "POST":
        assert body_of(requests[0]) == {"testNumber": "+393337654321", "primary": False}
        assert progress.learned == {"test_numbers": "+393331234567, +393337654321"}
    assert (progress.outcome.word, tasks_of(progress)) == ("invited", {"test_device": "doing"})
    assert progress.outcome.result is Result.PENDING
    _requests, progress = invite({**invited, "status": "APPROVED"})
    assert tasks_of(progress) == {"test_device": "done"}
    _requests, progress = invite({**invited, "status": "UNSUPPORTED"})
    assert (progress.outcome.result, tasks_of(progress)) == (
        Result.WARNED,
        {"test_device": "refused"},
    )
    _requests, progress = invite(REFUSED, 400)
    assert (progress.outcome.result, progress.tasks) == (Result.FAILED, {})
    assert "test_numbers" not in progress.learned
    for status, word in ((404, "not found"), (409, "not now")):
        _requests, progress = invite(REFUSED, status)
        assert (progress.outcome.word, progress.outcome.field) == (word, "test_numbers")


def test_an_invitation_wants_a_number_and_starts_with_the_one_typed() -> None:
    setup = setup_of("Infobip")
    action = next(a for a in INFOBIP.actions(setup) if a.key == "add_test_number")
    assert action.asks["test_number"].default == "+393331234567"
    with pytest.raises(InvalidFields):
        INFOBIP.perform(setup, "add_test_number", {"test_number": "333"})


def test_what_is_not_filled_in_is_not_offered() -> None:
    def keys(*without: str, **changes: Any) -> list[str]:
        return [a.key for a in INFOBIP.actions(setup_of("Infobip", without=without, **changes))]

    assert keys()[0] == "create_sender"
    assert keys("hosting_region") == ["add_test_number", "refresh_test_number"]
    assert keys("phone", "email", "website") == ["add_test_number", "refresh_test_number"]
    assert keys(color="#FFFF00") == ["add_test_number", "refresh_test_number"]
    assert keys("api_key") == []
    assert INFOBIP.ask_status(setup_of("Infobip", sender_name="a/b")) is None
