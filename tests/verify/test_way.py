"""What goes wrong on the way to a host: names, ports, certificates, proxies."""

from __future__ import annotations

from asyncio import StreamReader as Reader
from asyncio import StreamWriter as Writer
from pathlib import Path
from typing import Any

import pytest

from smstui.errors import SmstuiError
from smstui.providers.base import Result
from smstui.verify import Depth, new_client
from tests.verify.servers import (
    TOKEN,
    Authority,
    answering,
    failed,
    free_port,
    http,
    run,
    serve,
    told,
    twilio,
)


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
