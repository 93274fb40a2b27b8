"""What the simulated custom provider tells its customers: JSON that is nobody's standard.

Reports look like the sample on Adobe's page on webhooks: code and status lie in a list beside
``clientReference``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from smstui.simulator.core import Callback, Hook, Ids
from smstui.simulator.subscribers import REPLY_AFTER, reply_of
from smstui.simulator.tricks import tail
from smstui.times import iso

SIGNATURE_HEADER = "X-Signature"
"""Hex digits of the HMAC-SHA256 over the body, when there is a secret."""

UNREACHABLE, NO_RECEIPT = 50300, 999
"""Last digits of a recipient who cannot be reached, and of one without receipts."""

SENT_AFTER, FINAL_AFTER = timedelta(seconds=1), timedelta(seconds=2.5)
REPEATS_AFTER = 5.0


def reports(
    hook: Hook, message_id: str, sender: str, recipient: str, created: datetime
) -> Iterator[Callback]:
    """Yield the delivery reports of a message that was accepted."""
    code, status = (
        ("301", "UNDELIVERABLE") if tail(recipient) == UNREACHABLE else ("0", "DELIVERED")
    )
    states = [(created + SENT_AFTER, "0", "SENT"), (created + FINAL_AFTER, code, status)]
    if tail(recipient) == NO_RECEIPT:
        del states[-1]
    for due, code, status in states:
        record = {
            "clientReference": message_id,
            "sender": sender,
            "recipient": recipient,
            "statuses": [{"code": code, "status": status, "time": iso(due)}],
        }
        yield from _call(hook, hook.feedback, due, record)


def answers(
    hook: Hook, ids: Ids, sender: str, recipient: str, created: datetime
) -> Iterator[Callback]:
    """Yield the call that tells of the recipient's answer to a message."""
    if reply_of(recipient):
        due = created + FINAL_AFTER + REPLY_AFTER
        yield from text(hook, ids, recipient, sender, reply_of(recipient), due)


def text(
    hook: Hook, ids: Ids, number: str, to: str, words: str, due: datetime
) -> Iterator[Callback]:
    """Yield the call that tells of a subscriber's text; none when no URL is set."""
    if hook.inbound:
        record = {
            "id": ids.next("custom inbound", 24),
            "from": number,
            "to": to,
            "message": {"text": words},
            "receivedAt": iso(due),
        }
        yield from _call(hook, hook.inbound, due, record)


def _call(hook: Hook, url: str, due: datetime, record: Mapping[str, Any]) -> Iterator[Callback]:
    if not url:
        return
    body = json.dumps(record).encode()
    headers = {"Content-Type": "application/json", **hook.headers}
    if hook.secret:
        headers[SIGNATURE_HEADER] = hmac.new(hook.secret.encode(), body, hashlib.sha256).hexdigest()
    yield Callback(due, url, body, headers, REPEATS_AFTER)
