"""Malformed requests by the thousand, and somebody who sends them over many connections."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from smstui.store import Store
from smstui.times import utc_now
from smstui.webhooks.base import Call, Refused
from smstui.webhooks.intake import Incoming
from smstui.webhooks.vendors.registry import webhook_vendor
from tests.webhooks.caller import raw_request
from tests.webhooks.stage import WEBHOOKS, known, sample, text

FRESH = 2000
"""Requests after which the genuine calls are made anew: signatures have a time."""

ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1e308, 10**40, "", "\0", "\u202e", "x" * 5000, "\U0001f4a9", [], {}, [[]],
    {"a": {}}, [None] * 50, "2026-99-99T99:99:99", "-0", {"": ""},
)  # fmt: skip
METHODS = ("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "post", "CONNECT", "X" * 200)
TARGETS = (
    "/", "//", "/w/", "/w/%00", "/w/../twilio", "*", "/w/twilio?" + "a=b&" * 2000, "/w/twilio#x",
    "http://x/w/twilio", "/w/" + "y" * 9000, "/w/twilio/", "/health", "/w/%ff%fe", "/w/'--",
)  # fmt: skip
HEADERS = (
    b"Transfer-Encoding: chunked\r\n", b"Content-Length: 5\r\n", b"Content-Length: -1\r\n",
    b"Expect: 100-continue\r\n", b"Upgrade: websocket\r\nConnection: Upgrade\r\n", b": x\r\n",
    b"X\r\n", b"X: \xff\xfe\r\n", b" folded: y\r\n", b"Content-Encoding: gzip\r\n",
    b"X: " + b"z" * 20_000 + b"\r\n", b"Content-Type: multipart/form-data; boundary=\r\n",
    b"Authorization: Basic !!!\r\n", b"Authorization: Bearer\r\n", b"Connection: close\r\n",
)  # fmt: skip


@dataclass(frozen=True)
class Attempt:
    """A request; ``call`` is what it says when it is well framed, else None."""

    data: bytes
    call: Incoming | None = None


@dataclass
class Tally:
    """What came back: how often each status, and the calls that were taken."""

    statuses: Counter[int] = field(default_factory=Counter)
    taken: list[Incoming] = field(default_factory=list)


class Fuzzer:
    """Makes requests from genuine calls of every vendor."""

    def __init__(self, store: Store, seed: int) -> None:
        self._store = store
        self._random = random.Random(seed)  # noqa: S311 - no secret
        self._numbers = count()
        self._genuine: list[Incoming] = []
        self._ways: tuple[Callable[[Incoming], Attempt], ...] = (
            self._unchanged,
            self._new_text,
            self._changed_body,
            self._changed_document,
            self._changed_document,
            self._wrong_length,
            self._odd_line,
            self._odd_header,
            self._changed_bytes,
            self._cut_off,
            self._random_bytes,
        )

    def attempts(self, number: int) -> Iterator[Attempt]:
        """Yield so many requests."""
        for index in range(number):
            if index % FRESH == 0:
                now = utc_now()
                self._genuine = [
                    sample(self._store, path, now, feedback=feedback)
                    for path in WEBHOOKS
                    for feedback in (False, True)
                ]
            yield self._random.choice(self._ways)(self._random.choice(self._genuine))

    def _unchanged(self, genuine: Incoming) -> Attempt:
        return _framed(genuine)

    def _new_text(self, genuine: Incoming) -> Attempt:
        said = self._random.choice(("STOP", "START", "STOPP", "\0\u202e", "x" * 3000, ""))
        return _framed(text(said, f"SM{next(self._numbers)}", now=utc_now()))

    def _changed_body(self, genuine: Incoming) -> Attempt:
        return _framed(_with_body(genuine, self._scrambled(genuine.call.body)))

    def _changed_document(self, genuine: Incoming) -> Attempt:
        """Change one value of a JSON body; webhooks without a signature believe it."""
        try:
            document = json.loads(genuine.call.body)
        except ValueError:
            return self._changed_body(genuine)
        for _ in range(self._random.randint(1, 3)):
            document = self._with_odd_value(document)
        return _framed(_with_body(genuine, json.dumps(document).encode()))

    def _wrong_length(self, genuine: Incoming) -> Attempt:
        body = genuine.call.body
        wrong = self._random.choice((len(body) + 7, len(body) // 2, 1 << 20, (1 << 20) + 1, 10**25))
        data = _framed(genuine).data
        return Attempt(
            data.replace(b"Content-Length: %d" % len(body), b"Content-Length: %d" % wrong)
        )

    def _odd_line(self, genuine: Incoming) -> Attempt:
        _line, _end, rest = _framed(genuine).data.partition(b"\r\n")
        method, target = self._random.choice(METHODS), self._random.choice(TARGETS)
        version = self._random.choice(("HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/9.9", "X"))
        return Attempt(f"{method} {target} {version}\r\n".encode() + rest)

    def _odd_header(self, genuine: Incoming) -> Attempt:
        line, _end, rest = _framed(genuine).data.partition(b"\r\n")
        return Attempt(line + b"\r\n" + self._random.choice(HEADERS) + rest)

    def _changed_bytes(self, genuine: Incoming) -> Attempt:
        return Attempt(self._scrambled(_framed(genuine).data))

    def _cut_off(self, genuine: Incoming) -> Attempt:
        data = _framed(genuine).data
        return Attempt(data[: self._random.randrange(1, len(data))])

    def _random_bytes(self, genuine: Incoming) -> Attempt:
        return Attempt(self._random.randbytes(self._random.randint(1, 600)))

    def _scrambled(self, data: bytes) -> bytes:
        changed = bytearray(data)
        for _ in range(self._random.randint(1, 6)):
            at = self._random.randrange(len(changed) + 1)
            what = self._random.randrange(4)
            if what == 0:
                changed[at:at] = self._random.randbytes(self._random.randint(1, 8))
            elif what == 1:
                del changed[at : at + self._random.randint(1, 8)]
            elif what == 2 and at < len(changed):
                changed[at] ^= 1 << self._random.randrange(8)
            else:
                changed[at:at] = changed[at : at + 20]
        return bytes(changed)

    def _with_odd_value(self, document: Any) -> Any:
        """Return a document one of whose values, at any depth, is an odd one or gone."""
        if not isinstance(document, dict | list):
            return document
        document = copy.deepcopy(document)
        places: list[tuple[Any, Any]] = []
        levels = [document]
        while levels:
            level = levels.pop()
            keys = list(level) if isinstance(level, dict) else range(len(level))
            places += [(level, key) for key in keys]
            levels += [level[key] for key in keys if isinstance(level[key], dict | list)]
        if not places:
            return self._random.choice(ODD)
        level, key = self._random.choice(places)
        if self._random.random() < 0.2:
            del level[key]
        else:
            level[key] = copy.deepcopy(self._random.choice(ODD))
        return document


def _with_body(incoming: Incoming, body: bytes) -> Incoming:
    return replace(incoming, call=replace(incoming.call, body=body))


def _framed(incoming: Incoming) -> Attempt:
    return Attempt(raw_request(incoming.call), incoming)


async def bombard(port: int, attempts: Iterator[Attempt], lanes: int) -> Tally:
    """Send all requests, over so many connections at a time."""
    tally = Tally()
    await asyncio.gather(*(_lane(port, attempts, tally) for _ in range(lanes)))
    return tally


async def _lane(port: int, attempts: Iterator[Attempt], tally: Tally) -> None:
    """Send well framed requests on one connection, and others on one of their own."""
    stream: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    for attempt in attempts:
        if attempt.call is None:
            await _alone(port, attempt.data, tally)
            continue
        status = 0
        while not status:  # A connection that was idle for long may be closed.
            stream = stream or await asyncio.open_connection("127.0.0.1", port)
            status = await _ask(*stream, attempt.data)
            if not status:
                stream[1].close()
                stream = None
        tally.statuses[status] += 1
        if 200 <= status < 300:
            tally.taken.append(attempt.call)
    if stream is not None:
        stream[1].close()


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes) -> int:
    try:
        writer.write(data)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (
                int(line[15:])
                for line in head.lower().split(b"\r\n")
                if line.startswith(b"content-length:")
            ),
            0,
        )
        await reader.readexactly(length)
    except (OSError, asyncio.IncompleteReadError):
        return 0
    return int(head[9:12])


async def _alone(port: int, data: bytes, tally: Tally) -> None:
    """Send what may be anything, and read whatever comes until the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    with contextlib.suppress(OSError):
        writer.write(data)
        # Half of a request is answered by nobody; a whole one is, unless its sender hangs up.
        answer = await asyncio.wait_for(reader.read(12), 0.02)
    with contextlib.suppress(OSError, TimeoutError):
        writer.write_eof()
        answer += await asyncio.wait_for(reader.read(1 << 20), 20)
    writer.close()
    tally.statuses[int(answer[9:12]) if answer[9:12].isdigit() else 0] += 1


def keys_of(store: Store, taken: list[Incoming]) -> set[tuple[str, str]]:
    """Return the keys of what calls say that were taken, each with the path of its webhook."""
    hooks = {path: known(store, path) for path in WEBHOOKS}
    keys: set[tuple[str, str]] = set()
    for path, call in ((incoming.path, incoming.call) for incoming in taken):
        keys |= {(path, key) for key in _keys(WEBHOOKS[path][0], hooks[path], call)}
    return keys


def _keys(vendor: str, hook: Any, call: Call) -> set[str]:
    try:
        return {reading.key for reading in webhook_vendor(vendor).read(hook, call) if reading.key}
    except Refused as error:
        raise AssertionError(f"taken although refused: {call.body!r}") from error


def kept_keys(store: Store) -> set[tuple[str, str]]:
    """Return the keys of all events, each with the path of its webhook."""
    with store._vault.reading() as db:
        rows = db.execute(
            "SELECT path, key FROM events JOIN webhooks ON webhooks.id = webhook_id"
        ).fetchall()
    return {(path, key) for path, key in rows}
