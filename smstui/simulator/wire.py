"""Reading requests: what every simulated vendor needs of HTTP."""

from __future__ import annotations

import base64
import binascii
import hmac

from starlette.requests import Request

from smstui.simulator.core import MAX_BODY


def basic_credentials(value: str) -> tuple[str, str] | None:
    """Return user and password of HTTP Basic, or None when the value is malformed.

    Args:
        value: what follows ``Basic`` in the Authorization header.
    """
    try:
        text = base64.b64decode(value.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    user, _colon, password = text.partition(":")
    return user, password


def same(expected: str, given: str) -> bool:
    """Whether two secrets are the same, in a time that tells nothing of them."""
    return hmac.compare_digest(expected.encode(), given.encode())


async def read_body(request: Request) -> bytes | None:
    """Return the body of a request, or None when it is larger than a vendor reads."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return body
