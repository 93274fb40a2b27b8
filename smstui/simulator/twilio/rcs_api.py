"""RCS senders by API: messaging v2 ``Channels/Senders``, and ``ChannelSenders`` of a service.

Shapes: twilio-oai, messaging v1 and v2. Its texts call creating, changing and deleting a matter of
WhatsApp, so all accounts but one are refused (63105) what the console alone does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from smstui.simulator.rollout import MIN_CONTRAST, contrast_to_white
from smstui.simulator.twilio.accounts import Service
from smstui.simulator.twilio.api import Call, Method, State, endpoint
from smstui.simulator.twilio.errors import Refusal
from smstui.simulator.twilio.products import (
    READ_SERVICES,
    UPDATE_SERVICES,
    dates,
    found_service,
)
from smstui.simulator.twilio.rcs_senders import CARRIERS, NO_WEBHOOK, OFFLINE, ChannelSender
from smstui.simulator.twilio.rules import first, is_web_address

READ_SENDERS = "/twilio/messaging/channels-senders/read"
WRITE_SENDERS = "/twilio/messaging/channels-senders/create"
IN_CONSOLE = "RCS senders are created and changed in the Console."

_SENDER_ID = re.compile(r"rcs:[A-Za-z0-9_-]{1,64}", re.ASCII)
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}", re.ASCII)
_LENGTHS = {"name": 100, "description": 100}
_CONTACTS = {"phone_numbers": "phone_number", "emails": "email", "websites": "website"}

_OFFLINE_REASONS = [
    {
        "code": "63035",
        "message": "No carrier has approved the sender",
        "more_info": "https://www.twilio.com/docs/errors/63035",
    }
]


def routes(state: State) -> list[Route]:
    """Return the routes of RCS senders."""
    senders = "/v2/Channels/Senders"
    pool: dict[str, Method] = {
        "GET": Method(_pool, READ_SERVICES),
        "POST": Method(_join, UPDATE_SERVICES),
    }
    every: dict[str, Method] = {
        "GET": Method(_list, READ_SENDERS),
        "POST": Method(_create, WRITE_SENDERS),
    }
    one: dict[str, Method] = {
        "GET": Method(_fetch, READ_SENDERS),
        "POST": Method(_in_console, WRITE_SENDERS),
        "DELETE": Method(_in_console, WRITE_SENDERS),
    }
    return [
        endpoint(state, "/v1/Services/{service}/ChannelSenders", pool),
        endpoint(state, senders, every, problem=True),
        endpoint(state, f"{senders}/{{sid}}", one, problem=True),
    ]


def _pool_record(call: Call, service: Service, sender: ChannelSender) -> dict[str, Any]:
    return {
        "account_sid": call.login.sid,
        "country_code": None,
        **dates(call),
        "messaging_service_sid": service.sid,
        "sender": sender.sender_id,
        "sender_type": "RCS",
        "sid": sender.sid,
        "url": f"{call.base}/v1/Services/{service.sid}/ChannelSenders/{sender.sid}",
    }


async def _pool(call: Call) -> Response:
    service = found_service(call)
    records = [_pool_record(call, service, sender) for sender in service.channel_senders]
    return call.listed("senders", records)


async def _join(call: Call) -> Response:
    service = found_service(call)
    sender = call.login.channel_senders.get(first(call.form, "Sid"))
    if sender is None:
        raise Refusal(20404, path=call.request.url.path)
    if sender in service.channel_senders:
        raise Refusal(21710, sender=sender.sid)
    if any(sender in other.channel_senders for other in call.login.services.values()):
        raise Refusal(21712, sender=sender.sid)
    service.channel_senders.append(sender)
    return JSONResponse(_pool_record(call, service, sender), status_code=201)


async def _list(call: Call) -> Response:
    channel = call.query("Channel")
    if channel not in {"rcs", "whatsapp"}:
        raise Refusal(63100, detail="Channel is required: rcs or whatsapp")
    records = [
        _record(call, sender)
        for sender in call.login.channel_senders.values()
        if sender.sender_id.startswith(f"{channel}:")
    ]
    return call.listed("senders", records)


async def _fetch(call: Call) -> Response:
    return JSONResponse(_record(call, _found(call)))


async def _in_console(call: Call) -> Response:
    _found(call)
    raise Refusal(63105, detail=IN_CONSOLE)


async def _create(call: Call) -> Response:
    if not call.login.makes_senders:
        raise Refusal(63105, detail=IN_CONSOLE)
    document = call.document()
    if document is None:
        raise Refusal(63100, detail="The body is not a JSON object")
    wrong = list(_what_is_wrong(call, document))
    if wrong:
        raise Refusal(63100, detail=wrong[0][1], errors=wrong)
    sender = call.state.cast.add_channel_sender(
        call.login, document["sender_id"], _given(document, "profile"), call.now
    )
    sender.webhook |= _given(document, "webhook")
    return JSONResponse(_record(call, sender), status_code=202)


def _given(document: dict[str, Any], part: str) -> dict[str, Any]:
    """Return a part of a body without what is null."""
    values = document.get(part) or {}
    return {name: value for name, value in values.items() if value is not None}


def _found(call: Call) -> ChannelSender:
    sender = call.login.channel_senders.get(call.request.path_params["sid"])
    if sender is None:
        raise Refusal(20404, path=call.request.url.path)
    return sender


def _record(call: Call, sender: ChannelSender) -> dict[str, Any]:
    now = call.now
    status = sender.status_at(now)
    countries = [
        {
            "country": country,
            "registration_sid": sender.registration_sid,
            "status": sender.country_at(country, now),
            "carriers": [
                {"name": name, "status": said} for name, said in sender.carriers_at(country, now)
            ],
        }
        for country in CARRIERS
    ]
    return {
        "sid": sender.sid,
        "sender_id": sender.sender_id,
        "status": status,
        "profile": sender.profile,
        "webhook": sender.webhook,
        "compliance": {"registration_sid": sender.registration_sid, "countries": countries},
        "offline_reasons": _OFFLINE_REASONS if status == OFFLINE else None,
        "properties": None,
        "url": f"{call.base}/v2/Channels/Senders/{sender.sid}",
    }


def _what_is_wrong(call: Call, document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a new sender, each with its place in the body."""
    sender_id = document.get("sender_id")
    if not isinstance(sender_id, str) or not _SENDER_ID.fullmatch(sender_id):
        yield "/sender_id", "sender_id is required: rcs: and an id"
    elif call.state.cast.owner_of_sender_id(sender_id) is not None:
        yield "/sender_id", "sender_id is taken"
    for part, issues in (("profile", _profile_issues), ("webhook", _webhook_issues)):
        value = document.get(part)
        if isinstance(value, dict):
            yield from issues(_given(document, part))
        elif value is not None:
            yield f"/{part}", f"{part} must be an object"


def _webhook_issues(webhook: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in webhook.items():
        if name not in NO_WEBHOOK:
            yield f"/webhook/{name}", f"{name} is unknown"
        elif name.endswith("_url") and not is_web_address(str(value)):
            yield f"/webhook/{name}", f"{name} is not a URL"
        elif name.endswith("_method") and value not in ("POST", "PUT"):
            yield f"/webhook/{name}", f"{name} must be POST or PUT"


def _profile_issues(profile: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in profile.items():
        place = f"/profile/{name}"
        if name in _CONTACTS:
            yield from _contact_issues(place, name, value)
        elif not isinstance(value, str):
            yield place, f"{name} must be a string"
        elif name in _LENGTHS and len(value) > _LENGTHS[name]:
            yield place, f"{name} has at most {_LENGTHS[name]} characters"
        elif name.endswith("_url") and not is_web_address(value):
            yield place, f"{name} is not a URL"
        elif name == "accent_color" and not _COLOUR.fullmatch(value):
            yield place, "accent_color is not a colour in hex"
        elif name == "accent_color" and contrast_to_white(value) < MIN_CONTRAST:
            yield place, "accent_color needs a contrast of 4.5:1 to white"


def _contact_issues(place: str, name: str, value: Any) -> Iterator[tuple[str, str]]:
    inner = _CONTACTS[name]
    if not isinstance(value, list):
        yield place, f"{name} must be an array"
        return
    for number, entry in enumerate(value):
        here = f"{place}/{number}/{inner}"
        text = entry.get(inner) if isinstance(entry, dict) else None
        if not isinstance(text, str) or not text:
            yield here, f"{inner} is required"
        elif name == "phone_numbers" and not re.fullmatch(r"\+[1-9]\d{1,14}", text, re.ASCII):
            yield here, f"{inner} is not in E.164 format"
        elif name == "emails" and not all(text.partition("@")):
            yield here, f"{inner} is not an email address"
        elif name == "websites" and not is_web_address(text):
            yield here, f"{inner} is not a URL"
