"""Client certificates: shown to the provider's own host, and to nobody else."""

from __future__ import annotations

import asyncio
import socket
import ssl
from asyncio import StreamReader as Reader
from asyncio import StreamWriter as Writer
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from pydantic import SecretStr

from smstui.providers.base import ClientCertificate, Dialogue, Outcome, Request, Response, Result
from smstui.providers.twilio import TwilioCredential, TwilioProvider
from smstui.verify import Depth, Verification, verify
from smstui.verify.board import Item, verify_all
from tests.verify.servers import Authority, credential, failed, read_request, serve, told, twilio

FRESH = "fresh-token-0123456789"


class Proving(TwilioProvider):
    """A vendor that wants a client certificate, and may ask for a token elsewhere first."""

    def __init__(self, certificate: ClientCertificate | None, token_url: str = "") -> None:
        self.certificate = certificate
        self.token_url = token_url

    def host(self, credential: TwilioCredential) -> str:
        return credential.api_host

    def client_certificate(self, credential: TwilioCredential) -> ClientCertificate | None:
        return self.certificate

    def probe(self, credential: TwilioCredential, to: str = "", text: str = "") -> Dialogue:
        if self.token_url:
            yield Request("GET", self.token_url, secrets_in=self.fresh)
        url = f"https://{credential.api_host}/?key={FRESH}"
        response = yield Request("GET", url)
        return Outcome(result=Result.PASSED, word="in", summary=f"HTTP {response.status} {FRESH}")

    def fresh(self, response: Response) -> list[SecretStr]:
        return [SecretStr(FRESH)]


class Visitors:
    """Remembers for each request whether the client proved itself."""

    def __init__(self) -> None:
        self.proven: list[bool] = []

    async def __call__(self, reader: Reader, writer: Writer) -> None:
        while True:
            request = await read_request(reader)
            tls = writer.get_extra_info("ssl_object")
            self.proven.append(bool(tls.getpeercert()))
            writer.write(twilio(request))
            await writer.drain()


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Return an authority that this process trusts as one of the system's."""
    authority = Authority(tmp_path)
    path = tmp_path / "authority.pem"
    path.write_bytes(authority.certificate.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return authority


def wanting(authority: Authority, mode: ssl.VerifyMode) -> ssl.SSLContext:
    context = authority.server()
    context.verify_mode = mode
    context.load_verify_locations(authority.folder / "authority.pem")
    return context


def own_certificate(authority: Authority) -> ClientCertificate:
    authority.server()
    pem = (authority.folder / "server.pem").read_text()
    key, marker, certificate = pem.partition("-----BEGIN CERTIFICATE")
    return ClientCertificate(marker + certificate, SecretStr(key))


async def probe(provider: Proving, api_host: str) -> Verification:
    chosen = credential(api_host)
    verification = Verification(provider, chosen, depth=Depth.PROBE)
    async for event in verify(provider, chosen, depth=Depth.PROBE):
        verification.add(event)
    return verification


async def test_the_certificate_is_shown_to_its_host_alone(authority: Authority) -> None:
    own, other = Visitors(), Visitors()
    mine = own_certificate(authority)
    async with (
        serve(own, wanting(authority, ssl.CERT_OPTIONAL)) as port,
        serve(other, wanting(authority, ssl.CERT_OPTIONAL)) as token_port,
    ):
        provider = Proving(mine, f"https://127.0.0.1:{token_port}/token")
        verification = await probe(provider, f"127.0.0.1:{port}")
    assert verification.ok
    assert (own.proven, other.proven) == ([True], [False])


async def test_a_board_shows_each_certificate_for_its_own_credential_alone(
    authority: Authority,
) -> None:
    visitors = Visitors()
    certificates = (None, own_certificate(authority), None)

    async def items(port: int) -> AsyncIterator[Item]:
        for number, certificate in enumerate(certificates):
            judged = (Proving(certificate), credential(f"127.0.0.1:{port}"))
            yield Item(number, "x", "Twilio", lambda judged=judged: judged)  # type: ignore[misc]  # a lambda with a default

    async with serve(visitors, wanting(authority, ssl.CERT_OPTIONAL)) as port:
        told = [result async for result in verify_all(items(port), depth=Depth.PROBE, jobs=1)]
    assert all(verification.ok for _item, verification in told)
    assert visitors.proven == [False, True, False]


async def test_a_fresh_token_is_hidden_from_its_answer_on(authority: Authority) -> None:
    async with (
        serve(Visitors(), authority.server()) as port,
        serve(Visitors(), authority.server()) as token_port,
    ):
        provider = Proving(None, f"https://127.0.0.1:{token_port}/token")
        verification = await probe(provider, f"127.0.0.1:{port}")
    assert FRESH not in repr(verification.exchanges) + repr(verification.stages)
    assert verification.stages[2].summary == "HTTP 200 •••"
    assert '"$TOKEN"' in verification.exchanges[1].curl


def refuse_one(listener: socket.socket, context: ssl.SSLContext) -> None:
    """Take one connection, fail its handshake, and let the alert arrive before closing."""
    connection, _address = listener.accept()
    with (
        suppress(OSError),
        context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False) as tls,
    ):
        with suppress(ssl.SSLError):
            tls.do_handshake()
        tls.settimeout(5)
        while super(ssl.SSLSocket, tls).recv(4096):
            pass


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_host_that_wants_a_certificate_and_gets_none(
    authority: Authority, version: ssl.TLSVersion
) -> None:
    context = wanting(authority, ssl.CERT_REQUIRED)
    context.minimum_version = context.maximum_version = version
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(asyncio.to_thread(refuse_one, listener, context))
        stage = failed(await probe(Proving(None), f"127.0.0.1:{listener.getsockname()[1]}"))
        await serving
    assert told(stage)[1] == "client certificate"
    assert "mTLS" in stage.hint


async def test_a_certificate_that_cannot_be_used(authority: Authority) -> None:
    empty = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----"
    broken = ClientCertificate(empty, SecretStr("k"))
    stage = failed(await probe(Proving(broken), "127.0.0.1:1"))
    assert told(stage) == ("connect", "no connection")
