"""Twilio's webhook signature, X-Twilio-Signature, from the sender's side.

Written apart from the receiver's check on purpose: two readings of the same rule keep each other
honest. Rule: Twilio docs, "Webhooks security".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable

HEADER = "X-Twilio-Signature"


def sign(auth_token: str, url: str, parameters: Iterable[tuple[str, str]] = ()) -> str:
    """Return the signature of a webhook request.

    Args:
        auth_token: the Auth Token of the account that owns the message.
        url: the full URL as it was configured, with query; a fragment is not signed.
        parameters: the decoded form parameters of a POST; none for JSON and GET.
    """
    data = url.partition("#")[0]
    for name, value in sorted(set(parameters)):
        data += name + value
    digest = hmac.new(auth_token.encode(), data.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode("ascii")
