"""Logo and banner of a brand: type, size and weight, read from the bytes of the file.

Formats: PNG (ISO/IEC 15948, IHDR is the first chunk), JPEG (ITU-T T.81, annex B: a frame header
SOF tells the size). Nothing else is decoded.
"""

from __future__ import annotations

import struct
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urljoin

from smstui.i18n import _
from smstui.providers.base import Request, Response
from smstui.providers.fields import Issue, Severity
from smstui.providers.hosts import is_plain_http_abroad

Picture = Literal["logo", "banner"]
"""Which picture: the name of its field."""

MOST_READ = 1_048_576
"""Bytes of a file that are read: as much as of an answer. The heaviest picture has 200 kB."""

_MOST_REDIRECTS = 3
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_STANDALONE = (0x01, *range(0xD0, 0xD8))
"""JPEG markers without a length: TEM and RST0 to RST7."""
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Frame headers SOF0 to SOF15, without DHT, JPG and DAC."""
_END = (0xD9, 0xDA)
"""EOI, and SOS: behind it come pixels."""


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}×{self.height}"


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What a provider takes.

    Attributes:
        size: what the picture must measure.
        most_bytes: how heavy it may be.
        also: another size that the provider's own pages name; the picture may be refused.
    """

    size: Size
    most_bytes: int
    also: Size | None = None


LOGO = Size(224, 224)
BANNER = Size(1440, 448)

IMAGES: dict[Picture, ImageLimits] = {
    "logo": ImageLimits(LOGO, 51_200),
    "banner": ImageLimits(BANNER, 204_800),
}
"""Google's limits, which Sinch and Infobip repeat; Infobip says them in bytes."""


def check_image(data: bytes, kind: Picture, limits: ImageLimits) -> list[Issue]:
    """Return what is wrong with a logo or banner.

    Args:
        data: the whole file.
        kind: which of the two; the field of the issues.
        limits: the provider's.
    """
    size = size_of(data)
    if size is None:
        return [Issue(kind, _not_a_picture(data))]
    issues = []
    if limits.also is not None and size == limits.also:
        said = _("{size}: the provider's pages do not agree; others of them want {wanted}.")
        issues.append(Issue(kind, said.format(size=size, wanted=limits.size), Severity.WARNING))
    elif size != limits.size:
        said = _("The picture has {size} pixels, and {wanted} is asked for.")
        issues.append(Issue(kind, said.format(size=size, wanted=limits.size)))
    if len(data) > limits.most_bytes:
        said = _("The picture has {count} bytes; the most is {most}.")
        issues.append(
            Issue(kind, said.format(count=f"{len(data):,}", most=f"{limits.most_bytes:,}"))
        )
    return issues


def describe(data: bytes) -> str:
    """Return what a picture is, for a remark: ``PNG, 224×224, 12.3 kB``; empty for no picture."""
    size = size_of(data)
    if size is None:
        return ""
    kind = "PNG" if data.startswith(_PNG) else "JPEG"
    return f"{kind}, {size}, {len(data) / 1000:.1f} kB"


def size_of(data: bytes) -> Size | None:
    """Return the size of a PNG or JPEG; None for anything else, and for one without its header."""
    size = None
    if data.startswith(_PNG):
        size = _size_of_png(data)
    elif data.startswith(_JPEG):
        size = _size_of_jpeg(data)
    return size if size is not None and all(size) else None


def _size_of_png(data: bytes) -> Size | None:
    if len(data) < 24 or data[12:16] != b"IHDR":
        return None
    return Size(*struct.unpack(">II", data[16:24]))


def _size_of_jpeg(data: bytes) -> Size | None:
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF or marker in _STANDALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _END:
            return None
        if marker in _FRAMES:
            if at + 9 > len(data):
                return None
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return Size(width, height)
        at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return None


def _not_a_picture(data: bytes) -> str:
    if not data:
        return _("The file is empty.")
    if data.startswith((_PNG, _JPEG)):
        return _("The picture is damaged: its size cannot be read.")
    if data.lstrip()[:1] == b"<":
        return _("This is a web page or an SVG, not a PNG or JPEG.")
    return _("This is neither a PNG nor a JPEG.")


def read_local(path: str) -> bytes | str:
    """Return the bytes of a file on this machine, or why there are none, as a sentence.

    Args:
        path: as it was typed; ``~`` is the home folder.
    """
    try:
        file = Path(path).expanduser()
        if not file.is_file():
            return _("There is no such file on this machine.")
        with file.open("rb") as opened:
            data = opened.read(MOST_READ + 1)
    except (OSError, ValueError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        return _("The file cannot be read: {reason}.").format(reason=reason or _("a bad path"))
    return _("The file is larger than 1 MiB.") if len(data) > MOST_READ else data


def fetch_image(url: str) -> Generator[Request, Response, bytes | str]:
    """Return the conversation that fetches a picture as the provider will, without any login.

    It returns the bytes, or why there are none, as a sentence.

    Args:
        url: an address that `smstui.rcs.checks.check_web` has nothing against.
    """
    for _turn in range(_MOST_REDIRECTS + 1):
        response = yield Request("GET", url, (("Accept", "image/png, image/jpeg"),), optional=True)
        if response.status not in (301, 302, 303, 307, 308):
            return _picture_in(response)
        try:
            url = urljoin(url, response.header("Location"))
        except ValueError:
            url = ""
        if is_plain_http_abroad(url):
            return _("The address leads on to one that is not https.")
    return _("The address leads on and on, and never to the picture.")


def _picture_in(response: Response) -> bytes | str:
    if not response.status:
        return _("The address cannot be reached from this machine.")
    if response.status != 200:
        said = _("The address answers with HTTP {status} in the place of a picture.")
        return said.format(status=response.status)
    if response.truncated:
        return _("The file is larger than 1 MiB.")
    return response.body
