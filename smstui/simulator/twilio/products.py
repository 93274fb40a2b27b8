"""The newer products, which live on hosts of their own: messaging, lookups and OAuth.

Here they share the simulator's one host, told apart by path.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from smstui.simulator.tricks import tail
from smstui.simulator.twilio.accounts import Account, ChannelSender, Service
from smstui.simulator.twilio.api import (
    TOKEN_LIFE,
    Call,
    Method,
    State,
    endpoint,
    read_form,
    refused,
)
from smstui.simulator.twilio.errors import Refusal, not_authenticated
from smstui.simulator.twilio.rules import E164, first
from smstui.times import iso

READ_SERVICES = "/twilio/messaging/services/read"
UPDATE_SERVICES = "/twilio/messaging/services/update"
READ_SENDERS = "/twilio/messaging/channels-senders/read"
CREATE_SENDERS = "/twilio/messaging/channels-senders/create"
COUNTRIES = ("DE", "IT", "US")
LANDLINES = frozenset({21614, 21635, 30006})
_POOLS = ("PhoneNumbers", "ShortCodes", "AlphaSenders")


def routes(state: State) -> list[Route]:
    """Return the routes of messaging v1 and v2, lookups v2 and OAuth v2."""

    async def token(request: Request) -> Response:
        return await _token(state, request)

    service = "/v1/Services/{service}"
    senders = "/v2/Channels/Senders"
    paths: dict[str, dict[str, Method]] = {
        "/v1/Services": {"GET": Method(_services, READ_SERVICES)},
        service: {
            "GET": Method(_service, READ_SERVICES),
            "POST": Method(_update_service, UPDATE_SERVICES),
        },
        f"{service}/ChannelSenders": {
            "GET": Method(_pool_channel_senders, READ_SERVICES),
            "POST": Method(_add_channel_sender, UPDATE_SERVICES),
        },
        "/v2/PhoneNumbers/{number}": {"GET": Method(_lookup, "/twilio/lookup/read")},
        senders: {
            "GET": Method(_channel_senders, READ_SENDERS),
            "POST": Method(_create_channel_sender, CREATE_SENDERS),
        },
        f"{senders}/{{sid}}": {"GET": Method(_channel_sender, READ_SENDERS)},
    }
    for name in _POOLS:
        paths[f"{service}/{name}"] = {"GET": Method(_pool, READ_SERVICES)}
    return [
        *(
            endpoint(state, path, methods, problem=path.startswith(senders))
            for path, methods in paths.items()
        ),
        Route("/v2/token", token, methods=["POST"]),
    ]


def _base(call: Call) -> str:
    return str(call.request.base_url).rstrip("/")


def _list(call: Call, key: str, records: list[dict[str, Any]]) -> Response:
    """Return a list on a single page; no pool of the simulator is longer than that."""
    url = f"{_base(call)}{call.request.url.path}?PageSize=50&Page=0"
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


def _found_service(call: Call) -> Service:
    service = call.login.services.get(call.request.path_params["service"])
    if service is None:
        raise Refusal(20404, path=call.request.url.path)
    return service


def _dates(call: Call) -> dict[str, str]:
    started = iso(call.state.world.started.replace(microsecond=0)).replace(".000Z", "Z")
    return {"date_created": started, "date_updated": started}


def _service_record(call: Call, service: Service) -> dict[str, Any]:
    url = f"{_base(call)}/v1/Services/{service.sid}"
    return {
        "account_sid": call.login.sid,
        "area_code_geomatch": True,
        **_dates(call),
        "fallback_method": "POST",
        "fallback_to_long_code": False,
        "fallback_url": None,
        "friendly_name": service.name,
        "inbound_method": "POST",
        "inbound_request_url": service.inbound_request_url,
        "links": {
            "alpha_senders": f"{url}/AlphaSenders",
            "channel_senders": f"{url}/ChannelSenders",
            "phone_numbers": f"{url}/PhoneNumbers",
            "short_codes": f"{url}/ShortCodes",
        },
        "mms_converter": True,
        "scan_message_content": "inherit",
        "sid": service.sid,
        "smart_encoding": False,
        "status_callback": service.status_callback,
        "sticky_sender": True,
        "synchronous_validation": False,
        "url": url,
        "us_app_to_person_registered": False,
        "use_inbound_webhook_on_number": False,
        "usecase": "notifications",
        "validity_period": 36000,
    }


async def _services(call: Call) -> Response:
    records = [_service_record(call, service) for service in call.login.services.values()]
    return _list(call, "services", records)


async def _service(call: Call) -> Response:
    return JSONResponse(_service_record(call, _found_service(call)))


async def _update_service(call: Call) -> Response:
    service = _found_service(call)
    if "StatusCallback" in call.form:
        service.status_callback = first(call.form, "StatusCallback") or None
    if "InboundRequestUrl" in call.form:
        service.inbound_request_url = first(call.form, "InboundRequestUrl") or None
    return JSONResponse(_service_record(call, service))


async def _pool(call: Call) -> Response:
    service = _found_service(call)
    name = call.request.url.path.rpartition("/")[2]
    key, prefix, field, senders = {
        "PhoneNumbers": ("phone_numbers", "PN", "phone_number", service.numbers),
        "ShortCodes": ("short_codes", "SC", "short_code", service.short_codes),
        "AlphaSenders": ("alpha_senders", "AI", "alpha_sender", service.alpha),
    }[name]
    records = []
    for sender in senders:
        number = call.login.numbers.get(sender)
        fixed = call.state.world.ids.fixed(f"{key} {sender}")
        sid = number.sid if number is not None else prefix + fixed
        capable = number is None or number.sms
        records.append(
            {
                "account_sid": call.login.sid,
                "capabilities": ["SMS"] if capable else ["Voice"],
                **({} if field == "alpha_sender" else {"country_code": "US"}),
                **_dates(call),
                field: sender,
                "service_sid": service.sid,
                "sid": sid,
                "url": f"{_base(call)}{call.request.url.path}/{sid}",
            }
        )
    return _list(call, key, records)


def _pool_record(call: Call, service: Service, sender: ChannelSender) -> dict[str, Any]:
    return {
        "account_sid": call.login.sid,
        "country_code": None,
        **_dates(call),
        "messaging_service_sid": service.sid,
        "sender": sender.sender_id,
        "sender_type": "RCS",
        "sid": sender.sid,
        "url": f"{_base(call)}/v1/Services/{service.sid}/ChannelSenders/{sender.sid}",
    }


async def _pool_channel_senders(call: Call) -> Response:
    service = _found_service(call)
    records = [_pool_record(call, service, sender) for sender in service.channel_senders]
    return _list(call, "senders", records)


async def _add_channel_sender(call: Call) -> Response:
    service = _found_service(call)
    sender = call.login.channel_senders.get(first(call.form, "Sid"))
    if sender is None:
        raise Refusal(20404, path=call.request.url.path)
    if sender in service.channel_senders:
        raise Refusal(21710, sender=sender.sid)
    if any(sender in other.channel_senders for other in call.login.services.values()):
        raise Refusal(21712, sender=sender.sid)
    service.channel_senders.append(sender)
    return JSONResponse(_pool_record(call, service, sender), status_code=201)


def _sender_record(call: Call, sender: ChannelSender) -> dict[str, Any]:
    carriers = [{"name": "Demo Mobile", "status": sender.carrier_status}]
    return {
        "sid": sender.sid,
        "sender_id": sender.sender_id,
        "status": sender.status,
        "profile": {
            "name": sender.name,
            "description": f"Messages from {sender.name}",
            "accent_color": "#1E5AA8",
            "logo_url": "https://example.com/logo.png",
            "banner_url": "https://example.com/banner.png",
            "privacy_url": "https://example.com/privacy",
            "terms_of_service_url": "https://example.com/terms",
            "phone_numbers": [{"phone_number": "+12025550142", "label": "Service"}],
            "emails": [{"email": "help@example.com", "label": "Help"}],
            "websites": [{"website": "https://example.com", "label": "Website"}],
        },
        "webhook": {
            "callback_url": None,
            "callback_method": "POST",
            "fallback_url": None,
            "fallback_method": "POST",
            "status_callback_url": None,
            "status_callback_method": "POST",
        },
        "compliance": {
            "registration_sid": sender.registration_sid,
            "countries": [
                {
                    "country": country,
                    "registration_sid": sender.registration_sid,
                    "status": sender.status,
                    "carriers": carriers,
                }
                for country in COUNTRIES
            ],
        },
        "offline_reasons": None,
        "properties": None,
        "url": f"{_base(call)}/v2/Channels/Senders/{sender.sid}",
    }


async def _channel_senders(call: Call) -> Response:
    channel = call.query("Channel")
    if channel not in {"rcs", "whatsapp"}:
        raise Refusal(63100, detail="Channel is required: rcs or whatsapp")
    records = [
        _sender_record(call, sender)
        for sender in call.login.channel_senders.values()
        if sender.sender_id.startswith(f"{channel}:")
    ]
    return _list(call, "senders", records)


async def _channel_sender(call: Call) -> Response:
    sender = call.login.channel_senders.get(call.request.path_params["sid"])
    if sender is None:
        raise Refusal(20404, path=call.request.url.path)
    return JSONResponse(_sender_record(call, sender))


async def _create_channel_sender(call: Call) -> Response:
    raise Refusal(63105, detail="RCS senders are created in the Console.")


async def _lookup(call: Call) -> Response:
    import phonenumbers

    number = call.request.path_params["number"]
    try:
        parsed = phonenumbers.parse(number if number.startswith("+") else f"+{number}")
        region = phonenumbers.region_code_for_number(parsed)
        national = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
        calling = str(parsed.country_code)
        valid = E164.fullmatch(number) is not None and phonenumbers.is_valid_number(parsed)
    except phonenumbers.NumberParseException:
        region, national, calling, valid = None, None, None, False
    kind = "landline" if tail(number) in LANDLINES else "mobile"
    asked = "line_type_intelligence" in call.query("Fields").split(",")
    record: Mapping[str, Any] = {
        "calling_country_code": calling,
        "country_code": region,
        "line_type_intelligence": {"type": kind, "error_code": None} if asked else None,
        "national_format": national,
        "phone_number": number,
        "url": f"{_base(call)}/v2/PhoneNumbers/{number}",
        "valid": valid,
        "validation_errors": [] if valid else ["NOT_A_NUMBER"],
    }
    return JSONResponse(record)


async def _token(state: State, request: Request) -> Response:
    """Answer an OAuth client-credentials request (RFC 6749, 4.4)."""
    form = await read_form(request)
    client = first(form, "client_id")
    account = _oauth_account(state, client, first(form, "client_secret"))
    if first(form, "grant_type") != "client_credentials" or account is None:
        return refused(not_authenticated(), xml=False)
    token = state.world.ids.next("access token", 64)
    state.tokens[token] = (account, state.world.clock() + TOKEN_LIFE)
    life = int(TOKEN_LIFE.total_seconds())
    return JSONResponse({"access_token": token, "token_type": "Bearer", "expires_in": life})


def _oauth_account(state: State, client: str, secret: str) -> Account | None:
    for account in state.cast.accounts.values():
        if client and (account.oauth_client_id, account.oauth_client_secret) == (client, secret):
            return account
    return None
