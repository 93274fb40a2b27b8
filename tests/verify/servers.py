"""Real servers on loopback, and a run of the engine against them, for the tests of the engine."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import json
import socket
import ssl
from asyncio import StreamReader as Reader
from asyncio import StreamWriter as Writer
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from smstui.providers.base import Result
from smstui.providers.twilio import TwilioCredential, TwilioProvider
from smstui.verify import Depth, Stage, Verification, verify

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
