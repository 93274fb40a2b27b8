"""The send call and the token endpoints of the simulated custom provider."""

from __future__ import annotations

import functools
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from smstui.simulator.core import Hook, World
from smstui.simulator.custom import calls
from smstui.simulator.custom.certificates import Authority
from smstui.simulator.custom.errors import Refusal
from smstui.simulator.custom.logins import CLIENT_ID, WITH_TOKENS, Doors, Login
from smstui.simulator.tricks import Trick, afterwards, in_its_place, tail, trick_for
from smstui.simulator.wire import read_body, same

FORM_TYPE = "application/x-www-form-urlencoded"
AUTHORITY_PATH = "/custom/authority.pem"
RECEIVED_PATH = "/simulator/custom/messages"
"""Tells which messages came in; no part of any provider."""

_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_TOLD = {
    Trick.THROTTLED: (429, "too_many_requests", "Slow down"),
    Trick.FAULT: (500, "internal", "Something broke"),
    Trick.MAINTENANCE: (503, "maintenance", "Back soon"),
}
_REFUSED, _STALE = 50400, 50401
_REJECTED, _ERROR_ALONE, _ERROR_BESIDE, _PLAIN_ERROR = 50200, 50201, 50202, 50203

Handle = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Received:
    """A message as it came in."""

    login: Login
    sender: str
    recipient: str
    text: str

    def record(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "login": self.login.value,
            "sender": self.sender,
            "recipient": self.recipient,
            "text": self.text,
        }


class Provider:
    """One provider with all ways in, and what it remembers while it runs."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.doors = Doors(world)
        self.authority: Authority | None = None
        """Made when the mTLS port opens."""
        self.received: list[Received] = []
        self.hooks: dict[Login, Hook] = {}
        """Where the owner of each account is called."""
        self._stale: Counter[Login] = Counter()

    def routes(self) -> list[Route]:
        """Return its HTTP routes."""
        sends = [
            Route(
                f"/custom/{login}/messages",
                _answering(functools.partial(self._send, login), Refusal.response),
                methods=["POST"],
            )
            for login in Login
        ]
        tokens = [
            Route(
                f"/custom/{login}/token",
                _answering(functools.partial(self._give, login), Refusal.oauth),
                methods=["POST"],
            )
            for login in WITH_TOKENS
            if login is not Login.SESSION
        ]
        session = Route(
            "/custom/session/login",
            _answering(self._session, Refusal.response),
            methods=["GET", "POST"],
        )
        about = [Route(AUTHORITY_PATH, self._authority), Route(RECEIVED_PATH, self._received)]
        return [*sends, *tokens, session, *about]

    async def _send(self, login: Login, request: Request) -> Response:
        body = await _body(request)
        self.doors.let_in(login, request)
        message = _message(login, _fields(request, body, is_form=login is Login.FORM))
        ending = tail(message.recipient)
        if ending == _STALE and login in WITH_TOKENS:
            self._stale[login] += 1
            if self._stale[login] % 2:
                self.doors.revoke(request)
                raise Refusal(401, "invalid_token", "The token was revoked")
        if ending == _REFUSED:
            raise Refusal(400, "recipient_refused", "The recipient is refused")
        trick = trick_for(message.recipient)
        if trick in _TOLD:
            raise Refusal(*_TOLD[trick])
        instead = in_its_place(trick, "https://login.example.com/")
        if instead is not None:
            return instead
        if login is Login.ERRORS or ending == _ERROR_ALONE:
            return JSONResponse({"error": "No credit left"})
        if ending == _REJECTED:
            return JSONResponse({"status": "REJECTED", "message": "Recipient on the blocklist"})
        if ending == _PLAIN_ERROR:
            return PlainTextResponse("ERROR 7: no credit")
        self.received.append(message)
        message_id = self.world.ids.next("custom message", 24)
        self._tell(login, message, message_id)
        answer = _accepted(login, message_id)
        if ending == _ERROR_BESIDE:
            answer["error"] = "Sender not verified"
        odd = await afterwards(trick, request, status=201)
        return odd or JSONResponse(answer, status_code=201)

    def _tell(self, login: Login, message: Received, message_id: str) -> None:
        """Have the owner of an account told what becomes of a message, and of its answer."""
        hook, now = self.hooks.get(login, Hook()), self.world.clock()
        sender, recipient = message.sender, message.recipient
        reports = calls.reports(hook, message_id, sender, recipient, now)
        answers = calls.answers(hook, self.world.ids, sender, recipient, now)
        self.world.schedule([*reports, *answers])

    async def _give(self, login: Login, request: Request) -> Response:
        fields = _fields(request, await _body(request), is_form=login is not Login.OAUTH_JSON)
        if fields.get("grant_type") != "client_credentials":
            raise Refusal(400, "unsupported_grant_type", "Only client_credentials")
        is_known = fields.get("client_id") == CLIENT_ID
        if not same(self.doors.client_secret, fields.get("client_secret", "")) or not is_known:
            raise Refusal(401, "invalid_client", "Client or secret is wrong")
        token, seconds = self.doors.give_token(login)
        return JSONResponse({"access_token": token, "token_type": "bearer", "expires_in": seconds})

    async def _session(self, request: Request) -> Response:
        self.doors.check_basic(request)
        token, seconds = self.doors.give_token(Login.SESSION)
        return JSONResponse({"data": {"token": token, "expires_in": seconds}})

    async def _authority(self, request: Request) -> Response:
        if self.authority is None:
            return PlainTextResponse("", status_code=404)
        return PlainTextResponse(self.authority.pem, media_type="application/x-pem-file")

    async def _received(self, request: Request) -> Response:
        return JSONResponse([message.record() for message in self.received])


def _accepted(login: Login, message_id: str) -> dict[str, Any]:
    if login is Login.FORM:
        return {"sid": message_id, "status": "queued"}
    return {"messages": [{"id": message_id, "status": "accepted"}]}


def _answering(handle: Handle, refused: Callable[[Refusal], Response]) -> Handle:
    """Return a handler that answers refusals, too, in the form of its call."""

    async def answer(request: Request) -> Response:
        try:
            return await handle(request)
        except Refusal as refusal:
            return refused(refusal)

    return answer


async def _body(request: Request) -> bytes:
    body = await read_body(request)
    if body is None:
        raise Refusal(413, "too_large", "The body is too large")
    return body


def _fields(request: Request, body: bytes, *, is_form: bool) -> dict[str, str]:
    """Return the texts of a form or of a flat JSON object.

    Raises:
        Refusal: 415 for the other kind of body, 400 for one that cannot be read.
    """
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    wanted = FORM_TYPE if is_form else "application/json"
    if kind != wanted:
        raise Refusal(415, "unsupported_media_type", f"This call takes {wanted}")
    if is_form:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise Refusal(400, "invalid_json", "The body is no JSON object")
    return {name: text for name, text in document.items() if isinstance(text, str)}


def _message(login: Login, fields: Mapping[str, str]) -> Received:
    sender, recipient, text = (fields.get(name, "") for name in ("sender", "recipient", "text"))
    for name, value in (("sender", sender), ("recipient", recipient), ("text", text)):
        if not value:
            raise Refusal(400, "missing_field", f"{name} is missing")
    if not _E164.fullmatch(recipient):
        raise Refusal(422, "invalid_recipient", "recipient is no number with + and country code")
    return Received(login, sender, recipient, text)
