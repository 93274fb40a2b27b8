"""Requests to launch an RCS sender in a country: what they need, and how far they are.

Shapes and codes: Infobip's OpenAPI file of resources, resource requests.
"""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from smstui.simulator.core import Callback, uuid
from smstui.simulator.infobip.api import Call, State, endpoint, page
from smstui.simulator.infobip.errors import Refusal
from smstui.simulator.infobip.messages import stamp
from smstui.simulator.infobip.rules import Reader
from smstui.simulator.infobip.sender_api import launch_event, told
from smstui.simulator.infobip.sender_rules import (
    lacks_stop,
    read_launch,
    read_lookup,
    read_requirements,
    requirements_of,
)
from smstui.simulator.infobip.senders import FAULTY, READY, Launch

SCOPES = "resource-request-hub:manage resource-request-hub:read"
REQUESTED_BY = "admin@example.com"

_OPEN = ("PENDING", "AUTOMATIC_VALIDATION", "PENDING_REVIEW", "IN_REVIEW", "UPDATE_REQUESTED")


def routes(state: State) -> list[Route]:
    """Return the routes of resource requests."""
    every = "/resources/1/requests"
    one = f"{every}/{{request}}"
    handlers = {
        ("POST", "/resources/1/requirements-lookup"): _requirements,
        ("GET", every): _list,
        ("POST", every): _create,
        ("GET", one): _fetch,
        ("PATCH", one): _correct,
        ("POST", f"{one}/cancel"): _cancel,
    }
    return [endpoint(state, method, path, SCOPES, run) for (method, path), run in handlers.items()]


async def _requirements(call: Call) -> Response:
    document = read_lookup(await call.document())
    return JSONResponse({"requirements": requirements_of(document["countryCode"])})


async def _list(call: Call) -> Response:
    records = [_record(call, launch) for launch in reversed(call.account.launches.values())]
    given = {name: call.query(name) for name in ("countryCode", "status", "type")}
    wanted = [r for r in records if all(r[name] in v for name, v in given.items() if v)]
    return page(call, wanted)


async def _create(call: Call) -> Response:
    document, now = read_launch(await call.document()), call.state.now
    sender = call.account.rcs_senders.get(document["senderName"])
    if sender is None:
        raise Refusal(
            404,
            code="RR-RCS-SENDER404",
            said=(
                "The specified RCS sender was not found.",
                "Verify the sender name or create a new sender before proceeding.",
            ),
        )
    status = sender.status_at(now)
    if status in ("LAUNCHED", "LAUNCHED_PARTIAL_SUCCESS"):
        raise Refusal(
            400,
            code="RR-RCS-SENDER-ALREADY-LAUNCHED400",
            said=(
                "RCS sender has already been launched.",
                "Sender cannot be launched in multiple countries. Create a new sender to start "
                "the launch process.",
            ),
        )
    if status != READY:
        raise Refusal(
            400,
            code="RR-RCS-SENDER-ALREADY-REQUESTED400",
            said=(
                "A launch request for this RCS sender is already in progress.",
                "Please wait for the current launch process to finish before taking any further "
                "action with this sender.",
            ),
        )
    request_id = uuid(call.state.world.ids.next("infobip request"))
    sender.launch = launch = Launch(request_id, document, now, now)
    call.account.launches[request_id] = launch
    if lacks_stop(document):
        launch.lacks = "requirements"
    elif FAULTY in sender.name.lower():
        launch.lacks = "sender"
    _tell(call, launch)
    return JSONResponse({"id": request_id}, status_code=201)


async def _fetch(call: Call) -> Response:
    return JSONResponse(_record(call, _found(call)))


async def _correct(call: Call) -> Response:
    launch, document, now = _found(call), await call.document(), call.state.now
    if launch.status_at(now) != "UPDATE_REQUESTED":
        raise _wrong_status()
    if not isinstance(document, dict):
        raise Refusal(400)
    reader = Reader()
    given = {entry.get("key"): entry for entry in reader.records(document, "requirements", "")}
    known = {entry["key"]: entry for entry in launch.record["requirements"]}
    changed = {"requirements": list((known | given).values())}
    read_requirements(reader, changed, launch.record["countryCode"])
    reader.finish()
    launch.record |= changed
    launch.begun = now
    launch.lacks = "requirements" if lacks_stop(launch.record) else ""
    _tell(call, launch)
    return JSONResponse(_record(call, launch))


async def _cancel(call: Call) -> Response:
    launch = _found(call)
    if launch.status_at(call.state.now) not in _OPEN:
        raise _wrong_status()
    launch.cancelled = call.state.now
    return Response(status_code=204)


def _tell(call: Call, launch: Launch) -> None:
    """Have the account told whenever a provider changes what it says."""
    sender = call.account.rcs_senders[launch.record["senderName"]]
    calls: list[Callback] = []
    for moment in [] if launch.lacks else launch.moments:
        calls += told(call, "SENDER_LAUNCH_UPDATE", moment, launch_event(sender, moment))
    call.state.world.schedule(calls)


def _record(call: Call, launch: Launch) -> dict[str, Any]:
    status = launch.status_at(call.state.now)
    feedback = []
    if status == "UPDATE_REQUESTED":
        said = "The reply to an end user who opts out has to name STOP."
        feedback = [{"key": "stopMessage", "code": "RES_REQ_FEED_FORMAT", "feedback": said}]
    return {
        "id": launch.request_id,
        **launch.record,
        "status": status,
        "requestedByEmailAddress": REQUESTED_BY,
        "requestedDate": stamp(launch.requested),
        "requirementsFeedback": feedback,
    }


def _found(call: Call) -> Launch:
    launch = call.account.launches.get(call.request.path_params["request"])
    if launch is None:
        raise Refusal(
            404,
            code="RR404",
            said=(
                "Resource request not found.",
                "Please verify the resource request ID and adjust your request.",
            ),
        )
    return launch


def _wrong_status() -> Refusal:
    return Refusal(
        400,
        code="RR-INVALID-STATUS400",
        said=(
            "The resource request is in a status that does not allow updates or cancellations.",
            "Please verify the resource request status and perform this action only when it is in "
            "an allowed state.",
        ),
    )
