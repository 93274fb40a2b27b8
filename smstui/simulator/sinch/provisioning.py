"""The Provisioning API below ``/v1/projects/{project}/rcs``: senders, test numbers, launch.

Rules: Sinch's reference of the Provisioning API, RCS senders. Where it is silent, the error codes
and the order of the checks are ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from smstui.simulator.rollout import MIN_CONTRAST, contrast_to_white
from smstui.simulator.sinch.accounts import Project
from smstui.simulator.sinch.api import (
    Refusal,
    State,
    is_url,
    lasting,
    meet_trouble,
    project_of,
    read_json,
    routes_for,
)
from smstui.simulator.sinch.rcs_senders import (
    COUNTRIES,
    FEATURES,
    IN_TEST,
    Device,
    RcsSender,
    what_lacks,
)
from smstui.times import iso

PAGE = 50
MAX_DESCRIPTION, MAX_URL = 100, 2048

SETTLED: Mapping[str, tuple[str, ...]] = {
    "region": ("BR", "EU", "US"),
    "billingCategory": (
        *("CONVERSATIONAL", "NON_CONVERSATIONAL"),
        *("BASIC_MESSAGE", "CONVERSATIONAL_LEGACY", "SINGLE_MESSAGE"),
    ),
    "useCase": ("MULTIUSE", "OTP", "PROMOTIONAL", "TRANSACTIONAL"),
}
"""What is fixed when a sender is made, and its values."""

_NUMBER = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_COLOUR = re.compile(r"#[A-Fa-f0-9]{6}", re.ASCII)
_DETAILS = {"brand", "countries", "questionnaire", "testNumbers", "callbackUrl"}
_URLS = ("logoUrl", "bannerUrl", "privacyPolicyUrl", "termsOfServiceUrl")
_CONTACTS = {"phones": "number", "emails": "address", "websites": "url"}
_BRAND = {"name", "description", "color", *_URLS, *_CONTACTS}
_SECTIONS = {"general", "verification", "fr", "gb", "us"}

_CODES = {
    400: "invalid_input",
    401: "unauthorized_error",
    403: "forbidden_error",
    404: "not_found_error",
    429: "too_many_requests",
    500: "internal_error",
    503: "service_unavailable",
}
_RESOLUTIONS = {
    "unauthorized_error": "Check the access key.",
    "rbm_has_not_been_used": "Contact your account manager to have RCS enabled.",
    "rbm_too_many_requests": "Wait 24 hours: 20 invitations a day, 200 in all.",
    "no_google_supplier": "Verify that the sender has google supplier.",
    "launch_checklist_incomplete": "Complete what is missing, then launch again.",
}


def refusal(status: int, message: str, code: str = "", **more: Any) -> Refusal:
    """Return a refusal of the Provisioning API."""
    code = code or _CODES[status]
    record = {
        "errorCode": code,
        "message": message,
        "resolution": _RESOLUTIONS.get(code, "Check the request."),
        "additionalInformation": more,
    }
    return Refusal(JSONResponse(record, status_code=status))


def routes(state: State) -> list[Route]:
    """Return the routes of the Provisioning API."""
    api = _ProvisioningApi(state)
    every = "/v1/projects/{project}/rcs/senders"
    one = f"{every}/{{sender}}"
    numbers = f"{one}/testNumbers"
    number = f"{numbers}/{{number}}"
    handlers = {
        (every, "GET"): api.senders,
        (every, "POST"): api.create,
        (one, "GET"): api.sender,
        (one, "PATCH"): api.patch,
        (f"{one}/launch", "POST"): api.launch,
        (numbers, "POST"): api.invite,
        (number, "GET"): api.device,
        (number, "DELETE"): api.remove,
        (f"{number}/retry", "GET"): api.retry,
        (f"{number}/capabilities", "GET"): api.capabilities,
    }
    return routes_for(handlers)


class _ProvisioningApi:
    """Answers for one simulated Sinch."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def senders(self, request: Request) -> Response:
        """Answer the first page of the project's senders."""
        project = await self._enter(request)
        records = [self._record(sender) for sender in project.rcs_senders.values()]
        page = {"senders": records[:PAGE], "totalSize": len(records), "pageSize": PAGE}
        return JSONResponse(page | {"previousPageToken": "", "nextPageToken": ""})

    async def create(self, request: Request) -> Response:
        """Make a sender."""
        project = await self._enter(request)
        document = await self._document(request)
        unknown = set(document) - {*SETTLED, "details"}
        if unknown:
            _refuse(f"property {min(unknown)} should not exist")
        for name, choices in SETTLED.items():
            if document.get(name) not in choices:
                _refuse(f"{name} must be one of {', '.join(choices)}")
        details = _merged({}, _checked(document.get("details", {})))
        brand = str((details.get("brand") or {}).get("name", ""))
        if brand and any(s.brand.get("name") == brand for s in project.rcs_senders.values()):
            raise refusal(409, "A sender of this brand exists already.", "sender_already_exists")
        settled = {name: str(document[name]) for name in SETTLED}
        now = self._state.now
        sender = self._state.cast.new_sender(project, settled, details, now)
        self._mark_branded(sender)
        return JSONResponse(self._record(sender), status_code=201)

    async def sender(self, request: Request) -> Response:
        """Answer a sender, with the token of its channel in clear as the real one does."""
        project = await self._enter(request)
        return JSONResponse(self._record(self._found(project, request)))

    async def patch(self, request: Request) -> Response:
        """Change the details of a sender: what is named is replaced, what is null removed."""
        sender = self._found(await self._enter(request), request)
        document = await self._document(request)
        for name in SETTLED:
            if document.get(name, sender.settled[name]) != sender.settled[name]:
                _refuse(f"{name} can not be changed")
        unknown = set(document) - {*SETTLED, "details"}
        if unknown:
            _refuse(f"property {min(unknown)} should not exist")
        details = _checked(document.get("details", {}))
        if sender.launched is not None:
            raise refusal(409, "The sender is being launched.", "invalid_sender_state")
        sender.details = _merged(sender.details, details)
        sender.modified = self._state.now
        self._mark_branded(sender)
        return JSONResponse(self._record(sender))

    async def launch(self, request: Request) -> Response:
        """Begin the launch of a sender whose checklist is complete."""
        sender = self._found(await self._enter(request), request)
        now = self._state.now
        missing = sender.missing_at(now)
        if missing:
            said = f"Missing: {', '.join(missing)}."
            raise refusal(412, said, "launch_checklist_incomplete", missing=missing)
        if sender.state_at(now) != IN_TEST:
            raise refusal(409, "The sender is not in test.", "invalid_sender_state")
        sender.details = sender.details_at(now)
        general = sender.details["questionnaire"]["general"]["answers"]
        sender.has_video = bool(general.get("videoUris"))
        sender.launched = sender.modified = now
        return JSONResponse(self._record(sender))

    async def invite(self, request: Request) -> Response:
        """Invite test devices, those once more that are there already."""
        sender = self._found(await self._enter(request), request)
        numbers = (await self._document(request)).get("testNumbers")
        if not isinstance(numbers, list) or not numbers:
            _refuse("testNumbers should not be empty")
        for number in numbers:
            if not isinstance(number, str) or not _NUMBER.fullmatch(number):
                _refuse("each value in testNumbers must be a valid phone number")
        self._require_google(sender)
        for number in dict.fromkeys(numbers):
            self._invite(sender, number)
        devices = sender.devices.values()
        return JSONResponse({"testNumbers": [self._device_record(d) for d in devices]})

    async def device(self, request: Request) -> Response:
        """Answer a test device."""
        sender = self._found(await self._enter(request), request)
        return JSONResponse(self._device_record(_device(sender, request)))

    async def remove(self, request: Request) -> Response:
        """Remove a test device."""
        sender = self._found(await self._enter(request), request)
        del sender.devices[_device(sender, request).number]
        return Response(status_code=204)

    async def retry(self, request: Request) -> Response:
        """Invite a test device once more."""
        sender = self._found(await self._enter(request), request)
        device = _device(sender, request)
        self._invite(sender, device.number)
        return JSONResponse(self._device_record(device))

    async def capabilities(self, request: Request) -> Response:
        """Answer what a test device can show; nothing before it is verified."""
        sender = self._found(await self._enter(request), request)
        is_verified = _device(sender, request).state_at(self._state.now) == "VERIFIED"
        return JSONResponse({"features": list(FEATURES) if is_verified else []})

    async def _enter(self, request: Request) -> Project:
        """Return the project that asks, when it may."""
        project = project_of(self._state, request, refusal)
        meet_trouble(project.trouble, refusal)
        await request.body()
        await lasting(project.trouble, request)
        if not project.has_rcs:
            said = "RCS Business Messaging has not been used in this project."
            raise refusal(403, said, "rbm_has_not_been_used")
        return project

    async def _document(self, request: Request) -> dict[str, Any]:
        document = await read_json(request)
        if document is None:
            _refuse("The body is not a JSON object")
        return document

    def _found(self, project: Project, request: Request) -> RcsSender:
        sender = project.rcs_senders.get(request.path_params["sender"])
        if sender is None:
            raise refusal(404, "Sender not found.", "sender_not_found")
        return sender

    def _mark_branded(self, sender: RcsSender) -> None:
        if sender.branded is None and not any(what_lacks(sender.brand)):
            sender.branded = self._state.now

    def _require_google(self, sender: RcsSender) -> None:
        if not sender.is_made(self._state.now):
            raise refusal(400, "No google supplier in sender.", "no_google_supplier")

    def _invite(self, sender: RcsSender, number: str) -> None:
        if not sender.may_invite(number, self._state.now):
            raise refusal(429, "Too many tester requests.", "rbm_too_many_requests")
        sender.invite(number, self._state.now)

    def _device_record(self, device: Device) -> dict[str, str]:
        return {
            "number": device.number,
            "state": device.state_at(self._state.now),
            "submitted": iso(device.invited[-1]),
        }

    def _record(self, sender: RcsSender) -> dict[str, Any]:
        now = self._state.now
        record: dict[str, Any] = {
            "id": sender.sender_id,
            **sender.settled,
            "state": sender.state_at(now),
            "details": sender.details_at(now),
            "created": iso(sender.created),
            "modified": iso(sender.modified),
            "testNumberStates": [self._device_record(d) for d in sender.devices.values()],
            "countryStatus": sender.countries_at(now),
        }
        if sender.is_made(now):
            record |= {"authName": sender.auth_name, "authToken": sender.auth_token}
        if sender.launched is not None:
            record["launched"] = iso(sender.launched)
        return record


def _device(sender: RcsSender, request: Request) -> Device:
    device = sender.devices.get(request.path_params["number"])
    if device is None:
        raise refusal(404, "Test number not found.", "test_number_not_found")
    return device


def _refuse(message: str) -> NoReturn:
    raise refusal(400, message)


def _merged(known: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return details with changes: objects part by part, all else as a whole, null removed."""
    merged = dict(known)
    for name, value in changes.items():
        before = known.get(name)
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, dict):
            merged[name] = _merged(before if isinstance(before, dict) else {}, value)
        else:
            merged[name] = value
    return merged


def _checked(details: Any) -> dict[str, Any]:
    """Return details that are right.

    Raises:
        Refusal: 400 with the first thing that is wrong.
    """
    if not isinstance(details, dict):
        _refuse("details must be an object")
    for wrong in _issues(details):
        _refuse(wrong)
    return details


def _issues(details: dict[str, Any]) -> Iterator[str]:
    for name in sorted(set(details) - _DETAILS):
        yield f"details.property {name} should not exist"
    given = {name: value for name, value in details.items() if value is not None}
    brand, questionnaire = given.get("brand", {}), given.get("questionnaire", {})
    if not isinstance(brand, dict) or not isinstance(questionnaire, dict):
        yield "details.brand and details.questionnaire must be objects"
        return
    yield from _brand_issues(brand)
    countries = given.get("countries", [])
    if not isinstance(countries, list) or not COUNTRIES.issuperset(map(str, countries)):
        yield "each value in details.countries must be a country with RCS"
    for name, section in questionnaire.items():
        if name not in _SECTIONS:
            yield f"details.questionnaire.property {name} should not exist"
        elif not isinstance(section, dict) or not isinstance(section.get("answers"), dict):
            yield f"details.questionnaire.{name}.answers must be an object"


def _brand_issues(brand: dict[str, Any]) -> Iterator[str]:
    for name, value in brand.items():
        place = f"details.brand.{name}"
        if name not in _BRAND:
            yield f"details.brand.property {name} should not exist"
        elif value is None:
            continue
        elif name in _CONTACTS:
            yield from _contact_issues(place, _CONTACTS[name], value)
        elif not isinstance(value, str):
            yield f"{place} must be a string"
        elif name in _URLS and not is_url(value, most=MAX_URL):
            yield f"{place} must be a URL address"
        elif name == "description" and len(value) > MAX_DESCRIPTION:
            yield f"{place} must be shorter than or equal to {MAX_DESCRIPTION} characters"
        elif name == "color" and not _COLOUR.fullmatch(value):
            yield f"{place} must be a hexadecimal color"
        elif name == "color" and contrast_to_white(value) < MIN_CONTRAST:
            yield f"{place} needs a contrast of 4.5:1 to white"


def _contact_issues(place: str, inner: str, value: Any) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{place} must be an array"
        return
    for number, entry in enumerate(value):
        for name in (inner, "label"):
            text = entry.get(name) if isinstance(entry, dict) else None
            if not isinstance(text, str) or not text:
                yield f"{place}.{number}.{name} should not be empty"
