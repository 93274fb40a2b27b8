"""The health board: everybody once, no host pressed, nobody ending the others."""

from __future__ import annotations

import asyncio
import heapq
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from itertools import count, pairwise
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.errors import SmstuiError
from smstui.providers.base import (
    Credential,
    Dialogue,
    Outcome,
    Provider,
    Request,
    Result,
    basic_auth,
)
from smstui.providers.fields import Issue, Value
from smstui.verify import Depth, Verification, board
from smstui.verify.board import Item, verify_all
from tests.verify.servers import AC, TOKEN, answering, as_json, serve, twilio
from tests.verify.servers import PROVIDER as TWILIO

LOGIN = basic_auth(AC, TOKEN)[1].encode()


class Host(Provider[Credential]):
    """A vendor of one host, who is asked once for each credential."""

    vendor = "Test"
    model = Credential

    def __init__(self, name: str) -> None:
        self.name = name

    def host(self, credential: Credential) -> str:
        return self.name

    def check_message(self, credential: Credential, to: str, text: str) -> list[Issue]:
        raise AssertionError("a board sends no message")

    def probe(self, credential: Credential, to: str = "", text: str = "") -> Dialogue:
        response = yield Request.get(f"https://{self.name}/{credential.name}")
        result = Result.PASSED if response.status == 200 else Result.FAILED
        return Outcome(result=result, word=f"HTTP {response.status}", summary="said so")

    def message(self, credential: Credential, to: str, text: str) -> Dialogue:
        raise AssertionError("a board sends no message")

    def status(self, credential: Credential, message_id: str) -> Dialogue | None:
        raise AssertionError("a board sends no message")


class Breaking(Host):
    """A vendor with a fault."""

    def probe(self, credential: Credential, to: str = "", text: str = "") -> Dialogue:
        raise RuntimeError(TOKEN)


class VirtualTime:
    """Time that jumps to whoever wakes up next, once nobody else can go on."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, int]] = []
        self._numbers = count()
        self._stirred = 0

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        entry = (self.now + seconds, next(self._numbers))
        heapq.heappush(self._due, entry)
        self._stirred += 1
        try:
            while True:
                await self._until_quiet()
                if self._due[0] == entry:
                    self.now = max(self.now, entry[0])
                    return
        finally:
            self._stirred += 1
            self._due.remove(entry)
            heapq.heapify(self._due)

    async def _until_quiet(self) -> None:
        quiet, stirred = 0, self._stirred
        while quiet < 60:
            await asyncio.sleep(0)
            quiet = quiet + 1 if stirred == self._stirred else 0
            stirred = self._stirred


class Net:
    """Hosts that take a while to answer, and what they saw."""

    def __init__(self, time: VirtualTime, *, latency: float = 0.25) -> None:
        self.time = time
        self.latency = latency
        self.replies: dict[str, list[httpx.Response]] = {}
        self.asked: dict[str, list[float]] = defaultdict(list)
        self.paths: list[str] = []
        self.under_way: dict[str, int] = defaultdict(int)
        self.most_at_once = 0
        self.most_per_host = 0

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        self.paths.append(request.url.path)
        self.asked[host].append(self.time.now)
        self.under_way[host] += 1
        self.most_per_host = max(self.most_per_host, self.under_way[host])
        self.most_at_once = max(self.most_at_once, sum(self.under_way.values()))
        try:
            await self.time.sleep(self.latency)
        finally:
            self.under_way[host] -= 1
        waiting = self.replies.get(host)
        return waiting.pop(0) if waiting else httpx.Response(200, json={})


class Reader:
    """Hands out items one by one, and counts them."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = items
        self.read = 0

    async def __aiter__(self) -> AsyncIterator[Item]:
        for item in self._items:
            self.read += 1
            yield item


def item(number: int, provider: Provider[Any]) -> Item:
    name = f"c{number}"
    return Item(number, name, provider.vendor, lambda: (provider, Credential(name=name)))


def unfit(number: int) -> Item:
    def judge() -> tuple[Provider[Any], Credential]:
        raise SmstuiError("Account SID is missing.", title="Some fields need attention")

    return Item(number, f"c{number}", "Test", judge)


async def run_all(
    items: Iterable[Item] | Reader, net: Net, **options: Any
) -> list[tuple[Item, Verification]]:
    reader = items if isinstance(items, Reader) else Reader(items)
    options = {"depth": Depth.PROBE, **options}
    async with httpx.AsyncClient(transport=httpx.MockTransport(net)) as client:
        results = verify_all(
            reader,
            client=client,
            monotonic=net.time.monotonic,
            sleep=net.time.sleep,
            **options,
        )
        return [result async for result in results]


@pytest.fixture
def net() -> Net:
    return Net(VirtualTime())


async def test_each_is_told_and_none_ends_the_others(net: Net) -> None:
    net.replies["b"] = [httpx.Response(401)]
    items = [item(1, Host("a")), unfit(2), item(3, Breaking("c")), item(4, Host("b"))]
    told = {i.id: v for i, v in await run_all(items, net)}
    assert {number: (v.result.value, v.word) for number, v in told.items()} == {
        1: ("passed", "HTTP 200"),
        2: ("failed", "to be mended"),
        3: ("failed", "broke off"),
        4: ("failed", "HTTP 401"),
    }
    assert (told[2].credential, told[2].vendor) == ("c2", "Test")
    assert told[2].stages[0].hint.startswith("Account SID is missing.")
    assert [v.ok for v in told.values()].count(True) == 1
    assert TOKEN not in repr([v.record() for v in told.values()])


async def test_an_item_that_cannot_even_be_judged_is_told(net: Net) -> None:
    def judge() -> tuple[Provider[Any], Credential]:
        raise RuntimeError(TOKEN)

    ((_item, told),) = await run_all([Item(1, "x", "Test", judge)], net)
    assert (told.word, told.stages[0].summary) == ("broke off", "broke off (RuntimeError)")


@settings(deadline=None, max_examples=60)
@given(
    hosts=st.lists(st.sampled_from("abc"), max_size=30),
    jobs=st.integers(1, 6),
    throttled=st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 90)), max_size=6),
)
def test_everybody_comes_once_and_no_host_is_pressed(
    hosts: list[str], jobs: int, throttled: list[tuple[str, int]]
) -> None:
    net = Net(VirtualTime())
    for host, seconds in throttled:
        reply = httpx.Response(429, headers={"Retry-After": f"{seconds}"})
        net.replies.setdefault(host, []).append(reply)
    providers = {name: Host(name) for name in "abc"}
    items = [item(number, providers[host]) for number, host in enumerate(hosts)]
    told = asyncio.run(run_all(items, net, jobs=jobs))
    assert sorted(i.id for i, _v in told) == list(range(len(hosts)))
    assert net.most_at_once <= jobs
    assert net.most_per_host <= board.PER_HOST
    for times in net.asked.values():
        assert all(b - a >= board.PAUSE - 1e-9 for a, b in pairwise(times))


async def test_a_host_that_is_full_does_not_hold_up_the_others(net: Net) -> None:
    busy, other = Host("busy"), Host("other")
    reader = Reader([*(item(n, busy) for n in range(10)), item(10, other), item(11, busy)])
    told = [i.id for i, _v in await run_all(reader, net)]
    assert told.index(10) < 4
    assert net.most_per_host == 2


async def test_no_more_is_read_ahead_than_can_be_held(net: Net) -> None:
    busy = Host("busy")
    reader = Reader(item(n, busy) for n in range(500))
    ahead: list[int] = []
    await run_all(reader, net, begun=lambda i: ahead.append(reader.read - i.id))
    assert max(ahead) <= board.AHEAD + 1
    assert reader.read == 500


async def test_a_host_that_asks_to_wait_is_left_alone_while_others_go_on(net: Net) -> None:
    net.replies["slow"] = [httpx.Response(429, headers={"Retry-After": "30"})]
    slow, quick = Host("slow"), Host("quick")
    items = [item(0, slow), *(item(n, quick) for n in range(1, 9)), item(9, slow)]
    told = await run_all(items, net, jobs=1)
    assert all(v.ok for _i, v in told)
    first, *later = net.asked["slow"]
    assert len(later) == 2
    assert min(later) >= first + net.latency + 30
    assert max(net.asked["quick"]) < 10
    assert net.paths.count("/c0") == 2


async def test_without_a_time_told_the_rest_grows_and_trying_ends(net: Net) -> None:
    net.replies["a"] = [httpx.Response(429) for _try in range(9)]
    ((_item, told),) = await run_all([item(0, Host("a"))], net)
    assert told.word == "HTTP 429"
    waits = [later - earlier - net.latency for earlier, later in pairwise(net.asked["a"])]
    assert len(net.asked["a"]) == board.TRIES
    assert waits == pytest.approx([board.REST, 2 * board.REST])


async def test_a_rest_of_an_hour_is_not_waited_for(net: Net) -> None:
    net.replies["a"] = [httpx.Response(429, headers={"Retry-After": "3600"})]
    told = await run_all([item(0, Host("a")), item(1, Host("a"))], net)
    assert sorted(v.word for _i, v in told) == ["HTTP 200", "HTTP 429"]
    assert len(net.asked["a"]) == 2
    assert net.time.now <= board.LONGEST_REST + 5


async def test_waiting_for_a_host_does_not_count_as_its_time(net: Net) -> None:
    host = Host("a")
    told = await run_all([item(n, host) for n in range(6)], net)
    assert {round(v.seconds, 6) for _i, v in told} == {net.latency}


async def test_once_stopped_only_what_is_under_way_comes(net: Net) -> None:
    stop = asyncio.Event()
    begun: list[int] = []

    def count_begun(each: Item) -> None:
        begun.append(each.id)
        if len(begun) == 3:
            stop.set()

    items = [item(n, Host(f"h{n % 5}")) for n in range(50)]
    told = await run_all(items, net, stop=stop, begun=count_begun)
    assert sorted(i.id for i, _v in told) == sorted(begun) == [0, 1, 2]


async def test_stopping_does_not_wait_for_a_host_at_rest(net: Net) -> None:
    stop = asyncio.Event()
    net.replies["a"] = [httpx.Response(429, headers={"Retry-After": "50"})]

    async def stop_soon() -> None:
        await net.time.sleep(1)
        stop.set()

    stopping = asyncio.create_task(stop_soon())
    told = await run_all([item(0, Host("a")), item(1, Host("a"))], net, stop=stop, jobs=1)
    await stopping
    assert told == []
    assert net.time.now < 50


async def test_closing_ends_what_is_under_way() -> None:
    arrived, left = asyncio.Event(), asyncio.Event()

    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/c0":
            return httpx.Response(200)
        arrived.set()
        try:
            await asyncio.Event().wait()
        finally:
            left.set()
        raise AssertionError

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        items = Reader([item(n, Host(f"h{n}")) for n in range(3)])
        results = verify_all(items, depth=Depth.PROBE, client=client)
        assert (await anext(results))[1].ok
        await arrived.wait()
        await results.aclose()
        assert left.is_set()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_check_asks_nobody_and_waits_for_nobody(net: Net) -> None:
    host = Host("a")
    told = await run_all([item(n, host) for n in range(200)], net, depth=Depth.CHECK)
    assert len(told) == 200
    assert all(v.ok and v.word == "fields fit" for _i, v in told)
    assert (net.paths, net.time.now) == ([], 0.0)


async def test_a_board_never_sends(net: Net) -> None:
    with pytest.raises(ValueError, match="never sends"):
        await run_all([], net, depth=Depth.SEND)


async def test_one_connection_serves_many_on_a_real_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "PAUSE", 0.0)
    seen: list[bytes] = []
    connections = 0
    answer = answering(lambda r: twilio(r) if LOGIN in r else as_json({}, "401 Unauthorized"), seen)

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await answer(reader, writer)

    async with serve(handler) as port:
        items = [real_item(n, port, TOKEN if n else "f" * 32) for n in range(6)]
        results = verify_all(Reader(items), depth=Depth.PROBE)
        told = {i.id: v async for i, v in results}
    assert [told[n].ok for n in range(6)] == [False, True, True, True, True, True]
    assert connections <= board.PER_HOST
    assert len(seen) > 6
    assert TOKEN not in repr([v.record() for v in told.values()])


def real_item(number: int, port: int, token: str) -> Item:
    draft: dict[str, Value] = {
        "name": f"c{number}",
        "account_sid": AC,
        "auth_token": SecretStr(token),
        "inbound_number": "+15005550006",
        "api_host": f"http://127.0.0.1:{port}",
    }
    return Item(number, f"c{number}", TWILIO.vendor, lambda: (TWILIO, TWILIO.build(draft)))
