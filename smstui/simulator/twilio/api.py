"""What every Twilio endpoint has in common: login, permissions, headers, errors, JSON or XML."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from smstui.simulator.core import World
from smstui.simulator.tricks import GATEWAY_PAGE, Trouble, linger
from smstui.simulator.twilio.accounts import Account, Cast, Key, KeyKind
from smstui.simulator.twilio.errors import Refusal, not_authenticated
from smstui.simulator.twilio.messages import Message
from smstui.simulator.wire import basic_credentials, read_body, same

CONCURRENT_LIMIT = 20
"""Requests of one account in the same moment; one more is answered 429 with 20429."""

TOKEN_LIFE = timedelta(seconds=3600)
"""How long an OAuth token is good (Twilio docs, "OAuth Apps")."""

_ACCOUNT_SID = re.compile(r"AC[0-9a-fA-F]{32}")


class State:
    """What the simulated Twilio remembers while it runs."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cast = Cast(world.ids, world.started)
        self.messages: dict[str, Message] = {}
        self.tokens: dict[str, tuple[Account, datetime]] = {}
        self.concurrent: Counter[str] = Counter()


@dataclass(frozen=True, slots=True)
class Call:
    """One authenticated request.

    Attributes:
        state: what Twilio remembers.
        request: the HTTP request.
        form: its form parameters; empty when the body is anything else, as Twilio has it.
        body: as it came.
        login: the account that the credentials belong to.
        account: the account that the path names, else the login's.
        xml: whether the answer is XML, as the classic API does without ``.json``.
    """

    state: State
    request: Request
    form: Mapping[str, list[str]]
    login: Account
    account: Account
    xml: bool = False
    body: bytes = b""

    @property
    def base(self) -> str:
        """Scheme and host of the request, for the links in an answer."""
        return str(self.request.base_url).rstrip("/")

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.state.world.clock()

    def query(self, name: str) -> str:
        """Return a query parameter; empty when it is missing."""
        return self.request.query_params.get(name, "")

    def document(self) -> dict[str, Any] | None:
        """Return the body as a JSON object, or None when it is none."""
        try:
            document = json.loads(self.body or b"")
        except (ValueError, RecursionError):
            return None
        return document if isinstance(document, dict) else None

    def listed(self, key: str, records: list[dict[str, Any]]) -> Response:
        """Return a list of a newer service on one page; none of the simulator's is longer."""
        url = f"{self.base}{self.request.url.path}?PageSize=50&Page=0"
        meta = {
            "first_page_url": url,
            "key": key,
            "next_page_url": None,
            "page": 0,
            "page_size": 50,
            "previous_page_url": None,
            "url": url,
        }
        return JSONResponse({key: records, "meta": meta})

    def answer(self, record: Mapping[str, Any], *, root: str, status: int = 200) -> Response:
        """Return a success with a record as JSON, or as XML below a root element."""
        return render(record, root=root, status=status, xml=self.xml)


Handler = Callable[[Call], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Method:
    """One HTTP method of an endpoint: its handler and the permission a restricted key needs.

    ``accounts`` marks what a Standard key may not touch: Accounts and Keys.
    """

    handler: Handler
    permission: str
    accounts: bool = False


class Endpoint:
    """Answers one path for an authenticated account, or refuses as Twilio does."""

    def __init__(self, state: State, methods: Mapping[str, Method], *, problem: bool) -> None:
        self._state = state
        self._methods = methods
        self._problem = problem

    async def __call__(self, request: Request) -> Response:
        """Answer a request, with the headers that Twilio adds to each."""
        path = request.url.path
        classic = path.startswith("/2010-04-01/")
        xml = classic and not path.endswith(".json")
        concurrent = 1
        account: Account | None = None
        try:
            login, key = authenticate(self._state, request)
            account = login
            self._state.concurrent[login.sid] += 1
            concurrent = self._state.concurrent[login.sid]
            if concurrent > CONCURRENT_LIMIT:
                raise Refusal(20429)
            response = await self._answer(request, login, key, xml=xml)
        except Refusal as refusal:
            response = refused(refusal, xml=xml, problem=self._problem)
        finally:
            if account is not None:
                self._state.concurrent[account.sid] -= 1
        response.headers["Twilio-Request-Id"] = "RQ" + self._state.world.ids.next("request")
        response.headers["Twilio-Concurrent-Requests"] = str(concurrent)
        return response

    async def _answer(
        self, request: Request, login: Account, key: Key | None, *, xml: bool
    ) -> Response:
        if login.trouble is Trouble.GATEWAY:
            return HTMLResponse(GATEWAY_PAGE, status_code=502)
        meet_trouble(login)
        account = named_account(self._state, request, login, key)
        method = self._methods.get(request.method)
        if method is None:
            raise Refusal(20004)
        allow(method, key, login)
        body = await _read(request)
        form = _form_of(request, body)
        call = Call(self._state, request, form, login, account, xml, body)
        response = await method.handler(call)
        if login.trouble is Trouble.SLOW:
            await linger(request)
        return response


def endpoint(
    state: State, path: str, methods: Mapping[str, Method], *, problem: bool = False
) -> Route:
    """Return the route of an endpoint.

    Args:
        state: what Twilio remembers.
        path: the path with its placeholders; ``{account}`` is an account SID.
        methods: what it does, by HTTP method in capitals.
        problem: errors are problem details (RFC 9457), as in newer services.
    """
    return Route(path, _as_function(Endpoint(state, methods, problem=problem)), methods=_ALL)


_ALL = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]


def _as_function(target: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    # A route takes functions as request handlers, and any other callable as a whole ASGI app.
    async def run(request: Request) -> Response:
        return await target(request)

    return run


def authenticate(state: State, request: Request) -> tuple[Account, Key | None]:
    """Return the account that the Authorization header proves, and the API key it used.

    Raises:
        Refusal: 401 with 20003.
    """
    scheme, _blank, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _bearer(state, value.strip()), None
    if scheme.lower() != "basic":
        raise not_authenticated("Authentication Error - No credentials provided")
    user, password = _basic(value)
    if user.startswith("SK"):
        found = state.cast.account_of_key(user)
        if found is None:
            raise not_authenticated("Authentication Error - invalid username")
        if not same(found[1].secret, password):
            raise not_authenticated()
        return found
    account = state.cast.accounts.get(user)
    if account is None:
        raise not_authenticated("Authentication Error - invalid username")
    tokens = [token for token in (account.token, account.secondary) if token]
    if account.status == "closed" or not any(same(token, password) for token in tokens):
        raise not_authenticated()
    return account, None


def _basic(value: str) -> tuple[str, str]:
    pair = basic_credentials(value)
    if pair is None:
        raise not_authenticated("Authentication Error - invalid username")
    return pair


def _bearer(state: State, token: str) -> Account:
    account, until = state.tokens.get(token, (None, state.world.started))
    if account is None or until <= state.world.clock():
        raise not_authenticated()
    return account


def named_account(state: State, request: Request, login: Account, key: Key | None) -> Account:
    """Return the account in the path: the login's own, or a subaccount of it.

    Raises:
        Refusal: there is no such account, or it is not the login's business.
    """
    sid = request.path_params.get("account")
    if sid is None or sid == login.sid:
        return login
    if not _ACCOUNT_SID.fullmatch(sid):
        raise Refusal(90002, account=sid)
    account = state.cast.accounts.get(sid)
    for_all = key is None or key.kind is KeyKind.MAIN
    if account is None or account.owner_sid != login.sid or not for_all:
        raise not_authenticated()
    return account


def allow(method: Method, key: Key | None, login: Account) -> None:
    """Check what the credentials may do.

    Raises:
        Refusal: 20003, 20008 or 70051.
    """
    sends = method.permission == "/twilio/messaging/messages/create"
    if login.test and not sends:
        raise Refusal(20008)
    if key is None or key.kind is KeyKind.MAIN:
        return
    if method.accounts and key.kind is KeyKind.STANDARD:
        raise not_authenticated()
    if key.kind is KeyKind.RESTRICTED and method.permission not in key.permissions:
        raise Refusal(70051, permission=method.permission)


def meet_trouble(account: Account) -> None:
    """Refuse what a troubled account asks for.

    Raises:
        Refusal: the trouble is one that Twilio tells about.
    """
    codes = {Trouble.THROTTLED: 20429, Trouble.FAULT: 20500, Trouble.MAINTENANCE: 20503}
    if account.trouble in codes:
        raise Refusal(codes[account.trouble])


async def read_form(request: Request) -> dict[str, list[str]]:
    """Return the form parameters; of any other kind of body Twilio reads none.

    Raises:
        Refusal: the body is too large.
    """
    return _form_of(request, await _read(request))


async def _read(request: Request) -> bytes:
    body = await read_body(request)
    if body is None:
        raise Refusal(21617)
    return body


def _form_of(request: Request, body: bytes) -> dict[str, list[str]]:
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return {}
    return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)


def refused(refusal: Refusal, *, xml: bool, problem: bool = False) -> Response:
    """Return the answer that carries a refusal."""
    if problem:
        response: Response = JSONResponse(
            refusal.problem(),
            status_code=refusal.status,
            media_type="application/problem+json",
        )
    else:
        response = render(refusal.record(), root="RestException", status=refusal.status, xml=xml)
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return response


def render(record: Mapping[str, Any], *, root: str, status: int, xml: bool) -> Response:
    """Return a record as JSON, or as XML below ``TwilioResponse`` and a root element."""
    if not xml:
        return JSONResponse(dict(record), status_code=status)
    text = (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f"<TwilioResponse>{_element(root, record)}</TwilioResponse>"
    )
    return Response(text, status_code=status, media_type="application/xml")


def _element(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        inner = "".join(_element(_camel(key), entry) for key, entry in value.items())
    elif isinstance(value, list):
        inner = "".join(_element(name.removesuffix("s"), entry) for entry in value)
    else:
        inner = "" if value is None else escape(str(value))
    return f"<{name}>{inner}</{name}>"


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))
