"""Sinch's SMS API: its conversations, and how its answers are read.

Wire format: Sinch's reference of the SMS REST API, batches and delivery reports. Refusals carry
``code`` and ``text``, or nothing at all. Numbers come back without ``+``.
"""

from __future__ import annotations

import dataclasses
from typing import Any
from urllib.parse import quote

from smstui.i18n import N_, _
from smstui.messaging.numbers import tidy_number
from smstui.providers.answers import (
    Hint,
    failed_by_hint,
    failed_by_status,
    in_doubt,
    status_hint,
    text_in,
    unreadable,
)
from smstui.providers.base import Dialogue, Outcome, Request, Response, Result
from smstui.providers.sinch_errors import REPORT_HINTS, SMS_HINTS
from smstui.providers.sinch_hosts import SMS_REGIONS
from smstui.providers.sinch_models import Plan, SinchCredential
from smstui.providers.sinch_regions import search, wrong_region
from smstui.text import clean, shorten_middle

_WAITING = {
    "queued": N_("waiting in Sinch's queue"),
    "dispatched": N_("handed to the carrier"),
}
"""States that are not final."""

_FAILED = {
    "failed": N_("failed"),
    "aborted": N_("aborted"),
    "rejected": N_("rejected"),
    "cancelled": N_("cancelled"),
    "deleted": N_("deleted"),
    "expired": N_("expired"),
}
"""States that are final, and bad."""


def try_plan(plan: Plan) -> Dialogue:
    """Read one batch, which proves plan, token and region; ask the other regions after a 401."""
    response = yield _list_request(plan)
    if response.status != 401 or plan.api_host:
        return _read_list(response, plan)
    others = [region for region in SMS_REGIONS if region != plan.region]
    result = yield from search(others, lambda region: _list_request(plan.moved(region)), _is_list)
    if result.found:
        return wrong_region(
            _("the plan is in {region}, not in {chosen}").format(
                region=result.found, chosen=plan.region
            ),
            _("Id and token are right, but the plan lives in another region."),
            result.found,
        )
    refused = _read_list(response, plan)
    cause = _("The token is not this plan's.")
    return dataclasses.replace(refused, cause=f"{cause} {result.told()}")


def dry_run(credential: SinchCredential, to: str, text: str, reference: str) -> Dialogue:
    """Have a message checked and counted; Sinch sends nothing."""
    response = yield Request.json(
        credential.plan.url("/batches/dry_run"),
        batch(credential, to, text, reference),
        credential.plan.login(),
    )
    return read_dry_run(response, credential.plan)


def batch(credential: SinchCredential, to: str, text: str, reference: str) -> dict[str, Any]:
    """Return the body that sends one message; numbers go without ``+``, as they come back."""
    body: dict[str, Any] = {"to": [_bare(to)], "body": text, "type": "mt_text"}
    if credential.inbound_number:
        body = {"from": _bare(credential.inbound_number)} | body
    body["delivery_report"] = "per_recipient"
    if credential.override_url:
        body["callback_url"] = credential.override_url
    return body | {"client_reference": reference}


def send(
    credential: SinchCredential, to: str, text: str, reference: str, *, look_up: str
) -> Dialogue:
    """Send one message; ``look_up`` says where to look when in doubt."""
    response = yield Request.json(
        credential.plan.url("/batches"),
        batch(credential, to, text, reference),
        credential.plan.login(),
    )
    return read_created(response, credential.plan, to, look_up=look_up)


def ask_state(plan: Plan, message_id: str) -> Dialogue:
    """Read the delivery report of a message; its id is ``batch id/number``."""
    batch_id, _slash, number = message_id.partition("/")
    path = f"/batches/{quote(batch_id, safe='')}/delivery_report/{quote(number, safe='')}"
    response = yield Request.get(plan.url(path), plan.login())
    return read_report(response, plan, message_id)


def read_error(response: Response, plan: Plan) -> Outcome:
    """Return the failed outcome of an error answer, with or without a body."""
    record = response.record()
    code, raw = text_in(record.get("code")), text_in(record.get("text"))
    if response.status == 401:
        return dataclasses.replace(
            failed_by_status(response, raw=raw),
            word=_("token refused"),
            cause=_("The token is not this plan's, or the plan is in another region."),
            next_step=_(
                "Copy id and token again, both of one plan; an access key is no such token. "
                "Projects made since 2026-04-15 send SMS by the Conversation API."
            ),
            field=plan.token_field,
            code=code,
        )
    if code:
        hint = SMS_HINTS.get(code) or status_hint(response.status)
        return failed_by_hint(hint, response, code=code, raw=raw)
    if response.status == 404:
        return dataclasses.replace(failed_by_status(response, raw=raw), field=plan.id_field)
    return unreadable(response)


def read_dry_run(response: Response, plan: Plan) -> Outcome:
    """Return how many parts a message would take, or why it would be refused."""
    if response.status != 200:
        return read_error(response, plan)
    parts = response.record().get("number_of_messages")
    if not isinstance(parts, int) or isinstance(parts, bool):
        return unreadable(response)
    summary = _("message fits, parts: {n}; nothing was sent").format(n=parts)
    return Outcome(result=Result.PASSED, word="", summary=summary)


def read_created(response: Response, plan: Plan, to: str, *, look_up: str) -> Outcome:
    """Return whether a message was accepted; its id names batch and number, as a report needs."""
    batch_id = response.record().get("id")
    if response.status in (200, 201) and isinstance(batch_id, str) and batch_id.strip():
        return Outcome(
            result=Result.PASSED,
            word=_("accepted"),
            summary=_("batch {id}, accepted").format(id=shorten_middle(clean(batch_id), 12)),
            message_id=f"{batch_id}/{_bare(to)}",
            channel="SMS",
        )
    outcome = unreadable(response) if response.status < 300 else read_error(response, plan)
    return in_doubt(outcome, response, look_up=look_up)


def read_report(response: Response, plan: Plan, message_id: str) -> Outcome:
    """Return how far a message is: pending until its state is final.

    The codes 400 and 401 of a report are progress; they have nothing to do with HTTP.
    """
    if response.status != 200:
        return read_error(response, plan)
    record = response.record()
    state = record.get("status")
    if not isinstance(state, str) or not state:
        broken = unreadable(response)
        return dataclasses.replace(broken, result=Result.PENDING, word=_("accepted"))
    return state_outcome(record, state, message_id)


def state_outcome(record: dict[str, Any], state: str, message_id: str) -> Outcome:
    """Return what a message's state in a delivery report means.

    Args:
        record: the report; what counts are code and type.
        state: the state, in any case.
        message_id: ``batch id/number``.
    """
    known = state.lower()
    outcome = Outcome(
        result=Result.PENDING,
        word=_("accepted"),
        summary=_(_WAITING.get(known, clean(state))),
        message_id=message_id,
        channel="MMS" if text_in(record.get("type")).endswith("_mms") else "SMS",
    )
    if known == "delivered":
        summary = _("delivered by {channel}").format(channel=outcome.channel)
        return dataclasses.replace(
            outcome, result=Result.PASSED, word=_("delivered"), summary=summary
        )
    if known == "unknown":
        return dataclasses.replace(
            outcome,
            result=Result.WARNED,
            word=_("no receipt"),
            summary=_("sent, no usable receipt"),
            cause=_("The carrier sent no receipt that Sinch can read: it may have arrived or not."),
            next_step=_("Look at the handset."),
        )
    if known in _FAILED:
        return _not_delivered(outcome, record, _(_FAILED[known]))
    if known == "dispatched":
        return dataclasses.replace(
            outcome,
            word=_("sent"),
            cause=_("The carrier has the message. Delivered is not yet confirmed."),
            next_step=_("Look at the handset."),
        )
    return outcome


def _not_delivered(outcome: Outcome, record: dict[str, Any], word: str) -> Outcome:
    code = record.get("code")
    shown = str(code) if isinstance(code, int) and not isinstance(code, bool) else ""
    hint = REPORT_HINTS.get(shown) or Hint(
        word, N_("Sinch gives no reason."), N_("Look at the message in the Sinch dashboard.")
    )
    return dataclasses.replace(
        outcome,
        result=Result.FAILED,
        word=_(hint.word),
        summary=f"{word} ({shown})" if shown else word,
        cause=_(hint.cause),
        next_step=_(hint.next_step),
        field=hint.field,
        code=shown,
    )


def _list_request(plan: Plan) -> Request:
    return Request.get(plan.url("/batches?page_size=1"), plan.login())


def _is_list(response: Response) -> bool:
    return response.status == 200 and isinstance(response.record().get("batches"), list)


def _read_list(response: Response, plan: Plan) -> Outcome:
    if _is_list(response):
        summary = _("plan {plan}: token accepted").format(
            plan=shorten_middle(clean(plan.plan_id), 12)
        )
        return Outcome(result=Result.PASSED, word=_("token accepted"), summary=summary)
    return unreadable(response) if response.status == 200 else read_error(response, plan)


def _bare(number: str) -> str:
    return tidy_number(number).removeprefix("+")
