"""The signature of the Conversation API's callbacks, from the sender's side.

Written apart from the receiver's check on purpose: two readings of the same rule keep each other
honest. Rule: Sinch's page on the Conversation API's callbacks, "Validating callbacks".
"""

from __future__ import annotations

import base64
import hashlib
import hmac

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
