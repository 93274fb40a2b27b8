"""What hosts answer that no client should fall for, and when a message may have gone out."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
import zlib
from asyncio import StreamReader as Reader
from asyncio import StreamWriter as Writer
from contextlib import suppress

import pytest

from smstui.providers.base import Request
from smstui.verify import Depth, new_client
from smstui.verify.transport import BODY_LIMIT, Link, perform
from tests.verify.servers import (
    TOKEN,
    answering,
    failed,
    http,
    impatient,
    read_request,
    run,
    serve,
    told,
    twilio,
)


async def test_a_send_that_never_connected_says_that_nothing_was_sent() -> None:
    servers: list[asyncio.Server] = []

    async def handler(reader: Reader, writer: Writer) -> None:
        request = await read_request(reader)
        if b"IncomingPhoneNumbers" in request:
            servers[0].close()
        writer.write(twilio(request).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
        await writer.drain()
        writer.close()

    servers.append(await asyncio.start_server(handler, "127.0.0.1", 0))
    port = servers[0].sockets[0].getsockname()[1]
    stage = failed(await run(f"http://127.0.0.1:{port}", Depth.SEND))
    assert told(stage) == ("accept", "connection refused")
    assert "Nothing was sent." in stage.hint
    assert "may have been sent" not in stage.hint


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        (b"", "connection cut"),
        (b"HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{", "broken answer"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "broken answer"),
        (http("200 OK", b"plain", "Content-Encoding: gzip"), "broken answer"),
    ],
)
async def test_a_send_without_a_whole_answer_may_have_been_sent(reply: bytes, word: str) -> None:
    seen: list[bytes] = []

    async def handler(reader: Reader, writer: Writer) -> None:
        while True:
            request = await read_request(reader)
            seen.append(request)
            writer.write(reply if request.startswith(b"POST") else twilio(request))
            await writer.drain()
            if request.startswith(b"POST"):
                return

    async with serve(handler) as port:
        stage = failed(await run(f"http://127.0.0.1:{port}", Depth.SEND))
    assert told(stage) == ("accept", word)
    assert "It may have been sent. Look it up before sending again." in stage.hint
    assert "In the Twilio Console" in stage.hint
    assert len([request for request in seen if request.startswith(b"POST")]) == 1


async def test_a_send_that_times_out_is_not_repeated() -> None:
    seen: list[bytes] = []

    async def handler(reader: Reader, writer: Writer) -> None:
        while True:
            request = await read_request(reader)
            seen.append(request)
            if request.startswith(b"POST"):
                await reader.read()
                return
            writer.write(twilio(request))

    async with serve(handler) as port:
        stage = failed(await run(f"http://127.0.0.1:{port}", Depth.SEND, impatient()))
    assert told(stage) == ("accept", "no answer")
    assert "It may have been sent." in stage.hint
    assert len([request for request in seen if request.startswith(b"POST")]) == 1


async def test_a_redirect_is_told_and_not_followed() -> None:
    elsewhere: list[bytes] = []
    async with serve(answering(twilio, elsewhere)) as other:
        goal = f"Location: http://u:{TOKEN}@127.0.0.1:{other}/x?auth_token={TOKEN}"
        reply = http("307 Temporary Redirect", b"", goal, "Set-Cookie: a=b")
        seen: list[bytes] = []
        async with serve(answering(lambda _request: reply, seen)) as port:
            verification = await run(f"http://127.0.0.1:{port}")
    stage = failed(verification)
    assert told(stage) == ("authenticate", "redirected")
    assert f"http://127.0.0.1:{other}" in stage.hint
    assert elsewhere == []
    assert len(seen) == 1
    assert TOKEN not in json.dumps(verification.record())


async def test_cookies_are_not_kept() -> None:
    seen: list[bytes] = []

    def reply(request: bytes) -> bytes:
        return twilio(request).replace(b"\r\n", b"\r\nSet-Cookie: session=1; Path=/\r\n", 1)

    async with serve(answering(reply, seen)) as port:
        assert (await run(f"http://127.0.0.1:{port}", Depth.SEND)).ok
    assert len(seen) > 2
    assert not any(b"cookie" in request.lower() for request in seen)


async def test_a_huge_answer_is_not_read() -> None:
    written = 0

    async def handler(reader: Reader, writer: Writer) -> None:
        nonlocal written
        await read_request(reader)
        total = 100 * 1_048_576
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {total}\r\n\r\n".encode())
        for _piece in range(1600):
            writer.write(b"x" * 65_536)
            await writer.drain()
            written += 65_536

    async with serve(handler) as port:
        verification = await run(f"http://127.0.0.1:{port}")
    assert "longer than 1 MiB" in failed(verification).hint
    assert written < 16 * BODY_LIMIT


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_bomb_does_not_go_off(encoding: str) -> None:

    bomb = (gzip.compress if encoding == "gzip" else zlib.compress)(b" " * 50_000_000)
    reply = http("200 OK", bomb, f"Content-Encoding: {encoding}")
    async with serve(answering(lambda _request: reply)) as port, new_client() as client:
        request = Request.get(f"http://127.0.0.1:{port}/")
        answer = await perform(client, request, Link(), monotonic=time.monotonic)
    assert answer.response is not None
    assert (len(answer.response.body), answer.response.truncated) == (BODY_LIMIT, True)


async def test_a_body_of_exactly_the_limit_is_whole() -> None:
    reply = http("200 OK", b"x" * BODY_LIMIT)
    async with serve(answering(lambda _request: reply)) as port, new_client() as client:
        request = Request.get(f"http://127.0.0.1:{port}/")
        answer = await perform(client, request, Link(), monotonic=time.monotonic)
    assert answer.response is not None
    assert (len(answer.response.body), answer.response.truncated) == (BODY_LIMIT, False)


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "aes128gcm"])
async def test_encodings_that_were_not_asked_for(encoding: str) -> None:
    reply = http("200 OK", b"x", f"Content-Encoding: {encoding}")
    async with serve(answering(lambda _request: reply)) as port:
        stage = failed(await run(f"http://127.0.0.1:{port}"))
    assert told(stage) == ("authenticate", "broken answer")


async def test_gzip_is_read_even_when_not_asked_for() -> None:
    def reply(request: bytes) -> bytes:
        _head, _blank, body = twilio(request).partition(b"\r\n\r\n")
        return http("200 OK", gzip.compress(body), "Content-Encoding: gzip")

    async with serve(answering(reply)) as port:
        assert (await run(f"http://127.0.0.1:{port}")).ok


async def test_an_answer_that_only_drips_ends() -> None:
    async def handler(reader: Reader, writer: Writer) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not reader.at_eof():
            writer.write(b".")
            await writer.drain()
            with suppress(TimeoutError):
                await asyncio.wait_for(reader.read(1), 0.02)

    async with serve(handler) as port, new_client() as client:
        request = Request.get(f"http://127.0.0.1:{port}/")
        link = Link()
        answer = await perform(client, request, link, monotonic=time.monotonic, patience=0.2)
    assert answer.trouble is not None
    assert (answer.trouble.word, link.written) == ("no answer", True)
