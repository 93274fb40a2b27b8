"""The receiver over real HTTP: what it takes, what it refuses, and what it does in trouble."""

from __future__ import annotations

import json
import resource
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from smstui.errors import SmstuiError
from smstui.serving import CannotListen
from smstui.store import Store
from smstui.store.records import Actor
from smstui.webhooks.receiver import Receiver
from smstui.webhooks.receiver_state import Standing, State
from tests.conftest import NOW, MakeStore
from tests.webhooks.caller import Caller, raw_request, target_of
from tests.webhooks.stage import (
    SETTINGS,
    events,
    filled,
    forged,
    handle_of,
    opened,
    sample,
    take,
    text,
)

FORM = "application/x-www-form-urlencoded"
JSON = {"Content-Type": "application/json"}
OPEN = "/w/infobip-open"


@pytest.fixture
def path(make_store: MakeStore) -> Path:
    """A store with webhooks of every vendor."""
    return filled(make_store())


class Stage:
    """A running receiver, the states it told, and its store for its thread."""

    def __init__(self, path: Path) -> None:
        self.states: list[State] = []
        self.changed = threading.Condition()
        self.store: Store | None = None
        self._path = path
        self.receiver = Receiver(
            self._open, SETTINGS, clock=lambda: NOW, on_state=self._told, body_seconds=0.3
        )

    def _open(self) -> Store:
        self.store = Store.reopen(self._path, handle_of(self._path), actor=Actor("ada"))
        with self.store._vault.reading() as db:
            db.execute("PRAGMA busy_timeout = 50")
        return self.store

    def _told(self, state: State) -> None:
        with self.changed:
            self.states.append(state)
            self.changed.notify_all()

    def await_standing(self, standing: Standing) -> State:
        """Return the newest state once it is of a kind."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.states[-1].standing is standing, 20)
            return self.states[-1]


@pytest.fixture
def stage(path: Path) -> Iterator[Stage]:
    """A running receiver."""
    stage = Stage(path)
    with stage.receiver:
        yield stage


@pytest.fixture
def call(stage: Stage) -> Caller:
    """Somebody who calls the receiver."""
    return Caller(f"http://127.0.0.1:{stage.receiver.settings.port}")


def test_it_tells_how_it_stands_and_calls_are_answered_as_their_provider_wants(
    stage: Stage, call: Caller, path: Path
) -> None:
    assert [state.standing for state in stage.states] == [Standing.STARTING, Standing.LISTENING]
    assert stage.states[-1].url == stage.receiver.url == "https://hooks.example.test"
    with opened(path) as store:
        inbound, feedback = sample(store, "twilio"), sample(store, "twilio", feedback=True)
        answer = call.make(inbound)
        assert (answer.status, answer.headers["content-type"]) == (200, "text/xml")
        assert answer.body.endswith(b"<Response/>")
        answer = call.make(feedback)
        assert (answer.status, answer.body) == (204, b"")
        assert call.make(forged(inbound)).status == 401
        assert [event.event.kind for event in events(store)] == ["inbound", "feedback", "refused"]
        assert {event.call.url for event in events(store)} == {inbound.call.url}


def test_a_query_is_kept_exactly_as_it_came_and_get_is_read(call: Caller, path: Path) -> None:
    query = "?b=%7e~&a=1%2B1&a=&MessageSid=SM1&From=%2b15555550123&To=%2B15005550006&Body=STOP"
    with opened(path) as store:
        url = SETTINGS.url_of("twilio") + query
        signed = text("x", url=url).call.header("X-Twilio-Signature")
        assert (
            call("/w/twilio" + query, "GET", headers={"X-Twilio-Signature": signed}).status == 401
        )
        (event,) = events(store)
        assert event.call.url == url
        assert event.call.method == "GET"


@pytest.mark.parametrize(
    ("target", "method", "status"),
    [
        ("/", "GET", 404),
        ("/w", "POST", 404),
        ("/w/", "POST", 404),
        ("/w/unknown", "POST", 404),
        ("/w/twilio/more", "POST", 404),
        ("/w/TWILIO", "POST", 404),
        ("/w/%74wilio", "POST", 404),
        ("/favicon.ico", "GET", 404),
        ("/w/twilio", "DELETE", 405),
        ("/w/twilio", "HEAD", 405),
    ],
)
def test_what_is_no_webhook_is_answered_with_nothing(
    call: Caller, path: Path, target: str, method: str, status: int
) -> None:
    answer = call(target, method)
    assert (answer.status, answer.body) == (status, b"")
    assert "server" not in answer.headers
    with opened(path) as store:
        assert events(store) == []


def test_bodies_that_nobody_can_read_are_refused_and_kept(call: Caller, path: Path) -> None:
    bodies: list[tuple[bytes, str]] = [
        (b"", "application/json"),
        (b"[" * 10_000 + b"]" * 10_000, "application/json"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "application/json"),
        (b'{"results": 7}', "application/json"),
        (b'{"results": [null, 7]}', "application/json"),
        (b'{"results": [{"from": {}, "messageId": []}]}', "application/json"),
        (b'{"results": [{"messageId": "\\ud800"}]}', "application/json"),
        (b'{"a": NaN}', "application/json"),
        (b"\xff\xfe\x00", "application/json"),
        (b"a=b", FORM),
        (b"<xml/>", "text/xml"),
        (b"7", "multipart/form-data"),
    ]
    for body, kind in bodies:
        answer = call(OPEN, body=body, headers={"Content-Type": kind})
        assert answer.status == 400, body[:20]
    with opened(path) as store:
        kept = events(store)
        assert [event.event.kind for event in kept] == ["refused"] * len(bodies)
        assert [event.call.body for event in kept] == [body[:16_384] for body, _kind in bodies]
        assert not any("stumbled" in event.event.reason for event in kept)


def test_a_body_may_come_in_pieces_and_has_a_limit(call: Caller, path: Path) -> None:
    most = 1 << 20
    with opened(path) as store:
        genuine = sample(store, "infobip-open").call
        pieces = [genuine.body[at : at + 7] for at in range(0, len(genuine.body), 7)]
        assert call(OPEN, body=pieces, headers=JSON).status == 200
        assert call(OPEN, body=b" " * most, headers=JSON).status == 400
        assert call(OPEN, body=b" " * (most + 1), headers=JSON).status == 413
        told = f"POST {OPEN} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999\r\n\r\n"
        assert call.raw(told.encode()).startswith(b"HTTP/1.1 413 ")
        endless = b"POST /w/twilio HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        endless += (b"ffff\r\n" + b" " * 0xFFFF + b"\r\n") * 17
        assert call.raw(endless + b"0\r\n\r\n").startswith(b"HTTP/1.1 413 ")
        assert [event.event.kind for event in events(store)] == ["inbound", "refused"]


def test_a_body_that_does_not_come_is_not_waited_for(call: Caller, path: Path) -> None:
    head = f"POST {OPEN} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n".encode()
    with socket.create_connection(call.address, timeout=20) as connection:
        connection.sendall(head + b"{")
        received = b""
        while chunk := connection.recv(4096):
            received += chunk
    assert received.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in received
    with socket.create_connection(call.address, timeout=20) as connection:
        connection.sendall(head + b"{")  # Cut off: nobody is there to be answered.
    assert call("/health", "GET").status == 200
    with opened(path) as store:
        assert events(store) == []


@pytest.mark.parametrize(
    "data",
    [
        b"GARBAGE\r\n\r\n",
        b"POST /w/tw ilio HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /w/twilio HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        b"POST /w/twilio HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST /w/twilio HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST /w/twilio HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 600_000 + b"\r\n\r\n",
        b"POST /w/twilio HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
    ids=range(8),
)  # fmt: skip
def test_what_is_not_http_is_told_so(call: Caller, data: bytes) -> None:
    assert call.raw(data).startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 431 "))
    assert call("/health", "GET").body == b"ok"


def test_several_calls_on_one_connection_are_all_answered(call: Caller, path: Path) -> None:
    calls = [text("STOP", f"SM{number}") for number in range(30)]
    answers = call.raw(b"".join(raw_request(one.call) for one in calls), len(calls))
    assert answers.count(b"HTTP/1.1 200 OK") == 30
    with opened(path) as store:
        assert [event.event.message_id for event in events(store)] == [f"SM{n}" for n in range(30)]


def test_a_burst_of_calls_in_parallel_is_kept_whole(call: Caller, path: Path) -> None:
    calls = [
        text("START" if n % 2 else "STOP", f"SM{n}", number=f"+1555555{n:04}") for n in range(500)
    ]
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(call.make, calls))
    assert {answer.status for answer in answers} == {200}
    with opened(path) as store:
        assert {event.event.message_id for event in events(store)} == {f"SM{n}" for n in range(500)}
        assert store.consents.count() == 500


def test_too_many_that_wait_are_asked_to_come_again(
    stage: Stage, call: Caller, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smstui.webhooks.keeper.MOST_WAITING", 0)
    answer = call.make(text("STOP"))
    assert (answer.status, answer.headers["retry-after"]) == (503, "10")
    monkeypatch.undo()
    assert call.make(text("STOP")).status == 200


@pytest.fixture
def room() -> Iterator[Callable[[int], None]]:
    """Set how large a file this process may write, in bytes; a full disk would do the same."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_without_room_is_told_and_callers_come_again_until_there_is(
    stage: Stage, call: Caller, path: Path, room: Callable[[int], None]
) -> None:
    calls = [text("x" * 1500, f"SM{number}") for number in range(40)]
    room(100_000)
    answers = [call.make(one) for one in calls]
    refused = [answer for answer in answers if answer.status == 503]
    assert len(refused) > 10
    assert {answer.headers["retry-after"] for answer in refused} == {"10"}
    assert "disk" in stage.await_standing(Standing.TROUBLE).message
    assert call("/health", "GET").status == 503
    room(resource.RLIM_INFINITY)
    with opened(path) as store:
        acknowledged = {f"SM{n}" for n, answer in enumerate(answers) if answer.status == 200}
        assert {event.event.message_id for event in events(store)} == acknowledged
        assert {call.make(one).status for one in calls} == {200}
        stage.await_standing(Standing.LISTENING)
        assert len(events(store)) == 40


def test_a_store_that_another_program_holds_makes_callers_come_again(
    stage: Stage, call: Caller, path: Path
) -> None:
    with opened(path) as other:
        with other.changing():
            assert call.make(text("STOP")).status == 503
            assert "Another program" in stage.await_standing(Standing.TROUBLE).message
        assert call.make(text("STOP")).status == 200
        stage.await_standing(Standing.LISTENING)
        assert len(events(other)) == 1


def test_what_is_too_old_goes_when_it_starts(path: Path) -> None:
    with opened(path) as store:
        take(store, text("STOP", "SM1", now=NOW - timedelta(days=31)), text("STOP", "SM2"))
        stage = Stage(path)
        with stage.receiver:
            call = Caller(f"http://127.0.0.1:{stage.receiver.settings.port}")
            assert call.make(text("START", "SM3")).status == 200
        assert [event.event.message_id for event in events(store)] == ["SM2", "SM3"]


def test_it_ends_in_order_and_keeps_what_it_has_read(path: Path) -> None:
    before = threading.active_count()
    stage = Stage(path)
    with stage.receiver:
        caller = Caller(f"http://127.0.0.1:{stage.receiver.settings.port}")
        connections = []
        for number in range(20):
            connection = socket.create_connection(caller.address, timeout=20)
            connection.sendall(raw_request(text("STOP", f"SM{number}").call))
            connections.append(connection)
        answers = [connection.recv(12) for connection in connections[:1]]
    stage.receiver.stop()
    answers += [connection.recv(12) for connection in connections[1:]]
    for connection in connections:
        connection.close()
    assert threading.active_count() == before
    assert stage.states[-1] == State()
    with opened(path) as store:
        assert len(events(store)) == answers.count(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda port: {"port": port}, "Port {port} is in use"),
        (lambda port: {"host": "192.0.2.1"}, "192.0.2.1 is no address of this machine"),
    ],
)
def test_where_nobody_can_listen_is_told_in_one_sentence(
    path: Path, change: Callable[[int], dict[str, Any]], said: str
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        stage = Stage(path)
        stage.receiver.settings = replace(SETTINGS, **change(port))
        with pytest.raises(CannotListen, match=said.format(port=port)):
            stage.receiver.start()
    assert said.format(port=port) in stage.states[-1].message
    assert stage.states[-1].standing is Standing.FAILED


def test_a_store_that_does_not_open_is_told(tmp_path: Path) -> None:
    states: list[State] = []

    def fail() -> Store:
        raise SmstuiError("It does not open.")

    receiver = Receiver(fail, SETTINGS, on_state=states.append)
    with pytest.raises(SmstuiError, match="does not open"):
        receiver.start()
    assert states[-1] == State(Standing.FAILED, message="It does not open.")
    assert State.from_line(states[-1].line()) == states[-1]
    with pytest.raises(ValueError, match="odd"):
        State.from_line(json.dumps({"state": "odd"}))
    assert target_of(text("STOP").call) == "/w/twilio"
