"""One HTTP request at a time: carried out, watched, bounded, and never failing by exception."""

from __future__ import annotations

import asyncio
import logging
import ssl
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.request import getproxies, proxy_bypass

from smstui import __version__
from smstui.errors import SmstuiError
from smstui.i18n import _
from smstui.providers.base import ClientCertificate, Outcome, Request, Response
from smstui.providers.hosts import is_loopback, is_plain_http_abroad
from smstui.verify import troubles

if TYPE_CHECKING:
    import httpx

BODY_LIMIT = 1_048_576
"""Bytes of an answer that are read, counted after decompression."""

PATIENCE = 60.0
"""Seconds for one request in all; an answer that drips in slowly ends there."""

CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
WRITE_SECONDS = 10.0
_LOOPBACK = ("all://localhost", "all://*.localhost", "all://127.0.0.1", "all://[::1]")


def new_client(certificate: ClientCertificate | None = None) -> httpx.AsyncClient:
    """Return a client for verifications.

    TLS is always checked, against the system's certificates; redirects are not followed; cookies
    are not kept; proxies come from the environment, but never for this machine. Takes tens of
    milliseconds: call it outside the event loop.

    Args:
        certificate: what this side proves itself with in TLS.

    Raises:
        SmstuiError: the certificate or the proxy settings of the environment cannot be used.
    """
    from http.cookiejar import CookieJar, DefaultCookiePolicy

    import httpx

    quiet()
    context = tls_context()
    if certificate is not None:
        _prove_with(certificate, context)
    try:
        return httpx.AsyncClient(
            verify=context,
            timeout=httpx.Timeout(
                connect=CONNECT_SECONDS, read=READ_SECONDS, write=WRITE_SECONDS, pool=5.0
            ),
            follow_redirects=False,
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
            headers={"User-Agent": f"smstui/{__version__}", "Accept-Encoding": "identity"},
            mounts=dict.fromkeys(_LOOPBACK),
        )
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        raise SmstuiError(
            _("The proxy in the environment cannot be used. Check HTTPS_PROXY and ALL_PROXY."),
            title=_("No connection"),
        ) from error


def _prove_with(certificate: ClientCertificate, context: ssl.SSLContext) -> None:
    from smstui.providers.certificates import load_into

    try:
        load_into(context, certificate)
    except ValueError as error:
        raise SmstuiError(str(error), title=_("No client certificate")) from error


def tls_context() -> ssl.SSLContext:
    """Return a context that checks certificates: the system's, else those that httpx brings."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile or (paths.capath and any(Path(paths.capath).iterdir())):
        return ssl.create_default_context()
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


def quiet() -> None:
    """Keep the URLs and headers that httpx and httpcore log at lower levels out of any log."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


@dataclass(slots=True)
class Link:
    """What is known of the connection while a request runs.

    Attributes:
        connected: set once the way to the host stands, TLS included.
        seconds: how long that took.
        tls: "TLS 1.3"; empty for plain http, or when the transport does not tell.
        written: whether the request may have reached the host.
    """

    connected: asyncio.Event = field(default_factory=asyncio.Event)
    seconds: float = 0.0
    tls: str = ""
    written: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one request: a response, or trouble; a redirect is both.

    Attributes:
        sent: the request with every header that went over the wire.
        response: what came back.
        trouble: why nothing usable came back.
        seconds: how long it all took.
    """

    sent: Request
    response: Response | None
    trouble: Outcome | None
    seconds: float


async def perform(
    client: httpx.AsyncClient,
    request: Request,
    link: Link,
    *,
    monotonic: Callable[[], float],
    patience: float = PATIENCE,
) -> Answer:
    """Carry out one request, once.

    Args:
        client: what to send with.
        request: what to send.
        link: told about the connection as it comes to stand.
        monotonic: the clock for durations.
        patience: seconds in all.
    """
    import httpx

    started = monotonic()
    link.written = False

    def answer(response: Response | None, trouble: Outcome | None) -> Answer:
        return Answer(sent, response, trouble, monotonic() - started)

    sent = request
    if is_plain_http_abroad(request.url):
        return answer(None, troubles.plain_http())
    try:
        built = client.build_request(
            request.method,
            request.url,
            headers=list(request.headers),
            content=request.body or None,
            extensions={"trace": _watcher(link, request.url, started, monotonic)},
        )
    except (httpx.InvalidURL, ValueError):
        return answer(None, troubles.bad_request())
    sent = Request(request.method, request.url, _pairs(built.headers), request.body)
    host = built.url.netloc.decode("ascii")
    try:
        async with asyncio.timeout(patience):
            reply = await client.send(built, stream=True, follow_redirects=False)
            link.written = True
            try:
                body, truncated = await _read(
                    cast("httpx.AsyncByteStream", reply.stream),
                    reply.headers.get("Content-Encoding", "identity"),
                )
            finally:
                await reply.aclose()
    except TimeoutError:
        return answer(None, troubles.too_slow(host, patience))
    except zlib.error:
        return answer(None, troubles.bad_encoding())
    except (httpx.HTTPError, OSError) as error:  # a TLS alert comes as the bare ssl.SSLError
        if troubles.is_tls_alert(error):
            link.written = False
        trouble = troubles.of_error(error, host, written=link.written)
        proxy = "" if link.written else _proxy_for(built.url)
        return answer(None, troubles.through_proxy(trouble, proxy) if proxy else trouble)
    if not link.connected.is_set():
        link.seconds = monotonic() - started
        link.connected.set()
    response = Response(reply.status_code, _pairs(reply.headers), body, truncated)
    if 300 <= response.status < 400:
        return Answer(sent, response, troubles.redirected(response), monotonic() - started)
    return answer(response, None)


def _watcher(
    link: Link, url: str, started: float, monotonic: Callable[[], float]
) -> Callable[[str, dict[str, Any]], Any]:
    """Return a trace function (an extension of httpcore) that keeps link up to date."""
    plain = url.startswith("http:")

    async def watch(event: str, info: dict[str, Any]) -> None:
        if event.endswith("start_tls.complete"):
            tls = info["return_value"].get_extra_info("ssl_object")
            link.tls = (tls.version() or "").replace("TLSv", "TLS ") if tls else ""
            # Through a proxy, its CONNECT went out before; the request itself has not.
            link.written = False
        elif event.endswith("send_request_headers.started"):
            link.written = True
            return
        elif not (plain and event.endswith("connect_tcp.complete")):
            return
        link.seconds = monotonic() - started
        link.connected.set()

    return watch


async def _read(stream: httpx.AsyncByteStream, encoding: str) -> tuple[bytes, bool]:
    """Return the body, decompressed, up to `BODY_LIMIT`, and whether there was more.

    Raises:
        zlib.error: the body is not encoded as its header says, or in a way that was not asked for.
    """
    encoding = encoding.strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise zlib.error
    inflate = None if encoding in ("", "identity") else zlib.decompressobj(zlib.MAX_WBITS | 32)
    body = bytearray()
    async for chunk in stream:
        room = BODY_LIMIT + 1 - len(body)
        body += inflate.decompress(chunk, room) if inflate else chunk[:room]
        if len(body) > BODY_LIMIT:
            return bytes(body[:BODY_LIMIT]), True
    return bytes(body), False


def _proxy_for(url: httpx.URL) -> str:
    """Return host and port of the proxy that the environment names for a URL; empty for none."""
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all", "")
    if not proxy or is_loopback(url.host) or proxy_bypass(url.host):
        return ""
    return proxy.rpartition("@")[2].rpartition("/")[2]


def _pairs(headers: httpx.Headers) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw)
