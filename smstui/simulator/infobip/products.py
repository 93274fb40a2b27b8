"""Balance, preview, RCS senders, capability check, subscriptions and inbound configurations."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from smstui.messaging.parts import count_parts
from smstui.simulator.infobip import inbound
from smstui.simulator.infobip.accounts import RcsSender
from smstui.simulator.infobip.api import Call, State, endpoint, page
from smstui.simulator.infobip.callbacks import read_subscription
from smstui.simulator.infobip.errors import Refusal
from smstui.simulator.infobip.messages import stamp
from smstui.simulator.infobip.states import TESTER, ending_of
from smstui.simulator.tricks import tail

REPORT_CALLS = "/simulator/infobip/report-calls"
"""Tells how often the read-once calls were made; no part of Infobip."""

INBOUND = "/resource-management/1/inbound-message-configurations"
MOST_NUMBERS = 500
_RCS = "rcs:manage rcs:provision"


def routes(state: State) -> list[Route]:
    """Return the routes beside sending."""

    async def report_calls(request: Request) -> Response:
        return JSONResponse(dict(state.report_calls))

    sender = "/rcs/1/senders/{name}"
    hooks = "/subscriptions/1/subscription/{channel}"
    check = "/rcs/2/capability-check/query"
    manage = "subscriptions:manage"
    return [
        Route(REPORT_CALLS, report_calls),
        endpoint(
            state,
            "GET",
            "/account/1/balance",
            "account-management:manage",
            _balance,
            older=True,
        ),
        endpoint(state, "POST", "/sms/1/preview", "sms:manage", _preview, older=True),
        endpoint(state, "GET", "/rcs/1/senders", _RCS, _senders),
        endpoint(state, "GET", sender, _RCS, _sender),
        endpoint(state, "GET", f"{sender}/launch-status", _RCS, _launch_status),
        endpoint(state, "GET", f"{sender}/test-numbers", _RCS, _test_numbers),
        endpoint(state, "POST", check, "rcs:manage", _capability),
        endpoint(state, "GET", hooks, manage, _subscriptions),
        endpoint(state, "POST", hooks, manage, _subscribe),
        endpoint(state, "POST", INBOUND, "numbers:manage", _forward),
    ]


async def _balance(call: Call) -> Response:
    return JSONResponse({"balance": call.account.balance, "currency": "EUR"})


async def _preview(call: Call) -> Response:
    document = await call.document()
    text = document.get("text") if isinstance(document, dict) else None
    if not isinstance(text, str):
        raise Refusal(400, ("text", "must not be null"))
    parts = count_parts(text)
    preview = {
        "textPreview": text,
        "messageCount": max(parts.parts, 1),
        "charactersRemaining": parts.limit - parts.units,
        "configuration": {},
    }
    return JSONResponse({"originalText": text, "previews": [preview]})


async def _senders(call: Call) -> Response:
    return page(call, [_sender_record(call, sender) for sender in call.account.rcs_senders])


def _sender_record(call: Call, sender: RcsSender) -> dict[str, Any]:
    return {
        "senderName": sender.name,
        "senderStatus": sender.status,
        "billingCategory": "NON_CONVERSATIONAL",
        "useCase": "TRANSACTIONAL",
        "hostingRegion": "EUROPE",
        "brand": {"brandName": call.account.name},
        "displayName": sender.display_name,
        "description": "Sender for demo purposes",
        "color": "#0B78D0",
        "updatedAt": stamp(call.state.world.started),
    }


def _named(call: Call) -> RcsSender:
    name = call.request.path_params["name"]
    for sender in call.account.rcs_senders:
        if sender.name == name:
            return sender
    raise Refusal(404)


async def _sender(call: Call) -> Response:
    return JSONResponse(_sender_record(call, _named(call)))


async def _launch_status(call: Call) -> Response:
    sender = _named(call)
    updated = stamp(call.state.world.started)
    providers = [
        {"name": name, "status": "COMPLETED", "updatedAt": updated} for name in ("A1", "TELEMACH")
    ]
    coverage = [{"countryCode": "HR", "providers": providers}] if sender.is_launched else []
    return JSONResponse(
        {
            "event": "RCS_SENDER_LAUNCH_STATUS_UPDATE",
            "senderName": sender.name,
            "senderStatus": sender.status,
            "coverage": coverage,
            "updatedAt": updated,
        }
    )


async def _test_numbers(call: Call) -> Response:
    _named(call)
    record = {
        "testNumber": "+385990000001",
        "status": "APPROVED",
        "updatedAt": stamp(call.state.world.started),
        "primary": False,
    }
    return page(call, [record])


async def _capability(call: Call) -> Response:
    document = await call.document()
    name = document.get("sender") if isinstance(document, dict) else None
    numbers = document.get("phoneNumbers") if isinstance(document, dict) else None
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= MOST_NUMBERS:
        raise Refusal(400, ("phoneNumbers", f"size must be between 1 and {MOST_NUMBERS}"))
    sender = next((s for s in call.account.rcs_senders if s.name == name), None)
    if sender is None:
        raise Refusal(400, ("sender", "unknown sender"))
    results = [_capable(call, sender, str(number)) for number in numbers]
    return JSONResponse({"capabilityCheckResults": results, "options": {}})


def _capable(call: Call, sender: RcsSender, number: str) -> dict[str, Any]:
    is_tester = not sender.is_launched and tail(number) == TESTER
    has_rcs = ending_of(number, channel="RCS", is_launched=sender.is_launched).error != 7002
    return {
        "messageId": call.state.world.ids.next("infobip capability", 36),
        "phoneNumber": number,
        "code": "ENABLED" if has_rcs or is_tester else "UNREACHABLE",
    }


async def _subscriptions(call: Call) -> Response:
    key = (call.account.name, call.request.path_params["channel"])
    return page(call, [found.record for found in call.state.subscriptions[key].values()])


async def _subscribe(call: Call) -> Response:
    subscription = read_subscription(await call.document())
    channel = call.request.path_params["channel"]
    subscription_id = subscription.record["subscriptionId"]
    call.state.subscriptions[call.account.name, channel][subscription_id] = subscription
    return JSONResponse({"subscriptionId": subscription_id}, status_code=201)


async def _forward(call: Call) -> Response:
    """Set where the inbound messages of a number or sender are pushed to."""
    channel, sender, url = inbound.read_forward(await call.document())
    inbound.require_sender(call.account, channel, sender)
    call.state.forwards[call.account.name, channel, sender] = url
    key = call.state.world.ids.fixed(f"infobip inbound {channel} {sender}").upper()
    return JSONResponse({"configurationKey": key, "channel": channel, "number": sender})
