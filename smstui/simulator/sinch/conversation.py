"""The Conversation API below ``/v1/projects/{project}``, and the token endpoint.

Rules: Sinch's reference of the Conversation API, and its page on authentication.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, NoReturn
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from smstui.simulator.sinch import apps, inbound, webhooks
from smstui.simulator.sinch.accounts import App, Project
from smstui.simulator.sinch.api import (
    TOKEN_LIFE,
    State,
    digits_of,
    is_url,
    key_owner,
    lasting,
    meet_trouble,
    odd_answer,
    project_of,
    read_json,
    refusal,
    routes_for,
)
from smstui.simulator.sinch.messages import Message
from smstui.simulator.tricks import afterwards, trick_for
from smstui.times import iso

MAX_METADATA = 1024
MAX_CORRELATION = 128
MAX_URL = 742

_ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}", re.ASCII)
_TTL = re.compile(r"([0-9]{1,9})s", re.ASCII)
_KINDS = (
    *("text_message", "media_message", "card_message", "carousel_message", "choice_message"),
    *("list_message", "location_message", "template_message", "contact_info_message"),
)


def routes(state: State) -> list[Route]:
    """Return the routes of the Conversation API and of the token endpoint."""
    api = _ConversationApi(state)
    base = "/v1/projects/{project}"
    handlers = {
        ("/oauth2/token", "POST"): api.token,
        (f"{base}/apps", "GET"): api.apps,
        (f"{base}/apps/{{app}}", "GET"): api.app,
        (f"{base}/apps/{{app}}", "PATCH"): api.patch_app,
        (f"{base}/messages:send", "POST"): api.send,
        (f"{base}/messages/{{message}}", "GET"): api.message,
        (f"{base}/webhooks", "POST"): api.add_webhook,
        (f"{base}/apps/{{app}}/webhooks", "GET"): api.webhooks,
        (f"{base}/webhooks/{{webhook}}", "DELETE"): api.remove_webhook,
    }
    return routes_for(handlers)


class _ConversationApi:
    """Answers for one simulated Sinch."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def token(self, request: Request) -> Response:
        """Give a token for an access key (client credentials, HTTP Basic)."""
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        project = key_owner(self._state, request)
        if project is None:
            return _no_token(401, "invalid_client", "Client authentication failed")
        if form.get("grant_type") != ["client_credentials"]:
            return _no_token(400, "unsupported_grant_type", "grant_type is not supported")
        token = self._state.world.ids.next("sinch access token", 64)
        self._state.tokens[token] = (project, self._state.now + TOKEN_LIFE)
        return JSONResponse(
            {
                "access_token": token,
                "expires_in": int(TOKEN_LIFE.total_seconds()),
                "scope": "",
                "token_type": "bearer",
            }
        )

    async def apps(self, request: Request) -> Response:
        """Answer all apps of the project."""
        project, now = await self._enter(request), self._state.now
        return JSONResponse({"apps": [apps.record(app, now) for app in project.apps.values()]})

    async def app(self, request: Request) -> Response:
        """Answer one app, with the secrets of its channels in clear as the real one does."""
        project = await self._enter(request)
        app = _app(project, request.path_params["app"])
        return JSONResponse(apps.record(app, self._state.now))

    async def patch_app(self, request: Request) -> Response:
        """Replace the channels of an app."""
        project = project_of(self._state, request)
        meet_trouble(project.trouble)
        document, now = await read_json(request), self._state.now
        app = _app(project, request.path_params["app"])
        wrong = (
            "Invalid JSON payload received" if document is None else apps.what_is_wrong(document)
        )
        if document is None or wrong:
            _refuse(wrong)
        apps.patch(self._state.cast, project, app, document, now)
        return JSONResponse(apps.record(app, now))

    async def send(self, request: Request) -> Response:
        """Accept a message, or refuse it."""
        project = project_of(self._state, request)
        meet_trouble(project.trouble)
        document = await read_json(request)
        if document is None:
            _refuse("Invalid JSON payload received")
        message = self._read(document, project)
        trick = trick_for(next(iter(message.numbers.values())))
        answer = odd_answer(trick)
        if answer is not None:
            return answer
        self._state.messages[message.message_id] = message
        answers = inbound.answers_to_message(self._state, message)
        self._state.world.schedule([*message.callbacks(), *answers])
        await lasting(project.trouble, request)
        accepted = {"message_id": message.message_id, "accepted_time": iso(message.created)}
        answer = await afterwards(trick, request, status=200)
        return answer or JSONResponse(accepted)

    async def message(self, request: Request) -> Response:
        """Answer a message that its app keeps; it never tells a status."""
        project = await self._enter(request)
        source = request.query_params.get("messages_source", "CONVERSATION_SOURCE")
        message = self._state.messages.get(request.path_params["message"])
        is_kept = (
            message is not None
            and message.project_id == project.project_id
            and message.is_dispatched == (source == "DISPATCH_SOURCE")
            and (message.app.keeps_days > 0 or not message.is_dispatched)
        )
        if message is None or not is_kept:
            raise refusal(404, "Message not found")
        return JSONResponse(message.record(self._state.now))

    async def add_webhook(self, request: Request) -> Response:
        """Have an app's events posted somewhere."""
        project = project_of(self._state, request)
        meet_trouble(project.trouble)
        document = await read_json(request) or {}
        app = _app(project, str(document.get("app_id")))
        wrong = webhooks.what_is_wrong(app, document)
        if wrong:
            _refuse(wrong)
        hook = webhooks.read(document, self._state.next_ulid("webhook"))
        app.webhooks.append(hook)
        return JSONResponse(webhooks.record(app, hook))

    async def webhooks(self, request: Request) -> Response:
        """Answer the webhooks of an app."""
        app = _app(await self._enter(request), request.path_params["app"])
        return JSONResponse({"webhooks": [webhooks.record(app, hook) for hook in app.webhooks]})

    async def remove_webhook(self, request: Request) -> Response:
        """Have an app's events posted to a webhook no longer."""
        project = await self._enter(request)
        for app in project.apps.values():
            for hook in app.webhooks:
                if hook.webhook_id == request.path_params["webhook"]:
                    app.webhooks.remove(hook)
                    return JSONResponse({})
        raise refusal(404, "Webhook not found")

    async def _enter(self, request: Request) -> Project:
        """Return the project that asks for something without a body."""
        project = project_of(self._state, request)
        meet_trouble(project.trouble)
        await request.body()
        await lasting(project.trouble, request)
        return project

    def _read(self, document: dict[str, Any], project: Project) -> Message:
        app_id = document.get("app_id")
        if not isinstance(app_id, str) or not _ULID.fullmatch(app_id):
            _refuse("app_id: must be a ULID")
        app = _app(project, app_id)
        numbers = _numbers(document)
        now = self._state.now
        order = _order(document, numbers, app, now)
        content = _content(document)
        _check_properties(document, order)
        _check_options(document)
        return Message(
            self._state.next_ulid("message"),
            project.project_id,
            app,
            numbers,
            order,
            content,
            now,
            str(document.get("message_metadata", "")),
            str(document.get("callback_url", "")),
            document.get("processing_strategy", "DEFAULT") in ("DEFAULT", "DISPATCH_ONLY"),
            {channel: apps.why_failing(app, channel, numbers[channel], now) for channel in order},
        )


def _refuse(message: str) -> NoReturn:
    raise refusal(400, message)


def _no_token(status: int, error: str, description: str) -> Response:
    return JSONResponse({"error": error, "error_description": description}, status_code=status)


def _app(project: Project, app_id: str) -> App:
    if app_id not in project.apps:
        raise refusal(404, "App not found")
    return project.apps[app_id]


def _numbers(document: dict[str, Any]) -> dict[str, str]:
    recipient = document.get("recipient")
    identified = recipient.get("identified_by") if isinstance(recipient, dict) else None
    identities = identified.get("channel_identities") if isinstance(identified, dict) else None
    if not isinstance(identities, list) or not identities:
        _refuse("recipient: channel_identities are required")
    numbers: dict[str, str] = {}
    for entry in identities:
        channel = entry.get("channel") if isinstance(entry, dict) else None
        number = digits_of(entry.get("identity")) if isinstance(entry, dict) else ""
        if not isinstance(channel, str) or not number:
            _refuse("recipient: a channel identity is malformed")
        numbers[channel] = number
    return numbers


def _order(
    document: dict[str, Any], numbers: dict[str, str], app: App, now: datetime
) -> tuple[str, ...]:
    order = document.get("channel_priority_order") or list(numbers)
    if not isinstance(order, list) or not all(channel in numbers for channel in order):
        _refuse("channel_priority_order: a channel has no identity")
    for channel in order:
        if channel not in app.links or not app.links[channel].state_at(now):
            _refuse(f"Channel {channel} is not configured on the app")
    return tuple(order)


def _content(document: dict[str, Any]) -> dict[str, Any]:
    content = document.get("message")
    if not isinstance(content, dict) or sum(kind in content for kind in _KINDS) != 1:
        _refuse("message: exactly one kind of message is required")
    kind = next(kind for kind in _KINDS if kind in content)
    body = content[kind] if isinstance(content[kind], dict) else {}
    if kind == "text_message" and not body.get("text"):
        _refuse("message: text may not be empty")
    media = body if kind == "media_message" else body.get("media_message")
    if media is not None and not (
        isinstance(media, dict) and is_url(media.get("url"), most=MAX_URL * 3)
    ):
        _refuse("message: the media need a URL")
    return content


def _check_properties(document: dict[str, Any], order: tuple[str, ...]) -> None:
    properties = document.get("channel_properties", {})
    if not isinstance(properties, dict):
        _refuse("channel_properties: malformed")
    if "MMS" in order and not properties.get("MMS_SENDER"):
        _refuse("channel_properties: MMS_SENDER is required")


def _check_options(document: dict[str, Any]) -> None:
    if "ttl" in document:
        ttl = _TTL.fullmatch(str(document["ttl"]))
        if ttl is None or int(ttl[1]) < 3:
            _refuse("ttl: at least 3s")
    for name, most in (("message_metadata", MAX_METADATA), ("correlation_id", MAX_CORRELATION)):
        value = document.get(name, "")
        if not isinstance(value, str) or len(value) > most:
            _refuse(f"{name}: at most {most} characters")
    if "callback_url" in document and not is_url(document["callback_url"], most=MAX_URL):
        _refuse("callback_url: not a valid URL")
