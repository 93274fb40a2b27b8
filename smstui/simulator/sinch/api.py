"""What both APIs of Sinch have in common: state, refusals, login, troubles, JSON in and out."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from smstui.simulator.core import World
from smstui.simulator.sinch.accounts import Cast, Plan, Project, ulid
from smstui.simulator.sinch.batches import Batch
from smstui.simulator.sinch.messages import Message
from smstui.simulator.tricks import GATEWAY_PAGE, Trick, Trouble, in_its_place, linger
from smstui.simulator.wire import basic_credentials, read_body, same

LOGIN_URL = "https://dashboard.sinch.com/login"
"""Where a redirect leads."""

TOKEN_LIFE = timedelta(seconds=3600)
"""How long an OAuth token is good (Sinch's page on authentication)."""

_TROUBLE_STATUS = {Trouble.THROTTLED: 429, Trouble.FAULT: 500, Trouble.MAINTENANCE: 503}


class State:
    """What the simulated Sinch remembers while it runs."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cast = Cast(world.ids, world.started)
        self.batches: dict[str, Batch] = {}
        self.messages: dict[str, Message] = {}
        self.tokens: dict[str, tuple[Project, datetime]] = {}

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.world.clock()

    def next_ulid(self, kind: str) -> str:
        """Return the id of the next thing of a kind."""
        return ulid(self.world.ids.next(f"sinch {kind}"))


class Refusal(Exception):
    """An answer that is not a success."""

    def __init__(self, response: Response) -> None:
        self.response = response
        super().__init__(f"HTTP {response.status_code}")


def sms_refusal(status: int, code: str = "", text: str = "") -> Refusal:
    """Return a refusal of the SMS API: ``code`` and ``text``, or no body at all."""
    if not code:
        return Refusal(Response(status_code=status))
    return Refusal(JSONResponse({"code": code, "text": text}, status_code=status))


def silent_refusal(status: int, _message: str) -> Refusal:
    """Return a refusal of the SMS API that says nothing."""
    return sms_refusal(status)


_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


def refusal(status: int, message: str) -> Refusal:
    """Return a refusal of the Conversation API."""
    error = {"code": status, "message": message, "status": _NAMES[status], "details": []}
    headers = {"WWW-Authenticate": 'Bearer realm="sinch"'} if status == 401 else None
    return Refusal(JSONResponse({"error": error}, status_code=status, headers=headers))


def plan_of(state: State, request: Request) -> Plan:
    """Return the plan in the path, when the token is its own.

    Raises:
        Refusal: 401 without a body, whatever is wrong.
    """
    scheme, _blank, token = request.headers.get("Authorization", "").partition(" ")
    plan = state.cast.plans.get(request.path_params["plan"])
    if scheme.lower() != "bearer" or plan is None or not same(plan.token, token.strip()):
        raise sms_refusal(401)
    return plan


def key_owner(state: State, request: Request) -> Project | None:
    """Return the project whose access key HTTP Basic proves, or None."""
    scheme, _blank, value = request.headers.get("Authorization", "").partition(" ")
    pair = basic_credentials(value) if scheme.lower() == "basic" else None
    if pair is None:
        return None
    owner = state.cast.project_of_key(pair[0])
    return owner if owner is not None and same(owner.key_secret, pair[1]) else None


Refuse = Callable[[int, str], Refusal]
"""Makes a refusal in the words of an API, of an HTTP status and a text."""


def project_of(state: State, request: Request, refuse: Refuse = refusal) -> Project:
    """Return the project in the path, when the login is its own: by access key or by token.

    Raises:
        Refusal: 401, or 403 for another project's key and for one without credit.
    """
    scheme, _blank, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        owner, until = state.tokens.get(value.strip(), (None, state.now))
        if owner is None or until <= state.now:
            raise refuse(401, "Unauthenticated")
    else:
        owner = key_owner(state, request)
        if owner is None:
            raise refuse(401, "Unauthenticated")
    if owner.project_id != request.path_params["project"]:
        raise refuse(403, "The caller does not have permission for this project")
    if not owner.has_credit:
        raise refuse(403, "BILLING_CREDIT_LIMIT_BREACHED: credit limit breached")
    return owner


def meet_trouble(trouble: Trouble, refuse: Refuse = refusal) -> None:
    """Refuse what an account in trouble asks for.

    Raises:
        Refusal: the trouble is told, in the words of its API, or by a gateway.
    """
    if trouble is Trouble.GATEWAY:
        raise Refusal(HTMLResponse(GATEWAY_PAGE, status_code=502))
    status = _TROUBLE_STATUS.get(trouble)
    if status is not None:
        raise refuse(status, "Try again")


def odd_answer(trick: Trick | None, refuse: Refuse = refusal) -> Response | None:
    """Return the answer of a trick that comes in place of a message.

    Raises:
        Refusal: the trick is told in the words of its API.
    """
    if trick is not None and trick.is_told:
        meet_trouble(Trouble(trick.name.lower()), refuse)
    return in_its_place(trick, LOGIN_URL)


Handler = Callable[[Request], Awaitable[Response]]


def routes_for(handlers: Mapping[tuple[str, str], Handler]) -> list[Route]:
    """Return the routes of handlers, by path and method; refusals are answers, too."""

    def answering(handle: Handler) -> Handler:
        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except Refusal as refused:
                return refused.response

        return answer

    return [
        Route(path, answering(handle), methods=[method])
        for (path, method), handle in handlers.items()
    ]


async def lasting(trouble: Trouble, request: Request) -> None:
    """Take as long as a slow account does; the body must have been read."""
    if trouble is Trouble.SLOW:
        await linger(request)


async def read_json(request: Request) -> dict[str, Any] | None:
    """Return the body as a JSON object, or None when it is none."""
    body = await read_body(request)
    try:
        document = json.loads(body or b"")
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def is_json(request: Request) -> bool:
    """Whether the request says that its body is JSON."""
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return kind == "application/json"


def is_url(value: Any, *, most: int) -> bool:
    """Whether a value is a web address of at most so many characters."""
    if not isinstance(value, str) or len(value) > most:
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def digits_of(value: Any) -> str:
    """Return a number as Sinch writes it back, digits alone; empty when it is no number."""
    text = re.sub(r"[\s()\-]", "", value) if isinstance(value, str) else ""
    text = text.removeprefix("+").removeprefix("00")
    return text if re.fullmatch(r"[1-9][0-9]{4,14}", text, re.ASCII) else ""
