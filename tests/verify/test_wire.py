"""The engine against real sockets on loopback: troubles on the way, and what is never done."""

from __future__ import annotations

import asyncio
import datetime
import gzip
import ipaddress
import json
import logging
import socket
import ssl
import time
from asyncio import StreamReader as Reader
from asyncio import StreamWriter as Writer
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from smstui.errors import SmstuiError
from smstui.providers.base import Dialogue, Outcome, Request, Result
from smstui.providers.twilio import TwilioCredential, TwilioProvider
from smstui.verify import Depth, Stage, Verification, new_client, verify
from smstui.verify.transport import BODY_LIMIT, Link, perform

HEX = "00112233445566778899aabbccddeeff"
TOKEN = "0123456789abcdef0123456789abcdef"
AC, SM = f"AC{HEX}", f"SM{HEX}"
NUMBER = "+15005550006"
PROVIDER = TwilioProvider()

Handler = Callable[[Reader, Writer], Awaitable[None]]


@asynccontextmanager
async def serve(handler: Handler, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Serve connections on a free port of loopback, and yield the port."""

    handling: set[asyncio.Task[None]] = set()

    async def handle(reader: Reader, writer: Writer) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await handler(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()

    def start(reader: Reader, writer: Writer) -> None:
        handling.add(asyncio.create_task(handle(reader, writer)))

    async with await asyncio.start_server(start, "127.0.0.1", 0, ssl=context) as server:
        yield server.sockets[0].getsockname()[1]
        server.close()
        for task in handling:
            task.cancel()
        await asyncio.gather(*handling, return_exceptions=True)


async def read_request(reader: Reader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        (
            int(line[15:])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        ),
        0,
    )
    return head + await reader.readexactly(length)


def http(status: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def as_json(document: Any, status: str = "200 OK") -> bytes:
    return http(status, json.dumps(document).encode(), "Content-Type: application/json")


def twilio(request: bytes) -> bytes:
    """Answer as Twilio would."""
    target = request.split(b" ")[1]
    if request.startswith(b"HEAD"):
        return http("404 Not Found")
    if request.startswith(b"POST"):
        return as_json({"sid": SM, "status": "queued"}, "201 Created")
    if b"IncomingPhoneNumbers" in target:
        return as_json({"incoming_phone_numbers": [{"phone_number": NUMBER}]})
    if b"/Messages/" in target:
        return as_json({"sid": SM, "status": "delivered", "from": NUMBER})
    return as_json({"sid": AC, "status": "active", "type": "Full", "friendly_name": "Acme"})


def answering(reply: Callable[[bytes], bytes], seen: list[bytes] | None = None) -> Handler:
    async def handler(reader: Reader, writer: Writer) -> None:
        while True:
            request = await read_request(reader)
            if seen is not None:
                seen.append(request)
            answer = reply(request)
            writer.write(answer)
            await writer.drain()
            if not answer:
                return

    return handler


def only_posts(reply: bytes) -> Handler:
    return answering(lambda request: reply if request.startswith(b"POST") else twilio(request))


def credential(api_host: str) -> TwilioCredential:
    return PROVIDER.build(
        {
            "name": "x",
            "account_sid": AC,
            "auth_token": SecretStr(TOKEN),
            "inbound_number": NUMBER,
            "api_host": api_host,
        }
    )


async def no_sleep(seconds: float) -> None:
    await asyncio.sleep(0)


async def run(
    api_host: str, depth: Depth = Depth.PROBE, client: httpx.AsyncClient | None = None
) -> Verification:
    chosen = credential(api_host)
    verification = Verification(PROVIDER, chosen, depth=depth)
    async for event in verify(
        PROVIDER,
        chosen,
        depth=depth,
        to="+393331234567",
        text="x",
        client=client,
        sleep=no_sleep,
        wait=20,
    ):
        verification.add(event)
    if client is not None:
        await client.aclose()
    return verification


def impatient(context: ssl.SSLContext | None = None) -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=0.2, verify=context or False, trust_env=False)


def failed(verification: Verification) -> Stage:
    (stage,) = [stage for stage in verification.stages if stage.result is Result.FAILED]
    assert stage.outcome is not None
    assert verification.result is Result.FAILED
    assert verification.word == stage.outcome.word
    return stage


def told(stage: Stage) -> tuple[str, str]:
    assert stage.outcome is not None
    return stage.name, stage.outcome.word


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Authority:
    """A certificate authority of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
        self.certificate = self._sign(self.name, self.key.public_key(), is_authority=True)

    def server(
        self, *, host: str = "127.0.0.1", days: int = 1, own: bool = False
    ) -> ssl.SSLContext:
        """Return a server's context: signed by this authority, or by itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        certificate = self._sign(
            name, key.public_key(), host=host, days=days, own_key=key if own else None
        )
        path = self.folder / "server.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def client(self) -> httpx.AsyncClient:
        """Return a client that trusts this authority."""
        pem = self.certificate.public_bytes(serialization.Encoding.PEM).decode()
        return impatient(ssl.create_default_context(cadata=pem))

    def _sign(
        self,
        name: x509.Name,
        public_key: ec.EllipticCurvePublicKey,
        *,
        host: str = "",
        days: int = 1,
        is_authority: bool = False,
        own_key: ec.EllipticCurvePrivateKey | None = None,
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name if own_key else self.name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=9))
            .not_valid_after(now + datetime.timedelta(days=days))
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        )
        if host:
            names: list[x509.GeneralName]
            try:
                names = [x509.IPAddress(ipaddress.ip_address(host))]
            except ValueError:
                names = [x509.DNSName(host)]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(own_key or self.key, hashes.SHA256())


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


async def test_a_whole_run_over_tls(authority: Authority) -> None:
    async with serve(answering(twilio), authority.server()) as port:
        verification = await run(f"127.0.0.1:{port}", Depth.SEND, authority.client())
        connect = verification.stages[1]
        assert (connect.result, connect.summary) == (Result.PASSED, f"127.0.0.1:{port}, TLS 1.3")
    assert (verification.ok, verification.word) == (True, "delivered")


async def test_plain_http_on_loopback_says_so() -> None:
    seen: list[bytes] = []
    async with serve(answering(twilio, seen)) as port:
        verification = await run(f"http://127.0.0.1:{port}")
    assert verification.ok
    assert verification.stages[1].summary == f"127.0.0.1:{port}, plain http on this machine"
    assert b"User-Agent: smstui/" in seen[0]
    assert b"Accept-Encoding: identity" in seen[0]
    shown = dict(verification.exchanges[0].request.headers)
    assert shown["User-Agent"].startswith("smstui/")


async def test_nobody_listens() -> None:
    stage = failed(await run(f"http://127.0.0.1:{free_port()}"))
    assert told(stage) == ("connect", "connection refused")
    assert "Nothing listens at 127.0.0.1" in stage.hint


async def test_no_such_host() -> None:
    stage = failed(await run("nowhere.invalid"))
    assert told(stage) == ("connect", "host not found")
    assert "nowhere.invalid" in stage.hint


@pytest.mark.parametrize(
    ("certificate", "word", "says"),
    [
        ({"own": True}, "self-signed", "SSL_CERT_FILE"),
        ({"days": -1}, "certificate expired", "clock"),
        ({"host": "127.0.0.2"}, "wrong certificate", "another name"),
    ],
)
async def test_certificates_are_checked(
    authority: Authority, certificate: dict[str, Any], word: str, says: str
) -> None:
    seen: list[bytes] = []
    async with serve(answering(twilio, seen), authority.server(**certificate)) as port:
        stage = failed(await run(f"127.0.0.1:{port}", client=authority.client()))
    assert told(stage) == ("connect", word)
    assert says in stage.hint
    assert seen == []


async def test_an_unknown_authority_is_not_trusted(authority: Authority) -> None:
    async with serve(answering(twilio), authority.server()) as port:
        stage = failed(await run(f"127.0.0.1:{port}"))
    assert told(stage) == ("connect", "untrusted")


async def test_plain_http_where_tls_is_expected() -> None:
    async def handler(reader: Reader, writer: Writer) -> None:
        await reader.read(1)
        writer.write(http("400 Bad Request"))

    async with serve(handler) as port:
        stage = failed(await run(f"127.0.0.1:{port}"))
    assert told(stage) == ("connect", "TLS failed")


async def test_a_handshake_that_hangs_is_before_the_request(authority: Authority) -> None:
    async def silent(reader: Reader, writer: Writer) -> None:
        await reader.read()

    async with serve(silent) as port:
        stage = failed(await run(f"127.0.0.1:{port}", client=authority.client()))
    assert told(stage) == ("connect", "timed out")


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
    import zlib

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


async def test_a_proxy_never_sees_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    async with serve(answering(twilio)) as port:
        assert (await run(f"http://127.0.0.1:{port}")).ok


async def test_a_proxy_that_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []
    reply = http("407 Proxy Authentication Required")
    async with serve(answering(lambda _request: reply, seen)) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:{TOKEN[:9]}@127.0.0.1:{port}")
        verification = await run("api.twilio.example", Depth.SEND)
    stage = failed(verification)
    assert told(stage) == ("connect", "proxy refused")
    assert seen[0].startswith(b"CONNECT api.twilio.example:443")
    assert TOKEN.encode() not in seen[0]


async def test_a_proxy_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:pa55word@127.0.0.1:{port}")
    stage = failed(await run("api.twilio.example"))
    assert told(stage) == ("connect", "connection refused")
    assert f"proxy 127.0.0.1:{port}" in stage.hint
    assert "pa55word" not in stage.hint


async def test_a_proxy_setting_that_makes_no_sense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "nonsense://x")
    with pytest.raises(SmstuiError, match="HTTPS_PROXY"):
        new_client()
    stage = failed(await run("api.twilio.example"))
    assert told(stage) == ("connect", "no connection")


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
    import subprocess
    import sys

    code = (
        "import sys, smstui.verify, smstui.providers.registry as r; r.providers(); "
        "heavy = {'httpx', 'httpcore', 'phonenumbers', 'textual'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
