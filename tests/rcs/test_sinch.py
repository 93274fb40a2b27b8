"""Sinch's way to RCS: what is asked, what the answers come to."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from smstui.providers.base import Response, Result, basic_auth
from smstui.rcs.base import Progress
from smstui.rcs.routes.registry import route
from tests.rcs.set_ups import (
    APP,
    KEY_ID,
    KEY_SECRET,
    PROJECT,
    answer,
    body_of,
    converse,
    lines_of,
    setup_of,
    tasks_of,
)

SINCH = route("Sinch")
SENDERS = f"https://provisioning.api.sinch.com/v1/projects/{PROJECT}/rcs/senders"
APPS = f"https://eu.conversation.api.sinch.com/v1/projects/{PROJECT}/apps/{APP}"
LOGIN = basic_auth(KEY_ID, KEY_SECRET)
BEARER = {"claimed_identity": "auth-name-1", "token": "auth-token-1"}

SENDER: dict[str, Any] = {
    "id": "sender-1",
    "region": "EU",
    "billingCategory": "NON_CONVERSATIONAL",
    "useCase": "MULTIUSE",
    "state": "LAUNCHING",
    "authName": "auth-name-1",
    "authToken": "auth-token-1",
    "details": {
        "brand": {
            "name": "Acme Ltd",
            "logoUrl": "https://www.example.com/logo.png",
            "bannerUrl": "https://www.example.com/banner.png",
            "privacyPolicyUrl": "https://www.example.com/privacy",
        },
        "countries": ["IT", "DE"],
    },
    "testNumberStates": [{"number": "+393331234567", "state": "VERIFIED"}],
    "countryStatus": [
        {
            "country": "IT",
            "operators": [
                {"name": "TIM", "status": "LAUNCHED"},
                {"name": "Iliad", "status": "REJECTED", "remark": "Not supported"},
            ],
        }
    ],
}
SMS = {
    "channel": "SMS",
    "static_bearer": {"claimed_identity": "demo_plan", "token": "plan-token-0123456789"},
    "callback_secret": "",
}
OTHERS = [
    SMS | {"state": {"status": "ACTIVE", "description": ""}, "channel_known_id": ""},
    {"channel": "WHATSAPP", "static_bearer": {"claimed_identity": "wa", "token": "wa-token"}},
]
LINKED = {"channel": "RCS", "static_bearer": BEARER, "state": {"status": "ACTIVE"}}


def app_with(*channels: dict[str, Any]) -> Response:
    return answer({"id": APP, "display_name": "Acme", "channel_credentials": list(channels)})


def perform(key: str, *answers: Response, **asked: str) -> tuple[list[Any], Progress]:
    return converse(SINCH.perform(setup_of("Sinch"), key, asked), *answers)


def test_sender_devices_carriers_and_channel_are_read() -> None:
    requests, progress = converse(
        SINCH.ask_status(setup_of("Sinch")), answer(SENDER), app_with(*OTHERS, LINKED)
    )
    assert [(r.method, r.url) for r in requests] == [
        ("GET", f"{SENDERS}/sender-1"),
        ("GET", APPS),
    ]
    assert all(LOGIN in request.headers for request in requests)
    assert lines_of(progress) == [
        (0, "Acme Ltd", "LAUNCHING", "doing"),
        (1, "channel of the app", "ACTIVE", "done"),
        (1, "+393331234567", "VERIFIED", "done"),
        (1, "IT", "", "done"),
        (2, "TIM", "LAUNCHED", "done"),
        (2, "Iliad", "REJECTED", "refused"),
    ]
    assert tasks_of(progress) == {
        "enabled": "done",
        "sender": "done",
        "brand": "done",
        "test_device": "done",
        "launch": "doing",
        "carriers": "done",
        "app": "done",
        "link": "done",
    }
    assert progress.learned == {"sender_id": "sender-1"}


def test_the_secrets_of_sender_and_app_are_known_as_such() -> None:
    answers = (answer(SENDER), app_with(*OTHERS, LINKED))
    requests, _progress = converse(SINCH.ask_status(setup_of("Sinch")), *answers)
    found = []
    for request, response in zip(requests, answers, strict=True):
        assert request.secrets_in is not None
        found.append({secret.get_secret_value() for secret in request.secrets_in(response)})
    assert "auth-token-1" in found[0]
    assert {"auth-token-1", "plan-token-0123456789"} <= found[1]


def test_a_channel_under_the_senders_id_is_told() -> None:
    wrong = {"channel": "RCS", "static_bearer": {"claimed_identity": "sender-1", "token": "x"}}
    _requests, progress = converse(
        SINCH.ask_status(setup_of("Sinch")), answer(SENDER), app_with(wrong)
    )
    assert progress.outcome.word == "wrong bearer"
    assert tasks_of(progress)["link"] == "refused"


@pytest.mark.parametrize("app", [Response(0), Response(404), answer({"id": APP})])
def test_an_app_that_tells_nothing_changes_nothing(app: Response) -> None:
    _requests, progress = converse(SINCH.ask_status(setup_of("Sinch")), answer(SENDER), app)
    assert progress.status is not None
    assert "link" not in progress.tasks


@pytest.mark.parametrize(
    ("word", "launch", "result"),
    [
        ("DRAFT", None, Result.PASSED),
        ("IN_PROGRESS", None, Result.PENDING),
        ("IN_TEST", None, Result.PASSED),
        ("PREPARING_LAUNCH", "doing", Result.PENDING),
        ("LAUNCHED", "done", Result.PASSED),
        ("UNLAUNCHED", "refused", Result.WARNED),
        ("A_NEW_ONE", None, Result.PASSED),
    ],
)
def test_each_state_of_a_sender_means_something(
    word: str, launch: str | None, result: Result
) -> None:
    setup = setup_of("Sinch", without=("app_id",))
    _requests, progress = converse(SINCH.ask_status(setup), answer({**SENDER, "state": word}))
    assert (tasks_of(progress).get("launch"), progress.outcome.result) == (launch, result)


REFUSED = {"errorCode": "invalid_id_format", "message": "Bad id.", "resolution": "Check it."}


@pytest.mark.parametrize(
    ("response", "word", "field"),
    [
        (answer({**REFUSED, "errorCode": "unauthorized_error"}, 401), "key refused", "key_secret"),
        (answer({**REFUSED, "errorCode": "rbm_has_not_been_used"}, 400), "RCS not enabled", None),
        (answer({"error": {"code": 403, "message": "Denied"}}, 403), "not permitted", None),
        (answer(REFUSED, 404), "sender unknown", "sender_id"),
        (answer(REFUSED, 429), "throttled", ""),
        (answer({}, 500), "provider fault", ""),
        (Response(502, body=b"<html>Bad gateway</html>"), "provider down", ""),
        (Response(200, body=b"<html>Portal</html>"), "broken answer", ""),
        (answer({**SENDER, "id": "../x"}), "broken answer", ""),
        (answer([]), "broken answer", ""),
    ],
)
def test_refusals_are_told(response: Response, word: str, field: str | None) -> None:
    _requests, progress = converse(SINCH.ask_status(setup_of("Sinch")), response)
    outcome = progress.outcome
    assert (outcome.word, outcome.field) == (word, "project_id" if field is None else field)
    if b"Check it." in response.body:
        assert "Check it." in outcome.raw


def test_the_sender_is_created_as_documented() -> None:
    setup = setup_of("Sinch", without=("sender_id",))
    assert [action.key for action in SINCH.actions(setup)] == ["create_sender"]
    requests, progress = converse(
        SINCH.perform(setup, "create_sender", {}), answer({**SENDER, "state": "DRAFT"}, 201)
    )
    assert (requests[0].method, requests[0].url) == ("POST", SENDERS)
    assert body_of(requests[0]) == {
        "region": "EU",
        "billingCategory": "NON_CONVERSATIONAL",
        "useCase": "MULTIUSE",
        "details": {
            "brand": {
                "name": "Acme Ltd",
                "description": "News and offers of Acme",
                "color": "#1A5FB4",
                "logoUrl": "https://www.example.com/logo.png",
                "bannerUrl": "https://www.example.com/banner.png",
                "privacyPolicyUrl": "https://www.example.com/privacy",
                "termsOfServiceUrl": "https://www.example.com/terms",
                "phones": [{"label": "Customer care", "number": "+390212345678"}],
                "emails": [{"label": "E-mail", "address": "care@example.com"}],
                "websites": [{"label": "Website", "url": "https://www.example.com"}],
            },
            "countries": ["IT", "DE"],
        },
    }
    assert progress.learned == {"sender_id": "sender-1"}


def test_the_brand_is_written() -> None:
    requests, progress = perform("update_brand", answer(SENDER))
    assert (requests[0].method, requests[0].url) == ("PATCH", f"{SENDERS}/sender-1")
    assert list(body_of(requests[0])) == ["details"]
    assert (progress.outcome.word, tasks_of(progress)["brand"]) == ("brand written", "done")
    _requests, progress = perform("update_brand", answer(REFUSED, 400))
    assert (progress.outcome.result, progress.tasks) == (Result.FAILED, {})


def test_test_devices_are_invited_and_invited_again() -> None:
    number, path = "+393337654321", f"{SENDERS}/sender-1/testNumbers"
    states = [
        {"number": "+393331234567", "state": "VERIFIED"},
        {"number": number, "state": "PENDING"},
    ]
    requests, progress = perform(
        "add_test_number", answer({"testNumbers": states}), test_number=number
    )
    assert (requests[0].method, requests[0].url) == ("POST", path)
    assert body_of(requests[0]) == {"testNumbers": [number]}
    assert tasks_of(progress) == {"test_device": "doing"}
    assert progress.learned == {"test_numbers": f"+393331234567, {number}"}
    again = f"{path}/%2B393337654321/retry"
    one = answer({"number": number, "state": "VERIFIED", "submitted": "2026-11-09"})
    requests, progress = perform("retry_test_number", one, test_number=number)
    assert [(r.method, r.url) for r in requests] == [("GET", again)]
    assert tasks_of(progress) == {"test_device": "done"}
    requests, progress = perform("retry_test_number", Response(405), one, test_number=number)
    assert [(r.method, r.url) for r in requests] == [("GET", again), ("POST", again)]
    too_many = answer({**REFUSED, "errorCode": "rbm_too_many_requests"}, 429)
    _requests, progress = perform("add_test_number", too_many, test_number=number)
    assert progress.outcome.word == "too many invitations"
    declined = answer({"testNumbers": [{"number": number, "state": "DECLINED"}]})
    _requests, progress = perform("add_test_number", declined, test_number=number)
    assert tasks_of(progress) == {"test_device": "refused"}


def test_the_sender_is_put_on_the_app_and_the_other_channels_stay() -> None:
    pending = copy.deepcopy(LINKED) | {"state": {"status": "PENDING"}}
    old = {"channel": "RCS", "static_bearer": {"claimed_identity": "sender-1", "token": "x"}}
    requests, progress = perform(
        "link_app", answer(SENDER), app_with(*OTHERS, old), app_with(*OTHERS, pending)
    )
    assert [(r.method, r.url) for r in requests] == [
        ("GET", f"{SENDERS}/sender-1"),
        ("GET", APPS),
        ("PATCH", APPS),
    ]
    assert body_of(requests[2]) == {
        "channel_credentials": [SMS, OTHERS[1], {"channel": "RCS", "static_bearer": BEARER}]
    }
    assert (progress.outcome.word, tasks_of(progress)) == (
        "channel pending",
        {"app": "done", "link": "doing"},
    )
    failing = pending | {"state": {"status": "FAILING", "description": "Region differs"}}
    _requests, progress = perform("link_app", answer(SENDER), app_with(), app_with(failing))
    assert (progress.outcome.word, progress.outcome.raw) == ("channel failing", "Region differs")


@pytest.mark.parametrize(
    ("answers", "word", "field"),
    [
        ([answer({**SENDER, "authName": None})], "not ready", ""),
        ([answer({})], "broken answer", ""),
        ([answer(SENDER), answer({"error": {"code": 404}}, 404)], "app not found", "app_id"),
        ([answer(SENDER), app_with(*OTHERS, "odd")], "broken answer", ""),  # type: ignore[arg-type]
        ([answer(SENDER), answer({"id": APP, "channel_credentials": {}})], "broken answer", ""),
        ([answer(SENDER), app_with(), app_with()], "broken answer", ""),
        ([answer(SENDER), app_with(), Response(500)], "provider fault", ""),
    ],
)
def test_nothing_is_written_to_an_app_that_was_not_understood(
    answers: list[Response], word: str, field: str
) -> None:
    requests, progress = perform("link_app", *answers)
    assert (progress.outcome.word, progress.outcome.field) == (word, field)
    assert ("PATCH" in [request.method for request in requests]) == (len(answers) == 3)


def test_the_sender_is_launched_once_the_checklist_is_complete() -> None:
    requests, progress = perform("launch", answer({**SENDER, "state": "PREPARING_LAUNCH"}))
    assert (requests[0].method, requests[0].url) == ("POST", f"{SENDERS}/sender-1/launch")
    assert body_of(requests[0]) == {}
    assert tasks_of(progress)["launch"] == "doing"
    _requests, progress = perform("launch", answer(REFUSED, 412))
    assert progress.outcome.word == "incomplete"
    assert "questionnaire" in progress.outcome.next_step


def test_a_sender_without_its_id_is_found_by_its_brand() -> None:
    setup = setup_of("Sinch", without=("sender_id", "app_id"))
    other = {**SENDER, "id": "sender-2", "details": {"brand": {"name": "Other"}}}
    requests, progress = converse(
        SINCH.ask_status(setup), answer({"senders": [other, SENDER]}), answer(SENDER)
    )
    assert [r.url for r in requests] == [SENDERS, f"{SENDERS}/sender-1"]
    assert progress.learned == {"sender_id": "sender-1"}
    for senders in ([other], [SENDER, SENDER]):
        _requests, progress = converse(SINCH.ask_status(setup), answer({"senders": senders}))
        assert progress.outcome.field == "sender_id"


def test_a_host_takes_the_place_of_all_of_sinchs() -> None:
    setup = setup_of("Sinch", api_host="http://127.0.0.1:4010")
    requests, _progress = converse(SINCH.ask_status(setup), answer(SENDER), app_with())
    assert all(request.url.startswith("http://127.0.0.1:4010/v1/projects/") for request in requests)


def test_without_a_login_nothing_is_offered() -> None:
    for change in ({"without": ("key_secret",)}, {"project_id": "x/y"}, {"region": "mars"}):
        setup = setup_of("Sinch", **change)
        assert SINCH.actions(setup) == ()
        assert SINCH.ask_status(setup) is None
