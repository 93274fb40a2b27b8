"""The Auth Tokens of an account: a second one beside the first, and its promotion.

Twilio's API "Accounts" (accounts.twilio.com, v1): the secondary token opens the account as soon as
it is made; promoted, it becomes the primary one, and the one before opens nothing any more.
"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from smstui.simulator.twilio.api import Call, Method, State, endpoint
from smstui.simulator.twilio.errors import Refusal
from smstui.simulator.twilio.products import dates

_PERMISSION = "/twilio/accounts/auth-tokens/update"


def routes(state: State) -> list[Route]:
    """Return the routes of Auth Tokens."""
    return [
        endpoint(
            state,
            "/v1/AuthTokens/Secondary",
            {"POST": Method(_create, _PERMISSION), "DELETE": Method(_delete, _PERMISSION)},
        ),
        endpoint(state, "/v1/AuthTokens/Promote", {"POST": Method(_promote, _PERMISSION)}),
    ]


async def _create(call: Call) -> Response:
    call.login.secondary = call.state.world.ids.next("secondary token")
    record = {
        "account_sid": call.login.sid,
        **dates(call),
        "secondary_auth_token": call.login.secondary,
        "url": f"{call.base}/v1/AuthTokens/Secondary",
    }
    return JSONResponse(record, status_code=201)


async def _delete(call: Call) -> Response:
    if not call.login.secondary:
        raise Refusal(20404, path=call.request.url.path)
    call.login.secondary = ""
    return Response(status_code=204)


async def _promote(call: Call) -> Response:
    login = call.login
    if not login.secondary:
        raise Refusal(20404, path=call.request.url.path)
    login.token, login.secondary = login.secondary, ""
    record = {
        "account_sid": login.sid,
        "auth_token": login.token,
        **dates(call),
        "url": f"{call.base}/v1/AuthTokens/Promote",
    }
    return JSONResponse(record)
