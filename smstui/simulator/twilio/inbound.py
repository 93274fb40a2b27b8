"""What subscribers text: the inbound request, where it goes, and the answers to messages.

Source: Twilio docs, "Twilio's request to your incoming message webhook URL". The inbound URL of a
service wins over that of the number, and here over that of an RCS sender, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlencode

from smstui.i18n import _
from smstui.messaging.parts import count_parts
from smstui.simulator.core import AccountInfo, Callback, Hook, Ids, Incoming, SimulatorFailed
from smstui.simulator.subscribers import REPLY_AFTER, reply_of
from smstui.simulator.twilio.accounts import Account, Cast, Service
from smstui.simulator.twilio.messages import API_VERSION, Message
from smstui.simulator.twilio.rcs_senders import ChannelSender
from smstui.simulator.twilio.rules import split_channel
from smstui.simulator.twilio.signature import HEADER, sign

_GEO = ("City", "State", "Zip")


def set_webhook(cast: Cast, info: AccountInfo, hook: Hook) -> None:
    """Set the URLs of an RCS sender, else of an account's service, or of its number without one.

    Raises:
        SimulatorFailed: there is no such account or sender, or a number would need a status
            callback.
    """
    account, service = owner_of(cast, info)
    if hook.sender:
        webhook = require_sender(account, hook.sender).webhook
        webhook["callback_url"] = hook.inbound or None
        webhook["status_callback_url"] = hook.feedback or None
        return
    if service is not None:
        service.inbound_request_url = hook.inbound or None
        service.status_callback = hook.feedback or None
        return
    if hook.feedback:
        raise SimulatorFailed(
            _("Without a service Twilio takes a status callback with each message alone.")
        )
    for number in account.numbers.values():
        number.sms_url = hook.inbound


def incoming(cast: Cast, ids: Ids, info: AccountInfo, text: Incoming) -> list[Callback]:
    """Return the call that a subscriber's text makes; none when no URL is set.

    Raises:
        SimulatorFailed: there is no such account, or the sender is not its own.
    """
    account, service = owner_of(cast, info)
    to = text.to
    number = text.number.rpartition(":")[2]
    sender = _channel_sender(account, f"rcs:{to.removeprefix('rcs:')}")
    if sender is not None:
        to, number = sender.sender_id, f"rcs:{number}"
        service = service or _service_of(account, sender)
    elif not _can_be_texted(account, to):
        raise SimulatorFailed(_("The account has no sender {to}.").format(to=to))
    return list(_calls(ids, account, service, number, to, text.text, text.due))


def answers(ids: Ids, account: Account, message: Message) -> Iterator[Callback]:
    """Yield the call that tells of the recipient's answer to a message that was delivered."""
    text = reply_of(message.to)
    read = [step.at for step in message.steps if step.status == "delivered"]
    channel = split_channel(message.sender)[0]
    if text and read and (channel or _can_be_texted(account, message.sender)):
        service = account.services.get(message.service_sid or "")
        number = split_channel(message.to)[1]
        number = f"{channel}:{number}" if channel else number
        due = read[0] + REPLY_AFTER
        yield from _calls(ids, account, service, number, message.sender, text, due)


def owner_of(cast: Cast, info: AccountInfo) -> tuple[Account, Service | None]:
    """Return whom a login belongs to, and its service.

    Raises:
        SimulatorFailed: there is no such account.
    """
    account = cast.accounts.get(info.fields["account_sid"])
    if account is None:
        raise SimulatorFailed(_("This account is in another region."))
    return account, account.services.get(info.fields.get("message_sid", ""))


def require_sender(account: Account, sender_id: str) -> ChannelSender:
    """Return an RCS sender of an account.

    Raises:
        SimulatorFailed: it has no such sender.
    """
    sender = _channel_sender(account, f"rcs:{sender_id.removeprefix('rcs:')}")
    if sender is None:
        raise SimulatorFailed(_("The account has no sender {to}.").format(to=sender_id))
    return sender


def _channel_sender(account: Account, sender_id: str) -> ChannelSender | None:
    senders = account.channel_senders.values()
    return next((sender for sender in senders if sender.sender_id == sender_id), None)


def _service_of(account: Account, sender: ChannelSender) -> Service | None:
    services = account.services.values()
    return next((service for service in services if sender in service.channel_senders), None)


def _can_be_texted(account: Account, sender: str) -> bool:
    """Whether subscribers can answer a sender: an alphanumeric one takes no texts."""
    return sender in account.numbers or sender in account.short_codes


def _calls(
    ids: Ids,
    account: Account,
    service: Service | None,
    number: str,
    to: str,
    text: str,
    due: datetime,
) -> Iterator[Callback]:
    sender = _channel_sender(account, to)
    own = account.numbers[to].sms_url if to in account.numbers else ""
    if sender is not None:
        own = sender.webhook["callback_url"] or ""
    url = ((service.inbound_request_url if service else "") or own).partition("#")[0]
    if not url:
        return
    sid = "SM" + ids.next("inbound message")
    channel = split_channel(number)[0]
    parameters = {
        "MessageSid": sid,
        "SmsSid": sid,
        "SmsMessageSid": sid,
        "AccountSid": account.sid,
        "From": number,
        "To": to,
        "Body": text,
        "NumMedia": "0",
        "NumSegments": str(max(count_parts(text).parts, 1)),
        "SmsStatus": "received",
        "ApiVersion": API_VERSION,
    }
    if service is not None:
        parameters["MessagingServiceSid"] = service.sid
    if channel:
        agent = f"{split_channel(to)[1]}@rbm.goog"
        metadata = {"type": channel, "data": {"context": {"agentId": agent}}}
        parameters["ChannelMetadata"] = json.dumps(metadata)
    else:
        places = {f"{end}{what}": "" for end in ("From", "To") for what in _GEO}
        parameters |= places | {"FromCountry": "", "ToCountry": "US"}
    yield Callback(
        due=due,
        url=url,
        body=urlencode(parameters).encode("ascii"),
        headers={
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            "User-Agent": "TwilioProxy/1.1",
            "I-Twilio-Idempotency-Token": sid,
            HEADER: sign(account.token, url, parameters.items()),
        },
    )
