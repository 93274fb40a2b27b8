"""Reports that Infobip posts: per message, unsigned, or by a subscription with its security.

Source: Infobip's pages on subscriptions. In which header and form a signature comes is published
nowhere; `SIGNATURE_HEADER` with hex digits is this simulator's own choice, and a subscription may
name another.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from smstui.simulator.core import Callback
from smstui.simulator.infobip.errors import Refusal
from smstui.simulator.infobip.messages import WAITING_AFTER, Message

SIGNATURE_HEADER = "X-Callback-Signature"
MAX_NOTIFY_URL = 512
REPEATS_AFTER = 60.0
"""Seconds until a call that failed is made again: one minute, plus one for each time squared."""

_ALGORITHMS = {
    "HMAC_MD5": "md5",
    "HMAC_SHA_1": "sha1",
    "HMAC_SHA_224": "sha224",
    "HMAC_SHA_256": "sha256",
    "HMAC_SHA_384": "sha384",
    "HMAC_SHA_512": "sha512",
}


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where an account's reports of a channel go, and how they are proved.

    Attributes:
        record: as the request had it.
        events: ``DELIVERY``, ``SEEN`` and others.
        url: where to.
        security: type and credentials; empty for none.
        headers: fixed ones.
    """

    record: dict[str, Any] = field(repr=False)
    events: tuple[str, ...]
    url: str
    security: dict[str, Any] = field(default_factory=dict, repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)

    def proof(self, body: bytes) -> dict[str, str]:
        """Return the headers that prove a body to be Infobip's."""
        credentials = _object(self.security, "credentials")
        if self.security.get("type") == "BASIC":
            pair = f"{credentials.get('username', '')}:{credentials.get('password', '')}"
            token = base64.b64encode(pair.encode()).decode("ascii")
            return {**self.headers, "Authorization": f"Basic {token}"}
        if self.security.get("type") == "HMAC":
            digest = hmac.new(
                str(credentials.get("secretKey", "")).encode(),
                body,
                _ALGORITHMS[credentials.get("algorithm", "HMAC_SHA_256")],
            )
            name = str(credentials.get("headerName", SIGNATURE_HEADER))
            return {**self.headers, name: digest.hexdigest()}
        return dict(self.headers)


def read_subscription(document: Any) -> Subscription:
    """Return the subscription that a body describes.

    Raises:
        Refusal: 400 with what is wrong.
    """
    if not isinstance(document, dict):
        raise Refusal(400)
    profile = _object(document, "profile")
    security = _object(profile, "security")
    url, events = _object(profile, "webhook").get("notifyUrl"), document.get("events")
    algorithm = _object(security, "credentials").get("algorithm")
    if not isinstance(document.get("subscriptionId"), str):
        raise Refusal(400, ("subscriptionId", "must not be null"))
    if not isinstance(events, list) or not events:
        raise Refusal(400, ("events", "must not be empty"))
    if not isinstance(url, str) or not 0 < len(url) <= MAX_NOTIFY_URL:
        raise Refusal(400, ("profile.webhook.notifyUrl", "size must be between 1 and 512"))
    if security.get("type") not in (None, "BASIC", "HMAC"):
        raise Refusal(400, ("profile.security.type", "is not simulated"))
    if security.get("type") == "HMAC" and algorithm not in _ALGORITHMS:
        raise Refusal(400, ("profile.security.credentials.algorithm", "unknown algorithm"))
    return Subscription(
        document,
        tuple(str(event) for event in events),
        url,
        security,
        {str(name): str(value) for name, value in _object(profile, "headers").items()},
    )


def _object(record: dict[str, Any], name: str) -> dict[str, Any]:
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def callbacks_of(message: Message, subscriptions: Iterable[Subscription]) -> Iterator[Callback]:
    """Yield the reports of one leg of a message; its own addresses come before subscriptions."""
    hooks = message.webhooks
    delivery = subscribed(subscriptions, "DELIVERY")
    if hooks.intermediate and not message.ending.at_once and message.done > _waiting(message):
        yield from _delivery(message, delivery, _waiting(message))
    if not message.gives_way or hooks.both_legs:
        yield from _delivery(message, delivery, message.done)
    if message.channel == "RCS" and message.outcome.is_good:
        document, seen = {"results": [message.seen_report()]}, subscribed(subscriptions, "SEEN")
        yield from callback(message.seen_at, hooks.seen, seen, document)


def _delivery(
    message: Message, subscription: Subscription | None, due: datetime
) -> Iterator[Callback]:
    document = {"results": [message.report(due)]}
    yield from callback(due, message.webhooks.delivery, subscription, document)


def subscribed(subscriptions: Iterable[Subscription], event: str) -> Subscription | None:
    """Return the subscription that an event goes to."""
    return next((one for one in subscriptions if event in one.events), None)


def callback(
    due: datetime, url: str, subscription: Subscription | None, document: dict[str, Any]
) -> Iterator[Callback]:
    """Yield the call with a document: unsigned to a URL, else as the subscription proves it."""
    body = json.dumps(document).encode()
    headers = {"Content-Type": "application/json", "User-Agent": "Infobip"}
    if not url and subscription is not None:
        url = subscription.url
        headers |= subscription.proof(body)
    if url:
        yield Callback(due, url, body, headers, REPEATS_AFTER)


def _waiting(message: Message) -> datetime:
    return message.created + timedelta(seconds=WAITING_AFTER)
