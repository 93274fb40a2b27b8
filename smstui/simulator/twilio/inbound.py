"""What subscribers text: the inbound request, where it goes, and the answers to messages.

Source: Twilio docs, "Twilio's request to your incoming message webhook URL". The inbound URL of a
service wins over that of the number.
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
from smstui.simulator.twilio.rules import split_channel
from smstui.simulator.twilio.signature import HEADER, sign

_GEO = ("City", "State", "Zip")


def set_webhook(cast: Cast, info: AccountInfo, hook: Hook) -> None:
    """Set the URLs of an account's service, or of its number when it has none.

    Raises:
        SimulatorFailed: there is no such account, or a number would need a status callback.
    """
    account, service = _owner(cast, info)
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
    account, service = _owner(cast, info)
    channel_senders = {sender.sender_id for sender in account.channel_senders.values()}
    to = f"rcs:{text.to}" if f"rcs:{text.to}" in channel_senders else text.to
    if to not in channel_senders and not _can_be_texted(account, to):
        raise SimulatorFailed(_("The account has no sender {to}.").format(to=text.to))
    prefix = "rcs:" if to in channel_senders else ""
    number = prefix + text.number.removeprefix(prefix)
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


def _owner(cast: Cast, info: AccountInfo) -> tuple[Account, Service | None]:
    account = cast.accounts.get(info.fields["account_sid"])
    if account is None:
        raise SimulatorFailed(_("This account is in another region."))
    return account, account.services.get(info.fields.get("message_sid", ""))


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
    own = account.numbers[to].sms_url if to in account.numbers else ""
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
