"""SMS, MMS and RCS: messages sent, logs, and the reports that are handed out once."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from smstui.messaging.parts import count_parts
from smstui.simulator.infobip import inbound
from smstui.simulator.infobip.accounts import SHARED_SENDER, Account
from smstui.simulator.infobip.api import Call, State, endpoint, limit_logs
from smstui.simulator.infobip.callbacks import callbacks_of
from smstui.simulator.infobip.errors import Refusal
from smstui.simulator.infobip.messages import Message, stamp
from smstui.simulator.infobip.rules import MAX_BULK_ID, Order, read_orders
from smstui.simulator.infobip.states import (
    Ending,
    ending_of,
    group_of,
    rejected,
    status_record,
)
from smstui.simulator.tricks import Trick, afterwards, in_its_place, trick_for

MAX_PARTS, MAX_BYTES, MAX_MMS_TEXT = 25, 4000, 1600
FLOOD_OF_ANY, FLOOD_OF_SAME = 20, 6
"""Messages that a number gets within an hour, of any text and of the same."""

LOGS_KEPT = timedelta(hours=48)
DEFAULT_LIMIT, MAX_LIMIT = 50, 1000

_NUMBER = re.compile(r"\+?[1-9][0-9]{6,14}", re.ASCII)
_TOLD = {Trick.THROTTLED: 429, Trick.FAULT: 500, Trick.MAINTENANCE: 503}


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel: its paths and the scopes that it needs."""

    name: str
    send_path: str
    logs_path: str
    reports_path: str

    @property
    def send_scopes(self) -> str:
        """Scopes of which sending and fetching reports need one."""
        lower = self.name.lower()
        return f"message:send {lower}:message:send {lower}:manage"

    @property
    def logs_scopes(self) -> str:
        """Scopes of which reading logs needs one."""
        lower = self.name.lower()
        return f"{lower}:logs:read {lower}:manage"


CHANNELS = (
    Channel("SMS", "/sms/3/messages", "/sms/3/logs", "/sms/3/reports"),
    Channel("MMS", "/mms/2/messages", "/mms/2/logs", "/mms/2/reports"),
    Channel("RCS", "/rcs/2/messages", "/rcs/2/logs", "/rcs/2/reports"),
)


def routes(state: State) -> list[Route]:
    """Return the routes of all channels."""
    found: list[Route] = []
    for channel in CHANNELS:
        name, sends = channel.name, channel.send_scopes
        send, logs, reports = (
            functools.partial(handler, channel=name) for handler in (_send, _logs, _reports)
        )
        found += [
            endpoint(state, "POST", channel.send_path, sends, send),
            endpoint(state, "GET", channel.logs_path, channel.logs_scopes, logs),
            endpoint(state, "GET", channel.reports_path, sends, reports),
        ]
    sends = CHANNELS[0].send_scopes
    read = "inbound-message:read sms:inbound-message:read sms:manage"
    return [
        *found,
        endpoint(state, "GET", "/sms/3/text/query", sends, _send_by_query),
        endpoint(state, "GET", "/sms/1/inbox/reports", read, _inbox, older=True),
    ]


async def _send(call: Call, *, channel: str) -> Response:
    document = await call.document()
    return await _accept(call, read_orders(document, channel), document, channel)


async def _send_by_query(call: Call) -> Response:
    """Send an SMS by a GET: which is why nobody should call this to look at something."""
    sender, to, text = (call.request.query_params.get(n, "") for n in ("from", "to", "text"))
    message = {"sender": sender, "destinations": [{"to": to}], "content": {"text": text}}
    document = {"messages": [message]}
    return await _accept(call, read_orders(document, "SMS"), document, "SMS")


async def _accept(call: Call, orders: list[Order], document: Any, channel: str) -> Response:
    trick = trick_for(orders[0].to)
    if trick in _TOLD:
        raise Refusal(_TOLD[trick])
    instead = in_its_place(trick, "https://portal.infobip.com/login")
    if instead is not None:
        return instead
    bulk_id = _bulk_id(call, document)
    answers = [_take(call, order, channel, bulk_id) for order in orders]
    odd = await afterwards(trick, call.request, status=200)
    return odd or JSONResponse({"bulkId": bulk_id, "messages": answers})


def _bulk_id(call: Call, document: Any) -> str:
    options = document.get("options")
    schedule = options.get("schedule") if isinstance(options, dict) else None
    wanted = schedule.get("bulkId") if isinstance(schedule, dict) else None
    if isinstance(wanted, str) and 0 < len(wanted) <= MAX_BULK_ID:
        return wanted
    return str(4_100_000_000_000_000_000 + int(call.state.world.ids.next("infobip bulk", 12), 16))


def _take(call: Call, order: Order, channel: str, bulk_id: str) -> dict[str, Any]:
    """Take one message in or reject it, and return its part of the answer."""
    state, account = call.state, call.account
    message_id = order.message_id or f"{state.world.ids.next('infobip message', 36)}"
    ending = _ending(call, order, channel)
    is_repeated = (account.name, message_id) in state.used_ids
    if is_repeated:
        ending = rejected(23)
    message = Message(
        account=account.name,
        channel=channel,
        message_id=message_id,
        bulk_id=bulk_id,
        sender=SHARED_SENDER if account.verified is not None else order.sender,
        to=order.to.removeprefix("+"),
        content=order.content,
        parts=max(count_parts(order.text).parts, 1),
        created=state.now,
        ending=ending,
        validity=order.validity,
        webhooks=order.webhooks,
        extra=order.extra,
        has_failover=order.failover is not None,
    )
    if not is_repeated:
        state.used_ids.add((account.name, message_id))
        for leg in _legs(message, order):
            state.messages.append(leg)
            subscriptions = state.subscriptions[account.name, leg.channel].values()
            answers = inbound.answers(state, account, leg)
            state.world.schedule([*callbacks_of(leg, subscriptions), *answers])
    answer = {
        "messageId": message_id,
        "status": status_record(message.status_at(message.created)),
        "destination": message.to,
    }
    return answer | ({"details": {"messageCount": message.parts}} if channel == "SMS" else {})


def _legs(message: Message, order: Order) -> Iterator[Message]:
    yield message
    if order.failover is not None and message.gives_way:
        other = order.failover
        yield message.failover(
            other.channel,
            sender=other.sender,
            content=other.content,
            parts=max(count_parts(other.text).parts, 1),
            ending=ending_of(message.to, channel=other.channel),
        )


def _ending(call: Call, order: Order, channel: str) -> Ending:
    """Return what becomes of a message, in the order in which Infobip looks at it."""
    account = call.account
    to = order.to.removeprefix("+")
    if not to:
        return rejected(51)
    if not _NUMBER.fullmatch(to):
        return rejected(52)
    if account.verified is not None and to not in account.verified:
        return rejected(18)
    if account.balance <= 0:
        return rejected(12)
    if account.verified is None and not _is_registered(account, order.sender, channel):
        return rejected(11)
    if _is_too_long(order.text, channel):
        return rejected(77 if channel == "MMS" else 25)
    sender = account.rcs_senders.get(order.sender)
    is_reached = sender is None or sender.reaches(to, call.state.now)
    ending = ending_of(to, channel=channel, is_reached=is_reached)
    if not ending.at_once and _floods(call, to, order.text):
        return rejected(20)
    return ending


def _is_registered(account: Account, sender: str, channel: str) -> bool:
    if channel == "RCS":
        return sender in account.rcs_senders
    return sender.removeprefix("+") in account.senders


def _is_too_long(text: str, channel: str) -> bool:
    if channel == "MMS":
        return len(text) > MAX_MMS_TEXT
    too_long = count_parts(text).parts > MAX_PARTS or len(text.encode()) > MAX_BYTES
    return channel == "SMS" and too_long


def _floods(call: Call, to: str, text: str) -> bool:
    """Count a message, and return whether the number got too many within the hour."""
    hour_ago = call.state.now - timedelta(hours=1)
    lately = [entry for entry in call.state.lately[to] if entry[0] > hour_ago]
    same = sum(earlier == text for _moment, earlier in lately)
    is_flood = len(lately) >= FLOOD_OF_ANY or same >= FLOOD_OF_SAME
    call.state.lately[to] = lately if is_flood else [*lately, (call.state.now, text)]
    return is_flood


async def _logs(call: Call, *, channel: str) -> Response:
    limit_logs(call, channel)
    now = call.state.now
    asked = (call.query("limit") or [""])[0]
    limit = min(int(asked), MAX_LIMIT) if asked.isdecimal() else DEFAULT_LIMIT
    logs = [
        message.log(now)
        for message in reversed(call.state.messages)
        if message.account == call.account.name
        and message.channel == channel
        and now - LOGS_KEPT < message.created <= now
        and _is_wanted(call, message)
    ]
    return JSONResponse({"results": logs[:limit]})


def _is_wanted(call: Call, message: Message) -> bool:
    group = group_of(message.status_at(call.state.now))
    given = {
        "messageId": message.message_id,
        "bulkId": message.bulk_id,
        "destination": message.to,
        "sender": message.sender,
        "generalStatus": group,
    }
    return all(not call.query(name) or value in call.query(name) for name, value in given.items())


async def _reports(call: Call, *, channel: str) -> Response:
    """Hand out each final report once; whoever asks second gets nothing."""
    state = call.state
    state.report_calls[call.request.url.path] += 1
    reports: list[dict[str, Any]] = []
    for message in state.messages:
        mark = (message.account, message.channel, message.message_id)
        is_new = mark not in state.handed_out and message.done <= state.now
        if is_new and message.account == call.account.name and message.channel == channel:
            state.handed_out.add(mark)
            reports.append(message.report(state.now))
    return JSONResponse({"results": reports})


async def _inbox(call: Call) -> Response:
    """Hand out the one reply that waits in the inbox, once."""
    state = call.state
    state.report_calls[call.request.url.path] += 1
    mark = (call.account.name, "inbox", "")
    waiting = [] if mark in state.handed_out else [_reply(state)]
    state.handed_out.add(mark)
    return JSONResponse(
        {"results": waiting, "messageCount": len(waiting), "pendingMessageCount": 0}
    )


def _reply(state: State) -> dict[str, Any]:
    return {
        "messageId": "8100000000000000001",
        "from": "385990000001",
        "to": "385990000099",
        "text": "STOP now",
        "cleanText": "now",
        "keyword": "STOP",
        "receivedAt": stamp(state.world.started),
        "smsCount": 1,
        "price": {"pricePerMessage": 0.0, "currency": "EUR"},
    }
