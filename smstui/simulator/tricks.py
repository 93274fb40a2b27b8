"""Answers that are no vendor's own, or come too late: what proxies, portals and lines do.

An account in trouble gets them always; for a send, the last five digits of the recipient choose
one. It is the same for all vendors.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from enum import Enum, StrEnum

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

SLOW_SECONDS = 60.0
"""How long a slow answer takes; longer than a client waits."""

HUGE_BYTES = 8 << 20

GATEWAY_PAGE = (
    "<!doctype html><html><head><title>502 Bad Gateway</title></head>"
    "<body><h1>Bad Gateway</h1><p>The upstream server did not answer.</p></body></html>"
)
LOGIN_PAGE = "<!doctype html><html><head><title>Log in</title></head><body>Log in</body></html>"


class Trouble(StrEnum):
    """What an account meets with every request, however right it is."""

    NONE = ""
    THROTTLED = "throttled"
    FAULT = "fault"
    MAINTENANCE = "maintenance"
    GATEWAY = "gateway"
    SLOW = "slow"


class Trick(Enum):
    """What happens to a send; the first three are told in the vendor's own words."""

    THROTTLED = 20429
    FAULT = 20500
    MAINTENANCE = 20503
    REDIRECT = 301
    EMPTY = 204
    NOT_JSON = 200
    GATEWAY = 502
    SLOW = 504
    CUT_OFF = 444
    HUGE = 413

    @property
    def is_told(self) -> bool:
        """Whether the vendor answers in its own words."""
        return self in (Trick.THROTTLED, Trick.FAULT, Trick.MAINTENANCE)


def tail(number: str) -> int:
    """Return the last five digits of a number or channel address; 0 when there are none."""
    digits = "".join(c for c in number if c.isascii() and c.isdigit())
    return int(digits[-5:] or "0")


def trick_for(to: str) -> Trick | None:
    """Return the odd answer that a send to this recipient gets."""
    try:
        return Trick(tail(to))
    except ValueError:
        return None


def in_its_place(trick: Trick | None, login_url: str) -> Response | None:
    """Return the answer of a trick that comes in place of the message.

    Args:
        trick: what happens; None for nothing odd.
        login_url: where a redirect leads.
    """
    if trick is Trick.GATEWAY:
        return HTMLResponse(GATEWAY_PAGE, status_code=502)
    if trick is Trick.REDIRECT:
        return RedirectResponse(login_url, status_code=307)
    return None


async def afterwards(trick: Trick | None, request: Request, *, status: int) -> Response | None:
    """Return the answer of a trick that comes after the message was accepted.

    Args:
        trick: what happens; None for nothing odd.
        request: its body must have been read.
        status: the one that accepts.
    """
    match trick:
        case Trick.SLOW:
            await linger(request)
        case Trick.EMPTY:
            return Response(status_code=200)
        case Trick.NOT_JSON:
            return HTMLResponse(LOGIN_PAGE)
        case Trick.CUT_OFF:
            return StreamingResponse(
                _start_of_body(), media_type="application/json", headers={"Content-Length": "900"}
            )
        case Trick.HUGE:
            return StreamingResponse(
                _huge_body(), status_code=status, media_type="application/json"
            )
    return None


async def linger(request: Request) -> None:
    """Wait as a slow server does, or until the client has gone; the body must have been read."""
    for _tick in range(int(SLOW_SECONDS / 0.05)):
        if await request.is_disconnected():
            return
        await asyncio.sleep(0.05)


async def _start_of_body() -> AsyncIterator[bytes]:
    yield b'{"account_sid": "AC'


async def _huge_body() -> AsyncIterator[bytes]:
    yield b'{"body": "'
    for _block in range(HUGE_BYTES >> 16):
        yield b"a" * (1 << 16)
        await asyncio.sleep(0)  # Lets a client that has had enough hang up.
    yield b'"}'
