"""Webhooks of any other provider: a payload says where in its callbacks the values are.

Fields and the names of values are Adobe's; who may call, and forms in the place of JSON, are
smstui's own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from smstui.i18n import N_, _
from smstui.providers.base import Outcome, Result
from smstui.providers.fields import Draft, FieldSpec, Issue, Kind, Offer, Severity, text_of
from smstui.providers.payload import InvalidJson, parse_json, tidy_block
from smstui.times import iso
from smstui.webhooks.base import Call, HandOver, Reading, Webhook, WebhookType, WebhookVendor
from smstui.webhooks.vendors.caller_fields import Way, caller_fields
from smstui.webhooks.vendors.callers import caller_settings, check_caller, proof, way_of
from smstui.webhooks.vendors.custom_template import (
    NAMES,
    TEMPLATES,
    Values,
    check_payload,
    filled,
    read_with,
)
from smstui.webhooks.vendors.reading import (
    feedback,
    inbound,
    is_form,
    misread,
    moment,
    parse_body,
)

_MOST_PARAMETERS = 1000

_WORDS: dict[Result, dict[str, str]] = {
    Result.PASSED: {
        "delivered": N_("delivered"),
        "delivrd": N_("delivered"),
        "deliveredtohandset": N_("delivered"),
        "success": N_("delivered"),
        "read": N_("read"),
        "seen": N_("read"),
        "displayed": N_("read"),
        "opened": N_("read"),
    },
    Result.PENDING: {
        "sent": N_("sent"),
        "dispatched": N_("sent"),
        "submitted": N_("sent"),
        "enroute": N_("sent"),
        "acceptd": N_("accepted"),
        "accepted": N_("accepted"),
        "queued": N_("queued"),
        "buffered": N_("queued"),
        "scheduled": N_("scheduled"),
        "sending": N_("sending"),
        "pending": N_("pending"),
        "processing": N_("pending"),
    },
    Result.FAILED: {
        "failed": N_("failed"),
        "failure": N_("failed"),
        "error": N_("failed"),
        "undelivered": N_("undelivered"),
        "undeliverable": N_("undelivered"),
        "undeliv": N_("undelivered"),
        "notdelivered": N_("undelivered"),
        "bounced": N_("undelivered"),
        "rejected": N_("rejected"),
        "rejectd": N_("rejected"),
        "blocked": N_("blocked"),
        "expired": N_("expired"),
        "aborted": N_("aborted"),
        "deleted": N_("deleted"),
        "canceled": N_("canceled"),
        "cancelled": N_("canceled"),
    },
}
"""Providers' words for states, small letters without blanks and signs, and what they mean; some
are those of SMPP."""

_SAMPLE = {
    WebhookType.INBOUND: {
        "InboundMessage": "STOP",
        "ProfileNumber": "+12065550123",
        "InboundNumber": "+12065550100",
    },
    WebhookType.FEEDBACK: {"failureCode": "0", "feedbackStatus": "delivered"},
}


class CustomWebhooks(WebhookVendor):
    """Webhooks that a provider of one's own calls."""

    vendor = "Custom"
    types = (WebhookType.INBOUND, WebhookType.FEEDBACK)
    credential_vendors = ("Custom",)

    def own_fields(self) -> Mapping[str, FieldSpec]:
        payload = FieldSpec(
            label=N_("Payload"),
            kind=Kind.JSON,
            help=N_("The provider's callback as JSON, with Adobe's names where values stand."),
            required=True,
            tidy=tidy_block,
            check=_check_json,
            default=TEMPLATES[WebhookType.INBOUND],
        )
        callers = caller_fields(Way.NONE, Way.BASIC, Way.HEADER, Way.BEARER, Way.HMAC)
        return {"payload": payload} | callers

    def rules(self, draft: Draft) -> Iterable[Issue]:
        type_ = _type(text_of(draft.get("type")))
        payload = text_of(draft.get("payload"))
        try:
            template = parse_json(payload) if payload else None
        except InvalidJson:
            return
        if template is None:
            return
        for issue in check_payload(template, type_, "payload"):
            is_example = payload in TEMPLATES.values()
            yield _with_offer(issue, type_) if is_example else issue

    def authenticate(self, webhook: Webhook, call: Call) -> None:
        check_caller(webhook, call, way_of(webhook, Way.NONE))

    def read(self, webhook: Webhook, call: Call) -> list[Reading]:
        try:
            template = parse_json(webhook.text("payload"))
        except InvalidJson:
            raise misread(_("The payload of this webhook is no JSON: edit the webhook.")) from None
        document = form_to_json(call.body) if is_form(call) else parse_body(call)
        body_format = "form" if is_form(call) else ""
        type_ = _type(webhook.type)
        rows = read_with(template, document, type_)
        if type_ is WebhookType.FEEDBACK:
            return [_feedback(row, body_format) for row in rows]
        own = webhook.text("sender_phone_number")
        return [_inbound(row, own, call.received, body_format) for row in rows]

    def sample(self, webhook: Webhook, url: str, type: WebhookType, now: datetime) -> Call:  # noqa: A002 - the field's name
        some_id = f"smstui-{int(now.timestamp() * 1000)}"
        values = _SAMPLE[_type(type)] | {
            "RequestID": some_id,
            "client_reference": some_id,
            "OriginTimestamp": iso(now),
        }
        if webhook.text("sender_phone_number"):
            values["InboundNumber"] = webhook.text("sender_phone_number")
        document = filled(parse_json(webhook.text("payload")), values)
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        headers = proof(webhook, body, way_of(webhook, Way.NONE), now)
        return Call("POST", url, (("Content-Type", "application/json"), *headers), body, now)

    def hand_over(self, webhook: Webhook, url: str) -> HandOver:
        way = way_of(webhook, Way.NONE)
        of_feedback = _type(webhook.type) is WebhookType.FEEDBACK
        steps = [
            _("At the provider, find where the callback URL for delivery reports is set.")
            if of_feedback
            else _("At the provider, find where the callback URL for incoming messages is set."),
            _("Paste the URL there; method POST, format JSON."),
        ]
        if way is not Way.NONE:
            steps.append(_("Set up there how it proves itself, as told below."))
        steps.append(
            _("Send a message to a handset, and watch its report arrive.")
            if of_feedback
            else _("Text STOP to the number from a handset, and watch the event arrive.")
        )
        settings = [
            (_("Callback URL"), url),
            (_("Content-Type"), "application/json"),
            *caller_settings(webhook, way),
        ]
        adobe = _(
            "Adobe takes JSON only; a provider that posts forms, as Twilio does, needs a converter "
            "in between. This console reads forms, too. Adobe has two webhooks, Inbound and "
            "Feedback, each with a URL of its own."
        )
        return HandOver(steps, settings, adobe)


def form_to_json(body: bytes) -> dict[str, Any]:
    """Return a form-encoded body as the JSON that Adobe would want; repeated names become lists.

    Raises:
        Refused: it has more than a thousand parameters.
    """
    text = body.decode("utf-8", "replace")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        raise misread(_("The form has too many parameters."), _("too long")) from None
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {name: found if len(found) > 1 else found[0] for name, found in values.items()}


def state_of(status: str, code: str, message_id: str) -> Outcome:
    """Return what a provider's word for a state means; an unknown one gets a warning.

    Args:
        status: the word, in any case; blanks, hyphens and underscores do not count.
        code: its code of failure; zeros say that nothing failed.
        message_id: of the message.
    """
    plain = "".join(c for c in status.lower() if c.isalnum())
    failure = code if code.strip("0") else ""
    for result, words in _WORDS.items():
        if plain in words:
            word = _(words[plain])
            is_failed = result is Result.FAILED
            return Outcome(
                result=result,
                word=word,
                summary=f"{word} ({failure})" if is_failed and failure else word,
                cause=_("The provider could not deliver the message.") if is_failed else "",
                next_step=_("Look its code up at the provider.") if is_failed else "",
                code=failure if is_failed else "",
                message_id=message_id,
            )
    word = _("status {status}").format(status=status[:30])
    return Outcome(
        result=Result.WARNED,
        word=word,
        summary=f"{word} ({failure})" if failure else word,
        cause=_("This word for a state is not known here."),
        next_step=_("Look it up at the provider."),
        code=failure,
        message_id=message_id,
    )


def _feedback(row: Values, body_format: str) -> Reading:
    reference, code, status = (row[name] for name in NAMES[WebhookType.FEEDBACK])
    return feedback(
        state_of(status, code, reference),
        state=status,
        key=f"{reference}:{status.lower()}:{code}" if reference else "",
        reference=reference,
        code=code,
        bodyFormat=body_format,
    )


def _inbound(row: Values, own: str, received: datetime, body_format: str) -> Reading:
    return inbound(
        text=row["InboundMessage"],
        sender=row["ProfileNumber"],
        recipient=row["InboundNumber"] or own,
        request_id=row["RequestID"],
        at=moment(row["OriginTimestamp"], received),
        channel="",
        bodyFormat=body_format,
    )


def _type(text: str) -> WebhookType:
    is_feedback = text == WebhookType.FEEDBACK
    return WebhookType.FEEDBACK if is_feedback else WebhookType.INBOUND


def _check_json(text: str) -> Iterator[tuple[Severity, str]]:
    try:
        parse_json(text)
    except InvalidJson as error:
        yield Severity.ERROR, error.message


def _with_offer(issue: Issue, type: WebhookType) -> Issue:  # noqa: A002 - the field's name
    label = _("Start from the example for {type}").format(type=type.value)
    return Issue(
        issue.field, issue.message, issue.severity, Offer(label, {"payload": TEMPLATES[type]})
    )
