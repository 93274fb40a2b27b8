"""Sinch's webhooks of the SMS REST API: replies, and delivery reports of batches and recipients.

Wire format: Sinch's reference of the SMS API, callbacks and delivery reports. Numbers come without
``+``; states are compared without regard to case.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from smstui.i18n import N_, _
from smstui.providers.fields import FieldSpec
from smstui.providers.sinch_sms import state_outcome
from smstui.webhooks.base import Call, HandOver, Reading, Webhook, WebhookType, WebhookVendor
from smstui.webhooks.vendors.caller_fields import Way, caller_fields
from smstui.webhooks.vendors.callers import (
    caller_settings,
    check_caller,
    nonce_of,
    proof,
    way_of,
)
from smstui.webhooks.vendors.reading import (
    Part,
    check_length,
    feedback,
    in_words,
    inbound,
    moment,
    number,
    other,
    parse_object,
    utc,
)


class SinchWebhooks(WebhookVendor):
    """Webhooks that a service plan of Sinch's SMS API calls."""

    vendor = "Sinch"
    credential_vendors = ("Sinch",)

    def own_fields(self) -> Mapping[str, FieldSpec]:
        return caller_fields(
            Way.NONE,
            Way.BASIC,
            Way.SINCH,
            Way.HEADER,
            remark=N_("Not Adobe's. Your account manager at Sinch sets it up for the plan."),
        )

    def authenticate(self, webhook: Webhook, call: Call) -> None:
        check_caller(webhook, call, way_of(webhook, Way.NONE))

    def replay_key(self, webhook: Webhook, call: Call) -> str:
        return nonce_of(call, way_of(webhook, Way.NONE))

    def read(self, webhook: Webhook, call: Call) -> list[Reading]:
        body = parse_object(call)
        kind = body.text("type", needed=True)
        if kind in ("mo_text", "mo_binary", "mo_media"):
            return [_inbound(body, kind, call.received)]
        if kind.startswith("recipient_delivery_report"):
            return [_report(body, kind)]
        if kind.startswith("delivery_report"):
            return list(_summary(body, kind))
        return [other(in_words(kind), key=body.text("id"))]

    def sample(self, webhook: Webhook, url: str, type: WebhookType, now: datetime) -> Call:  # noqa: A002 - the field's name
        own = (webhook.text("sender_phone_number") or "+12065550100").removeprefix("+")
        at = now.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        some_id = f"01{int(now.timestamp() * 1000):024d}"
        document: dict[str, object]
        if type is WebhookType.FEEDBACK:
            document = {
                "type": "recipient_delivery_report_sms",
                "batch_id": some_id,
                "recipient": "12065550123",
                "code": 0,
                "status": "Delivered",
                "at": at,
                "operator_status_at": at,
                "client_reference": "smstui-sample",
                "number_of_message_parts": 1,
            }
        else:
            document = {
                "type": "mo_text",
                "id": some_id,
                "from": "12065550123",
                "to": own,
                "body": "STOP",
                "received_at": at,
                "operator_id": "310260",
            }
        body = json.dumps(document, separators=(",", ":")).encode()
        headers = proof(webhook, body, way_of(webhook, Way.NONE), now)
        return Call("POST", url, (("Content-Type", "application/json"), *headers), body, now)

    def hand_over(self, webhook: Webhook, url: str) -> HandOver:
        way = way_of(webhook, Way.NONE)
        steps = [
            _("In the Sinch dashboard, open SMS, Service APIs, and the service plan."),
            _("Paste the URL as the plan's callback URL; it takes replies and reports."),
            _(
                "Messages ask for reports themselves: delivery_report is none by default, and then "
                "nothing is reported. Use per_recipient."
            ),
        ]
        if way is not Way.NONE:
            steps.append(_("Ask your account manager at Sinch to set up the login of callbacks."))
        steps.append(_("Text STOP to the number from a handset, and watch the event arrive."))
        settings = [(_("Callback URL"), url), *caller_settings(webhook, way)]
        adobe = _(
            "Adobe has one Sinch webhook for both, too, with a URL of its own. Who bought Sinch "
            "through Adobe has Adobe's support set it."
        )
        return HandOver(steps, settings, adobe)


def _inbound(body: Part, kind: str, received: datetime) -> Reading:
    text, media = "", []
    if kind == "mo_media":
        content = body.part("body")
        text = content.text("message") or content.text("subject")
        media = [
            {"url": entry.text("url"), "contentType": entry.text("content_type")}
            for entry in content.parts("media")
        ]
    elif kind == "mo_text":
        text = body.text("body")
    return inbound(
        text=text,
        sender=body.text("from", needed=True),
        recipient=body.text("to"),
        request_id=body.text("id", needed=True),
        at=moment(body.text("received_at"), received),
        channel="MMS" if kind == "mo_media" else "SMS",
        reference=body.text("client_reference"),
        media=media,
        binary=body.text("body") if kind == "mo_binary" else "",
        udh=body.text("udh"),
        operator=body.text("operator_id"),
    )


def _report(body: Part, kind: str) -> Reading:
    recipient, state = body.text("recipient", needed=True), body.text("status", needed=True)
    return _state(
        body,
        kind,
        recipient,
        state,
        code=body.text("code"),
        at=utc(body.text("operator_status_at") or body.text("at")),
        parts=body.text("number_of_message_parts"),
    )


def _summary(body: Part, kind: str) -> Iterator[Reading]:
    """Yield a reading for each recipient, or for each state where recipients are not listed."""
    told = [(entry, entry.texts("recipients") or [""]) for entry in body.parts("statuses")]
    check_length(sum(len(recipients) for _entry, recipients in told), "statuses")
    for entry, recipients in told:
        state, code = entry.text("status", needed=True), entry.text("code")
        for recipient in recipients:
            yield _state(body, kind, recipient, state, code=code, count=entry.text("count"))


def _state(body: Part, kind: str, recipient: str, state: str, *, code: str, **more: str) -> Reading:
    batch_id = body.text("batch_id", needed=True)
    bare = number(recipient).removeprefix("+")
    message_id = f"{batch_id}/{bare}" if bare else batch_id
    record = {"type": kind, "code": int(code) if code.isdecimal() and len(code) < 6 else None}
    return feedback(
        state_outcome(record, state, message_id),
        state=state,
        key=f"{message_id}:{state.lower()}" + ("" if bare else f":{code}"),
        recipient=recipient,
        reference=body.text("client_reference"),
        code=code if code != "0" else "",
        **more,
    )
