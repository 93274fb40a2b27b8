"""Logos and banners, as real PNG and JPEG bytes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smstui.providers.base import Response
from smstui.providers.fields import Severity
from smstui.rcs import images
from smstui.rcs.images import IMAGES, Picture, Size, check_image, fetch_image, read_local
from smstui.rcs.routes.registry import routes


def png(width: int, height: int, *, padding: int = 0) -> bytes:
    """Return a PNG of one colour, with a text chunk of that many bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\xff" * width) * height)
    text = chunk(b"tEXt", b"Comment\0" + b"x" * padding) if padding else b""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", header), text, chunk(b"IDAT", pixels), chunk(b"IEND", b"")]
    )


def jpeg(width: int, height: int, *, frame: int = 0xC0) -> bytes:
    """Return the headers of a JPEG: JFIF, a comment that looks like a frame, tables, the frame."""

    def segment(marker: int, data: bytes) -> bytes:
        return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data

    size = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return b"".join(
        [
            b"\xff\xd8",
            segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0"),
            segment(0xFE, b"\xff\xc0\x00\x11\x08\x00\x01\x00\x01"),
            segment(0xC4, b"\0" * 20),
            b"\xff",  # a fill byte, which is allowed before a marker
            segment(frame, size),
            segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\0" * 20 + b"\xff\xd9",
        ]
    )


@pytest.mark.parametrize("make", [png, jpeg])
@pytest.mark.parametrize(("kind", "size"), [("logo", (224, 224)), ("banner", (1440, 448))])
def test_pictures_of_the_right_size_are_right(
    make: Callable[[int, int], bytes], kind: Picture, size: tuple[int, int]
) -> None:
    data = make(*size)
    assert images.size_of(data) == size
    assert check_image(data, kind, IMAGES[kind]) == []
    assert f"{size[0]}×{size[1]}" in images.describe(data)


def test_a_progressive_jpeg_is_read_too() -> None:
    assert images.size_of(jpeg(1440, 448, frame=0xC2)) == (1440, 448)


def test_size_and_weight_are_told() -> None:
    (size,) = check_image(png(225, 224), "logo", IMAGES["logo"])
    assert (size.field, size.severity) == ("logo", Severity.ERROR)
    assert "225×224" in size.message
    assert "224×224" in size.message
    (weight,) = check_image(png(224, 224, padding=51_000), "logo", IMAGES["logo"])
    assert "51,200" in weight.message
    assert len(check_image(png(1, 1, padding=60_000), "logo", IMAGES["logo"])) == 2


def test_twilio_takes_either_width_of_a_banner_and_warns_of_one() -> None:
    limits = routes()["Twilio"].images["banner"]
    assert check_image(png(1440, 448), "banner", limits) == []
    (issue,) = check_image(png(1140, 448), "banner", limits)
    assert issue.severity is Severity.WARNING
    assert check_image(png(1140, 448), "banner", IMAGES["banner"])[0].severity is Severity.ERROR


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"  <!doctype html>", "web page"),
        (b"GIF89a" + b"\0" * 40, "neither"),
        (png(224, 224)[:20], "damaged"),
        (jpeg(224, 224)[:60], "damaged"),
        (png(0, 224), "damaged"),
        (b"\xff\xd8\xff\xda" + b"\0" * 40, "damaged"),
        (b"\xff\xd8\xff" + b"\0" * 40, "damaged"),
    ],
)
def test_what_is_no_picture_is_told(data: bytes, said: str) -> None:
    (issue,) = check_image(data, "logo", IMAGES["logo"])
    assert said in issue.message
    assert images.describe(data) == ""


@given(st.binary(max_size=200), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]))
def test_no_bytes_break_the_reader(data: bytes, start: bytes) -> None:
    size = images.size_of(start + data)
    assert size is None or (isinstance(size, Size) and min(size) > 0)
    check_image(start + data, "banner", IMAGES["banner"])


@given(st.integers(0, len(jpeg(224, 224))))
def test_a_picture_that_ends_early_is_read_rightly_or_not_at_all(end: int) -> None:
    assert images.size_of(jpeg(224, 224)[:end]) in (None, (224, 224))


def test_files_are_read_or_it_is_said_why_not(tmp_path: Path, home: Path) -> None:
    data = png(224, 224)
    (home / "logo.png").write_bytes(data)
    assert read_local("~/logo.png") == data
    assert read_local(str(tmp_path / "none.png")) == "There is no such file on this machine."
    assert read_local(str(tmp_path)) == "There is no such file on this machine."
    (home / "large.png").write_bytes(b"x" * (images.MOST_READ + 1))
    assert read_local("~/large.png") == "The file is larger than 1 MiB."
    for odd in ("a\0b.png", "~nobody-of-that-name/logo.png"):
        assert isinstance(read_local(odd), str)


def test_a_picture_is_fetched_without_any_login() -> None:
    def fetch(*answers: Response) -> tuple[list[str], bytes | str]:
        errand = fetch_image("https://www.example.com/logo")
        asked = [next(errand)]
        try:
            for given_answer in answers:
                asked.append(errand.send(given_answer))
        except StopIteration as stop:
            assert all("authorization" not in dict(r.headers) for r in asked)
            return [request.url for request in asked], stop.value
        raise AssertionError("more is asked")

    data = png(224, 224)
    assert fetch(Response(200, body=data)) == (["https://www.example.com/logo"], data)
    moved = Response(302, (("Location", "/files/logo.png"),))
    assert fetch(moved, Response(200, body=data))[0][1] == "https://www.example.com/files/logo.png"
    cases = [
        ([Response(404)], "HTTP 404"),
        ([Response(0)], "cannot be reached"),
        ([Response(200, body=data, truncated=True)], "1 MiB"),
        ([Response(301, (("Location", "http://www.example.com/"),))], "not https"),
        ([Response(301, (("Location", "https://[::1"),))], "not https"),
        ([moved] * 4, "on and on"),
    ]
    for answers, said in cases:
        assert said in str(fetch(*answers)[1])
