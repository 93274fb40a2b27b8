"""The classic API below ``/2010-04-01``: accounts, balance, numbers and messages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from smstui.simulator.tricks import afterwards, in_its_place, trick_for
from smstui.simulator.twilio import inbound
from smstui.simulator.twilio.accounts import Number
from smstui.simulator.twilio.api import (
    Call,
    Method,
    State,
    endpoint,
)
from smstui.simulator.twilio.errors import Refusal
from smstui.simulator.twilio.messages import API_VERSION, Message, rfc2822
from smstui.simulator.twilio.rules import first, plan

READ_MESSAGES = "/twilio/messaging/messages/read"
CREATE_MESSAGES = "/twilio/messaging/messages/create"

DEFAULT_PAGE = 50
LARGEST_PAGE = 1000
LOGIN_URL = "https://www.twilio.com/login"


def routes(state: State) -> list[Route]:
    """Return the routes of the classic API; each path exists with ``.json`` and, for XML, bare."""
    accounts = f"/{API_VERSION}/Accounts/{{account}}"
    paths: dict[str, dict[str, Method]] = {
        accounts: {"GET": Method(_account, "/twilio/iam/accounts/read", accounts=True)},
        f"{accounts}/Balance": {"GET": Method(_balance, "/twilio/billing/balance/read")},
        f"{accounts}/IncomingPhoneNumbers": {"GET": Method(_numbers, "/twilio/phone-numbers/read")},
        f"{accounts}/IncomingPhoneNumbers/{{sid}}": {
            "GET": Method(_number, "/twilio/phone-numbers/read"),
            "POST": Method(_update_number, "/twilio/phone-numbers/update"),
        },
        f"{accounts}/Messages": {
            "GET": Method(_list_messages, READ_MESSAGES),
            "POST": Method(_create_message, CREATE_MESSAGES),
        },
        f"{accounts}/Messages/{{sid}}": {
            "GET": Method(_message, READ_MESSAGES),
            "POST": Method(_redact_message, "/twilio/messaging/messages/update"),
            "DELETE": Method(_delete_message, "/twilio/messaging/messages/delete"),
        },
        f"/{API_VERSION}/{{rest:path}}": {
            name: Method(_unknown, READ_MESSAGES) for name in ("GET", "POST", "PUT", "DELETE")
        },
    }
    return [
        endpoint(state, path + suffix, methods)
        for path, methods in paths.items()
        for suffix in (".json", "")
    ]


async def _unknown(call: Call) -> Response:
    raise Refusal(20404, path=call.request.url.path)


async def _account(call: Call) -> Response:
    account = call.account
    uri = f"/{API_VERSION}/Accounts/{account.sid}"
    started = rfc2822(call.state.world.started)
    record = {
        "auth_token": account.token,
        "date_created": started,
        "date_updated": started,
        "friendly_name": account.name,
        "owner_account_sid": account.owner_sid,
        "sid": account.sid,
        "status": account.status,
        "subresource_uris": {
            "balance": f"{uri}/Balance.json",
            "incoming_phone_numbers": f"{uri}/IncomingPhoneNumbers.json",
            "messages": f"{uri}/Messages.json",
        },
        "type": account.type,
        "uri": f"{uri}.json",
    }
    return call.answer(record, root="Account")


async def _balance(call: Call) -> Response:
    if call.account.owner_sid != call.account.sid:
        raise Refusal(20404, path=call.request.url.path)
    balance = "0.00" if call.account.status == "suspended" else "41.37"
    record = {"account_sid": call.account.sid, "balance": balance, "currency": "USD"}
    return call.answer(record, root="Balance")


async def _numbers(call: Call) -> Response:
    wanted = call.query("PhoneNumber").replace(" ", "+").lstrip("+")
    found = [n for n in call.account.numbers.values() if wanted in n.number]
    records = [_number_record(call, number) for number in found]
    return _page(call, "incoming_phone_numbers", records, root="IncomingPhoneNumbers")


def _found_number(call: Call) -> Number:
    for number in call.account.numbers.values():
        if number.sid == call.request.path_params["sid"]:
            return number
    raise Refusal(20404, path=call.request.url.path)


async def _number(call: Call) -> Response:
    return call.answer(_number_record(call, _found_number(call)), root="IncomingPhoneNumber")


async def _update_number(call: Call) -> Response:
    number = _found_number(call)
    if "SmsUrl" in call.form:
        number.sms_url = first(call.form, "SmsUrl")
    return call.answer(_number_record(call, number), root="IncomingPhoneNumber")


def _number_record(call: Call, number: Number) -> dict[str, Any]:
    started = rfc2822(call.state.world.started)
    return {
        "account_sid": call.account.sid,
        "api_version": API_VERSION,
        "beta": False,
        "capabilities": {"fax": False, "mms": number.sms, "sms": number.sms, "voice": True},
        "date_created": started,
        "date_updated": started,
        "friendly_name": number.number,
        "origin": "twilio",
        "phone_number": number.number,
        "sid": number.sid,
        "sms_method": "POST",
        "sms_url": number.sms_url,
        "status": "in-use",
        "uri": f"/{API_VERSION}/Accounts/{call.account.sid}/IncomingPhoneNumbers/{number.sid}.json",
    }


async def _create_message(call: Call) -> Response:
    account = call.account
    if account.status != "active":
        raise Refusal(20005, account=account.sid)
    trick = None if account.test else trick_for(first(call.form, "To"))
    if trick is not None and trick.is_told:
        raise Refusal(trick.value)
    answer = in_its_place(trick, LOGIN_URL)
    if answer is not None:
        return answer
    way = plan(call.form, account, call.state.cast, call.now)
    kind = "MM" if way.num_media else "SM"
    message = Message(
        sid=kind + call.state.world.ids.next("message"),
        account_sid=account.sid,
        service_sid=way.service_sid,
        to=way.to,
        sender=way.sender,
        body=way.body,
        num_media=way.num_media,
        created=call.now,
        ending=way.ending,
        channel_sender_sid=way.channel_sender_sid,
        callback=way.callback,
    )
    record = message.record(message.created)
    if account.test:
        return call.answer(record, root="Message", status=201)  # Goes nowhere, and is not kept.
    call.state.messages[message.sid] = message
    answers = inbound.answers(call.state.world.ids, account, message)
    call.state.world.schedule([*message.callbacks(account.token), *answers])
    answer = await afterwards(trick, call.request, status=201)
    return answer or call.answer(record, root="Message", status=201)


def _find(call: Call) -> Message:
    message = call.state.messages.get(call.request.path_params["sid"])
    if message is None or message.account_sid != call.account.sid:
        raise Refusal(20404, path=call.request.url.path)
    return message


async def _message(call: Call) -> Response:
    return call.answer(_find(call).record(call.now), root="Message")


async def _redact_message(call: Call) -> Response:
    message = _find(call)
    if "Body" in call.form and not first(call.form, "Body"):
        message = call.state.messages[message.sid] = message.redacted()
    return call.answer(message.record(call.now), root="Message")


async def _delete_message(call: Call) -> Response:
    del call.state.messages[_find(call).sid]
    return Response(status_code=204)


async def _list_messages(call: Call) -> Response:
    now = call.now
    wanted = [
        message.record(now)
        for message in reversed(call.state.messages.values())
        if message.account_sid == call.account.sid and _matches(call, message)
    ]
    return _page(call, "messages", wanted, root="Messages")


def _matches(call: Call, message: Message) -> bool:
    to, sender = call.query("To").replace(" ", "+"), call.query("From").replace(" ", "+")
    if to not in {"", message.to} or sender not in {"", message.sender}:
        return False
    stamp = f"{message.sent_at(call.now) or message.created:%Y-%m-%dT%H:%M:%SZ}"
    day, after, before = (call.query(name) for name in ("DateSent", "DateSent>", "DateSent<"))
    # DateSent means the whole day even when a library sends its midnight; a limit without a time
    # is compared with the date part only.
    return (
        day[:10] in {"", stamp[:10]}
        and stamp[: len(after)] >= after
        and (not before or stamp[: len(before)] <= before)
    )


def _page(call: Call, key: str, records: list[dict[str, Any]], *, root: str) -> Response:
    """Return one page of a list, with the links that lead to the others."""
    size = min(max(_whole(call.query("PageSize"), DEFAULT_PAGE), 1), LARGEST_PAGE)
    page = max(_whole(call.query("Page"), 0), 0)
    start = page * size
    shown = records[start : start + size]

    def link(number: int) -> str:
        query = dict(call.request.query_params) | {"PageSize": str(size), "Page": str(number)}
        return f"{call.request.url.path}?{urlencode(query)}"

    record = {
        "end": max(start + len(shown) - 1, 0),
        "first_page_uri": link(0),
        key: shown,
        "next_page_uri": link(page + 1) if len(records) > start + size else None,
        "page": page,
        "page_size": size,
        "previous_page_uri": link(page - 1) if page else None,
        "start": start,
        "uri": link(page),
    }
    return call.answer(record, root=root)


def _whole(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else default
