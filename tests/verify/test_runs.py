"""How a run begins, is watched, and ends; what it never sends and never logs."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import time
from asyncio import StreamReader as Reader
from asyncio import StreamWriter as Writer

import pytest

from smstui.providers.base import Dialogue, Outcome, Request, Result
from smstui.providers.twilio import TwilioCredential, TwilioProvider
from smstui.verify import Depth, Stage, Verification, new_client, verify
from smstui.verify.transport import Link, perform
from tests.verify.servers import (
    AC,
    PROVIDER,
    TOKEN,
    answering,
    credential,
    failed,
    free_port,
    read_request,
    run,
    serve,
    told,
    twilio,
)


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "http://127.0.0.1.nip.io/", "ftp://127.0.0.1/", "gopher:", "http://["],
)
async def test_nothing_travels_unprotected(url: str) -> None:
    async with new_client() as client:
        answer = await perform(client, Request.get(url), Link(), monotonic=time.monotonic)
    assert answer.trouble is not None
    assert answer.trouble.word == "plain http"


@pytest.mark.parametrize("header", ["a\r\nX: y", "a\0", "però"])
async def test_what_cannot_be_written_is_not_sent(header: str) -> None:
    seen: list[bytes] = []
    async with serve(answering(twilio, seen)) as port, new_client() as client:
        request = Request.get(f"http://127.0.0.1:{port}/", ("X-Note", header))
        answer = await perform(client, request, Link(), monotonic=time.monotonic)
    assert answer.trouble is not None
    assert answer.trouble.word == "bad request"
    assert seen == []


async def test_cancelling_closes_the_connection() -> None:
    arrived, left = asyncio.Event(), asyncio.Event()

    async def handler(reader: Reader, writer: Writer) -> None:
        await read_request(reader)
        arrived.set()
        await reader.read()
        left.set()

    async with serve(handler) as port:
        running = asyncio.create_task(run(f"http://127.0.0.1:{port}"))
        await arrived.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await asyncio.wait_for(left.wait(), 5)


async def test_the_connection_is_told_while_the_answer_is_awaited() -> None:
    answer = asyncio.Event()

    async def handler(reader: Reader, writer: Writer) -> None:
        while True:
            request = await read_request(reader)
            await answer.wait()
            writer.write(twilio(request))

    async with serve(handler) as port:
        chosen = credential(f"http://127.0.0.1:{port}")
        async for event in verify(PROVIDER, chosen, depth=Depth.PROBE):
            if isinstance(event, Stage) and (event.name, event.result) == (
                "authenticate",
                Result.PENDING,
            ):
                assert not answer.is_set()
                answer.set()
    assert answer.is_set()


class Wordless(TwilioProvider):
    """A vendor that has nothing to ask without sending."""

    def host(self, credential: TwilioCredential) -> str:
        return credential.api_host

    def probe(self, credential: TwilioCredential, to: str = "", text: str = "") -> Dialogue:
        return Outcome(result=Result.WARNED, word="not tried", summary="nothing to ask")
        yield

    def status(  # type: ignore[override]  # Twilio always can; this vendor never
        self, credential: TwilioCredential, message_id: str
    ) -> None:
        return None


async def test_a_vendor_with_nothing_to_ask_is_still_connected_to() -> None:
    seen: list[bytes] = []
    async with serve(answering(twilio, seen)) as port:
        chosen = credential(f"http://127.0.0.1:{port}")
        verification = Verification(Wordless(), chosen, depth=Depth.SEND)
        async for event in verify(
            Wordless(), chosen, depth=Depth.SEND, to="+393331234567", text="x"
        ):
            verification.add(event)
    assert seen[0].startswith(b"HEAD / HTTP/1.1")
    assert b"Authorization" not in seen[0]
    assert [stage.result.value for stage in verification.stages] == [
        "passed",
        "passed",
        "warned",
        "passed",
        "skipped",
    ]
    assert verification.stages[4].summary == "Twilio cannot be asked"
    assert (verification.ok, verification.word) == (True, "accepted")


async def test_a_vendor_with_nothing_to_ask_and_nobody_there() -> None:
    chosen = credential(f"http://127.0.0.1:{free_port()}")
    verification = Verification(Wordless(), chosen, depth=Depth.PROBE)
    async for event in verify(Wordless(), chosen, depth=Depth.PROBE):
        verification.add(event)
    assert told(failed(verification)) == ("connect", "connection refused")


async def test_nothing_secret_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("httpx").setLevel(logging.NOTSET)
    logging.getLogger("httpcore").setLevel(logging.NOTSET)
    with caplog.at_level(logging.DEBUG):
        async with serve(answering(twilio)) as port:
            assert (await run(f"http://127.0.0.1:{port}", Depth.SEND)).ok
    assert "httpcore" not in {record.name.split(".")[0] for record in caplog.records}
    assert AC not in caplog.text
    assert TOKEN not in caplog.text


def test_httpx_waits_for_the_first_request() -> None:

    code = (
        "import sys, smstui.verify, smstui.providers.registry as r; r.providers(); "
        "heavy = {'httpx', 'httpcore', 'phonenumbers', 'textual'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
