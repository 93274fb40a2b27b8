"""What every Infobip endpoint has in common: state, key, scopes, limits, errors, JSON."""

from __future__ import annotations

import json
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from smstui.simulator.core import World
from smstui.simulator.infobip.accounts import Account, Cast, Key
from smstui.simulator.infobip.callbacks import Subscription
from smstui.simulator.infobip.errors import Refusal
from smstui.simulator.infobip.messages import Message
from smstui.simulator.tricks import GATEWAY_PAGE, Trouble, linger
from smstui.simulator.wire import read_body

LOGS_PER_MINUTE = 120
"""Requests for logs of one channel and account; one more is answered 429."""

_TROUBLES = {Trouble.THROTTLED: 429, Trouble.FAULT: 500, Trouble.MAINTENANCE: 503}


class State:
    """What the simulated Infobip remembers while it runs."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cast = Cast(world.ids, world.started)
        self.messages: list[Message] = []
        self.used_ids: set[tuple[str, str]] = set()
        """Account and message id of everything that was sent."""
        self.lately: defaultdict[str, list[tuple[datetime, str]]] = defaultdict(list)
        """Moments and texts of what was accepted, by recipient; for the flooding filter."""
        self.handed_out: set[tuple[str, str, str]] = set()
        """Account, channel and message id of reports that were fetched."""
        self.report_calls: Counter[str] = Counter()
        """How often each of the read-once calls was made, by path."""
        self.log_calls: defaultdict[tuple[str, str], deque[datetime]] = defaultdict(deque)
        self.subscriptions: defaultdict[tuple[str, str], dict[str, Subscription]]
        self.subscriptions = defaultdict(dict)
        """By account and channel, and then by their ids."""
        self.forwards: dict[tuple[str, str, str], str] = {}
        """Where inbound messages go, by account, channel and sender; before any subscription."""

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.world.clock()


@dataclass(frozen=True, slots=True)
class Call:
    """One authenticated request."""

    state: State
    request: Request
    key: Key

    @property
    def account(self) -> Account:
        """Whose key it is."""
        return self.key.account

    def query(self, name: str) -> list[str]:
        """Return the values of a query parameter; they may be repeated or parted by commas."""
        values = ",".join(self.request.query_params.getlist(name))
        return [value for value in values.split(",") if value]

    async def document(self) -> Any:
        """Return the body as JSON.

        Raises:
            Refusal: 400, it is none.
        """
        body = await read_body(self.request)
        try:
            return json.loads(body or b"")
        except (ValueError, RecursionError):
            raise Refusal(400) from None


Handler = Callable[[Call], Awaitable[Response]]


def endpoint(
    state: State,
    method: str,
    path: str,
    scopes: str,
    handler: Handler,
    *,
    older: bool = False,
) -> Route:
    """Return the route of an endpoint.

    Args:
        state: what Infobip remembers.
        method: the HTTP method.
        path: with its placeholders.
        scopes: parted by blanks; the key needs one of them.
        handler: answers an authenticated call.
        older: errors come in the older form.
    """
    wanted = frozenset(scopes.split())

    async def answer(request: Request) -> Response:
        try:
            key = authenticate(state, request)
            if key.account.trouble is Trouble.GATEWAY:
                return HTMLResponse(GATEWAY_PAGE, status_code=502)
            _meet(key.account.trouble)
            if not key.may(wanted):
                raise Refusal(403)
            response = await handler(Call(state, request, key))
            if key.account.trouble is Trouble.SLOW:
                await linger(request)
        except Refusal as refusal:
            return refusal.response(older=older)
        return response

    return Route(path, answer, methods=[method])


def authenticate(state: State, request: Request) -> Key:
    """Return the key in the Authorization header.

    Raises:
        Refusal: 401: another scheme than App, or a key that is unknown, expired or locked.
    """
    scheme, _blank, value = request.headers.get("Authorization", "").partition(" ")
    key = state.cast.keys.get(value.strip())
    if scheme.lower() != "app" or key is None or key.is_refused:
        raise Refusal(401)
    return key


def _meet(trouble: Trouble) -> None:
    if trouble in _TROUBLES:
        raise Refusal(_TROUBLES[trouble], retry_after=2 if trouble is Trouble.THROTTLED else 0)


def limit_logs(call: Call, channel: str) -> None:
    """Count a request for logs.

    Raises:
        Refusal: 429, there were too many within a minute.
    """
    now, calls = call.state.now, call.state.log_calls[call.account.name, channel]
    while calls and calls[0] <= now - timedelta(minutes=1):
        calls.popleft()
    if len(calls) >= LOGS_PER_MINUTE:
        raise Refusal(429, retry_after=max(1, 60 - int((now - calls[0]).total_seconds())))
    calls.append(now)


def page(call: Call, records: list[dict[str, Any]]) -> Response:
    """Return one page of records, with ``page`` and ``size`` from the query."""
    number, size = (whole(call, name, default) for name, default in (("page", 0), ("size", 20)))
    paging = {
        "page": number,
        "size": size,
        "totalPages": -(-len(records) // size),
        "totalResults": len(records),
    }
    shown = records[number * size : (number + 1) * size]
    return JSONResponse({"results": shown, "paging": paging})


def whole(call: Call, name: str, default: int) -> int:
    """Return a whole number of the query."""
    value = (call.query(name) or [""])[0]
    return max(int(value), 1 if name == "size" else 0) if value.isdecimal() else default
