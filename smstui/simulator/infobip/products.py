"""Balance, preview, numbers, subscriptions and inbound configurations."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from smstui.messaging.parts import count_parts
from smstui.simulator.infobip import inbound
from smstui.simulator.infobip.api import Call, State, endpoint, page, whole
from smstui.simulator.infobip.callbacks import read_subscription
from smstui.simulator.infobip.errors import Refusal
from smstui.simulator.rollout import country_of

REPORT_CALLS = "/simulator/infobip/report-calls"
"""Tells how often the read-once calls were made; no part of Infobip."""

INBOUND = "/resource-management/1/inbound-message-configurations"


def routes(state: State) -> list[Route]:
    """Return the routes beside sending."""

    async def report_calls(request: Request) -> Response:
        return JSONResponse(dict(state.report_calls))

    hooks = "/subscriptions/1/subscription/{channel}"
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
        endpoint(state, "GET", hooks, manage, _subscriptions),
        endpoint(state, "POST", hooks, manage, _subscribe),
        endpoint(state, "POST", INBOUND, "numbers:manage", _forward),
        endpoint(state, "GET", "/numbers/1/numbers", "numbers:manage", _numbers, older=True),
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


async def _subscriptions(call: Call) -> Response:
    key = (call.account.name, call.request.path_params["channel"])
    return page(call, [found.record for found in call.state.subscriptions[key].values()])


async def _subscribe(call: Call) -> Response:
    subscription = read_subscription(await call.document())
    channel = call.request.path_params["channel"]
    subscription_id = subscription.record["subscriptionId"]
    call.state.subscriptions[call.account.name, channel][subscription_id] = subscription
    return JSONResponse({"subscriptionId": subscription_id}, status_code=201)


async def _numbers(call: Call) -> Response:
    """List the numbers that the account has bought, those that hold a text when one is given."""
    wanted = "".join(call.query("number"))
    found = [n for n in sorted(call.account.senders) if n.isdecimal() and wanted in n]
    ids = call.state.world.ids
    records = [
        {
            "numberKey": ids.fixed(f"infobip number {number}").upper(),
            "number": number,
            "country": country_of(f"+{number}"),
            "type": "VIRTUAL_LONG_NUMBER",
            "capabilities": ["SMS"],
            "shared": False,
            "price": {"pricePerMonth": 5, "setupPrice": 0, "currency": "EUR"},
            "keywords": [],
            "additionalSetupRequired": False,
            "editPermissions": {"canEditNumber": True, "canEditConfiguration": True},
            "applicationId": "default",
        }
        for number in found
    ]
    limit, start = (whole(call, name, default) for name, default in (("limit", 50), ("page", 0)))
    shown = records[start * limit : (start + 1) * limit]
    return JSONResponse({"numbers": shown, "numberCount": len(records)})


async def _forward(call: Call) -> Response:
    """Set where the inbound messages of a number or sender are pushed to."""
    channel, sender, url = inbound.read_forward(await call.document())
    inbound.require_sender(call.account, channel, sender)
    call.state.forwards[call.account.name, channel, sender] = url
    key = call.state.world.ids.fixed(f"infobip inbound {channel} {sender}").upper()
    return JSONResponse({"configurationKey": key, "channel": channel, "number": sender})
