"""The SMS API below ``/xms/v1/{plan}``: batches, dry runs and delivery reports.

Rules: Sinch's reference of the SMS REST API. Where it is silent, the code is the closest one of its
table, and the order of the checks is ours.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, NoReturn

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from smstui.messaging.parts import count_parts
from smstui.simulator.sinch import inbound
from smstui.simulator.sinch.accounts import PLAN_NUMBER, Plan
from smstui.simulator.sinch.api import (
    State,
    digits_of,
    is_json,
    is_url,
    lasting,
    meet_trouble,
    odd_answer,
    plan_of,
    read_json,
    routes_for,
    silent_refusal,
    sms_refusal,
)
from smstui.simulator.sinch.batches import BLOCKED, NO_DEFAULT, Batch
from smstui.simulator.tricks import afterwards, trick_for

MAX_RECIPIENTS = 1000
MAX_TEXT = 1600
MAX_URL = 2048
MAX_REFERENCE = 128
REPORTS = ("none", "summary", "full", "per_recipient", "per_recipient_final")

_SHORT_CODE = re.compile(r"[0-9]{3,6}", re.ASCII)
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 _&+-]{1,11}", re.ASCII)
_GROUP = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}", re.ASCII)


def routes(state: State) -> list[Route]:
    """Return the routes of the SMS API."""
    api = _SmsApi(state)
    base = "/xms/v1/{plan}/batches"
    handlers = {
        (base, "GET"): api.list_batches,
        (base, "POST"): api.send,
        (f"{base}/dry_run", "POST"): api.dry_run,
        (f"{base}/{{batch}}", "GET"): api.batch,
        (f"{base}/{{batch}}", "DELETE"): api.cancel,
        (f"{base}/{{batch}}/delivery_report", "GET"): api.report,
        (f"{base}/{{batch}}/delivery_report/{{number}}", "GET"): api.recipient_report,
    }
    return routes_for(handlers)


class _SmsApi:
    """Answers for one simulated Sinch."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def list_batches(self, request: Request) -> Response:
        """Answer one page of the plan's batches, newest first."""
        plan = await self._enter(request)
        reference = request.query_params.get("client_reference", "")
        batches = [
            batch
            for batch in reversed(self._state.batches.values())
            if batch.plan_id == plan.plan_id
            and reference in ("", batch.request.get("client_reference"))
        ]
        size = _number(request.query_params.get("page_size", ""), 30, most=100)
        page = _number(request.query_params.get("page", ""), 0, most=10_000)
        shown = batches[page * size : (page + 1) * size]
        return JSONResponse(
            {
                "count": len(batches),
                "page": page,
                "page_size": len(shown),
                "batches": [batch.record() for batch in shown],
            }
        )

    async def send(self, request: Request) -> Response:
        """Accept a batch, or refuse it."""
        plan = plan_of(self._state, request)
        meet_trouble(plan.trouble, silent_refusal)
        batch = await self._read(request, plan)
        trick = trick_for(batch.to[0])
        answer = odd_answer(trick, silent_refusal)
        if answer is not None:
            return answer
        self._state.batches[batch.batch_id] = batch
        answers = inbound.answers_to_batch(self._state, plan, batch)
        self._state.world.schedule([*batch.callbacks(plan), *answers])
        await lasting(plan.trouble, request)
        answer = await afterwards(trick, request, status=201)
        return answer or JSONResponse(batch.record(), status_code=201)

    async def dry_run(self, request: Request) -> Response:
        """Count the parts of a batch without keeping it."""
        plan = plan_of(self._state, request)
        meet_trouble(plan.trouble, silent_refusal)
        batch = await self._read(request, plan)
        await lasting(plan.trouble, request)
        parts = max(count_parts(batch.request["body"]).parts, 1)
        count = len(batch.to)
        return JSONResponse({"number_of_recipients": count, "number_of_messages": count * parts})

    async def batch(self, request: Request) -> Response:
        """Answer a batch."""
        return JSONResponse(self._find(await self._enter(request), request).record())

    async def cancel(self, request: Request) -> Response:
        """Cancel what has not been sent of a batch."""
        batch = self._find(await self._enter(request), request)
        if batch.canceled is None:
            batch = replace(batch, canceled=self._state.now)
            self._state.batches[batch.batch_id] = batch
        return JSONResponse(batch.record())

    async def report(self, request: Request) -> Response:
        """Answer the report on a batch, a summary unless the full one is asked for."""
        batch = self._find(await self._enter(request), request)
        full = request.query_params.get("type") == "full"
        return JSONResponse(batch.report(self._state.now, full=full))

    async def recipient_report(self, request: Request) -> Response:
        """Answer the report on one recipient, whatever reports were asked for."""
        batch = self._find(await self._enter(request), request)
        number = digits_of(request.path_params["number"])
        if number not in batch.to:
            raise sms_refusal(404)
        step = batch.step_at(number, self._state.now)
        return JSONResponse(batch.recipient_report(number, step))

    async def _enter(self, request: Request) -> Plan:
        """Return the plan that asks for something without a body."""
        plan = plan_of(self._state, request)
        meet_trouble(plan.trouble, silent_refusal)
        await request.body()
        await lasting(plan.trouble, request)
        return plan

    def _find(self, plan: Plan, request: Request) -> Batch:
        batch = self._state.batches.get(request.path_params["batch"])
        if batch is None or batch.plan_id != plan.plan_id:
            raise sms_refusal(404)
        return batch

    async def _read(self, request: Request, plan: Plan) -> Batch:
        if not is_json(request):
            raise sms_refusal(415)
        document = await read_json(request)
        if document is None:
            _refuse("syntax_invalid_json", "The body is not a JSON object")
        to = _recipients(document)
        _check_text(document)
        _check_sender(document)
        _check_options(document)
        wants_report = document.get("delivery_report", "none") != "none"
        callback = document.get("callback_url") or plan.callback_url
        if wants_report and not callback:
            raise sms_refusal(403, "missing_callback_url", "No callback URL is set")
        ending = BLOCKED if plan.is_blocked else None
        if "from" not in document:
            ending = ending if plan.has_default else NO_DEFAULT
            document = {"from": PLAN_NUMBER, **document} if plan.has_default else document
        return Batch(
            self._state.next_ulid("batch"),
            plan.plan_id,
            to,
            {"delivery_report": "none", **document, "type": "mt_text"},
            self._state.now,
            ending,
            callback,
        )


def _refuse(code: str, text: str) -> NoReturn:
    raise sms_refusal(400, code, text)


def _recipients(document: dict[str, Any]) -> tuple[str, ...]:
    to = document.get("to")
    if not isinstance(to, list) or not 1 <= len(to) <= MAX_RECIPIENTS:
        _refuse("syntax_constraint_violation", "to: 1 to 1000 recipients are required")
    for entry in to:
        if isinstance(entry, str) and _GROUP.fullmatch(entry):
            raise sms_refusal(403, "unknown_group", f"{entry}: no such group")
    numbers = [digits_of(entry) for entry in to]
    if not all(numbers):
        _refuse("syntax_invalid_parameter_format", "to: not a valid phone number")
    return tuple(dict.fromkeys(numbers))


def _check_text(document: dict[str, Any]) -> None:
    if document.get("type", "mt_text") != "mt_text":
        _refuse("syntax_invalid_parameter_format", "type: only mt_text is simulated")
    body = document.get("body")
    if not isinstance(body, str) or not body:
        _refuse("syntax_constraint_violation", "body: may not be empty")
    if len(body) > MAX_TEXT:
        _refuse("syntax_constraint_violation", "body: at most 1600 characters")


def _check_sender(document: dict[str, Any]) -> None:
    if "from" not in document:
        return
    sender = document["from"]
    is_right = isinstance(sender, str) and (
        digits_of(sender) or _SHORT_CODE.fullmatch(sender) or _NAME.fullmatch(sender)
    )
    if not is_right:
        _refuse("syntax_invalid_parameter_format", "from: not a valid sender")


def _check_options(document: dict[str, Any]) -> None:
    if document.get("delivery_report", "none") not in REPORTS:
        _refuse("syntax_invalid_parameter_format", "delivery_report: unknown value")
    if "callback_url" in document and not is_url(document["callback_url"], most=MAX_URL):
        _refuse("syntax_invalid_parameter_format", "callback_url: not a valid URL")
    reference = document.get("client_reference", "")
    if not isinstance(reference, str) or len(reference) > MAX_REFERENCE:
        _refuse("syntax_constraint_violation", "client_reference: at most 128 characters")


def _number(text: str, default: int, *, most: int) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) < 9
    return min(int(text), most) if is_number else default
