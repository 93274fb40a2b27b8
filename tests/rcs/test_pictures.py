"""Logo and banner are fetched over HTTP, redirects followed, and judged; files are read here."""

from __future__ import annotations

import struct
from asyncio import StreamReader, StreamWriter
from pathlib import Path

from smstui.providers.base import Outcome, Result
from smstui.rcs.errands import carry_out
from smstui.rcs.images import IMAGES
from smstui.rcs.pictures import address_errand, file_outcome
from tests.verify.servers import serve


def png(width: int, height: int) -> bytes:
    """Return what is read of a PNG of that size."""
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\0" * 60


async def answer(reader: StreamReader, writer: StreamWriter) -> None:
    """Serve a logo that fits, one that does not, and a way to the first."""
    head = await reader.readuntil(b"\r\n\r\n")
    path = head.split()[1].decode()
    pictures = {"/logo.png": png(224, 224), "/wide.png": png(300, 224)}
    if path == "/moved":
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /logo.png\r\nContent-Length: 0\r\n\r\n")
    else:
        body = pictures[path]
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    await writer.drain()


async def outcome_of(url: str) -> Outcome:
    """Return what a logo at an address comes to."""
    carried = await carry_out(address_errand(url, "logo", IMAGES["logo"]), {})
    return carried.progress.outcome


async def test_pictures_at_an_address() -> None:
    async with serve(answer) as port:
        base = f"http://127.0.0.1:{port}"
        moved, wide = await outcome_of(f"{base}/moved"), await outcome_of(f"{base}/wide.png")
    assert (moved.result, moved.summary, moved.field) == (
        Result.PASSED,
        "PNG, 224×224, 0.1 kB",
        "logo",
    )
    assert (wide.result, wide.word) == (Result.FAILED, "does not fit")
    assert "300×224" in wide.cause
    nobody = await outcome_of(f"{base}/logo.png")
    assert (nobody.result, nobody.word) == (Result.FAILED, "no picture")


def test_pictures_in_a_file(tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    assert "no such file" in file_outcome(str(logo), "logo", IMAGES["logo"]).cause
    logo.write_bytes(png(224, 224))
    assert file_outcome(str(logo), "logo", IMAGES["logo"]).result is Result.PASSED
