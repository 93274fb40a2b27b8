"""Callbacks and their signature, from the sender's side; both APIs of Sinch sign alike.

Written apart from the receiver's check on purpose: two readings of the same rule keep each other
honest. Rule: Sinch's page on the Conversation API's callbacks, "Validating callbacks".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from smstui.simulator.core import Callback

REPEATS_AFTER = 5.0
"""Seconds until a call that failed is made again."""

_HEADER = "x-sinch-webhook-signature"


def signed_headers(secret: str, body: bytes, *, nonce: str, timestamp: str) -> dict[str, str]:
    """Return the headers that sign a callback.

    Args:
        secret: of the webhook, or the app's secret for overridden callback URLs.
        body: as it goes over the wire.
        nonce: different for each callback.
        timestamp: seconds since 1970, UTC.
    """
    data = body + f".{nonce}.{timestamp}".encode()
    digest = hmac.new(secret.encode(), data, hashlib.sha256).digest()
    return {
        _HEADER: base64.b64encode(digest).decode("ascii"),
        f"{_HEADER}-nonce": nonce,
        f"{_HEADER}-timestamp": timestamp,
        f"{_HEADER}-algorithm": "HmacSHA256",
    }


def callback(
    due: datetime,
    url: str,
    record: Mapping[str, Any],
    *,
    nonce: str,
    secret: str = "",
    headers: Mapping[str, str] | None = None,
) -> Callback:
    """Return a callback that carries a record.

    Args:
        due: when it goes out.
        url: where to.
        record: what it tells.
        nonce: different for each callback.
        secret: signs it; empty for unsigned.
        headers: fixed ones.
    """
    body = json.dumps(record, separators=(",", ":")).encode()
    sent = {"Content-Type": "application/json", **(headers or {})}
    if secret:
        timestamp = str(int(due.timestamp()))
        sent |= signed_headers(secret, body, nonce=nonce, timestamp=timestamp)
    return Callback(due, url, body, sent, REPEATS_AFTER)
