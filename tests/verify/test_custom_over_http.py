"""Vendor Custom against the simulator over real HTTP: each Auth Type, as a person would run it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from smstui.providers.base import Dialogue, Outcome, Response, Result
from smstui.providers.custom import CustomProvider
from smstui.providers.fields import Severity
from smstui.simulator.custom import CustomVendor
from smstui.simulator.custom.certificates import Authority
from smstui.simulator.custom.sending import AUTHORITY_PATH, RECEIVED_PATH
from smstui.verify import Depth, Verification
from tests.verify.place import Place

TO = "+12065550123"
WRONG = "another-secret-0123456789"
NO_FIELDS = '{"x": "{{fromNumber}}{{toNumber}}{{message}}"}'
PASSED, WARNED, FAILED, PENDING = Result.PASSED, Result.WARNED, Result.FAILED, Result.PENDING

ONE_REQUEST = (
    *("none", "API key in a header", "API key in the address", "Basic", "Bearer", "MAC"),
    *("JWT", "form"),
)
TOKEN_FIRST = ("OAuth", "OAuth, JSON body", "OAuth, short-lived", "login, then bearer")


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """One simulator for all; its clock only ever moves on, and the provider's with it."""
    place = Place([CustomVendor], [])
    place.providers["Custom"] = CustomProvider(lambda: place.now)
    with place.simulator:
        yield place


@pytest.fixture
def trusted(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the authority of the mTLS port as the account's note says."""
    path = tmp_path / "authority.pem"
    path.write_text(httpx.get(place.simulator.url + AUTHORITY_PATH).text)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))


def paths(verification: Verification) -> list[str]:
    """Return the last part of the path of every request, without its query."""
    urls = [exchange.request.url for exchange in verification.exchanges]
    return [url.partition("?")[0].rpartition("/")[2] for url in urls]


def received(place: Place) -> Any:
    """Return all messages that came in."""
    return httpx.get(place.simulator.url + RECEIVED_PATH).json()


def test_every_login_fits_its_form(place: Place) -> None:
    for info in place.simulator.accounts:
        issues = place.providers["Custom"].check(place.draft("Custom", info.label))
        assert not [issue for issue in issues if issue.severity is Severity.ERROR]


@pytest.mark.parametrize("label", ONE_REQUEST)
async def test_a_message_proves_itself(place: Place, label: str) -> None:
    verification = await place.run("Custom", label, Depth.SEND, TO, text='però "€"')
    assert (verification.result, verification.word) == (PENDING, "accepted")
    assert len(verification.message_id) == 24
    assert paths(verification) == ["", "messages"]
    message = received(place)[-1]
    assert (message["sender"], message["recipient"], message["text"]) == ("ACME", TO, 'però "€"')


@pytest.mark.parametrize("label", TOKEN_FIRST)
async def test_a_token_is_fetched_first(place: Place, label: str) -> None:
    verification = await place.run("Custom", label, Depth.SEND, TO, text=label)
    assert (verification.result, verification.word) == (PENDING, "accepted")
    asked = "login" if label.startswith("login") else "token"
    # What expires at once is not kept from the probe to the message.
    again = [asked] if label == "OAuth, short-lived" else []
    assert paths(verification) == [asked, *again, "messages"]
    assert received(place)[-1]["text"] == label


@pytest.mark.parametrize("label", TOKEN_FIRST)
async def test_a_token_that_is_revoked_is_renewed_once(place: Place, label: str) -> None:
    verification = await place.run("Custom", label, Depth.SEND, "+12065550401", text=f"{label} 2")
    assert verification.word == "accepted"
    asked = paths(verification)[0]
    assert paths(verification)[-3:] == ["messages", asked, "messages"]
    statuses = [e.response.status for e in verification.exchanges if e.response is not None]
    assert statuses[-3:] == [401, 200, 201]
    assert received(place)[-1]["text"] == f"{label} 2"


@pytest.mark.parametrize(
    ("label", "changes", "stage", "word"),
    [
        ("none", {}, "", "accepted"),
        ("API key in a header", {"api_token": WRONG}, "accept", "login refused"),
        ("API key in a header", {"api_key_name": "X-Other"}, "accept", "login refused"),
        ("API key in the address", {"api_token": WRONG}, "accept", "login refused"),
        ("Basic", {"password": WRONG}, "accept", "login refused"),
        ("Basic", {"user_name": "wrong"}, "accept", "login refused"),
        ("Bearer", {"api_token": WRONG}, "accept", "login refused"),
        ("MAC", {"api_secret_key": WRONG}, "accept", "login refused"),
        ("MAC", {"api_token": WRONG}, "accept", "login refused"),
        ("MAC", {"mac_authorization_hash_format": "hmac-sha-1"}, "accept", "login refused"),
        ("JWT", {"jwt_key": WRONG * 2}, "accept", "login refused"),
        ("JWT", {"jwt_algorithm": "HS384"}, "accept", "login refused"),
        ("JWT", {"jwt_payload": '{"iss": "acme", "exp": 300}'}, "accept", "login refused"),
        ("JWT", {"jwt_payload": '{"iss": "acme", "aud": "custom-sms"}'}, "accept", "login refused"),
        ("OAuth", {"oauth_encoding": "json"}, "authenticate", "refused"),
        ("OAuth, JSON body", {"oauth_encoding": "form"}, "authenticate", "refused"),
        ("login, then bearer", {"password": WRONG}, "authenticate", "login refused"),
        ("login, then bearer", {"token_path": "data.key"}, "authenticate", "no token"),
        (
            "form",
            {"provider_payload": NO_FIELDS},
            "accept",
            "refused",
        ),
        ("errors in a 200", {}, "accept", "refused"),
    ],
)
async def test_what_is_wrong_is_told_where_it_shows(
    place: Place, label: str, changes: dict[str, str], stage: str, word: str
) -> None:
    specs = CustomProvider.model.specs()
    typed: dict[str, Any] = {
        name: SecretStr(text) if specs[name].is_secret else text for name, text in changes.items()
    }
    verification = await place.run("Custom", label, Depth.SEND, TO, **typed)
    failed = [s.name for s in verification.stages if s.result is FAILED]
    assert (failed, verification.word) == ([stage] if stage else [], word)


@pytest.mark.parametrize(
    ("grant", "code"),
    [
        ({"client_secret": WRONG}, "invalid_client"),
        ({"grant_type": "x"}, "unsupported_grant_type"),
    ],
)
async def test_a_token_endpoint_says_why(place: Place, grant: dict[str, str], code: str) -> None:
    body = json.loads(place.fields("Custom", "OAuth")["oauth_body"]) | grant
    changed = SecretStr(json.dumps(body))
    verification = await place.run("Custom", "OAuth", Depth.PROBE, TO, oauth_body=changed)
    assert verification.stages[2].code == code


@pytest.mark.parametrize(
    ("to", "result", "word"),
    [
        ("+12065550400", FAILED, "refused"),
        ("+12065550200", FAILED, "refused"),
        ("+12065550201", FAILED, "refused"),
        ("+12065550202", PENDING, "accepted"),
        ("+12065550203", FAILED, "refused"),
        ("+12065520429", FAILED, "throttled"),
        ("+12065520500", FAILED, "provider fault"),
        ("+12065500502", FAILED, "provider down"),
        ("+12065500301", FAILED, "redirected"),
        ("+12065500200", FAILED, "broken answer"),
        ("+12065500444", FAILED, "broken answer"),
    ],
)
async def test_answers_that_are_no_plain_yes(
    place: Place, to: str, result: Result, word: str
) -> None:
    verification = await place.run("Custom", "Bearer", Depth.SEND, to)
    assert (verification.result, verification.word) == (result, word)


async def test_an_id_beside_an_error_is_accepted_with_a_warning(place: Place) -> None:
    verification = await place.run("Custom", "Bearer", Depth.SEND, "+12065550202")
    accept = verification.stages[3]
    assert (accept.result, bool(verification.message_id)) == (WARNED, True)
    assert "Sender not verified" in accept.hint


@pytest.mark.parametrize(
    ("label", "result", "word"),
    [
        ("OAuth", PASSED, "token given"),
        ("OAuth, JSON body", PASSED, "token given"),
        ("OAuth, short-lived", WARNED, "short-lived"),
        ("login, then bearer", PASSED, "token given"),
        ("Bearer", WARNED, "not proved"),
        ("JWT", WARNED, "not proved"),
    ],
)
async def test_probes_ask_for_tokens_and_send_nothing(
    place: Place, label: str, result: Result, word: str
) -> None:
    before = received(place)
    verification = await place.run("Custom", label, Depth.PROBE, TO)
    stage = verification.stages[2]
    assert stage.outcome is not None
    assert (stage.result, stage.outcome.word) == (result, word)
    assert received(place) == before


async def carry_out(dialogue: Dialogue) -> tuple[list[str], Outcome]:
    """Carry out a conversation over HTTP, and return the paths asked and what it came to."""
    asked: list[str] = []
    async with httpx.AsyncClient(trust_env=False) as client:
        try:
            request = next(dialogue)
            while True:
                asked.append(request.url.rpartition("/")[2])
                answer = await client.request(
                    request.method,
                    request.url,
                    headers=list(request.headers),
                    content=request.body,
                )
                request = dialogue.send(Response(answer.status_code, (), answer.content))
        except StopIteration as stop:
            return asked, stop.value


async def test_a_token_is_kept_until_it_expires(place: Place) -> None:
    provider = place.providers["Custom"]
    credential = provider.build(place.draft("Custom", "OAuth"))
    provider.forget()
    asked = []
    for pause in (0, 200, 95, 0):
        await place.sleep(pause)
        paths_asked, outcome = await carry_out(provider.message(credential, TO, "x"))
        assert outcome.word == "accepted"
        asked.append(paths_asked)
    # The third comes five seconds before the end, which is too near to rely on.
    assert asked == [["token", "messages"], ["messages"], ["token", "messages"], ["messages"]]


async def test_a_token_that_the_server_holds_for_expired_is_renewed(place: Place) -> None:
    slow = CustomProvider(lambda: place.now.replace(year=2020))  # Its clock is years behind.
    credential = slow.build(place.draft("Custom", "login, then bearer"))
    assert (await carry_out(slow.message(credential, TO, "x")))[0] == ["login", "messages"]
    await place.sleep(301)
    slow._clock = slow._tokens._clock = lambda: place.now.replace(year=2020, month=1)
    asked, outcome = await carry_out(slow.message(credential, TO, "x"))
    assert asked == ["messages", "login", "messages"]
    assert outcome.word == "accepted"


@pytest.mark.usefixtures("trusted")
async def test_mtls_lets_its_own_certificate_in(place: Place) -> None:
    verification = await place.run("Custom", "mTLS", Depth.SEND, TO, text="by mTLS")
    assert (verification.result, verification.word) == (PENDING, "accepted")
    assert "TLS 1.3" in verification.stages[1].summary
    assert received(place)[-1]["login"] == "mtls"


@pytest.mark.usefixtures("trusted")
async def test_mtls_refuses_everybody_else(place: Place) -> None:
    none = await place.run("Custom", "mTLS", Depth.SEND, TO, mtls_support=False)
    outcome = none.stages[3].outcome
    assert outcome is not None
    assert (outcome.result, outcome.raw) == (FAILED, "No required SSL certificate was sent")
    stranger = Authority().issue("stranger")
    verification = await place.run(
        "Custom",
        "mTLS",
        Depth.SEND,
        TO,
        client_certificate=stranger.certificate,
        client_key=SecretStr(stranger.key),
    )
    assert verification.result is FAILED
    assert verification.message_id == ""


async def test_mtls_has_to_be_trusted_first(place: Place) -> None:
    verification = await place.run("Custom", "mTLS", Depth.PROBE, TO)
    assert verification.result is FAILED
    assert "SSL_CERT_FILE" in verification.stages[1].hint


async def test_the_path_of_mtls_is_closed_without_tls(place: Place) -> None:
    url = f"{place.simulator.url}/custom/mtls/messages"
    verification = await place.run("Custom", "none", Depth.SEND, TO, provider_url=url)
    assert (verification.word, verification.stages[3].code) == ("refused", "no_certificate")
