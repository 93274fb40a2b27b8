"""RCS senders by API: made, changed and looked at, with their test numbers and carriers.

Shapes: Infobip's OpenAPI file of RCS, service management and capability check.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from smstui.simulator.core import Callback
from smstui.simulator.infobip.api import Call, State, endpoint, page
from smstui.simulator.infobip.callbacks import callback, subscribed
from smstui.simulator.infobip.errors import Refusal
from smstui.simulator.infobip.messages import stamp
from smstui.simulator.infobip.sender_rules import read_device, read_sender
from smstui.simulator.infobip.senders import MADE_AFTER, PENDING, PROVIDERS, Device, RcsSender
from smstui.simulator.infobip.states import ending_of

SCOPES = "rcs:manage rcs:provision"
MOST_SENDERS, MOST_NUMBERS = 10, 500
EDITABLE = ("READY_FOR_TESTING", "SENDER_UPDATE_REQUIRED")

_SHOWN_IN_LISTS = (
    *("billingCategory", "useCase", "hostingRegion", "brand", "displayName", "description"),
    *("color", "bannerUrl", "logoUrl"),
)


def routes(state: State) -> list[Route]:
    """Return the routes of RCS senders."""
    every = "/rcs/1/senders"
    one = f"{every}/{{name}}"
    device = f"{one}/test-numbers/{{number}}"
    handlers = {
        ("GET", every): _list,
        ("POST", every): _create,
        ("GET", f"{every}/providers"): _providers,
        ("GET", one): _fetch,
        ("PUT", one): _update,
        ("GET", f"{one}/launch-status"): _launch_status,
        ("GET", f"{one}/test-numbers"): _devices,
        ("POST", f"{one}/test-numbers"): _add_device,
        ("GET", device): _device,
        ("PUT", f"{device}/refresh"): _refresh_device,
    }
    check = "/rcs/2/capability-check/query"
    return [
        *(endpoint(state, method, path, SCOPES, run) for (method, path), run in handlers.items()),
        endpoint(state, "POST", check, "rcs:manage", _capability),
    ]


async def _list(call: Call) -> Response:
    senders = call.account.rcs_senders.values()
    return page(call, [_record(call, sender, _SHOWN_IN_LISTS) for sender in senders])


async def _fetch(call: Call) -> Response:
    sender = _named(call)
    return JSONResponse(_record(call, sender, tuple(sender.profile)))


async def _create(call: Call) -> Response:
    document = await call.document()
    profile = read_sender(document, is_new=True)
    name, known = document["senderName"], call.account.rcs_senders
    if name.lower() in {other.lower() for other in known}:
        raise Refusal(409, ("senderName", f'sender "{name}" already exists'))
    if len(known) >= MOST_SENDERS:
        raise Refusal(409, ("REQUEST", f"An account has at most {MOST_SENDERS} senders"))
    known[name] = sender = RcsSender(name, profile, call.state.now)
    return _being_made(call, sender)


async def _update(call: Call) -> Response:
    sender, profile = _named(call), read_sender(await call.document(), is_new=False)
    if sender.status_at(call.state.now) not in EDITABLE:
        raise Refusal(409, ("senderName", "the sender is locked and cannot be edited"))
    fixed = {name: sender.profile[name] for name in ("brand", "hostingRegion")}
    sender.update(profile | fixed, call.state.now)
    return _being_made(call, sender)


def _being_made(call: Call, sender: RcsSender) -> Response:
    made = sender.changed + timedelta(seconds=MADE_AFTER)
    event = {
        "event": "RCS_SENDER_STATUS_UPDATE",
        "senderName": sender.name,
        "senderStatus": sender.status_at(made),
        "googleAgentId": _agent(call, sender),
        "updatedAt": stamp(made),
    }
    call.state.world.schedule(told(call, "SENDER_UPDATE", made, event))
    return JSONResponse({"senderName": sender.name, "senderStatus": PENDING}, status_code=202)


async def _providers(call: Call) -> Response:
    wanted = call.query("countryCode") or list(PROVIDERS)
    known = [country for country in wanted if country in PROVIDERS]
    if not known:
        raise Refusal(
            404,
            ("REQUEST", f"No Carriers/Providers available for country with code {wanted[0]}."),
            said=(
                "No Carriers/Providers available for a given country.",
                "Please try again with a different country code.",
            ),
        )
    return page(call, [{"countryCode": c, "providers": list(PROVIDERS[c])} for c in known])


async def _launch_status(call: Call) -> Response:
    return JSONResponse(launch_event(_named(call), call.state.now))


def launch_event(sender: RcsSender, now: datetime) -> dict[str, Any]:
    """Return how the launch of a sender stands, as it is asked for and pushed."""
    providers = [
        {**entry, "updatedAt": stamp(entry["updatedAt"])} for entry in sender.coverage_at(now)
    ]
    country = sender.launch.record["countryCode"] if sender.launch is not None else ""
    return {
        "event": "RCS_SENDER_LAUNCH_STATUS_UPDATE",
        "senderName": sender.name,
        "senderStatus": sender.status_at(now),
        "coverage": [{"countryCode": country, "providers": providers}] if providers else [],
        "updatedAt": stamp(now),
    }


async def _devices(call: Call) -> Response:
    devices = _named(call).tests.values()
    return page(call, [_device_record(device, call.state.now) for device in devices])


async def _device(call: Call) -> Response:
    return JSONResponse(_device_record(_found_device(call), call.state.now))


async def _add_device(call: Call) -> Response:
    sender, now = _named(call), call.state.now
    number, is_primary = read_device(await call.document())
    if sender.status_at(now) == PENDING:
        raise Refusal(409, ("senderName", "the sender is not ready for testing"))
    if number in sender.tests:
        raise Refusal(409, ("testNumber", f"test number {number} already exists"))
    if not sender.may_invite(now):
        raise Refusal(409, ("testNumber", "limit of test numbers reached: 20 a day, 200 in all"))
    sender.tests[number] = Device(number, now, is_primary)
    return _invited(call, sender, sender.tests[number])


async def _refresh_device(call: Call) -> Response:
    sender, device = _named(call), _found_device(call)
    if device.status_at(call.state.now)[0] == PENDING:
        raise Refusal(409, ("testNumber", "a request for this test number is in progress"))
    device.invited = call.state.now
    return _invited(call, sender, device)


def _invited(call: Call, sender: RcsSender, device: Device) -> Response:
    calls: list[Callback] = []
    for after, status in device.stages[1:]:
        due = device.invited + timedelta(seconds=after)
        event = {
            "event": "RCS_TEST_NUMBER_STATUS_UPDATE",
            "senderName": sender.name,
            "testNumber": device.number,
            "senderStatus": sender.status_at(due),
            "testNumberStatus": status,
            "updatedAt": stamp(due),
        }
        calls += told(call, "TEST_NUMBER_UPDATE", due, event)
    call.state.world.schedule(calls)
    record = {"senderName": sender.name, "testNumber": device.number, "status": PENDING}
    return JSONResponse(record, status_code=202)


def told(call: Call, event: str, due: datetime, record: dict[str, Any]) -> Iterator[Callback]:
    """Yield the call that tells of something to a subscription that wants it."""
    subscription = subscribed(call.state.subscriptions[call.account.name, "RCS"].values(), event)
    yield from callback(due, "", subscription, {"results": [record]})


def _device_record(device: Device, now: datetime) -> dict[str, Any]:
    status, since = device.status_at(now)
    return {
        "testNumber": device.number,
        "status": status,
        "updatedAt": stamp(since),
        "primary": device.is_primary,
    }


def _record(call: Call, sender: RcsSender, shown: tuple[str, ...]) -> dict[str, Any]:
    return {
        "senderName": sender.name,
        "senderStatus": sender.status_at(call.state.now),
        "googleAgentId": _agent(call, sender),
        **{name: sender.profile[name] for name in shown if name in sender.profile},
        "updatedAt": stamp(sender.changed),
    }


def _agent(call: Call, sender: RcsSender) -> str:
    digits = call.state.world.ids.fixed(f"infobip agent {call.account.name} {sender.name}", 8)
    return f"{sender.name.lower()}_{digits}_agent"


def _named(call: Call) -> RcsSender:
    name = call.request.path_params["name"]
    if name not in call.account.rcs_senders:
        raise Refusal(404, ("senderName", f'sender "{name}" does not exist'))
    return call.account.rcs_senders[name]


def _found_device(call: Call) -> Device:
    number = f"+{call.request.path_params['number'].removeprefix('+')}"
    device = _named(call).tests.get(number)
    if device is None:
        raise Refusal(404, ("testNumber", f'test number "{number}" does not exist'))
    return device


async def _capability(call: Call) -> Response:
    document = await call.document()
    name = document.get("sender") if isinstance(document, dict) else None
    numbers = document.get("phoneNumbers") if isinstance(document, dict) else None
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= MOST_NUMBERS:
        raise Refusal(400, ("phoneNumbers", f"size must be between 1 and {MOST_NUMBERS}"))
    sender = call.account.rcs_senders.get(str(name))
    if sender is None:
        raise Refusal(400, ("sender", "unknown sender"))
    results = [_capable(call, sender, str(number)) for number in numbers]
    return JSONResponse({"capabilityCheckResults": results, "options": {}})


def _capable(call: Call, sender: RcsSender, number: str) -> dict[str, Any]:
    is_reached = sender.reaches(number, call.state.now)
    has_rcs = ending_of(number, channel="RCS", is_reached=is_reached).error != 7002
    return {
        "messageId": call.state.world.ids.next("infobip capability", 36),
        "phoneNumber": number,
        "code": "ENABLED" if has_rcs else "UNREACHABLE",
    }
