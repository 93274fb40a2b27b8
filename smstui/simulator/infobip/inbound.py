"""What subscribers text: ``MO_JSON_2`` of SMS and MMS, ``MO_RCS_JSON``, and where they are pushed.

Sources: Infobip's OpenAPI files of the inbound webhooks, and of resource management. What is set
for a number comes before subscriptions, and is not signed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from smstui.i18n import _
from smstui.messaging.parts import count_parts
from smstui.simulator.core import Callback, Hook, Incoming, SimulatorFailed
from smstui.simulator.infobip.accounts import Account
from smstui.simulator.infobip.callbacks import (
    MAX_NOTIFY_URL,
    Subscription,
    callback,
    subscribed,
)
from smstui.simulator.infobip.errors import Refusal
from smstui.simulator.infobip.messages import Message, stamp
from smstui.simulator.subscribers import REPLY_AFTER, reply_of

if TYPE_CHECKING:
    from smstui.simulator.infobip.api import State

FORMATS = {"SMS": "MO_JSON_2", "MMS": "MO_MMS_2", "RCS": "MO_RCS_JSON"}
"""What each channel pushes; MMS that hold text alone look like SMS here."""

ALL = ""
"""In place of a sender: those that are made later."""

_OURS = ("smstui-inbound", "smstui-feedback")
"""Ids of the subscriptions that `set_webhook` makes."""


def read_forward(document: Any) -> tuple[str, str, str]:
    """Return channel, sender and URL of an inbound configuration.

    Raises:
        Refusal: 400 with what is wrong.
    """
    if not isinstance(document, dict):
        raise Refusal(400)
    forwarding = document.get("forwarding")
    channel, sender = document.get("channel"), document.get("number")
    if not isinstance(channel, str) or channel not in FORMATS:
        raise Refusal(400, ("channel", "unknown channel"))
    if not isinstance(sender, str):
        raise Refusal(400, ("number", "must not be null"))
    if not isinstance(forwarding, dict) or forwarding.get("type") != "HTTP_FORWARD":
        raise Refusal(400, ("forwarding.type", "is not simulated"))
    url = forwarding.get("url")
    if not isinstance(url, str) or not 0 < len(url) <= MAX_NOTIFY_URL:
        raise Refusal(400, ("forwarding.url", "size must be between 1 and 512"))
    if forwarding.get("format", FORMATS[channel]) != FORMATS[channel]:
        raise Refusal(400, ("forwarding.format", "unknown format"))
    return channel, sender.removeprefix("+"), url


def require_sender(account: Account, channel: str, sender: str) -> None:
    """Check that an account owns a sender that can be texted.

    Raises:
        Refusal: 404, it does not.
    """
    if sender not in _senders(account, channel):
        raise Refusal(404)


def set_webhook(state: State, account: Account, hook: Hook) -> None:
    """Have an account's events pushed to these URLs, by subscriptions when they are to be proved.

    Without a secret and headers inbound messages are forwarded by the number's own setting.
    """
    profile: dict[str, Any] = {"headers": dict(hook.headers)} if hook.headers else {}
    if hook.secret:
        credentials = {"secretKey": hook.secret, "algorithm": "HMAC_SHA_256"}
        profile["security"] = {"type": "HMAC", "credentials": credentials}
    wanted = dict.fromkeys(_OURS, "") | {_OURS[1]: hook.feedback}
    if profile:
        wanted[_OURS[0]] = hook.inbound
    for channel in FORMATS:
        known = state.subscriptions[account.name, channel]
        for subscription_id, url in wanted.items():
            known.pop(subscription_id, None)
            if url:
                events: tuple[str, ...] = ("INBOUND_MESSAGE",)
                if subscription_id == _OURS[1]:
                    events = ("DELIVERY", "SEEN") if channel == "RCS" else ("DELIVERY",)
                known[subscription_id] = _subscription(subscription_id, url, events, profile)
        for sender in (ALL, *_senders(account, channel)):
            state.forwards[account.name, channel, sender] = "" if profile else hook.inbound


def incoming(state: State, account: Account, text: Incoming) -> list[Callback]:
    """Return the call that a subscriber's text makes; none when no URL is set.

    Raises:
        SimulatorFailed: the account has no such sender.
    """
    to = text.to.removeprefix("+")
    for channel in ("RCS", "SMS"):
        if to in _senders(account, channel):
            return list(_calls(state, account, channel, text.number, to, text.text, text.due))
    raise SimulatorFailed(_("The account has no sender {to}.").format(to=text.to))


def answers(state: State, account: Account, message: Message) -> Iterator[Callback]:
    """Yield the call that tells of the recipient's answer to a message that was delivered."""
    text, sender = reply_of(message.to), message.sender.removeprefix("+")
    if text and message.outcome.is_good and sender in _senders(account, message.channel):
        due = message.done + REPLY_AFTER
        yield from _calls(state, account, message.channel, message.to, sender, text, due)


def _subscription(
    subscription_id: str, url: str, events: tuple[str, ...], profile: dict[str, Any]
) -> Subscription:
    record = {
        "subscriptionId": subscription_id,
        "events": list(events),
        "profile": {"profileId": subscription_id, "webhook": {"notifyUrl": url}, **profile},
    }
    return Subscription(
        record, events, url, profile.get("security", {}), profile.get("headers", {})
    )


def _senders(account: Account, channel: str) -> list[str]:
    """Return what subscribers can text: numbers, or RCS senders; names take no texts."""
    if channel == "RCS":
        return list(account.rcs_senders)
    return sorted(sender for sender in account.senders if sender.isdigit())


def _calls(
    state: State, account: Account, channel: str, number: str, to: str, text: str, due: datetime
) -> Iterator[Callback]:
    later = state.forwards.get((account.name, channel, ALL), "")
    url = state.forwards.get((account.name, channel, to), later)
    subscription = subscribed(
        state.subscriptions[account.name, channel].values(), "INBOUND_MESSAGE"
    )
    if not url and subscription is None:
        return
    digits = int(state.world.ids.next("infobip inbound", 12), 16)
    record: dict[str, Any] = {"messageId": str(8_100_000_000_000_000_000 + digits)}
    if channel == "RCS":
        message = {"type": "TEXT", "text": text}
        record |= {"sender": number.removeprefix("+"), "to": to, "message": message}
        record |= {"integrationType": "RCS", "receivedAt": stamp(due), "keyword": None}
    else:
        record |= {
            "from": number.removeprefix("+"),
            "to": to,
            "text": text,
            "cleanText": text,
            "keyword": None,
            "receivedAt": stamp(due),
            "smsCount": max(count_parts(text).parts, 1),
        }
    record["price"] = {"pricePerMessage": 0.0, "currency": "EUR"}
    document = {"results": [record], "messageCount": 1, "pendingMessageCount": 0}
    yield from callback(due, url, subscription, document)
