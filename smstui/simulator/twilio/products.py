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
from smstui.simulator.twilio.accounts import Account, Service
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
LANDLINES = frozenset({21614, 21635, 30006})
_POOLS = ("PhoneNumbers", "ShortCodes", "AlphaSenders")


def routes(state: State) -> list[Route]:
    """Return the routes of messaging v1 and v2, lookups v2 and OAuth v2."""

    async def token(request: Request) -> Response:
        return await _token(state, request)

    service = "/v1/Services/{service}"
    paths: dict[str, dict[str, Method]] = {
        "/v1/Services": {
            "GET": Method(_services, READ_SERVICES),
            "POST": Method(_create_service, "/twilio/messaging/services/create"),
        },
        service: {
            "GET": Method(_service, READ_SERVICES),
            "POST": Method(_update_service, UPDATE_SERVICES),
        },
        "/v2/PhoneNumbers/{number}": {"GET": Method(_lookup, "/twilio/lookup/read")},
    }
    for name in _POOLS:
        paths[f"{service}/{name}"] = {"GET": Method(_pool, READ_SERVICES)}
    paths[f"{service}/PhoneNumbers"]["POST"] = Method(_add_number, UPDATE_SERVICES)
    return [
        *(endpoint(state, path, methods) for path, methods in paths.items()),
        Route("/v2/token", token, methods=["POST"]),
    ]


def found_service(call: Call) -> Service:
    """Return the service in the path.

    Raises:
        Refusal: 404, there is none.
    """
    service = call.login.services.get(call.request.path_params["service"])
    if service is None:
        raise Refusal(20404, path=call.request.url.path)
    return service


def dates(call: Call) -> dict[str, str]:
    """Return when a thing was made that is there from the start, as the newer services write it."""
    started = iso(call.state.world.started.replace(microsecond=0)).replace(".000Z", "Z")
    return {"date_created": started, "date_updated": started}


def _service_record(call: Call, service: Service) -> dict[str, Any]:
    url = f"{call.base}/v1/Services/{service.sid}"
    return {
        "account_sid": call.login.sid,
        "area_code_geomatch": True,
        **dates(call),
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
    return call.listed("services", records)


async def _create_service(call: Call) -> Response:
    name = first(call.form, "FriendlyName")
    if not name:
        raise Refusal(20001, name="FriendlyName")
    service = Service("MG" + call.state.world.ids.next("service made"), name)
    call.login.services[service.sid] = service
    _set_urls(call, service)
    return JSONResponse(_service_record(call, service), status_code=201)


async def _service(call: Call) -> Response:
    return JSONResponse(_service_record(call, found_service(call)))


async def _update_service(call: Call) -> Response:
    service = found_service(call)
    _set_urls(call, service)
    return JSONResponse(_service_record(call, service))


def _set_urls(call: Call, service: Service) -> None:
    if "StatusCallback" in call.form:
        service.status_callback = first(call.form, "StatusCallback") or None
    if "InboundRequestUrl" in call.form:
        service.inbound_request_url = first(call.form, "InboundRequestUrl") or None


async def _pool(call: Call) -> Response:
    service = found_service(call)
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
        records.append(_pool_record(call, service, field, sender, sid, capable=capable))
    return call.listed(key, records)


def _pool_record(
    call: Call, service: Service, field: str, sender: str, sid: str, *, capable: bool
) -> dict[str, Any]:
    return {
        "account_sid": call.login.sid,
        "capabilities": ["SMS"] if capable else ["Voice"],
        **({} if field == "alpha_sender" else {"country_code": "US"}),
        **dates(call),
        field: sender,
        "service_sid": service.sid,
        "sid": sid,
        "url": f"{call.base}{call.request.url.path}/{sid}",
    }


async def _add_number(call: Call) -> Response:
    service, sid = found_service(call), first(call.form, "PhoneNumberSid")
    number = next((n for n in call.login.numbers.values() if n.sid == sid), None)
    if number is None:
        raise Refusal(20404, path=call.request.url.path)
    if number.number in service.numbers:
        raise Refusal(21710, sender=sid)
    if any(number.number in other.numbers for other in call.login.services.values()):
        raise Refusal(21712, sender=sid)
    service.numbers.append(number.number)
    record = _pool_record(call, service, "phone_number", number.number, sid, capable=number.sms)
    return JSONResponse(record, status_code=201)


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
        "url": f"{call.base}/v2/PhoneNumbers/{number}",
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
